//! Whether those who were let in still stand where they stood (复核身份): asked before each event of a subscription, and
//! of a connection now and then. A thousand who are asked about at once are one read of their county.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use entity::id::{County, SessionId};

use super::store::{self, Standing};
use super::system;
use crate::db::{Db, Fault};

/// Reads sessions, those that are asked for within a millisecond together, and remembers none.
pub struct Recheck(DataLoader<Sessions>);

impl Recheck {
    /// Over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self(DataLoader::new(Sessions { db }, tokio::spawn))
    }

    /// What a session stands for now; nothing when it is gone.
    pub async fn standing(
        &self,
        county: &County,
        session: SessionId,
    ) -> Result<Option<Standing>, Arc<Fault>> {
        self.0.load_one((county.clone(), session)).await
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
            let standings = store::standings(&tx, &sessions).await.map_err(Arc::new)?;
            found.extend(
                standings
                    .into_iter()
                    .map(|(session, standing)| ((county.clone(), session), standing)),
            );
        }
        Ok(found)
    }
}
