//! What a database says about itself, for whoever looks after it (数据库自述).

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::database::Db;
use super::fault::Fault;

/// Its version and its clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// E.g. `PostgreSQL 15.8` or `SQLite 3.46.0`.
    pub version: String,
    /// What its clock says; that of SQLite is the program's own.
    pub clock: Option<DateTime<Utc>>,
}

impl Db {
    /// Asks for them.
    pub async fn facts(&self) -> Result<Facts, Fault> {
        if self.backend() == DbBackend::Postgres {
            let row = self.only("SELECT current_setting('server_version'), clock_timestamp()").await?;
            let version: String = row.try_get_by_index(0)?;
            return Ok(Facts {
                version: format!("PostgreSQL {version}"),
                clock: Some(row.try_get_by_index(1)?),
            });
        }
        let version: String = self.only("SELECT sqlite_version()").await?.try_get_by_index(0)?;
        Ok(Facts { version: format!("SQLite {version}"), clock: None })
    }

    async fn only(&self, sql: &str) -> Result<sea_orm::QueryResult, Fault> {
        let asked = self.probe.query_one_raw(Statement::from_string(self.backend(), sql)).await?;
        asked.ok_or_else(|| Fault::Broken(format!("no answer to {sql}")))
    }
}
