//! What is owed by when, how long handling may take, and the columns of the summary table (S16 S19–S23 H29 H32 H39).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::day;

/// What departments owe the office, once or again and again (报送期限; S16 S19 S23 H37).
///
/// Exactly one of `on`, `weekday` and `month_day` is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueDate {
    /// The key, unique in the campaign (期限代码).
    pub key: String,
    /// What is owed, in short (名称).
    pub name: String,
    /// What is owed, as the program knows it (报送类型).
    pub kind: DueKind,
    /// Owed once, at the latest on this day (截止日期).
    #[serde(default, deserialize_with = "day::optional")]
    pub on: Option<NaiveDate>,
    /// Owed every week on this day (每周几).
    #[serde(default)]
    pub weekday: Option<Weekday>,
    /// Owed every month on this day, 1 to 28 (每月几日).
    #[serde(default)]
    pub month_day: Option<u8>,
    /// The roles that owe it; none named means every department that owns a stream (报送单位).
    #[serde(default)]
    pub owed_by: Vec<String>,
    /// Whether the head may review a summary table too, beside the deputy (主要负责人可审核; S23). Where no deputy is in office the
    /// head may without this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub head_reviews: bool,
}

/// What is owed, as the program knows it (报送类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DueKind {
    /// The acknowledgement of the founding document (收文确认; S01 H01).
    Acknowledgement,
    /// The roster of the persons responsible (责任人名单; S16 S17).
    Roster,
    /// The unit's own plan (实施方案; H37).
    UnitPlan,
    /// The report of progress (进展情况; S19 H02).
    Report,
    /// The summary table (分类汇总表; S20–S23).
    SummaryTable,
}

/// A day of the week (星期).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Weekday {
    /// 星期一.
    Monday,
    /// 星期二.
    Tuesday,
    /// 星期三.
    Wednesday,
    /// 星期四.
    Thursday,
    /// 星期五.
    Friday,
    /// 星期六.
    Saturday,
    /// 星期日.
    Sunday,
}

/// How long a step of handling may take, or how often it is tried (办理时限; H29 H32 H39).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeLimit {
    /// Which limit it is; each at most once in a plan.
    pub key: TimeLimitKey,
    /// The name (名称).
    pub name: String,
    /// How many units, at least 1 (数值).
    pub amount: u16,
    /// Working days or tries (单位).
    pub unit: TimeLimitUnit,
}

/// The limits that the program knows (时限类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TimeLimitKey {
    /// To claim a case from the pool, before it is assigned (认领; H29).
    Claim,
    /// To rule on a return (退回裁定; H29).
    ReturnRuling,
    /// To give the first answer (首次回应; H39).
    FirstAnswer,
    /// To finish (办结; H39).
    Finish,
    /// What an extension may add at most (延期; H39).
    Extension,
    /// To telephone back after the answer (电话回访; H32).
    Callback,
    /// How often a call is tried before the person counts as unreachable (回访次数; H32).
    CallbackTries,
    /// To recheck on site after a dissatisfied answer (现场复核; H33).
    Recheck,
    /// To finish again after an upheld recheck (重办; H33).
    Rework,
}

/// What a limit counts (时限单位).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TimeLimitUnit {
    /// Working days by the calendar of holidays and make-up workdays (工作日).
    WorkingDays,
    /// Tries (次).
    Tries,
}

/// A column of the summary table (分类汇总表; S20–S23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryColumn {
    /// The key, unique in the campaign (列代码).
    pub key: String,
    /// The heading (列名).
    pub name: String,
    /// What fills it (数据来源).
    pub source: ColumnSource,
}

/// What fills a column of the summary table (数据来源).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ColumnSource {
    /// The number of the line (序号).
    LineNumber,
    /// The class (类别).
    Category,
    /// The suggestions merged into the line, in short (意见建议).
    Summary,
    /// How many suggestions (条数).
    SuggestionCount,
    /// How many people put it forward (提出人数).
    ProposerCount,
    /// How many people it would benefit (受益人数).
    Beneficiaries,
    /// How urgent it is (紧迫程度).
    Urgency,
    /// The villages that it concerns (涉及村居).
    Villages,
    /// The project that it was turned into (拟谋划项目).
    Project,
    /// What the project is estimated to cost (投资估算).
    EstimatedCost,
    /// When the project could be finished (计划完成时间).
    PlannedFinish,
    /// Text written by hand (备注).
    Remark,
}
