//! The agenda: whatever is owed is listed until it is done, to whoever owes it and to nobody else.

mod decided;
mod handed_in;
mod supervised;
mod whole;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::personas::{Persona, SHUANGLUAN};

const AGENDA: &str =
    "{ viewer { agenda { today hasMore items { kind title dueOn isOverdue count action dueKey obstacles warnings
    campaign { code } department { code } object { kind id } } } } }";

async fn officer(app: &TestApp, department: &str) -> Persona {
    app.persona(SHUANGLUAN, department, Position::Officer).await
}

async fn asked(app: &TestApp, who: &Persona) -> Value {
    app.data(who, AGENDA, json!({})).await["viewer"]["agenda"].clone()
}

/// Everything that somebody owes, as it is listed.
async fn owed(app: &TestApp, who: &Persona) -> Vec<Value> {
    asked(app, who).await["items"].as_array().unwrap().clone()
}

/// What somebody owes of one kind.
async fn of(app: &TestApp, who: &Persona, kind: &str) -> Vec<Value> {
    let all = owed(app, who).await;
    all.into_iter().filter(|item| item["kind"] == kind).collect()
}

/// The buttons of one kind with what they act on.
async fn buttons(app: &TestApp, who: &Persona, kind: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = of(app, who, kind).await;
    items.iter().map(|item| (text(&item["action"]), text(&item["object"]["kind"]))).collect()
}

/// One button and what it acts on.
fn button(action: &str, object: &str) -> Vec<(String, String)> {
    vec![(action.to_owned(), object.to_owned())]
}
