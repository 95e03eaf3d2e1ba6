//! Weekly reports over GraphQL.

mod export;
mod mutation;
mod query;
mod report;

pub use export::WeeklyReportExportMutation;
pub use mutation::WeeklyReportMutation;
pub use query::WeeklyReportQuery;
pub(in crate::reporting) use query::planned;
pub use report::WeeklyReport;
