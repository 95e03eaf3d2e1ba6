//! A piece of work of one department: of the notice, or its own (H21, H40). 任务

use sea_orm::entity::prelude::*;

use crate::enums::TaskState;
use crate::id::{CampaignId, County, DepartmentId, TaskId};

/// A piece of work of one department: of the notice, or its own (H21, H40). 任务
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_task")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    /// Who does it. 责任单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Code of the notice's task; none for one's own. 任务代码
    pub code: Option<String>,
    /// What is to be done. 任务内容
    pub text: String,
    /// Who answers for it. 责任人
    pub owner: String,
    /// By when. 完成时限
    pub due_on: Option<Date>,
    /// Per cent, 0 to 100. 进度
    pub progress: i32,
    /// Where it stands. 状态
    pub state: TaskState,
    /// What was last said about it. 进展说明
    pub note: String,
    /// Made. 建立时间
    pub created_at: DateTimeUtc,
    /// Last changed. 更新时间
    pub updated_at: DateTimeUtc,
    /// Version. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
