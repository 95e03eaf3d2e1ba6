//! A symposium at which people were heard (S12). 座谈会

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, County, DepartmentId, PostId, SymposiumId, VillageId};

/// A symposium at which people were heard (S12). 座谈会
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "symposium")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SymposiumId,
    /// Who held it, and owns the row. 召集单位
    pub department: DepartmentId,
    /// Township of its village. 乡镇、街道
    pub township: Option<DepartmentId>,
    /// Committee of its village. 村（居）委会
    pub committee: Option<DepartmentId>,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Village or community; none for a school or an enterprise. 村、社区
    pub village: Option<VillageId>,
    /// Day. 日期
    pub held_on: Date,
    /// Where. 地点
    pub place: String,
    /// What about. 主题
    pub topic: String,
    /// How many came. 到会人数
    pub attendance: i32,
    /// Households of the village that were present. 到会户数
    pub households: i32,
    /// The holder's own mark, unique in its department. 客户端编号
    pub client_ref: String,
    /// Post that entered it. 录入岗位
    pub entered_by: Option<PostId>,
    /// When it was entered. 录入时间
    pub created_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
