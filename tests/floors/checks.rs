//! What is checked of the imports of a house. Each check lists what breaks its rule; nothing listed is as it should be.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{self, House, Import};

/// The rooms of a capability.
const ROOMS: &[&str] = &["rules", "store", "graphql"];

/// Top-level modules that rules may use: what is decided with, and nothing that reads, writes or translates.
const BELOW_RULES: &[&str] = &["calendar", "clock", "ids", "plan", "refusal", "scope", "text"];

/// Of the tables' crate what rules may use.
const OF_ENTITY: &[&str] = &["entity::enums", "entity::id"];

/// The top-level module of a file; none for the root.
fn top(file: &str) -> Option<&str> {
    Some(read::top(file)).filter(|top| !["lib", "main"].contains(top))
}

/// The room in which a file lies.
fn room(file: &str) -> Option<&str> {
    let steps = file.split('/').skip(1);
    steps.map(|step| step.trim_end_matches(".rs")).find(|step| ROOMS.contains(step))
}

fn told(import: &Import) -> String {
    format!("{} -> {}", import.from, import.to)
}

/// Imports that do not run down, and modules without a floor. What stands on one floor does not know each other.
pub fn upward(house: &House, floors: &[&[&str]]) -> BTreeSet<String> {
    let floor = |module: &str| floors.iter().position(|floor| floor.contains(&module));
    let tops: BTreeSet<&str> = house.names().filter_map(top).collect();
    let homeless = tops.iter().filter(|module| floor(module).is_none());
    let listed = floors.iter().flat_map(|floor| floor.iter());
    let gone = listed.filter(|module| !tops.contains(*module));
    let mut found: BTreeSet<String> = homeless.map(|module| format!("{module} has no floor")).collect();
    found.extend(gone.map(|module| format!("{module} has a floor and is not there")));
    for import in house.imports().iter().filter(|import| import.own) {
        let (Some(from), Some(to)) = (top(&import.from), top(&import.to)) else { continue };
        if from != to && floor(from) <= floor(to) {
            found.insert(told(import));
        }
    }
    found
}

/// Imports of rules and stores that lead out of their room upward, or rules to anything but what is decided with.
pub fn out_of_room(house: &House, capabilities: &[&str]) -> BTreeSet<String> {
    let of_capability = |file: &str| top(file).is_some_and(|top| capabilities.contains(&top));
    let wrong = |import: &Import| match room(&import.from) {
        Some("rules") if import.own => {
            let plain = of_capability(&import.to) && matches!(room(&import.to), None | Some("rules"));
            let below = top(&import.to).is_some_and(|top| BELOW_RULES.contains(&top));
            !plain && !below
        }
        Some("rules") => !OF_ENTITY.iter().any(|may| import.to.starts_with(may)),
        Some("store") => {
            import.own && (room(&import.to) == Some("graphql") || top(&import.to) == Some("graphql"))
        }
        _ => false,
    };
    let all = house.imports();
    let of_capabilities = all.iter().filter(|import| of_capability(&import.from));
    of_capabilities.filter(|import| wrong(import)).map(told).collect()
}

/// Imports of one capability from the store of another.
pub fn strange_store(house: &House, capabilities: &[&str]) -> BTreeSet<String> {
    let all = house.imports();
    let strange = all.iter().filter(|import| {
        let known = top(&import.from).is_some_and(|top| capabilities.contains(&top));
        let other = top(&import.from) != top(&import.to);
        import.own && known && other && room(&import.to) == Some("store")
    });
    strange.map(told).collect()
}

/// Files that import each other in a circle, those of a circle in one line.
pub fn circles(house: &House) -> BTreeSet<String> {
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for import in house.imports().into_iter().filter(|import| import.own) {
        arrows.entry(import.from).or_default().insert(import.to);
    }
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        arrows.keys().map(|file| (file, reached(&arrows, file))).collect();
    let circle = |file: &String| {
        let ahead = reached.get(file)?;
        let back = |other: &&&String| reached.get(*other).is_some_and(|ahead| ahead.contains(file));
        let circle: Vec<&str> = ahead.iter().filter(back).map(|other| other.as_str()).collect();
        (!circle.is_empty()).then(|| circle.join(", "))
    };
    arrows.keys().filter_map(circle).collect()
}

/// All files that lie ahead of one.
fn reached<'a>(arrows: &'a BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<&'a String> {
    let mut found = BTreeSet::new();
    let mut ahead: Vec<&String> = arrows.get(from).into_iter().flatten().collect();
    while let Some(file) = ahead.pop() {
        if found.insert(file) {
            ahead.extend(arrows.get(file).into_iter().flatten());
        }
    }
    found
}
