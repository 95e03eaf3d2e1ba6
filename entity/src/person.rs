//! The person behind a suggestion, sealed at rest. 提出人

use sea_orm::entity::prelude::*;

use crate::id::{County, PersonId, SubmissionId};

/// The person behind a suggestion, sealed at rest. 提出人
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    /// Suggestion.
    pub submission: SubmissionId,
    /// Name, sealed. 姓名
    pub name_sealed: Option<String>,
    /// Telephone, sealed. 电话
    pub phone_sealed: Option<String>,
    /// Address, sealed. 住址
    pub address_sealed: Option<String>,
    /// Keyed hash of the normalised telephone, for distinct counts, and by which the person is found.
    pub phone_index: Option<String>,
    /// Keyed hash of the normalised name, by which the person is found. Rows of former releases get it with the next
    /// `minsheng keys reseal`.
    pub name_index: Option<String>,
    /// When the person was erased. 删除时间
    pub erased_at: Option<DateTimeUtc>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
