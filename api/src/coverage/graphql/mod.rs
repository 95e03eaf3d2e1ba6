//! Visits, symposiums and coverage over GraphQL.

mod constituent;
mod figures;
mod households;
mod inputs;
mod symposium;
mod mutation;
pub(crate) mod pages;
mod query;
mod visit;

pub use constituent::{ConstituencyCoverage, Constituent};
pub use figures::{Asked as CoverageAsked, Coverage};
pub use symposium::Symposium;
pub use mutation::CoverageMutation;
pub use query::CoverageQuery;
pub use visit::Visit;
