//! What one subscription tells next: that it is ready, that something changed, that something may have been missed.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::ID;
use entity::id::{CampaignId, StreamId};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::moves::{Moved, Moves};
use super::queues::Move;
use super::subscriber::Subscriber;
use crate::app::bus::Subscription;
use crate::app::bus::event::{Change, Event, Told};
use crate::error::ApiError;
use crate::events::payload::{
    AgendaChangedPayload, ChangeKind, OverviewChangedPayload, SubmissionChangedPayload,
};
use crate::ids::Kind;
use crate::intake::graphql::{Overview, Submission};
use crate::snapshot::loaders::one;

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
                Event::Changed(change) if told.event.may_concern(self.subscriber.viewer()?) => {
                    let shown = self.shown(change, told.number).await?;
                    if shown.is_some() {
                        return Ok(shown);
                    }
                }
                Event::Changed(_) | Event::Many(_) | Event::Work(_) => {}
            }
        }
    }

    /// The suggestion in the caller's scope, or that it left it; nothing when it is not in it and was not.
    async fn shown(
        &self,
        change: &Change,
        number: u64,
    ) -> Result<Option<SubmissionChangedPayload>, ApiError> {
        let moved = Move::of(change, self.subscriber.viewer()?, self.streams.as_ref());
        if !moved.was_seen() && !moved.may_be_seen() {
            return Ok(None);
        }
        // Looks at the caller anew, whether a row is shown or not.
        let request = self.subscriber.event(number).await?;
        let row = if moved.may_be_seen() {
            one(&request.read().await?.load.submission, change.submission).await?
        } else {
            None
        };
        let kind = match &row {
            Some(_) => ChangeKind::Changed,
            None if moved.was_seen() => ChangeKind::Left,
            None => return Ok(None),
        };
        let submission_id = Some(request.id(Kind::Submission, change.submission));
        self.subscriber.show(request);
        let (queues_left, queues_entered) = moved.queues(row.as_ref());
        let submission = row.map(Submission);
        Ok(Some(SubmissionChangedPayload { kind, submission, submission_id, queues_left, queues_entered }))
    }
}

/// An event that shows no row, so that nothing is read for it.
const fn bare(kind: ChangeKind) -> SubmissionChangedPayload {
    SubmissionChangedPayload {
        kind,
        submission: None,
        submission_id: None,
        queues_left: Vec::new(),
        queues_entered: Vec::new(),
    }
}

/// The figures of a campaign.
pub(super) struct OverviewNews {
    moves: Moves,
    subscriber: Arc<Subscriber>,
    campaign: CampaignId,
    campaign_id: ID,
    /// Number of the event that the first figures hold; nothing once they were told.
    first: Option<u64>,
}

impl OverviewNews {
    /// Of one campaign of the caller's county.
    pub(super) fn new(
        subscriber: Arc<Subscriber>,
        subscription: Subscription,
        campaign: CampaignId,
        campaign_id: ID,
    ) -> Self {
        let moves = Moves::new(subscription.feed);
        Self { moves, subscriber, campaign, campaign_id, first: Some(subscription.since) }
    }

    pub(super) async fn next(&mut self) -> Result<Option<OverviewChangedPayload>, ApiError> {
        if let Some(number) = self.first.take() {
            let ready = Moved { number, kind: ChangeKind::Ready };
            return self.figures(ready).await.map(Some);
        }
        let (viewer, campaign) = (self.subscriber.viewer()?, self.campaign);
        let counted = |event: &Event| match event {
            Event::Changed(change) => change.campaign == campaign && event.may_concern(viewer),
            Event::Many(_) | Event::Gap => event.may_concern(viewer),
            Event::Work(_) => false,
        };
        let Some(moved) = self.moves.next(counted).await else {
            return Ok(None);
        };
        self.figures(moved).await.map(Some)
    }

    async fn figures(&mut self, moved: Moved) -> Result<OverviewChangedPayload, ApiError> {
        let request = self.subscriber.event(moved.number).await?;
        let overview = Overview::of_campaign(&request, self.campaign_id.clone())?;
        self.subscriber.show(request);
        self.moves.breathe();
        Ok(OverviewChangedPayload { kind: moved.kind, overview })
    }
}

/// That what somebody owes may have changed.
pub(super) struct AgendaNews {
    moves: Moves,
    subscriber: Arc<Subscriber>,
    /// Whether the first event was told.
    begun: bool,
}

impl AgendaNews {
    /// Of the caller's county: what changed there is not looked at, so that nothing of it is told.
    pub(super) fn new(subscriber: Arc<Subscriber>, subscription: Subscription) -> Self {
        Self { moves: Moves::new(subscription.feed), subscriber, begun: false }
    }

    pub(super) async fn next(&mut self) -> Result<Option<AgendaChangedPayload>, ApiError> {
        if !std::mem::replace(&mut self.begun, true) {
            return Ok(Some(AgendaChangedPayload { kind: ChangeKind::Ready }));
        }
        let viewer = self.subscriber.viewer()?;
        let Some(Moved { number, kind }) = self.moves.next(|event| event.may_concern(viewer)).await else {
            return Ok(None);
        };
        // Looks at the caller anew, although no row is shown.
        let request = self.subscriber.event(number).await?;
        self.subscriber.show(request);
        self.moves.breathe();
        Ok(Some(AgendaChangedPayload { kind }))
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
