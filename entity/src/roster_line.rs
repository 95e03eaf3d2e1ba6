//! One person of a roster (S16, S17). 责任人

use sea_orm::entity::prelude::*;

use crate::enums::Position;
use crate::id::{County, DepartmentId, RosterId, RosterLineId};

/// One person of a roster (S16, S17). 责任人
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster_line")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RosterLineId,
    /// Department. 单位
    pub department: DepartmentId,
    /// Roster. 名单
    pub roster: RosterId,
    /// Place in the list. 序号
    pub rank: i32,
    /// Rank in the department. 职务级别
    pub position: Position,
    /// Name. 姓名
    pub name: String,
    /// Office held. 职务
    pub title: String,
    /// What the person answers for. 职责
    pub duty: String,
    /// Telephone, sealed. 联系电话
    pub contact_sealed: Option<String>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
