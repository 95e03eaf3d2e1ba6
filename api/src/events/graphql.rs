//! Subscriptions over GraphQL.

use std::sync::Arc;

use async_graphql::{Context, ID, Subscription};
use entity::id::CampaignId;
use futures::{Stream, stream};

use super::news::{AgendaNews, OverviewNews, SubmissionNews};
use super::payload::{AgendaChangedPayload, OverviewChangedPayload, SubmissionChangedPayload};
use super::subscriber::Subscriber;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::ids::Kind;
use crate::snapshot::loaders::one;

/// What is told of suggestions, their figures and what is owed.
#[derive(Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// A suggestion in the caller's scope that was entered or changed, as it stands now, with the queues of the caller that it
    /// left and entered by that; one that was moved out of it is told by its id alone (LEFT). The first event is READY: read
    /// your list after it, and nothing is missed between list and events. More than 50 changed at once, as by an import, are
    /// not told one by one: `overviewChanged` tells of them. 意见建议变动
    async fn submission_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of these streams. 征集流")] stream_ids: Option<Vec<ID>>,
    ) -> Result<impl Stream<Item = Result<SubmissionChangedPayload, ApiError>> + use<>, ApiError> {
        let (request, subscriber) = (ctx.request()?, subscriber(ctx)?);
        request.viewer()?;
        let streams = stream_ids.map(|ids| request.keys(Kind::IntakeStream, &ids).into_iter().collect());
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
            Some(key) => one(&snapshot.load.campaign, key).await?,
            None => None,
        };
        // A subscription must not keep the snapshot that it began with.
        request.renew();
        let campaign = campaign.ok_or_else(|| ApiError::unknown("campaignId"))?;
        let subscription = subscriber.app.events.subscribe().await?;
        let news = OverviewNews::new(subscriber, subscription, campaign.id, campaign_id);
        Ok(following(news, OverviewNews::next))
    }

    /// That what the caller owes may have changed: something that people work by was committed in the county. Whether it was
    /// the caller's, only `viewer { agenda }` says: read it after READY, and anew after every other event. Told at most once a
    /// second and always after the last change; a new day is not told. FORBIDDEN for a portal, which owes nothing. 待办变动
    async fn agenda_changed(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Result<AgendaChangedPayload, ApiError>> + use<>, ApiError> {
        let subscriber = subscriber(ctx)?;
        if ctx.request()?.viewer()?.post().is_none() {
            return Err(ApiError::forbidden());
        }
        let subscription = subscriber.app.events.subscribe().await?;
        Ok(following(AgendaNews::new(subscriber, subscription), AgendaNews::next))
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
