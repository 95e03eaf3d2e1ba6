//! Departments' own plans.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::enums::{DueState, UnitPlanState};
use entity::unit_plan;

use crate::campaign::graphql::{Campaign, Department};
use crate::duty::rules::{due_on, review, timeliness};
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::graphql::listing::connection;
use crate::graphql::scalars::DateTime;
use crate::graphql::shown::may_shown_to;
use crate::ids::Kind;
use crate::plan::DueKind;
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::must;

/// A draft of a department's own plan (H37). 单位实施方案
#[derive(Clone, Debug)]
pub struct UnitPlan(pub unit_plan::Model);

keyed! {
    UnitPlan: unit_plan;
}

/// A draft of a department's own plan (H37). 单位实施方案
#[Object]
impl UnitPlan {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::UnitPlan, self.0.id))
    }

    /// Whose it is. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Of which campaign. 征集活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Which draft, counted from 1 for each department; a former one stays as it was. 稿次
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// How it is headed. 标题
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Goals, division of labour, schedule. 内容
    async fn content(&self) -> &str {
        &self.0.content
    }

    /// Where it stands. 状态
    async fn state(&self) -> UnitPlanState {
        self.0.state
    }

    /// Whether this draft came by the day that the plan sets. 报送情况
    async fn timeliness(&self, ctx: &Context<'_>) -> Result<DueState, ApiError> {
        let request = ctx.request()?;
        let snapshot = request.read().await?;
        let campaign = must(&snapshot.load.campaign, self.0.campaign).await?;
        let plan = request.app.plans.of(&campaign)?;
        let (due, day) = (due_on(&plan, DueKind::UnitPlan), self.0.submitted_on);
        Ok(timeliness(due, Some(day), day))
    }

    /// When it was handed in. 报送时间
    async fn submitted_at(&self) -> DateTime {
        DateTime(self.0.submitted_at)
    }

    /// When the office decided; null until then. 审核时间
    async fn reviewed_at(&self) -> Option<DateTime> {
        self.0.reviewed_at.map(DateTime)
    }

    /// Why it was returned; null otherwise. 退回理由
    async fn reason(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        may_shown_to(ctx, self.0.reason.as_deref())
    }

    /// Number to send back on change. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<UnitPlanPermissions, ApiError> {
        let viewer = ctx.request()?.viewer()?;
        let open = review(self.0.state).is_ok();
        Ok(UnitPlanPermissions {
            can_accept: open && viewer.may(Operation::UnitPlanAccept),
            can_return: open && viewer.may(Operation::UnitPlanReturn),
        })
    }
}

/// What the caller may do with one plan now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct UnitPlanPermissions {
    /// Whether `unitPlanAccept` would be accepted. 可采纳
    pub can_accept: bool,
    /// Whether `unitPlanReturn` would be accepted. 可退回
    pub can_return: bool,
}

connection! {
    /// A page of departments' own plans. 单位实施方案分页
    UnitPlanConnection, UnitPlanEdge: unit_plan as UnitPlan(unit_plan::Model)
}
