//! 15 November: summary tables are reviewed by the deputy and signed by the head (S20 to S23); later one comes back, and
//! what came late goes into a supplementary table.

use std::collections::BTreeSet;

use minsheng::secrets::seal::digest::hex;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::opening::{classify, enter};
use super::stage::{OFFICE, Play, deputy, head, officer};
use super::{SILENT, collecting};

const TABLE: &str =
    "summaryTable { id version status edition number lines { count category { code } project { content } } }";

/// The last day: everybody who collected something signs.
pub(super) async fn signing(play: &Play) {
    play.to("2019-11-15T09:00");
    only_the_head_signs(play).await;
    for department in collecting().filter(|code| *code != "STS_TOWN") {
        let table = written(play, department, "MAIN").await;
        let table = signed(play, department, &table).await;
        let lines = table["lines"].as_array().unwrap();
        let sum: i64 = lines.iter().map(|line| line["count"].as_i64().unwrap()).sum();
        assert_eq!(usize::try_from(sum).unwrap(), play.cases_of(department).len(), "{department}");
        assert!(!lines[0]["project"].is_null());
    }
    assert_eq!(play.count(officer("LH_TOWN"), &list(play)).await, 1, "its own alone");
    for (code, state) in standings(play).await {
        let wanted = if SILENT.contains(&code.as_str()) { "NOT_DUE" } else { "ON_TIME" };
        assert_eq!(state, wanted, "{code}");
    }
}

fn list(play: &Play) -> String {
    format!("summaryTables(campaignId: {})", play.campaign)
}

/// Shuangtashan has a suggestion in no class, and an officer who would rather sign himself.
async fn only_the_head_signs(play: &Play) {
    let who = "STS_TOWN";
    let table = written(play, who, "MAIN").await;
    assert_eq!(play.refused(officer(who), "summaryTableReview", at(&table)).await, ["NOT_ENTITLED"]);
    assert_eq!(play.refused(officer(who), "summaryTableSign", at(&table)).await, ["NOT_ENTITLED"]);
    assert_eq!(play.refused(head(who), "summaryTableSign", at(&table)).await, ["WRONG_STAGE"]);
    let reviewed = step(play, deputy(who), "summaryTableReview", &table).await;
    assert_eq!(play.refused(head(who), "summaryTableSign", at(&reviewed)).await, ["UNCLASSIFIED"]);
    classify(play, officer(who), &play.case(who, 14), 1, "RURAL_CONSTRUCTION").await;
    let version = reviewed["version"].clone();
    let line = json!({ "id": table["id"], "version": version });
    let whole = put(play, who, &line, "RURAL_CONSTRUCTION", Some(&table)).await;
    let table = signed(play, who, &whole).await;
    assert_eq!(table["lines"].as_array().unwrap().len(), 3);
    exported(play, &table).await;
}

/// Where a step needs nothing but the version.
fn at(table: &Value) -> Value {
    json!({ "summaryTableId": table["id"], "expectedVersion": table["version"] })
}

async fn step(play: &Play, seat: super::stage::Seat, field: &str, table: &Value) -> Value {
    play.done(seat, field, TABLE, at(table)).await["summaryTable"].clone()
}

/// A table with a line for every class that its department has something in, and a project in each.
async fn written(play: &Play, department: &'static str, kind: &str) -> Value {
    let input = json!({ "idempotencyKey": play.key(), "campaignId": play.campaign, "kind": kind });
    let drafted = play.done(officer(department), "summaryTableDraft", TABLE, input).await;
    let mut table = drafted["summaryTable"].clone();
    let query = "query ($late: Boolean) { submissions(first: 100, filter: { isClassified: true, isLate: $late, stages: [CLASSIFIED] }) { nodes { category { code } } } }";
    let data = play.ask(officer(department), query, json!({ "late": kind == "SUPPLEMENTARY" })).await;
    let classes = data["submissions"]["nodes"].as_array().unwrap().iter();
    let classes: BTreeSet<String> =
        classes.map(|node| node["category"]["code"].as_str().unwrap().to_owned()).collect();
    for class in &classes {
        table = put(play, department, &table, class, None).await;
    }
    table
}

/// Writes a line with everything of a class that is in none yet; into the line of that class where the table has one.
async fn put(
    play: &Play,
    department: &'static str,
    table: &Value,
    class: &str,
    former: Option<&Value>,
) -> Value {
    let line = match former {
        Some(_) => {
            let seen = play
                .seen(officer(department), "SummaryTable", &table["id"], "lines { id category { code } }")
                .await;
            let lines = seen["lines"].as_array().unwrap().iter();
            let mut fitting = lines.filter(|line| line["category"]["code"] == class);
            fitting.next().unwrap()["id"].clone()
        }
        None => Value::Null,
    };
    let input = json!({ "summaryTableId": table["id"], "expectedVersion": table["version"], "summaryLineId": line,
        "categoryId": play.id("class", class), "text": "合并同类意见建议", "takesRemaining": true,
        "project": { "content": "谋划为可操作、可落实的项目", "estimatedCost": 240_000, "funding": "区财政", "owner": "区直有关部门",
            "startOn": "2020-03-01", "finishOn": "2020-10-31", "beneficiaries": 3_000 } });
    play.done(officer(department), "summaryLinePut", TABLE, input).await["summaryTable"].clone()
}

async fn signed(play: &Play, department: &'static str, table: &Value) -> Value {
    let reviewed = step(play, deputy(department), "summaryTableReview", table).await;
    let signed = step(play, head(department), "summaryTableSign", &reviewed).await;
    assert_eq!(signed["status"], "SIGNED", "{department}");
    signed
}

/// What leaves the system holds the signed bytes, whose hash everybody can reckon.
async fn exported(play: &Play, table: &Value) {
    let seen = play.seen(OFFICE, "SummaryTable", &table["id"], "document exported sha256 signedBy").await;
    let document = seen["document"].as_str().unwrap();
    let hash = hex(&Sha256::digest(document));
    assert_eq!(seen["sha256"], hash.as_str());
    let exported: Value = serde_json::from_str(seen["exported"].as_str().unwrap()).unwrap();
    assert!(exported.to_string().contains(&hash), "{exported}");
    let hidden = play.seen(officer("LH_TOWN"), "SummaryTable", &table["id"], "sha256").await;
    assert_eq!(hidden, Value::Null);
}

async fn standings(play: &Play) -> Vec<(String, String)> {
    let query = "query ($id: ID!) { summaryTableStatus(campaignId: $id) { state department { code } } }";
    let data = play.ask(OFFICE, query, json!({ "id": play.campaign })).await;
    let rows = data["summaryTableStatus"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["department"]["code"]), text(&row["state"]))).collect()
}

/// 18 November: Damiao's table is a bare list in the office's eyes; its second edition is signed the day after.
pub(super) async fn returning(play: &Play) {
    play.to("2019-11-18T09:00");
    let first = live(play, "DM_TOWN").await;
    let mut input = at(&first);
    input["reason"] = json!("卫生院一项请谋划为具体项目");
    assert_eq!(play.refused(officer("DM_TOWN"), "summaryTableReturn", input.clone()).await, ["FORBIDDEN"]);
    let back = play.done(OFFICE, "summaryTableReturn", TABLE, input).await["summaryTable"].clone();
    let state = async || standings(play).await.into_iter().find(|(code, _)| code == "DM_TOWN").unwrap().1;
    assert_eq!((&back["status"], state().await), (&json!("RETURNED"), "RETURNED".to_owned()));
    play.to("2019-11-19T09:00");
    let revised = step(play, officer("DM_TOWN"), "summaryTableRevise", &back).await;
    assert_eq!((&revised["edition"], &revised["number"]), (&json!(2), &json!(1)));
    signed(play, "DM_TOWN", &revised).await;
    assert_eq!(state().await, "ON_TIME", "by its first signature");
}

async fn live(play: &Play, department: &'static str) -> Value {
    let query = format!("{{ {} {{ nodes {{ id version status edition }} }} }}", list(play));
    let data = play.ask(officer(department), &query, json!({})).await;
    data["summaryTables"]["nodes"][0].clone()
}

/// 16 November: Luanhe hears of one thing a day too late.
pub(super) async fn late_arrival(play: &Play) {
    play.to("2019-11-16T14:00");
    let who = officer("LH_TOWN");
    let id = enter(play, who, "SURVEY_FORM", "V0203").await;
    classify(play, who, &id, 1, "ENVIRONMENT").await;
    play.keep("LH_TOWN", id.clone());
    assert_eq!(play.seen(who, "Submission", &id, "isLate").await["isLate"], true);
}

/// 19 and 20 November: the late one gets a table of its own, and the office accepts every table.
pub(super) async fn supplement(play: &Play) {
    play.to("2019-11-19T14:00");
    let table = written(play, "LH_TOWN", "SUPPLEMENTARY").await;
    assert_eq!((&table["number"], &table["lines"][0]["count"]), (&json!(2), &json!(1)));
    signed(play, "LH_TOWN", &table).await;
    play.to("2019-11-20T09:00");
    let query = format!(
        "{{ summaryTables(campaignId: {}, first: 100, filter: {{ statuses: [SIGNED] }}) {{ nodes {{ id version }} }} }}",
        play.campaign
    );
    let waiting = play.ask(OFFICE, &query, json!({})).await;
    let waiting = waiting["summaryTables"]["nodes"].as_array().unwrap();
    assert_eq!(waiting.len(), collecting().count() + 1);
    for table in waiting {
        assert_eq!(step(play, OFFICE, "summaryTableAccept", table).await["status"], "ACCEPTED");
    }
}
