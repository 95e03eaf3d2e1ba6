//! A county in its campaign's last week, as the demonstration shows it: who is behind, late, returned, and what comes next.

use entity::id::County;
use minsheng::campaign::plans;
use minsheng::clock::day_of;
use minsheng::demo::{self, Appointee, PLANS, Pile, Samples, Seed};
use minsheng::plan::Plan;
use minsheng::secrets::password::Secret;
use serde_json::{Value, json};

use crate::support::personas::PASSWORD;
use crate::support::{TestApp, on_both_databases};

const SUGGESTIONS: u64 = 200;

/// The district with everybody in his seat and everything done up to today.
async fn play(app: &TestApp) {
    let app = &app.app;
    let today = day_of(app.clock.now());
    let plan = Plan::parse("plan", PLANS[0]).unwrap();
    let text = demo::moved(PLANS[0], demo::into_last_week(&plan, today));
    let plan = Plan::parse("plan", &text).unwrap();
    plans::apply(app, &plan, &text).await.unwrap();
    let appointee = |seat| Appointee { seat, password: Secret::new(PASSWORD), fresh: true };
    let county = County::parse(&plan.county.code).unwrap();
    let everybody = demo::seats(&plan).into_iter().map(appointee).collect();
    demo::appoint(app, &county, everybody, app.clock.now()).await.unwrap();
    let samples = Samples::of(&plan, Seed(1), today.pred_opt().unwrap());
    let pile = Pile::of(app, &plan, &samples, SUGGESTIONS, None).await;
    let pile = pile.unwrap().unwrap();
    demo::play(app, &plan, pile).await.unwrap();
}

async fn ask(app: &TestApp, token: &str, query: &str, variables: Value) -> Value {
    let (_, answer) = app.graphql(Some(token), query, variables).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].clone()
}

/// The nodes of a list.
fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{value}"))
}

/// Codes of the departments of those lines that stand so.
fn standing<'a>(lines: &'a Value, field: &str, state: &str) -> Vec<&'a str> {
    let lines = list(lines).iter().filter(|line| line[field] == state);
    lines.map(|line| line["department"]["code"].as_str().unwrap()).collect()
}

async fn behind(app: &TestApp, leader: &str) {
    let query = "{ campaign(by: { code: \"MXGC-2020\" }) { isOpen
        coverage { total { villages villagesMet villagesBelow }
            townships { villages { village { code } households reached isMet stillNeeded } } } } }";
    let data = ask(app, leader, query, json!({})).await;
    let campaign = &data["campaign"];
    assert_eq!(campaign["isOpen"], true);
    let total = &campaign["coverage"]["total"];
    let (all, met) = (total["villages"].as_i64().unwrap(), total["villagesMet"].as_i64().unwrap());
    assert!(met * 2 > all && met < all, "{total}");
    let townships = list(&campaign["coverage"]["townships"]).iter();
    let mut villages = townships.flat_map(|township| list(&township["villages"]));
    let village = villages.find(|row| row["village"]["code"] == "V0201").unwrap();
    assert!(village["isMet"] == false && village["stillNeeded"].as_i64().unwrap() > 100, "{village}");
    assert!(village["reached"].as_i64().unwrap() < village["households"].as_i64().unwrap());
}

async fn papers(app: &TestApp, leader: &str, campaign: &Value, last_friday: &Value) {
    let query = "query ($id: ID!, $friday: Date!) {
        rosterStatus(campaignId: $id) { timeliness department { code } }
        weeklyReportStatus(campaignId: $id, periodEnd: $friday) { state department { code } weeklyReport { isLate figures { receivedInAll } } }
        summaryTableStatus(campaignId: $id) { state department { code } summaryTable { status edition former { status returnReason } } }
        summaryTables(campaignId: $id, first: 50) { nodes { status edition department { code } } } }";
    let variables = json!({ "id": campaign, "friday": last_friday });
    let data = ask(app, leader, query, variables).await;
    let rosters = &data["rosterStatus"];
    assert_eq!(standing(rosters, "timeliness", "LATE"), ["LH_TOWN"]);
    assert_eq!(standing(rosters, "timeliness", "MISSING"), ["CULTURE_TOURISM"]);
    let reports = &data["weeklyReportStatus"];
    assert_eq!(standing(reports, "state", "LATE"), ["NS_STREET"]);
    assert_eq!(standing(reports, "state", "MISSING"), ["TX_STREET"]);
    assert_eq!(standing(reports, "state", "ON_TIME").len(), 28);
    let tables = list(&data["summaryTables"]["nodes"]).iter();
    let mut tables: Vec<(&str, &str, i64)> = tables
        .map(|table| {
            let code = table["department"]["code"].as_str().unwrap();
            let edition = table["edition"].as_i64().unwrap();
            (code, table["status"].as_str().unwrap(), edition)
        })
        .collect();
    tables.sort_unstable();
    let wanted = [
        ("DM_TOWN", "DRAFT", 1),
        ("LH_TOWN", "DRAFT", 2),
        ("LH_TOWN", "RETURNED", 1),
        ("NPC_OFFICE", "ACCEPTED", 1),
        ("STS_TOWN", "ACCEPTED", 1),
    ];
    assert_eq!(tables, wanted);
    let returned = list(&data["summaryTableStatus"]).iter();
    let mut returned = returned.filter(|line| line["department"]["code"] == "LH_TOWN");
    let former = &returned.next().unwrap()["summaryTable"]["former"];
    assert!(!former["returnReason"].is_null(), "{data}");
}

async fn decisions(app: &TestApp, leader: &str, campaign: &Value, today: &str) {
    let query = "query ($id: ID!) {
        projects(campaignId: $id) { nodes { title status } }
        meetings(campaignId: $id) { nodes { kind status heldOn minutesNumber agenda { result project { status } } } }
        explanations(campaignId: $id) { nodes { deliveredOn proof covered } }
        submissions(filter: { stages: [MERGED] }) { totalCount }
        inspections(campaignId: $id) { nodes { findings { isOverdue recheck } } }
        circulars(campaignId: $id) { nodes { status receipts { at } } } }";
    let data = ask(app, leader, query, json!({ "id": campaign })).await;
    let mut statuses: Vec<&str> =
        list(&data["projects"]["nodes"]).iter().map(|project| project["status"].as_str().unwrap()).collect();
    statuses.sort_unstable();
    let wanted = ["ADOPTED", "ON_GOVERNMENT_AGENDA", "PROPOSED", "REJECTED", "STUDIED"];
    assert_eq!(statuses, wanted);
    let meetings = list(&data["meetings"]["nodes"]);
    let ahead: Vec<&Value> = meetings.iter().filter(|meeting| meeting["status"] == "PLANNED").collect();
    assert_eq!((meetings.len(), ahead.len()), (3, 1));
    assert!(ahead[0]["heldOn"].as_str().unwrap() > today, "{ahead:?}");
    let item = json!([{ "result": null, "project": { "status": "ON_GOVERNMENT_AGENDA" } }]);
    assert_eq!(ahead[0]["agenda"], item);
    let told = list(&data["explanations"]["nodes"]).iter();
    let delivered = told.filter(|one| !one["deliveredOn"].is_null()).count();
    assert_eq!((list(&data["explanations"]["nodes"]).len(), delivered), (2, 1));
    assert_eq!(data["submissions"]["totalCount"], 1);
    let findings = &data["inspections"]["nodes"][0]["findings"];
    assert_eq!(
        findings,
        &json!([{ "isOverdue": false, "recheck": "PASSED" }, { "isOverdue": true, "recheck": null }])
    );
    let circular = &data["circulars"]["nodes"][0];
    assert_eq!(circular["status"], "ISSUED");
    assert_eq!(list(&circular["receipts"]).len(), 27);
}

/// What a department freezes on a Friday is what had come in by then.
async fn frozen(app: &TestApp, leader: &str, campaign: &Value) {
    let query = "query ($id: ID!) { weeklyReports(campaignId: $id, first: 100) { nodes { periodEnd department { code } figures { receivedInAll } } } }";
    let data = ask(app, leader, query, json!({ "id": campaign })).await;
    let of_town = list(&data["weeklyReports"]["nodes"])
        .iter()
        .filter(|report| report["department"]["code"] == "STS_TOWN");
    let mut told: Vec<(&str, i64)> = of_town
        .map(|report| {
            let all = report["figures"]["receivedInAll"].as_i64().unwrap();
            (report["periodEnd"].as_str().unwrap(), all)
        })
        .collect();
    told.sort_unstable();
    let all: Vec<i64> = told.iter().map(|(_, all)| *all).collect();
    assert!(all.is_sorted() && all.first() < all.last(), "{told:?}");
}

on_both_databases! {
    async fn the_last_week_shows_who_is_behind_late_and_returned_and_what_is_before_a_meeting(app: TestApp) {
        play(&app).await;
        let leader = app.login("130803-leading_group-head", PASSWORD).await;
        let today = day_of(app.app.clock.now());
        let data = ask(&app, &leader, "{ campaign(by: { code: \"MXGC-2020\" }) { id closesOn } }", json!({})).await;
        let (campaign, last) = (&data["campaign"]["id"], &data["campaign"]["closesOn"]);
        let last: chrono::NaiveDate = last.as_str().unwrap().parse().unwrap();
        assert!((0..7).contains(&(last - today).num_days()), "{last} {today}");
        let friday = json!(last - chrono::Days::new(7));
        behind(&app, &leader).await;
        papers(&app, &leader, campaign, &friday).await;
        decisions(&app, &leader, campaign, &today.to_string()).await;
        frozen(&app, &leader, campaign).await;
    }
}
