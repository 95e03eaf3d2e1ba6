//! `/labels.json`: what every value of every enum is called, from the program's own tables, and the types without an id.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use axum::body::Body;
use axum::http::Request;
use minsheng::schema::definitions;
use minsheng::schema::labels::LABELS;
use serde_json::Value;

use crate::support::{TestApp, on_both_databases};

/// Set, the test writes the file instead of comparing, as for `schema.graphql`.
const WRITE: &str = "MINSHENG_WRITE_SCHEMA";

/// The enums of the schema with their values, and its objects with whether they have an id.
fn schema() -> (BTreeMap<String, BTreeSet<String>>, BTreeMap<String, bool>) {
    let (mut enums, mut objects) = (BTreeMap::new(), BTreeMap::new());
    for definition in parse_schema(definitions()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let name = definition.node.name.node.to_string();
        match definition.node.kind {
            TypeKind::Enum(values) => {
                let values = values.values.iter().map(|value| value.node.value.node.to_string());
                enums.insert(name, values.collect());
            }
            TypeKind::Object(object) => {
                let has_id = object.fields.iter().any(|field| field.node.name.node == "id");
                objects.insert(name, has_id);
            }
            _ => {}
        }
    }
    (enums, objects)
}

fn labels() -> Value {
    serde_json::from_str(&LABELS).unwrap()
}

#[test]
fn every_value_of_every_enum_has_words_in_both_languages_and_no_two_of_an_enum_the_same() {
    let (enums, _) = schema();
    let labels = labels();
    let labelled = labels["enums"].as_object().unwrap();
    assert_eq!(labelled.keys().collect::<Vec<_>>(), enums.keys().collect::<Vec<_>>());
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for (name, values) in &enums {
        let words = labelled[name].as_object().unwrap();
        assert_eq!(words.keys().cloned().collect::<BTreeSet<_>>(), *values, "{name}");
        for language in ["zh", "en"] {
            let said: Vec<&str> = words.values().map(|label| label[language].as_str().unwrap()).collect();
            let fit =
                |text: &&str| text.trim() == *text && text.chars().any(is_chinese) == (language == "zh");
            assert!(said.iter().all(|text| !text.is_empty()) && said.iter().all(fit), "{name}: {said:?}");
            let different: BTreeSet<&&str> = said.iter().collect();
            assert_eq!(different.len(), said.len(), "{name}: {said:?}");
        }
    }
}

#[test]
fn the_types_without_an_id_are_all_objects_that_have_none_but_the_roots() {
    let (_, objects) = schema();
    let roots = ["Mutation", "Query", "Subscription"];
    let without = objects.iter().filter(|(name, has_id)| !**has_id && !roots.contains(&name.as_str()));
    let listed = labels()["typesWithoutId"].clone();
    assert_eq!(listed, Value::from(without.map(|(name, _)| name.clone()).collect::<Vec<_>>()));
    for kept in ["Receipt", "PublicCampaign", "OverviewRow"] {
        assert!(listed.as_array().unwrap().contains(&Value::from(kept)), "{kept}");
    }
    assert!(!listed.as_array().unwrap().contains(&Value::from("Submission")));
}

#[test]
fn the_committed_labels_are_those_that_are_served() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels.json");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, LABELS.as_str()).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == *LABELS,
        "labels.json differs from the code: run the tests with {WRITE}=1 and look at the diff"
    );
}

on_both_databases! {
    async fn the_labels_are_served_as_json(app: TestApp) {
        let request = Request::get("/labels.json").body(Body::empty()).unwrap();
        let (status, headers, text) = app.send(request).await;
        assert_eq!(status, 200);
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(text, *LABELS);
    }
}
