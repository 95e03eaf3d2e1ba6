//! What decisions make people owe: explanations of what was not adopted, and the results of meetings that were held.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::async_trait::async_trait;
use entity::enums::{Capability, MeetingStatus, ProjectStatus, Stage};
use entity::id::{CampaignId, ProjectId, SubmissionId};
use entity::{explanation, meeting, project, project_source, share};

use super::explanation::rules;
use crate::agenda::rules::short;
use crate::agenda::source::ROWS;
use crate::agenda::{Asked, Owed, OwedKind, Source};
use crate::db::{Direction, Fault, Group, Predicate};
use crate::error::ApiError;
use crate::fate::facts::{self, Known};
use crate::ids::Kind;
use crate::refusal::{Message, message};
use crate::scope::profiles::Operation;

/// Suggestions of one statement at most: both databases bound the number of parameters.
const CHUNK: usize = 1_000;

/// What decisions make people owe.
pub struct Owing;

#[async_trait]
impl Source for Owing {
    async fn owed(&self, asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
        let mut owed = Vec::new();
        if asked.may(Operation::ExplanationRecord) {
            owed.extend(to_explain(asked).await?);
            owed.extend(merged_to_explain(asked).await?);
        }
        if asked.may(Operation::ExplanationDeliver) {
            owed.extend(to_deliver(asked).await?);
        }
        if asked.may(Operation::MeetingResultRecord) {
            owed.extend(meetings(asked).await?);
        }
        Ok(owed)
    }
}

/// Projects that were turned down or put off, with suggestions of the department that nobody has explained, each as a pile.
async fn to_explain(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    let projects = not_adopted(asked).await?;
    if projects.is_empty() {
        return Ok(Vec::new());
    }
    let sources = sources(asked, &projects).await?;
    let named: Vec<SubmissionId> = sources.iter().map(|(_, submission)| *submission).collect();
    let mut open = BTreeSet::new();
    for chunk in named.chunks(CHUNK) {
        open.extend(explainable(asked, chunk).await?);
    }
    let mut piles: BTreeMap<ProjectId, u64> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (project, submission) in sources {
        if open.contains(&submission) && seen.insert(submission) {
            *piles.entry(project).or_default() += 1;
        }
    }
    let owed = projects.into_iter().filter_map(|(project, campaign, title)| {
        let count = *piles.get(&project)?;
        let text = short(&title);
        let title = Message::new(
            format!("说明未采纳：{text}（{count} 件意见）"),
            format!("Explain why it was not adopted: {text} ({count} suggestions)"),
        );
        let owed = Owed::new(OwedKind::ExplanationDue, Operation::ExplanationRecord, campaign, title);
        Some(owed.about(Kind::Project, project).many(count))
    });
    Ok(owed.collect())
}

/// Merged suggestions of the department that are part of no project and share that it was not adopted, as a pile of their
/// campaign: what they were merged into stays untold.
async fn merged_to_explain(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    use share::Column as C;
    let these = Predicate::is(C::Stage, Stage::Merged)
        .and(Predicate::is(C::Capability, Capability::Collect))
        .and(asked.own(C::Department, C::Campaign));
    let rows = asked.tx().from::<share::Entity>().filter(these);
    let of = |group: &Group| Ok((group.key(0)?, group.key(1)?));
    let groups = rows.count_by(&[C::Submission, C::Campaign], None).await?;
    let of: BTreeMap<SubmissionId, CampaignId> = groups.iter().map(of).collect::<Result<_, Fault>>()?;
    let cases: Vec<(SubmissionId, Stage)> = of.keys().map(|id| (*id, Stage::Merged)).collect();
    let mut piles: BTreeMap<CampaignId, u64> = BTreeMap::new();
    for (id, known) in facts::read(asked.tx(), &cases, &[]).await? {
        let open = known.project.is_none() && rules::explainable(&known.facts).is_ok();
        if let Some(campaign) = of.get(&id).filter(|_| open) {
            *piles.entry(*campaign).or_default() += 1;
        }
    }
    let owed = piles.into_iter().map(|(campaign, count)| {
        let title = message!(
            "说明未采纳：并入他件的 {count} 件意见",
            "Explain why they were not adopted: {count} suggestions that were merged into others"
        );
        Owed::new(OwedKind::ExplanationDue, Operation::ExplanationRecord, campaign, title).many(count)
    });
    Ok(owed.collect())
}

/// Without their long contents.
async fn not_adopted(asked: &Asked<'_>) -> Result<Vec<(ProjectId, CampaignId, String)>, Fault> {
    use project::Column as C;
    let no = [ProjectStatus::Rejected, ProjectStatus::Deferred];
    let these = Predicate::among(C::Status, no).and(asked.here(C::Campaign));
    let rows = asked.tx().from::<project::Entity>().filter(these);
    let groups = rows.count_by(&[C::Id, C::Campaign, C::Title], None).await?;
    let project = |group: &Group| Ok((group.key(0)?, group.key(1)?, group.key(2)?));
    groups.iter().map(project).collect()
}

/// Suggestions of the department that the projects were drawn from.
async fn sources(
    asked: &Asked<'_>,
    projects: &[(ProjectId, CampaignId, String)],
) -> Result<Vec<(ProjectId, SubmissionId)>, Fault> {
    use project_source::Column as C;
    let these = Predicate::among(C::Project, projects.iter().map(|(project, ..)| *project))
        .and(Predicate::is(C::Department, asked.department.id));
    let rows = asked.tx().from::<project_source::Entity>().filter(these);
    let groups = rows.count_by(&[C::Project, C::Submission], None).await?;
    let source = |group: &Group| Ok((group.key(0)?, group.key(1)?));
    let mut sources: Vec<(ProjectId, SubmissionId)> =
        groups.iter().map(source).collect::<Result<_, Fault>>()?;
    sources.sort_unstable();
    Ok(sources)
}

/// Those of some suggestions that `explanationRecord` would take.
async fn explainable(asked: &Asked<'_>, named: &[SubmissionId]) -> Result<BTreeSet<SubmissionId>, Fault> {
    use share::Column as C;
    let these = Predicate::among(C::Submission, named.iter().copied())
        .and(Predicate::is(C::Department, asked.department.id))
        .and(Predicate::is(C::Capability, Capability::Collect));
    let rows = asked.tx().from::<share::Entity>().filter(these);
    let stage = |group: &Group| Ok((group.key(0)?, group.key(1)?));
    let groups = rows.count_by(&[C::Submission, C::Stage], None).await?;
    let stages: Vec<(SubmissionId, Stage)> = groups.iter().map(stage).collect::<Result<_, Fault>>()?;
    let known = facts::read(asked.tx(), &stages, &[]).await?;
    let takes = |(id, known): (SubmissionId, Known)| rules::explainable(&known.facts).is_ok().then_some(id);
    Ok(known.into_iter().filter_map(takes).collect())
}

/// Explanations that were written and not delivered.
async fn to_deliver(asked: &Asked<'_>) -> Result<Vec<Owed>, Fault> {
    use explanation::Column as C;
    let pending = Predicate::Empty(C::DeliveredOn).and(Predicate::Empty(C::WithdrawnAt));
    let these = pending.and(asked.own(C::Department, C::Campaign));
    let rows = asked.tx().from::<explanation::Entity>().filter(these);
    let rows = rows.order(C::Id, Direction::Ascending).limit(ROWS).all().await?;
    let owed = |row: explanation::Model| {
        let (text, count) = (short(&row.text), row.covered);
        let title = Message::new(
            format!("送达说明：{text}（{count} 件意见）"),
            format!("Deliver an explanation: {text} ({count} suggestions)"),
        );
        let owed = Owed::new(OwedKind::ExplanationDue, Operation::ExplanationDeliver, row.campaign, title);
        owed.about(Kind::Explanation, row.id).many(u64::try_from(count).unwrap_or(0))
    };
    Ok(rows.into_iter().map(owed).collect())
}

/// Meetings whose day has come and whose results nobody has written down.
async fn meetings(asked: &Asked<'_>) -> Result<Vec<Owed>, Fault> {
    use meeting::Column as C;
    let planned = Predicate::is(C::Status, MeetingStatus::Planned).and(asked.here(C::Campaign));
    let rows = asked.tx().from::<meeting::Entity>().filter(planned);
    let rows = rows.order(C::HeldOn, Direction::Ascending).limit(ROWS).all().await?;
    let owed = |row: meeting::Model| {
        let day = row.held_on;
        let title = Message::new(
            format!("登记 {day} 会议的结论"),
            format!("Record the results of the meeting of {day}"),
        );
        let (kind, operation) = (OwedKind::MeetingResultDue, Operation::MeetingResultRecord);
        let owed = Owed::new(kind, operation, row.campaign, title);
        owed.about(Kind::Meeting, row.id).due(Some(day))
    };
    Ok(rows.into_iter().filter(|row| row.held_on <= asked.today).map(owed).collect())
}
