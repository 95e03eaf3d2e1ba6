//! `minsheng generate`.

mod owner;

use std::path::PathBuf;
use std::time::Instant;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use entity::id::County;
use indicatif::{ProgressBar, ProgressStyle};

pub use owner::Owner;

use super::county::county;
use super::serve::stop_signal;
use super::words::{tell, told};
use crate::app::{App, Parts};
use crate::cli::error::CliError;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, migrate};
use crate::demo::{self, Appointee, DemoAccount, Seed, Wanted};
use crate::limits::throttle::ThrottlePlan;
use crate::plan::Plan;
use crate::refusal::{Message, message};
use crate::secrets::entropy;
use crate::secrets::password::{HashCost, PasswordPolicy, generate as password};

/// 生成测试数据：一个新县，分布固定，供性能测量。 Fill a new county with generated data, for measurements.
///
/// PostgreSQL 需要 MINSHENG_DATABASE_URL 和 MINSHENG_OWNER_URL；运行期间不得有服务连接该库。
/// On PostgreSQL both MINSHENG_DATABASE_URL and MINSHENG_OWNER_URL are needed, and nobody may serve the database meanwhile.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng generate --submissions 1000000 --departments 40
  minsheng generate --county 990002 --submissions 10000 --departments 60 --accounts accounts.json")]
pub(super) struct Args {
    /// 建议条数。 Suggestions.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    submissions: u32,
    /// 征集单位数，40 至 500。 Collecting departments, 40 to 500.
    #[arg(long, value_name = "M", default_value_t = 40, value_parser = clap::value_parser!(u16).range(40..=500))]
    departments: u16,
    /// 行政区划代码；该县不得已有建议。 Code of the county, which must have no suggestions yet.
    #[arg(long, value_name = "CODE", default_value = "990001", value_parser = county)]
    county: County,
    /// 种子。 Another seed gives other texts in the same places.
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// 为每种单位建账号并写入此文件（JSON，含口令）。 Make an account for each kind of department and list them here.
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,
}

pub(super) async fn run(args: Args, config: &Config) -> Result<(), CliError> {
    let started = Instant::now();
    let Args { submissions, departments, county, seed, accounts } = args;
    let wanted = Wanted { county, departments: departments.into(), submissions, seed: Seed(seed) };
    let url = config.database_url()?.reveal();
    let owner = config.owner_url()?.reveal();
    migrate::migrate(owner).await?;
    let app = open(Db::connect(url, config.pool).await?)?;
    if url.starts_with("sqlite:") {
        fill(&app, &wanted).await?;
    } else {
        fill_with_owner(&app, &wanted, owner).await?;
    }
    if let Some(path) = accounts {
        appoint(&app, &wanted, &path).await?;
    }
    let Wanted { county, departments, submissions, .. } = wanted;
    let seconds = started.elapsed().as_secs();
    tell!(
        "已生成：县区 {county}，意见建议 {submissions} 条，单位 {departments} 个，用时 {seconds} 秒",
        "generated: county {county}, {submissions} suggestions, {departments} departments, in {seconds} s"
    );
    Ok(())
}

/// Nothing that is generated is sealed or signed, so keys that nobody keeps will do.
fn open(db: Db) -> Result<App, CliError> {
    let key = || BASE64_STANDARD.encode(entropy::random::<32>());
    let parts = Parts {
        db,
        clock: Clock::System,
        master: vec![key()],
        signing: vec![key()],
        document: Vec::new(),
        document_public: Vec::new(),
        issuer: "minsheng-generate".to_owned(),
        hash_cost: HashCost::OWASP,
        policy: PasswordPolicy::default(),
        throttle: ThrottlePlan::default(),
    };
    Ok(App::new(parts)?)
}

async fn fill_with_owner(app: &App, wanted: &Wanted, url: &str) -> Result<(), CliError> {
    say(message!("准备", "setting indexes and triggers aside"));
    let mut owner = Owner::set_aside(url).await?;
    let filled = tokio::select! {
        filled = rows(app, wanted) => filled,
        () = stop_signal() => Err(message!("已中断；数据不全，请换新库重来", "interrupted, the county is incomplete: start again on a new database").into()),
    };
    say(message!("重建索引", "building the indexes"));
    owner.put_back().await?;
    filled?;
    say(message!("汇总", "counting the figures"));
    demo::count(app, wanted).await?;
    say(message!("统计信息", "vacuum and statistics"));
    Ok(owner.tidy().await?)
}

async fn fill(app: &App, wanted: &Wanted) -> Result<(), CliError> {
    rows(app, wanted).await?;
    Ok(demo::count(app, wanted).await?)
}

async fn rows(app: &App, wanted: &Wanted) -> Result<(), CliError> {
    let bar = ProgressBar::new(wanted.submissions.into());
    let left = told(message!("剩余", "left"));
    let look =
        format!("{{elapsed_precise}} [{{wide_bar}}] {{human_pos}}/{{human_len}} {{per_sec}} {left} {{eta}}");
    if let Ok(style) = ProgressStyle::with_template(&look) {
        bar.set_style(style);
    }
    let outcome = demo::generate(app, wanted, |count| bar.inc(count)).await;
    bar.finish();
    Ok(outcome?)
}

async fn appoint(app: &App, wanted: &Wanted, path: &std::path::Path) -> Result<(), CliError> {
    let text = demo::plan_text(wanted.county.as_str(), wanted.departments);
    let plan = Plan::parse("generated", &text).map_err(|errors| CliError::new(format!("{errors:?}")))?;
    let appointee = |seat| Appointee { seat, password: password(entropy::random()), fresh: true };
    let appointees: Vec<Appointee> = demo::seats(&plan).into_iter().map(appointee).collect();
    let list: Vec<DemoAccount> =
        appointees.iter().map(|one| DemoAccount::of(&one.seat, one.password.reveal().to_owned())).collect();
    let newcomers = demo::appoint(app, &wanted.county, appointees, app.clock.now()).await?;
    demo::strengthen(app, &wanted.county, newcomers).await?;
    Ok(demo::write_list(path, &list)?)
}

fn say(what: Message) {
    eprintln!("{} …", told(what));
}
