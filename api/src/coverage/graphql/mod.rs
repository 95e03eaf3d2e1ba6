//! Visits, symposiums and coverage over GraphQL.

mod constituent;
mod figures;
mod households;
mod inputs;
mod mutation;
pub(crate) mod pages;
mod query;
mod symposium;
mod visit;

pub use constituent::{ConstituencyCoverage, Constituent};
pub use figures::{Asked as CoverageAsked, Coverage};
pub use mutation::CoverageMutation;
pub use query::CoverageQuery;
pub use symposium::Symposium;
pub use visit::Visit;
