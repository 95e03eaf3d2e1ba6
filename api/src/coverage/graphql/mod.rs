//! Visits, meetings and coverage over GraphQL.

mod constituent;
mod figures;
mod households;
mod inputs;
mod meeting;
mod mutation;
pub(crate) mod pages;
mod query;
mod visit;

pub use constituent::{ConstituencyCoverage, Constituent};
pub use figures::{Asked as CoverageAsked, Coverage};
pub use meeting::Meeting;
pub use mutation::CoverageMutation;
pub use query::CoverageQuery;
pub use visit::Visit;
