//! What is given as argument: rows of one's own, of another department, of another county; every enum value; every order.

use std::collections::{BTreeMap, BTreeSet};

use minsheng::ids::Kind;
use serde_json::{Map, Value, json};

use super::sdl::{Arg, Def, Sdl};
use crate::support::TestApp;
use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::rights::sees;
use crate::support::truth::{Row, text};
use crate::support::world::{HIDDEN, Who, World, global};

/// A value of an argument, and how the list of paths names it.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The part of the path.
    pub(crate) label: String,
    /// The value.
    pub(crate) value: Value,
}

/// What somebody gives as argument.
pub(crate) struct Pool<'w> {
    sdl: &'w Sdl,
    ids: BTreeMap<&'static str, Vec<String>>,
    texts: Vec<String>,
    numbers: Vec<String>,
    counties: Vec<String>,
    /// What the trail of one's own county tells of.
    actions: BTreeSet<String>,
}

impl<'w> Pool<'w> {
    /// Of one's own rows first, then of another department's and another county's.
    pub(crate) fn of(world: &World, app: &TestApp, sdl: &'w Sdl, who: &Who) -> Self {
        let truth = &world.truth;
        let hidden: Vec<&str> = HIDDEN
            .iter()
            .filter_map(|(county, code)| truth.department(county, code))
            .map(|row| text(row, "id"))
            .collect();
        let mut ids = BTreeMap::new();
        for kind in Kind::ALL.iter().copied() {
            let rows = truth.rows(kind.table());
            let mut chosen: Vec<&str> = Vec::new();
            let seen = rows.iter().filter(|row| sees(truth, who, kind.table(), row));
            let seen: Vec<&str> = seen.map(|row| text(row, "id")).collect();
            chosen.extend(
                [0, seen.len() / 3, seen.len() / 2, seen.len().saturating_sub(1)]
                    .iter()
                    .filter_map(|place| seen.get(*place)),
            );
            let unseen = || rows.iter().filter(|row| !sees(truth, who, kind.table(), row));
            let department = if kind.table() == "department" { "id" } else { "department" };
            let of_hidden = unseen()
                .find(|row| hidden.contains(&text(row, department)) && text(row, "county") == who.county);
            chosen.extend(of_hidden.map(|row| text(row, "id")));
            let neighbour = unseen().find(|row| text(row, "county") == who.county);
            chosen.extend(neighbour.map(|row| text(row, "id")));
            let abroad = unseen().find(|row| text(row, "county") != who.county);
            chosen.extend(abroad.map(|row| text(row, "id")));
            if kind == Kind::Department && !who.department.is_empty() {
                chosen.insert(0, &who.department);
            }
            if kind == Kind::Viewer && !who.actor.is_empty() {
                chosen.insert(0, if who.post.is_empty() { &who.actor } else { &who.post });
            }
            chosen.dedup();
            ids.insert(kind.name(), chosen.into_iter().map(|key| global(app, kind, key)).collect());
        }
        // One's own first.
        let mut counties = [SHUANGLUAN, HUOQIU].map(str::to_owned).to_vec();
        counties.sort_by_key(|county| *county != who.county);
        let lines = truth.rows("audit_entry").iter().filter(|line| text(line, "county") == who.county);
        let actions = lines.map(|line| text(line, "action").to_owned()).collect();
        Self { sdl, ids, texts: texts(world, who), numbers: numbers(world, who), counties, actions }
    }

    /// Ids of one type, one's own first.
    pub(crate) fn ids_of(&self, ty: &str) -> &[String] {
        &self.ids[ty]
    }

    /// Every value of an argument that is worth a try; the first is the plainest.
    pub(crate) fn candidates(&self, arg: &Arg) -> Vec<Candidate> {
        if ["after", "before"].contains(&arg.name.as_str()) {
            return Vec::new();
        }
        let one = |label: String, value: Value| Candidate {
            label,
            value: if arg.ty.list { json!([value]) } else { value },
        };
        match (self.sdl.def(&arg.ty.name), arg.ty.name.as_str()) {
            (Def::Enum(values), "AuditAction") => {
                let told: Vec<String> =
                    values.iter().filter(|value| self.actions.contains(*value)).cloned().collect();
                Self::enums(arg, &told)
            }
            (Def::Enum(values), _) => Self::enums(arg, values),
            (Def::Input(fields, one_of), _) => self.inputs(arg, fields, *one_of),
            (_, "ID") => {
                self.ids_for(&arg.name).into_iter().map(|id| one(arg.name.clone(), json!(id))).collect()
            }
            (_, "String") if arg.name == "number" => {
                self.numbers.iter().map(|number| one(arg.name.clone(), json!(number))).collect()
            }
            (_, "String") if arg.name == "county" => {
                self.counties.iter().map(|county| one(arg.name.clone(), json!(county))).collect()
            }
            (_, "String") => self.texts.iter().map(|text| one(arg.name.clone(), json!(text))).collect(),
            (_, "Int") if arg.name == "year" => {
                [2022, 2019].map(|year| one(arg.name.clone(), json!(year))).to_vec()
            }
            (_, "Int") => [1, 100].map(|size| one(arg.name.clone(), json!(size))).to_vec(),
            (_, "Boolean") => {
                [true, false].map(|value| one(format!("{}={value}", arg.name), json!(value))).to_vec()
            }
            // A day that closes a period has something before it.
            (_, "Date") if ["to", "enteredTo"].contains(&arg.name.as_str()) => {
                vec![one(arg.name.clone(), json!("2022-12-31"))]
            }
            (_, "Date") => ["2022-03-01", "2019-11-10"].map(|day| one(arg.name.clone(), json!(day))).to_vec(),
            (_, "DateTime") => vec![one(arg.name.clone(), json!("2022-03-01T00:00:00Z"))],
            _ => Vec::new(),
        }
    }

    fn enums(arg: &Arg, values: &[String]) -> Vec<Candidate> {
        let single = |value: &String| Candidate {
            label: format!("{}={value}", arg.name),
            value: if arg.ty.list { json!([value]) } else { json!(value) },
        };
        let mut found: Vec<Candidate> = values.iter().map(single).collect();
        if arg.ty.list && arg.required {
            // Two at once: each with its neighbour.
            found.extend(values.iter().zip(values.iter().cycle().skip(1)).map(|(one, other)| Candidate {
                label: format!("{}={one}+{other}", arg.name),
                value: json!([one, other]),
            }));
        }
        found
    }

    /// Each field of an input alone, beside those that are required; and all days together, which make a period.
    fn inputs(&self, arg: &Arg, fields: &[Arg], one_of: bool) -> Vec<Candidate> {
        let mut base = Map::new();
        for field in fields.iter().filter(|field| field.required && !one_of) {
            base.extend(
                self.candidates(field).into_iter().next().map(|first| (field.name.clone(), first.value)),
            );
        }
        let mut found = Vec::new();
        for field in fields {
            for candidate in self.candidates(field) {
                let mut value = base.clone();
                value.insert(field.name.clone(), candidate.value);
                found.push(Candidate {
                    label: format!("{}.{}", arg.name, candidate.label),
                    value: value.into(),
                });
            }
        }
        let days: Vec<&Arg> = fields.iter().filter(|field| field.ty.name == "Date").collect();
        for days in days.chunks_exact(2) {
            for bounds in [["2022-03-01", "2022-04-01"], ["2019-11-01", "2019-12-01"]] {
                let mut value = base.clone();
                value.extend(days.iter().zip(bounds).map(|(day, bound)| (day.name.clone(), json!(bound))));
                found.push(Candidate { label: format!("{}.period", arg.name), value: value.into() });
            }
        }
        found
    }

    /// Ids of the kind that the name of the argument tells, or of every kind.
    fn ids_for(&self, name: &str) -> Vec<&String> {
        let hint = name.trim_end_matches('s').trim_end_matches("Id").to_lowercase();
        // Whoever works on something is named by the account.
        let hint = hint.replace("assignee", "account");
        let kinds = Kind::ALL.iter().map(|kind| kind.name());
        let named: Vec<&String> = kinds
            .filter(|ty| !hint.is_empty() && hint != "id" && ty.to_lowercase().ends_with(&hint))
            .flat_map(|ty| &self.ids[ty])
            .collect();
        if named.is_empty() { self.ids.values().flatten().collect() } else { named }
    }
}

/// Receipt numbers: of one's own suggestions those of which most can be told, one that was merged and one of which it was
/// explained why nothing came of it; then one of a neighbour and one from abroad.
fn numbers(world: &World, who: &Who) -> Vec<String> {
    let truth = &world.truth;
    let told = |row: &&Row| {
        let given = |column: &&&str| !text(row, column).is_empty();
        let columns = ["category", "village", "external_ref"];
        let of_row = |record: &&Row| text(record, "submission") == text(row, "id");
        let records = truth.rows("record").iter().filter(of_row).count();
        columns.iter().filter(given).count() + records.min(3)
    };
    let (mut own, others): (Vec<&Row>, Vec<&Row>) =
        truth.rows("submission").iter().partition(|row| sees(truth, who, "submission", row));
    let named_in = |table: &str, column: &str| -> BTreeSet<String> {
        let rows = truth.rows(table).iter();
        rows.map(|row| text(row, column).to_owned()).collect()
    };
    let (merged, explained) = (named_in("merger", "merged"), named_in("explanation_cover", "submission"));
    let is = |row: &Row, named: &BTreeSet<String>| named.contains(text(row, "id"));
    // The case number decides last: keys are random, and the first is looked at more deeply than the others.
    own.sort_by_key(|row| {
        let ends = (std::cmp::Reverse(told(row)), !is(row, &explained));
        (ends, text(row, "number").to_owned())
    });
    let first_of = |named: &BTreeSet<String>| own.iter().find(|row| is(row, named)).copied();
    let (merged, explained) = (first_of(&merged), first_of(&explained));
    let other = |near: bool| {
        let fits = |row: &&&Row| (text(row, "county") == who.county) == near;
        others.iter().find(fits).copied()
    };
    let chosen = own.into_iter().take(2).chain(merged).chain(explained);
    let chosen = chosen.chain(other(true)).chain(other(false));
    chosen.map(|row| text(row, "receipt_number").to_owned()).collect()
}

/// Words that find something: codes of campaigns, receipt codes, markers and receipt numbers of three owners, and case number
/// and reference of a suggestion of one's own.
fn texts(world: &World, who: &Who) -> Vec<String> {
    let truth = &world.truth;
    let campaigns = truth.rows("campaign").iter();
    let mut codes: Vec<&str> = campaigns.map(|row| text(row, "code")).collect();
    let own = truth.rows("campaign").iter().find(|row| text(row, "county") == who.county);
    codes.sort_by_key(|code| own.is_none_or(|own| text(own, "code") != *code));
    let mut words: Vec<String> = codes.into_iter().map(str::to_owned).collect();
    let marked = |wanted: &dyn Fn(&str, bool) -> bool| {
        let mut markers = world.markers.iter().filter(|(_, (table, _))| *table == "submission");
        markers.find_map(|(marker, (table, key))| {
            let row = truth.row(table, key)?;
            wanted(text(row, "county"), sees(truth, who, table, row)).then(|| {
                let marker = marker.trim_matches(['〔', '〕']).to_owned();
                [marker, text(row, "receipt_number").to_owned()]
            })
        })
    };
    words.extend(marked(&|_, seen| seen).into_iter().flatten());
    let near = marked(&|county, seen| !seen && county == who.county);
    words.extend(near.into_iter().flatten());
    let far = marked(&|county, _| county != who.county);
    words.extend(far.into_iter().flatten());
    let mut own = truth.rows("submission").iter().filter(|row| sees(truth, who, "submission", row));
    let referred = own.clone().find(|row| !text(row, "external_ref").is_empty()).or_else(|| own.next());
    let named =
        referred.iter().flat_map(|row| ["number", "external_ref"].map(|column| text(row, column).to_owned()));
    words.extend(named.filter(|word| !word.is_empty()));
    words.extend(world.receipts.keys().take(1).cloned());
    words.extend(world.receipts.keys().last().cloned());
    words
}
