//! One visit, and pages of them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::enums::VisitKind;
use entity::id::SubmissionId;
use entity::visit;

use super::symposium::Symposium;
use crate::campaign::graphql::{Campaign, Department, Village};
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::keyed::{Keyed, keyed};
use crate::graphql::listing::connection;
use crate::graphql::scalars::{Date, DateTime};
use crate::ids::Kind;
use crate::intake::graphql::Submission;
use crate::scope::profiles::Operation;
use crate::secrets::seal::mask_in_text;
use crate::snapshot::loaders::must;

/// A visit to one household, or another way of hearing it (S05, S12). 走访
#[derive(Clone, Debug)]
pub struct Visit(pub visit::Model);

/// What the caller may do with one visit now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct VisitPermissions {
    /// Whether `visitLink` would be accepted. 可补录意见
    pub can_link: bool,
    /// Whether `visitWithdraw` would be accepted. 可撤回
    pub can_withdraw: bool,
}

impl Visit {
    fn is_own(&self, request: &Request) -> Result<bool, ApiError> {
        Ok(request.viewer()?.department() == self.0.department)
    }
}

keyed! {
    Visit: visit;
}

/// A visit to one household, or another way of hearing it (S05, S12). 走访
#[Object]
impl Visit {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Visit, self.0.id))
    }

    /// Who visited. 走访单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// The campaign that it counts in. 征集活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Village or community. 村、社区
    async fn village(&self, ctx: &Context<'_>) -> Result<Village, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.village, self.0.village).await.map(Village)
    }

    /// Number of the household in its village, from 1. 户号
    async fn household(&self) -> i32 {
        self.0.household
    }

    /// Day of the visit, which may lie before the day of its entry. 走访日期
    async fn held_on(&self) -> Date {
        Date(self.0.visited_on)
    }

    /// How the household was reached. 方式
    async fn kind(&self) -> VisitKind {
        self.0.kind
    }

    /// Whether it counts for the door-to-door rate. 是否入户
    async fn is_at_door(&self) -> bool {
        self.0.kind == VisitKind::Door
    }

    /// Whether it brought suggestions; the plan says whether a visit without any counts. 是否带回意见
    async fn has_opinion(&self) -> bool {
        self.0.with_opinion
    }

    /// The suggestions that it brought, as far as the caller sees them; at most 20. 带回的意见建议
    async fn submissions(&self, ctx: &Context<'_>) -> Result<Vec<Submission>, ApiError> {
        let ids: Vec<SubmissionId> = serde_json::from_value(self.0.submissions.clone())
            .map_err(|_| ApiError::internal("a visit's list of suggestions"))?;
        let snapshot = ctx.request()?.read().await?;
        let found = snapshot.load.submission.load_many(ids.iter().copied());
        let mut found = found.await?;
        Ok(ids.iter().filter_map(|id| found.remove(id)).map(Submission).collect())
    }

    /// Household under special care or management; null for all but the visitor and the township. 服务管理对象
    async fn is_sensitive(&self, ctx: &Context<'_>) -> Option<Result<bool, ApiError>> {
        let shown = ctx.request().and_then(|request| {
            let mine = request.viewer()?.department();
            Ok([self.0.department, self.0.township].contains(&mine))
        });
        shown.map(|shown| shown.then_some(self.0.sensitive)).transpose()
    }

    /// What the visitor noted; names and telephones are masked for all others. 备注
    async fn note(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        let own = self.is_own(ctx.request()?)?;
        Ok(if own { self.0.note.clone() } else { mask_in_text(&self.0.note) })
    }

    /// The symposium at which the household was heard; null otherwise. 座谈会
    async fn symposium(&self, ctx: &Context<'_>) -> Option<Result<Symposium, ApiError>> {
        let id = self.0.symposium?;
        let found = async { Symposium::by_key(ctx.request()?, id).await };
        found.await.transpose()
    }

    /// The visitor's own mark; null for all others. 客户端编号
    async fn client_ref(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        let own = ctx.request().and_then(|request| self.is_own(request));
        own.map(|own| own.then(|| self.0.client_ref.clone())).transpose()
    }

    /// When it was entered. 录入时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was withdrawn; null while it counts. 撤回时间
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.withdrawn_at.map(DateTime)
    }

    /// Why it was withdrawn. 撤回理由
    async fn withdrawn_reason(&self) -> Option<String> {
        self.0.withdrawn_reason.as_deref().map(mask_in_text)
    }

    /// Number to send back on change. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<VisitPermissions, ApiError> {
        let request = ctx.request()?;
        let open = self.is_own(request)? && self.0.withdrawn_at.is_none();
        let viewer = request.viewer()?;
        Ok(VisitPermissions {
            can_link: open && viewer.may(Operation::VisitLink),
            can_withdraw: open && viewer.may(Operation::VisitWithdraw),
        })
    }
}

connection! {
    /// A page of visits. 走访分页
    VisitConnection, VisitEdge: visit as Visit(visit::Model)
}
