//! The checks find what they are there for, in small houses made up for it.

use std::collections::BTreeSet;

use super::checks::{circles, out_of_room, strange_store, upward};
use super::read::House;

const FLOORS: &[&[&str]] = &[&["db"], &["intake", "duty"], &["http"]];
const CAPABILITIES: &[&str] = &["intake", "duty"];

/// Every floor with a file on it, and further files.
fn house(more: &[(&str, &str)]) -> House {
    let ground = [
        ("db/mod.rs", "pub struct Tx;"),
        ("db/tx.rs", ""),
        ("duty/mod.rs", ""),
        ("intake/mod.rs", ""),
        ("http.rs", ""),
    ];
    House::of(ground.into_iter().chain(more.iter().copied()))
}

fn lines(lines: &[&str]) -> BTreeSet<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn an_import_that_runs_up_is_found_however_it_is_written() {
    let down = house(&[("http.rs", "use crate::db::Tx; fn a() { crate::intake::b() }")]);
    assert_eq!(upward(&down, FLOORS), lines(&[]));
    for up in [
        "use crate::http::Door;",
        "use crate::{http::Door as D};",
        "pub use crate::http::Door;",
        "pub(crate) use crate::http::{Door as D, Window};",
        "fn a() -> crate::http::Door { 'a' }",
        "use super::super::http; fn a<'a>(_: &'a str) -> char { http::open(\"\\\"\", '\"') }",
        "macro_rules! a { () => { $crate::http::open() } }",
    ] {
        let found = upward(&house(&[("db/tx.rs", up)]), FLOORS);
        assert_eq!(found, lines(&["db/tx.rs -> http.rs"]), "{up}");
    }
}

#[test]
fn neighbours_of_one_floor_and_modules_without_one_are_found() {
    let found = upward(&house(&[("duty/mod.rs", "use crate::intake::a;"), ("new.rs", "")]), FLOORS);
    assert_eq!(found, lines(&["duty/mod.rs -> intake/mod.rs", "new has no floor"]));
    let found = upward(&house(&[]), &[&["db"], &["intake", "duty"], &["http", "gone"]]);
    assert_eq!(found, lines(&["gone has a floor and is not there"]));
}

#[test]
fn what_is_no_import_is_not_found() {
    let quiet = "// crate::http::a()\n/* use crate::http::a; */ const A: &str = \"crate::http::a\"; const B: &str = r#\"\"crate::http::a\"#;";
    let tests = "#[cfg(test)] mod tests { use crate::http::a; fn b() { { crate::http::c() } } } #[cfg(test)] mod trial;";
    let trial = ("db/trial.rs", "use crate::http::a;");
    assert_eq!(upward(&house(&[("db/tx.rs", quiet), ("db/mod.rs", tests), trial]), FLOORS), lines(&[]));
    let behind = format!("{tests} use crate::http::a;");
    let found = upward(&house(&[("db/mod.rs", &behind), trial]), FLOORS);
    assert_eq!(found, lines(&["db/mod.rs -> http.rs"]));
}

#[test]
fn rules_that_read_and_stores_that_translate_are_found() {
    let rules = "use crate::db::Tx; use super::store::row; use super::graphql::Visit; use entity::enums::Stage; \
                 use entity::visit; use sea_orm::Value; fn a(_: visit::Model, _: axum::Json) { crate::duty::rules::b() }";
    let store = "use super::graphql::Visit; use super::rules; use crate::db::Tx; fn a() { rules::b() }";
    let rooms = [
        ("duty/rules.rs", ""),
        ("intake/graphql.rs", "use super::store::row; use super::rules::b;"),
        ("intake/rules/draft.rs", rules.trim()),
        ("intake/rules/mod.rs", ""),
        ("intake/store.rs", store),
    ];
    let rules = rooms[2].1.replace("super::", "super::super::");
    let rooms =
        rooms.map(|(name, text)| (name, if name == "intake/rules/draft.rs" { rules.as_str() } else { text }));
    let from_rules = [
        "axum::Json",
        "db/mod.rs",
        "entity::visit",
        "intake/graphql.rs",
        "intake/store.rs",
        "sea_orm::Value",
    ];
    let mut expected: BTreeSet<String> =
        from_rules.iter().map(|to| format!("intake/rules/draft.rs -> {to}")).collect();
    expected.insert("intake/store.rs -> intake/graphql.rs".to_owned());
    assert_eq!(out_of_room(&house(&rooms), CAPABILITIES), expected);
}

#[test]
fn the_store_of_another_is_found_also_behind_a_module() {
    let rooms = [
        ("intake/store/mod.rs", "mod step; pub use step::apply;"),
        ("intake/store/step.rs", ""),
        ("intake/graphql.rs", "use super::store; fn a() { store::apply() }"),
        ("duty/graphql.rs", "use crate::intake; fn a() { intake::store::apply() }"),
        ("http.rs", "use crate::intake::store::apply;"),
    ];
    let found = strange_store(&house(&rooms), CAPABILITIES);
    assert_eq!(found, lines(&["duty/graphql.rs -> intake/store/step.rs"]));
}

#[test]
fn a_circle_is_found_and_a_face_makes_none() {
    let face = [
        ("intake/mod.rs", "mod a; mod b; pub use a::A; pub use b::*;"),
        ("intake/a.rs", "pub struct A; use super::B;"),
        ("intake/b.rs", "pub struct B;"),
    ];
    assert_eq!(circles(&house(&face)), lines(&[]));
    let circle = [
        ("intake/a.rs", "pub struct A; use super::b; fn f() { b::g() }"),
        ("intake/b.rs", "use crate::intake::c::C;"),
        ("intake/c.rs", "pub struct C(super::a::A);"),
        ("intake/d.rs", "use super::a::A;"),
    ];
    assert_eq!(circles(&house(&circle)), lines(&["intake/a.rs, intake/b.rs, intake/c.rs"]));
}
