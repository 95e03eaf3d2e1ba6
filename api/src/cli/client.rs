//! `minsheng client`: credentials of portals made, listed, renewed and revoked.

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand};
use entity::channel;
use entity::id::{County, PortalClientId};
use uuid::Uuid;

use super::county::county;
use super::words::{tell, told};
use crate::access::portals::{self, USUAL_OVERLAP};
use crate::access::store::{self, Moment, NewClient, Renewal};
use crate::app::App;
use crate::campaign::channels::{channel_of_codes, unknown_channel};
use crate::cli::error::CliError;
use crate::clock::shanghai;
use crate::error::Stop;
use crate::refusal::{Message, meant, message};
use crate::scope::profiles::Operation;
use crate::scope::system;
use crate::secrets::entropy;
use crate::secrets::token::{ClientCredential, ClientSecret};

/// 管理门户凭据；以操作员身份执行，并留审计记录。 Manage portal credentials, as the operator, audited.
#[derive(Debug, Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng client add --county 130803 --campaign MXGC-2020 --channel WECHAT --name 微信矩阵
  minsheng client list --county 130803
  minsheng client rotate --county 130803 0190a0b0c0d070e080000000000000aa --overlap-hours 72
  minsheng client revoke --county 130803 0190a0b0c0d070e080000000000000aa

凭据都有到期日；到期前 rotate，原密钥在重叠期内仍有效，门户可不停机更换；密钥泄露时 revoke，立即失效。
Every credential has an end. Rotate before it: the former secret goes on during the overlap, so the portal is moved over
without a gap. Revoke one that has leaked: it ends at once.")]
pub(super) struct ClientArgs {
    #[command(subcommand)]
    command: ClientCommand,
}

/// What to do with a portal credential.
#[derive(Debug, Subcommand)]
enum ClientCommand {
    Add(AddArgs),
    List(ListArgs),
    Rotate(RotateArgs),
    Revoke(RevokeArgs),
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
    /// 有效期最后一日，最长两年；缺省为一年。 Last day, at most two years ahead; a year when left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    expires_on: Option<NaiveDate>,
}

/// 列出本县区全部门户凭据及其状态。 List the county's portal credentials and how they stand.
#[derive(Debug, Args)]
struct ListArgs {
    /// 行政区划代码（GB/T 2260）。 County code.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: County,
}

/// 更换密钥；新令牌只显示一次，原密钥在重叠期内仍有效。 Renew: the new token is shown once, the former goes on for a while.
#[derive(Debug, Args)]
struct RotateArgs {
    #[command(flatten)]
    which: Which,
    /// 新密钥有效期最后一日，最长两年；缺省为一年。 Last day of the new secret, at most two years ahead; a year when left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    expires_on: Option<NaiveDate>,
    /// 原密钥继续有效的小时数，0 至 720。 Hours that the former secret goes on, 0 to 720.
    #[arg(long, value_name = "HOURS", default_value_t = USUAL_OVERLAP)]
    overlap_hours: i32,
}

/// 吊销凭据，立即且永久失效。 Revoke a credential: it ends at once and for ever.
#[derive(Debug, Args)]
struct RevokeArgs {
    #[command(flatten)]
    which: Which,
}

/// Which credential.
#[derive(Debug, Args)]
struct Which {
    /// 行政区划代码（GB/T 2260）。 County code.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: County,
    /// 凭据编号，见 minsheng client list。 Id of the credential, as `minsheng client list` prints it.
    #[arg(value_name = "ID", required_unless_present = "former")]
    client: Option<Uuid>,
    /// As former releases wrote it.
    #[arg(long = "client", value_name = "ID", hide = true, conflicts_with = "client")]
    former: Option<Uuid>,
}

impl Which {
    fn client(&self) -> PortalClientId {
        PortalClientId(self.client.or(self.former).unwrap_or_default())
    }
}

/// Runs the subcommand and prints what was made and what to do next.
///
/// # Errors
/// Every refusal with its field, in both languages.
pub(super) async fn run(app: &App, args: ClientArgs) -> Result<(), CliError> {
    match args.command {
        ClientCommand::Add(args) => {
            let name = args.name.clone();
            let credential = add(app, args).await?;
            tell!("门户凭据已建立：{name}", "portal credential made: {name}");
            show_token(&credential);
        }
        ClientCommand::List(args) => print!("{}", list(app, args.county).await?),
        ClientCommand::Rotate(args) => {
            let hours = args.overlap_hours;
            let credential = rotate(app, args).await?;
            tell!(
                "密钥已更换，原密钥最多再用 {hours} 小时",
                "renewed; the former secret goes on for at most {hours} hours"
            );
            show_token(&credential);
        }
        ClientCommand::Revoke(args) => {
            revoke(app, args.which).await?;
            tell!("已吊销，立即失效", "revoked; it has ended");
        }
    }
    Ok(())
}

fn show_token(credential: &ClientCredential) {
    let token = credential.reveal();
    tell!("令牌，仅显示这一次：{token}", "token, shown this once: {token}");
    tell!(
        "下一步：写入门户服务端配置，请求头 Authorization: Bearer <令牌>；不要放进网页或小程序",
        "next: put it into the portal's server, sent as `Authorization: Bearer <token>`; never into a page or app"
    );
}

async fn add(app: &App, args: AddArgs) -> Result<ClientCredential, CliError> {
    let AddArgs { county, campaign, channel, name, actions, expires_on } = args;
    let moment = moment(app);
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    let found = channel_of_codes(&tx, &campaign, &channel).await?;
    let Some(channel::Model { id: channel, campaign, .. }) = found else {
        return Err(unknown_channel(&tx, &campaign, &channel).await?.into());
    };
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
        expires_at: portals::end_of(expires_on, moment.now).map_err(Stop::from)?,
    };
    store::create_client(&tx, new, moment).await?;
    tx.commit().await?;
    Ok(credential)
}

async fn rotate(app: &App, args: RotateArgs) -> Result<ClientCredential, CliError> {
    let RotateArgs { which, expires_on, overlap_hours } = args;
    let moment = moment(app);
    let credential = ClientCredential {
        county: which.county.clone(),
        client: which.client(),
        secret: ClientSecret::mint(entropy::random()),
    };
    let new = Renewal {
        secret_hash: credential.secret.hash(),
        expires_at: portals::end_of(expires_on, moment.now).map_err(Stop::from)?,
        overlap_hours,
    };
    let tx = app.db.begin_write(&system::operator(which.county)).await?;
    store::rotate_client(&tx, credential.client, new, moment).await?;
    tx.commit().await?;
    Ok(credential)
}

async fn revoke(app: &App, which: Which) -> Result<(), CliError> {
    let client = which.client();
    let tx = app.db.begin_write(&system::operator(which.county)).await?;
    store::revoke_client(&tx, client, moment(app)).await?;
    Ok(tx.commit().await?)
}

/// One line for each credential, the latest first.
async fn list(app: &App, county: County) -> Result<String, CliError> {
    let now = app.clock.now();
    let tx = app.db.begin_read(&system::operator(county)).await?;
    let mut text = String::new();
    for (row, channel) in store::clients(&tx).await? {
        let day = |at: Option<DateTime<Utc>>| {
            at.map_or_else(|| "-".to_owned(), |at| at.with_timezone(&shanghai()).to_rfc3339())
        };
        let state = match (row.disabled_at, portals::is_active(&row, now)) {
            (Some(_), _) => message!("已吊销", "revoked"),
            (None, true) => message!("有效", "active"),
            (None, false) => message!("已到期", "expired"),
        };
        let (id, channel, name) = (row.id.0.simple(), channel.code, row.name);
        let (until, former) = (day(row.expires_at), day(row.former_until));
        let Message { zh, en } = state;
        let line = message!(
            "{id}  {zh}  到期 {until}  原密钥至 {former}  {channel}  {name}\n",
            "{id}  {en}  until {until}  former until {former}  {channel}  {name}\n",
        );
        text.push_str(&told(line));
    }
    if text.is_empty() {
        text = told(message!("没有门户凭据\n", "no portal credentials\n"));
    }
    Ok(text)
}

fn moment(app: &App) -> Moment<'_> {
    Moment { app, now: app.clock.now() }
}

fn operation(text: &str) -> Result<Operation, String> {
    let names = Operation::ALL.iter().map(|known| known.name());
    let unknown = || {
        message!("没有这个操作，例如 SUBMISSION_SUBMIT", "no such operation, e.g. SUBMISSION_SUBMIT")
            .and(&meant(text, names))
    };
    Operation::parse(&text.to_uppercase()).ok_or_else(|| told(unknown()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::access::authenticate::viewer_of_bearer;
    use crate::campaign::trial::{self, SMALL, Trial};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: ClientArgs,
    }

    fn parse(words: &[&str]) -> ClientCommand {
        let words = [&["client"], words].concat();
        Line::try_parse_from(words).unwrap().args.command
    }

    async fn lets_in(app: &App, credential: &ClientCredential) -> bool {
        let bearer = credential.reveal();
        viewer_of_bearer(app, &bearer, app.clock.now()).await.is_ok()
    }

    #[tokio::test]
    async fn a_credential_is_made_listed_renewed_and_revoked() {
        let trial = Trial::new().await;
        trial.apply_text(SMALL).await;
        let app = trial::app(&trial);
        let place = ["--county", "999999"];
        let add =
            [&["add"][..], &place, &["--campaign", "SLX-2020", "--channel", "MAILBOX", "--name", "网上信箱"]];
        let ClientCommand::Add(args) = parse(&add.concat()) else { unreachable!("add was asked for") };
        let first = super::add(&app, args).await.unwrap();
        let id = first.client.0.simple().to_string();
        let county = County::parse("999999").unwrap();
        let listed = list(&app, county.clone()).await.unwrap();
        assert!(listed.starts_with(&id) && listed.contains("有效  到期"), "{listed}");
        assert!(listed.contains("MAILBOX  网上信箱"), "{listed}");

        let which = ["--county", "999999", "--client", &id];
        let rotate = ["rotate", "--county", "999999", &id, "--overlap-hours", "0"];
        let ClientCommand::Rotate(args) = parse(&rotate) else { unreachable!("rotate was asked for") };
        let second = super::rotate(&app, args).await.unwrap();
        assert!(!lets_in(&app, &first).await && lets_in(&app, &second).await);

        let ClientCommand::Revoke(args) = parse(&[&["revoke"][..], &which].concat()) else {
            unreachable!("revoke was asked for")
        };
        revoke(&app, args.which).await.unwrap();
        assert!(!lets_in(&app, &second).await);
        let listed = list(&app, county).await.unwrap();
        assert!(listed.contains("已吊销"), "{listed}");
        let nobody = ["rotate", "--county", "999999", "--client", "0190a0b0c0d070e080000000000000aa"];
        let ClientCommand::Rotate(args) = parse(&nobody) else { unreachable!("rotate was asked for") };
        assert!(super::rotate(&app, args).await.is_err());
    }
}
