//! `minsheng verify`.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use entity::id::{CampaignId, County};

use super::audit::chosen;
use super::user::county;
use crate::app::App;
use crate::cli::error::CliError;
use crate::db::Tx;
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
    keys.ok_or_else(|| CliError(format!("{}: 不是公钥文件 / not a JWKS", path.display())))
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|error| CliError(format!("{}: {error}", path.display())))
}

fn check_file(path: &Path, keys: Option<&PublicKeys>) -> Result<(), CliError> {
    let keys = keys.map(|keys| keys as &dyn KnowsKeys);
    let findings = seal::examine(&read(path)?, keys);
    if !findings.is_empty() {
        return Err(CliError(format!("{}:{}", path.display(), listed(&findings))));
    }
    let signature = if keys.is_some() {
        "签名有效 / the signature is genuine"
    } else {
        "未核对签名；加 --jwks / the signature was not checked; give --jwks"
    };
    println!("{}: 与审签时一致 / as it was signed；{signature}", path.display());
    Ok(())
}

fn listed(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| format!("\n  {finding}"));
    lines.collect()
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
        println!("{county}: 已核验 / checked {checked}，不符 / differing {}", problems.len());
        wrong.extend(problems.iter().map(|problem| told(&county, problem)));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(CliError(format!(
        "{}\n请保全数据库现状，与备份和已导出的文件比对 / keep the database as it is, and compare it with a backup and with \
         exported files",
        wrong.join("\n")
    )))
}

async fn campaign_of(tx: &Tx, code: &str) -> Result<CampaignId, CliError> {
    let row = crate::campaign::store::campaign_by_code(tx, code).await?;
    row.map(|row| row.id).ok_or_else(|| CliError(format!("没有活动 {code} / no campaign {code}")))
}

fn told(county: &County, problem: &Problem) -> String {
    let Problem { department, kind, number, edition, findings, rows_differ, document_missing } = problem;
    let mut text = format!("{county} {department} {} {number}/{edition}:{}", kind.as_str(), listed(findings));
    if *rows_differ {
        text.push_str("\n  表内各行与审签文本不符 / its rows are not what was signed");
    }
    if *document_missing {
        text.push_str("\n  审签文本缺失 / the signed text is missing");
    }
    text
}
