//! Whatever was begun is ended, moved, corrected or taken back by whoever could make it, with a reason; what stood is shown.

use entity::enums::Position;
use serde_json::{Value, json};

use super::projects::{create, decide, plan};
use super::{campaign, department, done, entered, refused};
use crate::support::personas::{Persona, SHUANGLUAN};
use crate::support::{TestApp, on_both_databases};

const FORMER: &str = "formerVersions { kind version reason values { name value } }";

/// A town, who carries projects out, and the office.
async fn people(app: &TestApp) -> [Persona; 3] {
    [
        app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await,
        app.persona(SHUANGLUAN, "HOUSING", Position::Officer).await,
        app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await,
    ]
}

async fn project(app: &TestApp, who: &Persona, id: &Value) -> Value {
    let query = format!(
        "query ($id: ID!) {{ node(id: $id) {{ ... on Project {{ status version studiedOn decidedOn sources {{ totalCount }}
        agendaItems {{ heldOn result deferredTo }} vote {{ inFavour version isPassed }} evaluations {{ satisfied version }} {FORMER}
        permissions {{ canWithdraw canCorrectVote canCorrectEvaluation }} }} }} }}"
    );
    app.data(who, &query, json!({ "id": id })).await["node"].clone()
}

async fn meeting(app: &TestApp, who: &Persona, id: &Value) -> Value {
    let query = format!(
        "query ($id: ID!) {{ node(id: $id) {{ ... on Meeting {{ status version heldOn minutesNumber agenda {{ result }} {FORMER}
        permissions {{ canPutAgenda canRemoveAgendaItem canMove canCancel canCorrectResult }} }} }} }}"
    );
    app.data(who, &query, json!({ "id": id })).await["node"].clone()
}

/// What became of a suggestion, what it waits for, and whether an explanation is owed.
async fn told(app: &TestApp, who: &Persona, id: &Value) -> Value {
    let query =
        "query ($id: ID!) { node(id: $id) { ... on Submission { disposition waitsFor owesExplanation } } }";
    let fate = app.data(who, query, json!({ "id": id })).await["node"].clone();
    json!([fate["disposition"], fate["waitsFor"], fate["owesExplanation"]])
}

/// How a clause stands: its status, and how much of how much.
async fn clause(app: &TestApp, who: &Persona, code: &str) -> Value {
    let query = "{ campaigns { conformance { code status figure { numerator denominator } } } }";
    let data = app.data(who, query, json!({})).await;
    let clauses = data["campaigns"][0]["conformance"].as_array().unwrap();
    clauses.iter().find(|clause| clause["code"] == code).unwrap().clone()
}

async fn s25(app: &TestApp, who: &Persona) -> Value {
    let clause = clause(app, who, "S25").await;
    json!([clause["status"], clause["figure"]["numerator"], clause["figure"]["denominator"]])
}

/// Puts a project on an agenda.
async fn put(app: &TestApp, office: &Persona, meeting: &Value, version: i32, project: &Value) {
    let input = json!({ "meetingId": meeting, "expectedVersion": version, "projectId": project });
    done(app, office, "agendaPut", "meeting { id }", input).await;
}

/// One result of a meeting, as it is recorded and corrected.
fn result(project: &Value, result: &str) -> Value {
    json!({ "projectId": project, "result": result, "reason": if result == "ADOPT" { "" } else { "财力所限" } })
}

/// A meeting that has decided on one project; it stands at version 3.
async fn held(
    app: &TestApp,
    office: &Persona,
    (kind, on): (&str, &str),
    project: &Value,
    said: &str,
) -> Value {
    let meeting = plan(app, office, kind, on).await;
    put(app, office, &meeting, 1, project).await;
    let input = json!({ "meetingId": meeting, "expectedVersion": 2, "minutesNumber": "〔2022〕3号", "results": [result(project, said)] });
    done(app, office, "meetingResultRecord", "meeting { id }", input).await;
    meeting
}

fn correct(meeting: &Value, version: i32, results: &[Value]) -> Value {
    json!({ "meetingId": meeting, "expectedVersion": version, "minutesNumber": "〔2022〕3号", "results": results, "reason": "登记有误" })
}

/// Explains one suggestion and tells its people.
async fn tell(app: &TestApp, who: &Persona, key: &str, id: &Value) {
    let input = json!({ "idempotencyKey": format!("explain-{key}"), "campaignId": campaign(app, who).await, "text": "因财力所限，明年再行研究。",
        "channel": "REPLY", "submissionIds": [id] });
    let made = done(app, who, "explanationRecord", "explanation { id }", input).await;
    let input = json!({ "explanationId": made["explanation"]["id"], "expectedVersion": 1, "deliveredOn": "2022-03-15", "proof": "当面告知" });
    done(app, who, "explanationDeliver", "explanation { id }", input).await;
}

/// What stood under a name in the last former version that has it.
fn stood<'v>(paper: &'v Value, name: &str) -> &'v Value {
    let versions = paper["formerVersions"].as_array().unwrap().iter();
    let mut lines = versions.rev().flat_map(|version| version["values"].as_array().unwrap());
    &lines.find(|line| line["name"] == name).unwrap()["value"]
}

on_both_databases! {
    async fn an_abandoned_draft_is_withdrawn_and_keeps_neither_its_sources_nor_a_clause(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, owner, office] = people(&app).await;
        let (a, b) = (entered(&app, &one, "a").await, entered(&app, &one, "b").await);
        let draft = create(&app, &office, &owner, "draft", &[&a]).await["id"].clone();
        let other = create(&app, &office, &owner, "other", &[&b]).await["id"].clone();
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-10", &other, "REJECT").await;
        assert_eq!(s25(&app, &office).await, json!(["DUE", 1, 2]), "nobody has dealt with the draft");

        let withdraw = |version: i32, reason: &str| json!({ "projectId": draft, "expectedVersion": version, "reason": reason });
        assert_eq!(refused(&app, &office, "projectWithdraw", withdraw(1, " ")).await, "INVALID");
        assert_eq!(refused(&app, &office, "projectWithdraw", withdraw(7, "不再需要")).await, "STALE_VERSION");
        let decided = json!({ "projectId": other, "expectedVersion": 3, "reason": "不再需要" });
        assert_eq!(refused(&app, &office, "projectWithdraw", decided).await, "WRONG_STAGE", "a meeting has decided on it");
        // What a meeting has before itself is taken off first, and stands where it stood.
        let executive = plan(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-12").await;
        put(&app, &office, &executive, 1, &draft).await;
        assert_eq!(project(&app, &office, &draft).await["permissions"]["canWithdraw"], false);
        assert_eq!(refused(&app, &office, "projectWithdraw", withdraw(2, "不再需要")).await, "WRONG_STAGE");
        let off = |version: i32, project: &Value| json!({ "meetingId": executive, "expectedVersion": version, "projectId": project, "reason": "材料不全" });
        assert_eq!(refused(&app, &office, "agendaItemRemove", off(2, &other)).await, "NOT_FOUND");
        assert_eq!(refused(&app, &office, "agendaItemRemove", off(1, &draft)).await, "STALE_VERSION");
        done(&app, &office, "agendaItemRemove", "meeting { id }", off(2, &draft)).await;
        assert_eq!(refused(&app, &office, "agendaItemRemove", off(3, &draft)).await, "NOT_FOUND");
        let seen = project(&app, &office, &draft).await;
        assert_eq!((&seen["status"], &seen["agendaItems"]), (&json!("PROPOSED"), &json!([])));
        assert_eq!(stood(&seen, "status"), "ON_GOVERNMENT_AGENDA");
        let seen = meeting(&app, &office, &executive).await;
        assert_eq!((&seen["agenda"], &seen["formerVersions"][0]["reason"]), (&json!([]), &json!("材料不全")));

        assert_eq!(told(&app, &one, &a).await, json!(["OPEN", "MEETING", false]));
        done(&app, &office, "projectWithdraw", "project { id }", withdraw(3, "与县里项目重复")).await;
        assert_eq!(s25(&app, &office).await, json!(["MET", 1, 1]), "no clause waits for it any more");
        assert_eq!(told(&app, &one, &a).await, json!(["OPEN", "CLASSIFICATION", false]), "its source is free");
        // Whoever saw it sees that it is gone, and why.
        for who in [&one, &owner, &office] {
            let seen = project(&app, who, &draft).await;
            assert_eq!((&seen["status"], &seen["sources"]["totalCount"]), (&json!("WITHDRAWN"), &json!(0)), "{}", who.department);
            assert_eq!(seen["formerVersions"][1]["reason"], "与县里项目重复", "{}", who.department);
            assert_eq!((stood(&seen, "status"), stood(&seen, "title"), stood(&seen, "sources")), (&json!("PROPOSED"), &json!("农村路灯改造"), &json!("1")));
            assert_eq!(seen["permissions"]["canWithdraw"], false);
        }
        assert_eq!(refused(&app, &office, "projectWithdraw", withdraw(4, "再撤一次")).await, "WRONG_STAGE");
        let sources = json!({ "projectId": draft, "expectedVersion": 4, "addSubmissionIds": [a] });
        assert_eq!(refused(&app, &office, "projectSourcesPut", sources).await, "WRONG_STAGE");
        create(&app, &office, &owner, "anew", &[&a]).await;
        assert_eq!(told(&app, &one, &a).await, json!(["OPEN", "MEETING", false]));
    }

    async fn a_meeting_is_moved_and_cancelled_and_its_projects_go_back(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, owner, office] = people(&app).await;
        let a = entered(&app, &one, "a").await;
        let id = create(&app, &office, &owner, "lights", &[&a]).await["id"].clone();
        let early = plan(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-09").await;
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-10", &id, "DEFER").await;
        let input = json!({ "meetingId": early, "expectedVersion": 1, "projectId": id });
        assert_eq!(refused(&app, &office, "agendaPut", input).await, "WRONG_STAGE", "no day before the former one");
        let second = plan(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-11").await;
        put(&app, &office, &second, 1, &id).await;
        assert_eq!(project(&app, &office, &id).await["status"], "ON_GOVERNMENT_AGENDA");

        let cancel = |version: i32, reason: &str| json!({ "meetingId": second, "expectedVersion": version, "reason": reason });
        assert_eq!(refused(&app, &office, "meetingCancel", cancel(2, "")).await, "INVALID");
        assert_eq!(refused(&app, &office, "meetingCancel", cancel(1, "县长出差")).await, "STALE_VERSION");
        done(&app, &office, "meetingCancel", "meeting { status }", cancel(2, "县长出差")).await;
        let gone = meeting(&app, &office, &second).await;
        assert_eq!((&gone["status"], &gone["agenda"]), (&json!("CANCELLED"), &json!([])));
        assert_eq!((stood(&gone, "status"), stood(&gone, "heldOn"), stood(&gone, "XM-0001.title")), (&json!("PLANNED"), &json!("2022-03-11"), &json!("农村路灯改造")));
        assert!(gone["permissions"].as_object().unwrap().values().all(|may| *may == false), "{gone}");
        assert_eq!(project(&app, &office, &id).await["status"], "DEFERRED", "where it stood before, not at the start");
        assert_eq!(refused(&app, &office, "meetingCancel", cancel(3, "县长出差")).await, "WRONG_STAGE");
        let again = json!({ "meetingId": second, "expectedVersion": 3, "projectId": id });
        assert_eq!(refused(&app, &office, "agendaPut", again).await, "WRONG_STAGE");

        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-12", &id, "ADOPT").await;
        let party = plan(&app, &office, "PARTY_STANDING", "2022-03-13").await;
        put(&app, &office, &party, 1, &id).await;
        let to = |version: i32, day: &str| json!({ "meetingId": party, "expectedVersion": version, "heldOn": day, "reason": "改期召开" });
        assert_eq!(refused(&app, &office, "meetingMove", to(2, "2022-03-11")).await, "WRONG_STAGE", "before the executive meeting");
        assert_eq!(refused(&app, &office, "meetingMove", to(1, "2022-03-14")).await, "STALE_VERSION");
        done(&app, &office, "meetingMove", "meeting { heldOn }", to(2, "2022-03-14")).await;
        let moved = meeting(&app, &office, &party).await;
        assert_eq!((&moved["heldOn"], stood(&moved, "heldOn")), (&json!("2022-03-14"), &json!("2022-03-13")));
        assert_eq!(project(&app, &one, &id).await["agendaItems"][2]["heldOn"], "2022-03-14");
        // A meeting that was held stays where it was.
        let input = json!({ "meetingId": party, "expectedVersion": 3, "minutesNumber": "常〔2022〕1号", "results": [result(&id, "ADOPT")] });
        done(&app, &office, "meetingResultRecord", "meeting { id }", input).await;
        assert_eq!(refused(&app, &office, "meetingMove", to(4, "2022-03-15")).await, "WRONG_STAGE");
        let off = json!({ "meetingId": party, "expectedVersion": 4, "projectId": id, "reason": "材料不全" });
        assert_eq!(refused(&app, &office, "agendaItemRemove", off).await, "WRONG_STAGE");
        assert_eq!(project(&app, &office, &id).await["decidedOn"], "2022-03-14");
    }

    async fn a_result_is_corrected_until_something_is_built_on_it(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, owner, office] = people(&app).await;
        let (a, b) = (entered(&app, &one, "a").await, entered(&app, &one, "b").await);
        let id = create(&app, &office, &owner, "lights", &[&a]).await["id"].clone();
        let executive = held(&app, &office, ("GOVERNMENT_EXECUTIVE", "2022-03-10"), &id, "REJECT").await;
        assert_eq!(told(&app, &one, &a).await, json!(["OPEN", "EXPLANATION", true]));
        let right = |version: i32| correct(&executive, version, &[result(&id, "ADOPT")]);
        let mut without_reason = right(3);
        without_reason["reason"] = json!(" ");
        assert_eq!(refused(&app, &office, "meetingResultCorrect", without_reason).await, "INVALID");
        assert_eq!(refused(&app, &office, "meetingResultCorrect", right(2)).await, "STALE_VERSION");
        let mut elsewhere = correct(&executive, 3, &[result(&id, "ADOPT")]);
        elsewhere["results"][0]["deferredTo"] = json!("2023年项目库");
        assert_eq!(refused(&app, &office, "meetingResultCorrect", elsewhere).await, "INVALID", "only what is put off goes elsewhere");
        done(&app, &office, "meetingResultCorrect", "meeting { id }", right(3)).await;
        let seen = project(&app, &one, &id).await;
        assert_eq!((&seen["status"], &seen["studiedOn"], stood(&seen, "status")), (&json!("STUDIED"), &json!("2022-03-10"), &json!("REJECTED")));
        assert_eq!(told(&app, &one, &a).await, json!(["OPEN", "MEETING", false]), "its source's fate follows");
        let seen = meeting(&app, &office, &executive).await;
        assert_eq!((stood(&seen, "XM-0001.result"), stood(&seen, "XM-0001.reason")), (&json!("REJECT"), &json!("财力所限")));
        assert_eq!(seen["formerVersions"][0]["reason"], "登记有误");

        // A later meeting has it: that one goes first. A wrong number of the minutes is put right at any time.
        let party = held(&app, &office, ("PARTY_STANDING", "2022-03-12"), &id, "ADOPT").await;
        let against = correct(&executive, 4, &[result(&id, "REJECT")]);
        assert_eq!(refused(&app, &office, "meetingResultCorrect", against).await, "WRONG_STAGE");
        let mut number = right(4);
        number["minutesNumber"] = json!("〔2022〕4号");
        done(&app, &office, "meetingResultCorrect", "meeting { id }", number).await;
        assert_eq!(meeting(&app, &office, &executive).await["minutesNumber"], "〔2022〕4号");
        assert_eq!(project(&app, &office, &id).await["status"], "ADOPTED");
        // Adopted by mistake, and corrected while nobody has begun.
        done(&app, &office, "meetingResultCorrect", "meeting { id }", correct(&party, 3, &[result(&id, "REJECT")])).await;
        let seen = project(&app, &office, &id).await;
        assert_eq!((&seen["status"], &seen["decidedOn"]), (&json!("REJECTED"), &Value::Null));
        done(&app, &office, "meetingResultCorrect", "meeting { id }", correct(&party, 4, &[result(&id, "ADOPT")])).await;
        let start = json!({ "idempotencyKey": "progress-start", "projectId": id, "kind": "START", "text": "进场" });
        done(&app, &owner, "progressRecord", "project { id }", start).await;
        assert_eq!(refused(&app, &office, "meetingResultCorrect", correct(&party, 5, &[result(&id, "REJECT")])).await, "WRONG_STAGE", "work has begun");

        // Its people were told no: it may become another no, and no yes.
        let other = create(&app, &office, &owner, "other", &[&b]).await["id"].clone();
        let turned_down = held(&app, &office, ("GOVERNMENT_EXECUTIVE", "2022-03-13"), &other, "REJECT").await;
        tell(&app, &one, "no", &b).await;
        assert_eq!(refused(&app, &office, "meetingResultCorrect", correct(&turned_down, 3, &[result(&other, "ADOPT")])).await, "WRONG_STAGE");
        let mut put_off = correct(&turned_down, 3, &[result(&other, "DEFER")]);
        put_off["results"][0]["deferredTo"] = json!("2023年项目库");
        done(&app, &office, "meetingResultCorrect", "meeting { id }", put_off).await;
        let seen = project(&app, &one, &other).await;
        assert_eq!((&seen["status"], &seen["agendaItems"][0]["deferredTo"]), (&json!("DEFERRED"), &json!("2023年项目库")));
        // What was taken back stays so, whatever the meeting said of it.
        let third = create(&app, &office, &owner, "third", &[]).await["id"].clone();
        let passed = held(&app, &office, ("GOVERNMENT_EXECUTIVE", "2022-03-15"), &third, "ADOPT").await;
        done(&app, &office, "projectWithdraw", "project { id }", json!({ "projectId": third, "expectedVersion": 3, "reason": "不再需要" })).await;
        done(&app, &office, "meetingResultCorrect", "meeting { id }", correct(&passed, 3, &[result(&third, "REJECT")])).await;
        let seen = project(&app, &office, &third).await;
        assert_eq!((&seen["status"], &seen["agendaItems"][0]["result"]), (&json!("WITHDRAWN"), &json!("REJECT")));
        let planned = plan(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-14").await;
        assert_eq!(refused(&app, &office, "meetingResultCorrect", correct(&planned, 1, &[])).await, "WRONG_STAGE", "nothing to correct yet");
    }

    async fn a_vote_and_an_evaluation_are_corrected_by_whoever_recorded_them(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, owner, office] = people(&app).await;
        let congress = app.persona(SHUANGLUAN, "NPC_OFFICE", Position::Officer).await;
        let a = entered(&app, &one, "a").await;
        let id = create(&app, &office, &owner, "lights", &[&a]).await["id"].clone();
        held(&app, &office, ("GOVERNMENT_EXECUTIVE", "2022-03-10"), &id, "ADOPT").await;
        held(&app, &office, ("PARTY_STANDING", "2022-03-11"), &id, "ADOPT").await;
        let deputies = plan(&app, &office, "CONGRESS_VOTE", "2022-03-12").await;
        put(&app, &office, &deputies, 1, &id).await;
        let totals = |version: i32, in_favour: i32| json!({ "projectId": id, "expectedVersion": version, "votedOn": "2022-03-12", "due": 140,
            "present": 120, "inFavour": in_favour, "against": 20, "abstained": 5, "reason": "录入笔误" });
        assert_eq!(refused(&app, &congress, "voteCorrect", totals(1, 90)).await, "WRONG_STAGE", "there is none yet");
        let mut wrong = totals(1, 40);
        wrong.as_object_mut().unwrap().retain(|field, _| field != "expectedVersion" && field != "reason");
        done(&app, &congress, "voteRecord", "project { id }", wrong).await;
        // A vote that was taken needs its meeting.
        let cancel = json!({ "meetingId": deputies, "expectedVersion": 2, "reason": "改期召开" });
        assert_eq!(refused(&app, &office, "meetingCancel", cancel).await, "WRONG_STAGE");
        let off = json!({ "meetingId": deputies, "expectedVersion": 2, "projectId": id, "reason": "材料不全" });
        assert_eq!(refused(&app, &office, "agendaItemRemove", off).await, "WRONG_STAGE");
        let said = json!({ "meetingId": deputies, "expectedVersion": 2, "minutesNumber": "人〔2022〕1号", "results": [result(&id, "REJECT")] });
        done(&app, &office, "meetingResultRecord", "meeting { id }", said).await;
        assert_eq!(project(&app, &office, &id).await["status"], "REJECTED", "40 for of 140");

        assert_eq!(refused(&app, &office, "meetingResultCorrect", correct(&deputies, 3, &[result(&id, "ADOPT")])).await, "WRONG_STAGE", "against the vote");
        assert_eq!(refused(&app, &one, "voteCorrect", totals(1, 90)).await, "NOT_ENTITLED");
        assert_eq!(refused(&app, &congress, "voteCorrect", totals(1, 100)).await, "INVALID", "more votes than deputies");
        assert_eq!(refused(&app, &congress, "voteCorrect", totals(2, 90)).await, "STALE_VERSION");
        assert_eq!(project(&app, &congress, &id).await["permissions"]["canCorrectVote"], true);
        done(&app, &congress, "voteCorrect", "project { id }", totals(1, 90)).await;
        let seen = project(&app, &one, &id).await;
        assert_eq!(seen["vote"], json!({ "inFavour": 90, "version": 2, "isPassed": true }));
        assert_eq!((stood(&seen, "inFavour"), stood(&seen, "due")), (&json!("40"), &json!("140")));
        let vote = seen["formerVersions"].as_array().unwrap().iter().find(|version| version["kind"] == "VOTE").unwrap();
        assert_eq!((&vote["version"], &vote["reason"]), (&json!(1), &json!("录入笔误")));
        done(&app, &office, "meetingResultCorrect", "meeting { id }", correct(&deputies, 3, &[result(&id, "ADOPT")])).await;
        assert_eq!(project(&app, &office, &id).await["status"], "ADOPTED", "as the party committee left it");

        let evaluation = |version: i32, satisfied: i32| json!({ "projectId": id, "evaluatedOn": "2022-03-14", "expectedVersion": version,
            "satisfied": satisfied, "acceptable": 20, "dissatisfied": 5, "reason": "录入笔误" });
        assert_eq!(refused(&app, &congress, "evaluationCorrect", evaluation(1, 80)).await, "WRONG_STAGE", "none of that day");
        let mut wrong = evaluation(1, 8);
        wrong.as_object_mut().unwrap().retain(|field, _| field != "expectedVersion" && field != "reason");
        done(&app, &congress, "evaluationRecord", "project { id }", wrong).await;
        assert_eq!(refused(&app, &one, "evaluationCorrect", evaluation(1, 80)).await, "NOT_ENTITLED");
        assert_eq!(refused(&app, &congress, "evaluationCorrect", evaluation(1, -1)).await, "INVALID");
        assert_eq!(refused(&app, &congress, "evaluationCorrect", evaluation(2, 80)).await, "STALE_VERSION");
        done(&app, &congress, "evaluationCorrect", "project { id }", evaluation(1, 80)).await;
        let seen = project(&app, &one, &id).await;
        assert_eq!(seen["evaluations"], json!([{ "satisfied": 80, "version": 2 }]));
        assert_eq!((stood(&seen, "satisfied"), stood(&seen, "evaluatedOn")), (&json!("8"), &json!("2022-03-14")));
        // What the congress evaluated stays adopted.
        assert_eq!(refused(&app, &congress, "voteCorrect", totals(1, 30)).await, "STALE_VERSION");
        done(&app, &congress, "voteCorrect", "project { id }", totals(2, 30)).await;
        assert_eq!(refused(&app, &office, "meetingResultCorrect", correct(&deputies, 4, &[result(&id, "REJECT")])).await, "WRONG_STAGE");
    }

    async fn what_is_put_off_is_explained_and_may_come_again_and_a_closed_campaign_stays_as_it_is(app: TestApp) {
        let app = app.with_both_counties().await;
        let [one, owner, office] = people(&app).await;
        let (a, b) = (entered(&app, &one, "a").await, entered(&app, &one, "b").await);
        let id = create(&app, &office, &owner, "lights", &[&a]).await["id"].clone();
        let other = create(&app, &office, &owner, "other", &[&b]).await["id"].clone();
        let meeting = plan(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-10").await;
        put(&app, &office, &meeting, 1, &id).await;
        put(&app, &office, &meeting, 2, &other).await;
        let mut to_next_year = result(&id, "DEFER");
        to_next_year["deferredTo"] = json!("2023年项目库");
        let mut nowhere = result(&other, "REJECT");
        nowhere["deferredTo"] = json!("2023年项目库");
        let said = |second: &Value| json!({ "meetingId": meeting, "expectedVersion": 3, "minutesNumber": "〔2022〕3号", "results": [to_next_year, second] });
        assert_eq!(refused(&app, &office, "meetingResultRecord", said(&nowhere)).await, "INVALID", "only what is put off goes elsewhere");
        done(&app, &office, "meetingResultRecord", "meeting { id }", said(&result(&other, "DEFER"))).await;
        assert_eq!(s25(&app, &office).await, json!(["MET", 2, 2]), "put off is an outcome");
        assert_eq!(project(&app, &one, &id).await["agendaItems"][0]["deferredTo"], "2023年项目库");

        // Not in this year's list: its collector explains, and the agenda lists it.
        assert_eq!(told(&app, &one, &a).await, json!(["OPEN", "EXPLANATION", true]));
        let agenda = app.data(&one, "{ viewer { agenda { items { kind action } } } }", json!({})).await;
        let items = agenda["viewer"]["agenda"]["items"].as_array().unwrap();
        assert_eq!(items.iter().filter(|item| item["action"] == "explanationRecord").count(), 2, "{items:?}");
        tell(&app, &one, "first", &a).await;
        assert_eq!(told(&app, &one, &a).await, json!(["DECLINED", "NOTHING", false]));
        // It comes again, and is adopted after all.
        decide(&app, &office, "GOVERNMENT_EXECUTIVE", "2022-03-11", &id, "ADOPT").await;
        assert_eq!(told(&app, &one, &a).await, json!(["DECLINED", "NOTHING", false]), "told so until it is adopted");
        decide(&app, &office, "PARTY_STANDING", "2022-03-12", &id, "ADOPT").await;
        assert_eq!(told(&app, &one, &a).await, json!(["IN_PROJECT", "NOTHING", false]));

        let planned = plan(&app, &office, "PARTY_STANDING", "2022-03-14").await;
        tell(&app, &one, "second", &b).await;
        done(&app, &office, "campaignClose", "campaign { id }", json!({ "campaignId": campaign(&app, &office).await })).await;
        let version = project(&app, &office, &other).await["version"].clone();
        let withdraw = json!({ "projectId": other, "expectedVersion": version, "reason": "不再需要" });
        assert_eq!(refused(&app, &office, "projectWithdraw", withdraw).await, "CAMPAIGN_CLOSED");
        let cancel = json!({ "meetingId": planned, "expectedVersion": 1, "reason": "不再召开" });
        assert_eq!(refused(&app, &office, "meetingCancel", cancel).await, "CAMPAIGN_CLOSED");
        let to = json!({ "meetingId": planned, "expectedVersion": 1, "heldOn": "2022-03-15", "reason": "改期召开" });
        assert_eq!(refused(&app, &office, "meetingMove", to).await, "CAMPAIGN_CLOSED");
        let again = correct(&meeting, 4, &[result(&id, "DEFER"), result(&other, "REJECT")]);
        assert_eq!(refused(&app, &office, "meetingResultCorrect", again).await, "CAMPAIGN_CLOSED");
        assert_eq!(project(&app, &office, &other).await["permissions"]["canWithdraw"], false);
    }

    async fn an_inspection_is_corrected_and_withdrawn_until_it_is_answered(app: TestApp) {
        let app = app.with_both_counties().await;
        let [town, other, _] = people(&app).await;
        let supervision = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Officer).await;
        let shown = format!("inspection {{ id version isWithdrawn inspectedOn findings {{ position text }} {FORMER} permissions {{ canCorrect canWithdraw }} }}");
        let record = async |key: &str| {
            let input = json!({ "idempotencyKey": format!("inspection-{key}"), "campaignId": campaign(&app, &supervision).await,
                "departmentId": department(&app, &town).await, "inspectedOn": "2022-03-13", "summary": "入户台账抽查",
                "findings": [{ "text": "三户无走访记录", "rectifyBy": "2022-03-20" }, { "text": "别镇的问题", "rectifyBy": "2022-03-20" }] });
            done(&app, &supervision, "inspectionRecord", &shown, input).await["inspection"].clone()
        };
        let made = record("first").await;
        assert_eq!(made["permissions"], json!({ "canCorrect": true, "canWithdraw": true }));
        let right = |version: i32, day: &str| json!({ "inspectionId": made["id"], "expectedVersion": version, "inspectedOn": day, "summary": "入户台账抽查",
            "findings": [{ "text": "两户无走访记录", "rectifyBy": "2022-03-20" }], "reason": "户数有误" });
        assert_eq!(refused(&app, &supervision, "inspectionCorrect", right(1, "2032-03-14")).await, "INVALID");
        assert_eq!(refused(&app, &supervision, "inspectionCorrect", right(2, "2022-03-14")).await, "STALE_VERSION");
        let corrected = done(&app, &supervision, "inspectionCorrect", &shown, right(1, "2022-03-14")).await["inspection"].clone();
        assert_eq!((&corrected["inspectedOn"], &corrected["findings"]), (&json!("2022-03-14"), &json!([{ "position": 1, "text": "两户无走访记录" }])));
        assert_eq!((stood(&corrected, "inspectedOn"), stood(&corrected, "findings.2.text")), (&json!("2022-03-13"), &json!("别镇的问题")));
        // The inspected department reads what stood too, and nobody else does.
        let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Inspection {{ {FORMER} permissions {{ canCorrect canWithdraw }} }} }} }}");
        let seen = app.data(&town, &query, json!({ "id": made["id"] })).await["node"].clone();
        assert_eq!((stood(&seen, "findings.1.text"), &seen["permissions"]["canCorrect"]), (&json!("三户无走访记录"), &json!(false)));
        assert_eq!(app.data(&other, &query, json!({ "id": made["id"] })).await["node"], Value::Null);

        let report = json!({ "idempotencyKey": "report-number-1", "inspectionId": made["id"], "position": 1, "text": "已补访补录", "doneOn": "2022-03-15" });
        done(&app, &town, "rectificationReport", "inspection { id }", report).await;
        assert_eq!(refused(&app, &supervision, "inspectionCorrect", right(2, "2022-03-14")).await, "WRONG_STAGE", "it is answered");
        let withdraw = |id: &Value, version: i32| json!({ "inspectionId": id, "expectedVersion": version, "reason": "登记到别的单位" });
        assert_eq!(refused(&app, &supervision, "inspectionWithdraw", withdraw(&made["id"], 2)).await, "WRONG_STAGE");

        let second = record("second").await;
        let inspected = async || clause(&app, &supervision, "S29").await["figure"]["numerator"].clone();
        assert_eq!(inspected().await, 2);
        assert_eq!(refused(&app, &supervision, "inspectionWithdraw", withdraw(&second["id"], 2)).await, "STALE_VERSION");
        let gone = done(&app, &supervision, "inspectionWithdraw", &shown, withdraw(&second["id"], 1)).await["inspection"].clone();
        assert_eq!((&gone["isWithdrawn"], &gone["findings"]), (&json!(true), &json!([])));
        assert_eq!(gone["permissions"], json!({ "canCorrect": false, "canWithdraw": false }));
        assert_eq!(inspected().await, 1, "it counts no more");
        assert_eq!(refused(&app, &supervision, "inspectionWithdraw", withdraw(&second["id"], 2)).await, "WRONG_STAGE");
    }

    async fn a_circular_that_was_not_issued_is_changed_and_given_up(app: TestApp) {
        let app = app.with_both_counties().await;
        let head = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Head).await;
        let officer = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Officer).await;
        let shown = format!("circular {{ id number version title status {FORMER} permissions {{ canEdit canDiscard }} }}");
        let draft = async |key: &str| {
            let input = json!({ "idempotencyKey": format!("circular-{key}"), "campaignId": campaign(&app, &head).await, "title": "第一期通报",
                "text": "情况如下。", "periodFrom": "2022-03-01", "periodTo": "2022-03-31", "rate": "CLASSIFIED" });
            done(&app, &head, "circularDraft", &shown, input).await["circular"].clone()
        };
        let made = draft("first").await;
        let edit = |version: i32, title: &str| json!({ "circularId": made["id"], "expectedVersion": version, "title": title, "text": "情况如下。", "reason": "标题有误" });
        assert_eq!(refused(&app, &officer, "circularEdit", edit(1, " ")).await, "INVALID");
        assert_eq!(refused(&app, &officer, "circularEdit", edit(2, "二月通报")).await, "STALE_VERSION");
        let changed = done(&app, &officer, "circularEdit", &shown, edit(1, "二月通报")).await["circular"].clone();
        assert_eq!((&changed["title"], stood(&changed, "title"), &changed["formerVersions"][0]["reason"]), (&json!("二月通报"), &json!("第一期通报"), &json!("标题有误")));
        // Whoever changed it counts as its drafter, so now its head may approve it.
        let step = |version: i32| json!({ "circularId": made["id"], "expectedVersion": version });
        done(&app, &head, "circularApprove", "circular { id }", step(2)).await;
        assert_eq!(refused(&app, &officer, "circularEdit", edit(3, "三月通报")).await, "WRONG_STAGE", "it stays as it was approved");
        let discard = |version: i32| json!({ "circularId": made["id"], "expectedVersion": version, "reason": "数据有误" });
        assert_eq!(refused(&app, &officer, "circularDiscard", discard(2)).await, "STALE_VERSION");
        let gone = done(&app, &officer, "circularDiscard", &shown, discard(3)).await["circular"].clone();
        assert_eq!((&gone["status"], stood(&gone, "status")), (&json!("DISCARDED"), &json!("APPROVED")));
        assert_eq!(gone["permissions"], json!({ "canEdit": false, "canDiscard": false }));
        assert_eq!(refused(&app, &officer, "circularIssue", step(4)).await, "WRONG_STAGE");
        assert_eq!(refused(&app, &officer, "circularDiscard", discard(4)).await, "WRONG_STAGE");
        // A number is given at issue, so that none is missing.
        let next = draft("second").await;
        assert_eq!((&gone["number"], &next["number"]), (&json!(0), &json!(0)));
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        assert_eq!(app.data(&town, "{ circulars { totalCount } }", json!({})).await["circulars"]["totalCount"], 0);
    }

    async fn a_piece_of_publicity_is_corrected_and_withdrawn(app: TestApp) {
        let app = app.with_both_counties().await;
        let station = app.persona(SHUANGLUAN, "TV_STATION", Position::Officer).await;
        let centre = app.persona(SHUANGLUAN, "INFORMATION_CENTRE", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let shown = format!("publicity {{ id version title isWithdrawn {FORMER} permissions {{ canCorrect canWithdraw }} }}");
        let input = json!({ "idempotencyKey": "piece-first", "campaignId": campaign(&app, &station).await, "publishedOn": "2022-03-10",
            "medium": "民生专栏", "title": "征集活动起动", "reference": "第 3 期" });
        let made = done(&app, &station, "publicityRecord", &shown, input).await["publicity"].clone();
        assert_eq!(made["permissions"], json!({ "canCorrect": true, "canWithdraw": true }));
        let right = |version: i32, day: &str| json!({ "publicityId": made["id"], "expectedVersion": version, "publishedOn": day, "medium": "民生专栏",
            "title": "征集活动启动", "reference": "", "reason": "错别字" });
        assert_eq!(refused(&app, &station, "publicityCorrect", right(1, "2032-03-10")).await, "INVALID");
        assert_eq!(refused(&app, &station, "publicityCorrect", right(2, "2022-03-10")).await, "STALE_VERSION");
        assert_eq!(refused(&app, &centre, "publicityCorrect", right(1, "2022-03-10")).await, "NOT_FOUND", "another's");
        let corrected = done(&app, &station, "publicityCorrect", &shown, right(1, "2022-03-09")).await["publicity"].clone();
        assert_eq!((&corrected["title"], stood(&corrected, "title"), stood(&corrected, "publishedOn")), (&json!("征集活动启动"), &json!("征集活动起动"), &json!("2022-03-10")));
        let counts = async || clause(&app, &office, "S18").await["figure"]["numerator"].clone();
        assert_eq!(counts().await, 1);
        let withdraw = |version: i32| json!({ "publicityId": made["id"], "expectedVersion": version, "reason": "并未播出" });
        assert_eq!(refused(&app, &centre, "publicityWithdraw", withdraw(2)).await, "NOT_FOUND");
        let gone = done(&app, &station, "publicityWithdraw", &shown, withdraw(2)).await["publicity"].clone();
        assert_eq!((&gone["isWithdrawn"], &gone["formerVersions"][1]["reason"]), (&json!(true), &json!("并未播出")));
        assert_eq!(gone["permissions"], json!({ "canCorrect": false, "canWithdraw": false }));
        assert_eq!(counts().await, 0, "it counts no more");
        assert_eq!(refused(&app, &station, "publicityWithdraw", withdraw(3)).await, "WRONG_STAGE");
        assert_eq!(refused(&app, &station, "publicityCorrect", right(3, "2022-03-10")).await, "WRONG_STAGE");
        // Nobody but its department and whoever sees the county reads what stood.
        let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Publicity {{ {FORMER} }} }} }}");
        assert_eq!(app.data(&centre, &query, json!({ "id": made["id"] })).await["node"], Value::Null);
        assert_eq!(app.data(&office, &query, json!({ "id": made["id"] })).await["node"]["formerVersions"].as_array().unwrap().len(), 2);
    }
}
