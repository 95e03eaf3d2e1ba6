//! Every clause of the Shuangluan notice from the first day to behind the last, and what is asked of it by whom.

use std::collections::BTreeMap;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::decision::{campaign, department, done, refused};
use crate::reporting::Desk;
use crate::support::on_both_databases;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, code};

const HUOQIU_PLAN: &str = include_str!("../api/plans/huoqiu-2022.toml");

const QUERY: &str = "{ campaigns { conformance { code text check status dueOn asOf evidenceCount evidence
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
    async fn on_the_first_day_nothing_is_met_by_the_plan_alone_and_everything_is_due(app: TestApp) {
        let app = on(app, "2019-10-15").await;
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        let found = findings(&app, &office).await;
        assert_eq!(found.len(), 31);
        assert_eq!(with(&found, "DUE").len(), 31);
        for (code, day) in [("S01", "2019-11-15"), ("S16", "2019-10-18"), ("S19", "2019-10-18"), ("S23", "2019-11-15")] {
            assert_eq!(found[code]["dueOn"], day, "{code}");
        }
        for code in ["S02", "S03", "S24", "S25", "S28"] {
            assert_eq!(found[code]["dueOn"], Value::Null, "{code}: the notice sets no day");
        }
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
        let found = findings(&app, &office).await;
        assert_eq!(with(&found, "DUE").len(), 31, "the last day is still in time");
        assert_eq!(found["S19"]["figure"]["denominator"], 0, "no report is owed yet");
        to(&app, "2019-10-19");
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        let found = findings(&app, &office).await;
        assert_eq!(with(&found, "BREACHED"), ["S16", "S17", "S19"]);
        assert_eq!(found["S19"]["figure"]["denominator"], 30, "the week that is running is left out");
        assert_eq!(found["S19"]["dueOn"], "2019-10-25");
        to(&app, "2019-11-16");
        let office = officer(&app, "CAMPAIGN_OFFICE").await;
        let found = findings(&app, &office).await;
        let breached = [
            "S01", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S12", "S13", "S14", "S15", "S16", "S17", "S18", "S19",
            "S20", "S21", "S22", "S23", "S26", "S29", "S30", "S31",
        ];
        assert_eq!(with(&found, "BREACHED"), breached);
        assert_eq!(with(&found, "NOT_APPLICABLE"), ["S11"], "nothing was received that could be in a class");
        assert_eq!(with(&found, "DUE"), ["S02", "S03", "S24", "S25", "S27", "S28"], "until the campaign is closed");
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
        let groups = (&found["S31"]["status"], &found["S31"]["figure"]["numerator"]);
        assert_eq!(groups, (&json!("MET"), &json!(2)), "every member has taken it on");
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
        let said = |found: &BTreeMap<String, Value>, code: &str| {
            let one = &found[code];
            json!([one["status"], one["figure"]["numerator"], one["figure"]["denominator"]])
        };
        assert_eq!(said(&found, "S04"), json!(["MET", 2, 2]));
        assert_eq!(said(&found, "S09"), json!(["DUE", 0, 10]));
        assert_eq!(said(&found, "S26"), json!(["MET", 1, 16]), "the town's form, and not that of the television");
        assert_eq!(said(&found, "S31"), json!(["DUE", 1, 2]), "the office's own group alone");
        assert_eq!(found["S11"]["figure"], json!({ "numerator": 0, "denominator": 2, "note": "0/2 件已归类" }));
        let query = "{ campaigns { categories { id } } }";
        let class = app.data(&town, query, json!({})).await["campaigns"][0]["categories"][0]["id"].clone();
        let input = json!({ "submissionId": suggestion["id"], "expectedVersion": suggestion["version"], "categoryId": class });
        done(&app, &town, "submissionClassify", "submission { id }", input).await;
        let found = findings(&app, &office).await;
        assert_eq!(found["S11"]["figure"]["numerator"], 1);
        assert_eq!(said(&found, "S09"), json!(["DUE", 1, 10]));

        let input = json!({ "idempotencyKey": "inspection-1", "campaignId": id, "departmentId": department(&app, &town).await,
            "inspectedOn": "2019-10-21", "summary": "入户台账抽查", "findings": [] });
        let made = done(&app, &supervision, "inspectionRecord", "inspection { id }", input).await;
        let found = findings(&app, &office).await;
        assert_eq!(found["S29"]["status"], "MET");
        assert_eq!(found["S29"]["evidence"], json!([made["inspection"]["id"]]));
    }

    async fn that_anything_is_taken_that_it_is_sorted_and_who_answers_for_a_channel_are_three_clauses(app: TestApp) {
        let app = on(app, "2022-03-02").await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let said = async || {
            let found = findings(&app, &office).await;
            ["H05", "H31", "H11"].map(|code| {
                let one = &found[code];
                json!([one["status"], one["figure"]["numerator"], one["figure"]["denominator"]])
            })
        };
        let [any, sorted, owners] = said().await;
        assert_eq!((any, sorted), (json!(["DUE", 0, 5]), json!(["DUE", 0, 0])));
        let unaddressed = owners[1].as_i64().unwrap();
        let suggestion = enter(&app, &clerk, "HOUSEHOLD_VISIT").await;
        let [any, sorted, _] = said().await;
        assert_eq!((any, sorted), (json!(["DUE", 1, 5]), json!(["DUE", 0, 1])));
        let query = "{ campaigns { id categories { id } } }";
        let campaign = app.data(&clerk, query, json!({})).await["campaigns"][0].clone();
        let input = json!({ "submissionId": suggestion["id"], "expectedVersion": suggestion["version"], "categoryId": campaign["categories"][0]["id"] });
        done(&app, &clerk, "submissionClassify", "submission { id }", input).await;
        let hotline = app.persona(HUOQIU, "HOTLINE_12345", Position::Officer).await;
        let input = json!({ "idempotencyKey": "taken-on-1", "campaignId": campaign["id"] });
        done(&app, &hotline, "campaignAcknowledge", "acknowledgement { id }", input).await;
        let [any, sorted, owners] = said().await;
        assert_eq!((any, sorted), (json!(["DUE", 1, 5]), json!(["MET", 1, 1])));
        assert_eq!(owners, json!(["DUE", unaddressed + 1, 17]), "the hotline has taken its channel on");
    }

    async fn a_spelling_that_a_later_campaign_takes_finds_that_one_and_breaks_the_clause(app: TestApp) {
        let app = on(app, "2022-03-02").await;
        let said = async |app: &TestApp| {
            let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
            let query = "{ campaign(by: { code: \"MSQT-2022\" }) { conformance { code status figure { numerator denominator } evidence } } }";
            let data = app.data(&office, query, json!({})).await;
            let list = data["campaign"]["conformance"].as_array().unwrap().clone();
            list.into_iter().find(|one| one["code"] == "H03").unwrap()
        };
        let found = said(&app).await;
        assert_eq!((&found["status"], &found["figure"]), (&json!("MET"), &json!({ "numerator": 4, "denominator": 4 })));
        let later = HUOQIU_PLAN
            .replacen("code = \"MSQT-2022\"", "code = \"MSQT-2023\"", 1)
            .replacen("opens_on = 2022-02-23", "opens_on = 2022-03-01", 1)
            .replacen("name = \"“我爱六安·我有建议·我要说话”民声倾听主题活动\"", "name = \"新一轮活动\"", 1)
            .replacen("aliases = [\"“我爱六安·我有建议·我要说话”民生倾听主题活动\", \"民声倾听\", ", "aliases = [", 1);
        app.apply_plan(&later).await;
        let found = said(&app).await;
        assert_eq!((&found["status"], &found["figure"]["numerator"]), (&json!("BREACHED"), &json!(3)));
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let query = "{ one: campaign(by: { name: \"民生倾听\" }) { id code } other: campaign(by: { name: \"民声倾听\" }) { code }
            campaigns(text: \"民生倾听\") { code } }";
        let seen = app.data(&clerk, query, json!({})).await;
        assert_eq!((&seen["one"]["code"], &seen["other"]["code"]), (&json!("MSQT-2023"), &json!("MSQT-2022")));
        assert_eq!(seen["campaigns"], json!([{ "code": "MSQT-2023" }, { "code": "MSQT-2022" }]), "a search lists both");
        assert_eq!(found["evidence"], json!([seen["one"]["id"]]), "what is found instead");
    }
}
