//! The figures of coverage, to the household: on a middle day and at the end, as a township, a committee and the office.

use serde_json::{Value, json};

use super::stage::{OFFICE, Play, Seat, officer};

const COVERAGE: &str =
    "query ($asOf: Date) { campaign(by: { code: \"MXGC-2020\" }) { coverage(asOf: $asOf) { asOf
    total { households reached atDoor villages villagesMet }
    classes { class numerator households covered isMet villages villagesMet }
    townships { department { code } total { households reached atDoor villages villagesMet }
        villages { village { code } households reached atDoor numerator isMet stillNeeded } } } } }";

async fn coverage(play: &Play, seat: Seat, as_of: Option<&str>) -> Value {
    let data = play.ask(seat, COVERAGE, json!({ "asOf": as_of })).await;
    data["campaign"]["coverage"].clone()
}

fn villages(coverage: &Value) -> impl Iterator<Item = &Value> {
    let townships = coverage["townships"].as_array().unwrap().iter();
    townships.flat_map(|township| township["villages"].as_array().unwrap())
}

/// Reached, at the door, and what is still needed.
fn village(coverage: &Value, code: &str) -> [i64; 3] {
    let found = villages(coverage).find(|row| row["village"]["code"] == code);
    let found = found.unwrap_or_else(|| panic!("no {code}"));
    ["reached", "atDoor", "stillNeeded"].map(|name| found[name].as_i64().unwrap())
}

fn total(row: &Value) -> [i64; 5] {
    ["households", "reached", "atDoor", "villages", "villagesMet"].map(|name| row[name].as_i64().unwrap())
}

/// Villages make up townships, townships the district.
fn adds_up(coverage: &Value) {
    let sum =
        |rows: &[Value], name: &str| -> i64 { rows.iter().map(|row| row[name].as_i64().unwrap()).sum() };
    let townships = coverage["townships"].as_array().unwrap();
    for name in ["households", "reached", "atDoor"] {
        for township in townships {
            assert_eq!(
                sum(township["villages"].as_array().unwrap(), name),
                township["total"][name].as_i64().unwrap(),
                "{name}"
            );
        }
        let totals: Vec<Value> = townships.iter().map(|township| township["total"].clone()).collect();
        assert_eq!(sum(&totals, name), coverage["total"][name].as_i64().unwrap(), "{name}");
    }
}

/// 23 October: the township and its committee have reached 230 households of Xiaohekou between them.
pub(super) async fn on_the_way(play: &Play) {
    for (day, reached) in [("2019-10-20", 0), ("2019-10-21", 200), ("2019-10-22", 230)] {
        let seen = coverage(play, OFFICE, Some(day)).await;
        assert_eq!(village(&seen, "V0101"), [reached, reached, 234 - reached], "{day}");
    }
    for (seat, wanted) in [
        (OFFICE, [47_435, 330, 230, 48, 0]),
        (officer("STS_TOWN"), [3_112, 230, 230, 4, 0]),
        (officer("DM_TOWN"), [3_400, 100, 0, 4, 0]),
        (officer("COMMITTEE_V0101"), [246, 230, 230, 1, 0]),
        (officer("LH_TOWN"), [3_269, 0, 0, 4, 0]),
        (officer("HOUSING"), [0, 0, 0, 0, 0]),
    ] {
        let seen = coverage(play, seat, None).await;
        assert_eq!(total(&seen["total"]), wanted, "{seat:?}");
        adds_up(&seen);
    }
}

/// After the last day: four of 48 have made their rate, and by which household.
pub(super) async fn at_the_end(play: &Play) {
    let office = coverage(play, OFFICE, None).await;
    assert_eq!(total(&office["total"]), [47_435, 1_989, 1_595, 48, 4]);
    adds_up(&office);
    for (code, wanted) in [
        ("V0101", [235, 235, 0]),
        ("V0302", [184, 0, 0]),
        ("V0401", [184, 0, 1]),
        ("V0201", [20, 20, 352]),
        ("V0303", [197, 197, 0]),
        ("V0701", [795, 795, 0]),
        ("V0103", [254, 228, 1]),
        ("V0404", [50, 50, 1_078]),
        ("V1204", [10, 10, 411]),
    ] {
        assert_eq!(village(&office, code), wanted, "{code}");
    }
    let met = villages(&office).filter(|row| row["isMet"] == true);
    let mut met: Vec<&str> = met.map(|row| row["village"]["code"].as_str().unwrap()).collect();
    met.sort_unstable();
    assert_eq!(met, ["V0101", "V0302", "V0303", "V0701"]);
    let classes = json!([
        { "class": "ENVIRONMENT_SCHEME", "numerator": "REACHED", "households": 4_413, "covered": 653, "isMet": false, "villages": 12, "villagesMet": 2 },
        { "class": "ORDINARY", "numerator": "VISITED_AT_DOOR", "households": 43_022, "covered": 1_310, "isMet": false, "villages": 36, "villagesMet": 2 },
    ]);
    assert_eq!(office["classes"], classes);
    for (seat, wanted) in [
        (officer("STS_TOWN"), [3_112, 489, 463, 4, 1]),
        (officer("YBS_STREET"), [4_920, 795, 795, 4, 1]),
        (officer("COMMITTEE_V0701"), [883, 795, 795, 1, 1]),
    ] {
        let seen = coverage(play, seat, None).await;
        assert_eq!(total(&seen["total"]), wanted, "{seat:?}");
        let own = seen["townships"].as_array().unwrap();
        assert!(own.len() == 1, "{seat:?} sees another township: {seen}");
    }
    not_reached(play).await;
}

/// The one household at whose door nobody was (S07).
async fn not_reached(play: &Play) {
    let query = "query ($campaign: ID!, $village: ID!, $door: Boolean!) { householdsNotReached(campaignId: $campaign, villageId: $village, atDoor: $door, last: 1) { totalCount nodes { number } } }";
    let ask = async |seat: Seat, code: &str, door: bool| {
        let variables =
            json!({ "campaign": play.campaign, "village": play.id("village", code), "door": door });
        play.ask(seat, query, variables).await["householdsNotReached"].clone()
    };
    let none = json!({ "totalCount": 0, "nodes": [] });
    let town = officer("STS_TOWN");
    assert_eq!(ask(town, "V0103", false).await, none);
    assert_eq!(ask(town, "V0103", true).await, json!({ "totalCount": 26, "nodes": [{ "number": 254 }] }));
    let other = officer("PQZ_TOWN");
    assert_eq!(ask(other, "V0401", false).await, json!({ "totalCount": 10, "nodes": [{ "number": 194 }] }));
    assert_eq!(ask(town, "V0401", false).await, none, "another township's");
}
