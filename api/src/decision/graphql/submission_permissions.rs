//! What drives the buttons of a suggestion. Each is worked out when it is asked for: some look at other rows.

use async_graphql::{Context, Object};
use entity::enums::Stage;

use crate::decision::{explanation, merge};
use crate::error::ApiError;
use crate::fate::rules::Told;
use crate::graphql::context::{Request, RequestOf};
use crate::intake::graphql::SubmissionPermissions;
use crate::intake::rules::{Action, heads, may_move, untouched};
use crate::intake::standing;
use crate::scope::profiles::Operation;
use crate::scope::viewer::Viewer;
use crate::snapshot::children::children;
use crate::snapshot::loaders::{known, one};

/// What the caller may do with one suggestion now; drives buttons. 可执行操作
#[Object]
impl SubmissionPermissions {
    /// Whether `submissionEdit` would be accepted. 可修改
    async fn can_edit(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.changeable(ctx.request()?, Action::Edit).await
    }

    /// Whether `submissionWithdraw` would be accepted. 可撤回
    async fn can_withdraw(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.changeable(ctx.request()?, Action::Withdraw).await
    }

    /// Whether `submissionClassify` into another class would be accepted. 可归类
    async fn can_classify(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.changeable(ctx.request()?, Action::Classify).await
    }

    /// Whether `submissionsAssign` would take it, for the head with anybody, otherwise to take it or to give it back. 可分派
    async fn can_assign(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.assignable(ctx.request()?).await
    }

    /// Whether `identityReveal` would be accepted. 可查看身份
    async fn can_reveal_identity(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.with_person(ctx.request()?, Action::Reveal).await
    }

    /// Whether `personErase` would be accepted. 可删除个人信息
    async fn can_erase_person(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.with_person(ctx.request()?, Action::Erase).await
    }

    /// Whether `submissionMerge` would take it as a duplicate of another one that goes on. 可并入他件
    async fn can_merge(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.mergeable(ctx.request()?).await
    }

    /// Whether `submissionUnmerge` would be accepted. 可撤销并入
    async fn can_unmerge(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.unmergeable(ctx.request()?).await
    }

    /// Whether `submissionMove` to another stream of its campaign would be accepted. 可改派
    async fn can_move(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.movable(ctx.request()?).await
    }

    /// Whether `submissionInvalidPropose` would be accepted. 可提请不予受理
    async fn can_propose_invalid(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.changeable(ctx.request()?, Action::ProposeInvalid).await
    }

    /// Whether `submissionInvalidRule` would be accepted with `isAgreed: true`. 可裁定不予受理
    async fn can_rule_invalid(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.rulable(ctx.request()?, true).await
    }

    /// Whether `submissionInvalidRule` would be accepted with `isAgreed: false`. 可不同意不予受理
    async fn can_reject_invalid(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.rulable(ctx.request()?, false).await
    }

    /// Whether `submissionReopen` would be accepted. 可重新受理
    async fn can_reopen(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.reopenable(ctx.request()?).await
    }

    /// Whether `explanationRecord` would cover it by itself; a merged one may also go with what it was merged into. 可作未采纳说明
    async fn can_explain(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.explainable(ctx.request()?).await
    }
}

impl SubmissionPermissions {
    async fn changeable(&self, request: &Request, action: Action) -> Result<bool, ApiError> {
        let facts = standing::facts(&self.0, false);
        if !action.may(request.viewer()?, facts) || self.closed(request).await? {
            return Ok(false);
        }
        let snapshot = request.read().await?;
        let known = known(&snapshot.load, self.0.id, self.0.stage).await?;
        Ok(action.fits(facts, &known.facts).is_ok())
    }

    async fn assignable(&self, request: &Request) -> Result<bool, ApiError> {
        let viewer = request.viewer()?;
        if !Action::Assign.may(viewer, standing::facts(&self.0, false)) {
            return Ok(false);
        }
        if heads(viewer) {
            return Ok(true);
        }
        let assignee = request.read().await?.load.assignees.load_one(self.0.id).await?;
        Ok(may_move(viewer, assignee))
    }

    /// Whether somebody stands behind it is looked up only for a caller to whom it makes a difference.
    async fn with_person(&self, request: &Request, action: Action) -> Result<bool, ApiError> {
        if !action.may(request.viewer()?, standing::facts(&self.0, true)) {
            return Ok(false);
        }
        let person = one(&request.read().await?.load.person_of, self.0.id).await?;
        Ok(person.is_some_and(|person| person.erased_at.is_none()))
    }

    async fn mergeable(&self, request: &Request) -> Result<bool, ApiError> {
        let may = request.viewer()?.may(Operation::SubmissionMerge);
        if !may || !merge::rules::mergeable(self.0.stage) || self.closed(request).await? {
            return Ok(false);
        }
        let snapshot = request.read().await?;
        let into = children(&snapshot.load.children.mergers_into, self.0.id).await?;
        let has_merged = into.iter().any(|merger| merger.undone_at.is_none());
        Ok(!has_merged)
    }

    async fn unmergeable(&self, request: &Request) -> Result<bool, ApiError> {
        let may = request.viewer()?.may(Operation::SubmissionUnmerge);
        if !may || self.0.stage != Stage::Merged || self.closed(request).await? {
            return Ok(false);
        }
        let snapshot = request.read().await?;
        let known = known(&snapshot.load, self.0.id, self.0.stage).await?;
        Ok(known.facts.told != Told::Delivered)
    }

    async fn movable(&self, request: &Request) -> Result<bool, ApiError> {
        let may = request.viewer()?.may(Operation::SubmissionMove);
        if !may || !untouched(self.0.stage) || self.closed(request).await? {
            return Ok(false);
        }
        let snapshot = request.read().await?;
        let known = known(&snapshot.load, self.0.id, self.0.stage).await?;
        Ok(standing::case(&self.0).relocate(&known.facts).is_ok())
    }

    async fn rulable(&self, request: &Request, agreed: bool) -> Result<bool, ApiError> {
        let may = request.viewer()?.may(Operation::SubmissionInvalidRule);
        if !may || !untouched(self.0.stage) || self.closed(request).await? {
            return Ok(false);
        }
        let snapshot = request.read().await?;
        let known = known(&snapshot.load, self.0.id, self.0.stage).await?;
        Ok(standing::case(&self.0).rule_invalid(&known.facts, agreed).is_ok())
    }

    async fn reopenable(&self, request: &Request) -> Result<bool, ApiError> {
        let may = request.viewer()?.may(Operation::SubmissionReopen);
        Ok(may && standing::case(&self.0).reopen().is_ok() && !self.closed(request).await?)
    }

    async fn explainable(&self, request: &Request) -> Result<bool, ApiError> {
        let viewer = request.viewer()?;
        let may = viewer.may(Operation::ExplanationRecord) && self.is_own(viewer);
        if !may || self.closed(request).await? {
            return Ok(false);
        }
        let snapshot = request.read().await?;
        let known = known(&snapshot.load, self.0.id, self.0.stage).await?;
        Ok(explanation::rules::explainable(&known.facts).is_ok())
    }

    fn is_own(&self, viewer: &Viewer) -> bool {
        viewer.department() == self.0.department
    }

    async fn closed(&self, request: &Request) -> Result<bool, ApiError> {
        let snapshot = request.read().await?;
        let closing = one(&snapshot.load.closing_of, self.0.campaign).await?;
        Ok(closing.is_some())
    }
}
