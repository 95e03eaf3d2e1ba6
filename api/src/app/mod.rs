//! The application: everything a request needs, wired once.

pub mod board;
pub mod bus;
pub mod counties;
pub mod notes;
pub mod plans;
pub mod sessions;

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

use crate::app::board::Board;
use crate::app::bus::Events;
use crate::app::notes::Notes;
use crate::app::plans::PlanCache;
use crate::app::sessions::known::Known;
use crate::app::sessions::recheck::Recheck;
use crate::clock::Clock;
use crate::db::Db;
use crate::ids::IdCipher;
use crate::limits::rates::{RatePlan, Rates};
use crate::limits::throttle::{Throttle, ThrottlePlan};
use crate::refusal::{Message, message};
use crate::secrets::entropy::WeakKey;
use crate::secrets::keys::AccessKeys;
use crate::secrets::password::{HashCost, HashQueue, PasswordFault, PasswordHasher, PasswordPolicy};
use crate::secrets::seal::{Envelope, Lookups, MasterKey, Sealer};
use crate::secrets::token::{AccessTokens, KeyRing, KeyRingFault};

/// Secrets and settings that the application is made of.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Where the time comes from.
    pub clock: Clock,
    /// Master keys, the present one first; every other key of the installation is derived from it.
    pub master: Vec<String>,
    /// Seeds of the signing keys, the present one first.
    pub signing: Vec<String>,
    /// Seeds of the document keys, the present one first; empty where the signing keys sign documents too.
    pub document: Vec<String>,
    /// Public halves of retired document keys.
    pub document_public: Vec<String>,
    /// `iss` of access tokens: the installation's address.
    pub issuer: String,
    /// Cost of a password hash.
    pub hash_cost: HashCost,
    /// Password rules.
    pub policy: PasswordPolicy,
    /// Back-off against guessing.
    pub throttle: ThrottlePlan,
}

/// Why the application can't be made: a secret or a setting is unfit.
#[derive(Debug)]
pub enum Unfit {
    /// A master key is missing, short or not random.
    Master(WeakKey),
    /// A signing seed is missing, short or not random.
    Signing(KeyRingFault),
    /// A document seed is short or not random, or a public key is none.
    Document(KeyRingFault),
    /// The hash cost is out of range.
    Hash(PasswordFault),
}

impl Unfit {
    /// Which setting it is, and what is wrong with it.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Master(fault) => message!(
                "MINSHENG_MASTER_KEY：密钥不可用（{fault}）；应为 openssl rand -base64 32 生成的密钥",
                "MINSHENG_MASTER_KEY: {fault}"
            ),
            Self::Signing(fault) => message!(
                "MINSHENG_SIGNING_KEY：密钥不可用（{fault}）；应为 openssl rand -base64 32 生成的密钥",
                "MINSHENG_SIGNING_KEY: {fault}"
            ),
            Self::Document(fault) => message!(
                "MINSHENG_DOCUMENT_KEY、MINSHENG_DOCUMENT_PUBLIC_KEYS：密钥不可用（{fault}）",
                "MINSHENG_DOCUMENT_KEY, MINSHENG_DOCUMENT_PUBLIC_KEYS: {fault}"
            ),
            Self::Hash(fault) => message!("口令散列参数不可用：{fault}", "password hashing: {fault}"),
        }
    }
}

impl From<KeyRingFault> for Unfit {
    fn from(fault: KeyRingFault) -> Self {
        Self::Signing(fault)
    }
}

impl From<PasswordFault> for Unfit {
    fn from(fault: PasswordFault) -> Self {
        Self::Hash(fault)
    }
}

/// What every request shares.
pub struct App {
    /// The database; rows through its two doors only.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// Password hashing, bounded.
    pub hasher: PasswordHasher,
    /// Password rules.
    pub policy: PasswordPolicy,
    /// Access tokens.
    pub tokens: AccessTokens,
    /// Keys that signing in works with.
    pub access: AccessKeys,
    /// Signs documents (文书), and checks what was signed years ago.
    pub documents: KeyRing,
    /// Identities at rest.
    pub sealer: Sealer,
    /// Back-off against guessing.
    pub throttle: Throttle,
    /// How often one caller may write.
    pub rates: Rates,
    /// Plans of campaigns, read once each.
    pub plans: PlanCache,
    /// Whether those who stay still may.
    pub recheck: Recheck,
    /// Who signed in last under each session.
    pub known: Known,
    /// What is committed, for those who subscribe.
    pub events: Events,
    /// Global ids.
    pub ids: IdCipher,
    /// Key of the hashes by which the audit trail names what nobody is called.
    pub unknown_key: [u8; 32],
    /// Lines of the audit trail that wait to be written.
    pub notes: Notes,
    /// How the background work of this server stands.
    pub jobs: Board,
    /// Keys of ids, cursors and receipt codes, in all their versions.
    pub lookups: Arc<Lookups>,
    /// Seals the tickets of exports.
    pub tickets: Envelope,
    /// Counts keys within a millisecond, so that they sort as they were made.
    key_order: Mutex<ContextV7>,
}

impl App {
    /// Wires the parts; refuses unfit secrets.
    pub fn new(parts: Parts) -> Result<Self, Unfit> {
        let mut masters = Vec::new();
        for text in &parts.master {
            masters.push(MasterKey::from_base64(text).map_err(Unfit::Master)?);
        }
        let Some((master, former)) = masters.split_first() else {
            return Err(Unfit::Master(WeakKey::Missing));
        };
        let access = AccessKeys::of(&masters);
        let versions = former.iter().map(MasterKey::lookup).collect();
        let lookups = Arc::new(Lookups::new(master.lookup(), versions));
        let ticket = |master: &MasterKey| master.derive("export-ticket");
        let tokens = ring(&parts.signing)?;
        let documents = if parts.document.is_empty() { &parts.signing } else { &parts.document };
        let documents = ring(documents).and_then(|ring| ring.with_public(&parts.document_public));
        Ok(Self {
            recheck: Recheck::new(parts.db.clone()),
            known: Known::default(),
            events: Events::new(parts.db.clone()),
            db: parts.db,
            clock: parts.clock,
            hasher: PasswordHasher::new(parts.hash_cost, HashQueue::of_this_machine())?,
            policy: parts.policy,
            access,
            tokens: AccessTokens::new(tokens, parts.issuer, "minsheng".to_owned()),
            documents: documents.map_err(Unfit::Document)?,
            throttle: Throttle::new(parts.throttle),
            rates: Rates::new(RatePlan::default()),
            plans: PlanCache::default(),
            ids: IdCipher::new(Arc::clone(&lookups)),
            lookups,
            unknown_key: master.derive("unknown-login"),
            notes: Notes::default(),
            jobs: Board::default(),
            tickets: Envelope::new(ticket(master), former.iter().map(ticket)),
            key_order: Mutex::new(ContextV7::new()),
            sealer: Sealer::new(master.clone(), former.to_vec()),
        })
    }

    /// The same application with other rates of writes.
    #[must_use]
    pub fn with_rates(self, plan: RatePlan) -> Self {
        Self { rates: Rates::new(plan), ..self }
    }

    /// The same application with access tokens that live so long.
    #[must_use]
    pub fn with_token_life(self, life: TimeDelta) -> Self {
        Self { tokens: self.tokens.lasting(life), ..self }
    }

    /// A fresh key for a new row: UUIDv7, in the order of creation also within one millisecond.
    #[must_use]
    pub fn new_key(&self, now: DateTime<Utc>) -> Uuid {
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let order = self.key_order.lock().unwrap_or_else(PoisonError::into_inner);
        Uuid::new_v7(Timestamp::from_unix(&*order, seconds, now.timestamp_subsec_nanos()))
    }
}

fn ring(seeds: &[String]) -> Result<KeyRing, KeyRingFault> {
    let (current, previous) = match seeds.split_first() {
        Some((current, previous)) => (current.as_str(), previous),
        None => ("", [].as_slice()),
    };
    KeyRing::from_seeds(current, previous)
}
