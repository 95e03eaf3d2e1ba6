//! What decisions make people owe: explanations of what was not adopted, and results of meetings.

use super::*;
use crate::decision::{campaign, department, done, entered};
use crate::support::on_both_databases;

on_both_databases! {
    async fn what_was_rejected_is_explained_and_the_explanation_delivered(app: TestApp) {
        let app = app.with_both_counties().await;
        let (town, other) = (officer(&app, "STS_TOWN").await, officer(&app, "LH_TOWN").await);
        let (owner, office) = (officer(&app, "HOUSING").await, officer(&app, "CAMPAIGN_OFFICE").await);
        let (own, foreign) = (entered(&app, &town, "agenda-own").await, entered(&app, &other, "agenda-foreign").await);
        let campaign = campaign(&app, &office).await;
        let project = json!({ "idempotencyKey": "agenda-project", "campaignId": campaign, "title": "农村路灯改造", "content": "三百盏",
            "departmentId": department(&app, &owner).await, "submissionIds": [own, foreign] });
        let project = done(&app, &office, "projectCreate", "project { id }", project).await["project"]["id"].clone();
        let meeting = json!({ "idempotencyKey": "agenda-meeting", "campaignId": campaign, "kind": "GOVERNMENT_EXECUTIVE", "heldOn": "2022-03-16" });
        let meeting = done(&app, &office, "meetingPlan", "meeting { id }", meeting).await["meeting"]["id"].clone();
        let later = json!({ "idempotencyKey": "agenda-later", "campaignId": campaign, "kind": "GOVERNMENT_EXECUTIVE", "heldOn": "2022-03-17" });
        done(&app, &office, "meetingPlan", "meeting { id }", later).await;
        let put = json!({ "meetingId": meeting, "expectedVersion": 1, "projectId": project });
        done(&app, &office, "agendaPut", "meeting { id }", put).await;

        let results = of(&app, &office, "MEETING_RESULT_DUE").await;
        assert_eq!((results.len(), &results[0]["object"]["id"], &results[0]["action"]), (1, &meeting, &json!("meetingResultRecord")), "tomorrow's is not owed today");
        assert!(of(&app, &town, "EXPLANATION_DUE").await.is_empty(), "nothing is decided yet");
        let result = json!({ "meetingId": meeting, "expectedVersion": 2, "minutesNumber": "〔2022〕3号", "results": [{ "projectId": project, "result": "REJECT", "reason": "财力所限" }] });
        done(&app, &office, "meetingResultRecord", "meeting { id }", result).await;
        assert!(of(&app, &office, "MEETING_RESULT_DUE").await.is_empty());

        let explain = of(&app, &town, "EXPLANATION_DUE").await;
        assert_eq!((explain.len(), &explain[0]["count"], &explain[0]["object"]["id"], &explain[0]["action"]), (1, &json!(1), &project, &json!("explanationRecord")));
        let explanation = json!({ "idempotencyKey": "agenda-explain", "campaignId": campaign, "text": "今年财力所限。", "channel": "REPLY", "submissionIds": [own] });
        done(&app, &town, "explanationRecord", "explanation { id }", explanation).await;
        let deliver = of(&app, &town, "EXPLANATION_DUE").await;
        assert_eq!((deliver.len(), &deliver[0]["action"], &deliver[0]["object"]["kind"]), (1, &json!("explanationDeliver"), &json!("Explanation")));
        let told = json!({ "explanationId": deliver[0]["object"]["id"], "expectedVersion": 1, "deliveredOn": "2022-03-16", "proof": "当面告知" });
        done(&app, &town, "explanationDeliver", "explanation { id }", told).await;
        assert!(of(&app, &town, "EXPLANATION_DUE").await.is_empty());
        // The other collector's part is still open, and nobody else's.
        assert_eq!(buttons(&app, &other, "EXPLANATION_DUE").await, button("explanationRecord", "Project"));
        for nobody in [&owner, &office] {
            assert!(of(&app, nobody, "EXPLANATION_DUE").await.is_empty(), "{}", nobody.department);
        }
    }

    async fn a_closed_campaign_is_owed_nothing_for(app: TestApp) {
        let app = app.with_both_counties().await;
        let (town, office) = (officer(&app, "STS_TOWN").await, officer(&app, "CAMPAIGN_OFFICE").await);
        assert!(!owed(&app, &town).await.is_empty());
        done(&app, &office, "campaignClose", "campaign { id }", json!({ "campaignId": campaign(&app, &office).await })).await;
        assert!(owed(&app, &town).await.is_empty());
    }

    async fn a_campaign_that_has_not_begun_is_owed_nothing_for(app: TestApp) {
        let app = app.at("2019-10-14T01:00:00Z").await;
        let town = officer(&app, "STS_TOWN").await;
        assert!(owed(&app, &town).await.is_empty());
        app.app.clock.set("2019-10-15T01:00:00Z".parse().unwrap());
        let town = officer(&app, "STS_TOWN").await;
        assert!(!owed(&app, &town).await.is_empty());
    }
}
