//! Adding, changing and removing rows, each in the viewer's scope.

use entity::id::SubmissionId;
use sea_orm::sea_query::{Expr, OnConflict, Query, UpdateStatement};
use sea_orm::{ActiveModelTrait, IdenStatic as _, Insert, QueryResult, QueryTrait, Value};
use uuid::Uuid;

use super::admission::{Admission, admission, worked_on};
use super::before::Before;
use super::binding::{Access, Binding, Scoped};
use super::fault::Fault;
use super::predicate::Predicate;
use super::scoped::{frozen, stamps, suggestion, within};
use super::tx::Tx;

impl Tx {
    /// Adds one row, stamped with the viewer's county and, unless the plan gave it, department.
    pub async fn insert<A>(&self, row: A) -> Result<(), Fault>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        self.insert_many(vec![row]).await
    }

    /// Adds rows in one statement.
    pub async fn insert_many<A>(&self, rows: Vec<A>) -> Result<(), Fault>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        // Both databases bound the number of parameters; 100 rows of the widest table stay below either.
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut chunk: Vec<A> = rows.by_ref().take(100).collect();
            self.admit(self.stamped(&mut chunk)).await?;
            let shares = chunk.iter().filter_map(|row| worked_on(self.viewer(), row));
            let shares: Vec<Uuid> = shares.collect();
            let statement = Insert::many(chunk).into_query();
            self.execute(&statement).await?;
            self.shares_added(shares);
        }
        Ok(())
    }

    /// Adds a row unless its key exists; says whether it was added.
    pub async fn insert_new<A>(&self, row: A) -> Result<bool, Fault>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        let mut rows = [row];
        self.admit(self.stamped(&mut rows)).await?;
        let mut statement = Insert::many(rows).into_query();
        statement.on_conflict(OnConflict::new().do_nothing().to_owned());
        Ok(self.execute(&statement).await? > 0)
    }

    /// Changes columns of the rows in scope that match; says how many. County and owner never change. Whoever changes what
    /// queues go by has said before where the suggestion stands, by [`Tx::stood`].
    pub async fn update<E: Scoped>(
        &self,
        filter: Predicate<E::Column>,
        changes: Vec<(E::Column, Value)>,
    ) -> Result<u64, Fault> {
        let queued = is_submission::<E>() && changes.iter().any(|(column, _)| queued_by::<E>(column));
        let mut statement = self.updating::<E>(filter, changes)?;
        let Some(column) = suggestion::<E>() else {
            return self.execute(&statement).await;
        };
        statement.returning_col(column);
        let rows = self.query_all(&statement).await?;
        if queued {
            self.must_know_before(&rows)?;
        }
        self.note_all(&rows)
    }

    /// Refuses a change of which nobody could say what queues it moves a suggestion between.
    fn must_know_before(&self, rows: &[QueryResult]) -> Result<(), Fault> {
        for row in rows {
            if !self.knows_before(row.try_get_by_index(0)?) {
                return Err(Fault::Broken("a suggestion moves, and nobody says where it stood".to_owned()));
            }
        }
        Ok(())
    }

    /// The same at the latest with the commit, for rows that hang on no suggestion.
    pub async fn update_later<E: Scoped>(
        &self,
        filter: Predicate<E::Column>,
        changes: Vec<(E::Column, Value)>,
    ) -> Result<(), Fault> {
        let statement = self.updating::<E>(filter, changes)?;
        if suggestion::<E>().is_some() {
            return Err(Fault::Broken("whose change is told can't wait".to_owned()));
        }
        self.later(&statement).await
    }

    fn updating<E: Scoped>(
        &self,
        filter: Predicate<E::Column>,
        changes: Vec<(E::Column, Value)>,
    ) -> Result<UpdateStatement, Fault> {
        self.note_work::<E>();
        let mut statement = Query::update();
        statement.table(E::default());
        for (column, value) in changes {
            if frozen::<E>(self.viewer(), &column, &value) {
                return Err(Fault::Broken(format!("{} never changes", column.as_str())));
            }
            statement.value(column, Expr::val(value));
        }
        statement.cond_where(filter.into_condition());
        statement.cond_where(within::<E>(self.viewer(), Access::Change));
        Ok(statement)
    }

    /// Removes the rows in scope that match; says how many.
    pub async fn delete<E: Scoped>(&self, filter: Predicate<E::Column>) -> Result<u64, Fault> {
        self.shares_removed::<E>();
        self.note_work::<E>();
        let mut statement = Query::delete();
        statement.from_table(E::default());
        statement.cond_where(filter.into_condition());
        statement.cond_where(within::<E>(self.viewer(), Access::Change));
        let Some(column) = suggestion::<E>() else {
            return self.execute(&statement).await;
        };
        statement.returning_col(column);
        self.note_all(&self.query_all(&statement).await?)
    }

    /// Stamps rows with whose they are; says of each whether it may be added.
    pub(super) fn stamped<A>(&self, rows: &mut [A]) -> Vec<Admission>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        self.note_work::<A::Entity>();
        let stamped = rows.iter_mut().map(|row| {
            for (column, value) in stamps::<A::Entity>(self.viewer()) {
                row.set(column, value);
            }
            let named = suggestion::<A::Entity>().and_then(|column| row.get(column).into_value());
            if let Some(Value::Uuid(Some(changed))) = named {
                let before = if is_submission::<A::Entity>() { Before::Nowhere } else { Before::Same };
                self.note_before(SubmissionId(changed), before);
            }
            admission(self.viewer(), row)
        });
        stamped.collect()
    }
}

fn is_submission<E: Scoped>() -> bool {
    matches!(E::binding(), Binding::Submission(..))
}

/// The columns of a suggestion by which it stands in one queue or another; whose it is goes by [`Tx::hand_over`].
fn queued_by<E: Scoped>(column: &E::Column) -> bool {
    ["stage", "late"].contains(&column.as_str())
}
