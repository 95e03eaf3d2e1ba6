//! What forms send.

use async_graphql::{ID, InputObject};
use entity::enums::{Position, TaskState};

use crate::duty::rules::Line;
use crate::graphql::scalars::Date;
use crate::text::line;

/// One person of a roster. 责任人
#[derive(Clone, Debug, InputObject)]
pub struct RosterLineInput {
    /// Rank in the department. 职务级别
    pub position: Position,
    /// Name, 1 to 100 characters. 姓名
    pub name: String,
    /// Office held, at most 100 characters. 职务
    #[graphql(default)]
    pub title: String,
    /// What the person answers for, at most 100 characters. 职责
    #[graphql(default)]
    pub duty: String,
    /// Telephone; sealed, shown to the department and the campaign's office. 联系电话
    pub contact: Option<String>,
}

impl RosterLineInput {
    pub(super) fn line(&self) -> Line {
        let contact = self.contact.as_deref().map(str::trim);
        Line {
            position: self.position,
            name: line(&self.name),
            title: line(&self.title),
            duty: line(&self.duty),
            contact: contact.filter(|text| !text.is_empty()).map(str::to_owned),
        }
    }
}

/// A whole roster, which takes the place of the former version. 报送责任人名单
#[derive(Clone, Debug, InputObject)]
pub struct RosterSubmitInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Of which campaign. 征集活动
    pub campaign_id: ID,
    /// Persons, 1 to 50. 责任人
    pub lines: Vec<RosterLineInput>,
}

/// A draft of the own plan. 报送实施方案
#[derive(Clone, Debug, InputObject)]
pub struct UnitPlanSubmitInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Of which campaign. 征集活动
    pub campaign_id: ID,
    /// Title, 1 to 200 characters. 标题
    pub title: String,
    /// Goals, division of labour, schedule; 1 to 20,000 characters. 内容
    pub content: String,
}

/// A draft to return. 退回实施方案
#[derive(Clone, Debug, InputObject)]
pub struct UnitPlanReturnInput {
    /// The draft. 方案
    pub unit_plan_id: ID,
    /// Its version as the caller knows it. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

/// A draft to accept. 采纳实施方案
#[derive(Clone, Debug, InputObject)]
pub struct UnitPlanAcceptInput {
    /// The draft. 方案
    pub unit_plan_id: ID,
    /// Its version as the caller knows it. 版本
    pub expected_version: i32,
}

/// A piece of work of one's own. 新增任务
#[derive(Clone, Debug, InputObject)]
pub struct TaskCreateInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Of which campaign. 征集活动
    pub campaign_id: ID,
    /// What is to be done, 1 to 500 characters. 任务内容
    pub text: String,
    /// Who answers for it, at most 100 characters. 责任人
    #[graphql(default)]
    pub owner: String,
    /// By when. 完成时限
    pub due_on: Option<Date>,
}

/// How far a piece of work is. 上报任务进度
#[derive(Clone, Debug, InputObject)]
pub struct TaskProgressInput {
    /// The task. 任务
    pub task_id: ID,
    /// Its version as the caller knows it. 版本
    pub expected_version: i32,
    /// Per cent: 0 open, 0 to 99 under way, 100 done. 进度
    pub progress: i32,
    /// Where it stands now. 状态
    pub state: TaskState,
    /// Who answers for it from now on; left out, it stays. 责任人
    pub owner: Option<String>,
    /// By when from now on; left out, it stays. 完成时限
    pub due_on: Option<Date>,
    /// What there is to say, at most 500 characters. 进展说明
    #[graphql(default)]
    pub note: String,
}
