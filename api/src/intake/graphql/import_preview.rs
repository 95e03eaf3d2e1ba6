//! What a dry run shows of the first rows.

use async_graphql::SimpleObject;
use entity::enums::SubmissionKind;

use crate::graphql::scalars::DateTime;
use crate::intake::store::import::Understood;

/// A row as it would be entered. 导入预览
#[derive(Clone, Debug, SimpleObject)]
pub struct ImportPreview {
    /// Line of the file on which the row starts, counted from 1. 行号
    line: u64,
    /// Reference. 来源编号
    external_ref: String,
    /// Heading as it would be stored. 标题
    title: String,
    /// When it was received. 收到时间
    received_at: DateTime,
    /// Name of its stream. 征集流
    stream: String,
    /// Name of its channel. 渠道
    channel: String,
    /// Name of its class; null when it is still to be classified. 类别
    category: Option<String>,
    /// Name of its village or community. 村社区
    village: Option<String>,
    /// What the person wants. 诉求类型
    kind: SubmissionKind,
    /// Whether the person's name was found. 有姓名
    has_name: bool,
    /// Whether a telephone was found. 有电话
    has_phone: bool,
}

impl From<Understood> for ImportPreview {
    fn from(row: Understood) -> Self {
        let Understood { line, title, stream, channel, category, village, kind, .. } = row;
        Self {
            line,
            external_ref: row.reference,
            title,
            received_at: DateTime(row.received_at),
            stream,
            channel,
            category,
            village,
            kind,
            has_name: row.has_name,
            has_phone: row.has_phone,
        }
    }
}
