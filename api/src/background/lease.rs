//! Leases (租约): of several servers on one database, one does a job in a county, until it ends or is gone for a minute.
//! The work itself is safe when two do it; a lease keeps them out of each other's way.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::County;
use entity::job_lease::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::app::App;
use crate::app::counties::trails;
use crate::db::{Fault, Predicate};
use crate::scope::system;

/// For how long a lease is taken. A server that was killed is replaced after this time.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);
/// What must be left of it, or it is taken anew: an idle server writes a row in half a minute, not in each second.
const LEFT: TimeDelta = TimeDelta::seconds(30);

/// The leases of one job of one server.
pub(super) struct Leases {
    server: Uuid,
    until: Mutex<HashMap<County, DateTime<Utc>>>,
}

impl Leases {
    pub(super) fn new(server: Uuid) -> Self {
        Self { server, until: Mutex::default() }
    }

    /// Whether this server has the county's lease for the job, or gets it now.
    pub(super) async fn hold(&self, app: &App, county: &County, job: &str) -> Result<bool, Fault> {
        let now = app.clock.now();
        let known = self.with(|until| until.get(county).copied());
        if known.is_some_and(|until| until - now > LEFT && until - now <= LEASE) {
            return Ok(true);
        }
        if known.is_none() && self.is_taken(app, county, job, now).await? {
            return Ok(false);
        }
        let until = now + LEASE;
        let held = self.take(app, county, job, now).await?;
        self.with(|all| if held { all.insert(county.clone(), until) } else { all.remove(county) });
        Ok(held)
    }

    /// Gives the lease up, as far as that can be done: it runs out by itself.
    pub(super) async fn let_go(&self, app: &App, county: &County, job: &str) {
        if self.with(|until| until.remove(county)).is_some() {
            // Most likely the database is away, which the turn's own failure tells.
            let _ = remove(app, county, self.server, &[job]).await;
        }
    }

    /// Looked at in a read: SQLite has but one writer.
    async fn is_taken(
        &self,
        app: &App,
        county: &County,
        job: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, Fault> {
        let tx = app.db.begin_read(&system::operator(county.clone())).await?;
        let named = Predicate::is(Column::Job, job);
        let found = tx.from::<Entity>().filter(named).one().await?;
        Ok(found.is_some_and(|row| row.expires_at > now && row.holder != self.server))
    }

    async fn take(&self, app: &App, county: &County, job: &str, now: DateTime<Utc>) -> Result<bool, Fault> {
        let tx = app.db.begin_write(&system::operator(county.clone())).await?;
        let row = ActiveModel {
            county: Set(county.clone()),
            job: Set(job.to_owned()),
            holder: Set(self.server),
            expires_at: Set(now + LEASE),
        };
        // Of two servers at once the second waits for the first one's commit, and then finds its row.
        let held = tx.insert_new(row).await? || {
            let free = Predicate::Any(vec![
                Predicate::is(Column::Holder, self.server),
                Predicate::Below(Column::ExpiresAt, now.into()),
            ]);
            let changes =
                vec![(Column::Holder, self.server.into()), (Column::ExpiresAt, (now + LEASE).into())];
            let mine = Predicate::is(Column::Job, job).and(free);
            tx.update::<Entity>(mine, changes).await? > 0
        };
        tx.commit().await?;
        Ok(held)
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<County, DateTime<Utc>>) -> T) -> T {
        act(&mut self.until.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Hands back what a server that ends still holds.
pub(super) async fn hand_back(app: &App, server: Uuid, jobs: &[&str]) -> Result<(), Fault> {
    for county in trails(app).await? {
        remove(app, &county, server, jobs).await?;
    }
    Ok(())
}

async fn remove(app: &App, county: &County, server: Uuid, jobs: &[&str]) -> Result<(), Fault> {
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    let named = Predicate::among(Column::Job, jobs.iter().copied());
    tx.delete::<Entity>(named.and(Predicate::is(Column::Holder, server))).await?;
    tx.commit().await
}
