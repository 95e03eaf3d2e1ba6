//! What came of it: every clause of the notice, as this script means it, with evidence that can be opened.

use serde_json::{Value, json};

use super::OWING;
use super::stage::{LEADER, OFFICE, Play, officer};

/// Code, status and the figure behind it; a figure without a denominator has nothing to be held against.
const CLAUSES: [(&str, &str, i64, Option<i64>); 31] = [
    ("S01", "MET", 32, Some(32)),
    // Coverage, support and satisfaction each have a rate by now.
    ("S02", "MET", 3, Some(3)),
    ("S03", "MET", 3, Some(3)),
    // Of 56 one was withdrawn, and one came a day late.
    ("S04", "MET", 54, Some(55)),
    ("S05", "BREACHED", 2, Some(12)),
    ("S06", "BREACHED", 2, Some(36)),
    ("S07", "BREACHED", 1_989, Some(47_435)),
    ("S08", "MET", 7, Some(7)),
    ("S09", "MET", 10, Some(10)),
    // What citizens wrote by WeChat and on the website says neither.
    ("S10", "MET", 30, Some(33)),
    ("S11", "MET", 55, Some(55)),
    ("S12", "MET", 12, Some(12)),
    ("S13", "MET", 2, None),
    ("S14", "MET", 1, None),
    ("S15", "MET", 2, None),
    // Luanhe was late, the culture bureau never handed in.
    ("S16", "BREACHED", 28, Some(30)),
    ("S17", "BREACHED", 29, Some(30)),
    ("S18", "MET", 2, Some(2)),
    // Taxi street left one out, Nanshan street was late with another.
    ("S19", "BREACHED", 148, Some(150)),
    // Six departments collected nothing and signed nothing.
    ("S20", "BREACHED", 24, Some(30)),
    ("S21", "BREACHED", 24, Some(30)),
    ("S22", "BREACHED", 24, Some(30)),
    ("S23", "BREACHED", 24, Some(30)),
    ("S24", "MET", 1, None),
    ("S25", "MET", 5, Some(5)),
    // Everybody with a form of its own has collected by it.
    ("S26", "MET", 16, Some(16)),
    ("S27", "MET", 3, Some(3)),
    ("S28", "MET", 48, Some(48)),
    ("S29", "MET", 1, None),
    ("S30", "MET", 1, None),
    ("S31", "MET", 2, Some(2)),
];

/// 31 October: the television and the information centre tell the district about it (S18).
pub(super) async fn publicity(play: &Play) {
    play.to("2019-10-31T17:00");
    for department in ["TV_STATION", "INFORMATION_CENTRE"] {
        let input = json!({ "idempotencyKey": play.key(), "campaignId": play.campaign, "publishedOn": "2019-10-30",
            "medium": "民生专栏", "title": "各乡镇入户征集意见建议" });
        let selection = "publicity { department { code } }";
        play.done(officer(department), "publicityRecord", selection, input).await;
        assert_eq!(play.count(officer(department), "publicities").await, 1, "its own alone");
    }
    assert_eq!(play.count(officer("STS_TOWN"), "publicities").await, 0);
    assert_eq!(play.count(LEADER, "publicities").await, 2);
}

/// The notice as a checklist.
pub(super) async fn conformance(play: &Play) {
    let query = "{ campaign(by: { code: \"MXGC-2020\" }) { conformance { code status figure { numerator denominator } evidence evidenceCount } } }";
    let data = play.ask(OFFICE, query, json!({})).await;
    let found = data["campaign"]["conformance"].as_array().unwrap();
    let said: Vec<Value> = found
        .iter()
        .map(|clause| {
            json!([
                clause["code"],
                clause["status"],
                clause["figure"]["numerator"],
                clause["figure"]["denominator"]
            ])
        })
        .collect();
    let meant =
        CLAUSES.map(|(code, status, numerator, denominator)| json!([code, status, numerator, denominator]));
    let differing: Vec<(&Value, &Value)> =
        said.iter().zip(&meant).filter(|(said, meant)| said != meant).collect();
    assert!(differing.is_empty(), "said and meant: {differing:?}");
    assert_eq!(said.len(), meant.len());
    for clause in found {
        evidence(play, clause).await;
    }
    for department in OWING {
        let hidden = play.ask(officer(department), query, json!({})).await;
        assert_eq!(hidden["campaign"]["conformance"], Value::Null, "{department}");
    }
}

/// Each piece that is named can be opened by whoever reads the checklist.
async fn evidence(play: &Play, clause: &Value) {
    let ids = clause["evidence"].as_array().unwrap();
    assert!(!ids.is_empty() && clause["evidenceCount"].as_u64().unwrap() >= ids.len() as u64, "{clause}");
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let opened = play.ask(OFFICE, query, json!({ "ids": ids })).await;
    let nodes: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    assert_eq!(opened["nodes"], json!(nodes), "{clause}");
}
