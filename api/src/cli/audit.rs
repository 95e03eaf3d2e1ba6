//! `minsheng audit`: checking the chain over the trail, and reading its last lines.

use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use entity::audit_entry;
use entity::enums::AuditAction;
use entity::id::County;
use serde_json::json;

use super::county::{among, county};
use super::words;
use crate::app::App;
use crate::app::counties::{counties, trails};
use crate::audit::head::KeptHead;
use crate::audit::rules::{Break, BreakReason};
use crate::audit::{self, Horizon, SEALED_WITHIN, Verified, store};
use crate::cli::error::CliError;
use crate::clock::shanghai;
use crate::db::Trail;
use crate::refusal::{Message, message};
use crate::scope::system;
use crate::secrets::token::Checked;

/// 核验审计链，查阅审计记录。 Check the chain over the audit trail, read its last lines.
#[derive(Debug, Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng audit verify
  minsheng audit verify --county 130803 --head 812:9f2c…:4be1….Xq9…
  minsheng audit list --county 000000 --last 20")]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
enum AuditCommand {
    Verify(VerifyArgs),
    List(ListArgs),
}

/// 逐条核验链、签名和另存的链头；有改动、删除、换序、重算或截短则以 1 退出。 Walk along the chain, its signatures and the heads
/// kept elsewhere; exit with 1 if a line was changed, removed or moved, or the chain written anew or cut.
///
/// 打印的末条（SEQ:HASH:SIGNATURE）应另行保存：下次以 --head 给出，可证明末尾未被截去、全链未被重算。
/// Keep the printed last head (SEQ:HASH:SIGNATURE) elsewhere: given as --head at the next check, it proves that nothing
/// was cut off the end and nothing written anew.
#[derive(Debug, Args)]
struct VerifyArgs {
    /// 行政区划代码；缺省为全部，000000 为安装本身。 County code; all when left out. 000000 is the installation's own trail.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: Option<County>,
    /// 另行保存的链头，可给多个。 A head that was kept elsewhere; may be given several times.
    #[arg(long = "head", value_name = "SEQ:HASH[:SIGNATURE]", requires = "county", value_parser = kept_head)]
    heads: Vec<KeptHead>,
}

/// 打印最近的审计记录，每行一个 JSON；查阅本身也留下记录。 Print the last lines, one JSON object a line; reading leaves a line
/// too.
#[derive(Debug, Args)]
struct ListArgs {
    /// 行政区划代码；000000 为安装本身：未知账号的登录等。 County code; 000000 is the installation's own trail: sign-ins with
    /// names that nobody has.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: County,
    /// 最近几条。 How many.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1000))]
    last: u64,
}

fn kept_head(text: &str) -> Result<KeptHead, String> {
    text.parse().map_err(words::told)
}

/// Runs the subcommand and prints how each county's chain stands, or its last lines.
///
/// # Errors
/// Each chain that does not hold, with the place and what to do.
pub(super) async fn run(app: &App, args: AuditArgs) -> Result<(), CliError> {
    match args.command {
        AuditCommand::Verify(args) => verify(app, args).await,
        AuditCommand::List(args) => list(app, args).await,
    }
}

async fn verify(app: &App, VerifyArgs { county, heads }: VerifyArgs) -> Result<(), CliError> {
    let mut wrong = Vec::new();
    for county in chosen_trails(app, county).await? {
        check_kept(app, &county, &heads)?;
        let verified = audit::verify(app, &county, &heads).await?;
        println!("{}", words::told(standing(&county, &verified)));
        if let Some(first) = verified.first_break {
            wrong.push(complaint(&county, first));
        }
        if verified.overdue > 0 {
            wrong.push(unsealed(&county, verified.overdue));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Message::lines(wrong).into())
}

/// A head that was copied wrongly would accuse a chain that holds.
fn check_kept(app: &App, county: &County, heads: &[KeptHead]) -> Result<(), CliError> {
    for kept in heads {
        let Message { zh, en } = match audit::check_kept(app, county, kept) {
            Checked::Genuine => continue,
            Checked::Forged => {
                message!(
                    "签名不符，请核对抄录和县区",
                    "its signature does not hold; check the copy and the county"
                )
            }
            Checked::UnknownKey => message!(
                "签名密钥未配置，请将当时的密钥列入配置",
                "its key is not configured; list the key of that time in the settings",
            ),
        };
        let seq = kept.head.seq;
        return Err(message!("--head {seq}：{zh}", "--head {seq}: {en}").into());
    }
    Ok(())
}

async fn list(app: &App, ListArgs { county, last }: ListArgs) -> Result<(), CliError> {
    let chosen = chosen_trails(app, Some(county)).await?;
    for county in chosen {
        let operator = system::operator(county.clone());
        let tx = app.db.begin_read(&operator).await?;
        let lines = store::newest(&tx, last).await?;
        drop(tx);
        for line in lines.iter().rev() {
            println!("{}", as_json(line));
        }
        let now = app.clock.now();
        let tx = app.db.begin_write(&operator).await?;
        tx.audit(Trail {
            id: app.new_key(now),
            at: now,
            action: AuditAction::AuditRead,
            subject: "auditEntries".to_owned(),
            detail: json!({ "lines": lines.len() }),
        })
        .await?;
        tx.commit().await?;
        // No server may be running that would seal the line.
        audit::seal(app, &county, Horizon::Recent(now)).await?;
    }
    Ok(())
}

fn as_json(line: &audit_entry::Model) -> String {
    let at = line.at.with_timezone(&shanghai());
    json!({
        "at": at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "actor": line.actor,
        "action": line.action,
        "subject": line.subject,
        "detail": line.detail,
    })
    .to_string()
}

/// The trail that was named, if there is one, or all.
async fn chosen_trails(app: &App, county: Option<County>) -> Result<Vec<County>, CliError> {
    let known = trails(app).await?;
    among(known, county)
}

/// The county that was named, if it exists, or all.
pub(super) async fn chosen(app: &App, county: Option<County>) -> Result<Vec<County>, CliError> {
    let known = counties(app).await?;
    among(known, county)
}

fn standing(county: &County, verified: &Verified) -> Message {
    let Verified { sealed, unsealed_tail, last, first_signed, first_break, .. } = verified;
    let outcome = match first_break {
        Some(_) => message!("不成立", "BROKEN"),
        None => message!("成立", "holds"),
    };
    let signed = match first_signed {
        Some(seq) => message!("签名始于 {seq}", "signed since {seq}"),
        None => message!("尚无签名", "no signed head yet"),
    };
    Message::new(
        format!(
            "{county}：{}；已封存 {sealed}，未封存 {unsealed_tail}，{}，末条 {last}",
            outcome.zh, signed.zh
        ),
        format!(
            "{county}: {}; sealed {sealed}, not sealed yet {unsealed_tail}, {}, last {last}",
            outcome.en, signed.en
        ),
    )
}

fn unsealed(county: &County, lines: u64) -> Message {
    let minutes = SEALED_WITHIN.num_minutes();
    message!(
        "{county}：{lines} 条记录超过 {minutes} 分钟未封存。请确认服务在运行，并查看日志和 /metrics 中的 seal 任务",
        "{county}: {lines} lines older than {minutes} minutes are not sealed. See that a server runs, and look at the job \
         `seal` in its log and in /metrics"
    )
}

fn complaint(county: &County, Break { seq, reason }: Break) -> Message {
    let Message { zh, en } = match reason {
        BreakReason::SealMissing => message!("封存记录缺失", "its seal is missing"),
        BreakReason::LineMissing(id) => {
            let id = id.0;
            message!("审计记录 {id} 缺失", "line {id} is missing")
        }
        BreakReason::Altered(id) => {
            let id = id.0;
            message!("审计记录 {id} 与封存时不符", "line {id} is not what was sealed")
        }
        BreakReason::Recomputed => message!(
            "链与此处的签名不符，曾被重算",
            "the chain is not what was signed here: it was written anew",
        ),
        BreakReason::HeadForged => {
            message!("链头签名不是本系统所签", "the signature of the head is none of ours")
        }
        BreakReason::HeadOfUnknownKey(kid) => message!(
            "链头由未配置的密钥 {kid} 签名；若曾更换密钥，请将其公钥列入 MINSHENG_DOCUMENT_PUBLIC_KEYS 再核验",
            "the head is signed by the key {kid}, which is not configured; if keys were changed, list its public half in \
             MINSHENG_DOCUMENT_PUBLIC_KEYS and check again",
        ),
        BreakReason::Unsigned => message!(
            "从此处起没有签名的链头；若刚升级且尚未启动过服务，启动后即会补签",
            "from here on no head is signed; right after an upgrade, the first start of a server signs it",
        ),
        BreakReason::Shortened => {
            message!("链曾长于现状，末尾被截去", "the chain was longer once: its end was cut off")
        }
        BreakReason::NotAsKept => {
            message!("与另存的链头不符", "it is not the chain of the head that was kept elsewhere")
        }
    };
    message!(
        "{county}：第 {seq} 条：{zh}。请保全数据库现状，与备份比对该条及其后记录，并报告审计部门",
        "{county}: place {seq}: {en}. Keep the database as it is, compare this line and those behind it with a backup, and \
         tell the auditors"
    )
}
