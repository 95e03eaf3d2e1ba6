use std::collections::HashMap;

use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use async_graphql::parser::{parse_query, parse_schema};
use proptest::prelude::*;
use serde_json::json;

use super::count::SCHEMA;
use super::fields::Rows;
use super::lists::LISTS;
use super::work::Filtered;
use super::*;
use crate::limits::request::MAX_COMPLEXITY;
use crate::schema::definitions;

fn priced(text: &str, variables: serde_json::Value) -> Price {
    let document = parse_query(text).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    price(&document, &operation.node, &Variables::from_json(variables))
}

fn cost(text: &str) -> usize {
    priced(text, json!({})).units
}

/// Whether it is refused although fields may cost what they like.
fn asks_too_much_of_the_schema(text: &str) -> bool {
    let document = parse_query(text).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let checked = check(&document, &operation.node, &Variables::default(), usize::MAX);
    checked.is_err_and(|error| error.code() == ErrorCode::QueryTooComplex)
}

/// Each field of an object that gives objects.
fn objects() -> Vec<(String, String, Rows)> {
    let types = SCHEMA.0.iter().filter(|(name, _)| !name.starts_with("__"));
    let fields = types.flat_map(|(parent, fields)| {
        fields.iter().map(move |(name, field)| (parent.clone(), name.clone(), field.rows))
    });
    fields.filter(|(_, _, rows)| *rows != Rows::Leaf).collect()
}

/// Walks the schema: whatever is written as a list of objects costs by its rows and multiplies what stands below it.
#[test]
fn every_list_of_objects_multiplies() {
    let (mut lists, printed) = (0, declared());
    for (parent, name, rows) in objects() {
        let below = |leaves: &str| match rows {
            Rows::Connection => format!("{name}(first: 50) {{ nodes {{ {leaves} }} }}"),
            _ => format!("{name} {{ {leaves} }}"),
        };
        let ask = |leaves: &str| cost(&format!("{{ ...a }} fragment a on {parent} {{ {} }}", below(leaves)));
        // What is asked about the schema costs one wherever it stands.
        let question = "__schema { description }";
        let more = ask(&format!("{question} {question}")) - ask(question);
        let Some(printed) = printed.get(&(parent.clone(), name.clone())) else { continue };
        let list = printed.contains('[') || rows == Rows::Connection;
        // Lists of a connection take its page, and the list of ids its ids.
        let many = !matches!(rows, Rows::One | Rows::OfPage | Rows::Ids);
        assert_eq!(
            many,
            list && !parent.ends_with("Connection") && name != "nodes",
            "{parent}.{name}: {printed}"
        );
        assert!(more > 1 || !many, "{parent}.{name} brings rows at the price of one");
        let comes_with_its_row = work::work(&parent, &name, Filtered::default(), None) == Some(0);
        assert!(
            ask("__typename") > 1 || !many || comes_with_its_row,
            "{parent}.{name} brings rows for nothing"
        );
        lists += usize::from(many);
    }
    assert!(lists > 25, "only {lists} lists were found");
}

/// The types of all fields as the schema prints them.
fn declared() -> HashMap<(String, String), String> {
    let mut printed = HashMap::new();
    for definition in parse_schema(definitions()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let TypeKind::Object(object) = definition.node.kind else {
            continue;
        };
        for field in object.fields {
            let place = (definition.node.name.node.to_string(), field.node.name.node.to_string());
            printed.insert(place, field.node.ty.node.to_string());
        }
    }
    printed
}

#[test]
fn every_listed_length_is_of_a_list_that_is_there() {
    for (parent, name, rows) in LISTS {
        let (_, found, _) = SCHEMA.find(parent, name);
        assert_eq!(found, Rows::Fixed(*rows), "{parent}.{name}");
    }
}

#[test]
fn values_come_with_their_object_and_objects_cost_by_their_rows() {
    assert_eq!(cost("{ serverTime a: serverTime __typename }"), 0);
    let page = |leaves: &str| cost(&format!("{{ submissions(first: 100) {{ nodes {{ {leaves} }} }} }}"));
    let plain = page("id");
    assert_eq!(page("__typename id number title stage kind urgency receivedAt isLate version"), plain);
    assert_eq!(page("id category { id name code }") - plain, 100);
    let priced = priced("{ submissions(first: 100) { totalCount nodes { id title } } }", json!({}));
    assert_eq!(priced.values, 1 + 200);
}

#[test]
fn lists_in_lists_multiply_and_four_deep_are_refused() {
    let streams = "{ streams { campaign { streams { campaign { streams { id } } } } } }";
    let list = |below: usize| 1 + 30 * (1 + below);
    assert_eq!(cost(streams), list(1 + list(1 + list(0))));
    let pages =
        "{ submissions(first: 100) { nodes { campaign { villages(first: 100) { nodes { id } } } } } }";
    assert!(cost(pages) > MAX_COMPLEXITY);
    // The statement, the rows, and `nodes` itself.
    let page = |rows: usize| 1 + work::PAGE + rows;
    let nodes =
        "{ nodes(ids: [1, 2, 3]) { id ... on Campaign { villages(first: 7) { nodes { id name } } } } }";
    assert_eq!(cost(nodes), 1 + 3 * (1 + 1 + page(7)));
    assert_eq!(
        cost("{ submissions { pageInfo { endCursor } nodes { records(last: 5) { id } } } }"),
        1 + 1 + page(20) + 20 * (1 + 5)
    );
    // Fragments and mutations multiply too, and a fragment costs by the page that it stands in.
    let fragment = "{ submissions(first: 50) { ...p } a: submissions(first: 3) { ...p } } fragment p on SubmissionConnection { nodes { category { id } } }";
    assert_eq!(cost(fragment), (1 + page(50) + 50) + (1 + page(3) + 3));
    assert!(
        cost("mutation { submissionEdit(input: {}) { submission { campaign { streams { id } } } } }") > 30
    );
}

#[test]
fn a_table_of_figures_costs_by_the_values_of_its_dimensions_and_by_its_period() {
    let table = |filter: &str, by: &str| {
        cost(&format!(
            "{{ overview(filter: {{ {filter} }}) {{ rows(by: [{by}]) {{ figures {{ open }} keys {{ label }} }} }} }}"
        ))
    };
    let one = table("", "STAGE") - 41;
    assert_eq!(one, 11);
    let march = "receivedFrom: \"2022-03-01\", receivedTo: \"2022-03-31\"";
    assert_eq!(table(march, "DAY") - 41, 31);
    assert_eq!(table(march, "WEEK") - 41, 4 + 2);
    assert!(table("", "DAY") > table("", "WEEK") && table("", "WEEK") > table("", "MONTH"));
    assert_eq!(table("", "KIND, STAGE") - table("", "STAGE"), (5 - 1) * 11);
    // No more than a table may have.
    assert!(table("", "VILLAGE, DAY") <= 2_000 + 2 * 350 + 1);
}

#[test]
fn what_a_token_says_is_priced_like_what_is_written() {
    let filter =
        crate::intake::graphql::SubmissionFilter { text: Some("的".to_owned()), ..Default::default() };
    let token = async_graphql::InputType::to_value(&crate::intake::graphql::FilterToken(Box::new(filter)));
    let asked = "query ($f: SubmissionFilter) { submissions(filter: $f) { totalCount } }";
    let by = |filter: serde_json::Value| priced(asked, json!({ "f": filter })).units;
    let token = token.into_json().unwrap();
    assert_eq!(by(json!({ "token": token })), by(json!({ "text": "的" })));
    assert!(
        by(json!({ "token": "no token" })) == by(json!({})) && by(json!({})) < by(json!({ "token": token }))
    );
}

#[test]
fn a_refusal_names_what_costs_most() {
    let document = parse_query(
        "{ serverTime latest: submissions(first: 5) { nodes { id } }
           all: submissions(first: 100) { nodes { campaign { ...v } category { id } } } }
         fragment v on Campaign { villages(first: 100) { nodes { id stream: department { id } } } }",
    )
    .unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let dearest = dearest::fields(&document, &operation.node, &Variables::default());
    assert_eq!(dearest[0].path, "all.nodes.campaign.villages", "{dearest:?}");
    assert_eq!((dearest[1].path.as_str(), dearest.len()), ("latest", 3), "{dearest:?}");
    let refused = check(&document, &operation.node, &Variables::default(), 1_000).unwrap_err();
    let error = async_graphql::Error::from(refused);
    let costs = error.extensions.unwrap().get("costs").unwrap().clone().into_json().unwrap();
    assert_eq!(costs[0], json!({ "path": dearest[0].path, "cost": dearest[0].cost }));
    assert!(error.message.contains(&format!("all.nodes.campaign.villages {}", dearest[0].cost)));
}

#[test]
fn values_are_free_and_bounded() {
    let names = (0..30).fold(String::new(), |text, n| text + &format!("a{n}: name "));
    let wide =
        format!("{{ streams {{ campaign {{ streams {{ campaign {{ channels {{ {names} }} }} }} }} }} }}");
    let document = parse_query(wide).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let price = price(&document, &operation.node, &Variables::default());
    let refused = check(&document, &operation.node, &Variables::default(), price.units);
    assert_eq!(refused.map_err(|error| error.code()), Err(ErrorCode::QueryTooComplex), "{price:?}");
}

#[test]
fn a_search_a_count_and_a_long_text_cost_what_they_are() {
    let total = |filter: &str| cost(&format!("{{ submissions(filter: {{ {filter} }}) {{ totalCount }} }}"));
    let plain = total("stages: [RECEIVED], kinds: [HELP]");
    assert!(plain < 100, "{plain}");
    for wide in [
        "isLate: false",
        "queue: LATE",
        "kinds: [HELP], channelIds: [1]",
        "isClassified: true, hasVillage: false",
    ] {
        assert!(total(wide) > plain + 300, "{wide}");
    }
    assert_eq!(total("isLate: null, text: null"), total(""));
    assert!(total("text: \"的\"") > total("isLate: false") + 200);
    let page =
        |filter: &str| cost(&format!("{{ submissions(filter: {{ {filter} }}) {{ nodes {{ id }} }} }}"));
    assert!(page("text: \"的\"") > page("isLate: true") + 200);
    let nodes = |leaf: &str| cost(&format!("{{ submissions(first: 100) {{ nodes {{ {leaf} }} }} }}"));
    assert_eq!(nodes("content") - nodes("isLate"), 100 * 10);
}

#[test]
fn figures_that_no_rollup_covers_cost_more_and_a_filter_counts_in_variables_and_fragments() {
    let rows = |filter: &str, by: &str| {
        cost(&format!(
            "{{ overview(filter: {{ {filter} }}) {{ rows(by: [{by}]) {{ figures {{ open }} }} }} }}"
        ))
    };
    let covered = rows("kinds: [HELP]", "DEPARTMENT, MONTH");
    for (filter, by) in [
        ("kinds: [HELP]", "CHANNEL, MONTH"),
        ("", "CATEGORY, VILLAGE"),
        ("isLate: true", "DEPARTMENT, MONTH"),
    ] {
        assert!(rows(filter, by) > covered + 500, "{filter}, {by}");
    }
    let asked = "query ($f: SubmissionFilter, $late: Boolean = true) {
        submissions(filter: $f) { ...t } a: submissions(filter: { isLate: $late }) { ...t } b: submissions { ...t } }
        fragment t on SubmissionConnection { totalCount }";
    let by = |variables| priced(asked, variables).units;
    let plain = by(json!({ "late": null }));
    assert!(by(json!({})) > plain + 300);
    assert!(by(json!({ "f": { "text": "的" }, "late": null })) > plain + 500);
    assert!(by(json!({ "f": { "queue": "LATE" }, "late": null })) > plain + 300);
}

#[test]
fn searches_and_long_texts_by_thirty_aliases_are_refused() {
    let aliases =
        |field: &str| (0..30).fold(String::from("{ "), |text, n| text + &format!("a{n}: {field} ")) + "}";
    for field in [
        "submissions(first: 1, filter: { text: \"的\", isLate: false }) { totalCount }",
        "submissions(first: 1, filter: { isLate: false }) { totalCount }",
        "submissions(first: 100) { nodes { title content } }",
        "submissions(first: 1, filter: { text: \"的\" }) { totalCount }",
        "overview(filter: { isLate: true }) { total { received } }",
        "queueCounts { count }",
        "summaryTables(campaignId: 1, first: 10) { nodes { scan { content } } }",
    ] {
        let cost = cost(&aliases(field));
        assert!(cost > MAX_COMPLEXITY, "{field}: {cost}");
    }
    // Nor by writing the same field again, which needs no alias.
    let again = "submissions(first: 100) { totalCount } ".repeat(300);
    assert!(cost(&format!("{{ {again} }}")) > MAX_COMPLEXITY);
}

/// Names of fields that hold what somebody wrote at length: a new one is listed, or refused here.
#[test]
fn every_long_text_is_priced_and_every_priced_field_is_there() {
    const LONG: &[&str] =
        &["content", "detail", "explanation", "narrative", "note", "proof", "remark", "summary", "text"];
    let listed = work::listed_fields();
    for (parent, field, _) in listed {
        let there = SCHEMA.0.get(*parent).is_some_and(|fields| fields.contains_key(*field));
        assert!(there, "{parent}.{field}");
    }
    for (parent, fields) in &SCHEMA.0 {
        let long =
            fields.iter().filter(|(name, field)| LONG.contains(&name.as_str()) && field.ty == "String");
        for (name, _) in long {
            let found = listed.iter().any(|(of, field, _)| of == parent && field == name);
            assert!(found, "{parent}.{name} may be long and costs one");
        }
    }
}

#[test]
fn the_size_of_a_page_is_read_wherever_it_stands_and_clamped() {
    let query = |definition: &str, argument: &str| {
        format!("query ({definition}) {{ submissions({argument}) {{ nodes {{ id }} }} }}")
    };
    // The connection, its nodes and its statement beside the rows.
    let page = |text: &str, variables| priced(text, variables).units - 2 - work::PAGE;
    for (argument, size) in [
        ("first: 7", 7),
        ("last: 8", 8),
        ("first: null", 20),
        ("first: null, last: 9", 9),
        ("first: 0", 1),
        ("first: -1", 1),
        ("first: 101", 100),
        ("first: 99999999999999999999", 100),
        ("first: \"7\"", 20),
    ] {
        assert_eq!(page(&query("$a: Int", argument), json!({})), size, "{argument}");
    }
    let by_variable = query("$n: Int = 30", "first: $n");
    for (variables, size) in [
        (json!({}), 30),
        (json!({ "n": 5 }), 5),
        (json!({ "n": null }), 20),
        (json!({ "n": -3 }), 1),
        (json!({ "n": 1e30 }), 100),
    ] {
        assert_eq!(page(&by_variable, variables.clone()), size, "{variables}");
    }
}

#[test]
fn the_standard_introspection_fits_and_types_of_types_do_not() {
    let of_type = format!("{} {}", "ofType { kind name ".repeat(9), "}".repeat(9));
    let value = format!(
        "name description type {{ kind name {of_type} }} defaultValue isDeprecated deprecationReason"
    );
    let standard = format!(
        "{{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
            types {{ kind name description specifiedByURL isOneOf fields(includeDeprecated: true) {{ name description
                args(includeDeprecated: true) {{ {value} }} type {{ kind name {of_type} }} isDeprecated deprecationReason }}
              inputFields(includeDeprecated: true) {{ {value} }} interfaces {{ kind name {of_type} }}
              enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} possibleTypes {{ kind name {of_type} }} }}
            directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ {value} }} }} }} }}"
    );
    let once = priced(&standard, json!({}));
    assert!(
        once.introspection <= MAX_INTROSPECTION && once.introspection > MAX_INTROSPECTION / 2,
        "{once:?}"
    );
    let nested =
        format!("{{ __schema {{ types {{ {} name {} }} }} }}", "fields { type { ".repeat(5), "} }".repeat(5));
    assert!(!asks_too_much_of_the_schema(&standard));
    assert!(asks_too_much_of_the_schema(&nested));
    let twice = standard.replacen("{ __schema", "{ ...f ...f } fragment f on Query { __schema", 1);
    assert!(asks_too_much_of_the_schema(&twice));
}

#[test]
fn introspection_is_priced_each_time_that_its_fragment_is_spread() {
    let text = |spreads: usize| {
        format!("{{ {} }} fragment f on Query {{ __schema {{ types {{ name }} }} }}", "...f ".repeat(spreads))
    };
    let once = priced(&text(1), json!({})).introspection;
    assert!(once > 100);
    assert_eq!(priced(&text(40), json!({})).introspection, 40 * once);
    let doubled = "{ ...a ...a } fragment a on Query { ...f ...f } fragment f on Query { __schema { types { name } } serverTime }";
    assert_eq!(priced(doubled, json!({})), Price { units: 4, values: 4, introspection: 4 * once });
}

proptest! {
    #[test]
    fn no_page_costs_more_than_the_largest(first in any::<i64>()) {
        let price = cost(&format!("{{ submissions(first: {first}) {{ nodes {{ id }} }} }}"));
        prop_assert!((3..=102).contains(&(price - work::PAGE)));
    }
}
