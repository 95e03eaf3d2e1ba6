//! Row-level security as data: one line per table says which wall stands around it.
//!
//! The settings are those that a transaction of the server sets for its viewer, and only there. Unset or empty, each
//! denies: `nullif` turns the empty text that is left behind by an earlier `SET LOCAL` back into NULL.

use crate::{KEEPER_ROLE, SERVING_ROLE};

/// How the rows of a table are bound to a viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wall {
    /// One row per county: seen from inside, and by the doorkeeper, who must know which counties there are.
    County,
    /// Dictionaries that everyone in the county reads and only the plan writes.
    Directory,
    /// Rows of a department.
    Department,
    /// Figures and numbers of a department: read with its rows, written by whoever may write a suggestion.
    Figures,
    /// Who sees a suggestion.
    Share,
    /// The suggestion itself: seen through a share.
    Submission,
    /// What hangs on a suggestion: seen with it.
    Child,
    /// What stood in a suggestion before: seen with it, added by whoever works on it, and changed once its person is erased
    /// and not before.
    FormerText,
    /// Accounts and posts: oneself, one's own department's for its head, the county's for the administrator.
    Account,
    /// Rows of one signed-in account, named by this column.
    Own(&'static str),
    /// Index tables that are read before a viewer exists: a name or a code is added and never given to another.
    Lookup,
    /// The audit trail: everyone appends, the auditor reads.
    Audit,
    /// The chain over the audit trail: the operator appends, the auditor reads.
    Seal,
    /// Visits and symposiums: written by whoever held them, read by the village's township and committee too.
    Visit,
    /// Which households were reached: read by the village's township and committee, kept by triggers alone.
    Reach,
    /// What is decided about a project, which this column names: seen through a view of it, written by the office.
    Decided(&'static str),
    /// What a department does about a project that it sees: read with the project, written by that department.
    Carried,
    /// What stood in a paper before: read by whoever replaced it, by the department concerned and with the project that it is
    /// about, written by whoever writes anything, papers too.
    Former,
    /// What one department wrote about another: read by both, written by its author alone.
    Inspected,
    /// What one department wrote for all: its own until it is issued, written by its author alone.
    Issued,
    /// What a department writes down of itself: written by everyone who writes anything, papers too.
    Filed,
    /// Which master keys are in use: read at the start of a server and by the auditor, written by the operator alone.
    Keys,
}

/// Every table with its wall. A table that is missing here is unreachable for the serving role.
pub const SCOPED_TABLES: &[(&str, Wall)] = &[
    ("county", Wall::County),
    ("campaign", Wall::Directory),
    ("department", Wall::Directory),
    ("channel", Wall::Directory),
    ("category", Wall::Directory),
    ("village", Wall::Directory),
    ("stream", Wall::Department),
    ("account", Wall::Account),
    ("post", Wall::Account),
    ("account_request", Wall::Account),
    ("session", Wall::Own("account")),
    ("portal_client", Wall::Own("id")),
    ("account_index", Wall::Lookup),
    ("receipt_index", Wall::Lookup),
    ("submission", Wall::Submission),
    ("share", Wall::Share),
    ("person", Wall::Child),
    ("record", Wall::Child),
    ("former_text", Wall::FormerText),
    ("invalidation", Wall::Child),
    ("submission_text", Wall::Child),
    ("counter", Wall::Figures),
    ("import_batch", Wall::Figures),
    ("tally", Wall::Figures),
    ("tally_delta", Wall::Figures),
    ("audit_entry", Wall::Audit),
    ("audit_seal", Wall::Seal),
    ("audit_head", Wall::Seal),
    ("idempotency", Wall::Own("actor")),
    ("village_register", Wall::Directory),
    ("visit", Wall::Visit),
    ("symposium", Wall::Visit),
    ("household_reach", Wall::Reach),
    ("constituent", Wall::Figures),
    ("roster", Wall::Figures),
    ("roster_line", Wall::Figures),
    ("unit_plan", Wall::Figures),
    ("duty_task", Wall::Figures),
    ("weekly_report", Wall::Figures),
    ("summary_table", Wall::Figures),
    ("summary_line", Wall::Figures),
    ("summary_source", Wall::Figures),
    ("summary_document", Wall::Figures),
    ("summary_scan", Wall::Figures),
    ("merger", Wall::Department),
    ("project", Wall::Decided("id")),
    ("project_source", Wall::Department),
    ("project_view", Wall::Department),
    ("meeting", Wall::Department),
    ("agenda_item", Wall::Decided("project")),
    ("milestone", Wall::Carried),
    ("progress", Wall::Carried),
    ("vote", Wall::Carried),
    ("evaluation", Wall::Carried),
    ("explanation", Wall::Figures),
    ("explanation_cover", Wall::Figures),
    ("explanation_version", Wall::Figures),
    ("former_version", Wall::Former),
    ("campaign_closing", Wall::Directory),
    ("inspection", Wall::Inspected),
    ("finding", Wall::Inspected),
    ("rectification", Wall::Figures),
    ("circular", Wall::Issued),
    ("circular_receipt", Wall::Figures),
    ("acknowledgement", Wall::Filed),
    ("publicity", Wall::Filed),
    ("job_lease", Wall::Own("holder")),
    ("key_version", Wall::Keys),
];

/// The statements of the second wall around some of the tables, in the order of the list.
#[must_use]
pub fn statements_of(tables: &[&str]) -> Vec<String> {
    let wanted = SCOPED_TABLES.iter().filter(|(table, _)| tables.contains(table));
    wanted.flat_map(|(table, wall)| table_statements(table, *wall)).collect()
}

/// The county, without a subselect: each costs something to begin with, and the first wall compares the county too, so
/// that PostgreSQL holds one value against the other, once per statement. No county has an empty code.
fn county_setting() -> &'static str {
    "current_setting('minsheng.county', true)"
}

/// Each setting is read once per statement, not once per row: six times faster on a large scan.
fn id_setting(name: &str) -> String {
    format!("(SELECT nullif(current_setting('minsheng.{name}', true), '')::uuid)")
}

/// A whole boolean, for which the planner guesses a half; of `setting = 'x'` it guesses two in a hundred, and errs.
fn is(name: &str, value: &str) -> String {
    format!("(SELECT coalesce(current_setting('minsheng.{name}', true) = '{value}', false))")
}

/// A share of the row's suggestion that belongs to the viewer's department. `OFFSET 0` keeps PostgreSQL from reading all of
/// the department's shares into a hash first: one look per row that is shown is cheaper than that for any page.
fn shared(table: &str, key: &str, further: &str) -> String {
    let department = id_setting("department");
    format!(
        "EXISTS (SELECT 1 FROM share WHERE share.county = {table}.county AND share.submission = {table}.{key} \
         AND share.department = {department}{further} OFFSET 0)"
    )
}

/// Township and committee of the row are those of its village: nobody shows a row to others than the register says.
fn of_its_village(table: &str) -> String {
    format!(
        "(({table}.village IS NULL AND {table}.township IS NULL AND {table}.committee IS NULL) OR EXISTS (SELECT 1 FROM \
         village WHERE village.county = {table}.county AND village.id = {table}.village AND village.department = \
         {table}.township AND village.committee IS NOT DISTINCT FROM {table}.committee))"
    )
}

/// The person behind the row's suggestion was erased.
fn person_erased(table: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM person WHERE person.county = {table}.county AND person.submission = {table}.submission \
         AND person.erased_at IS NOT NULL OFFSET 0)"
    )
}

/// A view of the row's project that belongs to the viewer's department.
fn viewed(table: &str, key: &str) -> String {
    let department = id_setting("department");
    format!(
        "EXISTS (SELECT 1 FROM project_view WHERE project_view.county = {table}.county \
         AND project_view.project = {table}.{key} AND project_view.department = {department} OFFSET 0)"
    )
}

/// The conditions of one table: what may be read, added, changed and removed.
struct Conditions {
    read: String,
    insert: String,
    change: String,
    remove: String,
}

impl Conditions {
    fn in_county(read: &str, insert: &str, change: &str) -> Self {
        let county = format!("county = {}", county_setting());
        Self {
            read: format!("{county} AND {read}"),
            insert: format!("{county} AND {insert}"),
            change: format!("{county} AND {change}"),
            remove: format!("{county} AND {change}"),
        }
    }
}

/// A suggestion is added by the owner of its stream and changed by whoever collects or handles it; what hangs on it
/// follows. Reading all of a county never writes.
#[expect(clippy::too_many_lines, reason = "one arm per wall, to be read as a table")]
fn conditions(table: &str, wall: Wall) -> Conditions {
    let own = format!("department = {}", id_setting("department"));
    let (reads_all, writes_all) = (is("reads", "COUNTY"), is("writes", "COUNTY"));
    let writes_own = is("writes", "OWN");
    let workable = " AND share.capability IN ('COLLECT', 'HANDLE')";
    match wall {
        Wall::County => {
            let own_county = format!("code = {}", county_setting());
            let write = format!("{own_county} AND {writes_all}");
            Conditions {
                read: format!("({} OR {own_county})", is("lookup", "YES")),
                insert: write.clone(),
                change: write.clone(),
                remove: write,
            }
        }
        Wall::Directory => Conditions::in_county(&in_directory(table), &writes_all, &writes_all),
        Wall::Department => {
            Conditions::in_county(&format!("({reads_all} OR {own})"), &writes_all, &writes_all)
        }
        Wall::Figures => {
            let write = format!("({writes_all} OR ({writes_own} AND {own}))");
            Conditions::in_county(&format!("({reads_all} OR {own})"), &write, &write)
        }
        // A collector adds the share of its own stream and no other: whose it is, the table's rules compare with the
        // suggestion. Sharing with another department takes a county-wide write, as taking a share away does. Of its own
        // share a department changes the column that [`changed`] names.
        Wall::Share => {
            let collect =
                format!("({writes_own} AND {own} AND owner = department AND capability = 'COLLECT')");
            let conditions = Conditions::in_county(
                &format!("({reads_all} OR {own})"),
                &format!("({writes_all} OR {collect})"),
                &format!("({writes_all} OR ({writes_own} AND {own}))"),
            );
            Conditions { remove: format!("county = {} AND {writes_all}", county_setting()), ..conditions }
        }
        Wall::Submission => Conditions::in_county(
            &format!("({reads_all} OR {})", shared(table, "id", "")),
            &format!("({writes_all} OR ({writes_own} AND {own}))"),
            &format!("({writes_all} OR ({writes_own} AND {}))", shared(table, "id", workable)),
        ),
        Wall::Child => {
            let write =
                format!("({writes_all} OR ({writes_own} AND {}))", shared(table, "submission", workable));
            let read = format!("({reads_all} OR {})", shared(table, "submission", ""));
            Conditions::in_county(&read, &write, &write)
        }
        Wall::FormerText => {
            let conditions = conditions(table, Wall::Child);
            let change = format!("{} AND {}", conditions.change, person_erased(table));
            Conditions { change, ..conditions }
        }
        Wall::Account => {
            let holder = if table == "account" { "id" } else { "account" };
            let managed = format!("({} OR ({} AND {own}))", is("accounts", "COUNTY"), is("accounts", "OWN"));
            let seen = format!("({managed} OR {holder} = {})", id_setting("account"));
            // Oneself changes one's password, but grants oneself no post.
            let change = if table == "account" { &seen } else { &managed };
            Conditions::in_county(&seen, &managed, change)
        }
        Wall::Own(holder) => {
            let scope = format!("({} OR {holder} = {})", is("accounts", "COUNTY"), id_setting("account"));
            Conditions::in_county(&scope, &scope, &scope)
        }
        Wall::Lookup => {
            let county = format!("county = {}", county_setting());
            let public = is("reads", "PUBLIC");
            Conditions {
                read: format!("({} OR ({county} AND NOT {public}))", is("lookup", "YES")),
                insert: county,
                change: "false".to_owned(),
                remove: "false".to_owned(),
            }
        }
        Wall::Audit => Conditions::in_county(&is("audit", "COUNTY"), "true", "false"),
        // Whoever reads the trail alone and whoever writes the county alone seals nothing; the operator does both.
        Wall::Seal => {
            let read = is("audit", "COUNTY");
            let insert = format!("{read} AND {writes_all}");
            Conditions::in_county(&read, &insert, "false")
        }
        Wall::Visit => {
            let (anywhere, village) = (is("visits", "ANYWHERE"), is("visits", "OWN_VILLAGE"));
            let committee = format!("committee = {}", id_setting("department"));
            let township = format!("township = {}", id_setting("department"));
            let write = format!(
                "({writes_all} OR ({own} AND ({anywhere} OR ({village} AND {committee})))) AND {}",
                of_its_village(table)
            );
            let read = format!("({reads_all} OR {own} OR {township} OR {committee})");
            Conditions::in_county(&read, &write, &write)
        }
        Wall::Reach => {
            let committee = format!("committee = {}", id_setting("department"));
            let read = format!("({reads_all} OR {own} OR {committee})");
            Conditions::in_county(&read, "false", "false")
        }
        Wall::Decided(key) => Conditions::in_county(
            &format!("({reads_all} OR {})", viewed(table, key)),
            &writes_all,
            &writes_all,
        ),
        Wall::Carried => {
            let seen = viewed(table, "project");
            let write = format!("({writes_all} OR ({writes_own} AND {own} AND {seen}))");
            Conditions::in_county(&format!("({reads_all} OR {seen})"), &write, &write)
        }
        Wall::Filed => {
            let papers = is("writes", "PAPERS");
            let write = format!("({writes_all} OR (({writes_own} OR {papers}) AND {own}))");
            Conditions::in_county(&format!("({reads_all} OR {own})"), &write, &write)
        }
        Wall::Former => {
            let (papers, seen) = (is("writes", "PAPERS"), viewed(table, "project"));
            let about = format!("({table}.project IS NULL OR {seen})");
            let write = format!("({writes_all} OR (({writes_own} OR {papers}) AND {own} AND {about}))");
            let concerned = format!("concerned = {}", id_setting("department"));
            let read = format!("({reads_all} OR {own} OR {concerned} OR {seen})");
            Conditions::in_county(&read, &write, &write)
        }
        // Nobody but the operator has both reaches at once.
        Wall::Keys => {
            let county = format!("county = {}", county_setting());
            let audits = is("audit", "COUNTY");
            let write = format!("{county} AND {writes_all} AND {audits}");
            Conditions {
                read: format!("({} OR ({county} AND {audits}))", is("lookup", "YES")),
                insert: write.clone(),
                change: write.clone(),
                remove: write,
            }
        }
        Wall::Inspected | Wall::Issued => {
            let papers = is("writes", "PAPERS");
            let write = format!("({writes_all} OR ({papers} AND {own}))");
            let further = match wall {
                Wall::Inspected => format!("inspected = {}", id_setting("department")),
                // A portal stands in no department, and what is issued is for departments.
                _ => format!("(issued_at IS NOT NULL AND NOT {})", is("reads", "PUBLIC")),
            };
            Conditions::in_county(&format!("({reads_all} OR {own} OR {further})"), &write, &write)
        }
    }
}

/// Which rows of a dictionary are read: by a portal what its citizens need in order to write, by anyone else all.
fn in_directory(table: &str) -> String {
    let to_portals = match table {
        "village" => return "true".to_owned(),
        "campaign" => format!("id = {}", of_the_portal("campaign")),
        "category" => format!("campaign = {}", of_the_portal("campaign")),
        "channel" => format!("id = {}", of_the_portal("channel")),
        // Townships: villages of the same name are told apart by them.
        "department" => "EXISTS (SELECT 1 FROM village WHERE village.county = department.county \
                         AND village.department = department.id)"
            .to_owned(),
        _ => "false".to_owned(),
    };
    format!("(NOT {} OR {to_portals})", is("reads", "PUBLIC"))
}

/// What the credential of the portal that asks is bound to.
fn of_the_portal(column: &str) -> String {
    let (county, client) = (county_setting(), id_setting("account"));
    format!(
        "(SELECT portal_client.{column} FROM portal_client WHERE portal_client.county = {county} \
         AND portal_client.id = {client})"
    )
}

/// What the serving role may do with a table beside reading and adding.
fn verbs(table: &str) -> &'static [&'static str] {
    match table {
        // What was written down, held, handed in or signed stays as it was.
        "record"
        | "audit_entry"
        | "audit_seal"
        | "audit_head"
        | "symposium"
        | "weekly_report"
        | "summary_document"
        | "summary_scan"
        | "explanation_version"
        | "former_version"
        | "account_index"
        | "receipt_index" => &["INSERT"],
        // Its rows come from the triggers on `share`; the fold takes them away.
        "tally_delta" => &["DELETE"],
        // Kept by the triggers on `visit`.
        "household_reach" => &[],
        // Found through the search function only; freed of its person, never removed; ruled, never removed; withdrawn, never
        // removed; kept as it was signed by a trigger; retired, never removed.
        "submission_text" | "former_text" | "invalidation" | "visit" | "summary_table" | "key_version" => {
            &["INSERT", "UPDATE"]
        }
        _ => &["INSERT", "UPDATE", "DELETE"],
    }
}

/// Which columns of a table the serving role changes; all of them where nothing is said.
fn changed(table: &str) -> &'static str {
    match table {
        // The copies follow the suggestion by a trigger.
        "share" => " (assignee)",
        // An erasure reaches the words; who replaced them and when stays.
        "former_text" => " (title, content, extra)",
        _ => "",
    }
}

/// The statements for one table: enable, force, and a policy for each verb that the serving role may use.
#[must_use]
pub fn table_statements(table: &str, wall: Wall) -> Vec<String> {
    let Conditions { read, insert, change, remove } = conditions(table, wall);
    let mut statements = vec![
        format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"),
        format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY"),
        format!("CREATE POLICY {table}_read ON {table} FOR SELECT TO {SERVING_ROLE} USING ({read})"),
        format!("GRANT SELECT ON {table} TO {SERVING_ROLE}"),
    ];
    for verb in verbs(table) {
        let clause = match *verb {
            "INSERT" => format!("WITH CHECK ({insert})"),
            "UPDATE" => format!("USING ({change}) WITH CHECK ({change})"),
            _ => format!("USING ({remove})"),
        };
        let columns = if *verb == "UPDATE" { changed(table) } else { "" };
        let name = verb.to_lowercase();
        statements
            .push(format!("CREATE POLICY {table}_{name} ON {table} FOR {verb} TO {SERVING_ROLE} {clause}"));
        statements.push(format!("GRANT {verb}{columns} ON {table} TO {SERVING_ROLE}"));
    }
    statements
}

/// Every policy that must stand: its table and its name.
#[must_use]
pub fn policies() -> Vec<(&'static str, String)> {
    let mut policies = Vec::new();
    for (table, _) in SCOPED_TABLES {
        policies.push((*table, format!("{table}_read")));
        for verb in verbs(table) {
            policies.push((*table, format!("{table}_{}", verb.to_lowercase())));
        }
    }
    for (table, verb, _) in KEEPER_POLICIES {
        policies.push((*table, keeper_policy(table, verb)));
    }
    policies
}

/// What the role that owns the search functions and the triggers may do with rows, whoever's they are: table, verb, clause.
const KEEPER_POLICIES: &[(&str, &str, &str)] = &[
    ("submission_text", "SELECT", "USING (true)"),
    ("share", "SELECT", "USING (true)"),
    ("share", "UPDATE", "USING (true)"),
    ("tally_delta", "INSERT", "WITH CHECK (true)"),
    ("account", "SELECT", "USING (true)"),
    ("post", "SELECT", "USING (true)"),
    ("merger", "SELECT", "USING (true)"),
    ("submission", "SELECT", "USING (true)"),
    ("project", "SELECT", "USING (true)"),
    ("project_source", "SELECT", "USING (true)"),
    ("county", "SELECT", "USING (true)"),
    ("county", "UPDATE", "USING (true)"),
    ("visit", "SELECT", "USING (true)"),
    ("visit", "UPDATE", "USING (true)"),
    ("symposium", "SELECT", "USING (true)"),
    ("symposium", "UPDATE", "USING (true)"),
    ("household_reach", "ALL", "USING (true) WITH CHECK (true)"),
];

fn keeper_policy(table: &str, verb: &str) -> String {
    format!("{table}_keeper_{}", verb.to_lowercase())
}

/// The policies of the role that owns the search functions and the triggers.
pub(crate) fn keeper_statements() -> Vec<String> {
    let policies = KEEPER_POLICIES.iter();
    policies
        .map(|(table, verb, clause)| {
            let name = keeper_policy(table, verb);
            format!("CREATE POLICY {name} ON {table} FOR {verb} TO {KEEPER_ROLE} {clause}")
        })
        .collect()
}
