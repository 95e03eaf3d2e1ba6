//! What a page without an account draws its form from, and that it is all that a suggestion needs.

use axum::body::Body;
use minsheng::limits::rates::{Rate, RatePlan};
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::truth::Raw;
use crate::support::{TestApp, code, on_both_databases, post};

const STATE: &str = "isOpen closedBecause takesSuggestions opensOn closesOn";
const SUBMIT: &str = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) {
    receipt { code stage stageLabel } userErrors { code field } } }";

/// What anybody is shown of a campaign.
async fn page(app: &TestApp, county: &str, code: &str, fields: &str) -> Value {
    let query = format!(
        "query ($county: String!, $code: String!) {{ publicCampaign(county: $county, code: $code) {{ {fields} }} }}"
    );
    let answer = app.graphql(None, &query, json!({ "county": county, "code": code })).await.1;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["publicCampaign"].clone()
}

/// Sends a suggestion to a public channel without an account.
async fn submit(app: &TestApp, key: &str, channel: &Value, further: Value) -> Value {
    let mut input = json!({ "idempotencyKey": format!("public-form-{key}"), "title": "路灯不亮", "content": "已有半月。",
        "to": { "county": HUOQIU, "campaign": "MSQT-2022", "channel": channel } });
    input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    let answer = app.graphql(None, SUBMIT, json!({ "input": input })).await.1;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["submissionSubmit"].clone()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

on_both_databases! {
    async fn a_page_is_drawn_from_the_public_part_of_the_plan_alone(app: TestApp) {
        let app = app.with_both_counties().await;
        let seen = page(&app, HUOQIU, "MSQT-2022", "countyCode countyName code name aliases anonymousSubmission
            notices { documentNumber issuers issuedOn addressees } categories { code name isOther }
            townships { name villages { code name kind } } channels { code name } forms { streamCode fields { key required } }").await;
        assert_eq!((&seen["countyCode"], &seen["countyName"], &seen["code"]), (&json!(HUOQIU), &json!("六安市霍邱县"), &json!("MSQT-2022")));
        let notice = &seen["notices"][0];
        assert_eq!((&notice["documentNumber"], &notice["issuedOn"]), (&json!("邱办〔2022〕2号"), &json!("2022-02-23")));
        assert!(list(&notice["addressees"]).contains(&json!("各乡镇党委")), "{notice}");
        // Hotlines, visits and counters are nobody's at a screen.
        let channels: Vec<&str> = list(&seen["channels"]).iter().map(|row| row["code"].as_str().unwrap()).collect();
        assert_eq!(channels, ["PEOPLE_BOARD", "BAIXING_CHANGYAN", "MAYOR_MAILBOX", "WECHAT", "WEBSITE"]);
        let zhouji = list(&seen["townships"]).iter().find(|row| row["name"] == "周集镇").unwrap();
        assert!(list(&zhouji["villages"]).contains(&json!({ "code": "V0301", "name": "冯塘村", "kind": "VILLAGE" })), "{zhouji}");
        assert_eq!(list(&seen["categories"]).iter().filter(|row| row["isOther"] == true).count(), 1);
        // What departments do among themselves is on no page.
        for hidden in ["COMMITTEE_V0101", "CAMPAIGN_OFFICE", "LEADING_GROUP", "HOUSEHOLD_VISIT", "CONDUCT_HOTLINE"] {
            assert!(!seen.to_string().contains(hidden), "{hidden}");
        }
    }

    async fn the_county_and_any_spelling_of_the_campaign_lead_to_it_and_nothing_else_does(app: TestApp) {
        let app = app.with_both_counties().await;
        for spelling in ["MSQT-2022", " msqt-2022", "ＭＳＱＴ-2022", "民声倾听", "民生倾听", "“我爱六安·我有建议·我要说话”民生倾听主题活动"] {
            assert_eq!(page(&app, HUOQIU, spelling, "code").await["code"], "MSQT-2022", "{spelling}");
        }
        assert_eq!(page(&app, "１３０８０３", "2020年民心工程", "code").await["code"], "MXGC-2020");
        for (county, campaign) in [(HUOQIU, "MXGC-2020"), (HUOQIU, "倾听"), (HUOQIU, ""), ("000000", "MSQT-2022"), ("999999", "MSQT-2022"), ("霍邱县", "MSQT-2022")] {
            assert_eq!(page(&app, county, campaign, "code").await, Value::Null, "{county} {campaign}");
        }
        // A campaign whose plan opens nothing to the public is none here, as for `submissionSubmit`.
        let text = include_str!("../api/plans/huoqiu-2022.toml").replace("public_submission = true", "public_submission = false");
        app.apply_plan(&text).await;
        assert_eq!(page(&app, HUOQIU, "MSQT-2022", "code").await, Value::Null);
        let refused = submit(&app, "closed-plan", &json!("WEBSITE"), json!({})).await;
        assert_eq!(refused["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "to", "campaign"] }]));
    }

    async fn it_says_whether_the_campaign_is_open_and_why_not(app: TestApp) {
        let app = app.with_both_counties().await;
        let state = |open: bool, because: Value, takes: bool, county: &str| {
            let (from, to) = if county == HUOQIU { ("2022-02-23", Value::Null) } else { ("2019-10-15", json!("2019-11-15")) };
            json!({ "isOpen": open, "closedBecause": because, "takesSuggestions": takes, "opensOn": from, "closesOn": to })
        };
        assert_eq!(page(&app, HUOQIU, "MSQT-2022", STATE).await, state(true, Value::Null, true, HUOQIU));
        assert_eq!(page(&app, SHUANGLUAN, "MXGC-2020", STATE).await, state(false, json!("PERIOD_OVER"), true, SHUANGLUAN));
        // The first minute of the first day is the county's, not Greenwich's.
        for (instant, expected) in [
            ("2019-10-14T15:59:59Z", state(false, json!("NOT_BEGUN"), false, SHUANGLUAN)),
            ("2019-10-14T16:00:00Z", state(true, Value::Null, true, SHUANGLUAN)),
            ("2019-11-15T15:59:59Z", state(true, Value::Null, true, SHUANGLUAN)),
        ] {
            app.app.clock.set(instant.parse().unwrap());
            assert_eq!(page(&app, SHUANGLUAN, "MXGC-2020", STATE).await, expected, "{instant}");
        }
        let raw = Raw::open(&app.database.unscoped_url()).await;
        let closing = "INSERT INTO campaign_closing (county, campaign, department, closed_at, remark, figures) \
            SELECT campaign.county, campaign.id, department.id, '2019-11-01 01:30:00+00:00', '', '{}' FROM campaign \
            JOIN department ON department.county = campaign.county \
            WHERE campaign.county = '130803' AND department.code = 'CAMPAIGN_OFFICE'";
        raw.run(closing).await.unwrap();
        assert_eq!(page(&app, SHUANGLUAN, "MXGC-2020", STATE).await, state(false, json!("CLOSED"), false, SHUANGLUAN));
    }

    async fn what_the_page_asks_for_is_what_the_suggestion_is_held_to(app: TestApp) {
        let app = app.with_both_counties().await;
        let fields = page(&app, HUOQIU, "MSQT-2022", "fields { key required maxLength maximum }").await["fields"].clone();
        // Each limit met, and broken by one.
        for field in list(&fields) {
            let key = field["key"].as_str().unwrap();
            let asked = |n: u64| match (field["maxLength"].as_u64(), field["maximum"].as_u64()) {
                (Some(most), _) => Some(json!("长".repeat(usize::try_from(most + n).unwrap()))),
                (None, Some(most)) => Some(json!(most + n)),
                (None, None) => None,
            };
            let (Some(most), Some(more)) = (asked(0), asked(1)) else { continue };
            let taken = submit(&app, &format!("{key}-most"), &json!("WEBSITE"), json!({ key: most })).await;
            assert_eq!(taken["userErrors"], json!([]), "{key}");
            let refused = submit(&app, &format!("{key}-more"), &json!("WEBSITE"), json!({ key: more })).await;
            assert_eq!(refused["userErrors"], json!([{ "code": "INVALID", "field": ["input", key] }]), "{key}");
        }
        let required: Vec<&Value> = list(&fields).iter().filter(|field| field["required"] == true).map(|field| &field["key"]).collect();
        assert_eq!(required, ["title", "content"]);
        for key in ["title", "content"] {
            let refused = submit(&app, &format!("{key}-none"), &json!("WEBSITE"), json!({ key: "" })).await;
            assert_eq!(refused["userErrors"], json!([{ "code": "INVALID", "field": ["input", key] }]));
        }
    }

    async fn a_channel_names_the_form_that_a_choice_leads_to(app: TestApp) {
        let app = app.with_both_counties().await;
        let seen = page(&app, HUOQIU, "MSQT-2022", "channels { code usual: streamCode village: streamCode(villageCode: \"V0301\")
            firm: streamCode(constituency: \"各类企业\") } forms { streamCode fields { key required } }").await;
        let site = list(&seen["channels"]).iter().find(|row| row["code"] == "WEBSITE").unwrap();
        assert_eq!((&site["usual"], &site["village"]), (&json!("DATA_RESOURCES"), &json!("T_ZHOUJI")));
        assert_eq!(site["firm"], "ENTERPRISE_SERVICE");
        let firm = list(&seen["forms"]).iter().find(|form| form["streamCode"] == site["firm"]).unwrap();
        assert!(list(&firm["fields"]).contains(&json!({ "key": "enterprise_name", "required": true })), "{firm}");
        let firm = json!({ "constituency": "各类企业" });
        let refused = submit(&app, "firm-without", &site["code"], firm.clone()).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "extra"]), "{refused}");
        let mut whole = firm;
        whole["extra"] = json!([{ "key": "enterprise_name", "value": "某某食品厂" }]);
        assert_eq!(submit(&app, "firm-with", &site["code"], whole).await["userErrors"], json!([]));
    }

    async fn a_stage_has_the_citizen_s_words_in_both_languages(app: TestApp) {
        let app = app.with_both_counties().await;
        let stages = page(&app, HUOQIU, "MSQT-2022", "stages { stage zh en }").await["stages"].clone();
        let words = |stage: &str| list(&stages).iter().find(|row| row["stage"] == stage).unwrap().clone();
        assert_eq!((&words("RECEIVED")["zh"], &words("CLASSIFIED")["zh"]), (&json!("已受理"), &json!("已受理")));
        assert!(!stages.to_string().contains("归类"), "{stages}");
        let made = submit(&app, "words", &json!("WEBSITE"), json!({})).await["receipt"].clone();
        assert_eq!((&made["stage"], &made["stageLabel"]), (&json!("RECEIVED"), &words("RECEIVED")["zh"]));
        let query = json!({ "query": "query ($code: String!) { receipt(code: $code) { stage stageLabel } }", "variables": { "code": made["code"] } });
        let request = post().header("accept-language", "en").body(Body::from(query.to_string())).unwrap();
        let answer: Value = serde_json::from_str(&app.send(request).await.2).unwrap();
        assert_eq!(answer["data"]["receipt"]["stageLabel"], words("RECEIVED")["en"], "{answer}");
    }

    async fn it_costs_the_same_however_much_was_written_and_is_counted_by_address(app: TestApp) {
        let app = app.with_both_counties().await;
        page(&app, HUOQIU, "MSQT-2022", "code").await;
        let cost = async || {
            let before = app.app.db.trips();
            page(&app, HUOQIU, "MSQT-2022", "name isOpen townships { villages { code } } forms { fields { key } }").await;
            app.app.db.trips() - before
        };
        let first = cost().await;
        for n in 0..5 {
            submit(&app, &format!("many-{n}"), &json!("WEBSITE"), json!({})).await;
        }
        assert_eq!(cost().await, first);
        // Two statements beside what opens the snapshot.
        assert!(first <= 4, "{first}");
        let rates = RatePlan { writes_of_address: Rate::new(2, 1), ..RatePlan::default() };
        let app = app.with_rates(rates).await;
        let query = format!("{{ publicCampaign(county: \"{HUOQIU}\", code: \"MSQT-2022\") {{ code }} }}");
        let mut codes = Vec::new();
        for _ in 0..3 {
            codes.push(code(&app.graphql(None, &query, json!({})).await.1).to_owned());
        }
        assert_eq!(codes, ["", "", "RATE_LIMITED"]);
    }
}
