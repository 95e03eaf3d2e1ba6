//! One line of a summary table: merged suggestions of one class, and the project made of them (S21, S22). 汇总行

use sea_orm::entity::prelude::*;

use crate::enums::Urgency;
use crate::id::{AccountId, CategoryId, County, DepartmentId, SummaryLineId, SummaryTableId};

/// One line of a summary table: merged suggestions of one class, and the project made of them (S21, S22). 汇总行
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "summary_line")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SummaryLineId,
    /// Whose it is. 报送单位
    pub department: DepartmentId,
    /// Its table. 汇总表
    pub summary: SummaryTableId,
    /// Place in the table, from 1. 序号
    pub position: i32,
    /// Class of all of its sources. 类别
    pub category: CategoryId,
    /// Code of the class, as it was. 类别代码
    pub category_code: String,
    /// Name of the class, as it was. 类别名称
    pub category_name: String,
    /// The suggestions merged into one text. 意见建议
    pub text: String,
    /// How many suggestions. 条数
    pub count: i32,
    /// How many people put them forward. 提出人数
    pub proposers: i32,
    /// How many people they would benefit; none when nobody said. 受益人数
    pub beneficiaries: Option<i64>,
    /// Of the most urgent one. 紧迫程度
    pub urgency: Urgency,
    /// Names of the villages that they concern. 涉及村居
    pub villages: Json,
    /// The project that they were turned into. 拟谋划项目
    pub project: Option<Json>,
    /// Written by hand. 备注
    pub remark: String,
    /// Who wrote it last, and so does not review it; none for lines of former releases. 编写人
    pub written_by: Option<AccountId>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
