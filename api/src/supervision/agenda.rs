//! What supervision makes people owe: findings to put right and to recheck, circulars to acknowledge, approve and issue.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::async_trait::async_trait;
use entity::enums::{CircularStatus, RecheckResult};
use entity::id::{AccountId, CampaignId, CircularId, DepartmentId, InspectionId};
use entity::{circular, circular_receipt, finding, rectification};

use super::circular::rules::{self as circulars, Approver};
use super::inspection::{rules as findings, store};
use crate::agenda::rules::short;
use crate::agenda::{Asked, Owed, OwedKind, Source};
use crate::db::{Direction, Fault, Group, Predicate};
use crate::error::ApiError;
use crate::ids::Kind;
use crate::refusal::Message;
use crate::scope::profiles::Operation;

/// Open findings that are read at most: some of them wait for the other side.
const FINDINGS: u64 = 500;

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

/// Findings about the department that it has to report on, and its own that it has to recheck.
async fn of_findings(asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
    let rows = open_findings(asked).await?;
    let named: BTreeSet<InspectionId> = rows.iter().map(|row| row.inspection).collect();
    let reports = reports(asked, &named).await?;
    let inspections = asked.snapshot.load.inspection.load_many(named).await?;
    let own = asked.department.id;
    let owed = rows.into_iter().filter_map(|row| {
        let campaign = inspections.get(&row.inspection)?.campaign;
        let told = reports.get(&(row.inspection, row.position)).copied().unwrap_or(0);
        let reported = findings::recheck(store::standing(&row, told)).is_ok();
        let (kind, operation, zh, en) = if reported && row.department == own {
            (OwedKind::FindingToRecheck, Operation::FindingRecheck, "复查整改", "Recheck")
        } else if !reported && row.inspected == own {
            (OwedKind::FindingOpen, Operation::RectificationReport, "整改并报告", "Put right and report")
        } else {
            return None;
        };
        let (position, text) = (row.position, short(&row.text));
        let title = Message::new(
            format!("{zh}：第 {position} 项 {text}"),
            format!("{en}: finding {position}, {text}"),
        );
        let owed = Owed::new(kind, operation, campaign, title).about(Kind::Inspection, row.inspection);
        Some(owed.due(Some(row.rectify_by)))
    });
    Ok(owed.filter(|owed| asked.runs(owed.campaign)).collect())
}

async fn open_findings(asked: &Asked<'_>) -> Result<Vec<finding::Model>, Fault> {
    use finding::Column as C;
    let own = asked.department.id;
    let sides = [Predicate::is(C::Inspected, own), Predicate::is(C::Department, own)];
    let failed = RecheckResult::ALL.iter().copied().filter(|result| *result != RecheckResult::Passed);
    let open = [Predicate::Empty(C::Recheck), Predicate::among(C::Recheck, failed)];
    let these = Predicate::Any(sides.into()).and(Predicate::Any(open.into()));
    let rows = asked.tx().from::<finding::Entity>().filter(these);
    let rows = rows.order(C::RectifyBy, Direction::Ascending).order(C::Inspection, Direction::Ascending);
    rows.limit(FINDINGS).all().await
}

/// Reports of rectification for each finding of some inspections.
async fn reports(
    asked: &Asked<'_>,
    inspections: &BTreeSet<InspectionId>,
) -> Result<BTreeMap<(InspectionId, i32), usize>, Fault> {
    use rectification::Column as C;
    if inspections.is_empty() {
        return Ok(BTreeMap::new());
    }
    let these = Predicate::among(C::Inspection, inspections.iter().copied());
    let rows = asked.tx().from::<rectification::Entity>().filter(these);
    let groups = rows.count_by(&[C::Inspection, C::Position], None).await?;
    let counted = |group: &Group| {
        let count = usize::try_from(group.figure()?).unwrap_or(0);
        Ok(((group.key(0)?, group.key(1)?), count))
    };
    groups.iter().map(counted).collect()
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
            CircularStatus::Draft | CircularStatus::Approved => return None,
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
