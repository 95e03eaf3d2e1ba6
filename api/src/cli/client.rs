//! `minsheng client add`.

use clap::{Args, Subcommand};
use entity::channel;
use entity::id::{County, PortalClientId};

use super::CliError;
use super::user::county;
use crate::access::profiles::Operation;
use crate::access::store::{self, Moment, NewClient};
use crate::access::token::{ClientCredential, ClientSecret};
use crate::access::{entropy, system};
use crate::app::App;

/// 管理门户凭据；以操作员身份执行，并留审计记录。 Manage portal credentials, as the operator, audited.
#[derive(Debug, Args)]
#[command(after_help = "\
示例 / Example:
  minsheng client add --county 130803 --campaign MXGC-2020 --channel WECHAT --name 微信矩阵")]
pub(super) struct ClientArgs {
    #[command(subcommand)]
    command: ClientCommand,
}

/// What to do with a portal credential.
#[derive(Debug, Subcommand)]
enum ClientCommand {
    Add(AddArgs),
}

/// 新建门户凭据；令牌只显示一次。 Make a portal credential; its token is shown once.
#[derive(Debug, Args)]
struct AddArgs {
    /// 行政区划代码（GB/T 2260）。 County code.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: County,
    /// 活动代码。 Code of the campaign.
    #[arg(long, value_name = "CODE")]
    campaign: String,
    /// 渠道代码。 Code of the channel in that campaign.
    #[arg(long, value_name = "CODE")]
    channel: String,
    /// 门户名称。 What the portal is called.
    #[arg(long)]
    name: String,
    /// 可用操作，可重复。 What it may call; may be repeated.
    #[arg(long = "action", value_name = "OPERATION", default_value = "SUBMISSION_SUBMIT", value_parser = operation)]
    actions: Vec<Operation>,
}

/// Runs the subcommand and prints what was made and what to do next.
///
/// # Errors
/// Every refusal with its field, in both languages.
pub(super) async fn run(app: &App, args: ClientArgs) -> Result<(), CliError> {
    let ClientCommand::Add(args) = args.command;
    let name = args.name.clone();
    let credential = add(app, args).await?;
    println!("门户凭据已建立 / portal credential made: {name}");
    println!(
        "令牌，仅显示这一次 / token, shown this once: {}",
        credential.reveal()
    );
    println!(
        "下一步：写入门户服务端配置，请求头 Authorization: Bearer <令牌>；不要放进网页或小程序"
    );
    println!(
        "next: put it into the portal's server, sent as `Authorization: Bearer <token>`; never into a page or app"
    );
    Ok(())
}

async fn add(app: &App, args: AddArgs) -> Result<ClientCredential, CliError> {
    let AddArgs {
        county,
        campaign,
        channel,
        name,
        actions,
    } = args;
    let moment = Moment {
        app,
        now: app.clock.now(),
    };
    let tx = app
        .db
        .begin_write(&system::operator(county.clone()))
        .await?;
    let found = store::channel_of_codes(&tx, &campaign, &channel).await?;
    let channel::Model {
        id: channel,
        campaign,
        ..
    } = found.ok_or_else(|| no_channel(&campaign, &channel))?;
    let credential = ClientCredential {
        county,
        client: PortalClientId(moment.key()),
        secret: ClientSecret::mint(entropy::random()),
    };
    let secret_hash = credential.secret.hash();
    let new = NewClient {
        id: credential.client,
        name,
        campaign,
        channel,
        actions,
        secret_hash,
    };
    store::create_client(&tx, new, moment).await?;
    tx.commit().await?;
    Ok(credential)
}

fn no_channel(campaign: &str, channel: &str) -> CliError {
    CliError(format!(
        "该县的活动 {campaign} 没有渠道 {channel}；请核对方案，或先执行 minsheng plan apply / no channel {channel} in the \
         campaign {campaign} of this county; check the plan, or run `minsheng plan apply` first"
    ))
}

fn operation(text: &str) -> Result<Operation, String> {
    let unknown = || "没有这个操作 / no such operation, e.g. SUBMISSION_SUBMIT".to_owned();
    Operation::parse(&text.to_uppercase()).ok_or_else(unknown)
}
