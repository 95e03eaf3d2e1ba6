//! Subscriptions over GraphQL.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, SimpleObject, Subscription};
use entity::id::CampaignId;
use futures::{Stream, stream};

use super::news::{OverviewNews, SubmissionNews};
use super::subscriber::Subscriber;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::ids::Kind;
use crate::intake::graphql::{Overview, Submission};
use crate::snapshot::loaders::one;

/// Why an event is told. 推送种类
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ChangeKind {
    /// First of every subscription, once: from now on every change is told. Read the list after this. 已就绪
    Ready,
    /// Something changed. 有变动
    Changed,
    /// Changes may have been missed up to now; from now on every change is told again. Read the list anew; there is no need
    /// to subscribe again. Figures of an event before this one may be older than they should have been. 可能有遗漏
    Lagged,
}

/// What a subscription to suggestions tells. 意见建议变动
#[derive(SimpleObject)]
pub struct SubmissionChangedPayload {
    /// Why it is told; enums are open, pass over what you do not know. 种类
    pub kind: ChangeKind,
    /// The suggestion as it stands now; present exactly when the kind is CHANGED. 意见建议
    pub submission: Option<Submission>,
}

/// What a subscription to figures tells: they are in every event, as they stand now. 总览变动
#[derive(SimpleObject)]
pub struct OverviewChangedPayload {
    /// Why it is told; enums are open, pass over what you do not know. 种类
    pub kind: ChangeKind,
    /// The figures. 总览
    pub overview: Overview,
}

/// What is told of suggestions and their figures.
#[derive(Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// A suggestion in the caller's scope that was entered or changed, as it stands now. The first event is READY: read your
    /// list after it, and nothing is missed between list and events. More than 50 changed at once, as by an import, are not
    /// told one by one: `overviewChanged` tells of them. 意见建议变动
    async fn submission_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of these streams. 征集流")] stream_ids: Option<Vec<ID>>,
    ) -> Result<impl Stream<Item = Result<SubmissionChangedPayload, ApiError>> + use<>, ApiError> {
        let (request, subscriber) = (ctx.request()?, subscriber(ctx)?);
        request.viewer()?;
        let streams = stream_ids.map(|ids| request.keys(Kind::Stream, &ids).into_iter().collect());
        let subscription = subscriber.app.events.subscribe().await?;
        let news = SubmissionNews::new(subscriber, subscription, streams);
        Ok(following(news, SubmissionNews::next))
    }

    /// The figures of a campaign: first as they stand once the subscription has begun (READY), then after something changed
    /// in them, at most once a second and always after the last change. 总览变动
    async fn overview_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 活动")] campaign_id: ID,
    ) -> Result<impl Stream<Item = Result<OverviewChangedPayload, ApiError>> + use<>, ApiError> {
        let (request, subscriber) = (ctx.request()?, subscriber(ctx)?);
        let snapshot = request.read().await?;
        let campaign = match request.key::<CampaignId>(Kind::Campaign, &campaign_id) {
            Some(key) => one(&snapshot.load.campaigns, key).await?,
            None => None,
        };
        // A subscription must not keep the snapshot that it began with.
        request.renew();
        let campaign = campaign.ok_or_else(no_such_campaign)?;
        let subscription = subscriber.app.events.subscribe().await?;
        let news = OverviewNews::new(subscriber, subscription, campaign.id, campaign_id);
        Ok(following(news, OverviewNews::next))
    }
}

/// A stream of what `next` gives until there is nothing, and ends with the first failure.
fn following<N, T>(
    news: N,
    next: impl AsyncFn(&mut N) -> Result<Option<T>, ApiError>,
) -> impl Stream<Item = Result<T, ApiError>>
where
    N: Send,
{
    stream::unfold(Some((news, next)), |state| async {
        let (mut news, next) = state?;
        match next(&mut news).await {
            Ok(item) => item.map(|item| (Ok(item), Some((news, next)))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

fn subscriber(ctx: &Context<'_>) -> Result<Arc<Subscriber>, ApiError> {
    ctx.data::<Arc<Subscriber>>()
        .cloned()
        .map_err(|_| ApiError::internal("no subscriber in the GraphQL context"))
}

fn no_such_campaign() -> ApiError {
    ApiError::bad_input("没有此活动", "There is no such campaign")
}
