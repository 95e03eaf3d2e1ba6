//! For tests of this folder: a migrated database of its own, and plans to apply to it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeZone as _, Utc};
use entity::id::County;
use migration::MigratorTrait as _;
use tempfile::TempDir;
use uuid::Uuid;

use super::store::{self, Applied};
use crate::app::{App, Parts};
use crate::clock::Clock;
use crate::db::{Db, PoolSize, Tx};
use crate::error::Stop;
use crate::limits::throttle::ThrottlePlan;
use crate::plan::Plan;
use crate::refusal::Refusal;
use crate::scope::system;
use crate::secrets::password::{HashCost, PasswordPolicy};

pub(crate) const SHUANGLUAN: &str = include_str!("../../plans/shuangluan-2020.toml");
pub(crate) const HUOQIU: &str = include_str!("../../plans/huoqiu-2022.toml");
/// A small plan of county 999999; rows: county, campaign, 15 departments, 10 streams, 2 channels, 2 classes, 1 village.
pub(crate) const SMALL: &str = include_str!("../plan/tests/third-county.toml");

/// A database with the tables in it; gone with its directory.
pub(crate) struct Trial {
    pub(crate) db: Db,
    /// Of every application over it.
    master: String,
    _directory: TempDir,
}

impl Trial {
    pub(crate) async fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let url = format!("sqlite://{}?mode=rwc", directory.path().join("trial").display());
        migrate(&url).await;
        let db = Db::connect(&url, PoolSize::default()).await.unwrap();
        Self { db, master: secret(), _directory: directory }
    }

    pub(crate) async fn write(&self, county: &str) -> Tx {
        let operator = system::operator(County::parse(county).unwrap());
        self.db.begin_write(&operator).await.unwrap()
    }

    pub(crate) async fn read(&self, county: &str) -> Tx {
        let operator = system::operator(County::parse(county).unwrap());
        self.db.begin_read(&operator).await.unwrap()
    }

    pub(crate) async fn apply_text(&self, text: &str) -> Applied {
        let plan = read(text);
        let tx = self.write(&plan.county.code).await;
        let applied = store::apply(&tx, &plan, text, at(1), keys()).await.unwrap();
        tx.commit().await.unwrap();
        applied
    }

    /// An edited plan; its text is not that of the file any more, which is all that the store asks of it.
    pub(crate) async fn apply(&self, plan: &Plan) -> Result<Applied, Vec<Refusal>> {
        let tx = self.write(&plan.county.code).await;
        let text = format!("{SMALL}\n# {}", plan.digest());
        match store::apply(&tx, plan, &text, at(2), keys()).await {
            Ok(applied) => {
                tx.commit().await.unwrap();
                Ok(applied)
            }
            Err(Stop::Refused(refusals)) => Err(refusals),
            Err(stop) => panic!("{stop:?}"),
        }
    }
}

fn secret() -> String {
    STANDARD.encode(crate::secrets::entropy::random::<32>())
}

/// An application over a trial's database; its clock stands at nine o'clock in the county, 15 October 2019.
pub(crate) fn app(trial: &Trial) -> App {
    App::new(Parts {
        db: trial.db.clone(),
        clock: Clock::fixed(at(1)),
        master: vec![trial.master.clone()],
        signing: vec![secret()],
        document: Vec::new(),
        document_public: Vec::new(),
        issuer: "https://minsheng.invalid".to_owned(),
        hash_cost: HashCost::CHEAPEST,
        policy: PasswordPolicy::default(),
        throttle: ThrottlePlan::default(),
    })
    .unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the migrator works on a connection of its own")]
async fn migrate(url: &str) {
    let connection = sea_orm::Database::connect(url).await.unwrap();
    migration::Migrator::up(&connection, None).await.unwrap();
    connection.close().await.unwrap();
}

pub(crate) fn read(text: &str) -> Plan {
    Plan::parse("plan.toml", text).unwrap()
}

pub(crate) fn at(hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2019, 10, 15, hour, 0, 0).unwrap()
}

/// Keys for new rows.
pub(crate) fn keys() -> impl FnMut() -> Uuid + Send {
    || {
        let bytes = crate::secrets::entropy::random::<16>();
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
