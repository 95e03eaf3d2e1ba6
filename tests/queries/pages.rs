//! Pages that lose nothing, and cursors that are good only where they were made.

use std::collections::BTreeSet;

use entity::enums::Position;
use serde_json::{Value, json};

use super::agreeing::agreeing_count;
use super::{fill, fill_with};
use crate::support::personas::{HUOQIU, Persona};
use crate::support::{TestApp, code, on_both_databases};

/// Every id of a list, from the front in pages of one size, and from the back in pages of another.
async fn walked(
    app: &TestApp,
    who: &Persona,
    filter: &Value,
    first: u32,
    last: u32,
) -> (Vec<String>, Vec<String>) {
    let page = "query ($filter: SubmissionFilter, $first: Int, $after: String, $last: Int, $before: String) {
        submissions(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
            edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    let nodes = |data: &Value| -> Vec<String> {
        let edges = data["submissions"]["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"]["id"].as_str().unwrap().to_owned()).collect()
    };
    let (mut forward, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "filter": filter, "first": first, "after": after });
        let data = app.data(who, page, variables).await;
        forward.extend(nodes(&data));
        let info = &data["submissions"]["pageInfo"];
        after = info["endCursor"].clone();
        if info["hasNextPage"] == false {
            break;
        }
    }
    let (mut backward, mut before) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "filter": filter, "last": last, "before": before });
        let data = app.data(who, page, variables).await;
        let mut rows = nodes(&data);
        rows.extend(backward);
        backward = rows;
        let info = &data["submissions"]["pageInfo"];
        before = info["startCursor"].clone();
        if info["hasPreviousPage"] == false {
            break;
        }
    }
    (forward, backward)
}

on_both_databases! {
    async fn pages_walked_either_way_give_every_row_once(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let filter = json!({ "kinds": ["PRAISE", "REQUEST"] });
        let (forward, backward) = walked(&app, &leader, &filter, 7, 9).await;
        assert_eq!(forward, backward);
        assert_eq!(forward.iter().collect::<BTreeSet<_>>().len(), 96);
    }

    // So many that the text index walks in the order of time; the last pages and the rare needle it sorts.
    async fn a_text_that_thousands_hold_is_paged_and_counted_like_any_list(app: TestApp) {
        let app = app.with_both_counties().await;
        fill_with(&app, 2_600).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        for (who, text, expected) in [(&leader, "请处理", 2_600), (&leader, "路灯", 650), (&leader, "灯第1", 0), (&clerk, "请处理", 0), (&clerk, "井盖", 0)] {
            let filter = json!({ "text": text });
            let (forward, backward) = walked(&app, who, &filter, 100, 90).await;
            assert_eq!(forward, backward, "{text}");
            assert_eq!(forward.iter().collect::<BTreeSet<_>>().len(), forward.len(), "{text}");
            // The same rows by another way: all of them, or with a filter that every row passes.
            let kinds = ["CONSULTATION", "SUGGESTION", "COMPLAINT", "REQUEST", "PRAISE"];
            let rows = if expected == 2_600 { json!({}) } else { json!({ "text": text, "kinds": kinds }) };
            assert_eq!(walked(&app, who, &rows, 100, 100).await.0, forward, "{text}");
            assert_eq!(agreeing_count(&app, who, &filter).await, forward.len() as u64, "{text}");
            if expected > 0 {
                assert_eq!(forward.len(), expected, "{text}");
            }
        }
    }

    async fn a_cursor_is_good_only_where_it_was_made(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let first = app.data(&leader, "{ submissions(first: 1) { pageInfo { endCursor } } }", json!({})).await;
        let cursor = first["submissions"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let (head, tail) = cursor.split_at(10);
        let forged = format!("{head}{}{}", if tail.starts_with('A') { 'B' } else { 'A' }, &tail[1..]);
        let plain = "query ($after: String) { submissions(after: $after) { nodes { id } } }";
        let filtered = "query ($after: String) { submissions(after: $after, filter: { isLate: true }) { nodes { id } } }";
        let turned = "query ($after: String) { submissions(after: $after, orderBy: { direction: ASC }) { nodes { id } } }";
        for (who, query, cursor) in [
            (&office, plain, &cursor), (&leader, filtered, &cursor), (&leader, turned, &cursor), (&leader, plain, &forged),
        ] {
            let (_, answer) = app.graphql(Some(&who.token), query, json!({ "after": cursor })).await;
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{query}");
        }
        for (arguments, bad) in [("first: 0", true), ("first: 101", true), ("first: 3, last: 3", true), ("last: 100", false)] {
            let (_, answer) = app.graphql(Some(&leader.token), &format!("{{ submissions({arguments}) {{ nodes {{ id }} }} }}"), json!({})).await;
            assert_eq!(code(&answer) == "BAD_USER_INPUT", bad, "{arguments}");
        }
    }
}
