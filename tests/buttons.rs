//! `permissions` of what a campaign decides, inspects and owes is true exactly when the step succeeds: everybody looks at
//! the button and presses it, at every turn of the way from a suggestion to an adopted project.

use std::collections::BTreeMap;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::decision::{campaign, department, done, entered};
use crate::support::TestApp;
use crate::support::on_both_databases;
use crate::support::personas::{Persona, SHUANGLUAN};

/// Who looks and presses, in this order.
const EVERYBODY: [(&str, Position); 11] = [
    ("COMMITTEE_V0101", Position::Officer),
    ("AUDITOR", Position::Officer),
    ("ADMINISTRATOR", Position::Officer),
    ("LEADING_GROUP", Position::Head),
    ("LH_TOWN", Position::Officer),
    ("HOUSING", Position::Officer),
    ("NPC_OFFICE", Position::Officer),
    ("SUPERVISION_OFFICE", Position::Officer),
    ("SUPERVISION_OFFICE", Position::Head),
    ("STS_TOWN", Position::Officer),
    ("CAMPAIGN_OFFICE", Position::Officer),
];

/// Where a button stands.
struct Button<'a> {
    /// Type of the row.
    on: &'a str,
    /// What is selected of it, down to the permissions, with `BUTTON` in their place.
    path: &'a str,
    /// The permission.
    name: &'a str,
}

/// A button of the row itself.
fn button<'a>(on: &'a str, name: &'a str) -> Button<'a> {
    Button { on, path: "permissions { BUTTON }", name }
}

struct Desk {
    app: TestApp,
    everybody: Vec<Persona>,
    /// How often each button was true, and how often false.
    outcomes: BTreeMap<String, [usize; 2]>,
    presses: usize,
}

impl Desk {
    async fn open(app: TestApp) -> Self {
        let app = app.with_both_counties().await;
        let mut everybody = Vec::new();
        for (code, position) in EVERYBODY {
            everybody.push(app.persona(SHUANGLUAN, code, position).await);
        }
        Self { app, everybody, outcomes: BTreeMap::new(), presses: 0 }
    }

    fn who(&self, code: &str) -> &Persona {
        let mut all = self.everybody.iter();
        all.find(|who| who.department == code).unwrap()
    }

    /// The version of a row as the county's office sees it, or another that everybody who may act sees as well.
    async fn version(&self, id: &Value, on: &str) -> Value {
        let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on {on} {{ version }} }} }}");
        for who in self.everybody.iter().rev() {
            let seen = self.app.data(who, &query, json!({ "id": id })).await;
            if !seen["node"].is_null() {
                return seen["node"]["version"].clone();
            }
        }
        Value::Null
    }

    async fn looks(&self, who: &Persona, button: &Button<'_>, id: &Value) -> bool {
        let path = button.path.replace("BUTTON", button.name);
        let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on {} {{ {path} }} }} }}", button.on);
        let seen = self.app.data(who, &query, json!({ "id": id })).await;
        let node = &seen["node"];
        let holder = node["findings"].get(0).unwrap_or(node);
        holder["permissions"][button.name] == true
    }

    /// Everybody in turn: what the button says is what comes of pressing it.
    async fn press(&mut self, button: Button<'_>, id: &Value, field: &str, input: impl Fn(usize) -> Value) {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let mutation =
            format!("mutation ($input: {kind}!) {{ {field}(input: $input) {{ userErrors {{ code }} }} }}");
        for place in 0..self.everybody.len() {
            self.presses += 1;
            let mut input = input(self.presses);
            if input["expectedVersion"] == "of it" {
                input["expectedVersion"] = self.version(id, button.on).await;
            }
            let who = &self.everybody[place];
            let told = self.looks(who, &button, id).await;
            let (_, answer) = self.app.graphql(Some(&who.token), &mutation, json!({ "input": input })).await;
            let payload = &answer["data"][field];
            assert!(payload.is_null() || payload["userErrors"].is_array(), "{answer}");
            let success = payload["userErrors"] == json!([]);
            let name = format!("{}.{}", button.on, button.name);
            assert_eq!(told, success, "{name} of {}: {answer}", who.department);
            self.outcomes.entry(name).or_default()[usize::from(success)] += 1;
        }
    }

    async fn done(&self, who: &str, field: &str, selection: &str, input: Value) -> Value {
        done(&self.app, self.who(who), field, selection, input).await
    }

    async fn meeting(&self, kind: &str, on: &str) -> Value {
        let input = json!({ "idempotencyKey": format!("meeting-{kind}"), "campaignId": self.campaign().await, "kind": kind, "heldOn": on });
        let made = self.done("CAMPAIGN_OFFICE", "meetingPlan", "meeting { id }", input);
        made.await["meeting"]["id"].clone()
    }

    async fn campaign(&self) -> Value {
        campaign(&self.app, self.who("CAMPAIGN_OFFICE")).await
    }

    /// The agenda and the result of a meeting about one project, pressed at every turn.
    async fn hold(&mut self, meeting: &Value, project: &Value, vote: bool) {
        let put = |_| json!({ "meetingId": meeting, "expectedVersion": "of it", "projectId": project });
        let result = |_| {
            json!({ "meetingId": meeting, "expectedVersion": "of it", "minutesNumber": "〔2022〕3号",
            "results": [{ "projectId": project, "result": "ADOPT" }] })
        };
        let (puts, results) = ("canPutAgenda", "canRecordResult");
        self.press(button("Meeting", results), meeting, "meetingResultRecord", result).await;
        self.press(button("Meeting", puts), meeting, "agendaPut", put).await;
        if vote {
            self.press(button("Meeting", results), meeting, "meetingResultRecord", result).await;
            self.vote(project).await;
        }
        self.press(button("Meeting", results), meeting, "meetingResultRecord", result).await;
    }

    async fn vote(&mut self, project: &Value) {
        let vote = |_| json!({ "projectId": project, "votedOn": "2022-03-15", "due": 100, "present": 90, "inFavour": 60, "against": 20, "abstained": 5 });
        self.press(button("Project", "canRecordVote"), project, "voteRecord", vote).await;
    }

    async fn carry_out(&mut self, project: &Value) {
        let milestone = |n: usize| json!({ "projectId": project, "position": n % 100 + 1, "name": "开工", "dueOn": "2022-06-01" });
        self.press(button("Project", "canPutMilestones"), project, "milestonePut", milestone).await;
        self.line(project).await;
    }

    /// Begins and ends the work; nothing more is written about it then.
    async fn finish(&mut self, project: &Value) {
        for kind in ["START", "FINISH"] {
            let line = json!({ "idempotencyKey": format!("line-{kind}"), "projectId": project, "kind": kind, "text": "进场、竣工" });
            self.done("HOUSING", "progressRecord", "project { id }", line).await;
        }
        self.line(project).await;
    }

    async fn line(&mut self, project: &Value) {
        let line = |n: usize| json!({ "idempotencyKey": format!("line-number-{n}"), "projectId": project, "kind": "COORDINATION", "text": "赴市对接", "counterpart": "市级主管部门" });
        self.press(button("Project", "canRecordProgress"), project, "progressRecord", line).await;
    }

    /// Each button was seen lit and unlit.
    fn checked(&self, names: &[&str]) {
        for name in names {
            let [unlit, lit] = self.outcomes[*name];
            assert!(lit > 0 && unlit > 0, "{name}: {:?}", self.outcomes);
        }
        assert_eq!(self.outcomes.len(), names.len(), "{:?}", self.outcomes);
    }
}

on_both_databases! {
    async fn of_a_suggestion_that_is_merged_explained_and_told(app: TestApp) {
        let mut desk = Desk::open(app).await;
        let (town, other) = (desk.who("STS_TOWN"), desk.who("LH_TOWN"));
        let (kept, double) = (entered(&desk.app, town, "kept").await, entered(&desk.app, other, "double").await);
        let target = kept.clone();
        let merge = |n: usize| json!({ "idempotencyKey": format!("merge-number-{n}"), "targetId": target, "expectedVersion": 1, "duplicateIds": [double], "reason": "内容相同" });
        desk.press(button("Submission", "canMerge"), &double, "submissionMerge", merge).await;
        let unmerge = |_| json!({ "submissionId": double, "expectedVersion": "of it" });
        desk.press(button("Submission", "canUnmerge"), &double, "submissionUnmerge", unmerge).await;

        let owner = department(&desk.app, desk.who("HOUSING")).await;
        let input = json!({ "idempotencyKey": "project-lights", "campaignId": desk.campaign().await, "title": "路灯改造", "content": "三百盏", "departmentId": owner });
        let project = desk.done("CAMPAIGN_OFFICE", "projectCreate", "project { id }", input).await["project"]["id"].clone();
        let campaign = desk.campaign().await;
        let explain = |n: usize| json!({ "idempotencyKey": format!("explain-number-{n}"), "campaignId": campaign, "text": "今年财力所限，列入明年计划。", "channel": "REPLY", "submissionIds": [kept] });
        let sources = async |desk: &Desk, list: &str| {
            let version = desk.version(&project, "Project").await;
            let input = json!({ "projectId": project, "expectedVersion": version, list: [kept] });
            desk.done("CAMPAIGN_OFFICE", "projectSourcesPut", "project { id }", input).await;
        };
        sources(&desk, "addSubmissionIds").await;
        desk.press(button("Submission", "canExplain"), &kept, "explanationRecord", explain).await;
        sources(&desk, "removeSubmissionIds").await;
        desk.press(button("Submission", "canExplain"), &kept, "explanationRecord", explain).await;

        let found = desk.app.data(desk.who("STS_TOWN"), "{ explanations { nodes { id } } }", json!({})).await;
        let explanation = found["explanations"]["nodes"][0]["id"].clone();
        let deliver = |_| json!({ "explanationId": explanation, "expectedVersion": "of it", "deliveredOn": "2022-03-15", "proof": "当面告知" });
        let edit = |_| json!({ "explanationId": explanation, "expectedVersion": "of it", "text": "今年财力所限。", "channel": "REPLY", "submissionIds": [kept], "reason": "改得更清楚" });
        let withdraw = |_| json!({ "explanationId": explanation, "expectedVersion": "of it", "reason": "写错了" });
        desk.press(button("Explanation", "canEdit"), &explanation, "explanationEdit", edit).await;
        // Merged into another one that has no outcome, it can't be told no.
        let version = desk.version(&double, "Submission").await;
        let merged = json!({ "idempotencyKey": "merge-kept", "targetId": double, "expectedVersion": version, "duplicateIds": [kept], "reason": "内容相同" });
        desk.done("CAMPAIGN_OFFICE", "submissionMerge", "submission { id }", merged).await;
        desk.press(button("Explanation", "canDeliver"), &explanation, "explanationDeliver", deliver).await;
        desk.press(button("Submission", "canUnmerge"), &kept, "submissionUnmerge", |_| json!({ "submissionId": kept, "expectedVersion": "of it" })).await;
        desk.press(button("Explanation", "canDeliver"), &explanation, "explanationDeliver", deliver).await;
        desk.press(button("Explanation", "canEdit"), &explanation, "explanationEdit", edit).await;
        desk.press(button("Explanation", "canWithdraw"), &explanation, "explanationWithdraw", withdraw).await;

        let second = json!({ "idempotencyKey": "explain-double", "campaignId": campaign, "text": "今年财力所限。", "channel": "REPLY", "submissionIds": [double] });
        let explanation = desk.done("LH_TOWN", "explanationRecord", "explanation { id }", second).await["explanation"]["id"].clone();
        let withdraw = |_| json!({ "explanationId": explanation, "expectedVersion": "of it", "reason": "写错了" });
        desk.press(button("Explanation", "canWithdraw"), &explanation, "explanationWithdraw", withdraw).await;
        desk.checked(&["Submission.canMerge", "Submission.canUnmerge", "Submission.canExplain", "Explanation.canDeliver",
            "Explanation.canEdit", "Explanation.canWithdraw"]);
    }

    async fn of_a_project_and_its_meetings(app: TestApp) {
        let mut desk = Desk::open(app).await;
        let town = desk.who("STS_TOWN");
        let (first, second) = (entered(&desk.app, town, "first").await, entered(&desk.app, town, "second").await);
        let owner = department(&desk.app, desk.who("HOUSING")).await;
        let input = json!({ "idempotencyKey": "project-lights", "campaignId": desk.campaign().await, "title": "路灯改造", "content": "三百盏",
            "departmentId": owner, "submissionIds": [first] });
        let project = desk.done("CAMPAIGN_OFFICE", "projectCreate", "project { id }", input).await["project"]["id"].clone();
        let edit = |_| json!({ "projectId": project, "expectedVersion": "of it", "title": "农村路灯改造", "content": "五百盏", "departmentId": owner });
        let sources = |_| json!({ "projectId": project, "expectedVersion": "of it", "addSubmissionIds": [second] });
        let evaluate = |n: usize| json!({ "projectId": project, "evaluatedOn": format!("2022-02-{:02}", n % 28 + 1), "satisfied": 60, "acceptable": 20, "dissatisfied": 5 });
        for (kind, day) in [("GOVERNMENT_EXECUTIVE", "2022-03-10"), ("PARTY_STANDING", "2022-03-12"), ("CONGRESS_VOTE", "2022-03-14")] {
            desk.press(button("Project", "canEdit"), &project, "projectEdit", edit).await;
            desk.press(button("Project", "canPutSources"), &project, "projectSourcesPut", sources).await;
            desk.carry_out(&project).await;
            desk.vote(&project).await;
            desk.press(button("Project", "canRecordEvaluation"), &project, "evaluationRecord", evaluate).await;
            let meeting = desk.meeting(kind, day).await;
            desk.hold(&meeting, &project, kind == "CONGRESS_VOTE").await;
        }
        desk.press(button("Project", "canEdit"), &project, "projectEdit", edit).await;
        desk.finish(&project).await;
        desk.checked(&["Meeting.canPutAgenda", "Meeting.canRecordResult", "Project.canEdit", "Project.canPutMilestones", "Project.canPutSources",
            "Project.canRecordEvaluation", "Project.canRecordProgress", "Project.canRecordVote"]);
    }

    async fn of_what_is_moved_corrected_and_taken_back(app: TestApp) {
        let mut desk = Desk::open(app).await;
        let (campaign, owner) = (desk.campaign().await, department(&desk.app, desk.who("HOUSING")).await);
        let make = async |desk: &Desk, key: &str| {
            let input = json!({ "idempotencyKey": format!("project-{key}"), "campaignId": campaign, "title": "路灯改造", "content": "三百盏", "departmentId": owner });
            desk.done("CAMPAIGN_OFFICE", "projectCreate", "project { id }", input).await["project"]["id"].clone()
        };
        let put = async |desk: &Desk, meeting: &Value, project: &Value| {
            let input = json!({ "meetingId": meeting, "expectedVersion": desk.version(meeting, "Meeting").await, "projectId": project });
            desk.done("CAMPAIGN_OFFICE", "agendaPut", "meeting { id }", input).await;
        };
        let (draft, kept) = (make(&desk, "draft").await, make(&desk, "kept").await);
        let executive = desk.meeting("GOVERNMENT_EXECUTIVE", "2022-03-10").await;
        let remove = |_| json!({ "meetingId": executive, "expectedVersion": "of it", "projectId": draft, "reason": "材料不全" });
        let withdraw = |_| json!({ "projectId": draft, "expectedVersion": "of it", "reason": "不再需要" });
        let correct = |_| json!({ "meetingId": executive, "expectedVersion": "of it", "minutesNumber": "〔2022〕4号",
            "results": [{ "projectId": kept, "result": "ADOPT" }], "reason": "文号有误" });
        let to = |_| json!({ "meetingId": executive, "expectedVersion": "of it", "heldOn": "2022-03-11", "reason": "改期召开" });
        desk.press(button("Meeting", "canRemoveAgendaItem"), &executive, "agendaItemRemove", remove).await;
        put(&desk, &executive, &draft).await;
        desk.press(button("Project", "canWithdraw"), &draft, "projectWithdraw", withdraw).await;
        desk.press(button("Meeting", "canRemoveAgendaItem"), &executive, "agendaItemRemove", remove).await;
        for _ in 0..2 {
            desk.press(button("Project", "canWithdraw"), &draft, "projectWithdraw", withdraw).await;
        }
        desk.press(button("Meeting", "canMove"), &executive, "meetingMove", to).await;
        desk.press(button("Meeting", "canCorrectResult"), &executive, "meetingResultCorrect", correct).await;
        desk.hold(&executive, &kept, false).await;
        desk.press(button("Meeting", "canMove"), &executive, "meetingMove", to).await;
        desk.press(button("Meeting", "canCorrectResult"), &executive, "meetingResultCorrect", correct).await;
        let party = desk.meeting("PARTY_STANDING", "2022-03-12").await;
        desk.hold(&party, &kept, false).await;

        let deputies = desk.meeting("CONGRESS_VOTE", "2022-03-14").await;
        put(&desk, &deputies, &kept).await;
        let right = |_| json!({ "projectId": kept, "expectedVersion": 1, "votedOn": "2022-03-15", "due": 100, "present": 90, "inFavour": 70, "against": 10,
            "abstained": 5, "reason": "录入笔误" });
        desk.press(button("Project", "canCorrectVote"), &kept, "voteCorrect", right).await;
        desk.vote(&kept).await;
        let off = |_| json!({ "meetingId": deputies, "expectedVersion": "of it", "projectId": kept, "reason": "材料不全" });
        let cancel = |_| json!({ "meetingId": deputies, "expectedVersion": "of it", "reason": "不再召开" });
        desk.press(button("Meeting", "canRemoveAgendaItem"), &deputies, "agendaItemRemove", off).await;
        desk.press(button("Meeting", "canCancel"), &deputies, "meetingCancel", cancel).await;
        desk.press(button("Project", "canCorrectVote"), &kept, "voteCorrect", right).await;
        let input = json!({ "idempotencyKey": "meeting-idle", "campaignId": campaign, "kind": "PARTY_STANDING", "heldOn": "2022-03-15" });
        let idle = desk.done("CAMPAIGN_OFFICE", "meetingPlan", "meeting { id }", input).await["meeting"]["id"].clone();
        let cancel = |_| json!({ "meetingId": idle, "expectedVersion": "of it", "reason": "不再召开" });
        for _ in 0..2 {
            desk.press(button("Meeting", "canCancel"), &idle, "meetingCancel", cancel).await;
        }
        let evaluation = |_| json!({ "projectId": kept, "evaluatedOn": "2022-03-15", "expectedVersion": 1, "satisfied": 70, "acceptable": 10, "dissatisfied": 5, "reason": "录入笔误" });
        desk.press(button("Project", "canCorrectEvaluation"), &kept, "evaluationCorrect", evaluation).await;
        let input = json!({ "projectId": kept, "evaluatedOn": "2022-03-15", "satisfied": 7, "acceptable": 10, "dissatisfied": 5 });
        desk.done("NPC_OFFICE", "evaluationRecord", "project { id }", input).await;
        desk.press(button("Project", "canCorrectEvaluation"), &kept, "evaluationCorrect", evaluation).await;

        let input = json!({ "idempotencyKey": "circular-1", "campaignId": campaign, "title": "第一期通报", "text": "情况如下。", "periodFrom": "2022-03-01",
            "periodTo": "2022-03-31", "rate": "CLASSIFIED" });
        let circular = desk.done("SUPERVISION_OFFICE", "circularDraft", "circular { id }", input).await["circular"]["id"].clone();
        let edit = |_| json!({ "circularId": circular, "expectedVersion": "of it", "title": "二月通报", "text": "情况如下。", "reason": "标题有误" });
        let discard = |_| json!({ "circularId": circular, "expectedVersion": "of it", "reason": "数据有误" });
        desk.press(button("Circular", "canEdit"), &circular, "circularEdit", edit).await;
        desk.press(button("Circular", "canDiscard"), &circular, "circularDiscard", discard).await;
        desk.press(button("Circular", "canEdit"), &circular, "circularEdit", edit).await;

        let inspected = department(&desk.app, desk.who("STS_TOWN")).await;
        let input = json!({ "idempotencyKey": "inspection-1", "campaignId": campaign, "departmentId": inspected, "inspectedOn": "2022-03-14",
            "summary": "入户台账抽查", "findings": [{ "text": "三户无走访记录", "rectifyBy": "2022-03-15" }] });
        let inspection = desk.done("SUPERVISION_OFFICE", "inspectionRecord", "inspection { id }", input).await["inspection"]["id"].clone();
        let right = |_| json!({ "inspectionId": inspection, "expectedVersion": "of it", "inspectedOn": "2022-03-14", "summary": "台账抽查", "findings": [], "reason": "写错了" });
        let withdraw = |_| json!({ "inspectionId": inspection, "expectedVersion": "of it", "reason": "登记到别的单位" });
        desk.press(button("Inspection", "canCorrect"), &inspection, "inspectionCorrect", right).await;
        desk.press(button("Inspection", "canWithdraw"), &inspection, "inspectionWithdraw", withdraw).await;
        desk.press(button("Inspection", "canCorrect"), &inspection, "inspectionCorrect", right).await;
        desk.checked(&["Circular.canDiscard", "Circular.canEdit", "Inspection.canCorrect", "Inspection.canWithdraw", "Meeting.canCancel", "Meeting.canCorrectResult", "Meeting.canMove",
            "Meeting.canPutAgenda", "Meeting.canRecordResult", "Meeting.canRemoveAgendaItem", "Project.canCorrectEvaluation", "Project.canCorrectVote",
            "Project.canRecordVote", "Project.canWithdraw"]);
    }

    async fn of_findings_circulars_plans_and_tasks(app: TestApp) {
        let mut desk = Desk::open(app).await;
        let (campaign, inspected) = (desk.campaign().await, department(&desk.app, desk.who("STS_TOWN")).await);
        let input = json!({ "idempotencyKey": "inspection-1", "campaignId": campaign, "departmentId": inspected, "inspectedOn": "2022-03-14",
            "summary": "入户台账抽查", "findings": [{ "text": "三户无走访记录", "rectifyBy": "2022-03-15" }] });
        let inspection = desk.done("SUPERVISION_OFFICE", "inspectionRecord", "inspection { id }", input).await["inspection"]["id"].clone();
        let report = |n: usize| json!({ "idempotencyKey": format!("report-number-{n}"), "inspectionId": inspection, "position": 1, "text": "已补访", "doneOn": "2022-03-15" });
        let finding = |name| Button { on: "Inspection", path: "findings { permissions { BUTTON } }", name };
        for (round, result) in ["FAILED", "PASSED", "PASSED"].into_iter().enumerate() {
            let version = round + 1;
            let recheck = |_| json!({ "inspectionId": inspection, "position": 1, "expectedVersion": version, "result": result, "recheckedOn": "2022-03-15" });
            if round == 0 {
                desk.press(finding("canRecheck"), &inspection, "findingRecheck", recheck).await;
            }
            desk.press(finding("canReport"), &inspection, "rectificationReport", report).await;
            desk.press(finding("canRecheck"), &inspection, "findingRecheck", recheck).await;
        }

        let input = json!({ "idempotencyKey": "circular-1", "campaignId": campaign, "title": "第一期通报", "text": "情况如下。", "periodFrom": "2022-03-01",
            "periodTo": "2022-03-31", "rate": "CLASSIFIED" });
        let circular = desk.done("SUPERVISION_OFFICE", "circularDraft", "circular { id }", input).await["circular"]["id"].clone();
        let step = |_| json!({ "circularId": circular, "expectedVersion": "of it" });
        let acknowledge = |_| json!({ "circularId": circular });
        for _ in 0..2 {
            desk.press(button("Circular", "canAcknowledge"), &circular, "circularAcknowledge", acknowledge).await;
            desk.press(button("Circular", "canIssue"), &circular, "circularIssue", step).await;
            desk.press(button("Circular", "canApprove"), &circular, "circularApprove", step).await;
        }
        desk.press(button("Circular", "canAcknowledge"), &circular, "circularAcknowledge", acknowledge).await;

        let plan = async |desk: &Desk, key: &str| {
            let input = json!({ "idempotencyKey": key, "campaignId": campaign, "title": "实施方案", "content": "目标、分工、时限。" });
            desk.done("STS_TOWN", "unitPlanSubmit", "unitPlan { id }", input).await["unitPlan"]["id"].clone()
        };
        let first = plan(&desk, "plan-number-1").await;
        let back = |_| json!({ "unitPlanId": first, "expectedVersion": "of it", "reason": "请明确责任人" });
        desk.press(button("UnitPlan", "canReturn"), &first, "unitPlanReturn", back).await;
        let second = plan(&desk, "plan-number-2").await;
        let accept = |_| json!({ "unitPlanId": second, "expectedVersion": "of it" });
        desk.press(button("UnitPlan", "canAccept"), &second, "unitPlanAccept", accept).await;
        let input = json!({ "idempotencyKey": "task-number-1", "campaignId": campaign, "text": "召开村民座谈会", "owner": "副书记乙", "dueOn": "2022-04-20" });
        let task = desk.done("STS_TOWN", "taskCreate", "task { id }", input).await["task"]["id"].clone();
        let progress = |_| json!({ "taskId": task, "expectedVersion": "of it", "progress": 60, "state": "UNDERWAY" });
        desk.press(button("Task", "canProgress"), &task, "taskProgress", progress).await;
        desk.checked(&["Circular.canAcknowledge", "Circular.canApprove", "Circular.canIssue", "Inspection.canRecheck", "Inspection.canReport",
            "Task.canProgress", "UnitPlan.canAccept", "UnitPlan.canReturn"]);
    }

    async fn of_a_campaign_its_persons_and_its_reports(app: TestApp) {
        let mut desk = Desk::open(app).await;
        let campaign = desk.campaign().await;
        let acknowledge = |n: usize| json!({ "idempotencyKey": format!("received-{n}"), "campaignId": campaign });
        for _ in 0..2 {
            desk.press(button("Campaign", "canAcknowledge"), &campaign, "campaignAcknowledge", acknowledge).await;
        }
        let suggestion = entered(&desk.app, desk.who("STS_TOWN"), "last").await;
        let close = |_| json!({ "campaignId": campaign });
        desk.press(button("Campaign", "canClose"), &campaign, "campaignClose", close).await;

        let congress = desk.who("NPC_OFFICE");
        let streams = desk.app.data(congress, "{ streams { id code constituencies } }", json!({})).await;
        let stream = streams["streams"].as_array().unwrap().iter().find(|row| row["code"] == "NPC").unwrap();
        let row = json!({ "reference": "D-0001", "name": "代表甲", "constituency": stream["constituencies"][0] });
        desk.done("NPC_OFFICE", "constituentRegister", "added", json!({ "streamId": stream["id"], "rows": [row] })).await;
        let people = desk.app.data(desk.who("NPC_OFFICE"), "{ constituents { nodes { id } } }", json!({})).await;
        let person = people["constituents"]["nodes"][0]["id"].clone();
        let reach = |_| json!({ "constituentIds": [person], "reachedOn": "2022-03-15" });
        desk.press(button("Constituent", "canReach"), &person, "constituentReach", reach).await;

        let withdraw = json!({ "submissionId": suggestion, "expectedVersion": 1, "reason": "本人要求" });
        desk.done("STS_TOWN", "submissionWithdraw", "submission { id }", withdraw).await;
        for _ in 0..2 {
            desk.press(button("Campaign", "canClose"), &campaign, "campaignClose", close).await;
        }

        let submit = |n: usize| json!({ "idempotencyKey": format!("report-number-{n}"), "campaignId": campaign, "periodEnd": "2019-10-25", "narrative": "入户走访。" });
        let report = desk.done("STS_TOWN", "weeklyReportSubmit", "weeklyReport { id }", submit(0)).await["weeklyReport"]["id"].clone();
        // Whoever else owes a report of that week would hand in its own.
        desk.everybody.retain(|who| !["LH_TOWN", "HOUSING", "NPC_OFFICE"].contains(&who.department.as_str()));
        desk.press(button("WeeklyReport", "canCorrect"), &report, "weeklyReportSubmit", submit).await;
        desk.checked(&["Campaign.canAcknowledge", "Campaign.canClose", "Constituent.canReach", "WeeklyReport.canCorrect"]);
    }
}
