//! Summary tables over GraphQL.

mod export;
mod inputs;
mod mutation;
mod permissions;
mod query;
mod table;

pub use export::{SummaryExportMutation, SummaryTableWanted};
pub use mutation::SummaryMutation;
pub use query::SummaryQuery;
pub use table::SummaryTable;
