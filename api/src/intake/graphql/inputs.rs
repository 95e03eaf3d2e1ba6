//! What forms send.

use async_graphql::{ID, InputObject, MaybeUndefined, OneofObject};
use entity::enums::{SubmissionKind, Urgency};
use entity::submission;
use serde_json::{Map, Value as Json};

use crate::error::Stop;
use crate::graphql::scalars::DateTime;
use crate::intake::draft::Draft;
use crate::intake::store::Identity;

/// A value of the stream's own form. 附加项
#[derive(Clone, Debug, InputObject)]
pub struct ExtraValueInput {
    /// The form field's key. 字段键
    pub key: String,
    /// What is filled in, as text. 填写内容
    pub value: String,
}

/// A suggestion that a department enters into its own stream. 登记
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionRecordInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// How it came in. 渠道
    pub channel_id: ID,
    /// Whose it is; by the plan when left out. 征集流
    pub stream_id: Option<ID>,
    /// Heading, 1 to 200 characters. 标题
    pub title: String,
    /// Text, 1 to 10,000 characters. 内容
    pub content: String,
    /// What the person wants. 诉求类型
    #[graphql(default_with = "SubmissionKind::Suggestion")]
    pub kind: SubmissionKind,
    /// How urgent the matter is. 紧急程度
    #[graphql(default_with = "Urgency::Normal")]
    pub urgency: Urgency,
    /// How many people would benefit. 受益人数
    pub beneficiaries: Option<i32>,
    /// Group of people it speaks for, one of the stream's. 征集对象
    pub constituency: Option<String>,
    /// Village or community that it concerns. 村社区
    pub village_id: Option<ID>,
    /// Its class, if it is clear at once. 类别
    pub category_id: Option<ID>,
    /// Whether the identity is never to be shown. 保密
    #[graphql(default)]
    pub is_confidential: bool,
    /// Whether it is entered for someone met on a visit. 代录
    #[graphql(default)]
    pub is_on_behalf: bool,
    /// When it was received; now when left out. 收到时间
    pub received_at: Option<DateTime>,
    /// The channel's own number, unique per channel, at most 64 characters. 来源编号
    pub external_ref: Option<String>,
    /// Name of the person, at most 100 characters. 姓名
    pub name: Option<String>,
    /// Telephone of the person. 电话
    pub phone: Option<String>,
    /// Address of the person, at most 200 characters. 住址
    pub address: Option<String>,
    /// Values of the stream's own form fields. 附加项
    #[graphql(default)]
    pub extra: Vec<ExtraValueInput>,
}

/// A citizen's suggestion. 群众提交
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionSubmitInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Where to, for a caller without a portal's credential. 无凭据时的去向
    pub to: Option<PublicChannelInput>,
    /// Heading, 1 to 200 characters. 标题
    pub title: String,
    /// Text, 1 to 10,000 characters. 内容
    pub content: String,
    /// What the person wants. 诉求类型
    #[graphql(default_with = "SubmissionKind::Suggestion")]
    pub kind: SubmissionKind,
    /// How urgent the matter is. 紧急程度
    #[graphql(default_with = "Urgency::Normal")]
    pub urgency: Urgency,
    /// How many people would benefit. 受益人数
    pub beneficiaries: Option<i32>,
    /// Group of people that the person belongs to. 征集对象
    pub constituency: Option<String>,
    /// Village or community by the plan's code. 村社区代码
    pub village_code: Option<String>,
    /// Class that the citizen proposes, by the plan's code; the collector decides. 类别代码
    pub category_code: Option<String>,
    /// Whether the identity is never to be shown. 保密
    #[graphql(default)]
    pub is_confidential: bool,
    /// Name of the person, at most 100 characters; may be left out where the campaign allows it. 姓名
    pub name: Option<String>,
    /// Telephone of the person. 电话
    pub phone: Option<String>,
    /// Address of the person, at most 200 characters. 住址
    pub address: Option<String>,
    /// Values of the stream's own form fields. 附加项
    #[graphql(default)]
    pub extra: Vec<ExtraValueInput>,
}

/// A public channel of a campaign that takes suggestions without a portal's credential. 公开渠道
#[derive(Clone, Debug, InputObject)]
pub struct PublicChannelInput {
    /// GB/T 2260 code of the county. 行政区划代码
    pub county: String,
    /// Code of the campaign. 活动代码
    pub campaign: String,
    /// Code of the channel. 渠道代码
    pub channel: String,
}

/// Which suggestion, to which stream, and why. 改派内容
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionMoveInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Which suggestion. 意见建议
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// The stream that it belongs to, another one of the same campaign. 征集流
    pub stream_id: ID,
    /// Why, 2 to 500 characters; both departments' records tell it. 理由
    pub reason: String,
}

/// A correction; what is left out stays as it is. 修改
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionEditInput {
    /// Which suggestion. 意见建议
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// New heading. 标题
    pub title: Option<String>,
    /// New text. 内容
    pub content: Option<String>,
    /// New kind. 诉求类型
    pub kind: Option<SubmissionKind>,
    /// New urgency. 紧急程度
    pub urgency: Option<Urgency>,
    /// New number of people who would benefit; null for unknown. 受益人数
    pub beneficiaries: MaybeUndefined<i32>,
    /// New group of people; null for none. 征集对象
    pub constituency: MaybeUndefined<String>,
    /// New values of the stream's own form fields, all of them. 附加项
    pub extra: Option<Vec<ExtraValueInput>>,
    /// The channel that it really came by. 渠道
    pub channel_id: Option<ID>,
    /// New village or community; null for none. 村社区
    pub village_id: MaybeUndefined<ID>,
    /// When it was really received. 收到时间
    pub received_at: Option<DateTime>,
    /// Whether the identity is never to be shown. 保密
    pub is_confidential: Option<bool>,
    /// Whether it was entered for someone met on a visit. 代录
    pub is_on_behalf: Option<bool>,
    /// New name of the person; null for none. 姓名
    pub name: MaybeUndefined<String>,
    /// New telephone; null for none. 电话
    pub phone: MaybeUndefined<String>,
    /// New address; null for none. 住址
    pub address: MaybeUndefined<String>,
}

/// A suggestion to take back. 撤回
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionWithdrawInput {
    /// Which suggestion. 意见建议
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

/// A class for a suggestion. 归类
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionClassifyInput {
    /// Which suggestion. 意见建议
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Its class. 类别
    pub category_id: ID,
    /// Remark for the record, at most 500 characters. 说明
    #[graphql(default)]
    pub note: String,
}

/// Classes for many suggestions. 批量归类
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionsClassifyInput {
    /// 1 to 100 suggestions; each is taken or refused by itself. 意见建议
    pub rows: Vec<SubmissionClassifyInput>,
}

/// Many suggestions to take back. 批量撤回
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionsWithdrawInput {
    /// 1 to 100 suggestions; each is taken back or refused by itself. 意见建议
    pub rows: Vec<SubmissionWithdrawInput>,
}

/// Who of the caller's department works on a suggestion. 分派
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionAssignInput {
    /// Which suggestion. 意见建议
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Account that holds a post in the caller's department; nobody without one. 经办人
    pub account_id: Option<ID>,
    /// Why, at most 500 characters; kept in the audit trail alone. 理由
    #[graphql(default)]
    pub reason: String,
}

/// Who of the caller's department works on suggestions. 分派经办人
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionsAssignInput {
    /// 1 to 100 suggestions; each is assigned or refused by itself. 意见建议
    pub rows: Vec<SubmissionAssignInput>,
}

/// Everything that somebody of the caller's department works on, to be handed over. 整体转交
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionsReassignInput {
    /// Account that works on it now; it may have left or be disabled. 原经办人
    pub from_account_id: ID,
    /// Account that holds a post in the caller's department; nobody without one. 接办人
    pub to_account_id: Option<ID>,
    /// Why, 2 to 500 characters; kept in the audit trail alone. 理由
    pub reason: String,
}

/// A reason to see a person in clear. 查看身份
#[derive(Clone, Debug, InputObject)]
pub struct IdentityRevealInput {
    /// Whose person. 意见建议
    pub submission_id: ID,
    /// Why, 2 to 500 characters; kept in the audit trail. 理由
    pub reason: String,
}

/// Somebody whose cases are looked for; in no log. 按人查件
#[derive(Clone, InputObject)]
pub struct PersonFindInput {
    /// What is known of the person. 查找依据
    pub by: PersonMarkInput,
    /// Why, 2 to 500 characters; kept in the audit trail. 理由
    pub reason: String,
}

/// What tells a person from others, compared as a whole. 人员查找依据
#[derive(Clone, OneofObject)]
pub enum PersonMarkInput {
    /// Telephone, however it is typed. 电话
    Phone(String),
    /// Whole name; blanks do not matter. 姓名
    Name(String),
}

/// A person to erase; the case stays. 删除个人信息
#[derive(Clone, Debug, InputObject)]
pub struct PersonEraseInput {
    /// Whose person. 意见建议
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

impl SubmissionRecordInput {
    pub(super) fn draft(&self) -> Draft {
        Draft {
            title: self.title.clone(),
            content: self.content.clone(),
            kind: self.kind,
            urgency: self.urgency,
            beneficiaries: self.beneficiaries,
            constituency: self.constituency.clone(),
            confidential: self.is_confidential,
            on_behalf: self.is_on_behalf,
            received_at: self.received_at.map(|at| at.0),
            name: self.name.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            extra: extra(&self.extra),
        }
        .tidied()
    }
}

impl SubmissionSubmitInput {
    pub(super) fn draft(&self) -> Draft {
        Draft {
            title: self.title.clone(),
            content: self.content.clone(),
            kind: self.kind,
            urgency: self.urgency,
            beneficiaries: self.beneficiaries,
            constituency: self.constituency.clone(),
            confidential: self.is_confidential,
            on_behalf: false,
            received_at: None,
            name: self.name.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            extra: extra(&self.extra),
        }
        .tidied()
    }
}

impl SubmissionEditInput {
    /// The suggestion and its person as they would be after the correction.
    pub(super) fn draft(&self, row: &submission::Model, person: Identity) -> Draft {
        let stored = row.extra.as_object().cloned().unwrap_or_default();
        Draft {
            title: self.title.clone().unwrap_or_else(|| row.title.clone()),
            content: self.content.clone().unwrap_or_else(|| row.content.clone()),
            kind: self.kind.unwrap_or(row.kind),
            urgency: self.urgency.unwrap_or(row.urgency),
            beneficiaries: given(&self.beneficiaries, row.beneficiaries),
            constituency: given(&self.constituency, row.constituency.clone()),
            confidential: self.is_confidential.unwrap_or(row.confidential),
            on_behalf: self.is_on_behalf.unwrap_or(row.on_behalf),
            received_at: Some(self.received_at.map_or(row.received_at, |at| at.0)),
            name: given(&self.name, person.name),
            phone: given(&self.phone, person.phone),
            address: given(&self.address, person.address),
            extra: self.extra.as_deref().map_or(stored, extra),
        }
        .tidied()
    }

    /// Whether it says anything of the person.
    pub(super) fn names_person(&self) -> bool {
        [&self.name, &self.phone, &self.address].iter().any(|field| !field.is_undefined())
    }
}

fn given<T: Clone>(value: &MaybeUndefined<T>, stored: Option<T>) -> Option<T> {
    match value {
        MaybeUndefined::Undefined => stored,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(value) => Some(value.clone()),
    }
}

fn extra(values: &[ExtraValueInput]) -> Map<String, Json> {
    values.iter().map(|value| (value.key.clone(), Json::String(value.value.clone()))).collect()
}

/// Refusals of extra values point at their places in the list that was sent; of one that is missing, at the list.
pub(super) fn placed(stop: Stop, values: &[ExtraValueInput]) -> Stop {
    let Stop::Refused(mut refusals) = stop else {
        return stop;
    };
    for refusal in &mut refusals {
        let [list, key @ ..] = refusal.field.as_slice() else {
            continue;
        };
        if list != "extra" || key.is_empty() {
            continue;
        }
        let key = key.join(".");
        // Of a key that stands twice the last value counts.
        let place = values.iter().rposition(|value| value.key == key);
        refusal.field.truncate(1);
        refusal.field.extend(place.into_iter().flat_map(|place| [place.to_string(), "value".to_owned()]));
    }
    Stop::Refused(refusals)
}
