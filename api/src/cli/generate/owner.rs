//! What filling a database in bulk asks of its owner (批量写入的属主操作), and nothing else does: two indexes and the
//! triggers of the rollups set aside and put back, statistics at the end. An index of 150 entries a row costs a tenth
//! when it is built at once.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::db::Fault;
use crate::refusal::{Message, message};

/// The indexes that are built anew.
const SET_ASIDE: [&str; 2] = ["submission_text_by_grams", "share_by_facet"];

/// The owner's connection, with what it has set aside.
pub struct Owner {
    connection: DatabaseConnection,
    indexes: Vec<String>,
}

impl Owner {
    /// Connects as the owner and sets indexes and triggers aside. Nobody may serve this database meanwhile: the figures
    /// of what others enter would not follow.
    pub async fn set_aside(url: &str) -> Result<Self, Fault> {
        let connection = connect(url).await?;
        let indexes = definitions(&connection).await?;
        let mut owner = Self { connection, indexes };
        for name in SET_ASIDE {
            owner.run(&format!("DROP INDEX IF EXISTS {name}")).await?;
        }
        owner.run("ALTER TABLE share DISABLE TRIGGER USER").await?;
        owner.run("SET maintenance_work_mem = '1GB'").await?;
        Ok(owner)
    }

    /// Puts back what was set aside: whether the filling succeeded or not.
    pub async fn put_back(&mut self) -> Result<(), Fault> {
        self.run("ALTER TABLE share ENABLE TRIGGER USER").await?;
        for definition in std::mem::take(&mut self.indexes) {
            self.run(&definition).await?;
        }
        Ok(())
    }

    /// Gives the planner its statistics and the index-only scans their map.
    pub async fn tidy(&mut self) -> Result<(), Fault> {
        self.run("VACUUM (ANALYZE) submission, share, submission_text, record, tally, tally_delta").await?;
        self.run("ANALYZE county, campaign, department, stream, channel, category, village, counter").await
    }

    #[expect(clippy::disallowed_methods, reason = "statements of the owner over tables, not over rows")]
    async fn run(&mut self, sql: &str) -> Result<(), Fault> {
        Ok(self.connection.execute_unprepared(sql).await.map(|_| ())?)
    }
}

/// As they stand in this database, so that they come back as they were.
#[expect(clippy::disallowed_methods, reason = "the catalogue belongs to nobody")]
async fn definitions(connection: &DatabaseConnection) -> Result<Vec<String>, Fault> {
    let mut definitions = Vec::new();
    for name in SET_ASIDE {
        let sql =
            format!("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname = '{name}'");
        let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        let definition = row.map(|row| row.try_get_by_index::<String>(0)).transpose()?;
        definitions.push(definition.ok_or_else(|| Fault::Unfit(lacks(name)))?);
    }
    Ok(definitions)
}

fn lacks(index: &str) -> Message {
    message!(
        "数据库缺少索引 {index}：尚未 migrate，或上次 generate 被强行终止；请换新库重来",
        "the database lacks the index {index}: not migrated, or a former `generate` was killed; make a new database"
    )
}

#[expect(clippy::disallowed_methods, reason = "the owner's connection, for statements over tables")]
async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).min_connections(1).sqlx_logging(false);
    Database::connect(options).await
}
