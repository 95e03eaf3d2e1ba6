//! Reading the trail, and the chain over it.

use std::collections::HashMap;

use entity::audit_entry::{Column, Entity, Model};
use entity::audit_seal;
use entity::id::AuditEntryId;
use sea_orm::ActiveValue::Set;

use super::rules::{Break, Head};
use crate::db::{Direction, Fault, Page, PageRequest, Predicate, Side, Tx};

/// Lines that are sealed in one transaction, or held in memory while the chain is checked.
const BATCH: u64 = 1_000;

/// How the chain of a county stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Seals that there are.
    pub sealed: u64,
    /// Lines that no seal holds yet; more than a few seconds' worth means that nobody seals.
    pub unsealed_tail: u64,
    /// The last place that holds. Noted down elsewhere, it also proves that nothing was cut off the end.
    pub head: Head,
    /// The first place that does not hold.
    pub first_break: Option<Break>,
}

/// The line of a key, for whoever reads the trail.
pub async fn entry(tx: &Tx, id: AuditEntryId) -> Result<Option<Model>, Fault> {
    tx.from::<Entity>()
        .filter(Predicate::is(Column::Id, id))
        .one()
        .await
}

/// A page of the trail in the order of time.
pub async fn page(tx: &Tx, request: &PageRequest) -> Result<Page<Model>, Fault> {
    tx.from::<Entity>()
        .page(&[Column::At, Column::Id], request)
        .await
}

/// The first line from this key on that waits for its seal.
pub(super) async fn first_unsealed(
    tx: &Tx,
    from: AuditEntryId,
) -> Result<Option<AuditEntryId>, Fault> {
    Ok(unsealed(tx, from, 1).await?.first().map(|line| line.id))
}

/// Seals a batch of lines from this key on, in the order of their keys, and gives their keys. A line whose
/// transaction commits later than its successors' gets a later place. Of two sealers at once, one gets
/// [`Fault::Taken`] and nothing of it lasts.
pub(super) async fn seal(tx: &Tx, from: AuditEntryId) -> Result<Vec<AuditEntryId>, Fault> {
    let lines = unsealed(tx, from, BATCH).await?;
    let mut head = last_seal(tx).await?;
    let mut seals = Vec::with_capacity(lines.len());
    for line in &lines {
        head = head.with(line);
        seals.push(audit_seal::ActiveModel {
            county: Set(line.county.clone()),
            seq: Set(head.seq),
            entry: Set(line.id),
            hash: Set(head.hash.clone()),
        });
    }
    tx.insert_many(seals).await?;
    Ok(lines.into_iter().map(|line| line.id).collect())
}

/// Walks along the chain, a batch in memory at a time, up to the first place that does not hold.
pub(super) async fn verify(tx: &Tx) -> Result<Verified, Fault> {
    let mut head = Head::start();
    let mut first_break = None;
    while first_break.is_none() {
        let seals = seals_behind(tx, &head).await?;
        if seals.is_empty() {
            break;
        }
        let lines = lines_of(tx, &seals).await?;
        for seal in &seals {
            match head.follow(seal, lines.get(&seal.entry)) {
                Ok(next) => head = next,
                Err(found) => {
                    first_break = Some(found);
                    break;
                }
            }
        }
    }
    Ok(Verified {
        sealed: tx.from::<audit_seal::Entity>().count().await?,
        unsealed_tail: tx.from::<Entity>().unsealed().count().await?,
        head,
        first_break,
    })
}

async fn unsealed(tx: &Tx, from: AuditEntryId, most: u64) -> Result<Vec<Model>, Fault> {
    tx.from::<Entity>()
        .filter(Predicate::AtLeast(Column::Id, from.into()))
        .unsealed()
        .order(Column::Id, Direction::Ascending)
        .limit(most)
        .all()
        .await
}

async fn last_seal(tx: &Tx) -> Result<Head, Fault> {
    let last = tx
        .from::<audit_seal::Entity>()
        .order(audit_seal::Column::Seq, Direction::Descending)
        .one()
        .await?;
    Ok(last.map_or_else(Head::start, |seal| Head {
        seq: seal.seq,
        hash: seal.hash,
    }))
}

async fn seals_behind(tx: &Tx, head: &Head) -> Result<Vec<audit_seal::Model>, Fault> {
    let behind = Predicate::Past(
        vec![audit_seal::Column::Seq],
        vec![head.seq.into()],
        Side::Above,
    );
    tx.from::<audit_seal::Entity>()
        .filter(behind)
        .order(audit_seal::Column::Seq, Direction::Ascending)
        .limit(BATCH)
        .all()
        .await
}

async fn lines_of(
    tx: &Tx,
    seals: &[audit_seal::Model],
) -> Result<HashMap<AuditEntryId, Model>, Fault> {
    let sealed = Predicate::among(Column::Id, seals.iter().map(|seal| seal.entry));
    let lines = tx.from::<Entity>().filter(sealed).all().await?;
    Ok(lines.into_iter().map(|line| (line.id, line)).collect())
}
