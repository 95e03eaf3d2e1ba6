//! A row as a dry run understood it: what would be entered, in the names that people know.

use chrono::{DateTime, Utc};
use entity::enums::SubmissionKind;

use super::catalogue::Catalogue;
use crate::intake::import::ImportRow;
use crate::intake::store::entry::Entry;

/// Rows that a dry run shows.
pub const MOST_SHOWN: usize = 5;

/// One row as it would be entered (试导入预览). Of the person it says only what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// Line of the file. 行号
    pub line: u64,
    /// Reference. 来源编号
    pub reference: String,
    /// Title. 标题
    pub title: String,
    /// When it was received. 收到时间
    pub received_at: DateTime<Utc>,
    /// Stream. 征集流
    pub stream: String,
    /// Channel. 渠道
    pub channel: String,
    /// Class; none yet. 类别
    pub category: Option<String>,
    /// Village. 村社区
    pub village: Option<String>,
    /// Kind. 诉求类型
    pub kind: SubmissionKind,
    /// Whether a name was found. 有姓名
    pub has_name: bool,
    /// Whether a telephone was found. 有电话
    pub has_phone: bool,
}

impl Understood {
    pub(super) fn of(catalogue: &Catalogue, row: &ImportRow, entry: &Entry) -> Self {
        let names = catalogue.names_of(entry);
        Self {
            line: row.line,
            reference: row.external_ref.clone(),
            title: entry.draft.title.clone(),
            received_at: entry.received_at,
            stream: names.stream.unwrap_or_default(),
            channel: names.channel.unwrap_or_default(),
            category: names.category,
            village: names.village,
            kind: entry.draft.kind,
            has_name: entry.draft.name.is_some(),
            has_phone: entry.draft.phone.is_some(),
        }
    }
}
