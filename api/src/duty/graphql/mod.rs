//! Rosters, unit plans and tasks over GraphQL.

mod acknowledgement;
mod export;
mod inputs;
mod mutation;
mod query;
mod roster;
mod task;
mod unit_plan;

pub use acknowledgement::{Acknowledgement, AcknowledgementMutation};
pub use export::{RosterExportMutation, RostersWanted};
pub use mutation::DutyMutation;
pub use query::DutyQuery;
pub use roster::Roster;
pub use task::Task;
pub use unit_plan::UnitPlan;
