//! What a department owes of duties: the acknowledgement, the roster, its own plan, its tasks; and the office, which decides
//! on plans.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::async_trait::async_trait;
use entity::enums::{TaskState, UnitPlanState};
use entity::id::{CampaignId, UnitPlanId};
use entity::{acknowledgement, duty_task, roster, unit_plan};

use super::rules;
use crate::agenda::rules::short;
use crate::agenda::source::ROWS;
use crate::agenda::{Asked, Owed, OwedKind, Running, Source};
use crate::db::{Direction, Fault, Predicate, Scoped};
use crate::error::ApiError;
use crate::ids::Kind;
use crate::plan::DueKind;
use crate::refusal::Message;
use crate::scope::profiles::Operation;

/// What a department owes of duties.
pub struct Owing;

#[async_trait]
impl Source for Owing {
    async fn owed(&self, asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
        let mut owed = Vec::new();
        if asked.may(Operation::CampaignAcknowledge) {
            owed.extend(acknowledgements(asked).await?);
        }
        if asked.may(Operation::RosterSubmit) {
            owed.extend(rosters(asked).await?);
        }
        if asked.may(Operation::UnitPlanSubmit) {
            owed.extend(unit_plans(asked).await?);
        }
        if asked.may(Operation::UnitPlanAccept) {
            owed.extend(to_review(asked).await?);
        }
        if asked.may(Operation::TaskProgress) {
            owed.extend(tasks(asked).await?);
        }
        Ok(owed)
    }
}

/// Something that the plan asks for once, by its own day.
fn once(running: &Running, due: DueKind, owed: Owed) -> Owed {
    let date = running.plan.due_dates.iter().find(|date| date.kind == due);
    Owed { due_key: date.map(|date| date.key.clone()), ..owed.due(rules::due_on(&running.plan, due)) }
}

/// The campaigns that the caller's department has a row of a table in.
async fn answered<E: Scoped>(
    asked: &Asked<'_>,
    department: E::Column,
    campaign: E::Column,
) -> Result<BTreeSet<CampaignId>, Fault> {
    let own = asked.tx().from::<E>().filter(asked.own(department, campaign));
    let groups = own.count_by(&[campaign], None).await?;
    groups.iter().map(|group| group.key(0)).collect()
}

async fn acknowledgements(asked: &Asked<'_>) -> Result<Vec<Owed>, Fault> {
    use acknowledgement::Column as C;
    let done = answered::<acknowledgement::Entity>(asked, C::Department, C::Campaign).await?;
    let code = &asked.department.code;
    let waits = |running: &&Running| {
        !done.contains(&running.row.id) && rules::acknowledge(&running.plan, code).is_ok()
    };
    let owed = |running: &Running| {
        let name = &running.row.name;
        let title =
            Message::new(format!("确认收文：{name}"), format!("Acknowledge the founding document: {name}"));
        let (kind, operation) = (OwedKind::AcknowledgementDue, Operation::CampaignAcknowledge);
        once(running, DueKind::Acknowledgement, Owed::new(kind, operation, running.row.id, title))
    };
    Ok(asked.campaigns.iter().filter(waits).map(owed).collect())
}

async fn rosters(asked: &Asked<'_>) -> Result<Vec<Owed>, Fault> {
    use roster::Column as C;
    let done = answered::<roster::Entity>(asked, C::Department, C::Campaign).await?;
    let waits = |running: &&Running| !done.contains(&running.row.id) && owes(asked, running, DueKind::Roster);
    let owed = |running: &Running| {
        let title = Message::new("报送责任人名单", "Hand in the roster of responsible persons");
        let owed = Owed::new(OwedKind::RosterDue, Operation::RosterSubmit, running.row.id, title);
        once(running, DueKind::Roster, owed)
    };
    Ok(asked.campaigns.iter().filter(waits).map(owed).collect())
}

fn owes(asked: &Asked<'_>, running: &Running, kind: DueKind) -> bool {
    let listed = asked.listed(&running.plan);
    listed.is_some_and(|department| rules::owes(&running.plan, department, kind))
}

/// Of drafts the last counts: one that was returned is owed again.
async fn unit_plans(asked: &Asked<'_>) -> Result<Vec<Owed>, Fault> {
    use unit_plan::Column as C;
    let own = asked.tx().from::<unit_plan::Entity>().filter(asked.own(C::Department, C::Campaign));
    let mut last: BTreeMap<CampaignId, (i32, UnitPlanState)> = BTreeMap::new();
    for group in own.count_by(&[C::Campaign, C::Number, C::State], None).await? {
        let (number, state) = (group.key(1)?, group.key(2)?);
        let draft = last.entry(group.key(0)?).or_insert((number, state));
        if draft.0 < number {
            *draft = (number, state);
        }
    }
    let owed = |running: &Running| {
        let state = last.get(&running.row.id).map(|(_, state)| *state);
        let title = match state {
            _ if !owes(asked, running, DueKind::UnitPlan) => return None,
            None => Message::new("报送本单位实施方案", "Hand in the department's own plan"),
            Some(UnitPlanState::Returned) => {
                Message::new("实施方案被退回，修改后重报", "The department's plan came back: revise it")
            }
            Some(UnitPlanState::Submitted | UnitPlanState::Accepted) => return None,
        };
        let owed = Owed::new(OwedKind::UnitPlanDue, Operation::UnitPlanSubmit, running.row.id, title);
        Some(once(running, DueKind::UnitPlan, owed))
    };
    Ok(asked.campaigns.iter().filter_map(owed).collect())
}

/// What departments handed in and the office has not decided on, without its long text.
async fn to_review(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    use unit_plan::Column as C;
    let waiting = Predicate::is(C::State, UnitPlanState::Submitted).and(asked.here(C::Campaign));
    let rows = asked.tx().from::<unit_plan::Entity>().filter(waiting).limit(ROWS);
    let mut owed = Vec::new();
    for group in rows.count_by(&[C::Id, C::Campaign, C::Title], None).await? {
        let title: String = group.key(2)?;
        let title =
            Message::new(format!("审核实施方案：{title}"), format!("Decide on a department's plan: {title}"));
        let (kind, operation) = (OwedKind::UnitPlanToReview, Operation::UnitPlanAccept);
        let one = Owed::new(kind, operation, group.key(1)?, title);
        owed.push(one.about(Kind::UnitPlan, group.key::<UnitPlanId>(0)?));
    }
    Ok(owed)
}

/// Those with a day by their day, and those without: either database sorts what has no value to another end.
async fn tasks(asked: &Asked<'_>) -> Result<Vec<Owed>, Fault> {
    use duty_task::Column as C;
    let open = Predicate::among(C::State, [TaskState::Open, TaskState::Underway]);
    let open = open.and(asked.own(C::Department, C::Campaign));
    let mut rows = Vec::new();
    for day in [Predicate::Present(C::DueOn), Predicate::Empty(C::DueOn)] {
        let of_these = asked.tx().from::<duty_task::Entity>().filter(open.clone().and(day));
        let of_these = of_these.order(C::DueOn, Direction::Ascending).order(C::Id, Direction::Ascending);
        rows.extend(of_these.limit(ROWS).all().await?);
    }
    let owed = |row: duty_task::Model| {
        let text = short(&row.text);
        let title = Message::new(format!("任务：{text}"), format!("Task: {text}"));
        let owed = Owed::new(OwedKind::TaskDue, Operation::TaskProgress, row.campaign, title);
        owed.about(Kind::Task, row.id).due(row.due_on)
    };
    Ok(rows.into_iter().map(owed).collect())
}
