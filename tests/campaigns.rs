//! What the API says of campaigns: to the office, to a township, to another county.

use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::{TestApp, code, on_both_databases};

/// A small plan of county 999999, made up.
const SMALL: &str = include_str!("../api/src/plan/tests/third-county.toml");

on_both_databases! {
    async fn a_campaign_shows_what_its_plan_says(app: TestApp) {
        app.apply_plan(SMALL).await;
        let office = app.persona("999999", "OFFICE", Position::Officer).await;
        let query = r#"{ campaign(by: { code: "SLX-2020" }) {
            name documentNumber issuers issuedOn opensOn closesOn isOpen handling publicSubmission
            channels { code owner { name role { code name profile } } } categories { code name isOther }
            villages { totalCount nodes { code kind class households department { code } committee { code parent { code } } } }
            streams { code department { code } fields { key label kind required choices maxLength } constituencies }
        } }"#;
        let campaign = &app.data(&office, query, json!({})).await["campaign"];
        assert_eq!(campaign["closesOn"], "2020-12-31");
        assert_eq!(campaign["channels"][1]["owner"]["role"]["profile"], "CHANNEL_OWNER");
        assert_eq!(
            campaign["categories"],
            json!([
                { "code": "ROAD_TRAFFIC", "name": "道路交通", "isOther": false },
                { "code": "OTHER", "name": "其他", "isOther": true },
            ])
        );
        assert_eq!(campaign["villages"]["totalCount"], 1);
        assert_eq!(campaign["villages"]["nodes"][0]["committee"]["parent"]["code"], "A1");
        assert_eq!(
            campaign["streams"][0]["fields"][0],
            json!({
                "key": "trade", "label": "行业", "kind": "CHOICE", "required": false, "choices": ["农", "工"],
                "maxLength": null,
            })
        );
    }

    async fn a_township_reads_its_own_stream_and_draws_every_form(app: TestApp) {
        app.apply_plan(SMALL).await;
        let township = app.persona("999999", "A2", Position::Officer).await;
        let query = "{ streams { code } campaigns { streams { code } forms { streamCode constituencies } } }";
        let data = app.data(&township, query, json!({})).await;
        assert_eq!(data["streams"], json!([{ "code": "A2" }]));
        assert_eq!(data["campaigns"][0]["streams"], json!([{ "code": "A2" }]));
        let forms = data["campaigns"][0]["forms"].as_array().unwrap();
        assert_eq!(forms.len(), 10);
        assert_eq!(forms[1], json!({ "streamCode": "A2", "constituencies": ["辖区居民", "养蜂户"] }));
    }

    async fn the_leadership_reads_every_stream_in_the_order_of_the_plan(app: TestApp) {
        app.apply_plan(SMALL).await;
        let leader = app.persona("999999", "LEADERS", Position::Officer).await;
        let streams = app.data(&leader, "{ streams { code } }", json!({})).await;
        let codes: Vec<&Value> =
            streams["streams"].as_array().unwrap().iter().map(|stream| &stream["code"]).collect();
        assert_eq!(codes, ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "MAILBOX"]);
    }

    async fn every_spelling_of_its_name_finds_a_campaign_and_a_part_is_searched_for(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let abroad = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let named = "query ($text: String!) { campaign(by: { name: $text }) { code } campaigns(text: $text) { code } }";
        let plan = app.data(&clerk, "{ campaigns { name aliases } }", json!({})).await["campaigns"][0].clone();
        let mut spellings: Vec<String> =
            plan["aliases"].as_array().unwrap().iter().map(|alias| alias.as_str().unwrap().to_owned()).collect();
        assert!(spellings.iter().any(|alias| alias == "民生倾听") && spellings.iter().any(|alias| alias == "民声倾听"));
        spellings.push(plan["name"].as_str().unwrap().to_owned());
        spellings.extend(["民聲 倾听", "msqt-2022"].map(str::to_owned));
        for text in &spellings {
            let found = app.data(&clerk, named, json!({ "text": text })).await;
            assert_eq!(found, json!({ "campaign": { "code": "MSQT-2022" }, "campaigns": [{ "code": "MSQT-2022" }] }), "{text}");
            let hidden = app.data(&abroad, named, json!({ "text": text })).await;
            assert_eq!(hidden, json!({ "campaign": null, "campaigns": [] }), "{text}");
        }
        let part = app.data(&clerk, named, json!({ "text": "倾听" })).await;
        assert_eq!(part, json!({ "campaign": null, "campaigns": [{ "code": "MSQT-2022" }] }), "a part is no name");
        let none = app.data(&clerk, named, json!({ "text": "民心工程" })).await;
        assert_eq!(none, json!({ "campaign": null, "campaigns": [] }));
        for text in [" ".to_owned(), "听".repeat(101)] {
            let search = "query ($text: String) { campaigns(text: $text) { code } }";
            let (_, answer) = app.graphql(Some(&clerk.token), search, json!({ "text": text })).await;
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
        }
    }

    async fn another_countys_campaign_looks_like_none(app: TestApp) {
        let app = app.with_both_counties().await;
        app.apply_plan(SMALL).await;
        let office = app.persona("999999", "OFFICE", Position::Officer).await;
        let id = app.data(&office, "{ campaigns { id } }", json!({})).await["campaigns"][0]["id"].clone();
        let foreign = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let query = format!(
            r#"{{ id: campaign(by: {{ id: {id} }}) {{ code }} code: campaign(by: {{ code: "SLX-2020" }}) {{ code }}
            none: campaign(by: {{ id: "nonsense" }}) {{ code }} }}"#
        );
        let data = app.data(&foreign, &query, json!({})).await;
        assert_eq!(data, json!({ "id": null, "code": null, "none": null }));
        let mut told = Vec::new();
        for id in [id, json!("nonsense")] {
            let query = format!("{{ streams(campaignId: {id}) {{ code }} }}");
            let (_, answer) = app.graphql(Some(&foreign.token), &query, json!({})).await;
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
            told.push(answer["errors"][0]["message"].clone());
        }
        assert_eq!(told[0], told[1]);
    }

    async fn pages_forward_and_backward_hold_every_village_once(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Officer).await;
        let page = "query ($after: String) { campaigns { villages(first: 40, after: $after) {
            totalCount nodes { code } pageInfo { hasNextPage endCursor } } } }";
        let mut codes = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = app.data(&leader, page, json!({ "after": after })).await;
            let page = &page["campaigns"][0]["villages"];
            codes.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["code"].clone()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                assert_eq!(page["totalCount"], codes.len());
                break;
            }
        }
        assert!(codes.len() > 80 && codes.is_sorted_by_key(ToString::to_string), "{codes:?}");
        let back = "query ($before: String) { campaigns { villages(last: 100, before: $before) { nodes { code } } } }";
        let back = app.data(&leader, back, json!({ "before": after })).await;
        let back = back["campaigns"][0]["villages"]["nodes"].as_array().unwrap().len();
        assert_eq!(back, (codes.len() - 1).min(100));
        let wrong = "query ($after: String) { departments(after: $after) { nodes { code } } }";
        let (_, refused) = app.graphql(Some(&leader.token), wrong, json!({ "after": after })).await;
        assert_eq!(code(&refused), "BAD_USER_INPUT");
    }

    async fn a_list_costs_the_same_trips_whatever_its_length(app: TestApp) {
        let app = app.with_both_counties().await;
        app.apply_plan(SMALL).await;
        let few = app.persona("999999", "LEADERS", Position::Officer).await;
        let many = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Officer).await;
        let query = "{ campaigns { channels { owner { name } } categories { name } streams { department { name } }
            forms { streamCode } } departments(first: 100) { nodes { name parent { name } } } }";
        let mut trips = Vec::new();
        for who in [&few, &many] {
            // The first time fills what is kept of a county.
            app.data(who, query, json!({})).await;
            let before = app.app.db.trips();
            let found = app.data(who, query, json!({})).await;
            let departments = found["departments"]["nodes"].as_array().unwrap().len();
            trips.push((departments, app.app.db.trips() - before));
        }
        let [(few, ours), (many, theirs)] = trips[..] else { panic!("two were asked") };
        // Which loaders ask together may differ by one or two.
        assert!(few + 20 < many && theirs <= ours + 2, "{few} departments in {ours} trips, {many} in {theirs}");
    }
}
