//! Plans as they were applied, read from their text once and shared.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use entity::campaign;
use entity::id::CampaignId;

use crate::db::{Fault, Predicate, Tx};
use crate::error::ApiError;
use crate::plan::Plan;

/// Plans kept at most; a county has a few campaigns, an installation a few counties.
const KEPT: usize = 64;

/// The plans in use, by digest, the one used last at the end (方案缓存).
#[derive(Debug, Default)]
pub struct PlanCache {
    kept: Mutex<VecDeque<(String, Arc<Plan>)>>,
}

impl PlanCache {
    /// The plan of a campaign in the transaction's county; none where the viewer has no such campaign.
    ///
    /// One round trip while the plan is known: its text is fetched only when its digest is new.
    pub async fn plan_of(&self, tx: &Tx, id: CampaignId) -> Result<Option<Arc<Plan>>, ApiError> {
        match digest_of(tx, id).await? {
            Some(digest) => self.of_digest(tx, id, &digest).await,
            None => Ok(None),
        }
    }

    /// The plan of a campaign whose digest is at hand; no round trip while it is known.
    pub async fn of_digest(
        &self,
        tx: &Tx,
        id: CampaignId,
        digest: &str,
    ) -> Result<Option<Arc<Plan>>, ApiError> {
        if let Some(plan) = self.kept(digest) {
            return Ok(Some(plan));
        }
        let row = campaign(tx, id).await?;
        row.map(|row| self.of(&row)).transpose()
    }

    /// The plan of a campaign whose row is at hand.
    pub fn of(&self, row: &campaign::Model) -> Result<Arc<Plan>, ApiError> {
        if let Some(plan) = self.kept(&row.plan_digest) {
            return Ok(plan);
        }
        // Checked at `plan apply`; a later release that asks for more warns, and serves it all the same.
        let stored = Plan::stored(&row.code, &row.plan).map_err(|errors| {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            ApiError::internal(&format!("a stored plan is no plan at all: {first}"))
        })?;
        let plan = Arc::new(stored.plan);
        self.keep(row.plan_digest.clone(), Arc::clone(&plan));
        Ok(plan)
    }

    fn kept(&self, digest: &str) -> Option<Arc<Plan>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, _)| known == digest)?;
        let entry = kept.remove(place)?;
        let plan = Arc::clone(&entry.1);
        kept.push_back(entry);
        Some(plan)
    }

    fn keep(&self, digest: String, plan: Arc<Plan>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((digest, plan));
    }
}

/// One campaign by id.
pub async fn campaign(tx: &Tx, id: CampaignId) -> Result<Option<campaign::Model>, Fault> {
    tx.from::<campaign::Entity>().filter(Predicate::is(campaign::Column::Id, id)).one().await
}

/// The digest of a campaign's plan, without its text: grouping by the column fetches it alone.
pub async fn digest_of(tx: &Tx, id: CampaignId) -> Result<Option<String>, Fault> {
    let rows = tx.from::<campaign::Entity>().filter(Predicate::is(campaign::Column::Id, id));
    let groups = rows.count_by(&[campaign::Column::PlanDigest], None).await?;
    groups.first().map(|group| group.key(0)).transpose()
}
