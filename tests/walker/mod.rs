//! The isolation walker: reads the schema, asks every path of it as every kind of caller, and knows from the world alone
//! what each may be shown. A new field is walked without a change here.

mod oracle;
mod request;
mod sdl;
mod values;
mod walk;

use std::collections::BTreeSet;
use std::path::Path;

use minsheng::graphql::schema;

use crate::support::Backend;
use crate::support::world::{Who, World};
use sdl::Sdl;
use walk::{Reach, Report, Walk};

/// Set, a test writes what it would compare with.
const WRITE: &str = "MINSHENG_WRITE_SNAPSHOTS";

async fn walk_all(backend: Backend) {
    let world = World::of(backend).await;
    let app = world.copy().await;
    let sdl = Sdl::parse(&schema::sdl());
    let start = std::time::Instant::now();
    let mut walks: Vec<Walk<'_>> = world
        .whos
        .iter()
        .map(|who| Walk::new(world, &app, &sdl, who))
        .collect();
    for some in walks.chunks_mut(3) {
        futures::future::join_all(
            some.iter_mut()
                .map(|walk| walk.queries(reach_of(walk.oracle.who))),
        )
        .await;
    }
    let cursors: Vec<_> = walks
        .iter()
        .map(|walk| {
            (
                walk.oracle.who.county.clone(),
                walk.oracle.who.department.clone(),
                walk.report.cursors.clone(),
            )
        })
        .collect();
    for some in walks.chunks_mut(3) {
        futures::future::join_all(some.iter_mut().map(|walk| walk.cursors(&cursors))).await;
    }
    println!("walked in {:?}", start.elapsed());
    for walk in &walks {
        let Report {
            tried,
            reached,
            findings,
            requests,
            ..
        } = &walk.report;
        let profile = walk
            .oracle
            .who
            .profile
            .map_or("-", |profile| profile.as_str());
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
    let findings: Vec<&String> = walks
        .iter()
        .flat_map(|walk| &walk.report.findings)
        .collect();
    println!("{:#?}", findings.iter().take(40).collect::<Vec<_>>());
    check_unreached(&tried, &reached);
    assert!(findings.is_empty(), "{} findings", findings.len());
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
    if who.profile.is_none() || GUIDES.contains(&who.name.as_str()) {
        Reach::Thorough
    } else {
        Reach::Plain
    }
}

fn check_unreached(tried: &BTreeSet<&String>, reached: &BTreeSet<&String>) {
    let mut unreached = BTreeSet::new();
    for path in tried.difference(reached) {
        unreached.insert(shortest(path, reached));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/walker/unreached.txt");
    let found = unreached.into_iter().collect::<Vec<_>>().join("\n") + "\n";
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let listed = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        listed, found,
        "a path without a positive control, or one that has it by now"
    );
}

/// The highest object on the way that nobody ever got.
fn shortest(path: &str, reached: &BTreeSet<&String>) -> String {
    let ends = path
        .match_indices('.')
        .map(|(end, _)| end)
        .filter(|end| !path[..*end].ends_with('.') && !path.contains('('));
    let mut prefixes = ends
        .map(|end| &path[..end])
        .filter(|prefix| prefix.matches('.').count() > 0);
    prefixes
        .find(|prefix| !reached.iter().any(|known| known.as_str() == *prefix))
        .unwrap_or(path)
        .to_owned()
}

mod every_path_shows_what_it_may {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn on_sqlite() {
        walk_all(Backend::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn on_postgres() {
        walk_all(Backend::Postgres).await;
    }
}
