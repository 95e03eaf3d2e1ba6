//! Whoever was not heeded is told why, and the campaign closes once nobody is left (S28).

use serde_json::{Value, json};

use super::collecting;
use super::decisions::ADOPTED;
use super::stage::{OFFICE, Play, officer};

/// Who explains last.
const LAST: &str = "NS_STREET";
/// The twelfth of Shuangtashan was entered twice and taken back.
const WITHDRAWN: (&str, usize) = ("STS_TOWN", 12);

pub(super) async fn play(play: &Play) {
    play.to("2020-01-15T09:00");
    not_those_of_others(play).await;
    for department in collecting().filter(|code| *code != LAST) {
        explain(play, department).await;
    }
    let close = json!({ "campaignId": play.campaign });
    assert_eq!(play.refused(officer(LAST), "campaignClose", close.clone()).await, ["FORBIDDEN"]);
    assert_eq!(play.refused(OFFICE, "campaignClose", close.clone()).await, ["UNCOVERED"]);
    let open = json!({ "disposition": "OPEN", "count": 1 });
    assert!(ends(play).await.as_array().unwrap().contains(&open));
    explain(play, LAST).await;
    let wanted = json!([
        { "disposition": "IN_PROJECT", "count": 7 },
        { "disposition": "DECLINED", "count": 48 },
        { "disposition": "WITHDRAWN", "count": 1 },
    ]);
    assert_eq!((ends(play).await, play.cases()), (wanted, 56));
    citizens_read_why(play).await;
    play.to("2020-01-20T09:00");
    play.done(OFFICE, "campaignClose", "campaign { closing { closedAt } }", close).await;
    let late = json!({ "idempotencyKey": play.key(), "channelId": play.id("channel", "SURVEY_FORM"), "title": "迟到", "content": "迟到的建议" });
    assert_eq!(play.refused(officer("TX_STREET"), "submissionRecord", late).await, ["CAMPAIGN_CLOSED"]);
    play.another_county_sees_nothing().await;
}

/// What of a department's became part of no project.
fn not_adopted(play: &Play, department: &str) -> Vec<Value> {
    let cases = play.cases_of(department).into_iter();
    let open = cases.filter(|case| {
        let this = (case.department, case.number);
        !ADOPTED.contains(&this) && this != WITHDRAWN
    });
    open.map(|case| case.id).collect()
}

fn explanation(play: &Play, ids: &[Value], channel: &str) -> Value {
    json!({ "idempotencyKey": play.key(), "campaignId": play.campaign, "text": "因财力所限，未列入2020年民心工程，将在今后工作中统筹考虑。",
        "channel": channel, "submissionIds": ids })
}

async fn not_those_of_others(play: &Play) {
    let foreign = explanation(play, &[play.case(LAST, 1)], "REPLY");
    assert_eq!(play.refused(officer("STS_TOWN"), "explanationRecord", foreign).await, ["NOT_FOUND"]);
    let adopted = explanation(play, &[play.case("STS_TOWN", 1)], "REPLY");
    assert_eq!(play.refused(officer("STS_TOWN"), "explanationRecord", adopted).await, ["WRONG_STAGE"]);
}

/// One explanation covers everything of a department, and is delivered with proof.
async fn explain(play: &Play, department: &'static str) {
    let ids = not_adopted(play, department);
    if ids.is_empty() {
        return;
    }
    let who = officer(department);
    let channel = match department {
        "PUBLICITY" | "TV_STATION" | "GOVERNMENT_AFFAIRS" => "REPLY",
        _ if department.ends_with("_STREET") || department.contains("TOWN") => "VILLAGE_MEETING",
        _ => "PUBLIC_NOTICE",
    };
    let made = play
        .done(who, "explanationRecord", "explanation { id covered }", explanation(play, &ids, channel))
        .await;
    assert_eq!(made["explanation"]["covered"], ids.len());
    let mut deliver = json!({ "explanationId": made["explanation"]["id"], "expectedVersion": 1, "deliveredOn": "2020-01-15", "proof": "" });
    assert_eq!(play.refused(who, "explanationDeliver", deliver.clone()).await, ["INVALID"], "without proof");
    deliver["proof"] = json!("会议记录和公示照片");
    play.done(who, "explanationDeliver", "explanation { deliveredOn }", deliver).await;
    assert_eq!(play.seen(who, "Submission", &ids[0], "stage").await["stage"], "DECLINED");
    assert_eq!(play.count(who, "explanations").await, 1, "its own alone");
}

async fn ends(play: &Play) -> Value {
    let query = "query ($id: ID!) { dispositionCounts(campaignId: $id) { disposition count } }";
    play.ask(OFFICE, query, json!({ "id": play.campaign })).await["dispositionCounts"].clone()
}

/// With the code of the receipt, and without an account.
async fn citizens_read_why(play: &Play) {
    let codes = play.receipts.borrow().clone();
    assert_eq!(codes.len(), 4);
    for code in codes {
        let query = "query ($code: String!) { receipt(code: $code) { stage explanation } }";
        let (_, answer) = play.app.graphql(None, query, json!({ "code": code })).await;
        let receipt = &answer["data"]["receipt"];
        assert_eq!(receipt["stage"], "DECLINED");
        assert!(receipt["explanation"].as_str().unwrap().contains("财力所限"), "{answer}");
    }
}
