//! What was acknowledged outlives `kill -9`, and what was not is sent again without being entered twice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entity::enums::{AuditAction, Position};
use futures::future::join_all;
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::binary::{Server, run};
use crate::support::personas::{HUOQIU, PLANS};
use crate::support::records::RECORD;
use crate::support::{TestApp, TestDatabase, on_both_databases};

const CLIENTS: usize = 8;
const EACH: usize = 125;

/// What the clients share: where the server is now, and the answers that they hold in hand.
#[derive(Clone)]
struct Street {
    address: Arc<Mutex<String>>,
    acknowledged: Arc<Mutex<BTreeMap<String, String>>>,
    sent_again: Arc<Mutex<usize>>,
    token: String,
    channel: Value,
}

impl Street {
    async fn ask(&self, client: &Client, query: &str, variables: &Value) -> reqwest::Result<Value> {
        let address = self.address.lock().unwrap().clone();
        let request = client.post(format!("{address}/graphql")).bearer_auth(&self.token);
        let body = json!({ "query": query, "variables": variables });
        request.json(&body).send().await?.json().await
    }

    /// Sends one suggestion until it is acknowledged, each time with the same key.
    async fn record(&self, client: &Client, key: String) {
        let input = json!({ "input": {
            "idempotencyKey": key, "channelId": self.channel, "title": "村口路灯不亮", "content": "已有半月，请尽快修好。",
        } });
        loop {
            if let Ok(answer) = self.ask(client, RECORD, &input).await {
                let payload = &answer["data"]["submissionRecord"];
                if let Some(id) = payload["submission"]["id"].as_str() {
                    let former = self.acknowledged.lock().unwrap().insert(key, id.to_owned());
                    assert_eq!(former, None);
                    return;
                }
                let code = answer["errors"][0]["extensions"]["code"].as_str();
                assert_eq!(code, Some("UNAVAILABLE"), "{answer}");
            }
            *self.sent_again.lock().unwrap() += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn work(&self, client: usize) {
        let http = Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
        for n in 0..EACH {
            self.record(&http, format!("client-{client}-{n}")).await;
        }
    }

    /// Kills the server without warning as soon as so many are acknowledged, and starts another.
    async fn kill_at(&self, most: usize, server: Server, database: &TestDatabase) -> Server {
        while self.acknowledged.lock().unwrap().len() < most {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.kill();
        let next = Server::start(database);
        self.address.lock().unwrap().clone_from(&next.address);
        next
    }
}

/// Signs in once and finds the channel; the token outlives the server that gave it.
async fn street(server: &Server, login: &str, password: &str) -> Street {
    let mut street = Street {
        address: Arc::new(Mutex::new(server.address.clone())),
        acknowledged: Arc::default(),
        sent_again: Arc::default(),
        token: String::new(),
        channel: Value::Null,
    };
    let http = Client::new();
    let query = "mutation ($input: SessionLoginInput!) { sessionLogin(input: $input) { accessToken } }";
    let body =
        json!({ "query": query, "variables": { "input": { "account": login, "password": password } } });
    let graphql = format!("{}/graphql", server.address);
    let answer: Value = http.post(graphql).json(&body).send().await.unwrap().json().await.unwrap();
    let token = answer["data"]["sessionLogin"]["accessToken"].as_str();
    street.token = token.unwrap_or_else(|| panic!("{answer}")).to_owned();
    let answer = street.ask(&http, "{ campaigns { channels { id code } } }", &json!({})).await.unwrap();
    let channels = answer["data"]["campaigns"][0]["channels"].as_array().unwrap();
    let visits = channels.iter().find(|channel| channel["code"] == "HOUSEHOLD_VISIT");
    street.channel = visits.unwrap()["id"].clone();
    street
}

fn assert_durable(server: &Server, database: &TestDatabase) {
    let promised = match database {
        TestDatabase::Sqlite(_) => r#"[("journal_mode", "wal"), ("synchronous", "2")]"#,
        TestDatabase::Postgres(_) => r#"[("fsync", "on"), ("synchronous_commit", "on")]"#,
    };
    assert_eq!(server.durability, promised);
}

on_both_databases! {
    async fn a_thousand_acknowledged_suggestions_outlive_kill_9(app: TestApp) {
        app.apply_plan(PLANS[1].1).await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let server = Server::start(&app.database);
        assert_durable(&server, &app.database);
        let street = street(&server, &clerk.login, crate::support::personas::PASSWORD).await;

        let killer = async {
            let server = street.kill_at(250, server, &app.database).await;
            street.kill_at(650, server, &app.database).await
        };
        let (_, server) = tokio::join!(join_all((0..CLIENTS).map(|client| street.work(client))), killer);
        assert_durable(&server, &app.database);
        assert!(server.stop().success());

        let mut ids: Vec<String> = street.acknowledged.lock().unwrap().values().cloned().collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), CLIENTS * EACH, "an id stands for two suggestions");
        let sent_again = *street.sent_again.lock().unwrap();
        assert!(sent_again > 0, "the server was not killed in mid-stream");

        let rows = app.submissions(HUOQIU).await;
        assert_eq!(rows.len(), CLIENTS * EACH);
        let stored: std::collections::BTreeSet<String> =
            rows.iter().map(|row| app.app.ids.encode(minsheng::ids::Kind::Submission, row.id).to_string()).collect();
        assert!(ids.iter().all(|id| stored.contains(id)));
        app.assert_numbers_have_no_gaps(HUOQIU).await;
        app.assert_tally_is_right(HUOQIU).await;
        app.assert_trail_holds(HUOQIU).await;
        let told = app.trail(HUOQIU).await.into_iter().filter(|line| line.action == AuditAction::SubmissionRecord);
        assert_eq!(told.count(), CLIENTS * EACH);
        for command in ["tally", "audit"] {
            let verified = run(&app.database, &[command, "verify"]);
            assert!(verified.status.success(), "{command}: {}", String::from_utf8_lossy(&verified.stderr));
        }
    }
}
