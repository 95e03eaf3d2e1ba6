//! Plans as they stand in the database: applied by the operator, and looked at again by a later release.

use entity::id::County;

use super::store::{self, Applied};
use crate::app::App;
use crate::app::counties::counties;
use crate::error::{ApiError, Stop};
use crate::plan::{Plan, PlanError};
use crate::refusal::Refusal;
use crate::scope::system;

/// A stored plan that `plan apply` would refuse today (待修正方案).
#[derive(Clone, Debug)]
pub struct Unfit {
    /// Its county.
    pub county: County,
    /// Code of its campaign.
    pub campaign: String,
    /// What is wrong with it.
    pub errors: Vec<PlanError>,
}

/// The stored plans of all counties that `plan apply` would refuse today.
///
/// # Errors
/// UNAVAILABLE when the database is away.
pub async fn unfit(app: &App) -> Result<Vec<Unfit>, ApiError> {
    let mut unfit = Vec::new();
    for county in counties(app).await? {
        let operator = system::operator(county.clone());
        let tx = app.db.begin_read(&operator).await?;
        for row in store::campaigns(&tx).await? {
            let name = format!("{}/{}", county.as_str(), row.code);
            let errors = match Plan::stored(&name, &row.plan) {
                Ok(stored) => stored.errors,
                Err(errors) => errors,
            };
            if !errors.is_empty() {
                unfit.push(Unfit { county: county.clone(), campaign: row.code, errors });
            }
        }
    }
    Ok(unfit)
}

/// Writes a line into the log for each stored plan that `plan apply` would refuse today. They are served all the same.
pub async fn warn_of_unfit(app: &App) {
    let found = match unfit(app).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(code = error.code().as_str(), "stored plans could not be checked");
            return;
        }
    };
    for Unfit { county, campaign, errors } in found {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        tracing::warn!(
            county = county.as_str(),
            campaign,
            errors = errors.len(),
            first,
            "a stored plan is not what this release asks for; it runs all the same. `minsheng \
             plan check --stored` lists what is wrong; mend the plan's file, then `minsheng plan apply FILE`"
        );
    }
}

/// Applies a plan as the operator of its county, in one transaction: for the command line and the demonstration (方案入库).
///
/// # Errors
///
/// As [`store::apply`]; nothing was written then.
pub async fn apply(app: &App, plan: &Plan, text: &str) -> Result<Applied, Stop> {
    let no_county = || Refusal::invalid("county.code", "不是行政区划代码", "Not the code of a county");
    let county = County::parse(&plan.county.code).ok_or_else(no_county)?;
    let tx = app.db.begin_write(&system::operator(county)).await?;
    let now = app.clock.now();
    let applied = store::apply(&tx, plan, text, now, || app.new_key(now)).await?;
    tx.commit().await?;
    Ok(applied)
}

#[cfg(test)]
mod tests {

    use std::sync::Arc;

    use entity::campaign;

    use super::*;
    use crate::app::plans::PlanCache;
    use crate::campaign::trial::{self, SHUANGLUAN, SMALL, Trial};
    use crate::db::Predicate;

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
    async fn a_stored_plan_that_would_be_refused_today_runs_and_is_named() {
        let trial = Trial::new().await;
        trial.apply_text(SHUANGLUAN).await;
        let id = trial.apply_text(SMALL).await.campaign;
        let app = trial::app(&trial);
        assert!(unfit(&app).await.unwrap().is_empty());
        let text = SMALL
            .replace("percent = 95", "percent = 101")
            .replace("weekday = \"FRIDAY\"", "weekday = \"FRITAG\"");
        assert!(Plan::parse("plan.toml", &text).is_err());
        let tx = trial.write("999999").await;
        let changes =
            vec![(campaign::Column::Plan, text.into()), (campaign::Column::PlanDigest, "older".into())];
        let this = Predicate::is(campaign::Column::Id, id);
        tx.update::<campaign::Entity>(this, changes).await.unwrap();
        tx.commit().await.unwrap();
        let tx = trial.read("999999").await;
        let plan = app.plans.plan_of(&tx, id).await.unwrap().unwrap();
        assert_eq!(plan.coverage_targets[0].percent, 101);
        let unfit = unfit(&app).await.unwrap();
        assert_eq!(unfit.len(), 1);
        assert_eq!(unfit[0].campaign, "SLX-2020");
        let codes: Vec<&str> = unfit[0].errors.iter().map(|error| error.code.as_str()).collect();
        assert!(["OUT_OF_RANGE", "WRONG_VALUE"].iter().all(|code| codes.contains(code)), "{codes:?}");
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
