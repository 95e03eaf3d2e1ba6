//! `minsheng verify`.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use entity::id::{CampaignId, County};

use super::audit::chosen;
use super::county::county;
use super::words::tell;
use crate::app::App;
use crate::campaign::channels::unknown_campaign;
use crate::cli::error::CliError;
use crate::db::Tx;
use crate::refusal::{Message, message};
use crate::reporting::seal::{self, Finding};
use crate::reporting::summary::store::{self, Problem};
use crate::scope::system;
use crate::secrets::token::{KnowsKeys, PublicKeys};

/// 核验已审签的汇总表：单个文件（不需数据库），或库中全部。 Check signed summary tables: one file, or all of a database.
///
/// 文件或库中任何一个字节被改动都会发现，并以 1 退出。
/// Any changed byte of the file or of the database is found; exits with 1 then.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
示例 / Examples:
  minsheng verify STS_TOWN.json
  curl -sO https://minsheng.example/.well-known/jwks.json
  minsheng verify STS_TOWN.json --jwks jwks.json
  minsheng verify --database --county 130803 --campaign MXGC-2020")]
pub(super) struct VerifyArgs {
    /// 由接口 `SummaryTable.exported` 取得的文件。 A file as `SummaryTable.exported` gives it.
    #[arg(value_name = "FILE", required_unless_present = "database")]
    file: Option<PathBuf>,
    /// 公钥文件，即 /.well-known/jwks.json；不给则不核对签名。 Public keys; without them the signature is not checked.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// 核验库中全部已审签的汇总表。 Check every signed table of the database.
    #[arg(long, conflicts_with = "file")]
    database: bool,
    /// 行政区划代码；缺省为全部。 County code; all counties when left out.
    #[arg(long, value_name = "CODE", value_parser = county, requires = "database")]
    county: Option<County>,
    /// 活动代码；缺省为全部。 Code of the campaign; all campaigns when left out.
    #[arg(long, value_name = "CODE", requires = "county")]
    campaign: Option<String>,
}

/// Runs the subcommand; the database is opened only where it is asked for.
///
/// # Errors
/// What was changed, and what to do.
pub(super) async fn run(
    args: VerifyArgs,
    connect: impl AsyncFnOnce() -> Result<App, CliError>,
) -> Result<(), CliError> {
    let keys = args.jwks.as_deref().map(public_keys).transpose()?;
    match args.file {
        Some(file) => check_file(&file, keys.as_ref()),
        None => check_database(&connect().await?, args.county, args.campaign, keys).await,
    }
}

fn public_keys(path: &Path) -> Result<PublicKeys, CliError> {
    let text = read(path)?;
    let keys = PublicKeys::from_jwks(&String::from_utf8_lossy(&text));
    let path = path.display();
    keys.ok_or_else(|| message!("{path}：不是公钥文件", "{path}: not a JWKS").into())
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let name = path.display();
    let unread = |error| message!("{name}：无法读取：{error}", "{name}: can't be read: {error}").into();
    std::fs::read(path).map_err(unread)
}

fn check_file(path: &Path, keys: Option<&PublicKeys>) -> Result<(), CliError> {
    let keys = keys.map(|keys| keys as &dyn KnowsKeys);
    let findings = seal::examine(&read(path)?, keys);
    let path = path.display();
    if !findings.is_empty() {
        return Err(message!("{path}：", "{path}:").and(&listed(&findings)).into());
    }
    if keys.is_some() {
        tell!("{path}：与审签时一致；签名有效", "{path}: as it was signed; the signature is genuine");
    } else {
        tell!(
            "{path}：与审签时一致；未核对签名，请加 --jwks",
            "{path}: as it was signed; the signature was not checked, give --jwks"
        );
    }
    Ok(())
}

fn listed(findings: &[Finding]) -> Message {
    findings.iter().fold(Message::new("", ""), |listed, finding| {
        let Message { zh, en } = finding.message();
        listed.and(&message!("\n  {zh}", "\n  {en}"))
    })
}

async fn check_database(
    app: &App,
    county: Option<County>,
    campaign: Option<String>,
    keys: Option<PublicKeys>,
) -> Result<(), CliError> {
    let keys: &dyn KnowsKeys = match &keys {
        Some(keys) => keys,
        None => &app.documents,
    };
    let mut wrong = Vec::new();
    for county in chosen(app, county).await? {
        let tx = app.db.begin_read(&system::operator(county.clone())).await?;
        let campaign = match &campaign {
            Some(code) => Some(campaign_of(&tx, code).await?),
            None => None,
        };
        let (checked, problems) = store::verify(&tx, campaign, keys).await?;
        let differing = problems.len();
        tell!(
            "{county}：已核验 {checked}，不符 {differing}",
            "{county}: checked {checked}, differing {differing}"
        );
        wrong.extend(problems.iter().map(|problem| told(&county, problem)));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.push(message!(
        "请保全数据库现状，与备份和已导出的文件比对",
        "keep the database as it is, and compare it with a backup and with exported files"
    ));
    Err(Message::lines(wrong).into())
}

async fn campaign_of(tx: &Tx, code: &str) -> Result<CampaignId, CliError> {
    let row = crate::campaign::store::campaign_by_code(tx, code).await?;
    match row {
        Some(row) => Ok(row.id),
        None => Err(unknown_campaign(tx, code).await?.into()),
    }
}

fn told(county: &County, problem: &Problem) -> Message {
    let Problem { department, kind, number, edition, findings, rows_differ, document_missing } = problem;
    let kind = kind.as_str();
    let table = message!(
        "{county} {department} {kind} {number}/{edition}：",
        "{county} {department} {kind} {number}/{edition}:"
    );
    let mut told = table.and(&listed(findings));
    if *rows_differ {
        told = told.and(&message!("\n  表内各行与审签文本不符", "\n  its rows are not what was signed"));
    }
    if *document_missing {
        told = told.and(&message!("\n  审签文本缺失", "\n  the signed text is missing"));
    }
    told
}
