//! The publicity log over GraphQL.

mod change;
mod permissions;

pub use change::PublicityChangeMutation;
pub use permissions::PublicityPermissions;

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::PublicityId;
use entity::publicity;

use super::rules::Piece;
use super::store;
use crate::campaign::graphql::{Campaign, Department};
use crate::db::Predicate;
use crate::decision::graphql::former::FormerVersion;
use crate::error::{ApiError, Stop};
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::keyed::keyed;
use crate::graphql::listing::{Listed, Order, connection, of_campaign};
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::steps::{Begun, begin, end, must_key, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::text::line;

/// What was published about a campaign (S18). 宣传报道
#[derive(Clone, Debug)]
pub struct Publicity(pub publicity::Model);

/// What was published about a campaign (S18). 宣传报道
#[Object]
impl Publicity {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Publicity, self.0.id))
    }

    /// Department that published it. 报道单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Campaign that it is about. 活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Day on which it came out. 报道日期
    async fn published_on(&self) -> Date {
        Date(self.0.published_on)
    }

    /// Where it came out. 媒体、栏目
    async fn medium(&self) -> &str {
        &self.0.medium
    }

    /// Its heading. 标题
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Where it is found: an address, an issue and page; null when nobody said. 出处
    async fn reference(&self) -> Option<&str> {
        Some(self.0.reference.as_str()).filter(|text| !text.is_empty())
    }

    /// When it was entered. 登记时间
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }

    /// Whether it was withdrawn; it counts nowhere then. 是否已撤回
    async fn is_withdrawn(&self) -> bool {
        self.0.withdrawn_at.is_some()
    }

    /// Raised by every correction; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What stood before it was corrected or withdrawn, oldest first. 历次原稿
    async fn former_versions(&self, ctx: &Context<'_>) -> Result<Vec<FormerVersion>, ApiError> {
        FormerVersion::all(ctx, self.0.id).await
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<PublicityPermissions, ApiError> {
        PublicityPermissions::of(ctx.request()?, &self.0).await
    }
}

connection! {
    /// A page of the publicity log. 宣传报道分页
    PublicityConnection, PublicityEdge: publicity as Publicity(publicity::Model)
}

keyed! {
    Publicity: publicity;
}

/// The publicity log. 宣传报道台账
#[derive(Default)]
pub struct PublicityQuery;

#[Object]
impl PublicityQuery {
    /// The publicity log in the caller's scope, the last entry first: of a department its own, for whoever sees the county
    /// all (S18). 宣传报道台账
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn publicities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 活动")] campaign_id: Option<ID>,
    ) -> Option<Result<PublicityConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(publicities(ctx, args, campaign_id).await)
    }
}

async fn publicities(
    ctx: &Context<'_>,
    args: PageArgs,
    campaign: Option<ID>,
) -> Result<PublicityConnection, ApiError> {
    use publicity::Column as C;
    let request = ctx.request()?;
    let filter = of_campaign(request, C::Campaign, campaign.as_ref()).await?;
    let order =
        Order::latest_first([C::RecordedAt, C::Id], |row: &publicity::Model| (row.recorded_at, row.id.0));
    let filter = Predicate::All(filter);
    let page = Listed::read(request, "publicities", filter, &order, &args).await?;
    Ok(PublicityConnection(page))
}

/// What came out, where and when. 宣传报道
#[derive(Clone, Debug, InputObject)]
pub struct PublicityRecordInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Campaign that it is about. 活动
    pub campaign_id: ID,
    /// Day on which it came out. 报道日期
    pub published_on: Date,
    /// Where it came out, 1 to 100 characters. 媒体、栏目
    pub medium: String,
    /// Its heading, 1 to 200 characters. 标题
    pub title: String,
    /// Where it is found: an address, an issue and page; at most 500 characters. 出处
    pub reference: Option<String>,
}

payload! {
    /// What came of it. 登记结果
    PublicityRecordPayload {
        /// The entry; null when refused. 宣传报道
        publicity: Publicity
    }
}

/// Entries of the publicity log. 宣传报道台账
#[derive(Default)]
pub struct PublicityMutation;

#[Object]
impl PublicityMutation {
    /// Enters a piece that the caller's department published about the campaign (S18). 登记宣传报道
    #[graphql(directive = open_to::apply(profiles(&[Operation::PublicityRecord]), heads(&[Operation::PublicityRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn publicity_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What came out. 宣传报道")] input: PublicityRecordInput,
    ) -> Option<Result<PublicityRecordPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = record(request, &input).await;
        Some(PublicityRecordPayload::of(request, outcome).await)
    }
}

async fn record(request: &Request, input: &PublicityRecordInput) -> Result<PublicityId, Stop> {
    let begun = begin(request, Operation::PublicityRecord, "publicityRecord", &input.idempotency_key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let campaign = must_key(request, Kind::Campaign, &input.campaign_id, "campaignId")?;
    let given = |text: &str| line(text);
    let piece = Piece {
        published_on: input.published_on.0,
        medium: given(&input.medium),
        title: given(&input.title),
        reference: input.reference.as_deref().map(given).unwrap_or_default(),
    };
    let id = store::record(&tx, &request.app, campaign, piece, request.now).await?;
    end(tx, claim, id).await
}
