//! What the trail says: who, from where and what, in the server's words, and never so much that it is a weapon.

use entity::audit_entry;
use entity::enums::{AuditAction, Position};
use entity::id::County;
use minsheng::app::notes::Which;
use minsheng::audit::write_notes;
use minsheng::scope::system;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, PASSWORD, Persona, SHUANGLUAN};
use crate::support::records::{RECORD, code};
use crate::support::{TestApp, code as code_of, on_both_databases};

/// The trail of what belongs to no county.
const INSTALLATION: &str = "000000";

const LOGIN: &str = "mutation ($account: String!, $password: String!) { sessionLogin(input: { account: $account, password: $password }) { refreshToken userErrors { code } } }";

const ENTRIES: &str = "query ($filter: AuditFilter) { auditEntries(first: 100, filter: $filter) { nodes {
    action subject by { kind name holderId postId position department { code } } } } }";

/// What stands in the trail, without what still waits.
async fn written(app: &TestApp, county: &str) -> Vec<audit_entry::Model> {
    let tx = app.county_read(county).await;
    tx.from::<audit_entry::Entity>().all().await.unwrap()
}

async fn of(app: &TestApp, county: &str, action: AuditAction) -> Vec<audit_entry::Model> {
    let lines = app.trail(county).await;
    lines.into_iter().filter(|line| line.action == action).collect()
}

/// How many things a line tells of.
fn told(line: &audit_entry::Model) -> u64 {
    line.detail["count"].as_u64().unwrap_or(1)
}

/// A suggestion of somebody, entered by a clerk.
async fn entered(app: &TestApp, who: &Persona, key: &str) -> Value {
    let input = json!({ "input": {
        "idempotencyKey": format!("trail-{key}"), "channelId": app.channel_id(who, "HOUSEHOLD_VISIT").await,
        "title": "村口路灯不亮", "content": "已有半月。", "name": "居民甲", "phone": "19900000123",
    } });
    app.data(who, RECORD, input).await["submissionRecord"]["submission"]["id"].clone()
}

async fn reveal(app: &TestApp, who: &Persona, id: &Value) {
    let query = "mutation ($id: ID!) { identityReveal(input: { submissionId: $id, reason: \"电话核实地点\" }) { userErrors { code } } }";
    assert_eq!(app.data(who, query, json!({ "id": id })).await["identityReveal"]["userErrors"], json!([]));
}

/// What the auditor is listed under a filter.
async fn asked(app: &TestApp, auditor: &Persona, filter: Value) -> Vec<Value> {
    let answer = app.data(auditor, ENTRIES, json!({ "filter": filter })).await;
    answer["auditEntries"]["nodes"].as_array().unwrap().clone()
}

async fn refused(app: &TestApp, who: &Persona, query: &str) {
    let (_, answer) = app.graphql(Some(&who.token), query, json!({})).await;
    assert_eq!(code_of(&answer), "FORBIDDEN", "{answer}");
}

async fn sign_in(app: &TestApp, account: &str, password: &str) -> Value {
    let (_, answer) = app.graphql(None, LOGIN, json!({ "account": account, "password": password })).await;
    answer["data"]["sessionLogin"].clone()
}

on_both_databases! {
    async fn a_refused_field_stands_under_its_own_name_whatever_the_document_calls_it(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        refused(&app, &clerk, "{ serverTime: auditEntries { nodes { id } } viewer: auditEntries(last: 1) { nodes { id } } \
                               ...F } fragment F on Query { harmless: accounts { nodes { id } } }").await;
        let lines = of(&app, HUOQIU, AuditAction::Forbidden).await;
        let mut said: Vec<(&str, u64)> = lines.iter().map(|line| (line.subject.as_str(), told(line))).collect();
        said.sort_unstable();
        assert_eq!(said, [("operation:Query.accounts", 1), ("operation:Query.auditEntries", 2)]);
        for line in &lines {
            assert_eq!(line.detail["address"], "127.0.0.1");
            assert!(line.actor.starts_with("account:") && line.department == Some(clerk.department_id), "{line:?}");
        }
    }

    async fn ten_thousand_refusals_are_few_lines_with_the_right_sum_and_no_write_of_their_own(app: TestApp) {
        let app = app.with_both_counties().await;
        let flooder = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let other = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let channel = app.channel_id(&other, "HOUSEHOLD_VISIT").await;
        let before = written(&app, HUOQIU).await.len();
        let ask = async |times: usize| {
            let field = |n: usize| format!("a{n}: auditEntries(first: 1) {{ nodes {{ id }} }} ");
            refused(&app, &flooder, &format!("{{ {} }}", (0..times).map(field).collect::<String>())).await;
        };
        for _ in 0..400 {
            ask(25).await;
        }
        assert_eq!(written(&app, HUOQIU).await.len(), before, "no refusal writes");
        let input = json!({ "input": {
            "idempotencyKey": "beside-the-flood", "channelId": channel, "title": "村口路灯不亮", "content": "已有半月。",
        } });
        assert_eq!(app.data(&other, RECORD, input).await["submissionRecord"]["userErrors"], json!([]));
        refused(&app, &other, "{ auditEntries { nodes { id } } }").await;
        let lines = of(&app, HUOQIU, AuditAction::Forbidden).await;
        assert!(lines.len() < 100, "{} lines", lines.len());
        assert!(lines.iter().all(|line| line.subject == "operation:Query.auditEntries"));
        assert_eq!(lines.iter().map(told).sum::<u64>(), 10_001);
        let own = |line: &&audit_entry::Model| line.department == Some(other.department_id);
        assert_eq!(lines.iter().filter(own).map(told).sum::<u64>(), 1, "another's line stands in full");
        app.assert_trail_holds(HUOQIU).await;
    }

    async fn a_sum_is_written_when_its_minute_is_over(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        for _ in 0..15 {
            refused(&app, &clerk, "{ auditEntries { nodes { id } } }").await;
        }
        let noted = async || {
            let lines = written(&app, HUOQIU).await;
            let lines = lines.iter().filter(|line| line.action == AuditAction::Forbidden);
            lines.map(told).sum::<u64>()
        };
        write_notes(&app.app, Which::Due).await.unwrap();
        assert_eq!(noted().await, 10);
        app.app.clock.set(app.app.clock.now() + chrono::TimeDelta::seconds(61));
        write_notes(&app.app, Which::Due).await.unwrap();
        assert_eq!(noted().await, 15);
    }

    async fn sign_ins_carry_their_address_and_so_do_wrong_passwords(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let signed_in = of(&app, HUOQIU, AuditAction::SessionLogin).await;
        assert_eq!(signed_in[0].detail["address"], "127.0.0.1");

        assert_eq!(sign_in(&app, &clerk.login, "not the password").await["userErrors"][0]["code"], "WRONG_CREDENTIALS");
        let failed = of(&app, HUOQIU, AuditAction::SessionLoginFailed).await;
        assert_eq!(failed.len(), 1);
        assert!(failed[0].subject.starts_with("account:") && failed[0].detail["address"] == "127.0.0.1");

        let change = "mutation ($input: PasswordChangeInput!) { passwordChange(input: $input) { userErrors { code } } }";
        let wrong = json!({ "input": { "currentPassword": "not the password", "newPassword": "tide lamp orchard 7" } });
        let answer = app.data(&clerk, change, wrong).await;
        assert_ne!(answer["passwordChange"]["userErrors"], json!([]));
        let failed = of(&app, HUOQIU, AuditAction::PasswordChangeFailed).await;
        assert_eq!((failed.len(), &failed[0].detail["address"]), (1, &json!("127.0.0.1")));
        let right = json!({ "input": { "currentPassword": PASSWORD, "newPassword": "tide lamp orchard 7" } });
        assert_eq!(app.data(&clerk, change, right).await["passwordChange"]["userErrors"], json!([]));
        let changed = of(&app, HUOQIU, AuditAction::PasswordChange).await;
        assert_eq!((changed.len(), &changed[0].detail["address"]), (1, &json!("127.0.0.1")));
        assert_eq!(of(&app, HUOQIU, AuditAction::PasswordChangeFailed).await.len(), 1, "a right one is no failure");
    }

    async fn a_name_that_nobody_has_stands_in_the_installation_s_trail_as_a_hash(app: TestApp) {
        let app = app.with_both_counties().await;
        for name in ["nobody-here", "Nobody-Here", "hunter2 is my password"] {
            assert_eq!(sign_in(&app, name, "not the password").await["userErrors"][0]["code"], "WRONG_CREDENTIALS");
        }
        let lines = of(&app, INSTALLATION, AuditAction::SessionLoginFailed).await;
        let subjects: Vec<&str> = lines.iter().map(|line| line.subject.as_str()).collect();
        assert_eq!(subjects.len(), 3);
        assert!(subjects.iter().all(|subject| subject.starts_with("login:") && subject.len() == 22), "{subjects:?}");
        let distinct: std::collections::BTreeSet<&&str> = subjects.iter().collect();
        assert_eq!(distinct.len(), 2, "one name is one hash, however it is typed");
        let text = format!("{lines:?}").to_lowercase();
        assert!(!text.contains("nobody") && !text.contains("hunter2"), "{text}");
        assert!(lines.iter().all(|line| line.detail["address"] == "127.0.0.1"));
        assert!(of(&app, HUOQIU, AuditAction::SessionLoginFailed).await.is_empty());
        app.assert_trail_holds(INSTALLATION).await;
    }

    async fn whoever_looks_at_accounts_or_at_the_trail_leaves_a_line_for_each_request(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let administrator = app.persona(HUOQIU, "ADMINISTRATOR", Position::Officer).await;
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let twice = "{ a: accounts { nodes { id login } } b: accounts { nodes { id } } }";
        let listed = app.data(&administrator, twice, json!({})).await;
        let lines = of(&app, HUOQIU, AuditAction::AccountRead).await;
        assert_eq!((lines.len(), lines[0].subject.as_str()), (1, "accounts"));
        assert_eq!(lines[0].detail, json!({ "address": "127.0.0.1", "named": ["accounts"], "objects": 2 }));
        let nodes = listed["a"]["nodes"].as_array().unwrap();
        let id = &nodes.iter().find(|node| node["login"] == clerk.login.as_str()).unwrap()["id"];
        let single = "query ($id: ID!) { node(id: $id) { ... on Account { login } } }";
        app.data(&administrator, single, json!({ "id": id })).await;
        let lines = of(&app, HUOQIU, AuditAction::AccountRead).await;
        assert!(lines.iter().any(|line| line.subject.starts_with("account:")), "{lines:?}");
        assert_eq!(lines.len(), 2);

        let entries = app.data(&auditor, "{ auditEntries { nodes { id action } } }", json!({})).await;
        assert_eq!(entries["auditEntries"]["nodes"][0]["action"], "ACCOUNT_READ");
        let lines = of(&app, HUOQIU, AuditAction::AuditRead).await;
        assert_eq!((lines.len(), lines[0].subject.as_str()), (1, "auditEntries"));
        app.data(&auditor, single, json!({ "id": entries["auditEntries"]["nodes"][0]["id"] })).await;
        assert_eq!(of(&app, HUOQIU, AuditAction::AuditRead).await.len(), 2);
        // What others may not see, they do not look at.
        let (_, missing) = app.graphql(Some(&clerk.token), single, json!({ "id": entries["auditEntries"]["nodes"][0]["id"] })).await;
        assert_eq!(missing["data"]["node"], Value::Null);
        assert_eq!(of(&app, HUOQIU, AuditAction::AuditRead).await.len(), 2);
    }

    async fn no_line_comes_to_stand_behind_the_place_that_was_read(app: TestApp) {
        let app = app.with_both_counties().await;
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        for town in ["T_HEKOU", "T_ZHOUJI", "T_CHENGGUAN"] {
            app.persona(HUOQIU, town, Position::Officer).await;
        }
        let query = "query ($after: String) { auditEntries(first: 2, after: $after) { nodes { id subject } pageInfo { endCursor hasNextPage } head unsealed } }";
        let mut seen = Vec::new();
        let mut after = Value::Null;
        let first = app.data(&auditor, query, json!({})).await["auditEntries"].clone();
        assert_eq!(first["unsealed"], 0);
        let kept: minsheng::audit::head::KeptHead = first["head"].as_str().unwrap().parse().unwrap();
        assert!(kept.signature.is_some());
        // A line whose transaction began long ago and ends only now.
        let late = "county:late";
        for page in 0.. {
            let read = app.data(&auditor, query, json!({ "after": after })).await["auditEntries"].clone();
            seen.extend(read["nodes"].as_array().unwrap().iter().map(|node| node["subject"].clone()));
            if page == 0 {
                let long_ago = app.app.clock.now() - chrono::TimeDelta::minutes(2);
                let tx = app.app.db.begin_write(&system::operator(code(HUOQIU))).await.unwrap();
                let line = minsheng::db::Trail {
                    id: app.app.new_key(long_ago), at: long_ago, action: AuditAction::TallyRebuild,
                    subject: late.to_owned(), detail: json!({}),
                };
                tx.audit(line).await.unwrap();
                tx.commit().await.unwrap();
            }
            after = read["pageInfo"]["endCursor"].clone();
            if read["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert!(seen.len() >= 4 && !seen.contains(&json!(late)), "{seen:?}");
        let anew = app.data(&auditor, "{ auditEntries(first: 20) { nodes { subject } } }", json!({})).await;
        let nodes = anew["auditEntries"]["nodes"].as_array().unwrap();
        assert!(nodes.iter().any(|node| node["subject"] == late), "{anew}");
        let county = County::parse(HUOQIU).unwrap();
        let verified = minsheng::audit::verify(&app.app, &county, &[kept]).await.unwrap();
        assert_eq!(verified.first_break, None);
        assert!(app.trail(SHUANGLUAN).await.iter().all(|line| line.subject != late));
    }

    async fn a_stolen_refresh_token_leaves_an_alarm_with_an_address(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let refresh = async |token: &Value| {
            let query = "mutation ($token: String!) { sessionRefresh(input: { refreshToken: $token }) { refreshToken userErrors { code } } }";
            app.graphql(None, query, json!({ "token": token })).await.1["data"]["sessionRefresh"].clone()
        };
        let first = sign_in(&app, &clerk.login, PASSWORD).await["refreshToken"].clone();
        let second = refresh(&first).await["refreshToken"].clone();
        refresh(&second).await;
        assert_eq!(refresh(&first).await["userErrors"][0]["code"], "SESSION_ENDED");
        let alarms = of(&app, HUOQIU, AuditAction::SessionReuse).await;
        assert_eq!((alarms.len(), &alarms[0].detail["address"]), (1, &json!("127.0.0.1")));
    }

    async fn who_looked_at_a_citizen_s_telephone_is_one_question(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let head = app.persona(HUOQIU, "T_HEKOU", Position::Head).await;
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let one = entered(&app, &clerk, "looked-at").await;
        let other = entered(&app, &clerk, "not-looked-at").await;
        let started = app.app.clock.now();
        reveal(&app, &clerk, &one).await;
        app.app.clock.set(started + chrono::TimeDelta::minutes(5));
        reveal(&app, &head, &one).await;
        reveal(&app, &head, &other).await;

        let looked = asked(&app, &auditor, json!({ "actions": ["IDENTITY_REVEAL"], "subjectId": one })).await;
        let told: Vec<(&Value, &Value, &Value, &Value)> = looked.iter().map(|line| {
            let by = &line["by"];
            (&by["kind"], &by["name"], &by["position"], &by["department"]["code"])
        }).collect();
        let (person, name, code) = (json!("PERSON"), json!("测试账号"), json!("T_HEKOU"));
        assert_eq!(told, [(&person, &name, &json!("HEAD"), &code), (&person, &name, &json!("OFFICER"), &code)]);
        let by = |line: &Value| json!({ "actions": ["IDENTITY_REVEAL"], "actorId": line["by"]["holderId"] });
        assert_eq!(asked(&app, &auditor, by(&looked[0])).await.len(), 2);
        assert_eq!(asked(&app, &auditor, by(&looked[1])).await.len(), 1);
        let post = json!({ "actorId": looked[1]["by"]["postId"], "subjectId": one });
        let actions: Vec<Value> = asked(&app, &auditor, post).await.iter().map(|line| line["action"].clone()).collect();
        assert_eq!(actions, ["IDENTITY_REVEAL", "SUBMISSION_RECORD"]);
        // The trail says nothing of whom they looked at.
        let text = format!("{:?}", app.trail(HUOQIU).await);
        assert!(!text.contains("居民") && !text.contains("19900000123"), "{text}");
        let clerk_asks = app.graphql(Some(&clerk.token), ENTRIES, json!({ "filter": { "subjectId": one } })).await;
        assert_eq!(code_of(&clerk_asks.1), "FORBIDDEN");
        app.assert_trail_holds(HUOQIU).await;
    }

    async fn a_period_of_the_trail_has_both_of_its_days_and_an_id_of_nothing_finds_nothing(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let suggestion = entered(&app, &clerk, "of-a-day").await;
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let today = minsheng::clock::day_of(app.app.clock.now());
        let day = |days: i64| (today + chrono::TimeDelta::days(days)).to_string();
        for (from, to, found) in [(0, 0, 1), (-1, 1, 1), (1, 2, 0), (-2, -1, 0), (1, -1, 0)] {
            let filter = json!({ "subjectId": suggestion, "from": day(from), "to": day(to) });
            assert_eq!(asked(&app, &auditor, filter).await.len(), found, "{from} to {to}");
        }
        for (filter, found) in [
            (json!({ "subjectId": suggestion, "from": "0001-01-01", "to": "9999-12-31" }), 1),
            (json!({ "subjectId": "nothing" }), 0),
            (json!({ "actorId": suggestion }), 0),
            (json!({ "subjectId": suggestion, "actions": [] }), 0),
            (json!({ "subjectId": suggestion, "actions": ["SUBMISSION_RECORD", "SUBMISSION_EDIT"] }), 1),
        ] {
            assert_eq!(asked(&app, &auditor, filter.clone()).await.len(), found, "{filter}");
        }
        let many = vec!["FORBIDDEN"; 101];
        let (_, refused) = app.graphql(Some(&auditor.token), ENTRIES, json!({ "filter": { "actions": many } })).await;
        assert_eq!(code_of(&refused), "BAD_USER_INPUT");
        // A place in one list is none in another.
        let page = "query ($after: String, $filter: AuditFilter) { auditEntries(first: 1, after: $after, filter: $filter) { nodes { id } pageInfo { endCursor hasNextPage } } }";
        let first = app.data(&auditor, page, json!({ "filter": { "actions": ["SESSION_LOGIN"] } })).await["auditEntries"].clone();
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let after = &first["pageInfo"]["endCursor"];
        let second = app.data(&auditor, page, json!({ "filter": { "actions": ["SESSION_LOGIN"] }, "after": after })).await["auditEntries"].clone();
        assert!(second["nodes"][0]["id"].is_string() && second["nodes"][0]["id"] != first["nodes"][0]["id"]);
        let (_, foreign) = app.graphql(Some(&auditor.token), page, json!({ "after": after })).await;
        assert_eq!(code_of(&foreign), "BAD_USER_INPUT");
    }

    async fn a_record_says_who_to_colleagues_and_of_which_rank_and_department_to_everyone_else(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let own = entered(&app, &clerk, "of-a-clerk").await;
        let village = app.persona(HUOQIU, "COMMITTEE_V0101", Position::Officer).await;
        let entered_for = entered(&app, &village, "of-a-village").await;
        let by = async |department: &str, id: &Value| {
            let who = app.persona(HUOQIU, department, Position::Head).await;
            let query = "query ($id: ID!) { node(id: $id) { ... on Submission { records { by } } } }";
            app.data(&who, query, json!({ "id": id })).await["node"]["records"][0]["by"].clone()
        };
        assert_eq!(by("T_CHENGGUAN", &own).await, "城关镇 经办人 测试账号");
        assert_eq!(by("LEADING_GROUP", &own).await, "城关镇 经办人");
        assert_eq!(by("CAMPAIGN_OFFICE", &own).await, "城关镇 经办人");
        let committee = by("T_CHENGGUAN", &entered_for).await;
        assert!(committee.as_str().unwrap().ends_with(" 经办人"), "{committee}");
        assert_eq!(by("COMMITTEE_V0101", &entered_for).await, format!("{} 测试账号", committee.as_str().unwrap()));
    }

    async fn names_cost_as_much_for_many_lines_as_for_one(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let query = "{ submissions(first: 50) { nodes { id records { action by } } } }";
        let mut spent = Vec::new();
        for many in [1, 12] {
            for n in 0..many {
                entered(&app, &clerk, &format!("line-{many}-{n}")).await;
            }
            spent.push(crate::queries::trips(&app, &clerk, query).await);
        }
        assert_eq!(spent[0], spent[1], "{spent:?}");
    }
}
