//! The isolation walker: reads the schema, asks every path of it as every kind of caller, and knows from the world alone
//! what each may be shown. A new field is walked without a change here.

mod news;
pub(crate) mod oracle;
mod request;
pub(crate) mod sdl;
mod seeds;
pub(crate) mod steps;
pub(crate) mod values;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use entity::enums::RightsProfile;
use migration::walls::SCOPED_TABLES;
use minsheng::schema;

use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::rights::{manages_county, sees, sees_county};
use crate::support::truth::{Raw, Row, Truth, text};
use crate::support::world::{Who, World, add_hidden_rows};
use crate::support::{Backend, TestApp};
use oracle::Oracle;
use sdl::Sdl;
use seeds::SEEDS;
use steps::{Aim, Given, Inputs, TRIES, Whose, outcome};
use walk::{Reach, Report, Walk, mark};

/// Set, a test writes what it would compare with.
pub(crate) const WRITE: &str = "MINSHENG_WRITE_SNAPSHOTS";

async fn walk_all(backend: Backend) {
    let world = World::of(backend).await;
    let app = world.copy().await;
    close_campaign(&app, HUOQIU).await;
    let sdl = Sdl::parse(&schema::definitions());
    let start = std::time::Instant::now();
    let mut walks: Vec<Walk<'_>> = world.whos.iter().map(|who| Walk::new(world, &app, &sdl, who)).collect();
    for some in walks.chunks_mut(3) {
        futures::future::join_all(some.iter_mut().map(|walk| walk.queries(reach_of(walk.oracle.who)))).await;
    }
    let cursors: Vec<_> = walks
        .iter()
        .map(|walk| {
            (walk.oracle.who.county.clone(), walk.oracle.who.department.clone(), walk.report.cursors.clone())
        })
        .collect();
    for some in walks.chunks_mut(3) {
        futures::future::join_all(some.iter_mut().map(|walk| walk.cursors(&cursors))).await;
    }
    println!("walked in {:?}", start.elapsed());
    for walk in &walks {
        let Report { tried, reached, findings, requests, .. } = &walk.report;
        let profile = walk.oracle.who.profile.map_or("-", |profile| profile.as_str());
        let met = tried.intersection(reached).count();
        println!(
            "{backend:?} {profile:>16} {}: {} paths tried, {met} reached, {requests} requests, {} findings",
            walk.oracle.who.name,
            tried.len(),
            findings.len()
        );
    }
    let tried: BTreeSet<&String> = walks.iter().flat_map(|walk| &walk.report.tried).collect();
    let reached: BTreeSet<&String> = walks.iter().flat_map(|walk| &walk.report.reached).collect();
    let findings: Vec<&String> = walks.iter().flat_map(|walk| &walk.report.findings).collect();
    check_unreached("unreached.txt", &tried, &reached);
    assert!(
        findings.is_empty(),
        "{} findings: {:#?}",
        findings.len(),
        findings.iter().take(40).collect::<Vec<_>>()
    );
}

/// One county's campaign is over, the other's goes on.
async fn close_campaign(app: &TestApp, county: &str) {
    let raw = Raw::open(&app.database.unscoped_url()).await;
    let closing = format!(
        "INSERT INTO campaign_closing (county, campaign, department, closed_at, remark, figures) \
         SELECT campaign.county, campaign.id, department.id, '2022-03-16 01:30:00+00:00', 'all done', '{{}}' \
         FROM campaign JOIN department ON department.county = campaign.county \
         WHERE campaign.county = '{county}' AND department.code = 'CAMPAIGN_OFFICE' \
         AND campaign.code NOT LIKE '%-EMPTY'"
    );
    raw.run(&closing).await.unwrap();
    raw.close().await;
}

/// One of each profile goes all the way, the others see that it is the same in every department and both counties.
fn reach_of(who: &Who) -> Reach {
    const GUIDES: [&str; 15] = [
        "130803 STS_TOWN HEAD",
        "341522 T_CHENGGUAN OFFICER",
        "341522 HOUSING OFFICER",
        "130803 PUBLICITY OFFICER",
        "130803 COMMITTEE_V0101 OFFICER",
        "341522 CAMPAIGN_OFFICE OFFICER",
        "130803 SUPERVISION_OFFICE OFFICER",
        "341522 CALLBACK_OFFICE OFFICER",
        "341522 DISCIPLINE OFFICER",
        "341522 COUNTY_GOVERNMENT_OFFICE OFFICER",
        "130803 INFORMATION_CENTRE OFFICER",
        "130803 LEADING_GROUP HEAD",
        "130803 ADMINISTRATOR OFFICER",
        "341522 AUDITOR OFFICER",
        "341522 portal",
    ];
    if who.profile.is_none() || GUIDES.contains(&who.name.as_str()) { Reach::Thorough } else { Reach::Plain }
}

/// A list that may only get shorter (`tests/lists`).
fn check_unreached(name: &str, tried: &BTreeSet<&String>, reached: &BTreeSet<&String>) {
    let mut unreached = BTreeSet::new();
    for path in tried.difference(reached) {
        unreached.insert(shortest(path, reached));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/walker").join(name);
    let found = unreached.into_iter().collect::<Vec<_>>().join("\n") + "\n";
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let listed = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(listed, found, "a path without a positive control, or one that has it by now");
}

/// The highest object on the way that nobody ever got.
fn shortest(path: &str, reached: &BTreeSet<&String>) -> String {
    let ends = path
        .match_indices('.')
        .map(|(end, _)| end)
        .filter(|end| !path[..*end].ends_with('.') && !path.contains('('));
    let mut prefixes = ends.map(|end| &path[..end]).filter(|prefix| prefix.matches('.').count() > 0);
    prefixes.find(|prefix| !reached.iter().any(|known| known.as_str() == *prefix)).unwrap_or(path).to_owned()
}

/// What is hidden may grow and vanish as it likes: every answer of those from whom it is hidden stays the same, byte for
/// byte.
async fn change_what_is_hidden(backend: Backend) {
    let world = World::of(backend).await;
    let mut app = world.copy().await;
    let sdl = Sdl::parse(&schema::definitions());
    let mut kept = Vec::new();
    for who in world.whos.iter().filter(|who| reach_of(who) == Reach::Thorough && who.token.is_some()) {
        let mut walk = Walk::new(world, &app, &sdl, who);
        walk.queries(if UNMOVED.contains(&who.name.as_str()) { Reach::Thorough } else { Reach::Plain }).await;
        kept.push(Kept { who, log: walk.report.log });
    }
    // Whoever is told something of a county is asked after each county has grown, all others once after both have.
    let (mut blind, mut seeing): (Vec<Kept<'_>>, Vec<_>) =
        kept.into_iter().partition(|kept| COUNTIES.iter().all(|county| is_blind(kept.who, county)));
    for county in COUNTIES {
        app = add_hidden_rows(app, county).await;
        ask_again(&app, &[county], &mut seeing).await;
    }
    ask_again(&app, &COUNTIES, &mut blind).await;
    let mut kept: Vec<Kept<'_>> = blind.into_iter().chain(seeing).collect();
    let mut gone = BTreeSet::new();
    for county in COUNTIES {
        let blind: Vec<&Who> = kept.iter().map(|kept| kept.who).filter(|who| is_blind(who, county)).collect();
        gone.extend(remove_hidden_rows(&app, county, &blind).await);
    }
    // Whoever has a receipt's code is told of its suggestion, whoever else sees it.
    for Kept { log, .. } in &mut kept {
        log.retain(|(query, ..)| !query.contains("receipt("));
    }
    ask_again(&app, &COUNTIES, &mut kept).await;
    let stayed = SCOPED_TABLES.iter().map(|(table, _)| *table).filter(|table| !gone.contains(table));
    assert_eq!(stayed.collect::<Vec<_>>(), SEEN_BY_SOMEBODY, "tables of which nothing hidden was removed");
}

const COUNTIES: [&str; 2] = [HUOQIU, SHUANGLUAN];

/// Dictionaries, which everybody of a county reads, and the changes of rollups, which the world has folded.
const SEEN_BY_SOMEBODY: [&str; 11] = [
    "county",
    "campaign",
    "department",
    "channel",
    "category",
    "village",
    "account_index",
    "receipt_index",
    "tally_delta",
    "village_register",
    "campaign_closing",
];

/// What somebody was answered.
struct Kept<'w> {
    who: &'w Who,
    log: Vec<(String, serde_json::Value, serde_json::Value)>,
}

/// Whether somebody is told nothing of what a county's other departments do: whoever sees all of it, manages its accounts
/// or reads its trail is.
fn is_blind(who: &Who, county: &str) -> bool {
    who.county != county
        || !(sees_county(who) || manages_county(who) || who.profile == Some(RightsProfile::Auditor))
}

/// Asks everything once more after rows of these counties were added or removed.
async fn ask_again(app: &TestApp, counties: &[&str], kept: &mut [Kept<'_>]) {
    for Kept { who, log } in kept {
        let blind = counties.iter().all(|county| is_blind(who, county));
        for (query, variables, answer) in log.iter_mut() {
            // The trail notes the walk's own refusals: the oracle holds it to its county instead.
            if query.contains("auditEntries") {
                continue;
            }
            let (_, now) = app.graphql(who.token.as_deref(), query, variables.clone()).await;
            assert!(
                !blind || now == *answer,
                "{} is told of rows in {counties:?}: {query} {variables}\n{answer}\n{now}",
                who.name
            );
            *answer = now;
        }
    }
}

/// Removes every row of a county that none of these callers sees, past the walls; says of which tables.
async fn remove_hidden_rows(app: &TestApp, county: &str, blind: &[&Who]) -> BTreeSet<&'static str> {
    let raw = Raw::open(&app.database.unscoped_url()).await;
    let truth = Truth::read(&raw).await;
    raw.lift_everything().await;
    let mut gone = BTreeSet::new();
    for (table, _) in SCOPED_TABLES {
        let of_county = if *table == "county" { "code" } else { "county" };
        // Colleagues are told by name who works on a case: of their accounts and posts that much is seen.
        let named = |who: &&Who, row: &Row| {
            ["account", "post"].contains(table) && text(row, "department") == who.department
        };
        let seen = |row: &Row| blind.iter().any(|who| sees(&truth, who, table, row) || named(who, row));
        let hidden = |row: &Row| text(row, of_county) == county && !seen(row);
        if raw.remove(table, hidden).await > 0 {
            gone.insert(*table);
        }
    }
    raw.close().await;
    gone
}

/// Of whom every path is asked again.
const UNMOVED: [&str; 1] = ["130803 STS_TOWN HEAD"];

/// Aims of one run at least, and those of them that were refused because the row is hidden or not there.
const LEAST_AIMS: usize = 4_000;
const LEAST_HIDDEN: usize = 800;

/// Every mutation at rows that the caller may not work on: refused for the row, and nothing is changed.
async fn aim_at_others(backend: Backend) {
    let world = World::of(backend).await;
    let app = world.copy().await;
    let sdl = Sdl::parse(&schema::definitions());
    let inputs = Inputs::new(world, &app, &sdl);
    let mut findings = Vec::new();
    let (mut aims, mut hidden) = (0, 0);
    for who in world.whos.iter().filter(|who| reach_of(who) == Reach::Thorough) {
        for field in sdl.fields("Mutation") {
            for target in inputs.targets(&field.name) {
                for whose in [Whose::Other, Whose::Abroad, Whose::Missing] {
                    let aim = Aim { path: &target, whose };
                    let ended = inputs.aimed(who, &field.name, aim).await;
                    let Some((ended, call)) = ended else { continue };
                    aims += 1;
                    match ended.as_str() {
                        "NOT_FOUND" => hidden += 1,
                        "FORBIDDEN" | "UNAUTHENTICATED" => {}
                        // Whatever else it was refused for, the row was not looked at.
                        _ => findings.push(format!("{}: {} {call}", who.name, field.name)),
                    }
                }
            }
        }
    }
    println!("{backend:?}: {aims} mutations at rows out of scope, {hidden} of them NOT_FOUND");
    assert!(findings.is_empty(), "{findings:#?}");
    assert!(aims >= LEAST_AIMS && hidden >= LEAST_HIDDEN, "only {aims} aims, {hidden} of them NOT_FOUND");
    let raw = Raw::open(&app.database.unscoped_url()).await;
    let after = Truth::read(&raw).await;
    for (table, _) in SCOPED_TABLES.iter().filter(|(table, _)| !["audit_entry", "session"].contains(table)) {
        let print = |truth: &Truth| {
            truth.rows(table).iter().map(|row| serde_json::to_string(row).unwrap()).collect::<BTreeSet<_>>()
        };
        assert_eq!(print(&world.truth), print(&after), "{table} was changed");
    }
}

/// Every mutation works for somebody with rows of one's own, and its payload shows nothing else.
async fn aim_at_ones_own(backend: Backend) {
    let world = World::of(backend).await;
    let sdl = Sdl::parse(&schema::definitions());
    let (mut tried, mut reached, mut findings) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    // A campaign is closed once all else was done in it. Steps that end sessions come last, so that the tokens of the world
    // last as long as they are needed.
    const LAST: [&str; 4] = ["campaignClose", "passwordChange", "sessionLogout", "sessionLogoutEverywhere"];
    let mut fields: Vec<&sdl::Field> = sdl.fields("Mutation").iter().collect();
    fields.sort_by_key(|field| LAST.iter().position(|last| *last == field.name).map_or(0, |place| place + 1));
    // Then once more with all that can be said, by one of each profile, for what comes of it differs.
    for (given, attempts) in [(Given::Varied, TRIES), (Given::Everything, FULL_TRIES)] {
        let app = world.copy().await;
        let inputs = Inputs::new(world, &app, &sdl);
        let full = given == Given::Everything;
        let callers = || {
            let whos = world.whos.iter();
            whos.filter(|who| !full || reach_of(who) == Reach::Thorough)
        };
        for field in &fields {
            for who in callers() {
                let oracle = Oracle { world, app: &app, sdl: &sdl, who, rows_may_be_new: true };
                let step = Step { inputs: &inputs, oracle, field };
                let done = step.succeeds((given, attempts), &mut tried, &mut reached, &mut findings).await;
                if done && !full {
                    break;
                }
            }
        }
    }
    assert!(findings.is_empty(), "{findings:#?}");
    for path in NOT_YET {
        assert!(tried.remove(path), "{path} was not asked for");
        assert!(!reached.contains(path), "{path} is shown before it can be so");
    }
    check_unreached("unreached-steps.txt", &tried.iter().collect(), &reached.iter().collect());
}

/// What is empty after a step by the rules: it takes papers alone that are not delivered or issued yet.
const NOT_YET: [&str; 6] = [
    "Mutation.circularDiscard.circular.issuedAt",
    "Mutation.circularEdit.circular.issuedAt",
    "Mutation.explanationEdit.explanation.deliveredOn",
    "Mutation.explanationEdit.explanation.proof",
    "Mutation.explanationWithdraw.explanation.deliveredOn",
    "Mutation.explanationWithdraw.explanation.proof",
];

/// Full inputs that each caller tries a step with.
const FULL_TRIES: usize = 12;

/// One mutation of one caller.
struct Step<'a> {
    inputs: &'a Inputs<'a>,
    oracle: Oracle<'a>,
    field: &'a sdl::Field,
}

impl Step<'_> {
    /// Tries one row of the caller's own after the other, until the step succeeds.
    async fn succeeds(
        &self,
        (given, attempts): (Given, usize),
        tried: &mut BTreeSet<String>,
        reached: &mut BTreeSet<String>,
        findings: &mut Vec<String>,
    ) -> bool {
        let (who, field) = (self.oracle.who, self.field);
        let mut outcomes = BTreeMap::new();
        for number in 0..attempts {
            let Some(call) = self.inputs.nth_call(who, &field.name, number, given) else {
                continue;
            };
            let label = call.label("Mutation");
            let shown = |leaf: &&Vec<String>| !leaf.iter().any(|step| step == "userErrors");
            let leaves = call.leaves.iter().filter(shown);
            tried.extend(leaves.map(|leaf| format!("{label}.{}", leaf.join("."))));
            tried.insert(label.clone());
            let answer = self.inputs.send(who.token.as_deref(), &call).await;
            let outcome = outcome(&answer);
            if let Ok(payload) = &answer {
                findings.extend(self.oracle.examine(&field.ty.name, payload, &label, None));
            }
            match outcome.as_str() {
                "OK" => {
                    self.inputs.spend();
                    mark(self.inputs.sdl, &field.ty.name, &answer.unwrap(), &label, reached);
                    return true;
                }
                "FORBIDDEN" | "UNAUTHENTICATED" => return false,
                "INTERNAL" => {
                    findings.push(format!("{} broke {label}: {:?}", who.name, call.args));
                }
                _ => *outcomes.entry(outcome).or_insert(0) += 1,
            }
        }
        println!("{} can't {}: {outcomes:?}", who.name, field.name);
        false
    }
}

/// Whoever subscribes is told what a query would show.
async fn change_every_suggestion(backend: Backend) {
    let guides = |who: &Who| reach_of(who) == Reach::Thorough && who.token.is_some();
    news::all(backend, guides).await;
}

/// A row of somebody else, wrongly bound, in each table in turn: the walker tells.
async fn leak_a_row_of_each_table(backend: Backend) {
    let world = World::of(backend).await;
    let sdl = Sdl::parse(&schema::definitions());
    let tables: BTreeSet<&str> = SCOPED_TABLES.iter().map(|(table, _)| *table).collect();
    assert_eq!(tables, SEEDS.iter().map(|seed| seed.table).collect(), "a table without a leak to find");
    let mut unseen = Vec::new();
    for seed in SEEDS {
        let app = world.copy().await;
        let (by_api, by_table) = seeds::leak(world, &app, &sdl, seed).await;
        println!(
            "{backend:?} {}: {} findings over the API, tables that differ: {by_table:?}",
            seed.table,
            by_api.len()
        );
        let found =
            if seed.by_api { !by_api.is_empty() } else { by_table.iter().any(|table| table == seed.table) };
        if !found {
            unseen.push(seed.table);
        }
    }
    assert!(unseen.is_empty(), "leaks that nobody sees: {unseen:?}");
}

macro_rules! on_both {
    ($($name:ident => $body:ident;)*) => {$(
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                $body(Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                $body(Backend::Postgres).await;
            }
        }
    )*};
}

on_both! {
    every_path_shows_what_it_may => walk_all;
    what_is_hidden_changes_no_answer => change_what_is_hidden;
    a_step_at_a_row_out_of_scope_is_refused_and_changes_nothing => aim_at_others;
    every_step_works_for_somebody => aim_at_ones_own;
    every_change_is_told_to_those_who_see_it => change_every_suggestion;
    one_seeded_leak_per_table_is_found => leak_a_row_of_each_table;
}
