//! Visits, symposiums and coverage over GraphQL.

mod constituent;
mod export;
mod figures;
mod households;
mod inputs;
mod mutation;
pub(crate) mod query;
mod symposium;
mod unreached_export;
mod village;
mod visit;
mod visit_form;

pub use constituent::{ConstituencyCoverage, Constituent};
pub use export::{CoverageExportMutation, CoverageWanted};
pub use figures::{Asked as CoverageAsked, Coverage};
pub use mutation::CoverageMutation;
pub use query::CoverageQuery;
pub use symposium::Symposium;
pub use unreached_export::{UnreachedExportMutation, UnreachedWanted};
pub use village::CoverageNumerator;
pub use visit::Visit;
pub use visit_form::{VisitFormMutation, VisitFormWanted};
