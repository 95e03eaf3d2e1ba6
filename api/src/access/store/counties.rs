//! Which counties (县区) there are.

use entity::county::{Column, Entity};
use entity::id::County;

use crate::db::{Direction, Fault, Tx};

/// The codes in order; for the doorkeeper all of them, for anyone else the own one.
pub async fn counties(tx: &Tx) -> Result<Vec<County>, Fault> {
    let rows = tx.from::<Entity>().order(Column::Code, Direction::Ascending).all().await?;
    Ok(rows.into_iter().map(|county| county.code).collect())
}
