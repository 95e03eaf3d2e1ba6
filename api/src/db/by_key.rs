//! Rows by their keys, those of the county's directory from memory where they are kept.

use uuid::Uuid;

use super::binding::Scoped;
use super::fault::Fault;
use super::predicate::Predicate;
use super::tx::Tx;

impl Tx {
    /// The rows in scope that have these keys in a column that is unique in a county; those of the directory from memory
    /// where they are kept.
    pub async fn by_key<E>(
        &self,
        column: E::Column,
        keys: impl Iterator<Item = Uuid>,
        key_of: impl Fn(&E::Model) -> Uuid,
    ) -> Result<Vec<E::Model>, Fault>
    where
        E: Scoped<Model: Clone + Send + Sync + 'static>,
    {
        let (mut rows, mut missing) = (Vec::new(), Vec::new());
        for key in keys {
            match self.directory().and_then(|kept| kept.get::<E>(key)) {
                Some(row) => rows.push(row),
                None => missing.push(key),
            }
        }
        if missing.is_empty() {
            return Ok(rows);
        }
        let wanted = Predicate::among(column, missing);
        let read = self.from::<E>().filter(wanted).all().await?;
        if let Some(directory) = self.directory() {
            directory.put::<E>(read.iter().map(|row| (key_of(row), row)));
        }
        rows.extend(read);
        Ok(rows)
    }

    /// The row in scope that has this key.
    pub async fn one_by_key<E>(&self, column: E::Column, key: Uuid) -> Result<Option<E::Model>, Fault>
    where
        E: Scoped<Model: Clone + Send + Sync + 'static>,
    {
        let rows = self.by_key::<E>(column, std::iter::once(key), |_| key);
        Ok(rows.await?.pop())
    }
}
