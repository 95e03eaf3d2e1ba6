//! The command line (命令行): one file for each subcommand.

mod audit;
pub mod client;
mod conformance;
pub mod connect;
mod county;
pub mod demo;
mod demo_banner;
mod doctor;
pub mod error;
pub mod generate;
pub mod import;
mod index;
mod keys;
mod migrate;
pub mod plan;
mod schema;
mod serve;
mod tally;
pub mod user;
mod verify;
pub mod words;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};

use self::connect::connect;
use self::error::CliError;
use crate::config::Config;
use crate::logging;

/// 民声：县级意见征集活动的 GraphQL 后端。
/// Minsheng: the GraphQL backend of a county's public-suggestion campaign.
#[derive(Debug, Parser)]
#[command(name = "minsheng", version, max_term_width = 110, after_help = EXAMPLES)]
pub struct Cli {
    /// 配置文件（TOML）；环境变量优先。 Settings file; the environment wins over it.
    #[arg(long, global = true, value_name = "FILE", env = "MINSHENG_CONFIG")]
    config: Option<PathBuf>,
    /// 消息语言：zh 或 en；缺省依 LC_ALL、LANG。 Language of messages: zh or en; by LC_ALL and LANG when left out.
    #[arg(long, global = true, value_name = "LANG", env = words::VARIABLE, value_parser = ["zh", "en"])]
    lang: Option<String>,
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
    minsheng user add 341522-chengguan-01 --county 341522 --department T_CHENGGUAN --name 经办人甲
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
    Doctor(doctor::Args),
    Tally(tally::TallyArgs),
    Index(index::IndexArgs),
    Audit(audit::AuditArgs),
    Keys(keys::KeysArgs),
    Verify(verify::VerifyArgs),
}

/// Reads the command line and does what it says.
pub async fn main() -> ExitCode {
    let started = Instant::now();
    // Before the arguments are understood: what is wrong with them is told in this language too.
    words::speak(words::wanted(std::env::args_os(), |name| std::env::var(name).ok()));
    let Cli { config, command, lang: _ } = Cli::parse();
    let outcome = match Config::load(config.as_deref()) {
        Ok(config) => Box::pin(run(command, config, started)).await,
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("minsheng: {error}");
            ExitCode::from(error.exit)
        }
    }
}

async fn run(command: Command, config: Config, started: Instant) -> Result<ExitCode, CliError> {
    logging::start(&filter(&command, &config.log), config.log_format);
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
        Command::Index(args) => index::run(&connect(&config).await?, args).await,
        Command::Doctor(args) => return Box::pin(doctor::run(&args, &config)).await,
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

/// A demonstration makes its database anew: that it did is told in one line, unless the setting asks for more.
fn filter(command: &Command, setting: &str) -> String {
    match command {
        Command::Demo(_) => format!("sea_orm_migration=warn,{setting}"),
        _ => setting.to_owned(),
    }
}

/// Scripts tell a file with refused rows from one that was not read to its end.
fn exit_code(ending: import::Ending) -> ExitCode {
    match ending {
        import::Ending::Complete => ExitCode::SUCCESS,
        import::Ending::SomeRefused => ExitCode::from(3),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_demonstration_is_quiet_about_migrations_unless_its_setting_asks_for_them() {
        let demo = Cli::try_parse_from(["minsheng", "demo"]).unwrap().command;
        assert_eq!(filter(&demo, "info"), "sea_orm_migration=warn,info");
        let migrate = Cli::try_parse_from(["minsheng", "migrate"]).unwrap().command;
        assert_eq!(filter(&migrate, "info"), "info");
    }
}
