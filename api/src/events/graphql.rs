//! Subscriptions over GraphQL.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Context, ID, Subscription};
use entity::id::{CampaignId, StreamId};
use futures::{Stream, stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::Instant;

use super::rules::{Change, Event, Told};
use super::subscriber::Subscriber;
use crate::graphql::context::RequestOf;
use crate::graphql::error::{ApiError, ErrorCode};
use crate::graphql::id::Kind;
use crate::graphql::loaders::one;
use crate::intake::graphql::{Overview, Submission};

/// Shortest time between two overviews.
const BREATH: Duration = Duration::from_secs(1);

/// What is told of suggestions and their figures.
#[derive(Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// A suggestion in the caller's scope that was entered or changed, as it stands now. More than 50 changed at once,
    /// as by an import, are not told one by one: `overviewChanged` tells of them. 意见建议变动
    async fn submission_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of these streams. 征集流")] stream_ids: Option<Vec<ID>>,
    ) -> Result<impl Stream<Item = Result<Submission, ApiError>> + use<>, ApiError> {
        let (request, subscriber) = (ctx.request()?, subscriber(ctx)?);
        request.viewer()?;
        let streams = stream_ids.map(|ids| request.keys(Kind::Stream, &ids).into_iter().collect());
        let news = SubmissionNews {
            feed: subscriber.app.events.subscribe().await?,
            subscriber,
            streams,
        };
        Ok(following(news, SubmissionNews::next))
    }

    /// The figures of a campaign after something changed in them, at most once a second and always after the last
    /// change. 总览变动
    async fn overview_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 活动")] campaign_id: ID,
    ) -> Result<impl Stream<Item = Result<Overview, ApiError>> + use<>, ApiError> {
        let (request, subscriber) = (ctx.request()?, subscriber(ctx)?);
        let snapshot = request.read().await?;
        let campaign = match request.key::<CampaignId>(Kind::Campaign, &campaign_id) {
            Some(key) => one(&snapshot.load.campaigns, key).await?,
            None => None,
        };
        // A subscription must not keep the snapshot that it began with.
        request.renew();
        let campaign = campaign.ok_or_else(no_such_campaign)?;
        let news = OverviewNews {
            feed: subscriber.app.events.subscribe().await?,
            subscriber,
            campaign: campaign.id,
            campaign_id,
            next_at: Instant::now(),
        };
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

struct SubmissionNews {
    feed: Receiver<Told>,
    subscriber: Arc<Subscriber>,
    streams: Option<BTreeSet<StreamId>>,
}

impl SubmissionNews {
    async fn next(&mut self) -> Result<Option<Submission>, ApiError> {
        loop {
            let told = match self.feed.recv().await {
                Ok(told) => told,
                Err(RecvError::Lagged(_)) => return Err(missed()),
                Err(RecvError::Closed) => return Ok(None),
            };
            match &told.event {
                Event::Gap => return Err(missed()),
                Event::Changed(change) if self.wants(&told.event, change)? => {
                    if let Some(submission) = self.shown(change, told.number).await? {
                        return Ok(Some(submission));
                    }
                }
                Event::Changed(_) | Event::Many(_) => {}
            }
        }
    }

    fn wants(&self, event: &Event, change: &Change) -> Result<bool, ApiError> {
        let of_these = |streams: &BTreeSet<StreamId>| streams.contains(&change.stream);
        Ok(self.streams.as_ref().is_none_or(of_these)
            && event.may_concern(self.subscriber.viewer()?))
    }

    /// The suggestion in the caller's scope; nothing when it is not in it.
    async fn shown(&self, change: &Change, number: u64) -> Result<Option<Submission>, ApiError> {
        let request = self.subscriber.event(number).await?;
        let row = one(&request.read().await?.load.submissions, change.submission).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        self.subscriber.show(request);
        Ok(Some(Submission(row)))
    }
}

struct OverviewNews {
    feed: Receiver<Told>,
    subscriber: Arc<Subscriber>,
    campaign: CampaignId,
    campaign_id: ID,
    next_at: Instant,
}

impl OverviewNews {
    async fn next(&mut self) -> Result<Option<Overview>, ApiError> {
        let Some(mut number) = self.change().await? else {
            return Ok(None);
        };
        tokio::time::sleep_until(self.next_at).await;
        // What came in the meantime is in the same figures.
        loop {
            match self.feed.try_recv() {
                Ok(told) => number = told.number,
                Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        let request = self.subscriber.event(number).await?;
        let overview = Overview::of_campaign(&request, self.campaign_id.clone())?;
        self.subscriber.show(request);
        self.next_at = Instant::now() + BREATH;
        Ok(Some(overview))
    }

    /// The number of the next event that may have moved these figures; after a gap, any may have.
    async fn change(&mut self) -> Result<Option<u64>, ApiError> {
        loop {
            let told = match self.feed.recv().await {
                Ok(told) => told,
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return Ok(None),
            };
            let counted = match &told.event {
                Event::Changed(change) => change.campaign == self.campaign,
                Event::Many(_) | Event::Gap => true,
            };
            if counted && told.event.may_concern(self.subscriber.viewer()?) {
                return Ok(Some(told.number));
            }
        }
    }
}

fn subscriber(ctx: &Context<'_>) -> Result<Arc<Subscriber>, ApiError> {
    ctx.data::<Arc<Subscriber>>()
        .cloned()
        .map_err(|_| ApiError::internal("no subscriber in the GraphQL context"))
}

fn missed() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "可能遗漏了变动，请刷新列表后重新订阅",
        "Changes may have been missed; read the list again, then subscribe again",
    )
}

fn no_such_campaign() -> ApiError {
    ApiError::bad_input("没有此活动", "There is no such campaign")
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use entity::id::County;
    use tokio::sync::broadcast;

    use super::*;
    use crate::campaign::trial::{self, Trial};
    use crate::graphql::error::Language;

    #[tokio::test]
    async fn whoever_lags_behind_what_is_kept_is_told_to_read_anew() {
        let trial = Trial::new().await;
        let app = Arc::new(trial::app(&trial));
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let (send, feed) = broadcast::channel(2);
        let mut news = SubmissionNews {
            feed,
            subscriber: Subscriber::new(app, None, Language::English, address),
            streams: None,
        };
        for number in 1..=3 {
            let event = Event::Many(County::parse("130803").unwrap());
            send.send(Told { number, event }).unwrap();
        }
        let told = news.next().await.err().map(|error| error.code());
        assert_eq!(told, Some(ErrorCode::Unavailable));
        drop(send);
        // What is still kept concerns nobody by itself, and then there is no more.
        assert!(matches!(news.next().await, Ok(None)));
    }
}
