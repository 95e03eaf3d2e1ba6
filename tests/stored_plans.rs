//! Plans that an earlier release applied and this one would refuse: they run, and the operator is told.

use entity::campaign::{Column, Entity};
use entity::enums::Position;
use minsheng::campaign::plans;
use minsheng::db::Predicate;
use minsheng::plan::Plan;
use minsheng::scope::system;
use serde_json::{Value, json};

use crate::support::personas::HUOQIU;
use crate::support::records::code;
use crate::support::{TestApp, on_both_databases};

const PLAN: &str = include_str!("../api/plans/huoqiu-2022.toml");

/// Everything that reads a plan.
const READS: &str = "query ($c: ID!) {
    campaigns { id forms { streamCode fields { key } } permissions { canClose canAcknowledge }
        coverage { total { reached } townships { department { code } villages { isMet } } }
        constituencyCoverage { total { registered } } conformance { code status figure { numerator } } }
    reportPeriods(campaignId: $c) { dueKey periodEnd }
    weeklyReportStatus(campaignId: $c, periodEnd: \"2022-03-18\") { state }
    summaryTableStatus(campaignId: $c) { state outstanding { unclassified } }
    rosterStatus(campaignId: $c) { dueOn isComplete }
    dispositionCounts(campaignId: $c) { disposition count }
}";

/// What stricter rules might forbid: each of these is refused by this release at `plan apply`.
fn refused_today() -> Vec<(&'static str, String)> {
    let mut texts = vec![
        ("a due day that many months lack", PLAN.replace("month_day = 28", "month_day = 31")),
        ("a field that plans had once", PLAN.replacen("[county]", "[county]\nmayor = \"无\"", 1)),
        ("a percentage above the whole", PLAN.replacen("percent = ", "percent = 1", 1)),
        ("an unknown weekday", PLAN.replacen("weekday = \"FRIDAY\"", "weekday = \"FRITAG\"", 1)),
        ("a limit of nothing", first_number_zero("amount = ")),
        ("a village without households", first_number_zero("households = ")),
        ("a role that nobody defines", PLAN.replacen("role = \"TOWNSHIP\"", "role = \"TOWN\"", 1)),
        ("an owner that nobody is", PLAN.replacen("owner = \"", "owner = \"GONE_", 1)),
        ("a channel without its fallback", PLAN.replacen("fallback = \"", "fallback = \"GONE_", 1)),
    ];
    texts.retain(|(_, text)| text != PLAN);
    texts
}

fn first_number_zero(key: &str) -> String {
    let Some(place) = PLAN.find(key) else {
        return PLAN.to_owned();
    };
    let (head, tail) = PLAN.split_at(place + key.len());
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    format!("{head}0{}", &tail[digits..])
}

/// Puts a plan into the database as an earlier release would have.
async fn store(app: &TestApp, text: &str, digest: &str) {
    let tx = app.app.db.begin_write(&system::operator(code(HUOQIU))).await.unwrap();
    let changes = vec![(Column::Plan, text.into()), (Column::PlanDigest, digest.into())];
    let rows = tx.update::<Entity>(Predicate::everything(), changes).await.unwrap();
    assert_eq!(rows, 1);
    tx.commit().await.unwrap();
}

fn without_failure(what: &str, answer: &Value) {
    let codes = answer["errors"].as_array().cloned().unwrap_or_default();
    let failed = codes.iter().any(|error| error["extensions"]["code"] == "INTERNAL");
    assert!(!failed && !answer["data"].is_null(), "{what}: {answer}");
}

on_both_databases! {
    async fn a_stored_plan_that_would_be_refused_today_runs_and_is_told_of(app: TestApp) {
        let app = app.with_both_counties().await;
        let leaders = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let seen = app.data(&leaders, "{ campaigns { id } }", json!({})).await;
        let campaign = &seen["campaigns"][0]["id"];
        assert!(plans::unfit(&app.app).await.unwrap().is_empty());
        let cases = refused_today();
        assert!(cases.len() >= 7, "{}", cases.len());
        for (number, (what, text)) in cases.iter().enumerate() {
            assert!(Plan::parse("plan.toml", text).is_err(), "{what} is refused at `plan apply`");
            store(&app, text, &format!("older-{number}")).await;
            for who in [&leaders, &office, &clerk] {
                let answer = app.graphql(Some(&who.token), READS, json!({ "c": campaign })).await.1;
                without_failure(what, &answer);
            }
            let submit = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { number } userErrors { code } } }";
            let to = json!({ "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" });
            let input = json!({ "to": to, "title": what, "content": "已有半月。", "idempotencyKey": format!("stored-{number:04}") });
            let answer = app.graphql(None, submit, json!({ "input": input })).await.1;
            without_failure(what, &answer);
            assert!(answer["data"]["submissionSubmit"]["receipt"].is_object(), "{what}: {answer}");
            let unfit = plans::unfit(&app.app).await.unwrap();
            assert_eq!(unfit.len(), 1, "{what}");
            assert_eq!((unfit[0].county.as_str(), unfit[0].campaign.as_str()), (HUOQIU, "MSQT-2022"));
            assert!(!unfit[0].errors.is_empty());
        }
        // Mended and applied, nothing is left to tell.
        app.apply_plan(&PLAN.replacen("[county]", "# 已修正\n[county]", 1)).await;
        assert!(plans::unfit(&app.app).await.unwrap().is_empty());
    }
}
