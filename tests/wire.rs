//! What a request costs on the wire to PostgreSQL: messages that wait for an answer, begin and end included, counted
//! between the server and the database and not by the server itself.

use std::time::Duration;

use entity::enums::Position;
use entity::id::County;
use minsheng::db::{Db, PoolSize};
use minsheng::http::HttpSettings;
use minsheng::rollups;
use serde_json::{Value, json};

use crate::queries::{fill, ids};
use crate::support::backend::run;
use crate::support::personas::HUOQIU;
use crate::support::way::{Bent, Way};
use crate::support::{Backend, TestApp, TestDatabase, postgres};

/// What follows an answer that was read for: the end of the transaction.
const READ: usize = 1;

const RECORD: &str = "mutation($input: SubmissionRecordInput!) { submissionRecord(input: $input) { submission { id stage createdAt } userErrors { code } } }";

/// The same application by a way that counts.
async fn counted(mut app: TestApp, bent: Bent, connections: u32) -> (TestApp, Way) {
    let (url, way) = Way::to(&app.database, bent).await;
    let size = PoolSize { connections, wait: Duration::from_secs(1) };
    let db = Db::connect(&url, size).await.unwrap();
    app.app = app.restarted(move |parts| parts.db = db).await.unwrap();
    (app.behind(HttpSettings::default()), way)
}

#[tokio::test]
async fn every_hot_operation_keeps_to_its_messages() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    fill(&app).await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let node = ids(&app, &clerk, "{ submissions(first: 1) { nodes { id } } }", &["submissions", "nodes"])
        .await
        .remove(0);
    let channel =
        app.data(&clerk, "{ campaigns { channels { id } } }", json!({})).await["campaigns"][0]["channels"][0]
            ["id"]
            .clone();
    let (app, way) = counted(app, Bent::default(), 2).await;
    let token = Some(&*clerk.token);
    let one = format!("{{ node(id: \"{node}\") {{ ... on Submission {{ title content stage category {{ name }} channel {{ name }}
        department {{ name }} records(last: 3) {{ action at }} }} }} }}");
    let queue = "{ submissions(first: 20) { nodes { id number title stage department { name } records(last: 3) { action at } } } }";
    let page = "{ submissions(first: 50, filter: { stages: [RECEIVED] }) { totalCount nodes { id title } } }";
    let mut writes = 0;
    for (name, token, query, most, after) in [
        ("nobody's name", None, "{ __typename }", 0, 0),
        ("no document", token, "{ nonsense }", 1, READ),
        ("a name", token, "{ __typename }", 1, 0),
        (
            "the language",
            token,
            "{ __schema { queryType { name } } __type(name: \"Viewer\") { name } }",
            1,
            0,
        ),
        ("viewer", token, "{ viewer { id name post { duty } department { code } operations } }", 1, READ),
        ("posts", token, "{ viewer { posts { id } } }", 3, READ),
        ("one", token, &one, 3, READ),
        ("queue", token, queue, 3, READ),
        ("page and total", token, page, 3, READ),
        ("record", token, RECORD, 8, 0),
    ] {
        let mut variables = || {
            writes += 1;
            let key = format!("on-the-wire-{writes:04}");
            json!({ "input": { "idempotencyKey": key, "channelId": channel, "title": "路灯不亮", "content": "桥头的路灯不亮", "name": "测试甲" } })
        };
        // The first time prepares statements, which is a message of its own.
        for _ in 0..3 {
            app.graphql(token, query, variables()).await;
        }
        // What ends a read follows its answer.
        tokio::time::sleep(Duration::from_millis(100)).await;
        way.asked();
        let (_, answer): (_, Value) = app.graphql(token, query, variables()).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let asked = way.asked();
        assert!(asked <= most + after, "{name}: {asked} messages, at most {most} and those after: {answer}");
    }
}

/// A request that waited for a second connection while it held one would, among others of its kind, wait for ever.
#[tokio::test]
async fn one_connection_is_enough_for_whatever_a_request_does() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let village = app.persona(HUOQIU, "COMMITTEE_V0101", Position::Officer).await;
    let channel =
        app.data(&clerk, "{ campaigns { channels { id } } }", json!({})).await["campaigns"][0]["channels"][0]
            ["id"]
            .clone();
    let (app, _way) = counted(app, Bent::default(), 1).await;
    let recorded = |key: &str| json!({ "input": { "idempotencyKey": key, "channelId": channel, "title": "路灯不亮", "content": "桥头的路灯不亮", "name": "测试甲" } });
    let change =
        "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) { userErrors { code } } }";
    let passwords =
        json!({ "input": { "currentPassword": "not-this-one", "newPassword": "an-other-of-these-2022" } });
    let find = "mutation($input: SubmissionClassifyInput!) { submissionClassify(input: $input) { submission { records(last: 3) { action } } userErrors { code } } }";
    let nowhere =
        json!({ "input": { "submissionId": channel, "categoryId": channel, "expectedVersion": 1 } });
    for (who, query, variables, field) in [
        (&clerk, RECORD, recorded("one-connection-1"), "submissionRecord"),
        (&clerk, RECORD, recorded("one-connection-1"), "submissionRecord"),
        (&village, RECORD, recorded("one-connection-2"), "submissionRecord"),
        (&clerk, change, passwords, "passwordChange"),
        (&clerk, find, nowhere, "submissionClassify"),
        (
            &clerk,
            "{ viewer { id } submissions { nodes { records(last: 1) { action } } } }",
            json!({}),
            "viewer",
        ),
    ] {
        let (_, answer): (_, Value) = app.graphql(Some(&*who.token), query, variables).await;
        assert!(answer["data"][field].is_object() && answer.get("errors").is_none(), "{field}: {answer}");
    }
}

/// Changes the name under which the session's question is prepared, so that it is never found under its own, as through a
/// pooler that hands out another connection for each transaction.
fn forgetting(bytes: &mut [u8]) {
    const PREPARED: &[u8] = b"PREPARE minsheng_login";
    if let Some(place) = bytes.windows(PREPARED.len()).position(|part| part == PREPARED) {
        bytes[place..place + PREPARED.len()].copy_from_slice(b"PREPARE minsheng_other");
    }
}

/// Shortens what an operator's statement may take from ten minutes to a fifth of a second.
fn hurrying(bytes: &mut [u8]) {
    const USUAL: &[u8] = b"statement_timeout = '10min'";
    if let Some(place) = bytes.windows(USUAL.len()).position(|part| part == USUAL) {
        bytes[place..place + USUAL.len()].copy_from_slice(b"statement_timeout = '200ms'");
    }
}

#[tokio::test]
async fn a_recount_takes_longer_than_any_other_write_may() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    fill(&app).await;
    let (app, _way) = counted(app, Bent { change: hurrying, ..Bent::default() }, 2).await;
    let TestDatabase::Postgres(name) = &app.database else {
        panic!("this test is of PostgreSQL");
    };
    let url = postgres::superuser_url(name);
    run(&url, "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END'")
        .await;
    run(&url, "CREATE TRIGGER slow BEFORE INSERT ON tally FOR EACH STATEMENT EXECUTE FUNCTION slow()").await;
    let county = County::parse(HUOQIU).unwrap();
    let folded = rollups::fold(&app.app, &county).await;
    assert!(folded.is_err(), "a fold has its time: {folded:?}");
    rollups::rebuild(&app.app, &county).await.unwrap();
}

#[tokio::test]
async fn a_pooler_that_forgets_what_was_prepared_lets_people_in() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let (app, way) = counted(app, Bent { change: forgetting, ..Bent::default() }, 2).await;
    for _ in 0..3 {
        let data = app.data(&clerk, "{ viewer { department { code } } }", json!({})).await;
        assert_eq!(data["viewer"]["department"]["code"], "T_CHENGGUAN");
    }
    assert!(way.asked() > 0);
    let refused = app.graphql(Some("nonsense"), "{ viewer { id } }", json!({})).await;
    assert_eq!(crate::support::code(&refused.1), "UNAUTHENTICATED");
}
