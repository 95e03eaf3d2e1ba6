//! `minsheng demo`.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use entity::id::{CampaignId, ChannelId, County};
use tokio::net::TcpListener;

use super::demo_banner::Banner;
use super::serve;
use crate::app::{App, Parts};
use crate::audience::Audience;
use crate::campaign::plans;
use crate::campaign::store::campaign_by_code;
use crate::cli::error::CliError;
use crate::clock::{Clock, day_of};
use crate::config::Config;
use crate::db::{Db, PoolSize, migrate};
use crate::demo::{self, Appointee, DemoAccount, DemoPortal, Folder, KeepFault, Pile, Samples, Seat, Seed};
use crate::http::HttpSettings;
use crate::keys;
use crate::limits::throttle::ThrottlePlan;
use crate::plan::Plan;
use crate::scope::system;
use crate::secrets::entropy;
use crate::secrets::password::{HashCost, PasswordPolicy, Secret, generate};
use crate::sensitive::Sensitive;

/// 一条命令的演示：无需数据库服务器，两县区方案、账号和建议齐备。 A demonstration in one command, without any server.
///
/// 首次启动时在目录中建库、生成密钥和口令；再次启动沿用，不重复写入。
/// The first start makes database, keys and passwords in the folder; later ones go on with them and add nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng demo
  minsheng demo --listen 0.0.0.0:9000 --data-dir demo-data --accounts accounts.json --submissions 10000
从头再来：删除数据目录 / to start afresh, remove the folder: rm -r data/demo")]
pub struct Args {
    /// 监听地址或端口，优先于 MINSHENG_LISTEN。 Where to listen, or a port of this machine, instead of MINSHENG_LISTEN.
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = serve::listen)]
    pub listen: Option<SocketAddr>,
    /// 数据目录。 Folder of the database, the keys and the passwords.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    pub data_dir: PathBuf,
    /// 账号清单另存于此（JSON，含口令）。 Write the accounts with their passwords here too, as JSON.
    #[arg(long, value_name = "FILE")]
    pub accounts: Option<PathBuf>,
    /// 首次启动写入的建议条数，另有几件供谋划项目。 How many suggestions the first start writes, beside a few for projects.
    #[arg(long, value_name = "N", default_value_t = 3_000)]
    pub submissions: u64,
}

/// Prepares what is missing, serves, and says so once the server answers.
pub(super) async fn run(args: Args, config: &Config, started: Instant) -> Result<(), CliError> {
    let listener = serve::bind(args.listen.unwrap_or(config.listen)).await?;
    let Demo { app, accounts, portals, folder } = prepare(&args, config.throttle).await?;
    let mut settings = HttpSettings {
        introspection: config.introspection.unwrap_or(Audience::Everyone),
        ..config.http.clone()
    };
    if listener.local_addr().is_ok_and(|address| address.ip().is_loopback()) {
        settings.demo_accounts = offered(&accounts);
    }
    let banner = Banner {
        address: reachable(&listener)?,
        accounts_file: args.accounts.clone().unwrap_or_else(|| folder.accounts_file()),
        portals_file: folder.portals_file(),
        accounts,
        portals,
        started,
    };
    tokio::spawn(banner.show_when_ready());
    let app = app.with_rates(config.rates).with_token_life(config.token_life);
    serve::serve(Arc::new(app), listener, settings).await
}

/// The accounts as `/explorer` offers them. Elsewhere than on this machine they would be everybody's.
fn offered(accounts: &[DemoAccount]) -> Option<Sensitive> {
    serde_json::to_string(accounts).ok().map(Sensitive::new)
}

/// Everything that a demonstration consists of.
pub struct Demo {
    /// The application on its database.
    pub app: App,
    /// The accounts of both counties.
    pub accounts: Vec<DemoAccount>,
    /// A portal of each county.
    pub portals: Vec<DemoPortal>,
    folder: Folder,
}

/// Makes whatever a former start has not made.
///
/// # Errors
/// The folder can't be used, or is another program's; each says what to do.
pub async fn prepare(args: &Args, throttle: ThrottlePlan) -> Result<Demo, CliError> {
    let folder = Folder::open(&args.data_dir)?;
    let app = open(&folder, throttle).await?;
    let mut texts = Vec::new();
    for text in demo::PLANS {
        texts.push(in_time(&app, text).await?);
    }
    let plans = texts.iter().map(|text| read(text)).collect::<Result<Vec<Plan>, CliError>>()?;
    let (accounts, appointees) = roster(&plans, folder.accounts()?);
    for path in std::iter::once(folder.accounts_file()).chain(args.accounts.clone()) {
        demo::write_list(&path, &accounts)?;
    }
    let stage = Stage { app: &app, folder: &folder, plans: &plans, texts: &texts };
    let filling = stage.people_and_rows(appointees, args.submissions);
    let portals = Box::pin(filling).await?;
    demo::write_list(&folder.portals_file(), &portals)?;
    Ok(Demo { app, accounts, portals, folder })
}

async fn open(folder: &Folder, throttle: ThrottlePlan) -> Result<App, CliError> {
    let secrets = folder.secrets()?;
    let url = folder.database_url();
    migrate::migrate(&url).await?;
    tracing::info!("database ready");
    let parts = Parts {
        db: Db::connect(&url, PoolSize::default()).await?,
        clock: Clock::System,
        master: vec![secrets.master],
        signing: vec![secrets.signing],
        document: Vec::new(),
        document_public: Vec::new(),
        issuer: "minsheng-demo".to_owned(),
        hash_cost: HashCost::OWASP,
        policy: PasswordPolicy::default(),
        throttle,
    };
    let app = App::new(parts)?;
    // Before anything is written with keys that are not the database's.
    keys::take_up(&app).await?;
    Ok(app)
}

/// The accounts of both plans: passwords of former starts are kept, others drawn.
fn roster(plans: &[Plan], kept: Vec<DemoAccount>) -> (Vec<DemoAccount>, Vec<Vec<Appointee>>) {
    let mut kept: HashMap<String, String> =
        kept.into_iter().map(|line| (line.account, line.password)).collect();
    let mut accounts = Vec::new();
    let mut appointee = |seat: Seat| {
        let known = kept.remove(&seat.login);
        let fresh = known.is_none();
        let password = known.map_or_else(|| generate(entropy::random()), |text| Secret::new(&text));
        accounts.push(DemoAccount::of(&seat, password.reveal().to_owned()));
        Appointee { seat, password, fresh }
    };
    let appointees =
        plans.iter().map(|plan| demo::seats(plan).into_iter().map(&mut appointee).collect()).collect();
    (accounts, appointees)
}

/// A plan with its days as a former start set them, or so that today lies in the last week of a campaign that ends.
async fn in_time(app: &App, text: &str) -> Result<String, CliError> {
    let plan = read(text)?;
    let operator = system::operator(county_of(&plan)?);
    let tx = app.db.begin_read(&operator).await?;
    let known = campaign_by_code(&tx, &plan.campaign.code).await?;
    let days = known.map_or_else(
        || demo::into_last_week(&plan, day_of(app.clock.now())),
        |row| (row.opens_on - plan.campaign.opens_on).num_days(),
    );
    Ok(demo::moved(text, days))
}

/// On what everything is made.
struct Stage<'a> {
    app: &'a App,
    folder: &'a Folder,
    plans: &'a [Plan],
    texts: &'a [String],
}

impl Stage<'_> {
    /// County by county the plan, the people, the portal; then hashes and entries side by side, for both take a core.
    async fn people_and_rows(
        &self,
        appointees: Vec<Vec<Appointee>>,
        submissions: u64,
    ) -> Result<Vec<DemoPortal>, CliError> {
        let (app, kept) = (self.app, self.folder.portals()?);
        let (mut portals, mut newcomers, mut fills) = (Vec::new(), Vec::new(), Vec::new());
        let parts = shared_out(self.plans, submissions);
        for (((plan, text), appointees), count) in
            self.plans.iter().zip(self.texts).zip(appointees).zip(parts)
        {
            let county = county_of(plan)?;
            let campaign = plans::apply(app, plan, text).await?.campaign;
            newcomers.push((county.clone(), demo::appoint(app, &county, appointees, app.clock.now()).await?));
            let (portal, client) = portal(app, plan, campaign, &kept).await?;
            portals.push(portal);
            fills.push((plan, count, client));
        }
        let strengthen = async {
            for (county, newcomers) in newcomers {
                demo::strengthen(app, &county, newcomers).await?;
            }
            Ok::<_, CliError>(())
        };
        let fill = async {
            for (plan, count, client) in fills {
                self.fill(plan, count, client).await?;
            }
            Ok::<_, CliError>(())
        };
        tokio::try_join!(strengthen, fill)?;
        Ok(portals)
    }

    async fn fill(&self, plan: &Plan, count: u64, portal: Client) -> Result<(), CliError> {
        let app = self.app;
        // The county's code is the seed: the same rows on every machine, others in each county.
        let seed = Seed(plan.county.code.parse().unwrap_or_default());
        let today = day_of(app.clock.now());
        let samples = Samples::of(plan, seed, today.pred_opt().unwrap_or_default());
        let county = &plan.county.code;
        let Some(mut pile) = Pile::of(app, plan, &samples, count, Some(portal)).await? else {
            tracing::info!(county, "suggestions are there already");
            return Ok(());
        };
        if plan.campaign.closes_on.is_none() {
            let rows = pile.write_until(app.clock.now()).await?;
            tracing::info!(county, rows, "suggestions written");
            return Ok(());
        }
        self.folder.begin_playing()?;
        demo::play(app, plan, pile).await?;
        self.folder.end_playing()?;
        tracing::info!(county, "suggestions and the work on them written");
        Ok(())
    }
}

type Client = (ChannelId, entity::id::PortalClientId);

/// The portal of a county's social media or website, whichever the plan names first.
async fn portal(
    app: &App,
    plan: &Plan,
    campaign: CampaignId,
    kept: &[DemoPortal],
) -> Result<(DemoPortal, Client), CliError> {
    use crate::plan::ChannelKind::{SocialMedia, Website};
    let county = county_of(plan)?;
    let public = plan.channels.iter().find(|channel| matches!(channel.kind, SocialMedia | Website));
    let public = public.ok_or_else(|| CliError::new("a shipped plan without a public channel"))?;
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    let row = crate::campaign::channels::channel_of_codes(&tx, &plan.campaign.code, &public.code).await?;
    drop(tx);
    let channel = row.ok_or_else(|| CliError::new(format!("{} was not applied", public.code)))?.id;
    let known = kept.iter().find(|line| line.county == plan.county.code).map(|line| line.token.as_str());
    let named = (channel, public.name.as_str());
    let credential = demo::open_portal(app, campaign, named, &county, known, app.clock.now()).await?;
    let line = DemoPortal {
        county: plan.county.code.clone(),
        campaign: plan.campaign.code.clone(),
        channel: public.code.clone(),
        token: credential.reveal(),
    };
    Ok((line, (channel, credential.client)))
}

/// As many for each county as it has streams.
fn shared_out(plans: &[Plan], submissions: u64) -> Vec<u64> {
    let all: u64 = plans.iter().map(|plan| plan.streams.len() as u64).sum();
    let mut rest = submissions;
    let mut counts: Vec<u64> = Vec::new();
    for plan in plans.iter().skip(1) {
        let part = submissions * plan.streams.len() as u64 / all.max(1);
        rest -= part;
        counts.push(part);
    }
    counts.insert(0, rest);
    counts
}

fn read(text: &str) -> Result<Plan, CliError> {
    Plan::parse("plan", text)
        .map_err(|errors| CliError::new(errors.iter().map(ToString::to_string).collect::<String>()))
}

fn county_of(plan: &Plan) -> Result<County, CliError> {
    County::parse(&plan.county.code).ok_or_else(|| CliError::new("county.code"))
}

/// The address as this machine reaches it: one that stands for all is reached by loopback.
fn reachable(listener: &TcpListener) -> Result<SocketAddr, CliError> {
    let mut address = listener.local_addr().map_err(CliError::of)?;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    Ok(address)
}

impl From<KeepFault> for CliError {
    fn from(fault: KeepFault) -> Self {
        fault.message().into()
    }
}
