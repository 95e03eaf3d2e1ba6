//! The division of labour.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::duty_task;
use entity::enums::TaskState;

use crate::campaign::graphql::{Campaign, Department};
use crate::clock::day_of;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::graphql::listing::connection;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::shown::shown_to;
use crate::ids::Kind;
use crate::scope::profiles::Operation;

/// A piece of work of one department: of the notice, or its own (H21, H40). 任务
#[derive(Clone, Debug)]
pub struct Task(pub duty_task::Model);

keyed! {
    Task: duty_task;
}

/// A piece of work of one department: of the notice, or its own (H21, H40). 任务
#[Object]
impl Task {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Task, self.0.id))
    }

    /// Who does it. 责任单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Of which campaign. 征集活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Code of the notice's task; null for one that the department set itself. 任务代码
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What is to be done. 任务内容
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.text)
    }

    /// Who answers for it; empty until somebody is named. 责任人
    async fn owner(&self) -> &str {
        &self.0.owner
    }

    /// By when; null where no day was set. 完成时限
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// Per cent, 0 to 100. 进度
    async fn progress(&self) -> i32 {
        self.0.progress
    }

    /// Where it stands. 状态
    async fn state(&self) -> TaskState {
        self.0.state
    }

    /// Whether its day is over and it is neither done nor given up. 是否逾期
    async fn is_overdue(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let today = day_of(ctx.request()?.now);
        let open = matches!(self.0.state, TaskState::Open | TaskState::Underway);
        Ok(open && self.0.due_on.is_some_and(|due| due < today))
    }

    /// What was last said about it. 进展说明
    async fn note(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.note)
    }

    /// When it was last changed. 更新时间
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Number to send back on change. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<TaskPermissions, ApiError> {
        let viewer = ctx.request()?.viewer()?;
        let own = viewer.department() == self.0.department;
        Ok(TaskPermissions { can_progress: own && viewer.may(Operation::TaskProgress) })
    }
}

/// What the caller may do with one task now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct TaskPermissions {
    /// Whether `taskProgress` would be accepted. 可更新进度
    pub can_progress: bool,
}

connection! {
    /// A page of tasks. 任务分页
    TaskConnection, TaskEdge: duty_task as Task(duty_task::Model)
}
