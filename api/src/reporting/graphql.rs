//! Everything that reporting answers and does.

use async_graphql::MergedObject;

pub use super::summary::graphql::{SummaryTable, SummaryTableWanted};
pub use super::weekly::graphql::WeeklyReport;
pub use super::weekly::store::WeeklyWanted;

use super::summary::graphql::{SummaryExportMutation, SummaryMutation, SummaryQuery};
use super::weekly::graphql::{WeeklyReportExportMutation, WeeklyReportMutation, WeeklyReportQuery};

/// Everything that reporting answers.
#[derive(Default, MergedObject)]
pub struct ReportingQuery(WeeklyReportQuery, SummaryQuery);

/// Everything that reporting does.
#[derive(Default, MergedObject)]
pub struct ReportingMutation(
    WeeklyReportMutation,
    SummaryMutation,
    WeeklyReportExportMutation,
    SummaryExportMutation,
);
