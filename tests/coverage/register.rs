//! The register's versions: which count holds on which day, and that nobody beyond it counts.

use serde_json::{Value, json};

use super::{COVERAGE, Field, villages};
use crate::support::TestApp;
use crate::support::on_both_databases;
use crate::support::personas::PLANS;

/// The plan with another count for the first village.
fn with_households(count: u32) -> String {
    let before = "name = \"小河口村\"\ndepartment = \"STS_TOWN\"\nkind = \"VILLAGE\"\nclass = \"ENVIRONMENT_SCHEME\"\nhouseholds = 246";
    let after = before.replace("246", &count.to_string());
    assert!(PLANS[0].1.contains(before));
    PLANS[0].1.replace(before, &after)
}

const UNREACHED: &str = "query ($campaign: ID!, $village: ID!, $first: Int, $after: String, $last: Int, $before: String, $door: Boolean!) {
    householdsNotReached(campaignId: $campaign, villageId: $village, first: $first, after: $after, last: $last, before: $before, atDoor: $door) {
        totalCount nodes { number } edges { cursor node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

on_both_databases! {
    async fn a_smaller_register_lets_nobody_beyond_it_count_and_leaves_former_days_alone(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        let rows: Vec<Value> = (1..=12).map(|number| field.row(&format!("r{number}"), "V0101", number, "2019-10-18", "DOOR")).collect();
        assert_eq!(field.batch(&town, &rows).await["taken"], 12);
        field.to("2019-10-25");
        field.app.apply_plan(&with_households(10)).await;
        let office = field.officer("CAMPAIGN_OFFICE").await;
        let counts = |coverage: &Value| {
            let row = Field::village(coverage, "V0101");
            ["registerVersion", "households", "reached", "atDoor"].map(|name| row[name].as_i64().unwrap())
        };
        assert_eq!(counts(&field.coverage(&office, Some("2019-10-24")).await), [1, 246, 12, 12]);
        let now = field.coverage(&office, None).await;
        assert_eq!(counts(&now), [2, 10, 10, 10]);
        assert_eq!(Field::village(&now, "V0101")["isMet"], true);
        // The same plan once more makes no version.
        field.app.apply_plan(&with_households(10)).await;
        assert_eq!(counts(&field.coverage(&office, None).await), [2, 10, 10, 10]);
        // Numbers above the register are refused from now on.
        let town = field.officer("STS_TOWN").await;
        let beyond = field.batch(&town, &[field.row("late", "V0101", 11, "2019-10-19", "DOOR")]).await;
        assert_eq!(beyond["outcomes"][0]["userErrors"], json!([{ "code": "INVALID", "field": ["input", "rows", "0", "household"] }]));
        // It grows again: those who were reached count again.
        field.to("2019-10-30");
        field.app.apply_plan(&with_households(11)).await;
        let office = field.officer("CAMPAIGN_OFFICE").await;
        assert_eq!(counts(&field.coverage(&office, None).await), [3, 11, 11, 11]);
        assert_eq!(counts(&field.coverage(&office, Some("2019-10-29")).await), [2, 10, 10, 10]);
    }

    async fn a_village_that_moves_takes_its_visits_along(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        assert_eq!(field.batch(&town, &[field.row("a", "V0103", 3, "2019-10-18", "DOOR")]).await["taken"], 1);
        let before = "name = \"杏树湾村\"\ndepartment = \"STS_TOWN\"";
        assert!(PLANS[0].1.contains(before));
        field.app.apply_plan(&PLANS[0].1.replace(before, "name = \"杏树湾村\"\ndepartment = \"LH_TOWN\"")).await;
        let other = field.officer("LH_TOWN").await;
        let coverage = field.coverage(&other, None).await;
        assert_eq!(Field::village(&coverage, "V0103")["atDoor"], 1);
        let visits = field.app.data(&other, "{ visits { totalCount nodes { household department { code } } } }", json!({})).await;
        assert_eq!(visits["visits"]["nodes"], json!([{ "household": 3, "department": { "code": "STS_TOWN" } }]));
        let own = field.coverage(&town, None).await;
        assert!(villages(&own).all(|row| row["village"]["code"] != "V0103"));
    }

    async fn households_not_reached_are_the_register_less_those_reached(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        let rows = [("a", 1, "DOOR"), ("b", 3, "SURVEY"), ("c", 246, "TELEPHONE")];
        let rows = rows.map(|(mark, number, kind)| field.row(mark, "V0101", number, "2019-10-18", kind));
        assert_eq!(field.batch(&town, &rows).await["taken"], 3);
        let ask = async |who: &crate::support::personas::Persona, page: Value| {
            let mut variables = json!({ "campaign": field.campaign, "village": field.villages["V0101"], "door": false });
            variables.as_object_mut().unwrap().extend(page.as_object().unwrap().clone());
            field.app.data(who, UNREACHED, variables).await["householdsNotReached"].clone()
        };
        let numbers = |page: &Value| -> Vec<i64> {
            page["nodes"].as_array().unwrap().iter().map(|node| node["number"].as_i64().unwrap()).collect()
        };
        let first = ask(&town, json!({ "first": 3 })).await;
        assert_eq!((numbers(&first), &first["totalCount"]), (vec![2, 4, 5], &json!(243)));
        let second = ask(&town, json!({ "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
        assert_eq!((numbers(&second), &second["pageInfo"]["hasPreviousPage"]), (vec![6, 7], &json!(true)));
        let last = ask(&town, json!({ "last": 2 })).await;
        assert_eq!((numbers(&last), &last["pageInfo"]["hasNextPage"]), (vec![244, 245], &json!(false)));
        let back = ask(&town, json!({ "last": 1, "before": last["pageInfo"]["startCursor"] })).await;
        assert_eq!(numbers(&back), [243]);
        let door = ask(&town, json!({ "door": true, "first": 4 })).await;
        assert_eq!((numbers(&door), &door["totalCount"]), (vec![2, 3, 4, 5], &json!(245)));
        for (department, seen) in [("COMMITTEE_V0101", 243), ("CAMPAIGN_OFFICE", 243), ("LEADING_GROUP", 243), ("LH_TOWN", 0), ("COMMITTEE_V0201", 0), ("NPC_OFFICE", 0)] {
            let who = field.officer(department).await;
            assert_eq!(ask(&who, json!({})).await["totalCount"], seen, "{department}");
        }
    }

    async fn targets_say_what_is_lacking_and_what_the_pace_will_bring(app: TestApp) {
        let field = Field::on(app, "2019-11-05").await;
        let town = field.officer("STS_TOWN").await;
        // Fourteen surveys in the last week, two before it, and one visit at the door.
        let mut rows: Vec<Value> = (1..=14).map(|number| field.row(&format!("w{number}"), "V0101", number, "2019-11-02", "SURVEY")).collect();
        rows.extend((15..=16).map(|number| field.row(&format!("b{number}"), "V0101", number, "2019-10-20", "SURVEY")));
        rows.push(field.row("door", "V0103", 1, "2019-11-05", "DOOR"));
        assert_eq!(field.batch(&town, &rows).await["taken"], 17);
        let coverage = field.coverage(&town, None).await;
        let scheme = Field::village(&coverage, "V0101");
        // 95 % of 246 are 234 households; ten days are left; two a day for ten days more.
        let wanted = json!({ "n": "REACHED", "r": 0.95, "met": false, "needed": 218, "day": 22, "forecast": 36, "course": false });
        let found = json!({ "n": scheme["numerator"], "r": scheme["requiredRate"], "met": scheme["isMet"], "needed": scheme["stillNeeded"],
            "day": scheme["neededPerDay"], "forecast": scheme["forecast"], "course": scheme["isOnCourse"] });
        assert_eq!(found, wanted);
        let ordinary = Field::village(&coverage, "V0103");
        assert_eq!((&ordinary["numerator"], &ordinary["requiredRate"], &ordinary["stillNeeded"]), (&json!("VISITED_AT_DOOR"), &json!(0.9), &json!(228)));
        // Once the campaign is over the last day is meant, and no day is left.
        field.to("2019-12-01");
        let town = field.officer("STS_TOWN").await;
        let over = field.coverage(&town, None).await;
        assert_eq!((&over["asOf"], &Field::village(&over, "V0101")["neededPerDay"]), (&json!("2019-11-15"), &Value::Null));
    }

    async fn only_villages_below_their_target_are_listed_where_that_is_asked(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        field.app.apply_plan(&with_households(2)).await;
        let town = field.officer("STS_TOWN").await;
        let rows = [1, 2].map(|number| field.row(&format!("r{number}"), "V0101", number, "2019-10-18", "SURVEY"));
        assert_eq!(field.batch(&town, &rows).await["taken"], 2);
        let data = field.app.data(&town, COVERAGE, json!({ "asOf": null, "below": true })).await;
        let below = &data["campaign"]["coverage"];
        assert!(villages(below).all(|row| row["isMet"] == false && row["village"]["code"] != "V0101"));
        assert_eq!(villages(below).count(), 3);
        assert_eq!((&below["total"]["villages"], &below["total"]["villagesMet"], &below["total"]["villagesBelow"]), (&json!(4), &json!(1), &json!(3)));
    }
}
