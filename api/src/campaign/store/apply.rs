//! A plan into the tables: once or again, in one transaction, with nothing lost that suggestions hang on.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::{CampaignId, County};
use entity::{campaign, category, channel, county, department, stream, village};
use sea_orm::IntoActiveModel;
use serde_json::json;
use uuid::Uuid;

use super::compare::{Difference, changed_columns};
use super::rows::{Mentioned, Present, Source, Wanted};
use super::{references, register, tasks};
use crate::db::{Fault, Predicate, Trail, Tx};
use crate::error::{ApiError, Stop};
use crate::plan::Plan;
use crate::refusal::Refusal;

/// What applying a plan came to, in rows of all tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The campaign.
    pub campaign: CampaignId,
    /// Rows that are new.
    pub inserted: usize,
    /// Rows that were changed and kept their id.
    pub updated: usize,
    /// Rows that were as the plan says.
    pub unchanged: usize,
    /// Rows that the plan no longer names and nothing hung on.
    pub removed: usize,
}

impl Applied {
    /// Whether everything was as the plan says: then nothing was written, not even to the audit trail.
    #[must_use]
    pub const fn is_unchanged(&self) -> bool {
        self.inserted + self.updated + self.removed == 0
    }
}

/// Brings the plan's county, campaign, departments, streams, channels, classes and villages into the tables (方案入库).
///
/// `tx` is a write of the operator of the plan's county, `text` what the plan was read from. Rows are found by their
/// codes and keep their ids; a second time changes nothing. Departments and villages are the county's: those that another
/// campaign of the county names stay, and where both describe one, the plan applied last holds.
///
/// # Errors
///
/// Refused, with everything that stands in the way: the plan is another county's; a stream would change its owner; a row
/// that the plan no longer names still has suggestions, accounts or the like. The caller then drops the transaction.
pub async fn apply(
    tx: &Tx,
    plan: &Plan,
    text: &str,
    now: DateTime<Utc>,
    mut new_key: impl FnMut() -> Uuid + Send,
) -> Result<Applied, Stop> {
    let county = county_of(tx, plan)?;
    let present = Present::load(tx, &plan.campaign.code).await?;
    let source = Source { county: &county, plan, text };
    let wanted = Wanted::of(source, &present, now, &mut new_key)
        .ok_or_else(|| ApiError::internal("a checked plan names a code that it does not define"))?;
    let elsewhere = present.named_elsewhere()?;
    let changes = Changes::of(present, wanted, &elsewhere);
    register::forget(tx, &changes.villages).await?;
    tasks::forget(tx, &changes.departments).await?;
    changes.refuse(tx).await?;
    let applied = changes.applied();
    if !applied.is_unchanged() {
        changes.write(tx).await?;
        tx.audit(trail(applied, plan, now, new_key())).await?;
    }
    register::follow(tx, plan, now, &mut new_key).await?;
    tasks::follow(tx, plan, applied.campaign, now, &mut new_key).await?;
    Ok(applied)
}

fn county_of(tx: &Tx, plan: &Plan) -> Result<County, Refusal> {
    let county = County::parse(&plan.county.code).filter(|code| code == tx.viewer().county());
    county.ok_or_else(|| Refusal::invalid("county.code", "方案属于另一县区", "The plan is another county's"))
}

/// What changes in every table.
struct Changes {
    former_county: Option<county::Model>,
    county: county::Model,
    campaign_id: CampaignId,
    campaign: Difference<campaign::Entity>,
    departments: Difference<department::Entity>,
    streams: Difference<stream::Entity>,
    channels: Difference<channel::Entity>,
    categories: Difference<category::Entity>,
    villages: Difference<village::Entity>,
}

impl Changes {
    fn of(present: Present, wanted: Wanted, elsewhere: &Mentioned) -> Self {
        let nothing = HashSet::new();
        let campaign = present.campaign.into_iter().collect();
        let Wanted { county, streams, channels, categories, .. } = wanted;
        Self {
            former_county: present.county,
            county,
            campaign_id: wanted.campaign.id,
            campaign: Difference::of(campaign, vec![wanted.campaign], &nothing),
            departments: Difference::of(present.departments, wanted.departments, &elsewhere.departments),
            streams: Difference::of(present.streams, streams, &nothing),
            channels: Difference::of(present.channels, channels, &nothing),
            categories: Difference::of(present.categories, categories, &nothing),
            villages: Difference::of(present.villages, wanted.villages, &elsewhere.villages),
        }
    }

    async fn refuse(&self, tx: &Tx) -> Result<(), Stop> {
        let mut refusals = owner_changes(&self.streams);
        refusals.extend(references::of_departments(tx, &self.departments).await?);
        refusals.extend(references::of_streams(tx, &self.streams).await?);
        refusals.extend(references::of_channels(tx, &self.channels).await?);
        refusals.extend(references::of_categories(tx, &self.categories).await?);
        refusals.extend(references::of_villages(tx, &self.villages).await?);
        if refusals.is_empty() { Ok(()) } else { Err(refusals.into()) }
    }

    /// Parents before children; removals after everything else, children first.
    async fn write(&self, tx: &Tx) -> Result<(), Fault> {
        self.write_county(tx).await?;
        self.campaign.write(tx).await?;
        self.departments.write(tx).await?;
        self.streams.write(tx).await?;
        self.channels.write(tx).await?;
        self.categories.write(tx).await?;
        self.villages.write(tx).await?;
        self.villages.remove(tx).await?;
        self.categories.remove(tx).await?;
        self.channels.remove(tx).await?;
        self.streams.remove(tx).await?;
        self.departments.remove(tx).await
    }

    async fn write_county(&self, tx: &Tx) -> Result<(), Fault> {
        let Some(former) = &self.former_county else {
            return tx.insert(self.county.clone().into_active_model()).await;
        };
        let columns = changed_columns(former, &self.county);
        if !columns.is_empty() {
            tx.update::<county::Entity>(Predicate::everything(), columns).await?;
        }
        Ok(())
    }

    fn applied(&self) -> Applied {
        let county = match &self.former_county {
            None => [1, 0, 0, 0],
            Some(former) if *former == self.county => [0, 0, 1, 0],
            Some(_) => [0, 1, 0, 0],
        };
        let tables = [
            county,
            self.campaign.counts(),
            self.departments.counts(),
            self.streams.counts(),
            self.channels.counts(),
            self.categories.counts(),
            self.villages.counts(),
        ];
        let sum = |figure: usize| tables.iter().map(|counts| counts[figure]).sum();
        Applied {
            campaign: self.campaign_id,
            inserted: sum(0),
            updated: sum(1),
            unchanged: sum(2),
            removed: sum(3),
        }
    }
}

fn trail(applied: Applied, plan: &Plan, now: DateTime<Utc>, id: Uuid) -> Trail {
    let Applied { campaign, inserted, updated, unchanged, removed } = applied;
    Trail {
        id,
        at: now,
        action: AuditAction::PlanApplied,
        subject: format!("campaign:{}", campaign.0),
        detail: json!({
            "code": plan.campaign.code, "digest": plan.digest(),
            "inserted": inserted, "updated": updated, "unchanged": unchanged, "removed": removed,
        }),
    }
}

/// A stream's owner sees its suggestions for good, so a plan can't give it to another department.
fn owner_changes(streams: &Difference<stream::Entity>) -> Vec<Refusal> {
    let moved = streams.changed.iter().filter(|change| {
        change.columns.iter().any(|(column, _)| matches!(column, stream::Column::Department))
    });
    let refusal = |code: &str| {
        Refusal::invalid(
            &format!("streams.{code}.department"),
            format!("征集流 {code} 的征集单位不能变更；请另立新的征集流"),
            format!("The owner of stream {code} never changes; found a new stream instead"),
        )
    };
    moved.map(|change| refusal(&change.before.code)).collect()
}
