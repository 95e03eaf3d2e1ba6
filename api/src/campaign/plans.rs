//! Plans as they were applied, read from their text once and shared.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use entity::campaign;
use entity::id::{CampaignId, County};

use super::plan::Plan;
use super::store::{self, Applied};
use crate::access::system;
use crate::app::App;
use crate::db::Tx;
use crate::graphql::error::{ApiError, Refusal, Stop};

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
        let Some(digest) = store::digest_of(tx, id).await? else {
            return Ok(None);
        };
        if let Some(plan) = self.kept(&digest) {
            return Ok(Some(plan));
        }
        let row = store::campaign(tx, id).await?;
        row.map(|row| self.of(&row)).transpose()
    }

    /// The plan of a campaign whose row is at hand.
    pub fn of(&self, row: &campaign::Model) -> Result<Arc<Plan>, ApiError> {
        if let Some(plan) = self.kept(&row.plan_digest) {
            return Ok(plan);
        }
        let plan = Plan::parse(&row.code, &row.plan).map_err(|errors| {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            ApiError::internal(&format!(
                "the stored plan of campaign {} is unfit: {first}",
                row.code
            ))
        })?;
        let plan = Arc::new(plan);
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

/// Applies a plan as the operator of its county, in one transaction: for the command line and the demonstration (方案入库).
///
/// # Errors
///
/// As [`store::apply`]; nothing was written then.
pub async fn apply(app: &App, plan: &Plan, text: &str) -> Result<Applied, Stop> {
    let no_county = || {
        Refusal::invalid(
            "county.code",
            "不是行政区划代码",
            "Not the code of a county",
        )
    };
    let county = County::parse(&plan.county.code).ok_or_else(no_county)?;
    let tx = app.db.begin_write(&system::operator(county)).await?;
    let now = app.clock.now();
    let applied = store::apply(&tx, plan, text, now, || app.new_key(now)).await?;
    tx.commit().await?;
    Ok(applied)
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::campaign::trial::{SHUANGLUAN, SMALL, Trial};

    #[tokio::test]
    async fn a_plan_is_read_once_and_shared_until_another_is_applied() {
        let (trial, cache) = (Trial::new().await, PlanCache::default());
        let id = trial.apply_text(SMALL).await.campaign;
        let tx = trial.read("999999").await;
        let first = cache.plan_of(&tx, id).await.unwrap().unwrap();
        let trips = trial.db.trips();
        let second = cache.plan_of(&tx, id).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(trial.db.trips() - trips, 1);
        drop(tx);
        trial.apply_text(&SMALL.replace("道路交通", "交通")).await;
        let tx = trial.read("999999").await;
        let third = cache.plan_of(&tx, id).await.unwrap().unwrap();
        assert_eq!(third.categories[0].name, "交通");
    }

    #[tokio::test]
    async fn another_countys_campaign_has_no_plan() {
        let (trial, cache) = (Trial::new().await, PlanCache::default());
        let id = trial.apply_text(SMALL).await.campaign;
        trial.apply_text(SHUANGLUAN).await;
        let tx = trial.read("130803").await;
        assert!(cache.plan_of(&tx, id).await.unwrap().is_none());
    }
}
