//! `minsheng user add|disable|reset`.

use clap::{Args, Subcommand};
use entity::enums::Position;
use entity::id::{AccountId, County};

use super::CliError;
use crate::access::manage::{self, Appointed, Appointment, Steward};
use crate::access::password::Secret;
use crate::access::store;
use crate::access::{rules, system};
use crate::app::App;
use crate::db::Fault;
use crate::graphql::error::{Refusal, Stop};

/// 管理账号；以操作员身份执行，并留审计记录。 Manage accounts, as the operator, with a line in the audit trail.
#[derive(Debug, Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng user add --county 130803 --department DAFENG --login dafeng-03 --name 经办人丙 --position OFFICER
  minsheng user reset dafeng-03
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
    Reset(ResetArgs),
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
    /// 账号名：3 至 64 个小写字母、数字、点、下划线、短横。 Name to sign in with.
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
        UserCommand::Reset(ResetArgs { login, enable }) => reset(app, &login, enable).await,
    }
}

async fn add(app: &App, args: AddArgs) -> Result<(), CliError> {
    let AddArgs {
        county,
        department,
        login,
        name,
        position,
        duty,
    } = args;
    let new = Appointment {
        county,
        department,
        login: login.clone(),
        display_name: name,
        position,
        duty,
    };
    let Appointed {
        account: _,
        department,
        password,
    } = manage::appoint(app, new).await?;
    println!(
        "账号已建立 / account made: {login}（{}，{}）",
        department.name,
        position.as_str()
    );
    show(&password);
    Ok(())
}

async fn disable(app: &App, login: &str) -> Result<(), CliError> {
    let (county, account) = find(app, login).await?;
    let operator = system::operator(county);
    let steward = Steward::new(app, &operator, app.clock.now()).map_err(Stop::from)?;
    steward.disable(account).await?;
    println!("账号已停用，登录已失效 / account disabled, its access has ended: {login}");
    println!("如需恢复 / to open it again: minsheng user reset --enable {login}");
    Ok(())
}

async fn reset(app: &App, login: &str, enable: bool) -> Result<(), CliError> {
    let (county, account) = find(app, login).await?;
    let operator = system::operator(county);
    let steward = Steward::new(app, &operator, app.clock.now()).map_err(Stop::from)?;
    let password = steward.reset_password(account, enable).await?;
    println!("口令已重置，原登录已失效 / password set anew, earlier access has ended: {login}");
    show(&password);
    Ok(())
}

async fn find(app: &App, login: &str) -> Result<(County, AccountId), CliError> {
    let unknown = || {
        CliError(format!(
            "没有账号 {login}；请核对账号名 / no account {login}; check the name"
        ))
    };
    let name = rules::login(login).map_err(|_| unknown())?;
    let doorkeeper = system::doorkeeper().ok_or_else(unknown)?;
    let tx = app.db.begin_read(&doorkeeper).await?;
    store::account_of_login(&tx, &name)
        .await?
        .ok_or_else(unknown)
}

fn show(password: &Secret) {
    println!(
        "口令，仅显示这一次 / password, shown this once: {}",
        password.reveal()
    );
    println!("下一步：当面交给本人，首次登录后用 passwordChange 修改");
    println!(
        "next: hand it over in person; to be changed by `passwordChange` after the first sign-in"
    );
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
            Stop::Refused(refusals) => {
                Self(refusals.iter().map(told).collect::<Vec<_>>().join("\n"))
            }
            Stop::Raced => Self::from(Stop::Failed(Fault::Taken.into())),
            Stop::Failed(error) => Self(format!(
                "未能完成（{0}），原因见日志 / failed ({0}); the log has the cause",
                error.code().as_str()
            )),
        }
    }
}

fn told(refusal: &Refusal) -> String {
    let Refusal {
        code: _,
        field,
        message,
    } = refusal;
    let field = if field.is_empty() {
        String::new()
    } else {
        format!("{}: ", field.join("."))
    };
    format!("{field}{} / {}", message.zh, message.en)
}
