//! Every mutation with targets in and out of scope, its input made up from the schema.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minsheng::ids::Kind;
use serde_json::{Map, Value, json};

use super::request::{Call, document, leaves, plain};
use super::sdl::{Arg, Def, Sdl};
use crate::support::TestApp;
use crate::support::personas::PASSWORD;
use crate::support::rights::{may_target, sees};
use crate::support::truth::{Row, flag, text};
use crate::support::world::{HIDDEN, WORDS, Who, World, global};

/// Inputs that a step is tried with before it counts as one that the caller can't take.
pub(crate) const TRIES: usize = 240;

/// Inputs that a step is aimed at a row out of scope with, until one is refused for the row.
const AIMS: usize = 60;

/// Whose row a step is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// One that the caller may work on.
    Own,
    /// Another department's of the same county.
    Other,
    /// Another county's.
    Abroad,
    /// Nobody's: the id stands for no row.
    Missing,
}

/// Makes inputs up.
pub(crate) struct Inputs<'w> {
    pub(crate) world: &'w World,
    pub(crate) app: &'w TestApp,
    pub(crate) sdl: &'w Sdl,
    /// Raised by each input: keys and names are fresh, and each step gets a suggestion of its own.
    turn: Cell<usize>,
    /// What is left to choose by: each choice among so many takes its part of it, so that counting up tries them all.
    choice: Cell<usize>,
    used: RefCell<BTreeSet<String>>,
    /// Suggestions of the last call.
    picked: RefCell<BTreeSet<String>>,
}

/// How much of an input is given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    /// What it requires, with the plainest values.
    Plain,
    /// What it requires, with ids or flags beside it, and every value of an enum in its turn.
    Varied,
    /// Every field of it.
    Everything,
}

/// The row that one id of an input is aimed at; all others are the caller's own.
#[derive(Clone, Copy)]
pub(crate) struct Aim<'a> {
    /// Names of the fields down to the id, with dots between.
    pub(crate) path: &'a str,
    pub(crate) whose: Whose,
}

impl<'w> Inputs<'w> {
    /// Over a copy of the world.
    pub(crate) fn new(world: &'w World, app: &'w TestApp, sdl: &'w Sdl) -> Self {
        Self {
            world,
            app,
            sdl,
            turn: Cell::new(0),
            choice: Cell::new(0),
            used: RefCell::default(),
            picked: RefCell::default(),
        }
    }

    /// Where ids stand in a mutation's input, at the top of it or in the objects below; a filter aims at nothing, it narrows.
    pub(crate) fn targets(&self, mutation: &str) -> Vec<String> {
        let mut found = Vec::new();
        for arg in &self.sdl.field("Mutation", mutation).args {
            self.ids_below(&arg.ty.name, "", &mut found);
        }
        found
    }

    fn ids_below(&self, ty: &str, above: &str, found: &mut Vec<String>) {
        let Def::Input(fields, _) = self.sdl.def(ty) else {
            return;
        };
        for field in fields {
            let path = format!("{above}{}", field.name);
            if field.ty.name == "ID" {
                found.push(path);
            } else if !field.ty.name.ends_with("Filter") {
                self.ids_below(&field.ty.name, &format!("{path}."), found);
            }
        }
    }

    /// A call of a mutation whose `target` is somebody's and whose other ids are the caller's own; nothing when nobody
    /// has such a row.
    pub(crate) fn call(&self, who: &Who, mutation: &str, target: Option<(&str, Whose)>) -> Option<Call> {
        self.choice.set(self.turn.get());
        // It is refused, or only made to see whether there is one: its suggestions stay as they were.
        self.make(who, mutation, target, Given::Plain)
    }

    /// The call of a mutation at the caller's own rows that a number stands for; nothing when all were made.
    pub(crate) fn nth_call(&self, who: &Who, mutation: &str, number: usize, given: Given) -> Option<Call> {
        self.choice.set(number);
        self.picked.borrow_mut().clear();
        let call = self.make(who, mutation, None, given);
        call.filter(|_| self.choice.get() == 0)
    }

    /// The suggestions of the last call are no more as they were.
    pub(crate) fn spend(&self) {
        self.used.borrow_mut().append(&mut self.picked.borrow_mut());
    }

    fn make(&self, who: &Who, mutation: &str, target: Option<(&str, Whose)>, given: Given) -> Option<Call> {
        self.turn.set(self.turn.get() + 1);
        let made = Making {
            inputs: self,
            who,
            mutation,
            aim: target.map(|(path, whose)| Aim { path, whose }),
            given,
            optional: OnceCell::new(),
            day: OnceCell::new(),
            version: Cell::new(None),
        };
        let field = self.sdl.field("Mutation", mutation);
        let mut args = Map::new();
        for arg in &field.args {
            if let Def::Input(fields, one_of) = self.sdl.def(&arg.ty.name) {
                let mut input = made.object(fields, *one_of, "")?;
                made.at_version(&mut input);
                args.insert(arg.name.clone(), input.into());
            }
        }
        Some(Call {
            trail: vec![mutation.to_owned()],
            args,
            varied: target.map_or_else(String::new, |(path, whose)| format!("{path}:{whose:?}")),
            leaves: self.leaves(&field.ty.name),
            must_fail: false,
        })
    }

    /// Aims a step at somebody's row: gives how it ended, and the call. Where an input is refused for another reason than
    /// the row, further ones are tried, so that it is the row that is looked at.
    pub(crate) async fn aimed(&self, who: &Who, mutation: &str, aim: Aim<'_>) -> Option<(String, String)> {
        let mut last = None;
        for number in 0..AIMS {
            self.choice.set(number);
            let given = if number == 0 { Given::Plain } else { Given::Varied };
            let call = self.make(who, mutation, Some((aim.path, aim.whose)), given)?;
            let answer = self.send(who.token.as_deref(), &call).await;
            let ended = outcome(&answer);
            let told = format!("with {}: {answer:?}", call.varied);
            if ["NOT_FOUND", "FORBIDDEN", "UNAUTHENTICATED", "OK", "INTERNAL"].contains(&ended.as_str()) {
                return Some((ended, told));
            }
            last.get_or_insert((ended, told));
        }
        last
    }

    /// What a payload shows, and why any part of it was refused.
    fn leaves(&self, payload: &str) -> Vec<Vec<String>> {
        let deep = leaves(self.sdl, payload, 2).into_iter();
        let mut found = leaves(self.sdl, payload, 1);
        found.extend(deep.filter(|leaf| leaf.len() == 3 && leaf[1] == "userErrors"));
        found
    }

    fn choose(&self, among: usize) -> usize {
        let (left, among) = (self.choice.get(), among.max(1));
        self.choice.set(left / among);
        left % among
    }

    /// Id and version of a row of the kind that the field's name tells.
    fn row(&self, who: &Who, mutation: &str, name: &str, whose: Whose) -> Option<(String, Option<i64>)> {
        let hint = name.trim_end_matches('s').trim_end_matches("Id").to_lowercase();
        let kinds = || Kind::ALL.iter().map(|kind| (*kind, kind.name().to_lowercase()));
        // `requestId` is of an account's request, `fromAccountId` of an account.
        let kind = kinds().find(|(_, known)| known.ends_with(&hint));
        let kind = kind.or_else(|| kinds().find(|(_, known)| hint.ends_with(known)));
        let kind = kind.map_or(Kind::Submission, |(kind, _)| kind);
        let table = kind.table();
        let truth = &self.world.truth;
        let rows = || truth.rows(table).iter();
        let mine = |row: &&Row| may_target(truth, who, table, row);
        let found: Vec<&Row> = match whose {
            Whose::Missing => return Some((self.missing(kind), None)),
            Whose::Own => rows().filter(mine).filter(|row| self.fit(who, table, row)).collect(),
            Whose::Other => {
                // One's own post and account are one's own, though not to be given away.
                let near = rows().filter(|row| !mine(row) && text(row, "county") == who.county);
                // A visit may name every suggestion that its visitor sees.
                let named = |row: &&Row| mutation.starts_with("visit") && sees(truth, who, table, row);
                let near = near.filter(|row| table != "submission" || !named(row));
                near.filter(|row| ![who.post.as_str(), who.actor.as_str()].contains(&text(row, "id")))
                    .collect()
            }
            Whose::Abroad => rows().filter(|row| text(row, "county") != who.county).collect(),
        };
        if found.is_empty() && table == "post" && whose == Whose::Own && !who.post.is_empty() {
            return Some((global(self.app, kind, &who.post), None));
        }
        let row = found.get(self.choose(found.len()))?;
        if whose == Whose::Own && table == "submission" {
            self.picked.borrow_mut().insert(text(row, "id").to_owned());
        }
        let version = row.get("version").and_then(Value::as_i64);
        Some((global(self.app, kind, text(row, "id")), version))
    }

    /// Whether a row of one's own can take any step: with a class still to be given, with a person, and nobody whom the
    /// walk still needs.
    fn fit(&self, who: &Who, table: &str, row: &Row) -> bool {
        let key = text(row, "id");
        match table {
            "submission" => {
                let known = self.world.persons.contains_key(key);
                let fresh = !self.used.borrow().contains(key);
                fresh && known && text(row, "category").is_empty() && !flag(row, "confidential")
            }
            "account" | "post" => {
                let department = self.world.truth.row("department", text(row, "department")).unwrap();
                let hidden = HIDDEN.contains(&(who.county.as_str(), text(department, "code")));
                let account = if table == "account" { key } else { text(row, "account") };
                (hidden || text(row, "department") == who.department) && account != who.actor
            }
            _ => true,
        }
    }

    /// Name and telephone of somebody whose suggestion the caller collected; those of nobody where there is none.
    fn caller(&self, who: &Who) -> (String, String) {
        let truth = &self.world.truth;
        let persons = truth.rows("person").iter().filter(|person| text(person, "erased_at").is_empty());
        let mut theirs = persons.filter_map(|person| {
            let key = text(person, "submission");
            let row = truth.row("submission", key)?;
            let own = text(row, "department") == who.department && !flag(row, "confidential");
            self.world.persons.get(key).filter(|_| own && text(row, "county") == who.county)
        });
        let found = theirs.next().map(|person| (person.name.clone(), person.phone.clone()));
        found.unwrap_or_else(|| ("居民".to_owned(), "19900000000".to_owned()))
    }

    fn missing(&self, kind: Kind) -> String {
        global(self.app, kind, "0190a0b0c0d070e0800000000000feed")
    }

    /// Tries a step of the caller's own until it succeeds; gives `OK`, or how the first try ended.
    pub(crate) async fn best(&self, who: &Who, token: Option<&str>, mutation: &str) -> String {
        let mut first = None;
        for call in (0..TRIES).filter_map(|number| self.nth_call(who, mutation, number, Given::Varied)) {
            let ended = outcome(&self.send(token, &call).await);
            assert_ne!(ended, "INTERNAL", "{} broke {mutation}: {:?}", who.name, call.args);
            if ended == "OK" || ended == "FORBIDDEN" {
                self.spend();
                return ended;
            }
            first.get_or_insert(ended);
        }
        first.unwrap()
    }

    /// Sends a call; gives its payload, or the code of the error.
    pub(crate) async fn send(&self, token: Option<&str>, call: &Call) -> Result<Value, String> {
        let (query, variables) = document(self.sdl, "Mutation", std::slice::from_ref(call));
        let (_, answer) = self.app.graphql(token, &query, variables).await;
        let error = &answer["errors"][0];
        if !error.is_null() {
            return Err(error["extensions"]["code"].as_str().unwrap_or("none").to_owned());
        }
        Ok(answer["data"]["c0"].clone())
    }
}

/// Days that an input may name: in one county's campaign, and a Friday in the other's.
const DAYS: [&str; 2] = ["2022-03-01", "2019-11-08"];

/// One input in the making.
struct Making<'a> {
    inputs: &'a Inputs<'a>,
    who: &'a Who,
    mutation: &'a str,
    aim: Option<Aim<'a>>,
    given: Given,
    /// Which of the fields stand that may be left out: none, ids, flags.
    optional: OnceCell<usize>,
    day: OnceCell<&'static str>,
    /// Of the first row that is named alone.
    version: Cell<Option<i64>>,
}

impl Making<'_> {
    /// What an object requires; nothing when nobody has the row that is aimed at.
    fn object(&self, fields: &[Arg], one_of: bool, above: &str) -> Option<Map<String, Value>> {
        let mut object = Map::new();
        let aimed_here = self.aim.is_some_and(|aim| aim.path.starts_with(above));
        for (place, field) in fields.iter().enumerate() {
            let path = format!("{above}{}", field.name);
            let below = format!("{path}.");
            let aimed = self.aim.filter(|aim| aim.path == path || aim.path.starts_with(&below));
            let needed = if one_of {
                aimed.is_some() || (!aimed_here && place == 0)
            } else {
                field.required || aimed.is_some() || self.stands(field) || self.proves(field)
            };
            if needed {
                object.insert(field.name.clone(), self.value(field, aimed, &below)?);
            } else if field.name == "to" && self.who.profile.is_none() {
                let to = json!({ "county": "130803", "campaign": "MXGC-2020", "channel": "WEBSITE" });
                object.insert(field.name.clone(), to);
            }
        }
        Some(object)
    }

    /// The version that the row has: no step is refused for another one.
    fn at_version(&self, input: &mut Map<String, Value>) {
        if let (Some(expected), Some(version)) = (input.get_mut("expectedVersion"), self.version.get()) {
            *expected = json!(version);
        }
        for row in input.get_mut("rows").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(row) = row.as_object_mut() {
                self.at_version(row);
            }
        }
    }

    /// Whether a field stands that may be left out.
    fn stands(&self, field: &Arg) -> bool {
        if self.given == Given::Everything {
            return true;
        }
        let kind = match field.ty.name.as_str() {
            "ID" => 1,
            "Boolean" => 2,
            _ => return false,
        };
        self.given == Given::Varied && *self.optional.get_or_init(|| self.inputs.choose(3)) == kind
    }

    /// Whether a field is the refresh token without which nobody is known.
    fn proves(&self, field: &Arg) -> bool {
        field.name == "refreshToken" && self.mutation != "sessionLogout" && !self.who.refresh.is_empty()
    }

    fn id(&self, field: &Arg, aimed: Option<Aim<'_>>) -> Option<String> {
        let whose = aimed.map_or(Whose::Own, |aim| aim.whose);
        let row = self.inputs.row(self.who, self.mutation, &field.name, whose);
        let (id, version) = match (row, aimed) {
            (None, Some(_)) => return None,
            (None, None) => (self.inputs.missing(Kind::Submission), None),
            (Some(row), _) => row,
        };
        if !field.ty.list && self.version.get().is_none() {
            self.version.set(version);
        }
        Some(id)
    }

    /// Which of so many values stands: the first, unless they vary.
    fn which(&self, count: usize) -> usize {
        if self.given == Given::Plain { 0 } else { self.inputs.choose(count) }
    }

    fn value(&self, field: &Arg, aimed: Option<Aim<'_>>, below: &str) -> Option<Value> {
        let turn = self.inputs.turn.get();
        let sdl = self.inputs.sdl;
        let value = match (field.name.as_str(), field.ty.name.as_str(), sdl.def(&field.ty.name)) {
            (_, _, Def::Input(fields, one_of)) => self.object(fields, *one_of, below)?.into(),
            (_, "ID", _) => json!(self.id(field, aimed)?),
            ("idempotencyKey", ..) => json!(format!("walker-{turn:08}-{}", self.who.actor)),
            ("login", ..) => json!(format!("{}-walker-{turn}", self.who.county)),
            ("account", ..) => json!(self.who.login),
            ("refreshToken", ..) if self.proves(field) => json!(self.who.refresh),
            ("password" | "currentPassword", ..) => json!(PASSWORD),
            ("newPassword", ..) => json!("quite another passphrase"),
            (_, "Position", _) if self.given == Given::Everything => json!("HEAD"),
            (_, "Position", _) => json!("OFFICER"),
            (_, "Operation", _) => json!("SUBMISSION_SUBMIT"),
            (_, _, Def::Enum(values)) => {
                json!(values[self.which(values.len())])
            }
            ("phone", ..) if self.mutation == "personFind" => json!(self.inputs.caller(self.who).1),
            ("name", ..) if self.mutation == "personFind" => json!(self.inputs.caller(self.who).0),
            ("content", ..) if self.mutation == "submissionImport" => json!(ledger(turn)),
            ("field", ..) if self.mutation == "submissionImport" => json!("title"),
            ("column", ..) if self.mutation == "submissionImport" => json!("标题"),
            ("content", ..) if self.mutation == "summaryTableScanAttach" => {
                json!(BASE64_STANDARD.encode(b"%PDF-1.4"))
            }
            (_, "String", _) => json!(WORDS),
            (_, "Date", _) => json!(self.day.get_or_init(|| DAYS[self.which(DAYS.len())])),
            ("expectedVersion", ..) => json!(1),
            (_, "Int", _) => json!([1, 0][self.which(2)]),
            (_, ty, _) => plain(sdl, ty, false),
        };
        Some(if field.ty.list { json!([value]) } else { value })
    }
}

/// A ledger of a row that was never brought in, the same row again, and one without a text; its last column is no field.
fn ledger(turn: usize) -> String {
    let row = format!("walker-{turn},桥头的路灯不亮,桥头的路灯不亮已经三天,");
    format!("来源编号,标题,内容,备注\n{row}\n{row}\nwalker-{turn}-2,,,\n")
}

/// How a call ended: `OK`, the code of its first refusal, or that of its error.
pub(crate) fn outcome(answer: &Result<Value, String>) -> String {
    match answer {
        Err(code) => code.clone(),
        Ok(payload) => refusal(payload).unwrap_or("OK").to_owned(),
    }
}

/// The code of the first refusal in a payload, or in a part of it.
fn refusal(payload: &Value) -> Option<&str> {
    match payload {
        Value::Array(parts) => parts.iter().find_map(refusal),
        Value::Object(fields) => {
            let here = payload["userErrors"][0]["code"].as_str();
            here.or_else(|| fields.values().find_map(refusal))
        }
        _ => None,
    }
}
