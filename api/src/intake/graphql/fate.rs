//! What became of a suggestion, as staff see it.

use async_graphql::{Context, SimpleObject};
use entity::enums::{RightsProfile, Stage};
use entity::submission;

use crate::error::ApiError;
use crate::fate::rules::{Disposition, Told, WaitsFor, fate};
use crate::graphql::context::RequestOf;
use crate::graphql::shown::shown_to;
use crate::snapshot::loaders::known;

/// What became of a suggestion, and what it waits for until then. A merged one shares the outcome of what it was merged
/// into, which says neither which one that is nor whose. 去向
#[derive(Clone, Debug, SimpleObject)]
pub struct SubmissionFate {
    /// What became of it. 去向
    pub disposition: Disposition,
    /// What it waits for; null once it has its outcome. 等待事项
    pub waits_for: Option<WaitsFor>,
    /// At whom it stands, by profile; null once it has its outcome. 当前责任方
    pub waits_for_whom: Option<RightsProfile>,
    /// Whether the outcome is that of what it was merged into. 是否随主件
    pub is_shared: bool,
    /// Whether its people were told why it was not adopted. 是否已说明
    pub is_explained: bool,
    /// Whether its collector owes its people an explanation, or the delivery of one. 是否待说明
    pub owes_explanation: bool,
    /// The project that it is a source of, of several the one that has come furthest; null without one, and for a merged one
    /// whose outcome comes from another's project. 项目名称
    pub project_title: Option<String>,
}

impl SubmissionFate {
    pub(super) async fn of(ctx: &Context<'_>, row: &submission::Model) -> Result<Self, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let known = known(&snapshot.load, row.id, row.stage).await?;
        let fate = fate(&known.facts);
        let title = known.project.map(|project| shown_to(ctx, &project.title)).transpose()?;
        Ok(Self {
            disposition: fate.disposition(),
            waits_for: fate.waits_for(),
            waits_for_whom: fate.waits_for().map(WaitsFor::whom),
            is_shared: row.stage == Stage::Merged,
            is_explained: known.facts.told == Told::Delivered,
            owes_explanation: fate.owes_explanation(),
            project_title: title,
        })
    }
}
