//! A project drawn from suggestions across departments (S21, S24–S27); written by the office. 民心工程项目

use sea_orm::entity::prelude::*;

use crate::enums::ProjectStatus;
use crate::id::{CampaignId, County, DepartmentId, ProjectId};

/// A project drawn from suggestions across departments (S21, S24–S27); written by the office. 民心工程项目
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "project")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    /// Department that carries it out. 责任单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Number for people. 编号
    pub number: String,
    /// Name. 名称
    pub title: String,
    /// What is built or done. 建设内容
    pub content: String,
    /// Estimated cost in whole yuan. 投资估算（元）
    pub cost: Option<i64>,
    /// Where the money comes from. 资金来源
    pub funding: String,
    /// First day planned. 计划开工
    pub schedule_start: Option<Date>,
    /// Last day planned. 计划完成
    pub schedule_finish: Option<Date>,
    /// How many would benefit. 受益人数
    pub beneficiaries: Option<i32>,
    /// How far the decision has come. 决策状态
    pub status: ProjectStatus,
    /// Day of the executive meeting that passed it. 政府常务会日期
    pub studied_on: Option<Date>,
    /// Day of the party committee's result. 常委会日期
    pub decided_on: Option<Date>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// Raised by every step; sent back as expectedVersion. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
