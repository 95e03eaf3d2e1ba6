//! The campaign that a public page asks for: its plan, which is in memory, and whether it is closed.

use std::sync::Arc;

use entity::id::{CampaignId, County};
use entity::{campaign, campaign_closing};

use crate::app::App;
use crate::campaign::names::{self, Names};
use crate::db::{Predicate, Tx};
use crate::error::ApiError;
use crate::plan::Plan;
use crate::scope::system;

/// A campaign that takes suggestions from the public.
pub struct OpenPlan {
    /// Its plan.
    pub plan: Arc<Plan>,
    /// Whether the office has closed it.
    pub closed: bool,
}

/// The campaign of a code, or of a name in any of its spellings (H03); nothing where there is none or where it takes nothing
/// from the public. Two statements, while the plans are known.
///
/// # Errors
/// UNAVAILABLE when the database is away.
pub async fn open_plan(app: &App, county: County, name: &str) -> Result<Option<OpenPlan>, ApiError> {
    let desk = app.db.begin_read(&system::public_desk(county)).await?;
    let Some((id, plan)) = named(app, &desk, name).await? else {
        return Ok(None);
    };
    if !plan.campaign.public_submission {
        return Ok(None);
    }
    let this = Predicate::is(campaign_closing::Column::Campaign, id);
    let closings = desk.from::<campaign_closing::Entity>().filter(this).count().await?;
    Ok(Some(OpenPlan { plan, closed: closings > 0 }))
}

async fn named(app: &App, desk: &Tx, name: &str) -> Result<Option<(CampaignId, Arc<Plan>)>, ApiError> {
    use campaign::Column as C;
    let mut known = Vec::new();
    for group in desk.from::<campaign::Entity>().count_by(&[C::Id, C::PlanDigest], None).await? {
        let (id, digest) = (group.key(0)?, group.key::<String>(1)?);
        if let Some(plan) = app.plans.of_digest(desk, id, &digest).await? {
            known.push((id, Names::of_plan(&plan), plan));
        }
    }
    let campaigns = known.iter().map(|(id, names, plan)| ((*id, plan), names));
    Ok(names::named(name, campaigns).map(|(id, plan)| (id, Arc::clone(plan))))
}
