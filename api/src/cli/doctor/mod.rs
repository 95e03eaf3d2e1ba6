//! `minsheng doctor`: everything that a start asks of an installation, and what a server may suffer from later, looked at
//! without changing any data (自检). One line for each check, with what to do.

mod data;
mod database;
mod files;
mod report;
mod settings;

use std::process::ExitCode;

use self::report::Report;
use super::error::CliError;
use crate::config::Config;

/// 自检：逐项检查数据库、密钥、文件、方案和后台任务，不改动数据。 Check database, keys, files, plans and background work;
/// changes no data.
///
/// 每项一行：正常、警告、错误或跳过，并说明如何处理。 One line each: ok, warning, error or skipped, with what to do.
///
/// 退出码：0 没有错误；1 有错误，加 --strict 时有警告也为 1。 Exit code: 0 no error; 1 an error, with --strict also a warning.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng doctor
  minsheng doctor --json | jq '.checks[] | select(.level != \"OK\")'
  minsheng doctor --thorough --strict        # 逐条重计统计、核验审计链，数据多时较慢 / recounts, and walks the trail")]
pub(super) struct Args {
    /// 输出 JSON：level 和 checks（check、level、message）。 Print JSON: level and checks (check, level, message).
    #[arg(long)]
    json: bool,
    /// 有警告时也以 1 退出。 Exit with 1 for a warning too.
    #[arg(long)]
    strict: bool,
    /// 另外逐条重计统计、核验整条审计链。 Also recount the figures and walk along the whole audit trail.
    #[arg(long)]
    thorough: bool,
}

/// Runs every check that can be run and prints what was found.
///
/// # Errors
/// What was found can't be printed.
pub(super) async fn run(args: &Args, config: &Config) -> Result<ExitCode, CliError> {
    let mut report = Report::default();
    settings::check(config, &mut report).await;
    files::check(config, &mut report);
    if let Some(app) = database::check(config, &mut report).await {
        data::check(&app, args.thorough, &mut report).await;
    }
    report.print(args.json)?;
    let sound = report.is_sound(args.strict);
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
