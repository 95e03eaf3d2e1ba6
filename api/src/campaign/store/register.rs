//! The register's versions: how many households a village has, from which day on (S05, S06). 户数登记

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{VillageId, VillageRegisterId};
use entity::village_register::{ActiveModel, Column, Entity, Model};
use entity::{department, village};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::compare::Difference;
use crate::clock::day_of;
use crate::db::{Fault, Predicate, Tx};
use crate::plan::{Denominator, Plan};

/// Writes a version for every village whose count, class or township differs from its last one. The first counts from the
/// opening of the campaign, a later one from the day on which its plan is applied.
pub(super) async fn follow(
    tx: &Tx,
    plan: &Plan,
    now: DateTime<Utc>,
    new_key: &mut (impl FnMut() -> Uuid + Send),
) -> Result<(), Fault> {
    let last = last_versions(tx).await?;
    let villages = tx.from::<village::Entity>().all().await?;
    let departments = tx.from::<department::Entity>().all().await?;
    let mut versions = Vec::new();
    for listed in &plan.villages {
        let row = villages.iter().find(|row| row.code == listed.code);
        let township = departments.iter().find(|row| row.code == listed.department);
        let (Some(row), Some(township)) = (row, township) else {
            continue;
        };
        let households = match plan.coverage.denominator {
            Denominator::RegisteredHouseholds => listed.households,
            Denominator::ResidentHouseholds => listed.resident_households.unwrap_or(listed.households),
        };
        let households = i32::try_from(households).unwrap_or(i32::MAX);
        let former = last.get(&row.id);
        let same = former.is_some_and(|former| {
            former.households == households
                && former.class == listed.class
                && former.department == township.id
        });
        if same {
            continue;
        }
        versions.push(ActiveModel {
            county: Set(tx.viewer().county().clone()),
            id: Set(VillageRegisterId(new_key())),
            village: Set(row.id),
            department: Set(township.id),
            version: Set(former.map_or(1, |former| former.version + 1)),
            households: Set(households),
            class: Set(listed.class),
            effective_on: Set(effective_on(plan.campaign.opens_on, former, now)),
            created_at: Set(now),
        });
    }
    tx.insert_many(versions).await
}

/// Versions never go back behind one another.
fn effective_on(opens_on: NaiveDate, former: Option<&Model>, now: DateTime<Utc>) -> NaiveDate {
    former.map_or(opens_on, |former| day_of(now).max(former.effective_on))
}

/// The versions of villages that the plan no longer names go with them.
pub(super) async fn forget(tx: &Tx, villages: &Difference<village::Entity>) -> Result<(), Fault> {
    if villages.gone.is_empty() {
        return Ok(());
    }
    let gone = villages.gone.iter().map(|row| row.id);
    tx.delete::<Entity>(Predicate::among(Column::Village, gone)).await.map(|_| ())
}

async fn last_versions(tx: &Tx) -> Result<HashMap<VillageId, Model>, Fault> {
    let mut last: HashMap<VillageId, Model> = HashMap::new();
    for row in tx.from::<Entity>().all().await? {
        let newer = last.get(&row.village).is_none_or(|known| known.version < row.version);
        if newer {
            last.insert(row.village, row);
        }
    }
    Ok(last)
}
