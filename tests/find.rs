//! Finding a case by what its citizen says: a number from the receipt, or who it is; and the code that entries by telephone
//! and at the door get.

use entity::audit_entry;
use entity::enums::{AuditAction, Position};
use minsheng::keys::reseal;
use serde_json::{Value, json};

use crate::support::backend::run;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::records::code;
use crate::support::{TestApp, code as code_of, key, master_key, on_both_databases};

const RECORD: &str = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) {
    submission { id number receiptNumber } receiptCode userErrors { code field } } }";
const FIND: &str = "query ($by: SubmissionFindInput!) { submissionFind(by: $by) { id number } }";
const PERSON: &str = "mutation ($input: PersonFindInput!) { personFind(input: $input) {
    submissions { id number stage receivedAt } hasMore userErrors { code field } } }";
const RECEIPT: &str = "query ($code: String!) { receipt(code: $code) { number title stage } }";
const ERASE: &str = "mutation ($id: ID!) { personErase(input: { submissionId: $id, expectedVersion: 1, reason: \"本人要求\" }) {
    submission { id } userErrors { code } } }";

async fn input(app: &TestApp, who: &Persona, key: &str, further: Value) -> Value {
    let mut input = json!({
        "idempotencyKey": format!("find-{key}"), "channelId": app.channel_id(who, "HOUSEHOLD_VISIT").await,
        "title": "村口路灯不亮", "content": "已有半月。", "name": "居民甲", "phone": "19900000123",
    });
    input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    json!({ "input": input })
}

/// Enters a suggestion, a second after whatever was done before, and gives the payload.
async fn record(app: &TestApp, who: &Persona, key: &str, further: Value) -> Value {
    app.app.clock.set(app.app.clock.now() + chrono::TimeDelta::seconds(1));
    let input = input(app, who, key, further).await;
    let payload = app.data(who, RECORD, input).await["submissionRecord"].clone();
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    payload
}

async fn by(app: &TestApp, who: &Persona, by: Value) -> Vec<Value> {
    let found = app.data(who, FIND, json!({ "by": by })).await["submissionFind"].clone();
    found.as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

/// Looks for a person's cases and gives the payload.
async fn of(app: &TestApp, who: &Persona, by: Value) -> Value {
    let input = json!({ "input": { "by": by, "reason": "来电询问进展" } });
    app.data(who, PERSON, input).await["personFind"].clone()
}

/// The ids of what is found.
async fn ids(app: &TestApp, who: &Persona, by: Value) -> Vec<Value> {
    let payload = of(app, who, by).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    payload["submissions"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

async fn lines(app: &TestApp) -> Vec<audit_entry::Model> {
    let lines = app.trail(HUOQIU).await;
    lines.into_iter().filter(|line| line.action == AuditAction::PersonFind).collect()
}

on_both_databases! {
    async fn a_case_is_found_by_each_of_its_numbers_by_whoever_sees_it(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let made = record(&app, &clerk, "numbers", json!({ "externalRef": "HK-0001" })).await;
        record(&app, &clerk, "another", json!({ "externalRef": "HK-0002" })).await;
        let row = &made["submission"];
        let given = made["receiptCode"].as_str().unwrap();
        let marks = [
            json!({ "caseNumber": row["number"] }),
            json!({ "caseNumber": format!(" {} ", row["number"].as_str().unwrap().to_lowercase()) }),
            json!({ "externalRef": "HK-0001" }),
            json!({ "receiptNumber": row["receiptNumber"] }),
            json!({ "receiptNumber": row["receiptNumber"].as_str().unwrap().replace('-', "") }),
            json!({ "receiptCode": given }),
            json!({ "receiptCode": given.to_lowercase().replace('-', " ") }),
        ];
        for (department, seen) in [("T_HEKOU", true), ("LEADING_GROUP", true), ("T_ZHOUJI", false), ("AUDITOR", false)] {
            let who = app.persona(HUOQIU, department, Position::Head).await;
            let expected = if seen { vec![row["id"].clone()] } else { Vec::new() };
            for mark in &marks {
                assert_eq!(by(&app, &who, mark.clone()).await, expected, "{department} by {mark}");
            }
        }
        let abroad = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        for mark in &marks {
            assert_eq!(by(&app, &abroad, mark.clone()).await, Vec::<Value>::new(), "abroad by {mark}");
        }
        // A part of a number is none, and what is no number finds nothing.
        for mark in [json!({ "caseNumber": "T_HEKOU-2022" }), json!({ "externalRef": "HK" }), json!({ "externalRef": "" }),
                     json!({ "receiptNumber": "12345" }), json!({ "receiptCode": "ABCD" })] {
            assert_eq!(by(&app, &clerk, mark.clone()).await, Vec::<Value>::new(), "{mark}");
        }
        let (_, both) = app.graphql(Some(&clerk.token), FIND, json!({ "by": { "caseNumber": "x", "externalRef": "y" } })).await;
        assert_eq!(code_of(&both), "GRAPHQL_VALIDATION_FAILED");
        let (_, nobody) = app.graphql(None, FIND, json!({ "by": { "caseNumber": "x" } })).await;
        assert_eq!(code_of(&nobody), "UNAUTHENTICATED");
    }

    async fn an_entry_at_the_door_gets_a_code_that_its_citizen_follows_it_by(app: TestApp) {
        let app = app.with_both_counties().await;
        for (place, department) in ["T_HEKOU", "COMMITTEE_V0101"].into_iter().enumerate() {
            let who = app.persona(HUOQIU, department, Position::Officer).await;
            let sent = input(&app, &who, &format!("door-{place}"), json!({})).await;
            let made = app.data(&who, RECORD, sent.clone()).await["submissionRecord"].clone();
            let (_, seen) = app.graphql(None, RECEIPT, json!({ "code": made["receiptCode"] })).await;
            let expected = json!({ "number": made["submission"]["receiptNumber"], "title": "村口路灯不亮", "stage": "RECEIVED" });
            assert_eq!(seen["data"]["receipt"], expected, "{department}");
            // An answer that was lost is told again, and no other entry has this code.
            let again = app.data(&who, RECORD, sent).await["submissionRecord"].clone();
            assert_eq!(again["receiptCode"], made["receiptCode"], "{department}");
            let other = record(&app, &who, &format!("other-{place}"), json!({})).await;
            assert_ne!(other["receiptCode"], made["receiptCode"], "{department}");
        }
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let refused = app.data(&clerk, RECORD, input(&app, &clerk, "refused", json!({ "title": "" })).await).await["submissionRecord"].clone();
        assert_eq!(refused["receiptCode"], Value::Null);
        assert_eq!(refused["userErrors"], json!([{ "code": "INVALID", "field": ["input", "title"] }]));
    }

    async fn the_collector_finds_the_cases_of_a_caller_by_telephone_and_by_name(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let other = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let made = async |who: &Persona, key: &str, further: Value| record(&app, who, key, further).await["submission"]["id"].clone();
        let first = made(&clerk, "first", json!({})).await;
        let second = made(&clerk, "second", json!({ "name": "居民 甲", "phone": "+86 199-0000-0123" })).await;
        let third = made(&clerk, "third", json!({ "name": "居民乙", "phone": "19900000124" })).await;
        made(&clerk, "secret", json!({ "isConfidential": true })).await;
        let erased = made(&clerk, "erased", json!({})).await;
        let abroad = made(&other, "abroad", json!({})).await;
        let gone = app.data(&clerk, ERASE, json!({ "id": erased })).await;
        assert_eq!(gone["personErase"]["userErrors"], json!([]));

        let both = vec![second.clone(), first.clone()];
        for typed in ["19900000123", "１９９ ００００ ０１２３", "0086-19900000123"] {
            assert_eq!(ids(&app, &clerk, json!({ "phone": typed })).await, both, "{typed}");
        }
        for typed in ["居民甲", " 居　民甲 "] {
            assert_eq!(ids(&app, &clerk, json!({ "name": typed })).await, both, "{typed}");
        }
        assert_eq!(ids(&app, &clerk, json!({ "name": "居民乙" })).await, [third]);
        for nobody in [json!({ "name": "居民" }), json!({ "phone": "19900000199" }), json!({ "phone": "1990000012" })] {
            assert_eq!(ids(&app, &clerk, nobody.clone()).await, Vec::<Value>::new(), "{nobody}");
        }
        assert_eq!(ids(&app, &other, json!({ "phone": "19900000123" })).await, [abroad]);
        let shown = of(&app, &clerk, json!({ "phone": "19900000123" })).await;
        assert_eq!(shown["submissions"][0]["stage"], "RECEIVED");
        assert_eq!(shown["hasMore"], false);
    }

    async fn only_whoever_may_see_identities_looks_for_a_person_and_says_why(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        record(&app, &clerk, "person", json!({})).await;
        let ask = |by: Value, reason: &str| json!({ "input": { "by": by, "reason": reason } });
        let phone = json!({ "phone": "19900000123" });
        for department in ["LEADING_GROUP", "CAMPAIGN_OFFICE", "SUPERVISION_OFFICE", "COMMITTEE_V0101", "AUDITOR", "ADMINISTRATOR"] {
            let who = app.persona(HUOQIU, department, Position::Officer).await;
            let (_, answer) = app.graphql(Some(&who.token), PERSON, ask(phone.clone(), "来电询问进展")).await;
            assert_eq!(code_of(&answer), "FORBIDDEN", "{department}");
        }
        for (by, reason, field) in [
            (phone.clone(), " 一 ", json!(["input", "reason"])),
            (phone.clone(), &*"长".repeat(501), json!(["input", "reason"])),
            (json!({ "phone": "不详" }), "来电询问进展", json!(["input", "by", "phone"])),
            (json!({ "phone": "199" }), "来电询问进展", json!(["input", "by", "phone"])),
            (json!({ "name": "匿名" }), "来电询问进展", json!(["input", "by", "name"])),
            (json!({ "name": "  " }), "来电询问进展", json!(["input", "by", "name"])),
            (json!({ "name": "甲".repeat(101) }), "来电询问进展", json!(["input", "by", "name"])),
        ] {
            let refused = app.data(&clerk, PERSON, ask(by, reason)).await["personFind"].clone();
            assert_eq!(refused, json!({ "submissions": [], "hasMore": false, "userErrors": [{ "code": "INVALID", "field": field }] }));
        }
        assert!(lines(&app).await.is_empty(), "what is refused was not looked for");
    }

    async fn each_search_stands_in_the_trail_with_its_reason_and_without_the_person(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        record(&app, &clerk, "one", json!({})).await;
        record(&app, &clerk, "two", json!({})).await;
        ids(&app, &clerk, json!({ "phone": "19900000123" })).await;
        let rows = app.submissions(HUOQIU).await;
        let found = lines(&app).await;
        let mut subjects: Vec<&str> = found.iter().map(|line| line.subject.as_str()).collect();
        let mut expected: Vec<String> = rows.iter().map(|row| format!("submission:{}", row.id.0)).collect();
        subjects.sort_unstable();
        expected.sort_unstable();
        assert_eq!(subjects, expected);
        assert!(found.iter().all(|line| line.detail == json!({ "by": "PHONE", "found": 2, "reason": "来电询问进展" })), "{found:?}");
        ids(&app, &clerk, json!({ "name": "居民丙" })).await;
        let found = lines(&app).await;
        let nobody = found.iter().find(|line| line.subject == "nobody").unwrap();
        assert_eq!(nobody.detail, json!({ "by": "NAME", "found": 0, "reason": "来电询问进展" }));
        let operator = app.county_read(HUOQIU).await;
        let person = operator.from::<entity::person::Entity>().one().await.unwrap().unwrap();
        drop(operator);
        let text = format!("{:?}", app.trail(HUOQIU).await);
        for hidden in ["居民", "19900000123", &person.phone_index.unwrap(), &person.name_index.unwrap()] {
            assert!(!text.contains(hidden), "{hidden}");
        }
        app.assert_trail_holds(HUOQIU).await;
    }

    async fn a_search_shows_fifty_at_most_and_costs_as_much_for_many_as_for_one(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let mut spent = Vec::new();
        let mut last = Value::Null;
        for many in [1, 20, 30] {
            for n in 0..many {
                last = record(&app, &clerk, &format!("many-{many}-{n}"), json!({})).await["submission"]["id"].clone();
            }
            let before = app.app.db.trips();
            let payload = of(&app, &clerk, json!({ "name": "居民甲" })).await;
            spent.push(app.app.db.trips() - before);
            assert_eq!(payload["submissions"][0]["id"], last, "those entered last come first");
            let shown = payload["submissions"].as_array().unwrap().len();
            assert_eq!((shown, &payload["hasMore"]), ([1, 21, 50][spent.len() - 1], &json!(many == 30)));
        }
        assert!(spent[1] <= spent[0] && spent[2] <= spent[0], "{spent:?}");
    }

    async fn a_person_is_found_before_and_after_the_master_key_has_changed(app: TestApp) {
        let mut app = app.with_both_counties().await;
        // The next start knows the counties, and holds the key for theirs.
        let first = app.restarted(|_| ()).await.unwrap();
        app.go_on(first);
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        record(&app, &clerk, "of-old", json!({})).await;
        let next = app.restarted(|parts| parts.master = vec![key(53), master_key()]).await.unwrap();
        app.go_on(next);
        record(&app, &clerk, "of-new", json!({})).await;
        let found = async |app: &TestApp| {
            let by_phone = ids(app, &clerk, json!({ "phone": "19900000123" })).await.len();
            (by_phone, ids(app, &clerk, json!({ "name": "居民甲" })).await.len())
        };
        assert_eq!(found(&app).await, (2, 2));
        for county in [HUOQIU, SHUANGLUAN] {
            reseal(&app.app, &code(county), &mut |_| ()).await.unwrap();
        }
        assert_eq!(found(&app).await, (2, 2));
        let next = app.restarted(|parts| parts.master = vec![key(53)]).await.unwrap();
        app.go_on(next);
        assert_eq!(found(&app).await, (2, 2));
    }

    async fn persons_of_a_former_release_are_found_by_name_once_their_texts_were_walked_over(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let kept = record(&app, &clerk, "kept", json!({})).await["submission"]["id"].clone();
        let erased = record(&app, &clerk, "erased", json!({})).await["submission"]["id"].clone();
        record(&app, &clerk, "nameless", json!({ "name": null })).await;
        app.data(&clerk, ERASE, json!({ "id": erased })).await;
        run(&app.database.unscoped_url(), "UPDATE person SET name_index = NULL").await;
        assert_eq!(ids(&app, &clerk, json!({ "name": "居民甲" })).await, Vec::<Value>::new());
        let done = reseal(&app.app, &code(HUOQIU), &mut |_| ()).await.unwrap();
        assert_eq!((done.rows, done.lost), (1, 0), "one has a name that no index leads to");
        assert_eq!(ids(&app, &clerk, json!({ "name": "居民甲" })).await, [kept]);
        let again = reseal(&app.app, &code(HUOQIU), &mut |_| ()).await.unwrap();
        assert_eq!(again.rows, 0);
    }
}
