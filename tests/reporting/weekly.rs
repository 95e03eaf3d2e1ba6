//! Weekly reports: figures of the moment, late and missing at the cut-off, corrections beside the former.

use entity::enums::Position;
use serde_json::{Value, json};

use super::{TOWN, campaign, mutate};
use crate::support::personas::Persona;
use crate::support::{TestApp, code, on_both_databases};

const REPORT: &str = "weeklyReport { id edition isLate narrative periodStart periodEnd figures { received receivedInAll unclassified
    classes { code received receivedInAll } stages { stage count } } }";

async fn report(app: &TestApp, who: &Persona, key: &str, day: &str) -> Value {
    let (campaign, _) = campaign(app, who).await;
    let input = json!({ "idempotencyKey": format!("report-{key}"), "campaignId": campaign, "periodEnd": day, "narrative": "入户走访，电话 19900000001。" });
    mutate(app, who, "weeklyReportSubmit", input, REPORT).await
}

async fn states(app: &TestApp, who: &Persona, day: &str) -> Vec<(String, String)> {
    let (campaign, _) = campaign(app, who).await;
    let query = "query ($id: ID!, $day: Date!) { weeklyReportStatus(campaignId: $id, periodEnd: $day) { state department { code } weeklyReport { edition } } }";
    let data = app.data(who, query, json!({ "id": campaign, "day": day })).await;
    let rows = data["weeklyReportStatus"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["department"]["code"]), text(&row["state"]))).collect()
}

async fn state(app: &TestApp, who: &Persona, day: &str, department: &str) -> String {
    let states = states(app, who, day).await;
    states.into_iter().find(|(code, _)| code == department).unwrap().1
}

on_both_databases! {
    async fn a_report_freezes_its_figures_and_a_correction_stands_beside_it(app: TestApp) {
        let app = app.at("2019-10-24T01:00:00Z").await;
        app.receive(TOWN, 3, "2019-10-17T02:00:00Z", true).await;
        app.receive(TOWN, 2, "2019-10-24T01:00:00Z", false).await;
        let clerk = app.later("2019-10-25T09:00:00Z", TOWN, Position::Officer).await;
        let first = report(&app, &clerk, "first", "2019-10-25").await;
        assert_eq!(first["userErrors"], json!([]), "{first}");
        let kept = first["weeklyReport"].clone();
        assert_eq!((&kept["edition"], &kept["isLate"], &kept["periodStart"]), (&json!(1), &json!(false), &json!("2019-10-19")));
        assert!(!kept["narrative"].as_str().unwrap().contains("19900000001"), "{kept}");
        let figures = &kept["figures"];
        assert_eq!((&figures["received"], &figures["receivedInAll"], &figures["unclassified"]), (&json!(5), &json!(5), &json!(2)), "from the beginning");
        assert_eq!(figures["stages"], json!([{ "stage": "RECEIVED", "count": 2 }, { "stage": "CLASSIFIED", "count": 3 }]));
        assert_eq!(figures["classes"].as_array().unwrap().len(), 3, "{figures}");
        assert_eq!(report(&app, &clerk, "first", "2019-10-25").await["weeklyReport"], kept, "the same key is the same report");
        app.receive(TOWN, 4, "2019-10-25T02:00:00Z", false).await;
        let clerk = app.later("2019-10-25T16:00:01Z", TOWN, Position::Officer).await;
        let second = report(&app, &clerk, "second", "2019-10-25").await["weeklyReport"].clone();
        assert_eq!((&second["edition"], &second["isLate"], &second["figures"]["received"]), (&json!(2), &json!(true), &json!(9)));
        assert_eq!(state(&app, &clerk, "2019-10-25", TOWN).await, "ON_TIME", "a correction makes nobody late");
        let node = "query ($id: ID!) { node(id: $id) { ... on WeeklyReport { figures { received } } } }";
        let again = app.data(&clerk, node, json!({ "id": kept["id"] })).await;
        assert_eq!(again["node"]["figures"]["received"], 5, "frozen");
        let (id, _) = campaign(&app, &clerk).await;
        let list = "query ($id: ID!) { weeklyReports(campaignId: $id) { totalCount nodes { edition } } }";
        let listed = app.data(&clerk, list, json!({ "id": id })).await;
        assert_eq!(listed["weeklyReports"], json!({ "totalCount": 2, "nodes": [{ "edition": 2 }, { "edition": 1 }] }));
    }

    async fn a_preview_shows_what_a_report_would_freeze_and_writes_nothing(app: TestApp) {
        const PREVIEW: &str = "query ($id: ID!) { weeklyReportPreview(campaignId: $id) { period { dueKey periodStart periodEnd }
            figures { received receivedInAll unclassified classes { code received receivedInAll } stages { stage count } } } }";
        let app = app.at("2019-10-24T01:00:00Z").await;
        app.receive(TOWN, 3, "2019-10-17T02:00:00Z", true).await;
        app.receive(TOWN, 2, "2019-10-24T01:00:00Z", false).await;
        app.receive("LH_TOWN", 4, "2019-10-24T01:00:00Z", false).await;
        let clerk = app.later("2019-10-24T09:00:00Z", TOWN, Position::Officer).await;
        let (id, _) = campaign(&app, &clerk).await;
        let lines = app.trail(clerk.county).await.len();
        let seen = app.data(&clerk, PREVIEW, json!({ "id": id })).await["weeklyReportPreview"].clone();
        assert_eq!(app.trail(clerk.county).await.len(), lines, "a look leaves no line");
        assert_eq!(seen.as_array().unwrap().len(), 1, "{seen}");
        assert_eq!(seen[0]["period"], json!({ "dueKey": "WEEKLY_REPORT", "periodStart": "2019-10-19", "periodEnd": "2019-10-25" }));
        assert_eq!((&seen[0]["figures"]["received"], &seen[0]["figures"]["receivedInAll"]), (&json!(5), &json!(5)));
        let list = "query ($id: ID!) { weeklyReports(campaignId: $id) { totalCount } }";
        assert_eq!(app.data(&clerk, list, json!({ "id": id })).await["weeklyReports"]["totalCount"], 0);
        let made = report(&app, &clerk, "as-previewed", "2019-10-25").await;
        assert_eq!(made["weeklyReport"]["figures"], seen[0]["figures"], "{made}");
        // Whoever owes none is shown none, and after the last period there is none.
        for (instant, who) in [("2019-10-24T10:00:00Z", "LEADING_GROUP"), ("2019-11-16T01:00:00Z", TOWN)] {
            let who = app.later(instant, who, Position::Head).await;
            assert_eq!(app.data(&who, PREVIEW, json!({ "id": id })).await["weeklyReportPreview"], json!([]), "{instant}");
        }
    }

    async fn whoever_has_not_reported_is_missing_after_the_day_and_late_afterwards(app: TestApp) {
        let app = app.at("2019-11-01T01:00:00Z").await;
        let clerk = app.later("2019-11-01T02:00:00Z", TOWN, Position::Officer).await;
        report(&app, &clerk, "in-time", "2019-11-01").await;
        let leader = app.later("2019-11-01T15:59:59Z", "LEADING_GROUP", Position::Head).await;
        assert_eq!(state(&app, &leader, "2019-11-01", "LH_TOWN").await, "NOT_DUE");
        let late = app.later("2019-11-01T16:00:00Z", "LH_TOWN", Position::Officer).await;
        assert_eq!(states(&app, &late, "2019-11-01").await, [("LH_TOWN".to_owned(), "MISSING".to_owned())], "its own alone");
        let office = app.later("2019-11-02T02:00:00Z", "CAMPAIGN_OFFICE", Position::Officer).await;
        assert_eq!(state(&app, &office, "2019-11-01", "LH_TOWN").await, "MISSING");
        let late = app.later("2019-11-02T03:00:00Z", "LH_TOWN", Position::Officer).await;
        assert_eq!(report(&app, &late, "too-late", "2019-11-01").await["weeklyReport"]["isLate"], true);
        let office = app.later("2019-11-02T04:00:00Z", "CAMPAIGN_OFFICE", Position::Officer).await;
        let found = states(&app, &office, "2019-11-01").await;
        let count = |wanted: &str| found.iter().filter(|(_, state)| state == wanted).count();
        assert_eq!((count("ON_TIME"), count("LATE"), count("NOT_DUE")), (1, 1, 0));
        assert!(count("MISSING") > 20, "{found:?}");
        assert!(found.iter().all(|(code, _)| code != "LEADING_GROUP"));
        let status = "query ($id: ID!, $day: Date!) { weeklyReportStatus(campaignId: $id, periodEnd: $day) { state } }";
        let (id, _) = campaign(&app, &office).await;
        // A Saturday, and Fridays before and after the campaign.
        for day in ["2019-11-02", "2019-10-11", "2019-11-22"] {
            let (_, refused) = app.graphql(Some(&office.token), status, json!({ "id": id, "day": day })).await;
            assert_eq!(code(&refused), "BAD_USER_INPUT", "{day}: {refused}");
            assert!(refused["errors"][0]["message"].as_str().unwrap().starts_with("periodEnd"), "{refused}");
        }
        let periods = "query ($id: ID!) { reportPeriods(campaignId: $id) { periodEnd dueKey } }";
        let periods = app.data(&office, periods, json!({ "id": id })).await;
        assert_eq!(periods["reportPeriods"].as_array().unwrap().len(), 4);
        assert_eq!(periods["reportPeriods"][0], json!({ "periodEnd": "2019-11-08", "dueKey": "WEEKLY_REPORT" }));
        let query = "mutation ($input: WeeklyReportSubmitInput!) { weeklyReportSubmit(input: $input) { userErrors { code } } }";
        let input = json!({ "input": { "idempotencyKey": "of-the-office", "campaignId": id, "periodEnd": "2019-11-01", "narrative": "无" } });
        let (_, forbidden) = app.graphql(Some(&office.token), query, input).await;
        assert_eq!(code(&forbidden), "FORBIDDEN");
    }

    async fn a_report_of_no_period_or_of_one_to_come_is_refused(app: TestApp) {
        let app = app.at("2019-10-16T01:00:00Z").await;
        let clerk = app.later("2019-10-16T01:00:00Z", TOWN, Position::Officer).await;
        for (day, wanted) in [("2019-10-17", "NOT_FOUND"), ("2019-10-25", "NOT_DUE"), ("2019-11-22", "NOT_FOUND"), ("9999-12-31", "NOT_FOUND")] {
            let refused = report(&app, &clerk, day, day).await;
            assert_eq!(refused["userErrors"][0]["code"], wanted, "{day}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["input", "periodEnd"]));
        }
        let village = app.later("2019-10-16T01:00:00Z", "COMMITTEE_V0101", Position::Officer).await;
        assert_eq!(states(&app, &village, "2019-10-18").await, []);
    }
}
