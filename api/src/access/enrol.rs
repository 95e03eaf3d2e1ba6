//! Accounts made by the operator of a county (开户): at the command line, for the demonstration, and in tests.

use entity::enums::Position;
use entity::id::County;

use super::manage::{Draft, Steward};
use super::password::Secret;
use super::store::{self, NewPost};
use super::system;
use crate::app::App;
use crate::graphql::error::{Refusal, Stop};

/// A person and the first post, by the codes of the plan.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// County (GB/T 2260). 行政区划
    pub county: County,
    /// Code of the department in the plan. 单位代码
    pub department: String,
    /// Name to sign in with. 账号名
    pub login: String,
    /// Name shown to colleagues. 显示名
    pub display_name: String,
    /// Rank of the post. 职务
    pub position: Position,
    /// What the post does. 职责
    pub duty: String,
}

/// What was made; the password is shown once and kept nowhere.
#[derive(Debug)]
pub struct Enrolled {
    /// Name of the department. 单位名称
    pub department: String,
    /// The first password. 初始口令
    pub password: Secret,
}

/// Makes an account as the operator, with a line in the audit trail.
///
/// # Errors
/// The department is not in the plan, the login is taken or malformed, or the database is away.
pub async fn enrol(app: &App, person: Enrolment) -> Result<Enrolled, Stop> {
    let Enrolment {
        county,
        department,
        login,
        display_name,
        position,
        duty,
    } = person;
    let operator = system::operator(county);
    let tx = app.db.begin_read(&operator).await?;
    let found = store::department_of_code(&tx, &department).await?;
    drop(tx);
    let found = found.ok_or_else(|| no_department(&department))?;
    let post = NewPost {
        department: found.id,
        position,
        duty,
    };
    let steward = Steward::new(app, &operator, app.clock.now())?;
    let draft = Draft {
        login,
        display_name,
        post,
    };
    let (_, password) = steward.create(draft).await?;
    Ok(Enrolled {
        department: found.name,
        password,
    })
}

fn no_department(code: &str) -> Refusal {
    Refusal::invalid(
        "department",
        format!("该县没有代码为 {code} 的单位；请核对方案，或先执行 minsheng plan apply"),
        format!(
            "No department {code} in this county; check the plan, or run `minsheng plan apply` first"
        ),
    )
}
