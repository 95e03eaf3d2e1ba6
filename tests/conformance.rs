//! Every clause of the Shuangluan notice from the first day to behind the last, and what is asked of it by whom.

use std::collections::BTreeMap;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::decision::{campaign, department, done, refused};
use crate::reporting::Desk;
use crate::support::on_both_databases;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, code};

const QUERY: &str = "{ campaigns { conformance { code text check status asOf evidenceCount evidence
    figure { numerator denominator note } } } }";

async fn on(app: TestApp, day: &str) -> TestApp {
    to(&app, day);
    app.with_both_counties().await
}

fn to(app: &TestApp, day: &str) {
    let at = format!("{day}T01:00:00Z").parse().unwrap();
    app.app.clock.set(at);
}

async fn officer(app: &TestApp, code: &str) -> Persona {
    app.persona(SHUANGLUAN, code, Position::Officer).await
}

/// What is said about each clause, by its number.
async fn findings(app: &TestApp, who: &Persona) -> BTreeMap<String, Value> {
    let data = app.data(who, QUERY, json!({})).await;
    let list = data["campaigns"][0]["conformance"].as_array().unwrap();
    let coded = |one: &Value| (one["code"].as_str().unwrap().to_owned(), one.clone());
    list.iter().map(coded).collect()
}

/// The numbers of the clauses with a status.
fn with(findings: &BTreeMap<String, Value>, status: &str) -> Vec<String> {
    let these = findings.iter().filter(|(_, one)| one["status"] == status);
    these.map(|(code, _)| code.clone()).collect()
}

async fn enter(app: &TestApp, who: &Persona, channel: &str) -> Value {
    let extra = match who.department.as_str() {
        "NPC_OFFICE" => json!([{ "key": "delegation", "value": "第一代表团" }]),
        _ => json!([]),
    };
    let input = json!({
        "idempotencyKey": format!("clause-{}-{channel}", who.department), "channelId": app.channel_id(who, channel).await,
        "title": "村口路灯不亮", "content": "村口三盏路灯不亮已有半月，请尽快修好。", "extra": extra,
    });
    done(app, who, "submissionRecord", "submission { id version }", input).await["submission"].clone()
}

on_both_databases! {
    async fn on_the_first_day_what_the_plan_provides_is_met_and_the_rest_is_due(app: TestApp) {
        let app = on(app, "2019-10-15").await;
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        let found = findings(&app, &office).await;
        assert_eq!(found.len(), 31);
        assert_eq!(with(&found, "MET"), ["S04", "S09", "S26", "S31"]);
        assert_eq!(with(&found, "DUE").len(), 27);
        let first = &found["S01"];
        assert_eq!(first["check"], "document_acknowledged");
        assert_eq!(first["figure"]["numerator"], 0);
        assert_eq!(first["evidenceCount"], first["figure"]["denominator"], "the departments that have not acknowledged");
        assert!(first["evidence"].as_array().unwrap().len() <= 20);
        assert_eq!(first["asOf"], "2019-10-15T09:00:00+08:00");
    }

    async fn behind_the_last_day_what_has_a_day_is_breached(app: TestApp) {
        let app = on(app, "2019-10-18").await;
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        let due = with(&findings(&app, &office).await, "DUE");
        assert_eq!(due.len(), 27, "the last day is still in time");
        to(&app, "2019-10-19");
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        assert_eq!(with(&findings(&app, &office).await, "BREACHED"), ["S16", "S17", "S19"]);
        to(&app, "2019-11-16");
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        let found = findings(&app, &office).await;
        let breached = [
            "S01", "S05", "S06", "S07", "S08", "S10", "S12", "S13", "S14", "S15", "S16", "S17", "S18", "S19", "S20", "S21",
            "S22", "S23", "S29",
        ];
        assert_eq!(with(&found, "BREACHED"), breached);
        assert_eq!(with(&found, "NOT_APPLICABLE"), ["S11"], "nothing was received that could be in a class");
        assert_eq!(with(&found, "DUE"), ["S02", "S03", "S24", "S25", "S27", "S28", "S30"], "until the campaign is closed");
    }

    async fn whoever_does_not_see_the_county_gets_nothing_and_each_county_its_own(app: TestApp) {
        let app = on(app, "2019-10-15").await;
        for code in ["STS_TOWN", "PUBLICITY", "INFORMATION_CENTRE", "ADMINISTRATOR"] {
            let who = officer(&app, code).await;
            let data = app.data(&who, QUERY, json!({})).await;
            assert_eq!(data["campaigns"][0]["conformance"], Value::Null, "{code}");
        }
        for code in ["SUPERVISION_OFFICE", "LEADING_GROUP"] {
            assert_eq!(findings(&app, &officer(&app, code).await).await.len(), 31, "{code}");
        }
        let abroad = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let found = findings(&app, &abroad).await;
        assert!(found.keys().all(|code| code.starts_with('H')));
        assert_eq!(found["H19"]["status"], "NOT_APPLICABLE");
        assert_eq!(found["H19"]["figure"]["note"], "尚未核验");
        let ours = campaign(&app, &officer(&app, "CAMPAIGN_OFFICE").await).await;
        let query = "query ($id: ID!) { campaign(by: { id: $id }) { conformance { code } } }";
        assert_eq!(app.data(&abroad, query, json!({ "id": ours })).await["campaign"], Value::Null);
    }

    async fn every_addressed_department_acknowledges_once(app: TestApp) {
        let app = on(app, "2019-10-16").await;
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        let id = campaign(&app, &office).await;
        let input = |key: &str| json!({ "idempotencyKey": format!("received-{key}"), "campaignId": id });
        let selection = "acknowledgement { id acknowledgedAt department { code } }";
        let mut last = Value::Null;
        for code in ["STS_TOWN", "SUPERVISION_OFFICE", "INFORMATION_CENTRE", "PUBLICITY"] {
            let who = officer(&app, code).await;
            last = done(&app, &who, "campaignAcknowledge", selection, input("one")).await["acknowledgement"].clone();
            assert_eq!(last["department"]["code"], code);
            let again = done(&app, &who, "campaignAcknowledge", selection, input("one")).await;
            assert_eq!(again["acknowledgement"], last, "the same key, the same answer");
            assert_eq!(refused(&app, &who, "campaignAcknowledge", input("two")).await, "DUPLICATE");
        }
        let found = findings(&app, &office).await;
        assert_eq!(found["S01"]["figure"]["numerator"], 4);
        let query = "query ($id: ID!) { node(id: $id) { ... on Acknowledgement { department { code } } } }";
        let seen = json!({ "id": last["id"] });
        assert_eq!(app.data(&office, query, seen.clone()).await["node"]["department"]["code"], "PUBLICITY");
        assert_eq!(app.data(&officer(&app, "STS_TOWN").await, query, seen).await["node"], Value::Null);
        let mutation = "mutation ($input: CampaignAcknowledgeInput!) { campaignAcknowledge(input: $input) { userErrors { code } } }";
        let leader = officer(&app, "LEADING_GROUP").await;
        let answer = app.graphql(Some(&leader.token), mutation, json!({ "input": input("leader") })).await.1;
        assert_eq!(code(&answer), "FORBIDDEN");
    }

    async fn publicity_is_written_by_those_who_report_and_read_by_them_and_the_county(app: TestApp) {
        let app = on(app, "2019-10-20").await;
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        let id = campaign(&app, &office).await;
        let input = |day: &str, title: &str| json!({ "idempotencyKey": format!("piece-{day}"), "campaignId": id, "publishedOn": day,
            "medium": "民生专栏", "title": title, "reference": "第 3 期" });
        let selection = "publicity { id medium title reference publishedOn department { code } }";
        let (station, centre) = (officer(&app, "TV_STATION").await, officer(&app, "INFORMATION_CENTRE").await);
        assert_eq!(refused(&app, &station, "publicityRecord", input("2019-10-21", "明日播出")).await, "INVALID");
        assert_eq!(refused(&app, &station, "publicityRecord", input("2019-10-19", " ")).await, "INVALID");
        let made = done(&app, &station, "publicityRecord", selection, input("2019-10-20", "征集活动启动")).await;
        assert_eq!(made["publicity"]["reference"], "第 3 期");
        assert_eq!(findings(&app, &office).await["S18"]["status"], "DUE", "the information centre has not reported yet");
        done(&app, &centre, "publicityRecord", selection, input("2019-10-20", "全区动员")).await;
        let found = &findings(&app, &office).await["S18"];
        assert_eq!((&found["status"], &found["evidenceCount"]), (&json!("MET"), &json!(2)));
        let query = "{ publicities { totalCount nodes { title } } }";
        for (who, count) in [(&station, 1), (&centre, 1), (&office, 2)] {
            assert_eq!(app.data(who, query, json!({})).await["publicities"]["totalCount"], count, "{}", who.department);
        }
        let mutation = "mutation ($input: PublicityRecordInput!) { publicityRecord(input: $input) { userErrors { code } } }";
        let town = officer(&app, "STS_TOWN").await;
        let answer = app.graphql(Some(&town.token), mutation, json!({ "input": input("2019-10-20", "镇里自夸") })).await.1;
        assert_eq!(code(&answer), "FORBIDDEN");
    }

    async fn an_empty_table_of_whoever_received_nothing_is_handed_in(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let done = async || {
            let found = findings(&app, &officer(&app, "CAMPAIGN_OFFICE").await).await;
            ["S20", "S21", "S22", "S23"].map(|clause| found[clause]["figure"]["numerator"].clone())
        };
        assert_eq!(done().await, [0; 4].map(Value::from));
        let table = desk.draft("MAIN").await["summaryTable"].clone();
        assert_eq!(done().await, [0; 4].map(Value::from), "a draft is not handed in");
        let signed = desk.sign(&table).await;
        assert_eq!(signed["userErrors"], json!([]));
        assert_eq!(done().await, [1; 4].map(Value::from));
        // What came and stands in no table makes it a table that left something out.
        app.receive("STS_TOWN", 1, "2019-11-15T00:30:00Z", true).await;
        assert_eq!(done().await, [0, 0, 0, 1].map(Value::from));
    }

    async fn what_is_done_through_the_api_meets_its_clause(app: TestApp) {
        let app = on(app, "2019-10-18").await;
        let (town, office) = (officer(&app, "STS_TOWN").await, officer(&app, "CAMPAIGN_OFFICE").await);
        let id = campaign(&app, &office).await;
        let lines = json!([{ "position": "HEAD", "name": "张某", "contact": "19900000001" }, { "position": "DEPUTY", "name": "李某" }]);
        let input = json!({ "idempotencyKey": "roster-0001", "campaignId": id, "lines": lines });
        done(&app, &town, "rosterSubmit", "roster { id }", input).await;
        let found = findings(&app, &office).await;
        assert_eq!((&found["S16"]["figure"]["numerator"], &found["S17"]["figure"]["numerator"]), (&json!(1), &json!(1)));
        assert_eq!(found["S16"]["status"], "DUE");

        // A session doesn't last until then.
        to(&app, "2019-10-21");
        let (town, office) = (officer(&app, "STS_TOWN").await, officer(&app, "CAMPAIGN_OFFICE").await);
        let supervision = officer(&app, "SUPERVISION_OFFICE").await;
        let suggestion = enter(&app, &town, "HOUSEHOLD_VISIT").await;
        enter(&app, &officer(&app, "TV_STATION").await, "TV_HOTLINE").await;
        let found = findings(&app, &office).await;
        assert_eq!(found["S14"]["status"], "MET");
        assert_eq!(found["S11"]["figure"], json!({ "numerator": 0, "denominator": 2, "note": "0/2 件已归类" }));
        let query = "{ campaigns { categories { id } } }";
        let class = app.data(&town, query, json!({})).await["campaigns"][0]["categories"][0]["id"].clone();
        let input = json!({ "submissionId": suggestion["id"], "expectedVersion": suggestion["version"], "categoryId": class });
        done(&app, &town, "submissionClassify", "submission { id }", input).await;
        assert_eq!(findings(&app, &office).await["S11"]["figure"]["numerator"], 1);

        let input = json!({ "idempotencyKey": "inspection-1", "campaignId": id, "departmentId": department(&app, &town).await,
            "inspectedOn": "2019-10-21", "summary": "入户台账抽查", "findings": [] });
        let made = done(&app, &supervision, "inspectionRecord", "inspection { id }", input).await;
        let found = findings(&app, &office).await;
        assert_eq!(found["S29"]["status"], "MET");
        assert_eq!(found["S29"]["evidence"], json!([made["inspection"]["id"]]));
    }
}
