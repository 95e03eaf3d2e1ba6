//! Nobody alone makes a head, an administrator or an auditor and signs in as it.

use chrono::TimeDelta;
use entity::enums::Position;
use entity::id::County;
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::access::manage::{Appointed, Appointment, Outcome, Steward, appoint};
use minsheng::scope::system;

use super::staff::{COUNTY, account, audited, department, person};
use super::*;
use crate::support::on_both_databases;
use crate::support::truth::Raw;

const FRESH: &str = "tide lamp orchard 7";
const REQUEST: &str = "request { id status reason } account { login }";

async fn create(app: &TestApp, by: &Pair, login: &str, code: &str, position: &str) -> Value {
    let input = json!({
        "login": login, "displayName": "村民甲", "departmentId": department(app, by, code).await, "position": position,
    });
    act(app, &by.access, "accountCreate", "account { id } password requestId", input).await
}

async fn approve(app: &TestApp, by: &Pair, id: &Value) -> Value {
    let input = json!({ "requestId": id });
    act(app, &by.access, "accountRequestApprove", &format!("password {REQUEST}"), input).await
}

async fn withdraw(app: &TestApp, by: &Pair, id: &Value) -> Value {
    let input = json!({ "requestId": id });
    act(app, &by.access, "accountRequestWithdraw", "request { status }", input).await
}

async fn reject(app: &TestApp, by: &Pair, id: &Value, reason: &str) -> Value {
    let input = json!({ "requestId": id, "reason": reason });
    act(app, &by.access, "accountRequestReject", "request { status reason }", input).await
}

/// Status and login of the requests that somebody sees, the last first.
async fn listed(app: &TestApp, by: &Pair) -> Vec<(String, String)> {
    let text = "{ accountRequests(first: 100) { totalCount nodes { status login requestedBy department { code } } } }";
    let answer = app.graphql(Some(&by.access), text, json!({})).await.1;
    let nodes = answer["data"]["accountRequests"]["nodes"].as_array();
    let nodes = nodes.unwrap_or_else(|| panic!("{answer}"));
    let word = |node: &Value, name: &str| node[name].as_str().unwrap().to_owned();
    nodes.iter().map(|node| (word(node, "status"), word(node, "login"))).collect()
}

/// The password of the halves that two payloads show.
fn whole(first: &Value, second: &Value) -> String {
    let text = |payload: &Value| payload["password"].as_str().unwrap().to_owned();
    format!("{}-{}", text(first), text(second))
}

async fn wrong(app: &TestApp, login: &str, password: &str) {
    let answer = try_login(app, login, password).await;
    assert_eq!(refusal(&answer["data"]["sessionLogin"]), refused("WRONG_CREDENTIALS", ""), "{password}");
}

/// What a session that must change its password first is told of everything else.
async fn only_the_password_is_open(app: &TestApp, pair: &Pair) {
    for query in [
        "{ departments(first: 1) { nodes { id } } }",
        "{ accounts { totalCount } }",
        "{ campaigns { id } }",
        "mutation { sessionLogoutEverywhere { userErrors { code } } }",
    ] {
        let answer = app.graphql(Some(&pair.access), query, json!({})).await.1;
        assert_eq!(code(&answer), "FORBIDDEN", "{query} {answer}");
    }
    let text = "{ viewer { mustChangePassword operations } }";
    let answer = app.graphql(Some(&pair.access), text, json!({})).await.1;
    assert_eq!(answer["data"]["viewer"], json!({ "mustChangePassword": true, "operations": [] }), "{answer}");
}

async fn change(app: &TestApp, pair: &Pair, current: &str) -> String {
    let input = json!({ "currentPassword": current, "newPassword": FRESH });
    let changed = act(app, &pair.access, "passwordChange", "accessToken", input).await;
    changed["accessToken"].as_str().unwrap_or_else(|| panic!("{changed}")).to_owned()
}

/// Two administrators, signed in.
async fn two(app: &TestApp, staff: &Staff) -> (Pair, Pair) {
    let second = person(app, "ADMIN", "999999-admin-02", Position::Officer).await;
    (login(app, &staff.administrator).await, login(app, &second).await)
}

async fn by_operator(app: &TestApp, department: &str, login: &str, position: Position) -> Outcome {
    let new = Appointment {
        county: County::parse(COUNTY).unwrap(),
        department: department.to_owned(),
        login: login.to_owned(),
        display_name: "村民乙".to_owned(),
        position,
        duty: String::new(),
    };
    let Appointed { outcome, .. } = appoint(&app.app, new).await.unwrap_or_else(|stop| panic!("{stop:?}"));
    outcome
}

on_both_databases! {
    async fn a_head_an_administrator_and_an_auditor_take_two(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (one, two) = two(&app, &staff).await;
        for (login_name, code, position) in [("999999-a2-head", "A2", "HEAD"), ("999999-admin-03", "ADMIN", "OFFICER"), ("999999-audit-01", "AUDIT", "OFFICER")] {
            let asked = create(&app, &one, login_name, code, position).await;
            assert_eq!((&asked["account"], &asked["userErrors"]), (&json!(null), &json!([])), "{asked}");
            let first = asked["password"].as_str().unwrap();
            wrong(&app, login_name, first).await;
            let own = approve(&app, &one, &asked["requestId"]).await;
            assert_eq!(refusal(&own), refused("NOT_ENTITLED", "input.requestId"));
            let approved = approve(&app, &two, &asked["requestId"]).await;
            assert_eq!(approved["account"]["login"], login_name, "{approved}");
            assert_eq!(approved["request"]["status"], "APPROVED");
            // Neither half lets anybody in, and both do once: to choose a password of one's own.
            wrong(&app, login_name, first).await;
            wrong(&app, login_name, approved["password"].as_str().unwrap()).await;
            let password = whole(&asked, &approved);
            let pair = login(&app, &Person { login: login_name.into(), password: password.clone() }).await;
            only_the_password_is_open(&app, &pair).await;
            let access = change(&app, &pair, &password).await;
            assert_eq!(seen_as(&app, &access).await, code);
            let answer = app.graphql(Some(&access), "{ viewer { mustChangePassword } }", json!({})).await.1;
            assert_eq!(answer["data"]["viewer"]["mustChangePassword"], false);
            let again = approve(&app, &two, &asked["requestId"]).await;
            assert_eq!(refusal(&again), refused("WRONG_STAGE", "input.requestId"));
        }
        assert_eq!(audited(&app, "ACCOUNT_REQUEST_MAKE").await, 3);
        assert_eq!(audited(&app, "ACCOUNT_REQUEST_APPROVE").await, 3);
    }

    async fn an_officer_takes_one(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        for rank in ["OFFICER", "DEPUTY"] {
            let made = create(&app, &admin, &format!("999999-a2-new-{}", rank.to_lowercase()), "A2", rank).await;
            assert_eq!(made["requestId"], json!(null), "{made}");
            assert!(made["account"]["id"].is_string(), "{made}");
        }
    }

    async fn a_granted_post_renews_the_password_that_its_maker_may_know(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (one, two) = two(&app, &staff).await;
        let made = create(&app, &one, "999999-a2-more", "A2", "OFFICER").await;
        let known = made["password"].as_str().unwrap().to_owned();
        let pair = login(&app, &Person { login: "999999-a2-more".into(), password: known.clone() }).await;
        change(&app, &pair, &known).await;
        let input = json!({ "accountId": made["account"]["id"], "departmentId": department(&app, &one, "A2").await, "position": "HEAD" });
        let asked = act(&app, &one.access, "postGrant", "account { id } password requestId", input.clone()).await;
        assert_eq!(asked["account"], json!(null), "{asked}");
        let same = act(&app, &two.access, "postGrant", "requestId", input).await;
        assert_eq!(refusal(&same), refused("DUPLICATE", "input.accountId"));
        let approved = approve(&app, &two, &asked["requestId"]).await;
        assert_eq!(approved["account"]["login"], "999999-a2-more", "{approved}");
        wrong(&app, "999999-a2-more", FRESH).await;
        let password = whole(&asked, &approved);
        let answer = try_login(&app, "999999-a2-more", &password).await;
        let viewer = &answer["data"]["sessionLogin"]["viewer"];
        assert_eq!((&viewer["post"]["position"], &viewer["operations"]), (&json!("HEAD"), &json!([])), "{answer}");
    }

    async fn the_password_of_such_an_account_is_not_set_anew_by_one(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (one, two) = two(&app, &staff).await;
        let head = login(&app, &staff.head).await;
        for name in ["999999-a1-head", "999999-admin-02"] {
            let input = json!({ "accountId": account(&app, &one, name).await });
            let asked = act(&app, &one.access, "accountPasswordReset", "account { id } password requestId", input).await;
            assert_eq!((&asked["account"], &asked["userErrors"]), (&json!(null), &json!([])), "{asked}");
            if name == "999999-a1-head" {
                assert_eq!(seen_as(&app, &head.access).await, "A1", "nothing has changed yet");
            }
            let by_two = approve(&app, &two, &asked["requestId"]).await;
            if name == "999999-admin-02" {
                assert_eq!(refusal(&by_two), refused("NOT_ENTITLED", "input.requestId"), "its own");
            } else {
                assert_eq!(by_two["account"]["login"], name, "{by_two}");
                assert_eq!(seen_as(&app, &head.access).await, "UNAUTHENTICATED");
                wrong(&app, name, &staff.head.password).await;
                let password = whole(&asked, &by_two);
                login(&app, &Person { login: name.into(), password }).await;
            }
        }
    }

    async fn a_request_ends_by_rejection_withdrawal_or_time(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (one, two) = two(&app, &staff).await;
        let mut asked = Vec::new();
        for name in ["999999-a2-head", "999999-a3-head", "999999-a4-head"] {
            asked.push(create(&app, &one, name, "A2", "HEAD").await["requestId"].clone());
        }
        assert_eq!(refusal(&reject(&app, &two, &asked[0], " ").await), refused("INVALID", "input.reason"));
        let rejected = reject(&app, &two, &asked[0], "无任命文件").await;
        assert_eq!(rejected["request"], json!({ "status": "REJECTED", "reason": "无任命文件" }), "{rejected}");
        assert_eq!(refusal(&withdraw(&app, &two, &asked[1]).await), refused("NOT_ENTITLED", "input.requestId"));
        assert_eq!(withdraw(&app, &one, &asked[1]).await["request"]["status"], "WITHDRAWN");
        app.app.clock.set(app.app.clock.now() + TimeDelta::days(7));
        let (one, two) = (login(&app, &staff.administrator).await, two);
        assert_eq!(listed(&app, &one).await[0], ("OPEN".to_owned(), "999999-a4-head".to_owned()), "its last moment");
        app.app.clock.set(app.app.clock.now() + TimeDelta::seconds(1));
        assert_eq!(seen_as(&app, &two.access).await, "UNAUTHENTICATED");
        let two = login(&app, &Person { login: "999999-admin-02".into(), password: "a passphrase of 999999 admin 02".into() }).await;
        for id in &asked {
            assert_eq!(refusal(&approve(&app, &two, id).await), refused("WRONG_STAGE", "input.requestId"));
            assert_eq!(refusal(&withdraw(&app, &one, id).await), refused("WRONG_STAGE", "input.requestId"));
            assert_eq!(refusal(&reject(&app, &two, id, "迟").await), refused("WRONG_STAGE", "input.requestId"));
        }
        let expected = [("EXPIRED", "999999-a4-head"), ("WITHDRAWN", "999999-a3-head"), ("REJECTED", "999999-a2-head")];
        assert_eq!(listed(&app, &one).await, expected.map(|(status, login)| (status.to_owned(), login.to_owned())));
        // What has ended keeps nobody from asking anew.
        assert!(create(&app, &one, "999999-a4-head", "A2", "HEAD").await["requestId"].is_string());
        assert_eq!(audited(&app, "ACCOUNT_REQUEST_REJECT").await, 1);
        assert_eq!(audited(&app, "ACCOUNT_REQUEST_WITHDRAW").await, 1);
    }

    async fn of_two_who_decide_at_once_one_is_told(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (one, two) = two(&app, &staff).await;
        let id = create(&app, &one, "999999-a2-head", "A2", "HEAD").await["requestId"].clone();
        let (approved, withdrawn) = tokio::join!(approve(&app, &two, &id), withdraw(&app, &one, &id));
        let ended = [approved, withdrawn].iter().filter(|payload| payload["userErrors"] == json!([])).count();
        assert_eq!(ended, 1);
    }

    async fn what_could_not_be_done_is_refused_when_it_is_asked_or_approved(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (one, two) = two(&app, &staff).await;
        let taken = create(&app, &one, "999999-A1-Head", "A2", "HEAD").await;
        assert_eq!(refusal(&taken), refused("DUPLICATE", "input.login"));
        let head = account(&app, &one, "999999-a1-head").await;
        let again = json!({ "accountId": head, "departmentId": department(&app, &one, "A1").await, "position": "HEAD" });
        let again = act(&app, &one.access, "postGrant", "requestId", again).await;
        assert_eq!(refusal(&again), refused("DUPLICATE", "input.position"));
        let input = json!({ "accountId": head });
        let reset = act(&app, &one.access, "accountPasswordReset", "requestId", input.clone()).await["requestId"].clone();
        act(&app, &one.access, "accountDisable", "", input).await;
        assert_eq!(refusal(&approve(&app, &two, &reset).await), refused("WRONG_STAGE", "input.requestId"));
        // Made by somebody else in the meantime.
        let late = create(&app, &one, "999999-a2-late", "A2", "HEAD").await["requestId"].clone();
        assert!(create(&app, &two, "999999-a2-late", "A2", "OFFICER").await["account"]["id"].is_string());
        assert_eq!(refusal(&approve(&app, &two, &late).await), refused("DUPLICATE", "input.requestId"));
        let lost = create(&app, &one, "999999-a2-head", "A2", "HEAD").await["requestId"].clone();
        let raw = Raw::open(&app.database.unscoped_url()).await;
        raw.run("UPDATE account_request SET half_key = 'gone'").await.unwrap();
        assert_eq!(refusal(&approve(&app, &two, &lost).await), refused("WRONG_STAGE", "input.requestId"));
        // Nothing was approved, and the table itself keeps the two apart.
        assert_eq!(audited(&app, "ACCOUNT_REQUEST_APPROVE").await, 0);
        assert!(raw.run("UPDATE account_request SET status = 'APPROVED', decided_by = requested_by").await.is_err());
        raw.close().await;
    }

    async fn a_given_password_opens_no_scope(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let made = create(&app, &admin, "999999-leader-01", "LEADERS", "OFFICER").await;
        let given = made["password"].as_str().unwrap().to_owned();
        let pair = login(&app, &Person { login: "999999-leader-01".into(), password: given.clone() }).await;
        let seen = async |bearer: &str| viewer_of_bearer(&app.app, bearer, app.app.clock.now()).await.unwrap();
        let before = seen(&pair.access).await;
        assert!(before.is_kept_out() && !before.sees_county());
        let after = seen(&change(&app, &pair, &given).await).await;
        assert!(!after.is_kept_out() && after.sees_county());
    }

    async fn others_neither_see_nor_decide(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (one, _) = two(&app, &staff).await;
        let id = create(&app, &one, "999999-a2-head", "A2", "HEAD").await["requestId"].clone();
        let (head, officer) = (login(&app, &staff.head).await, login(&app, &staff.officer).await);
        assert_eq!(listed(&app, &head).await, []);
        assert_eq!(approve(&app, &head, &id).await, json!({ "refused": "FORBIDDEN" }));
        assert_eq!(reject(&app, &head, &id, "不同意").await, json!({ "refused": "FORBIDDEN" }));
        assert_eq!(refusal(&withdraw(&app, &head, &id).await), refused("NOT_FOUND", "input.requestId"));
        assert_eq!(withdraw(&app, &officer, &id).await, json!({ "refused": "FORBIDDEN" }));
        let list = app.graphql(Some(&officer.access), "{ accountRequests { totalCount } }", json!({})).await.1;
        assert_eq!(code(&list), "FORBIDDEN", "{list}");
        let own = create(&app, &one, "999999-a1-head-2", "A1", "HEAD").await;
        assert!(own["requestId"].is_string());
        assert_eq!(listed(&app, &head).await, [("OPEN".to_owned(), "999999-a1-head-2".to_owned())]);
    }

    async fn a_first_password_holds_once_for_officers_too(app: TestApp) {
        let staff = Staff::of(&app).await;
        let head = login(&app, &staff.head).await;
        let made = create(&app, &head, "999999-a1-second", "A1", "OFFICER").await;
        let given = made["password"].as_str().unwrap().to_owned();
        let pair = login(&app, &Person { login: "999999-a1-second".into(), password: given.clone() }).await;
        only_the_password_is_open(&app, &pair).await;
        let renewed = Pair::of(&refresh(&app, &pair.refresh).await);
        only_the_password_is_open(&app, &renewed).await;
        let access = change(&app, &renewed, &given).await;
        let list = app.graphql(Some(&access), "{ departments(first: 1) { totalCount } }", json!({})).await.1;
        assert_eq!(code(&list), "", "{list}");
        wrong(&app, "999999-a1-second", &given).await;
        let reset = act(&app, &head.access, "accountPasswordReset", "password", json!({ "accountId": made["account"]["id"] })).await;
        let given = reset["password"].as_str().unwrap().to_owned();
        let pair = login(&app, &Person { login: "999999-a1-second".into(), password: given }).await;
        only_the_password_is_open(&app, &pair).await;
    }

    async fn a_disabled_account_is_opened_by_whom_could_disable_it(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (admin, head) = (login(&app, &staff.administrator).await, login(&app, &staff.head).await);
        let id = account(&app, &head, "999999-a1-officer").await;
        act(&app, &head.access, "accountDisable", "", json!({ "accountId": id })).await;
        let enable = async |by: &Pair, id: &str, reason: &str| {
            let input = json!({ "accountId": id, "reason": reason });
            act(&app, &by.access, "accountEnable", "account { isDisabled }", input).await
        };
        assert_eq!(refusal(&enable(&head, &id, "").await), refused("INVALID", "input.reason"));
        let other = account(&app, &admin, "999999-a2-officer").await;
        assert_eq!(refusal(&enable(&head, &other, "返岗").await), refused("NOT_FOUND", "input.accountId"));
        assert_eq!(refusal(&enable(&admin, &account(&app, &admin, "999999-admin-01").await, "返岗").await), refused("INVALID", "input.accountId"));
        wrong(&app, "999999-a1-officer", &staff.officer.password).await;
        for _ in 0..2 {
            assert_eq!(enable(&head, &id, "返岗").await["account"]["isDisabled"], false);
        }
        let officer = login(&app, &staff.officer).await;
        assert_eq!(enable(&officer, &id, "返岗").await, json!({ "refused": "FORBIDDEN" }));
        assert_eq!(audited(&app, "ACCOUNT_ENABLE").await, 1);
    }

    async fn the_operator_makes_the_first_administrator_and_needs_one_from_then_on(app: TestApp) {
        let admin = Staff::without_administrator(&app).await;
        assert!(matches!(by_operator(&app, "A1", "999999-a1-clerk", Position::Officer).await, Outcome::Done { .. }));
        let Outcome::Done { account: first, password: Some(password) } = by_operator(&app, "ADMIN", &admin, Position::Officer).await else {
            panic!("nobody could approve the first administrator");
        };
        let pair = login(&app, &Person { login: admin.clone(), password: password.reveal().to_owned() }).await;
        only_the_password_is_open(&app, &pair).await;
        let access = change(&app, &pair, password.reveal()).await;
        let pair = Pair { access, ..pair };
        for (code, position) in [("AUDIT", Position::Officer), ("A1", Position::Head), ("ADMIN", Position::Officer)] {
            let name = format!("{COUNTY}-{}-new", code.to_lowercase());
            let Outcome::Asked { request, half } = by_operator(&app, code, &name, position).await else {
                panic!("{code} was made by the operator alone");
            };
            let operator = system::operator(County::parse(COUNTY).unwrap());
            let steward = Steward::new(&app.app, &operator, app.app.clock.now()).unwrap();
            assert!(steward.approve(request).await.is_err(), "its own request");
            let id = app.app.ids.encode(minsheng::ids::Kind::AccountRequest, request.0);
            let approved = approve(&app, &pair, &json!(id.0)).await;
            let password = format!("{}-{}", half.reveal(), approved["password"].as_str().unwrap());
            login(&app, &Person { login: name, password }).await;
        }
        // What an administrator asks for, the operator may approve: a county with one administrator has no dead end.
        let asked = create(&app, &pair, "999999-a2-head", "A2", "HEAD").await;
        let request = app.app.ids.key(minsheng::ids::Kind::AccountRequest, &asked["requestId"].as_str().unwrap().into());
        let operator = system::operator(County::parse(COUNTY).unwrap());
        let steward = Steward::new(&app.app, &operator, app.app.clock.now()).unwrap();
        assert!(steward.approve(request.unwrap()).await.is_ok());
        // The password of the first is set anew by two as long as there is another who could approve.
        assert!(matches!(steward.reset_password(first).await, Ok(Outcome::Asked { .. })));
    }
}
