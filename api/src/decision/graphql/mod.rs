//! Everything about decisions over GraphQL.

pub mod former;
mod submission_permissions;

use async_graphql::MergedObject;

pub use super::meeting::graphql::Meeting;
pub use super::project::graphql::SummaryLine;
pub use super::project::graphql::handle::Project;

use super::closing::graphql::{ClosingMutation, ClosingQuery};
use super::explanation::graphql::{ExplanationChangeMutation, ExplanationMutation, ExplanationQuery};
use super::meeting::graphql::{MeetingChangeMutation, MeetingMutation, MeetingQuery};
use super::merge::graphql::MergeMutation;
use super::project::graphql::{
    ProjectFromLineMutation, ProjectMutation, ProjectQuery, ProjectWithdrawMutation,
};
use super::vote::graphql::{VoteCorrectMutation, VoteMutation};

/// Everything that is asked about decisions.
#[derive(Default, MergedObject)]
pub struct DecisionQuery(ProjectQuery, MeetingQuery, ExplanationQuery, ClosingQuery);

/// Everything that is done about decisions.
#[derive(Default, MergedObject)]
pub struct DecisionMutation(
    MergeMutation,
    ProjectMutation,
    ProjectWithdrawMutation,
    ProjectFromLineMutation,
    MeetingMutation,
    MeetingChangeMutation,
    VoteMutation,
    VoteCorrectMutation,
    ExplanationMutation,
    ExplanationChangeMutation,
    ClosingMutation,
);
