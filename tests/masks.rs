//! Who reads masked, what of a person stays in texts then, and what stays of it once it is erased.

use entity::enums::Position;
use serde_json::{Value, json};

use crate::decision::{campaign, done, seen};
use crate::exports::table;
use crate::queries::trips;
use crate::support::personas::{HUOQIU, Persona};
use crate::support::truth::Raw;
use crate::support::{TestApp, on_both_databases};

/// What may say something of a person.
const TEXTS: &str = "{ submissions(first: 20) { nodes { title content extra { value } records(last: 20) { note } explanation { text proof } } } }";

/// Words of a person that nobody but its collector may read.
const PERSONAL: [&str; 8] = [
    "居民甲",
    "19900000123",
    "199 0000",
    "6222 0212",
    "cunmin.jia@example.com",
    "123456789",
    "wxid_cunminjia88",
    "A12345",
];

fn personal(text: &str) -> Vec<&'static str> {
    PERSONAL.into_iter().filter(|word| text.contains(word)).collect()
}

/// A suggestion whose person writes down everything.
async fn talkative(app: &TestApp, clerk: &Persona, key: &str) -> Value {
    let input = json!({
        "idempotencyKey": format!("masks-{key}"), "channelId": app.channel_id(clerk, "HOUSEHOLD_VISIT").await,
        "title": "居民甲反映路灯不亮", "name": "居民甲", "phone": "19900000123",
        "content": "我是居 民 甲，电话199 0000\n0123或19900000123，卡号6222 0212 3456 7890 123，邮箱cunmin.jia@example.com，\
            QQ 123456789，微信号 wxid_cunminjia88，车牌皖A12345。村口三盏路灯不亮，2022年10月15日起。",
    });
    done(app, clerk, "submissionRecord", "submission { id version }", input).await["submission"].clone()
}

async fn classified(app: &TestApp, clerk: &Persona, row: &Value, note: &str) -> Value {
    let data = app.data(clerk, "{ campaigns { categories { id } } }", json!({})).await;
    let input = json!({ "submissionId": row["id"], "expectedVersion": row["version"],
        "categoryId": data["campaigns"][0]["categories"][0]["id"], "note": note });
    done(app, clerk, "submissionClassify", "submission { id version }", input).await["submission"].clone()
}

async fn found(app: &TestApp, who: &Persona, text: &str) -> i64 {
    let query = "query ($text: String!) { submissions(filter: { text: $text }) { totalCount } }";
    let data = app.data(who, query, json!({ "text": text })).await;
    data["submissions"]["totalCount"].as_i64().unwrap()
}

async fn exported(app: &TestApp, who: &Persona) -> String {
    table(app, who, &json!({})).await.concat().concat()
}

const READERS: [&str; 4] =
    ["LEADING_GROUP", "CAMPAIGN_OFFICE", "SUPERVISION_OFFICE", "COUNTY_GOVERNMENT_OFFICE"];

/// Those of another department who see the case.
async fn readers(app: &TestApp) -> Vec<Persona> {
    let mut readers = Vec::new();
    let data = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
    let known =
        app.data(&data, "{ departments(first: 100) { nodes { code } } }", json!({})).await.to_string();
    for department in READERS.into_iter().filter(|code| known.contains(&format!("\"{code}\""))) {
        readers.push(app.persona(HUOQIU, department, Position::Head).await);
    }
    assert!(readers.len() > 1);
    readers
}

on_both_databases! {
    async fn whoever_reads_masked_reads_no_name_and_no_number_anywhere(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let row = talkative(&app, &clerk, "read").await;
        classified(&app, &clerk, &row, "居民甲电话19900000123已核实").await;
        let own = app.data(&clerk, TEXTS, json!({})).await["submissions"]["nodes"][0].clone();
        assert_eq!(own["title"], "居民甲反映路灯不亮");
        assert!(own["content"].as_str().unwrap().contains("19900000123"), "its collector reads it as it was written");
        assert_eq!(own["records"][0]["note"], "居**电话****0123已核实", "the record is kept for good, and freed of names as it is written");
        for who in readers(&app).await {
            let seen = app.data(&who, TEXTS, json!({})).await["submissions"]["nodes"][0].clone();
            assert_eq!(personal(&seen.to_string()), [""; 0], "{}: {seen}", who.department);
            assert_eq!(seen["title"], "居**反映路灯不亮");
            assert!(seen["content"].as_str().unwrap().ends_with("车牌皖****。村口三盏路灯不亮，2022年10月15日起。"), "{seen}");
            assert_eq!(personal(&exported(&app, &who).await), [""; 0], "{}", who.department);
            for word in PERSONAL {
                assert_eq!(found(&app, &who, word).await, 0, "{word} by {}", who.department);
            }
            assert_eq!(found(&app, &who, "路灯不亮").await, 1);
        }
        assert_eq!(found(&app, &clerk, "居民甲").await, 0, "one index serves all: what is masked for some is found by nobody");
    }

    async fn a_correction_is_masked_like_the_first_words(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let input = json!({ "idempotencyKey": "masks-plain", "channelId": app.channel_id(&clerk, "HOUSEHOLD_VISIT").await,
            "title": "路灯不亮", "content": "村口路灯不亮", "name": "居民甲" });
        let row = done(&app, &clerk, "submissionRecord", "submission { id version }", input).await["submission"].clone();
        let edit = json!({ "submissionId": row["id"], "expectedVersion": row["version"], "title": "居民甲家门口路灯不亮" });
        done(&app, &clerk, "submissionEdit", "submission { id }", edit).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let seen = app.data(&leader, TEXTS, json!({})).await;
        assert_eq!(seen["submissions"]["nodes"][0]["title"], "居**家门口路灯不亮");
        assert_eq!(found(&app, &leader, "居民甲").await, 0);
        assert_eq!(found(&app, &leader, "家门口").await, 1);
    }

    async fn a_name_is_looked_for_only_where_it_stands_and_wherever_nobody_has_looked(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let queue = "{ submissions(first: 20) { nodes { id title content department { name } } } }";
        for n in 0..3 {
            let input = json!({ "idempotencyKey": format!("masks-none-{n}"), "channelId": app.channel_id(&clerk, "HOUSEHOLD_VISIT").await,
                "title": "路灯不亮", "content": "村口路灯不亮", "name": "居民甲" });
            done(&app, &clerk, "submissionRecord", "submission { id }", input).await;
        }
        let without = trips(&app, &leader, queue).await;
        talkative(&app, &clerk, "named").await;
        assert_eq!(trips(&app, &leader, queue).await, without + 1, "one statement for all persons of the page");
        // Rows of a former release, where nobody has looked.
        let raw = Raw::open(&app.database.unscoped_url()).await;
        raw.run("UPDATE submission SET names_person = NULL").await.unwrap();
        raw.close().await;
        let seen = app.data(&leader, queue, json!({})).await.to_string();
        assert_eq!(personal(&seen), [""; 0]);
        assert_eq!(trips(&app, &leader, queue).await, without + 1);
    }

    async fn narratives_are_read_as_the_words_of_citizens_are(app: TestApp) {
        let app = app.with_both_counties().await;
        let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let departments = app.data(&office, "{ departments(first: 100) { nodes { id code } } }", json!({})).await;
        let departments = departments["departments"]["nodes"].as_array().unwrap();
        let town = departments.iter().find(|row| row["code"] == "T_HEKOU").unwrap();
        let row = talkative(&app, &clerk, "project").await;
        let input = json!({ "idempotencyKey": "masks-project", "campaignId": campaign(&app, &office).await, "departmentId": town["id"],
            "title": "路灯改造", "content": "联系人电话19900000123，车牌皖A12345。", "cost": 1000, "submissionIds": [row["id"]] });
        let id = done(&app, &office, "projectCreate", "project { id }", input).await["project"]["id"].clone();
        let query = "query ($id: ID!) { node(id: $id) { ... on Project { content } } }";
        for (department, content) in [("T_HEKOU", "联系人电话19900000123，车牌皖A12345。"), ("LEADING_GROUP", "联系人电话****0123，车牌皖****。")] {
            let who = app.persona(HUOQIU, department, Position::Head).await;
            let seen = app.data(&who, query, json!({ "id": id })).await;
            assert_eq!(seen["node"]["content"], content, "{department}");
        }
    }

    async fn who_is_erased_is_erased_from_every_text_too(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let row = talkative(&app, &clerk, "erased").await;
        let row = classified(&app, &clerk, &row, "居民甲19900000123").await;
        let told = json!({ "idempotencyKey": "masks-explained", "campaignId": campaign(&app, &clerk).await, "channel": "REPLY",
            "text": "居民甲您好，路灯下月更换，可致电0564-0000001。", "submissionIds": [row["id"]] });
        done(&app, &clerk, "explanationRecord", "explanation { id }", told).await;
        let before = app.data(&clerk, TEXTS, json!({})).await.to_string() + &exported(&app, &clerk).await;
        assert!(personal(&before).len() > 6, "before, its collector reads all of it: {before}");

        let stale = json!({ "input": { "submissionId": row["id"], "expectedVersion": 1, "reason": "本人要求" } });
        let erase = "mutation ($input: PersonEraseInput!) { personErase(input: $input) { submission { id } userErrors { code } } }";
        let refused = app.data(&clerk, erase, stale).await;
        assert_eq!(refused["personErase"]["userErrors"][0]["code"], "STALE_VERSION");
        let kept = app.data(&clerk, TEXTS, json!({})).await.to_string();
        assert!(kept.contains("居民甲反映"), "a refused erasure changes nothing");

        let version = seen(&app, &clerk, &row["id"]).await["version"].clone();
        let input = json!({ "submissionId": row["id"], "expectedVersion": version, "reason": "居民甲（19900000123）本人要求" });
        done(&app, &clerk, "personErase", "submission { id }", input).await;
        let mut everybody = readers(&app).await;
        everybody.push(app.persona(HUOQIU, "T_HEKOU", Position::Head).await);
        everybody.push(clerk);
        for who in &everybody {
            let after = app.data(who, TEXTS, json!({})).await.to_string() + &exported(&app, who).await;
            assert_eq!(personal(&after), [""; 0], "{}: {after}", who.department);
            for word in PERSONAL {
                assert_eq!(found(&app, who, word).await, 0, "{word} by {}", who.department);
            }
            assert_eq!(found(&app, who, "路灯不亮").await, 1, "the case stays, and is found");
        }
        let own = app.data(&everybody[everybody.len() - 1], TEXTS, json!({})).await;
        let text = own["submissions"]["nodes"][0]["explanation"]["text"].clone();
        assert_eq!(text, "居**您好，路灯下月更换，可致电0564-0000001。", "an office's number stays in what it tells");
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let trail = app.data(&auditor, "{ auditEntries(filter: { actions: [PERSON_ERASE] }) { nodes { action detail } } }", json!({})).await.to_string();
        assert!(trail.contains("PERSON_ERASE") && trail.contains("居**（****0123）本人要求"), "{trail}");
        assert_eq!(personal(&trail), [""; 0]);
        // Nor does the database hold it in any table of texts.
        let raw = Raw::open(&app.database.unscoped_url()).await;
        for (table, column) in [("submission", "title"), ("submission", "content"), ("submission_text", "title"),
            ("submission_text", "content"), ("record", "note"), ("explanation", "text")] {
            for word in ["%居民甲%", "%19900000123%", "%cunmin%"] {
                let sql = format!("UPDATE {table} SET {column} = {column} WHERE {column} LIKE '{word}'");
                assert_eq!(raw.run(&sql).await.unwrap(), 0, "{word} in {table}.{column}");
            }
        }
        raw.close().await;
    }
}
