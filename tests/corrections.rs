//! What a clerk typed wrong is put right: each field, with what the record says of it, and nothing where nothing differs.

use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, Persona};
use crate::support::{TestApp, on_both_databases};

const RECORD: &str = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) { submission { id } userErrors { code field } } }";
const EDIT: &str = "mutation ($input: SubmissionEditInput!) { submissionEdit(input: $input) {
    submission { version number receiptNumber channel { code } village { code } receivedAt isConfidential isOnBehalf isAnonymous
        person { name phone } records(last: 1) { action note } } userErrors { code field } } }";
const CASE: &str = "query ($id: ID!) { node(id: $id) { ... on Submission { version number receiptNumber records { action } } } }";

async fn entered(app: &TestApp, clerk: &Persona) -> Value {
    let input = json!({ "idempotencyKey": "correct-0001", "channelId": app.channel_id(clerk, "HOUSEHOLD_VISIT").await,
        "title": "路灯不亮", "content": "村口的路灯不亮", "name": "居民甲", "phone": "19900000001", "receivedAt": "2022-03-10T09:00:00+08:00" });
    app.data(clerk, RECORD, json!({ "input": input })).await["submissionRecord"]["submission"]["id"].clone()
}

async fn edit(app: &TestApp, who: &Persona, id: &Value, version: i32, fields: Value) -> Value {
    let mut input = json!({ "submissionId": id, "expectedVersion": version });
    input.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    app.data(who, EDIT, json!({ "input": input })).await["submissionEdit"].clone()
}

async fn village(app: &TestApp, clerk: &Persona, code: &str) -> Value {
    let query = "{ campaigns { villages(first: 100) { nodes { id code } } } }";
    let data = app.data(clerk, query, json!({})).await;
    let villages = data["campaigns"][0]["villages"]["nodes"].as_array().unwrap().clone();
    villages.iter().find(|village| village["code"] == code).unwrap()["id"].clone()
}

/// How many a filter finds, and that the figures agree.
async fn total(app: &TestApp, who: &Persona, filter: Value) -> i64 {
    let query = "query ($filter: SubmissionFilter) { submissions(filter: $filter) { totalCount } overview(filter: $filter) { total { received } } }";
    let data = app.data(who, query, json!({ "filter": filter })).await;
    assert_eq!(data["submissions"]["totalCount"], data["overview"]["total"]["received"], "{filter}");
    data["submissions"]["totalCount"].as_i64().unwrap()
}

async fn found_by(app: &TestApp, clerk: &Persona, phone: &str) -> usize {
    let find = "mutation ($input: PersonFindInput!) { personFind(input: $input) { submissions { id } userErrors { code } } }";
    let input = json!({ "by": { "phone": phone }, "reason": "来电询问" });
    let data = app.data(clerk, find, json!({ "input": input })).await;
    data["personFind"]["submissions"].as_array().unwrap().len()
}

on_both_databases! {
    async fn places_times_and_persons_are_corrected_and_lists_figures_and_search_follow(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let id = entered(&app, &clerk).await;
        let before = app.data(&clerk, CASE, json!({ "id": id })).await["node"].clone();
        let visit = app.channel_id(&clerk, "HOUSEHOLD_VISIT").await;
        let hotline = app.channel_id(&clerk, "HOTLINE_12345").await;
        let place = village(&app, &clerk, "V0101").await;
        let done = edit(&app, &clerk, &id, 1, json!({ "channelId": hotline, "villageId": place,
            "receivedAt": "2022-03-09T08:30:00+08:00", "isConfidential": true, "isOnBehalf": true, "phone": "19900000002", "address": "一组" })).await;
        assert_eq!(done["userErrors"], json!([]), "{done}");
        let row = &done["submission"];
        assert_eq!((&row["number"], &row["receiptNumber"]), (&before["number"], &before["receiptNumber"]));
        assert_eq!((&row["version"], &row["channel"]["code"], &row["village"]["code"]), (&json!(2), &json!("HOTLINE_12345"), &json!("V0101")));
        assert_eq!((&row["receivedAt"], &row["isConfidential"], &row["isAnonymous"]), (&json!("2022-03-09T08:30:00+08:00"), &json!(true), &json!(false)));
        assert_eq!(row["isOnBehalf"], true);
        let note = row["records"][0]["note"].as_str().unwrap();
        for told in ["电话已更正", "住址已更正", "保密：否→是", "代录：否→是", "收到时间：2022-03-10 09:00:00→2022-03-09 08:30:00", "渠道：", "村社区：无→"] {
            assert!(note.contains(told), "{told}: {note}");
        }
        assert!(!note.contains("0002") && !note.contains("姓名") && !note.contains("标题"), "{note}");
        for (filter, count) in [
            (json!({ "channelIds": [visit] }), 0),
            (json!({ "channelIds": [hotline], "villageIds": [place] }), 1),
            (json!({ "receivedFrom": "2022-03-10" }), 0),
            (json!({ "receivedFrom": "2022-03-09", "receivedTo": "2022-03-09" }), 1),
            (json!({ "text": "路灯" }), 1),
        ] {
            assert_eq!(total(&app, &clerk, filter.clone()).await, count, "{filter}");
        }
        let open = edit(&app, &clerk, &id, 2, json!({ "isConfidential": false })).await;
        assert_eq!(open["submission"]["person"], json!({ "name": "居**", "phone": "****0002" }));
        assert_eq!(open["submission"]["isOnBehalf"], true, "what is not named stays");
        assert_eq!((found_by(&app, &clerk, "19900000001").await, found_by(&app, &clerk, "19900000002").await), (0, 1));
    }

    async fn a_correction_that_changes_nothing_is_none(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let id = entered(&app, &clerk).await;
        let before = app.data(&clerk, CASE, json!({ "id": id })).await;
        for fields in [json!({}), json!({ "title": " 路灯不亮 ", "name": "居民甲", "phone": "19900000001", "isConfidential": false, "isOnBehalf": false })] {
            let done = edit(&app, &clerk, &id, 1, fields).await;
            assert_eq!((&done["userErrors"], &done["submission"]["version"]), (&json!([]), &json!(1)));
        }
        assert_eq!(app.data(&clerk, CASE, json!({ "id": id })).await, before);
    }

    async fn a_bad_correction_names_the_field_and_changes_nothing(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let id = entered(&app, &clerk).await;
        let before = app.data(&clerk, CASE, json!({ "id": id })).await;
        for (fields, code, field) in [
            (json!({ "phone": "12" }), "INVALID", "phone"),
            (json!({ "channelId": id }), "NOT_FOUND", "channelId"),
            (json!({ "villageId": "x" }), "NOT_FOUND", "villageId"),
            (json!({ "receivedAt": "2022-02-01T00:00:00Z" }), "CAMPAIGN_CLOSED", "receivedAt"),
            (json!({ "receivedAt": "2031-02-01T00:00:00Z" }), "INVALID", "receivedAt"),
        ] {
            let refused = edit(&app, &clerk, &id, 1, fields.clone()).await;
            assert_eq!(refused["userErrors"], json!([{ "code": code, "field": ["input", field] }]), "{fields}");
        }
        let stale = edit(&app, &clerk, &id, 7, json!({ "phone": "19900000002" })).await;
        assert_eq!(stale["userErrors"][0]["code"], "STALE_VERSION");
        let neighbour = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let foreign = edit(&app, &neighbour, &id, 1, json!({ "phone": "19900000002" })).await;
        assert_eq!(foreign["userErrors"][0]["code"], "NOT_FOUND");
        assert_eq!(app.data(&clerk, CASE, json!({ "id": id })).await, before);
        assert_eq!(found_by(&app, &clerk, "19900000002").await, 0);
    }

    async fn a_channel_that_has_the_reference_already_does_not_take_a_second(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let (visit, hotline) = (app.channel_id(&clerk, "HOUSEHOLD_VISIT").await, app.channel_id(&clerk, "HOTLINE_12345").await);
        let mut ids = Vec::new();
        for (turn, channel) in [&visit, &hotline].into_iter().enumerate() {
            let input = json!({ "idempotencyKey": format!("same-ref-{turn}"), "channelId": channel, "title": "路灯不亮",
                "content": "村口的路灯不亮", "externalRef": "R-1" });
            let made = app.data(&clerk, RECORD, json!({ "input": input })).await["submissionRecord"].clone();
            assert_eq!(made["userErrors"], json!([]));
            ids.push(made["submission"]["id"].clone());
        }
        let before = app.data(&clerk, CASE, json!({ "id": ids[0] })).await;
        let refused = edit(&app, &clerk, &ids[0], 1, json!({ "channelId": hotline })).await;
        assert_eq!(refused["userErrors"], json!([{ "code": "DUPLICATE", "field": ["input", "channelId"] }]));
        assert_eq!(app.data(&clerk, CASE, json!({ "id": ids[0] })).await, before);
    }

    async fn somebody_is_named_later_taken_back_and_never_again_after_an_erasure(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let id = entered(&app, &clerk).await;
        let nobody = edit(&app, &clerk, &id, 1, json!({ "name": null, "phone": null })).await;
        assert_eq!((&nobody["submission"]["isAnonymous"], found_by(&app, &clerk, "19900000001").await), (&json!(true), 0), "{nobody}");
        let named = edit(&app, &clerk, &id, 2, json!({ "name": "居民乙", "phone": "19900000003" })).await;
        assert_eq!(named["submission"]["person"], json!({ "name": "居**", "phone": "****0003" }));
        let erase = "mutation ($input: PersonEraseInput!) { personErase(input: $input) { userErrors { code } } }";
        let input = json!({ "submissionId": id, "expectedVersion": 3, "reason": "本人要求" });
        let erased = app.data(&clerk, erase, json!({ "input": input })).await;
        assert_eq!(erased["personErase"]["userErrors"], json!([]));
        let again = edit(&app, &clerk, &id, 4, json!({ "name": "居民乙" })).await;
        assert_eq!(again["userErrors"], json!([{ "code": "WRONG_STAGE", "field": ["input", "name"] }]));
    }

    async fn a_place_that_is_not_there_is_told_together_with_what_is_wrong_with_the_words(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let input = json!({ "idempotencyKey": "together-1", "channelId": "x", "title": " ", "content": "路灯", "phone": "12" });
        let refused = app.data(&clerk, RECORD, json!({ "input": input })).await["submissionRecord"].clone();
        let expected = [("NOT_FOUND", "channelId"), ("INVALID", "title"), ("INVALID", "phone")];
        assert_eq!(refused["userErrors"], json!(expected.map(|(code, field)| json!({ "code": code, "field": ["input", field] }))));
        let submit = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { userErrors { code field } } }";
        let input = json!({ "idempotencyKey": "together-2", "to": { "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" },
            "title": "路灯", "content": " ", "villageCode": "NOWHERE" });
        let (_, refused) = app.graphql(None, submit, json!({ "input": input })).await;
        let expected = [("NOT_FOUND", "villageCode"), ("INVALID", "content")];
        assert_eq!(refused["data"]["submissionSubmit"]["userErrors"], json!(expected.map(|(code, field)| json!({ "code": code, "field": ["input", field] }))));
    }
}
