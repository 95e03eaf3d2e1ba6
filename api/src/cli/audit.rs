//! `minsheng audit verify`.

use clap::{Args, Subcommand};
use entity::id::County;

use super::CliError;
use super::user::county;
use crate::app::App;
use crate::audit;
use crate::audit::rules::{Break, BreakReason};
use crate::audit::store::Verified;
use crate::background::counties;

/// 核验审计链。 Check the chain over the audit trail.
#[derive(Debug, Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng audit verify
  minsheng audit verify --county 130803")]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
enum AuditCommand {
    Verify(VerifyArgs),
}

/// 逐条核验；有改动、删除或换序则以 1 退出。 Walk along the chain; exit with 1 if a line was changed, removed or moved.
///
/// 打印的末条哈希应另行保存：下次核验时可证明末尾未被截去。
/// Keep the printed last hash elsewhere: it proves at the next check that nothing was cut off the end.
#[derive(Debug, Args)]
struct VerifyArgs {
    /// 行政区划代码；缺省为全部。 County code; all counties when left out.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: Option<County>,
}

/// Runs the subcommand and prints how each county's chain stands.
///
/// # Errors
/// Each chain that does not hold, with the place and what to do.
pub(super) async fn run(app: &App, args: AuditArgs) -> Result<(), CliError> {
    let AuditCommand::Verify(VerifyArgs { county }) = args.command;
    let mut broken = Vec::new();
    for county in chosen(app, county).await? {
        let verified = audit::verify(app, &county).await?;
        println!("{}", told(&county, &verified));
        if let Some(first) = verified.first_break {
            broken.push(complaint(&county, first));
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(CliError(broken.join("\n")))
}

/// The county that was named, if it exists, or all.
pub(super) async fn chosen(app: &App, county: Option<County>) -> Result<Vec<County>, CliError> {
    let known = counties(app).await?;
    match county {
        None => Ok(known),
        Some(county) if known.contains(&county) => Ok(vec![county]),
        Some(county) => Err(CliError(format!(
            "没有县区 {county}；请核对代码，或先执行 minsheng plan apply / no county {county}; check the code, or run \
             `minsheng plan apply` first"
        ))),
    }
}

fn told(county: &County, verified: &Verified) -> String {
    let Verified {
        sealed,
        unsealed_tail,
        head,
        first_break,
    } = verified;
    let outcome = if first_break.is_some() {
        "不成立 / BROKEN"
    } else {
        "成立 / holds"
    };
    format!(
        "{county}: {outcome}；已封存 / sealed {sealed}，未封存 / not sealed yet {unsealed_tail}，末条 / last {} {}",
        head.seq, head.hash
    )
}

fn complaint(county: &County, Break { seq, reason }: Break) -> String {
    let (zh, en) = match reason {
        BreakReason::SealMissing => ("封存记录缺失".to_owned(), "its seal is missing".to_owned()),
        BreakReason::LineMissing(id) => (
            format!("审计记录 {0} 缺失", id.0),
            format!("line {} is missing", id.0),
        ),
        BreakReason::Altered(id) => (
            format!("审计记录 {0} 与封存时不符", id.0),
            format!("line {} is not what was sealed", id.0),
        ),
    };
    format!(
        "{county}: 第 {seq} 条：{zh}。请保全数据库现状，与备份比对该条及其后记录，并报告审计部门 / place {seq}: {en}. \
         Keep the database as it is, compare this line and those behind it with a backup, and tell the auditors"
    )
}
