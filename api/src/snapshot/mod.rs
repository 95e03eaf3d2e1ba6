//! One snapshot (快照): a read transaction, and the loaders that batch over it by key.

pub mod batch;
pub mod children;
pub mod lines;
pub mod loaders;

use std::sync::Arc;

use tokio::sync::{OnceCell, OwnedSemaphorePermit};

use self::loaders::Loaders;
use crate::db::{Db, Fault, Tx};
use crate::scope::viewer::Viewer;

/// A read transaction and the loaders that batch over it.
pub struct Snapshot {
    /// The transaction.
    pub tx: Arc<Tx>,
    /// Its loaders.
    pub load: Loaders,
    /// What is given back when the snapshot ends.
    _place: Option<OwnedSemaphorePermit>,
}

/// A snapshot that is opened at first use.
pub type SharedSnapshot = Arc<OnceCell<Arc<Snapshot>>>;

impl Snapshot {
    /// Opens one in a viewer's scope.
    pub async fn open(db: &Db, viewer: &Viewer) -> Result<Self, Fault> {
        Ok(Self::of(db.begin_read(viewer).await?))
    }

    /// Over a read that is open already.
    #[must_use]
    pub fn of(tx: Tx) -> Self {
        let tx = Arc::new(tx);
        Self { load: Loaders::new(&tx), tx, _place: None }
    }

    /// The same, in a place that is free again when it ends.
    #[must_use]
    pub fn holding(self, place: Option<OwnedSemaphorePermit>) -> Self {
        Self { _place: place, ..self }
    }
}
