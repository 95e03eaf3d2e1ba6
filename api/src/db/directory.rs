//! Rows that everybody of a county reads with nearly every list, and that only `plan apply` changes: campaigns, classes,
//! channels and departments. They are kept in memory for as long as they stand in the database as they were read: each
//! change of a row counts up the edition of its county, by a trigger, and the session's question tells the edition of its
//! own snapshot. On PostgreSQL alone: on SQLite a statement is no trip.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use entity::id::County;
use entity::{campaign, category, channel, department};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::lock::locked;

/// Most counties whose rows are kept; then all are forgotten.
const COUNTIES: usize = 100;

/// What is kept of each county.
#[derive(Clone, Default)]
pub(super) struct Directories(Arc<Mutex<HashMap<County, Arc<Directory>>>>);

/// What is kept of one county while its rows stand as they did.
pub(super) struct Directory {
    edition: String,
    rows: Mutex<HashMap<(TypeId, Uuid), Arc<dyn Any + Send + Sync>>>,
}

/// The edition of the session's own county, as an expression.
pub(super) const EDITION: &str =
    "(SELECT county.edition::text FROM county WHERE county.code = session.county)";

/// Whether rows of a table are kept.
fn keeps<E: EntityTrait>() -> bool {
    let kept = [
        TypeId::of::<campaign::Entity>(),
        TypeId::of::<category::Entity>(),
        TypeId::of::<channel::Entity>(),
        TypeId::of::<department::Entity>(),
    ];
    kept.contains(&TypeId::of::<E>())
}

impl Directories {
    /// What is kept of a county as it stands now.
    pub(super) fn of(&self, county: &County, edition: String) -> Arc<Directory> {
        let mut all = locked(&self.0);
        if let Some(known) = all.get(county).filter(|known| known.edition == edition) {
            return Arc::clone(known);
        }
        if all.len() >= COUNTIES {
            all.clear();
        }
        let directory = Arc::new(Directory { edition, rows: Mutex::default() });
        all.insert(county.clone(), Arc::clone(&directory));
        directory
    }
}

impl Directory {
    /// The row of a key, where it is kept.
    pub(super) fn get<E>(&self, id: Uuid) -> Option<E::Model>
    where
        E: EntityTrait<Model: Clone + Send + Sync + 'static>,
    {
        let rows = locked(&self.rows);
        let row = rows.get(&(TypeId::of::<E>(), id))?;
        row.downcast_ref::<E::Model>().cloned()
    }

    /// Keeps rows that were read in the same snapshot.
    pub(super) fn put<'r, E>(&self, read: impl Iterator<Item = (Uuid, &'r E::Model)>)
    where
        E: EntityTrait<Model: Clone + Send + Sync + 'static>,
    {
        if keeps::<E>() {
            let kept = read.map(|(id, row)| {
                let row: Arc<dyn Any + Send + Sync> = Arc::new(row.clone());
                ((TypeId::of::<E>(), id), row)
            });
            locked(&self.rows).extend(kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_forgotten_once_the_tables_stand_otherwise() {
        let (home, abroad) = (County::parse("341522").unwrap(), County::parse("130803").unwrap());
        let directories = Directories::default();
        let first = directories.of(&home, "1".to_owned());
        assert!(Arc::ptr_eq(&first, &directories.of(&home, "1".to_owned())));
        assert!(!Arc::ptr_eq(&first, &directories.of(&abroad, "1".to_owned())));
        assert!(!Arc::ptr_eq(&first, &directories.of(&home, "2".to_owned())));
    }
}
