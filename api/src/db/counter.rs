//! Numbers without gaps: a counter row is locked last in a transaction, by the rows of one department in one order.

use entity::counter::{ActiveModel, Column, Entity};
use entity::id::DepartmentId;
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, UpdateStatement};

use super::binding::Access;
use super::fault::Fault;
use super::scoped::within;
use super::tx::Tx;
use crate::scope::viewer::Viewer;

/// Numbers in a row that are taken from a department's counter.
#[derive(Clone, Debug)]
pub struct Block {
    /// Whose counter.
    pub department: DepartmentId,
    /// What is counted.
    pub name: String,
    /// How many.
    pub how_many: i64,
}

impl Tx {
    /// Takes `how_many` numbers in a row of a department's counter and returns the first. An import takes a block.
    pub async fn take_numbers(
        &self,
        department: DepartmentId,
        name: &str,
        how_many: i64,
    ) -> Result<i64, Fault> {
        let block = Block { department, name: name.to_owned(), how_many };
        let next = self.each(&[advance(self.viewer(), &block)]).await?.pop();
        self.first_of(&block, next.flatten()).await
    }

    /// The first number of each block. Counters are locked in the order in which they are named, which must be the same for
    /// all who take of several, or two of them would wait for each other.
    pub async fn take_blocks(&self, blocks: &[Block]) -> Result<Vec<i64>, Fault> {
        let advances = blocks.iter().map(|block| advance(self.viewer(), block));
        let advances: Vec<UpdateStatement> = advances.collect();
        let mut firsts = Vec::with_capacity(blocks.len());
        for (block, next) in blocks.iter().zip(self.each(&advances).await?) {
            firsts.push(self.first_of(block, next).await?);
        }
        Ok(firsts)
    }

    /// The first number of a block behind which the counter stands now, made if it is not there yet.
    async fn first_of(&self, block: &Block, next: Option<i64>) -> Result<i64, Fault> {
        let next = match next {
            Some(next) => next,
            None => self.made(block).await?,
        };
        Ok(next - block.how_many)
    }

    /// Makes a counter that is not there yet, and takes of it.
    async fn made(&self, block: &Block) -> Result<i64, Fault> {
        self.insert_new(ActiveModel {
            county: Set(self.viewer().county().clone()),
            department: Set(block.department),
            name: Set(block.name.clone()),
            next: Set(1),
        })
        .await?;
        let next = self.each(&[advance(self.viewer(), block)]).await?.pop();
        next.flatten().ok_or_else(|| Fault::Broken(format!("counter {} is out of scope", block.name)))
    }

    /// Whoever of the viewer's department comes to the same `work` second waits until the first has ended: for what is
    /// numbered after the last one, and for what looks at rows before it writes others.
    pub async fn one_at_a_time(&self, work: &str) -> Result<(), Fault> {
        let own = self.viewer().department();
        self.take_numbers(own, work, 1).await.map(|_| ())
    }
}

/// Adds to a counter under its row lock, which later takers wait for; touches nothing where there is no counter yet.
fn advance(viewer: &Viewer, block: &Block) -> UpdateStatement {
    let mut statement = Query::update();
    statement
        .table(Entity)
        .value(Column::Next, Expr::col(Column::Next).add(block.how_many))
        .and_where(Column::Department.eq(block.department))
        .and_where(Column::Name.eq(&*block.name))
        .cond_where(within::<Entity>(viewer, Access::Change))
        .returning_col(Column::Next);
    statement
}
