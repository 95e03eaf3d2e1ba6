//! Hearing what was committed: on SQLite within this process, on PostgreSQL over one connection that listens, whichever
//! server on the same database committed.
#![expect(
    clippy::disallowed_methods,
    reason = "the kernel is where connections are made and statements leave"
)]

use std::time::Duration;

use sea_orm::sqlx::postgres::{PgListener, PgNotification, PgPoolOptions};
use sea_orm::sqlx::{self, Executor as _};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, RuntimeErr, Statement};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::database::{Db, Serving};
use super::fault::Fault;
use super::hearing::{CHANNEL, Hearing, ListenPlan};
use super::notice::Notice;
use crate::refusal::message;

/// A beat: a notification that nobody takes for a change, sent by the way of the requests, of another text each time.
const BEAT: &str = "SELECT text, pg_notify($1, text) FROM (SELECT 'beat ' || gen_random_uuid() AS text) beat";

/// An ear on what is committed.
pub struct Ear(Source);

enum Source {
    Process(broadcast::Receiver<Notice>),
    Server(Box<Listening>),
}

/// What an ear hears.
#[derive(Clone, Debug)]
pub enum Heard {
    /// Something was committed.
    Notice(Notice),
    /// Something may have been missed until now; from now on nothing is.
    Gap,
}

impl Db {
    /// The same database, listened to by a plan.
    pub fn listening(mut self, plan: &ListenPlan) -> Result<Self, Fault> {
        if plan.url.is_some() && self.backend() != DbBackend::Postgres {
            return Err(Fault::Unfit(message!(
                "MINSHENG_LISTEN_URL：SQLite 在进程内监听；请删除此设置",
                "MINSHENG_LISTEN_URL: SQLite is heard within the process; remove the setting"
            )));
        }
        self.hearing = Hearing::of(plan)?;
        Ok(self)
    }

    /// Listens from now on; on PostgreSQL only once a beat has come back.
    pub async fn listen(&self) -> Result<Ear, Fault> {
        let Serving::Postgres(served) = &self.serving else {
            return Ok(Ear(Source::Process(self.notices.subscribe())));
        };
        // A pool of its own: what listens is never lent to a request, and requests can't starve it.
        let options = self.hearing.at.clone();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(self.hearing.patience)
            .connect_lazy_with(options.unwrap_or_else(|| served.manager().options().clone()));
        let mut listener = PgListener::connect_with(&pool).await.map_err(fault)?;
        listener.listen(CHANNEL).await.map_err(fault)?;
        let mut listening = Listening {
            listener,
            database: self.probe.clone(),
            silence: self.hearing.silence,
            patience: self.hearing.patience,
        };
        listening.begin().await?;
        Ok(Ear(Source::Server(Box::new(listening))))
    }
}

impl Ear {
    /// Waits for the next. After a failure listen anew, and take it for a gap.
    pub async fn next(&mut self) -> Result<Heard, Fault> {
        match &mut self.0 {
            Source::Process(notices) => match notices.recv().await {
                Ok(notice) => Ok(Heard::Notice(notice)),
                Err(RecvError::Lagged(_)) => Ok(Heard::Gap),
                Err(RecvError::Closed) => Err(Fault::Broken("the database is closed".to_owned())),
            },
            Source::Server(listening) => listening.next().await,
        }
    }
}

/// The connection that listens, and the database whose notices it must hear.
struct Listening {
    listener: PgListener,
    database: DatabaseConnection,
    silence: Duration,
    patience: Duration,
}

impl Listening {
    /// Waits until a beat has come back: of a database or a pooler that loses what is notified nothing else tells.
    async fn begin(&mut self) -> Result<(), Fault> {
        let beat = self.beat().await?;
        let back = async {
            while heard(&mut self.listener, Some(&beat)).await? != Sound::Beat {}
            Ok(())
        };
        tokio::time::timeout(self.patience, back).await.map_err(|_| lost())?
    }

    async fn next(&mut self) -> Result<Heard, Fault> {
        loop {
            let sound = heard(&mut self.listener, None);
            let sound = match tokio::time::timeout(self.silence, sound).await {
                Ok(sound) => sound?,
                Err(_) => self.after_silence().await?,
            };
            match sound {
                Sound::Notice(notice) => return Ok(Heard::Notice(notice)),
                Sound::Gap => return Ok(Heard::Gap),
                Sound::Beat | Sound::Foreign => {}
            }
        }
    }

    /// A connection that a firewall has forgotten, and one behind which nothing is told any more, would be silent for ever.
    async fn after_silence(&mut self) -> Result<Sound, Fault> {
        let Ok(beat) = self.beat().await else {
            // No connection to send it by, which is no sign against the one that listens: that one is asked itself.
            let asked = self.listener.execute("SELECT 1");
            let asked = tokio::time::timeout(self.patience, asked).await;
            asked.map_err(|_| lost())?.map_err(fault)?;
            return Ok(Sound::Foreign);
        };
        let back = heard(&mut self.listener, Some(&beat));
        tokio::time::timeout(self.patience, back).await.map_err(|_| lost())?
    }

    async fn beat(&self) -> Result<String, Fault> {
        let beat = Statement::from_sql_and_values(DbBackend::Postgres, BEAT, [CHANNEL.into()]);
        let row = self.database.query_one_raw(beat).await?;
        let text = row.map(|row| row.try_get_by_index(0)).transpose()?;
        text.ok_or_else(lost)
    }
}

/// What came over the connection that listens.
#[derive(PartialEq)]
enum Sound {
    Notice(Notice),
    Gap,
    /// The beat that was waited for.
    Beat,
    /// Another server's beat, or something of another make.
    Foreign,
}

async fn heard(listener: &mut PgListener, beat: Option<&str>) -> Result<Sound, Fault> {
    let heard = listener.try_recv().await.map_err(fault)?;
    // It listens again already, when the loss of the connection is told.
    Ok(heard.map_or(Sound::Gap, |heard| sound(&heard, beat)))
}

fn sound(heard: &PgNotification, beat: Option<&str>) -> Sound {
    let text = heard.payload();
    if beat == Some(text) {
        return Sound::Beat;
    }
    if let Some(notice) = Notice::parse(text) {
        return Sound::Notice(notice);
    }
    if !text.starts_with("beat ") {
        tracing::warn!("a notification of another make was passed over");
    }
    Sound::Foreign
}

fn lost() -> Fault {
    let lost = "a notification did not come back: the connection is dead, or a pooler or another database stands between; \
                MINSHENG_LISTEN_URL names an address that leads to the database itself";
    Fault::Unavailable(DbErr::Conn(RuntimeErr::Internal(lost.to_owned())))
}

fn fault(error: sqlx::Error) -> Fault {
    Fault::Unavailable(DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}
