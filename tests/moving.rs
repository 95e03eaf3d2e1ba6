//! A suggestion that was recorded in the wrong stream is moved by the office: the new department has all of it, the former one
//! nothing.

use entity::enums::Position;
use minsheng::rollups;
use serde_json::{Value, json};

use crate::decision::{call, campaign, done, entered, refused};
use crate::reporting::{Desk, mutate};
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::records::code as county;
use crate::support::{TestApp, code, on_both_databases};

const RECORD: &str = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) {
    submission { id number receiptNumber category { code } } receiptCode userErrors { code field } } }";
const MOVED: &str = "submission { version number receiptNumber stage stream { code } department { code } category { code } permissions { canMove } }";
/// All by which somebody may come to a suggestion.
const ALL: &str = "query ($id: ID!, $number: String!, $words: SubmissionFilter) {
    node(id: $id) { ... on Submission { title version person { phone } records(last: 50) { action note by department { code } } } }
    submissions { totalCount nodes { id } }
    found: submissions(filter: $words) { totalCount nodes { id } }
    submissionFind(by: { caseNumber: $number }) { id }
    overview { total { received } rows(by: [STREAM]) { figures { received } } }
    queueCounts { queue count } }";

async fn officer(app: &TestApp, of: &'static str, department: &'static str) -> Persona {
    app.persona(of, department, Position::Officer).await
}

/// The id of a stream, as the office sees them all.
pub(crate) async fn stream(app: &TestApp, office: &Persona, code: &str) -> Value {
    let data = app.data(office, "{ campaigns { streams { id code } } }", json!({})).await;
    let streams = data["campaigns"][0]["streams"].as_array().unwrap().iter();
    streams.clone().find(|stream| stream["code"] == code).unwrap()["id"].clone()
}

/// What the office sends in order to move a suggestion.
pub(crate) fn to(stream: &Value, id: &Value, version: i64, key: &str) -> Value {
    json!({ "idempotencyKey": format!("moving-{key}"), "submissionId": id, "expectedVersion": version,
        "streamId": stream, "reason": "登记时选错征集流" })
}

/// All that somebody comes to of a suggestion, and the rows of an export.
async fn seen(app: &TestApp, who: &Persona, made: &Value) -> (Value, usize) {
    let variables = json!({ "id": made["id"], "number": made["number"], "words": { "text": "桥洞积水" } });
    let rows = crate::exports::table(app, who, &json!({})).await.len() - 1;
    (app.data(who, ALL, variables).await, rows)
}

fn count(seen: &Value, queue: &str) -> i64 {
    let counts = seen["queueCounts"].as_array().unwrap().iter();
    counts.clone().find(|count| count["queue"] == queue).unwrap()["count"].as_i64().unwrap()
}

async fn of_telephone(app: &TestApp, clerk: &Persona) -> usize {
    let input = json!({ "by": { "phone": "19900000123" }, "reason": "来电询问" });
    let payload = call(app, clerk, "personFind", "submissions { id }", input).await;
    payload["submissions"].as_array().unwrap().len()
}

/// The state of a suggestion as the office sees it.
async fn state(app: &TestApp, office: &Persona, id: &Value) -> Value {
    let query = "query ($id: ID!) { node(id: $id) { ... on Submission { version stage stream { code } records(last: 50) { action } } } }";
    app.data(office, query, json!({ "id": id })).await
}

/// A move is refused with a code and changes nothing.
async fn stays(app: &TestApp, office: &Persona, input: Value, wanted: &str) {
    let id = input["submissionId"].clone();
    let before = state(app, office, &id).await;
    assert_eq!(refused(app, office, "submissionMove", input.clone()).await, wanted, "{input}");
    assert_eq!(state(app, office, &id).await, before, "{input}");
}

on_both_databases! {
    async fn the_new_department_has_all_of_it_and_the_former_one_nothing(app: TestApp) {
        let app = app.with_both_counties().await;
        let (former, new) = (officer(&app, HUOQIU, "T_CHENGGUAN").await, officer(&app, HUOQIU, "T_HEKOU").await);
        let office = officer(&app, HUOQIU, "CAMPAIGN_OFFICE").await;
        let classes = app.data(&former, "{ campaigns { categories { id code } } }", json!({})).await;
        let class = &classes["campaigns"][0]["categories"][0];
        let input = json!({ "idempotencyKey": "moving-entry", "channelId": app.channel_id(&former, "HOUSEHOLD_VISIT").await,
            "categoryId": class["id"], "title": "桥洞积水", "content": "雨后桥洞积水，联系电话19900000123。", "name": "居民甲", "phone": "19900000123" });
        let entry = app.data(&former, RECORD, json!({ "input": input })).await["submissionRecord"].clone();
        let made = entry["submission"].clone();
        assert_eq!(of_telephone(&app, &former).await, 1);

        let target = stream(&app, &office, "T_HEKOU").await;
        let moving = to(&target, &made["id"], 1, "first");
        let moved = done(&app, &office, "submissionMove", MOVED, moving.clone()).await;
        let row = &moved["submission"];
        assert_eq!((&row["number"], &row["receiptNumber"], &row["category"]), (&made["number"], &made["receiptNumber"], &made["category"]));
        assert_eq!((&row["stream"]["code"], &row["department"]["code"]), (&json!("T_HEKOU"), &json!("T_HEKOU")));
        assert_eq!((&row["version"], &row["stage"], &row["permissions"]["canMove"]), (&json!(2), &json!("CLASSIFIED"), &json!(true)));
        let again = done(&app, &office, "submissionMove", MOVED, moving).await;
        assert_eq!(again, moved, "the same key is the same move");

        // The former department: no list, no id, no number, no word, no file, no figure, no telephone.
        let (gone, rows) = seen(&app, &former, &made).await;
        assert_eq!((&gone["node"], &gone["submissions"]["nodes"], &gone["submissionFind"], rows), (&Value::Null, &json!([]), &json!([]), 0), "{gone}");
        assert_eq!((&gone["found"]["totalCount"], &gone["found"]["nodes"], &gone["submissions"]["totalCount"]), (&json!(0), &json!([]), &json!(0)));
        assert_eq!((&gone["overview"]["total"]["received"], count(&gone, "COLLECTED"), of_telephone(&app, &former).await), (&json!(0), 0, 0), "{gone}");

        // The new one has it whole, and its record says where it came from, by whom and why.
        let (here, rows) = seen(&app, &new, &made).await;
        assert_eq!((&here["submissions"]["nodes"][0]["id"], &here["submissionFind"][0]["id"], rows), (&made["id"], &made["id"], 1), "{here}");
        assert_eq!((&here["found"]["totalCount"], &here["found"]["nodes"][0]["id"], &here["overview"]["total"]["received"]), (&json!(1), &made["id"], &json!(1)), "{here}");
        assert_eq!((count(&here, "COLLECTED"), count(&here, "TO_CLASSIFY"), of_telephone(&app, &new).await), (1, 0, 1), "{here}");
        assert_eq!(here["node"]["person"]["phone"], "****0123");
        let lines = here["node"]["records"].as_array().unwrap();
        for (action, department) in [("MOVED_OUT", "T_CHENGGUAN"), ("MOVED_IN", "T_HEKOU")] {
            let line = lines.iter().find(|line| line["action"] == action).unwrap_or_else(|| panic!("{lines:?}"));
            assert_eq!(line["department"]["code"], department);
            assert!(line["note"].as_str().unwrap().contains("→") && line["note"].as_str().unwrap().ends_with("登记时选错征集流"), "{line}");
            assert_ne!(line["by"], lines.iter().find(|line| line["action"] == "RECORDED").unwrap()["by"], "{line}");
        }
        let all = [seen(&app, &office, &made).await.0, here];
        assert_eq!(all[0]["overview"]["rows"], all[1]["overview"]["rows"], "the county counts it once, in its new stream");

        // Its citizen follows it with the same code, and the new department works on it.
        let receipt = app.graphql(None, "query ($code: String!) { receipt(code: $code) { number title } }", json!({ "code": entry["receiptCode"] })).await.1;
        assert_eq!(receipt["data"]["receipt"]["title"], "桥洞积水", "{receipt}");
        let edit = json!({ "submissionId": made["id"], "expectedVersion": 2, "title": "桥洞积水严重" });
        done(&app, &new, "submissionEdit", "submission { version }", edit).await;
        assert_eq!(refused(&app, &former, "submissionEdit", json!({ "submissionId": made["id"], "expectedVersion": 3, "title": "改" })).await, "NOT_FOUND");
        assert_eq!(seen(&app, &new, &made).await.0["found"]["totalCount"], 1);
        assert_eq!(seen(&app, &former, &made).await.0["found"]["totalCount"], 0);

        app.assert_numbers_have_no_gaps(HUOQIU).await;
        app.assert_tally_is_right(HUOQIU).await;
        rollups::fold(&app.app, &county(HUOQIU)).await.unwrap();
        app.assert_tally_is_right(HUOQIU).await;
        let trail = app.trail(HUOQIU).await;
        assert_eq!(trail.iter().filter(|line| line.action.as_str() == "SUBMISSION_MOVE").count(), 1);
    }

    async fn a_village_committee_goes_on_seeing_what_it_entered(app: TestApp) {
        let app = app.with_both_counties().await;
        let committee = officer(&app, HUOQIU, "COMMITTEE_V0101").await;
        let (former, office) = (officer(&app, HUOQIU, "T_CHENGGUAN").await, officer(&app, HUOQIU, "CAMPAIGN_OFFICE").await);
        let input = json!({ "idempotencyKey": "moving-village", "channelId": app.channel_id(&committee, "HOUSEHOLD_VISIT").await,
            "title": "桥洞积水", "content": "雨后桥洞积水。" });
        let made = app.data(&committee, RECORD, json!({ "input": input })).await["submissionRecord"]["submission"].clone();
        assert_eq!(seen(&app, &former, &made).await.0["node"]["title"], "桥洞积水");
        let target = stream(&app, &office, "T_HEKOU").await;
        done(&app, &office, "submissionMove", MOVED, to(&target, &made["id"], 1, "village")).await;
        let (own, rows) = seen(&app, &committee, &made).await;
        assert_eq!((count(&own, "ENTERED"), &own["found"]["nodes"][0]["id"], rows), (1, &made["id"], 1), "{own}");
        assert_eq!(seen(&app, &former, &made).await.0["node"], Value::Null);
        app.assert_tally_is_right(HUOQIU).await;
    }

    async fn what_rules_a_move_out_is_told_by_its_code_and_nothing_changes(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = officer(&app, SHUANGLUAN, "STS_TOWN").await;
        let other = officer(&app, SHUANGLUAN, "LH_TOWN").await;
        let office = officer(&app, SHUANGLUAN, "CAMPAIGN_OFFICE").await;
        let (here, there) = (stream(&app, &office, "STS_TOWN").await, stream(&app, &office, "LH_TOWN").await);
        let id = entered(&app, &clerk, "plain").await;
        let query = "mutation ($input: SubmissionMoveInput!) { submissionMove(input: $input) { userErrors { code } } }";
        let leader = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        for who in [&clerk, &other, &leader] {
            let (_, answer) = app.graphql(Some(&who.token), query, json!({ "input": to(&there, &id, 1, "nobody") })).await;
            assert_eq!(code(&answer), "FORBIDDEN");
        }
        let abroad = officer(&app, HUOQIU, "CAMPAIGN_OFFICE").await;
        let strange = stream(&app, &abroad, "T_HEKOU").await;
        assert_eq!(refused(&app, &abroad, "submissionMove", to(&strange, &id, 1, "abroad")).await, "NOT_FOUND");
        for (key, stream, version, wanted) in [
            ("stale", &there, 7, "STALE_VERSION"), ("same", &here, 1, "DUPLICATE"),
            ("strange", &strange, 1, "NOT_FOUND"), ("nonsense", &id, 1, "NOT_FOUND"),
        ] {
            stays(&app, &office, to(stream, &id, version, key), wanted).await;
        }
        let mut unsaid = to(&there, &id, 1, "no-reason");
        unsaid["reason"] = json!(" 无 ");
        stays(&app, &office, unsaid, "INVALID").await;

        let withdrawn = entered(&app, &clerk, "withdrawn").await;
        done(&app, &clerk, "submissionWithdraw", "submission { id }", json!({ "submissionId": withdrawn, "expectedVersion": 1, "reason": "重复登记" })).await;
        stays(&app, &office, to(&there, &withdrawn, 2, "withdrawn"), "WRONG_STAGE").await;
        let merged = entered(&app, &clerk, "merged").await;
        let merge = json!({ "idempotencyKey": "moving-merge", "targetId": id, "expectedVersion": 1, "duplicateIds": [merged], "reason": "内容相同" });
        done(&app, &office, "submissionMerge", "submission { id }", merge).await;
        stays(&app, &office, to(&there, &merged, 2, "merged"), "WRONG_STAGE").await;

        let sourced = entered(&app, &clerk, "sourced").await;
        let owner = crate::decision::department(&app, &other).await;
        let project = json!({ "idempotencyKey": "moving-project", "campaignId": campaign(&app, &office).await, "title": "路灯改造",
            "content": "三百盏", "departmentId": owner, "submissionIds": [sourced] });
        done(&app, &office, "projectCreate", "project { id }", project).await;
        stays(&app, &office, to(&there, &sourced, 1, "sourced"), "WRONG_STAGE").await;
        let explained = entered(&app, &clerk, "explained").await;
        let explanation = json!({ "idempotencyKey": "moving-explain", "campaignId": campaign(&app, &office).await, "channel": "REPLY",
            "text": "今年财力所限，列入明年计划。", "submissionIds": [explained] });
        done(&app, &clerk, "explanationRecord", "explanation { id }", explanation).await;
        stays(&app, &office, to(&there, &explained, 1, "explained"), "WRONG_STAGE").await;

        // The channel's own number is unique in its collector's stream.
        let mut twins = Vec::new();
        for (who, key) in [(&clerk, "one"), (&other, "two")] {
            let input = json!({ "idempotencyKey": format!("moving-twin-{key}"), "channelId": app.channel_id(who, "HOUSEHOLD_VISIT").await,
                "title": "路灯不亮", "content": "村口路灯不亮。", "externalRef": "A-0001" });
            let made = done(&app, who, "submissionRecord", "submission { id }", input).await;
            twins.push(made["submission"]["id"].clone());
        }
        stays(&app, &office, to(&there, &twins[0], 1, "twin"), "DUPLICATE").await;
        assert_eq!(seen(&app, &other, &json!({ "id": twins[0], "number": "x" })).await.0["node"], Value::Null);
        app.assert_tally_is_right(SHUANGLUAN).await;
        app.assert_numbers_have_no_gaps(SHUANGLUAN).await;
    }

    async fn nothing_is_moved_in_a_campaign_that_is_closed(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = officer(&app, SHUANGLUAN, "STS_TOWN").await;
        let office = officer(&app, SHUANGLUAN, "CAMPAIGN_OFFICE").await;
        let there = stream(&app, &office, "LH_TOWN").await;
        let id = entered(&app, &clerk, "last").await;
        done(&app, &clerk, "submissionWithdraw", "submission { id }", json!({ "submissionId": id, "expectedVersion": 1, "reason": "重复登记" })).await;
        done(&app, &office, "campaignClose", "campaign { id }", json!({ "campaignId": campaign(&app, &office).await })).await;
        stays(&app, &office, to(&there, &id, 2, "closed"), "CAMPAIGN_CLOSED").await;
    }

    async fn what_stands_in_a_table_is_moved_only_after_its_department_took_it_out(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive("STS_TOWN", 3, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let office = desk.office().await;
        let there = stream(&app, &office, "LH_TOWN").await;
        // Of three, the second alone is of the second class.
        let list = app.data(&office, "{ submissions(orderBy: { direction: ASC }) { nodes { id category { code } } } }", json!({})).await;
        let nodes = list["submissions"]["nodes"].as_array().unwrap();
        let alone = nodes.iter().find(|node| nodes.iter().filter(|other| other["category"] == node["category"]).count() == 1).unwrap();
        let id = &alone["id"];

        let table = desk.draft("MAIN").await;
        let table = desk.line(&table["summaryTable"], 1, true).await;
        assert_eq!(table["userErrors"], json!([]), "{table}");
        stays(&app, &office, to(&there, id, 1, "drafted"), "WRONG_STAGE").await;
        let remove = json!({ "summaryTableId": table["summaryTable"]["id"], "expectedVersion": table["summaryTable"]["version"],
            "summaryLineId": table["summaryTable"]["lines"][0]["id"] });
        let clerk = desk.who(Position::Officer).await;
        let table = mutate(&app, &clerk, "summaryLineRemove", remove, "summaryTable { id version }").await;
        assert_eq!(table["userErrors"], json!([]), "{table}");
        done(&app, &office, "submissionMove", MOVED, to(&there, id, 1, "free")).await;

        let table = desk.line(&table["summaryTable"], 0, true).await;
        let signed = desk.sign(&table["summaryTable"]).await;
        assert_eq!(signed["userErrors"], json!([]), "{signed}");
        for node in nodes.iter().filter(|node| node["id"] != *id) {
            stays(&app, &office, to(&there, &node["id"], 1, node["id"].as_str().unwrap()), "WRONG_STAGE").await;
        }
    }
}
