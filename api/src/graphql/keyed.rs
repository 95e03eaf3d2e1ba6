//! Objects that are found by their key: by `node`, and by a payload that shows what was just committed.

use std::future::Future;

use uuid::Uuid;

use super::context::Request;
use crate::error::ApiError;

/// An object with a global id.
pub trait Keyed: Sized {
    /// Its key.
    type Key: From<Uuid> + Send;
    /// Reads it in the request's snapshot; nothing when it is absent or out of the caller's scope: the two look the same.
    fn by_key(
        request: &Request,
        key: Self::Key,
    ) -> impl Future<Output = Result<Option<Self>, ApiError>> + Send;
}

/// Objects that are a row of a table and nothing more: the table's loader gives them by its key.
macro_rules! keyed {
    ($($object:ident: $table:ident;)*) => {$(
        impl $crate::graphql::keyed::Keyed for $object {
            type Key = <entity::$table::Entity as $crate::snapshot::loaders::ById>::Id;
            async fn by_key(
                request: &$crate::graphql::context::Request,
                key: Self::Key,
            ) -> Result<Option<Self>, $crate::error::ApiError> {
                let snapshot = request.read().await?;
                let row = $crate::snapshot::loaders::one(&snapshot.load.$table, key).await?;
                Ok(row.map($object))
            }
        }
    )*};
}
pub(crate) use keyed;
