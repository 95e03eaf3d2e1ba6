//! Merging by the office: nobody learns with whose, and undoing it restores everything.

use entity::enums::Position;
use entity::id::County;
use minsheng::scope::system;
use serde_json::{Value, json};

use super::{done, entered, refused, seen};
use crate::support::personas::{Persona, SHUANGLUAN};
use crate::support::{TestApp, code, on_both_databases};

/// Figures by department and stage, and whether the rollups agree with a recount.
async fn figures(app: &TestApp, who: &Persona) -> Value {
    let query = "{ overview { total { received } rows(by: [DEPARTMENT, STAGE]) { keys { key } stats { received } } } }";
    let answer = app.graphql(Some(&who.token), query, json!({})).await.1;
    let operator = system::operator(County::parse(SHUANGLUAN).unwrap());
    let tx = app.app.db.begin_write(&operator).await.unwrap();
    tx.fold_tally().await.unwrap();
    assert_eq!(tx.check_tally().await.unwrap().wrong_cells, 0);
    tx.commit().await.unwrap();
    answer["data"].clone()
}

on_both_databases! {
    async fn a_department_learns_that_its_own_was_merged_and_not_with_whose(app: TestApp) {
        let app = app.with_both_counties().await;
        let one = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let other = app.persona(SHUANGLUAN, "LH_TOWN", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let leader = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        let (target, merged) = (entered(&app, &one, "one").await, entered(&app, &other, "other").await);
        let third = entered(&app, &one, "third").await;
        let before = (figures(&app, &other).await, figures(&app, &leader).await);

        let input = json!({ "idempotencyKey": "merge-one", "targetId": target, "expectedVersion": 1, "duplicateIds": [merged], "reason": "与双塔山镇一件相同" });
        let query = "mutation ($input: SubmissionMergeInput!) { submissionMerge(input: $input) { userErrors { code } } }";
        let (_, answer) = app.graphql(Some(&one.token), query, json!({ "input": input })).await;
        assert_eq!(code(&answer), "FORBIDDEN");
        let first = done(&app, &office, "submissionMerge", "submission { id }", input.clone()).await;
        let again = done(&app, &office, "submissionMerge", "submission { id }", input).await;
        assert_eq!(first, again, "the same key is the same merge");

        let own = seen(&app, &other, &merged).await;
        assert_eq!((&own["stage"], &own["isMerged"], &own["mergedInto"]), (&json!("MERGED"), &json!(true), &Value::Null));
        assert_eq!(own["records"][0], json!({ "action": "MERGED", "note": null, "fromStage": "RECEIVED", "toStage": "MERGED" }));
        let auditor = app.persona(SHUANGLUAN, "AUDITOR", Position::Officer).await;
        let trail = app.data(&auditor, "{ auditEntries(first: 100) { nodes { action subject } } }", json!({})).await;
        let lines = trail["auditEntries"]["nodes"].as_array().unwrap().iter().filter(|line| line["action"] == "SUBMISSION_MERGE");
        assert_eq!(lines.count(), 1, "{trail}");
        assert_eq!(seen(&app, &office, &merged).await["mergedInto"]["id"], target);
        assert_eq!(seen(&app, &leader, &merged).await["mergedInto"]["id"], target);
        assert_eq!(seen(&app, &one, &target).await["version"], 1, "the one that goes on tells its department nothing");
        assert_eq!(seen(&app, &one, &merged).await, Value::Null);

        // No chains, in either direction.
        let merge = |key: &str, target: &Value, duplicate: &Value, version: i32| json!({ "idempotencyKey": format!("merge-{key}"),
            "targetId": target, "expectedVersion": version, "duplicateIds": [duplicate], "reason": "内容相同" });
        assert_eq!(refused(&app, &office, "submissionMerge", merge("up", &third, &target, 1)).await, "MERGE_CHAIN");
        assert_eq!(refused(&app, &office, "submissionMerge", merge("down", &merged, &third, 2)).await, "MERGE_CHAIN");
        assert_eq!(refused(&app, &office, "submissionMerge", merge("stale", &target, &third, 7)).await, "STALE_VERSION");
        assert_eq!(refused(&app, &office, "submissionMerge", merge("self", &target, &target, 1)).await, "INVALID");

        let input = json!({ "submissionId": merged, "expectedVersion": 2 });
        done(&app, &office, "submissionUnmerge", "submission { id }", input).await;
        let back = seen(&app, &other, &merged).await;
        assert_eq!((&back["stage"], &back["isMerged"]), (&json!("RECEIVED"), &json!(false)));
        assert_eq!((figures(&app, &other).await, figures(&app, &leader).await), before);
        assert_eq!(refused(&app, &office, "submissionUnmerge", json!({ "submissionId": merged, "expectedVersion": 3 })).await, "WRONG_STAGE");
        // It can be merged again, the other way round.
        done(&app, &office, "submissionMerge", "submission { id }", merge("again", &merged, &target, 3)).await;
    }
}
