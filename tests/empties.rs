//! What matches nothing: rows of zeros where they are asked for, lists that stay empty, and names of nothing that are errors.

use std::collections::BTreeSet;

use axum::body::Body;
use entity::enums::Position;
use minsheng::ids::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, code, on_both_databases, post};

const ROWS: &str = "query ($filter: SubmissionFilter, $by: [OverviewDimension!]!, $zeros: Boolean!) { overview(filter: $filter) {
    rows(by: $by, zeros: $zeros) { keys { value label } figures { received } filter } } }";

async fn rows(app: &TestApp, who: &Persona, by: Value, filter: Value, zeros: bool) -> Vec<Value> {
    let data = app.data(who, ROWS, json!({ "filter": filter, "by": by, "zeros": zeros })).await;
    data["overview"]["rows"].as_array().unwrap().clone()
}

fn received(rows: &[Value]) -> i64 {
    rows.iter().map(|row| row["figures"]["received"].as_i64().unwrap()).sum()
}

/// What the values of a table are called.
fn labels(rows: &[Value]) -> BTreeSet<String> {
    rows.iter().map(|row| row["keys"][0]["label"].as_str().unwrap().to_owned()).collect()
}

/// A suggestion of a township of Huoqiu.
async fn record(app: &TestApp, who: &Persona) {
    let input = json!({ "idempotencyKey": "the-only-one", "channelId": app.channel_id(who, "HOUSEHOLD_VISIT").await,
        "title": "村口路灯不亮", "content": "已有半月。", "receivedAt": "2022-03-02T02:00:00Z" });
    let made = app.data(who, crate::support::records::RECORD, json!({ "input": input })).await;
    assert_eq!(made["submissionRecord"]["userErrors"], json!([]), "{made}");
}

/// One error that names an argument.
fn names(answer: &Value, argument: &str) -> bool {
    code(answer) == "BAD_USER_INPUT" && answer["errors"][0]["message"].as_str().unwrap().starts_with(argument)
}

on_both_databases! {
    async fn zeros_list_every_value_of_a_dimension_and_change_no_sum(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        record(&app, &clerk).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let plan = app.data(&leader, "{ campaigns { streams { department { name } } categories { name } channels { name } villages(first: 1) { totalCount } } }", json!({})).await;
        let plan = plan["campaigns"][0].clone();
        let of_plan = |list: &str, name: fn(&Value) -> &Value| -> BTreeSet<String> {
            plan[list].as_array().unwrap().iter().map(|row| name(row).as_str().unwrap().to_owned()).collect()
        };
        let mut classes = of_plan("categories", |row| &row["name"]);
        classes.insert("待归类".to_owned());
        for (by, expected) in [
            ("DEPARTMENT", of_plan("streams", |row| &row["department"]["name"])),
            ("CATEGORY", classes),
            ("CHANNEL", of_plan("channels", |row| &row["name"])),
        ] {
            let some = rows(&app, &leader, json!([by]), json!({}), false).await;
            let all = rows(&app, &leader, json!([by]), json!({}), true).await;
            assert_eq!((some.len(), received(&some), received(&all)), (1, 1, 1), "{by}");
            assert_eq!(labels(&all), expected, "{by}");
        }
        for (by, count) in [("KIND", 5), ("STAGE", 11)] {
            assert_eq!(rows(&app, &leader, json!([by]), json!({}), true).await.len(), count, "{by}");
        }
        let villages = usize::try_from(plan["villages"]["totalCount"].as_u64().unwrap()).unwrap();
        assert_eq!(rows(&app, &leader, json!(["VILLAGE"]), json!({}), true).await.len(), villages + 1);
        // A department's own table has itself alone.
        assert_eq!(rows(&app, &clerk, json!(["DEPARTMENT"]), json!({}), true).await.len(), 1);
        assert_eq!(rows(&app, &clerk, json!(["STREAM"]), json!({}), true).await.len(), 1);
        // By two dimensions every pair.
        assert_eq!(rows(&app, &leader, json!(["KIND", "STAGE"]), json!({}), true).await.len(), 55);
    }

    async fn zeros_keep_to_the_filter_and_the_period(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        record(&app, &clerk).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let listed = async |by: &str, filter: Value| rows(&app, &leader, json!([by]), filter, true).await;
        assert_eq!(labels(&listed("KIND", json!({ "kinds": ["PRAISE", "REQUEST"] })).await).len(), 2);
        assert_eq!(listed("STAGE", json!({ "queue": "TO_CLASSIFY" })).await.len(), 1);
        assert_eq!(labels(&listed("CATEGORY", json!({ "isClassified": false })).await), BTreeSet::from(["待归类".to_owned()]));
        assert!(!labels(&listed("CATEGORY", json!({ "isClassified": true })).await).contains("待归类"));
        for nothing in [json!({ "kinds": [] }), json!({ "receivedFrom": "2022-03-10", "receivedTo": "2022-03-01" })] {
            let by = if nothing["kinds"].is_array() { "KIND" } else { "DAY" };
            assert_eq!(listed(by, nothing).await, Vec::<Value>::new());
        }
        // From the first Monday of March 2022 to the last day of its second whole week.
        let weeks = listed("WEEK", json!({ "receivedFrom": "2022-02-28", "receivedTo": "2022-03-20" })).await;
        let first_days: Vec<&Value> = weeks.iter().map(|row| &row["keys"][0]["value"]).collect();
        assert_eq!(first_days, ["2022-02-28", "2022-03-07", "2022-03-14"]);
        let counts: Vec<&Value> = weeks.iter().map(|row| &row["figures"]["received"]).collect();
        assert_eq!(json!(counts), json!([1, 0, 0]));
        // Without a period from the campaign's first day until today: 2022-02-23 to 2022-03-16.
        assert_eq!(listed("DAY", json!({})).await.len(), 22);
        assert_eq!(listed("MONTH", json!({})).await.len(), 2);
        // More rows than a table may have.
        let far = json!({ "filter": { "receivedFrom": "0001-01-01", "receivedTo": "9999-12-31" }, "by": ["DAY"], "zeros": true });
        assert_eq!(code(&app.graphql(Some(&leader.token), ROWS, far).await.1), "BAD_USER_INPUT");
        let year = json!({ "filter": { "receivedFrom": "2022-01-01", "receivedTo": "2022-12-31" }, "by": ["DAY", "STAGE"], "zeros": true });
        assert_eq!(code(&app.graphql(Some(&leader.token), ROWS, year).await.1), "BAD_USER_INPUT");
    }

    async fn the_words_of_a_table_are_in_the_caller_s_language(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        for (by, zh, en) in [
            ("STAGE", "已归类", "Classified"), ("KIND", "表扬", "Praise"), ("CATEGORY", "待归类", "To be classified"), ("VILLAGE", "未注明", "Not stated"),
        ] {
            for (language, word) in [("zh-CN", zh), ("en", en)] {
                let query = json!({ "query": ROWS, "variables": { "by": [by], "zeros": true } }).to_string();
                let request = post().header("accept-language", language).header("authorization", format!("Bearer {}", leader.token));
                let answer: Value = serde_json::from_str(&app.send(request.body(Body::from(query)).unwrap()).await.2).unwrap();
                let rows = answer["data"]["overview"]["rows"].as_array().unwrap_or_else(|| panic!("{answer}"));
                assert!(labels(rows).contains(word), "{by} {language}: {answer}");
            }
        }
    }

    async fn a_campaign_that_is_not_there_is_an_error_that_names_the_argument_and_another_county_s_is_the_same(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let abroad = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        let abroad = app.data(&abroad, "{ campaigns { id } }", json!({})).await["campaigns"][0]["id"].clone();
        let own = app.data(&leader, "{ campaigns { id villages(first: 1) { nodes { id } } } }", json!({})).await["campaigns"][0].clone();
        let missing = app.app.ids.encode(Kind::Campaign, Uuid::from_u128(7)).0;
        let village = own["villages"]["nodes"][0]["id"].clone();
        for field in [
            "streams(campaignId: $c) { id }", "weeklyReports(campaignId: $c) { totalCount }", "reportPeriods(campaignId: $c) { name }",
            "weeklyReportStatus(campaignId: $c, periodEnd: \"2022-03-18\") { state }", "weeklyReportPreview(campaignId: $c) { period { name } }",
            "summaryTables(campaignId: $c) { totalCount }", "summaryTableStatus(campaignId: $c) { state }", "dispositionCounts(campaignId: $c) { count }",
            "rosterStatus(campaignId: $c) { dueOn }", "rosters(campaignId: $c) { id }", "unitPlans(campaignId: $c) { totalCount }",
            "tasks(campaignId: $c) { totalCount }", "symposiums(campaignId: $c) { totalCount }", "constituents(campaignId: $c) { totalCount }",
            "householdsNotReached(campaignId: $c, villageId: $v) { totalCount }", "meetings(campaignId: $c) { totalCount }",
            "projects(campaignId: $c) { totalCount }", "explanations(campaignId: $c) { totalCount }", "inspections(campaignId: $c) { totalCount }",
            "circulars(campaignId: $c) { totalCount }", "publicities(campaignId: $c) { totalCount }",
        ] {
            let query = format!("query ($c: ID!, $v: ID!) {{ {field} v: node(id: $v) {{ id }} }}");
            let asked = async |id: &Value| app.graphql(Some(&leader.token), &query, json!({ "c": id, "v": village })).await.1;
            let none = asked(&json!(missing)).await;
            assert!(names(&none, "campaignId"), "{field}: {none}");
            for other in [&abroad, &json!("nonsense"), &village] {
                assert_eq!(asked(other).await["errors"], none["errors"], "{field}: {other}");
            }
            assert!(asked(&own["id"]).await.get("errors").is_none(), "{field}");
        }
    }

    async fn a_village_a_stream_and_a_department_that_are_not_there_are_errors_too(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let id = app.data(&leader, "{ campaigns { id } }", json!({})).await["campaigns"][0]["id"].clone();
        for (argument, field) in [
            ("villageId", "householdsNotReached(campaignId: $c, villageId: $x) { totalCount }"),
            ("streamId", "constituents(campaignId: $c, streamId: $x) { totalCount }"),
            ("departmentId", "rosters(campaignId: $c, departmentId: $x) { id }"),
            ("departmentId", "node(id: $c) { ... on Campaign { villages(departmentId: $x) { totalCount } } }"),
            ("departmentId", "node(id: $c) { ... on Campaign { coverage(departmentId: $x) { asOf } } }"),
        ] {
            let query = format!("query ($c: ID!, $x: ID!) {{ {field} c: node(id: $c) {{ id }} }}");
            let answer = app.graphql(Some(&leader.token), &query, json!({ "c": id, "x": id })).await.1;
            assert!(names(&answer, argument), "{field}: {answer}");
        }
    }

    async fn a_filter_that_can_match_nothing_matches_nothing_and_is_no_error(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        record(&app, &clerk).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let campaign = app.data(&leader, "{ campaigns { id categories { id } } }", json!({})).await["campaigns"][0].clone();
        let suggestions = "query ($f: SubmissionFilter) { submissions(filter: $f) { totalCount nodes { id } } overview(filter: $f) { total { received } } }";
        let found = async |filter: Value| {
            let data = app.data(&leader, suggestions, json!({ "f": filter })).await;
            let listed = data["submissions"]["nodes"].as_array().unwrap().len();
            assert_eq!(data["submissions"]["totalCount"], json!(listed), "{filter}");
            assert_eq!(data["overview"]["total"]["received"], json!(listed), "{filter}");
            listed
        };
        assert_eq!(found(json!({})).await, 1);
        for filter in [
            json!({ "campaignIds": [] }), json!({ "campaignIds": ["nonsense"] }), json!({ "departmentIds": [] }), json!({ "streamIds": ["nonsense"] }),
            json!({ "stages": [] }), json!({ "kinds": [] }), json!({ "categoryIds": [] }), json!({ "channelIds": [] }), json!({ "villageIds": [] }),
            json!({ "receivedFrom": "2022-03-10", "receivedTo": "2022-03-01" }),
            json!({ "isClassified": false, "categoryIds": [campaign["categories"][0]["id"]] }),
            json!({ "hasVillage": false, "villageIds": ["nonsense"] }),
        ] {
            assert_eq!(found(filter.clone()).await, 0, "{filter}");
        }
        let lists = [
            ("visits", "query ($f: VisitFilter) { list: visits(filter: $f) { totalCount } }",
                vec![json!({ "campaignIds": [] }), json!({ "villageIds": ["nonsense"] }), json!({ "kinds": [] }), json!({ "visitedFrom": "2022-03-10", "visitedTo": "2022-03-01" })]),
            ("weeklyReports", "query ($f: WeeklyReportFilter, $c: ID!) { list: weeklyReports(campaignId: $c, filter: $f) { totalCount } }",
                vec![json!({ "departmentIds": [] }), json!({ "departmentIds": ["nonsense"] }), json!({ "periodEnd": "2022-03-02" })]),
            ("summaryTables", "query ($f: SummaryTableFilter, $c: ID!) { list: summaryTables(campaignId: $c, filter: $f) { totalCount } }",
                vec![json!({ "departmentIds": [] }), json!({ "statuses": [] })]),
        ];
        for (name, query, filters) in lists {
            for filter in filters {
                let mut variables = json!({ "f": filter });
                if query.contains("$c") {
                    variables["c"] = campaign["id"].clone();
                }
                let data = app.data(&leader, query, variables).await;
                assert_eq!(data["list"]["totalCount"], 0, "{name}: {filter}");
            }
        }
    }
}
