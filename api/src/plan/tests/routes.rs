//! To which stream imported messages and entries belong.

use super::*;

fn import(title: &str, content: &str) -> String {
    ImportRoutes::of(&sound(THIRD)).unwrap().unwrap().stream_for(title, content).to_owned()
}

#[test]
fn the_title_comes_before_the_content() {
    assert_eq!(import("A3区停车", "A7区路灯"), "A3");
    assert_eq!(import("停车", "A7区路灯"), "A7");
    assert_eq!(import("停车", "路灯"), "MAILBOX");
}

#[test]
fn a_name_that_a_digit_follows_is_no_name() {
    assert_eq!(import("A12路公交", "没有"), "MAILBOX");
    assert_eq!(import("A12路到A3区", ""), "A3");
    assert_eq!(import("A12路公交", "A2"), "A2");
    assert_eq!(import("A0 B1 a1", ""), "MAILBOX");
}

#[test]
fn the_first_name_counts_also_where_two_touch() {
    assert_eq!(import("A4A5", ""), "A4");
    assert_eq!(import("A41A5", ""), "A5");
}

#[test]
fn a_match_that_names_nothing_is_passed_over() {
    let text = with(THIRD, "(A[1-9])(?:[^0-9]|$)", "(.)(?:A|$)|A[1-9]");
    let routes = ImportRoutes::of(&sound(&text)).unwrap().unwrap();
    assert_eq!(routes.stream_for("某A8", ""), "A8");
    assert_eq!(routes.stream_for("某某", "某"), "MAILBOX");
}

#[test]
fn a_route_may_name_departments() {
    let text = with(THIRD, "names = \"STREAM\"", "names = \"DEPARTMENT\"");
    let text =
        with(&text, "code = \"A6\"\nname = \"A6乡意见建议\"", "code = \"SIXTH\"\nname = \"A6乡意见建议\"");
    let routes = ImportRoutes::of(&sound(&text)).unwrap().unwrap();
    assert_eq!(routes.stream_for("A6乡", ""), "SIXTH");
}

#[test]
fn a_plan_without_imports_has_no_routes() {
    assert!(ImportRoutes::of(&sound(HUOQIU)).unwrap().is_none());
}

fn entry(channel: &str, facts: RouteFacts<'_>) -> String {
    let plan = sound(THIRD);
    let channel = plan.channels.iter().find(|known| known.code == channel).unwrap();
    plan.stream_for(channel, facts).to_owned()
}

#[test]
fn an_entry_belongs_to_whoever_enters_it_where_the_channel_says_so() {
    let by = |department| RouteFacts {
        entering_department: Some(department),
        village: Some("V1"),
        constituency: None,
    };
    assert_eq!(entry("VISIT", by("A5")), "A5");
    assert_eq!(entry("VISIT", by("COMMITTEE_A1")), "A1");
    assert_eq!(entry("VISIT", by("OFFICE")), "A1");
}

#[test]
fn what_no_rule_places_falls_back() {
    let village =
        |village| RouteFacts { entering_department: None, village: Some(village), constituency: None };
    assert_eq!(entry("MAILBOX", village("V1")), "A1");
    assert_eq!(entry("MAILBOX", village("V9")), "MAILBOX");
    assert_eq!(entry("MAILBOX", RouteFacts::default()), "MAILBOX");
}

#[test]
fn a_constituency_places_only_where_one_stream_listens_to_it() {
    let of = |constituency| RouteFacts {
        entering_department: None,
        village: None,
        constituency: Some(constituency),
    };
    assert_eq!(entry("MAILBOX", of("养蜂户")), "A2");
    assert_eq!(entry("MAILBOX", of("辖区居民")), "MAILBOX");
}

#[test]
fn of_several_streams_the_one_that_listens_takes_the_entry() {
    let plan = sound(SHUANGLUAN);
    let visit = plan.channels.iter().find(|channel| channel.code == "SYMPOSIUM").unwrap();
    let of =
        |constituency| RouteFacts { entering_department: Some("UNITED_FRONT"), village: None, constituency };
    assert_eq!(plan.stream_for(visit, of(Some("党外人士代表"))), "UNITED_FRONT_NONPARTY");
    assert_eq!(plan.stream_for(visit, of(None)), "UNITED_FRONT_PARTIES");
}
