//! Executive meeting, standing committee, deputies: in this order and no other (S25, S03).

use serde_json::{Value, json};

use super::stage::{OFFICE, Play, officer};

pub(super) async fn play(play: &Play) {
    executive_meetings(play).await;
    standing_committee(play).await;
    deputies(play).await;
}

/// Plans a meeting with an agenda.
async fn convene(play: &Play, kind: &str, day: &str, numbers: &[usize]) -> Value {
    let input =
        json!({ "idempotencyKey": play.key(), "campaignId": play.campaign, "kind": kind, "heldOn": day });
    let meeting = play.done(OFFICE, "meetingPlan", "meeting { id }", input).await["meeting"]["id"].clone();
    for number in numbers {
        let version = play.version(OFFICE, "Meeting", &meeting).await;
        let put =
            json!({ "meetingId": meeting, "expectedVersion": version, "projectId": play.project(*number) });
        play.done(OFFICE, "agendaPut", "meeting { id }", put).await;
    }
    meeting
}

/// Writes down what a meeting decided on each project of its agenda.
async fn conclude(play: &Play, meeting: &Value, minutes: &str, results: &[(usize, &str)]) {
    let results = results.iter().map(|(number, result)| {
        json!({ "projectId": play.project(*number), "result": result,
            "reason": if *result == "ADOPT" { "" } else { "受财力和用地条件所限" },
            "changes": if *result == "CHANGE" { "分两年实施，先修主路" } else { "" } })
    });
    let version = play.version(OFFICE, "Meeting", meeting).await;
    let said = json!({ "meetingId": meeting, "expectedVersion": version, "minutesNumber": minutes, "results": results.collect::<Vec<_>>() });
    play.done(OFFICE, "meetingResultRecord", "meeting { status }", said).await;
}

async fn statuses(play: &Play, wanted: [&str; 5]) {
    for (number, status) in (1..).zip(wanted) {
        let seen = play.seen(OFFICE, "Project", &play.project(number), "status").await;
        assert_eq!(seen["status"], status, "project {number}");
    }
}

/// 28 November and 5 December: one is put off and comes again, one is turned down; the committee waits for its turn.
async fn executive_meetings(play: &Play) {
    play.to("2019-11-26T09:00");
    let committee = convene(play, "PARTY_STANDING", "2019-11-27", &[]).await;
    let early = json!({ "meetingId": committee, "expectedVersion": 1, "projectId": play.project(1) });
    assert_eq!(play.refused(OFFICE, "agendaPut", early.clone()).await, ["WRONG_STAGE"]);
    let meeting = convene(play, "GOVERNMENT_EXECUTIVE", "2019-11-28", &[1, 2, 3, 4, 5]).await;
    play.to("2019-11-29T09:00");
    let results = [(1, "ADOPT"), (2, "ADOPT"), (3, "DEFER"), (4, "REJECT"), (5, "ADOPT")];
    conclude(play, &meeting, "政府常务会议纪要〔2019〕31号", &results).await;
    statuses(play, ["STUDIED", "STUDIED", "DEFERRED", "REJECTED", "STUDIED"]).await;
    assert_eq!(
        play.refused(OFFICE, "agendaPut", early).await,
        ["WRONG_STAGE"],
        "its day is before the executive meeting's"
    );
    let second = convene(play, "GOVERNMENT_EXECUTIVE", "2019-12-05", &[3]).await;
    play.to("2019-12-06T09:00");
    conclude(play, &second, "政府常务会议纪要〔2019〕32号", &[(3, "ADOPT")]).await;
    assert_eq!(play.count(officer("STS_TOWN"), "meetings").await, 0);
}

/// 12 December: the standing committee adopts, changes and turns down.
async fn standing_committee(play: &Play) {
    let committee = convene(play, "PARTY_STANDING", "2019-12-12", &[1, 2, 3, 5]).await;
    play.to("2019-12-12T17:00");
    let results = [(1, "ADOPT"), (2, "CHANGE"), (3, "ADOPT"), (5, "REJECT")];
    conclude(play, &committee, "区委常委会会议纪要〔2019〕40号", &results).await;
    statuses(play, ["ADOPTED", "CHANGED", "ADOPTED", "REJECTED", "REJECTED"]).await;
    let seen = play
        .seen(
            officer("DM_TOWN"),
            "Project",
            &play.project(2),
            "agendaItems { kind result changes meeting { id } }",
        )
        .await;
    let item = json!({ "kind": "PARTY_STANDING", "result": "CHANGE", "changes": "分两年实施，先修主路", "meeting": null });
    assert_eq!(seen["agendaItems"][1], item, "its result, and not the meeting");
}

/// 8 January 2020: the deputies vote; the congress office writes down totals alone.
async fn deputies(play: &Play) {
    let congress = officer("NPC_OFFICE");
    let meeting = convene(play, "CONGRESS_VOTE", "2020-01-08", &[1, 2, 3]).await;
    play.to("2020-01-08T17:00");
    for number in 1..=3 {
        let vote = |present: i32| {
            json!({ "projectId": play.project(number), "votedOn": "2020-01-08", "due": 165, "present": present,
            "inFavour": 140, "against": 6, "abstained": 4 })
        };
        assert_eq!(
            play.refused(officer("STS_TOWN"), "voteRecord", vote(150)).await,
            [if number == 3 { "NOT_FOUND" } else { "NOT_ENTITLED" }]
        );
        assert_eq!(
            play.refused(congress, "voteRecord", vote(149)).await,
            ["INVALID"],
            "more votes than deputies"
        );
        let voted =
            play.done(congress, "voteRecord", "project { vote { isPassed inFavour } }", vote(150)).await;
        assert_eq!(voted["project"]["vote"], json!({ "isPassed": true, "inFavour": 140 }));
    }
    conclude(play, &meeting, "区人大会议〔2020〕1号", &[(1, "ADOPT"), (2, "ADOPT"), (3, "ADOPT")]).await;
}
