//! The plan of a campaign as data (方案): what a notice says, in the form the program runs on.
//!
//! A new notice is a new TOML file under `api/plans`, never new code. A file comes in by [`Plan::parse`], which reads its
//! shape and checks its sense and reports everything wrong with the file, line and field; what comes out holds together:
//! every code that it mentions exists in it. Nothing here reads a clock, a database or a file.
//!
//! | file | holds |
//! |---|---|
//! | `founding` | county, campaign, clauses |
//! | `organisation` | roles, departments, posts, groups, tasks |
//! | `collection` | streams, form fields, channels, classes, import rules |
//! | `coverage` | register of villages and what coverage they shall reach |
//! | `ranking` | by what circulars rank departments |
//! | `schedule` | due dates, time limits, columns of the summary table |
//! | `parse`, `locate`, `check`, `error` | from text to a sound plan, or to errors with their lines |
//! | `digest`, `diff` | whether and where two plans differ |
//! | `routing`, `import_routes` | to which stream an entry or an imported message belongs |

mod check;
mod collection;
mod coverage;
mod decision;
mod diff;
mod digest;
mod error;
mod founding;
mod import_routes;
mod locate;
mod organisation;
mod parse;
mod ranking;
mod routing;
mod schedule;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::calendar::{self, Calendar};

pub use collection::{
    Category, Channel, ChannelKind, FieldKind, FormField, Import, ImportName, ImportRoute, ImportText,
    RouteBy, Stream,
};
pub use coverage::{Coverage, CoverageTarget, Denominator, Numerator, Village, VillageClass, VillageKind};
pub use decision::Decision;
pub use diff::{Change, ChangeKind, diff};
pub use error::{PlanError, PlanErrorCode};
pub use founding::{Addressee, Campaign, Clause, ClauseState, County, Programme};
pub use import_routes::ImportRoutes;
pub use organisation::{
    Department, Group, GroupKind, GroupMember, Position, Post, RightsProfile, Role, Task,
};
pub use routing::RouteFacts;
pub use schedule::{
    ColumnSource, DueDate, DueKind, SummaryColumn, TimeLimit, TimeLimitKey, TimeLimitUnit, Weekday,
};

/// A plan that is in use, with what today's release finds wrong with it (已入库方案).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The plan, without the elements that can't be read any more.
    pub plan: Plan,
    /// What `plan apply` would refuse it for; empty for a sound one.
    pub errors: Vec<PlanError>,
}

/// One notice as data (方案): everything in which this campaign differs from any other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The county or district that runs the campaign (县、区).
    pub county: County,
    /// The founding document, the period and the switches of the campaign (活动).
    pub campaign: Campaign,
    /// What the coverage rate divides by and what counts (征集率口径; S05 S06).
    pub coverage: Coverage,
    /// Who a department is, and which rights that gives it (角色).
    pub roles: Vec<Role>,
    /// The departments that take part (部门).
    pub departments: Vec<Department>,
    /// The leadership group and the working groups (领导小组、工作组; S31 H22 H42).
    #[serde(default)]
    pub groups: Vec<Group>,
    /// The division of labour (责任分工; H21 H40).
    #[serde(default)]
    pub tasks: Vec<Task>,
    /// The intake streams, each owned by one department (征集流; S08 H12–H17).
    pub streams: Vec<Stream>,
    /// By which ways suggestions come in (渠道; S12–S15 H08).
    pub channels: Vec<Channel>,
    /// The classes by which suggestions are sorted (类别; S09).
    pub categories: Vec<Category>,
    /// The register of villages and communities (村、社区; S05 S06).
    #[serde(default)]
    pub villages: Vec<Village>,
    /// The coverage to be reached, per class of village (征集率目标; S05 S06).
    #[serde(default)]
    pub coverage_targets: Vec<CoverageTarget>,
    /// What departments owe, and by when (报送期限; S16 S19 S23).
    #[serde(default)]
    pub due_dates: Vec<DueDate>,
    /// The limits of handling (办理时限; H29 H32 H39).
    #[serde(default)]
    pub time_limits: Vec<TimeLimit>,
    /// How years are worked that the program does not know, or that the county keeps otherwise (工作日历).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendar: Vec<calendar::Year>,
    /// The columns of the summary table, from left to right (分类汇总表; S20–S23).
    #[serde(default)]
    pub summary_columns: Vec<SummaryColumn>,
    /// What the notice asks, point by point, and the check that proves it (条款).
    pub clauses: Vec<Clause>,
    /// How messages of an imported file find their stream (导入分流), where the plan takes imports.
    #[serde(default)]
    pub import: Option<Import>,
    /// Who votes on projects, and what circulars rank (决策与通报), where the plan says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

impl Plan {
    /// The role with this code (角色).
    #[must_use]
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.code == code)
    }

    /// The department with this code (部门).
    #[must_use]
    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.iter().find(|department| department.code == code)
    }

    /// The rights that the department has through its role (权限类型).
    #[must_use]
    pub fn profile_of(&self, department: &Department) -> Option<RightsProfile> {
        self.role(&department.role).map(|role| role.profile)
    }

    /// The posts of the department: its own where it names any, else those of its role (岗位).
    #[must_use]
    pub fn posts_of<'a>(&'a self, department: &'a Department) -> &'a [Post] {
        match self.role(&department.role) {
            Some(role) if department.posts.is_empty() => &role.posts,
            _ => &department.posts,
        }
    }

    /// The role whose departments vote on projects and evaluate them (票决单位类型); none where nobody votes.
    #[must_use]
    pub fn vote_role(&self) -> Option<&str> {
        self.decision.as_ref()?.vote_role.as_deref()
    }

    /// The least number of suggestions with which a circular ranks a department (排名最小件数).
    #[must_use]
    pub fn smallest_ranked(&self) -> u32 {
        self.decision.as_ref().map_or(decision::SMALLEST_RANKED, |decision| decision.smallest_ranked)
    }

    /// Which days are worked, by which the limits are counted (工作日历).
    #[must_use]
    pub fn calendar(&self) -> Calendar<'_> {
        Calendar::of(&self.calendar)
    }

    /// The departments that owe something by a due date, in the order of the plan: those of the roles named, or all that own
    /// a stream (报送单位).
    pub fn owing<'p>(&'p self, due: &DueDate) -> impl Iterator<Item = &'p Department> {
        let owes = |department: &Department| match due.owed_by.as_slice() {
            [] => self.streams_of(&department.code).next().is_some(),
            roles => roles.contains(&department.role),
        };
        self.departments.iter().filter(move |department| owes(department))
    }

    /// The day by which the summary table is owed; none where the plan asks for none (汇总表期限).
    #[must_use]
    pub fn summary_due(&self) -> Option<&DueDate> {
        self.due_dates.iter().find(|due| due.kind == DueKind::SummaryTable)
    }

    /// The streams that the department owns, in the order of the plan (本单位征集流).
    pub fn streams_of<'a>(&'a self, department: &'a str) -> impl Iterator<Item = &'a Stream> {
        self.streams.iter().filter(move |stream| stream.department == department)
    }

    /// The stream for whatever belongs to no other: [`Plan::parse`] has seen to it that there is one (默认征集流).
    #[must_use]
    pub fn default_stream(&self) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.default)
    }
}
