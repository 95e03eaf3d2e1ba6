//! Projects, their meetings in order, the vote, and carrying them out.

use entity::enums::Position;
use serde_json::{Value, json};

use super::{campaign, department, done, entered, refused};
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, on_both_databases};

const PROJECT: &str = "project { id version status isDelayed }";

/// Makes a project of some suggestions, carried out by somebody's department.
pub(super) async fn create(
    app: &TestApp,
    office: &Persona,
    owner: &Persona,
    key: &str,
    sources: &[&Value],
) -> Value {
    let input = json!({
        "idempotencyKey": format!("project-{key}"), "campaignId": campaign(app, office).await, "title": "农村路灯改造",
        "content": "改造村口路灯三百盏", "cost": 1_200_000, "funding": "区级财政", "beneficiaries": 3000,
        "scheduleStart": "2022-04-01", "scheduleFinish": "2022-10-31", "departmentId": department(app, owner).await,
        "submissionIds": sources,
    });
    done(app, office, "projectCreate", PROJECT, input).await["project"].clone()
}

/// Plans a meeting and gives its id.
pub(super) async fn plan(app: &TestApp, office: &Persona, kind: &str, on: &str) -> Value {
    let input = json!({ "idempotencyKey": format!("meeting-{kind}-{on}"), "campaignId": campaign(app, office).await, "kind": kind, "heldOn": on });
    done(app, office, "meetingPlan", "meeting { id version }", input).await["meeting"]["id"].clone()
}

/// Brings one project through a meeting of its own.
pub(super) async fn decide(
    app: &TestApp,
    office: &Persona,
    kind: &str,
    on: &str,
    project: &Value,
    result: &str,
) {
    let meeting = plan(app, office, kind, on).await;
    let put = json!({ "meetingId": meeting, "expectedVersion": 1, "projectId": project });
    done(app, office, "agendaPut", "meeting { id }", put).await;
    let said = json!({ "meetingId": meeting, "expectedVersion": 2, "minutesNumber": "〔2022〕3号",
        "results": [{ "projectId": project, "result": result, "reason": if result == "ADOPT" { "" } else { "财力所限" } }] });
    done(app, office, "meetingResultRecord", "meeting { status minutesNumber }", said).await;
}

async fn status(app: &TestApp, who: &Persona, project: &Value) -> Value {
    let query = "query ($id: ID!) { node(id: $id) { ... on Project { status isDelayed isStarted isFinished
        sources { totalCount nodes { id } } agendaItems { kind result meeting { minutesNumber } } vote { isPassed }
        evaluations { satisfied } milestones { name doneOn version } progress { kind counterpart } } } }";
    app.data(who, query, json!({ "id": project })).await["node"].clone()
}

on_both_databases! {
    async fn the_order_of_meetings_holds_and_a_department_sees_its_own_sources_alone(app: TestApp) {
        let app = app.with_both_counties().await;
        let one = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let other = app.persona(SHUANGLUAN, "LH_TOWN", Position::Officer).await;
        let stranger = app.persona(SHUANGLUAN, "DM_TOWN", Position::Officer).await;
        let owner = app.persona(SHUANGLUAN, "HOUSING", Position::Officer).await;
        let congress = app.persona(SHUANGLUAN, "NPC_OFFICE", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let leader = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        let (a, b) = (entered(&app, &one, "a").await, entered(&app, &other, "b").await);
        let project = create(&app, &office, &owner, "lights", &[&a, &b]).await["id"].clone();

        assert_eq!(status(&app, &one, &project).await["sources"], json!({ "totalCount": 1, "nodes": [{ "id": a }] }));
        assert_eq!(status(&app, &office, &project).await["sources"]["totalCount"], 2);
        assert_eq!(status(&app, &owner, &project).await["sources"]["totalCount"], 0);
        for hidden in [&stranger, &congress] {
            assert_eq!(status(&app, hidden, &project).await, Value::Null);
            assert_eq!(app.data(hidden, "{ projects { totalCount } }", json!({})).await["projects"]["totalCount"], 0);
        }

        // The party committee before the executive meeting, in any disguise.
        let party = plan(&app, &office, "PARTY_STANDING", "2022-03-10").await;
        let early = json!({ "meetingId": party, "expectedVersion": 1, "projectId": project });
        assert_eq!(refused(&app, &office, "agendaPut", early.clone()).await, "WRONG_STAGE");
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-12", &project, "ADOPT").await;
        assert_eq!(refused(&app, &office, "agendaPut", early).await, "WRONG_STAGE", "its day is before the former meeting's");
        let party = plan(&app, &office, "PARTY_STANDING", "2022-03-14").await;
        done(&app, &office, "agendaPut", "meeting { id }", json!({ "meetingId": party, "expectedVersion": 1, "projectId": project })).await;
        let without_minutes = json!({ "meetingId": party, "expectedVersion": 2, "minutesNumber": " ", "results": [{ "projectId": project, "result": "ADOPT" }] });
        assert_eq!(refused(&app, &office, "meetingResultRecord", without_minutes).await, "INVALID");
        let without_result = json!({ "meetingId": party, "expectedVersion": 2, "minutesNumber": "常〔2022〕1号", "results": [] });
        assert_eq!(refused(&app, &office, "meetingResultRecord", without_result).await, "INVALID");
        let adopted = json!({ "meetingId": party, "expectedVersion": 2, "minutesNumber": "常〔2022〕1号", "results": [{ "projectId": project, "result": "ADOPT" }] });
        done(&app, &office, "meetingResultRecord", "meeting { id }", adopted.clone()).await;
        assert_eq!(refused(&app, &office, "meetingResultRecord", adopted).await, "STALE_VERSION");

        let own = status(&app, &one, &project).await;
        assert_eq!(own["status"], "ADOPTED");
        assert_eq!(own["agendaItems"][1], json!({ "kind": "PARTY_STANDING", "result": "ADOPT", "meeting": null }));
        assert_eq!(status(&app, &leader, &project).await["agendaItems"][1]["meeting"]["minutesNumber"], "常〔2022〕1号");

        // The deputies: only the department that the plan names, only on their agenda, and the result is what was voted.
        let vote = |due: i32, present: i32, parts: [i32; 3]| json!({ "projectId": project, "votedOn": "2022-03-15", "due": due,
            "present": present, "inFavour": parts[0], "against": parts[1], "abstained": parts[2] });
        assert_eq!(refused(&app, &one, "voteRecord", vote(100, 90, [80, 5, 5])).await, "NOT_ENTITLED");
        assert_eq!(refused(&app, &stranger, "voteRecord", vote(100, 90, [80, 5, 5])).await, "NOT_FOUND");
        assert_eq!(refused(&app, &congress, "voteRecord", vote(100, 90, [80, 5, 5])).await, "WRONG_STAGE");
        let meeting = plan(&app, &office, "CONGRESS_VOTE", "2022-03-15").await;
        done(&app, &office, "agendaPut", "meeting { id }", json!({ "meetingId": meeting, "expectedVersion": 1, "projectId": project })).await;
        let result = |result: &str| json!({ "meetingId": meeting, "expectedVersion": 2, "minutesNumber": "人〔2022〕1号",
            "results": [{ "projectId": project, "result": result, "reason": "票数" }] });
        assert_eq!(refused(&app, &office, "meetingResultRecord", result("ADOPT")).await, "WRONG_STAGE");
        assert_eq!(refused(&app, &congress, "voteRecord", vote(100, 90, [80, 8, 5])).await, "INVALID");
        done(&app, &congress, "voteRecord", "project { vote { isPassed } }", vote(100, 90, [51, 30, 5])).await;
        assert_eq!(refused(&app, &congress, "voteRecord", vote(100, 90, [80, 5, 5])).await, "DUPLICATE");
        assert_eq!(refused(&app, &office, "meetingResultRecord", result("REJECT")).await, "WRONG_STAGE");
        done(&app, &office, "meetingResultRecord", "meeting { id }", result("ADOPT")).await;
        let evaluation = json!({ "projectId": project, "evaluatedOn": "2022-03-16", "satisfied": 60, "acceptable": 20, "dissatisfied": 5 });
        done(&app, &congress, "evaluationRecord", "project { id }", evaluation).await;
        let seen = status(&app, &one, &project).await;
        assert_eq!((&seen["vote"]["isPassed"], &seen["evaluations"]), (&json!(true), &json!([{ "satisfied": 60 }])));
    }

    async fn nobody_votes_where_the_plan_names_nobody(app: TestApp) {
        let app = app.with_both_counties().await;
        let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let input = json!({ "idempotencyKey": "meeting-vote", "campaignId": campaign(&app, &office).await, "kind": "CONGRESS_VOTE", "heldOn": "2022-03-16" });
        assert_eq!(refused(&app, &office, "meetingPlan", input).await, "NOT_ENTITLED");
    }

    async fn its_owner_carries_a_project_out_and_is_late_when_a_milestone_has_passed(app: TestApp) {
        let app = app.with_both_counties().await;
        let one = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let owner = app.persona(SHUANGLUAN, "HOUSING", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let source = entered(&app, &one, "a").await;
        let project = create(&app, &office, &owner, "lights", &[&source]).await["id"].clone();
        let milestone = json!({ "projectId": project, "position": 1, "name": "完成招标", "dueOn": "2022-03-15" });
        assert_eq!(refused(&app, &owner, "milestonePut", milestone.clone()).await, "WRONG_STAGE");
        let coordination = json!({ "idempotencyKey": "progress-1", "projectId": project, "kind": "COORDINATION", "text": "争取上级补助", "counterpart": "市住建局" });
        done(&app, &owner, "progressRecord", PROJECT, coordination).await;
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-12", &project, "ADOPT").await;
        decide(&app, &office, "PARTY_STANDING", "2022-03-14", &project, "ADOPT").await;
        assert_eq!(refused(&app, &one, "milestonePut", milestone.clone()).await, "NOT_FOUND");
        let late = done(&app, &owner, "milestonePut", PROJECT, milestone.clone()).await;
        assert_eq!(late["project"]["isDelayed"], true);
        let mut reached = milestone.clone();
        reached["doneOn"] = json!("2022-03-16");
        assert_eq!(refused(&app, &owner, "milestonePut", reached.clone()).await, "STALE_VERSION");
        reached["expectedVersion"] = json!(1);
        let on_time = done(&app, &owner, "milestonePut", PROJECT, reached).await;
        assert_eq!(on_time["project"]["isDelayed"], false);
        let line = |key: &str, kind: &str| json!({ "idempotencyKey": format!("progress-{key}"), "projectId": project, "kind": kind, "text": "按计划推进" });
        assert_eq!(refused(&app, &owner, "progressRecord", line("early", "FINISH")).await, "WRONG_STAGE");
        done(&app, &owner, "progressRecord", PROJECT, line("start", "START")).await;
        assert_eq!(refused(&app, &owner, "progressRecord", line("twice", "START")).await, "WRONG_STAGE");
        done(&app, &owner, "progressRecord", PROJECT, line("finish", "FINISH")).await;
        let seen = status(&app, &one, &project).await;
        assert_eq!((&seen["isStarted"], &seen["isFinished"], &seen["progress"][0]["kind"]), (&json!(true), &json!(true), &json!("FINISH")));
        assert_eq!(seen["progress"].as_array().unwrap().len(), 3);
    }
}
