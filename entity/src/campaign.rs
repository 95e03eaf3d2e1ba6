//! A collection campaign with its founding document (S01, H01). 征集活动

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, County};

/// A collection campaign with its founding document (S01, H01). 征集活动
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CampaignId,
    /// Stable code of the plan.
    pub code: String,
    /// Name. 名称
    pub name: String,
    /// Other spellings, for the search (H03). 别名
    pub aliases: Json,
    /// Number of the founding document. 文号
    pub document_number: String,
    /// Who issued it. 印发单位
    pub issuers: Json,
    /// Day of issue. 印发日期
    pub issued_on: Date,
    /// First day of intake. 开始
    pub opens_on: Date,
    /// Last day of intake; none while open-ended (H02). 截止
    pub closes_on: Option<Date>,
    /// Whether departments handle cases of others. 是否办理
    pub handling: bool,
    /// Whether the public may submit through a portal. 是否对外征集
    pub public_submission: bool,
    /// Whether a name may be left out. 是否可匿名
    pub anonymous_submission: bool,
    /// SHA-256 of the plan as applied, hex.
    pub plan_digest: String,
    /// The plan as applied, TOML. 方案
    pub plan: String,
    /// When the plan was applied last.
    pub applied_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
