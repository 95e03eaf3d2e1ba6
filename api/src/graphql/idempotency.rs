//! A key sent twice is one create: the key's row goes into the same transaction as what it guards, first of all.

use chrono::{DateTime, TimeDelta, Utc};
use entity::idempotency::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use serde::Serialize;
use serde_json::Value as Json;

use crate::db::{Fault, Predicate, Tx};
use crate::error::{ApiError, ErrorCode};
use crate::refusal::Refusal;
use crate::scope::viewer::Credential;
use crate::secrets::seal::digest::sha256_hex;

/// How long a key is remembered.
pub const KEPT: TimeDelta = TimeDelta::days(7);

/// What a key turns out to be.
pub enum Key {
    /// New: go on, and say at the end what came of it.
    Fresh(Claim),
    /// Sent before with the same input: the ids that the first sender was answered with.
    Repeated(Json),
}

/// A claimed key.
pub struct Claim {
    operation: &'static str,
    key_hash: String,
}

/// Refuses keys that are empty or long.
pub fn check(key: &str) -> Result<(), Refusal> {
    if (8..=100).contains(&key.len()) {
        return Ok(());
    }
    let (zh, en) = ("幂等键应为 8 至 100 个字符", "Must have 8 to 100 characters");
    Err(Refusal::invalid("idempotencyKey", zh, en))
}

/// Claims a key for the viewer's actor, or for an input where there is none; a second sender of the same key waits here
/// for the first.
pub async fn claim(
    tx: &Tx,
    operation: &'static str,
    key: &str,
    input: &impl Serialize,
    now: DateTime<Utc>,
) -> Result<Key, ApiError> {
    let input = serde_json::to_vec(input).map_err(|error| ApiError::internal(&error.to_string()))?;
    let input_hash = sha256_hex(&input);
    let key_hash = match tx.viewer().credential() {
        Credential::System(_) => strangers(key, &input_hash),
        Credential::Post { .. } | Credential::Portal { .. } => sha256_hex(key.as_bytes()),
    };
    let fresh = tx
        .insert_new(ActiveModel {
            county: Set(tx.viewer().county().clone()),
            actor: Set(tx.viewer().actor()),
            operation: Set(operation.to_owned()),
            key_hash: Set(key_hash.clone()),
            input_hash: Set(input_hash.clone()),
            result: Set(Json::Null),
            created_at: Set(now),
        })
        .await?;
    if fresh {
        return Ok(Key::Fresh(Claim { operation, key_hash }));
    }
    let row = tx.from::<Entity>().filter(this(tx, operation, &key_hash)).one().await?;
    let row = row.ok_or_else(|| ApiError::internal("an idempotency key is out of its actor's scope"))?;
    if row.input_hash != input_hash {
        return Err(ApiError::new(
            ErrorCode::IdempotencyMismatch,
            "同一幂等键已用于不同内容，请换新键",
            "This key was used with another input; use a new one",
        ));
    }
    Ok(Key::Repeated(row.result))
}

/// The key of somebody without a credential, who shares the actor with all others: the whole input is part of it. So
/// nobody learns that a key is in use, or makes it useless for whom it belongs to; who repeats all of it, from whatever
/// address, gets the same answer.
fn strangers(key: &str, input_hash: &str) -> String {
    // A hash has one length, so no two pairs read alike.
    sha256_hex(format!("{input_hash}{key}").as_bytes())
}

impl Claim {
    /// Writes down what the key came to.
    pub async fn keep(self, tx: &Tx, result: Json) -> Result<(), Fault> {
        let filter = this(tx, self.operation, &self.key_hash);
        tx.update_later::<Entity>(filter, vec![(Column::Result, result.into())]).await
    }
}

/// Forgets keys that are older than they are kept; for the operator.
pub async fn forget(tx: &Tx, now: DateTime<Utc>) -> Result<u64, Fault> {
    tx.delete::<Entity>(Predicate::Below(Column::CreatedAt, (now - KEPT).into())).await
}

fn this(tx: &Tx, operation: &str, key_hash: &str) -> Predicate<Column> {
    Predicate::All(vec![
        Predicate::is(Column::Actor, tx.viewer().actor()),
        Predicate::is(Column::Operation, operation),
        Predicate::is(Column::KeyHash, key_hash),
    ])
}
