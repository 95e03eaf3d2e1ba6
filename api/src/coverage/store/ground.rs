//! What visits are held against: the villages in reach, their registers, what was sent before.

use std::collections::{HashMap, HashSet};

use entity::enums::RightsProfile;
use entity::id::{CampaignId, SubmissionId, VillageId};
use entity::{campaign, submission, village, village_register, visit};

use crate::coverage::rules::Draft;
use crate::db::{Fault, Predicate, Tx};
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::scope::viewer::Viewer;

/// The facts behind a batch, by one query each.
pub(super) struct Grounds {
    pub(super) villages: HashMap<VillageId, village::Model>,
    pub(super) households: HashMap<VillageId, i32>,
    pub(super) known: HashMap<String, visit::Model>,
    pub(super) submissions: HashSet<SubmissionId>,
}

impl Grounds {
    pub(super) async fn of(tx: &Tx, campaign: CampaignId, drafts: &[Draft]) -> Result<Self, Fault> {
        let named: HashSet<VillageId> = drafts.iter().filter_map(|draft| draft.village).collect();
        let villages = villages_in_reach(tx, &named).await?;
        let refs = drafts.iter().map(|draft| draft.client_ref.as_str());
        let before = Predicate::is(visit::Column::Department, tx.viewer().department())
            .and(Predicate::among(visit::Column::ClientRef, refs));
        let before = tx.from::<visit::Entity>().filter(before).all().await?;
        Ok(Self {
            households: last_households(tx, &named).await?,
            villages,
            known: before.into_iter().map(|row| (row.client_ref.clone(), row)).collect(),
            submissions: seen(tx, campaign, drafts).await?,
        })
    }
}

/// The campaign, if there is such a one in the county.
pub(super) async fn campaign_of(tx: &Tx, id: Option<CampaignId>) -> Result<campaign::Model, Stop> {
    let row = match id {
        None => None,
        Some(id) => {
            let this = Predicate::is(campaign::Column::Id, id);
            tx.from::<campaign::Entity>().filter(this).one().await?
        }
    };
    row.ok_or_else(|| Refusal::not_found("campaignId").into())
}

/// Whether somebody may visit in a village: a village account in its own, any other visitor everywhere.
#[must_use]
pub fn in_reach(viewer: &Viewer, village: &village::Model) -> bool {
    viewer.profile() != Some(RightsProfile::Village) || village.committee == Some(viewer.department())
}

pub(super) async fn villages_in_reach(
    tx: &Tx,
    named: &HashSet<VillageId>,
) -> Result<HashMap<VillageId, village::Model>, Fault> {
    let these = Predicate::among(village::Column::Id, named.iter().copied());
    let rows = tx.from::<village::Entity>().filter(these).all().await?;
    let rows = rows.into_iter().filter(|row| in_reach(tx.viewer(), row));
    Ok(rows.map(|row| (row.id, row)).collect())
}

pub(super) async fn last_households(
    tx: &Tx,
    named: &HashSet<VillageId>,
) -> Result<HashMap<VillageId, i32>, Fault> {
    use village_register::Column;
    let these = Predicate::among(Column::Village, named.iter().copied());
    let mut rows = tx.from::<village_register::Entity>().filter(these).all().await?;
    rows.sort_by_key(|row| row.version);
    Ok(rows.into_iter().map(|row| (row.village, row.households)).collect())
}

async fn seen(tx: &Tx, campaign: CampaignId, drafts: &[Draft]) -> Result<HashSet<SubmissionId>, Fault> {
    let named: HashSet<SubmissionId> =
        drafts.iter().flat_map(|draft| draft.submissions.iter().copied().flatten()).collect();
    seen_of(tx, campaign, named).await
}

/// Those suggestions of the campaign that the viewer sees.
pub(super) async fn seen_of(
    tx: &Tx,
    campaign: CampaignId,
    named: HashSet<SubmissionId>,
) -> Result<HashSet<SubmissionId>, Fault> {
    use submission::Column;
    if named.is_empty() {
        return Ok(named);
    }
    let these = Predicate::among(Column::Id, named).and(Predicate::is(Column::Campaign, campaign));
    let rows = tx.from::<submission::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
