//! Subscriptions: the protocols that carry them, who is told what, and how they end.

mod agenda;
mod client;
mod listening;
mod protocol;
mod queues;
mod ready;
mod scope;
mod servers;
mod shapes;
mod stream;
mod time;

use entity::enums::Position;
use minsheng::scope::system;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, Persona};
use crate::support::records::{RECORD, code};
use crate::support::{TestApp, post};

/// What most tests subscribe to.
const CHANGED: &str = "subscription { submissionChanged { kind submission { id title version } } }";
/// The figures of a campaign.
const OVERVIEW: &str = "subscription ($id: ID!) { overviewChanged(campaignId: $id) { kind overview { asOf total { received } } } }";

/// An officer of a department of Huoqiu.
async fn officer(app: &TestApp, department: &str) -> Persona {
    app.persona(HUOQIU, department, Position::Officer).await
}

/// Enters a suggestion and gives its id.
async fn enter(app: &TestApp, clerk: &Persona, title: &str) -> Value {
    enter_with(app, clerk, title, "已有半月。").await
}

async fn enter_with(app: &TestApp, clerk: &Persona, title: &str, content: &str) -> Value {
    let input = json!({
        "idempotencyKey": format!("key-of-{title}"), "title": title, "content": content,
        "channelId": app.channel_id(clerk, "HOUSEHOLD_VISIT").await,
    });
    let data = app.data(clerk, RECORD, json!({ "input": input })).await;
    data["submissionRecord"]["submission"]["id"].clone()
}

/// Changes every suggestion of a county in one transaction, as the operator.
async fn touch_all(app: &TestApp, county: &str) -> u64 {
    use entity::submission::{Column, Entity};
    let operator = system::operator(code(county));
    let tx = app.app.db.begin_write(&operator).await.unwrap();
    let changes = vec![(Column::Beneficiaries, 7.into())];
    let everything = minsheng::db::Predicate::everything();
    let touched = tx.update::<Entity>(everything, changes).await.unwrap();
    tx.commit().await.unwrap();
    touched
}

/// The id of the campaign that somebody sees.
async fn campaign(app: &TestApp, who: &Persona) -> Value {
    let data = app.data(who, "{ campaigns { id } }", json!({})).await;
    data["campaigns"][0]["id"].clone()
}
