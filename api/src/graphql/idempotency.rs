//! A key sent twice is one create: the key's row goes into the same transaction as what it guards, first of all.

use chrono::{DateTime, TimeDelta, Utc};
use entity::idempotency::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use serde::Serialize;
use serde_json::Value as Json;

use super::error::{ApiError, ErrorCode, Refusal};
use crate::access::seal::digest::sha256_hex;
use crate::db::{Fault, Predicate, Tx};

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
    let (zh, en) = (
        "幂等键应为 8 至 100 个字符",
        "Must have 8 to 100 characters",
    );
    Err(Refusal::invalid("idempotencyKey", zh, en))
}

/// Claims a key for the viewer's actor; a second sender of the same key waits here for the first.
pub async fn claim(
    tx: &Tx,
    operation: &'static str,
    key: &str,
    input: &impl Serialize,
    now: DateTime<Utc>,
) -> Result<Key, ApiError> {
    let input =
        serde_json::to_vec(input).map_err(|error| ApiError::internal(&error.to_string()))?;
    let (key_hash, input_hash) = (sha256_hex(key.as_bytes()), sha256_hex(&input));
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
        return Ok(Key::Fresh(Claim {
            operation,
            key_hash,
        }));
    }
    let row = tx
        .from::<Entity>()
        .filter(this(tx, operation, &key_hash))
        .one()
        .await?;
    let row =
        row.ok_or_else(|| ApiError::internal("an idempotency key is out of its actor's scope"))?;
    if row.input_hash != input_hash {
        return Err(ApiError::new(
            ErrorCode::IdempotencyMismatch,
            "同一幂等键已用于不同内容，请换新键",
            "This key was used with another input; use a new one",
        ));
    }
    Ok(Key::Repeated(row.result))
}

impl Claim {
    /// Writes down what the key came to.
    pub async fn keep(self, tx: &Tx, result: Json) -> Result<(), Fault> {
        let filter = this(tx, self.operation, &self.key_hash);
        tx.update::<Entity>(filter, vec![(Column::Result, result.into())])
            .await
            .map(|_| ())
    }
}

/// Forgets keys that are older than they are kept; for the operator.
pub async fn forget(tx: &Tx, now: DateTime<Utc>) -> Result<u64, Fault> {
    tx.delete::<Entity>(Predicate::Below(Column::CreatedAt, (now - KEPT).into()))
        .await
}

fn this(tx: &Tx, operation: &str, key_hash: &str) -> Predicate<Column> {
    Predicate::All(vec![
        Predicate::is(Column::Actor, tx.viewer().actor()),
        Predicate::is(Column::Operation, operation),
        Predicate::is(Column::KeyHash, key_hash),
    ])
}
