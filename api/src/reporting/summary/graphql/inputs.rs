//! What forms send.

use async_graphql::{ID, InputObject};
use entity::enums::SummaryKind;

use crate::decision::project::planned::Project;
use crate::graphql::scalars::Date;
use crate::reporting::summary::line::Words;

/// A table to be begun. 起草内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryTableDraftInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// The campaign that it sums up. 活动
    pub campaign_id: ID,
    /// The main table, or what came after a signed one. 类型
    #[graphql(default_with = "SummaryKind::Main")]
    pub kind: SummaryKind,
}

/// A line to be written. 汇总行内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryLinePutInput {
    /// The table that it stands in. 汇总表
    pub summary_table_id: ID,
    /// The table's version as it was read. 已读版本
    pub expected_version: i32,
    /// The line that it replaces; a new one behind the others when left out. 替换的行
    pub summary_line_id: Option<ID>,
    /// Class of all of its suggestions. 类别
    pub category_id: ID,
    /// The suggestions merged into one text, 1 to 2,000 characters. 意见建议
    pub text: String,
    /// The suggestions that it is made of; each stands in one line only. 来源意见
    #[graphql(default)]
    pub submission_ids: Vec<ID>,
    /// Whether everything of the class that stands in no line yet is taken too. 收入其余
    #[graphql(default)]
    pub takes_remaining: bool,
    /// The project that they were turned into; a table in which no line has one is told as a bare list. 拟谋划项目
    pub project: Option<SummaryProjectInput>,
    /// Written by hand, at most 500 characters. 备注
    #[graphql(default)]
    pub remark: String,
}

/// A project that suggestions were turned into. 拟谋划项目
#[derive(Clone, Debug, InputObject)]
pub struct SummaryProjectInput {
    /// What is to be done, 1 to 1,000 characters. 建设内容
    pub content: String,
    /// Estimated cost in whole yuan. 投资估算（元）
    pub estimated_cost: Option<i64>,
    /// Where the money comes from, at most 100 characters. 资金来源
    pub funding: Option<String>,
    /// Who does it, at most 100 characters. 责任单位
    pub owner: Option<String>,
    /// First day of the work. 计划开工日期
    pub start_on: Option<Date>,
    /// Last day of the work. 计划完成日期
    pub finish_on: Option<Date>,
    /// How many people it would benefit. 受益人数
    pub beneficiaries: Option<i64>,
}

/// A line to be removed. 删除内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryLineRemoveInput {
    /// The table that it stands in. 汇总表
    pub summary_table_id: ID,
    /// The table's version as it was read. 已读版本
    pub expected_version: i32,
    /// Which line. 汇总行
    pub summary_line_id: ID,
}

/// A table to be reviewed. 审核内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryTableReviewInput {
    /// Which table. 汇总表
    pub summary_table_id: ID,
    /// The table's version as it was read. 已读版本
    pub expected_version: i32,
}

/// A table to be signed. 审签内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryTableSignInput {
    /// Which table. 汇总表
    pub summary_table_id: ID,
    /// The table's version as it was read. 已读版本
    pub expected_version: i32,
}

/// A scanned page. 上传内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryTableScanAttachInput {
    /// Which table. 汇总表
    pub summary_table_id: ID,
    /// The table's version as it was read. 已读版本
    pub expected_version: i32,
    /// Base64 of a PDF, PNG or JPEG of at most 180 KiB. 文件内容
    pub content: String,
}

/// A table to be accepted. 接收内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryTableAcceptInput {
    /// Which table. 汇总表
    pub summary_table_id: ID,
    /// The table's version as it was read. 已读版本
    pub expected_version: i32,
}

/// A table to be returned. 退回内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryTableReturnInput {
    /// Which table. 汇总表
    pub summary_table_id: ID,
    /// The table's version as it was read. 已读版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 退回理由
    pub reason: String,
}

/// A returned table to be revised. 修订内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryTableReviseInput {
    /// Which table. 汇总表
    pub summary_table_id: ID,
    /// The table's version as it was read. 已读版本
    pub expected_version: i32,
}

impl SummaryLinePutInput {
    pub(super) fn words(&self) -> Words {
        Words {
            text: self.text.clone(),
            project: self.project.as_ref().map(SummaryProjectInput::project),
            remark: self.remark.clone(),
        }
    }
}

impl SummaryProjectInput {
    fn project(&self) -> Project {
        Project {
            content: self.content.clone(),
            cost: self.estimated_cost,
            funding: self.funding.clone(),
            owner: self.owner.clone(),
            start: self.start_on.map(|day| day.0),
            finish: self.finish_on.map(|day| day.0),
            beneficiaries: self.beneficiaries,
        }
    }
}
