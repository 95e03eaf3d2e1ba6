//! Whether the database can be reached and is fit to be served: release, role, walls, clock, master key.

use chrono::TimeDelta;

use super::report::Report;
use crate::app::App;
use crate::cli::connect::{prepare, reach};
use crate::cli::error::CliError;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Facts};
use crate::keys;
use crate::refusal::{Message, message};

/// The oldest PostgreSQL that is supported.
const OLDEST: u32 = 15;
/// From here on two clocks are told to differ, and from there on tokens and deadlines go wrong.
const NOTED: TimeDelta = TimeDelta::seconds(2);
const TOO_FAR: TimeDelta = TimeDelta::seconds(60);

/// Checks that come after the first connection.
const BEHIND: [&str; 6] = ["clock", "release", "role", "walls", "master-key", "document-keys"];

/// Looks at the database; the application on it, if its rows can be read.
pub(super) async fn check(config: &Config, report: &mut Report) -> Option<App> {
    let db = match reached(config).await {
        Ok(db) => db,
        Err(error) => {
            report.error("database", error);
            report.skipped(&BEHIND);
            report.skipped(&super::data::CHECKS);
            return None;
        }
    };
    match db.facts().await {
        Ok(facts) => told_of(&db, &facts, report),
        Err(fault) => report.error("database", fault),
    }
    let release = db.check_release().await;
    let fits = release.is_ok();
    report.settle(
        "release",
        release.map(|()| message!("数据库与本版本一致", "the tables are those of this release")),
    );
    role(&db, report).await;
    if !fits {
        report.skipped(&BEHIND[3..]);
        report.skipped(&super::data::CHECKS);
        return None;
    }
    walls(&db, report).await;
    let app = match prepare(config).await {
        Ok(app) => app,
        Err(error) => {
            report.error("settings", error);
            report.skipped(&BEHIND[4..]);
            report.skipped(&super::data::CHECKS);
            return None;
        }
    };
    let master = keys::check(&app).await;
    report.settle(
        "master-key",
        master.map(|()| message!("主密钥与数据库相符", "the master key is the database's")),
    );
    documents(&app, report).await;
    Some(app)
}

async fn reached(config: &Config) -> Result<Db, CliError> {
    let db = Db::prepare(config.database_url()?.reveal(), config.pool).await?;
    reach(&db).await?;
    Ok(db)
}

fn told_of(db: &Db, Facts { version, clock }: &Facts, report: &mut Report) {
    let address = db.address();
    if is_too_old(version) {
        let old = message!(
            "{version}（{address}）：需要 PostgreSQL {OLDEST} 或更高版本，请升级",
            "{version} at {address}: PostgreSQL {OLDEST} or later is needed; upgrade it"
        );
        report.error("database", old);
    } else {
        report.ok("database", message!("{version}，{address}", "{version} at {address}"));
    }
    let Some(clock) = clock else {
        report.ok("clock", message!("SQLite 与程序同一时钟", "SQLite has the program's own clock"));
        return;
    };
    let apart = (Clock::System.now() - *clock).abs();
    match skew(apart) {
        Ok(well) => report.ok("clock", well),
        Err(warning) if apart < TOO_FAR => report.warning("clock", warning),
        Err(error) => report.error("clock", error),
    }
}

/// `PostgreSQL 15.8`: the number before the point.
fn is_too_old(version: &str) -> bool {
    let major =
        version.strip_prefix("PostgreSQL ").and_then(|rest| rest.split(['.', ' ']).next()?.parse().ok());
    major.is_some_and(|major: u32| major < OLDEST)
}

fn skew(apart: TimeDelta) -> Result<Message, Message> {
    let milliseconds = apart.num_milliseconds();
    if apart < NOTED {
        return Ok(message!(
            "与数据库时钟相差 {milliseconds} 毫秒",
            "{milliseconds} ms from the database's clock"
        ));
    }
    Err(message!(
        "与数据库时钟相差 {milliseconds} 毫秒；请在两台机器上启用 NTP 校时",
        "{milliseconds} ms from the database's clock: let NTP set the clock on both machines"
    ))
}

async fn role(db: &Db, report: &mut Report) {
    let role = db.check_serving_role().await;
    report.settle(
        "role",
        role.map(|()| {
            message!(
                "服务角色受行级安全约束，或数据库无角色",
                "the serving role is bound, or there are no roles"
            )
        }),
    );
}

async fn walls(db: &Db, report: &mut Report) {
    let walls = db.check_walls().await;
    report.settle(
        "walls",
        walls.map(|()| {
            message!(
                "行级安全完整，或数据库没有",
                "row-level security stands as `migrate` made it, or there is none"
            )
        }),
    );
}

async fn documents(app: &App, report: &mut Report) {
    let unknown = match keys::unverifiable(app).await {
        Ok(unknown) => unknown,
        Err(fault) => return report.error("document-keys", fault),
    };
    let warnings = unknown.into_iter().map(|(county, kids)| {
        let kids = kids.join(", ");
        message!(
            "{county}：有汇总表或审计链由未知文书密钥 {kids} 签署；请把其公钥加入 MINSHENG_DOCUMENT_PUBLIC_KEYS",
            "{county}: tables or ends of the trail were signed with {kids}, which is not known: add its public half to \
             MINSHENG_DOCUMENT_PUBLIC_KEYS"
        )
    });
    let well = message!("全部签名可核验", "every signature can be verified");
    report.unless("document-keys", warnings.collect(), well);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_below_the_oldest_that_is_supported_is_told() {
        for (version, old) in [
            ("PostgreSQL 14.13", true),
            ("PostgreSQL 15.8 (Debian 15.8-1)", false),
            ("PostgreSQL 17beta1", false),
            ("SQLite 3.46.0", false),
        ] {
            assert_eq!(is_too_old(version), old, "{version}");
        }
    }

    #[test]
    fn clocks_may_differ_a_little() {
        assert!(skew(TimeDelta::milliseconds(1_999)).is_ok());
        let told = skew(TimeDelta::seconds(3)).unwrap_err();
        assert!(told.en.contains("3000 ms") && told.zh.contains("NTP"), "{told}");
    }
}
