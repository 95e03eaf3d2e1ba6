//! What changes from one plan to another, said in the plan's own words.

use std::fmt;

use serde_json::{Map, Value};

use super::Plan;

/// One change between two plans (方案变更).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The section, such as `departments` (部分).
    pub section: String,
    /// The code of the element, or the field of a section that is no list; empty for the order of a list (代码).
    pub code: String,
    /// Added, removed or changed (变更类型).
    pub kind: ChangeKind,
    /// What it was and what it is (说明).
    pub detail: String,
}

/// What happened to an element (变更类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there before (新增).
    Added,
    /// It is gone (删除).
    Removed,
    /// It is another now, or stands elsewhere in its list (修改).
    Changed,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.kind {
            ChangeKind::Added => '+',
            ChangeKind::Removed => '-',
            ChangeKind::Changed => '~',
        };
        let dot = if self.code.is_empty() { "" } else { "." };
        write!(f, "{sign} {}{dot}{}: {}", self.section, self.code, self.detail)
    }
}

/// Every change from the old plan to the new one, section by section (方案比对).
///
/// Empty exactly when both have the same [`Plan::digest`].
#[must_use]
pub fn diff(old: &Plan, new: &Plan) -> Vec<Change> {
    let (old, new) = (sections(old), sections(new));
    let mut changes = Vec::new();
    // A section that stands in one of them alone comes or goes as a whole.
    let gone = old.keys().filter(|section| !new.contains_key(*section));
    for section in new.keys().chain(gone) {
        let part = |plan: &Map<String, Value>| plan.get(section).cloned().unwrap_or_default();
        Section { name: section, changes: &mut changes }.compare(&part(&old), &part(&new));
    }
    changes
}

#[expect(clippy::expect_used, reason = "text, numbers, days and closed values always have a JSON form")]
fn sections(plan: &Plan) -> Map<String, Value> {
    match serde_json::to_value(plan).expect("a plan has a JSON form") {
        Value::Object(sections) => sections,
        _ => Map::new(),
    }
}

struct Section<'a> {
    name: &'a str,
    changes: &'a mut Vec<Change>,
}

impl Section<'_> {
    fn compare(&mut self, before: &Value, after: &Value) {
        let (before, after) = (elements(before), elements(after));
        for (code, element) in &after {
            match find(&before, code) {
                None => self.add(code, ChangeKind::Added, short(element)),
                Some(former) if former != *element => {
                    self.add(code, ChangeKind::Changed, change(former, element));
                }
                Some(_) => {}
            }
        }
        for (code, element) in &before {
            if find(&after, code).is_none() {
                self.add(code, ChangeKind::Removed, short(element));
            }
        }
        self.compare_order(&before, &after);
    }

    /// The order of what both plans have; people see it in lists and forms.
    fn compare_order(&mut self, before: &[(String, &Value)], after: &[(String, &Value)]) {
        let kept = |list: &[(String, &Value)], other: &[(String, &Value)]| -> Vec<String> {
            list.iter().map(|(code, _)| code.clone()).filter(|code| find(other, code).is_some()).collect()
        };
        let order = kept(after, before);
        if kept(before, after) != order {
            self.add("", ChangeKind::Changed, format!("order: {}", order.join(", ")));
        }
    }

    fn add(&mut self, code: &str, kind: ChangeKind, detail: String) {
        self.changes.push(Change { section: self.name.to_owned(), code: code.to_owned(), kind, detail });
    }
}

/// The parts of a section, each under the code that stays the same when the rest changes.
fn elements(section: &Value) -> Vec<(String, &Value)> {
    match section {
        Value::Array(list) => list.iter().map(|element| (code(element), element)).collect(),
        Value::Object(fields) => fields.iter().map(|(field, value)| (field.clone(), value)).collect(),
        _ => Vec::new(),
    }
}

/// A coverage target has no code: class and numerator together stand for one; a year of the calendar is one by its number.
fn code(element: &Value) -> String {
    let text = |field: &str| element.get(field).and_then(Value::as_str);
    if let Some(year) = element.get("year") {
        return year.to_string();
    }
    match (text("code").or_else(|| text("key")), text("class"), text("numerator")) {
        (Some(code), _, _) => code.to_owned(),
        (None, Some(class), Some(numerator)) => format!("{class}/{numerator}"),
        _ => element.to_string(),
    }
}

fn find<'v>(elements: &[(String, &'v Value)], code: &str) -> Option<&'v Value> {
    elements.iter().find(|(known, _)| known == code).map(|(_, element)| *element)
}

/// How an element is shown that came or went: by its name where it has one.
fn short(element: &Value) -> String {
    element.get("name").or_else(|| element.get("text")).map_or_else(|| element.to_string(), Value::to_string)
}

fn change(before: &Value, after: &Value) -> String {
    let (Value::Object(former), Value::Object(fields)) = (before, after) else {
        return format!("{before} → {after}");
    };
    let changed = fields.iter().filter_map(|(field, value)| {
        let old = former.get(field).unwrap_or(&Value::Null);
        (old != value).then(|| format!("{field} {old} → {value}"))
    });
    let gone = former.iter().filter(|(field, _)| !fields.contains_key(*field));
    let gone = gone.map(|(field, old)| format!("{field} {old} → null"));
    changed.chain(gone).collect::<Vec<_>>().join("; ")
}
