//! The common fields of the public form, with the limits that the draft is held to.

use async_graphql::SimpleObject;

use crate::intake::draft::{ADDRESS, CONTENT, MOST_BENEFICIARIES, NAME, TITLE};
use crate::refusal::Language;

/// A field of `SubmissionSubmitInput` that a form shows. 通用表单项
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct PublicField {
    /// Under which it is sent. 字段名
    pub key: &'static str,
    /// What the form shows, in the caller's language. 标签
    pub label: &'static str,
    /// Whether it must be filled in. 是否必填
    pub required: bool,
    /// Longest text, in characters; null for what is chosen or has a form of its own. 最大长度
    pub max_length: Option<usize>,
    /// Greatest number; null for what is no number. 最大值
    pub maximum: Option<u32>,
}

impl PublicField {
    /// The fields in the order of a form; a name is asked for where nobody may stay anonymous.
    pub(super) fn all(anonymous: bool, language: Language) -> Vec<Self> {
        let field = |key, zh, en| Self {
            key,
            label: language.pick(zh, en),
            required: false,
            max_length: None,
            maximum: None,
        };
        vec![
            Self { required: true, max_length: Some(TITLE), ..field("title", "标题", "Title") },
            Self { required: true, max_length: Some(CONTENT), ..field("content", "内容", "Text") },
            field("kind", "诉求类型", "Kind"),
            field("urgency", "紧急程度", "Urgency"),
            field("categoryCode", "类别", "Class"),
            field("villageCode", "村（社区）", "Village or community"),
            field("constituency", "征集对象", "Group of people"),
            Self {
                maximum: Some(MOST_BENEFICIARIES),
                ..field("beneficiaries", "受益人数", "People who benefit")
            },
            Self { required: !anonymous, max_length: Some(NAME), ..field("name", "姓名", "Name") },
            field("phone", "电话", "Telephone"),
            Self { max_length: Some(ADDRESS), ..field("address", "住址", "Address") },
            field("isConfidential", "是否保密", "Keep my identity confidential"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_asked_for_where_nobody_may_stay_anonymous_and_a_telephone_never() {
        let required = |anonymous| -> Vec<&str> {
            let fields = PublicField::all(anonymous, Language::Chinese).into_iter();
            fields.filter(|field| field.required).map(|field| field.key).collect()
        };
        assert_eq!(required(true), ["title", "content"]);
        assert_eq!(required(false), ["title", "content", "name"]);
    }
}
