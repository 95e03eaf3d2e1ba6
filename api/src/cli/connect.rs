//! The application on the database of the settings.

use super::error::CliError;
use crate::app::{App, Parts};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Fault, ListenPlan};
use crate::keys;
use crate::secrets::password::{HashCost, PasswordPolicy};
use crate::sensitive::Sensitive;

/// The application on the database of the settings, for every command that reads or writes rows.
pub async fn connect(config: &Config) -> Result<App, CliError> {
    let app = prepare(config).await?;
    reach(&app.db).await?;
    app.db.check_release().await?;
    keys::take_up(&app).await?;
    Ok(app)
}

/// Asks the database for an answer, once.
pub(super) async fn reach(db: &Db) -> Result<(), CliError> {
    db.ping().await.map_err(|fault| match fault {
        Fault::Unavailable(error) => db.address().unanswered(&error).into(),
        fault => fault.into(),
    })
}

/// As [`connect`], for whoever waits for a database that is away.
pub(super) async fn prepare(config: &Config) -> Result<App, CliError> {
    config.require_keys()?;
    let listen_at = config.listen_url.as_ref();
    let plan = ListenPlan { url: listen_at.map(|url| url.reveal().to_owned()), ..ListenPlan::default() };
    let db = Db::prepare(config.database_url()?.reveal(), config.pool).await?.listening(&plan)?;
    let texts = |keys: &[Sensitive]| keys.iter().map(|key| key.reveal().to_owned()).collect();
    let parts = Parts {
        db,
        clock: Clock::System,
        master: texts(&config.master_keys),
        signing: texts(&config.signing_keys),
        document: texts(&config.document_keys),
        document_public: config.document_public_keys.clone(),
        issuer: config.issuer.clone(),
        hash_cost: HashCost::OWASP,
        policy: PasswordPolicy::default(),
        throttle: config.throttle,
    };
    let app = App::new(parts)?;
    Ok(app.with_rates(config.rates).with_token_life(config.token_life))
}
