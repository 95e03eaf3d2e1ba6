//! Portals: bound to one channel and a list of actions, and in no department.

use serde_json::json;

use super::staff::{audited, department};
use super::*;
use crate::support::on_both_databases;

/// The ids of the campaign and of a channel.
async fn binding(app: &TestApp, by: &Pair, channel: &str) -> (Value, Value) {
    let text = r#"{ campaign(by: { code: "SLX-2020" }) { id channels { id code } } }"#;
    let answer = app.graphql(Some(&by.access), text, json!({})).await.1;
    let campaign = answer["data"]["campaign"].clone();
    let channels = campaign["channels"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"));
    let found = channels.iter().find(|row| row["code"] == channel).unwrap()["id"].clone();
    (campaign["id"].clone(), found)
}

async fn create(app: &TestApp, by: &Pair, actions: Value) -> Value {
    let (campaign, channel) = binding(app, by, "MAILBOX").await;
    let input = json!({ "name": "网上信箱", "campaignId": campaign, "channelId": channel, "actions": actions });
    act(
        app,
        &by.access,
        "clientCreate",
        "credential client { name actions channel { code } }",
        input,
    )
    .await
}

on_both_databases! {
    async fn a_portal_is_bound_to_its_channel_and_its_actions(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let made = create(&app, &admin, json!(["SUBMISSION_SUBMIT"])).await;
        assert_eq!(made["client"], json!({
            "name": "网上信箱", "actions": ["SUBMISSION_SUBMIT"], "channel": { "code": "MAILBOX" },
        }), "{made}");
        let bearer = made["credential"].as_str().unwrap();
        assert!(bearer.starts_with("ms_999999_"), "{bearer}");
        let answer = app.graphql(Some(bearer), VIEWER, json!({})).await.1;
        assert_eq!(answer["data"]["viewer"], json!({
            "name": "网上信箱", "profile": "PORTAL", "operations": ["SUBMISSION_SUBMIT"], "department": null, "post": null,
        }), "{answer}");
        assert_eq!(audited(&app, "CLIENT_CREATE").await, 1);
        let a1 = department(&app, &admin, "A1").await;
        let input = json!({ "login": "x-01", "displayName": "甲", "departmentId": a1, "position": "OFFICER" });
        assert_eq!(act(&app, bearer, "accountCreate", "", input).await, json!({ "refused": "FORBIDDEN" }));
        let switch = json!({ "postId": "nonsense" });
        assert_eq!(act(&app, bearer, "sessionSwitch", "", switch).await, json!({ "refused": "FORBIDDEN" }));
        assert_eq!(act(&app, bearer, "sessionLogout", "", json!({})).await, json!({ "refused": "FORBIDDEN" }));
        let streams = app.graphql(Some(bearer), r#"{ campaign(by: { code: "SLX-2020" }) { streams { id } } }"#, json!({})).await.1;
        assert_eq!(streams["data"]["campaign"]["streams"], json!([]), "{streams}");
    }

    async fn a_changed_credential_is_nobodys(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let made = create(&app, &admin, json!(["SUBMISSION_SUBMIT"])).await;
        let bearer = made["credential"].as_str().unwrap().to_owned();
        let (name, secret) = bearer.split_once('.').unwrap();
        let flipped: String = secret.chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect();
        for wrong in [format!("{name}.{flipped}"), bearer.replace("999999", "130803"), name.to_owned(), format!("{name}.")] {
            assert_eq!(seen_as(&app, &wrong).await, "UNAUTHENTICATED", "{wrong}");
        }
    }

    async fn a_portal_is_given_nothing_beyond_its_profile(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        for actions in [json!([]), json!(["SUBMISSION_SUBMIT", "IDENTITY_REVEAL"])] {
            assert_eq!(refusal(&create(&app, &admin, actions).await), refused("INVALID", "input.actions"));
        }
        for person in [&staff.head, &staff.officer] {
            let pair = login(&app, person).await;
            let made = create(&app, &pair, json!(["SUBMISSION_SUBMIT"])).await;
            assert_eq!(made, json!({ "refused": "FORBIDDEN" }));
        }
    }
}
