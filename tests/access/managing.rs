//! Who decides about accounts, and that it works at once.

use entity::enums::Position;
use serde_json::json;

use super::staff::{account, audited, department, person};
use super::*;
use crate::support::on_both_databases;

async fn create(app: &TestApp, by: &Pair, login: &str, code: &str, position: &str) -> Value {
    let input = json!({
        "login": login, "displayName": "经办人甲", "departmentId": department(app, by, code).await, "position": position,
    });
    act(app, &by.access, "accountCreate", "password account { id login isDisabled posts { id } }", input)
        .await
}

async fn logins(app: &TestApp, by: &Pair) -> Vec<String> {
    let text = "{ accounts(first: 100) { totalCount nodes { login } } }";
    let answer = app.graphql(Some(&by.access), text, json!({})).await.1;
    let page = &answer["data"]["accounts"];
    let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(page["totalCount"], nodes.len());
    nodes.iter().map(|node| node["login"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn a_disabled_account_is_out_at_once(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (admin, officer) = (login(&app, &staff.administrator).await, login(&app, &staff.officer).await);
        assert_eq!(seen_as(&app, &officer.access).await, "A1");
        let input = json!({ "accountId": account(&app, &admin, "999999-a1-officer").await });
        for _ in 0..2 {
            let done = act(&app, &admin.access, "accountDisable", "account { isDisabled }", input.clone()).await;
            assert_eq!(done["account"]["isDisabled"], true, "{done}");
        }
        assert_eq!(seen_as(&app, &officer.access).await, "UNAUTHENTICATED");
        assert_eq!(refusal(&refresh(&app, &officer.refresh).await), refused("SESSION_ENDED", ""));
        let reset = act(&app, &admin.access, "accountPasswordReset", "password", input).await;
        assert_eq!(refusal(&reset), refused("WRONG_STAGE", "input.accountId"));
        assert_eq!(audited(&app, "ACCOUNT_DISABLE").await, 1);
    }

    async fn a_moved_account_is_out_at_once_and_back_in_its_new_place(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (admin, officer) = (login(&app, &staff.administrator).await, login(&app, &staff.officer).await);
        let id = account(&app, &admin, "999999-a1-officer").await;
        let view = app.graphql(Some(&officer.access), VIEWER, json!({})).await.1;
        let post = view["data"]["viewer"]["post"]["id"].clone();
        let revoked = act(&app, &admin.access, "postRevoke", "account { posts { id } }", json!({ "postId": post })).await;
        assert_eq!(revoked["account"]["posts"], json!([]), "{revoked}");
        assert_eq!(seen_as(&app, &officer.access).await, "UNAUTHENTICATED");
        assert_eq!(refusal(&refresh(&app, &officer.refresh).await), refused("SESSION_ENDED", ""));
        let without = try_login(&app, "999999-a1-officer", &staff.officer.password).await;
        assert_eq!(refusal(&without["data"]["sessionLogin"]), refused("WRONG_CREDENTIALS", ""));
        let a2 = department(&app, &admin, "A2").await;
        let input = json!({ "accountId": id, "departmentId": a2, "position": "OFFICER" });
        act(&app, &admin.access, "postGrant", "", input).await;
        let moved = login(&app, &staff.officer).await;
        assert_eq!(seen_as(&app, &moved.access).await, "A2");
        let head = login(&app, &staff.head).await;
        assert_eq!(logins(&app, &head).await, ["999999-a1-head"], "the old department keeps it no longer");
    }

    async fn a_reset_password_ends_access_and_lets_in_anew(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (head, officer) = (login(&app, &staff.head).await, login(&app, &staff.officer).await);
        let input = json!({ "accountId": account(&app, &head, "999999-a1-officer").await });
        let reset = act(&app, &head.access, "accountPasswordReset", "password", input).await;
        assert_eq!(seen_as(&app, &officer.access).await, "UNAUTHENTICATED");
        assert_eq!(refusal(&refresh(&app, &officer.refresh).await), refused("SESSION_ENDED", ""));
        let password = reset["password"].as_str().unwrap().to_owned();
        login(&app, &Person { login: "999999-a1-officer".into(), password }).await;
        assert_eq!(audited(&app, "PASSWORD_RESET").await, 1);
    }

    async fn a_head_manages_the_officers_of_its_department(app: TestApp) {
        let staff = Staff::of(&app).await;
        let head = login(&app, &staff.head).await;
        let made = create(&app, &head, "999999-a1-second", "A1", "OFFICER").await;
        let second = Person { login: "999999-a1-second".into(), password: made["password"].as_str().unwrap().into() };
        let pair = login(&app, &second).await;
        assert_eq!(seen_as(&app, &pair.access).await, "A1");
        assert_eq!(logins(&app, &head).await, ["999999-a1-head", "999999-a1-officer", "999999-a1-second"]);
        let post = json!({ "postId": made["account"]["posts"][0]["id"] });
        let revoked = act(&app, &head.access, "postRevoke", "account { login }", post).await;
        assert_eq!(revoked["userErrors"], json!([]));
        assert_eq!(seen_as(&app, &pair.access).await, "UNAUTHENTICATED");
        let disable = json!({ "accountId": made["account"]["id"] });
        let disabled = act(&app, &head.access, "accountDisable", "account { isDisabled }", disable).await;
        assert_eq!(disabled["account"]["isDisabled"], true);
        let again = create(&app, &head, "999999-A1-Second", "A1", "OFFICER").await;
        assert_eq!(refusal(&again), refused("DUPLICATE", "input.login"));
    }

    async fn a_login_of_another_county_is_neither_told_nor_given(app: TestApp) {
        let app = app.with_both_counties().await;
        let staff = Staff::of(&app).await;
        let abroad = app.persona("130803", "LEADING_GROUP", Position::Head).await;
        let (head, admin) = (login(&app, &staff.head).await, login(&app, &staff.administrator).await);
        let create = async |by: &Pair, name: &str, department: &str, position: &str| {
            let payload = create(&app, by, name, department, position).await;
            assert_eq!(refusal(&payload), refused("INVALID", "input.login"), "{name}");
            payload
        };
        for by in [&head, &admin] {
            let taken = create(by, &abroad.login, "A1", "OFFICER").await;
            for free in ["130803-nobody-xyz1", "nobody-xyz1", "341522-nobody-xyz1", "999999", "9999990-a"] {
                assert_eq!(create(by, free, "A1", "OFFICER").await, taken, "{free}");
            }
        }
        // The same where two decide.
        create(&admin, &abroad.login, "A1", "HEAD").await;
    }

    async fn a_head_reaches_no_other_department_and_no_other_rank(app: TestApp) {
        let staff = Staff::of(&app).await;
        person(&app, "A1", "999999-a1-deputy", Position::Deputy).await;
        let (admin, head) = (login(&app, &staff.administrator).await, login(&app, &staff.head).await);
        let created = create(&app, &head, "999999-a2-more", "A2", "OFFICER").await;
        assert_eq!(refusal(&created), refused("NOT_FOUND", "input.departmentId"));
        for rank in ["HEAD", "DEPUTY"] {
            assert_eq!(refusal(&create(&app, &head, "999999-a1-more", "A1", rank).await), refused("INVALID", "input.position"));
        }
        for login in ["999999-a2-officer", "999999-a1-deputy"] {
            let id = account(&app, &admin, login).await;
            for mutation in ["accountDisable", "accountPasswordReset"] {
                let payload = act(&app, &head.access, mutation, "", json!({ "accountId": id })).await;
                assert_eq!(refusal(&payload), refused("NOT_FOUND", "input.accountId"), "{mutation} {login}");
            }
            let a1 = department(&app, &head, "A1").await;
            let grant = json!({ "accountId": id, "departmentId": a1, "position": "OFFICER" });
            let payload = act(&app, &head.access, "postGrant", "", grant).await;
            assert_eq!(refusal(&payload), refused("NOT_FOUND", "input.accountId"), "{login}");
        }
        let other = try_login(&app, &staff.other_officer.login, &staff.other_officer.password).await;
        let post = json!({ "postId": other["data"]["sessionLogin"]["viewer"]["post"]["id"] });
        assert_eq!(refusal(&act(&app, &head.access, "postRevoke", "", post).await), refused("NOT_FOUND", "input.postId"));
    }

    async fn a_second_post_elsewhere_takes_an_officer_out_of_its_heads_hands(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (admin, head) = (login(&app, &staff.administrator).await, login(&app, &staff.head).await);
        let id = account(&app, &head, "999999-a1-officer").await;
        let leaders = department(&app, &admin, "LEADERS").await;
        let grant = json!({ "accountId": id, "departmentId": leaders, "position": "OFFICER" });
        act(&app, &admin.access, "postGrant", "", grant).await;
        let payload = act(&app, &head.access, "accountPasswordReset", "password", json!({ "accountId": id })).await;
        assert_eq!(refusal(&payload), refused("NOT_FOUND", "input.accountId"));
        assert_eq!(payload["password"], json!(null));
    }

    async fn nobody_manages_oneself(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let id = account(&app, &admin, "999999-admin-01").await;
        let leaders = department(&app, &admin, "LEADERS").await;
        for (mutation, input) in [
            ("accountDisable", json!({ "accountId": id })),
            ("accountPasswordReset", json!({ "accountId": id })),
            ("postGrant", json!({ "accountId": id, "departmentId": leaders, "position": "HEAD" })),
        ] {
            let payload = act(&app, &admin.access, mutation, "", input).await;
            assert_eq!(refusal(&payload), refused("INVALID", "input.accountId"), "{mutation}");
        }
        assert_eq!(seen_as(&app, &admin.access).await, "ADMIN");
    }

    async fn an_officer_manages_nobody(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (admin, officer) = (login(&app, &staff.administrator).await, login(&app, &staff.officer).await);
        let id = account(&app, &admin, "999999-a2-officer").await;
        let a1 = department(&app, &officer, "A1").await;
        for (mutation, input) in [
            ("accountCreate", json!({ "login": "x-01", "displayName": "甲", "departmentId": a1, "position": "OFFICER" })),
            ("accountDisable", json!({ "accountId": id })),
            ("accountPasswordReset", json!({ "accountId": id })),
            ("postGrant", json!({ "accountId": id, "departmentId": a1, "position": "OFFICER" })),
            ("postRevoke", json!({ "postId": "nonsense" })),
        ] {
            let payload = act(&app, &officer.access, mutation, "", input).await;
            assert_eq!(payload, json!({ "refused": "FORBIDDEN" }), "{mutation}");
        }
        let list = app.graphql(Some(&officer.access), "{ accounts { totalCount } }", json!({})).await.1;
        assert_eq!(code(&list), "FORBIDDEN", "{list}");
    }

    async fn the_administrator_sees_the_county_page_by_page(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        assert_eq!(logins(&app, &admin).await, ["999999-a1-head", "999999-a1-officer", "999999-a2-officer", "999999-admin-01"]);
        let text = "query($after: String) { accounts(first: 3, after: $after) { nodes { login } pageInfo { hasNextPage endCursor } } }";
        let first = app.graphql(Some(&admin.access), text, json!({})).await.1["data"]["accounts"].clone();
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let after = json!({ "after": first["pageInfo"]["endCursor"] });
        let second = app.graphql(Some(&admin.access), text, after.clone()).await.1["data"]["accounts"].clone();
        assert_eq!(second["nodes"], json!([{ "login": "999999-admin-01" }]));
        let head = login(&app, &staff.head).await;
        let stolen = app.graphql(Some(&head.access), text, after).await.1;
        assert_eq!(code(&stolen), "BAD_USER_INPUT", "{stolen}");
    }
}
