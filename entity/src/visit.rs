//! A visit to one household, or another way of hearing it (S05, S12). 走访

use sea_orm::entity::prelude::*;

use crate::enums::VisitKind;
use crate::id::{CampaignId, County, DepartmentId, PostId, SymposiumId, VillageId, VisitId};

/// A visit to one household, or another way of hearing it (S05, S12). 走访
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitId,
    /// Who visited, and owns the row. 走访单位
    pub department: DepartmentId,
    /// Township that answers for the village; follows the register. 乡镇、街道
    pub township: DepartmentId,
    /// Committee of the village; follows the register. 村（居）委会
    pub committee: Option<DepartmentId>,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Village or community. 村、社区
    pub village: VillageId,
    /// Number of the household in its village, from 1. 户号
    pub household: i32,
    /// Day of the visit. 走访日期
    pub visited_on: Date,
    /// How the household was reached. 方式
    pub kind: VisitKind,
    /// Keys of the suggestions that it brought. 带回的意见建议
    pub submissions: Json,
    /// Whether it brought any. 是否带回意见
    pub with_opinion: bool,
    /// Household under special care or management. 服务管理对象
    pub sensitive: bool,
    /// What the visitor noted. 备注
    pub note: String,
    /// The symposium at which the household was heard. 座谈会
    pub symposium: Option<SymposiumId>,
    /// The visitor's own mark, unique in its department: what is sent twice counts once. 客户端编号
    pub client_ref: String,
    /// Post that entered it. 录入岗位
    pub entered_by: Option<PostId>,
    /// When it was entered. 录入时间
    pub created_at: DateTimeUtc,
    /// When it was withdrawn. 撤回时间
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Why it was withdrawn. 撤回理由
    pub withdrawn_reason: Option<String>,
    /// Version. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
