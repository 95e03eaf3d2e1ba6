//! What the mutations of all capabilities share: keys of their input, a key sent twice, and the object read anew.

use std::future::Future;

use async_graphql::{ID, InputType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::context::Request;
use super::idempotency::{self, Claim, Key};
use super::keyed::Keyed;
use crate::db::Tx;
use crate::error::{ApiError, Stop, settle};
use crate::ids::Kind;
use crate::refusal::{Refusal, UserError};
use crate::scope::profiles::Operation;

/// The key behind an id of the input, or NOT_FOUND with the field.
pub fn must_key<T: From<Uuid>>(request: &Request, kind: Kind, id: &ID, field: &str) -> Result<T, Refusal> {
    request.key(kind, id).ok_or_else(|| Refusal::not_found(field))
}

/// The keys behind a list of ids; one of another kind is NOT_FOUND. A list beyond `most` is refused before it is read.
pub fn must_keys<T: From<Uuid>>(
    request: &Request,
    kind: Kind,
    ids: &[ID],
    field: &str,
    most: usize,
) -> Result<Vec<T>, Refusal> {
    if ids.len() > most {
        let (zh, en) = (format!("最多 {most} 件"), format!("At most {most}"));
        return Err(Refusal::invalid(field, zh, en));
    }
    ids.iter().map(|id| must_key(request, kind, id, field)).collect()
}

/// How a create begins.
#[expect(clippy::large_enum_variant, reason = "it lives for one call")]
pub enum Begun<T> {
    /// With a key that is new: go on, and `end` it.
    Fresh(Tx, Claim),
    /// With a key that was sent before: what came of it then.
    Repeated(T),
}

/// Opens a write for a create, its key first of all.
pub async fn begin<T: DeserializeOwned>(
    request: &Request,
    operation: Operation,
    name: &'static str,
    key: &str,
    input: &impl InputType,
) -> Result<Begun<T>, Stop> {
    request.viewer_for(operation)?;
    idempotency::check(key)?;
    let tx = request.begin_write(operation).await?;
    // A value is made first: the input's own type may not cross an await.
    let value = input.to_value();
    match idempotency::claim(&tx, name, key, &value, request.now).await? {
        Key::Fresh(claim) => Ok(Begun::Fresh(tx, claim)),
        Key::Repeated(result) => serde_json::from_value(result)
            .map(Begun::Repeated)
            .map_err(|_| ApiError::internal("what a key came to is not of its form").into()),
    }
}

/// Keeps what a create came to, and makes it last.
pub async fn end<T: Serialize>(tx: Tx, claim: Claim, id: T) -> Result<T, Stop> {
    let kept = serde_json::to_value(&id);
    let kept = kept.map_err(|error| ApiError::internal(&error.to_string()))?;
    claim.keep(&tx, kept).await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes a step, and once more when another took a unique key in the meantime: what is sent twice at once is there once,
/// and both senders are told so. Each attempt begins a write of its own.
pub async fn twice<T, Attempt>(attempt: impl Fn() -> Attempt) -> Result<T, Stop>
where
    Attempt: Future<Output = Result<T, Stop>>,
{
    match attempt().await {
        Err(Stop::Raced) => attempt().await,
        done => done,
    }
}

/// The object of a payload as it stands after the commit, and its user errors.
pub async fn answer<T: Keyed>(
    request: &Request,
    outcome: Result<T::Key, Stop>,
) -> Result<(Option<T>, Vec<UserError>), ApiError> {
    let (id, user_errors) = settle(outcome, request.language)?;
    let Some(id) = id else {
        return Ok((None, user_errors));
    };
    request.renew();
    Ok((T::by_key(request, id).await?, user_errors))
}

/// A payload: the object, null when refused, and why it was refused.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $object:ident }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $(#[$field_doc])*
            $field: Option<$object>,
            /// Why it was refused; empty on success. 业务错误
            user_errors: Vec<$crate::refusal::UserError>,
        }

        impl $name {
            async fn of(
                request: &$crate::graphql::context::Request,
                outcome: Result<<$object as $crate::graphql::keyed::Keyed>::Key, $crate::error::Stop>,
            ) -> Result<Self, $crate::error::ApiError> {
                let ($field, user_errors) = $crate::graphql::steps::answer(request, outcome).await?;
                Ok(Self { $field, user_errors })
            }
        }
    };
}
pub(crate) use payload;
