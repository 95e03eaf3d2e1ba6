//! The bus of one process: one ear on the database, any number of subscribers, nothing kept for those who lag.

pub mod event;
mod shares;
pub(crate) mod views;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use entity::id::{County, SubmissionId};
use futures::FutureExt as _;
use tokio::sync::{Mutex, broadcast, watch};
use tokio::task::JoinHandle;

use self::event::{Event, Told};
use self::views::Views;
use crate::db::{Before, Changed, Db, Ear, Fault, Heard};

/// Events that a subscriber may be behind before it is told that it missed some.
const KEPT: usize = 1024;
/// Most notices that are passed on together.
const AT_ONCE: usize = 200;
/// Times that a failed read is tried again before it is a gap.
const TRIES: u32 = 3;
/// First wait after a failure; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// Longest wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What is committed, for those who subscribe. It listens from the first of them on.
pub struct Events {
    db: Db,
    feed: Feed,
    listening: Mutex<Option<Listening>>,
    pub(crate) views: Views,
}

/// Where events are told, by the task that listens.
#[derive(Clone)]
struct Feed {
    events: broadcast::Sender<Told>,
    /// Number of the last event, and of none yet 0.
    last: Arc<AtomicU64>,
    /// Whether the database is heard at present: it is not while a broken connection is made anew.
    heard: watch::Sender<bool>,
}

impl Feed {
    fn tell(&self, event: Event) {
        let number = self.last.fetch_add(1, Ordering::AcqRel) + 1;
        // Fails only when nobody subscribes at the moment.
        let _ = self.events.send(Told { number, event });
    }
}

/// What is committed from the moment on at which somebody subscribed.
pub struct Subscription {
    /// The events.
    pub feed: broadcast::Receiver<Told>,
    /// Number of the last event that was told before; a snapshot that holds it leaves no gap to the first of the feed.
    pub since: u64,
}

/// The task that listens; it ends with the application.
struct Listening(JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Events {
    /// Over a database; nothing listens yet.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            views: Views::new(&db),
            feed: Feed {
                events: broadcast::channel(KEPT).0,
                last: Arc::default(),
                heard: watch::Sender::new(false),
            },
            listening: Mutex::new(None),
            db,
        }
    }

    /// Everything that is committed from now on. Returns once the database is really heard: on PostgreSQL, when LISTEN is
    /// in force.
    pub async fn subscribe(&self) -> Result<Subscription, Fault> {
        self.listen().await?;
        let feed = self.feed.events.subscribe();
        let mut heard = self.feed.heard.subscribe();
        // Fails only when the sender is gone, which this application holds.
        let _ = heard.wait_for(|heard| *heard).await;
        let since = self.feed.last.load(Ordering::Acquire);
        Ok(Subscription { feed, since })
    }

    async fn listen(&self) -> Result<(), Fault> {
        let mut listening = self.listening.lock().await;
        if listening.as_ref().is_none_or(|task| task.0.is_finished()) {
            let ear = self.db.listen().await?;
            self.feed.heard.send_replace(true);
            let task = tokio::spawn(pass_on(self.db.clone(), ear, self.feed.clone()));
            *listening = Some(Listening(task));
        }
        Ok(())
    }

    /// How many subscribe at present.
    #[must_use]
    pub fn subscribers(&self) -> usize {
        self.feed.events.receiver_count()
    }
}

/// What was heard at once, by county.
#[derive(Default)]
struct Batch {
    these: BTreeMap<County, BTreeMap<SubmissionId, Before>>,
    many: BTreeSet<County>,
    work: BTreeSet<County>,
    gap: bool,
}

impl Batch {
    fn add(&mut self, heard: Heard) {
        let Heard::Notice(notice) = heard else {
            self.gap = true;
            return;
        };
        if notice.work {
            self.work.insert(notice.county.clone());
        }
        match notice.changed {
            Changed::These(these) if these.is_empty() => {}
            Changed::These(these) => {
                let known = self.these.entry(notice.county).or_default();
                for (submission, before) in these {
                    let first = known.remove(&submission).unwrap_or(Before::Same);
                    known.insert(submission, first.then(before));
                }
            }
            Changed::Many => {
                self.many.insert(notice.county);
            }
        }
    }
}

async fn pass_on(db: Db, mut ear: Ear, feed: Feed) {
    loop {
        match batch(&mut ear).await {
            Ok(batch) => {
                for event in events(&db, batch).await {
                    feed.tell(event);
                }
            }
            Err(fault) => {
                tracing::warn!(?fault, "changes are not heard; listening anew");
                feed.heard.send_replace(false);
                ear = listen_again(&db).await;
                feed.tell(Event::Gap);
                feed.heard.send_replace(true);
            }
        }
    }
}

/// The next notice and those that have come with it: what changes twice at once is told once.
async fn batch(ear: &mut Ear) -> Result<Batch, Fault> {
    let mut batch = Batch::default();
    batch.add(ear.next().await?);
    for _ in 1..AT_ONCE {
        let Some(heard) = ear.next().now_or_never() else {
            break;
        };
        batch.add(heard?);
    }
    Ok(batch)
}

async fn events(db: &Db, batch: Batch) -> Vec<Event> {
    let Batch { these, many, work, gap } = batch;
    let mut events = Vec::new();
    let mut missed = gap;
    for (county, submissions) in these {
        match changes(db, &county, &submissions).await {
            Ok(changes) => events.extend(changes.into_iter().map(|change| Event::Changed(Arc::new(change)))),
            Err(fault) => {
                tracing::warn!(?fault, "whom a change concerns can't be read");
                missed = true;
            }
        }
    }
    events.extend(many.into_iter().map(Event::Many));
    events.extend(work.into_iter().map(Event::Work));
    if missed {
        events.push(Event::Gap);
    }
    events
}

async fn changes(
    db: &Db,
    county: &County,
    submissions: &BTreeMap<SubmissionId, Before>,
) -> Result<Vec<event::Change>, Fault> {
    let mut wait = FIRST_WAIT;
    for _ in 1..TRIES {
        match shares::changes(db, county, submissions).await {
            Err(Fault::Busy | Fault::Unavailable(_)) => tokio::time::sleep(wait).await,
            settled => return settled,
        }
        wait *= 2;
    }
    shares::changes(db, county, submissions).await
}

async fn listen_again(db: &Db) -> Ear {
    let mut wait = FIRST_WAIT;
    loop {
        tokio::time::sleep(wait).await;
        match db.listen().await {
            Ok(ear) => return ear,
            Err(fault) => tracing::warn!(?fault, "still no connection to listen on"),
        }
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}
