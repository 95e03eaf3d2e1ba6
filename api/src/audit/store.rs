//! Reading the trail, and the chain over it.

use entity::audit_entry::{Column, Entity, Model};
use entity::id::AuditEntryId;

use crate::db::{Fault, Page, PageRequest, Predicate, Tx};

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
