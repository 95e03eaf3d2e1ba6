//! Each event says which of the subscriber's queues a suggestion left and entered: whoever keeps lists by that keeps those that
//! the server counts.

use std::collections::{BTreeMap, BTreeSet};

use super::client::{Live, Socket};
use super::*;
use crate::decision::done;
use crate::moving::{stream, to};
use crate::support::on_both_databases;

const MOVES: &str = "subscription ($ids: [ID!]) { submissionChanged(streamIds: $ids) {
    kind submissionId submission { id version } queuesLeft queuesEntered } }";

/// A workbench: its lists, kept by what it is told.
struct Bench {
    who: Persona,
    socket: Socket,
    lists: BTreeMap<String, BTreeSet<String>>,
}

impl Bench {
    async fn open(app: &TestApp, live: &Live, department: &str) -> Self {
        let who = officer(app, department).await;
        let socket = live.subscribed(&who.token, MOVES, json!({ "ids": null })).await;
        Self { who, socket, lists: BTreeMap::new() }
    }

    /// The next event, by which the lists are kept; they are then what the server counts.
    async fn hear(&mut self, app: &TestApp) -> Value {
        let event = self.socket.result().await["data"]["submissionChanged"].clone();
        let id = event["submissionId"].as_str().unwrap_or_else(|| panic!("{event}")).to_owned();
        for queue in event["queuesLeft"].as_array().unwrap() {
            let list = self.lists.entry(queue.as_str().unwrap().to_owned()).or_default();
            assert!(list.remove(&id), "{event}: it was not there");
        }
        for queue in event["queuesEntered"].as_array().unwrap() {
            let list = self.lists.entry(queue.as_str().unwrap().to_owned()).or_default();
            assert!(list.insert(id.clone()), "{event}: it was there already");
        }
        let counts = app.data(&self.who, "{ queueCounts { queue count } }", json!({})).await;
        for count in counts["queueCounts"].as_array().unwrap() {
            let kept = self.lists.get(count["queue"].as_str().unwrap()).map_or(0, BTreeSet::len);
            assert_eq!(json!(kept), count["count"], "{}: {count} after {event}", self.who.department);
        }
        event
    }
}

fn told(event: &Value) -> (&Value, &Value, &Value) {
    (&event["kind"], &event["queuesLeft"], &event["queuesEntered"])
}

on_both_databases! {
    async fn clerk_and_leadership_keep_their_lists_by_what_they_are_told(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let mut clerk = Bench::open(&app, &live, "T_HEKOU").await;
        let mut leaders = Bench::open(&app, &live, "LEADING_GROUP").await;
        let classes = app.data(&clerk.who, "{ campaigns { categories { id } } }", json!({})).await;
        let classes = &classes["campaigns"][0]["categories"];
        let id = enter(&app, &clerk.who, "村口路灯不亮").await;
        let (none, new) = (json!([]), json!(["COLLECTED", "TO_CLASSIFY"]));
        for bench in [&mut clerk, &mut leaders] {
            let event = bench.hear(&app).await;
            assert_eq!((told(&event), &event["submissionId"]), ((&json!("CHANGED"), &none, &new), &id));
        }
        let waiting = json!(["TO_CLASSIFY"]);
        for (field, further, left) in [
            ("submissionEdit", json!({ "title": "村口两盏路灯不亮" }), &none),
            ("submissionClassify", json!({ "categoryId": classes[0]["id"] }), &waiting),
            ("submissionClassify", json!({ "categoryId": classes[1]["id"] }), &none),
            ("submissionWithdraw", json!({ "reason": "重复登记" }), &none),
        ] {
            let version = app.data(&clerk.who, "query ($id: ID!) { node(id: $id) { ... on Submission { version } } }", json!({ "id": id })).await;
            let mut input = json!({ "submissionId": id, "expectedVersion": version["node"]["version"] });
            input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
            done(&app, &clerk.who, field, "submission { id }", input).await;
            for bench in [&mut clerk, &mut leaders] {
                let event = bench.hear(&app).await;
                assert_eq!(told(&event), (&json!("CHANGED"), left, &none), "{field}");
            }
        }
    }

    async fn what_is_moved_leaves_one_department_and_enters_another(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let mut former = Bench::open(&app, &live, "T_HEKOU").await;
        let mut new = Bench::open(&app, &live, "T_ZHOUJI").await;
        let mut leaders = Bench::open(&app, &live, "LEADING_GROUP").await;
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        let (from, into) = (stream(&app, &office, "T_HEKOU").await, stream(&app, &office, "T_ZHOUJI").await);
        let mut of_stream = live.subscribed(&leaders.who.token, MOVES, json!({ "ids": [from] })).await;
        let id = enter(&app, &former.who, "村口路灯不亮").await;
        for bench in [&mut former, &mut leaders] {
            bench.hear(&app).await;
        }
        of_stream.result().await;

        done(&app, &office, "submissionMove", "submission { id }", to(&into, &id, 1, "told")).await;
        let (none, both) = (json!([]), json!(["COLLECTED", "TO_CLASSIFY"]));
        let event = former.hear(&app).await;
        assert_eq!((told(&event), &event["submissionId"], &event["submission"]), ((&json!("LEFT"), &both, &none), &id, &Value::Null));
        let event = new.hear(&app).await;
        assert_eq!((told(&event), &event["submission"]["version"]), ((&json!("CHANGED"), &none, &both), &json!(2)));
        let event = leaders.hear(&app).await;
        assert_eq!(told(&event), (&json!("CHANGED"), &none, &none), "the county collects it as before");
        let event = of_stream.result().await["data"]["submissionChanged"].clone();
        assert_eq!((told(&event), &event["submission"]), ((&json!("LEFT"), &both, &none), &Value::Null));

        // From then on it is told to the new department alone.
        let edit = json!({ "submissionId": id, "expectedVersion": 2, "title": "村口两盏路灯不亮" });
        done(&app, &new.who, "submissionEdit", "submission { id }", edit).await;
        new.hear(&app).await;
        leaders.hear(&app).await;
        former.socket.assert_silent().await;
        of_stream.assert_silent().await;
    }

    async fn what_a_committee_enters_for_its_township_is_in_the_queues_of_each(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let mut committee = Bench::open(&app, &live, "COMMITTEE_V0101").await;
        let mut township = Bench::open(&app, &live, "T_CHENGGUAN").await;
        enter(&app, &committee.who, "村口路灯不亮").await;
        let none = json!([]);
        assert_eq!(told(&committee.hear(&app).await), (&json!("CHANGED"), &none, &json!(["ENTERED"])));
        assert_eq!(told(&township.hear(&app).await), (&json!("CHANGED"), &none, &json!(["COLLECTED", "TO_CLASSIFY"])));
    }
}
