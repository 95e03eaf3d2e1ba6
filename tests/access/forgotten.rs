//! A forgotten password reaches whoever may set it anew, and tells nobody who has an account.

use std::time::Duration;

use entity::enums::Position;
use serde_json::json;

use super::staff::{account, audited, person};
use super::*;
use crate::support::on_both_databases;

const FORGOT: &str =
    "mutation($account: String!) { passwordForgotten(input: { account: $account }) { userErrors { code } } }";

async fn say(app: &TestApp, account: &str) -> (u16, Value) {
    app.graphql(None, FORGOT, json!({ "account": account })).await
}

/// Logins that wait for somebody.
async fn waiting(app: &TestApp, by: &Pair) -> Vec<String> {
    let text =
        "{ accounts(first: 100, onlyForgotten: true) { totalCount nodes { login isPasswordForgotten } } }";
    let answer = app.graphql(Some(&by.access), text, json!({})).await.1;
    let page = &answer["data"]["accounts"];
    let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(page["totalCount"], nodes.len());
    assert!(nodes.iter().all(|node| node["isPasswordForgotten"] == true), "{answer}");
    nodes.iter().map(|node| node["login"].as_str().unwrap().to_owned()).collect()
}

/// The same once there are so many: they are written down after the answer.
async fn waiting_at_last(app: &TestApp, by: &Pair, count: usize) -> Vec<String> {
    for _ in 0..100 {
        let found = waiting(app, by).await;
        if found.len() == count {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never {count}: {:?}", waiting(app, by).await);
}

async fn dismiss(app: &TestApp, by: &Pair, id: &str, reason: &str) -> Value {
    let input = json!({ "accountId": id, "reason": reason });
    act(app, &by.access, "passwordForgottenDismiss", "account { isPasswordForgotten }", input).await
}

on_both_databases! {
    async fn the_head_is_told_and_settles_it_by_a_new_password(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (head, admin) = (login(&app, &staff.head).await, login(&app, &staff.administrator).await);
        let officer = login(&app, &staff.officer).await;
        for typed in [staff.officer.login.as_str(), " 999999-A1-OFFICER ", &staff.other_officer.login] {
            assert_eq!(say(&app, typed).await, (200, json!({ "data": { "passwordForgotten": { "userErrors": [] } } })));
        }
        assert_eq!(waiting_at_last(&app, &admin, 2).await, ["999999-a1-officer", "999999-a2-officer"]);
        assert_eq!(waiting(&app, &head).await, ["999999-a1-officer"], "another department's is none of the head's");
        assert_eq!(seen_as(&app, &officer.access).await, "A1", "whoever is in stays in");
        let input = json!({ "accountId": account(&app, &head, "999999-a1-officer").await });
        let reset = act(&app, &head.access, "accountPasswordReset", "password account { isPasswordForgotten }", input).await;
        assert_eq!(reset["account"]["isPasswordForgotten"], json!(false), "{reset}");
        assert_eq!(waiting(&app, &head).await, [""; 0]);
        assert_eq!(waiting(&app, &admin).await, ["999999-a2-officer"]);
        assert_eq!(audited(&app, "PASSWORD_FORGOTTEN").await, 3);
    }

    async fn a_head_s_own_reaches_the_administrator(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        say(&app, &staff.head.login).await;
        assert_eq!(waiting_at_last(&app, &admin, 1).await, ["999999-a1-head"]);
    }

    async fn it_ends_by_a_reason_or_by_signing_in_and_by_nobody_else(app: TestApp) {
        let staff = Staff::of(&app).await;
        let second = person(&app, "A1", "999999-a1-second", Position::Officer).await;
        let (head, admin) = (login(&app, &staff.head).await, login(&app, &staff.administrator).await);
        for name in ["999999-a1-officer", "999999-a1-second", "999999-a2-officer"] {
            say(&app, name).await;
        }
        waiting_at_last(&app, &admin, 3).await;
        let id = account(&app, &head, "999999-a1-officer").await;
        let other = account(&app, &admin, "999999-a2-officer").await;
        assert_eq!(refusal(&dismiss(&app, &head, &id, " ").await), refused("INVALID", "input.reason"));
        assert_eq!(refusal(&dismiss(&app, &head, &other, "本人未申请").await), refused("NOT_FOUND", "input.accountId"));
        let done = dismiss(&app, &head, &id, "本人未申请").await;
        assert_eq!((&done["account"]["isPasswordForgotten"], &done["userErrors"]), (&json!(false), &json!([])), "{done}");
        assert_eq!(refusal(&dismiss(&app, &head, &id, "本人未申请").await), refused("WRONG_STAGE", "input.accountId"));
        assert_eq!(audited(&app, "PASSWORD_FORGOTTEN_DISMISS").await, 1);
        // Whoever signs in remembers it; the officer's own access was never touched.
        let second = login(&app, &second).await;
        assert_eq!(waiting(&app, &head).await, [""; 0]);
        assert_eq!(dismiss(&app, &second, &id, "本人未申请").await, json!({ "refused": "FORBIDDEN" }));
        let list = app.graphql(Some(&second.access), "{ accounts(onlyForgotten: true) { totalCount } }", json!({})).await.1;
        assert_eq!(code(&list), "FORBIDDEN");
    }

    async fn it_tells_nobody_who_has_an_account(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let id = account(&app, &admin, &staff.other_officer.login).await;
        act(&app, &admin.access, "accountDisable", "", json!({ "accountId": id })).await;
        let known = say(&app, &staff.officer.login).await;
        assert_eq!(waiting_at_last(&app, &admin, 1).await, ["999999-a1-officer"]);
        for nobody in ["999999-nobody-here", "130803-leading_group-head", "", "大风镇", staff.other_officer.login.as_str()] {
            assert_eq!(say(&app, nobody).await, known, "{nobody}");
        }
        // An unknown name is looked up like a known one; what is written down of a known one comes after the answer.
        let mut trips = Vec::new();
        for name in ["999999-nobody-there", staff.officer.login.as_str()] {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let before = app.app.db.trips();
            say(&app, name).await;
            trips.push(app.app.db.trips() - before);
        }
        assert!(trips[0] > 0 && trips[0] <= trips[1], "{trips:?}");
        assert_eq!(waiting(&app, &admin).await, ["999999-a1-officer"], "a disabled account waits for nobody");
    }

    async fn one_name_and_one_address_have_to_wait(app: TestApp) {
        let staff = Staff::of(&app).await;
        for name in [staff.officer.login.as_str(), "999999-nobody-here"] {
            let answers = async {
                let mut codes = Vec::new();
                for _ in 0..6 {
                    codes.push(code(&say(&app, name).await.1).to_owned());
                }
                codes
            };
            assert_eq!(answers.await, ["", "", "", "", "", "RATE_LIMITED"], "{name}");
        }
        for turn in 0..18 {
            assert_eq!(code(&say(&app, &format!("999999-nobody-{turn}")).await.1), "");
        }
        let (status, answer) = say(&app, "999999-nobody-else").await;
        assert_eq!((status, code(&answer)), (429, "RATE_LIMITED"), "{answer}");
    }
}
