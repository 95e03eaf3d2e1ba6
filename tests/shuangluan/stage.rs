//! The stage: one application, its clock, whoever signs in, and the words that the acts are told in.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, FixedOffset};
use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::code;
use crate::support::personas::{HUOQIU, PASSWORD, Persona, SHUANGLUAN};

/// A post of a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Seat(pub(super) &'static str, pub(super) Position);

pub(super) const OFFICE: Seat = officer("CAMPAIGN_OFFICE");
pub(super) const SUPERVISION: Seat = officer("SUPERVISION_OFFICE");
pub(super) const LEADER: Seat = Seat("LEADING_GROUP", Position::Head);

pub(super) const fn officer(department: &'static str) -> Seat {
    Seat(department, Position::Officer)
}

pub(super) const fn deputy(department: &'static str) -> Seat {
    Seat(department, Position::Deputy)
}

pub(super) const fn head(department: &'static str) -> Seat {
    Seat(department, Position::Head)
}

/// A suggestion of the play, by its collector and its number there.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) department: &'static str,
    pub(super) number: usize,
    pub(super) id: Value,
}

/// Everything that the acts share.
pub(super) struct Play {
    pub(super) app: TestApp,
    pub(super) campaign: Value,
    ids: BTreeMap<(&'static str, String), Value>,
    cases: RefCell<Vec<Case>>,
    people: RefCell<HashMap<Seat, Persona>>,
    /// Who has signed in since the clock moved.
    present: RefCell<HashMap<Seat, Persona>>,
    keys: Cell<u32>,
    /// Receipt codes of citizens who wrote themselves.
    pub(super) receipts: RefCell<Vec<String>>,
    /// What was proposed, in the order of its making.
    pub(super) projects: RefCell<Vec<Value>>,
}

impl Play {
    /// The morning of 15 October 2019: both counties' plans are applied.
    pub(super) async fn begin(app: TestApp) -> Self {
        app.app.clock.set(instant("2019-10-15T08:30").into());
        let app = app.with_both_counties().await;
        let mut play = Self {
            app,
            campaign: Value::Null,
            ids: BTreeMap::new(),
            cases: RefCell::default(),
            people: RefCell::default(),
            present: RefCell::default(),
            keys: Cell::new(0),
            receipts: RefCell::default(),
            projects: RefCell::default(),
        };
        let query = "{ campaigns { id villages(first: 100) { nodes { id code } } categories { id code } channels { id code } }
            departments(first: 100) { nodes { id code } } }";
        let data = play.ask(OFFICE, query, json!({})).await;
        let campaign = &data["campaigns"][0];
        let lists = [
            ("village", &campaign["villages"]["nodes"]),
            ("class", &campaign["categories"]),
            ("channel", &campaign["channels"]),
            ("department", &data["departments"]["nodes"]),
        ];
        for (kind, list) in lists {
            for row in list.as_array().unwrap() {
                let code = row["code"].as_str().unwrap().to_owned();
                play.ids.insert((kind, code), row["id"].clone());
            }
        }
        play.campaign = campaign["id"].clone();
        play
    }

    /// Moves the clock to a minute of Shanghai's day; everybody signs in anew.
    pub(super) fn to(&self, minute: &str) {
        self.app.app.clock.set(instant(minute).into());
        self.present.borrow_mut().clear();
    }

    /// The id of something that the plan names by code.
    pub(super) fn id(&self, kind: &'static str, code: &str) -> Value {
        let found = self.ids.get(&(kind, code.to_owned()));
        found.unwrap_or_else(|| panic!("no {kind} {code}")).clone()
    }

    /// A key that no other mutation has.
    pub(super) fn key(&self) -> String {
        self.keys.set(self.keys.get() + 1);
        format!("shuangluan-{:05}", self.keys.get())
    }

    pub(super) async fn who(&self, seat: Seat) -> Persona {
        let present = self.present.borrow().get(&seat).cloned();
        if let Some(persona) = present {
            return persona;
        }
        let known = self.people.borrow().get(&seat).cloned();
        let persona = match known {
            Some(known) => Persona { token: self.app.login(&known.login, PASSWORD).await, ..known },
            None => self.app.persona(SHUANGLUAN, seat.0, seat.1).await,
        };
        self.people.borrow_mut().insert(seat, persona.clone());
        self.present.borrow_mut().insert(seat, persona.clone());
        persona
    }

    pub(super) async fn ask(&self, seat: Seat, query: &str, variables: Value) -> Value {
        let who = self.who(seat).await;
        self.app.data(&who, query, variables).await
    }

    /// The whole answer to a mutation.
    async fn answer(&self, seat: Seat, field: &str, selection: &str, input: Value) -> Value {
        let who = self.who(seat).await;
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!(
            "mutation ($input: {kind}!) {{ {field}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
        );
        let variables = json!({ "input": input });
        self.app.graphql(Some(&who.token), &query, variables).await.1
    }

    /// A mutation that must succeed; gives its payload.
    pub(super) async fn done(&self, seat: Seat, field: &str, selection: &str, input: Value) -> Value {
        let answer = self.answer(seat, field, selection, input).await;
        let payload = &answer["data"][field];
        assert_eq!(payload["userErrors"], json!([]), "{seat:?} {field}: {answer}");
        payload.clone()
    }

    /// The codes with which a mutation is refused; that of the error where the profile has no such right.
    pub(super) async fn refused(&self, seat: Seat, field: &str, input: Value) -> Vec<String> {
        let answer = self.answer(seat, field, "__typename", input).await;
        let denied = code(&answer);
        if !denied.is_empty() {
            return vec![denied.to_owned()];
        }
        let errors = answer["data"][field]["userErrors"].as_array();
        let errors = errors.unwrap_or_else(|| panic!("{field}: {answer}"));
        assert!(!errors.is_empty(), "{seat:?} was let through: {answer}");
        let codes = errors.iter().map(|error| error["code"].as_str().unwrap().to_owned());
        codes.collect()
    }

    /// How many of a list somebody sees.
    pub(super) async fn count(&self, seat: Seat, list: &str) -> i64 {
        let query = format!("{{ {list} {{ totalCount }} }}");
        let data = self.ask(seat, &query, json!({})).await;
        let name = list.split('(').next().unwrap();
        data[name]["totalCount"].as_i64().unwrap()
    }

    /// Some fields of a thing as somebody sees it; null where it is hidden.
    pub(super) async fn seen(&self, seat: Seat, kind: &str, id: &Value, selection: &str) -> Value {
        let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {selection} }} }} }}");
        self.ask(seat, &query, json!({ "id": id })).await["node"].clone()
    }

    /// Keeps a suggestion under its collector's next number.
    pub(super) fn keep(&self, department: &'static str, id: Value) {
        let number = self.cases_of(department).len() + 1;
        self.cases.borrow_mut().push(Case { department, number, id });
    }

    pub(super) fn cases_of(&self, department: &str) -> Vec<Case> {
        let cases = self.cases.borrow();
        let own = cases.iter().filter(|case| case.department == department);
        own.cloned().collect()
    }

    pub(super) fn case(&self, department: &str, number: usize) -> Value {
        self.cases_of(department)[number - 1].id.clone()
    }

    pub(super) fn cases(&self) -> usize {
        self.cases.borrow().len()
    }

    pub(super) fn project(&self, number: usize) -> Value {
        self.projects.borrow()[number - 1].clone()
    }

    /// The version of something as somebody sees it.
    pub(super) async fn version(&self, seat: Seat, kind: &str, id: &Value) -> Value {
        self.seen(seat, kind, id, "version").await["version"].clone()
    }

    /// Somebody of the other county finds nothing of this one.
    pub(super) async fn another_county_sees_nothing(&self) {
        let leader = self.app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        for list in ["submissions", "visits", "projects", "circulars", "explanations"] {
            let query = format!("{{ {list} {{ totalCount }} }}");
            let data = self.app.data(&leader, &query, json!({})).await;
            assert_eq!(data[list]["totalCount"], 0, "{list}");
        }
    }
}

/// A minute of Shanghai's day.
fn instant(minute: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("{minute}:00+08:00")).unwrap()
}
