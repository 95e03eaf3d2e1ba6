//! Clauses about decisions and supervision: merging, meetings, votes, progress, explanations, inspections, circulars.

use entity::enums::{MeetingKind, ProjectStatus};

use super::answer::{Answer, Item, number};
use super::facts::{Evidence, Facts, Project};
use super::judge::{Measure, Need};
use crate::ids::Kind;
use crate::refusal::Message;

/// S24: the office has brought together what departments collected.
pub(super) fn merge_across_departments(facts: &Facts) -> Answer {
    let mut targets: Vec<Evidence> =
        facts.mergers.iter().map(|target| (Kind::Submission, target.0)).collect();
    targets.sort_unstable_by_key(|(_, id)| *id);
    targets.dedup();
    let merged = number(facts.mergers.len());
    let note = Message::new(
        format!("并案 {merged} 件，并入 {} 件主件", targets.len()),
        format!("{merged} suggestions were merged into {}", targets.len()),
    );
    Answer::some(facts, (merged, None), facts.closed_on, note, targets)
}

/// S25: the meetings have dealt with every project: the executive meeting studied it and the party committee decided, or
/// one of them turned it down or put it off. What was decided unstudied breaks the order; what the office took back is no
/// project any more.
pub(super) fn two_meetings(facts: &Facts) -> Answer {
    let no = |row: &Project| matches!(row.status, ProjectStatus::Rejected | ProjectStatus::Deferred);
    let through = |row: &Project| matches!((row.studied_on, row.decided_on), (Some(first), Some(then)) if first <= then);
    let out_of_order = |row: &Project| row.decided_on.is_some() && !no(row) && !through(row);
    let item = |row: &Project| Item::new(no(row) || through(row), (Kind::Project, row.id.0));
    let items: Vec<Item> = facts.projects.iter().map(item).collect();
    let broken = facts.projects.iter().any(out_of_order);
    let of_kind = |wanted| facts.meetings.iter().filter(|(_, kind)| *kind == wanted).count();
    let (studied, decided) = (of_kind(MeetingKind::GovernmentExecutive), of_kind(MeetingKind::PartyStanding));
    let mut answer = Answer::each(facts, &items, facts.closed_on, broken, |done, all| {
        Message::new(
            format!("{done}/{all} 个项目经常务会研究、常委会审定；会议 {studied}+{decided} 次"),
            format!("{done} of {all} projects went through both; {studied} + {decided} meetings"),
        )
    });
    if answer.status == super::judge::ClauseStatus::Met {
        answer.evidence = facts.meetings.iter().map(|(id, _)| (Kind::Meeting, id.0)).collect();
        answer.evidence_count = answer.evidence.len();
    }
    answer
}

/// S03: the deputies have voted on every adopted project, where the plan has them vote.
pub(super) fn deputies_vote(facts: &Facts) -> Answer {
    if facts.plan.vote_role().is_none() {
        return Answer::not_applicable("方案未规定代表票决", "The plan names nobody who votes");
    }
    let items: Vec<Item> = facts
        .adopted
        .iter()
        .map(|project| {
            let voted = facts.votes.iter().any(|vote| vote.project == project.id);
            Item::new(voted, (Kind::Project, project.id.0))
        })
        .collect();
    let evaluated = facts.evaluations.len();
    Answer::each(facts, &items, facts.closed_on, false, |done, all| {
        Message::new(
            format!("{done}/{all} 个入选项目经代表票决，人大测评 {evaluated} 次"),
            format!("{done} of {all} adopted projects were voted on, {evaluated} evaluations"),
        )
    })
}

/// S27: every adopted project is on its way, and none is late, until the last is to be finished.
pub(super) fn project_progress(facts: &Facts) -> Answer {
    let broken = facts.adopted.iter().any(|row| row.delayed);
    let items: Vec<Item> = facts
        .adopted
        .iter()
        .map(|row| {
            let on_its_way = !row.delayed && row.reported;
            Item::new(on_its_way, (Kind::Project, row.id.0))
        })
        .collect();
    let late = facts.adopted.iter().filter(|row| row.delayed).count();
    let due = facts.adopted.iter().filter_map(|row| row.finish).max().or(facts.closed_on);
    Answer::each(facts, &items, due, broken, |done, all| {
        Message::new(
            format!("{done}/{all} 个入选项目按期推进，{late} 个逾期"),
            format!("{done} of {all} adopted projects are on their way, {late} are late"),
        )
    })
}

/// S28: whoever proposed what was not adopted was told why. What is undecided yet may still be adopted and does not count.
pub(super) fn explained_to_proposers(facts: &Facts) -> Answer {
    let figure = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (told, owing) = (figure(facts.not_adopted.told), figure(facts.not_adopted.owing));
    let all = told.saturating_add(owing);
    let measure = Measure {
        numerator: told,
        denominator: Some(all),
        need: Need::All,
        due: facts.closed_on,
        broken: false,
    };
    let note = Message::new(
        format!("已定不予列入的 {all} 件中 {told} 件已说明"),
        format!("{told} of {all} that were decided against were explained"),
    );
    Answer::of(facts, &measure, note, vec![facts.itself()])
}

/// S29: supervision has inspected.
pub(super) fn inspections(facts: &Facts) -> Answer {
    let made: Vec<Evidence> = facts.inspections.iter().map(|(id, _)| (Kind::Inspection, id.0)).collect();
    let findings: usize = facts.inspections.iter().map(|(_, findings)| findings).sum();
    let note = Message::new(
        format!("督导检查 {} 次，发现问题 {findings} 个", made.len()),
        format!("{} inspections, {findings} findings", made.len()),
    );
    let figure = (number(made.len()), None);
    Answer::some(facts, figure, facts.closes_on(), note, made)
}

/// S30: what was inspected is told to the whole district, while that still helps the collection along.
pub(super) fn circulars(facts: &Facts) -> Answer {
    let issued: Vec<Evidence> = facts.circulars.iter().map(|id| (Kind::Circular, id.0)).collect();
    let note =
        Message::new(format!("印发通报 {} 期", issued.len()), format!("{} circulars issued", issued.len()));
    let figure = (number(issued.len()), None);
    Answer::some(facts, figure, facts.closes_on(), note, issued)
}
