//! Five Fridays: thirty departments report (S19). Taxi street leaves 1 November out, Nanshan street is a day late with
//! 8 November, and Shuangtashan corrects 25 October, which makes it no later.

use serde_json::{Value, json};

use super::OWING;
use super::stage::{OFFICE, Play, officer};

/// Who leaves out which report.
pub(super) const MISSING: (&str, &str) = ("TX_STREET", "2019-11-01");
/// Who is late with which report.
pub(super) const LATE: (&str, &str) = ("NS_STREET", "2019-11-08");
/// Who corrects which report.
const CORRECTED: (&str, &str) = ("STS_TOWN", "2019-10-25");

const REPORT: &str =
    "weeklyReport { id edition isLate periodStart figures { received receivedInAll unclassified } }";

pub(super) async fn friday(play: &Play, day: &'static str) {
    play.to(&format!("{day}T17:00"));
    for department in OWING {
        if ![MISSING, LATE].contains(&(department, day)) {
            let report = hand_in(play, department, day).await;
            assert_eq!((&report["edition"], &report["isLate"]), (&json!(1), &json!(false)), "{department}");
            figures(play, department, day, &report);
        }
    }
    // Whoever has a day left is not late yet.
    let states = states(play, day).await;
    let late = |code: &str| [MISSING, LATE].contains(&(code, day));
    assert!(
        states.iter().all(|(code, state)| state == if late(code) { "NOT_DUE" } else { "ON_TIME" }),
        "{states:?}"
    );
    afterwards(play, day).await;
}

async fn hand_in(play: &Play, department: &'static str, day: &str) -> Value {
    let input = json!({ "idempotencyKey": play.key(), "campaignId": play.campaign, "periodEnd": day,
        "narrative": "本周入户走访、召开座谈会，收集意见建议并归类。" });
    let payload = play.done(officer(department), "weeklyReportSubmit", REPORT, input).await;
    payload["weeklyReport"].clone()
}

/// Everything came in during the first, short week.
fn figures(play: &Play, department: &str, day: &str, report: &Value) {
    let all = play.cases_of(department).len();
    let week = if day == "2019-10-18" { all } else { 0 };
    let unclassified = usize::from(department == "STS_TOWN" && day != "2019-11-15");
    let wanted = json!({ "received": week, "receivedInAll": all, "unclassified": unclassified });
    assert_eq!(report["figures"], wanted, "{department} {day}");
    if day == "2019-10-18" {
        assert_eq!(report["periodStart"], "2019-10-15");
    }
}

/// The day after: who was missing, who comes late, who corrects.
async fn afterwards(play: &Play, day: &'static str) {
    let next: chrono::NaiveDate = day.parse().unwrap();
    play.to(&format!("{}T09:00", next + chrono::Days::new(1)));
    if day == LATE.1 {
        assert_eq!(hand_in(play, LATE.0, day).await["isLate"], true);
    }
    if day == CORRECTED.1 {
        let second = hand_in(play, CORRECTED.0, day).await;
        assert_eq!(second["edition"], 2);
    }
    let states = states(play, day).await;
    assert_eq!(states.len(), OWING.len());
    for (code, state) in &states {
        let wanted = match (code.as_str(), day) {
            MISSING => "MISSING",
            LATE => "LATE",
            _ => "ON_TIME",
        };
        assert_eq!(state, wanted, "{code} on {day}");
    }
    nobody_sees_anothers(play, day).await;
}

async fn states(play: &Play, day: &str) -> Vec<(String, String)> {
    let query = "query ($id: ID!, $day: Date!) { weeklyReportStatus(campaignId: $id, periodEnd: $day) { state department { code } } }";
    let data = play.ask(OFFICE, query, json!({ "id": play.campaign, "day": day })).await;
    let rows = data["weeklyReportStatus"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["department"]["code"]), text(&row["state"]))).collect()
}

async fn nobody_sees_anothers(play: &Play, day: &str) {
    let query = "query ($id: ID!, $day: Date!) { weeklyReports(campaignId: $id, filter: { periodEnd: $day }) { totalCount nodes { department { code } } }
        weeklyReportStatus(campaignId: $id, periodEnd: $day) { department { code } } }";
    let data = play.ask(officer("DM_TOWN"), query, json!({ "id": play.campaign, "day": day })).await;
    let own = json!([{ "department": { "code": "DM_TOWN" } }]);
    assert_eq!((&data["weeklyReports"]["nodes"], &data["weeklyReportStatus"]), (&own, &own));
}
