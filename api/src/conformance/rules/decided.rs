//! Clauses about decisions and supervision: merging, meetings, votes, progress, explanations, inspections, circulars.

use entity::enums::{MeetingKind, ProjectStatus};

use super::answer::{Answer, Item, number};
use super::facts::{Evidence, Facts};
use super::judge::{Measure, Need};
use crate::fate::rules::Disposition;
use crate::ids::Kind;
use crate::refusal::Message;

/// S24: the office has brought together what departments collected.
pub(super) fn merge_across_departments(facts: &Facts) -> Answer {
    let mut targets: Vec<Evidence> =
        facts.mergers.iter().map(|row| (Kind::Submission, row.target.0)).collect();
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
/// one of them turned it down or put it off. What the office took back is no project any more.
pub(super) fn two_meetings(facts: &Facts) -> Answer {
    let through = |studied, decided| matches!((studied, decided), (Some(first), Some(then)) if first <= then);
    let ended = facts.projects.iter().map(|row| {
        let no = matches!(row.status, ProjectStatus::Rejected | ProjectStatus::Deferred);
        let done = no || through(row.studied_on, row.decided_on);
        Item::new(done, (Kind::Project, row.id.0))
    });
    let items: Vec<Item> = ended.collect();
    let of_kind = |kind| facts.meetings.iter().filter(|(row, _)| row.kind == kind).count();
    let (studied, decided) = (of_kind(MeetingKind::GovernmentExecutive), of_kind(MeetingKind::PartyStanding));
    let mut answer = Answer::each(facts, &items, facts.closed_on, false, |done, all| {
        Message::new(
            format!("{done}/{all} 个项目经常务会研究、常委会审定；会议 {studied}+{decided} 次"),
            format!("{done} of {all} projects went through both; {studied} + {decided} meetings"),
        )
    });
    if answer.status == super::judge::ClauseStatus::Met {
        let meetings = facts.meetings.iter();
        answer.evidence = meetings.map(|(row, _)| (Kind::Meeting, row.id.0)).collect();
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
        .map(|standing| {
            let id = standing.project.id;
            let voted = facts.votes.iter().any(|vote| vote.project == id);
            Item::new(voted, (Kind::Project, id.0))
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

/// S27: every adopted project is on its way, and none is late.
pub(super) fn project_progress(facts: &Facts) -> Answer {
    let broken = facts.adopted.iter().any(|row| row.delayed);
    let items: Vec<Item> = facts
        .adopted
        .iter()
        .map(|row| {
            let on_its_way = !row.delayed && !row.lines.is_empty();
            Item::new(on_its_way, (Kind::Project, row.project.id.0))
        })
        .collect();
    let late = facts.adopted.iter().filter(|row| row.delayed).count();
    Answer::each(facts, &items, facts.closed_on, broken, |done, all| {
        Message::new(
            format!("{done}/{all} 个入选项目按期推进，{late} 个逾期"),
            format!("{done} of {all} adopted projects are on their way, {late} are late"),
        )
    })
}

/// S28: whoever proposed what was not adopted was told why.
pub(super) fn explained_to_proposers(facts: &Facts) -> Answer {
    let count = |end| facts.ends.counts.get(&end).copied().unwrap_or(0);
    let figure = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (told, open) = (figure(count(Disposition::Declined)), figure(facts.ends.open()));
    let measure = Measure {
        numerator: told,
        denominator: Some(told + open),
        need: Need::All,
        due: facts.closed_on,
        broken: false,
    };
    let note = Message::new(
        format!("未列入的 {} 件中 {told} 件已说明", told + open),
        format!("{told} of {} that were not adopted were explained", told + open),
    );
    Answer::of(facts, &measure, note, vec![facts.itself()])
}

/// S29: supervision has inspected.
pub(super) fn inspections(facts: &Facts) -> Answer {
    let made: Vec<Evidence> = facts.inspections.iter().map(|(row, _)| (Kind::Inspection, row.id.0)).collect();
    let findings = facts.inspections.iter().map(|(_, findings)| findings.len());
    let findings: usize = findings.sum();
    let note = Message::new(
        format!("督导检查 {} 次，发现问题 {findings} 个", made.len()),
        format!("{} inspections, {findings} findings", made.len()),
    );
    let figure = (number(made.len()), None);
    Answer::some(facts, figure, facts.closes_on(), note, made)
}

/// S30: what was inspected is told to the whole district.
pub(super) fn circulars(facts: &Facts) -> Answer {
    let issued: Vec<Evidence> = facts.circulars.iter().map(|row| (Kind::Circular, row.id.0)).collect();
    let note =
        Message::new(format!("印发通报 {} 期", issued.len()), format!("{} circulars issued", issued.len()));
    let figure = (number(issued.len()), None);
    Answer::some(facts, figure, facts.closed_on, note, issued)
}
