//! The weeks add up: each report counts what was entered since the cut of the one before.

use std::collections::BTreeMap;

use entity::enums::Position;
use entity::id::County;
use entity::{department, weekly_report};
use minsheng::db::Predicate;
use minsheng::scope::system;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::{TOWN, at, campaign, mutate};
use crate::support::personas::{Persona, SHUANGLUAN};
use crate::support::{TestApp, on_both_databases};

const REPORT: &str = "weeklyReport { id edition countedAfter countedUntil figures { received receivedInAll moved withdrawn
    work { visits visitsInAll symposiums symposiumsInAll coverage { class households reached reachedInAll atDoor atDoorInAll } } } }";

/// Hands a period's report in, and gives it.
async fn report(app: &TestApp, who: &Persona, key: &str, day: &str) -> Value {
    let (campaign, _) = campaign(app, who).await;
    let input = json!({ "idempotencyKey": format!("weeks-{key}"), "campaignId": campaign, "periodEnd": day, "narrative": "入户走访。" });
    let payload = mutate(app, who, "weeklyReportSubmit", input, REPORT).await;
    assert_eq!(payload["userErrors"], json!([]), "{key}: {payload}");
    payload["weeklyReport"].clone()
}

/// Sums of `received` and `moved` over the latest editions, by department.
async fn weeks(app: &TestApp, who: &Persona) -> BTreeMap<String, i64> {
    let (id, _) = campaign(app, who).await;
    let query = "query ($id: ID!) { weeklyReports(campaignId: $id, first: 100) { nodes { edition periodEnd department { code } figures { received moved } } } }";
    let data = app.data(who, query, json!({ "id": id })).await;
    let mut latest: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for node in data["weeklyReports"]["nodes"].as_array().unwrap() {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let figures = &node["figures"];
        let found = (
            node["edition"].as_i64().unwrap(),
            figures["received"].as_i64().unwrap() + figures["moved"].as_i64().unwrap_or(0),
        );
        let place =
            latest.entry((text(&node["department"]["code"]), text(&node["periodEnd"]))).or_insert(found);
        *place = found.max(*place);
    }
    let mut sums = BTreeMap::new();
    for ((department, _), (_, received)) in latest {
        *sums.entry(department).or_default() += received;
    }
    sums
}

async fn collected(app: &TestApp, who: &Persona) -> i64 {
    let data = app.data(who, "{ submissions { totalCount } }", json!({})).await;
    data["submissions"]["totalCount"].as_i64().unwrap()
}

on_both_databases! {
    async fn weeks_add_up_to_the_whole_whatever_the_order_of_entries_and_reports(app: TestApp) {
        let app = app.at("2019-10-16T01:00:00Z").await;
        app.receive(TOWN, 3, "2019-10-16T00:30:00Z", true).await;
        app.receive("LH_TOWN", 2, "2019-10-16T00:30:00Z", true).await;
        let town = app.later("2019-10-18T01:00:00Z", TOWN, Position::Officer).await;
        let first = report(&app, &town, "first", "2019-10-18").await;
        assert_eq!((&first["countedAfter"], &first["figures"]["received"], &first["figures"]["moved"]), (&Value::Null, &json!(3), &json!(0)));

        // After hand-in and before the period's end; and later, with a day of that week.
        app.later("2019-10-18T09:00:00Z", TOWN, Position::Officer).await;
        app.receive(TOWN, 2, "2019-10-18T08:00:00Z", false).await;
        app.later("2019-10-22T01:00:00Z", TOWN, Position::Officer).await;
        app.receive(TOWN, 4, "2019-10-17T02:00:00Z", false).await;
        // The third week first, then the second one late.
        let town = app.later("2019-10-29T01:00:00Z", TOWN, Position::Officer).await;
        let third = report(&app, &town, "third", "2019-11-01").await;
        assert_eq!((&third["countedAfter"], &third["figures"]["received"]), (&first["countedUntil"], &json!(6)), "{third}");
        app.later("2019-10-30T01:00:00Z", TOWN, Position::Officer).await;
        app.receive(TOWN, 1, "2019-10-20T02:00:00Z", false).await;
        let town = app.later("2019-10-31T01:00:00Z", TOWN, Position::Officer).await;
        let second = report(&app, &town, "second", "2019-10-25").await;
        assert_eq!((&second["countedAfter"], &second["figures"]["received"]), (&third["countedUntil"], &json!(1)), "{second}");

        // A correction of an earlier one keeps its figures; one of the last counts up to now.
        app.receive(TOWN, 5, "2019-10-20T02:00:00Z", false).await;
        let town = app.later("2019-10-31T02:00:00Z", TOWN, Position::Officer).await;
        let kept = report(&app, &town, "first-again", "2019-10-18").await;
        assert_eq!((&kept["edition"], &kept["figures"], &kept["countedUntil"]), (&json!(2), &first["figures"], &first["countedUntil"]));
        let renewed = report(&app, &town, "second-again", "2019-10-25").await;
        assert_eq!((&renewed["countedAfter"], &renewed["figures"]["received"]), (&third["countedUntil"], &json!(6)), "{renewed}");
        assert_eq!((&renewed["figures"]["receivedInAll"], &renewed["figures"]["moved"]), (&json!(15), &json!(0)));

        let other = app.later("2019-10-31T03:00:00Z", "LH_TOWN", Position::Officer).await;
        report(&app, &other, "of-another", "2019-11-01").await;
        let leader = app.later("2019-10-31T04:00:00Z", "LEADING_GROUP", Position::Head).await;
        let sums = weeks(&app, &leader).await;
        assert_eq!(sums, BTreeMap::from([(TOWN.to_owned(), 15), ("LH_TOWN".to_owned(), 2)]));
        assert_eq!(sums.values().sum::<i64>(), collected(&app, &leader).await);
    }

    async fn a_withdrawn_one_stays_counted_and_is_told_in_the_next_report(app: TestApp) {
        let app = app.at("2019-10-16T01:00:00Z").await;
        app.receive(TOWN, 2, "2019-10-16T00:30:00Z", false).await;
        let town = app.later("2019-10-18T01:00:00Z", TOWN, Position::Officer).await;
        let first = report(&app, &town, "before", "2019-10-18").await;
        assert_eq!(first["figures"]["withdrawn"], 0);
        let town = app.later("2019-10-21T01:00:00Z", TOWN, Position::Officer).await;
        let data = app.data(&town, "{ submissions(first: 1) { nodes { id version } } }", json!({})).await;
        let one = &data["submissions"]["nodes"][0];
        let input = json!({ "submissionId": one["id"], "expectedVersion": one["version"], "reason": "重复登记" });
        let done = mutate(&app, &town, "submissionWithdraw", input, "submission { stage }").await;
        assert_eq!(done["submission"]["stage"], "WITHDRAWN", "{done}");
        let next = report(&app, &town, "after", "2019-10-25").await;
        let figures = &next["figures"];
        assert_eq!((&figures["received"], &figures["receivedInAll"], &figures["withdrawn"]), (&json!(0), &json!(2), &json!(1)));
    }

    async fn a_report_tells_households_visits_and_symposiums_of_the_department_and_its_committees(app: TestApp) {
        let app = app.at("2019-10-16T01:00:00Z").await;
        let town = app.later("2019-10-17T01:00:00Z", TOWN, Position::Officer).await;
        let (id, _) = campaign(&app, &town).await;
        let data = app.data(&town, "{ campaigns { villages(first: 100) { nodes { id code } } } }", json!({})).await;
        let villages = data["campaigns"][0]["villages"]["nodes"].as_array().unwrap();
        let village = villages.iter().find(|row| row["code"] == "V0101").unwrap()["id"].clone();
        let visit = |mark: &str, household: i32| json!({ "clientRef": mark, "villageId": village, "household": household, "visitedOn": "2019-10-16", "kind": "DOOR" });
        let visits = async |who: &Persona, rows: Vec<Value>| {
            let wanted = rows.len();
            let done = mutate(&app, who, "visitBatchRecord", json!({ "campaignId": id, "rows": rows }), "taken").await;
            assert_eq!(done["taken"], wanted, "{done}");
        };
        visits(&town, vec![visit("town-1", 1), visit("town-2", 2)]).await;
        let committee = app.later("2019-10-17T02:00:00Z", "COMMITTEE_V0101", Position::Officer).await;
        visits(&committee, vec![visit("committee-3", 3)]).await;
        // A line department's visit counts in its own report, the household in the township's.
        let housing = app.later("2019-10-17T03:00:00Z", "HOUSING", Position::Officer).await;
        visits(&housing, vec![visit("housing-4", 4)]).await;
        let town = app.later("2019-10-18T01:00:00Z", TOWN, Position::Officer).await;
        let first = report(&app, &town, "work-1", "2019-10-18").await["figures"]["work"].clone();
        assert_eq!((&first["visits"], &first["visitsInAll"], &first["symposiums"]), (&json!(3), &json!(3), &json!(0)), "{first}");
        let sum = |work: &Value, field: &str| work["coverage"].as_array().unwrap().iter().map(|line| line[field].as_i64().unwrap()).sum::<i64>();
        assert_eq!((sum(&first, "reached"), sum(&first, "atDoorInAll")), (4, 4));
        assert!(sum(&first, "households") > 4);

        let symposium = json!({ "campaignId": id, "clientRef": "symposium-1", "villageId": village, "heldOn": "2019-10-18", "place": "村委会", "topic": "征集意见",
            "attendance": 12, "households": [4, 5] });
        mutate(&app, &town, "symposiumRecord", symposium, "symposium { id }").await;
        let town = app.later("2019-10-25T01:00:00Z", TOWN, Position::Officer).await;
        let next = report(&app, &town, "work-2", "2019-10-25").await["figures"]["work"].clone();
        assert_eq!((&next["visits"], &next["visitsInAll"]), (&json!(0), &json!(3)), "who is heard at a symposium is not visited");
        assert_eq!((&next["symposiums"], &next["symposiumsInAll"]), (&json!(1), &json!(1)));
        assert_eq!((sum(&next, "reached"), sum(&next, "reachedInAll"), sum(&next, "atDoor")), (1, 5, 0));
        let housing = app.later("2019-10-25T02:00:00Z", "HOUSING", Position::Officer).await;
        let of_housing = report(&app, &housing, "work-housing", "2019-10-25").await["figures"]["work"].clone();
        assert_eq!((&of_housing["visits"], &of_housing["coverage"]), (&json!(1), &json!([])));
    }

    async fn a_report_of_a_former_release_stays_as_it_was_and_the_next_goes_on_from_it(app: TestApp) {
        let app = app.at("2019-10-16T01:00:00Z").await;
        app.receive(TOWN, 3, "2019-10-16T00:30:00Z", true).await;
        app.later("2019-10-18T01:00:00Z", TOWN, Position::Officer).await;
        former(&app).await;
        let town = app.later("2019-10-21T01:00:00Z", TOWN, Position::Officer).await;
        let (id, _) = campaign(&app, &town).await;
        let query = format!("query ($id: ID!) {{ weeklyReports(campaignId: $id) {{ nodes {{ {} }} }} }}", &REPORT["weeklyReport { ".len()..REPORT.len() - 2]);
        let seen = app.data(&town, &query, json!({ "id": id })).await["weeklyReports"]["nodes"][0].clone();
        assert_eq!(seen["figures"], json!({ "received": 2, "receivedInAll": 3, "moved": null, "withdrawn": null, "work": null }));
        assert_eq!((&seen["countedAfter"], seen["countedUntil"].is_null()), (&Value::Null, false));
        app.receive(TOWN, 4, "2019-10-17T02:00:00Z", false).await;
        let town = app.later("2019-10-25T01:00:00Z", TOWN, Position::Officer).await;
        let next = report(&app, &town, "after-former", "2019-10-25").await;
        assert_eq!(next["countedAfter"], seen["countedUntil"]);
        let figures = &next["figures"];
        assert_eq!((&figures["received"], &figures["receivedInAll"], &figures["moved"]), (&json!(4), &json!(7), &json!(0)));
    }
}

/// A report as the former release wrote it: two of the period, three in all, without cut and without work.
async fn former(app: &TestApp) {
    let operator = system::operator(County::parse(SHUANGLUAN).unwrap());
    let tx = app.app.db.begin_write(&operator).await.unwrap();
    let town = Predicate::is(department::Column::Code, TOWN);
    let town = tx.from::<department::Entity>().filter(town).one().await.unwrap().unwrap();
    let campaign = tx.from::<entity::campaign::Entity>().one().await.unwrap().unwrap();
    let now = app.app.clock.now();
    let id = entity::id::WeeklyReportId(app.app.new_key(now));
    let row = weekly_report::ActiveModel {
        county: Set(town.county.clone()),
        id: Set(id),
        department: Set(town.id),
        campaign: Set(campaign.id),
        due_key: Set("WEEKLY_REPORT".to_owned()),
        period_start: Set(at("2019-10-15T00:00:00Z").date_naive()),
        period_end: Set(at("2019-10-18T00:00:00Z").date_naive()),
        edition: Set(1),
        narrative: Set("入户走访。".to_owned()),
        figures: Set(json!({ "received": 2, "received_in_all": 3, "unclassified": 0, "classes": [],
            "stages": [{ "stage": "CLASSIFIED", "count": 3 }] })),
        submitted_by: Set(entity::id::PostId(id.0)),
        submitted_at: Set(now),
        late: Set(false),
        counted_after: Set(None),
        counted_until: Set(None),
    };
    tx.insert(row).await.unwrap();
    tx.commit().await.unwrap();
}
