//! Rows of campaigns and of what their plans list; the way in for a plan is [`apply`].

mod apply;
mod compare;
mod references;
mod register;
mod rows;
mod tasks;
#[cfg(test)]
mod tests;

use entity::id::CampaignId;
use entity::{campaign, category, channel, department, stream, village};

pub use apply::{Applied, apply};

use crate::campaign::names::{Names, named};
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::snapshot::loaders::ById;

/// A table that plans fill: its rows keep their id under a code that is unique in the county or in its campaign.
pub trait Coded: ById {
    /// The column of the code.
    fn code_column() -> Self::Column;
    /// The code of a row.
    fn code_of(row: &Self::Model) -> &str;
}

macro_rules! coded {
    ($($table:ident),*) => {$(
        impl Coded for $table::Entity {
            fn code_column() -> Self::Column { $table::Column::Code }
            fn code_of(row: &Self::Model) -> &str { &row.code }
        }
    )*};
}

coded!(campaign, category, channel, department, stream, village);

/// Every campaign of the county, the latest first.
pub async fn campaigns(tx: &Tx) -> Result<Vec<campaign::Model>, Fault> {
    let rows = tx.from::<campaign::Entity>().order(campaign::Column::OpensOn, Direction::Descending);
    rows.order(campaign::Column::Code, Direction::Ascending).all().await
}

/// One campaign by its code.
pub async fn campaign_by_code(tx: &Tx, code: &str) -> Result<Option<campaign::Model>, Fault> {
    tx.from::<campaign::Entity>().filter(Predicate::is(campaign::Column::Code, code)).one().await
}

/// One campaign by its name in any of its spellings, or by its code; of several that are spelt so the latest.
pub async fn campaign_by_name(tx: &Tx, name: &str) -> Result<Option<campaign::Model>, Fault> {
    let rows = campaigns(tx).await?;
    let known: Vec<Names> = rows.iter().map(Names::of).collect();
    Ok(named(name, rows.iter().zip(&known)).cloned())
}

/// The streams that the viewer reads, of one campaign or of all, in the order of their plans.
pub async fn streams(tx: &Tx, campaign: Option<CampaignId>) -> Result<Vec<stream::Model>, Fault> {
    let wanted = campaign.map_or(Predicate::everything(), |id| Predicate::is(stream::Column::Campaign, id));
    let rows = tx.from::<stream::Entity>().filter(wanted);
    let rows = rows.order(stream::Column::Campaign, Direction::Ascending);
    rows.order(stream::Column::Rank, Direction::Ascending).all().await
}
