//! `minsheng index rebuild`.

use clap::{Args, Subcommand};
use entity::id::County;

use super::audit::chosen;
use super::county::county;
use super::keys::bar;
use super::words::tell;
use crate::app::App;
use crate::cli::error::CliError;
use crate::intake::store;

/// 检索索引。 The index of the search.
#[derive(Debug, Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng index rebuild
  minsheng index rebuild --county 130803")]
pub(super) struct IndexArgs {
    #[command(subcommand)]
    command: IndexCommand,
}

/// What to do with the index.
#[derive(Debug, Subcommand)]
enum IndexCommand {
    Rebuild(RebuildArgs),
}

/// 按现行规则重建检索索引；升级说明要求时执行一次。不必停机，中断后可再次执行，并留审计记录。
/// Index every text anew by the present rules, once where an upgrade asks for it. Servers go on; a run that was cut off is run
/// again; the audit trail tells of it.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct RebuildArgs {
    /// 行政区划代码；缺省为全部。 County code; all counties when left out.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: Option<County>,
}

/// Runs the subcommand and prints how many texts were indexed.
pub(super) async fn run(app: &App, args: IndexArgs) -> Result<(), CliError> {
    let IndexCommand::Rebuild(RebuildArgs { county }) = args.command;
    for county in chosen(app, county).await? {
        let bar = bar(store::texts(app, &county).await?);
        let indexed = store::reindex(app, &county, &mut |texts| bar.inc(texts)).await;
        bar.finish_and_clear();
        let indexed = indexed?;
        tell!("{county}：已重建索引 {indexed} 件", "{county}: {indexed} texts indexed anew");
    }
    Ok(())
}
