//! Filters drawn at random, from what a county has.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::personas::Persona;

/// What filters choose from.
pub(crate) struct Words {
    campaigns: Vec<Value>,
    departments: Vec<Value>,
    streams: Vec<Value>,
    channels: Vec<Value>,
    categories: Vec<Value>,
    villages: Vec<Value>,
}

/// What filters choose from: the first six of each list.
pub(crate) async fn words(app: &TestApp, who: &Persona) -> Words {
    let query = "{ departments(first: 6) { nodes { id } } campaigns { id streams { id } channels { id } categories { id } villages(first: 6) { nodes { id } } } }";
    let data = app.data(who, query, json!({})).await;
    let ids = |rows: &Value| -> Vec<Value> {
        let rows = rows.as_array().unwrap().iter().take(6);
        rows.map(|row| row["id"].clone()).collect()
    };
    let campaign = &data["campaigns"][0];
    Words {
        campaigns: ids(&data["campaigns"]),
        departments: ids(&data["departments"]["nodes"]),
        streams: ids(&campaign["streams"]),
        channels: ids(&campaign["channels"]),
        categories: ids(&campaign["categories"]),
        villages: ids(&campaign["villages"]["nodes"]),
    }
}

/// Some of the ids, sometimes, and sometimes none at all.
fn some_of(values: Vec<Value>) -> impl Strategy<Value = Option<Value>> {
    let most = values.len().min(3);
    prop_oneof![
        9 => Just(None),
        1 => prop::sample::subsequence(values, 1..=most).prop_map(|values| Some(Value::from(values))),
    ]
}

/// Words to look for: one, several of which all must stand there, and one that never does.
const TEXTS: [&str; 6] = ["灯", "停车", "第1", "无此事", "第2 路灯", "处理 井盖 破损"];

/// Something, one time in ten.
fn at_times<V: std::fmt::Debug + Into<Value>>(
    value: impl Strategy<Value = V>,
) -> impl Strategy<Value = Option<Value>> {
    prop_oneof![9 => Just(None::<Value>), 1 => value.prop_map(|value| Some::<Value>(value.into()))]
}

/// A day, so many days back at most.
fn day(most: u64) -> impl Strategy<Value = Option<Value>> {
    at_times((0..most).prop_map(|back| {
        let last = NaiveDate::from_ymd_opt(2022, 3, 18).unwrap();
        last.checked_sub_days(Days::new(back)).unwrap().to_string()
    }))
}

fn enums(values: &[&str]) -> impl Strategy<Value = Option<Value>> + use<> {
    some_of(values.iter().map(|value| json!(value)).collect())
}

/// Some of the fields of a filter, each by itself.
type Drawn = Vec<(&'static str, Option<Value>)>;

/// What rollups know of, but for the text and what comes late.
fn plain(words: Words) -> impl Strategy<Value = Drawn> {
    let lists = (
        some_of(words.departments),
        some_of(words.streams),
        some_of(words.channels),
        some_of(words.categories),
        some_of(words.villages),
        some_of(words.campaigns),
    );
    let rest = (
        enums(&["RECEIVED", "CLASSIFIED", "MERGED", "CLOSED"]),
        enums(&["SUGGESTION", "COMPLAINT", "PRAISE"]),
        day(75),
        day(75),
        at_times(any::<bool>()),
        at_times(any::<bool>()),
        at_times(any::<bool>()),
        at_times(prop::sample::select(vec!["COLLECTED", "TO_CLASSIFY", "LATE", "ENTERED"])),
    );
    (lists, rest, at_times(prop::sample::select(TEXTS.to_vec()))).prop_map(|(lists, rest, text)| {
        vec![
            ("departmentIds", lists.0),
            ("streamIds", lists.1),
            ("channelIds", lists.2),
            ("categoryIds", lists.3),
            ("villageIds", lists.4),
            ("campaignIds", lists.5),
            ("stages", rest.0),
            ("kinds", rest.1),
            ("text", text),
            ("receivedFrom", rest.2),
            ("receivedTo", rest.3),
            ("isLate", rest.4),
            ("isClassified", rest.5),
            ("hasVillage", rest.6),
            ("queue", rest.7),
        ]
    })
}

/// What no rollup knows of.
fn further() -> impl Strategy<Value = Drawn> {
    let fields = (
        enums(&["NORMAL", "URGENT", "CRITICAL"]),
        at_times(prop::sample::select(vec![0, 1, 12, 40])),
        at_times(any::<bool>()),
        at_times(any::<bool>()),
        at_times(any::<bool>()),
        day(9),
        day(9),
        at_times(any::<bool>()),
        at_times(any::<bool>()),
    );
    fields.prop_map(|fields| {
        vec![
            ("urgencies", fields.0),
            ("beneficiariesFrom", fields.1),
            ("isProposed", fields.2),
            ("isEnteredByMe", fields.3),
            ("isMerged", fields.4),
            ("enteredFrom", fields.5),
            ("enteredTo", fields.6),
            ("isAssigned", fields.7),
            ("isMine", fields.8),
        ]
    })
}

/// Filters of any fields.
pub(crate) fn filters(words: Words) -> impl Strategy<Value = Value> {
    (plain(words), further()).prop_map(|(plain, further)| {
        let fields = plain.into_iter().chain(further);
        let mut filter: serde_json::Map<String, Value> =
            fields.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        for (none, some) in [("isClassified", "categoryIds"), ("hasVillage", "villageIds")] {
            if filter.get(none) == Some(&json!(false)) {
                filter.remove(some);
            }
        }
        Value::Object(filter)
    })
}
