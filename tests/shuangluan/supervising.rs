//! An inspection whose finding is made good (S29), and a circular to the whole district (S30).

use serde_json::{Value, json};

use super::OWING;
use super::stage::{LEADER, OFFICE, Play, SUPERVISION, head, officer};

/// 28 to 31 October: Damiao's ledger lacks three visits; the second recheck passes.
pub(super) async fn inspection(play: &Play) {
    play.to("2019-10-28T10:00");
    let input = json!({ "idempotencyKey": play.key(), "campaignId": play.campaign, "departmentId": play.id("department", "DM_TOWN"),
        "inspectedOn": "2019-10-28", "summary": "抽查入户台账", "findings": [{ "text": "三户无走访记录", "rectifyBy": "2019-10-30" }] });
    let made = play.done(SUPERVISION, "inspectionRecord", "inspection { id }", input).await;
    let id = made["inspection"]["id"].clone();
    for (seat, seen) in [(officer("DM_TOWN"), 1), (officer("STS_TOWN"), 0), (OFFICE, 1), (LEADER, 1)] {
        assert_eq!(play.count(seat, "inspections").await, seen, "{seat:?}");
    }
    for (day, version, result) in [("2019-10-30", 1, "FAILED"), ("2019-10-31", 2, "PASSED")] {
        play.to(&format!("{day}T16:00"));
        let report = json!({ "idempotencyKey": play.key(), "inspectionId": id, "position": 1, "text": "已补访补录", "doneOn": day });
        assert_eq!(
            play.refused(officer("STS_TOWN"), "rectificationReport", report.clone()).await,
            ["NOT_FOUND"]
        );
        play.done(officer("DM_TOWN"), "rectificationReport", "inspection { id }", report).await;
        let recheck = json!({ "inspectionId": id, "position": 1, "expectedVersion": version, "result": result, "recheckedOn": day });
        let seen = play
            .done(SUPERVISION, "findingRecheck", "inspection { findings { recheck isOverdue } }", recheck)
            .await;
        assert_eq!(seen["inspection"]["findings"][0]["recheck"], result);
    }
}

/// 4 to 6 November: two townships have enough to be ranked; the figures stay as they were approved.
pub(super) async fn circular(play: &Play) {
    play.to("2019-11-04T10:00");
    let input = json!({ "idempotencyKey": play.key(), "campaignId": play.campaign, "title": "第一期通报", "text": "各单位梳理归类情况如下。",
        "periodFrom": "2019-10-15", "periodTo": "2019-11-03", "rate": "CLASSIFIED" });
    let selection = "circular { id figures { name numerator denominator rank } }";
    let drafter = SUPERVISION;
    let made = play.done(drafter, "circularDraft", selection, input).await["circular"].clone();
    let figures = made["figures"].as_array().unwrap();
    let ranked: Vec<&Value> = figures.iter().filter(|line| !line["rank"].is_null()).collect();
    let line = |name: &str, of: [i64; 2], rank: i64| json!({ "name": name, "numerator": of[0], "denominator": of[1], "rank": rank });
    assert_eq!(ranked, [&line("西地满族乡", [11, 11], 1), &line("双塔山镇", [12, 13], 2)]);
    let step = |version: i32| json!({ "circularId": made["id"], "expectedVersion": version });
    assert_eq!(play.refused(drafter, "circularApprove", step(1)).await, ["NOT_ENTITLED"]);
    assert_eq!(play.refused(drafter, "circularIssue", step(1)).await, ["WRONG_STAGE"]);
    play.done(head("SUPERVISION_OFFICE"), "circularApprove", selection, step(1)).await;
    assert_eq!(play.count(officer("STS_TOWN"), "circulars").await, 0, "not issued yet");
    play.to("2019-11-05T10:00");
    play.done(drafter, "circularIssue", selection, step(2)).await;
    receipts(play, &made["id"]).await;
}

/// Every department takes note of it and sees its own receipt alone.
async fn receipts(play: &Play, circular: &Value) {
    play.to("2019-11-06T10:00");
    for department in OWING {
        let input = json!({ "circularId": circular });
        let selection = "circular { receipts { department { code } } }";
        let receipt = play.done(officer(department), "circularAcknowledge", selection, input).await;
        assert_eq!(
            receipt["circular"]["receipts"],
            json!([{ "department": { "code": department } }]),
            "its own alone"
        );
    }
    let all = play.seen(OFFICE, "Circular", circular, "status receipts { at }").await;
    assert_eq!((&all["status"], all["receipts"].as_array().unwrap().len()), (&json!("ISSUED"), OWING.len()));
}
