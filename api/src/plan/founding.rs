//! The founding document: which county, which campaign, which clauses (S01 H01).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ChannelKind, GroupKind, VillageClass};
use crate::calendar::day;

/// The county or district (县、区): a tenant of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct County {
    /// Six digits of GB/T 2260 at county level (行政区划代码), such as `130803`.
    pub code: String,
    /// The official name (名称).
    pub name: String,
}

/// The campaign as its notice founds it (活动).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// The code by which portals know the campaign, unique in the county (活动代码).
    pub code: String,
    /// The full name (活动名称).
    pub name: String,
    /// Other spellings of the name; a search for any of them finds the campaign (别名; H03).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The number of the founding document (文号; S01 H01).
    pub document_number: String,
    /// Who issued the document (发文机关; S01 H01).
    pub issuers: Vec<String>,
    /// The day of the document (成文日期).
    #[serde(deserialize_with = "day::required")]
    pub issued_on: NaiveDate,
    /// Whom the document addresses; each department behind it acknowledges receipt (主送机关; S01 H01).
    pub addressees: Vec<Addressee>,
    /// A programme that this campaign belongs to; a case may count once in each (上级专项; H04).
    #[serde(default)]
    pub parent_programme: Option<Programme>,
    /// First day of intake (开始征集日期; S04 H02).
    #[serde(deserialize_with = "day::required")]
    pub opens_on: NaiveDate,
    /// Last day of intake, itself included; none where the campaign has no end (截止日期; S04 H02).
    #[serde(default, deserialize_with = "day::optional")]
    pub closes_on: Option<NaiveDate>,
    /// Whether cases are handled here: claims, shares, clocks, callbacks (是否办理; H28–H33).
    pub handling: bool,
    /// Whether a suggestion may come without a name (是否允许匿名; H05).
    pub anonymous_submission: bool,
    /// Whether people may submit by themselves, without an account (是否开放公众提交; S15).
    pub public_submission: bool,
}

/// One line of the address of the document (主送机关).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// As the document words it.
    pub name: String,
    /// The roles of the plan that it means.
    pub roles: Vec<String>,
}

/// A programme above the campaign (上级专项; H04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// The code, unique in the county (专项代码).
    pub code: String,
    /// The name (专项名称).
    pub name: String,
}

/// One point that the notice asks for (条款).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// The number that tests and commits cite, such as `S05` (条款编号).
    pub code: String,
    /// What the notice asks, in short (要求).
    pub text: String,
    /// The name of the check that proves it, such as `submission_intake` (核验项).
    pub check: String,
    /// Whether that check measures it already (核验状态).
    pub state: ClauseState,
    /// The last day for it, where the notice sets one that does not follow from the schedule (落实期限).
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "day::optional")]
    pub due_on: Option<NaiveDate>,
    /// The villages that `coverage` looks at (征集类别; S05 S06).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<VillageClass>,
    /// The kinds of channels that `some_channel` and `every_channel` look at (渠道类型; S13–S15 H08 H10).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelKind>,
    /// The roles whose streams `streams` looks at (角色; H12–H17).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The kinds of groups that `groups` looks at (组别; S31 H22 H42).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupKind>,
}

/// Whether the program already measures a clause (核验状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClauseState {
    /// The check exists and its result counts (已核验).
    Measured,
    /// The check is named but not built yet (尚未核验).
    NotMeasuredYet,
}
