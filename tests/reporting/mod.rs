//! What departments hand in: weekly reports and summary tables of the Shuangluan campaign.

mod bound;
mod exported;
mod frozen;
mod reviewers;
mod summary;
mod weekly;
mod weeks;

pub(crate) use summary::{Desk, refusals};

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Position, SubmissionKind, Urgency};
use entity::id::{County, PostId, SubmissionId};
use entity::{category, channel, stream, village};
use minsheng::db::{Direction, Predicate};
use minsheng::intake::draft::Draft;
use minsheng::intake::store::{Entry, Source, take_in};
use minsheng::scope::system;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::personas::{Persona, SHUANGLUAN};

/// The township whose tables are written.
const TOWN: &str = "STS_TOWN";

impl TestApp {
    /// Both counties at an instant of the campaign.
    pub(crate) async fn at(self, instant: &str) -> Self {
        self.app.clock.set(at(instant));
        self.with_both_counties().await
    }

    /// Sets the clock and signs somebody in anew.
    async fn later(&self, instant: &str, department: &str, position: Position) -> Persona {
        self.app.clock.set(at(instant));
        self.persona(SHUANGLUAN, department, position).await
    }

    /// Takes in suggestions of a department as the program does, spread over classes and villages.
    pub(crate) async fn receive(&self, department: &str, how_many: usize, received: &str, classified: bool) {
        let operator = system::operator(County::parse(SHUANGLUAN).unwrap());
        let tx = self.app.db.begin_write(&operator).await.unwrap();
        let code = Predicate::is(stream::Column::Code, department);
        let stream = tx.from::<stream::Entity>().filter(code).one().await.unwrap().unwrap();
        let channels = tx.from::<channel::Entity>().all().await.unwrap();
        let classes = tx.from::<category::Entity>().order(category::Column::Rank, Direction::Ascending);
        let classes = classes.all().await.unwrap();
        let villages = tx.from::<village::Entity>().all().await.unwrap();
        let (now, received) = (self.app.clock.now(), at(received));
        let entry = |n: usize| Entry {
            id: SubmissionId(self.app.new_key(now)),
            draft: draft(n, received),
            department: stream.department,
            campaign: stream.campaign,
            stream: stream.id,
            stream_code: stream.code.clone(),
            channel: channels[0].id,
            category: classified.then(|| classes[n % 2].id),
            village: Some(villages[n % 3].id),
            received_at: received,
            late: received > at("2019-11-15T16:00:00Z"),
            source: Source { post: Some(PostId(self.app.new_key(now))), ..Source::default() },
        };
        let entries: Vec<Entry> = (0..how_many).map(entry).collect();
        for batch in entries.chunks(300) {
            take_in(&tx, &self.app, batch, now).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

fn draft(n: usize, received: DateTime<Utc>) -> Draft {
    Draft {
        title: format!("路灯不亮第{n}件"),
        content: "村口的路灯不亮。".to_owned(),
        kind: SubmissionKind::Suggestion,
        urgency: Urgency::ALL[n % 2],
        beneficiaries: Some(10),
        constituency: None,
        confidential: false,
        on_behalf: false,
        received_at: Some(received - TimeDelta::minutes(1)),
        name: Some("居民甲".to_owned()),
        // Everybody asks twice.
        phone: Some(format!("199{:08}", n / 2)),
        address: None,
        extra: serde_json::Map::new(),
    }
}

fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

/// Ids of the campaign and its classes, in their order.
async fn campaign(app: &TestApp, who: &Persona) -> (Value, Vec<Value>) {
    let data = app.data(who, "{ campaigns { id categories { id } } }", json!({})).await;
    let campaign = &data["campaigns"][0];
    let classes = campaign["categories"].as_array().unwrap().iter();
    (campaign["id"].clone(), classes.map(|class| class["id"].clone()).collect())
}

/// Runs a mutation with its one input and gives the payload.
pub(crate) async fn mutate(
    app: &TestApp,
    who: &Persona,
    field: &str,
    input: Value,
    selection: &str,
) -> Value {
    let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    let query = format!(
        "mutation ($input: {kind}!) {{ {field}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
    );
    app.data(who, &query, json!({ "input": input })).await[field].clone()
}
