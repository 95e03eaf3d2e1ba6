//! How suggestions ended, and closing a campaign, over GraphQL.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::id::CampaignId;

use super::store;
use crate::campaign::graphql::Campaign;
use crate::error::{ApiError, Stop};
use crate::fate::rules::Disposition;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::listing::known_campaign;
use crate::graphql::scalars::DateTime;
use crate::graphql::steps::{must_key, payload};
use crate::ids::Kind;
use crate::refusal::input;
use crate::scope::profiles::Operation;
use crate::text::passage;

/// That a campaign is closed. 活动结束
#[derive(Clone, Debug, SimpleObject)]
pub struct CampaignClosing {
    /// When. 结束时间
    pub closed_at: DateTime,
    /// Remark of the office; null when none was given. 说明
    pub remark: Option<String>,
}

/// How many suggestions ended in one way. 去向件数
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct DispositionCount {
    /// The way. 去向
    pub disposition: Disposition,
    /// How many. 件数
    pub count: u64,
}

/// How suggestions ended. 去向
#[derive(Default)]
pub struct ClosingQuery;

#[Object]
impl ClosingQuery {
    /// How the suggestions of a campaign ended that the caller sees; each is counted in one way. 意见去向
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn disposition_counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which campaign. 活动")] campaign_id: ID,
    ) -> Option<Result<Vec<DispositionCount>, ApiError>> {
        Some(counts(ctx, &campaign_id).await)
    }
}

async fn counts(ctx: &Context<'_>, id: &ID) -> Result<Vec<DispositionCount>, ApiError> {
    let request = ctx.request()?;
    let snapshot = request.read().await?;
    let campaign = known_campaign(request, id).await?;
    let ends = store::ends(&snapshot.tx, campaign).await?;
    let count = |(disposition, count)| DispositionCount { disposition, count };
    Ok(ends.counts.into_iter().map(count).collect())
}

/// Which campaign. 结束说明
#[derive(Clone, Debug, InputObject)]
pub struct CampaignCloseInput {
    /// Which campaign. 活动
    pub campaign_id: ID,
    /// Remark, at most 500 characters. 说明
    #[graphql(default)]
    pub remark: String,
}

payload! {
    /// What came of closing it. 结束结果
    CampaignClosePayload {
        /// The campaign as it stands now; null when refused. 活动
        campaign: Campaign
    }
}

/// Closing a campaign. 活动结束
#[derive(Default)]
pub struct ClosingMutation;

#[Object]
impl ClosingMutation {
    /// Closes a campaign in which every suggestion is adopted, explained or ended otherwise; nothing is taken in afterwards. 结束活动
    #[graphql(directive = open_to::apply(profiles(&[Operation::CampaignClose]), heads(&[Operation::CampaignClose])), directive = semantic_non_null::apply(vec![0]))]
    async fn campaign_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which campaign. 结束说明")] input: CampaignCloseInput,
    ) -> Option<Result<CampaignClosePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = campaign_close(request, &input).await;
        Some(CampaignClosePayload::of(request, outcome).await)
    }
}

async fn campaign_close(request: &Request, input: &CampaignCloseInput) -> Result<CampaignId, Stop> {
    let tx = request.begin_write(Operation::CampaignClose).await?;
    let id = must_key(request, Kind::Campaign, &input.campaign_id, "campaignId")?;
    let remark = passage(&input.remark);
    let remark = remark.as_str();
    input::text("remark", remark, 0, 500)?;
    store::close(&tx, &request.app, id, remark.to_owned(), request.now).await?;
    tx.commit().await?;
    Ok(id)
}
