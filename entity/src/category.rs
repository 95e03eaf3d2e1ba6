//! A class of the campaign's class list (S09). 征集类别

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, CategoryId, County};

/// A class of the campaign's class list (S09). 征集类别
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "category")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CategoryId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Stable code.
    pub code: String,
    /// Name, e.g. 道路交通. 名称
    pub name: String,
    /// The one for what fits nowhere else (等). 其他
    pub other: bool,
    /// Place in the list. 序号
    pub rank: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
