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
    let channels = campaign["channels"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let found = channels.iter().find(|row| row["code"] == channel).unwrap()["id"].clone();
    (campaign["id"].clone(), found)
}

async fn create(app: &TestApp, by: &Pair, actions: Value) -> Value {
    let (campaign, channel) = binding(app, by, "MAILBOX").await;
    let input =
        json!({ "name": "网上信箱", "campaignId": campaign, "channelId": channel, "actions": actions });
    act(app, &by.access, "clientCreate", "credential client { name actions channel { code } }", input).await
}

async fn create_until(app: &TestApp, by: &Pair, last: Option<&str>) -> Value {
    let (campaign, channel) = binding(app, by, "MAILBOX").await;
    let input = json!({ "name": "网上信箱", "campaignId": campaign, "channelId": channel,
        "actions": ["SUBMISSION_SUBMIT"], "expiresOn": last });
    act(app, &by.access, "clientCreate", "credential client { id expiresAt }", input).await
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

    async fn a_credential_lets_in_until_the_end_of_its_last_day(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let made = create_until(&app, &admin, Some("2022-03-20")).await;
        assert_eq!(made["client"]["expiresAt"], "2022-03-21T00:00:00+08:00", "{made}");
        let bearer = made["credential"].as_str().unwrap();
        app.app.clock.set("2022-03-20T15:59:59Z".parse().unwrap());
        assert_eq!(seen_as(&app, bearer).await, "nowhere");
        app.app.clock.set("2022-03-20T16:00:00Z".parse().unwrap());
        assert_eq!(seen_as(&app, bearer).await, "UNAUTHENTICATED");
    }

    async fn a_last_day_that_is_over_or_years_ahead_is_refused(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        for day in ["2022-03-15", "2024-03-17"] {
            let made = create_until(&app, &admin, Some(day)).await;
            assert_eq!(refusal(&made), refused("INVALID", "input.expiresOn"), "{day}");
        }
        let made = create_until(&app, &admin, None).await;
        assert_eq!(made["client"]["expiresAt"], "2023-03-17T00:00:00+08:00", "{made}");
    }

    async fn after_a_rotation_both_secrets_let_in_for_a_while_and_then_the_new_one_alone(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let made = create_until(&app, &admin, Some("2022-03-18")).await;
        let (id, first) = (&made["client"]["id"], made["credential"].as_str().unwrap());
        let fields = "credential client { id isActive formerSecretUntil expiresAt }";
        let input = json!({ "clientId": id, "overlapHours": 2, "expiresOn": "2022-12-31" });
        let renewed = act(&app, &admin.access, "clientRotate", fields, input).await;
        assert_eq!(renewed["client"], json!({ "id": id, "isActive": true,
            "formerSecretUntil": "2022-03-16T11:30:00+08:00", "expiresAt": "2023-01-01T00:00:00+08:00" }), "{renewed}");
        let second = renewed["credential"].as_str().unwrap();
        assert_ne!(first, second);
        for bearer in [first, second] {
            assert_eq!(seen_as(&app, bearer).await, "nowhere");
        }
        app.app.clock.set(app.app.clock.now() + chrono::TimeDelta::hours(2));
        assert_eq!(seen_as(&app, first).await, "UNAUTHENTICATED");
        assert_eq!(seen_as(&app, second).await, "nowhere");
        // The next rotation without overlap ends the present secret at once.
        let admin = login(&app, &staff.administrator).await;
        let input = json!({ "clientId": id, "overlapHours": 0 });
        let third = act(&app, &admin.access, "clientRotate", fields, input).await["credential"].clone();
        assert_eq!(seen_as(&app, second).await, "UNAUTHENTICATED");
        assert_eq!(seen_as(&app, third.as_str().unwrap()).await, "nowhere");
        assert_eq!(audited(&app, "CLIENT_ROTATE").await, 2);
        for hours in [-1, 721] {
            let input = json!({ "clientId": id, "overlapHours": hours });
            let refused_one = act(&app, &admin.access, "clientRotate", fields, input).await;
            assert_eq!(refusal(&refused_one), refused("INVALID", "input.overlapHours"));
        }
    }

    async fn a_former_secret_never_outlives_the_day_that_it_was_made_for(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let made = create_until(&app, &admin, Some("2022-03-16")).await;
        let input = json!({ "clientId": made["client"]["id"], "overlapHours": 720 });
        let renewed = act(&app, &admin.access, "clientRotate", "client { formerSecretUntil }", input).await;
        assert_eq!(renewed["client"]["formerSecretUntil"], "2022-03-17T00:00:00+08:00");
    }

    async fn a_revoked_credential_ends_at_once_and_for_ever(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let made = create_until(&app, &admin, None).await;
        let (id, first) = (&made["client"]["id"], made["credential"].as_str().unwrap());
        let input = json!({ "clientId": id });
        let second = act(&app, &admin.access, "clientRotate", "credential", input.clone()).await;
        let second = second["credential"].as_str().unwrap();
        let ended = act(&app, &admin.access, "clientRevoke", "client { isActive revokedAt }", input.clone()).await;
        assert_eq!(ended["client"], json!({ "isActive": false, "revokedAt": "2022-03-16T09:30:00+08:00" }), "{ended}");
        for bearer in [first, second] {
            assert_eq!(seen_as(&app, bearer).await, "UNAUTHENTICATED");
        }
        let again = act(&app, &admin.access, "clientRevoke", "client { isActive }", input.clone()).await;
        assert_eq!(again["userErrors"], json!([]), "revoking twice is no error");
        assert_eq!(audited(&app, "CLIENT_REVOKE").await, 1);
        let renewed = act(&app, &admin.access, "clientRotate", "credential", input).await;
        assert_eq!(refusal(&renewed), refused("WRONG_STAGE", "input.clientId"));
    }

    async fn only_the_administrator_lists_renews_and_revokes(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let made = create_until(&app, &admin, None).await;
        let (id, bearer) = (&made["client"]["id"], made["credential"].as_str().unwrap());
        let list = "{ portalClients { totalCount nodes { id name isActive channel { code } } } }";
        let listed = app.graphql(Some(&admin.access), list, json!({})).await.1;
        assert_eq!(listed["data"]["portalClients"], json!({ "totalCount": 1, "nodes": [
            { "id": id, "name": "网上信箱", "isActive": true, "channel": { "code": "MAILBOX" } } ] }), "{listed}");
        let head = login(&app, &staff.head).await;
        for who in [bearer, &head.access] {
            assert_eq!(code(&app.graphql(Some(who), list, json!({})).await.1), "FORBIDDEN");
            for step in ["clientRotate", "clientRevoke"] {
                let tried = act(&app, who, step, "client { id }", json!({ "clientId": id })).await;
                assert_eq!(tried, json!({ "refused": "FORBIDDEN" }), "{step}");
            }
        }
        assert_eq!(seen_as(&app, bearer).await, "nowhere");
        for step in ["clientRotate", "clientRevoke"] {
            let missing = act(&app, &admin.access, step, "client { id }", json!({ "clientId": "nonsense" })).await;
            assert_eq!(refusal(&missing), refused("NOT_FOUND", "input.clientId"));
        }
    }
}
