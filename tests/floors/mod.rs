//! The order of the house (楼层): every import runs down, rules know nothing but what they decide with, no capability
//! reaches into another's store, and no files import each other in a circle. Read from the code; needs no database.

mod bites;
mod checks;
mod read;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use read::House;

/// The top-level modules from the ground up. Those of one floor don't know each other.
const FLOORS: &[&[&str]] = &[
    // Texts as people read them.
    &["text"],
    // What everything is said in.
    &["audience", "clock", "logging", "refusal", "sensitive"],
    // Which days are worked.
    &["calendar"],
    // Who asks, what a campaign's plan says, and how much one may ask.
    &["limits", "plan", "scope"],
    &["secrets"],
    // The doors to the rows.
    &["db", "ids"],
    // What becomes of a suggestion.
    &["fate"],
    &["error"],
    &["snapshot"],
    // What every request shares, and what every resolver does.
    &["app"],
    &["agenda", "graphql", "rollups"],
    &["shares"],
    // The capabilities.
    &["campaign"],
    &["access"],
    &["audit", "export"],
    &["intake"],
    &["decision", "events", "keys"],
    &["coverage", "publicity"],
    &["duty", "reporting"],
    // Looks at how everybody keeps to what is owed.
    &["supervision"],
    &["conformance"],
    // All of them together.
    &["schema"],
    &["background"],
    &["http", "jobs"],
    &["config", "demo"],
    &["cli"],
];

/// Those that have rules, a store and resolvers.
const CAPABILITIES: &[&str] = &[
    "agenda",
    "access",
    "audit",
    "campaign",
    "conformance",
    "coverage",
    "decision",
    "duty",
    "events",
    "export",
    "fate",
    "intake",
    "keys",
    "publicity",
    "reporting",
    "supervision",
];

/// What breaks a rule as yet. These lists only shrink: what is mended is struck out, and nothing is added (`tests/lists`).
/// First rules that are handed rows as they were read, or what a store or the keys made of them.
const OUT_OF_ROOM: &str = include_str!("out-of-room.txt");
/// The clauses are judged by the figures of every capability; decisions move suggestions as intake does.
const STRANGE_STORE: &str = include_str!("store-of-another.txt");

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn house() -> House {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let name = |path: &Path| path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
    let texts: Vec<(String, String)> =
        paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect();
    House::of(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// What is found is what is known, no more and no less.
fn hold(found: &BTreeSet<String>, known: &str) {
    let known: BTreeSet<String> = known.lines().map(str::to_owned).collect();
    let new: Vec<&String> = found.difference(&known).collect();
    let mended: Vec<&String> = known.difference(found).collect();
    assert!(new.is_empty(), "{} that break the rule:\n{new:#?}", new.len());
    assert!(mended.is_empty(), "no longer so, strike them out:\n{mended:#?}");
}

#[test]
fn every_import_runs_down() {
    hold(&checks::upward(&house(), FLOORS), "");
}

#[test]
fn rules_decide_and_stores_do_not_translate() {
    hold(&checks::out_of_room(&house(), CAPABILITIES), OUT_OF_ROOM);
}

#[test]
fn no_capability_reaches_into_the_store_of_another() {
    hold(&checks::strange_store(&house(), CAPABILITIES), STRANGE_STORE);
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    hold(&checks::circles(&house()), "");
}
