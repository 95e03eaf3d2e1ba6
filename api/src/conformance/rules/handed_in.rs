//! Clauses about what departments hand in: rosters, reports, plans, summary tables.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::enums::DueState;
use entity::id::SummaryTableId;

use super::answer::{Answer, Item, number};
use super::facts::{Facts, Standing, Week, roster_or_department};
use super::judge::ClauseStatus;
use crate::duty::rules::{due_on, owes};
use crate::ids::Kind;
use crate::plan::DueKind;
use crate::refusal::Message;

/// S16: every roster was handed in by its day.
pub(super) fn roster_in_time(facts: &Facts) -> Answer {
    let items: Vec<Item> = facts
        .rosters
        .iter()
        .map(|row| Item::new(row.timeliness == DueState::OnTime, roster_or_department(row)))
        .collect();
    let state = |wanted| facts.rosters.iter().filter(|row| row.timeliness == wanted).count();
    let (late, missing) = (state(DueState::Late), state(DueState::Missing));
    Answer::each(facts, &items, due_on(&facts.plan, DueKind::Roster), false, |done, all| {
        Message::new(
            format!("{done}/{all} 个单位按时报送，迟报 {late}，缺报 {missing}"),
            format!("{done} of {all} departments on time, {late} late, {missing} missing"),
        )
    })
}

/// S17: every roster names who leads, who carries out, and whom to call.
pub(super) fn roster_complete(facts: &Facts) -> Answer {
    let items: Vec<Item> =
        facts.rosters.iter().map(|row| Item::new(row.complete, roster_or_department(row))).collect();
    Answer::each(facts, &items, due_on(&facts.plan, DueKind::Roster), false, |done, all| {
        Message::new(format!("{done}/{all} 个单位名单齐全"), format!("{done} of {all} rosters are complete"))
    })
}

/// H37: every unit plan was handed in by its day.
pub(super) fn unit_plans_in_time(facts: &Facts) -> Answer {
    let due = due_on(&facts.plan, DueKind::UnitPlan);
    let owing = facts.plan.departments.iter();
    let items: Vec<Item> = owing
        .filter(|one| owes(&facts.plan, one, DueKind::UnitPlan))
        .filter_map(|one| {
            let id = facts.departments.get(&one.code)?;
            let own = facts.unit_plans.iter().filter(|row| row.department == *id);
            let first = own.min_by_key(|row| (row.submitted_on, row.id.0));
            let in_time = first.is_some_and(|row| due.is_none_or(|due| row.submitted_on <= due));
            let evidence = first.map_or((Kind::Department, id.0), |row| (Kind::UnitPlan, row.id.0));
            Some(Item::new(in_time, evidence))
        })
        .collect();
    Answer::each(facts, &items, due, false, |done, all| {
        Message::new(
            format!("{done}/{all} 个单位按时报送实施方案"),
            format!("{done} of {all} departments handed their plan in on time"),
        )
    })
}

/// S19: every report whose day has passed was handed in by it. The period that is running is not owed yet.
pub(super) fn weekly_report(facts: &Facts) -> Answer {
    reports(facts, false, |done, all| {
        Message::new(
            format!("已到期应报 {all} 份，按时报送 {done} 份"),
            format!("{done} of {all} reports whose day has passed came on time"),
        )
    })
}

/// H02: intake has no last day, and is reported on by week and by month.
pub(super) fn open_ended_intake(facts: &Facts) -> Answer {
    let received = facts.received.all;
    let ends = facts.closes_on().is_some();
    let (zh, en) = if ends {
        ("方案设有截止日期", "there is a last day")
    } else {
        ("无截止日期", "no last day")
    };
    reports(facts, ends, |done, all| {
        Message::new(
            format!("{zh}，共收到 {received} 件；已到期应报 {all} 份，按时报送 {done} 份"),
            format!("{en}, {received} received; {done} of {all} reports whose day has passed came on time"),
        )
    })
}

/// Reports by week and month; `amiss` breaks the clause, however they came.
fn reports(facts: &Facts, amiss: bool, note: impl FnOnce(i64, i64) -> Message) -> Answer {
    let owed: Vec<&Week> = facts.weeks.iter().filter(|week| week.due_on < facts.today).collect();
    let item =
        |week: &&Week| Item::new(week.state == DueState::OnTime, (Kind::Department, week.department.0));
    let items: Vec<Item> = owed.iter().map(item).collect();
    // What was missed stays missed: nobody is given a second day for it.
    let failed = items.iter().any(|item| !item.done);
    let next = facts.weeks.iter().map(|week| week.due_on).filter(|day| *day >= facts.today).min();
    let mut answer = Answer::each(facts, &items, next, failed || amiss, note);
    if answer.status == ClauseStatus::Met {
        answer.evidence = facts.reports.iter().map(|id| (Kind::WeeklyReport, id.0)).collect();
        answer.evidence_count = items.len();
    } else if amiss {
        answer.evidence = vec![facts.itself()];
        answer.evidence_count = 1;
    }
    answer
}

/// The day by which summary tables are owed.
pub(super) fn table_due(facts: &Facts) -> Option<NaiveDate> {
    let due = facts.plan.summary_due()?;
    due.on.or(facts.closes_on())
}

/// All who owe a table fulfil something.
fn tables(facts: &Facts, done: impl Fn(&Standing) -> bool, note: impl FnOnce(i64, i64) -> Message) -> Answer {
    let item = |row: &Standing| {
        let evidence = row
            .table
            .as_ref()
            .map_or((Kind::Department, row.department.0), |table| (Kind::SummaryTable, table.id.0));
        Item::new(done(row), evidence)
    };
    let items: Vec<Item> = facts.tables.iter().map(item).collect();
    Answer::each(facts, &items, table_due(facts), false, note)
}

/// What a signed table is judged by.
#[derive(Clone, Copy, Debug)]
struct Content {
    /// Lines.
    lines: u64,
    /// Those with a project.
    projects: u64,
    /// Suggestions in the lines.
    suggestions: i64,
    /// Suggestions of the department that stand in no table.
    left_out: u64,
}

impl Content {
    const fn of(row: &Standing, suggestions: i64) -> Self {
        let left_out = row.unclassified + row.untabled;
        Self { lines: row.lines, projects: row.projects, suggestions, left_out }
    }

    /// Whether the department had nothing to write into it.
    const fn is_rightly_empty(self) -> bool {
        self.lines == 0 && self.left_out == 0
    }

    fn is_more_than_a_list(self) -> bool {
        let merged = i64::try_from(self.lines).is_ok_and(|lines| lines < self.suggestions);
        self.is_rightly_empty() || self.lines > 0 && (merged || self.projects == self.lines)
    }

    const fn proposes(self) -> bool {
        self.is_rightly_empty() || self.projects > 0
    }
}

fn is_signed(row: &Standing) -> bool {
    row.table.as_ref().is_some_and(|table| table.signed)
}

/// S20: everything received is in a class, and in a table that was signed.
pub(super) fn summary_classified(facts: &Facts) -> Answer {
    let unclassified: u64 = facts.tables.iter().map(|row| row.unclassified).sum();
    let untabled: u64 = facts.tables.iter().map(|row| row.untabled).sum();
    let done = |row: &Standing| is_signed(row) && row.unclassified == 0 && row.untabled == 0;
    tables(facts, done, |done, all| {
        Message::new(
            format!("{done}/{all} 个单位汇总完毕；未归类 {unclassified} 件，未入表 {untabled} 件"),
            format!(
                "{done} of {all} departments are through; {unclassified} in no class, {untabled} in no table"
            ),
        )
    })
}

/// S21: no table is a bare list: it has fewer lines than suggestions, or each line says what is made of them. The empty table
/// of a department that received nothing is none.
pub(super) fn summary_not_a_list(facts: &Facts) -> Answer {
    let mut suggestions: HashMap<SummaryTableId, i64> = HashMap::new();
    for line in &facts.lines {
        *suggestions.entry(line.summary).or_default() += i64::from(line.count);
    }
    let done = |row: &Standing| {
        let sum = row.table.as_ref().and_then(|table| suggestions.get(&table.id));
        is_signed(row) && Content::of(row, sum.copied().unwrap_or(0)).is_more_than_a_list()
    };
    let lines = number(facts.lines.len());
    let sources: i64 = suggestions.values().sum();
    tables(facts, done, |done, all| {
        Message::new(
            format!("{done}/{all} 个单位的汇总表不是简单罗列；{sources} 件并为 {lines} 行"),
            format!("{done} of {all} tables are more than a list; {sources} made {lines} lines"),
        )
    })
}

/// S22: every table holds projects, unless nothing was received that could have led to one.
pub(super) fn summary_projects(facts: &Facts) -> Answer {
    let projects: u64 = facts.tables.iter().map(|row| row.projects).sum();
    tables(
        facts,
        |row| is_signed(row) && Content::of(row, 0).proposes(),
        |done, all| {
            Message::new(
                format!("{done}/{all} 个单位谋划了项目，共 {projects} 个"),
                format!("{done} of {all} tables propose projects, {projects} in all"),
            )
        },
    )
}

/// S23: every table was signed by its day.
pub(super) fn summary_signed_in_time(facts: &Facts) -> Answer {
    let state = |wanted| facts.tables.iter().filter(|row| row.state == wanted).count();
    let (late, missing) = (state(DueState::Late), state(DueState::Missing));
    tables(
        facts,
        |row| row.state == DueState::OnTime,
        |done, all| {
            Message::new(
                format!("{done}/{all} 个单位按时审签报送，迟报 {late}，缺报 {missing}"),
                format!("{done} of {all} tables signed on time, {late} late, {missing} missing"),
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::Content;

    fn content(lines: u64, projects: u64, suggestions: i64, left_out: u64) -> Content {
        Content { lines, projects, suggestions, left_out }
    }

    #[test]
    fn the_empty_table_of_whoever_received_nothing_meets_both_clauses() {
        let empty = content(0, 0, 0, 0);
        assert!(empty.is_more_than_a_list() && empty.proposes());
        // Something came and was written nowhere.
        let kept_back = content(0, 0, 0, 3);
        assert!(!kept_back.is_more_than_a_list() && !kept_back.proposes());
    }

    #[test]
    fn a_bare_list_meets_neither_and_what_was_merged_or_planned_meets_its_own() {
        let bare = content(3, 0, 3, 0);
        assert!(!bare.is_more_than_a_list() && !bare.proposes());
        let merged = content(2, 0, 3, 0);
        assert!(merged.is_more_than_a_list() && !merged.proposes());
        let planned = content(3, 3, 3, 0);
        assert!(planned.is_more_than_a_list() && planned.proposes());
        let some = content(3, 1, 3, 0);
        assert!(!some.is_more_than_a_list() && some.proposes());
    }
}
