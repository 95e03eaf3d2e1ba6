//! What the clauses of a campaign are held against: read once, judged without another look at the database.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use entity::enums::{DueState, Stage};
use entity::id::{CampaignId, DepartmentId, WeeklyReportId};
use entity::{
    acknowledgement, agenda_item, circular, evaluation, finding, inspection, meeting, merger, project,
    roster, summary_line, unit_plan, vote,
};
use uuid::Uuid;

use crate::coverage::figures::VillageFigures;
use crate::decision::closing::store::Ends;
use crate::decision::project::store::Standing as ProjectStanding;
use crate::duty::store::Status as RosterStatus;
use crate::ids::Kind;
use crate::plan::{Plan, VillageClass};
use crate::reporting::summary::store::Standing as TableStanding;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// All of them.
    pub all: i64,
    /// Those received in the campaign's days.
    pub within: i64,
    /// Those in a class.
    pub classified: i64,
    /// Praise among them.
    pub praise: i64,
}

/// What one department owed for one period.
#[derive(Clone, Debug)]
pub struct Week {
    /// Who owed it.
    pub department: DepartmentId,
    /// On time, missing or late, or not due yet.
    pub state: DueState,
}

/// Everything that clauses are held against.
pub struct Facts {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The campaign.
    pub campaign: CampaignId,
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
    pub acknowledgements: Vec<acknowledgement::Model>,
    /// How much each department has published.
    pub published: HashMap<DepartmentId, i64>,
    /// The latest pieces.
    pub publicity: Vec<Evidence>,
    /// Villages with their figures.
    pub villages: Vec<VillageFigures>,
    /// Visits.
    pub visits: i64,
    /// Symposiums.
    pub symposiums: i64,
    /// Rosters.
    pub rosters: Vec<RosterStatus>,
    /// Rosters that hold, by department.
    pub unit_plans: Vec<unit_plan::Model>,
    /// Weekly reports that were owed so far.
    pub weeks: Vec<Week>,
    /// The latest of those handed in on time.
    pub reports: Vec<WeeklyReportId>,
    /// Summary tables.
    pub tables: Vec<TableStanding>,
    /// Lines of the tables that count.
    pub lines: Vec<summary_line::Model>,
    /// Mergers that hold.
    pub mergers: Vec<merger::Model>,
    /// Meetings held, with what they decided.
    pub meetings: Vec<(meeting::Model, Vec<agenda_item::Model>)>,
    /// All projects.
    pub projects: Vec<project::Model>,
    /// The adopted ones, and how they stand.
    pub adopted: Vec<ProjectStanding>,
    /// Votes.
    pub votes: Vec<vote::Model>,
    /// Evaluations.
    pub evaluations: Vec<evaluation::Model>,
    /// How the suggestions ended.
    pub ends: Ends,
    /// Inspections with findings.
    pub inspections: Vec<(inspection::Model, Vec<finding::Model>)>,
    /// Circulars issued.
    pub circulars: Vec<circular::Model>,
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

    /// Villages of a class that have a target.
    pub fn villages_of(&self, class: VillageClass) -> impl Iterator<Item = &VillageFigures> {
        let own = move |row: &&VillageFigures| row.register.class == class;
        self.villages.iter().filter(own)
    }
}

/// A roster that was handed in, else its department.
#[must_use]
pub fn roster_or_department(roster: Option<&roster::Model>, department: DepartmentId) -> Evidence {
    roster.map_or((Kind::Department, department.0), |row| (Kind::Roster, row.id.0))
}

/// Whether a suggestion at this stage counts as one.
#[must_use]
pub const fn counts(stage: Stage) -> bool {
    !matches!(stage, Stage::Withdrawn | Stage::Invalid)
}
