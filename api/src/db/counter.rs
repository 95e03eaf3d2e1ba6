//! Numbers without gaps: a counter row is locked last in a transaction, by the rows of one department in one order.

use entity::counter::{ActiveModel, Column, Entity};
use entity::id::DepartmentId;
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};

use super::fault::Fault;
use super::scoped::{Access, within};
use super::tx::Tx;

impl Tx {
    /// Takes `how_many` numbers in a row of a department's counter and returns the first. An import takes a block.
    pub async fn take_numbers(
        &self,
        department: DepartmentId,
        name: &str,
        how_many: i64,
    ) -> Result<i64, Fault> {
        if let Some(next) = self.advance(department, name, how_many).await? {
            return Ok(next - how_many);
        }
        self.insert_new(ActiveModel {
            county: Set(self.viewer().county().clone()),
            department: Set(department),
            name: Set(name.to_owned()),
            next: Set(1),
        })
        .await?;
        let next = self.advance(department, name, how_many).await?;
        next.map(|next| next - how_many)
            .ok_or_else(|| Fault::Broken(format!("counter {name} is out of scope")))
    }

    /// Whoever of the viewer's department comes to the same `work` second waits until the first has ended: for what is
    /// numbered after the last one, and for what looks at rows before it writes others.
    pub async fn one_at_a_time(&self, work: &str) -> Result<(), Fault> {
        let own = self.viewer().department();
        self.take_numbers(own, work, 1).await.map(|_| ())
    }

    /// Adds to the counter under its row lock, which later takers wait for; nothing where there is no counter yet.
    async fn advance(
        &self,
        department: DepartmentId,
        name: &str,
        how_many: i64,
    ) -> Result<Option<i64>, Fault> {
        let mut statement = Query::update();
        statement
            .table(Entity)
            .value(Column::Next, Expr::col(Column::Next).add(how_many))
            .and_where(Column::Department.eq(department))
            .and_where(Column::Name.eq(name))
            .cond_where(within::<Entity>(self.viewer(), Access::Change))
            .returning_col(Column::Next);
        let rows = self.query_all(&statement).await?;
        Ok(rows
            .first()
            .map(|row| row.try_get_by_index(0))
            .transpose()?)
    }
}
