//! Constituencies without villages: deputies, members, delegates.

use serde_json::{Value, json};

use super::Field;
use crate::support::TestApp;
use crate::support::on_both_databases;
use crate::support::personas::Persona;

const FIGURES: &str = "query ($asOf: Date) { campaign(by: { code: \"MXGC-2020\" }) { constituencyCoverage(asOf: $asOf) { asOf total { registered reached rate }
    streams { stream { code } constituencies { constituency figures { registered reached } } } } } }";
const PEOPLE: &str = "{ constituents { totalCount nodes { id name constituency reachedOn } } }";

async fn stream(field: &Field, who: &Persona, code: &str) -> (Value, Value) {
    let data = field.app.data(who, "{ streams { id code constituencies } }", json!({})).await;
    let streams = data["streams"].as_array().unwrap().clone();
    let found = streams.iter().find(|row| row["code"] == code);
    let found = found.unwrap_or_else(|| panic!("{streams:?}"));
    (found["id"].clone(), found["constituencies"][0].clone())
}

async fn enrol(field: &Field, who: &Persona, code: &str, people: &[(&str, &str)]) -> Value {
    let (id, constituency) = stream(field, who, code).await;
    let row = |(reference, name): &(&str, &str)| json!({ "reference": reference, "name": name, "constituency": constituency });
    let rows: Vec<Value> = people.iter().map(row).collect();
    let input = json!({ "streamId": id, "rows": rows });
    field.mutate(who, "constituentRegister", "added repeated", input).await
}

on_both_databases! {
    async fn a_person_in_two_rosters_counts_once_in_the_countys_totals(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let (congress, cppcc) = (field.officer("NPC_OFFICE").await, field.officer("CPPCC_OFFICE").await);
        let deputies = [("D-0001", "代表甲"), ("D-0002", "代表乙"), ("D-0003", "代表丙")];
        let done = enrol(&field, &congress, "NPC", &deputies).await;
        assert_eq!((&done["added"], &done["repeated"]), (&json!(3), &json!(0)), "{done}");
        let again = enrol(&field, &congress, "NPC", &deputies[..2]).await;
        assert_eq!((&again["added"], &again["repeated"]), (&json!(0), &json!(2)), "{again}");
        // The second deputy is a member too, written otherwise.
        assert_eq!(enrol(&field, &cppcc, "CPPCC", &[(" d-0002 ", "代表乙"), ("M-0009", "委员丁")]).await["added"], 2);
        let leader = field.officer("LEADING_GROUP").await;
        let total = async |who: &Persona, as_of: Option<&str>| {
            let data = field.app.data(who, FIGURES, json!({ "asOf": as_of })).await;
            let total = &data["campaign"]["constituencyCoverage"]["total"];
            (total["registered"].as_i64().unwrap(), total["reached"].as_i64().unwrap())
        };
        assert_eq!((total(&leader, None).await, total(&congress, None).await, total(&cppcc, None).await), ((4, 0), (3, 0), (2, 0)));
        // Heard in both rosters, he counts once.
        let mut marked = Vec::new();
        for who in [&congress, &cppcc] {
            let people = field.app.data(who, PEOPLE, json!({})).await;
            let nodes = people["constituents"]["nodes"].as_array().unwrap().clone();
            let person = nodes.iter().find(|node| node["name"] == "代表乙").unwrap();
            let input = json!({ "constituentIds": [person["id"]], "reachedOn": "2019-10-19" });
            let done = field.mutate(who, "constituentReach", "done", input).await;
            assert_eq!(done, json!({ "done": true, "userErrors": [] }));
            marked.push(person["id"].clone());
        }
        assert_eq!((total(&leader, None).await, total(&congress, None).await), ((4, 1), (3, 1)));
        assert_eq!(total(&leader, Some("2019-10-18")).await, (4, 0));
        // Another department's person is none.
        let input = json!({ "constituentIds": [marked[1]], "reachedOn": "2019-10-19" });
        let refused = field.mutate(&congress, "constituentReach", "done", input).await;
        assert_eq!(refused["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "constituentIds"] }]));
        let people = field.app.data(&leader, PEOPLE, json!({})).await;
        assert_eq!(people["constituents"]["totalCount"], 5);
        let names = people["constituents"]["nodes"].as_array().unwrap().iter();
        assert!(names.clone().all(|node| node["name"].as_str().unwrap().ends_with("**")), "{people}");
        let other = field.officer("UNITED_FRONT").await;
        assert_eq!(field.app.data(&other, PEOPLE, json!({})).await["constituents"]["totalCount"], 0);
    }
}
