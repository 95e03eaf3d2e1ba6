//! One walk through every query path as somebody, with what was tried, reached and found.

use std::collections::{BTreeMap, BTreeSet};

use minsheng::ids::Kind;
use serde_json::{Map, Value, json};

use super::oracle::Oracle;
use super::request::{Call, document, leaves};
use super::sdl::{Arg, Def, Field, Sdl};
use super::values::Pool;
use crate::support::TestApp;
use crate::support::world::{Who, World};

/// How far a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Every root field, two objects deep.
    Plain,
    /// Every root field, three objects deep below what it gives, and every argument of every field.
    Thorough,
}
/// Leaves of one request at most.
const LEAVES: usize = 260;
/// Calls of one request at most; thirty aliases are let in.
const CALLS: usize = 12;

/// Cursors by path: behind the first row, and of the last.
pub(crate) type Cursors = BTreeMap<Vec<String>, (Option<String>, Option<String>)>;

/// What a walk came to.
#[derive(Default)]
pub(crate) struct Report {
    /// Paths that were asked.
    pub(crate) tried: BTreeSet<String>,
    /// Paths that gave something.
    pub(crate) reached: BTreeSet<String>,
    /// What ought not to have been shown.
    pub(crate) findings: Vec<String>,
    /// Every request with its answer, to be asked again.
    pub(crate) log: Vec<(String, Value, Value)>,
    /// Cursors by path: behind the first row, and of the last.
    pub(crate) cursors: Cursors,
    /// Requests sent.
    pub(crate) requests: usize,
}

/// Somebody on the way.
pub(crate) struct Walk<'w> {
    pub(crate) oracle: Oracle<'w>,
    pub(crate) report: Report,
    /// Rows of a page where everything below it is asked for.
    pub(crate) rows: usize,
    /// Whether one finding is enough.
    pub(crate) until_found: bool,
    pool: Pool<'w>,
    depth: usize,
}

impl<'w> Walk<'w> {
    /// Before the first step.
    pub(crate) fn new(world: &'w World, app: &'w TestApp, sdl: &'w Sdl, who: &'w Who) -> Self {
        Self {
            pool: Pool::of(world, app, sdl, who),
            oracle: Oracle { world, app, sdl, who, rows_may_be_new: false },
            report: Report::default(),
            rows: 4,
            until_found: false,
            depth: 2,
        }
    }

    /// Every root field in depth, then every argument of every field.
    pub(crate) async fn queries(&mut self, reach: Reach) {
        let thorough = reach == Reach::Thorough;
        self.depth = if thorough { 3 } else { 2 };
        let sdl = self.oracle.sdl;
        for field in sdl.fields("Query") {
            let let_in = self.plain(field).await;
            if let_in && thorough {
                self.vary(std::slice::from_ref(&field.name), field).await;
            }
        }
        if thorough && self.oracle.who.token.is_some() {
            for (trail, field) in nested(sdl) {
                self.vary(&trail, &field).await;
            }
        }
    }

    /// The whole tree below a root field; says whether the caller was let in at all.
    async fn plain(&mut self, field: &Field) -> bool {
        let sdl = self.oracle.sdl;
        if matches!(sdl.def(&field.ty.name), Def::Interface) {
            return self.interface(field).await;
        }
        let mut args = Map::new();
        for arg in field.args.iter().filter(|arg| arg.required) {
            args.extend(
                self.pool.candidates(arg).first().map(|first| (arg.name.clone(), first.value.clone())),
            );
        }
        if field.args.iter().any(|arg| arg.name == "first") {
            args.insert("first".to_owned(), json!(self.rows));
        }
        let mut let_in = false;
        let all = if sdl.is_leaf(&field.ty.name) {
            vec![Vec::new()]
        } else {
            leaves(sdl, &field.ty.name, self.depth)
        };
        for part in all.chunks(LEAVES) {
            let call = Call {
                trail: vec![field.name.clone()],
                args: args.clone(),
                varied: String::new(),
                leaves: part.to_vec(),
                must_fail: false,
            };
            let_in |= self.ask(vec![call]).await > 0;
            if !let_in {
                break;
            }
        }
        let_in
    }

    /// An object by id: of every kind, one's own in depth, the others by what they have at hand.
    async fn interface(&mut self, field: &Field) -> bool {
        let sdl = self.oracle.sdl;
        let thorough = self.depth > 2;
        let mut calls = Vec::new();
        for ty in Kind::ALL.iter().map(|kind| kind.name()) {
            let below = |depth: usize| -> Vec<Vec<String>> {
                let step = format!("...{ty}");
                leaves(sdl, ty, depth).into_iter().map(|leaf| [vec![step.clone()], leaf].concat()).collect()
            };
            for (place, id) in self.pool.ids_of(ty).iter().enumerate() {
                let arg = field.args.first().unwrap();
                let value = if arg.ty.list { json!([id]) } else { json!(id) };
                calls.push(Call {
                    trail: vec![field.name.clone()],
                    args: [(arg.name.clone(), value)].into_iter().collect(),
                    varied: format!("{}:{ty}", arg.name),
                    leaves: below(if place < 3 && thorough { 2 } else { 0 }),
                    must_fail: false,
                });
            }
        }
        if self.oracle.who.token.is_none() {
            calls.truncate(1);
        }
        self.ask(calls).await > 0
    }

    /// Every argument of a field, one at a time.
    async fn vary(&mut self, trail: &[String], field: &Field) {
        let sdl = self.oracle.sdl;
        if matches!(sdl.def(&field.ty.name), Def::Interface) {
            return;
        }
        let mut base = Map::new();
        for arg in field.args.iter().filter(|arg| arg.required) {
            base.extend(
                self.pool.candidates(arg).first().map(|first| (arg.name.clone(), first.value.clone())),
            );
        }
        let mut calls = Vec::new();
        for arg in &field.args {
            for candidate in self.pool.candidates(arg) {
                let mut args = base.clone();
                args.insert(arg.name.clone(), candidate.value);
                calls.push(Call {
                    trail: trail.to_vec(),
                    args,
                    leaves: self.at_hand(field, arg, &candidate.label),
                    varied: candidate.label,
                    must_fail: false,
                });
            }
        }
        self.ask(calls).await;
    }

    /// What is selected where an argument varies: what lies at hand; more where text was looked for or a period given.
    fn at_hand(&self, field: &Field, arg: &Arg, label: &str) -> Vec<Vec<String>> {
        let sdl = self.oracle.sdl;
        if sdl.is_leaf(&field.ty.name) {
            return vec![Vec::new()];
        }
        let deep = ["text", "period"].iter().any(|end| label.rsplit('.').next() == Some(end))
            || arg.ty.name == "String";
        let mut near = leaves(sdl, &field.ty.name, 1);
        let far = leaves(sdl, &field.ty.name, 2);
        let known: BTreeSet<String> = near.iter().map(|leaf| leaf[0].clone()).collect();
        near.extend(far.into_iter().filter(|leaf| (deep && leaf.len() > 2) || !known.contains(&leaf[0])));
        near
    }

    /// Cursors of one's own, and of others, which must be refused.
    pub(crate) async fn cursors(&mut self, others: &[(String, String, Cursors)]) {
        let sdl = self.oracle.sdl;
        let own = self.report.cursors.clone();
        let mut calls = Vec::new();
        for (trail, (after, before)) in own {
            let field = field_at(sdl, &trail);
            let near = leaves(sdl, &field.ty.name, 1);
            let call = |name: &str, cursor: &str, must_fail: bool| Call {
                trail: trail.clone(),
                args: [(name.to_owned(), json!(cursor))].into_iter().collect(),
                varied: name.to_owned(),
                leaves: near.clone(),
                must_fail,
            };
            calls.extend(after.iter().map(|cursor| call("after", cursor, false)));
            calls.extend(before.iter().map(|cursor| call("before", cursor, false)));
            let who = self.oracle.who;
            let foreign = others
                .iter()
                .filter(|(county, department, _)| (county, department) != (&who.county, &who.department));
            let foreign = foreign.filter_map(|(_, _, cursors)| cursors.get(&trail)?.0.as_ref());
            calls.extend(foreign.take(2).map(|cursor| call("after", cursor, true)));
        }
        self.ask(calls).await;
    }

    /// Asks in as few requests as the limits allow; says how many calls were answered.
    async fn ask(&mut self, calls: Vec<Call>) -> usize {
        let mut answered = 0;
        let mut batch: Vec<Call> = Vec::new();
        let mut size = 0;
        for call in calls {
            self.report.tried.insert(call.label("Query"));
            for leaf in &call.leaves {
                let path = [vec![call.path("Query")], leaf.clone()].concat();
                self.report.tried.insert(path.join("."));
            }
            if batch.len() == CALLS || size + call.leaves.len() > LEAVES {
                answered += self.send(std::mem::take(&mut batch)).await;
                size = 0;
            }
            size += call.leaves.len();
            batch.push(call);
        }
        answered + self.send(batch).await
    }

    async fn send(&mut self, mut calls: Vec<Call>) -> usize {
        let mut waiting: Vec<Vec<Call>> = Vec::new();
        let mut answered = 0;
        loop {
            if self.until_found && !self.report.findings.is_empty() {
                return answered;
            }
            if calls.is_empty() {
                match waiting.pop() {
                    Some(next) => calls = next,
                    None => return answered,
                }
                continue;
            }
            let (query, variables) = document(self.oracle.sdl, "Query", &calls);
            let token = self.oracle.who.token.as_deref();
            let (_, answer) = self.oracle.app.graphql(token, &query, variables.clone()).await;
            self.report.requests += 1;
            self.report.log.push((query.clone(), variables, answer.clone()));
            let error = &answer["errors"][0];
            if error.is_null() {
                for (place, call) in calls.iter().enumerate() {
                    self.examine(call, &answer["data"][format!("c{place}")]);
                }
                answered += calls.len();
                calls.clear();
            } else if let Some(place) = alias(error) {
                self.refused(&calls[place], error);
                calls.remove(place);
            } else {
                let code = error["extensions"]["code"].as_str().unwrap_or_default();
                match code {
                    "QUERY_TOO_COMPLEX" => {
                        let (one, other) = halves(calls);
                        waiting.push(other);
                        calls = one;
                    }
                    "UNAUTHENTICATED" => {
                        self.finding(&format!("{} is not let in", self.oracle.who.name));
                        return answered;
                    }
                    _ => panic!("{}: {answer}\n{query}", self.oracle.who.name),
                }
            }
        }
    }

    fn finding(&mut self, text: &str) {
        self.report.findings.push(format!("{} sees {text}", self.oracle.who.name));
    }

    /// A refusal is no leak, unless it is a fault.
    fn refused(&mut self, call: &Call, error: &Value) {
        let code = error["extensions"]["code"].as_str().unwrap_or_default();
        if !["FORBIDDEN", "UNAUTHENTICATED", "BAD_USER_INPUT"].contains(&code) {
            self.finding(&format!("{}: {error}", call.label("Query")));
        }
    }

    fn examine(&mut self, call: &Call, value: &Value) {
        let sdl = self.oracle.sdl;
        let mut field = sdl.field("Query", &call.trail[0]);
        let path = format!("Query.{}", call.trail[0]);
        let args = (call.trail.len() == 1).then_some(&call.args);
        let mut findings = self.oracle.examine(&field.ty.name, value, &path, args);
        // Below the first field the arguments belong to the last.
        let mut values = vec![value];
        for step in &call.trail[1..] {
            field = sdl.field(&field.ty.name, step);
            values = values.into_iter().flat_map(flat).filter_map(|value| value.get(step)).collect();
        }
        if call.trail.len() > 1 {
            for value in &values {
                findings.extend(self.oracle.examine(
                    &field.ty.name,
                    value,
                    &call.label("Query"),
                    Some(&call.args),
                ));
            }
        }
        let some = values.iter().any(|value| content(sdl, &field.ty.name, value));
        if call.must_fail {
            findings.push(format!("{}: a cursor of somebody else is taken", call.label("Query")));
        }
        for finding in findings {
            self.finding(&format!("{finding} [{}]", call.varied));
        }
        for value in &values {
            mark(sdl, &field.ty.name, value, &call.path("Query"), &mut self.report.reached);
        }
        if some {
            self.report.reached.insert(call.label("Query"));
            self.keep_cursor(call, values[0]);
        }
    }

    fn keep_cursor(&mut self, call: &Call, value: &Value) {
        let cursor = value["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        if call.varied == "first"
            && cursor.is_some()
            && self.oracle.sdl.field("PageInfo", "endCursor").name == "endCursor"
        {
            let kept = self.report.cursors.entry(call.trail.clone()).or_default();
            if call.args["first"] == json!(1) {
                kept.0 = cursor;
            } else {
                kept.1 = cursor;
            }
        }
    }
}

fn alias(error: &Value) -> Option<usize> {
    error["path"][0].as_str()?.strip_prefix('c')?.parse().ok()
}

fn halves(mut calls: Vec<Call>) -> (Vec<Call>, Vec<Call>) {
    if calls.len() > 1 {
        let other = calls.split_off(calls.len() / 2);
        return (calls, other);
    }
    let mut one = calls.remove(0);
    if one.leaves.len() == 1 {
        let shorter = one.args.get("first").and_then(Value::as_i64).unwrap_or(0) / 2;
        assert!(shorter > 0, "{one:?} costs too much");
        one.args.insert("first".to_owned(), json!(shorter));
        return (vec![one], Vec::new());
    }
    let mut other = one.clone();
    other.leaves = one.leaves.split_off(one.leaves.len() / 2);
    (vec![one], vec![other])
}

fn flat(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        other => vec![other],
    }
}

fn field_at<'s>(sdl: &'s Sdl, trail: &[String]) -> &'s Field {
    let mut field = sdl.field("Query", &trail[0]);
    for step in &trail[1..] {
        field = sdl.field(&field.ty.name, step);
    }
    field
}

/// The shortest way to every field with arguments below the root.
fn nested(sdl: &Sdl) -> Vec<(Vec<String>, Field)> {
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    let mut ways: Vec<(Vec<String>, String)> = Vec::new();
    for field in sdl.fields("Query") {
        if field.args.iter().all(|arg| !arg.required) {
            ways.push((vec![field.name.clone()], field.ty.name.clone()));
        }
    }
    while !ways.is_empty() {
        let mut further = Vec::new();
        for (trail, ty) in ways {
            if !known.insert(ty.clone()) {
                continue;
            }
            for field in sdl.fields(&ty) {
                let way = [trail.clone(), vec![field.name.clone()]].concat();
                if !field.args.is_empty() {
                    found.push((way.clone(), field.clone()));
                }
                further.push((way, field.ty.name.clone()));
            }
        }
        ways = further;
    }
    found
}

/// Marks every field below that gave something.
pub(crate) fn mark(sdl: &Sdl, ty: &str, value: &Value, path: &str, reached: &mut BTreeSet<String>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| mark(sdl, ty, item, path, reached)),
        Value::Object(object) => {
            reached.insert(path.to_owned());
            let narrowed =
                object.get("__typename").and_then(Value::as_str).filter(|_| sdl.fields(ty).is_empty());
            let path = narrowed.map_or(path.to_owned(), |member| format!("{path}....{member}"));
            let ty = narrowed.unwrap_or(ty);
            reached.insert(path.clone());
            for (name, value) in object.iter().filter(|(name, _)| *name != "__typename") {
                mark(sdl, &sdl.field(ty, name).ty.name, value, &format!("{path}.{name}"), reached);
            }
        }
        _ => {
            reached.insert(path.to_owned());
        }
    }
}

/// Whether a value tells of any row: an id, a text, or a number above nought.
pub(crate) fn content(sdl: &Sdl, ty: &str, value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| content(sdl, ty, item)),
        Value::Object(object) => {
            let ty = object.get("__typename").and_then(Value::as_str).unwrap_or(ty);
            let mut fields = object.iter().filter(|(name, _)| *name != "__typename" && *name != "userErrors");
            fields.any(|(name, value)| content(sdl, &sdl.field(ty, name).ty.name, value))
        }
        Value::String(text) => ["ID", "String"].contains(&ty) && !text.is_empty(),
        Value::Number(number) => number.as_f64().is_some_and(|number| number > 0.0),
        _ => false,
    }
}
