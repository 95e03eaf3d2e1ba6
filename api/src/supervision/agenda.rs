//! What supervision makes people owe: findings to put right and to recheck, circulars to acknowledge, approve and issue.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::async_trait::async_trait;
use chrono::NaiveDate;
use entity::enums::{CircularStatus, RecheckResult};
use entity::id::{AccountId, CampaignId, CircularId, DepartmentId, InspectionId};
use entity::{circular, circular_receipt, finding, inspection, rectification};

use super::circular::rules::{self as circulars, Approver};
use super::inspection::rules::{self as findings, Standing};
use crate::agenda::rules::short;
use crate::agenda::{Asked, Owed, OwedKind, Source};
use crate::db::{Fault, Group, Predicate};
use crate::error::ApiError;
use crate::ids::Kind;
use crate::refusal::Message;
use crate::scope::profiles::Operation;

/// What supervision makes people owe.
pub struct Owing;

#[async_trait]
impl Source for Owing {
    async fn owed(&self, asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
        let any = |operations: &[Operation]| operations.iter().any(|operation| asked.may(*operation));
        let mut owed = Vec::new();
        if any(&[Operation::RectificationReport, Operation::FindingRecheck]) {
            owed.extend(of_findings(asked).await?);
        }
        if any(&[Operation::CircularAcknowledge, Operation::CircularApprove, Operation::CircularIssue]) {
            owed.extend(of_circulars(asked).await?);
        }
        Ok(owed)
    }
}

/// A finding in as few columns as an agenda needs.
struct Point {
    inspection: InspectionId,
    position: i32,
    author: DepartmentId,
    inspected: DepartmentId,
    rectify_by: NaiveDate,
    standing: Standing,
}

/// Findings about the department that it has to report on, and its own that it has to recheck.
async fn of_findings(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    let inspections = inspections(asked).await?;
    let own = asked.department.id;
    let owed = points(asked).await?.into_iter().filter_map(|point| {
        let (campaign, day) = *inspections.get(&point.inspection)?;
        let reported = findings::recheck(point.standing).is_ok();
        let (kind, operation, zh, en) = if reported && point.author == own {
            (OwedKind::FindingToRecheck, Operation::FindingRecheck, "复查整改", "Recheck")
        } else if !reported && point.inspected == own {
            (OwedKind::FindingOpen, Operation::RectificationReport, "整改并报告", "Put right and report")
        } else {
            return None;
        };
        let position = point.position;
        let title = Message::new(
            format!("{zh}：{day} 督查第 {position} 项问题"),
            format!("{en}: finding {position} of the inspection of {day}"),
        );
        let owed = Owed::new(kind, operation, campaign, title).about(Kind::Inspection, point.inspection);
        Some(owed.due(Some(point.rectify_by)))
    });
    Ok(owed.collect())
}

/// Campaign and day of the inspections that the department made or that were made of it.
async fn inspections(asked: &Asked<'_>) -> Result<BTreeMap<InspectionId, (CampaignId, NaiveDate)>, Fault> {
    use inspection::Column as C;
    let own = asked.department.id;
    let sides = vec![Predicate::is(C::Inspected, own), Predicate::is(C::Department, own)];
    let rows = asked.tx().from::<inspection::Entity>();
    let rows = rows.filter(asked.here(C::Campaign).and(Predicate::Any(sides)));
    let row = |group: &Group| Ok((group.key(0)?, (group.key(1)?, group.key(2)?)));
    rows.count_by(&[C::Id, C::Campaign, C::InspectedOn], None).await?.iter().map(row).collect()
}

/// Those that no recheck has passed.
async fn points(asked: &Asked<'_>) -> Result<Vec<Point>, Fault> {
    use finding::Column as C;
    let own = asked.department.id;
    let sides = vec![Predicate::is(C::Inspected, own), Predicate::is(C::Department, own)];
    let failed = RecheckResult::ALL.iter().copied().filter(|result| *result != RecheckResult::Passed);
    let open = vec![Predicate::Empty(C::Recheck), Predicate::among(C::Recheck, failed)];
    let rows = asked.tx().from::<finding::Entity>();
    let rows = rows.filter(Predicate::Any(sides).and(Predicate::Any(open)));
    let columns =
        [C::Inspection, C::Position, C::Department, C::Inspected, C::RectifyBy, C::Version, C::Recheck];
    let groups = rows.count_by(&columns, None).await?;
    let reports = reports(asked, groups.is_empty()).await?;
    let point = |group: &Group| {
        let (inspection, position) = (group.key(0)?, group.key(1)?);
        let told = reports.get(&(inspection, position)).copied().unwrap_or(0);
        Ok(Point {
            inspection,
            position,
            author: group.key(2)?,
            inspected: group.key(3)?,
            rectify_by: group.key(4)?,
            standing: Standing::of(told, group.key(5)?, group.key(6)?),
        })
    };
    groups.iter().map(point).collect()
}

/// Reports of rectification for each finding that the department sees; none are read where none matter.
async fn reports(asked: &Asked<'_>, needless: bool) -> Result<BTreeMap<(InspectionId, i32), usize>, Fault> {
    use rectification::Column as C;
    if needless {
        return Ok(BTreeMap::new());
    }
    let groups = asked.tx().from::<rectification::Entity>().count_by(&[C::Inspection, C::Position], None);
    let counted = |group: &Group| {
        let count = usize::try_from(group.figure()?).unwrap_or(0);
        Ok(((group.key(0)?, group.key(1)?), count))
    };
    groups.await?.iter().map(counted).collect()
}

/// A circular in as few columns as an agenda needs: neither text nor figures.
struct Paper {
    id: CircularId,
    campaign: CampaignId,
    title: String,
    status: CircularStatus,
    department: DepartmentId,
    drafted_by: AccountId,
}

async fn of_circulars(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    let (papers, read) = (papers(asked).await?, acknowledged(asked).await?);
    let viewer = asked.viewer();
    let approver = Approver {
        profile: viewer.profile(),
        position: viewer.position(),
        department: viewer.department(),
        account: AccountId(viewer.actor()),
    };
    let owed = papers.into_iter().filter_map(|paper| {
        let step = circulars::approve(paper.status, paper.department, paper.drafted_by, approver);
        let (kind, operation, zh, en) = match paper.status {
            CircularStatus::Issued if read.contains(&paper.id) => return None,
            CircularStatus::Issued => {
                (OwedKind::CircularToAcknowledge, Operation::CircularAcknowledge, "签收通报", "Acknowledge")
            }
            CircularStatus::Draft if step.is_ok() => {
                (OwedKind::CircularToApprove, Operation::CircularApprove, "审批通报", "Approve")
            }
            CircularStatus::Approved if paper.department == asked.department.id => {
                (OwedKind::CircularToIssue, Operation::CircularIssue, "印发通报", "Issue")
            }
            CircularStatus::Draft | CircularStatus::Approved | CircularStatus::Discarded => return None,
        };
        let text = short(&paper.title);
        let title = Message::new(format!("{zh}：{text}"), format!("{en} a circular: {text}"));
        Some(Owed::new(kind, operation, paper.campaign, title).about(Kind::Circular, paper.id))
    });
    Ok(owed.collect())
}

async fn papers(asked: &Asked<'_>) -> Result<Vec<Paper>, Fault> {
    use circular::Column as C;
    let columns = [C::Id, C::Campaign, C::Title, C::Status, C::Department, C::DraftedBy];
    let rows = asked.tx().from::<circular::Entity>().filter(asked.here(C::Campaign));
    let paper = |group: &Group| {
        Ok(Paper {
            id: group.key(0)?,
            campaign: group.key(1)?,
            title: group.key(2)?,
            status: group.key(3)?,
            department: group.key(4)?,
            drafted_by: group.key(5)?,
        })
    };
    rows.count_by(&columns, None).await?.iter().map(paper).collect()
}

/// Circulars that the department has acknowledged.
async fn acknowledged(asked: &Asked<'_>) -> Result<BTreeSet<CircularId>, Fault> {
    use circular_receipt::Column as C;
    let own = Predicate::is(C::Department, asked.department.id);
    let groups = asked.tx().from::<circular_receipt::Entity>().filter(own);
    groups.count_by(&[C::Circular], None).await?.iter().map(|group| group.key(0)).collect()
}
