//! 2020: what was adopted is carried out, with a delay on the way, and the congress says what it thinks of it (S27, S03).

use serde_json::{Value, json};

use super::stage::{LEADER, OFFICE, Play, officer};

pub(super) async fn play(play: &Play) {
    for (number, owner) in [(1, "HOUSING"), (2, "TRANSPORT"), (3, "HEALTH")] {
        play.to("2020-03-02T09:00");
        progress(play, owner, number, "COORDINATION").await;
        progress(play, owner, number, "START").await;
        let milestone = milestone(play, number, None);
        assert_eq!(play.refused(officer("DM_TOWN"), "milestonePut", milestone.clone()).await, ["NOT_FOUND"]);
        play.done(officer(owner), "milestonePut", "project { id }", milestone).await;
    }
    // The street lamps have no contractor by the end of March; both sides and the leaders see that it is late.
    play.to("2020-04-10T09:00");
    for (seat, seen) in
        [(OFFICE, true), (LEADER, true), (officer("HOUSING"), true), (officer("STS_TOWN"), true)]
    {
        let project = play.seen(seat, "Project", &play.project(1), "isDelayed").await;
        assert_eq!(project["isDelayed"], seen, "{seat:?}");
    }
    assert_eq!(play.seen(officer("LH_TOWN"), "Project", &play.project(1), "id").await, Value::Null);
    for (number, owner) in [(1, "HOUSING"), (2, "TRANSPORT"), (3, "HEALTH")] {
        let reached = milestone(play, number, Some("2020-04-09"));
        let done = play.done(officer(owner), "milestonePut", "project { isDelayed }", reached).await;
        assert_eq!(done["project"]["isDelayed"], false);
    }
    play.to("2020-10-30T09:00");
    for (number, owner) in [(1, "HOUSING"), (2, "TRANSPORT"), (3, "HEALTH")] {
        progress(play, owner, number, "FINISH").await;
    }
    evaluations(play).await;
}

fn milestone(play: &Play, number: usize, done_on: Option<&str>) -> Value {
    json!({ "projectId": play.project(number), "position": 1, "name": "完成招标", "dueOn": "2020-03-31", "doneOn": done_on,
        "expectedVersion": done_on.map(|_| 1) })
}

async fn progress(play: &Play, owner: &'static str, number: usize, kind: &str) {
    let counterpart = (kind == "COORDINATION").then_some("市级主管部门");
    let input = json!({ "idempotencyKey": play.key(), "projectId": play.project(number), "kind": kind, "text": "按计划推进", "counterpart": counterpart });
    play.done(officer(owner), "progressRecord", "project { id }", input).await;
}

/// The congress evaluates each of the three, as totals.
async fn evaluations(play: &Play) {
    play.to("2020-11-20T09:00");
    for number in 1..=3 {
        let input = json!({ "projectId": play.project(number), "evaluatedOn": "2020-11-20", "satisfied": 120, "acceptable": 30, "dissatisfied": 5 });
        play.done(officer("NPC_OFFICE"), "evaluationRecord", "project { isFinished }", input).await;
    }
}
