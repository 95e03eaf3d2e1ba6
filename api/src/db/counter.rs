//! Numbers without gaps: a counter row is locked last in a transaction, by the rows of one department in one order.

use entity::counter::{ActiveModel, Column, Entity};
use entity::id::DepartmentId;
use sea_orm::ActiveValue::Set;
use sea_orm::Value;

use super::fault::Fault;
use super::predicate::Predicate;
use super::tx::Tx;

impl Tx {
    /// Takes `how_many` numbers in a row of a department's counter and returns the first. An import takes a block.
    pub async fn take_numbers(
        &self,
        department: DepartmentId,
        name: &str,
        how_many: i64,
    ) -> Result<i64, Fault> {
        let first = ActiveModel {
            county: Set(self.viewer().county().clone()),
            department: Set(department),
            name: Set(name.to_owned()),
            next: Set(1),
        };
        let this =
            || Predicate::is(Column::Department, department).and(Predicate::is(Column::Name, name));
        if !self.advance(department, name, how_many).await? {
            self.insert_new(first).await?;
            self.advance(department, name, how_many).await?;
        }
        let row = self.from::<Entity>().filter(this()).one().await?;
        let next = row
            .ok_or_else(|| Fault::Broken(format!("counter {name} is out of scope")))?
            .next;
        Ok(next - how_many)
    }

    /// Adds to the counter under its row lock, which later takers wait for.
    async fn advance(
        &self,
        department: DepartmentId,
        name: &str,
        how_many: i64,
    ) -> Result<bool, Fault> {
        let sql = match self.backend() {
            sea_orm::DbBackend::Postgres => {
                "UPDATE counter SET next = next + $1 WHERE county = $2 AND department = $3 AND name = $4"
            }
            _ => {
                "UPDATE counter SET next = next + ? WHERE county = ? AND department = ? AND name = ?"
            }
        };
        let values: Vec<Value> = vec![
            how_many.into(),
            self.viewer().county().clone().into(),
            department.into(),
            name.into(),
        ];
        Ok(self.execute_kernel(sql, values).await? > 0)
    }
}
