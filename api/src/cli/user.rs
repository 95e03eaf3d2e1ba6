//! `minsheng user add|disable|enable|reset|requests|approve|reject|withdraw`.

use clap::{Args, Subcommand};
use entity::account_request;
use entity::enums::Position;
use entity::id::{AccountId, AccountRequestId, County};
use uuid::Uuid;

use crate::access::manage::{self, Appointed, Appointment, Outcome, Steward};
use crate::access::{rules, store};
use crate::app::App;
use crate::cli::county::county;
use crate::cli::error::CliError;
use crate::cli::words::{tell, told};
use crate::error::Stop;
use crate::refusal::{meant, message};
use crate::scope::system;
use crate::scope::viewer::Viewer;

/// 管理账号；以操作员身份执行，并留审计记录。主要负责人、系统管理员、安全审计员的账号须由一名系统管理员核准。
///
/// Manage accounts, as the operator, with a line in the audit trail. What concerns a head, an administrator or an auditor
/// waits for an administrator's approval, except in a county that has no administrator yet.
#[derive(Debug, Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng user add 130803-dafeng-03 --county 130803 --department DAFENG --name 经办人丙 --position OFFICER
  minsheng user reset 130803-dafeng-03
  minsheng user enable 130803-dafeng-03 --reason 返岗
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

/// The account that is meant: the first word behind the subcommand, in all of them.
#[derive(Debug, Args)]
struct Named {
    /// 账号名：3 至 64 个小写字母、数字、点、下划线、短横。 Name to sign in with.
    #[arg(value_name = "LOGIN", required_unless_present = "former")]
    login: Option<String>,
    /// As former releases wrote it.
    #[arg(long = "login", value_name = "LOGIN", hide = true, conflicts_with = "login")]
    former: Option<String>,
}

impl Named {
    fn login(self) -> String {
        self.login.or(self.former).unwrap_or_default()
    }
}

/// 新建账号及其首个岗位；口令只显示一次。 Make an account with its first post; the password is shown once.
#[derive(Debug, Args)]
struct AddArgs {
    #[command(flatten)]
    named: Named,
    /// 行政区划代码（GB/T 2260）。 County code.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: County,
    /// 方案中的单位代码。 Code of the department in the plan.
    #[arg(long, value_name = "CODE")]
    department: String,
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
    #[command(flatten)]
    named: Named,
}

/// 启用已停用的账号，口令不变。 Open a disabled account again; its password stays.
#[derive(Debug, Args)]
struct EnableArgs {
    #[command(flatten)]
    named: Named,
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
    #[command(flatten)]
    named: Named,
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
        UserCommand::Disable(NamedArgs { named }) => disable(app, &named.login()).await,
        UserCommand::Enable(EnableArgs { named, reason }) => enable(app, &named.login(), &reason).await,
        UserCommand::Reset(ResetArgs { named, enable }) => reset(app, &named.login(), enable).await,
        UserCommand::Requests(RequestsArgs { county }) => requests(app, county).await,
        UserCommand::Approve(args) => approve(app, args).await,
        UserCommand::Reject(RejectArgs { which, reason }) => reject(app, which, &reason).await,
        UserCommand::Withdraw(args) => withdraw(app, args).await,
    }
}

async fn add(app: &App, args: AddArgs) -> Result<(), CliError> {
    let AddArgs { named, county, department, name, position, duty } = args;
    let login = named.login();
    let new = Appointment { county, department, login: login.clone(), display_name: name, position, duty };
    let Appointed { department, outcome } = manage::appoint(app, new).await?;
    if matches!(outcome, Outcome::Done { .. }) {
        let (department, position) = (department.name, position.as_str());
        tell!(
            "账号已建立：{login}（{department}，{position}）",
            "account made: {login} ({department}, {position})"
        );
    }
    hand_over(&outcome);
    Ok(())
}

async fn disable(app: &App, login: &str) -> Result<(), CliError> {
    let (county, account) = find(app, login).await?;
    let operator = system::operator(county);
    steward(app, &operator)?.disable(account).await?;
    tell!("账号已停用，登录已失效：{login}", "account disabled, its access has ended: {login}");
    tell!(
        "如需恢复：minsheng user enable {login} --reason …",
        "to open it again: minsheng user enable {login} --reason …"
    );
    Ok(())
}

async fn enable(app: &App, login: &str, reason: &str) -> Result<(), CliError> {
    let (county, account) = find(app, login).await?;
    let operator = system::operator(county);
    steward(app, &operator)?.enable(account, reason).await?;
    tell!("账号已启用：{login}", "account open again: {login}");
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
        tell!("口令已重置，原登录已失效：{login}", "password set anew, earlier access has ended: {login}");
    }
    hand_over(&outcome);
    Ok(())
}

async fn requests(app: &App, county: County) -> Result<(), CliError> {
    let tx = app.db.begin_read(&system::operator(county)).await?;
    let waiting = store::waiting_requests(&tx, app.clock.now()).await?;
    if waiting.is_empty() {
        tell!("没有待核准的申请", "no request waits for approval");
    }
    for account_request::Model { id, kind, login, display_name, position, requester, expires_at, .. } in
        waiting
    {
        let rank = position.map_or("", Position::as_str);
        let (id, kind, until) = (id.0, kind.as_str(), expires_at.format("%F %R UTC"));
        tell!(
            "{id}  {kind} {rank}  {login}（{display_name}）  申请人 {requester}  至 {until}",
            "{id}  {kind} {rank}  {login} ({display_name})  asked by {requester}  until {until}"
        );
    }
    Ok(())
}

async fn approve(app: &App, args: DecideArgs) -> Result<(), CliError> {
    let operator = system::operator(args.county);
    let steward = steward(app, &operator)?;
    let (_, half) = steward.approve(AccountRequestId(args.request)).await?;
    let (request, half) = (args.request, half.reveal());
    tell!("已核准：{request}", "approved: {request}");
    tell!("口令后半，仅显示这一次：{half}", "second half of the password, shown this once: {half}");
    tell!(
        "下一步：当面交给本人；完整口令为「前半-后半」，首次登录须修改",
        "next: hand it over in person; the password is first half, hyphen, second half, to be changed at the first sign-in"
    );
    Ok(())
}

async fn reject(app: &App, which: DecideArgs, reason: &str) -> Result<(), CliError> {
    let operator = system::operator(which.county);
    let steward = steward(app, &operator)?;
    let id = AccountRequestId(which.request);
    steward.reject(id, reason).await?;
    let request = which.request;
    tell!("已驳回：{request}", "rejected: {request}");
    Ok(())
}

async fn withdraw(app: &App, args: DecideArgs) -> Result<(), CliError> {
    let operator = system::operator(args.county);
    let steward = steward(app, &operator)?;
    steward.withdraw(AccountRequestId(args.request)).await?;
    let request = args.request;
    tell!("已撤回：{request}", "withdrawn: {request}");
    Ok(())
}

fn steward<'a>(app: &'a App, operator: &'a Viewer) -> Result<Steward<'a>, Stop> {
    Ok(Steward::new(app, operator, app.clock.now())?)
}

async fn find(app: &App, login: &str) -> Result<(County, AccountId), CliError> {
    let unknown =
        || CliError::from(message!("没有账号 {login}；请核对账号名", "no account {login}; check the name"));
    let name = rules::login(login).map_err(|_| unknown())?;
    let doorkeeper = system::doorkeeper().ok_or_else(unknown)?;
    let tx = app.db.begin_read(&doorkeeper).await?;
    store::account_of_login(&tx, &name).await?.ok_or_else(unknown)
}

fn hand_over(outcome: &Outcome) {
    match outcome {
        Outcome::Done { password: Some(password), .. } => {
            let password = password.reveal();
            tell!("口令，仅显示这一次：{password}", "password, shown this once: {password}");
            tell!(
                "下一步：当面交给本人，首次登录须用 passwordChange 修改",
                "next: hand it over in person; it must be changed by `passwordChange` at the first sign-in"
            );
        }
        Outcome::Done { password: None, .. } => {}
        Outcome::Asked { request, half } => {
            let (request, half) = (request.0, half.reveal());
            tell!(
                "须由一名系统管理员核准，七日内有效：{request}",
                "waits for an administrator's approval, 7 days: {request}"
            );
            tell!("口令前半，仅显示这一次：{half}", "first half of the password, shown this once: {half}");
            tell!(
                "下一步：管理员用 accountRequestApprove 核准并取得后半；前半、后半分别当面交给本人",
                "next: the administrator approves by `accountRequestApprove` and is shown the second half; each hands over the own half"
            );
        }
    }
}

fn position(text: &str) -> Result<Position, String> {
    let ranks = Position::ALL.iter().map(|rank| rank.as_str());
    let known = || {
        message!("应为 HEAD、DEPUTY 或 OFFICER", "one of HEAD, DEPUTY, OFFICER is needed")
            .and(&meant(text, ranks))
    };
    Position::parse(&text.to_uppercase()).ok_or_else(|| told(known()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: UserArgs,
    }

    fn login(words: &[&str]) -> Option<String> {
        let args = Line::try_parse_from([&["user"], words].concat()).ok()?.args;
        match args.command {
            UserCommand::Add(args) => Some(args.named.login()),
            UserCommand::Reset(args) => Some(args.named.login()),
            _ => None,
        }
    }

    #[test]
    fn every_subcommand_names_the_account_alike_and_the_former_way_is_understood() {
        let rest = ["--county", "130803", "--department", "A1", "--name", "经办人甲"];
        for name in [&["a1-01"][..], &["--login", "a1-01"]] {
            assert_eq!(login(&[&["add"], name, &rest].concat()).as_deref(), Some("a1-01"));
            assert_eq!(login(&[&["reset"], name].concat()).as_deref(), Some("a1-01"));
        }
        assert_eq!(login(&["reset"]), None);
        assert_eq!(login(&["reset", "a1-01", "--login", "a1-02"]), None);
    }

    #[test]
    fn a_misspelt_rank_is_told_with_the_one_that_is_meant() {
        assert_eq!(position("officer"), Ok(Position::Officer));
        assert!(position("OFICER").unwrap_err().contains("是否想输入 OFFICER？"));
    }
}
