//! Writes whose outcome nobody looks at before the commit: they wait, and leave as one statement. So none of them costs a
//! round trip, and a counter that was taken before them is locked for a shorter time. On PostgreSQL alone: on SQLite a
//! statement is no trip.
//!
//! The parts of one statement see the rows as they stood before all of them. So what waits must not depend on what else
//! waits: a share, by which row security lets in what hangs on its suggestion, is written before that.

use std::sync::MutexGuard;

use sea_orm::{
    ActiveModelTrait, DbBackend, Insert, QueryResult, QueryTrait as _, Statement, StatementBuilder, Value,
    Values,
};

use super::admission::worked_on;
use super::binding::Scoped;
use super::fault::Fault;
use super::lock::locked;
use super::tx::Tx;

impl Tx {
    /// As [`Tx::insert`], at the latest with the commit; for a row whose key nobody else can have taken.
    pub async fn insert_later<A>(&self, row: A) -> Result<(), Fault>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        let mut rows = [row];
        self.admit(self.stamped(&mut rows)).await?;
        let shares = worked_on(self.viewer(), &rows[0]);
        self.later(&Insert::many(rows).into_query()).await?;
        self.shares_added(shares.into_iter().collect());
        Ok(())
    }

    /// The same for several rows; many are written at once, for a statement of its own for each number of them would be kept.
    pub async fn insert_all_later<A>(&self, mut rows: Vec<A>) -> Result<(), Fault>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        if rows.len() > 1 {
            return self.insert_many(rows).await;
        }
        match rows.pop() {
            Some(row) => self.insert_later(row).await,
            None => Ok(()),
        }
    }

    pub(super) async fn later<S: StatementBuilder>(&self, statement: &S) -> Result<(), Fault> {
        if self.backend() == DbBackend::Sqlite {
            return self.execute(statement).await.map(|_| ());
        }
        let statement = self.backend().build(statement);
        self.waiting().push(statement);
        Ok(())
    }

    /// The same for what SeaQuery can't say.
    pub(super) async fn kernel_later(&self, sql: &str, values: Vec<Value>) -> Result<(), Fault> {
        if self.backend() == DbBackend::Sqlite {
            return self.execute_kernel(sql, values).await.map(|_| ());
        }
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        self.waiting().push(statement);
        Ok(())
    }

    /// Writes what waits, before anything else is asked.
    pub async fn settle(&self) -> Result<(), Fault> {
        let mut waiting = std::mem::take(&mut *self.waiting());
        let Some(last) = waiting.pop() else {
            return Ok(());
        };
        // Boxed: every statement of the program holds this future, and few of them need it.
        Box::pin(self.send(together(&waiting, &last.sql, last.values))).await
    }

    /// The rows that a statement finds; what waits goes with it, and is not yet seen by it.
    pub(super) async fn query_beside<S: StatementBuilder>(
        &self,
        statement: &S,
    ) -> Result<Vec<QueryResult>, Fault> {
        let statement = self.backend().build(statement);
        let waiting = std::mem::take(&mut *self.waiting());
        self.query_built(together(&waiting, &statement.sql, statement.values)).await
    }

    async fn send(&self, statement: Statement) -> Result<(), Fault> {
        self.trip();
        self.run(self.inner.execute(statement)).await.map(|_| ())
    }

    /// The number that each of several statements gives, or nothing where it finds no row; all by one message, one after
    /// the other.
    pub(super) async fn each<S: StatementBuilder>(
        &self,
        statements: &[S],
    ) -> Result<Vec<Option<i64>>, Fault> {
        let mut found = vec![None; statements.len()];
        if self.backend() == DbBackend::Sqlite || statements.len() == 1 {
            for (place, statement) in found.iter_mut().zip(statements) {
                let rows = self.query_all(statement).await?;
                let number = rows.first().map(|row| row.try_get_by_index(0));
                *place = number.transpose()?;
            }
            return Ok(found);
        }
        let built: Vec<Statement> =
            statements.iter().map(|statement| self.backend().build(statement)).collect();
        let all =
            (0..built.len()).map(|place| format!("SELECT {place}, number FROM w{place} AS found (number)"));
        let all = together(&built, &all.collect::<Vec<_>>().join(" UNION ALL "), None);
        for row in self.query_built(all).await? {
            let place: i32 = row.try_get_by_index(0)?;
            if let Some(found) = usize::try_from(place).ok().and_then(|place| found.get_mut(place)) {
                *found = Some(row.try_get_by_index(1)?);
            }
        }
        Ok(found)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Statement>> {
        locked(&self.waiting)
    }
}

/// One statement of several: the last, and those before it as its common table expressions w0, w1 ….
fn together(before: &[Statement], last: &str, values: Option<Values>) -> Statement {
    let mut parts = Vec::with_capacity(before.len());
    let mut all: Vec<Value> = Vec::new();
    for (place, part) in before.iter().enumerate() {
        parts.push(format!("w{place} AS ({})", shifted(&part.sql, all.len())));
        all.extend(part.values.iter().flat_map(|values| values.0.clone()));
    }
    let last = shifted(last, all.len());
    all.extend(values.into_iter().flat_map(|values| values.0));
    let sql = if parts.is_empty() { last } else { format!("WITH {} {last}", parts.join(", ")) };
    Statement::from_sql_and_values(DbBackend::Postgres, sql, all)
}

/// A text whose parameters come behind so many others. No text of ours has the sign for anything else.
fn shifted(sql: &str, by: usize) -> String {
    let mut pieces = sql.split('$');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(piece.len());
        let (number, rest) = piece.split_at(end);
        let number =
            number.parse::<usize>().map_or_else(|_| number.to_owned(), |number| (number + by).to_string());
        text.push('$');
        text.push_str(&number);
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
    }

    #[test]
    fn parameters_keep_their_values() {
        let one = statement("INSERT INTO a VALUES ($1, $2::uuid[])", vec![1.into(), 2.into()]);
        let two = statement("INSERT INTO b VALUES ($2, $1)", vec![3.into(), 4.into()]);
        let last = statement("UPDATE c SET d = $1", vec![5.into()]);
        let whole = together(&[one, two], &last.sql, last.values);
        assert_eq!(
            whole.sql,
            "WITH w0 AS (INSERT INTO a VALUES ($1, $2::uuid[])), w1 AS (INSERT INTO b VALUES ($4, $3)) UPDATE c SET d = $5"
        );
        let values: Vec<Value> = (1..=5).map(Value::from).collect();
        assert_eq!(whole.values, Some(Values(values)));
    }

    #[test]
    fn one_alone_stays_as_it_is() {
        let alone = together(&[], "SELECT $1, $12", None);
        assert_eq!(alone.sql, "SELECT $1, $12");
    }
}
