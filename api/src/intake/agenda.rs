//! What intake makes people owe: suggestions that wait for a class, those of somebody who left, and proposals not to accept one.

use async_graphql::async_trait::async_trait;
use entity::enums::{InvalidationStatus, Stage};
use entity::id::{AccountId, CampaignId, StreamId, SubmissionId};
use entity::labels::Labelled as _;
use entity::share::{Column as C, Entity as Share};
use entity::{invalidation, submission};

use crate::agenda::source::ROWS;
use crate::agenda::{Asked, Owed, OwedKind, Source};
use crate::db::{Direction, Fault, Group, Predicate};
use crate::error::ApiError;
use crate::ids::Kind;
use crate::intake::rules::{ended, untouched};
use crate::refusal::Message;
use crate::scope::profiles::Operation;
use crate::shares::figures::{Dimension, Key, cells};
use crate::shares::filter::{Filter, Queue};

/// What intake makes people owe.
pub struct Owing;

#[async_trait]
impl Source for Owing {
    async fn owed(&self, asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
        let mut owed = to_classify(asked).await?;
        owed.extend(to_reassign(asked).await?);
        owed.extend(to_rule(asked).await?);
        Ok(owed)
    }
}

/// One pile for each stream of the department, counted by the rollups.
async fn to_classify(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    if !asked.may(Operation::SubmissionClassify) {
        return Ok(Vec::new());
    }
    let filter = Filter {
        campaigns: Some(asked.campaigns.iter().map(|running| running.row.id).collect()),
        departments: Some(vec![asked.department.id]),
        queue: Some(Queue::ToClassify),
        ..Filter::default()
    };
    let piles = cells(asked.tx(), &filter, &[Dimension::Stream]).await?;
    let piles = piles.iter().filter_map(|cell| match cell.keys[..] {
        [Key::Stream(stream)] => Some((stream, u64::try_from(cell.count).ok()?)),
        _ => None,
    });
    let piles: Vec<(StreamId, u64)> = piles.collect();
    let named: Vec<StreamId> = piles.iter().map(|(stream, _)| *stream).collect();
    let streams = asked.snapshot.load.stream.load_many(named).await?;
    let owed = piles.iter().filter_map(|(stream, count)| {
        let row = streams.get(stream)?;
        let title = Message::new(
            format!("{}：{count} 件意见待归类", row.name),
            format!("{}: {count} suggestions to classify", row.name),
        );
        let owed = Owed::new(OwedKind::ToClassify, Operation::SubmissionClassify, row.campaign, title);
        Some(owed.about(Kind::IntakeStream, *stream).many(*count))
    });
    Ok(owed.collect())
}

/// For the head: one pile for each person who works in the department no more and still has open cases.
async fn to_reassign(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    if !asked.may(Operation::SubmissionsReassign) {
        return Ok(Vec::new());
    }
    let mut piles = assigned(asked).await?;
    let people: Vec<AccountId> = piles.iter().map(|(_, person, _)| *person).collect();
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let here = asked.tx().staff_serving(&people).await?;
    piles.retain(|(_, person, _)| !here.contains(person));
    let gone = piles.iter().map(|(_, person, _)| *person);
    let names = asked.snapshot.load.staff_names.load_many(gone).await?;
    let owed = |(campaign, person, count): (CampaignId, AccountId, u64)| {
        let (zh, en) = match names.get(&person) {
            Some(name) => (name.as_str(), name.as_str()),
            None => ("原经办人", "Somebody"),
        };
        let title = Message::new(
            format!("{zh}已离任或停用：{count} 件意见待转交"),
            format!("{en} has left: {count} suggestions to hand over"),
        );
        let owed = Owed::new(OwedKind::ToReassign, Operation::SubmissionsReassign, campaign, title);
        owed.about(Kind::Account, person).many(count)
    };
    Ok(piles.into_iter().map(owed).collect())
}

/// For the office: each proposal not to accept a suggestion, by its case number.
async fn to_rule(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    if !asked.may(Operation::SubmissionInvalidRule) {
        return Ok(Vec::new());
    }
    let open = Predicate::is(invalidation::Column::Status, InvalidationStatus::Proposed);
    let rising = Direction::Ascending;
    let rows = asked.tx().from::<invalidation::Entity>().filter(open);
    let rows = rows.order(invalidation::Column::ProposedAt, rising).limit(ROWS).all().await?;
    let proposed: Vec<SubmissionId> = rows.iter().map(|row| row.submission).collect();
    let cases = asked.snapshot.load.submission.load_many(proposed).await?;
    let running = |case: &submission::Model| asked.campaigns.iter().any(|one| one.row.id == case.campaign);
    let owed = rows.iter().filter_map(|row| {
        // What was merged or explained in the meantime waits for no ruling.
        let case = cases.get(&row.submission).filter(|case| untouched(case.stage) && running(case))?;
        let reason = row.reason.label();
        let title = Message::new(
            format!("裁定是否受理：{}（提请理由：{}）", case.number, reason.zh),
            format!("Rule whether it is accepted: {} (proposed: {})", case.number, reason.en),
        );
        let owed = Owed::new(OwedKind::InvalidToRule, Operation::SubmissionInvalidRule, case.campaign, title);
        Some(owed.about(Kind::Submission, case.id))
    });
    Ok(owed.collect())
}

/// How many open cases of the department each person works on.
async fn assigned(asked: &Asked<'_>) -> Result<Vec<(CampaignId, AccountId, u64)>, Fault> {
    let open = Stage::ALL.iter().copied().filter(|stage| !ended(*stage));
    let these = Predicate::All(vec![
        asked.own(C::Department, C::Campaign),
        Predicate::Present(C::Assignee),
        Predicate::among(C::Stage, open),
    ]);
    let groups = asked.tx().from::<Share>().filter(these).count_by(&[C::Campaign, C::Assignee], None).await?;
    let pile = |group: &Group| Ok((group.key(0)?, group.key(1)?, group.figure()?.unsigned_abs()));
    groups.iter().map(pile).collect()
}
