//! How a server hears what others committed: by which channel, at which address, and with what patience.

use std::str::FromStr as _;
use std::time::Duration;

use sea_orm::sqlx::postgres::PgConnectOptions;

use super::fault::Fault;
use crate::refusal::message;

/// The channel of PostgreSQL; of this database alone.
pub(super) const CHANNEL: &str = "minsheng_change";
/// How to listen on PostgreSQL.
#[derive(Clone)]
pub struct ListenPlan {
    /// Address to listen at, where the one that is served leads through a pooler, which loses what is notified.
    pub url: Option<String>,
    /// Longest silence before a beat is sent.
    pub silence: Duration,
    /// Longest wait for a connection, and for a beat to come back.
    pub patience: Duration,
}

impl Default for ListenPlan {
    fn default() -> Self {
        Self { url: None, silence: Duration::from_secs(30), patience: Duration::from_secs(5) }
    }
}

/// A plan whose address was understood.
#[derive(Clone)]
pub(super) struct Hearing {
    pub(super) at: Option<PgConnectOptions>,
    pub(super) silence: Duration,
    pub(super) patience: Duration,
}

impl Hearing {
    pub(super) fn of(plan: &ListenPlan) -> Result<Self, Fault> {
        // The parser's own text may repeat the password.
        let understood = |url: &String| {
            let postgres = url.starts_with("postgres:") || url.starts_with("postgresql:");
            let options = PgConnectOptions::from_str(url).ok();
            options.filter(|_| postgres).ok_or_else(|| {
                Fault::Unfit(message!(
                    "MINSHENG_LISTEN_URL：应为所服务数据库的地址 postgres://…",
                    "MINSHENG_LISTEN_URL: an address postgres://… of the database that is served is needed"
                ))
            })
        };
        Ok(Self {
            at: plan.url.as_ref().map(understood).transpose()?,
            silence: plan.silence,
            patience: plan.patience,
        })
    }
}

impl Default for Hearing {
    fn default() -> Self {
        let plan = ListenPlan::default();
        Self { at: None, silence: plan.silence, patience: plan.patience }
    }
}
