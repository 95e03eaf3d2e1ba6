//! Projects that the office makes from lines of summary tables, and the way back from each.

use entity::enums::Position;
use entity::project_source;
use serde_json::{Value, json};

use super::projects::decide;
use super::{call, campaign, department, done, refused};
use crate::reporting::Desk;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, on_both_databases};

const NOW: &str = "2019-11-15T01:00:00Z";
const PROJECT: &str =
    "project { id version title content cost funding scheduleStart scheduleFinish beneficiaries status
    sources { totalCount } summaryLines { id text } }";

/// A signed table of the township: a line with a project, and a bare one.
async fn signed(desk: &Desk<'_>) -> Value {
    desk.app.receive("STS_TOWN", 5, "2019-11-14T02:00:00Z", true).await;
    desk.signed().await
}

async fn accepted(desk: &Desk<'_>) -> Value {
    let table = signed(desk).await;
    let accepted = desk.step("summaryTableAccept", &table, &desk.office().await).await;
    assert_eq!(accepted["userErrors"], json!([]), "{accepted}");
    accepted["summaryTable"].clone()
}

async fn lines(desk: &Desk<'_>, who: &Persona, table: &Value) -> Value {
    desk.ask(who, table, "lines { id canBecomeProject projects { id status } }").await["lines"].clone()
}

/// What the office sends for a project of a line.
async fn of_line(app: &TestApp, key: &str, line: &Value) -> Value {
    let owner = app.persona(SHUANGLUAN, "HOUSING", Position::Officer).await;
    json!({ "idempotencyKey": format!("project-of-line-{key}"), "summaryLineId": line["id"], "departmentId": department(app, &owner).await })
}

on_both_databases! {
    async fn a_project_takes_over_what_a_line_says_and_each_leads_to_the_other(app: TestApp) {
        let app = app.at(NOW).await;
        let desk = Desk { app: &app, instant: NOW };
        let table = accepted(&desk).await;
        let (office, town) = (desk.office().await, desk.who(Position::Officer).await);
        let before = lines(&desk, &office, &table).await;
        assert_eq!((&before[0]["canBecomeProject"], &before[0]["projects"]), (&json!(true), &json!([])));
        assert_eq!(lines(&desk, &town, &table).await[0]["canBecomeProject"], false, "it is the office's to make");
        let input = of_line(&app, "whole", &before[0]).await;
        let made = done(&app, &office, "projectFromLine", PROJECT, input.clone()).await["project"].clone();
        let taken = json!({ "id": made["id"], "version": 1, "title": "更换路灯 120 盏", "content": "更换路灯 120 盏", "cost": 240_000,
            "funding": "区财政", "scheduleStart": "2020-03-01", "scheduleFinish": "2020-06-30", "beneficiaries": 3_000, "status": "PROPOSED",
            "sources": { "totalCount": 3 }, "summaryLines": [{ "id": before[0]["id"], "text": "村口、巷内路灯不亮" }] });
        assert_eq!(made, taken);
        assert_eq!(done(&app, &office, "projectFromLine", PROJECT, input.clone()).await["project"], made, "the same key, the same answer");
        let kept = app.county_read(SHUANGLUAN).await.from::<project_source::Entity>().all().await.unwrap();
        assert!(kept.len() == 3 && kept.iter().all(|source| source.line.is_some()), "{kept:?}");
        let after = lines(&desk, &office, &table).await;
        assert_eq!((&after[0]["canBecomeProject"], &after[0]["projects"]), (&json!(false), &json!([{ "id": made["id"], "status": "PROPOSED" }])));
        assert_eq!(lines(&desk, &town, &table).await[0]["projects"][0]["id"], made["id"], "its own suggestions led to it");

        // It is the office's to change from then on; the line stays as it was signed.
        let owner = app.persona(SHUANGLUAN, "HOUSING", Position::Officer).await;
        let edit = json!({ "projectId": made["id"], "expectedVersion": 1, "title": "路灯改造", "content": "更换路灯 100 盏", "cost": 200_000,
            "departmentId": department(&app, &owner).await });
        let edited = done(&app, &office, "projectEdit", PROJECT, edit).await["project"].clone();
        assert_eq!((&edited["cost"], &edited["summaryLines"]), (&json!(200_000), &made["summaryLines"]));
        let line = desk.ask(&office, &table, "lines { project { estimatedCost } }").await["lines"][0].clone();
        assert_eq!(line["project"]["estimatedCost"], 240_000);

        // Who carries it out sees it without the township's line; another township sees neither.
        let query = "query ($id: ID!, $line: ID!) { node(id: $id) { ... on Project { summaryLines { id } } } line: node(id: $line) { id } }";
        let seen = async |who: &Persona| app.data(who, query, json!({ "id": made["id"], "line": before[0]["id"] })).await;
        assert_eq!(seen(&owner).await, json!({ "node": { "summaryLines": [] }, "line": null }));
        let stranger = app.persona(SHUANGLUAN, "LH_TOWN", Position::Officer).await;
        assert_eq!(seen(&stranger).await, json!({ "node": null, "line": null }));
    }

    async fn a_line_becomes_one_project_until_that_is_turned_down(app: TestApp) {
        let app = app.at(NOW).await;
        let desk = Desk { app: &app, instant: NOW };
        let table = accepted(&desk).await;
        let office = desk.office().await;
        let before = lines(&desk, &office, &table).await;
        let first = of_line(&app, "first", &before[0]).await;
        let first = done(&app, &office, "projectFromLine", PROJECT, first).await["project"].clone();
        let second = of_line(&app, "second", &before[0]).await;
        let payload = call(&app, &office, "projectFromLine", PROJECT, second.clone()).await;
        assert_eq!((&payload["project"], &payload["userErrors"][0]["code"]), (&Value::Null, &json!("DUPLICATE")));
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", "summaryLineId"]));
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2019-11-15", &first["id"], "REJECT").await;
        assert_eq!(lines(&desk, &office, &table).await[0]["canBecomeProject"], true);
        let mut second = second;
        second["idempotencyKey"] = json!("project-of-line-again");
        let second = done(&app, &office, "projectFromLine", PROJECT, second).await["project"].clone();
        let made = lines(&desk, &office, &table).await[0]["projects"].clone();
        assert_eq!(made, json!([{ "id": first["id"], "status": "REJECTED" }, { "id": second["id"], "status": "PROPOSED" }]));
    }

    async fn a_line_with_a_suggestion_that_is_being_explained_is_refused_and_what_has_ended_is_left_out(app: TestApp) {
        let app = app.at(NOW).await;
        let desk = Desk { app: &app, instant: NOW };
        let table = accepted(&desk).await;
        let (office, town) = (desk.office().await, desk.who(Position::Officer).await);
        let sources = "lines { id sources { nodes { submission { id } } } }";
        let line = desk.ask(&town, &table, sources).await["lines"][0].clone();
        let told = &line["sources"]["nodes"][0]["submission"]["id"];
        let explain = json!({ "idempotencyKey": "of-a-line-explained", "campaignId": campaign(&app, &town).await, "channel": "REPLY",
            "text": "今年财力所限。", "submissionIds": [told] });
        let selection = "explanation { id version }";
        let explanation = done(&app, &town, "explanationRecord", selection, explain).await["explanation"].clone();
        let payload = call(&app, &office, "projectFromLine", PROJECT, of_line(&app, "told", &line).await).await;
        let refusal = &payload["userErrors"][0];
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!("WRONG_STAGE"), &json!(["input", "summaryLineId"])));
        let deliver = json!({ "explanationId": explanation["id"], "expectedVersion": explanation["version"], "deliveredOn": "2019-11-15", "proof": "当面告知" });
        done(&app, &town, "explanationDeliver", selection, deliver).await;
        let made = done(&app, &office, "projectFromLine", PROJECT, of_line(&app, "rest", &line).await).await;
        assert_eq!(made["project"]["sources"]["totalCount"], 2, "two of three go on");
    }

    async fn a_bare_line_needs_words_and_what_the_office_says_goes_before_the_line(app: TestApp) {
        let app = app.at(NOW).await;
        let desk = Desk { app: &app, instant: NOW };
        let table = accepted(&desk).await;
        let office = desk.office().await;
        let before = lines(&desk, &office, &table).await;
        let bare = of_line(&app, "bare", &before[1]).await;
        let payload = call(&app, &office, "projectFromLine", PROJECT, bare).await;
        let fields: Vec<&Value> = payload["userErrors"].as_array().unwrap().iter().map(|error| &error["field"][1]).collect();
        assert_eq!(fields, ["title", "content"]);
        let mut said = of_line(&app, "said", &before[1]).await;
        (said["title"], said["content"]) = (json!("修路"), json!("硬化村道两公里"));
        let made = done(&app, &office, "projectFromLine", PROJECT, said).await["project"].clone();
        assert_eq!((&made["title"], &made["cost"], &made["sources"]["totalCount"]), (&json!("修路"), &Value::Null, &json!(2)));
        let mut other = of_line(&app, "other", &before[0]).await;
        (other["title"], other["cost"]) = (json!("亮化工程"), json!(100_000));
        let made = done(&app, &office, "projectFromLine", PROJECT, other).await["project"].clone();
        assert_eq!((&made["title"], &made["cost"], &made["content"]), (&json!("亮化工程"), &json!(100_000), &json!("更换路灯 120 盏")));
    }

    async fn a_line_of_a_table_that_is_not_accepted_is_not_offered_and_one_abroad_is_nobodys(app: TestApp) {
        let app = app.at(NOW).await;
        let desk = Desk { app: &app, instant: NOW };
        app.receive("STS_TOWN", 2, "2019-11-14T02:00:00Z", true).await;
        let draft = desk.draft("MAIN").await["summaryTable"].clone();
        let draft = desk.line(&draft, 0, true).await["summaryTable"].clone();
        let office = desk.office().await;
        let line = lines(&desk, &office, &draft).await[0].clone();
        assert_eq!(line["canBecomeProject"], false);
        let input = of_line(&app, "draft", &line).await;
        assert_eq!(refused(&app, &office, "projectFromLine", input.clone()).await, "WRONG_STAGE");
        let draft = desk.line(&draft, 1, false).await["summaryTable"].clone();
        let table = desk.sign(&draft).await["summaryTable"].clone();
        assert_eq!(refused(&app, &office, "projectFromLine", of_line(&app, "signed", &line).await).await, "WRONG_STAGE");
        desk.step("summaryTableAccept", &table, &office).await;
        let abroad = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let theirs = json!({ "idempotencyKey": "project-of-line-abroad", "departmentId": department(&app, &abroad).await, "summaryLineId": line["id"] });
        assert_eq!(refused(&app, &abroad, "projectFromLine", theirs).await, "NOT_FOUND");
        assert_eq!(app.data(&office, "{ projects { totalCount } }", json!({})).await["projects"]["totalCount"], 0);
        done(&app, &office, "projectFromLine", PROJECT, of_line(&app, "accepted", &line).await).await;
    }
}
