//! The command line (命令行): one file for each subcommand.

mod audit;
pub mod client;
mod conformance;
pub mod demo;
mod demo_banner;
pub mod generate;
pub mod import;
mod keys;
mod migrate;
pub mod plan;
mod schema;
mod serve;
mod tally;
pub mod user;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};

use crate::app::{App, Parts};
use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::db::{Db, Fault, ListenPlan};
use crate::keys::{self as master_keys, KeyFault};
use crate::logging;
use crate::secrets::password::{HashCost, PasswordPolicy};
use crate::sensitive::Sensitive;

/// 民声：县级意见征集活动的 GraphQL 后端。
/// Minsheng: the GraphQL backend of a county's public-suggestion campaign.
#[derive(Debug, Parser)]
#[command(name = "minsheng", version, max_term_width = 110, after_help = EXAMPLES)]
pub struct Cli {
    /// 配置文件（TOML）；环境变量优先。 Settings file; the environment wins over it.
    #[arg(long, global = true, value_name = "FILE", env = "MINSHENG_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
示例 / Examples:
  演示：无需任何准备 / a demonstration that needs nothing beforehand:
    minsheng demo

  建表并提供服务（SQLite） / tables, then serve, on one file:
    export MINSHENG_DATABASE_URL='sqlite://minsheng.sqlite?mode=rwc'
    export MINSHENG_MASTER_KEY=$(openssl rand -base64 32)
    export MINSHENG_SIGNING_KEY=$(openssl rand -base64 32)
    minsheng migrate && minsheng plan apply api/plans/huoqiu-2022.toml
    minsheng user add --county 341522 --department T_CHENGGUAN --login chengguan-01 --name 经办人甲
    minsheng serve

  PostgreSQL：建表用属主，服务用 minsheng_app / the owner makes the tables, minsheng_app serves:
    MINSHENG_OWNER_URL=postgres://owner:…@db/minsheng minsheng migrate
    MINSHENG_DATABASE_URL=postgres://minsheng_app:…@db/minsheng minsheng serve

每个子命令都有自己的说明 / each subcommand explains itself: minsheng serve --help";

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Generate(generate::Args),
    Serve(serve::Args),
    Migrate(migrate::Args),
    Schema(schema::Args),
    Plan(plan::Args),
    User(user::UserArgs),
    Client(client::ClientArgs),
    Import(Box<import::Args>),
    Tally(tally::TallyArgs),
    Audit(audit::AuditArgs),
    Keys(keys::KeysArgs),
    Verify(verify::VerifyArgs),
}

/// Why a command ended without success; the text says what to do.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CliError(pub String);

impl std::fmt::Debug for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl CliError {
    /// Any error whose text is fit to be read by the operator.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::of(error)
    }
}

/// A fault has no text of its own for clients; the operator gets it.
impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        Self(match fault {
            Fault::Taken => "the database has such a row already".to_owned(),
            Fault::Busy => "the database is busy; try again".to_owned(),
            Fault::Unavailable(error) => format!("the database can't be reached: {error}"),
            Fault::Late => "the deadline passed".to_owned(),
            Fault::Broken(text) => text,
        })
    }
}

impl From<KeyFault> for CliError {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Unfit(unfit) => Self::of(unfit),
            KeyFault::Fault(fault) => fault.into(),
        }
    }
}

/// Reads the command line and does what it says.
pub async fn main() -> ExitCode {
    let started = Instant::now();
    let Cli { config, command } = Cli::parse();
    let outcome = match Config::load(config.as_deref()) {
        Ok(config) => Box::pin(run(command, config, started)).await,
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("minsheng: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, config: Config, started: Instant) -> Result<ExitCode, CliError> {
    logging::start(&config.log, config.log_format);
    match command {
        Command::Demo(args) => Box::pin(demo::run(args, &config, started)).await,
        Command::Generate(args) => generate::run(args, &config).await,
        Command::Serve(args) => serve::run(args, &config).await,
        Command::Migrate(args) => migrate::run(args, &config).await,
        Command::Schema(args) => schema::run(&args),
        Command::Plan(args) => {
            let connect = async || connect(&config).await;
            Box::pin(plan::run(args, connect, &mut std::io::stdout())).await
        }
        Command::User(args) => user::run(&connect(&config).await?, args).await,
        Command::Client(args) => client::run(&connect(&config).await?, args).await,
        Command::Tally(args) => tally::run(&connect(&config).await?, args).await,
        Command::Audit(args) => audit::run(&connect(&config).await?, args).await,
        Command::Keys(args) => keys::run(&connect(&config).await?, args).await,
        Command::Verify(args) => Box::pin(verify::run(args, async || connect(&config).await)).await,
        Command::Import(args) => {
            let connect = async || connect(&config).await;
            let ending = Box::pin(import::run(*args, connect, &mut std::io::stdout())).await?;
            return Ok(exit_code(ending));
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Scripts tell a file with refused rows from one that was not read to its end.
fn exit_code(ending: import::Ending) -> ExitCode {
    match ending {
        import::Ending::Complete => ExitCode::SUCCESS,
        import::Ending::SomeRefused => ExitCode::from(3),
    }
}

/// The application on the database of the settings, for every command that reads or writes rows.
pub async fn connect(config: &Config) -> Result<App, CliError> {
    let app = prepare(config).await?;
    app.db.ping().await?;
    // A database without tables is told of by the command itself.
    if app.db.missing_migrations().await?.is_empty() {
        master_keys::take_up(&app).await?;
    }
    Ok(app)
}

/// As [`connect`], for whoever waits for a database that is away.
pub(crate) async fn prepare(config: &Config) -> Result<App, CliError> {
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
    let app = App::new(parts).map_err(CliError::of)?;
    Ok(app.with_rates(config.rates))
}
