//! What circulars rank by: for each department a part, and the whole that it is a part of.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use entity::enums::{CircularRate, DueState, RecheckResult, SummaryKind, VillageClass};
use entity::id::{DepartmentId, InspectionId};
use entity::labels::Labelled as _;
use entity::{department, finding, inspection, summary_table, weekly_report};

use super::asked::{Asked, Parts};
use super::explained;
use super::rules::{self, Counts};
use crate::clock::day_of;
use crate::coverage::figures::villages;
use crate::coverage::rules::{Aim, Period};
use crate::db::{Fault, Predicate, Tx};
use crate::plan::Plan;
use crate::refusal::Refusal;
use crate::reporting::due;

/// Refuses a rate that the plan does not rank by.
pub(super) fn offered(plan: &Plan, wanted: CircularRate) -> Result<(), Refusal> {
    let offered = plan.circular_rates();
    if offered.contains(&wanted) {
        return Ok(());
    }
    let words = |word: fn(&CircularRate) -> &'static str| offered.iter().map(word).collect::<Vec<_>>();
    let chinese = words(|rate| rate.label().zh).join("、");
    let english = words(|rate| rate.label().en).join(", ");
    Err(Refusal::invalid(
        "rate",
        format!("方案不按此指标排名，可用：{chinese}"),
        format!("The plan does not rank by this rate, but by: {english}"),
    ))
}

/// What each department is ranked by; `counts` are its suggestions of the period. Whoever has nothing of the kind is left out,
/// save of suggestions.
pub(super) async fn parts(
    tx: &Tx,
    asked: Asked<'_>,
    counts: &BTreeMap<DepartmentId, Counts>,
) -> Result<Parts, Fault> {
    match asked.rate {
        CircularRate::Classified => {
            Ok(counts.iter().map(|(id, counts)| (*id, rules::classified(counts))).collect())
        }
        CircularRate::Explained => explained::parts(tx, asked, counts).await,
        CircularRate::CoverageEnvironmentScheme => coverage(tx, asked, VillageClass::EnvironmentScheme).await,
        CircularRate::CoverageOrdinary => coverage(tx, asked, VillageClass::Ordinary).await,
        CircularRate::ReportsOnTime => reports(tx, asked).await,
        CircularRate::TablesOnTime => tables(tx, asked).await,
        CircularRate::FindingsPutRight => findings(tx, asked).await,
    }
}

/// Households that the plan's target counts, of all in villages of a class, by township; visits up to the last day.
async fn coverage(tx: &Tx, asked: Asked<'_>, class: VillageClass) -> Result<Parts, Fault> {
    let Some(aim) = Aim::of(asked.plan, class) else {
        return Ok(Parts::new());
    };
    let campaign = &asked.plan.campaign;
    let last = campaign.closes_on.map_or(asked.today, |last| last.min(asked.today));
    let period = Period {
        opens_on: campaign.opens_on,
        closes_on: campaign.closes_on,
        as_of: asked.period.1.min(last),
    };
    let mut parts = Parts::new();
    let rows = villages(tx, asked.plan, asked.campaign, None, period).await?;
    for row in rows.iter().filter(|row| row.register.class == class) {
        let part = parts.entry(row.village.department).or_default();
        part.of += row.counts.covered(aim.numerator);
        part.whole += row.counts.households;
    }
    Ok(parts)
}

/// Departments by code.
async fn departments(tx: &Tx) -> Result<HashMap<String, DepartmentId>, Fault> {
    let rows = tx.from::<department::Entity>().all().await?;
    Ok(rows.into_iter().map(|row| (row.code, row.id)).collect())
}

/// How departments stand with what they owe, as parts; nothing of whoever owes nothing yet.
fn standing(states: BTreeMap<DepartmentId, Vec<DueState>>) -> Parts {
    let parts = states.into_iter().map(|(id, states)| (id, rules::on_time(states)));
    parts.filter(|(_, part)| part.whole > 0).collect()
}

/// Periodic reports of the periods that ended in these days. A correction makes nobody late: the first edition counts.
async fn reports(tx: &Tx, asked: Asked<'_>) -> Result<Parts, Fault> {
    use weekly_report::Column as C;
    let in_time = Predicate::All(vec![
        Predicate::is(C::Campaign, asked.campaign),
        Predicate::is(C::Edition, 1),
        Predicate::is(C::Late, false),
        Predicate::AtLeast(C::PeriodEnd, asked.period.0.into()),
    ]);
    let rows = tx.from::<weekly_report::Entity>().filter(in_time);
    let mut handed_in: HashSet<(String, NaiveDate, DepartmentId)> = HashSet::new();
    for group in rows.count_by(&[C::DueKey, C::PeriodEnd, C::Department], None).await? {
        handed_in.insert((group.key(0)?, group.key(1)?, group.key(2)?));
    }
    let departments = departments(tx).await?;
    let mut states: BTreeMap<DepartmentId, Vec<DueState>> = BTreeMap::new();
    for due in due::repeated(asked.plan) {
        let owing = due::owing(asked.plan, due);
        let owing: Vec<DepartmentId> =
            owing.iter().filter_map(|code| departments.get(*code)).copied().collect();
        let periods = due::periods(asked.plan, due, asked.today).into_iter();
        for period in periods.filter(|period| asked.holds(period.to)) {
            for id in &owing {
                let key = (period.key.clone(), period.to, *id);
                let on = handed_in.contains(&key).then_some(period.to);
                states.entry(*id).or_default().push(due::state(on, period.to, asked.today));
            }
        }
    }
    Ok(standing(states))
}

/// Main tables, by the day of their first signature, where their last day lies in these days.
async fn tables(tx: &Tx, asked: Asked<'_>) -> Result<Parts, Fault> {
    use summary_table::Column as C;
    let Some(due) = asked.plan.summary_due() else {
        return Ok(Parts::new());
    };
    let last = due.on.or(asked.plan.campaign.closes_on);
    let Some(last) = last.filter(|day| asked.holds(*day)) else {
        return Ok(Parts::new());
    };
    let signed = Predicate::All(vec![
        Predicate::is(C::Campaign, asked.campaign),
        Predicate::is(C::Kind, SummaryKind::Main),
        Predicate::Present(C::SignedAt),
    ]);
    let mut first: HashMap<DepartmentId, NaiveDate> = HashMap::new();
    let rows = tx.from::<summary_table::Entity>().filter(signed);
    for group in rows.count_by(&[C::Department, C::SignedAt], None).await? {
        let day = day_of(group.key(1)?);
        let earliest = first.entry(group.key(0)?).or_insert(day);
        *earliest = day.min(*earliest);
    }
    let departments = departments(tx).await?;
    let owing = due::owing(asked.plan, due);
    let owing = owing.iter().filter_map(|code| departments.get(*code));
    let state = |id: &DepartmentId| (*id, vec![due::state(first.get(id).copied(), last, asked.today)]);
    Ok(standing(owing.map(state).collect()))
}

/// Findings of the campaign's inspections that were to be put right in these days, by the department inspected.
async fn findings(tx: &Tx, asked: Asked<'_>) -> Result<Parts, Fault> {
    use finding::Column as C;
    let of_campaign = Predicate::is(inspection::Column::Campaign, asked.campaign);
    let rows = tx.from::<inspection::Entity>().filter(of_campaign);
    let rows = rows.count_by(&[inspection::Column::Id], None).await?;
    let inspections: HashSet<InspectionId> =
        rows.iter().map(|row| row.key(0)).collect::<Result<_, Fault>>()?;
    let these = Predicate::AtLeast(C::RectifyBy, asked.period.0.into())
        .and(Predicate::Below(C::RectifyBy, asked.behind().into()));
    let rows = tx.from::<finding::Entity>().filter(these);
    let columns = [C::Inspection, C::Position, C::Inspected, C::RectifyBy, C::Recheck];
    let mut found: BTreeMap<DepartmentId, Vec<(NaiveDate, Option<RecheckResult>)>> = BTreeMap::new();
    for group in rows.count_by(&columns, None).await? {
        let inspection: InspectionId = group.key(0)?;
        if inspections.contains(&inspection) {
            found.entry(group.key(2)?).or_default().push((group.key(3)?, group.key(4)?));
        }
    }
    let parts = found.into_iter().map(|(id, found)| (id, rules::put_right(found, asked.today)));
    Ok(parts.filter(|(_, part)| part.whole > 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::UserErrorCode;

    #[test]
    fn a_rate_is_one_of_those_that_the_plan_ranks_by() {
        let text = include_str!("../../../plans/shuangluan-2020.toml");
        let mut plan = Plan::parse("plan.toml", text).unwrap();
        assert_eq!(offered(&plan, CircularRate::CoverageOrdinary), Ok(()));
        plan.coverage_targets.retain(|target| target.class != VillageClass::Ordinary);
        let refused = offered(&plan, CircularRate::CoverageOrdinary).unwrap_err();
        assert_eq!(refused.code, UserErrorCode::Invalid);
        assert!(refused.message.zh.contains("归类率") && refused.message.en.contains("Rate classified"));
    }
}
