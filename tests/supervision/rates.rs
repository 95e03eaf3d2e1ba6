//! By what circulars rank: coverage, punctuality, findings, explanations; each out of what its text says.

use std::collections::BTreeMap;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::decision::{campaign, department, done, entered, refused};
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, on_both_databases};

/// Numerator, denominator and rank by the department's name.
type Lines = BTreeMap<String, (i64, i64, Option<i64>)>;

/// Sets the clock and signs somebody in anew.
async fn later(app: &TestApp, instant: &str, department: &str) -> Persona {
    app.app.clock.set(instant.parse().unwrap());
    app.persona(SHUANGLUAN, department, Position::Officer).await
}

async fn drafted(app: &TestApp, who: &Persona, rate: &str, to: &str) -> Lines {
    let input = json!({ "idempotencyKey": format!("rate-{rate}-{to}"), "campaignId": campaign(app, who).await, "title": "通报", "text": "情况如下。",
        "periodFrom": "2019-10-15", "periodTo": to, "rate": rate });
    let selection = "circular { figures { name numerator denominator rank } }";
    let made = done(app, who, "circularDraft", selection, input).await;
    let lines = made["circular"]["figures"].as_array().unwrap().iter();
    let number = |value: &Value| value.as_i64().unwrap();
    lines
        .map(|line| {
            let figures = (number(&line["numerator"]), number(&line["denominator"]), line["rank"].as_i64());
            (line["name"].as_str().unwrap().to_owned(), figures)
        })
        .collect()
}

/// Households covered and in all by township, in villages of a class, as `coverage` shows them.
async fn covered(app: &TestApp, who: &Persona, class: &str, numerator: &str) -> BTreeMap<String, (i64, i64)> {
    let query = "{ campaign(by: { code: \"MXGC-2020\" }) { coverage { townships { department { name } villages { class households reached atDoor } } } } }";
    let data = app.data(who, query, json!({})).await;
    let mut sums = BTreeMap::new();
    for township in data["campaign"]["coverage"]["townships"].as_array().unwrap() {
        for village in
            township["villages"].as_array().unwrap().iter().filter(|village| village["class"] == class)
        {
            let name = township["department"]["name"].as_str().unwrap().to_owned();
            let (of, whole): &mut (i64, i64) = sums.entry(name).or_default();
            *of += village[numerator].as_i64().unwrap();
            *whole += village["households"].as_i64().unwrap();
        }
    }
    sums
}

on_both_databases! {
    async fn circulars_rank_by_the_coverage_that_the_notice_sets(app: TestApp) {
        let app = app.at("2019-10-20T01:00:00Z").await;
        let town = later(&app, "2019-10-20T01:00:00Z", "STS_TOWN").await;
        let id = campaign(&app, &town).await;
        let data = app.data(&town, "{ campaigns { villages(first: 100) { nodes { id code } } } }", json!({})).await;
        let villages = data["campaigns"][0]["villages"]["nodes"].as_array().unwrap();
        let mut rows = Vec::new();
        for code in ["V0101", "V0102"] {
            let village = &villages.iter().find(|row| row["code"] == code).unwrap()["id"];
            let row = |household: i32, kind: &str| json!({ "clientRef": format!("{code}-{household}"), "villageId": village, "household": household,
                "visitedOn": "2019-10-19", "kind": kind });
            rows.extend([row(1, "DOOR"), row(2, "DOOR"), row(3, "SURVEY")]);
        }
        assert_eq!(done(&app, &town, "visitBatchRecord", "taken", json!({ "campaignId": id, "rows": rows })).await["taken"], 6);
        let supervision = later(&app, "2019-10-21T01:00:00Z", "SUPERVISION_OFFICE").await;
        let mut all = 0;
        for (rate, class, numerator) in [("COVERAGE_ENVIRONMENT_SCHEME", "ENVIRONMENT_SCHEME", "reached"), ("COVERAGE_ORDINARY", "ORDINARY", "atDoor")] {
            let wanted = covered(&app, &supervision, class, numerator).await;
            let found = drafted(&app, &supervision, rate, "2019-10-21").await;
            let parts: BTreeMap<String, (i64, i64)> = found.iter().map(|(name, (of, whole, _))| (name.clone(), (*of, *whole))).collect();
            assert_eq!(parts, wanted, "{rate}");
            assert!(found.values().all(|(_, whole, rank)| *whole > 0 && rank.is_some()), "households are no suggestions: {found:?}");
            let best = found.values().filter(|(of, ..)| *of > 0);
            assert!(best.clone().all(|(.., rank)| *rank == Some(1)), "{found:?}");
            all += best.map(|(of, ..)| of).sum::<i64>();
            // Nobody had visited before.
            let before = drafted(&app, &supervision, rate, "2019-10-18").await;
            assert!(before.values().all(|(of, _, rank)| (*of, *rank) == (0, Some(1))), "{before:?}");
        }
        assert!(all >= 4, "the township's villages are of one class or the other: {all}");
    }

    async fn circulars_rank_by_reports_tables_and_findings_that_were_due(app: TestApp) {
        let app = app.at("2019-10-18T01:00:00Z").await;
        let town = later(&app, "2019-10-18T01:00:00Z", "STS_TOWN").await;
        let id = campaign(&app, &town).await;
        let report = |key: &str, day: &str| json!({ "idempotencyKey": format!("rates-{key}"), "campaignId": id, "periodEnd": day, "narrative": "入户走访。" });
        done(&app, &town, "weeklyReportSubmit", "weeklyReport { id }", report("in-time", "2019-10-18")).await;
        let town = later(&app, "2019-10-26T01:00:00Z", "STS_TOWN").await;
        done(&app, &town, "weeklyReportSubmit", "weeklyReport { id }", report("late", "2019-10-25")).await;
        let supervision = later(&app, "2019-10-26T01:00:00Z", "SUPERVISION_OFFICE").await;
        let found = drafted(&app, &supervision, "REPORTS_ON_TIME", "2019-11-30").await;
        assert_eq!((found["双塔山镇"], found.len() > 20), ((1, 2, Some(1)), true), "{found:?}");
        assert!(found.iter().filter(|(name, _)| *name != "双塔山镇").all(|(_, line)| *line == (0, 2, Some(2))), "{found:?}");
        assert_eq!(drafted(&app, &supervision, "REPORTS_ON_TIME", "2019-10-17").await, Lines::new(), "nothing was due");
        assert_eq!(drafted(&app, &supervision, "TABLES_ON_TIME", "2019-11-30").await, Lines::new(), "not due yet");

        let finding = |by: &str| json!({ "text": "无走访记录", "rectifyBy": by });
        let input = json!({ "idempotencyKey": "rates-inspection", "campaignId": id, "departmentId": department(&app, &town).await, "inspectedOn": "2019-10-20",
            "summary": "入户台账抽查", "findings": [finding("2019-10-22"), finding("2019-10-24"), finding("2019-10-26")] });
        let made = done(&app, &supervision, "inspectionRecord", "inspection { id }", input).await;
        let inspection = &made["inspection"]["id"];
        for position in [1, 3] {
            let told = json!({ "idempotencyKey": format!("rates-told-{position}"), "inspectionId": inspection, "position": position, "text": "已补访", "doneOn": "2019-10-25" });
            done(&app, &town, "rectificationReport", "inspection { id }", told).await;
            let recheck = json!({ "inspectionId": inspection, "position": position, "expectedVersion": 1, "result": "PASSED", "recheckedOn": "2019-10-26" });
            done(&app, &supervision, "findingRecheck", "inspection { id }", recheck).await;
        }
        let found = drafted(&app, &supervision, "FINDINGS_PUT_RIGHT", "2019-10-31").await;
        assert_eq!(found, Lines::from([("双塔山镇".to_owned(), (1, 2, Some(1)))]), "the third still has its day");

        let supervision = later(&app, "2019-11-16T02:00:00Z", "SUPERVISION_OFFICE").await;
        let found = drafted(&app, &supervision, "TABLES_ON_TIME", "2019-11-15").await;
        assert!(found.len() > 20 && found.values().all(|line| *line == (0, 1, Some(1))), "{found:?}");
    }

    async fn who_owes_no_explanation_is_not_ranked_by_explanations(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let other = app.persona(SHUANGLUAN, "LH_TOWN", Position::Officer).await;
        let supervision = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Officer).await;
        let id = campaign(&app, &town).await;
        let mut cases = Vec::new();
        for n in 0..12 {
            cases.push(entered(&app, &town, &format!("rates-{n}")).await);
            entered(&app, &other, &format!("rates-other-{n}")).await;
        }
        let explanation = |key: &str, cases: &[Value]| json!({ "idempotencyKey": format!("rates-{key}"), "campaignId": id, "text": "今年财力所限。",
            "channel": "REPLY", "submissionIds": cases });
        let told = done(&app, &town, "explanationRecord", "explanation { id version }", explanation("told", &cases[..8])).await["explanation"].clone();
        let delivered = json!({ "explanationId": told["id"], "expectedVersion": told["version"], "deliveredOn": "2022-03-15", "proof": "电话告知" });
        done(&app, &town, "explanationDeliver", "explanation { id }", delivered).await;
        done(&app, &town, "explanationRecord", "explanation { id }", explanation("written", &cases[8..10])).await;
        let input = json!({ "idempotencyKey": "rates-explained", "campaignId": id, "title": "通报", "text": "情况如下。",
            "periodFrom": "2022-03-01", "periodTo": "2022-03-31", "rate": "EXPLAINED" });
        let selection = "circular { figures { name received explained numerator denominator rank } }";
        let made = done(&app, &supervision, "circularDraft", selection, input).await;
        let figures = made["circular"]["figures"].as_array().unwrap();
        let line = |received: i64| figures.iter().filter(|line| line["received"] == received).collect::<Vec<_>>();
        let wanted = json!({ "name": "双塔山镇", "received": 12, "explained": 8, "numerator": 8, "denominator": 10, "rank": 1 });
        assert_eq!(figures[0], wanted, "two wait for it, two are not decided");
        let undecided = line(12)[1];
        assert_eq!((&undecided["denominator"], undecided["rank"].is_null()), (&json!(0), true), "{undecided}");
    }

    async fn a_rate_that_the_plan_does_not_set_is_refused(app: TestApp) {
        let app = app.with_both_counties().await;
        let supervision = app.persona(HUOQIU, "SUPERVISION_OFFICE", Position::Officer).await;
        let id = campaign(&app, &supervision).await;
        let input = |rate: &str| json!({ "idempotencyKey": format!("rates-of-huoqiu-{rate}"), "campaignId": id, "title": "通报", "text": "情况如下。",
            "periodFrom": "2022-03-01", "periodTo": "2022-03-31", "rate": rate });
        assert_eq!(refused(&app, &supervision, "circularDraft", input("COVERAGE_ORDINARY")).await, "INVALID");
        done(&app, &supervision, "circularDraft", "circular { id }", input("CLASSIFIED")).await;
        let listed = app.data(&supervision, "{ circulars { totalCount } }", json!({})).await;
        assert_eq!(listed["circulars"]["totalCount"], 1);
    }

    async fn circulars_are_numbered_in_the_order_in_which_they_are_issued(app: TestApp) {
        let app = app.with_both_counties().await;
        let supervision = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let id = campaign(&app, &supervision).await;
        let mut drafts = Vec::new();
        for n in 0..3 {
            let input = json!({ "idempotencyKey": format!("numbered-{n}"), "campaignId": id, "title": "通报", "text": "情况如下。",
                "periodFrom": "2022-03-01", "periodTo": "2022-03-31", "rate": "CLASSIFIED" });
            drafts.push(done(&app, &supervision, "circularDraft", "circular { id number }", input).await["circular"].clone());
        }
        assert!(drafts.iter().all(|draft| draft["number"] == 0), "{drafts:?}");
        // The second draft is never issued, the third is issued first.
        for (draft, wanted) in [(&drafts[2], 1), (&drafts[0], 2)] {
            let step = |version: i32| json!({ "circularId": draft["id"], "expectedVersion": version });
            let approved = done(&app, &office, "circularApprove", "circular { number }", step(1)).await;
            assert_eq!(approved["circular"]["number"], 0);
            let issued = done(&app, &supervision, "circularIssue", "circular { number }", step(2)).await;
            assert_eq!(issued["circular"]["number"], wanted);
        }
    }
}
