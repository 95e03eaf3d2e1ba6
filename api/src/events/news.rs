//! What one subscription tells next: that it is ready, that something changed, that something may have been missed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::ID;
use entity::id::{CampaignId, StreamId};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::Instant;

use super::subscriber::Subscriber;
use crate::app::bus::Subscription;
use crate::app::bus::event::{Change, Event, Told};
use crate::error::ApiError;
use crate::events::payload::{ChangeKind, OverviewChangedPayload, SubmissionChangedPayload};
use crate::intake::graphql::{Overview, Submission};
use crate::snapshot::loaders::one;

/// Shortest time between two overviews.
const BREATH: Duration = Duration::from_secs(1);

/// Suggestions that change.
pub(super) struct SubmissionNews {
    feed: Receiver<Told>,
    subscriber: Arc<Subscriber>,
    streams: Option<BTreeSet<StreamId>>,
    /// Whether the first event was told.
    begun: bool,
}

impl SubmissionNews {
    /// Of some streams, or of all in scope.
    pub(super) fn new(
        subscriber: Arc<Subscriber>,
        subscription: Subscription,
        streams: Option<BTreeSet<StreamId>>,
    ) -> Self {
        Self { feed: subscription.feed, subscriber, streams, begun: false }
    }

    pub(super) async fn next(&mut self) -> Result<Option<SubmissionChangedPayload>, ApiError> {
        if !std::mem::replace(&mut self.begun, true) {
            return Ok(Some(bare(ChangeKind::Ready)));
        }
        loop {
            let told = match self.feed.recv().await {
                Ok(told) => told,
                // How many is not told: they are those of all counties.
                Err(RecvError::Lagged(_)) => return Ok(Some(bare(ChangeKind::Lagged))),
                Err(RecvError::Closed) => return Ok(None),
            };
            match &told.event {
                Event::Gap => return Ok(Some(bare(ChangeKind::Lagged))),
                Event::Changed(change) if self.wants(&told.event, change)? => {
                    let shown = self.shown(change, told.number).await?;
                    if shown.is_some() {
                        return Ok(Some(SubmissionChangedPayload {
                            kind: ChangeKind::Changed,
                            submission: shown,
                        }));
                    }
                }
                Event::Changed(_) | Event::Many(_) => {}
            }
        }
    }

    fn wants(&self, event: &Event, change: &Change) -> Result<bool, ApiError> {
        let of_these = |streams: &BTreeSet<StreamId>| streams.contains(&change.stream);
        Ok(self.streams.as_ref().is_none_or(of_these) && event.may_concern(self.subscriber.viewer()?))
    }

    /// The suggestion in the caller's scope; nothing when it is not in it.
    async fn shown(&self, change: &Change, number: u64) -> Result<Option<Submission>, ApiError> {
        let request = self.subscriber.event(number).await?;
        let row = one(&request.read().await?.load.submission, change.submission).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        self.subscriber.show(request);
        Ok(Some(Submission(row)))
    }
}

/// An event that shows no row, so that nothing is read for it.
const fn bare(kind: ChangeKind) -> SubmissionChangedPayload {
    SubmissionChangedPayload { kind, submission: None }
}

/// The figures of a campaign.
pub(super) struct OverviewNews {
    feed: Receiver<Told>,
    subscriber: Arc<Subscriber>,
    campaign: CampaignId,
    campaign_id: ID,
    /// Number of the event that the first figures hold; nothing once they were told.
    first: Option<u64>,
    next_at: Instant,
}

/// That figures may have moved.
struct Moved {
    /// Number of the last event that moved them.
    number: u64,
    kind: ChangeKind,
}

impl OverviewNews {
    /// Of one campaign of the caller's county.
    pub(super) fn new(
        subscriber: Arc<Subscriber>,
        subscription: Subscription,
        campaign: CampaignId,
        campaign_id: ID,
    ) -> Self {
        Self {
            feed: subscription.feed,
            subscriber,
            campaign,
            campaign_id,
            first: Some(subscription.since),
            next_at: Instant::now(),
        }
    }

    pub(super) async fn next(&mut self) -> Result<Option<OverviewChangedPayload>, ApiError> {
        if let Some(number) = self.first.take() {
            let ready = Moved { number, kind: ChangeKind::Ready };
            return self.figures(ready).await.map(Some);
        }
        let Some(mut moved) = self.moved().await? else {
            return Ok(None);
        };
        tokio::time::sleep_until(self.next_at).await;
        // What came in the meantime is in the same figures.
        loop {
            match self.feed.try_recv() {
                Ok(told) => {
                    moved.number = told.number;
                    if matches!(told.event, Event::Gap) {
                        moved.kind = ChangeKind::Lagged;
                    }
                }
                Err(TryRecvError::Lagged(_)) => moved.kind = ChangeKind::Lagged,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        self.figures(moved).await.map(Some)
    }

    async fn figures(&mut self, moved: Moved) -> Result<OverviewChangedPayload, ApiError> {
        let request = self.subscriber.event(moved.number).await?;
        let overview = Overview::of_campaign(&request, self.campaign_id.clone())?;
        self.subscriber.show(request);
        self.next_at = Instant::now() + BREATH;
        Ok(OverviewChangedPayload { kind: moved.kind, overview })
    }

    /// The next event that may have moved these figures; after a gap, any may have.
    async fn moved(&mut self) -> Result<Option<Moved>, ApiError> {
        let mut kind = ChangeKind::Changed;
        loop {
            let told = match self.feed.recv().await {
                Ok(told) => told,
                Err(RecvError::Lagged(_)) => {
                    kind = ChangeKind::Lagged;
                    continue;
                }
                Err(RecvError::Closed) => return Ok(None),
            };
            let counted = match &told.event {
                Event::Changed(change) => change.campaign == self.campaign,
                Event::Many(_) => true,
                Event::Gap => {
                    kind = ChangeKind::Lagged;
                    true
                }
            };
            let concerned = counted && told.event.may_concern(self.subscriber.viewer()?);
            if concerned || kind == ChangeKind::Lagged {
                let number = told.number;
                return Ok(Some(Moved { number, kind }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use entity::id::County;
    use tokio::sync::broadcast;

    use super::*;
    use crate::campaign::trial::{self, Trial};
    use crate::refusal::Language;

    #[tokio::test]
    async fn whoever_lags_is_told_to_read_anew_and_goes_on() {
        let trial = Trial::new().await;
        let app = Arc::new(trial::app(&trial));
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let (send, feed) = broadcast::channel(2);
        let subscriber = Subscriber::new(app, None, Language::English, address);
        let mut news = SubmissionNews::new(subscriber, Subscription { feed, since: 0 }, None);
        let next = async |news: &mut SubmissionNews| {
            let told = news.next().await.ok().flatten()?;
            assert!(told.submission.is_none());
            Some(told.kind)
        };
        assert_eq!(next(&mut news).await, Some(ChangeKind::Ready));
        for number in 1..=4 {
            let event = Event::Many(County::parse("130803").unwrap());
            send.send(Told { number, event }).unwrap();
        }
        let gap = Told { number: 5, event: Event::Gap };
        send.send(gap).unwrap();
        // Three of the five are kept no more; of those that are, the first concerns nobody by itself.
        assert_eq!(next(&mut news).await, Some(ChangeKind::Lagged));
        assert_eq!(next(&mut news).await, Some(ChangeKind::Lagged));
        drop(send);
        assert_eq!(next(&mut news).await, None);
    }
}
