//! A suggestion that changes hands (改派): the one way in which it gets another collector. Everywhere else whose a row is is
//! said once, when it is added.

use entity::id::{DepartmentId, StreamId};
use entity::{share, submission};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, IntoActiveModel as _};

use super::before::Before;
use super::binding::Access;
use super::fault::Fault;
use super::predicate::Predicate;
use super::scoped::within;
use super::tx::Tx;
use crate::scope::profiles::Writes;

impl Tx {
    /// Notes where a suggestion stands, as it was read, before a step changes it.
    pub fn stood(&self, row: &submission::Model) {
        self.note_before(row.id, Before::of(row, None));
    }

    /// Gives a suggestion, whose row this transaction has locked by a change, to the collector of another stream; only whoever
    /// writes all of a county may. The former collector's share goes, everybody else who sees it goes on seeing it. Says who
    /// sees it now.
    pub async fn hand_over(
        &self,
        row: &submission::Model,
        (department, stream): (DepartmentId, StreamId),
    ) -> Result<Vec<DepartmentId>, Fault> {
        if self.viewer().scope().writes != Writes::County {
            return Err(Fault::Broken("a suggestion handed over by somebody who may not".to_owned()));
        }
        let all = Predicate::is(share::Column::Submission, row.id);
        let shares = self.from::<share::Entity>().filter(all.clone()).all().await?;
        self.note_before(row.id, Before::of_moved(row, &shares));
        // A share is tied to the collector whom it names, so that they go before the row changes hands and come after it.
        self.delete::<share::Entity>(all).await?;
        self.own(row, department, stream).await?;
        let shares = handed(shares, (row.department, department), stream);
        let seen_by = shares.iter().map(|share| share.department).collect();
        let rows = shares.into_iter().map(|share| share.into_active_model().reset_all());
        self.insert_many(rows.collect()).await?;
        Ok(seen_by)
    }

    async fn own(
        &self,
        row: &submission::Model,
        department: DepartmentId,
        stream: StreamId,
    ) -> Result<(), Fault> {
        use submission::{Column, Entity};
        let mut statement = Query::update();
        statement
            .table(Entity)
            .value(Column::Department, Expr::val(department))
            .value(Column::Stream, Expr::val(stream))
            .and_where(Column::Id.eq(row.id))
            .cond_where(within::<Entity>(self.viewer(), Access::Change));
        match self.execute(&statement).await? {
            1 => Ok(()),
            _ => Err(Fault::Broken("a suggestion handed over that is out of scope".to_owned())),
        }
    }
}

/// The shares as they are to be: the collector's is the new one's, who needs no other.
fn handed(
    shares: Vec<share::Model>,
    (from, to): (DepartmentId, DepartmentId),
    stream: StreamId,
) -> Vec<share::Model> {
    let kept = shares.into_iter().filter(|share| share.department == from || share.department != to);
    let handed = kept.map(|share| {
        let department = if share.department == from { to } else { share.department };
        share::Model { department, owner: to, stream, ..share }
    });
    handed.collect()
}
