//! Asking all sources, over what they all need.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::id::CampaignId;
use entity::{campaign, campaign_closing};

use super::rules::Listed;
use super::source::{Asked, Running, Source};
use crate::app::App;
use crate::db::{Fault, Predicate, Tx};
use crate::error::ApiError;
use crate::snapshot::Snapshot;
use crate::snapshot::loaders::one;

/// What the snapshot's viewer owes on a day: of the present post, over all campaigns of its county that run. Nothing for
/// whoever stands in no department.
///
/// Posts in other departments are not asked: each has a scope of its own, and a request has one.
pub async fn owed(
    app: &App,
    snapshot: &Snapshot,
    today: NaiveDate,
    sources: &[&dyn Source],
) -> Result<Listed, ApiError> {
    let department = one(&snapshot.load.department, snapshot.tx.viewer().department()).await?;
    let campaigns = running(app, snapshot, today).await?;
    let Some(department) = department.filter(|_| !campaigns.is_empty()) else {
        return Ok(Listed::default());
    };
    let asked = Asked { app, snapshot, today, department, campaigns };
    let mut owed = Vec::new();
    for source in sources {
        owed.extend(source.owed(&asked).await?);
    }
    owed.retain(|owed| asked.may(owed.operation));
    Ok(Listed::of(owed))
}

/// The campaigns that have begun and are not closed.
async fn running(app: &App, snapshot: &Snapshot, today: NaiveDate) -> Result<Vec<Running>, ApiError> {
    let begun = begun(&snapshot.tx, today).await?;
    let closed = closed(&snapshot.tx, &begun).await?;
    let open: Vec<CampaignId> = begun.into_iter().filter(|id| !closed.contains(id)).collect();
    let rows = snapshot.load.campaign.load_many(open).await?;
    let mut rows: Vec<campaign::Model> = rows.into_values().collect();
    rows.sort_by(|one, other| one.code.cmp(&other.code));
    let running = |row: campaign::Model| Ok(Running { plan: app.plans.of(&row)?, row });
    rows.into_iter().map(running).collect()
}

/// Their keys alone: the rows with their long plans are mostly in memory.
async fn begun(tx: &Tx, today: NaiveDate) -> Result<Vec<CampaignId>, Fault> {
    let columns = [campaign::Column::Id, campaign::Column::OpensOn];
    let mut found = Vec::new();
    for group in tx.from::<campaign::Entity>().count_by(&columns, None).await? {
        if group.key::<NaiveDate>(1)? <= today {
            found.push(group.key(0)?);
        }
    }
    Ok(found)
}

async fn closed(tx: &Tx, campaigns: &[CampaignId]) -> Result<BTreeSet<CampaignId>, Fault> {
    let these = Predicate::among(campaign_closing::Column::Campaign, campaigns.iter().copied());
    let rows = tx.from::<campaign_closing::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| row.campaign).collect())
}
