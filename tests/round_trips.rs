//! What the pages of a campaign's papers and decisions cost: so many round trips, however many rows there are.

use std::collections::BTreeMap;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::decision::{campaign, department, done, entered};
use crate::queries::trips;
use crate::support::TestApp;
use crate::support::on_both_databases;
use crate::support::personas::{Persona, SHUANGLUAN};

/// Name, query, and most round trips beside those that sign the caller in and open the snapshot.
const PAGES: [(&str, &str, u64); 12] = [
    (
        "buttons",
        "{ submissions { nodes { id permissions { canEdit canClassify canMerge canUnmerge canExplain canRevealIdentity } } } }",
        4,
    ),
    (
        "projects",
        "{ projects { nodes { id title department { name } isDelayed milestones { name }
        permissions { canEdit canPutSources canRecordProgress canRecordVote } } } }",
        6,
    ),
    (
        "meetings",
        "{ meetings { nodes { id agenda { result project { title } } permissions { canPutAgenda canRecordResult } } } }",
        4,
    ),
    ("explanations", "{ explanations { totalCount nodes { id text department { name } } } }", 3),
    (
        "inspections",
        "{ inspections { nodes { id department { name } findings { text rectifications { text } permissions { canReport canRecheck } } } } }",
        4,
    ),
    (
        "circulars",
        "{ circulars(first: 10) { nodes { id figures { name rank } receipts { department { name } } permissions { canApprove canIssue } } } }",
        2,
    ),
    ("tasks", "{ tasks { nodes { id department { name } isOverdue permissions { canProgress } } } }", 2),
    ("rosters", "{ rosterStatus(campaignId: \"CAMPAIGN\") { department { name } timeliness } }", 4),
    (
        "reports",
        "{ weeklyReportStatus(campaignId: \"CAMPAIGN\", periodEnd: \"2019-10-25\") { department { name } state } }",
        3,
    ),
    (
        "tables",
        "{ summaryTableStatus(campaignId: \"CAMPAIGN\") { department { name } state outstanding { unclassified } } }",
        8,
    ),
    (
        "coverage",
        "{ campaigns { coverage { total { reached households } townships { department { name } total { reachedRate } } } } }",
        8,
    ),
    (
        "conformance",
        "{ campaigns { conformance { code status figure { numerator denominator } evidence } } }",
        61,
    ),
];

/// What a department asks of its own explanations: each may be told once nothing of it may still become a project.
const TOLD: &str = "{ explanations { nodes { id permissions { canDeliver } } } }";

struct Staff {
    office: Persona,
    head: Persona,
    supervision: Persona,
    town: Persona,
    other: Persona,
    campaign: Value,
    owner: Value,
    inspected: Value,
}

impl Staff {
    async fn of(app: &TestApp) -> Self {
        let who = async |code, position| app.persona(SHUANGLUAN, code, position).await;
        let office = who("CAMPAIGN_OFFICE", Position::Officer).await;
        let town = who("STS_TOWN", Position::Officer).await;
        Self {
            head: who("SUPERVISION_OFFICE", Position::Head).await,
            supervision: who("SUPERVISION_OFFICE", Position::Officer).await,
            other: who("LH_TOWN", Position::Officer).await,
            campaign: campaign(app, &office).await,
            owner: department(app, &who("HOUSING", Position::Officer).await).await,
            inspected: department(app, &town).await,
            office,
            town,
        }
    }

    /// One more of everything that the pages list.
    async fn one_more(&self, app: &TestApp, n: usize) {
        let own = entered(app, &self.town, &format!("own-{n}")).await;
        let foreign = entered(app, &self.other, &format!("foreign-{n}")).await;
        let told = entered(app, &self.town, &format!("told-{n}")).await;
        let key = |what: &str| format!("{what}-number-{n}");
        let project = json!({ "idempotencyKey": key("project"), "campaignId": self.campaign, "title": format!("路灯改造{n}"), "content": "三百盏",
            "departmentId": self.owner, "submissionIds": [own, foreign] });
        let project =
            done(app, &self.office, "projectCreate", "project { id }", project).await["project"]["id"]
                .clone();
        let meeting = json!({ "idempotencyKey": key("meeting"), "campaignId": self.campaign, "kind": "GOVERNMENT_EXECUTIVE", "heldOn": "2022-03-20" });
        let meeting =
            done(app, &self.office, "meetingPlan", "meeting { id }", meeting).await["meeting"]["id"].clone();
        let put = json!({ "meetingId": meeting, "expectedVersion": 1, "projectId": project });
        done(app, &self.office, "agendaPut", "meeting { id }", put).await;
        let explanation = json!({ "idempotencyKey": key("explain"), "campaignId": self.campaign, "text": "今年财力所限。", "channel": "REPLY", "submissionIds": [told] });
        done(app, &self.town, "explanationRecord", "explanation { id }", explanation).await;
        let inspection = json!({ "idempotencyKey": key("inspection"), "campaignId": self.campaign, "departmentId": self.inspected, "inspectedOn": "2022-03-14",
            "summary": "入户台账抽查", "findings": [{ "text": "无走访记录", "rectifyBy": "2022-03-15" }, { "text": "台账不全", "rectifyBy": "2022-03-15" }] });
        done(app, &self.supervision, "inspectionRecord", "inspection { id }", inspection).await;
        let circular = json!({ "idempotencyKey": key("circular"), "campaignId": self.campaign, "title": format!("第{n}期通报"), "text": "情况如下。",
            "periodFrom": "2022-03-01", "periodTo": "2022-03-31", "rate": "CLASSIFIED" });
        done(app, &self.head, "circularDraft", "circular { id }", circular).await;
        let task = json!({ "idempotencyKey": key("task"), "campaignId": self.campaign, "text": "召开座谈会", "owner": "副书记乙", "dueOn": "2022-04-20" });
        done(app, &self.town, "taskCreate", "task { id }", task).await;
    }
}

on_both_databases! {
    async fn of_a_page_are_bounded_whether_it_has_one_row_or_many(app: TestApp) {
        let app = app.with_both_counties().await;
        let staff = Staff::of(&app).await;
        staff.one_more(&app, 0).await;
        // PostgreSQL begins, makes the settings and asks for the session in one message, SQLite in two.
        let opening = if app.app.db.backend() == sea_orm::DbBackend::Postgres { 1 } else { 2 };
        let id = staff.campaign.as_str().unwrap().to_owned();
        let mut spent: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
        for round in 0..2 {
            for (name, query, _) in PAGES {
                spent.entry(name).or_default()[round] = trips(&app, &staff.office, &query.replace("CAMPAIGN", &id)).await - opening;
            }
            spent.entry("told").or_default()[round] = trips(&app, &staff.town, TOLD).await - opening;
            for n in 1..8 {
                staff.one_more(&app, round * 10 + n).await;
            }
        }
        let pages = PAGES.iter().map(|(name, _, most)| (*name, *most));
        // Explanations of a page are looked at in one batch or in two, however many there are.
        for (name, most) in pages.chain([("told", 15)]) {
            let [one, many] = spent[name];
            assert!(one <= most && many <= most, "{name}: {spent:?}");
        }
    }

    async fn of_a_step_are_bounded_whether_it_takes_one_row_or_many(app: TestApp) {
        let app = app.with_both_counties().await;
        let staff = Staff::of(&app).await;
        let congress = app.persona(SHUANGLUAN, "NPC_OFFICE", Position::Officer).await;
        let streams = app.data(&congress, "{ streams { id code constituencies } }", json!({})).await;
        let stream = streams["streams"].as_array().unwrap().iter().find(|row| row["code"] == "NPC").unwrap().clone();
        let query = "{ campaigns { villages(first: 1) { nodes { id } } } }";
        let village = app.data(&staff.town, query, json!({})).await["campaigns"][0]["villages"]["nodes"][0]["id"].clone();
        let mut spent: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for many in [1, 20] {
            let mut own = Vec::new();
            for n in 0..many * 3 {
                own.push(entered(&app, &staff.town, &format!("own-{many}-{n}")).await);
            }
            let kept = entered(&app, &staff.town, &format!("kept-{many}")).await;
            let [doubles, told, sources] = [0, 1, 2].map(|part| own[part * many..(part + 1) * many].to_vec());
            let mut taken = async |who: &Persona, field: &'static str, shown: &str, input: Value| {
                let before = app.app.db.trips();
                let payload = done(&app, who, field, shown, input).await;
                spent.entry(field).or_default().push(app.app.db.trips() - before);
                payload
            };
            let key = |what: &str| format!("{what}-number-{many}");
            let merge = json!({ "idempotencyKey": key("merge"), "targetId": kept, "expectedVersion": 1, "duplicateIds": doubles, "reason": "内容相同" });
            taken(&staff.office, "submissionMerge", "submission { id }", merge).await;
            let project = json!({ "idempotencyKey": key("project"), "campaignId": staff.campaign, "title": "路灯改造", "content": "三百盏",
                "departmentId": staff.owner, "submissionIds": sources });
            taken(&staff.office, "projectCreate", "project { id }", project).await;
            let explain = json!({ "idempotencyKey": key("explain"), "campaignId": staff.campaign, "text": "今年财力所限。", "channel": "REPLY", "submissionIds": told });
            let made = taken(&staff.town, "explanationRecord", "explanation { id version }", explain).await["explanation"].clone();
            let deliver = json!({ "explanationId": made["id"], "expectedVersion": made["version"], "deliveredOn": "2022-03-15", "proof": "当面告知" });
            taken(&staff.town, "explanationDeliver", "explanation { id }", deliver).await;
            let visit = |n: usize| json!({ "clientRef": format!("visit-{many}-{n}"), "villageId": village, "household": n + 1, "visitedOn": "2019-10-20" });
            let visits: Vec<Value> = (0..many).map(visit).collect();
            taken(&staff.town, "visitBatchRecord", "taken", json!({ "campaignId": staff.campaign, "rows": visits })).await;
            let person = |n: usize| json!({ "reference": format!("D-{many}-{n:04}"), "name": format!("代表{n}"), "constituency": stream["constituencies"][0] });
            let people: Vec<Value> = (0..many).map(person).collect();
            taken(&congress, "constituentRegister", "added", json!({ "streamId": stream["id"], "rows": people })).await;
            let line = |n: usize| json!({ "position": "OFFICER", "name": format!("联络员{n}"), "title": "干事", "duty": "联络" });
            let lines: Vec<Value> = (0..many).map(line).collect();
            let roster = json!({ "idempotencyKey": key("roster"), "campaignId": staff.campaign, "lines": lines });
            taken(&staff.town, "rosterSubmit", "roster { id }", roster).await;
        }
        for (step, trips) in &spent {
            assert!(trips[1] <= trips[0] + 2, "{step}: {spent:?}");
        }
    }
}
