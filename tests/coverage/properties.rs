//! What must hold of the figures after any sequence of visits, resent batches and withdrawals, on both databases, against a
//! model that knows nothing of the program.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::{Field, villages};
use crate::support::on_both_databases;
use crate::support::personas::Persona;
use crate::support::{Backend, TestApp};

const VILLAGES: [&str; 4] = ["V0101", "V0104", "V0201", "V0202"];
const KINDS: [&str; 5] = ["DOOR", "SURVEY", "SYMPOSIUM", "TELEPHONE", "ONLINE"];
/// Two townships, a line department and a village committee, which visits its own village alone.
const VISITORS: [&str; 4] = ["STS_TOWN", "LH_TOWN", "HOUSING", "COMMITTEE_V0101"];
const DAYS: i64 = 25;

#[derive(Clone, Debug)]
struct Visited {
    visitor: usize,
    mark: String,
    village: usize,
    household: i32,
    day: i64,
    kind: usize,
    id: Value,
    withdrawn: bool,
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Event {
    /// A batch by somebody: village, household, day, kind.
    Batch(usize, Vec<(usize, i32, i64, usize)>),
    /// An earlier batch is sent once more.
    Again(usize),
    /// A visit is taken back.
    Withdraw(usize),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let row = (0..VILLAGES.len(), 1..14i32, 0..DAYS, 0..KINDS.len());
    let event = prop_oneof![
        4 => (0..VISITORS.len(), prop::collection::vec(row, 1..9)).prop_map(|(who, rows)| Event::Batch(who, rows)),
        2 => any::<usize>().prop_map(Event::Again),
        3 => any::<usize>().prop_map(Event::Withdraw),
    ];
    prop::collection::vec(event, 24..30)
}

fn day(n: i64) -> String {
    (NaiveDate::from_ymd_opt(2019, 10, 15).unwrap() + TimeDelta::days(n)).to_string()
}

/// Reached and visited at the door, by village, of the visits up to a day.
fn expected(visits: &[Visited], until: i64) -> BTreeMap<&'static str, (usize, usize)> {
    let mut reached: BTreeMap<&str, (BTreeSet<i32>, BTreeSet<i32>)> = BTreeMap::new();
    for visit in visits.iter().filter(|visit| !visit.withdrawn && visit.day <= until) {
        let (any_way, at_door) = reached.entry(VILLAGES[visit.village]).or_default();
        any_way.insert(visit.household);
        if KINDS[visit.kind] == "DOOR" {
            at_door.insert(visit.household);
        }
    }
    let counts = |(code, (any_way, at_door)): (_, (BTreeSet<i32>, BTreeSet<i32>))| {
        (code, (any_way.len(), at_door.len()))
    };
    reached.into_iter().map(counts).collect()
}

/// Holds an answer against the model, and its parts against its sums.
fn check(coverage: &Value, visits: &[Visited], until: i64, seen: &[&str]) {
    let wanted = expected(visits, until);
    let mut sum = [0, 0, 0];
    for row in villages(coverage) {
        let code = row["village"]["code"].as_str().unwrap();
        let number = |name: &str| row[name].as_i64().unwrap();
        let counts = [number("households"), number("reached"), number("atDoor")];
        assert!(counts[2] <= counts[1] && counts[1] <= counts[0], "{row}");
        assert!(row["reachedRate"].as_f64().unwrap() <= 1.0, "{row}");
        if VILLAGES.contains(&code) {
            let (reached, at_door) = wanted.get(code).copied().unwrap_or_default();
            assert_eq!(counts[1], i64::try_from(reached).unwrap(), "{code} by day {until}");
            assert_eq!(counts[2], i64::try_from(at_door).unwrap(), "{code} by day {until}");
        } else {
            assert_eq!(counts[1], 0, "{code} was visited by nobody");
        }
        for (place, count) in counts.into_iter().enumerate() {
            sum[place] += count;
        }
    }
    let of = |total: &Value| ["households", "reached", "atDoor"].map(|name| total[name].as_i64().unwrap());
    assert_eq!(of(&coverage["total"]), sum, "villages sum up to the whole");
    let mut townships = [0, 0, 0];
    for township in coverage["townships"].as_array().unwrap() {
        let own = township["villages"].as_array().unwrap().iter();
        let own = own.fold([0, 0, 0], |sum: [i64; 3], row| {
            let counts = of(row);
            [sum[0] + counts[0], sum[1] + counts[1], sum[2] + counts[2]]
        });
        assert_eq!(of(&township["total"]), own, "villages sum up to {}", township["department"]);
        for place in 0..3 {
            townships[place] += own[place];
        }
    }
    assert_eq!(townships, sum, "townships sum up to the whole");
    let codes: BTreeSet<&str> =
        villages(coverage).map(|row| row["village"]["code"].as_str().unwrap()).collect();
    assert!(seen.iter().all(|code| codes.contains(code)), "{seen:?} of {codes:?}");
}

struct Campaigning {
    field: Field,
    visitors: Vec<Persona>,
    office: Persona,
    visits: Vec<Visited>,
    batches: Vec<(usize, Vec<Value>)>,
}

impl Campaigning {
    async fn start(app: TestApp) -> Self {
        let field = Field::on(app, &day(DAYS + 1)).await;
        let mut visitors = Vec::new();
        for visitor in VISITORS {
            visitors.push(field.officer(visitor).await);
        }
        let office = field.officer("CAMPAIGN_OFFICE").await;
        Self { field, visitors, office, visits: Vec::new(), batches: Vec::new() }
    }

    async fn happen(&mut self, event: Event) {
        match event {
            Event::Batch(visitor, rows) => self.batch(visitor, rows).await,
            Event::Again(which) if !self.batches.is_empty() => {
                let (visitor, rows) = self.batches[which % self.batches.len()].clone();
                let done = self.field.batch(&self.visitors[visitor], &rows).await;
                assert_eq!((&done["taken"], &done["repeated"]), (&json!(0), &json!(rows.len())), "{done}");
            }
            Event::Withdraw(which) if !self.visits.is_empty() => self.withdraw(which).await,
            Event::Again(_) | Event::Withdraw(_) => {}
        }
    }

    async fn batch(&mut self, visitor: usize, rows: Vec<(usize, i32, i64, usize)>) {
        let mut sent = Vec::new();
        for (village, household, on, kind) in rows {
            let village = if VISITORS[visitor] == "COMMITTEE_V0101" { 0 } else { village };
            let mark = format!("m{}", self.visits.len());
            sent.push(self.field.row(&mark, VILLAGES[village], household, &day(on), KINDS[kind]));
            self.visits.push(Visited {
                visitor,
                mark,
                village,
                household,
                day: on,
                kind,
                id: Value::Null,
                withdrawn: false,
            });
        }
        let done = self.field.batch(&self.visitors[visitor], &sent).await;
        assert_eq!(done["taken"], sent.len(), "{done}");
        for outcome in done["outcomes"].as_array().unwrap() {
            let visit = self.visits.iter_mut().find(|visit| outcome["clientRef"] == visit.mark).unwrap();
            visit.id = outcome["visit"]["id"].clone();
        }
        self.batches.push((visitor, sent));
    }

    async fn withdraw(&mut self, which: usize) {
        let place = which % self.visits.len();
        let visit = &mut self.visits[place];
        let input = json!({ "visitId": visit.id, "expectedVersion": 1, "reason": "登记有误" });
        let who = &self.visitors[visit.visitor];
        let done = self.field.mutate(who, "visitWithdraw", "visit { withdrawnAt version }", input).await;
        if visit.withdrawn {
            assert_eq!(done["userErrors"][0]["code"], "STALE_VERSION", "{done}");
        } else {
            assert_eq!(done["userErrors"], json!([]), "{done}");
        }
        visit.withdrawn = true;
    }
}

on_both_databases! {
    async fn figures_follow_any_sequence_of_visits_batches_sent_twice_and_withdrawals(app: TestApp) {
        let mut runner = TestRunner::default();
        let events = events().new_tree(&mut runner).unwrap().current();
        let mut first = Campaigning::start(app).await;
        for (turn, event) in events.into_iter().enumerate() {
            first.happen(event).await;
            let until = i64::try_from(turn).unwrap() % (DAYS + 1);
            let whole = first.field.coverage(&first.office, Some(&day(until))).await;
            check(&whole, &first.visits, until, &VILLAGES);
            // A township and a committee see their own part of the same figures.
            let part = first.field.coverage(&first.visitors[turn % 2], Some(&day(until))).await;
            check(&part, &first.visits, until, if turn % 2 == 0 { &VILLAGES[..2] } else { &VILLAGES[2..] });
            let village = first.field.coverage(&first.visitors[3], Some(&day(until))).await;
            check(&village, &first.visits, until, &VILLAGES[..1]);
            assert_eq!(villages(&village).count(), 1);
        }
        assert!(first.visits.iter().filter(|visit| visit.withdrawn).count() > 3, "too few were withdrawn");
        // What is added later in the campaign never lowers a figure.
        let mut before = (0, 0);
        for until in 0..=DAYS {
            let whole = first.field.coverage(&first.office, Some(&day(until))).await;
            let now = (whole["total"]["reached"].as_i64().unwrap(), whole["total"]["atDoor"].as_i64().unwrap());
            assert!(now.0 >= before.0 && now.1 >= before.1, "day {until}: {now:?} after {before:?}");
            before = now;
        }
        // Entered in the opposite order, and without those that were withdrawn: the same figures on every day.
        let backend = if first.field.app.database.name().is_some() { Backend::Postgres } else { Backend::Sqlite };
        let mut second = Campaigning::start(TestApp::start(backend).await).await;
        for visit in first.visits.iter().rev().filter(|visit| !visit.withdrawn) {
            second.batch(visit.visitor, vec![(visit.village, visit.household, visit.day, visit.kind)]).await;
        }
        for until in [0, 5, 12, DAYS] {
            let (one, other) = (first.field.coverage(&first.office, Some(&day(until))).await,
                second.field.coverage(&second.office, Some(&day(until))).await);
            assert_eq!(one, other, "by day {until}");
        }
    }
}
