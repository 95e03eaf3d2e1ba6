//! Whether an answer shows what it may show: ids, markers, persons and counts, against the truth of the world.

use entity::enums::RightsProfile;
use std::sync::LazyLock;

use minsheng::ids::Kind;
use minsheng::intake::graphql::FilterToken;
use regex::Regex;
use serde_json::{Map, Value, json};

use super::sdl::Sdl;
use crate::support::TestApp;
use crate::support::counted::Counted;
use crate::support::rights::{collects, sees, sees_person};
use crate::support::truth::{Row, Truth, text};
use crate::support::world::{Who, World};

static MARKER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"〔(\d{6})/[A-Z0-9_]+/\d{4}〕").unwrap());
static UUID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}").unwrap());
static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"居民\d{4}号|某村\d{4}组").unwrap());
static PHONE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"199\d{8}").unwrap());

/// One answer under examination.
pub(crate) struct Oracle<'w> {
    pub(crate) world: &'w World,
    pub(crate) app: &'w TestApp,
    pub(crate) sdl: &'w Sdl,
    pub(crate) who: &'w Who,
    /// Whether rows may appear that were made after the world.
    pub(crate) rows_may_be_new: bool,
}

/// Where in an answer we are.
#[derive(Clone)]
struct At<'a> {
    path: String,
    args: &'a Map<String, Value>,
    /// Whether the arguments are known on which counts depend.
    counted: bool,
    /// Inside a line of the audit trail, which names everything of the county.
    trail: bool,
    /// Inside an identity that was asked for with a reason.
    identity: bool,
    /// Inside what is told of whoever did something: colleagues are named.
    actor: bool,
}

impl Oracle<'_> {
    /// Findings in the value of a field of a type.
    pub(crate) fn examine(
        &self,
        ty: &str,
        value: &Value,
        path: &str,
        args: Option<&Map<String, Value>>,
    ) -> Vec<String> {
        let mut findings = Vec::new();
        let none = Map::new();
        let at = At {
            path: path.to_owned(),
            counted: args.is_some(),
            args: args.unwrap_or(&none),
            trail: false,
            identity: false,
            actor: false,
        };
        self.value(ty, value, &at, &mut findings);
        findings
    }

    fn truth(&self) -> &Truth {
        &self.world.truth
    }

    fn value(&self, ty: &str, value: &Value, at: &At<'_>, findings: &mut Vec<String>) {
        match value {
            Value::Array(items) => {
                for item in items {
                    self.value(ty, item, at, findings);
                }
            }
            Value::Object(object) => self.object(ty, object, at, findings),
            Value::String(text) if ty == "ID" => self.id(text, at, findings),
            Value::String(text) if ty == "String" => self.string(text, at, findings),
            _ => {}
        }
    }

    fn object(&self, ty: &str, object: &Map<String, Value>, at: &At<'_>, findings: &mut Vec<String>) {
        let ty = object
            .get("__typename")
            .and_then(Value::as_str)
            .filter(|_| self.sdl.fields(ty).is_empty())
            .unwrap_or(ty);
        let mut at = at.clone();
        at.trail |= ty == "AuditEntry";
        at.identity |= ty == "Identity";
        at.actor |= ty == "Actor";
        if at.counted {
            self.counts(ty, object, &at, findings);
        }
        match ty {
            "Submission" => {
                self.person(object, &at, findings);
                self.assignee(object, &at, findings);
            }
            "Receipt" => self.receipt(object, &at, findings),
            _ => {}
        }
        for (name, value) in object {
            if name == "__typename" {
                continue;
            }
            let field = self.sdl.field(ty, name);
            let below = At { path: format!("{}.{name}", at.path), ..at.clone() };
            self.value(&field.ty.name, value, &below, findings);
        }
    }

    fn id(&self, id: &str, at: &At<'_>, findings: &mut Vec<String>) {
        let Some((kind, key)) = self.app.app.ids.decode(id) else {
            findings.push(format!("{}: {id} is no global id", at.path));
            return;
        };
        let key = key.simple().to_string();
        if kind == Kind::Viewer {
            if key != self.who.post && key != self.who.actor {
                findings.push(format!("{}: the viewer is somebody else", at.path));
            }
            return;
        }
        self.row(kind.table(), &key, at, findings);
    }

    fn row(&self, table: &'static str, key: &str, at: &At<'_>, findings: &mut Vec<String>) {
        match self.truth().row(table, key) {
            None if self.rows_may_be_new => {}
            // Refusals are noted while the walk goes on. A trail of another county would show lines that are known.
            None if table == "audit_entry" && self.who.profile == Some(RightsProfile::Auditor) => {}
            None => findings.push(format!("{}: a {table} that the world does not have", at.path)),
            Some(row) if at.trail && text(row, "county") == self.who.county => {}
            Some(row) if sees(self.truth(), self.who, table, row) => {}
            Some(row) if at.actor && self.is_colleague(table, row) => {}
            // Figures are cut by stream also for whoever handles or entered a suggestion without owning its stream.
            Some(_)
                if table == "stream"
                    && at.path.starts_with("Query.overview.rows")
                    && self.has_part_in(key) => {}
            Some(row) => findings.push(format!("{}: {table} of {}", at.path, self.owner(table, row))),
        }
    }

    /// Whether a row is the account or post of somebody of the own department.
    fn is_colleague(&self, table: &str, row: &Row) -> bool {
        let own = !self.who.department.is_empty() && text(row, "department") == self.who.department;
        ["account", "post"].contains(&table) && text(row, "county") == self.who.county && own
    }

    fn has_part_in(&self, stream: &str) -> bool {
        let shares = self.truth().rows("share").iter();
        shares
            .filter(|share| text(share, "stream") == stream)
            .any(|share| sees(self.truth(), self.who, "share", share))
    }

    fn owner(&self, table: &str, row: &Row) -> String {
        let key = if table == "department" { "id" } else { "department" };
        let department = self.truth().row("department", text(row, key)).map_or("", |row| text(row, "code"));
        format!("{} {department}", text(row, "county"))
    }

    /// Text that names a row, by marker, by key or by global id, shows it.
    fn string(&self, text: &str, at: &At<'_>, findings: &mut Vec<String>) {
        for marker in MARKER.find_iter(text) {
            if at.path.contains("receipt") {
                continue;
            }
            match self.world.markers.get(marker.as_str()) {
                Some((table, key)) => self.row(table, key, at, findings),
                None if self.rows_may_be_new => {}
                None => findings.push(format!("{}: unknown marker {}", at.path, marker.as_str())),
            }
        }
        for key in UUID.find_iter(text) {
            let key = key.as_str().replace('-', "");
            for table in [
                "submission",
                "account",
                "post",
                "portal_client",
                "department",
                "channel",
                "category",
                "campaign",
                "stream",
            ] {
                if self.truth().row(table, &key).is_some() {
                    self.row(table, &key, at, findings);
                }
            }
        }
        if text.len() == 23
            && let Some((kind, key)) = self.app.app.ids.decode(text)
        {
            let key = key.simple().to_string();
            if kind != Kind::Viewer && self.truth().row(kind.table(), &key).is_some() {
                self.row(kind.table(), &key, at, findings);
            }
        }
        if NAME.is_match(text) && !at.identity {
            findings.push(format!("{}: a person in clear: {text}", at.path));
        }
        if PHONE.is_match(text) && !at.identity && (!collects(self.who) || at.path.contains(".person.")) {
            findings.push(format!("{}: a telephone in clear: {text}", at.path));
        }
    }

    /// Who works on a case is known in its department alone.
    fn assignee(&self, object: &Map<String, Value>, at: &At<'_>, findings: &mut Vec<String>) {
        let told = object.get("assignee").and_then(Value::as_str).is_some_and(|name| !name.is_empty());
        let key = object.get("id").and_then(Value::as_str).map(|id| self.key(id)).unwrap_or_default();
        let row = self.truth().row("submission", &key);
        if told && row.is_some_and(|row| text(row, "department") != self.who.department) {
            findings.push(format!("{}.assignee: of another department's suggestion", at.path));
        }
    }

    /// A mask is shown to the collector alone, and it is the mask of that very person.
    fn person(&self, object: &Map<String, Value>, at: &At<'_>, findings: &mut Vec<String>) {
        let (Some(person), Some(id)) = (object.get("person").and_then(Value::as_object), object.get("id"))
        else {
            return;
        };
        let Some((_, key)) = self.app.app.ids.decode(id.as_str().unwrap_or_default()) else {
            return;
        };
        let key = key.simple().to_string();
        let Some(row) = self.truth().row("submission", &key) else {
            return;
        };
        if !sees_person(self.who, row) {
            findings.push(format!("{}.person: of {}", at.path, self.owner("submission", row)));
        }
        let Some(known) = self.world.persons.get(&key) else {
            findings.push(format!("{}.person: of a suggestion without one", at.path));
            return;
        };
        let masked = json!(format!("****{}", &known.phone[7..]));
        let initial: String = known.name.chars().take(1).collect();
        if person.get("name").is_some_and(|name| *name != json!(format!("{initial}**"))) {
            findings.push(format!("{}.person.name: of another suggestion", at.path));
        }
        if person.get("phone").is_some_and(|phone| *phone != masked) {
            findings.push(format!("{}.person.phone: of another suggestion", at.path));
        }
    }

    /// A code shows its own suggestion, to whoever has it.
    fn receipt(&self, object: &Map<String, Value>, at: &At<'_>, findings: &mut Vec<String>) {
        let code = object.get("code").and_then(Value::as_str).unwrap_or_default();
        let Some(key) = self.world.receipts.get(code) else {
            return;
        };
        let title = object.get("title").and_then(Value::as_str).unwrap_or_default();
        let shown = MARKER.find(title).and_then(|marker| self.world.markers.get(marker.as_str()));
        if !title.is_empty() && shown.is_none_or(|(_, shown)| shown != key) {
            findings.push(format!("{}: the code of another suggestion", at.path));
        }
    }

    fn counts(&self, ty: &str, object: &Map<String, Value>, at: &At<'_>, findings: &mut Vec<String>) {
        let filter = at.args.get("filter").cloned().unwrap_or(json!({}));
        let mut claim = |field: &str, shown: Option<&Value>, expected: Option<i64>| {
            if let (Some(shown), Some(expected)) = (shown.and_then(Value::as_i64), expected)
                && shown != expected
            {
                findings.push(format!("{}.{field}: {shown} instead of {expected} for {filter}", at.path));
            }
        };
        let seen = |table: &str, wanted: &dyn Fn(&Row) -> bool| {
            let rows = self.truth().rows(table).iter();
            i64::try_from(rows.filter(|row| sees(self.truth(), self.who, table, row) && wanted(row)).count())
                .ok()
        };
        match ty {
            "SubmissionConnection" => claim("totalCount", object.get("totalCount"), self.expected(&filter)),
            "DepartmentConnection" => {
                claim("totalCount", object.get("totalCount"), seen("department", &|_| true));
            }
            "AccountConnection" => claim("totalCount", object.get("totalCount"), seen("account", &|_| true)),
            "VillageConnection" => {
                let asked = at.args.get("departmentId").and_then(Value::as_str).map(|id| self.key(id));
                let wanted =
                    |row: &Row| asked.as_deref().is_none_or(|asked| text(row, "department") == asked);
                claim("totalCount", object.get("totalCount"), seen("village", &wanted));
            }
            "QueueCount" => {
                let mut filter = filter.clone();
                filter["queue"] = object.get("queue").cloned().unwrap_or_default();
                claim("count", object.get("count"), self.expected(&filter));
            }
            "Overview" => claim(
                "total",
                object.get("total").and_then(|total| total.get("received")),
                self.expected(&filter),
            ),
            "OverviewRow" => {
                let token = object.get("filter").and_then(Value::as_str);
                let cell = token.and_then(FilterToken::written).and_then(|cell| cell.into_json().ok());
                let shown = object.get("figures").and_then(|figures| figures.get("received"));
                claim("figures", shown, cell.and_then(|cell| self.expected(&cell)));
            }
            _ => {}
        }
    }

    fn key(&self, id: &str) -> String {
        self.app.app.ids.decode(id).map_or_else(String::new, |(_, key)| key.simple().to_string())
    }

    /// How many suggestions somebody sees under a filter; nothing for a filter that no test knows yet.
    fn expected(&self, filter: &Value) -> Option<i64> {
        Counted { app: self.app, truth: self.truth(), who: self.who }.expected(filter)
    }
}
