//! Explaining what was not adopted, and closing the campaign when nothing is left.

use entity::enums::Position;
use serde_json::{Value, json};

use super::projects::{create, decide};
use super::{call, campaign, done, entered, refused, seen};
use crate::support::TestApp;
use crate::support::on_both_databases;
use crate::support::personas::{Persona, SHUANGLUAN};

async fn explain(app: &TestApp, who: &Persona, key: &str, ids: &[&Value]) -> Value {
    json!({ "idempotencyKey": format!("explain-{key}"), "campaignId": campaign(app, who).await, "text": "因财力所限，明年再行研究。",
        "channel": "VILLAGE_MEETING", "submissionIds": ids })
}

async fn ends(app: &TestApp, who: &Persona) -> Value {
    let query = "query ($id: ID!) { dispositionCounts(campaignId: $id) { disposition count } }";
    let data = app.data(who, query, json!({ "id": campaign(app, who).await })).await;
    data["dispositionCounts"].clone()
}

on_both_databases! {
    async fn a_campaign_closes_when_every_suggestion_has_its_outcome(app: TestApp) {
        let app = app.with_both_counties().await;
        let one = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let other = app.persona(SHUANGLUAN, "LH_TOWN", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let ids = [
            entered(&app, &one, "adopted").await, entered(&app, &other, "merged").await, entered(&app, &other, "explained").await,
            entered(&app, &other, "merged-too").await, entered(&app, &one, "withdrawn").await, entered(&app, &one, "rejected").await,
        ];
        let [adopted, merged, explained, merged_too, withdrawn, rejected] = &ids;
        done(&app, &one, "submissionWithdraw", "submission { id }", json!({ "submissionId": withdrawn, "expectedVersion": 1, "reason": "重复登记" })).await;
        for (key, target, duplicate) in [("one", adopted, merged), ("two", explained, merged_too)] {
            let input = json!({ "idempotencyKey": format!("merge-{key}"), "targetId": target, "expectedVersion": 1, "duplicateIds": [duplicate], "reason": "内容相同" });
            done(&app, &office, "submissionMerge", "submission { id }", input).await;
        }
        let project = create(&app, &office, &one, "yes", &[adopted]).await["id"].clone();
        let turned_down = create(&app, &office, &one, "no", &[rejected]).await["id"].clone();
        let close = json!({ "campaignId": campaign(&app, &office).await });
        let payload = call(&app, &office, "campaignClose", "campaign { id }", close.clone()).await;
        assert_eq!(payload["userErrors"][0]["code"], "UNCOVERED");
        assert!(payload["userErrors"][0]["message"].as_str().unwrap().contains("尚有 5 件"), "{payload}");

        // While a meeting may still say yes, nobody is told no; and nobody explains another's.
        assert_eq!(refused(&app, &one, "explanationRecord", explain(&app, &one, "early", &[rejected]).await).await, "WRONG_STAGE");
        assert_eq!(refused(&app, &one, "explanationRecord", explain(&app, &one, "foreign", &[explained]).await).await, "NOT_FOUND");
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-12", &project, "ADOPT").await;
        decide(&app, &office, "PARTY_STANDING", "2022-03-13", &project, "ADOPT").await;
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-14", &turned_down, "REJECT").await;
        assert_eq!(refused(&app, &one, "explanationRecord", explain(&app, &one, "adopted", &[adopted]).await).await, "WRONG_STAGE");

        let selection = "explanation { id version covered submissions { totalCount } }";
        let first = done(&app, &other, "explanationRecord", selection, explain(&app, &other, "many", &[explained, merged_too]).await).await;
        assert_eq!(first["explanation"]["submissions"]["totalCount"], 2);
        assert_eq!(refused(&app, &other, "explanationRecord", explain(&app, &other, "twice", &[explained]).await).await, "DUPLICATE");
        assert_eq!(seen(&app, &other, explained).await["stage"], "RECEIVED", "written is not told");
        let deliver = |id: &Value, proof: &str| json!({ "explanationId": id, "expectedVersion": 1, "deliveredOn": "2022-03-15", "proof": proof });
        let id = &first["explanation"]["id"];
        assert_eq!(refused(&app, &other, "explanationDeliver", deliver(id, " ")).await, "INVALID");
        assert_eq!(refused(&app, &one, "explanationDeliver", deliver(id, "村民会议记录")).await, "NOT_FOUND");
        done(&app, &other, "explanationDeliver", selection, deliver(id, "村民会议记录")).await;
        let told = seen(&app, &other, explained).await;
        assert_eq!((&told["stage"], &told["records"][0]["action"]), (&json!("DECLINED"), &json!("DECLINED")));
        assert_eq!(told["explanation"]["deliveredOn"], "2022-03-15");
        assert_eq!(seen(&app, &other, merged_too).await["stage"], "MERGED");
        assert_eq!(refused(&app, &office, "submissionUnmerge", json!({ "submissionId": merged_too, "expectedVersion": 2 })).await, "WRONG_STAGE");

        let second = done(&app, &one, "explanationRecord", selection, explain(&app, &one, "last", &[rejected]).await).await;
        assert_eq!(refused(&app, &office, "campaignClose", close.clone()).await, "UNCOVERED", "written is not told");
        done(&app, &one, "explanationDeliver", selection, deliver(&second["explanation"]["id"], "公告照片")).await;
        let wanted = json!([{ "disposition": "IN_PROJECT", "count": 2 }, { "disposition": "DECLINED", "count": 3 }, { "disposition": "WITHDRAWN", "count": 1 }]);
        assert_eq!(ends(&app, &office).await, wanted);
        done(&app, &office, "campaignClose", "campaign { closing { closedAt } }", close.clone()).await;
        assert_eq!(refused(&app, &office, "campaignClose", close).await, "CAMPAIGN_CLOSED");
        let late = json!({ "idempotencyKey": "late-entry", "channelId": app.channel_id(&one, "HOUSEHOLD_VISIT").await, "title": "迟到", "content": "迟到的建议" });
        assert_eq!(refused(&app, &one, "submissionRecord", late).await, "CAMPAIGN_CLOSED");
    }
}
