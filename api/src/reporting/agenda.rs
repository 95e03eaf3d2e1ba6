//! What reporting makes people owe: reports of periods, the summary table at whichever step is the caller's, and of the office
//! the tables that it has to accept.

use std::collections::BTreeSet;

use async_graphql::async_trait::async_trait;
use chrono::NaiveDate;
use entity::enums::{Position, SummaryKind, SummaryStatus};
use entity::id::{CampaignId, DepartmentId};
use entity::{summary_table, weekly_report};

use super::due::{self, Period};
use super::summary::rules::{Action, Facts, is_open, live, warnings};
use super::summary::store::{self, LineCounts};
use crate::agenda::source::ROWS;
use crate::agenda::{Asked, Owed, OwedKind, Running, Source};
use crate::db::{Direction, Fault, Group, Predicate};
use crate::error::ApiError;
use crate::ids::Kind;
use crate::plan::DueDate;
use crate::refusal::Message;
use crate::scope::profiles::Operation;

/// What reporting makes people owe.
pub struct Owing;

#[async_trait]
impl Source for Owing {
    async fn owed(&self, asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
        let mut owed = Vec::new();
        if asked.may(Operation::WeeklyReportSubmit) {
            owed.extend(reports(asked).await?);
        }
        if asked.may(Operation::SummaryTableDraft) {
            owed.extend(tables(asked).await?);
        }
        if asked.may(Operation::SummaryTableAccept) {
            owed.extend(to_accept(asked).await?);
        }
        Ok(owed)
    }
}

fn owes(asked: &Asked<'_>, running: &Running, due: &DueDate) -> bool {
    due::owing(&running.plan, due).contains(&&*asked.department.code)
}

/// Each period that has begun and for which there is no report.
async fn reports(asked: &Asked<'_>) -> Result<Vec<Owed>, Fault> {
    use weekly_report::Column as C;
    let own = asked.tx().from::<weekly_report::Entity>().filter(asked.own(C::Department, C::Campaign));
    let key = |group: &Group| Ok((group.key(0)?, group.key(1)?, group.key(2)?));
    let groups = own.count_by(&[C::Campaign, C::DueKey, C::PeriodEnd], None).await?;
    let made: BTreeSet<(CampaignId, String, NaiveDate)> =
        groups.iter().map(key).collect::<Result<_, Fault>>()?;
    let mut owed = Vec::new();
    for running in &asked.campaigns {
        let campaign = running.row.id;
        for due in due::repeated(&running.plan).filter(|due| owes(asked, running, due)) {
            let periods = due::periods(&running.plan, due, asked.today).into_iter();
            let missing = periods.filter(|one| !made.contains(&(campaign, one.key.clone(), one.to)));
            owed.extend(missing.map(|period| report(campaign, period)));
        }
    }
    Ok(owed)
}

fn report(campaign: CampaignId, period: Period) -> Owed {
    let Period { key, name, from, to } = period;
    let title = Message::new(
        format!("报送{name}（{from} 至 {to}）"),
        format!("Hand in the report of {from} to {to}: {name}"),
    );
    let owed = Owed::new(OwedKind::ReportDue, Operation::WeeklyReportSubmit, campaign, title).due(Some(to));
    Owed { due_key: Some(key), ..owed }
}

async fn tables(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    use summary_table::Column as C;
    let own = asked.tx().from::<summary_table::Entity>().filter(asked.own(C::Department, C::Campaign));
    let all = own.order(C::Number, Direction::Ascending).order(C::Edition, Direction::Ascending);
    let all = all.all().await?;
    let mut owed = Vec::new();
    for running in &asked.campaigns {
        let of_campaign = all.iter().filter(|row| row.campaign == running.row.id);
        let of_campaign: Vec<_> = of_campaign.cloned().collect();
        let due = running.plan.summary_due().filter(|due| owes(asked, running, due));
        if let Some(due) = due {
            owed.extend(table(asked, running, due, &of_campaign).await?);
        }
    }
    Ok(owed)
}

/// What of one campaign's tables is the caller's turn: to begin the main one, or the next step of the one in work.
async fn table(
    asked: &Asked<'_>,
    running: &Running,
    due: &DueDate,
    all: &[summary_table::Model],
) -> Result<Option<Owed>, ApiError> {
    let day = due.on.or(running.plan.campaign.closes_on);
    let owed = |operation: Operation, zh: &str, en: &str| {
        let owed = Owed::new(OwedKind::TableDue, operation, running.row.id, Message::new(zh, en)).due(day);
        Owed { due_key: Some(due.key.clone()), ..owed }
    };
    if live(all).all(|row| row.kind != SummaryKind::Main) {
        let (zh, en) = ("起草分类汇总表", "Begin the summary table");
        return Ok(Some(owed(Operation::SummaryTableDraft, zh, en)));
    }
    let open = |row: &&summary_table::Model| is_open(row.status) || row.status == SummaryStatus::Returned;
    let Some(row) = live(all).find(open) else {
        return Ok(None);
    };
    let mut facts = Facts::of(row, all);
    if row.status == SummaryStatus::Draft {
        facts = facts.by(store::reviewer(asked.tx(), asked.app, row).await?);
    }
    let position = asked.viewer().position();
    let reviews = facts.reviewer.permit(position).is_ok();
    let Some((action, zh, en)) = turn(position, row.status, reviews) else {
        return Ok(None);
    };
    if !action.may(asked.viewer(), facts) {
        return Ok(None);
    }
    let owed = owed(action.operation(), zh, en).about(Kind::SummaryTable, row.id);
    if !is_open(row.status) {
        return Ok(Some(owed));
    }
    let held_up = store::shortfall(asked.tx(), row, all).await?.obstacles();
    let obstacles = held_up.into_iter().map(|refusal| refusal.message).collect();
    let counts = store::line_counts(asked.tx(), std::iter::once(row.id)).await?;
    Ok(Some(Owed { obstacles, warnings: told(&counts, row), ..owed }))
}

/// What is told about a table by its lines.
fn told(counts: &LineCounts, row: &summary_table::Model) -> Vec<Message> {
    let (lines, projects) = counts.get(&row.id).copied().unwrap_or_default();
    warnings(lines, projects).into_iter().map(|warning| warning.message).collect()
}

/// Whose turn a table is: a draft is to be reviewed by whoever may, and to be written by the others; a reviewed one is the
/// head's.
fn turn(
    position: Position,
    status: SummaryStatus,
    reviews: bool,
) -> Option<(Action, &'static str, &'static str)> {
    match (status, position) {
        (SummaryStatus::Draft, _) if reviews => {
            Some((Action::Review, "审核分类汇总表", "Review the summary table"))
        }
        (SummaryStatus::Draft, _) => Some((Action::Put, "编写分类汇总表", "Write the summary table")),
        (SummaryStatus::Reviewed, Position::Head) => {
            Some((Action::Sign, "审签分类汇总表", "Sign the summary table"))
        }
        (SummaryStatus::Returned, _) => {
            Some((Action::Revise, "分类汇总表被退回，修订后重报", "The summary table came back: revise it"))
        }
        _ => None,
    }
}

/// Tables that were signed and that the office has not decided on.
async fn to_accept(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    use summary_table::Column as C;
    let signed = Predicate::is(C::Status, SummaryStatus::Signed).and(asked.here(C::Campaign));
    let rows = asked.tx().from::<summary_table::Entity>().filter(signed);
    let rows = rows.order(C::SignedAt, Direction::Ascending).limit(ROWS).all().await?;
    let named: Vec<DepartmentId> = rows.iter().map(|row| row.department).collect();
    let owners = asked.snapshot.load.department.load_many(named).await?;
    let counts = match rows.as_slice() {
        [] => LineCounts::new(),
        rows => store::line_counts(asked.tx(), rows.iter().map(|row| row.id)).await?,
    };
    let owed = rows.into_iter().map(|row| {
        let owner = owners.get(&row.department).map_or("", |owner| &owner.name);
        let title = Message::new(
            format!("接收或退回{owner}的分类汇总表"),
            format!("Accept or return the summary table of {owner}"),
        );
        let owed = Owed::new(OwedKind::TableToAccept, Operation::SummaryTableAccept, row.campaign, title);
        Owed { warnings: told(&counts, &row), ..owed.about(Kind::SummaryTable, row.id) }
    });
    Ok(owed.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_asked_for_a_step_that_another_rank_takes_and_every_open_table_is_somebodys_turn() {
        for status in SummaryStatus::ALL.iter().copied() {
            for reviews in [false, true] {
                let turns = Position::ALL.iter().filter_map(|position| turn(*position, status, reviews));
                let actions: Vec<Action> = turns.map(|(action, ..)| action).collect();
                let over = matches!(status, SummaryStatus::Signed | SummaryStatus::Accepted);
                assert_eq!(actions.is_empty(), over);
                assert!(actions.iter().all(|action| !action.is_the_offices()));
            }
        }
        assert!(turn(Position::Officer, SummaryStatus::Reviewed, true).is_none());
        let action = |position, status, reviews| turn(position, status, reviews).map(|(action, ..)| action);
        assert_eq!(action(Position::Head, SummaryStatus::Reviewed, false), Some(Action::Sign));
        for position in Position::ALL.iter().copied() {
            assert_eq!(action(position, SummaryStatus::Draft, true), Some(Action::Review));
            assert_eq!(action(position, SummaryStatus::Draft, false), Some(Action::Put));
        }
    }
}
