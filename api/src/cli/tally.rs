//! `minsheng tally verify|rebuild`.

use clap::{Args, Subcommand};
use entity::id::County;

use super::audit::chosen;
use super::county::county;
use super::words::tell;
use crate::app::App;
use crate::cli::error::CliError;
use crate::db::TallyCheck;
use crate::refusal::{Message, message};
use crate::rollups;

/// 核对或重建统计。 Compare the rollups with a recount, or rebuild them.
#[derive(Debug, Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng tally verify
  minsheng tally rebuild --county 130803")]
pub(super) struct TallyArgs {
    #[command(subcommand)]
    command: TallyCommand,
}

/// What to do with the rollups.
#[derive(Debug, Subcommand)]
enum TallyCommand {
    Verify(CountyArgs),
    Rebuild(RebuildArgs),
}

/// 与逐条重计比对；不符则以 1 退出。 Compare with a recount from the rows; exit with 1 if a figure differs.
#[derive(Debug, Args)]
struct CountyArgs {
    /// 行政区划代码；缺省为全部。 County code; all counties when left out.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: Option<County>,
}

/// 逐条重计；其间暂停收件，并留审计记录。 Count anew; nothing is taken in meanwhile, and the audit trail tells of it.
#[derive(Debug, Args)]
struct RebuildArgs {
    #[command(flatten)]
    which: CountyArgs,
}

/// Runs the subcommand and prints what was found.
///
/// # Errors
/// Each county whose rollups differ from a recount, and what to do.
pub(super) async fn run(app: &App, args: TallyArgs) -> Result<(), CliError> {
    match args.command {
        TallyCommand::Verify(CountyArgs { county }) => verify(app, county).await,
        TallyCommand::Rebuild(RebuildArgs { which }) => rebuild(app, which.county).await,
    }
}

async fn verify(app: &App, county: Option<County>) -> Result<(), CliError> {
    let mut wrong = Vec::new();
    for county in chosen(app, county).await? {
        let TallyCheck { wrong_cells, unfolded } = rollups::check(app, &county).await?;
        if wrong_cells == 0 {
            tell!("{county}：相符；待并入 {unfolded}", "{county}: agrees; not folded yet {unfolded}");
        } else {
            wrong.push(message!(
                "{county}：{wrong_cells} 格与重计不符；请执行 minsheng tally rebuild --county {county}，并查明原因",
                "{county}: {wrong_cells} cells differ from a recount; run `minsheng tally rebuild --county {county}` and look for \
                 the cause"
            ));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Message::lines(wrong).into())
}

async fn rebuild(app: &App, county: Option<County>) -> Result<(), CliError> {
    for county in chosen(app, county).await? {
        let TallyCheck { wrong_cells, .. } = rollups::rebuild(app, &county).await?;
        tell!(
            "{county}：已重建，原有 {wrong_cells} 格不符",
            "{county}: rebuilt; {wrong_cells} cells had been wrong"
        );
    }
    Ok(())
}
