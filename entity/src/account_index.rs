//! Global: which county and account a login name belongs to, read before a viewer exists. 账号索引

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, County};

/// Global: which county and account a login name belongs to, read before a viewer exists. 账号索引
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_index")]
pub struct Model {
    /// Login name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub login: String,
    /// County. 县区
    pub county: County,
    /// Account.
    pub account: AccountId,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
