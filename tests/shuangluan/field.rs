//! Visits at the door, paper forms of surveys, symposiums and rosters of constituencies (S05 to S08, S12).
//!
//! Of the villages of the environment scheme (95 %, reached in any way) V0101 and V0302 make it, V0401 lacks one household
//! after a visit is withdrawn, V0201 is begun. Of the others (90 %, at the door) the village V0303 and the community V0701
//! make it, V0103 lacks one at the door though all of it was reached, V0404 is begun. In the other
//! seven townships ten households each are visited.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::coverage;
use super::stage::{OFFICE, Play, officer};

const BATCH: &str = "taken repeated refused outcomes { visit { id } }";

/// 23 October: what was visited in the first week comes in, some of it on the same paper from two sides.
pub(super) async fn first_wave(play: &Play) {
    play.to("2019-10-23T18:00");
    let first = Pile { who: "STS_TOWN", village: "V0101", day: "2019-10-21", kind: "DOOR" };
    first.enter(play, 1..=200).await;
    let again = play.done(officer("STS_TOWN"), "visitBatchRecord", BATCH, first.rows(play, 1..=200)).await;
    assert_eq!((&again["taken"], &again["repeated"]), (&json!(0), &json!(200)), "sent twice, counted once");
    let committee = Pile { who: "COMMITTEE_V0101", village: "V0101", day: "2019-10-22", kind: "DOOR" };
    committee.enter(play, 181..=230).await;
    let survey = Pile { who: "DM_TOWN", village: "V0302", day: "2019-10-22", kind: "SURVEY" };
    survey.enter(play, 1..=100).await;
    coverage::on_the_way(play).await;
    constituencies(play).await;
}

/// 12 November: everything else.
pub(super) async fn second_wave(play: &Play) {
    play.to("2019-11-12T18:00");
    let door = |who, village, households: RangeInclusive<i32>| {
        (Pile { who, village, day: "2019-11-11", kind: "DOOR" }, households)
    };
    let survey = |who, village, households: RangeInclusive<i32>| {
        (Pile { who, village, day: "2019-11-11", kind: "SURVEY" }, households)
    };
    for (pile, households) in [
        door("HOUSING", "V0101", 225..=235),
        survey("PQZ_TOWN", "V0401", 1..=185),
        door("COMMITTEE_V0201", "V0201", 1..=20),
        door("DM_TOWN", "V0303", 1..=197),
        door("COMMITTEE_V0701", "V0701", 1..=200),
        door("COMMITTEE_V0701", "V0701", 201..=400),
        door("COMMITTEE_V0701", "V0701", 401..=600),
        door("YBS_STREET", "V0701", 601..=795),
        door("STS_TOWN", "V0103", 1..=200),
        door("STS_TOWN", "V0103", 201..=228),
        survey("STS_TOWN", "V0103", 229..=254),
        door("PQZ_TOWN", "V0404", 1..=50),
        door("CZZ_TOWNSHIP", "V0502", 1..=10),
        door("XD_TOWNSHIP", "V0602", 1..=10),
        door("GC_STREET", "V0804", 1..=10),
        door("XS_STREET", "V0904", 1..=10),
        door("BH_STREET", "V1004", 1..=10),
        door("TX_STREET", "V1104", 1..=10),
        door("NS_STREET", "V1204", 1..=10),
    ] {
        let visits = pile.enter(play, households).await;
        if pile.village == "V0401" {
            withdrawn(play, &visits[184]["visit"]["id"]).await;
        }
    }
    symposium(play).await;
    nobody_sees_anothers(play).await;
}

/// Forms of one village and one day, as one visitor brings them.
#[derive(Clone, Copy)]
struct Pile {
    who: &'static str,
    village: &'static str,
    day: &'static str,
    kind: &'static str,
}

impl Pile {
    fn rows(&self, play: &Play, households: RangeInclusive<i32>) -> Value {
        let village = play.id("village", self.village);
        let row = |household: i32| {
            json!({ "clientRef": format!("{}-{}-{household}", self.village, self.kind), "villageId": village,
            "household": household, "visitedOn": self.day, "kind": self.kind })
        };
        json!({ "campaignId": play.campaign, "rows": households.map(row).collect::<Vec<_>>() })
    }

    async fn enter(&self, play: &Play, households: RangeInclusive<i32>) -> Vec<Value> {
        let count = households.clone().count();
        let rows = self.rows(play, households);
        let done = play.done(officer(self.who), "visitBatchRecord", BATCH, rows).await;
        assert_eq!(
            (&done["taken"], &done["refused"]),
            (&json!(count), &json!(0)),
            "{} in {}",
            self.who,
            self.village
        );
        done["outcomes"].as_array().unwrap().clone()
    }
}

/// The hundred and eighty-fifth form of Daiyushu was of the village next door.
async fn withdrawn(play: &Play, visit: &Value) {
    let input = json!({ "visitId": visit, "expectedVersion": 1, "reason": "登记有误，非本村住户" });
    assert_eq!(play.refused(officer("STS_TOWN"), "visitWithdraw", input.clone()).await, ["NOT_FOUND"]);
    play.done(officer("PQZ_TOWN"), "visitWithdraw", "visit { withdrawnAt }", input).await;
}

async fn symposium(play: &Play) {
    let households: Vec<i32> = (101..=184).collect();
    let input = json!({ "campaignId": play.campaign, "clientRef": "symposium-1", "villageId": play.id("village", "V0302"),
        "heldOn": "2019-11-08", "place": "桦木沟村委会", "topic": "人居环境", "attendance": 90, "households": households });
    let made = play.done(officer("DM_TOWN"), "symposiumRecord", "symposium { households }", input).await;
    assert_eq!(made["symposium"]["households"], 84);
}

/// The deputies and the delegates; one person is both and counts once in the district.
async fn constituencies(play: &Play) {
    for (department, stream, people) in
        [("NPC_OFFICE", "NPC", ["P-001", "P-002"]), ("ORGANIZATION", "ORGANIZATION", ["P-002", "P-003"])]
    {
        let who = officer(department);
        let data = play.ask(who, "{ streams { id code constituencies } }", json!({})).await;
        let found =
            data["streams"].as_array().unwrap().iter().find(|row| row["code"] == stream).unwrap().clone();
        let row = |reference: &str| json!({ "reference": reference, "name": "代表某", "constituency": found["constituencies"][0] });
        let input = json!({ "streamId": found["id"], "rows": people.map(row) });
        play.done(who, "constituentRegister", "added", input).await;
        let people = play.ask(who, "{ constituents { nodes { id } } }", json!({})).await;
        let ids: Vec<&Value> =
            people["constituents"]["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
        assert_eq!(ids.len(), 2, "its own alone");
        let input = json!({ "constituentIds": ids, "reachedOn": "2019-10-22" });
        play.done(who, "constituentReach", "done", input).await;
    }
    let query =
        "{ campaign(by: { code: \"MXGC-2020\" }) { constituencyCoverage { total { registered reached } } } }";
    let data = play.ask(OFFICE, query, json!({})).await;
    assert_eq!(data["campaign"]["constituencyCoverage"]["total"], json!({ "registered": 3, "reached": 3 }));
}

async fn nobody_sees_anothers(play: &Play) {
    for (department, visits) in [
        ("HOUSING", 11),
        ("COMMITTEE_V0701", 795),
        ("YBS_STREET", 795),
        ("LH_TOWN", 20),
        ("TRANSPORT", 0),
        ("NPC_OFFICE", 0),
    ] {
        assert_eq!(play.count(officer(department), "visits").await, visits, "{department}");
    }
}
