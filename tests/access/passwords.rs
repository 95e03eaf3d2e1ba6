//! Passwords of one's own.

use serde_json::json;

use super::staff::audited;
use super::*;
use crate::support::on_both_databases;

const FRESH: &str = "tide lamp orchard 7";

async fn change(app: &TestApp, bearer: &str, current: &str, fresh: &str) -> Value {
    let input = json!({ "currentPassword": current, "newPassword": fresh });
    act(app, bearer, "passwordChange", "accessToken", input).await
}

on_both_databases! {
    async fn whoever_chooses_a_password_may_read_what_it_has_to_fulfil(app: TestApp) {
        let query = "{ passwordRules { minLength maxLength leastKinds texts } }";
        let (status, answer) = app.graphql(None, query, json!({})).await;
        let rules = &answer["data"]["passwordRules"];
        assert_eq!((status, &rules["maxLength"], &rules["leastKinds"]), (200, &json!(128), &json!(1)), "{answer}");
        let texts = rules["texts"].as_array().unwrap();
        assert!(texts.iter().any(|text| text.as_str().unwrap().contains("12 至 128")), "{texts:?}");
        // What it says is what holds.
        let staff = Staff::of(&app).await;
        let pair = login(&app, &staff.officer).await;
        let least = usize::try_from(rules["minLength"].as_u64().unwrap()).unwrap();
        let long = "tide lamp orchard seven kettle";
        let payload = change(&app, &pair.access, &staff.officer.password, &long[..least - 1]).await;
        assert_eq!(refusal(&payload), refused("INVALID", "input.newPassword"));
        let payload = change(&app, &pair.access, &staff.officer.password, long).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
    }

    async fn a_new_password_ends_the_other_sessions(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (own, other) = (login(&app, &staff.officer).await, login(&app, &staff.officer).await);
        let changed = change(&app, &own.access, &staff.officer.password, FRESH).await;
        assert_eq!(changed["userErrors"], json!([]));
        assert_eq!(seen_as(&app, changed["accessToken"].as_str().unwrap()).await, "A1");
        assert_eq!(seen_as(&app, &own.access).await, "UNAUTHENTICATED");
        assert_eq!(seen_as(&app, &other.access).await, "UNAUTHENTICATED");
        assert_eq!(refusal(&refresh(&app, &other.refresh).await), refused("SESSION_ENDED", ""));
        let renewed = Pair::of(&refresh(&app, &own.refresh).await);
        assert_eq!(seen_as(&app, &renewed.access).await, "A1");
        let old = try_login(&app, "999999-a1-officer", &staff.officer.password).await;
        assert_eq!(refusal(&old["data"]["sessionLogin"]), refused("WRONG_CREDENTIALS", ""));
        login(&app, &Person { login: "999999-a1-officer".into(), password: FRESH.into() }).await;
        assert_eq!(audited(&app, "PASSWORD_CHANGE").await, 1);
    }

    async fn a_password_is_refused_by_field_and_nothing_changes(app: TestApp) {
        let staff = Staff::of(&app).await;
        let pair = login(&app, &staff.officer).await;
        let current = staff.officer.password.as_str();
        let wrong = change(&app, &pair.access, "not the password", FRESH).await;
        assert_eq!(refusal(&wrong), refused("WRONG_CREDENTIALS", "input.currentPassword"));
        for weak in ["short", "999999-a1-officer-2022", "123456789012", current] {
            let payload = change(&app, &pair.access, current, weak).await;
            assert_eq!(refusal(&payload), refused("INVALID", "input.newPassword"), "{weak}");
        }
        assert_eq!(seen_as(&app, &pair.access).await, "A1");
        login(&app, &staff.officer).await;
    }

    async fn an_open_screen_is_no_place_to_guess(app: TestApp) {
        let staff = Staff::of(&app).await;
        let pair = login(&app, &staff.officer).await;
        for _ in 0..5 {
            change(&app, &pair.access, "not the password", FRESH).await;
        }
        let payload = change(&app, &pair.access, &staff.officer.password, FRESH).await;
        assert_eq!(payload, json!({ "refused": "RATE_LIMITED" }));
    }
}
