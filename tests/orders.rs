//! What queues are further ordered and cut by: urgency, beneficiaries, what the citizen proposed, who entered it and when.

use entity::enums::Position;
use serde_json::{Value, json};

use crate::queries::trips;
use crate::support::personas::{HUOQIU, Persona};
use crate::support::{TestApp, code, on_both_databases};

const RECORD: &str = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) {
    submission { id } userErrors { code field } } }";
const PAGE: &str = "query ($filter: SubmissionFilter, $by: SubmissionOrder, $first: Int, $after: String, $last: Int, $before: String) {
    submissions(filter: $filter, orderBy: $by, first: $first, after: $after, last: $last, before: $before) {
        nodes { id urgency beneficiaries } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
const COUNT: &str =
    "query ($filter: SubmissionFilter) { submissions(filter: $filter) { totalCount nodes { id } }
    overview(filter: $filter) { total { received } } }";

/// Enters a suggestion a second after the one before.
async fn record(app: &TestApp, who: &Persona, key: &str, further: Value) -> Value {
    app.app.clock.set(app.app.clock.now() + chrono::TimeDelta::seconds(1));
    let mut input = json!({ "idempotencyKey": format!("order-of-{key}"), "channelId": app.channel_id(who, "HOUSEHOLD_VISIT").await,
        "title": "村口路灯不亮", "content": "已有半月。" });
    input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    let made = app.data(who, RECORD, json!({ "input": input })).await["submissionRecord"].clone();
    assert_eq!(made["userErrors"], json!([]), "{made}");
    made["submission"]["id"].clone()
}

/// All nodes of an order, in pages of two from the front and from the back.
async fn walked(app: &TestApp, who: &Persona, by: &Value) -> (Vec<Value>, Vec<Value>) {
    let page = async |variables: Value| app.data(who, PAGE, variables).await["submissions"].clone();
    let (mut forward, mut after) = (Vec::new(), Value::Null);
    loop {
        let read = page(json!({ "by": by, "first": 2, "after": after })).await;
        forward.extend(read["nodes"].as_array().unwrap().clone());
        after = read["pageInfo"]["endCursor"].clone();
        if read["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let (mut backward, mut before) = (Vec::new(), Value::Null);
    loop {
        let read = page(json!({ "by": by, "last": 2, "before": before })).await;
        backward.splice(0..0, read["nodes"].as_array().unwrap().clone());
        before = read["pageInfo"]["startCursor"].clone();
        if read["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
    }
    (forward, backward)
}

/// The ids under a filter; the count and the figures must agree with them.
async fn found(app: &TestApp, who: &Persona, filter: Value) -> Vec<Value> {
    let data = app.data(who, COUNT, json!({ "filter": filter })).await;
    let ids: Vec<Value> =
        data["submissions"]["nodes"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(data["submissions"]["totalCount"], ids.len(), "{filter}");
    assert_eq!(data["overview"]["total"]["received"], ids.len(), "{filter}");
    ids
}

on_both_databases! {
    async fn a_queue_is_ordered_by_urgency_and_by_beneficiaries_both_ways(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let mut made = Vec::new();
        for (n, (urgency, beneficiaries)) in
            [("NORMAL", json!(5)), ("CRITICAL", Value::Null), ("URGENT", json!(300)), ("CRITICAL", json!(0)), ("NORMAL", json!(5))].into_iter().enumerate()
        {
            let id = record(&app, &clerk, &n.to_string(), json!({ "urgency": urgency, "beneficiaries": beneficiaries })).await;
            made.push(id);
        }
        // Greatest first; equal ones newest first.
        for (field, order) in [("URGENCY", [3, 1, 2, 4, 0]), ("BENEFICIARIES", [2, 4, 0, 3, 1]), ("RECEIVED_AT", [4, 3, 2, 1, 0])] {
            for who in [&clerk, &leader] {
                for direction in ["DESC", "ASC"] {
                    let mut expected: Vec<Value> = order.iter().map(|place| made[*place].clone()).collect();
                    if direction == "ASC" {
                        expected.reverse();
                    }
                    let (forward, backward) = walked(&app, who, &json!({ "field": field, "direction": direction })).await;
                    let ids: Vec<Value> = forward.iter().map(|row| row["id"].clone()).collect();
                    assert_eq!(ids, expected, "{field} {direction} by {}", who.department);
                    assert_eq!(forward, backward, "{field} {direction}");
                }
            }
        }
        // A correction moves the case.
        let edit = "mutation ($id: ID!) { submissionEdit(input: { submissionId: $id, expectedVersion: 1, urgency: CRITICAL, beneficiaries: 900 }) { userErrors { code } } }";
        assert_eq!(app.data(&clerk, edit, json!({ "id": made[0] })).await["submissionEdit"]["userErrors"], json!([]));
        for field in ["URGENCY", "BENEFICIARIES"] {
            let (moved, _) = walked(&app, &leader, &json!({ "field": field })).await;
            let place = moved.iter().position(|row| row["id"] == made[0]).unwrap();
            assert_eq!(place, if field == "URGENCY" { 2 } else { 0 }, "{field}");
        }
        app.assert_tally_is_right(HUOQIU).await;
        // A cursor of one order is none of another.
        let first = app.data(&clerk, PAGE, json!({ "by": { "field": "URGENCY" }, "first": 1 })).await;
        let after = &first["submissions"]["pageInfo"]["endCursor"];
        let (_, refused) = app.graphql(Some(&clerk.token), PAGE, json!({ "by": { "field": "BENEFICIARIES" }, "first": 1, "after": after })).await;
        assert_eq!(code(&refused), "BAD_USER_INPUT");
    }

    async fn a_queue_is_cut_by_urgency_beneficiaries_who_entered_it_and_when(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let head = app.persona(HUOQIU, "T_HEKOU", Position::Head).await;
        let plain = record(&app, &clerk, "plain", json!({})).await;
        let urgent = record(&app, &head, "urgent", json!({ "urgency": "URGENT", "beneficiaries": 40 })).await;
        for (filter, expected) in [
            (json!({ "urgencies": ["URGENT", "CRITICAL"] }), vec![&urgent]),
            (json!({ "urgencies": ["NORMAL"] }), vec![&plain]),
            (json!({ "urgencies": [] }), vec![]),
            (json!({ "beneficiariesFrom": 40 }), vec![&urgent]),
            (json!({ "beneficiariesFrom": 41 }), vec![]),
            (json!({ "isEnteredByMe": true }), vec![&plain]),
            (json!({ "isEnteredByMe": false }), vec![&urgent]),
            (json!({ "isMerged": false }), vec![&urgent, &plain]),
            (json!({ "isMerged": true }), vec![]),
            (json!({ "isProposed": false }), vec![&urgent, &plain]),
        ] {
            let ids = found(&app, &clerk, filter.clone()).await;
            assert_eq!(ids.iter().collect::<Vec<_>>(), expected, "{filter}");
        }
        let today = minsheng::clock::day_of(app.app.clock.now());
        let day = |days: i64| (today + chrono::TimeDelta::days(days)).to_string();
        for (from, to, count) in [(0, 0, 2), (-1, 0, 2), (-2, -1, 0), (1, 2, 0)] {
            let filter = json!({ "enteredFrom": day(from), "enteredTo": day(to) });
            assert_eq!(found(&app, &clerk, filter).await.len(), count, "{from} to {to}");
        }
        // Another department's queue stays its own under each of them.
        let other = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        for filter in [json!({ "urgencies": ["URGENT"] }), json!({ "isMerged": false }), json!({ "isEnteredByMe": false })] {
            assert_eq!(found(&app, &other, filter.clone()).await, Vec::<Value>::new(), "{filter}");
        }
    }

    async fn a_citizen_s_class_is_a_proposal_until_the_collector_decides(app: TestApp) {
        let app = app.with_both_counties().await;
        let owner = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let classes = app.data(&owner, "{ campaigns { categories { id code } } }", json!({})).await["campaigns"][0]["categories"].clone();
        let submit = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { stage } userErrors { code field } } }";
        let input = json!({ "input": { "idempotencyKey": "proposal-1", "to": { "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" },
            "title": "公交车次太少", "content": "早晚高峰公交车次太少。", "villageCode": "V0101", "categoryCode": classes[0]["code"] } });
        let (_, made) = app.graphql(None, submit, input).await;
        assert_eq!(made["data"]["submissionSubmit"], json!({ "receipt": { "stage": "RECEIVED" }, "userErrors": [] }));
        let read = "{ submissions { nodes { id stage category { id } proposedCategory { id code } } } }";
        let row = app.data(&owner, read, json!({})).await["submissions"]["nodes"][0].clone();
        let proposed = &classes[0];
        assert_eq!((&row["stage"], &row["category"], &row["proposedCategory"]), (&json!("RECEIVED"), &Value::Null, proposed));
        for filter in [json!({ "isProposed": true }), json!({ "queue": "TO_CLASSIFY" }), json!({ "isClassified": false })] {
            assert_eq!(found(&app, &owner, filter.clone()).await.len(), 1, "{filter}");
        }
        let classify = "mutation ($id: ID!, $class: ID!) { submissionClassify(input: { submissionId: $id, expectedVersion: 1, categoryId: $class }) { submission { records { action } } userErrors { code } } }";
        let done = app.data(&owner, classify, json!({ "id": row["id"], "class": classes[1]["id"] })).await;
        assert_eq!(done["submissionClassify"]["submission"]["records"][0]["action"], "CLASSIFIED", "the first class that counts");
        let row = app.data(&owner, read, json!({})).await["submissions"]["nodes"][0].clone();
        assert_eq!((&row["category"]["id"], &row["proposedCategory"]), (&classes[1]["id"], proposed), "what was proposed stays");
        assert_eq!(found(&app, &owner, json!({ "isProposed": true })).await.len(), 0);
        assert_eq!(found(&app, &owner, json!({ "isProposed": false })).await.len(), 1);
        let wrong = json!({ "input": { "idempotencyKey": "proposal-2", "to": { "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" },
            "title": "公交车次太少", "content": "早晚高峰公交车次太少。", "categoryCode": "NO_SUCH_CLASS" } });
        let (_, refused) = app.graphql(None, submit, wrong).await;
        assert_eq!(refused["data"]["submissionSubmit"]["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "categoryCode"] }]));
    }
    async fn what_was_proposed_is_shown_to_whoever_sees_the_case_and_costs_no_more_for_many(app: TestApp) {
        let app = app.with_both_counties().await;
        let owner = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let other = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let lists = app.data(&owner, "{ campaigns { categories { code } } }", json!({})).await;
        let classes = lists["campaigns"][0]["categories"].as_array().unwrap().clone();
        let submit = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { userErrors { code field } } }";
        let wanted = [&classes[0]["code"], &classes[2]["code"], &Value::Null, &classes[1]["code"]];
        for (turn, code) in wanted.iter().enumerate() {
            app.app.clock.set(app.app.clock.now() + chrono::TimeDelta::seconds(1));
            let input = json!({ "idempotencyKey": format!("proposal-of-{turn}"), "to": { "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" },
                "title": "公交车次太少", "content": format!("早晚高峰公交车次太少，第{turn}次反映。"), "villageCode": "V0101", "categoryCode": code });
            let (_, made) = app.graphql(None, submit, json!({ "input": input })).await;
            assert_eq!(made["data"]["submissionSubmit"]["userErrors"], json!([]), "{made}");
        }
        let newest_first: Vec<&Value> = wanted.into_iter().rev().collect();
        let read = |first: u32| format!("{{ submissions(first: {first}) {{ nodes {{ proposedCategory {{ code }} }} }} }}");
        for who in [&owner, &leader] {
            let data = app.data(who, &read(4), json!({})).await;
            let shown: Vec<&Value> = data["submissions"]["nodes"].as_array().unwrap().iter().map(|row| &row["proposedCategory"]["code"]).collect();
            assert_eq!(shown, newest_first, "{}", who.department);
        }
        assert_eq!(app.data(&other, &read(4), json!({})).await["submissions"]["nodes"], json!([]));
        assert_eq!(trips(&app, &owner, &read(4)).await, trips(&app, &owner, &read(1)).await);
    }
}
