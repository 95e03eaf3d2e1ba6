//! What the clauses of a campaign are held against: read once, judged without another look at the database. Plain values, so
//! that a test can make them up.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use entity::enums::{DueState, MeetingKind, ProjectStatus, Stage, SubmissionKind, Urgency};
use entity::id::{
    AcknowledgementId, CampaignId, CircularId, DepartmentId, InspectionId, MeetingId, ProjectId, RosterId,
    SubmissionId, SummaryLineId, SummaryTableId, UnitPlanId, VillageId, WeeklyReportId,
};
use uuid::Uuid;

use crate::campaign::names::Names;
use crate::coverage::rules::Counts;
use crate::ids::Kind;
use crate::plan::{Plan, VillageClass};

/// An object that proves something, by kind and key.
pub type Evidence = (Kind, Uuid);

/// Something that suggestions are counted by: a stream, a channel, a class.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its code in the plan.
    pub code: String,
    /// It.
    pub object: Evidence,
    /// Suggestions that count.
    pub count: i64,
}

/// Suggestions received, without those withdrawn or found inadmissible.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// All of them.
    pub all: i64,
    /// Those received in the campaign's days.
    pub within: i64,
    /// Those in a class.
    pub classified: i64,
    /// By kind; those of which there are none may be left out.
    pub kinds: BTreeMap<SubmissionKind, i64>,
}

/// A village with its figures.
#[derive(Clone, Debug)]
pub struct Village {
    /// It.
    pub id: VillageId,
    /// Its township or street.
    pub township: DepartmentId,
    /// Its class.
    pub class: VillageClass,
    /// Households and how many were reached.
    pub counts: Counts,
    /// How it stands to the target of its class; none where the plan sets none.
    pub target: Option<Target>,
}

/// How a village stands to its target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Households that the target counts.
    pub covered: i64,
    /// Whether it is reached.
    pub met: bool,
}

/// How a department stands with its roster.
#[derive(Clone, Debug)]
pub struct Roster {
    /// The department.
    pub department: DepartmentId,
    /// The version that holds; none where none was handed in.
    pub roster: Option<RosterId>,
    /// On time, late, missing or awaited.
    pub timeliness: DueState,
    /// Whether it names everybody whom the notice asks for.
    pub complete: bool,
}

/// A department's own plan, its first draft.
#[derive(Clone, Debug)]
pub struct UnitPlan {
    /// It.
    pub id: UnitPlanId,
    /// Whose.
    pub department: DepartmentId,
    /// When it was handed in.
    pub submitted_on: NaiveDate,
}

/// What one department owed for one period.
#[derive(Clone, Debug)]
pub struct Week {
    /// Who owed it.
    pub department: DepartmentId,
    /// The day by which.
    pub due_on: NaiveDate,
    /// On time, missing or late, or not due yet.
    pub state: DueState,
}

/// How a department stands with its summary table.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The department that owes it.
    pub department: DepartmentId,
    /// By the day of its first signature.
    pub state: DueState,
    /// The latest edition.
    pub table: Option<Table>,
    /// Lines of that edition.
    pub lines: u64,
    /// Those with a project.
    pub projects: u64,
    /// Suggestions in no class yet.
    pub unclassified: u64,
    /// Suggestions in a class and in no table.
    pub untabled: u64,
}

/// A summary table.
#[derive(Clone, Debug)]
pub struct Table {
    /// It.
    pub id: SummaryTableId,
    /// Whether it is signed and was not returned.
    pub signed: bool,
}

/// A line of a table that counts.
#[derive(Clone, Debug)]
pub struct Line {
    /// It.
    pub id: SummaryLineId,
    /// Its table.
    pub summary: SummaryTableId,
    /// How many suggestions it sums up.
    pub count: i32,
    /// How urgent it is.
    pub urgency: Urgency,
    /// How many it would benefit, where it says so.
    pub beneficiaries: Option<i64>,
}

/// A project.
#[derive(Clone, Debug)]
pub struct Project {
    /// It.
    pub id: ProjectId,
    /// What the meetings made of it.
    pub status: ProjectStatus,
    /// When the executive meeting studied it.
    pub studied_on: Option<NaiveDate>,
    /// When the party committee decided.
    pub decided_on: Option<NaiveDate>,
}

/// An adopted project on its way.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// It.
    pub id: ProjectId,
    /// Whether anything was written about how it goes.
    pub reported: bool,
    /// Whether a milestone or the finish has passed undone.
    pub delayed: bool,
    /// When it is to be finished.
    pub finish: Option<NaiveDate>,
}

/// The deputies' vote on a project.
#[derive(Clone, Debug)]
pub struct Vote {
    /// The project.
    pub project: ProjectId,
    /// For it.
    pub in_favour: i32,
    /// Of so many who were there.
    pub present: i32,
}

/// The congress's evaluation of a project.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The project.
    pub project: ProjectId,
    /// Satisfied, or basically so.
    pub content: i32,
    /// Of so many.
    pub all: i32,
}

/// What became of what was not adopted. What is undecided yet is none of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotAdopted {
    /// Suggestions whose people were told why.
    pub told: u64,
    /// Suggestions whose people are still to be told.
    pub owing: u64,
}

/// Everything that clauses are held against.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The campaign.
    pub campaign: CampaignId,
    /// The campaigns of the county, in the order in which a search meets them.
    pub campaigns: Vec<(CampaignId, Names)>,
    /// Today.
    pub today: NaiveDate,
    /// Day on which the campaign was closed; none until then.
    pub closed_on: Option<NaiveDate>,
    /// Departments by code.
    pub departments: HashMap<String, DepartmentId>,
    /// Streams in the plan's order.
    pub streams: Vec<Heard>,
    /// Channels in the plan's order.
    pub channels: Vec<Heard>,
    /// Classes in the plan's order.
    pub categories: Vec<Heard>,
    /// Suggestions.
    pub received: Received,
    /// Who has acknowledged the founding document.
    pub acknowledgements: HashMap<DepartmentId, AcknowledgementId>,
    /// How much each department has published.
    pub published: HashMap<DepartmentId, i64>,
    /// The latest pieces.
    pub publicity: Vec<Evidence>,
    /// Villages.
    pub villages: Vec<Village>,
    /// Visits.
    pub visits: i64,
    /// Symposiums.
    pub symposiums: i64,
    /// Rosters.
    pub rosters: Vec<Roster>,
    /// First drafts of the departments' own plans.
    pub unit_plans: Vec<UnitPlan>,
    /// Reports of every period that has begun.
    pub weeks: Vec<Week>,
    /// The latest of those handed in on time.
    pub reports: Vec<WeeklyReportId>,
    /// Summary tables.
    pub tables: Vec<Standing>,
    /// Lines of the tables that count.
    pub lines: Vec<Line>,
    /// What was merged into what, by the cases that others were merged into.
    pub mergers: Vec<SubmissionId>,
    /// Meetings held.
    pub meetings: Vec<(MeetingId, MeetingKind)>,
    /// All projects.
    pub projects: Vec<Project>,
    /// The adopted ones, and how they stand.
    pub adopted: Vec<Adopted>,
    /// Votes.
    pub votes: Vec<Vote>,
    /// Evaluations.
    pub evaluations: Vec<Evaluation>,
    /// What was not adopted.
    pub not_adopted: NotAdopted,
    /// Inspections, each with how many findings.
    pub inspections: Vec<(InspectionId, usize)>,
    /// Circulars issued.
    pub circulars: Vec<CircularId>,
}

impl Facts {
    /// The last day of intake.
    #[must_use]
    pub fn closes_on(&self) -> Option<NaiveDate> {
        self.plan.campaign.closes_on
    }

    /// A department of the plan as evidence.
    #[must_use]
    pub fn department(&self, code: &str) -> Option<Evidence> {
        let id = self.departments.get(code)?;
        Some((Kind::Department, id.0))
    }

    /// The campaign as evidence.
    #[must_use]
    pub const fn itself(&self) -> Evidence {
        (Kind::Campaign, self.campaign.0)
    }

    /// Whether a department has acknowledged the founding document, or has none to acknowledge: it is not addressed to whoever
    /// issues it.
    #[must_use]
    pub fn knows_of_it(&self, code: &str) -> bool {
        let Some(id) = self.departments.get(code) else {
            return false;
        };
        let mut addressed = crate::duty::rules::addressed(&self.plan);
        self.acknowledgements.contains_key(id) || !addressed.any(|one| one.code == code)
    }
}

/// A roster that was handed in, else its department.
#[must_use]
pub fn roster_or_department(row: &Roster) -> Evidence {
    row.roster.map_or((Kind::Department, row.department.0), |id| (Kind::Roster, id.0))
}

/// Whether a suggestion at this stage counts as one.
#[must_use]
pub const fn counts(stage: Stage) -> bool {
    !matches!(stage, Stage::Withdrawn | Stage::Invalid)
}
