//! The rollups: what the triggers on `share` note as changes is folded into cells of a day, a week, a month and all time.
//!
//! A reader adds the cells and the changes that are not folded yet, so figures are exact at any moment.

use sea_orm::{DbBackend, Value};

use super::fault::Fault;
use super::tx::Tx;

/// Columns of a cell beside its time.
const CELL: &str = "county, department, campaign, relation, dimension, key, stage";

/// As what the shares of a county count; the same function and view that the triggers on `share` use.
const SHARE_CELLS_POSTGRES: &str = "SELECT s.county, s.department, s.campaign, c.relation, c.dimension, c.key, s.stage, s.received_on AS day \
     FROM share s, share_cells(s.capability, s.category, s.channel, s.kind, s.village, s.stream) c \
     WHERE s.county = $1";

const SHARE_CELLS_SQLITE: &str = "SELECT * FROM share_cell WHERE county = ?";

/// How the rollups compare with a recount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TallyCheck {
    /// Cells that differ, over all grains.
    pub wrong_cells: i64,
    /// Changes that are not folded yet.
    pub unfolded: i64,
}

impl Tx {
    /// Folds the changes into the cells; for a system actor that writes all of its county. Says how many there were.
    pub async fn fold_tally(&self) -> Result<u64, Fault> {
        if self.backend() == DbBackend::Postgres {
            let gone = format!(
                "WITH gone AS (DELETE FROM tally_delta WHERE county = $1 RETURNING *), \
                 counted AS (SELECT {CELL}, day, sum(delta)::bigint AS n FROM gone GROUP BY {CELL}, day), \
                 folded AS ({}) SELECT count(*) FROM gone",
                into_cells_postgres("counted")
            );
            let rows = self.query_kernel(&gone, vec![self.county_value()]).await?;
            let folded: i64 = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
            return Ok(folded.unsigned_abs());
        }
        let counted = format!(
            "SELECT {CELL}, day, sum(delta) AS n FROM tally_delta WHERE county = ? GROUP BY {CELL}, day"
        );
        self.execute_kernel(&into_cells_sqlite(&counted), vec![self.county_value()]).await?;
        self.execute_kernel("DELETE FROM tally_delta WHERE county = ?", vec![self.county_value()]).await
    }

    /// Lets what follows take as long as it takes: a million suggestions are millions of cells, and counting them takes longer
    /// than any other write may.
    pub async fn take_time(&self) -> Result<(), Fault> {
        if self.backend() == DbBackend::Postgres {
            self.execute_kernel("SET LOCAL statement_timeout = 0", Vec::new()).await?;
        }
        Ok(())
    }

    /// Counts the county's rollups anew from its shares, while nobody else may change a share.
    pub async fn rebuild_tally(&self) -> Result<(), Fault> {
        let postgres = self.backend() == DbBackend::Postgres;
        let mark = if postgres { "$1" } else { "?" };
        if postgres {
            self.execute_kernel("LOCK TABLE share IN SHARE ROW EXCLUSIVE MODE", Vec::new()).await?;
        }
        for table in ["tally_delta", "tally"] {
            let clear = format!("DELETE FROM {table} WHERE county = {mark}");
            self.execute_kernel(&clear, vec![self.county_value()]).await?;
        }
        let recount =
            format!("SELECT {CELL}, day, count(*) AS n FROM ({}) c GROUP BY {CELL}, day", self.share_cells());
        let fill = if postgres {
            format!("WITH counted AS ({recount}) {}", into_cells_postgres("counted"))
        } else {
            into_cells_sqlite(&recount)
        };
        self.execute_kernel(&fill, vec![self.county_value()]).await.map(|_| ())
    }

    /// Compares cells and changes with a recount from the shares.
    pub async fn check_tally(&self) -> Result<TallyCheck, Fault> {
        let mut wrong_cells = 0;
        for (grain, day) in
            [("DAY", "day"), ("WEEK", self.week()), ("MONTH", self.month()), ("ALL", "'1970-01-01'")]
        {
            let sql = self.differences(grain, day);
            let values = vec![self.county_value(); if self.backend() == DbBackend::Postgres { 1 } else { 3 }];
            let rows = self.query_kernel(&sql, values).await?;
            wrong_cells += rows.first().map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
        }
        let mark = if self.backend() == DbBackend::Postgres { "$1" } else { "?" };
        let unfolded = format!("SELECT count(*) FROM tally_delta WHERE county = {mark}");
        let rows = self.query_kernel(&unfolded, vec![self.county_value()]).await?;
        let unfolded = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(TallyCheck { wrong_cells, unfolded })
    }

    /// How many cells of one grain disagree: what is kept, less what a recount finds, must be nothing.
    fn differences(&self, grain: &str, day: &str) -> String {
        let postgres = self.backend() == DbBackend::Postgres;
        let mark = if postgres { "$1" } else { "?" };
        let text = if postgres { "::text" } else { "" };
        let kept = format!(
            "SELECT {CELL}, day{text} AS day, count AS n FROM tally WHERE county = {mark} AND grain = '{grain}'"
        );
        let changes =
            format!("SELECT {CELL}, ({day}){text} AS day, delta AS n FROM tally_delta WHERE county = {mark}");
        let rows = format!("SELECT {CELL}, ({day}){text} AS day, -1 AS n FROM ({}) c", self.share_cells());
        format!(
            "SELECT count(*) FROM (SELECT 1 FROM ({kept} UNION ALL {changes} UNION ALL {rows}) x \
             GROUP BY {CELL}, day HAVING sum(n) <> 0) y"
        )
    }

    fn week(&self) -> &'static str {
        match self.backend() {
            DbBackend::Postgres => "date_trunc('week', day)::date",
            _ => "date(day, 'weekday 0', '-6 days')",
        }
    }

    fn month(&self) -> &'static str {
        match self.backend() {
            DbBackend::Postgres => "date_trunc('month', day)::date",
            _ => "substr(day, 1, 8) || '01'",
        }
    }

    fn share_cells(&self) -> &'static str {
        match self.backend() {
            DbBackend::Postgres => SHARE_CELLS_POSTGRES,
            _ => SHARE_CELLS_SQLITE,
        }
    }

    fn county_value(&self) -> Value {
        self.viewer().county().clone().into()
    }
}

/// Adds counted cells of a day to the four grains.
fn into_cells_postgres(counted: &str) -> String {
    format!(
        "INSERT INTO tally ({CELL}, grain, day, count) \
         SELECT {CELL}, g.grain, g.day, sum(n)::bigint FROM {counted}, LATERAL (VALUES ('DAY', {counted}.day), \
         ('WEEK', date_trunc('week', {counted}.day)::date), ('MONTH', date_trunc('month', {counted}.day)::date), \
         ('ALL', DATE '1970-01-01')) g (grain, day) \
         GROUP BY {CELL}, g.grain, g.day \
         ON CONFLICT (county, department, campaign, relation, dimension, key, stage, grain, day) \
         DO UPDATE SET count = tally.count + excluded.count"
    )
}

fn into_cells_sqlite(counted: &str) -> String {
    format!(
        "INSERT INTO tally ({CELL}, grain, day, count) \
         SELECT {CELL}, g.grain, CASE g.grain WHEN 'DAY' THEN counted.day \
         WHEN 'WEEK' THEN date(counted.day, 'weekday 0', '-6 days') \
         WHEN 'MONTH' THEN substr(counted.day, 1, 8) || '01' ELSE '1970-01-01' END AS start, sum(n) \
         FROM ({counted}) counted, (SELECT 'DAY' AS grain UNION ALL SELECT 'WEEK' UNION ALL SELECT 'MONTH' UNION ALL SELECT 'ALL') g \
         WHERE true GROUP BY {CELL}, g.grain, start \
         ON CONFLICT (county, department, campaign, relation, dimension, key, stage, grain, day) \
         DO UPDATE SET count = count + excluded.count"
    )
}
