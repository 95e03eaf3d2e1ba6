//! What really stands in a database, read past both walls: as superuser on PostgreSQL, from the file on SQLite.
#![expect(clippy::disallowed_methods, reason = "the truth is what no viewer's scope has cut")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use migration::walls::SCOPED_TABLES;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, Statement};
use serde_json::{Map, Value};

/// A row by the names of its columns; keys of 32 hexadecimal letters on both databases.
pub(crate) type Row = Map<String, Value>;

/// Name under which a row says where it lies in its table; no column is called so.
const PLACE: &str = "place of the row";

/// A connection without a viewer.
pub(crate) struct Raw(DatabaseConnection);

impl Raw {
    /// Opens one connection by address.
    pub(crate) async fn open(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        Self(Database::connect(options).await.unwrap())
    }

    /// Runs statements that give nothing back.
    pub(crate) async fn run(&self, sql: &str) -> Result<u64, String> {
        let done = self.0.execute_unprepared(sql).await;
        done.map(|done| done.rows_affected()).map_err(|error| error.to_string())
    }

    /// The first column of every row, which must be text.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        let rows = self.0.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// Every row of a table.
    pub(crate) async fn rows(&self, table: &str) -> Vec<Row> {
        let mut rows = self.placed(table).await;
        for row in &mut rows {
            row.remove(PLACE);
        }
        rows
    }

    /// Every row of a table, and where it lies.
    async fn placed(&self, table: &str) -> Vec<Row> {
        let select = if self.is_postgres() {
            format!(
                "SELECT (to_jsonb(t) || jsonb_build_object('{PLACE}', t.ctid::text))::text FROM {table} t"
            )
        } else {
            let columns = self.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let pairs = columns.iter().map(|name| {
                format!(r#"'{name}', CASE typeof("{name}") WHEN 'blob' THEN lower(hex("{name}")) ELSE "{name}" END"#)
            });
            let pairs = pairs.collect::<Vec<_>>().join(", ");
            format!("SELECT json_object('{PLACE}', CAST(rowid AS text), {pairs}) FROM {table}")
        };
        let rows = self.texts(&select).await;
        rows.iter().map(|row| normal(serde_json::from_str(row).unwrap())).collect()
    }

    /// Takes away what keeps signed rows as they are: on SQLite triggers bind whoever has the file in hand too.
    pub(crate) async fn lift_freezes(&self) {
        if self.is_postgres() {
            self.run("SET session_replication_role = replica").await.unwrap();
            return;
        }
        let parts = "tbl_name LIKE 'summary%' OR tbl_name = 'weekly_report'";
        let triggers = format!("SELECT name FROM sqlite_master WHERE type = 'trigger' AND ({parts})");
        for trigger in self.texts(&triggers).await {
            self.run(&format!("DROP TRIGGER {trigger}")).await.unwrap();
        }
    }

    /// Takes away every trigger and the keys between tables, so that any row may be removed by itself.
    pub(crate) async fn lift_everything(&self) {
        if self.is_postgres() {
            self.run("SET session_replication_role = replica").await.unwrap();
            return;
        }
        self.run("PRAGMA foreign_keys = OFF").await.unwrap();
        for trigger in self.texts("SELECT name FROM sqlite_master WHERE type = 'trigger'").await {
            self.run(&format!("DROP TRIGGER {trigger}")).await.unwrap();
        }
    }

    /// Removes the rows of a table that are meant; says how many.
    pub(crate) async fn remove(&self, table: &str, is_meant: impl Fn(&Row) -> bool) -> u64 {
        let rows = self.placed(table).await;
        let meant = rows.iter().filter(|row| is_meant(row)).map(|row| format!("'{}'", text(row, PLACE)));
        let meant = meant.collect::<Vec<_>>().join(", ");
        if meant.is_empty() {
            return 0;
        }
        let these = if self.is_postgres() {
            format!("ctid = ANY (ARRAY[{meant}]::tid[])")
        } else {
            format!("rowid IN ({meant})")
        };
        self.run(&format!("DELETE FROM {table} WHERE {these}")).await.unwrap()
    }

    /// Whether it speaks to PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        self.0.get_database_backend() == sea_orm::DbBackend::Postgres
    }

    /// Ends the connection, so that the database may be copied.
    pub(crate) async fn close(self) {
        self.0.close().await.unwrap();
    }
}

/// Keys without hyphens, as SQLite's bytes print.
fn normal(row: Row) -> Row {
    let plain = |value: Value| match value {
        Value::String(text) if text.len() == 36 && uuid::Uuid::try_parse(&text).is_ok() => {
            Value::String(text.replace('-', ""))
        }
        other => other,
    };
    row.into_iter().map(|(name, value)| (name, plain(value))).collect()
}

/// Every scoped table as it really is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Truth {
    tables: BTreeMap<&'static str, Vec<Row>>,
    by_id: HashMap<(&'static str, String), usize>,
    shares: HashMap<String, BTreeSet<String>>,
}

impl Truth {
    /// Reads all tables.
    pub(crate) async fn read(raw: &Raw) -> Self {
        let mut truth = Self::default();
        for (table, _) in SCOPED_TABLES {
            let mut rows = raw.rows(table).await;
            // In the order in which they were made, wherever the database put them: keys grow with time.
            rows.sort_by(|one, other| text(one, "id").cmp(text(other, "id")));
            truth.tables.insert(table, rows);
        }
        for (table, rows) in &truth.tables {
            for (place, row) in rows.iter().enumerate() {
                truth.by_id.insert((table, text(row, "id").to_owned()), place);
            }
        }
        for share in &truth.tables["share"] {
            let departments = truth.shares.entry(text(share, "submission").to_owned()).or_default();
            departments.insert(text(share, "department").to_owned());
        }
        truth
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// The row of a key.
    pub(crate) fn row(&self, table: &'static str, id: &str) -> Option<&Row> {
        self.by_id.get(&(table, id.to_owned())).map(|place| &self.tables[table][*place])
    }

    /// Departments with a share in a suggestion.
    pub(crate) fn sharers(&self, submission: &str) -> impl Iterator<Item = &str> {
        self.shares.get(submission).into_iter().flatten().map(String::as_str)
    }

    /// The department of a code.
    pub(crate) fn department(&self, county: &str, code: &str) -> Option<&Row> {
        let mut rows = self.rows("department").iter();
        rows.find(|row| text(row, "county") == county && text(row, "code") == code)
    }
}

/// A text or key column; empty for NULL.
pub(crate) fn text<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).and_then(Value::as_str).unwrap_or_default()
}

/// A boolean column.
pub(crate) fn flag(row: &Row, column: &str) -> bool {
    let value = row.get(column);
    value.and_then(Value::as_bool).unwrap_or_else(|| value.and_then(Value::as_i64) == Some(1))
}
