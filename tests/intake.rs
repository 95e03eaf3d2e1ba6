//! Taking in suggestions, as a department's clerk and as a citizen do it.

use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::on_both_databases;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, code};

const RECORD: &str = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) {
    submission { id number version stage title isLate permissions { canEdit canClassify canRevealIdentity } person { name phone } }
    userErrors { code field message } } }";

/// Enters a suggestion and gives the payload.
async fn record(app: &TestApp, who: &Persona, key: &str, further: Value) -> Value {
    let mut input = json!({
        "idempotencyKey": format!("record-{key}"),
        "channelId": app.channel_id(who, "HOUSEHOLD_VISIT").await,
        "title": "村口路灯不亮",
        "content": "村口三盏路灯不亮已有半月，请尽快修好。",
        "name": "居民甲",
        "phone": "19900000001",
    });
    let fields = further.as_object().unwrap().clone();
    input.as_object_mut().unwrap().extend(fields);
    app.data(who, RECORD, json!({ "input": input })).await["submissionRecord"].clone()
}

async fn total(app: &TestApp, who: &Persona, filter: Value) -> Value {
    let query = "query ($filter: SubmissionFilter) { submissions(filter: $filter) { totalCount nodes { id } } overview(filter: $filter) { total { received } } }";
    let data = app.data(who, query, json!({ "filter": filter })).await;
    let count = data["submissions"]["totalCount"].clone();
    assert_eq!(count, data["overview"]["total"]["received"], "list and overview disagree for {filter}");
    count
}

on_both_databases! {
    async fn what_a_township_enters_is_seen_by_itself_and_the_leadership_alone(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let payload = record(&app, &clerk, "first", json!({})).await;
        assert_eq!(payload["userErrors"], json!([]));
        let row = &payload["submission"];
        assert_eq!(row["stage"], "RECEIVED");
        assert_eq!(row["number"], "T_HEKOU-2022-00001");
        assert_eq!(row["person"], json!({ "name": "居**", "phone": "****0001" }));
        for (county, department, seen) in [
            (HUOQIU, "T_HEKOU", 1), (HUOQIU, "T_ZHOUJI", 0), (HUOQIU, "NPC_OFFICE", 0), (HUOQIU, "CPPCC_OFFICE", 0),
            (HUOQIU, "UNITED_FRONT", 0), (HUOQIU, "INDUSTRY_COMMERCE", 0), (HUOQIU, "LEADING_GROUP", 1),
            (HUOQIU, "CAMPAIGN_OFFICE", 1), (HUOQIU, "ADMINISTRATOR", 0), (SHUANGLUAN, "LEADING_GROUP", 0),
        ] {
            let who = app.persona(county, department, Position::Head).await;
            assert_eq!(total(&app, &who, json!({})).await, seen, "{department} of {county}");
            assert_eq!(total(&app, &who, json!({ "text": "路灯" })).await, seen, "search by {department} of {county}");
        }
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let node = "query ($id: ID!) { node(id: $id) { id ... on Submission { person { name } content } } }";
        let seen = app.data(&leader, node, json!({ "id": row["id"] })).await;
        assert_eq!(seen["node"]["person"], Value::Null);
        let other = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let hidden = app.data(&other, node, json!({ "id": row["id"] })).await;
        assert_eq!(hidden["node"], Value::Null);
    }

    async fn an_instant_is_kept_as_both_databases_can_keep_it(app: TestApp) {
        const AT: &str = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) {
            submission { receivedAt } userErrors { code field } } }";
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let channel = app.channel_id(&clerk, "HOUSEHOLD_VISIT").await;
        let input = |at: &str| {
            let key = format!("received-{at}");
            json!({ "input": { "idempotencyKey": key, "channelId": channel, "title": "路灯", "content": "路灯不亮", "receivedAt": at } })
        };
        // Finer than a microsecond, as programs print it: pages of one lose nothing and repeat nothing.
        for (given, kept) in [
            ("2022-03-01T12:00:00.123456789Z", "2022-03-01T20:00:00.123456+08:00"),
            ("2022-03-01T12:00:00.1234567Z", "2022-03-01T20:00:00.123456+08:00"),
            ("2022-03-01T12:00:01Z", "2022-03-01T20:00:01+08:00"),
        ] {
            let made = app.data(&clerk, AT, input(given)).await["submissionRecord"].clone();
            assert_eq!(made["submission"]["receivedAt"], kept, "{made}");
        }
        let page = "query ($after: String) { submissions(first: 1, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }";
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        for _ in 0..3 {
            let data = app.data(&clerk, page, json!({ "after": after })).await["submissions"].clone();
            seen.push(data["nodes"][0]["id"].to_string());
            after = data["pageInfo"]["endCursor"].clone();
            assert_eq!(data["pageInfo"]["hasNextPage"], seen.len() < 3);
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 3);
        // A sixtieth second is in no minute.
        let (_, answer) = app.graphql(Some(&clerk.token), AT, input("2022-03-01T23:59:60Z")).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT");
        // A clock a little ahead means now, one far ahead is refused.
        let now = app.app.clock.now();
        let ahead = |seconds: i64| (now + chrono::TimeDelta::seconds(seconds)).to_rfc3339();
        let made = app.data(&clerk, AT, input(&ahead(2))).await["submissionRecord"].clone();
        let kept: chrono::DateTime<chrono::FixedOffset> = made["submission"]["receivedAt"].as_str().unwrap().parse().unwrap();
        assert_eq!(kept, now);
        let made = app.data(&clerk, AT, input(&ahead(120))).await["submissionRecord"].clone();
        assert_eq!(made["userErrors"], json!([{ "code": "INVALID", "field": ["input", "receivedAt"] }]));
    }

    async fn words_for_nothing_are_nobody_and_a_second_number_is_no_obstacle(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        for (place, (name, phone, person)) in [
            ("匿名", "无", Value::Null),
            ("/", "0", Value::Null),
            ("居民乙", "未留", json!({ "name": "居**", "phone": null })),
            ("居民乙", "19900000001/19900000002", json!({ "name": "居**", "phone": "****0001" })),
            ("居民乙", "19900000001.0", json!({ "name": "居**", "phone": "****0001" })),
            ("居民乙", "19900000001 转8（宅）", json!({ "name": "居**", "phone": "****0001" })),
        ]
        .into_iter()
        .enumerate()
        {
            let made = record(&app, &clerk, &format!("nobody-{place}"), json!({ "name": name, "phone": phone })).await;
            assert_eq!(made["userErrors"], json!([]), "{name} {phone}");
            assert_eq!(made["submission"]["person"], person, "{name} {phone}");
        }
        let made = record(&app, &clerk, "nobody-wrong", json!({ "phone": "1990000x0001" })).await;
        assert_eq!(made["userErrors"][0]["code"], "INVALID");
        assert_eq!(made["userErrors"][0]["field"], json!(["input", "phone"]));
    }

    async fn a_case_is_corrected_classified_and_withdrawn_under_its_version(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let id = record(&app, &clerk, "first", json!({})).await["submission"]["id"].clone();
        let edit = "mutation ($input: SubmissionEditInput!) { submissionEdit(input: $input) { submission { version title records(last: 1) { action } } userErrors { code field } } }";
        let input = json!({ "submissionId": id, "expectedVersion": 1, "title": "村口路灯与井盖" });
        let edited = app.data(&clerk, edit, json!({ "input": input })).await;
        assert_eq!(edited["submissionEdit"]["submission"], json!({ "version": 2, "title": "村口路灯与井盖", "records": [{ "action": "EDITED" }] }));
        assert_eq!(total(&app, &clerk, json!({ "text": "井盖" })).await, 1);
        let stale = app.data(&clerk, edit, json!({ "input": input })).await;
        assert_eq!(stale["submissionEdit"], json!({
            "submission": { "version": 2, "title": "村口路灯与井盖", "records": [{ "action": "EDITED" }] },
            "userErrors": [{ "code": "STALE_VERSION", "field": ["input", "expectedVersion"] }],
        }), "the present version, and what came in between");
        let neighbour = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let foreign = app.data(&neighbour, edit, json!({ "input": input })).await["submissionEdit"].clone();
        assert_eq!((&foreign["submission"], &foreign["userErrors"][0]["code"]), (&Value::Null, &json!("NOT_FOUND")));

        let categories = app.data(&clerk, "{ campaigns { categories { id } } }", json!({})).await;
        let category = categories["campaigns"][0]["categories"][0]["id"].clone();
        let classify = "mutation ($input: SubmissionClassifyInput!) { submissionClassify(input: $input) { submission { version stage category { id } records { number action fromStage toStage } } userErrors { code field } } }";
        let input = json!({ "submissionId": id, "expectedVersion": 2, "categoryId": category });
        let classified = app.data(&clerk, classify, json!({ "input": input })).await;
        let case = &classified["submissionClassify"]["submission"];
        assert_eq!((&case["stage"], &case["category"]["id"]), (&json!("CLASSIFIED"), &category));
        let actions: Vec<&Value> = case["records"].as_array().unwrap().iter().map(|line| &line["action"]).collect();
        assert_eq!(actions, ["CLASSIFIED", "EDITED", "RECORDED"]);
        assert_eq!(total(&app, &clerk, json!({ "stages": ["CLASSIFIED"], "categoryIds": [category] })).await, 1);
        assert_eq!(total(&app, &clerk, json!({ "queue": "TO_CLASSIFY" })).await, 0);

        let withdraw = "mutation ($input: SubmissionWithdrawInput!) { submissionWithdraw(input: $input) { submission { stage permissions { canEdit } } userErrors { code field } } }";
        let input = json!({ "submissionId": id, "expectedVersion": 3, "reason": "重复登记" });
        let withdrawn = app.data(&clerk, withdraw, json!({ "input": input })).await;
        assert_eq!(withdrawn["submissionWithdraw"]["submission"], json!({ "stage": "WITHDRAWN", "permissions": { "canEdit": false } }));
        let again = json!({ "submissionId": id, "expectedVersion": 4, "reason": "重复登记" });
        let refused = app.data(&clerk, withdraw, json!({ "input": again })).await;
        assert_eq!(refused["submissionWithdraw"]["userErrors"], json!([{ "code": "WRONG_STAGE", "field": null }]));

        let other = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let foreign = app.data(&other, withdraw, json!({ "input": again })).await;
        assert_eq!(foreign["submissionWithdraw"]["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "submissionId"] }]));
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let (_, forbidden) = app.graphql(Some(&leader.token), withdraw, json!({ "input": again })).await;
        assert_eq!(code(&forbidden), "FORBIDDEN");
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let trail = app.data(&auditor, "{ auditEntries { nodes { action subject profile } } }", json!({})).await;
        let noted = json!({ "action": "FORBIDDEN", "subject": "operation:Mutation.submissionWithdraw", "profile": "LEADERSHIP" });
        assert!(trail["auditEntries"]["nodes"].as_array().unwrap().contains(&noted), "{trail}");
    }

    async fn an_identity_is_shown_for_a_reason_and_can_be_erased(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let id = record(&app, &clerk, "open", json!({ "address": "某村一组" })).await["submission"]["id"].clone();
        let secret = record(&app, &clerk, "secret", json!({ "isConfidential": true })).await["submission"]["id"].clone();
        let reveal = "mutation ($input: IdentityRevealInput!) { identityReveal(input: $input) { identity { name phone address } userErrors { code field } } }";
        let shown = app.data(&clerk, reveal, json!({ "input": { "submissionId": id, "reason": "电话核实地点" } })).await;
        assert_eq!(shown["identityReveal"]["identity"], json!({ "name": "居民甲", "phone": "19900000001", "address": "某村一组" }));
        let refused = app.data(&clerk, reveal, json!({ "input": { "submissionId": secret, "reason": "电话核实地点" } })).await;
        assert_eq!(refused["identityReveal"]["userErrors"][0]["code"], "CONFIDENTIAL");
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let trail = app.data(&auditor, "{ auditEntries { nodes { action detail profile } } }", json!({})).await;
        let lines = trail["auditEntries"]["nodes"].as_array().unwrap();
        let line = lines.iter().find(|line| line["action"] == "IDENTITY_REVEAL").unwrap();
        assert!(line["detail"].as_str().unwrap().contains("电话核实地点"));
        assert!(!trail.to_string().contains("居民甲"), "the trail holds no personal data");

        let erase = "mutation ($input: PersonEraseInput!) { personErase(input: $input) { submission { title person { name } version } userErrors { code field } } }";
        let erased = app.data(&clerk, erase, json!({ "input": { "submissionId": id, "expectedVersion": 1, "reason": "本人要求" } })).await;
        assert_eq!(erased["personErase"]["submission"], json!({ "title": "村口路灯不亮", "person": null, "version": 2 }));
        let gone = app.data(&clerk, reveal, json!({ "input": { "submissionId": id, "reason": "电话核实地点" } })).await;
        assert_eq!(gone["identityReveal"]["userErrors"][0]["code"], "NOT_FOUND");
    }

    async fn a_citizen_submits_without_an_account_and_follows_the_case_by_its_code(app: TestApp) {
        let app = app.with_both_counties().await;
        let submit = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { code number stage } userErrors { code field } } }";
        let input = |key: &str, village: Value| json!({ "input": {
            "idempotencyKey": key, "to": { "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" },
            "title": "公交车次太少", "content": "早晚高峰公交车次太少，我的电话是19900000002。", "villageCode": village } });
        let (_, answer) = app.graphql(None, submit, input("citizen-1", json!(null))).await;
        let receipt = answer["data"]["submissionSubmit"]["receipt"].clone();
        assert_eq!(receipt["stage"], "RECEIVED", "{answer}");
        let (_, again) = app.graphql(None, submit, input("citizen-1", json!(null))).await;
        assert_eq!(again["data"]["submissionSubmit"]["receipt"], receipt);
        let (_, other) = app.graphql(None, submit, input("citizen-1", json!("V0101"))).await;
        let other = &other["data"]["submissionSubmit"]["receipt"];
        assert!(other["code"].is_string() && *other != receipt, "strangers share no keys: another text is another suggestion");
        let seen = "query ($code: String!) { receipt(code: $code) { number title stage } }";
        let typed = receipt["code"].as_str().unwrap().to_lowercase().replace('-', " ");
        let (_, followed) = app.graphql(None, seen, json!({ "code": typed })).await;
        assert_eq!(followed["data"]["receipt"]["number"], receipt["number"]);
        let (_, unknown) = app.graphql(None, seen, json!({ "code": "0000-0000-0000-0000" })).await;
        assert_eq!(unknown["data"]["receipt"], Value::Null);
        let owner = app.persona(HUOQIU, "DATA_RESOURCES", Position::Officer).await;
        assert_eq!(total(&app, &owner, json!({})).await, 1);
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let text = app.data(&leader, "{ submissions { nodes { content } } }", json!({})).await;
        assert!(!text.to_string().contains("19900000002"), "a number in the text is masked for the leadership");
        assert_eq!(total(&app, &owner, json!({ "text": "19900000002" })).await, 0, "a masked number can't be looked for");
        let placed = app.graphql(None, submit, input("citizen-2", json!("V0201"))).await.1;
        assert_eq!(placed["data"]["submissionSubmit"]["userErrors"], json!([]), "{placed}");
        assert_eq!(total(&app, &owner, json!({})).await, 1, "a village's matter goes to its township");
    }

    async fn a_village_committee_enters_for_its_township_and_goes_on_seeing_its_own(app: TestApp) {
        let app = app.with_both_counties().await;
        let village = app.persona(HUOQIU, "COMMITTEE_V0101", Position::Officer).await;
        let payload = record(&app, &village, "village", json!({})).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        assert_eq!(payload["submission"]["person"], Value::Null);
        let township = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        for who in [&village, &township] {
            assert_eq!(total(&app, who, json!({})).await, 1, "{}", who.department);
        }
        assert_eq!(total(&app, &village, json!({ "queue": "ENTERED" })).await, 1);
        assert_eq!(total(&app, &village, json!({ "queue": "COLLECTED" })).await, 0);
        let categories = app.data(&township, "{ campaigns { categories { id } } }", json!({})).await;
        let category = categories["campaigns"][0]["categories"][1]["id"].clone();
        let classify = "mutation ($input: SubmissionClassifyInput!) { submissionClassify(input: $input) { userErrors { code } } }";
        let id = payload["submission"]["id"].clone();
        let input = json!({ "submissionId": id, "expectedVersion": 1, "categoryId": category });
        app.data(&township, classify, json!({ "input": input })).await;
        assert_eq!(total(&app, &village, json!({ "categoryIds": [category] })).await, 1, "the village's copy follows");
    }

    async fn late_entries_are_taken_and_marked_and_early_ones_refused(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(SHUANGLUAN, "NPC_OFFICE", Position::Officer).await;
        let at = |day: &str| json!({
            "receivedAt": format!("{day}T09:00:00+08:00"), "extra": [{ "key": "delegation", "value": "第一代表团" }] });
        let on_time = record(&app, &clerk, "on-time", at("2019-11-15")).await;
        let late = record(&app, &clerk, "late-one", at("2019-11-16")).await;
        assert_eq!(on_time["userErrors"], json!([]));
        let early = record(&app, &clerk, "early-one", at("2019-10-14")).await;
        assert_eq!((&on_time["submission"]["isLate"], &late["submission"]["isLate"]), (&json!(false), &json!(true)));
        assert_eq!(early["userErrors"][0]["code"], "CAMPAIGN_CLOSED");
        assert_eq!(total(&app, &clerk, json!({ "isLate": true })).await, 1);
        assert_eq!(total(&app, &clerk, json!({ "receivedFrom": "2019-11-15", "receivedTo": "2019-11-15" })).await, 1, "one day is from that day to that day");
        assert_eq!(total(&app, &clerk, json!({ "receivedFrom": "2019-11-15", "receivedTo": "2019-11-14" })).await, 0);
        assert_eq!(total(&app, &clerk, json!({ "receivedTo": "9999-12-31" })).await, 2);
        assert_eq!(total(&app, &clerk, json!({ "receivedFrom": "2019-11-10", "receivedTo": "2019-12-05" })).await, 2);
    }

    async fn bad_input_names_every_field_and_changes_nothing(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let bad = json!({ "title": " ", "phone": "12", "beneficiaries": -1, "receivedAt": "2030-01-01T00:00:00Z",
            "constituency": "无此对象", "extra": [{ "key": "nothing", "value": "x" }] });
        let payload = record(&app, &clerk, "bad-one", bad).await;
        let mut fields: Vec<String> = payload["userErrors"].as_array().unwrap().iter()
            .map(|error| error["field"].as_array().unwrap()[1..].iter().map(|step| step.as_str().unwrap()).collect::<Vec<_>>().join("."))
            .collect();
        fields.sort();
        assert_eq!(fields, ["beneficiaries", "constituency", "extra.0.value", "phone", "receivedAt", "title"]);
        assert_eq!(payload["submission"], Value::Null);
        assert_eq!(total(&app, &clerk, json!({})).await, 0);
        let reference = json!({ "externalRef": "A-1" });
        assert_eq!(record(&app, &clerk, "ref-one", reference.clone()).await["userErrors"], json!([]));
        let twice = record(&app, &clerk, "ref-two", reference).await;
        assert_eq!(twice["userErrors"][0]["code"], "DUPLICATE");
    }
}
