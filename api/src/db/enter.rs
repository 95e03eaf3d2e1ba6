//! How a request with a session comes in: one message begins its transaction, asks whose the session is, and makes the
//! settings of the one who is expected. So the check and what follows are one transaction, of a read one snapshot, and
//! the check costs no trip of its own.
//!
//! Who is expected comes from the last time and is a guess: whoever turns out to be somebody else gets the settings of his
//! own scope first.

use entity::id::SessionId;
use entity::{account, department, post, session};
use sea_orm::DbBackend;

use super::database::{Db, Serving};
use super::deadline::Limit;
use super::fault::Fault;
use super::joined::four;
use super::link::Link;
use super::predicate::Predicate;
use super::question::{EDITION, Login, Question, ask};
use super::settings::{PATIENCE, reading, settings_from, writing};
use super::tx::Tx;
use crate::scope::viewer::Viewer;

/// What a request comes in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// For nothing that is kept in rows: the check is all, and ends in the message that began it.
    Nothing,
    /// To read.
    Read,
    /// To write, on PostgreSQL; SQLite has one writer, who would wait for nothing.
    Write,
}

/// A transaction that has asked for a session; nothing else is read before it is somebody's.
pub struct Entered {
    tx: Tx,
    /// In whose scope the settings are.
    set_for: Viewer,
}

impl Entered {
    /// The same snapshot for whoever was let in.
    pub async fn continue_as(self, viewer: &Viewer) -> Result<Tx, Fault> {
        if self.set_for != *viewer && self.tx.backend() == DbBackend::Postgres {
            let settings = settings_from(&self.set_for, viewer);
            if !settings.is_empty() {
                self.tx.set(settings).await?;
            }
        }
        Ok(self.tx.of(viewer.clone()))
    }
}

impl Db {
    /// Opens a transaction by asking for a session, in the scope of `gatekeeper`; the settings are then those of `expected`.
    pub async fn enter(
        &self,
        gatekeeper: &Viewer,
        session: SessionId,
        expected: Option<&Viewer>,
        intent: Intent,
    ) -> Result<(Option<Login>, Option<Entered>), Fault> {
        let Serving::Postgres(pool) = &self.serving else {
            let tx = self.begin_read(gatekeeper).await?;
            let found = tx.logins(Predicate::is(session::Column::Id, session)).await;
            let entered = Entered { tx, set_for: gatekeeper.clone() };
            return Ok((found?.pop(), (intent != Intent::Nothing).then_some(entered)));
        };
        let (limit, begin) = match intent {
            Intent::Nothing | Intent::Read => {
                let limit = Limit::of_request(PATIENCE)?;
                let begin = reading(gatekeeper, limit.as_ref()).await;
                (limit, begin)
            }
            Intent::Write => (None, writing(gatekeeper)),
        };
        let set_for = expected.unwrap_or(gatekeeper).clone();
        let rest = match intent {
            Intent::Nothing => "ROLLBACK".to_owned(),
            Intent::Read | Intent::Write => settings_from(gatekeeper, &set_for),
        };
        let link = Link::postgres(pool).await?;
        let question = Question::of(gatekeeper, session)?;
        let answered = ask(&link, question, (gatekeeper, session), &begin, &rest).await;
        let rows = answered.map_err(|error| match &limit {
            Some(limit) => limit.fault(error),
            None => error.into(),
        })?;
        self.trip();
        let found = four::<session::Entity, account::Entity, post::Entity, department::Entity>(&rows)?.pop();
        if intent == Intent::Nothing {
            link.give_back();
            return Ok((found, None));
        }
        let edition: Option<String> = rows.first().map(|row| row.try_get("", EDITION)).transpose()?;
        let directory = edition.map(|edition| self.directories.of(gatekeeper.county(), edition));
        let tx = self.transaction(link, gatekeeper).until(limit);
        let tx = tx.with_directory(directory);
        Ok((found, Some(Entered { tx, set_for })))
    }
}
