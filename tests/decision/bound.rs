//! What was decided, told or closed is not changed behind the back of whoever decided it.

use entity::enums::Position;
use serde_json::{Value, json};

use super::projects::{create, decide};
use super::{campaign, done, entered, refused, seen};
use crate::support::personas::{Persona, SHUANGLUAN};
use crate::support::{TestApp, on_both_databases};

fn edit(id: &Value, version: i32) -> Value {
    json!({ "submissionId": id, "expectedVersion": version, "title": "村口路灯与井盖" })
}

fn withdraw(id: &Value, version: i32) -> Value {
    json!({ "submissionId": id, "expectedVersion": version, "reason": "重复登记" })
}

fn propose(id: &Value, version: i32) -> Value {
    json!({ "submissionId": id, "expectedVersion": version, "reason": "NO_SUGGESTION" })
}

async fn classify(app: &TestApp, who: &Persona, id: &Value, version: i32) -> Value {
    let data = app.data(who, "{ campaigns { categories { id } } }", json!({})).await;
    let class = data["campaigns"][0]["categories"][0]["id"].clone();
    json!({ "submissionId": id, "expectedVersion": version, "categoryId": class })
}

/// A step is refused with a code and changes nothing.
async fn stays(app: &TestApp, who: &Persona, field: &str, input: Value, wanted: &str) {
    let id = input["submissionId"].clone();
    let before = seen(app, who, &id).await;
    assert_eq!(refused(app, who, field, input).await, wanted, "{field}");
    assert_eq!(seen(app, who, &id).await, before, "{field}");
}

on_both_databases! {
    async fn what_became_part_of_a_project_is_not_withdrawn_and_once_adopted_not_changed(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let (taken, turned_down) = (entered(&app, &town, "taken").await, entered(&app, &town, "turned-down").await);
        let yes = create(&app, &office, &town, "yes", &[&taken]).await["id"].clone();
        let no = create(&app, &office, &town, "no", &[&turned_down]).await["id"].clone();
        // Before a meeting the words are still put right; whoever takes it back would take it from the meeting.
        stays(&app, &town, "submissionWithdraw", withdraw(&taken, 1), "WRONG_STAGE").await;
        stays(&app, &town, "submissionInvalidPropose", propose(&taken, 1), "WRONG_STAGE").await;
        done(&app, &town, "submissionEdit", "submission { id }", edit(&taken, 1)).await;
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-11", &no, "REJECT").await;
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-12", &yes, "ADOPT").await;
        decide(&app, &office, "PARTY_STANDING", "2022-03-13", &yes, "ADOPT").await;

        // Turned down it is to be explained, and there is no way round that.
        stays(&app, &town, "submissionWithdraw", withdraw(&turned_down, 1), "WRONG_STAGE").await;
        stays(&app, &town, "submissionInvalidPropose", propose(&turned_down, 1), "WRONG_STAGE").await;

        let again = json!({ "submissionId": taken, "expectedVersion": 2, "title": "别的" });
        stays(&app, &town, "submissionEdit", again, "WRONG_STAGE").await;
        stays(&app, &town, "submissionClassify", classify(&app, &town, &taken, 2).await, "WRONG_STAGE").await;
        stays(&app, &town, "submissionWithdraw", withdraw(&taken, 2), "WRONG_STAGE").await;
        let query = "query ($id: ID!) { node(id: $id) { ... on Submission { permissions { canEdit canClassify canWithdraw canProposeInvalid } } } }";
        let buttons = app.data(&town, query, json!({ "id": taken })).await["node"]["permissions"].clone();
        assert_eq!(buttons, json!({ "canEdit": false, "canClassify": false, "canWithdraw": false, "canProposeInvalid": false }));
    }

    async fn what_is_being_explained_is_not_withdrawn(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let id = entered(&app, &town, "explained").await;
        let explanation = json!({ "idempotencyKey": "explain-bound", "campaignId": campaign(&app, &town).await, "channel": "REPLY",
            "text": "今年财力所限，列入明年计划。", "submissionIds": [id] });
        let made = done(&app, &town, "explanationRecord", "explanation { id }", explanation).await["explanation"].clone();
        stays(&app, &town, "submissionWithdraw", withdraw(&id, 1), "WRONG_STAGE").await;
        let back = json!({ "explanationId": made["id"], "expectedVersion": 1, "reason": "写错了" });
        done(&app, &town, "explanationWithdraw", "explanation { id }", back).await;
        done(&app, &town, "submissionWithdraw", "submission { id }", withdraw(&id, 1)).await;
    }

    async fn nothing_is_changed_in_a_campaign_that_is_closed(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let id = entered(&app, &town, "adopted").await;
        let project = create(&app, &office, &town, "yes", &[&id]).await["id"].clone();
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-12", &project, "ADOPT").await;
        decide(&app, &office, "PARTY_STANDING", "2022-03-13", &project, "ADOPT").await;
        let close = json!({ "campaignId": campaign(&app, &office).await });
        done(&app, &office, "campaignClose", "campaign { id }", close).await;
        stays(&app, &town, "submissionEdit", edit(&id, 1), "CAMPAIGN_CLOSED").await;
        stays(&app, &town, "submissionClassify", classify(&app, &town, &id, 1).await, "CAMPAIGN_CLOSED").await;
        stays(&app, &town, "submissionWithdraw", withdraw(&id, 1), "CAMPAIGN_CLOSED").await;
        stays(&app, &town, "submissionInvalidPropose", propose(&id, 1), "CAMPAIGN_CLOSED").await;
    }
}
