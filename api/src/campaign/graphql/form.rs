//! Forms, so that every portal can draw them: the plan is a public document.

use std::sync::Arc;

use async_graphql::{Enum, Object};

use crate::plan;
use crate::plan::Plan;

/// What a form field takes. 字段类型
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "plan::FieldKind")]
pub enum FormFieldKind {
    /// Free text. 文本
    Text,
    /// A number. 数字
    Number,
    /// A day, `YYYY-MM-DD`. 日期
    Date,
    /// One of the choices. 单选
    Choice,
    /// Yes or no. 是否
    Boolean,
}

/// A field that one stream's form asks for beyond the common ones (S26). 附加表单项
pub struct FormField(pub plan::FormField);

/// A field that one stream's form asks for beyond the common ones (S26). 附加表单项
#[Object]
impl FormField {
    /// Under which the value is sent and stored, e.g. `company`. 字段名
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// What the form shows, in Chinese. 标签
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// What it takes. 类型
    async fn kind(&self) -> FormFieldKind {
        self.0.kind.into()
    }

    /// Whether it must be filled in. 是否必填
    async fn required(&self) -> bool {
        self.0.required
    }

    /// The values to choose from; empty unless the kind is CHOICE. 选项
    async fn choices(&self) -> &[String] {
        &self.0.choices
    }

    /// Longest text, in characters; null unless the kind is TEXT and the plan bounds it. 最大长度
    async fn max_length(&self) -> Option<u32> {
        self.0.max_length
    }
}

/// The form of one stream, as its plan states it: public, whoever owns the stream. 征集表单
pub struct StreamForm {
    plan: Arc<Plan>,
    place: usize,
}

impl StreamForm {
    /// The forms of every stream of a plan, in its order.
    pub(crate) fn all(plan: &Arc<Plan>) -> Vec<Self> {
        let form = |place| Self { plan: Arc::clone(plan), place };
        (0..plan.streams.len()).map(form).collect()
    }

    fn stream(&self) -> &plan::Stream {
        &self.plan.streams[self.place]
    }
}

/// The form of one stream, as its plan states it: public, whoever owns the stream. 征集表单
#[Object]
impl StreamForm {
    /// Stable code of the stream. 征集流代码
    async fn stream_code(&self) -> &str {
        &self.stream().code
    }

    /// Name of the stream. 征集流名称
    async fn stream_name(&self) -> &str {
        &self.stream().name
    }

    /// Whom it hears; a form offers these to choose from (S08). 征集对象
    async fn constituencies(&self) -> &[String] {
        &self.stream().constituencies
    }

    /// What it asks for beyond the common fields. 附加表单项
    async fn fields(&self) -> Vec<FormField> {
        self.stream().fields.iter().cloned().map(FormField).collect()
    }
}
