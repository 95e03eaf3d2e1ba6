//! Nobody's words are overwritten: a correction stands beside them, and an erasure reaches all of them.

use entity::enums::{Position, SubmissionKind};
use entity::former_text;
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::db::Predicate;
use serde_json::{Value, json};

use crate::decision::{done, refused};
use crate::support::personas::{HUOQIU, Persona};
use crate::support::truth::Raw;
use crate::support::{TestApp, on_both_databases};

const SUBMIT: &str = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) {
    receipt { code } userErrors { code field } } }";
const CASE: &str =
    "query ($id: ID!) { node(id: $id) { ... on Submission { version title content kind isCorrected
    formerTexts { version title content kind replacedBy replacedAt } } } }";

async fn case(app: &TestApp, who: &Persona, id: &Value) -> Value {
    app.data(who, CASE, json!({ "id": id })).await["node"].clone()
}

/// A complaint that a citizen sends without an account: its receipt code, and its id as the leaders see it.
async fn complaint(app: &TestApp, leader: &Persona) -> (Value, Value) {
    let input = json!({ "idempotencyKey": "former-complaint", "to": { "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" },
        "villageCode": "V0301", "kind": "COMPLAINT", "title": "镇里修路占了村民甲的地", "name": "村民甲", "phone": "19900000123",
        "content": "村民甲家的地被占，至今没有补偿，电话19900000123。" });
    let (_, answer) = app.graphql(None, SUBMIT, json!({ "input": input })).await;
    let made = &answer["data"]["submissionSubmit"];
    assert_eq!(made["userErrors"], json!([]), "{answer}");
    let rows = app.data(leader, "{ submissions { nodes { id department { code } } } }", json!({})).await;
    let row = &rows["submissions"]["nodes"][0];
    assert_eq!(row["department"]["code"], "T_ZHOUJI");
    (made["receipt"]["code"].clone(), row["id"].clone())
}

async fn receipt(app: &TestApp, code: &Value) -> Value {
    let query = "query ($code: String!) { receipt(code: $code) { title isCorrected stage } }";
    app.graphql(None, query, json!({ "code": code })).await.1["data"]["receipt"].clone()
}

on_both_databases! {
    async fn a_complaint_that_is_made_praise_is_read_as_it_was_written_and_not_withdrawn(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let clerk = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let (code, id) = complaint(&app, &leader).await;
        assert_eq!((&case(&app, &leader, &id).await["isCorrected"], &case(&app, &leader, &id).await["formerTexts"]), (&json!(false), &json!([])));

        let forged = json!({ "submissionId": id, "expectedVersion": 1, "kind": "PRAISE", "title": "感谢镇里修路", "content": "路修得又快又好。" });
        done(&app, &clerk, "submissionEdit", "submission { id }", forged).await;
        let withdraw = json!({ "submissionId": id, "expectedVersion": 2, "reason": "重复登记" });
        assert_eq!(refused(&app, &clerk, "submissionWithdraw", withdraw).await, "NOT_ENTITLED");

        let seen = case(&app, &leader, &id).await;
        assert_eq!((&seen["version"], &seen["kind"], &seen["isCorrected"]), (&json!(2), &json!("PRAISE"), &json!(true)));
        let former = &seen["formerTexts"][0];
        assert_eq!((&former["version"], &former["kind"]), (&json!(1), &json!("COMPLAINT")));
        // Masked for the leaders as the words themselves are, although the forged ones name nobody.
        assert_eq!(former["title"], "镇里修路占了村**的地");
        assert!(former["content"].as_str().unwrap().starts_with("村**家的地被占，至今没有补偿"), "{former}");
        assert!(!seen.to_string().contains("19900000123") && !seen.to_string().contains("村民甲"), "{seen}");
        assert!(former["replacedBy"].as_str().unwrap().contains("周集镇"), "{former}");

        let own = case(&app, &clerk, &id).await;
        assert_eq!(own["formerTexts"][0]["content"], "村民甲家的地被占，至今没有补偿，电话19900000123。");
        let told = receipt(&app, &code).await;
        assert_eq!(told, json!({ "title": "镇里修路占了村**的地", "isCorrected": true, "stage": "RECEIVED" }));

        let other = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        assert_eq!(case(&app, &other, &id).await, Value::Null);
    }

    async fn every_version_is_kept_and_what_says_nothing_new_is_none(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let input = json!({ "idempotencyKey": "former-versions", "channelId": app.channel_id(&clerk, "HOUSEHOLD_VISIT").await,
            "title": "一", "content": "村口路灯不亮" });
        let made = done(&app, &clerk, "submissionRecord", "submission { id } receiptCode", input).await;
        let id = &made["submission"]["id"];
        for (version, fields) in [json!({ "title": "二" }), json!({ "urgency": "URGENT" }), json!({ "content": "村口三盏路灯不亮" }), json!({ "kind": "REQUEST" })].into_iter().enumerate() {
            let mut edit = json!({ "submissionId": id, "expectedVersion": version + 1 });
            edit.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            done(&app, &clerk, "submissionEdit", "submission { id }", edit).await;
        }
        let seen = case(&app, &clerk, id).await;
        let former = seen["formerTexts"].as_array().unwrap().iter();
        let former: Vec<Value> = former.map(|row| json!([row["version"], row["title"], row["content"], row["kind"]])).collect();
        assert_eq!(former, [
            json!([1, "一", "村口路灯不亮", "SUGGESTION"]), json!([3, "二", "村口路灯不亮", "SUGGESTION"]), json!([4, "二", "村口三盏路灯不亮", "SUGGESTION"]),
        ]);
        // Of what a department wrote down for somebody the receipt shows it as it was put right, and says that it was.
        let told = receipt(&app, &made["receiptCode"]).await;
        assert_eq!(told, json!({ "title": "二", "isCorrected": true, "stage": "RECEIVED" }));
        let withdraw = json!({ "submissionId": id, "expectedVersion": 5, "reason": "重复登记" });
        done(&app, &clerk, "submissionWithdraw", "submission { id }", withdraw).await;
        assert_eq!(case(&app, &clerk, id).await["formerTexts"].as_array().unwrap().len(), 3);
    }

    async fn nobody_rewrites_what_stood_there_and_an_erasure_reaches_it(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let clerk = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let (code, id) = complaint(&app, &leader).await;
        let edit = json!({ "submissionId": id, "expectedVersion": 1, "title": "修路占地", "content": "要求补偿。" });
        done(&app, &clerk, "submissionEdit", "submission { id }", edit).await;
        let rewritten = async |changes: Vec<(former_text::Column, sea_orm::Value)>| {
            let viewer = viewer_of_bearer(&app.app, &clerk.token, app.app.clock.now()).await.unwrap();
            let tx = app.app.db.begin_write(&viewer).await.unwrap();
            tx.update::<former_text::Entity>(Predicate::everything(), changes).await
        };
        let title = || vec![(former_text::Column::Title, "x".into())];
        assert_eq!(rewritten(title()).await.unwrap(), 0, "its person was not erased");
        assert!(rewritten(vec![(former_text::Column::Kind, SubmissionKind::Praise.into())]).await.is_err());

        let erase = json!({ "submissionId": id, "expectedVersion": 2, "reason": "本人要求" });
        done(&app, &clerk, "personErase", "submission { id }", erase).await;
        assert_eq!(rewritten(title()).await.unwrap(), 1, "an erasure reaches it");
        assert!(rewritten(vec![(former_text::Column::Kind, SubmissionKind::Praise.into())]).await.is_err());
        let raw = Raw::open(&app.database.unscoped_url()).await;
        let rows = serde_json::to_string(&raw.rows("former_text").await).unwrap();
        assert!(rows.contains("至今没有补偿"), "the case stays: {rows}");
        assert!(!rows.contains("村民甲") && !rows.contains("19900000123"), "{rows}");
        raw.close().await;
        for who in [&clerk, &leader] {
            let seen = case(&app, who, &id).await;
            assert!(seen["isCorrected"] == true && !seen.to_string().contains("村民甲"), "{seen}");
        }
        assert_eq!(receipt(&app, &code).await["title"], "镇里修路占了村**的地");
    }
}
