//! One leak per table: a row of somebody else that is wrongly bound, put in behind the program's back. The walker must
//! see each, or a row like it could leak unseen.

use minsheng::access::authenticate::viewer_of_bearer;

use super::sdl::Sdl;
use super::walk::{Reach, Walk};
use crate::support::TestApp;
use crate::support::rights::sees;
use crate::support::tables::{expected, read_all};
use crate::support::truth::{Raw, Row, text};
use crate::support::world::{Who, World};

/// A row that is wrongly bound: who would see it, and the statement that makes it.
pub(crate) struct Seed {
    /// The table.
    pub(crate) table: &'static str,
    /// Name of the caller that the leak is for.
    pub(crate) who: &'static str,
    /// Makes it.
    sql: fn(&Leak<'_>) -> String,
    /// Whether some path of the API shows it; otherwise it shows in what the program reads of the table.
    pub(crate) by_api: bool,
}

/// What a seed is made of.
struct Leak<'w> {
    world: &'w World,
    who: &'w Who,
    postgres: bool,
}

/// The five kinds of callers that leaks are made for.
const TOWN: &str = "130803 STS_TOWN OFFICER";
const LEADER: &str = "130803 LEADING_GROUP HEAD";
const ADMINISTRATOR: &str = "130803 ADMINISTRATOR OFFICER";
const AUDITOR: &str = "130803 AUDITOR OFFICER";

/// A leak for every table behind the walls.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the path of a method with a lifetime is no function pointer of every lifetime"
)]
pub(crate) const SEEDS: &[Seed] = {
    const fn seed(
        table: &'static str,
        who: &'static str,
        by_api: bool,
        sql: fn(&Leak<'_>) -> String,
    ) -> Seed {
        Seed { table, who, sql, by_api }
    }
    &[
        seed("county", TOWN, false, |_| {
            "UPDATE county SET name = '六安市霍邱县' WHERE code = '130803'".to_owned()
        }),
        seed("campaign", TOWN, true, |leak| leak.moved("campaign", "code = code || '-2'")),
        seed("department", TOWN, true, |leak| leak.moved("department", "code = code || '-2'")),
        seed("channel", TOWN, true, |leak| leak.moved("channel", "code = code || '-2'")),
        seed("category", TOWN, true, |leak| leak.moved("category", "code = code || '-2'")),
        seed("village", TOWN, true, |leak| leak.moved("village", "code = code || '-2'")),
        seed("stream", TOWN, true, |leak| leak.rebound("stream")),
        seed("account", "130803 STS_TOWN HEAD", true, |leak| leak.rebound("account")),
        seed("post", "130803 STS_TOWN HEAD", false, |leak| leak.rebound("post")),
        seed("account_request", "130803 STS_TOWN HEAD", true, |leak| leak.rebound("account_request")),
        seed("session", TOWN, false, |leak| {
            format!(
                "UPDATE session SET account = {} WHERE account = {}",
                leak.key(&leak.who.actor),
                leak.stranger("session", "account")
            )
        }),
        seed("portal_client", ADMINISTRATOR, true, |leak| leak.moved("portal_client", "name = name")),
        seed("account_index", TOWN, false, |_| {
            "UPDATE account_index SET county = '130803' WHERE login = '341522-housing-officer'".to_owned()
        }),
        seed("receipt_index", TOWN, true, |leak| format!("{};", leak.swapped_receipts())),
        seed("submission", LEADER, true, |leak| {
            let row = leak.abroad("submission");
            let own = leak.own_submission();
            format!(
                "UPDATE submission SET title = '{}', content = '{}' WHERE id = {}",
                text(row, "title"),
                text(row, "content"),
                leak.key(text(own, "id"))
            )
        }),
        seed("share", TOWN, true, |leak| leak.rebound("share")),
        seed("person", TOWN, true, |leak| {
            let (own, other) = (leak.own_submission(), leak.hidden("submission"));
            let (own, other) = (leak.key(text(own, "id")), leak.key(text(other, "id")));
            format!(
                "DELETE FROM person WHERE submission = {own}; UPDATE person SET submission = {own} WHERE submission = {other}"
            )
        }),
        seed("record", TOWN, true, |leak| {
            let other = leak.key(text(leak.hidden("record"), "id"));
            format!(
                "UPDATE record SET submission = {} WHERE id = {other}",
                leak.key(text(leak.own_submission(), "id"))
            )
        }),
        seed("former_text", TOWN, false, |leak| leak.hung_on_own("former_text")),
        seed("invalidation", TOWN, false, |leak| leak.hung_on_own("invalidation")),
        seed("submission_text", TOWN, true, |leak| format!("{};", leak.swapped_text())),
        seed("counter", TOWN, false, |leak| leak.rebound("counter")),
        seed("import_batch", TOWN, true, |leak| leak.rebound("import_batch")),
        seed("tally", TOWN, true, |leak| {
            let department = leak.key(&leak.who.department);
            format!("UPDATE tally SET count = count + 7 WHERE department = {department}")
        }),
        seed("tally_delta", TOWN, true, |leak| leak.rebound("tally_delta")),
        seed("audit_entry", AUDITOR, true, |leak| leak.moved("audit_entry", "actor = actor")),
        seed("audit_seal", AUDITOR, false, |_| {
            "UPDATE audit_seal SET hash = '01' WHERE county = '130803'".to_owned()
        }),
        seed("audit_head", AUDITOR, false, |_| {
            "UPDATE audit_head SET hash = '01' WHERE county = '130803'".to_owned()
        }),
        seed("job_lease", TOWN, false, |leak| {
            let own = leak.key(&leak.who.actor);
            format!("UPDATE job_lease SET holder = {own} WHERE county = '130803'")
        }),
        seed("key_version", AUDITOR, false, |_| {
            "UPDATE key_version SET number = number + 1 WHERE county = '130803'".to_owned()
        }),
        seed("idempotency", TOWN, false, |leak| {
            format!(
                "UPDATE idempotency SET actor = {} WHERE actor = {}",
                leak.key(&leak.who.actor),
                leak.stranger("idempotency", "actor")
            )
        }),
        seed("weekly_report", TOWN, true, |leak| leak.rebound("weekly_report")),
        seed("summary_table", TOWN, true, |leak| leak.rebound("summary_table")),
        seed("summary_line", TOWN, true, |leak| leak.rebound("summary_line")),
        seed("summary_source", TOWN, false, |leak| leak.hung_below_own("summary_source")),
        seed("summary_document", TOWN, false, |leak| leak.hung_below_own("summary_document")),
        seed("summary_scan", TOWN, false, |leak| leak.hung_below_own("summary_scan")),
        seed("village_register", TOWN, false, |leak| {
            leak.moved("village_register", "version = version + 100")
        }),
        seed("visit", TOWN, true, |leak| leak.rebound("visit")),
        seed("symposium", TOWN, true, |leak| leak.rebound("symposium")),
        seed("household_reach", TOWN, false, |leak| {
            let other = leak.stranger("household_reach", "department");
            let own = leak.key(&leak.who.department);
            format!("UPDATE household_reach SET department = {own} WHERE department = {other}")
        }),
        seed("constituent", TOWN, true, |leak| leak.rebound("constituent")),
        seed("roster", TOWN, false, |leak| leak.rebound("roster").replace(" WHERE", ", version = 9 WHERE")),
        seed("roster_line", TOWN, false, |leak| leak.rebound("roster_line")),
        seed("unit_plan", TOWN, true, |leak| {
            leak.rebound("unit_plan").replace(" WHERE", ", number = 9 WHERE")
        }),
        seed("duty_task", TOWN, true, |leak| {
            leak.rebound("duty_task").replace(" WHERE", ", code = NULL WHERE")
        }),
        seed("merger", TOWN, false, |leak| leak.rebound("merger")),
        seed("project", TOWN, true, |leak| leak.viewed()),
        seed("project_source", TOWN, false, |leak| leak.bound("project_source", "project")),
        seed("project_view", TOWN, true, |leak| leak.viewed()),
        seed("meeting", TOWN, true, |leak| leak.rebound("meeting")),
        seed("agenda_item", TOWN, false, |leak| leak.of_own("agenda_item")),
        seed("milestone", TOWN, false, |leak| leak.of_own("milestone")),
        seed("progress", TOWN, false, |leak| leak.of_own("progress")),
        seed("vote", TOWN, false, |leak| leak.of_own("vote")),
        seed("evaluation", TOWN, false, |leak| leak.of_own("evaluation")),
        seed("explanation", TOWN, true, |leak| leak.rebound("explanation")),
        seed("explanation_cover", TOWN, false, |leak| leak.bound("explanation_cover", "submission")),
        seed("explanation_version", TOWN, false, |leak| leak.bound("explanation_version", "explanation")),
        seed("former_version", TOWN, false, |leak| leak.bound("former_version", "paper")),
        seed("campaign_closing", TOWN, false, |_| "UPDATE campaign_closing SET remark = 'x'".to_owned()),
        seed("inspection", TOWN, true, |leak| leak.inspected("inspection", "id")),
        seed("finding", TOWN, false, |leak| leak.inspected("finding", "inspection")),
        seed("rectification", TOWN, false, |leak| leak.rebound("rectification")),
        seed("circular", TOWN, true, |leak| leak.rebound("circular")),
        seed("circular_receipt", TOWN, false, |leak| leak.bound("circular_receipt", "circular")),
        seed("acknowledgement", TOWN, true, |leak| leak.instead("acknowledgement")),
        seed("publicity", TOWN, true, |leak| leak.rebound("publicity")),
    ]
};

impl Leak<'_> {
    fn key(&self, key: &str) -> String {
        if self.postgres { format!("'{key}'") } else { format!("x'{key}'") }
    }

    fn rows(&self, table: &str) -> std::slice::Iter<'_, Row> {
        self.world.truth.rows(table).iter()
    }

    fn abroad(&self, table: &str) -> &Row {
        self.rows(table).find(|row| text(row, "county") == "341522").unwrap()
    }

    /// A row of the same county that the caller does not see.
    fn hidden(&self, table: &str) -> &Row {
        let mut rows = self.rows(table);
        let here = |row: &&Row| {
            text(row, "county") == self.who.county && !sees(&self.world.truth, self.who, table, row)
        };
        let named = |row: &&Row| {
            table != "submission" || self.world.persons.contains_key(text(row, "id")) && self.has_person(row)
        };
        rows.find(|row| here(row) && named(row)).unwrap()
    }

    fn has_person(&self, submission: &Row) -> bool {
        let mut persons = self.rows("person");
        persons.any(|person| {
            text(person, "submission") == text(submission, "id") && text(person, "erased_at").is_empty()
        })
    }

    fn own_submission(&self) -> &Row {
        let own = |row: &&Row| sees(&self.world.truth, self.who, "submission", row) && self.has_person(row);
        self.rows("submission")
            .filter(own)
            .find(|row| !crate::support::truth::flag(row, "confidential"))
            .unwrap()
    }

    /// The key of somebody else in a column, as it is stored.
    fn stranger(&self, table: &str, column: &str) -> String {
        let row = self.hidden(table);
        self.key(text(row, column))
    }

    /// A project of another department, with a view for the caller's.
    fn viewed(&self) -> String {
        format!(
            "INSERT INTO project_view (county, department, project) VALUES ('{}', {}, {})",
            self.who.county,
            self.key(&self.who.department),
            self.key(text(self.hidden("project"), "id"))
        )
    }

    /// A row without a key of its own, of another department, bound to the caller's.
    fn bound(&self, table: &str, key: &str) -> String {
        let row = self.hidden(table);
        format!(
            "UPDATE {table} SET department = {} WHERE {key} = {} AND department = {}",
            self.key(&self.who.department),
            self.key(text(row, key)),
            self.key(text(row, "department"))
        )
    }

    /// What hangs on a hidden suggestion, hung on one that the caller sees.
    fn hung_on_own(&self, table: &str) -> String {
        let other = self.key(text(self.hidden(table), "submission"));
        let own = self.key(text(self.own_submission(), "id"));
        format!("UPDATE {table} SET submission = {own}, version = version + 100 WHERE submission = {other}")
    }

    /// A row about a hidden project, hung below one that the caller sees.
    fn of_own(&self, table: &str) -> String {
        let mut projects = self.rows("project");
        let seen = |row: &&Row| sees(&self.world.truth, self.who, "project", row);
        let own = self.key(text(projects.find(seen).unwrap(), "id"));
        let hidden = self.key(text(self.hidden(table), "project"));
        // Where the caller's own row has the key already, that one goes.
        let away = format!("DELETE FROM {table} WHERE project = {own}");
        format!("{away}; UPDATE {table} SET project = {own} WHERE project = {hidden}")
    }

    /// An inspection of another department, as if it were the caller's.
    fn inspected(&self, table: &str, key: &str) -> String {
        let row = self.hidden(table);
        format!(
            "UPDATE {table} SET inspected = {} WHERE {key} = {}",
            self.key(&self.who.department),
            self.key(text(row, key))
        )
    }

    /// A row of another department in the place of the caller's own, of which there may be but one.
    fn instead(&self, table: &str) -> String {
        let own = self.key(&self.who.department);
        let away = format!("DELETE FROM {table} WHERE department = {own}");
        format!("{away}; {}", self.rebound(table))
    }

    /// A row of another department, bound to the caller's.
    fn rebound(&self, table: &str) -> String {
        let row = self.hidden(table);
        let department = text(row, "department");
        let names = match table {
            "share" => format!("submission = {}", self.key(text(row, "submission"))),
            "counter" => format!("department = {} AND name <> 'record'", self.key(department)),
            "tally_delta" => format!("department = {}", self.key(text(self.hidden(table), "department"))),
            _ => format!("id = {}", self.key(text(row, "id"))),
        };
        let as_reader = if table == "share" { ", capability = 'READ'" } else { "" };
        format!("UPDATE {table} SET department = {}{as_reader} WHERE {names}", self.key(&self.who.department))
    }

    /// A part of another department's table, bound to the caller's department.
    fn hung_below_own(&self, table: &str) -> String {
        let summary = self.key(text(self.hidden(table), "summary"));
        let own = self.key(&self.who.department);
        format!("UPDATE {table} SET department = {own} WHERE summary = {summary}")
    }

    /// A row of the other county, bound to the caller's.
    fn moved(&self, table: &str, change: &str) -> String {
        let row = self.abroad(table);
        let mut columns: Vec<(&str, String)> =
            row.keys().map(|name| (name.as_str(), format!("\"{name}\""))).collect();
        let campaign = self.rows("campaign").find(|row| text(row, "county") == "130803").unwrap();
        let channel = self.rows("channel").find(|row| text(row, "county") == "130803").unwrap();
        let village = self.rows("village").find(|row| text(row, "county") == "130803").unwrap();
        let changed = change.split_once(" = ").unwrap();
        for (name, value) in &mut columns {
            match *name {
                "county" => "'130803'".clone_into(value),
                "campaign" => *value = self.key(text(campaign, "id")),
                "channel" => *value = self.key(text(channel, "id")),
                "owner" | "parent" | "committee" => "NULL".clone_into(value),
                "department" if table == "village" => {
                    *value = self.key(text(village, "department"));
                }
                name if name == changed.0 => changed.1.clone_into(value),
                _ => {}
            }
        }
        let names: Vec<String> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
        let id = self.key(text(row, "id"));
        format!(
            "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE id = {id}",
            names.join(", "),
            values.join(", ")
        )
    }

    /// Every code shows the suggestion of another.
    fn swapped_receipts(&self) -> String {
        let rows: Vec<&Row> = self.rows("receipt_index").collect();
        let there = rows[1..].iter().chain(&rows[..1]);
        let swap = rows.iter().zip(there).map(|(row, other)| {
            format!(
                "UPDATE receipt_index SET county = '{}', department = {}, submission = {} WHERE receipt_hash = '{}'",
                text(other, "county"), self.key(text(other, "department")), self.key(text(other, "submission")), text(row, "receipt_hash")
            )
        });
        swap.collect::<Vec<_>>().join("; ")
    }

    /// One's own suggestion is found by the words of another's.
    fn swapped_text(&self) -> String {
        let marked = |seen: bool| {
            let mut keys = self.world.markers.values().filter(|(table, _)| *table == "submission");
            let found = keys.find(|(table, key)| {
                let row = self.world.truth.row(table, key).unwrap();
                text(row, "county") == self.who.county
                    && sees(&self.world.truth, self.who, table, row) == seen
            });
            self.key(&found.unwrap().1)
        };
        let (own, other) = (marked(true), marked(false));
        let copy = |column: &str| {
            format!("{column} = (SELECT {column} FROM submission_text WHERE submission = {other})")
        };
        if self.postgres {
            return format!(
                "UPDATE submission_text SET {}, {}, {} WHERE submission = {own}",
                copy("title"),
                copy("content"),
                copy("grams")
            );
        }
        // SQLite's index keeps no text: there both rows change places, and one's own words lead to the other's suggestion.
        let number = |key: &str| format!("(SELECT id FROM submission_text WHERE submission = {key})");
        format!(
            "CREATE TEMP TABLE swap AS SELECT {} AS own, {} AS other; \
             UPDATE submission_text SET submission = x'00' WHERE id = (SELECT own FROM swap); \
             UPDATE submission_text SET submission = {own} WHERE id = (SELECT other FROM swap); \
             UPDATE submission_text SET submission = {other} WHERE id = (SELECT own FROM swap)",
            number(&own),
            number(&other)
        )
    }
}

/// Puts a leak into a copy of the world; says what the walker finds over the API and in the tables.
pub(crate) async fn leak(world: &World, app: &TestApp, sdl: &Sdl, seed: &Seed) -> (Vec<String>, Vec<String>) {
    let who = world.whos.iter().find(|who| who.name == seed.who).unwrap();
    let raw = Raw::open(&app.database.unscoped_url()).await;
    let postgres = raw.is_postgres();
    let off = if postgres { "SET session_replication_role = replica" } else { "PRAGMA foreign_keys = OFF" };
    raw.lift_freezes().await;
    raw.run(off).await.unwrap();
    let sql = (seed.sql)(&Leak { world, who, postgres });
    if let Err(error) = raw.run(&sql).await {
        panic!("{}: {error}: {sql}", seed.table);
    }
    raw.close().await;
    let mut walk = Walk::new(world, app, sdl, who);
    walk.rows = 100;
    walk.until_found = true;
    if seed.by_api {
        walk.queries(Reach::Plain).await;
    }
    if ["receipt_index", "submission_text"].contains(&seed.table) {
        walk.queries(Reach::Thorough).await;
    }
    let now = app.app.clock.now();
    let viewer = viewer_of_bearer(&app.app, who.token.as_deref().unwrap(), now).await;
    let tx = app.app.db.begin_read(&viewer.unwrap()).await.unwrap();
    let wanted = expected(&world.truth, |table, row| sees(&world.truth, who, table, row));
    let found = read_all(&tx).await;
    let differing = found.iter().filter(|(table, rows)| wanted[*table] != **rows);
    (walk.report.findings, differing.map(|(table, _)| (*table).to_owned()).collect())
}
