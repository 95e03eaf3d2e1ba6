//! The text index: grams of title and content, with the scope beside them.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::{SEARCH_ROLE, SERVING_ROLE};

/// `submission_text` on both databases; FTS5 on SQLite, GIN behind a function on PostgreSQL.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        match connection.get_database_backend() {
            DbBackend::Postgres => {
                let sql = POSTGRES
                    .replace("{search_role}", SEARCH_ROLE)
                    .replace("{serving_role}", SERVING_ROLE);
                connection.execute_unprepared(&sql).await?;
            }
            _ => {
                connection.execute_unprepared(SQLITE).await?;
            }
        }
        Ok(())
    }
}

/// `id` is the FTS row; the index holds no text of its own (`content=''`), the substring is re-checked here.
const SQLITE: &str = "
CREATE TABLE submission_text (
    id INTEGER PRIMARY KEY,
    county TEXT NOT NULL,
    submission BLOB NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (county, submission),
    FOREIGN KEY (county, submission) REFERENCES submission (county, id)
);
CREATE VIRTUAL TABLE submission_gram USING fts5 (
    scope, title, content, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', detail=column
);
";

/// The function runs as a role that alone may read the index; county and department come from the transaction's
/// settings, never from an argument, and only ids leave it.
const POSTGRES: &str = include_str!("search.pg.sql");
