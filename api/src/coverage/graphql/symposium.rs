//! One symposium, and pages of them.

use async_graphql::{Context, ID, Object};
use entity::symposium;

use crate::campaign::graphql::{Campaign, Department, Village};
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::graphql::listing::connection;
use crate::graphql::scalars::{Date, DateTime};
use crate::ids::Kind;
use crate::secrets::seal::mask_in_text;
use crate::snapshot::loaders::must;

/// A symposium at which people were heard (S12). 座谈会
#[derive(Clone, Debug)]
pub struct Symposium(pub symposium::Model);

keyed! {
    Symposium: symposium;
}

/// A symposium at which people were heard (S12). 座谈会
#[Object]
impl Symposium {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Symposium, self.0.id))
    }

    /// Who held it. 召集单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// The campaign that it counts in. 征集活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Village or community; null for a school, an enterprise or the like. 村、社区
    async fn village(&self, ctx: &Context<'_>) -> Option<Result<Village, ApiError>> {
        let id = self.0.village?;
        let village = async {
            let snapshot = ctx.request()?.read().await?;
            must(&snapshot.load.village, id).await.map(Village)
        };
        Some(village.await)
    }

    /// Day. 日期
    async fn held_on(&self) -> Date {
        Date(self.0.held_on)
    }

    /// Where. 地点
    async fn place(&self) -> String {
        mask_in_text(&self.0.place)
    }

    /// What about. 主题
    async fn topic(&self) -> String {
        mask_in_text(&self.0.topic)
    }

    /// How many came. 到会人数
    async fn attendance(&self) -> i32 {
        self.0.attendance
    }

    /// Households of the village that were present, each of which counts as reached. 到会户数
    async fn households(&self) -> i32 {
        self.0.households
    }

    /// When it was entered. 录入时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

connection! {
    /// A page of symposiums. 座谈会分页
    SymposiumConnection, SymposiumEdge: symposium as Symposium(symposium::Model)
}
