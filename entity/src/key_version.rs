//! One master key that a county's rows were sealed with, and the keys of look-ups that come from it. 密钥版本

use sea_orm::entity::prelude::*;

use crate::id::County;

/// One master key that a county's rows were sealed with, and the keys of look-ups that come from it. 密钥版本
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_version")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Order in which the master keys came into use, the same in every county. 序号
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Which master key; tells nothing about it. 主密钥编号
    pub key_id: String,
    /// The keys of look-ups, sealed by a master key; that it opens proves the master key. 查找密钥
    pub sealed: String,
    /// When it came into use. 启用时间
    pub registered_at: DateTimeUtc,
    /// Since when nothing of the county needs the master key itself. 停用时间
    pub retired_at: Option<DateTimeUtc>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
