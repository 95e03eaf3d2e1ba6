//! Which counties (县区) there are.

use entity::county::{Column, Entity};
use entity::id::County;

use super::App;
use crate::db::{Direction, Fault, Tx};
use crate::scope::system;

/// The counties of the database, in the order of their codes.
pub async fn counties(app: &App) -> Result<Vec<County>, Fault> {
    let Some(doorkeeper) = system::doorkeeper() else {
        return Ok(Vec::new());
    };
    listed(&app.db.begin_read(&doorkeeper).await?).await
}

/// Their codes in order; for the doorkeeper all of them, for anyone else the own one.
pub async fn listed(tx: &Tx) -> Result<Vec<County>, Fault> {
    let rows = tx.from::<Entity>().order(Column::Code, Direction::Ascending).all().await?;
    Ok(rows.into_iter().map(|county| county.code).collect())
}

/// Whose trails there are: the counties', and the installation's own, of what belongs to none of them.
pub async fn trails(app: &App) -> Result<Vec<County>, Fault> {
    let mut trails = counties(app).await?;
    trails.extend(system::doorkeeper().map(|doorkeeper| doorkeeper.county().clone()));
    Ok(trails)
}
