//! What the schema promises beyond types: who may ask for a field, and that a section which fails takes nothing along.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Value as Constant;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{FieldDefinition, TypeKind, TypeSystemDefinition};
use entity::enums::Position;
use minsheng::schema::definitions;
use serde_json::{Value, json};

use crate::permissions::{SEATS, portal};
use crate::support::personas::HUOQIU;
use crate::support::{TestApp, code, on_both_databases};

/// Every field of every object.
fn fields() -> Vec<(String, FieldDefinition)> {
    let mut found = Vec::new();
    for definition in parse_schema(definitions()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        if let TypeKind::Object(object) = definition.node.kind {
            let parent = definition.node.name.node.to_string();
            let fields = object.fields.into_iter();
            found.extend(fields.map(|field| (parent.clone(), field.node)));
        }
    }
    found
}

/// Who may ask for a field: profiles, and profiles of which only a head; nothing for a field that is open to all.
fn access(field: &FieldDefinition) -> Option<(BTreeSet<String>, BTreeSet<String>)> {
    let mut directives = field.directives.iter();
    let access = directives.find(|directive| directive.node.name.node == "access")?;
    let names = |argument: &str| match access.node.get_argument(argument).map(|value| &value.node) {
        Some(Constant::List(names)) => names.iter().map(ToString::to_string).collect(),
        _ => BTreeSet::new(),
    };
    Some((names("profiles"), names("heads")))
}

/// Whether the directive lets somebody ask.
fn listed(access: &(BTreeSet<String>, BTreeSet<String>), profile: &str, position: &str) -> bool {
    access.0.contains(profile) || (position == "HEAD" && access.1.contains(profile))
}

#[test]
fn a_mutation_is_forbidden_to_exactly_those_whom_its_directive_does_not_list() {
    let directives: BTreeMap<String, _> = fields()
        .into_iter()
        .filter(|(parent, _)| parent == "Mutation")
        .map(|(_, field)| (field.name.node.to_string(), access(&field)))
        .collect();
    let mut compared = 0;
    // The matrix was found by doing, cell by cell.
    let matrix = include_str!("matrix.txt").lines();
    for line in matrix.filter(|line| !line.starts_with('#') && !line.contains("| read ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (profile, position) = cells[0].split_once(' ').unwrap();
        let tried = cells[2..].iter().filter(|cell| **cell != "-");
        let forbidden = tried.clone().all(|cell| *cell == "FORBIDDEN");
        let ever = tried.clone().any(|cell| *cell == "FORBIDDEN");
        assert_eq!(forbidden, ever, "it depends on the row: {line}");
        match &directives[cells[1]] {
            Some(access) => {
                assert_eq!(!forbidden, listed(access, profile, position), "{line}");
                compared += 1;
            }
            // A portal has no session of its own to leave, but may end one by its token.
            None => assert!(!ever || (cells[1], profile) == ("sessionLogout", "PORTAL"), "{line}"),
        }
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn sections_are_null_only_beside_an_error_and_say_so() {
    let mut sections = 0;
    for (parent, field) in fields() {
        let ty = &field.ty.node;
        let name = ty.to_string();
        let name = name.trim_end_matches('!');
        // An event is whole or not at all.
        let event = parent == "Subscription" || parent == "OverviewChangedPayload";
        let section = ["Connection", "Payload"].iter().any(|end| name.ends_with(end)) || name == "Overview";
        let section = section && !event;
        let marked = field.directives.iter().any(|directive| directive.node.name.node == "semanticNonNull");
        assert!(
            !section || marked,
            "{parent}.{} does not say that it is null only beside an error",
            field.name.node
        );
        assert!(!marked || ty.nullable, "{parent}.{} is never null", field.name.node);
        sections += usize::from(section);
    }
    assert!(sections > 20, "{sections}");
}

on_both_databases! {
    async fn a_query_is_forbidden_to_exactly_those_whom_its_directive_does_not_list(app: TestApp) {
        let app = app.with_both_counties().await;
        let mut everybody = vec![("PORTAL", "OFFICER", portal(&app).await)];
        for (department, position) in SEATS {
            let who = app.persona(HUOQIU, department, position).await;
            everybody.push((who.profile.as_str(), position.as_str(), who.token));
        }
        let (mut open, mut closed) = (0, 0);
        for (_, field) in fields().into_iter().filter(|(parent, _)| parent == "Query") {
            if field.arguments.iter().any(|argument| !argument.node.ty.node.nullable) {
                continue;
            }
            let name = &field.name.node;
            let leaf = ["DateTime!", "String!"].contains(&&*field.ty.node.to_string());
            let query = if leaf { format!("{{ {name} }}") } else { format!("{{ {name} {{ __typename }} }}") };
            let access = access(&field);
            for (profile, position, token) in &everybody {
                let (_, answer) = app.graphql(Some(token), &query, json!({})).await;
                let may = access.as_ref().is_none_or(|access| listed(access, profile, position));
                assert_eq!(code(&answer), if may { "" } else { "FORBIDDEN" }, "{name} for {profile} {position}: {answer}");
                if may { open += 1 } else { closed += 1 }
            }
        }
        assert!(open > 50 && closed > 20, "{open} {closed}");
    }

    async fn a_section_that_fails_takes_nothing_else_along(app: TestApp) {
        let app = app.with_both_counties().await;
        // Its head reads the trail and manages its officers. The trail itself grows with each look at it.
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Head).await;
        let query = "query ($a: String, $b: String, $c: String, $d: String, $e: String, $f: SubmissionFilter, $g: SubmissionFilter, $h: [OverviewDimension!]!) {
            submissions(after: $a) { nodes { id } } accounts(after: $b) { nodes { id } } auditEntries(after: $c) { pageInfo { hasPreviousPage } }
            departments(after: $d) { nodes { id } } campaign(by: { code: \"MSQT-2022\" }) { code villages(after: $e) { nodes { id } } }
            overview(filter: $f) { total { received } } queueCounts(filter: $g) { count }
            table: overview { asOf total { received } rows(by: $h) { figures { received } } } }";
        let (cursor, text) = (json!("not a cursor"), json!({ "text": "" }));
        let sections = [
            ("a", &cursor, vec!["submissions"]), ("b", &cursor, vec!["accounts"]), ("c", &cursor, vec!["auditEntries"]),
            ("d", &cursor, vec!["departments"]), ("e", &cursor, vec!["campaign", "villages"]),
            ("f", &text, vec!["overview"]), ("g", &text, vec!["queueCounts"]), ("h", &json!([]), vec!["table", "rows"]),
        ];
        let sound = app.data(&auditor, query, json!({ "h": ["KIND"] })).await;
        for (variable, broken, path) in sections {
            let mut variables = json!({ "h": ["KIND"] });
            variables[variable] = broken.clone();
            let (status, answer) = app.graphql(Some(&auditor.token), query, variables).await;
            assert_eq!((status, code(&answer)), (200, "BAD_USER_INPUT"), "{path:?}: {answer}");
            assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer}");
            assert_eq!(answer["errors"][0]["path"], json!(path), "{answer}");
            let mut expected = sound.clone();
            let place = path.iter().fold(&mut expected, |place, step| &mut place[*step]);
            *place = Value::Null;
            assert_eq!(answer["data"], expected, "{path:?}");
        }
    }

    async fn a_mutation_that_fails_takes_no_other_payload_along(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Officer).await;
        let text = "mutation { no: submissionWithdraw(input: { submissionId: \"x\", expectedVersion: 1, reason: \"误登\" }) { userErrors { code } }
            yes: sessionLogout(input: { refreshToken: \"x\" }) { userErrors { code } } }";
        let (_, answer) = app.graphql(Some(&leader.token), text, json!({})).await;
        assert_eq!((code(&answer), &answer["errors"][0]["path"]), ("FORBIDDEN", &json!(["no"])), "{answer}");
        assert_eq!(answer["data"]["no"], Value::Null);
        assert!(answer["data"]["yes"]["userErrors"].is_array(), "{answer}");
    }
}
