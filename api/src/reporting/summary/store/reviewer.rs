//! Whether the viewer may review a table now: by the posts that are held, the plan, and who wrote its lines.

use std::collections::HashSet;

use entity::enums::Position;
use entity::id::{AccountId, SummaryTableId};
use entity::{post, summary_line, summary_table};

use crate::app::App;
use crate::db::{Fault, Predicate, Tx};
use crate::error::ApiError;
use crate::reporting::summary::rules::{InPlace, Reviewer};
use crate::scope::viewer::Credential;

/// What of the viewer decides about the review of a table, at this moment.
pub async fn reviewer(tx: &Tx, app: &App, table: &summary_table::Model) -> Result<Reviewer, ApiError> {
    let viewer = tx.viewer();
    let Credential::Post { account, position, .. } = viewer.credential() else {
        return Ok(Reviewer::default());
    };
    if viewer.department() != table.department || *position == Position::Officer {
        return Ok(Reviewer::default());
    }
    let writers = writers(tx, table.id).await?;
    let in_place = match position {
        Position::Head => {
            let elsewhere = |one: &AccountId| one != account && !writers.contains(one);
            let deputies = deputies(tx, table).await?.into_iter().filter(elsewhere).collect::<Vec<_>>();
            InPlace::of(head_reviews(tx, app, table).await?, in_office(tx, &deputies).await?)
        }
        _ => None,
    };
    Ok(Reviewer { wrote: writers.contains(account), in_place })
}

/// Who wrote the lines as they stand.
async fn writers(tx: &Tx, table: SummaryTableId) -> Result<HashSet<AccountId>, Fault> {
    use summary_line::Column as C;
    let written = Predicate::is(C::Summary, table).and(Predicate::Present(C::WrittenBy));
    let lines = tx.from::<summary_line::Entity>().filter(written);
    let groups = lines.count_by(&[C::WrittenBy], None).await?;
    groups.iter().map(|group| group.key(0)).collect()
}

/// Who holds a deputy's post of the department; its head sees the posts.
async fn deputies(tx: &Tx, table: &summary_table::Model) -> Result<Vec<AccountId>, Fault> {
    let held = Predicate::is(post::Column::Department, table.department)
        .and(Predicate::is(post::Column::Position, Position::Deputy));
    let rows = tx.from::<post::Entity>().filter(held).all().await?;
    Ok(rows.into_iter().map(|row| row.account).collect())
}

/// How many of them are not disabled.
async fn in_office(tx: &Tx, accounts: &[AccountId]) -> Result<usize, Fault> {
    if accounts.is_empty() {
        return Ok(0);
    }
    Ok(tx.staff_serving(accounts).await?.len())
}

async fn head_reviews(tx: &Tx, app: &App, table: &summary_table::Model) -> Result<bool, ApiError> {
    let Some(campaign) = crate::app::plans::campaign(tx, table.campaign).await? else {
        return Ok(false);
    };
    Ok(app.plans.of(&campaign)?.summary_due().is_some_and(|due| due.head_reviews))
}
