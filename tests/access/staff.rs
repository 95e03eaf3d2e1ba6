//! A county with a few people in it.

use entity::enums::Position;
use entity::id::County;
use minsheng::access::store::{Moment, NewAccount, NewPassword, NewPost, create_account, department_of_code};
use minsheng::app::notes::Which;
use minsheng::audit::write_notes;
use minsheng::campaign::plans;
use minsheng::plan::Plan;
use minsheng::scope::system;
use minsheng::secrets::entropy;
use minsheng::secrets::password::Secret;
use sea_orm::{ConnectionTrait as _, Database, Statement};
use serde_json::json;

use super::Pair;
use crate::support::{TestApp, TestDatabase, postgres};

/// Code of the county of [`Staff`].
pub(super) const COUNTY: &str = "999999";

const PLAN: &str = include_str!("../../api/src/plan/tests/third-county.toml");

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) login: String,
    pub(super) password: String,
}

/// The people of county 999999.
pub(super) struct Staff {
    pub(super) administrator: Person,
    pub(super) head: Person,
    pub(super) officer: Person,
    pub(super) other_officer: Person,
}

impl Staff {
    /// Applies the plan and gives the name that the first administrator is to have: nobody has an account yet.
    pub(super) async fn without_administrator(app: &TestApp) -> String {
        let plan = Plan::parse("third-county.toml", PLAN).unwrap();
        assert!(plans::apply(&app.app, &plan, PLAN).await.is_ok());
        "999999-admin-01".to_owned()
    }

    /// Applies the plan and appoints everybody.
    pub(super) async fn of(app: &TestApp) -> Self {
        let administrator = Self::without_administrator(app).await;
        Self {
            administrator: person(app, "ADMIN", &administrator, Position::Officer).await,
            head: person(app, "A1", "999999-a1-head", Position::Head).await,
            officer: person(app, "A1", "999999-a1-officer", Position::Officer).await,
            other_officer: person(app, "A2", "999999-a2-officer", Position::Officer).await,
        }
    }
}

/// Somebody of a department who has a password of the own choice.
pub(super) async fn person(app: &TestApp, department: &str, login: &str, position: Position) -> Person {
    let password = format!("a passphrase of {}", login.replace('-', " "));
    let secret = Secret::new(&password);
    let hash = app.app.hasher.hash(&secret, entropy::random()).await.unwrap();
    let operator = system::operator(County::parse(COUNTY).unwrap());
    let tx = app.app.db.begin_write(&operator).await.unwrap();
    let found = department_of_code(&tx, department).await.unwrap().unwrap();
    let new = NewAccount {
        login: login.to_owned(),
        display_name: format!("人员 {login}"),
        department: found.id,
        password: NewPassword::own(hash),
        posts: vec![NewPost { department: found.id, position, duty: String::new() }],
    };
    let moment = Moment { app: &app.app, now: app.app.clock.now() };
    let made = create_account(&tx, new, moment).await;
    assert!(made.is_ok(), "{made:?}");
    tx.commit().await.unwrap();
    Person { login: login.to_owned(), password }
}

/// The global id of a department, as its code tells.
pub(super) async fn department(app: &TestApp, pair: &Pair, code: &str) -> String {
    let list = "{ departments(first: 100) { nodes { id code } } }";
    let answer = app.graphql(Some(&pair.access), list, json!({})).await.1;
    let nodes =
        answer["data"]["departments"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
    let found = nodes.iter().find(|node| node["code"] == code).unwrap_or_else(|| panic!("{code}: {nodes:?}"));
    found["id"].as_str().unwrap().to_owned()
}

/// The global id of an account, as whoever manages it sees it.
pub(super) async fn account(app: &TestApp, pair: &Pair, login: &str) -> String {
    let list = "{ accounts(first: 100) { nodes { id login } } }";
    let answer = app.graphql(Some(&pair.access), list, json!({})).await.1;
    let nodes = answer["data"]["accounts"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
    let found =
        nodes.iter().find(|node| node["login"] == login).unwrap_or_else(|| panic!("{login}: {nodes:?}"));
    found["id"].as_str().unwrap().to_owned()
}

/// How many lines of the audit trail say this. Asked past both walls.
#[expect(clippy::disallowed_methods, reason = "the trail is counted as no viewer")]
pub(super) async fn audited(app: &TestApp, action: &str) -> i64 {
    let url = match &app.database {
        TestDatabase::Sqlite(_) => app.database.url(),
        TestDatabase::Postgres(name) => postgres::superuser_url(name),
    };
    write_notes(&app.app, Which::All).await.unwrap();
    let connection = Database::connect(url).await.unwrap();
    let sql = format!("SELECT count(*) FROM audit_entry WHERE action = '{action}'");
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    let count = row.try_get_by_index(0).unwrap();
    connection.close().await.unwrap();
    count
}
