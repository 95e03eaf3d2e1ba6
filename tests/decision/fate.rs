//! One fate for each suggestion: what a department, the figures and the citizen are told agree, whoever decided what.

use entity::enums::Position;
use serde_json::{Value, json};

use super::projects::{create, decide};
use super::{call, campaign, done, entered, refused};
use crate::support::personas::{Persona, SHUANGLUAN};
use crate::support::{TestApp, on_both_databases};

/// What somebody is told of a suggestion.
async fn fate(app: &TestApp, who: &Persona, id: &Value) -> Value {
    let query = "query ($id: ID!) { node(id: $id) { ... on Submission { disposition waitsFor waitsForWhom isMerged isExplained
        owesExplanation outcome } } }";
    app.data(who, query, json!({ "id": id })).await["node"].clone()
}

/// The same in short: what became of it, what it waits for and whether an explanation is owed.
async fn told(app: &TestApp, who: &Persona, id: &Value) -> Value {
    let fate = fate(app, who, id).await;
    json!([fate["disposition"], fate["waitsFor"], fate["owesExplanation"]])
}

async fn counts(app: &TestApp, who: &Persona) -> Value {
    let query = "query ($id: ID!) { dispositionCounts(campaignId: $id) { disposition count } }";
    let data = app.data(who, query, json!({ "id": campaign(app, who).await })).await;
    data["dispositionCounts"].clone()
}

/// Explanations that somebody's agenda lists.
async fn due(app: &TestApp, who: &Persona) -> Value {
    let data = app.data(who, "{ viewer { agenda { items { kind count action } } } }", json!({})).await;
    let items = data["viewer"]["agenda"]["items"].as_array().unwrap().iter();
    items.filter(|item| item["kind"] == "EXPLANATION_DUE").cloned().collect()
}

async fn merge(app: &TestApp, office: &Persona, key: &str, target: &Value, duplicate: &Value) {
    let input = json!({ "idempotencyKey": format!("merge-{key}"), "targetId": target, "expectedVersion": 1, "duplicateIds": [duplicate], "reason": "内容相同" });
    done(app, office, "submissionMerge", "submission { id }", input).await;
}

async fn explanation(app: &TestApp, who: &Persona, key: &str, ids: &[&Value]) -> Value {
    json!({ "idempotencyKey": format!("explain-{key}"), "campaignId": campaign(app, who).await, "text": "因财力所限，明年再行研究。",
        "channel": "REPLY", "submissionIds": ids })
}

async fn explain(app: &TestApp, who: &Persona, key: &str, ids: &[&Value]) -> Value {
    let input = explanation(app, who, key, ids).await;
    done(app, who, "explanationRecord", "explanation { id version }", input).await["explanation"].clone()
}

fn deliver(explanation: &Value, version: i32) -> Value {
    json!({ "explanationId": explanation["id"], "expectedVersion": version, "deliveredOn": "2022-03-15", "proof": "当面告知" })
}

async fn adopt(app: &TestApp, office: &Persona, project: &Value) {
    decide(app, office, "GOVERNMENT_EXECUTIVE", "2022-03-12", project, "ADOPT").await;
    decide(app, office, "PARTY_STANDING", "2022-03-13", project, "ADOPT").await;
}

/// Status and figure of the clause that whoever proposed what was not adopted is told why (S28).
async fn clause(app: &TestApp, who: &Persona) -> Value {
    let query = "{ campaigns { conformance { code status dueOn figure { numerator denominator } } } }";
    let data = app.data(who, query, json!({})).await;
    let list = data["campaigns"][0]["conformance"].as_array().unwrap();
    let found = list.iter().find(|one| one["code"] == "S28").unwrap();
    assert_eq!(found["dueOn"], Value::Null, "the notice sets no day");
    json!([found["status"], found["figure"]["numerator"], found["figure"]["denominator"]])
}

/// A town, another one and the office.
async fn people(app: &TestApp) -> [Persona; 3] {
    [
        app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await,
        app.persona(SHUANGLUAN, "LH_TOWN", Position::Officer).await,
        app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await,
    ]
}

on_both_databases! {
    async fn a_merged_one_is_told_no_neither_before_nor_against_what_it_was_merged_into(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, other, office] = people(&app).await;
        let (target, merged) = (entered(&app, &one, "target").await, entered(&app, &other, "merged").await);
        // Written before it was merged: it can't be delivered any more, and may be taken back.
        let early = explain(&app, &other, "early", &[&merged]).await;
        merge(&app, &office, "one", &target, &merged).await;
        assert_eq!(told(&app, &other, &merged).await, json!(["OPEN", "MAIN_CASE", false]));
        assert_eq!(refused(&app, &other, "explanationDeliver", deliver(&early, 1)).await, "WRONG_STAGE");
        let back = json!({ "explanationId": early["id"], "expectedVersion": 1, "reason": "已并入他件" });
        done(&app, &other, "explanationWithdraw", "explanation { id }", back).await;
        let again = explanation(&app, &other, "again", &[&merged]).await;
        let payload = call(&app, &other, "explanationRecord", "__typename", again).await;
        assert_eq!(payload["userErrors"][0]["code"], "WRONG_STAGE");
        assert!(payload["userErrors"][0]["message"].as_str().unwrap().contains("主件尚无结论"), "{payload}");

        let project = create(&app, &office, &one, "yes", &[&target]).await["id"].clone();
        assert_eq!(told(&app, &one, &target).await, json!(["OPEN", "MEETING", false]));
        assert_eq!(told(&app, &other, &merged).await, json!(["OPEN", "MAIN_CASE", false]), "not how far the other is");
        adopt(&app, &office, &project).await;
        let late = explanation(&app, &other, "late", &[&merged]).await;
        let payload = call(&app, &other, "explanationRecord", "__typename", late).await;
        assert_eq!(payload["userErrors"][0]["code"], "WRONG_STAGE");
        assert!(payload["userErrors"][0]["message"].as_str().unwrap().contains("主件已列入项目"), "{payload}");
        for who in [&other, &office] {
            assert_eq!(told(&app, who, &merged).await, json!(["IN_PROJECT", "NOTHING", false]), "{}", who.department);
        }
        assert_eq!(counts(&app, &other).await, json!([{ "disposition": "IN_PROJECT", "count": 1 }]), "as the department sees it");
        assert_eq!(counts(&app, &office).await, json!([{ "disposition": "IN_PROJECT", "count": 2 }]));
    }

    async fn the_clause_of_explanations_counts_what_was_decided_against_and_nothing_that_is_undecided(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, _, office] = people(&app).await;
        entered(&app, &one, "untouched").await;
        let waiting = entered(&app, &one, "waiting").await;
        create(&app, &office, &one, "waiting", &[&waiting]).await;
        assert_eq!(clause(&app, &office).await, json!(["DUE", 0, 0]), "both may still be adopted");
        let (no, unlikely) = (entered(&app, &one, "no").await, entered(&app, &one, "unlikely").await);
        let project = create(&app, &office, &one, "no", &[&no]).await["id"].clone();
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-14", &project, "REJECT").await;
        assert_eq!(clause(&app, &office).await, json!(["DUE", 0, 1]), "a meeting turned it down");
        let written = explain(&app, &one, "unlikely", &[&unlikely]).await;
        assert_eq!(clause(&app, &office).await, json!(["DUE", 0, 2]), "its collector wrote why, and has not told it");
        done(&app, &one, "explanationDeliver", "explanation { id }", deliver(&written, 1)).await;
        assert_eq!(clause(&app, &office).await, json!(["DUE", 1, 2]));
        let last = explain(&app, &one, "no", &[&no]).await;
        done(&app, &one, "explanationDeliver", "explanation { id }", deliver(&last, 1)).await;
        assert_eq!(clause(&app, &office).await, json!(["MET", 2, 2]));
    }

    async fn a_department_sees_the_outcome_of_its_merged_one_and_nothing_of_whose_it_shares(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, other, office] = people(&app).await;
        let (target, merged) = (entered(&app, &one, "target").await, entered(&app, &other, "merged").await);
        merge(&app, &office, "one", &target, &merged).await;
        let project = create(&app, &office, &one, "yes", &[&target]).await["id"].clone();
        adopt(&app, &office, &project).await;
        let shared = json!({ "disposition": "IN_PROJECT", "waitsFor": "NOTHING", "waitsForWhom": "NOBODY", "isMerged": true,
            "isExplained": false, "owesExplanation": false, "outcome": "您的意见与同类意见合并办理。您的意见已被采纳，列入项目。" });
        assert_eq!(fate(&app, &other, &merged).await, shared);
        assert_eq!(fate(&app, &one, &target).await["outcome"], "您的意见已被采纳，列入项目“农村路灯改造”。");
        assert_eq!(fate(&app, &one, &merged).await, Value::Null, "another's is hidden");
        assert_eq!(app.data(&other, "{ projects { totalCount } }", json!({})).await["projects"]["totalCount"], 0);

        // Where it was not adopted, each collector explains it to its own people, the one of the merged one after the other.
        let (no, too) = (entered(&app, &one, "no").await, entered(&app, &other, "too").await);
        merge(&app, &office, "two", &no, &too).await;
        let turned_down = create(&app, &office, &one, "no", &[&no]).await["id"].clone();
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-14", &turned_down, "REJECT").await;
        assert_eq!(told(&app, &one, &no).await, json!(["OPEN", "EXPLANATION", true]));
        assert_eq!(told(&app, &other, &too).await, json!(["OPEN", "MAIN_CASE", false]));
        let first = explain(&app, &one, "first", &[&no]).await;
        assert_eq!(told(&app, &one, &no).await, json!(["OPEN", "DELIVERY", true]));
        done(&app, &one, "explanationDeliver", "explanation { id }", deliver(&first, 1)).await;
        assert_eq!(told(&app, &one, &no).await, json!(["DECLINED", "NOTHING", false]));
        assert_eq!(told(&app, &other, &too).await, json!(["OPEN", "EXPLANATION", true]));
        assert_eq!(due(&app, &other).await, json!([{ "kind": "EXPLANATION_DUE", "count": 1, "action": "explanationRecord" }]));
        let second = explain(&app, &other, "second", &[&too]).await;
        assert_eq!(due(&app, &other).await, json!([{ "kind": "EXPLANATION_DUE", "count": 1, "action": "explanationDeliver" }]));
        done(&app, &other, "explanationDeliver", "explanation { id }", deliver(&second, 1)).await;
        assert_eq!(told(&app, &other, &too).await, json!(["DECLINED", "NOTHING", false]));
        assert_eq!(fate(&app, &other, &too).await["isExplained"], true);
        assert_eq!(due(&app, &other).await, json!([]));
    }

    async fn what_was_merged_into_a_withdrawn_one_waits_for_the_office(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, other, office] = people(&app).await;
        let (target, merged) = (entered(&app, &one, "target").await, entered(&app, &other, "merged").await);
        merge(&app, &office, "one", &target, &merged).await;
        done(&app, &one, "submissionWithdraw", "submission { id }", json!({ "submissionId": target, "expectedVersion": 1, "reason": "重复登记" })).await;
        let fate = fate(&app, &other, &merged).await;
        assert_eq!((&fate["disposition"], &fate["waitsFor"], &fate["waitsForWhom"]), (&json!("OPEN"), &json!("UNMERGING"), &json!("CAMPAIGN_OFFICE")));
        let alone = explanation(&app, &other, "alone", &[&merged]).await;
        assert_eq!(refused(&app, &other, "explanationRecord", alone).await, "WRONG_STAGE");
        done(&app, &office, "submissionUnmerge", "submission { id }", json!({ "submissionId": merged, "expectedVersion": 2 })).await;
        assert_eq!(told(&app, &other, &merged).await, json!(["OPEN", "CLASSIFICATION", false]));
    }

    async fn an_explanation_that_covers_too_much_is_changed_and_keeps_nobody_waiting(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, other, office] = people(&app).await;
        let (x, y) = (entered(&app, &one, "x").await, entered(&app, &one, "y").await);
        let both = explain(&app, &one, "both", &[&x, &y]).await;
        let new = json!({ "idempotencyKey": "project-early", "campaignId": campaign(&app, &office).await, "title": "农村路灯改造", "content": "改造",
            "departmentId": crate::decision::department(&app, &one).await, "submissionIds": [x] });
        let payload = call(&app, &office, "projectCreate", "__typename", new).await;
        assert_eq!(payload["userErrors"][0]["code"], "WRONG_STAGE");
        assert!(payload["userErrors"][0]["message"].as_str().unwrap().contains("先从说明中移出"), "{payload}");

        // Whoever wrote it takes one out; the other one stays covered, and what stood there is kept.
        let shown = "explanation { version text covered isWithdrawn formerVersions { version text channel covered reason } permissions { canEdit canWithdraw canDeliver } }";
        let edit = |version: i32, ids: &[&Value]| json!({ "explanationId": both["id"], "expectedVersion": version, "text": "今年财力所限，请谅解。",
            "channel": "PUBLIC_NOTICE", "submissionIds": ids, "reason": "其中一件改列项目" });
        assert_eq!(refused(&app, &one, "explanationEdit", edit(9, &[&y])).await, "STALE_VERSION");
        assert_eq!(refused(&app, &one, "explanationEdit", edit(1, &[])).await, "INVALID");
        assert_eq!(refused(&app, &other, "explanationEdit", edit(1, &[&y])).await, "NOT_FOUND");
        let foreign = entered(&app, &other, "foreign").await;
        assert_eq!(refused(&app, &one, "explanationEdit", edit(1, &[&foreign])).await, "NOT_FOUND");
        let changed = done(&app, &one, "explanationEdit", shown, edit(1, &[&y])).await;
        assert_eq!(changed["explanation"], json!({ "version": 2, "text": "今年财力所限，请谅解。", "covered": 1, "isWithdrawn": false,
            "formerVersions": [{ "version": 1, "text": "因财力所限，明年再行研究。", "channel": "REPLY", "covered": 2, "reason": "其中一件改列项目" }],
            "permissions": { "canEdit": true, "canWithdraw": true, "canDeliver": true } }));

        let project = create(&app, &office, &one, "yes", &[&x]).await["id"].clone();
        assert_eq!(refused(&app, &one, "explanationEdit", edit(2, &[&x, &y])).await, "WRONG_STAGE", "a meeting may still say yes");
        adopt(&app, &office, &project).await;
        done(&app, &one, "explanationDeliver", "explanation { id }", deliver(&both, 2)).await;
        assert_eq!(told(&app, &one, &x).await, json!(["IN_PROJECT", "NOTHING", false]));
        assert_eq!(told(&app, &one, &y).await, json!(["DECLINED", "NOTHING", false]));
        assert_eq!(refused(&app, &one, "explanationEdit", edit(3, &[&y])).await, "WRONG_STAGE", "what was told stays");
        let back = json!({ "explanationId": both["id"], "expectedVersion": 3, "reason": "写错了" });
        assert_eq!(refused(&app, &one, "explanationWithdraw", back).await, "WRONG_STAGE");
    }

    async fn a_withdrawn_explanation_covers_nothing_and_is_kept(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, other, office] = people(&app).await;
        let x = entered(&app, &one, "x").await;
        let written = explain(&app, &one, "x", &[&x]).await;
        let withdraw = |version: i32, reason: &str| json!({ "explanationId": written["id"], "expectedVersion": version, "reason": reason });
        assert_eq!(refused(&app, &one, "explanationWithdraw", withdraw(1, " ")).await, "INVALID");
        assert_eq!(refused(&app, &one, "explanationWithdraw", withdraw(7, "改列项目")).await, "STALE_VERSION");
        assert_eq!(refused(&app, &other, "explanationWithdraw", withdraw(1, "改列项目")).await, "NOT_FOUND");
        let shown = "explanation { covered isWithdrawn formerVersions { version covered reason } submissions { totalCount } permissions { canEdit canWithdraw canDeliver } }";
        let gone = done(&app, &one, "explanationWithdraw", shown, withdraw(1, "改列项目")).await["explanation"].clone();
        assert_eq!((&gone["covered"], &gone["isWithdrawn"], &gone["submissions"]["totalCount"]), (&json!(0), &json!(true), &json!(0)));
        assert_eq!(gone["formerVersions"], json!([{ "version": 1, "covered": 1, "reason": "改列项目" }]));
        assert_eq!(gone["permissions"], json!({ "canEdit": false, "canWithdraw": false, "canDeliver": false }));
        assert_eq!(refused(&app, &one, "explanationDeliver", deliver(&written, 2)).await, "WRONG_STAGE");
        assert_eq!(refused(&app, &one, "explanationWithdraw", withdraw(2, "再撤一次")).await, "WRONG_STAGE");
        // What it covered is free for a project, or for another explanation.
        create(&app, &office, &one, "yes", &[&x]).await;
        assert_eq!(told(&app, &one, &x).await, json!(["OPEN", "MEETING", false]));
    }

    async fn a_citizen_reads_good_news_too(app: TestApp) {
        let app = app.with_both_counties().await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let submit = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { code stage disposition outcome } userErrors { code message } } }";
        let mut codes = Vec::new();
        for n in 0..2 {
            let to = json!({ "county": SHUANGLUAN, "campaign": "MXGC-2020", "channel": "WEBSITE" });
            let input = json!({ "to": to, "villageCode": "V0301", "title": format!("第{n}件：村口的桥太窄"), "content": "雨天常被水淹。", "name": "村民甲",
                "phone": "19900000001", "idempotencyKey": format!("citizen-{n:04}") });
            let answer = app.graphql(None, submit, json!({ "input": input })).await.1;
            let receipt = answer["data"]["submissionSubmit"]["receipt"].clone();
            assert_eq!((&receipt["stage"], &receipt["disposition"]), (&json!("RECEIVED"), &json!("OPEN")), "{answer}");
            assert!(receipt["outcome"].as_str().unwrap().contains("正在研究"), "{answer}");
            codes.push(receipt["code"].clone());
        }
        let found = app.data(&office, "{ submissions { nodes { id title } } }", json!({})).await;
        let id = |n: usize| {
            let mut rows = found["submissions"]["nodes"].as_array().unwrap().iter();
            rows.find(|row| row["title"].as_str().unwrap().starts_with(&format!("第{n}件"))).unwrap()["id"].clone()
        };
        let (target, merged) = (id(0), id(1));
        merge(&app, &office, "citizens", &target, &merged).await;
        let project = create(&app, &office, &office, "bridge", &[&target]).await["id"].clone();
        let read = async |code: &Value| {
            let query = "query ($code: String!) { receipt(code: $code) { stage disposition stageLabel outcome } }";
            app.graphql(None, query, json!({ "code": code })).await.1["data"]["receipt"].clone()
        };
        let waiting = read(&codes[0]).await;
        assert_eq!((&waiting["disposition"], &waiting["stageLabel"]), (&json!("OPEN"), &json!("已受理")), "nothing is promised before it is decided");
        adopt(&app, &office, &project).await;
        let own = read(&codes[0]).await;
        assert_eq!((&own["disposition"], &own["stageLabel"]), (&json!("IN_PROJECT"), &json!("已采纳，列入项目")));
        assert_eq!(own["outcome"], "您的意见已被采纳，列入项目“农村路灯改造”。");
        let shared = read(&codes[1]).await;
        assert_eq!((&shared["stage"], &shared["disposition"]), (&json!("MERGED"), &json!("IN_PROJECT")));
        assert_eq!(shared["outcome"], "您的意见与同类意见合并办理。您的意见已被采纳，列入项目。", "and not with which");
    }
}
