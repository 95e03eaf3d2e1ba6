//! Everything about decisions over GraphQL.

use async_graphql::{ID, MergedObject};
use entity::id::CampaignId;
use sea_orm::ColumnTrait;
use uuid::Uuid;

use super::closing::graphql::{ClosingMutation, ClosingQuery};
use super::explanation::graphql::{ExplanationMutation, ExplanationQuery};
use super::meeting::graphql::{MeetingMutation, MeetingQuery};
use super::merge::graphql::MergeMutation;
use super::project::graphql::{ProjectMutation, ProjectQuery};
use super::vote::graphql::VoteMutation;
use crate::db::Predicate;
use crate::graphql::context::Request;
use crate::ids::Kind;

/// Everything that is asked about decisions.
#[derive(Default, MergedObject)]
pub struct DecisionQuery(ProjectQuery, MeetingQuery, ExplanationQuery, ClosingQuery);

/// Everything that is done about decisions.
#[derive(Default, MergedObject)]
pub struct DecisionMutation(
    MergeMutation,
    ProjectMutation,
    MeetingMutation,
    VoteMutation,
    ExplanationMutation,
    ClosingMutation,
);

/// A campaign as a filter; an id of another kind matches nothing.
pub(crate) fn of_campaign<C: ColumnTrait>(
    request: &Request,
    column: C,
    id: Option<&ID>,
) -> Vec<Predicate<C>> {
    let nowhere = CampaignId(Uuid::nil());
    let campaign = |id: &ID| request.key(Kind::Campaign, id).unwrap_or(nowhere);
    id.map(|id| Predicate::is(column, campaign(id))).into_iter().collect()
}
