//! Newtypes for keys, so that the id of one table can't be passed for that of another.

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// GB/T 2260 code of a county or district, six digits, e.g. `130803`. 行政区划代码
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize)]
pub struct County(String);

impl County {
    /// Accepts exactly six ASCII digits; anything else is no county.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let valid = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        valid.then(|| Self(code.to_owned()))
    }

    /// The six digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for County {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFromU64 for County {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("County"))
    }
}

macro_rules! keys {
    ($($table:ident: $binding:ident $(($($column:ident),*))? $(, $id:ident $(as $kind:ident = $number:literal)?, $doc:literal)?;)*) => {
        $($(
            #[doc = $doc]
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize)]
            pub struct $id(pub Uuid);

            impl TryFromU64 for $id {
                fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                    Err(DbErr::ConvertFromU64(stringify!($id)))
                }
            }

            impl From<$id> for Uuid {
                fn from(id: $id) -> Self {
                    id.0
                }
            }

            impl From<Uuid> for $id {
                fn from(id: Uuid) -> Self {
                    Self(id)
                }
            }
        )?)*
    };
}

crate::entities!(keys);
