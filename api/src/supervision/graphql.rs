//! Everything about supervision over GraphQL.

use async_graphql::MergedObject;

pub use super::circular::export::CircularWanted;
pub use super::circular::graphql::Circular;
pub use super::inspection::graphql::Inspection;

use super::circular::export::CircularExportMutation;
use super::circular::graphql::{CircularChangeMutation, CircularMutation, CircularQuery};
use super::inspection::graphql::{InspectionChangeMutation, InspectionMutation, InspectionQuery};

/// Everything that is asked about supervision.
#[derive(Default, MergedObject)]
pub struct SupervisionQuery(InspectionQuery, CircularQuery);

/// Everything that supervision does, and what is answered to it.
#[derive(Default, MergedObject)]
pub struct SupervisionMutation(
    InspectionMutation,
    InspectionChangeMutation,
    CircularMutation,
    CircularChangeMutation,
    CircularExportMutation,
);
