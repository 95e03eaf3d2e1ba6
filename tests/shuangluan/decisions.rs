//! From tables to projects (S24): the office merges across departments and draws projects from what they collected.

use serde_json::{Value, json};

use super::stage::{LEADER, OFFICE, Play, officer};

/// Suggestions, each by its department and its number there.
type Sources = &'static [(&'static str, usize)];

/// Title, who carries it out, and what it is drawn from.
const PROJECTS: [(&str, &str, Sources); 5] = [
    ("农村路灯改造", "HOUSING", &[("STS_TOWN", 2)]),
    ("村道硬化", "TRANSPORT", &[("STS_TOWN", 1), ("DM_TOWN", 1), ("XD_TOWNSHIP", 1)]),
    ("乡镇卫生院改造", "HEALTH", &[("DM_TOWN", 2), ("CPPCC_OFFICE", 1)]),
    ("新建体育馆", "EDUCATION_SPORTS", &[("NPC_OFFICE", 1), ("EDUCATION_SPORTS", 1)]),
    ("社区活动中心", "CIVIL_AFFAIRS", &[("ORGANIZATION", 1)]),
];

/// What became part of a project, by itself or through what it was merged into.
pub(super) const ADOPTED: [(&str, usize); 7] = [
    ("STS_TOWN", 2),
    ("LH_TOWN", 2),
    ("STS_TOWN", 1),
    ("DM_TOWN", 1),
    ("XD_TOWNSHIP", 1),
    ("DM_TOWN", 2),
    ("CPPCC_OFFICE", 1),
];

pub(super) async fn play(play: &Play) {
    merging(play).await;
    projects(play).await;
}

/// 22 November: Luanhe's street lamps are Shuangtashan's as well; a merger made by mistake is undone.
async fn merging(play: &Play) {
    play.to("2019-11-22T09:00");
    let (lamps, other) = (play.case("STS_TOWN", 2), play.case("LH_TOWN", 2));
    merge(play, &lamps, &other).await;
    let own = play
        .seen(
            officer("LH_TOWN"),
            "Submission",
            &other,
            "stage isMerged mergedInto { id } records { action note }",
        )
        .await;
    assert_eq!(
        (&own["stage"], &own["isMerged"], &own["mergedInto"]),
        (&json!("MERGED"), &json!(true), &Value::Null)
    );
    assert_eq!(own["records"][0], json!({ "action": "MERGED", "note": null }));
    assert_eq!(play.seen(officer("STS_TOWN"), "Submission", &other, "id").await, Value::Null);
    for whole in [OFFICE, LEADER] {
        assert_eq!(
            play.seen(whole, "Submission", &other, "mergedInto { id }").await["mergedInto"]["id"],
            lamps
        );
    }
    let (road, mistaken) = (play.case("STS_TOWN", 1), play.case("GC_STREET", 1));
    merge(play, &road, &mistaken).await;
    let undo = json!({ "submissionId": mistaken, "expectedVersion": play.version(OFFICE, "Submission", &mistaken).await });
    play.done(OFFICE, "submissionUnmerge", "submission { stage }", undo).await;
    let back = play.seen(officer("GC_STREET"), "Submission", &mistaken, "stage isMerged").await;
    assert_eq!(back, json!({ "stage": "CLASSIFIED", "isMerged": false }));
}

async fn merge(play: &Play, target: &Value, duplicate: &Value) {
    let version = play.version(OFFICE, "Submission", target).await;
    let input = json!({ "idempotencyKey": play.key(), "targetId": target, "expectedVersion": version, "duplicateIds": [duplicate], "reason": "内容相同" });
    assert_eq!(play.refused(officer("STS_TOWN"), "submissionMerge", input.clone()).await, ["FORBIDDEN"]);
    play.done(OFFICE, "submissionMerge", "submission { id }", input).await;
}

/// 25 November: five projects across departments; each collector sees its own sources of them.
async fn projects(play: &Play) {
    play.to("2019-11-25T09:00");
    for (title, owner, sources) in PROJECTS {
        let sources: Vec<Value> =
            sources.iter().map(|(department, number)| play.case(department, *number)).collect();
        let input = json!({ "idempotencyKey": play.key(), "campaignId": play.campaign, "title": title, "content": "谋划实施，方便群众。",
            "cost": 1_200_000, "funding": "区级财政", "beneficiaries": 3000, "scheduleStart": "2020-03-01", "scheduleFinish": "2020-10-31",
            "departmentId": play.id("department", owner), "submissionIds": sources });
        let made = play.done(OFFICE, "projectCreate", "project { id status }", input).await;
        assert_eq!(made["project"]["status"], "PROPOSED");
        play.projects.borrow_mut().push(made["project"]["id"].clone());
    }
    let road = play.project(2);
    for (department, sources) in [("STS_TOWN", 1), ("DM_TOWN", 1), ("XD_TOWNSHIP", 1), ("TRANSPORT", 0)] {
        let seen = play.seen(officer(department), "Project", &road, "sources { totalCount }").await;
        assert_eq!(seen["sources"]["totalCount"], sources, "{department}");
    }
    for hidden in ["GC_STREET", "NPC_OFFICE", "LH_TOWN"] {
        assert_eq!(play.seen(officer(hidden), "Project", &road, "id").await, Value::Null, "{hidden}");
    }
    assert_eq!(
        play.seen(OFFICE, "Project", &road, "sources { totalCount }").await["sources"]["totalCount"],
        3
    );
}
