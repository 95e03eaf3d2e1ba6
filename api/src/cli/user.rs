//! `minsheng user add|disable|enable|reset|requests|approve|reject|withdraw`.

use clap::{Args, Subcommand};
use entity::account_request;
use entity::enums::Position;
use entity::id::{AccountId, AccountRequestId, County};
use uuid::Uuid;

use crate::access::manage::{self, Appointed, Appointment, Outcome, Steward};
use crate::access::{rules, store};
use crate::app::App;
use crate::cli::error::CliError;
use crate::db::Fault;
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::scope::system;
use crate::scope::viewer::Viewer;

/// 管理账号；以操作员身份执行，并留审计记录。主要负责人、系统管理员、安全审计员的账号须由一名系统管理员核准。
///
/// Manage accounts, as the operator, with a line in the audit trail. What concerns a head, an administrator or an auditor
/// waits for an administrator's approval, except in a county that has no administrator yet.
#[derive(Debug, Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng user add --county 130803 --department DAFENG --login 130803-dafeng-03 --name 经办人丙 --position OFFICER
  minsheng user reset dafeng-03
  minsheng user enable dafeng-03 --reason 返岗
  minsheng user requests --county 130803
  minsheng user disable dafeng-03")]
pub(super) struct UserArgs {
    #[command(subcommand)]
    command: UserCommand,
}

/// What to do with an account.
#[derive(Debug, Subcommand)]
enum UserCommand {
    Add(Box<AddArgs>),
    Disable(NamedArgs),
    Enable(EnableArgs),
    Reset(ResetArgs),
    Requests(RequestsArgs),
    Approve(DecideArgs),
    Reject(RejectArgs),
    Withdraw(DecideArgs),
}

/// 新建账号及其首个岗位；口令只显示一次。 Make an account with its first post; the password is shown once.
#[derive(Debug, Args)]
struct AddArgs {
    /// 行政区划代码（GB/T 2260）。 County code.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: County,
    /// 方案中的单位代码。 Code of the department in the plan.
    #[arg(long, value_name = "CODE")]
    department: String,
    /// 账号名：以县区代码和短横开头，至多 64 个小写字母、数字、点、下划线、短横。 Name to sign in with; begins with the county.
    #[arg(long)]
    login: String,
    /// 显示名。 Name shown to colleagues.
    #[arg(long)]
    name: String,
    /// 职务：HEAD、DEPUTY 或 OFFICER。 Rank of the post.
    #[arg(long, default_value = "OFFICER", value_parser = position)]
    position: Position,
    /// 职责。 What the post does.
    #[arg(long, default_value = "")]
    duty: String,
}

/// 停用账号，其登录立即失效。 Disable an account; its access ends at once.
#[derive(Debug, Args)]
struct NamedArgs {
    /// 账号名。 Name to sign in with.
    login: String,
}

/// 启用已停用的账号，口令不变。 Open a disabled account again; its password stays.
#[derive(Debug, Args)]
struct EnableArgs {
    /// 账号名。 Name to sign in with.
    login: String,
    /// 理由，记入审计。 Why; kept in the audit trail.
    #[arg(long)]
    reason: String,
}

/// 列出待核准的账号申请。 List the requests that wait for approval.
#[derive(Debug, Args)]
struct RequestsArgs {
    /// 行政区划代码（GB/T 2260）。 County code.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: County,
}

/// 核准他人的申请，或撤回操作员的申请。 Approve a request of somebody else, or withdraw one of the operator.
#[derive(Debug, Args)]
struct DecideArgs {
    /// 行政区划代码（GB/T 2260）。 County code.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: County,
    /// 申请编号，见 user requests。 Key of the request, as `user requests` lists it.
    request: Uuid,
}

/// 驳回申请。 Reject a request.
#[derive(Debug, Args)]
struct RejectArgs {
    #[command(flatten)]
    which: DecideArgs,
    /// 理由。 Why.
    #[arg(long)]
    reason: String,
}

/// 重置口令，其登录立即失效；口令只显示一次。 Set a new password, shown once; access ends at once.
#[derive(Debug, Args)]
struct ResetArgs {
    /// 账号名。 Name to sign in with.
    login: String,
    /// 同时重新启用已停用的账号。 Open a disabled account again.
    #[arg(long)]
    enable: bool,
}

/// Runs the subcommand and prints what was done and what to do next.
///
/// # Errors
/// Every refusal with its field, in both languages.
pub(super) async fn run(app: &App, args: UserArgs) -> Result<(), CliError> {
    match args.command {
        UserCommand::Add(args) => add(app, *args).await,
        UserCommand::Disable(NamedArgs { login }) => disable(app, &login).await,
        UserCommand::Enable(EnableArgs { login, reason }) => enable(app, &login, &reason).await,
        UserCommand::Reset(ResetArgs { login, enable }) => reset(app, &login, enable).await,
        UserCommand::Requests(RequestsArgs { county }) => requests(app, county).await,
        UserCommand::Approve(args) => approve(app, args).await,
        UserCommand::Reject(RejectArgs { which, reason }) => reject(app, which, &reason).await,
        UserCommand::Withdraw(args) => withdraw(app, args).await,
    }
}

async fn add(app: &App, args: AddArgs) -> Result<(), CliError> {
    let AddArgs { county, department, login, name, position, duty } = args;
    let new = Appointment { county, department, login: login.clone(), display_name: name, position, duty };
    let Appointed { department, outcome } = manage::appoint(app, new).await?;
    if matches!(outcome, Outcome::Done { .. }) {
        println!("账号已建立 / account made: {login}（{}，{}）", department.name, position.as_str());
    }
    tell(&outcome);
    Ok(())
}

async fn disable(app: &App, login: &str) -> Result<(), CliError> {
    let (county, account) = find(app, login).await?;
    let operator = system::operator(county);
    steward(app, &operator)?.disable(account).await?;
    println!("账号已停用，登录已失效 / account disabled, its access has ended: {login}");
    println!("如需恢复 / to open it again: minsheng user enable {login} --reason …");
    Ok(())
}

async fn enable(app: &App, login: &str, reason: &str) -> Result<(), CliError> {
    let (county, account) = find(app, login).await?;
    let operator = system::operator(county);
    steward(app, &operator)?.enable(account, reason).await?;
    println!("账号已启用 / account open again: {login}");
    Ok(())
}

async fn reset(app: &App, login: &str, enable: bool) -> Result<(), CliError> {
    let (county, account) = find(app, login).await?;
    let operator = system::operator(county);
    let steward = steward(app, &operator)?;
    if enable {
        steward.enable(account, "user reset --enable").await?;
    }
    let outcome = steward.reset_password(account).await?;
    if matches!(outcome, Outcome::Done { .. }) {
        println!("口令已重置，原登录已失效 / password set anew, earlier access has ended: {login}");
    }
    tell(&outcome);
    Ok(())
}

async fn requests(app: &App, county: County) -> Result<(), CliError> {
    let tx = app.db.begin_read(&system::operator(county)).await?;
    let waiting = store::waiting_requests(&tx, app.clock.now()).await?;
    if waiting.is_empty() {
        println!("没有待核准的申请 / no request waits for approval");
    }
    for account_request::Model { id, kind, login, display_name, position, requester, expires_at, .. } in
        waiting
    {
        let rank = position.map_or("", Position::as_str);
        println!(
            "{}  {} {rank}  {login}（{display_name}）  申请人 / asked by {requester}  至 / until {}",
            id.0,
            kind.as_str(),
            expires_at.format("%F %R UTC")
        );
    }
    Ok(())
}

async fn approve(app: &App, args: DecideArgs) -> Result<(), CliError> {
    let operator = system::operator(args.county);
    let steward = steward(app, &operator)?;
    let (_, half) = steward.approve(AccountRequestId(args.request)).await?;
    println!("已核准 / approved: {}", args.request);
    println!("口令后半，仅显示这一次 / second half of the password, shown this once: {}", half.reveal());
    println!("下一步：当面交给本人；完整口令为「前半-后半」，首次登录须修改");
    println!(
        "next: hand it over in person; the password is first half, hyphen, second half, to be changed at the first sign-in"
    );
    Ok(())
}

async fn reject(app: &App, which: DecideArgs, reason: &str) -> Result<(), CliError> {
    let operator = system::operator(which.county);
    let steward = steward(app, &operator)?;
    let id = AccountRequestId(which.request);
    steward.reject(id, reason).await?;
    println!("已驳回 / rejected: {}", which.request);
    Ok(())
}

async fn withdraw(app: &App, args: DecideArgs) -> Result<(), CliError> {
    let operator = system::operator(args.county);
    let steward = steward(app, &operator)?;
    steward.withdraw(AccountRequestId(args.request)).await?;
    println!("已撤回 / withdrawn: {}", args.request);
    Ok(())
}

fn steward<'a>(app: &'a App, operator: &'a Viewer) -> Result<Steward<'a>, Stop> {
    Ok(Steward::new(app, operator, app.clock.now())?)
}

async fn find(app: &App, login: &str) -> Result<(County, AccountId), CliError> {
    let unknown = || CliError(format!("没有账号 {login}；请核对账号名 / no account {login}; check the name"));
    let name = rules::login(login).map_err(|_| unknown())?;
    let doorkeeper = system::doorkeeper().ok_or_else(unknown)?;
    let tx = app.db.begin_read(&doorkeeper).await?;
    store::account_of_login(&tx, &name).await?.ok_or_else(unknown)
}

fn tell(outcome: &Outcome) {
    match outcome {
        Outcome::Done { password: Some(password), .. } => {
            println!("口令，仅显示这一次 / password, shown this once: {}", password.reveal());
            println!("下一步：当面交给本人，首次登录须用 passwordChange 修改");
            println!(
                "next: hand it over in person; it must be changed by `passwordChange` at the first sign-in"
            );
        }
        Outcome::Done { password: None, .. } => {}
        Outcome::Asked { request, half } => {
            println!(
                "须由一名系统管理员核准，七日内有效 / waits for an administrator's approval, 7 days: {}",
                request.0
            );
            println!(
                "口令前半，仅显示这一次 / first half of the password, shown this once: {}",
                half.reveal()
            );
            println!("下一步：管理员用 accountRequestApprove 核准并取得后半；前半、后半分别当面交给本人");
            println!(
                "next: the administrator approves by `accountRequestApprove` and is shown the second half; each hands over the own half"
            );
        }
    }
}

/// Reads a county code.
pub(super) fn county(text: &str) -> Result<County, String> {
    County::parse(text).ok_or_else(|| "应为六位行政区划代码 / six digits, e.g. 130803".to_owned())
}

fn position(text: &str) -> Result<Position, String> {
    let known = || "应为 / one of: HEAD, DEPUTY, OFFICER".to_owned();
    Position::parse(&text.to_uppercase()).ok_or_else(known)
}

/// What a step came to, for the operator: each refusal with its field in both languages.
impl From<Stop> for CliError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusals) => Self(refusals.iter().map(told).collect::<Vec<_>>().join("\n")),
            Stop::Raced => Self::from(Stop::Failed(Fault::Taken.into())),
            Stop::Failed(error) => Self(format!(
                "未能完成（{0}），原因见日志 / failed ({0}); the log has the cause",
                error.code().as_str()
            )),
        }
    }
}

fn told(refusal: &Refusal) -> String {
    let Refusal { code: _, field, message } = refusal;
    let field = if field.is_empty() { String::new() } else { format!("{}: ", field.join(".")) };
    format!("{field}{} / {}", message.zh, message.en)
}
