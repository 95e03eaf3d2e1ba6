//! What was published about a campaign, by whom and where (S18). 宣传报道

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, County, DepartmentId, PublicityId};

/// What was published about a campaign, by whom and where (S18). 宣传报道
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publicity")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PublicityId,
    /// Department that published it. 报道单位
    pub department: DepartmentId,
    /// Campaign that it is about. 活动
    pub campaign: CampaignId,
    /// Day on which it came out. 报道日期
    pub published_on: Date,
    /// Where it came out. 媒体、栏目
    pub medium: String,
    /// Its heading. 标题
    pub title: String,
    /// Where it is found: an address, an issue and page; empty when none was given. 出处
    pub reference: String,
    /// When it was entered.
    pub recorded_at: DateTimeUtc,
    /// When it was withdrawn; none while it counts. 撤回时间
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Raised by every correction. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
