//! What has to happen to a table so that it holds what is wanted: a comparison of rows, column by column.

use std::collections::{HashMap, HashSet};

use sea_orm::{IntoActiveModel, Iterable, ModelTrait, Value};

use super::Coded;
use crate::db::{Fault, Predicate, Tx};

/// What changes in one table.
pub(super) struct Difference<E: Coded> {
    pub(super) added: Vec<E::Model>,
    pub(super) changed: Vec<Change<E>>,
    /// Rows whose code the plan no longer names.
    pub(super) gone: Vec<E::Model>,
    pub(super) unchanged: usize,
}

/// One row that changes, and the columns that do.
pub(super) struct Change<E: Coded> {
    pub(super) before: E::Model,
    pub(super) columns: Vec<(E::Column, Value)>,
}

impl<E: Coded> Difference<E> {
    /// Rows whose code is in `kept` stay as they are though they are not wanted here.
    pub(super) fn of(present: Vec<E::Model>, wanted: Vec<E::Model>, kept: &HashSet<String>) -> Self {
        let mut former: HashMap<E::Id, E::Model> =
            present.into_iter().map(|row| (E::id_of(&row), row)).collect();
        let mut difference = Self { added: Vec::new(), changed: Vec::new(), gone: Vec::new(), unchanged: 0 };
        for row in wanted {
            match former.remove(&E::id_of(&row)) {
                None => difference.added.push(row),
                Some(before) => difference.compare(before, &row),
            }
        }
        let gone = former.into_values().filter(|row| !kept.contains(E::code_of(row)));
        difference.gone = gone.collect();
        difference.gone.sort_by(|one, other| E::code_of(one).cmp(E::code_of(other)));
        difference
    }

    fn compare(&mut self, before: E::Model, after: &E::Model) {
        let columns = changed_columns(&before, after);
        if columns.is_empty() {
            self.unchanged += 1;
        } else {
            self.changed.push(Change { before, columns });
        }
    }

    /// Rows that are added, changed, as they were, gone.
    pub(super) fn counts(&self) -> [usize; 4] {
        [self.added.len(), self.changed.len(), self.unchanged, self.gone.len()]
    }

    /// Adds and changes rows: one statement for a hundred new rows, one for each row that changes.
    pub(super) async fn write(&self, tx: &Tx) -> Result<(), Fault>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let added: Vec<E::ActiveModel> =
            self.added.iter().cloned().map(IntoActiveModel::into_active_model).collect();
        tx.insert_many(added).await?;
        for Change { before, columns } in &self.changed {
            let row = Predicate::is(E::id_column(), E::id_of(before));
            tx.update::<E>(row, columns.clone()).await?;
        }
        Ok(())
    }

    /// Removes what is gone; only after what hangs on it was looked at.
    pub(super) async fn remove(&self, tx: &Tx) -> Result<(), Fault> {
        if self.gone.is_empty() {
            return Ok(());
        }
        let gone = Predicate::among(E::id_column(), self.gone.iter().map(E::id_of));
        tx.delete::<E>(gone).await?;
        Ok(())
    }
}

/// Every column in which two rows differ, with its new value: a column that is added later is compared too.
pub(super) fn changed_columns<M: ModelTrait>(
    before: &M,
    after: &M,
) -> Vec<(<M::Entity as sea_orm::EntityTrait>::Column, Value)> {
    let columns = <M::Entity as sea_orm::EntityTrait>::Column::iter();
    columns
        .map(|column| (column, after.get(column)))
        .filter(|(column, value)| before.get(*column) != *value)
        .collect()
}
