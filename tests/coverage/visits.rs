//! Who enters visits, who sees them, and what a visit sent twice or badly comes to.

use serde_json::{Value, json};

use super::Field;
use crate::support::TestApp;
use crate::support::on_both_databases;
use crate::support::personas::PLANS;

const VISITS: &str = "{ visits { totalCount nodes { id household kind isAtDoor hasOpinion isSensitive note clientRef version withdrawnAt
    department { code } village { code } submissions { id } permissions { canLink canWithdraw } } } }";

async fn seen(field: &Field, department: &str) -> Value {
    let who = field.officer(department).await;
    field.app.data(&who, VISITS, json!({})).await["visits"].clone()
}

on_both_databases! {
    async fn a_visit_is_seen_by_its_visitor_the_township_the_committee_and_the_county_alone(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let housing = field.officer("HOUSING").await;
        let mut row = field.row("h-1", "V0101", 7, "2019-10-19", "DOOR");
        row["isSensitive"] = json!(true);
        row["note"] = json!("户主电话19900000007，独居");
        assert_eq!(field.batch(&housing, &[row]).await["taken"], 1);
        for (department, count, sensitive, clear) in [
            ("HOUSING", 1, json!(true), true), ("STS_TOWN", 1, json!(true), false), ("COMMITTEE_V0101", 1, Value::Null, false),
            ("CAMPAIGN_OFFICE", 1, Value::Null, false), ("LEADING_GROUP", 1, Value::Null, false), ("SUPERVISION_OFFICE", 1, Value::Null, false),
            ("LH_TOWN", 0, Value::Null, false), ("COMMITTEE_V0201", 0, Value::Null, false), ("TRANSPORT", 0, Value::Null, false),
            ("NPC_OFFICE", 0, Value::Null, false), ("INFORMATION_CENTRE", 0, Value::Null, false), ("ADMINISTRATOR", 0, Value::Null, false),
        ] {
            let visits = seen(&field, department).await;
            assert_eq!(visits["totalCount"], count, "{department}");
            let visit = &visits["nodes"][0];
            assert_eq!(visit["isSensitive"], sensitive, "{department}");
            let note = visit["note"].as_str().unwrap_or_default();
            assert_eq!(note.contains("19900000007"), clear, "{department}: {note}");
            assert_eq!(visit["permissions"]["canWithdraw"] == true, department == "HOUSING", "{department}");
            assert_eq!(visit["clientRef"] == "h-1", department == "HOUSING", "{department}");
        }
        // It counts for the township, which sees no other row of the line department.
        let town = field.officer("STS_TOWN").await;
        assert_eq!(Field::village(&field.coverage(&town, None).await, "V0101")["atDoor"], 1);
        let housing = field.coverage(&housing, None).await;
        assert_eq!((&housing["townships"], &housing["total"]["households"]), (&json!([]), &json!(0)));
    }

    async fn a_village_account_enters_visits_of_its_own_village_and_of_no_other(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let committee = field.officer("COMMITTEE_V0101").await;
        let rows = [field.row("v-1", "V0101", 1, "2019-10-19", "DOOR"), field.row("v-2", "V0201", 1, "2019-10-19", "DOOR"),
            field.row("v-3", "V0102", 1, "2019-10-19", "DOOR")];
        let done = field.batch(&committee, &rows).await;
        assert_eq!((&done["taken"], &done["refused"]), (&json!(1), &json!(2)), "{done}");
        assert_eq!(done["outcomes"][1]["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "rows", "1", "villageId"] }]));
        let town = seen(&field, "STS_TOWN").await;
        assert_eq!(town["nodes"][0]["department"]["code"], "COMMITTEE_V0101");
        // The township reads it and changes nothing of it.
        let who = field.officer("STS_TOWN").await;
        let input = json!({ "visitId": town["nodes"][0]["id"], "expectedVersion": 1, "reason": "登记有误" });
        let refused = field.mutate(&who, "visitWithdraw", "visit { id }", input.clone()).await;
        assert_eq!(refused["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "visitId"] }]));
        let taken_back = field.mutate(&committee, "visitWithdraw", "visit { withdrawnReason version }", input).await;
        assert_eq!(taken_back["visit"], json!({ "withdrawnReason": "登记有误", "version": 2 }), "{taken_back}");
        let coverage = field.coverage(&who, None).await;
        assert_eq!(Field::village(&coverage, "V0101")["reached"], 0);
    }

    async fn each_row_of_a_batch_is_taken_in_or_refused_by_itself(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        let good = field.row("same", "V0101", 5, "2019-10-19", "DOOR");
        let mut linked = field.row("linked", "V0101", 6, "2019-10-19", "DOOR");
        linked["submissionIds"] = json!(["nothing"]);
        let rows = [good.clone(), good.clone(), field.row("same", "V0101", 9, "2019-10-19", "DOOR"), field.row("", "V0101", 1, "2019-10-19", "DOOR"),
            field.row("future", "V0101", 1, "2019-10-21", "DOOR"), field.row("early", "V0101", 1, "2019-10-14", "DOOR"), linked];
        let done = field.batch(&town, &rows).await;
        let codes: Vec<&str> = done["outcomes"].as_array().unwrap().iter().map(|row| row["userErrors"][0]["code"].as_str().unwrap_or("OK")).collect();
        assert_eq!(codes, ["OK", "OK", "DUPLICATE", "INVALID", "INVALID", "CAMPAIGN_CLOSED", "NOT_FOUND"]);
        assert_eq!((&done["taken"], &done["repeated"], &done["refused"]), (&json!(1), &json!(1), &json!(5)));
        assert_eq!(done["outcomes"][0]["visit"]["id"], done["outcomes"][1]["visit"]["id"]);
        // The same mark of another department is another visit.
        let other = field.officer("HOUSING").await;
        assert_eq!(field.batch(&other, &[good]).await["taken"], 1);
        assert_eq!(seen(&field, "STS_TOWN").await["totalCount"], 2);
        assert_eq!(Field::village(&field.coverage(&town, None).await, "V0101")["reached"], 1);
        let none: [Value; 0] = [];
        assert_eq!(field.batch(&town, &none).await["userErrors"], json!([{ "code": "INVALID", "field": ["input", "rows"] }]));
    }

    async fn a_batch_sent_twice_at_once_counts_once(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        let rows: Vec<Value> = (1..=40).map(|number| field.row(&format!("b{number}"), "V0101", number, "2019-10-19", "DOOR")).collect();
        let twice = futures::future::join_all((0..3).map(|_| field.batch(&town, &rows))).await;
        let taken: i64 = twice.iter().map(|done| done["taken"].as_i64().unwrap()).sum();
        assert_eq!(taken, 40, "{twice:?}");
        assert_eq!(seen(&field, "STS_TOWN").await["totalCount"], 40);
    }

    async fn a_symposium_reaches_the_households_that_were_present_though_not_at_their_door(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        let selection = "symposium { id attendance households village { code } place }";
        let input = json!({ "campaignId": field.campaign, "clientRef": "symposium-1", "villageId": field.villages["V0101"], "heldOn": "2019-10-18",
            "place": "村委会会议室", "topic": "道路与饮水", "attendance": 23, "households": [3, 4, 5, 5] });
        let made = field.mutate(&town, "symposiumRecord", selection, input.clone()).await;
        assert_eq!(made["userErrors"], json!([]), "{made}");
        assert_eq!((&made["symposium"]["attendance"], &made["symposium"]["households"]), (&json!(23), &json!(3)));
        let again = field.mutate(&town, "symposiumRecord", selection, input.clone()).await;
        assert_eq!(again["symposium"]["id"], made["symposium"]["id"]);
        let coverage = field.coverage(&town, None).await;
        let village = Field::village(&coverage, "V0101");
        assert_eq!((&village["reached"], &village["atDoor"]), (&json!(3), &json!(0)));
        let few = json!({ "campaignId": field.campaign, "clientRef": "symposium-2", "villageId": field.villages["V0101"], "heldOn": "2019-10-18",
            "place": "村委会会议室", "attendance": 2, "households": [3, 4, 900] });
        let refused = field.mutate(&town, "symposiumRecord", selection, few).await;
        let fields: Vec<&Value> = refused["userErrors"].as_array().unwrap().iter().map(|error| &error["field"][1]).collect();
        assert_eq!(fields, ["attendance", "households"]);
        let committee = field.officer("COMMITTEE_V0101").await;
        let nowhere = json!({ "campaignId": field.campaign, "clientRef": "nowhere", "heldOn": "2019-10-18", "place": "村口", "attendance": 4 });
        let refused = field.mutate(&committee, "symposiumRecord", selection, nowhere).await;
        assert_eq!((&refused["userErrors"][0]["code"], &refused["userErrors"][0]["field"][1]), (&json!("INVALID"), &json!("villageId")));
        // At a school, of no village: seen by whoever held it and by the county.
        let housing = field.officer("HOUSING").await;
        let school = json!({ "campaignId": field.campaign, "clientRef": "school", "heldOn": "2019-10-18", "place": "实验小学", "attendance": 40 });
        let made = field.mutate(&housing, "symposiumRecord", selection, school).await;
        assert_eq!((&made["userErrors"], &made["symposium"]["village"]), (&json!([]), &Value::Null));
        for (department, count) in [("HOUSING", 1), ("STS_TOWN", 1), ("COMMITTEE_V0101", 1), ("LH_TOWN", 0), ("LEADING_GROUP", 2)] {
            let who = field.officer(department).await;
            let data = field.app.data(&who, "{ symposiums { totalCount nodes { place } } }", json!({})).await;
            assert_eq!(data["symposiums"]["totalCount"], count, "{department}");
        }
    }

    async fn where_the_plan_asks_for_an_opinion_a_visit_counts_once_it_brought_one(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let changed = PLANS[0].1.replace("visit_without_opinion_counts = true", "visit_without_opinion_counts = false");
        field.app.apply_plan(&changed).await;
        let town = field.officer("STS_TOWN").await;
        let done = field.batch(&town, &[field.row("o-1", "V0101", 1, "2019-10-19", "DOOR")]).await;
        let reached = async || Field::village(&field.coverage(&town, None).await, "V0101")["atDoor"].clone();
        assert_eq!(reached().await, 0);
        let record = json!({ "idempotencyKey": "opinion-1", "channelId": field.app.channel_id(&town, "HOUSEHOLD_VISIT").await,
            "title": "村口路灯不亮", "content": "村口三盏路灯不亮已有半月。", "villageId": field.villages["V0101"] });
        let said = field.mutate(&town, "submissionRecord", "submission { id }", record).await;
        let link = json!({ "visitId": done["outcomes"][0]["visit"]["id"], "expectedVersion": 1, "submissionIds": [said["submission"]["id"]] });
        // Another department's suggestion is none.
        let other = field.officer("HOUSING").await;
        let own = field.batch(&other, &[field.row("o-2", "V0101", 2, "2019-10-19", "DOOR")]).await;
        let stolen = json!({ "visitId": own["outcomes"][0]["visit"]["id"], "expectedVersion": 1, "submissionIds": [said["submission"]["id"]] });
        let refused = field.mutate(&other, "visitLink", "visit { id }", stolen).await;
        assert_eq!(refused["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "submissionIds"] }]));
        let linked = field.mutate(&town, "visitLink", "visit { hasOpinion version submissions { id } }", link).await;
        assert_eq!(linked["visit"], json!({ "hasOpinion": true, "version": 2, "submissions": [{ "id": said["submission"]["id"] }] }));
        assert_eq!(reached().await, 1);
        // The committee sees the visit; the suggestion, which is the township's, it does not.
        let committee = seen(&field, "COMMITTEE_V0101").await;
        let visit = committee["nodes"].as_array().unwrap().iter().find(|visit| visit["household"] == 1).unwrap();
        assert_eq!((&visit["hasOpinion"], &visit["submissions"]), (&json!(true), &json!([])));
        // The plan's choice, not the rows, decides.
        field.app.apply_plan(PLANS[0].1).await;
        assert_eq!(reached().await, 2);
    }

    async fn coverage_costs_the_same_however_many_visits_there_were(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let office = field.officer("CAMPAIGN_OFFICE").await;
        let trips = async || {
            // The first fetches the names of departments, which the second finds kept.
            for _ in 0..2 {
                field.coverage(&office, None).await;
            }
            let before = field.app.app.db.trips();
            field.coverage(&office, None).await;
            field.app.app.db.trips() - before
        };
        let empty = trips().await;
        let town = field.officer("STS_TOWN").await;
        for turn in 0..4 {
            let rows: Vec<Value> = (1..=100).map(|number| field.row(&format!("{turn}-{number}"), "V0104", number, "2019-10-19", "DOOR")).collect();
            assert_eq!(field.batch(&town, &rows).await["taken"], 100);
        }
        assert_eq!(trips().await, empty);
        assert!(empty <= 26, "{empty} round trips");
    }
}
