//! Every mutation with targets in and out of scope, its input made up from the schema.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use minsheng::graphql::id::Kind;
use serde_json::{Map, Value, json};

use super::oracle::table_of;
use super::request::{Call, document, leaves, plain};
use super::sdl::{Arg, Def, Sdl};
use super::values::KINDS;
use crate::support::TestApp;
use crate::support::personas::PASSWORD;
use crate::support::rights::may_target;
use crate::support::truth::{Row, flag, text};
use crate::support::world::{HIDDEN, Who, World, global};

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
    used: RefCell<BTreeSet<String>>,
}

impl<'w> Inputs<'w> {
    /// Over a copy of the world.
    pub(crate) fn new(world: &'w World, app: &'w TestApp, sdl: &'w Sdl) -> Self {
        Self {
            world,
            app,
            sdl,
            turn: Cell::new(0),
            used: RefCell::default(),
        }
    }

    /// Id fields of a mutation's input, as far as they stand at the top of it.
    pub(crate) fn targets(&self, mutation: &str) -> Vec<Arg> {
        let field = self.sdl.field("Mutation", mutation);
        let inputs = field
            .args
            .iter()
            .filter_map(|arg| match self.sdl.def(&arg.ty.name) {
                Def::Input(fields, _) => Some(fields.clone()),
                _ => None,
            });
        inputs
            .flatten()
            .filter(|field| field.ty.name == "ID")
            .collect()
    }

    /// A call of a mutation whose `target` is somebody's and whose other ids are the caller's own; nothing when nobody
    /// has such a row.
    pub(crate) fn call(
        &self,
        who: &Who,
        mutation: &str,
        target: Option<(&str, Whose)>,
    ) -> Option<Call> {
        self.turn.set(self.turn.get() + 1);
        let field = self.sdl.field("Mutation", mutation);
        let mut args = Map::new();
        for arg in &field.args {
            let Def::Input(fields, _) = self.sdl.def(&arg.ty.name) else {
                continue;
            };
            let mut input = Map::new();
            for field in fields {
                let aimed = target.filter(|(name, _)| *name == field.name);
                if field.ty.name == "ID" && (field.required || aimed.is_some()) {
                    let whose = aimed.map_or(Whose::Own, |(_, whose)| whose);
                    let id = self.id(who, &field.name, whose);
                    let id = if aimed.is_some() {
                        id?
                    } else {
                        id.unwrap_or_else(|| self.missing(Kind::Submission))
                    };
                    input.insert(
                        field.name.clone(),
                        if field.ty.list {
                            json!([id])
                        } else {
                            json!(id)
                        },
                    );
                } else if field.required {
                    input.insert(field.name.clone(), self.value(who, field));
                } else if field.name == "to" && who.profile.is_none() {
                    let to = json!({ "county": "130803", "campaign": "MXGC-2020", "channel": "WEBSITE" });
                    input.insert(field.name.clone(), to);
                }
            }
            args.insert(arg.name.clone(), input.into());
        }
        Some(Call {
            trail: vec![mutation.to_owned()],
            args,
            varied: target.map_or_else(String::new, |(name, whose)| format!("{name}:{whose:?}")),
            leaves: leaves(self.sdl, &field.ty.name, 1),
            must_fail: false,
        })
    }

    fn value(&self, who: &Who, field: &Arg) -> Value {
        let turn = self.turn.get();
        match (field.name.as_str(), field.ty.name.as_str()) {
            ("idempotencyKey", _) => json!(format!("walker-{turn:08}-{}", who.actor)),
            ("login", _) => json!(format!("walker-{turn}")),
            ("account", _) => json!(who.login),
            ("password" | "currentPassword", _) => json!(PASSWORD),
            ("newPassword", _) => json!("quite another passphrase"),
            (_, "Position") => json!("OFFICER"),
            (_, "Operation") => json!(["SUBMISSION_SUBMIT"]),
            (_, "String") => json!("走访时登记的事项"),
            (_, ty) => plain(self.sdl, ty, field.ty.list),
        }
    }

    /// The id of a row of the kind that the field's name tells.
    fn id(&self, who: &Who, name: &str, whose: Whose) -> Option<String> {
        let hint = name
            .trim_end_matches('s')
            .trim_end_matches("Id")
            .to_lowercase();
        let (kind, _) = *KINDS
            .iter()
            .find(|(_, ty)| ty.to_lowercase().ends_with(&hint))
            .unwrap_or(&KINDS[6]);
        let table = table_of(kind);
        let truth = &self.world.truth;
        let rows = || truth.rows(table).iter();
        let mine = |row: &&Row| may_target(truth, who, table, row);
        let found: Vec<&Row> = match whose {
            Whose::Missing => return Some(self.missing(kind)),
            Whose::Own => rows()
                .filter(mine)
                .filter(|row| self.fit(who, table, row))
                .collect(),
            Whose::Other => {
                // One's own post is one's own, though not to be given away.
                let near = rows().filter(|row| !mine(row) && text(row, "county") == who.county);
                near.filter(|row| text(row, "id") != who.post).collect()
            }
            Whose::Abroad => rows()
                .filter(|row| text(row, "county") != who.county)
                .collect(),
        };
        if found.is_empty() && table == "post" && whose == Whose::Own && !who.post.is_empty() {
            return Some(global(self.app, kind, &who.post));
        }
        let row = found.get(self.turn.get() % found.len().max(1))?;
        if whose == Whose::Own && table == "submission" {
            self.used.borrow_mut().insert(text(row, "id").to_owned());
        }
        Some(global(self.app, kind, text(row, "id")))
    }

    /// Whether a row of one's own can take any step: untouched, with a person, and nobody whom the walk still needs.
    fn fit(&self, who: &Who, table: &str, row: &Row) -> bool {
        let key = text(row, "id");
        match table {
            "submission" => {
                let untouched = row.get("version").and_then(Value::as_i64) == Some(1);
                let known = self.world.persons.contains_key(key);
                let fresh = !self.used.borrow().contains(key);
                fresh
                    && untouched
                    && known
                    && text(row, "category").is_empty()
                    && !flag(row, "confidential")
            }
            "account" | "post" => {
                let department = self
                    .world
                    .truth
                    .row("department", text(row, "department"))
                    .unwrap();
                let hidden = HIDDEN.contains(&(who.county.as_str(), text(department, "code")));
                let account = if table == "account" {
                    key
                } else {
                    text(row, "account")
                };
                (hidden || text(row, "department") == who.department) && account != who.actor
            }
            _ => true,
        }
    }

    fn missing(&self, kind: Kind) -> String {
        global(self.app, kind, "0190a0b0c0d070e0800000000000feed")
    }

    /// Sends a call; gives its payload, or the code of the error.
    pub(crate) async fn send(&self, token: Option<&str>, call: &Call) -> Result<Value, String> {
        let (query, variables) = document(self.sdl, "Mutation", std::slice::from_ref(call));
        let (_, answer) = self.app.graphql(token, &query, variables).await;
        let error = &answer["errors"][0];
        if !error.is_null() {
            return Err(error["extensions"]["code"]
                .as_str()
                .unwrap_or("none")
                .to_owned());
        }
        Ok(answer["data"]["c0"].clone())
    }
}

/// How a call ended: `OK`, the code of its first refusal, or that of its error.
pub(crate) fn outcome(answer: &Result<Value, String>) -> String {
    match answer {
        Err(code) => code.clone(),
        Ok(payload) => {
            let refusal = payload["userErrors"][0]["code"].as_str();
            refusal.unwrap_or("OK").to_owned()
        }
    }
}
