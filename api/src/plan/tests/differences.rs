//! Digest and differences.

use super::*;

fn differences(new: &str) -> Vec<String> {
    diff(&sound(THIRD), &sound(new)).iter().map(ToString::to_string).collect()
}

#[test]
fn layout_comments_and_the_order_of_keys_do_not_change_the_digest() {
    let other = THIRD.replace(" = ", "   =  ").replace("\n[[", "\n# a comment\n\n[[");
    let other =
        with(&other, "code   =  \"999999\"\nname   =  \"示例县\"", "name = \"示例县\"\ncode = \"999999\"");
    assert_ne!(other, THIRD);
    assert_eq!(sound(&other).digest(), sound(THIRD).digest());
    assert!(differences(&other).is_empty());
    assert_eq!(sound(THIRD).digest().len(), 64);
}

#[test]
fn a_changed_field_is_named_with_both_values() {
    let new = with(THIRD, "percent = 95", "percent = 96");
    assert_eq!(differences(&new), ["~ coverage_targets.ENVIRONMENT_SCHEME/REACHED: percent 95 → 96"]);
    let new = with(THIRD, "closes_on = 2020-12-31\n", "");
    assert_eq!(differences(&new), ["~ campaign.closes_on: \"2020-12-31\" → null"]);
    let new = with(THIRD, "\"A1乡意见建议\"", "\"A1乡民意\"");
    assert_eq!(differences(&new), ["~ streams.A1: name \"A1乡意见建议\" → \"A1乡民意\""]);
}

#[test]
fn what_came_and_what_went_is_named() {
    let second = "code = \"T02\"\ntext = \"再征集\"\ncheck = \"again\"\nstate = \"NOT_MEASURED_YET\"\n";
    let new = format!("{THIRD}\n[[clauses]]\n{second}");
    assert_eq!(differences(&new), ["+ clauses.T02: \"再征集\""]);
    let back = diff(&sound(&new), &sound(THIRD));
    assert_eq!(back.len(), 1);
    assert_eq!((back[0].code.as_str(), back[0].kind), ("T02", ChangeKind::Removed));
}

#[test]
fn a_field_that_an_element_may_lack_comes_and_goes_by_name() {
    let dated = with(THIRD, "state = \"MEASURED\"", "state = \"MEASURED\"\ndue_on = 2020-06-01");
    assert_eq!(differences(&dated), ["~ clauses.T01: due_on null → \"2020-06-01\""]);
    let back = diff(&sound(&dated), &sound(THIRD));
    assert_eq!(back.len(), 1);
    assert_eq!(back[0].to_string(), "~ clauses.T01: due_on \"2020-06-01\" → null");
}

#[test]
fn another_order_of_a_list_is_a_change() {
    let first = "[[categories]]\ncode = \"ROAD_TRAFFIC\"\nname = \"道路交通\"\n\n";
    let second = "[[categories]]\ncode = \"OTHER\"\nname = \"其他\"\nother = true\n\n";
    let new = with(THIRD, &format!("{first}{second}"), &format!("{second}{first}"));
    assert_eq!(differences(&new), ["~ categories: order: OTHER, ROAD_TRAFFIC"]);
    assert_ne!(sound(&new).digest(), sound(THIRD).digest());
}

#[test]
fn a_section_that_comes_or_goes_is_a_change() {
    let (before, rest) = THIRD.split_once("# The first of A1").unwrap();
    let (_, after) = rest.split_once("names = \"STREAM\"\n").unwrap();
    let new = format!("{before}{after}");
    assert_ne!(sound(&new).digest(), sound(THIRD).digest());
    assert_eq!(differences(&new).len(), 2);
}

#[test]
fn a_section_that_a_plan_may_lack_comes_and_goes_like_any_other() {
    let with_decision = format!("{THIRD}\n[decision]\nsmallest_ranked = 5\n");
    assert_eq!(differences(&with_decision).len(), 2);
    let gone = diff(&sound(&with_decision), &sound(THIRD));
    assert!(gone.iter().all(|change| change.section == "decision" && change.kind == ChangeKind::Removed));
    assert_eq!(gone.len(), 2);
}
