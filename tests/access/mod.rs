//! Who gets in, for how long, and who decides about it.

mod expired;
mod forgotten;
mod lockout;
mod managing;
mod passwords;
mod portals;
mod separation;
mod sessions;
mod staff;
mod turns;

use serde_json::{Value, json};

use crate::support::{TestApp, code};
use staff::{Person, Staff};

const LOGIN: &str = "mutation($account: String!, $password: String!) {
    sessionLogin(input: { account: $account, password: $password }) {
        accessToken accessExpiresAt refreshToken userErrors { code message field }
        viewer { id name profile operations department { code } post { id position } posts { id department { code } } }
    } }";

const REFRESH: &str = "mutation($token: String!) {
    sessionRefresh(input: { refreshToken: $token }) { accessToken refreshToken userErrors { code } viewer { department { code } } } }";

const VIEWER: &str = "{ viewer { name profile operations department { code } post { id } } }";

/// The pair of tokens of a session.
#[derive(Clone, Debug)]
struct Pair {
    access: String,
    refresh: String,
}

impl Pair {
    fn of(payload: &Value) -> Self {
        let text =
            |name: &str| payload[name].as_str().unwrap_or_else(|| panic!("no {name}: {payload}")).to_owned();
        Self { access: text("accessToken"), refresh: text("refreshToken") }
    }
}

async fn try_login(app: &TestApp, account: &str, password: &str) -> Value {
    app.graphql(None, LOGIN, json!({ "account": account, "password": password })).await.1
}

async fn login(app: &TestApp, person: &Person) -> Pair {
    Pair::of(&try_login(app, &person.login, &person.password).await["data"]["sessionLogin"])
}

async fn refresh(app: &TestApp, token: &str) -> Value {
    let answer = app.graphql(None, REFRESH, json!({ "token": token })).await.1;
    answer["data"]["sessionRefresh"].clone()
}

/// What `viewer` answers to a bearer: the code of the refusal, or the viewer's department.
async fn seen_as(app: &TestApp, bearer: &str) -> String {
    let answer = app.graphql(Some(bearer), VIEWER, json!({})).await.1;
    match code(&answer) {
        "" => answer["data"]["viewer"]["department"]["code"].as_str().unwrap_or("nowhere").to_owned(),
        code => code.to_owned(),
    }
}

/// The payload of a mutation with one input, as somebody.
async fn act(app: &TestApp, bearer: &str, mutation: &str, fields: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let text = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code field }} }} }}"
    );
    let answer = app.graphql(Some(bearer), &text, json!({ "input": input })).await.1;
    match code(&answer) {
        "" => answer["data"][mutation].clone(),
        code => json!({ "refused": code }),
    }
}

/// The code of the only refusal of a payload, and its field.
fn refusal(payload: &Value) -> (String, String) {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload}"));
    assert_eq!(errors.len(), 1, "{payload}");
    let path = errors[0]["field"].as_array().cloned().unwrap_or_default();
    let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
    (errors[0]["code"].as_str().unwrap_or_default().to_owned(), path.join("."))
}

fn refused(code: &str, field: &str) -> (String, String) {
    (code.to_owned(), field.to_owned())
}
