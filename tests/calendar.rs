//! Working days as portals ask for them: what is known of a year, how many are left, and a year that a plan brings.

use axum::body::Body;
use entity::enums::Position;
use serde_json::{Value, json};

use crate::permissions::portal;
use crate::support::personas::{HUOQIU, Persona};
use crate::support::{TestApp, code, on_both_databases, post};

const PLAN: &str = include_str!("../api/plans/huoqiu-2022.toml");

/// A year that the program does not know, made up.
const NEXT: &str = r#"
[[calendar]]
year = 2027
valid_to = 2027-06-30
holidays = [{ name = "元旦", from = 2027-01-01, to = 2027-01-03, worked = [2027-01-09] }]
"#;

const YEAR: &str = "query ($year: Int) { campaigns { code calendar(year: $year) {
    year paper validFrom validTo specialDays { day isWorked name } } } }";
const LEFT: &str = "query ($from: Date, $to: Date!) { campaigns { code workingDays(from: $from, to: $to) } }";

async fn asked(app: &TestApp, who: &Persona, query: &str, variables: Value) -> Value {
    app.graphql(Some(&who.token), query, variables).await.1
}

/// The one campaign of an answer without errors.
fn campaign(answer: &Value) -> &Value {
    assert!(answer.get("errors").is_none(), "{answer}");
    &answer["data"]["campaigns"][0]
}

on_both_databases! {
    async fn a_year_is_told_with_its_days_off_and_those_that_are_worked_instead(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        // This year, which is 2022, and the same by its number.
        let answer = asked(&app, &clerk, YEAR, json!({})).await;
        let year = &campaign(&answer)["calendar"];
        assert_eq!((&year["year"], &year["validFrom"], &year["validTo"]), (&json!(2022), &json!("2022-01-01"), &json!("2022-12-31")));
        assert!(year["paper"].is_string(), "{year}");
        let days = year["specialDays"].as_array().unwrap();
        assert_eq!(days.len(), 39);
        assert_eq!(days[0], json!({ "day": "2022-01-01", "isWorked": false, "name": "元旦" }));
        assert!(days.contains(&json!({ "day": "2022-04-02", "isWorked": true, "name": "清明节" })), "{year}");
        assert!(days.is_sorted_by_key(|day| day["day"].as_str().unwrap().to_owned()), "{year}");
        let named = asked(&app, &clerk, YEAR, json!({ "year": 2022 })).await;
        assert_eq!(&campaign(&named)["calendar"], year);
    }

    async fn the_working_days_that_are_left_are_counted_from_today_or_from_a_day(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        // Today is Wednesday, the 16th of March 2022.
        for (from, to, left) in [
            (Value::Null, "2022-03-16", 0),
            (Value::Null, "2022-03-18", 2),
            (Value::Null, "2022-03-21", 3),
            (Value::Null, "2022-03-14", -2),
            // Over Qingming: off from the 3rd to the 5th of April, and Saturday the 2nd is worked.
            (json!("2022-04-01"), "2022-04-06", 2),
            (json!("2022-04-06"), "2022-04-01", -2),
        ] {
            let answer = asked(&app, &clerk, LEFT, json!({ "from": from, "to": to })).await;
            assert_eq!(campaign(&answer)["workingDays"], left, "{from} {to}");
        }
    }

    async fn a_portal_reads_the_calendar_of_its_campaign(app: TestApp) {
        let app = app.with_both_counties().await;
        let token = portal(&app).await;
        let query = "{ campaigns { code workingDays(to: \"2022-03-21\") calendar { year } } }";
        let answer = app.graphql(Some(&token), query, json!({})).await.1;
        assert_eq!(campaign(&answer), &json!({ "code": "MSQT-2022", "workingDays": 3, "calendar": { "year": 2022 } }));
    }

    async fn a_year_that_is_not_known_is_an_error_that_says_which_and_takes_nothing_else_along(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        for (query, variables, argument, year) in [
            (YEAR, json!({ "year": 2027 }), "year", "2027"),
            (YEAR, json!({ "year": 2018 }), "year", "2018"),
            (YEAR, json!({ "year": i32::MIN }), "year", "-2147483648"),
            (LEFT, json!({ "to": "2027-01-04" }), "to", "2027"),
            (LEFT, json!({ "to": "9999-12-31" }), "to", "2027"),
            (LEFT, json!({ "from": "0001-01-01", "to": "2022-03-16" }), "to", "1"),
        ] {
            let answer = asked(&app, &clerk, query, variables.clone()).await;
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
            let section = if query == YEAR { "calendar" } else { "workingDays" };
            assert_eq!(answer["data"]["campaigns"], json!([{ "code": "MSQT-2022", section: null }]), "{answer}");
            for (language, told) in [
                ("zh-CN", format!("没有 {year} 年的放假安排")),
                ("en", format!("the holidays of {year} are not known")),
            ] {
                let body = json!({ "query": query, "variables": variables }).to_string();
                let request = post().header("accept-language", language).header("authorization", format!("Bearer {}", clerk.token));
                let answer: Value = serde_json::from_str(&app.send(request.body(Body::from(body)).unwrap()).await.2).unwrap();
                let message = answer["errors"][0]["message"].as_str().unwrap();
                assert!(message.starts_with(argument) && message.contains(&told), "{message}");
            }
        }
    }

    async fn a_plan_that_is_applied_brings_its_years(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let left = async |to: &str| asked(&app, &clerk, LEFT, json!({ "from": "2026-12-31", "to": to })).await;
        assert_eq!(code(&left("2027-01-04").await), "BAD_USER_INPUT");
        app.apply_plan(&format!("{PLAN}{NEXT}")).await;
        assert_eq!(campaign(&left("2027-01-09").await)["workingDays"], 6);
        let answer = asked(&app, &clerk, YEAR, json!({ "year": 2027 })).await;
        let year = &campaign(&answer)["calendar"];
        assert_eq!((&year["paper"], &year["validTo"]), (&Value::Null, &json!("2027-06-30")));
        assert_eq!(year["specialDays"].as_array().map(Vec::len), Some(4));
        // What the program knows is known all the same, and beyond its validity nothing.
        assert_eq!(campaign(&asked(&app, &clerk, YEAR, json!({ "year": 2026 })).await)["calendar"]["year"], 2026);
        assert_eq!(code(&left("2027-07-01").await), "BAD_USER_INPUT");
        // Without its section the plan is what it was.
        app.apply_plan(PLAN).await;
        assert_eq!(code(&left("2027-01-04").await), "BAD_USER_INPUT");
    }
}
