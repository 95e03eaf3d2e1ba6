//! The rights table as it works: profile × operation × whose row, each cell found by doing it.
//!
//! The table stands in `matrix.txt`; a change of rights shows there as a line, and in no other way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use entity::enums::{Position, RightsProfile};
use minsheng::ids::Kind;
use minsheng::schema;
use minsheng::scope::profiles::{Operation, allows};
use serde_json::{Value, json};

use crate::support::Backend;
use crate::support::personas::{HUOQIU, PASSWORD};
use crate::support::rights::sees;
use crate::support::truth::{Row, text};
use crate::support::world::{Who, World, global, name_of};
use crate::walker::WRITE;
use crate::walker::sdl::Sdl;
use crate::walker::steps::{Inputs, Whose, outcome};

/// Who stands for a profile, all of one county.
const SEATS: [(&str, Position); 14] = [
    ("T_CHENGGUAN", Position::Officer),
    ("T_CHENGGUAN", Position::Head),
    ("HOTLINE_12345", Position::Officer),
    ("COMMITTEE_V0101", Position::Officer),
    ("CAMPAIGN_OFFICE", Position::Officer),
    ("CALLBACK_OFFICE", Position::Officer),
    ("SUPERVISION_OFFICE", Position::Officer),
    ("DISCIPLINE", Position::Officer),
    ("COUNTY_GOVERNMENT_OFFICE", Position::Officer),
    ("PUBLICATION_GROUP", Position::Officer),
    ("LEADING_GROUP", Position::Head),
    ("ADMINISTRATOR", Position::Officer),
    ("AUDITOR", Position::Officer),
    ("", Position::Officer),
];

const EVERYBODY: [Whose; 4] = [Whose::Own, Whose::Other, Whose::Abroad, Whose::Missing];

/// Which field of a mutation names the row that it works on.
const AIMS: [&str; 17] = [
    "submissionId",
    "rows.submissionId",
    "accountId",
    "postId",
    "requestId",
    "streamId",
    "departmentId",
    "channelId",
    "summaryTableId",
    "targetId",
    "projectId",
    "meetingId",
    "explanationId",
    "inspectionId",
    "circularId",
    "clientId",
    "campaignId",
];

/// Steps that end the caller's own session or account come after all others.
const LAST: [&str; 6] = [
    "accountDisable",
    "postRevoke",
    "sessionSwitch",
    "sessionLogout",
    "sessionLogoutEverywhere",
    "passwordChange",
];

fn seat<'w>(world: &'w World, (department, position): (&str, Position)) -> &'w Who {
    let name = match department {
        "" => format!("{HUOQIU} portal"),
        code => name_of(HUOQIU, code, position),
    };
    world.whos.iter().find(|who| who.name == name).unwrap()
}

/// One line per profile and operation: how it ended for each owner of the row.
type Table = BTreeMap<(String, String), Vec<(Whose, String)>>;

async fn tabulate(backend: Backend) -> Table {
    let world = World::of(backend).await;
    let sdl = Sdl::parse(&schema::definitions());
    let mut table = Table::new();
    for place in SEATS {
        let who = seat(world, place);
        let app = world.copy().await;
        let inputs = Inputs::new(world, &app, &sdl);
        let profile = format!("{} {}", who.profile.unwrap().as_str(), who.position.as_str());
        let mut fields: Vec<&str> = sdl.fields("Mutation").iter().map(|field| field.name.as_str()).collect();
        reads(world, &app, who, &profile, &mut table).await;
        fields.sort_by_key(|name| {
            (LAST.iter().position(|last| last == name).map_or(0, |place| place + 1), *name)
        });
        for mutation in fields {
            let targets = inputs.targets(mutation);
            let aim = AIMS.iter().find(|aim| targets.iter().any(|target| target == *aim));
            let token = if LAST.contains(&mutation) && !who.login.is_empty() {
                Some(app.login(&who.login, PASSWORD).await)
            } else {
                who.token.clone()
            };
            let mut cells = Vec::new();
            for whose in EVERYBODY.into_iter().rev().filter(|whose| aim.is_some() || *whose == Whose::Own) {
                let made = inputs.call(who, mutation, aim.map(|aim| (*aim, whose)));
                let cell = match made {
                    None => "-".to_owned(),
                    Some(_) if whose == Whose::Own => {
                        best(world, &sdl, &inputs, (who, token.clone()), mutation).await
                    }
                    Some(call) => outcome(&inputs.send(token.as_deref(), &call).await),
                };
                cells.push((whose, cell));
            }
            cells.sort();
            table.insert((profile.clone(), mutation.to_owned()), cells);
        }
    }
    for mutation in sdl.fields("Mutation") {
        find_somebody(world, &sdl, &mutation.name, &mut table).await;
    }
    table
}

/// Where none of the seats could take a step, everybody else of the world tries, until somebody can.
async fn find_somebody(world: &World, sdl: &Sdl, mutation: &str, table: &mut Table) {
    let is_own = |(whose, cell): &(Whose, String)| *whose == Whose::Own && cell == "OK";
    if table.iter().any(|((_, step), cells)| step == mutation && cells.iter().any(is_own)) {
        return;
    }
    let app = world.copy().await;
    let inputs = Inputs::new(world, &app, sdl);
    for who in world.whos.iter().filter(|who| who.profile.is_some()) {
        if inputs.best(who, who.token.as_deref(), mutation).await == "OK" {
            let profile = format!("{} {}", who.profile.unwrap().as_str(), who.position.as_str());
            let cells = table.entry((profile, mutation.to_owned())).or_default();
            cells.retain(|(whose, _)| *whose != Whose::Own);
            cells.insert(0, (Whose::Own, "OK".to_owned()));
            return;
        }
    }
}

/// How a step ends at the caller's best row. Where the steps before it have used up what it needs, it is tried once more in
/// a world where nothing was done yet.
async fn best(
    world: &World,
    sdl: &Sdl,
    inputs: &Inputs<'_>,
    (who, token): (&Who, Option<String>),
    mutation: &str,
) -> String {
    let ended = inputs.best(who, token.as_deref(), mutation).await;
    if ["OK", "FORBIDDEN"].contains(&ended.as_str()) {
        return ended;
    }
    let fresh = world.copy().await;
    Inputs::new(world, &fresh, sdl).best(who, who.token.as_deref(), mutation).await
}

/// What is seen of each kind of object: whether a row of each owner comes back.
async fn reads(world: &World, app: &crate::support::TestApp, who: &Who, profile: &str, table: &mut Table) {
    for kind in Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Viewer) {
        let name = kind.table();
        let rows = || world.truth.rows(name).iter();
        let own = |row: &&Row| {
            let department = text(row, if name == "department" { "id" } else { "department" });
            [text(row, "id"), text(row, "account")].contains(&who.actor.as_str())
                || (!who.department.is_empty() && department == who.department)
                || bound(world, who, name, row)
        };
        let cells = EVERYBODY.into_iter().filter(|whose| *whose != Whose::Missing);
        let mut line = Vec::new();
        for whose in cells {
            let row = rows().find(|row| match whose {
                Whose::Own => text(row, "county") == who.county && own(row),
                Whose::Other => {
                    text(row, "county") == who.county && !own(row) && !shared(world, who, name, row)
                }
                _ => text(row, "county") != who.county,
            });
            let cell = match row {
                None => "-".to_owned(),
                Some(row) => {
                    let id = global(app, kind, text(row, "id"));
                    let query = "query ($id: ID!) { node(id: $id) { id } }";
                    let (_, answer) = app.graphql(who.token.as_deref(), query, json!({ "id": id })).await;
                    if answer["data"]["node"] == Value::Null { "NULL" } else { "SEEN" }.to_owned()
                }
            };
            line.push((whose, cell));
        }
        table.insert((profile.to_owned(), format!("read {}", kind.name())), line);
    }
}

/// Whether a dictionary's row is one that a portal, which stands in no department, is bound to.
fn bound(world: &World, who: &Who, table: &str, row: &Row) -> bool {
    who.profile == Some(RightsProfile::Portal)
        && ["campaign", "category", "channel", "department"].contains(&table)
        && sees(&world.truth, who, table, row)
}

/// Whether a row of another department is seen through a share, which the plain owner's column does not tell.
fn shared(world: &World, who: &Who, table: &str, row: &Row) -> bool {
    ["submission", "record", "visit", "symposium"].contains(&table)
        && !crate::support::rights::sees_county(who)
        && sees(&world.truth, who, table, row)
}

fn print(table: &Table) -> String {
    let mut text = String::from(
        "# profile and position | operation | own row | other department's | other county's | missing\n",
    );
    for ((profile, operation), cells) in table {
        let cells: Vec<&str> = EVERYBODY
            .iter()
            .map(|whose| cells.iter().find(|(known, _)| known == whose).map_or("", |(_, cell)| cell.as_str()))
            .collect();
        let _ = writeln!(
            text,
            "{profile:<24} | {operation:<24} | {}",
            cells.join(" | ").trim_end_matches([' ', '|'])
        );
    }
    text
}

async fn compare(backend: Backend) {
    let found = print(&tabulate(backend).await);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/matrix.txt");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    let (golden, found): (BTreeSet<&str>, BTreeSet<&str>) =
        (golden.lines().collect(), found.lines().collect());
    let changed: Vec<&&str> = golden.symmetric_difference(&found).collect();
    assert!(changed.is_empty(), "rights have changed; with {WRITE}=1 the file is written anew: {changed:#?}");
}

mod what_each_profile_may_do_with_whose_row {
    use super::*;

    #[tokio::test]
    async fn on_sqlite() {
        compare(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        compare(Backend::Postgres).await;
    }
}

/// Operations of the rights table that a mutation stands for; none for those that concern one's own session.
fn operations(mutation: &str) -> Vec<Operation> {
    match mutation {
        name if name.starts_with("session") => Vec::new(),
        "passwordChange" | "passwordForgotten" => Vec::new(),
        "passwordForgottenDismiss" => vec![Operation::AccountManage, Operation::OfficerManage],
        "accountRequestApprove" | "accountRequestReject" => vec![Operation::AccountManage],
        name if name.starts_with("account") || name.starts_with("post") => {
            vec![Operation::AccountManage, Operation::OfficerManage]
        }
        "clientCreate" | "clientRotate" | "clientRevoke" => vec![Operation::ClientManage],
        name => {
            let shouted: String = name
                .chars()
                .flat_map(|c| {
                    c.is_ascii_uppercase().then_some('_').into_iter().chain([c.to_ascii_uppercase()])
                })
                .collect();
            let known = Operation::ALL.iter().copied().find(|operation| operation.name() == shouted);
            vec![known.unwrap_or_else(|| panic!("{name} stands for no operation of the rights table"))]
        }
    }
}

/// Needs a reviewed table that covers every suggestion: no made-up input gets there, `reporting::summary` does.
const AFTER_OTHERS: &str = "summaryTableSign";

/// A step that nobody can take is no step.
#[test]
fn every_step_succeeds_for_somebody_at_an_own_row() {
    let mut best: BTreeMap<&str, bool> = BTreeMap::new();
    for line in include_str!("matrix.txt").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if !cells[1].starts_with("read ") {
            *best.entry(cells[1]).or_default() |= cells.get(2) == Some(&"OK");
        }
    }
    assert!(best.len() >= 80, "{}", best.len());
    let never: Vec<&str> = best.iter().filter(|(_, ok)| !**ok).map(|(step, _)| *step).collect();
    assert_eq!(never, [AFTER_OTHERS], "steps that nobody can take");
}

#[test]
fn the_rights_table_equals_the_matrix() {
    let golden = include_str!("matrix.txt");
    let mut lines = 0;
    for line in golden.lines().filter(|line| !line.starts_with('#') && !line.contains("| read ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (profile, position) = cells[0].split_once(' ').unwrap();
        let (profile, position) =
            (RightsProfile::parse(profile).unwrap(), Position::parse(position).unwrap());
        let stands_for = operations(cells[1]);
        if stands_for.is_empty() {
            continue;
        }
        let allowed = stands_for.iter().any(|operation| allows(profile, position, *operation));
        let forbidden = cells[2..].iter().filter(|cell| **cell != "-").all(|cell| *cell == "FORBIDDEN");
        assert_eq!(allowed, !forbidden, "{line}");
        lines += 1;
    }
    assert!(lines > 100, "{lines}");
}
