//! How far each village is: two counts over one register, by a rollup with one row for each household that was reached.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entity::household_reach::{Column, Entity};
use entity::id::{CampaignId, DepartmentId, VillageId};
use entity::{village, village_register};

use sea_orm::Value;

use crate::coverage::rules::{Aim, Counts, Period, Standing, version_at};
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::plan::Plan;

/// One village on one day.
#[derive(Clone, Debug)]
pub struct VillageFigures {
    /// The village.
    pub village: village::Model,
    /// The register's version that holds on that day.
    pub register: village_register::Model,
    /// Households and how many were reached.
    pub counts: Counts,
    /// Where it stands; none where the plan sets its class no target.
    pub standing: Option<Standing>,
}

/// Every village of the plan whose figures the viewer may see, by code: a township's own, a committee's own, all of them for
/// whoever sees the county. `township` narrows.
pub async fn villages(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    township: Option<DepartmentId>,
    period: Period,
) -> Result<Vec<VillageFigures>, Fault> {
    let rows = in_sight(tx, plan, township).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let registers = registers(tx, &rows, period.as_of).await?;
    let counting = Counting {
        tx,
        campaign,
        township,
        opinion: !plan.coverage.visit_without_opinion_counts,
        registers: &registers,
    };
    let (now, before) = counting.both(period).await?;
    let figures = rows.into_iter().filter_map(|village| {
        let register = registers.get(&village.id)?.holds.clone();
        let counts = |of: &Reached| {
            let count = |map: &HashMap<VillageId, i64>| map.get(&village.id).copied().unwrap_or(0);
            Counts::new(register.households.into(), count(&of.any_way), count(&of.at_door))
        };
        let (counts, then) = (counts(&now), counts(&before));
        let aim = Aim::of(plan, register.class);
        Some(VillageFigures {
            standing: aim.map(|aim| Standing::of(aim, counts, then, period)),
            village,
            register,
            counts,
        })
    });
    Ok(figures.collect())
}

/// The villages of the plan whose figures the viewer may see, by code.
pub async fn in_sight(
    tx: &Tx,
    plan: &Plan,
    township: Option<DepartmentId>,
) -> Result<Vec<village::Model>, Fault> {
    let viewer = tx.viewer();
    let mine = if viewer.sees_county() {
        Predicate::everything()
    } else {
        Predicate::Any(vec![
            Predicate::is(village::Column::Department, viewer.department()),
            Predicate::is(village::Column::Committee, viewer.department()),
        ])
    };
    let of_township =
        township.map_or(Predicate::everything(), |id| Predicate::is(village::Column::Department, id));
    let rows = tx
        .from::<village::Entity>()
        .filter(mine.and(of_township))
        .order(village::Column::Code, Direction::Ascending);
    let mut rows = rows.all().await?;
    rows.retain(|row| plan.villages.iter().any(|listed| listed.code == row.code));
    Ok(rows)
}

/// The versions of one village's register.
struct Register {
    /// The one that holds on the day.
    holds: village_register::Model,
    /// Whether another one counted more households: then some may be reached that do not count.
    was_larger: bool,
}

async fn registers(
    tx: &Tx,
    villages: &[village::Model],
    day: NaiveDate,
) -> Result<HashMap<VillageId, Register>, Fault> {
    let these = Predicate::among(village_register::Column::Village, villages.iter().map(|row| row.id));
    let rows = tx.from::<village_register::Entity>().filter(these);
    let mut versions: HashMap<VillageId, Vec<village_register::Model>> = HashMap::new();
    for row in rows.all().await? {
        versions.entry(row.village).or_default().push(row);
    }
    let register = |(id, versions): (VillageId, Vec<village_register::Model>)| {
        let holds = version_at(&versions, day)?.clone();
        let was_larger = versions.iter().any(|row| row.households > holds.households);
        Some((id, Register { holds, was_larger }))
    };
    Ok(versions.into_iter().filter_map(register).collect())
}

/// Households reached, by village.
#[derive(Default)]
struct Reached {
    any_way: HashMap<VillageId, i64>,
    at_door: HashMap<VillageId, i64>,
}

struct Counting<'a> {
    tx: &'a Tx,
    campaign: CampaignId,
    township: Option<DepartmentId>,
    /// Whether only visits with an opinion count.
    opinion: bool,
    registers: &'a HashMap<VillageId, Register>,
}

impl Counting<'_> {
    /// On the day, and a pace before it.
    async fn both(&self, period: Period) -> Result<(Reached, Reached), Fault> {
        let back = u64::try_from(period.pace_days()).unwrap_or(1);
        let before = period.as_of.checked_sub_days(Days::new(back));
        let before = match before {
            Some(day) if day >= period.opens_on => self.on(day).await?,
            _ => Reached::default(),
        };
        Ok((self.on(period.as_of).await?, before))
    }

    async fn on(&self, day: NaiveDate) -> Result<Reached, Fault> {
        let (any_way, at_door) = columns(self.opinion);
        Ok(Reached { any_way: self.count(any_way, day).await?, at_door: self.count(at_door, day).await? })
    }

    /// All that were reached, less those beyond a register that has shrunk.
    async fn count(&self, column: Column, day: NaiveDate) -> Result<HashMap<VillageId, i64>, Fault> {
        let reached = reached_by(self.campaign, column, day);
        let of_township =
            self.township.map_or(Predicate::everything(), |id| Predicate::is(Column::Department, id));
        let mut counts = self.groups(reached.clone().and(of_township)).await?;
        let beyond: Vec<_> = self
            .registers
            .iter()
            .filter(|(_, register)| register.was_larger)
            .map(|(village, register)| {
                let above = Value::from(register.holds.households + 1);
                Predicate::is(Column::Village, *village).and(Predicate::AtLeast(Column::Household, above))
            })
            .collect();
        if !beyond.is_empty() {
            for (village, surplus) in self.groups(reached.and(Predicate::Any(beyond))).await? {
                if let Some(count) = counts.get_mut(&village) {
                    *count -= surplus;
                }
            }
        }
        Ok(counts)
    }

    async fn groups(&self, filter: Predicate<Column>) -> Result<HashMap<VillageId, i64>, Fault> {
        let rows = self.tx.from::<Entity>().filter(filter);
        let groups = rows.count_by(&[Column::Village], None).await?;
        let mut counts = HashMap::new();
        for group in groups {
            counts.insert(group.key(0)?, group.figure()?);
        }
        Ok(counts)
    }
}

/// The days that the plan counts: of any way, and at the door.
const fn columns(opinion: bool) -> (Column, Column) {
    if opinion { (Column::SpokeOn, Column::SpokeAtDoorOn) } else { (Column::ReachedOn, Column::AtDoorOn) }
}

fn reached_by(campaign: CampaignId, column: Column, day: NaiveDate) -> Predicate<Column> {
    let after = day.checked_add_days(Days::new(1)).unwrap_or(day);
    Predicate::is(Column::Campaign, campaign).and(Predicate::Below(column, after.into()))
}

/// The numbers of a village's households that were not reached by a day, in their order (S07). Nothing for a village whose
/// figures the viewer does not see.
pub async fn not_reached(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    village: VillageId,
    at_door: bool,
    as_of: NaiveDate,
) -> Result<Vec<i32>, Fault> {
    let rows = in_sight(tx, plan, None).await?;
    match rows.into_iter().find(|row| row.id == village) {
        Some(row) => not_reached_in(tx, plan, campaign, row, (at_door, as_of)).await,
        None => Ok(Vec::new()),
    }
}

/// The same of a village that is in sight.
pub async fn not_reached_in(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    row: village::Model,
    (at_door, as_of): (bool, NaiveDate),
) -> Result<Vec<i32>, Fault> {
    let village = row.id;
    let registers = registers(tx, &[row], as_of).await?;
    let Some(register) = registers.get(&village) else {
        return Ok(Vec::new());
    };
    let (any_way, door) = columns(!plan.coverage.visit_without_opinion_counts);
    let reached = reached_by(campaign, if at_door { door } else { any_way }, as_of)
        .and(Predicate::is(Column::Village, village));
    let rows = tx.from::<Entity>().filter(reached).all().await?;
    let reached: std::collections::HashSet<i32> = rows.iter().map(|row| row.household).collect();
    let all = 1..=register.holds.households;
    Ok(all.filter(|number| !reached.contains(number)).collect())
}
