//! Due dates, time limits and the columns of the summary table.

use super::super::error::PlanErrorCode;
use super::super::{
    Department, DueDate, DueKind, Plan, Position, RightsProfile, TimeLimit, TimeLimitKey, TimeLimitUnit,
};
use super::findings::{Findings, Thing, written};
use super::profiles::has_department_of;

/// A limit of more working days than a year has is a slip.
const LONGEST_LIMIT: u32 = 250;
/// Without these limits, cases cannot be handled.
const NEEDED_FOR_HANDLING: [TimeLimitKey; 4] =
    [TimeLimitKey::Claim, TimeLimitKey::FirstAnswer, TimeLimitKey::Finish, TimeLimitKey::CallbackTries];

pub(super) fn check(plan: &Plan, found: &mut Findings) {
    for (index, due) in plan.due_dates.iter().enumerate() {
        check_due(plan, &format!("due_dates[{index}]"), due, found);
    }
    found.unique(plan.due_dates.iter().map(|due| &due.key), |index| format!("due_dates[{index}].key"));
    for (index, limit) in plan.time_limits.iter().enumerate() {
        check_limit(&format!("time_limits[{index}]"), limit, found);
    }
    let keys = plan.time_limits.iter().map(|limit| written(&limit.key));
    found.unique(keys, |index| format!("time_limits[{index}].key"));
    if plan.campaign.handling {
        handling(plan, found);
    }
    summary_columns(plan, found);
    signatures(plan, found);
}

fn check_due(plan: &Plan, path: &str, due: &DueDate, found: &mut Findings) {
    found.code(&format!("{path}.key"), &due.key);
    found.text(&format!("{path}.name"), &due.name);
    let given = [due.on.is_some(), due.weekday.is_some(), due.month_day.is_some()];
    if given.iter().filter(|given| **given).count() != 1 {
        let reason = "exactly one of on, weekday and month_day must be given";
        found.add(path, PlanErrorCode::ExactlyOne, reason, "on、weekday、month_day 须填且只填一项");
    }
    if let Some(day) = due.month_day {
        found.range(&format!("{path}.month_day"), u32::from(day), 1, 28);
    }
    if due.on.is_some_and(|day| day < plan.campaign.issued_on) {
        let reason = "owed before the document was issued";
        found.add(&format!("{path}.on"), PlanErrorCode::DatesReversed, reason, "早于文件成文日期");
    }
    if due.head_reviews && due.kind != DueKind::SummaryTable {
        let reason = "only a SUMMARY_TABLE is reviewed";
        let reason_zh = "只有分类汇总表（SUMMARY_TABLE）需要审核";
        found.add(&format!("{path}.head_reviews"), PlanErrorCode::WrongValue, reason, reason_zh);
    }
    found.references(&format!("{path}.owed_by"), Thing::Role, &due.owed_by, |code| plan.role(code).is_some());
}

/// Whoever owes a summary table has somebody to review it and somebody to sign it.
fn signatures(plan: &Plan, found: &mut Findings) {
    let Some(due) = plan.summary_due() else { return };
    let lacks = |department: &Department, position: Position| {
        plan.posts_of(department).iter().all(|post| post.position != position)
    };
    for department in plan.owing(due) {
        let (name, code) = (&department.name, PlanErrorCode::Incomplete);
        let place = plan.departments.iter().position(|one| one.code == department.code);
        let path = format!("departments[{}]", place.unwrap_or_default());
        if lacks(department, Position::Head) {
            let reason = "it owes a summary table and has no HEAD to sign it";
            found.add(&path, code, reason, format!("“{name}”须报送汇总表，但未设审签的正职（HEAD）岗位"));
        }
        if !due.head_reviews && lacks(department, Position::Deputy) {
            let reason = "it owes a summary table and has no DEPUTY to review it; add the post, or set head_reviews of the due \
                          date for the head to review";
            let reason_zh = format!(
                "“{name}”须报送汇总表，但未设审核的副职（DEPUTY）岗位；请增设，或在该期限中写 head_reviews = true，由正职审核"
            );
            found.add(&path, code, reason, reason_zh);
        }
    }
}

fn check_limit(path: &str, limit: &TimeLimit, found: &mut Findings) {
    found.text(&format!("{path}.name"), &limit.name);
    found.range(&format!("{path}.amount"), u32::from(limit.amount), 1, LONGEST_LIMIT);
    let unit = match limit.key {
        TimeLimitKey::CallbackTries => TimeLimitUnit::Tries,
        _ => TimeLimitUnit::WorkingDays,
    };
    if limit.unit != unit {
        let reason = "CALLBACK_TRIES counts TRIES, every other limit WORKING_DAYS";
        found.add(
            &format!("{path}.unit"),
            PlanErrorCode::WrongValue,
            reason,
            "回访次数按次计，其他时限按工作日计",
        );
    }
}

/// Where cases are handled, the clocks must be set and someone must call back.
fn handling(plan: &Plan, found: &mut Findings) {
    for needed in NEEDED_FOR_HANDLING {
        let name = written(&needed);
        if !plan.time_limits.iter().any(|limit| limit.key == needed) {
            let reason = format!("handling needs the time limit {name}");
            found.add(
                "campaign.handling",
                PlanErrorCode::Incomplete,
                reason,
                format!("开启办理须设定时限 {name}"),
            );
        }
    }
    if !has_department_of(plan, RightsProfile::CallbackOffice) {
        let reason = "handling needs a department with the profile CALLBACK_OFFICE";
        found.add(
            "campaign.handling",
            PlanErrorCode::Incomplete,
            reason,
            "开启办理须有回访单位（CALLBACK_OFFICE）",
        );
    }
}

fn summary_columns(plan: &Plan, found: &mut Findings) {
    for (index, column) in plan.summary_columns.iter().enumerate() {
        found.code(&format!("summary_columns[{index}].key"), &column.key);
        found.text(&format!("summary_columns[{index}].name"), &column.name);
    }
    let keys = plan.summary_columns.iter().map(|column| &column.key);
    found.unique(keys, |index| format!("summary_columns[{index}].key"));
}
