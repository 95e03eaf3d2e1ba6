//! Everybody presses the same button at once: each step succeeds as often as its rule says, and nobody meets a fault.

use std::collections::BTreeMap;

use entity::enums::Position;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::decision::{campaign, department, entered};
use crate::reporting::Desk;
use crate::support::TestApp;
use crate::support::on_both_databases;
use crate::support::personas::{Persona, SHUANGLUAN};

/// Requests at once.
const AT_ONCE: usize = 6;

struct Crowd {
    app: TestApp,
    campaign: Value,
}

impl Crowd {
    /// Sends the same step under different keys at once; gives the outcomes, and what the accepted ones show.
    async fn push(
        &self,
        who: &Persona,
        field: &str,
        shown: &str,
        input: &Value,
    ) -> (BTreeMap<String, usize>, Vec<Value>) {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!(
            "mutation ($input: {kind}!) {{ {field}(input: $input) {{ {shown} userErrors {{ code }} }} }}"
        );
        let send = |n: usize| {
            let mut input = input.clone();
            if input["idempotencyKey"].is_string() {
                input["idempotencyKey"] = json!(format!("{field}-number-{n}"));
            }
            let query = &query;
            async move { self.app.graphql(Some(&who.token), query, json!({ "input": input })).await.1 }
        };
        let answers = join_all((0..AT_ONCE).map(send)).await;
        let (mut outcomes, mut accepted) = (BTreeMap::new(), Vec::new());
        for answer in &answers {
            let payload = &answer["data"][field];
            let code = payload["userErrors"][0]["code"].as_str();
            let code = code.or_else(|| answer["errors"][0]["extensions"]["code"].as_str()).unwrap_or("OK");
            *outcomes.entry(code.to_owned()).or_insert(0) += 1;
            if code == "OK" {
                accepted.push(payload.clone());
            }
        }
        assert!(!outcomes.contains_key("INTERNAL"), "{field}: {answers:?}");
        (outcomes, accepted)
    }

    /// One of them is taken, and what it shows is given back.
    async fn once(&self, who: &Persona, field: &str, shown: &str, input: Value) -> Value {
        let (outcomes, mut accepted) = self.push(who, field, shown, &input).await;
        assert_eq!(outcomes.get("OK"), Some(&1), "{field}: {outcomes:?}");
        accepted.remove(0)
    }

    /// Each is taken.
    async fn each(&self, who: &Persona, field: &str, shown: &str, input: Value) -> Vec<Value> {
        let (outcomes, accepted) = self.push(who, field, shown, &input).await;
        assert_eq!(outcomes.get("OK"), Some(&AT_ONCE), "{field}: {outcomes:?}");
        accepted
    }

    fn of_campaign(&self, input: Value) -> Value {
        let mut input = input;
        input["campaignId"] = self.campaign.clone();
        input["idempotencyKey"] = json!("each its own");
        input
    }
}

fn distinct(shown: &[Value], path: [&str; 2]) -> usize {
    let mut found: Vec<String> = shown.iter().map(|one| one[path[0]][path[1]].to_string()).collect();
    found.sort();
    found.dedup();
    found.len()
}

on_both_databases! {
    async fn what_is_decided_is_decided_once(app: TestApp) {
        let app = app.with_both_counties().await;
        let who = async |code, position| app.persona(SHUANGLUAN, code, position).await;
        let (office, town) = (who("CAMPAIGN_OFFICE", Position::Officer).await, who("STS_TOWN", Position::Officer).await);
        let (owner, other) = (department(&app, &who("HOUSING", Position::Officer).await).await, who("LH_TOWN", Position::Officer).await);
        let (kept, double, told) = (entered(&app, &town, "kept").await, entered(&app, &other, "double").await, entered(&app, &town, "told").await);
        let crowd = Crowd { campaign: campaign(&app, &office).await, app };

        let merge = json!({ "idempotencyKey": "", "targetId": kept, "expectedVersion": 1, "duplicateIds": [double], "reason": "内容相同" });
        crowd.once(&office, "submissionMerge", "submission { id }", merge).await;
        let version = json!({ "submissionId": double, "expectedVersion": 2 });
        crowd.once(&office, "submissionUnmerge", "submission { id }", version).await;

        let new = json!({ "title": "路灯改造", "content": "三百盏", "departmentId": owner, "submissionIds": [kept] });
        let projects = crowd.each(&office, "projectCreate", "project { id number version }", crowd.of_campaign(new)).await;
        assert_eq!(distinct(&projects, ["project", "number"]), AT_ONCE);
        let project = &projects[0]["project"];
        let sources = json!({ "projectId": project["id"], "expectedVersion": project["version"], "addSubmissionIds": [double] });
        crowd.once(&office, "projectSourcesPut", "project { id }", sources).await;
        let plan = crowd.of_campaign(json!({ "kind": "GOVERNMENT_EXECUTIVE", "heldOn": "2022-03-10" }));
        let meetings = crowd.each(&office, "meetingPlan", "meeting { id version }", plan).await;
        let meeting = &meetings[0]["meeting"];
        let agenda = json!({ "meetingId": meeting["id"], "expectedVersion": meeting["version"], "projectId": project["id"] });
        let agenda = crowd.once(&office, "agendaPut", "meeting { version }", agenda).await;
        let result = json!({ "meetingId": meeting["id"], "expectedVersion": agenda["meeting"]["version"], "minutesNumber": "〔2022〕3号",
            "results": [{ "projectId": project["id"], "result": "ADOPT" }] });
        crowd.once(&office, "meetingResultRecord", "meeting { id }", result).await;

        let explain = crowd.of_campaign(json!({ "text": "今年财力所限。", "channel": "REPLY", "submissionIds": [told] }));
        let explanation = crowd.once(&town, "explanationRecord", "explanation { id version }", explain).await["explanation"].clone();
        let deliver = json!({ "explanationId": explanation["id"], "expectedVersion": explanation["version"], "deliveredOn": "2022-03-15", "proof": "当面告知" });
        crowd.once(&town, "explanationDeliver", "explanation { id }", deliver).await;
    }

    async fn of_one_line_one_project_is_made(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive("STS_TOWN", 4, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let signed = desk.signed().await;
        let office = desk.office().await;
        desk.step("summaryTableAccept", &signed, &office).await;
        let owner = department(&app, &app.persona(SHUANGLUAN, "HOUSING", Position::Officer).await).await;
        let new = json!({ "idempotencyKey": "each its own", "departmentId": owner, "summaryLineId": signed["lines"][0]["id"] });
        let crowd = Crowd { campaign: campaign(&app, &office).await, app };
        crowd.once(&office, "projectFromLine", "project { id }", new).await;
    }

    async fn what_is_handed_in_has_a_number_of_its_own(app: TestApp) {
        let app = app.with_both_counties().await;
        let who = async |code, position| app.persona(SHUANGLUAN, code, position).await;
        let (town, supervision) = (who("STS_TOWN", Position::Officer).await, who("SUPERVISION_OFFICE", Position::Officer).await);
        let (head, congress) = (who("SUPERVISION_OFFICE", Position::Head).await, who("NPC_OFFICE", Position::Officer).await);
        let inspected = department(&app, &town).await;
        entered(&app, &town, "one").await;
        let crowd = Crowd { campaign: campaign(&app, &town).await, app };

        crowd.once(&town, "campaignAcknowledge", "acknowledgement { id }", crowd.of_campaign(json!({}))).await;
        let roster = crowd.of_campaign(json!({ "lines": [{ "position": "HEAD", "name": "负责同志", "title": "书记", "duty": "第一责任人" }] }));
        let rosters = crowd.each(&town, "rosterSubmit", "roster { id version }", roster).await;
        assert_eq!(distinct(&rosters, ["roster", "version"]), AT_ONCE);
        let plan = crowd.of_campaign(json!({ "title": "实施方案", "content": "目标、分工、时限。" }));
        let (outcomes, _) = crowd.push(&town, "unitPlanSubmit", "unitPlan { id }", &plan).await;
        let waited = BTreeMap::from([("OK".to_owned(), 1), ("WRONG_STAGE".to_owned(), AT_ONCE - 1)]);
        assert_eq!(outcomes, waited, "the others see the first one's plan");
        let task = crowd.of_campaign(json!({ "text": "召开座谈会", "owner": "副书记乙", "dueOn": "2022-04-20" }));
        crowd.each(&town, "taskCreate", "task { id }", task).await;
        let report = crowd.of_campaign(json!({ "periodEnd": "2019-10-25", "narrative": "入户走访。" }));
        let (outcomes, reports) = crowd.push(&town, "weeklyReportSubmit", "weeklyReport { id edition }", &report).await;
        assert!(!reports.is_empty() && distinct(&reports, ["weeklyReport", "edition"]) == reports.len(), "{outcomes:?}");
        crowd.once(&town, "summaryTableDraft", "summaryTable { id }", crowd.of_campaign(json!({ "kind": "MAIN" }))).await;

        let query = "{ campaigns { villages(first: 1) { nodes { id } } } }";
        let village = crowd.app.data(&town, query, json!({})).await["campaigns"][0]["villages"]["nodes"][0]["id"].clone();
        let symposium = json!({ "campaignId": crowd.campaign, "clientRef": "symposium-1", "villageId": village, "heldOn": "2019-10-18", "place": "村委会",
            "attendance": 12, "households": [1, 2] });
        let meetings = crowd.each(&town, "symposiumRecord", "symposium { id }", symposium).await;
        assert_eq!(distinct(&meetings, ["symposium", "id"]), 1, "what is sent twice is there once");

        let streams = crowd.app.data(&congress, "{ streams { id code constituencies } }", json!({})).await;
        let stream = streams["streams"].as_array().unwrap().iter().find(|row| row["code"] == "NPC").unwrap().clone();
        let row = json!({ "reference": "D-0001", "name": "代表甲", "constituency": stream["constituencies"][0] });
        let put = crowd.each(&congress, "constituentRegister", "added", json!({ "streamId": stream["id"], "rows": [row] })).await;
        assert_eq!(put.iter().map(|one| one["added"].as_i64().unwrap()).sum::<i64>(), 1);

        let inspection = crowd.of_campaign(json!({ "departmentId": inspected, "inspectedOn": "2022-03-14", "summary": "入户台账抽查",
            "findings": [{ "text": "无走访记录", "rectifyBy": "2022-03-15" }] }));
        let inspections = crowd.each(&supervision, "inspectionRecord", "inspection { id }", inspection).await;
        let report = json!({ "idempotencyKey": "", "inspectionId": inspections[0]["inspection"]["id"], "position": 1, "text": "已补访", "doneOn": "2022-03-15" });
        crowd.each(&town, "rectificationReport", "inspection { id }", report).await;
        let recheck = json!({ "inspectionId": inspections[0]["inspection"]["id"], "position": 1, "expectedVersion": 1, "result": "PASSED", "recheckedOn": "2022-03-15" });
        crowd.push(&supervision, "findingRecheck", "inspection { id }", &recheck).await;
        let circular = crowd.of_campaign(json!({ "title": "第一期通报", "text": "情况如下。", "periodFrom": "2022-03-01", "periodTo": "2022-03-31", "rate": "CLASSIFIED" }));
        let circulars = crowd.each(&head, "circularDraft", "circular { id version }", circular).await;
        assert_eq!(distinct(&circulars, ["circular", "id"]), AT_ONCE);
        let mut step = json!({ "circularId": circulars[0]["circular"]["id"], "expectedVersion": circulars[0]["circular"]["version"] });
        let office = crowd.app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let approved = crowd.once(&office, "circularApprove", "circular { version }", step.clone()).await;
        step["expectedVersion"] = approved["circular"]["version"].clone();
        crowd.once(&head, "circularIssue", "circular { id }", step.clone()).await;
        crowd.push(&town, "circularAcknowledge", "circular { id }", &json!({ "circularId": step["circularId"] })).await;
    }
}
