//! How suggestions come in: streams, form fields, channels, classes, import rules (S08–S15 S26 H08–H17).

use serde::{Deserialize, Serialize};

/// An intake stream (征集流): whose the suggestion is, for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// The code, unique in the campaign (征集流代码).
    pub code: String,
    /// The name (征集流名称).
    pub name: String,
    /// The department that owns it (征集单位).
    pub department: String,
    /// Whom it listens to (征集对象; S08).
    pub constituencies: Vec<String>,
    /// Whether it takes what belongs to no other stream; exactly one of a plan does (是否默认).
    #[serde(default)]
    pub default: bool,
    /// What its form asks beyond the common core (附加表单项; S26).
    #[serde(default)]
    pub fields: Vec<FormField>,
}

/// A form field beyond the common core (附加表单项; S26).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// The key under which the value is stored, in lower case, unique in the stream (字段名).
    pub key: String,
    /// What the form shows (标签).
    pub label: String,
    /// What sort of value it takes (类型).
    pub kind: FieldKind,
    /// Whether it must be filled in (是否必填).
    #[serde(default)]
    pub required: bool,
    /// The values to choose from, for a choice (选项).
    #[serde(default)]
    pub choices: Vec<String>,
    /// The longest text allowed, in characters, for a text (最大长度).
    #[serde(default)]
    pub max_length: Option<u32>,
}

/// What a form field takes (字段类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FieldKind {
    /// Free text (文本).
    Text,
    /// A number (数字).
    Number,
    /// A day (日期).
    Date,
    /// One of the choices (单选).
    Choice,
    /// Yes or no (是否).
    Boolean,
}

/// A way by which suggestions come in (渠道; H08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// The code, unique in the campaign (渠道代码).
    pub code: String,
    /// The name (渠道名称).
    pub name: String,
    /// What sort of way it is (渠道类型).
    pub kind: ChannelKind,
    /// The department that answers for it, first of all (渠道责任单位).
    pub owner: String,
    /// Departments that answer for it besides the owner (配合单位).
    #[serde(default)]
    pub responsible: Vec<String>,
    /// The rules that find the stream of an entry, tried in this order (分流规则).
    #[serde(default)]
    pub routes: Vec<RouteBy>,
    /// The stream of whatever no rule places: what belongs to no other stream (兜底征集流).
    pub fallback: String,
}

/// What sort of way a channel is (渠道类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChannelKind {
    /// A visit at the door (入户走访).
    Visit,
    /// A survey or a paper form (问卷、征集表).
    Survey,
    /// A symposium or a meeting (座谈会).
    Symposium,
    /// A telephone line (热线).
    Hotline,
    /// A mailbox (信箱).
    Mailbox,
    /// A message board on the web (留言板).
    MessageBoard,
    /// The petition system (信访系统).
    Petition,
    /// A counter (服务窗口).
    ServiceWindow,
    /// WeChat and the like (微信).
    SocialMedia,
    /// Television and radio (电视、广播).
    Television,
    /// A column of a website (网站专栏).
    Website,
    /// An activity or a column of one department (活动、专栏).
    Activity,
    /// Another platform above or beside this one (上级平台).
    Platform,
}

impl ChannelKind {
    /// Whether a citizen can use it alone, at a screen (公开渠道).
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Website | Self::SocialMedia | Self::MessageBoard | Self::Mailbox | Self::Survey)
    }
}

/// A rule that finds the stream of an entry (分流规则); a rule that finds none passes on to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RouteBy {
    /// The stream of the department whose post enters it; a village committee's is its township's (录入单位).
    EnteringDepartment,
    /// The stream of the township that the given village belongs to (属地).
    Village,
    /// The stream that alone listens to the given constituency (征集对象).
    Constituency,
}

/// A class of suggestions (类别; S09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// The code, unique in the campaign (类别代码).
    pub code: String,
    /// The name (类别名称).
    pub name: String,
    /// Whether it is the class for what fits no other, "等"; exactly one of a plan is (是否其他类).
    #[serde(default)]
    pub other: bool,
}

/// How the messages of an imported file find their stream (导入分流).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The stream of whatever no route places (默认征集流).
    pub default_stream: String,
    /// The routes, tried in this order (导入规则).
    #[serde(default)]
    pub routes: Vec<ImportRoute>,
}

/// A rule that reads the stream off the text of an imported message (导入规则).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRoute {
    /// A regular expression; its first group, or without a group the whole match, is the name that was found (正则表达式).
    pub find: String,
    /// The texts to look in, one after the other; the first match that names something counts (查找范围).
    #[serde(rename = "in")]
    pub within: Vec<ImportText>,
    /// What the name found is the code of (匹配对象).
    pub names: ImportName,
}

/// A text of an imported message (导入文本).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportText {
    /// The title (标题).
    Title,
    /// The content (内容).
    Content,
}

/// What a name found in an imported message is the code of (匹配对象).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportName {
    /// A stream (征集流).
    Stream,
    /// A department, whose first stream is meant (部门).
    Department,
}
