//! That a department has received the founding document of a campaign (S01). 收文确认

use sea_orm::entity::prelude::*;

use crate::id::{AcknowledgementId, CampaignId, County, DepartmentId, PostId};

/// That a department has received the founding document of a campaign (S01). 收文确认
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acknowledgement")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AcknowledgementId,
    /// Department that received it. 单位
    pub department: DepartmentId,
    /// Campaign whose document it is. 活动
    pub campaign: CampaignId,
    /// Post that acknowledged it. 确认岗位
    pub post: Option<PostId>,
    /// When. 时间
    pub acknowledged_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
