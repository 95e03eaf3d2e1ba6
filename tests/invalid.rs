//! What is no suggestion is not accepted: its collector proposes, the office rules, and its citizen is told why.

use entity::enums::Position;
use serde_json::{Value, json};

use crate::decision::{call, campaign, department, done, entered, refused};
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, code, on_both_databases};

const SUBMIT: &str = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) {
    receipt { code } userErrors { code field } } }";
const CASE: &str = "query ($id: ID!) { node(id: $id) { ... on Submission { version stage disposition waitsFor waitsForWhom
    invalidations { reason note status ruling } permissions { canEdit canProposeInvalid canRuleInvalid canRejectInvalid canReopen } } } }";

async fn case(app: &TestApp, who: &Persona, id: &Value) -> Value {
    app.data(who, CASE, json!({ "id": id })).await["node"].clone()
}

fn propose(id: &Value, version: i32, reason: &str) -> Value {
    json!({ "submissionId": id, "expectedVersion": version, "reason": reason, "note": "同一内容多次提交，电话19900000123" })
}

fn rule(id: &Value, version: i32, agreed: bool, note: &str) -> Value {
    json!({ "submissionId": id, "expectedVersion": version, "isAgreed": agreed, "note": note })
}

fn reopen(id: &Value, version: i32, reason: &str) -> Value {
    json!({ "submissionId": id, "expectedVersion": version, "reason": reason })
}

/// The proposals that somebody's agenda lists.
async fn to_rule(app: &TestApp, who: &Persona) -> Vec<Value> {
    let query = "{ viewer { agenda { items { kind action object { kind } title } } } }";
    let data = app.data(who, query, json!({})).await;
    let items = data["viewer"]["agenda"]["items"].as_array().unwrap().clone();
    items.into_iter().filter(|item| item["kind"] == "INVALID_TO_RULE").collect()
}

async fn receipt(app: &TestApp, code: &Value) -> Value {
    let query = "query ($code: String!) { receipt(code: $code) { stage disposition outcome } }";
    app.graphql(None, query, json!({ "code": code })).await.1["data"]["receipt"].clone()
}

/// A step is refused with a code and changes nothing.
async fn stays(app: &TestApp, who: &Persona, (field, input): (&str, Value), wanted: &str) {
    let id = input["submissionId"].clone();
    let before = case(app, who, &id).await;
    assert_eq!(refused(app, who, field, input.clone()).await, wanted, "{field} {input}");
    assert_eq!(case(app, who, &id).await, before, "{field}");
}

on_both_databases! {
    async fn a_proposal_is_ruled_by_the_office_told_to_the_citizen_and_may_be_taken_up_again(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let town = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let input = json!({ "idempotencyKey": "invalid-first", "to": { "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" },
            "villageCode": "V0301", "title": "邻县的路坏了", "content": "邻县的路坏了两个月。" });
        let (_, answer) = app.graphql(None, SUBMIT, json!({ "input": input })).await;
        let receipt_code = answer["data"]["submissionSubmit"]["receipt"]["code"].clone();
        let rows = app.data(&town, "{ submissions { nodes { id } } }", json!({})).await;
        let id = rows["submissions"]["nodes"][0]["id"].clone();

        // Nothing waits yet.
        stays(&app, &office, ("submissionInvalidRule", rule(&id, 1, true, "")), "WRONG_STAGE").await;
        stays(&app, &office, ("submissionReopen", reopen(&id, 1, "误判")), "WRONG_STAGE").await;
        stays(&app, &town, ("submissionInvalidPropose", propose(&id, 7, "SPAM")), "STALE_VERSION").await;

        done(&app, &town, "submissionInvalidPropose", "submission { id }", propose(&id, 1, "SPAM")).await;
        let seen = case(&app, &office, &id).await;
        assert_eq!((&seen["stage"], &seen["disposition"], &seen["version"]), (&json!("RECEIVED"), &json!("OPEN"), &json!(2)));
        assert_eq!((&seen["waitsFor"], &seen["waitsForWhom"]), (&json!("RULING"), &json!("CAMPAIGN_OFFICE")));
        assert_eq!((&seen["invalidations"][0]["reason"], &seen["invalidations"][0]["status"]), (&json!("SPAM"), &json!("PROPOSED")));
        assert!(!seen.to_string().contains("19900000123"), "kept for good without numbers: {seen}");
        assert_eq!(seen["permissions"], json!({ "canEdit": false, "canProposeInvalid": false, "canRuleInvalid": true, "canRejectInvalid": true, "canReopen": false }));
        let owed = to_rule(&app, &office).await;
        assert_eq!((owed.len(), &owed[0]["action"], &owed[0]["object"]["kind"]), (1, &json!("submissionInvalidRule"), &json!("Submission")));
        assert!(to_rule(&app, &town).await.is_empty() && to_rule(&app, &leader).await.is_empty());
        // Until the ruling it stays as the office reads it.
        stays(&app, &town, ("submissionInvalidPropose", propose(&id, 2, "ABUSE")), "WRONG_STAGE").await;
        stays(&app, &town, ("submissionEdit", json!({ "submissionId": id, "expectedVersion": 2, "title": "别的" })), "WRONG_STAGE").await;
        assert_eq!(receipt(&app, &receipt_code).await["disposition"], "OPEN");

        // Not agreed, with a note: it goes on.
        stays(&app, &office, ("submissionInvalidRule", rule(&id, 2, false, "")), "INVALID").await;
        done(&app, &office, "submissionInvalidRule", "submission { id }", rule(&id, 2, false, "不是广告，请归类")).await;
        let seen = case(&app, &town, &id).await;
        assert_eq!((&seen["stage"], &seen["waitsFor"], &seen["permissions"]["canEdit"]), (&json!("RECEIVED"), &json!("CLASSIFICATION"), &json!(true)));
        assert_eq!(seen["invalidations"][0]["ruling"], "不是广告，请归类");
        assert!(to_rule(&app, &office).await.is_empty());

        // Proposed for another reason, and agreed.
        done(&app, &town, "submissionInvalidPropose", "submission { id }", propose(&id, 3, "OTHER_COUNTY")).await;
        done(&app, &office, "submissionInvalidRule", "submission { id }", rule(&id, 4, true, "")).await;
        let seen = case(&app, &town, &id).await;
        assert_eq!((&seen["stage"], &seen["disposition"], &seen["waitsFor"]), (&json!("INVALID"), &json!("INVALID"), &json!("NOTHING")));
        let told = receipt(&app, &receipt_code).await;
        assert_eq!((&told["stage"], &told["disposition"]), (&json!("INVALID"), &json!("INVALID")));
        assert!(told["outcome"].as_str().unwrap().contains("不属于本县（区）管辖"), "{told}");
        let counts = "query ($id: ID!) { dispositionCounts(campaignId: $id) { disposition count } }";
        let counts = app.data(&office, counts, json!({ "id": campaign(&app, &office).await })).await;
        assert_eq!(counts["dispositionCounts"], json!([{ "disposition": "INVALID", "count": 1 }]));
        stays(&app, &office, ("submissionInvalidRule", rule(&id, 5, false, "再看一看")), "WRONG_STAGE").await;

        // Taken up again by the office, with a reason.
        assert_eq!(case(&app, &office, &id).await["permissions"]["canReopen"], true);
        stays(&app, &office, ("submissionReopen", reopen(&id, 5, " ")), "INVALID").await;
        done(&app, &office, "submissionReopen", "submission { id }", reopen(&id, 5, "该路由本县养护")).await;
        let seen = case(&app, &town, &id).await;
        assert_eq!((&seen["stage"], &seen["waitsFor"]), (&json!("RECEIVED"), &json!("CLASSIFICATION")));
        let of = |place: usize| seen["invalidations"][place]["status"].clone();
        assert_eq!((of(0), of(1)), (json!("REJECTED"), json!("REOPENED")));
        assert_eq!(receipt(&app, &receipt_code).await["disposition"], "OPEN");
        let query = "query ($id: ID!) { node(id: $id) { ... on Submission { records { action note } } } }";
        let records = app.data(&town, query, json!({ "id": id })).await["node"]["records"].clone();
        let actions: Vec<&str> = records.as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["REOPENED", "INVALID_ACCEPTED", "INVALID_PROPOSED", "INVALID_REJECTED", "INVALID_PROPOSED", "RECORDED"]);
        assert!(records[2]["note"].as_str().unwrap().starts_with("不属本县区管辖；"), "{records}");
        let trail: Vec<String> = app.trail(HUOQIU).await.iter().map(|line| line.action.as_str().to_owned()).collect();
        for action in ["SUBMISSION_INVALID_PROPOSE", "SUBMISSION_INVALID_RULE", "SUBMISSION_REOPEN"] {
            assert!(trail.iter().any(|line| line == action), "{action}");
        }
        app.assert_tally_is_right(HUOQIU).await;
        app.assert_numbers_have_no_gaps(HUOQIU).await;
    }

    async fn what_is_not_accepted_becomes_part_of_nothing_and_what_is_part_of_something_is_not_ruled_out(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let (id, kept) = (entered(&app, &town, "spam").await, entered(&app, &town, "kept").await);
        let owner = department(&app, &town).await;
        let campaign = campaign(&app, &office).await;
        let project = |key: &str, source: &Value| json!({ "idempotencyKey": format!("project-{key}"), "campaignId": campaign, "title": "路灯改造",
            "content": "三百盏", "departmentId": owner, "submissionIds": [source] });

        // Something was made of it between the proposal and the ruling: the office can only let it go on.
        done(&app, &town, "submissionInvalidPropose", "submission { id }", propose(&kept, 1, "NO_SUGGESTION")).await;
        done(&app, &office, "projectCreate", "project { id }", project("kept", &kept)).await;
        stays(&app, &office, ("submissionInvalidRule", rule(&kept, 2, true, "")), "WRONG_STAGE").await;
        let seen = case(&app, &office, &kept).await["permissions"].clone();
        assert_eq!((&seen["canRuleInvalid"], &seen["canRejectInvalid"]), (&json!(false), &json!(true)));
        done(&app, &office, "submissionInvalidRule", "submission { id }", rule(&kept, 2, false, "已列入项目")).await;

        done(&app, &town, "submissionInvalidPropose", "submission { id }", propose(&id, 1, "ABUSE")).await;
        done(&app, &office, "submissionInvalidRule", "submission { id }", rule(&id, 2, true, "同意")).await;
        assert_eq!(refused(&app, &office, "projectCreate", project("invalid", &id)).await, "WRONG_STAGE");
        let explanation = json!({ "idempotencyKey": "explain-invalid", "campaignId": campaign, "channel": "REPLY", "text": "财力所限。", "submissionIds": [id] });
        assert_eq!(refused(&app, &town, "explanationRecord", explanation).await, "WRONG_STAGE");
        let merge = json!({ "idempotencyKey": "merge-invalid", "targetId": kept, "expectedVersion": 3, "duplicateIds": [id], "reason": "内容相同" });
        assert_eq!(refused(&app, &office, "submissionMerge", merge).await, "WRONG_STAGE");
        stays(&app, &town, ("submissionWithdraw", json!({ "submissionId": id, "expectedVersion": 3, "reason": "重复登记" })), "WRONG_STAGE").await;
        app.assert_tally_is_right(SHUANGLUAN).await;
    }

    async fn nobody_else_proposes_rules_or_sees_it(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let other = app.persona(SHUANGLUAN, "LH_TOWN", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let abroad = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let leader = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        let id = entered(&app, &town, "spam").await;
        assert_eq!(refused(&app, &other, "submissionInvalidPropose", propose(&id, 1, "SPAM")).await, "NOT_FOUND");
        done(&app, &town, "submissionInvalidPropose", "submission { id }", propose(&id, 1, "SPAM")).await;
        assert_eq!(case(&app, &other, &id).await, Value::Null);
        assert_eq!(refused(&app, &abroad, "submissionInvalidRule", rule(&id, 2, true, "")).await, "NOT_FOUND");
        assert_eq!(refused(&app, &abroad, "submissionReopen", reopen(&id, 2, "误判")).await, "NOT_FOUND");
        assert!(to_rule(&app, &abroad).await.is_empty());
        for (who, field, kind, input) in [
            (&town, "submissionInvalidRule", "SubmissionInvalidRuleInput", rule(&id, 2, true, "")),
            (&town, "submissionReopen", "SubmissionReopenInput", reopen(&id, 2, "误判")),
            (&leader, "submissionInvalidRule", "SubmissionInvalidRuleInput", rule(&id, 2, true, "")),
            (&office, "submissionInvalidPropose", "SubmissionInvalidProposeInput", propose(&id, 2, "SPAM")),
        ] {
            let query = format!("mutation ($input: {kind}!) {{ {field}(input: $input) {{ userErrors {{ code }} }} }}");
            let (_, answer) = app.graphql(Some(&who.token), &query, json!({ "input": input })).await;
            assert_eq!(code(&answer), "FORBIDDEN", "{field} by {}", who.department);
        }
        let long = rule(&id, 2, true, &"长".repeat(501));
        assert_eq!(call(&app, &office, "submissionInvalidRule", "__typename", long).await["userErrors"][0]["field"], json!(["input", "note"]));
        assert_eq!(case(&app, &town, &id).await["invalidations"].as_array().unwrap().len(), 1);
    }
}
