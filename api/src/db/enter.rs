//! How a request with a session comes in: one message begins its transaction, asks whose the session is, and makes the
//! settings of the one who is expected. So the check and what follows are one transaction, of a read one snapshot, and
//! the check costs no trip of its own.
//!
//! The question is a prepared statement of each connection, for its plan takes far longer than its run. Who is expected
//! comes from the last time and is a guess: whoever turns out to be somebody else gets the settings of his own scope first.

use std::sync::OnceLock;

use entity::id::SessionId;
use entity::{account, department, post, session};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sea_orm::sea_query::{Expr, PostgresQueryBuilder, SelectStatement};
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::{self, Executor as _, PgConnection};
use sea_orm::{DbBackend, DbErr, QueryResult, RuntimeErr, Value};

use super::deadline::Limit;
use super::directory;
use super::fault::Fault;
use super::joined::{Four, four, statement};
use super::link::Link;
use super::predicate::Predicate;
use super::tx::Tx;
use super::{Db, PATIENCE, Serving, reading, settings_from, writing};
use crate::scope::viewer::Viewer;

/// A session with its account, its post and the department of that post.
pub type Login = Four<session::Entity, account::Entity, post::Entity, department::Entity>;

/// What a request comes in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// For nothing that is kept in rows: the check is all, and ends in the message that began it.
    Nothing,
    /// To read.
    Read,
    /// To write, on PostgreSQL; SQLite has one writer, who would wait for nothing.
    Write,
}

/// A transaction that has asked for a session; nothing else is read before it is somebody's.
pub struct Entered {
    tx: Tx,
    /// In whose scope the settings are.
    set_for: Viewer,
}

impl Entered {
    /// The same snapshot for whoever was let in.
    pub async fn continue_as(self, viewer: &Viewer) -> Result<Tx, Fault> {
        if self.set_for != *viewer && self.tx.backend() == DbBackend::Postgres {
            let settings = settings_from(&self.set_for, viewer);
            if !settings.is_empty() {
                self.tx.set(settings).await?;
            }
        }
        Ok(self.tx.of(viewer.clone()))
    }
}

impl Db {
    /// Opens a transaction by asking for a session, in the scope of `gatekeeper`; the settings are then those of `expected`.
    pub async fn enter(
        &self,
        gatekeeper: &Viewer,
        session: SessionId,
        expected: Option<&Viewer>,
        intent: Intent,
    ) -> Result<(Option<Login>, Option<Entered>), Fault> {
        let Serving::Postgres(pool) = &self.serving else {
            let tx = self.begin_read(gatekeeper).await?;
            let found = tx.logins(Predicate::is(session::Column::Id, session)).await;
            let entered = Entered { tx, set_for: gatekeeper.clone() };
            return Ok((found?.pop(), (intent != Intent::Nothing).then_some(entered)));
        };
        let (limit, begin) = match intent {
            Intent::Nothing | Intent::Read => {
                let limit = Limit::of_request(PATIENCE)?;
                let begin = reading(gatekeeper, limit.as_ref()).await;
                (limit, begin)
            }
            Intent::Write => (None, writing(gatekeeper)),
        };
        let set_for = expected.unwrap_or(gatekeeper).clone();
        let rest = match intent {
            Intent::Nothing => "ROLLBACK".to_owned(),
            Intent::Read | Intent::Write => settings_from(gatekeeper, &set_for),
        };
        let link = Link::postgres(pool).await?;
        let question = Question::of(gatekeeper, session)?;
        let answered = ask(&link, question, (gatekeeper, session), &begin, &rest).await;
        let rows = answered.map_err(|error| match &limit {
            Some(limit) => limit.fault(error),
            None => error.into(),
        })?;
        self.trip();
        let found = four::<session::Entity, account::Entity, post::Entity, department::Entity>(&rows)?.pop();
        if intent == Intent::Nothing {
            link.ended();
            return Ok((found, None));
        }
        let edition: Option<String> = rows.first().map(|row| row.try_get("", EDITION)).transpose()?;
        let directory = edition.map(|edition| self.directories.of(gatekeeper.county(), edition));
        let tx = self.transaction(link, gatekeeper).until(limit);
        let tx = tx.with_directory(directory);
        Ok((found, Some(Entered { tx, set_for })))
    }
}

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
const EDITION: &str = "edition";

/// SQLSTATE of a connection on which the question was not prepared yet.
const NOT_PREPARED: &str = "26000";

async fn ask(
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
struct Question {
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
    fn of(gatekeeper: &Viewer, session: SessionId) -> Result<&'static Self, Fault> {
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
