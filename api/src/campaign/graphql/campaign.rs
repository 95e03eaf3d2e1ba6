//! A campaign with what its plan lists.

use async_graphql::{Context, ID, Object, OneofObject};
use entity::id::{CampaignId, CategoryId};
use entity::{campaign, category, channel, stream};
use serde::de::DeserializeOwned;

use super::directory::Department;
use super::form::FormField;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::ids::Kind;
use crate::snapshot::loaders::must;

/// One way to name a campaign. 选择活动
#[derive(Clone, Debug, OneofObject)]
pub enum CampaignRef {
    /// By global id. 全局编号
    Id(ID),
    /// By code, e.g. `MXGC-2020`. 活动代码
    Code(String),
    /// By its name in any of its spellings, or its code; width, case and blanks do not matter (H03). 活动名称（任一写法）或代码
    Name(String),
}

/// One collection campaign, as its notice founds it (S01, H01). Its fields lead to every capability, so they stand with
/// the schema. 征集活动
#[derive(Clone, Debug)]
pub struct Campaign(pub campaign::Model);

keyed! {
    Campaign: campaign;
}

impl Campaign {
    /// The campaign of a key that a row in scope names.
    pub async fn by_id(ctx: &Context<'_>, id: CampaignId) -> Result<Self, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.campaign, id).await.map(Self)
    }
}

/// One department's intake stream in a campaign: only its members write to it. 征集流
#[derive(Clone, Debug)]
pub struct IntakeStream(pub stream::Model);

keyed! {
    IntakeStream: stream;
}

/// One department's intake stream in a campaign: only its members write to it. 征集流
#[Object]
impl IntakeStream {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::IntakeStream, self.0.id))
    }

    /// Stable code, unique in the campaign. 征集流代码
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Chinese name. 征集流名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Owner, which never changes. 征集单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// The campaign that it belongs to. 征集活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Whom it hears (S08). 征集对象
    async fn constituencies(&self) -> Result<Vec<String>, ApiError> {
        read_json(&self.0.constituencies)
    }

    /// What its form asks for beyond the common fields (S26). 附加表单项
    async fn fields(&self) -> Result<Vec<FormField>, ApiError> {
        let fields: Vec<crate::plan::FormField> = read_json(&self.0.fields)?;
        Ok(fields.into_iter().map(FormField).collect())
    }
}

/// Way by which suggestions come in: data of the plan (S12, H08). 渠道
#[derive(Clone, Debug)]
pub struct Channel(pub channel::Model);

keyed! {
    Channel: channel;
}

/// Way by which suggestions come in: data of the plan (S12, H08). 渠道
#[Object]
impl Channel {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Channel, self.0.id))
    }

    /// Stable code, unique in the campaign, e.g. `HOTLINE_12345`. 渠道代码
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Chinese name. 渠道名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Department that answers for it; null where none does, and for portals. 渠道主管单位
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Department, ApiError>> {
        Department::seen(ctx, self.0.owner?).await.transpose()
    }
}

/// Class of a campaign's class list (S09). 征集类别
#[derive(Clone, Debug)]
pub struct Category(pub category::Model);

keyed! {
    Category: category;
}

impl Category {
    /// The class of a key that a row in scope names.
    pub async fn by_id(ctx: &Context<'_>, id: CategoryId) -> Result<Self, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.category, id).await.map(Self)
    }
}

/// Class of a campaign's class list (S09). 征集类别
#[Object]
impl Category {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Category, self.0.id))
    }

    /// Stable code, unique in the campaign. 类别代码
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Chinese name, e.g. 道路交通. 类别名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it is the one for what fits no other. 是否其他类
    async fn is_other(&self) -> bool {
        self.0.other
    }
}

/// What `plan apply` stored as JSON.
pub(crate) fn read_json<T: DeserializeOwned>(value: &serde_json::Value) -> Result<T, ApiError> {
    T::deserialize(value).map_err(|_| ApiError::internal("a stored JSON column is not of its form"))
}
