//! `minsheng keys status|reseal`.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use entity::id::County;
use indicatif::{ProgressBar, ProgressStyle};

use super::audit::chosen;
use super::county::county;
use super::words::{self, tell};
use crate::app::App;
use crate::cli::error::CliError;
use crate::keys::{self, CountyKeys, KeyState, Resealed};
use crate::refusal::{Message, message};

/// 主密钥与文书密钥：查看用途，更换后重新加密。 Master and document keys: what each is needed for, and sealing anew.
///
/// 更换主密钥 / to change the master key:
///   1. 新密钥列在最前，旧密钥保留其后，重启全部服务 / put the new key first, keep the old behind it, restart every server:
///      MINSHENG_MASTER_KEY=NEW,OLD
///   2. minsheng keys reseal
///   3. minsheng keys status 说可移除后，去掉旧密钥再重启 / once `keys status` says so, take the old key away and restart
///
/// 查询码、编号、书签、重复提交始终有效；中断后再次执行即可继续。
/// Receipt codes, ids, bookmarks and repeated submissions go on all the time; a run that was cut off is run again.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
示例 / Examples:
  minsheng keys status
  minsheng keys reseal
  minsheng keys reseal --county 130803"
)]
pub(super) struct KeysArgs {
    #[command(subcommand)]
    command: KeysCommand,
}

/// What to do with the keys.
#[derive(Debug, Subcommand)]
enum KeysCommand {
    Status(StatusArgs),
    Reseal(ResealArgs),
}

/// 各密钥仍用于何处，最旧的主密钥可否移除。 What each key is still needed for, and whether the oldest can go.
///
/// 同时打印文书密钥的公钥：换下的文书密钥只需把公钥留在 MINSHENG_DOCUMENT_PUBLIC_KEYS。有数据已无法读取或核验时以 1 退出。
/// Prints the public half of each document key too: of one that is replaced, keep only that, in
/// MINSHENG_DOCUMENT_PUBLIC_KEYS. Exits with 1 where something can't be read or verified any more.
#[derive(Debug, Args)]
struct StatusArgs {}

/// 用现用主密钥重新加密身份信息，并停用旧主密钥；可中断、可重复，留审计记录。
/// Seal identities anew with the present master key and retire the former ones; may be cut off and run again; audited.
///
/// 服务可照常运行，但须先全部以新密钥重启。 Servers may go on meanwhile, once all were restarted with the new key.
#[derive(Debug, Args)]
struct ResealArgs {
    /// 行政区划代码；缺省为全部。 County code; all counties when left out.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: Option<County>,
}

/// Runs the subcommand and prints how the keys stand.
///
/// # Errors
/// What can't be read or verified with the keys given, and what to do.
pub(super) async fn run(app: &App, args: KeysArgs) -> Result<(), CliError> {
    match args.command {
        KeysCommand::Status(StatusArgs {}) => status(app).await,
        KeysCommand::Reseal(ResealArgs { county }) => reseal(app, county).await,
    }
}

async fn reseal(app: &App, county: Option<County>) -> Result<(), CliError> {
    for county in chosen(app, county).await? {
        let bar = bar(keys::rows(app, &county).await?);
        let done = keys::reseal(app, &county, &mut |rows| bar.inc(rows)).await;
        bar.finish_and_clear();
        println!("{}", words::told(told(&county, done?)));
    }
    Ok(())
}

fn told(county: &County, done: Resealed) -> Message {
    let Resealed { rows, lost, retired } = done;
    let unreadable = if lost > 0 {
        message!(
            "；{lost} 行用现有主密钥打不开，未改动",
            "; {lost} rows open with no key that was given and were left as they are"
        )
    } else {
        Message::new("", "")
    };
    message!(
        "{county}：重新加密 {rows}，停用旧主密钥 {retired}",
        "{county}: sealed anew {rows}, former master keys retired {retired}"
    )
    .and(&unreadable)
}

async fn status(app: &App) -> Result<(), CliError> {
    let mut counties = Vec::new();
    for county in chosen(app, None).await? {
        let bar = bar(keys::rows(app, &county).await?);
        let found = keys::status(app, &county, &mut |rows| bar.inc(rows)).await;
        bar.finish_and_clear();
        counties.push(found?);
    }
    for line in master_lines(&counties).into_iter().chain(verdicts(app, &counties)) {
        println!("{}", words::told(line));
    }
    for (place, (kid, public)) in app.documents.public_keys().enumerate() {
        if place == 0 {
            tell!("文书密钥 {kid}（签名）：公钥 {public}", "document key {kid} (signs): public {public}");
        } else {
            tell!(
                "文书密钥 {kid}（只核验）：公钥 {public}",
                "document key {kid} (verifies only): public {public}"
            );
        }
    }
    let lost = complaints(&counties);
    if lost.is_empty() {
        return Ok(());
    }
    Err(Message::lines(lost).into())
}

/// One line for each county and key.
fn master_lines(counties: &[CountyKeys]) -> Vec<Message> {
    let lines = counties.iter().flat_map(|county| {
        county.keys.iter().map(|key| {
            let KeyState { id, configured, retired, texts } = key;
            let county = &county.county;
            let (given_zh, given) =
                if *configured { ("已配置", "given") } else { ("未配置", "not given") };
            let (state_zh, state) = if *retired { ("已停用", "retired") } else { ("在用", "in use") };
            message!(
                "{county}：主密钥 {id}：{given_zh}，{state_zh}，加密 {texts} 项",
                "{county}: master key {id}: {given}, {state}, sealed {texts} texts"
            )
        })
    });
    lines.collect()
}

/// For each former key that is given: whether it can go.
fn verdicts(app: &App, counties: &[CountyKeys]) -> Vec<Message> {
    let mut needed: BTreeMap<&str, bool> = BTreeMap::new();
    for key in counties.iter().flat_map(|county| &county.keys) {
        *needed.entry(&key.id).or_default() |= key.is_needed();
    }
    let former = app.sealer.key_ids().skip(1);
    let verdict = |id: &str| match needed.get(id) {
        Some(true) => message!(
            "主密钥 {id} 仍需保留：请执行 minsheng keys reseal",
            "the master key {id} is still needed: run `minsheng keys reseal`"
        ),
        Some(false) => message!(
            "主密钥 {id} 可从 MINSHENG_MASTER_KEY 移除",
            "the master key {id} can be removed from MINSHENG_MASTER_KEY"
        ),
        None => message!(
            "主密钥 {id} 尚未启用：列到最前即启用",
            "the master key {id} is not in use yet: it comes into use once it stands first"
        ),
    };
    former.map(verdict).collect()
}

fn complaints(counties: &[CountyKeys]) -> Vec<Message> {
    let mut lost = Vec::new();
    for CountyKeys { county, keys, unknown_documents } in counties {
        for KeyState { id, texts, .. } in keys.iter().filter(|key| !key.configured && key.texts > 0) {
            lost.push(message!(
                "{county}：{texts} 项由未配置的主密钥 {id} 加密，无法读取；请恢复该密钥",
                "{county}: {texts} texts are sealed with the \
                 master key {id}, which is not given, and can't be read: restore it"
            ));
        }
        for kid in unknown_documents {
            lost.push(message!(
                "{county}：有汇总表或审计链由未知文书密钥 {kid} 签署；请把其公钥加入 MINSHENG_DOCUMENT_PUBLIC_KEYS",
                "{county}: tables or \
                 ends of the trail were signed with the document key {kid}, which is not known: add its public half to \
                 MINSHENG_DOCUMENT_PUBLIC_KEYS"
            ));
        }
    }
    lost
}

/// On standard error, and nowhere when that is no terminal.
pub(super) fn bar(rows: u64) -> ProgressBar {
    let bar = ProgressBar::new(rows);
    let style = ProgressStyle::with_template("{bar:30} {percent:>3}% {elapsed} {pos}/{len}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
