//! Who may ask the schema about itself. It stands in `schema.graphql` for everybody; what is guarded is the work.

use std::str::FromStr;

use super::error::{ApiError, ErrorCode};
use super::price::Price;

/// Whom `__schema` and `__type` are answered to; `__typename` is answered to everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Introspection {
    /// Also to callers without a credential.
    Everyone,
    /// To whoever is signed in, and to portals.
    #[default]
    SignedIn,
    /// To nobody.
    Nobody,
}

impl Introspection {
    /// Refuses an operation of this price that asks about the schema, for a caller to whom it is not answered.
    ///
    /// # Errors
    /// FORBIDDEN, which says whether signing in would help.
    pub fn check(self, price: Price, signed_in: bool) -> Result<(), ApiError> {
        match self {
            _ if price.introspection == 0 => Ok(()),
            Self::Everyone => Ok(()),
            Self::SignedIn if signed_in => Ok(()),
            Self::SignedIn => Err(ApiError::new(
                ErrorCode::Forbidden,
                "登录后才能查询接口定义，也可取 /schema.graphql",
                "Sign in to ask about the schema, or fetch /schema.graphql",
            )),
            Self::Nobody => Err(ApiError::new(
                ErrorCode::Forbidden,
                "本服务不提供接口自省，请取 /schema.graphql",
                "Introspection is off here; fetch /schema.graphql",
            )),
        }
    }
}

impl FromStr for Introspection {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "everyone" => Ok(Self::Everyone),
            "signed_in" => Ok(Self::SignedIn),
            "nobody" => Ok(Self::Nobody),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_answered_to_whom_the_setting_names() {
        use Introspection::{Everyone, Nobody, SignedIn};
        let asks = Price {
            introspection: 9,
            ..Price::default()
        };
        let code = |setting: Introspection, signed_in| {
            setting
                .check(asks, signed_in)
                .err()
                .map(|error| error.code())
        };
        assert_eq!((code(Everyone, false), code(SignedIn, true)), (None, None));
        assert_eq!(code(SignedIn, false), Some(ErrorCode::Forbidden));
        assert_eq!(code(Nobody, true), Some(ErrorCode::Forbidden));
        for setting in [Everyone, SignedIn, Nobody] {
            assert!(setting.check(Price::default(), false).is_ok());
        }
    }
}
