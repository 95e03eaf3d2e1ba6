//! An intake stream: whose a suggestion is. Its department never changes. 征集流

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, County, DepartmentId, StreamId};

/// An intake stream: whose a suggestion is. Its department never changes. 征集流
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stream")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StreamId,
    /// Owner. 征集单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Stable code of the plan.
    pub code: String,
    /// Name. 名称
    pub name: String,
    /// Whom it hears (S08). 征集对象
    pub constituencies: Json,
    /// Extra form fields (S26). 表单附加项
    pub fields: Json,
    /// Place in the plan. 排序
    pub rank: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
