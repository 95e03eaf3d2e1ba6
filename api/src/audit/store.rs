//! Reading the trail, and the chain over it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::audit_entry::{Column, Entity, Model};
use entity::id::AuditEntryId;
use entity::{audit_head, audit_seal};
use sea_orm::ActiveValue::Set;

use super::rules::Head;
use crate::db::{Direction, Fault, Page, PageRequest, Predicate, Side, Tx};
use crate::secrets::token::Signature;

/// Lines that are sealed in one transaction, or held in memory while the chain is checked.
const BATCH: u64 = 1_000;

/// The line of a key, for whoever reads the trail.
pub async fn entry(tx: &Tx, id: AuditEntryId) -> Result<Option<Model>, Fault> {
    tx.from::<Entity>().filter(Predicate::is(Column::Id, id)).one().await
}

/// A page of the lines that match, in the order of the chain: no line ever comes to stand behind a place that was read. A line
/// that is gone from under its seal is left out here; the check of the chain tells of it.
pub async fn page(
    tx: &Tx,
    wanted: Predicate<Column>,
    request: &PageRequest,
) -> Result<Page<(i64, Model)>, Fault> {
    use audit_seal::{Column as Seal, Entity as Seals};
    let page = tx.page_with_named::<Seals, Entity>((Seal::Entry, Column::Id), wanted, &[Seal::Seq], request);
    let Page { rows, has_next, has_previous } = page.await?;
    let rows = rows.into_iter().map(|(seal, line)| (seal.seq, line)).collect();
    Ok(Page { rows, has_next, has_previous })
}

/// How many lines wait for their seal.
pub async fn waiting_for_seal(tx: &Tx) -> Result<u64, Fault> {
    tx.from::<Entity>().unsealed().count().await
}

/// The last lines that were written, newest first, sealed or not.
pub async fn newest(tx: &Tx, most: u64) -> Result<Vec<Model>, Fault> {
    tx.from::<Entity>()
        .order(Column::At, Direction::Descending)
        .order(Column::Id, Direction::Descending)
        .limit(most)
        .all()
        .await
}

/// The first line from this key on that waits for its seal.
pub(super) async fn first_unsealed(tx: &Tx, from: AuditEntryId) -> Result<Option<AuditEntryId>, Fault> {
    Ok(unsealed(tx, from, 1).await?.first().map(|line| line.id))
}

/// Seals a batch of lines from this key on, in the order of their keys, behind the given end of the chain; gives their
/// keys and the new end. A line whose transaction commits later than its successors' gets a later place. Of two sealers
/// at once, one gets [`Fault::Taken`] and nothing of it lasts.
pub(super) async fn seal(
    tx: &Tx,
    from: AuditEntryId,
    mut head: Head,
) -> Result<(Vec<AuditEntryId>, Head), Fault> {
    let lines = unsealed(tx, from, BATCH).await?;
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
    Ok((lines.into_iter().map(|line| line.id).collect(), head))
}

/// The end of the chain.
pub(super) async fn last_seal(tx: &Tx) -> Result<Head, Fault> {
    let last =
        tx.from::<audit_seal::Entity>().order(audit_seal::Column::Seq, Direction::Descending).one().await?;
    Ok(last.map_or_else(Head::start, |seal| Head { seq: seal.seq, hash: seal.hash }))
}

/// The last head that was signed.
pub async fn last_head(tx: &Tx) -> Result<Option<audit_head::Model>, Fault> {
    head_by(tx, Direction::Descending).await
}

/// The first head that was signed.
pub(super) async fn first_head(tx: &Tx) -> Result<Option<audit_head::Model>, Fault> {
    head_by(tx, Direction::Ascending).await
}

async fn head_by(tx: &Tx, order: Direction) -> Result<Option<audit_head::Model>, Fault> {
    tx.from::<audit_head::Entity>().order(audit_head::Column::Seq, order).one().await
}

/// Keeps a signed head.
pub(super) async fn put_head(tx: &Tx, head: &Head, signature: Signature) -> Result<(), Fault> {
    tx.insert(audit_head::ActiveModel {
        county: Set(tx.viewer().county().clone()),
        seq: Set(head.seq),
        hash: Set(head.hash.clone()),
        kid: Set(signature.kid),
        signature: Set(signature.value),
    })
    .await
}

/// The heads that were signed at the places of these seals.
pub(super) async fn heads_at(
    tx: &Tx,
    seals: &[audit_seal::Model],
) -> Result<HashMap<i64, audit_head::Model>, Fault> {
    let places = Predicate::among(audit_head::Column::Seq, seals.iter().map(|seal| seal.seq));
    let heads = tx.from::<audit_head::Entity>().filter(places).all().await?;
    Ok(heads.into_iter().map(|head| (head.seq, head)).collect())
}

/// How many seals there are.
pub(super) async fn seals(tx: &Tx) -> Result<u64, Fault> {
    tx.from::<audit_seal::Entity>().count().await
}

/// How many lines from before this instant have no seal.
pub(super) async fn overdue(tx: &Tx, before: DateTime<Utc>) -> Result<u64, Fault> {
    tx.from::<Entity>().filter(Predicate::Below(Column::At, before.into())).unsealed().count().await
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

/// The next seals behind a place, a batch.
pub(super) async fn seals_behind(tx: &Tx, head: &Head) -> Result<Vec<audit_seal::Model>, Fault> {
    let behind = Predicate::Past(vec![audit_seal::Column::Seq], vec![head.seq.into()], Side::Above);
    tx.from::<audit_seal::Entity>()
        .filter(behind)
        .order(audit_seal::Column::Seq, Direction::Ascending)
        .limit(BATCH)
        .all()
        .await
}

/// The lines under these seals.
pub(super) async fn lines_of(
    tx: &Tx,
    seals: &[audit_seal::Model],
) -> Result<HashMap<AuditEntryId, Model>, Fault> {
    let sealed = Predicate::among(Column::Id, seals.iter().map(|seal| seal.entry));
    let lines = tx.from::<Entity>().filter(sealed).all().await?;
    Ok(lines.into_iter().map(|line| (line.id, line)).collect())
}
