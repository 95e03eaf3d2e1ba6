//! A row as a dry run understood it: what would be entered, in the names that people know.

use chrono::{DateTime, Utc};
use entity::enums::SubmissionKind;
use entity::{category, channel, stream, village};

use super::catalogue::Catalogue;
use crate::intake::import::ImportRow;
use crate::intake::store::entry::Entry;
use crate::secrets::seal::{mask_name, mask_phone};

/// Rows that a dry run shows.
pub const MOST_SHOWN: usize = 5;

/// One row as it would be entered (试导入预览). Its person is masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// Line of the file. 行号
    pub line: u64,
    /// Reference. 来源编号
    pub reference: String,
    /// Title. 标题
    pub title: String,
    /// When it would count as received. 收到时间
    pub received_at: DateTime<Utc>,
    /// Stream. 征集流
    pub stream: stream::Model,
    /// Channel. 渠道
    pub channel: channel::Model,
    /// Class; none yet. 类别
    pub category: Option<category::Model>,
    /// Village. 村社区
    pub village: Option<village::Model>,
    /// Kind. 诉求类型
    pub kind: SubmissionKind,
    /// Name, masked; none was found. 姓名
    pub name: Option<String>,
    /// Telephone, masked; none was found. 电话
    pub phone: Option<String>,
    /// Whether an address was found. 有住址
    pub has_address: bool,
}

impl Understood {
    /// Nothing where the catalogue does not have the places of the entry, which it has found them in.
    pub(super) fn of(catalogue: &Catalogue, row: &ImportRow, entry: &Entry) -> Option<Self> {
        let draft = &entry.draft;
        Some(Self {
            line: row.line,
            reference: row.external_ref.clone(),
            title: draft.title.clone(),
            received_at: entry.received_at,
            stream: catalogue.stream_of(entry)?.clone(),
            channel: catalogue.channel_with(entry.channel)?.clone(),
            category: catalogue.category_of(entry).cloned(),
            village: catalogue.village_of(entry).cloned(),
            kind: draft.kind,
            name: draft.name.as_deref().map(mask_name),
            phone: draft.phone.as_deref().map(mask_phone),
            has_address: draft.address.is_some(),
        })
    }
}
