//! Statements that only one of the databases understands.

use sea_orm_migration::prelude::{DbErr, SchemaManager};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::{KEEPER_ROLE, SERVING_ROLE};

#[expect(clippy::disallowed_methods, reason = "a migration runs as the owner, for no viewer")]
/// Runs the script of the database at hand; role names stand in braces.
pub(crate) async fn run(manager: &SchemaManager<'_>, sqlite: &str, postgres: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let script = match connection.get_database_backend() {
        DbBackend::Postgres => with_roles(postgres),
        _ => sqlite.to_owned(),
    };
    if !script.trim().is_empty() {
        connection.execute_unprepared(&script).await?;
    }
    Ok(())
}

/// A script with the names of the roles in the place of their braces.
pub(crate) fn with_roles(script: &str) -> String {
    script.replace("{keeper}", KEEPER_ROLE).replace("{serving}", SERVING_ROLE)
}
