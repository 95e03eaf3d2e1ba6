//! Coverage: visits, symposiums, rosters of constituencies, and the figures that follow from them.

mod constituents;
mod exported;
mod form;
mod properties;
mod register;
mod visits;

use std::collections::BTreeMap;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::personas::{Persona, SHUANGLUAN};

const BATCH: &str = "mutation ($input: VisitBatchRecordInput!) { visitBatchRecord(input: $input) {
    taken repeated refused userErrors { code field }
    outcomes { clientRef isRepeated visit { id version household } userErrors { code field } } } }";

const COVERAGE: &str = "query ($asOf: Date, $below: Boolean!) { campaign(by: { code: \"MXGC-2020\" }) {
    coverage(asOf: $asOf, onlyBelowTarget: $below) { asOf
        total { households reached atDoor reachedRate atDoorRate villages villagesMet villagesBelow stillNeeded neededPerDay }
        classes { class numerator requiredRate households covered rate isMet villages villagesMet }
        townships { department { code } total { households reached atDoor villages villagesMet }
            villages { village { code } registerVersion class households reached atDoor reachedRate atDoorRate numerator
                requiredRate isMet stillNeeded neededPerDay forecast isOnCourse } } } } }";

/// Shuangluan on a day of its campaign, seen from outside.
struct Field {
    app: TestApp,
    campaign: Value,
    /// Ids of villages by code.
    villages: BTreeMap<String, Value>,
}

impl Field {
    /// At nine in the morning of a day.
    async fn on(app: TestApp, day: &str) -> Self {
        app.app.clock.set(format!("{day}T01:00:00Z").parse().unwrap());
        let app = app.with_both_counties().await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let query = "{ campaigns { id villages(first: 100) { nodes { id code } } } }";
        let data = app.data(&office, query, json!({})).await;
        let campaign = &data["campaigns"][0];
        let nodes = campaign["villages"]["nodes"].as_array().unwrap();
        let village = |node: &Value| (node["code"].as_str().unwrap().to_owned(), node["id"].clone());
        Self { campaign: campaign["id"].clone(), villages: nodes.iter().map(village).collect(), app }
    }

    /// Moves on to another day; whoever asks must sign in anew.
    fn to(&self, day: &str) {
        let at = format!("{day}T01:00:00Z").parse().unwrap();
        self.app.app.clock.set(at);
    }

    async fn officer(&self, department: &str) -> Persona {
        self.app.persona(SHUANGLUAN, department, Position::Officer).await
    }

    fn row(&self, mark: &str, village: &str, household: i32, day: &str, kind: &str) -> Value {
        json!({ "clientRef": mark, "villageId": self.villages[village], "household": household,
            "visitedOn": day, "kind": kind })
    }

    async fn batch(&self, who: &Persona, rows: &[Value]) -> Value {
        let input = json!({ "campaignId": self.campaign, "rows": rows });
        let data = self.app.data(who, BATCH, json!({ "input": input })).await;
        data["visitBatchRecord"].clone()
    }

    async fn mutate(&self, who: &Persona, name: &str, selection: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let text = format!(
            "mutation ($input: {kind}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code field }} }} }}"
        );
        let data = self.app.data(who, &text, json!({ "input": input })).await;
        data[name].clone()
    }

    async fn coverage(&self, who: &Persona, as_of: Option<&str>) -> Value {
        let variables = json!({ "asOf": as_of, "below": false });
        let data = self.app.data(who, COVERAGE, variables).await;
        data["campaign"]["coverage"].clone()
    }

    /// A village of an answer.
    fn village<'v>(coverage: &'v Value, code: &str) -> &'v Value {
        villages(coverage)
            .find(|row| row["village"]["code"] == code)
            .unwrap_or_else(|| panic!("no {code} in {coverage}"))
    }
}

fn villages(coverage: &Value) -> impl Iterator<Item = &Value> {
    let townships = coverage["townships"].as_array().unwrap().iter();
    townships.flat_map(|township| township["villages"].as_array().unwrap())
}
