//! A row of a ledger as it was understood.

use async_graphql::SimpleObject;
use entity::enums::SubmissionKind;

use crate::campaign::graphql::{Category, Channel, IntakeStream, Village};
use crate::graphql::scalars::DateTime;
use crate::intake::graphql::person::MaskedPerson;
use crate::intake::store::import::Understood;

/// A row of a ledger as it would be entered. 试导入预览行
#[derive(SimpleObject)]
pub struct ImportPreview {
    /// Line of the file on which the row starts, counted from 1. 行号
    line: u64,
    /// The channel's own number. 来源编号
    external_ref: String,
    /// Heading, made from the text where the row has none. 标题
    title: String,
    /// What the person wants. 诉求类型
    kind: SubmissionKind,
    /// When it would count as received: now where the row has no time. 收到时间
    received_at: DateTime,
    /// The stream that it would belong to. 征集流
    stream: IntakeStream,
    /// How it came in. 渠道
    channel: Channel,
    /// Its class; null where the row has none. 类别
    category: Option<Category>,
    /// Village or community; null where the row has none. 村社区
    village: Option<Village>,
    /// The person behind it, masked; null where the row has nothing of one. 提出人
    person: Option<MaskedPerson>,
}

impl From<Understood> for ImportPreview {
    fn from(row: Understood) -> Self {
        let is_known = row.name.is_some() || row.phone.is_some() || row.has_address;
        let person = MaskedPerson { name: row.name, phone: row.phone, has_address: row.has_address };
        Self {
            line: row.line,
            external_ref: row.reference,
            title: row.title,
            kind: row.kind,
            received_at: DateTime(row.received_at),
            stream: IntakeStream(row.stream),
            channel: Channel(row.channel),
            category: row.category.map(Category),
            village: row.village.map(Village),
            person: is_known.then_some(person),
        }
    }
}
