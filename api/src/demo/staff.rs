//! Writes the people and portals of a demonstration (演示账号入库).
//!
//! A hash worth having takes 42 ms of a core. So accounts are made with a cheap hash of their random password, and get
//! the installation's own by the same step that renews outdated hashes, while suggestions are written; before anyone is
//! served. Where that was cut off, the next start finds the cheap hashes and goes on.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::account;
use entity::id::{AccountId, CampaignId, ChannelId, County, DepartmentId, PortalClientId};
use futures::{StreamExt as _, TryStreamExt as _};

use super::seat::Seat;
use crate::access::portals;
use crate::access::store::{self, AccountChange, Moment, NewAccount, NewClient, NewPassword, NewPost};
use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::refusal::Refusal;
use crate::scope::profiles::Operation;
use crate::scope::system;
use crate::secrets::entropy;
use crate::secrets::password::{HashCost, HashQueue, PasswordFault, PasswordHasher, Secret};
use crate::secrets::token::{ClientCredential, ClientSecret};

/// What a cheap hash says about itself.
const CHEAP_MARK: &str = "$m=8,";

/// Somebody to be in a seat, with a password.
pub struct Appointee {
    /// The seat.
    pub seat: Seat,
    /// The password, drawn now or kept from a former start.
    pub password: Secret,
    /// Whether it was drawn now: an account that is there already gets it anew.
    pub fresh: bool,
}

/// An account whose hash is still cheap.
pub struct Newcomer {
    account: AccountId,
    password: Secret,
}

/// Sees to it that every seat of a county has its account; returns those whose hash is still cheap.
///
/// # Errors
/// A seat whose department is not in the tables: its plan was not applied.
pub async fn appoint(
    app: &App,
    county: &County,
    appointees: Vec<Appointee>,
    now: DateTime<Utc>,
) -> Result<Vec<Newcomer>, Stop> {
    let cheap = PasswordHasher::new(HashCost::CHEAPEST, HashQueue::of_this_machine()).map_err(fault)?;
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    let rows = tx.from::<account::Entity>().all().await?;
    let present: HashMap<String, account::Model> =
        rows.into_iter().map(|row| (row.login.clone(), row)).collect();
    let departments = tx.from::<entity::department::Entity>().all().await?;
    let departments: HashMap<String, _> = departments.into_iter().map(|row| (row.code, row.id)).collect();
    let moment = Moment { app, now };
    let mut newcomers = Vec::new();
    for appointee in appointees {
        let row = present.get(&appointee.seat.login);
        if row.is_some_and(|row| !appointee.fresh && !row.password_hash.contains(CHEAP_MARK)) {
            continue;
        }
        let hash = cheap.hash(&appointee.password, entropy::random()).await;
        // The file of accounts lists it for everybody who tries the demonstration: it stays as it is at the first sign-in.
        let kept = NewPassword::own(hash.map_err(fault)?);
        let account = match row {
            Some(row) if appointee.fresh => {
                store::change_account(&tx, row, AccountChange::Password(kept)).await?;
                row.id
            }
            Some(row) => row.id,
            None => {
                let department = departments.get(&appointee.seat.department_code).copied();
                let department = department.ok_or_else(|| Refusal::not_found("department"))?;
                let new = in_seat(appointee.seat, department, kept);
                store::create_account(&tx, new, moment).await?
            }
        };
        let password = appointee.password;
        newcomers.push(Newcomer { account, password });
    }
    tx.commit().await?;
    Ok(newcomers)
}

fn in_seat(seat: Seat, department: DepartmentId, password: NewPassword) -> NewAccount {
    let post = NewPost { department, position: seat.position, duty: seat.duty };
    NewAccount { login: seat.login, display_name: seat.display_name, department, password, posts: vec![post] }
}

/// Gives newcomers the installation's own hash, as many at once as there are cores.
///
/// # Errors
/// The database is away, or there is no memory for a hash.
pub async fn strengthen(app: &App, county: &County, newcomers: Vec<Newcomer>) -> Result<(), Stop> {
    let strong = strong_hashes(app, newcomers).await?;
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    let known = Predicate::among(account::Column::Id, strong.iter().map(|(account, _)| *account));
    let rows = tx.from::<account::Entity>().filter(known).all().await?;
    let mut hashes: HashMap<AccountId, String> = strong.into_iter().collect();
    for row in rows {
        if let Some(hash) = hashes.remove(&row.id) {
            store::rehash(&tx, &row, hash).await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn strong_hashes(app: &App, newcomers: Vec<Newcomer>) -> Result<Vec<(AccountId, String)>, Stop> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let hash = async |Newcomer { account, password }| {
        let hash = app.hasher.hash(&password, entropy::random()).await.map_err(fault)?;
        Ok::<_, Stop>((account, hash))
    };
    futures::stream::iter(newcomers).map(hash).buffer_unordered(cores).try_collect().await
}

/// Makes a portal's credential for a public channel, unless the one that was kept still lets in.
///
/// # Errors
/// The channel is not in the tables.
pub async fn open_portal(
    app: &App,
    campaign: CampaignId,
    (channel, name): (ChannelId, &str),
    county: &County,
    kept: Option<&str>,
    now: DateTime<Utc>,
) -> Result<ClientCredential, Stop> {
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    if let Some(credential) = kept.and_then(|token| ClientCredential::parse(token).ok())
        && lets_in(&tx, &credential, now).await?
    {
        return Ok(credential);
    }
    let moment = Moment { app, now };
    let secret = ClientSecret::mint(entropy::random());
    let credential =
        ClientCredential { county: county.clone(), client: PortalClientId(moment.key()), secret };
    let new = NewClient {
        id: credential.client,
        name: name.to_owned(),
        campaign,
        channel,
        actions: vec![Operation::SubmissionSubmit],
        secret_hash: credential.secret.hash(),
        expires_at: portals::end_of(None, now)?,
    };
    store::create_client(&tx, new, moment).await?;
    tx.commit().await?;
    Ok(credential)
}

async fn lets_in(tx: &Tx, credential: &ClientCredential, now: DateTime<Utc>) -> Result<bool, Stop> {
    let known = store::client(tx, credential.client).await?;
    Ok(known.is_some_and(|(row, _)| portals::admits(&row, &credential.secret, now).is_some()))
}

fn fault(fault: PasswordFault) -> ApiError {
    ApiError::internal(&fault.to_string())
}
