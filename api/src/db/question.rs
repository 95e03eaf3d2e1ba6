//! The question of every request with a session: whose it is. It is a prepared statement of each connection, for its plan
//! takes far longer than its run.

use std::sync::OnceLock;

use entity::id::SessionId;
use entity::{account, department, post, session};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sea_orm::sea_query::{Expr, PostgresQueryBuilder, SelectStatement};
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::{self, Executor as _, PgConnection};
use sea_orm::{DbBackend, DbErr, QueryResult, RuntimeErr, Value};

use super::directory;
use super::fault::Fault;
use super::joined::{Four, statement};
use super::link::Link;
use super::predicate::Predicate;
use super::tx::Tx;
use crate::scope::viewer::Viewer;

/// A session with its account, its post and the department of that post.
pub type Login = Four<session::Entity, account::Entity, post::Entity, department::Entity>;

impl Tx {
    /// Sessions, each with its account, post and department; left out where any of them is gone.
    pub async fn logins(&self, which: Predicate<session::Column>) -> Result<Vec<Login>, Fault> {
        self.with_named::<session::Entity, account::Entity, post::Entity, department::Entity>(
            which,
            TO_ACCOUNT,
            TO_POST,
            TO_DEPARTMENT,
        )
        .await
    }
}

const TO_ACCOUNT: (session::Column, account::Column) = (session::Column::Account, account::Column::Id);
const TO_POST: (session::Column, post::Column) = (session::Column::Post, post::Column::Id);
const TO_DEPARTMENT: (post::Column, department::Column) = (post::Column::Department, department::Column::Id);

/// The column that tells how the county's directory stands.
pub(super) const EDITION: &str = "edition";

/// SQLSTATE of a connection on which the question was not prepared yet.
const NOT_PREPARED: &str = "26000";

pub(super) async fn ask(
    link: &Link,
    question: &Question,
    (gatekeeper, session): (&Viewer, SessionId),
    begin: &str,
    rest: &str,
) -> Result<Vec<QueryResult>, DbErr> {
    let execute = question.execute(gatekeeper, session);
    let text = format!("{begin}; {execute}; {rest}");
    let mut answered = link.ask(text.clone()).await;
    if unprepared(&answered) {
        // On its own, for a transaction begun behind it in the same message could not choose its isolation any more. Should
        // it fail, the reason shows below.
        let _ = link.ask(format!("ROLLBACK; {}", question.prepare)).await;
        answered = link.ask(text).await;
    }
    if unprepared(&answered) {
        // Through a pooler in transaction mode, what one transaction prepared another does not find.
        let plain = asked(gatekeeper, session).to_string(PostgresQueryBuilder);
        let text = format!("ROLLBACK; {begin}; {plain}; {rest}");
        answered = link.ask(text).await;
    }
    answered
}

fn unprepared(answered: &Result<Vec<QueryResult>, DbErr>) -> bool {
    let code = answered.as_ref().err().and_then(code);
    code.as_deref() == Some(NOT_PREPARED)
}

/// Whose a session is, and how the directory of its county stands.
fn asked(gatekeeper: &Viewer, session: SessionId) -> SelectStatement {
    let which = Predicate::is(session::Column::Id, session);
    let mut asked = statement::<session::Entity, account::Entity, post::Entity, department::Entity>(
        gatekeeper,
        which,
        TO_ACCOUNT,
        TO_POST,
        TO_DEPARTMENT,
    );
    asked.expr_as(Expr::cust(directory::EDITION), EDITION);
    asked
}

fn code(error: &DbErr) -> Option<String> {
    let DbErr::Query(RuntimeErr::SqlxError(error)) = error else {
        return None;
    };
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.map(Into::into)
}

/// The question as a prepared statement: the same text for every session of every county.
pub(super) struct Question {
    prepare: String,
    /// What each of its parameters is.
    parameters: Vec<Parameter>,
}

static QUESTION: OnceLock<Question> = OnceLock::new();

/// Each statement that was prepared is planned once for each connection. Under row-level security planning takes longer
/// than most of what is planned; left to itself, the server plans five times before it thinks of keeping a plan.
const PLAN_ONCE: &str = "SET plan_cache_mode = force_generic_plan";

/// Makes a new connection keep its plans, and prepare the question once it is known.
pub(super) fn prepare(connection: &mut PgConnection) -> BoxFuture<'_, Result<(), sqlx::Error>> {
    let prepared = async move {
        connection.execute(PLAN_ONCE).await?;
        if let Some(question) = QUESTION.get() {
            // Where it fails, before the first `migrate`, the first request tries again and is told why.
            let _ = connection.execute(question.prepare.as_str()).await;
        }
        Ok(())
    };
    prepared.boxed()
}

#[derive(Clone, Copy)]
enum Parameter {
    County,
    Session,
}

impl Question {
    pub(super) fn of(gatekeeper: &Viewer, session: SessionId) -> Result<&'static Self, Fault> {
        if let Some(question) = QUESTION.get() {
            return Ok(question);
        }
        let question = Self::made(gatekeeper, session)?;
        Ok(QUESTION.get_or_init(|| question))
    }

    fn made(gatekeeper: &Viewer, session: SessionId) -> Result<Self, Fault> {
        let statement = asked(gatekeeper, session);
        let built = DbBackend::Postgres.build(&statement);
        let values = built.values.unwrap_or(sea_orm::Values(Vec::new())).0;
        let parameters = values.iter().map(|value| match value {
            Value::Uuid(Some(id)) if *id == session.0 => Ok(Parameter::Session),
            Value::String(Some(text)) if *text == gatekeeper.county().as_str() => Ok(Parameter::County),
            other => Err(Fault::Broken(format!("the session's question holds {other:?}"))),
        });
        Ok(Self {
            parameters: parameters.collect::<Result<_, _>>()?,
            prepare: format!("PREPARE minsheng_login AS {}", built.sql),
        })
    }

    /// A county is six digits and a session a UUID: neither can end the literal.
    fn execute(&self, gatekeeper: &Viewer, session: SessionId) -> String {
        let literals = self.parameters.iter().map(|parameter| match parameter {
            Parameter::County => format!("'{}'", gatekeeper.county().as_str()),
            Parameter::Session => format!("'{}'", session.0),
        });
        let literals: Vec<String> = literals.collect();
        format!("EXECUTE minsheng_login ({})", literals.join(", "))
    }
}
