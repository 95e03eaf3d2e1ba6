//! Whether those who were let in still stand where they stood (复核身份): asked before each event of a subscription, and
//! of a connection now and then. A thousand who are asked about at once are one read of their county.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_graphql::dataloader::{DataLoader, Loader};
use entity::id::{County, SessionId};

use super::Standing;
use crate::db::{Db, Fault};
use crate::scope::system;

/// Reads sessions, those that are asked for within a millisecond together, and remembers none.
pub struct Recheck {
    sessions: DataLoader<Sessions>,
    /// Raised whenever this process ends a credential.
    ended: AtomicU64,
}

impl Recheck {
    /// Over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { sessions: DataLoader::new(Sessions { db }, tokio::spawn), ended: AtomicU64::new(0) }
    }

    /// What a session stands for now; nothing when it is gone.
    pub async fn standing(
        &self,
        county: &County,
        session: SessionId,
    ) -> Result<Option<Standing>, Arc<Fault>> {
        self.sessions.load_one((county.clone(), session)).await
    }

    /// How many credentials this process has ended: a connection that sees it rise looks at its caller at once.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.ended.load(Ordering::Acquire)
    }

    /// A credential was ended; call it after the commit.
    pub fn note_end(&self) {
        self.ended.fetch_add(1, Ordering::Release);
    }
}

struct Sessions {
    db: Db,
}

impl Loader<(County, SessionId)> for Sessions {
    type Value = Standing;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        keys: &[(County, SessionId)],
    ) -> Result<HashMap<(County, SessionId), Standing>, Arc<Fault>> {
        let mut by_county: HashMap<&County, Vec<SessionId>> = HashMap::new();
        for (county, session) in keys {
            by_county.entry(county).or_default().push(*session);
        }
        let mut found = HashMap::new();
        for (county, sessions) in by_county {
            let gatekeeper = system::gatekeeper(county.clone());
            let tx = self.db.begin_read(&gatekeeper).await.map_err(Arc::new)?;
            let standings = super::standings(&tx, &sessions).await.map_err(Arc::new)?;
            found.extend(
                standings.into_iter().map(|(session, standing)| ((county.clone(), session), standing)),
            );
        }
        Ok(found)
    }
}
