//! Somebody of a stream's own constituency: a deputy, member or delegate (S08). 征集对象人员

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, ConstituentId, County, DepartmentId, StreamId};

/// Somebody of a stream's own constituency: a deputy, member or delegate (S08). 征集对象人员
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "constituent")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConstituentId,
    /// Owner of the stream. 征集单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Stream. 征集流
    pub stream: StreamId,
    /// Which of the stream's constituencies. 征集对象
    pub constituency: String,
    /// Name, sealed. 姓名
    pub name_sealed: String,
    /// Keyed hash of what tells the person apart: equal in two rosters. 人员标识
    pub person_index: String,
    /// Day of entry in the roster. 列入日期
    pub registered_on: Date,
    /// First heard. 首次征集日期
    pub reached_on: Option<Date>,
    /// When it was entered. 录入时间
    pub created_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
