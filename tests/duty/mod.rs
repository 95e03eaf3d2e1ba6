//! Rosters, unit plans and tasks: who hands in, who sees what, who is late.

mod exported;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, PLANS, Persona, SHUANGLUAN};
use crate::support::{TestApp, code, on_both_databases};

const STATUS: &str = "query ($campaign: ID!) { rosterStatus(campaignId: $campaign) { department { code } dueOn timeliness isComplete
    roster { version lines { position name contact } } } }";

struct Office {
    app: TestApp,
    campaign: Value,
    county: &'static str,
}

impl Office {
    async fn on(app: TestApp, county: &'static str, day: &str) -> Self {
        app.app.clock.set(format!("{day}T01:00:00Z").parse().unwrap());
        let app = app.with_both_counties().await;
        let who = app.persona(county, "CAMPAIGN_OFFICE", Position::Officer).await;
        let data = app.data(&who, "{ campaigns { id } }", json!({})).await;
        Self { campaign: data["campaigns"][0]["id"].clone(), app, county }
    }

    async fn officer(&self, department: &str) -> Persona {
        self.app.persona(self.county, department, Position::Officer).await
    }

    fn to(&self, day: &str) {
        let at = format!("{day}T01:00:00Z").parse().unwrap();
        self.app.app.clock.set(at);
    }

    async fn mutate(&self, who: &Persona, name: &str, selection: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let text = format!(
            "mutation ($input: {kind}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code field }} }} }}"
        );
        let data = self.app.data(who, &text, json!({ "input": input })).await;
        data[name].clone()
    }

    async fn submit_roster(&self, who: &Persona, key: &str, lines: Value) -> Value {
        let input = json!({ "idempotencyKey": key, "campaignId": self.campaign, "lines": lines });
        let selection = "roster { id version lines { position name contact } }";
        self.mutate(who, "rosterSubmit", selection, input).await
    }

    async fn statuses(&self, who: &Persona) -> Vec<Value> {
        let variables = json!({ "campaign": self.campaign });
        let data = self.app.data(who, STATUS, variables).await;
        data["rosterStatus"].as_array().unwrap().clone()
    }
}

fn status<'v>(rows: &'v [Value], department: &str) -> &'v Value {
    let found = rows.iter().find(|row| row["department"]["code"] == department);
    found.unwrap_or_else(|| panic!("{department} owes nothing: {rows:?}"))
}

fn whole() -> Value {
    json!([
        { "position": "HEAD", "name": "书记甲", "duty": "第一责任人" },
        { "position": "DEPUTY", "name": "副书记乙", "duty": "具体责任人", "contact": "0314-4040401" },
        { "position": "OFFICER", "name": "干事丙", "contact": "0314-4040402" },
    ])
}

on_both_databases! {
    async fn rosters_are_on_time_late_or_missing_and_every_version_stays(app: TestApp) {
        let office = Office::on(app, SHUANGLUAN, "2019-10-17").await;
        let town = office.officer("STS_TOWN").await;
        let first = office.submit_roster(&town, "roster-1", json!([{ "position": "OFFICER", "name": "干事丙" }])).await;
        assert_eq!((&first["userErrors"], &first["roster"]["version"]), (&json!([]), &json!(1)), "{first}");
        let again = office.submit_roster(&town, "roster-1", json!([{ "position": "OFFICER", "name": "干事丙" }])).await;
        assert_eq!(again["roster"]["id"], first["roster"]["id"]);
        office.to("2019-10-21");
        let (town, other) = (office.officer("STS_TOWN").await, office.officer("LH_TOWN").await);
        assert_eq!(office.submit_roster(&town, "roster-2", whole()).await["roster"]["version"], 2);
        assert_eq!(office.submit_roster(&other, "roster-3", whole()).await["roster"]["version"], 1);
        let leader = office.officer("LEADING_GROUP").await;
        let rows = office.statuses(&leader).await;
        assert_eq!(rows[0]["dueOn"], "2019-10-18");
        for (department, timeliness, complete) in [("STS_TOWN", "ON_TIME", true), ("LH_TOWN", "LATE", true), ("DM_TOWN", "MISSING", false), ("NPC_OFFICE", "MISSING", false)] {
            let row = status(&rows, department);
            assert_eq!((&row["timeliness"], &row["isComplete"]), (&json!(timeliness), &json!(complete)), "{department}");
        }
        // Names within the county's offices; telephones for the office and the department alone.
        let contact = |rows: &[Value]| status(rows, "STS_TOWN")["roster"]["lines"][1]["contact"].clone();
        assert_eq!((contact(&rows), contact(&office.statuses(&town).await)), (Value::Null, json!("0314-4040401")));
        let campaign_office = office.officer("CAMPAIGN_OFFICE").await;
        assert_eq!(contact(&office.statuses(&campaign_office).await), "0314-4040401");
        let own = office.statuses(&other).await;
        assert_eq!((own.len(), &own[0]["department"]["code"]), (1, &json!("LH_TOWN")));
        let versions = "query ($campaign: ID!) { rosters(campaignId: $campaign) { version lines { name } } }";
        let data = office.app.data(&town, versions, json!({ "campaign": office.campaign })).await;
        assert_eq!(data["rosters"][1], json!({ "version": 1, "lines": [{ "name": "干事丙" }] }));
        let nobody = office.submit_roster(&town, "roster-4", json!([])).await;
        assert_eq!(nobody["userErrors"], json!([{ "code": "INVALID", "field": ["input", "lines"] }]));
    }

    async fn a_unit_plan_is_returned_with_a_reason_revised_and_accepted(app: TestApp) {
        let office = Office::on(app, HUOQIU, "2022-03-14").await;
        let (town, desk) = (office.officer("T_CHENGGUAN").await, office.officer("CAMPAIGN_OFFICE").await);
        let selection = "unitPlan { id number state reason timeliness version permissions { canAccept canReturn } }";
        let draft = |key: &str, title: &str| json!({ "idempotencyKey": key, "campaignId": office.campaign, "title": title, "content": "目标、分工、时限。" });
        let first = office.mutate(&town, "unitPlanSubmit", selection, draft("plan-key-1", "实施方案")).await;
        assert_eq!((&first["unitPlan"]["state"], &first["unitPlan"]["timeliness"]), (&json!("SUBMITTED"), &json!("ON_TIME")), "{first}");
        let waiting = office.mutate(&town, "unitPlanSubmit", selection, draft("plan-key-2", "第二稿")).await;
        assert_eq!(waiting["userErrors"][0]["code"], "WRONG_STAGE");
        let id = &first["unitPlan"]["id"];
        let back = json!({ "unitPlanId": id, "expectedVersion": 1, "reason": "请明确责任人" });
        let returned = office.mutate(&desk, "unitPlanReturn", selection, back.clone()).await;
        assert_eq!((&returned["unitPlan"]["state"], &returned["unitPlan"]["reason"]), (&json!("RETURNED"), &json!("请明确责任人")), "{returned}");
        assert_eq!(office.mutate(&desk, "unitPlanReturn", selection, back).await["userErrors"][0]["code"], "STALE_VERSION");
        office.to("2022-03-18");
        let (town, desk) = (office.officer("T_CHENGGUAN").await, office.officer("CAMPAIGN_OFFICE").await);
        let second = office.mutate(&town, "unitPlanSubmit", selection, draft("plan-key-3", "第二稿")).await;
        assert_eq!((&second["unitPlan"]["number"], &second["unitPlan"]["timeliness"]), (&json!(2), &json!("LATE")), "{second}");
        let accept = json!({ "unitPlanId": second["unitPlan"]["id"], "expectedVersion": 1 });
        let accepted = office.mutate(&desk, "unitPlanAccept", selection, accept.clone()).await;
        assert_eq!(accepted["unitPlan"]["state"], "ACCEPTED", "{accepted}");
        let text = "mutation ($input: UnitPlanAcceptInput!) { unitPlanAccept(input: $input) { userErrors { code } } }";
        let (_, answer) = office.app.graphql(Some(&town.token), text, json!({ "input": accept })).await;
        assert_eq!(code(&answer), "FORBIDDEN");
        for (department, count) in [("T_CHENGGUAN", 2), ("T_HEKOU", 0), ("SUPERVISION_OFFICE", 2)] {
            let who = office.officer(department).await;
            let data = office.app.data(&who, "{ unitPlans { totalCount nodes { number } } }", json!({})).await;
            assert_eq!(data["unitPlans"]["totalCount"], count, "{department}");
        }
    }

    async fn the_notices_tasks_come_with_the_plan_and_a_department_adds_its_own(app: TestApp) {
        let office = Office::on(app, SHUANGLUAN, "2019-10-17").await;
        let town = office.officer("STS_TOWN").await;
        let query = "{ tasks { totalCount nodes { id code text progress state version permissions { canProgress } isOverdue } } }";
        let tasks = async |who: &Persona| office.app.data(who, query, json!({})).await["tasks"].clone();
        let own = tasks(&town).await;
        assert_eq!((&own["totalCount"], &own["nodes"][0]["code"]), (&json!(1), &json!("COLLECT_RESIDENTS")), "{own}");
        let create = json!({ "idempotencyKey": "task-key-1", "campaignId": office.campaign, "text": "召开村民座谈会", "owner": "副书记乙", "dueOn": "2019-10-20" });
        let made = office.mutate(&town, "taskCreate", "task { id state dueOn version }", create).await;
        assert_eq!(made["task"]["state"], "OPEN", "{made}");
        let step = |progress: i32, state: &str, version: i32| json!({ "taskId": made["task"]["id"], "expectedVersion": version, "progress": progress, "state": state });
        assert_eq!(office.mutate(&town, "taskProgress", "task { state }", step(90, "DONE", 1)).await["userErrors"][0]["field"][1], "progress");
        assert_eq!(office.mutate(&town, "taskProgress", "task { progress version }", step(60, "UNDERWAY", 1)).await["task"], json!({ "progress": 60, "version": 2 }));
        // Another department's task is none, also for the office, which reads it.
        let desk = office.officer("CAMPAIGN_OFFICE").await;
        assert_eq!(office.mutate(&desk, "taskProgress", "task { id }", step(100, "DONE", 2)).await["userErrors"][0]["code"], "NOT_FOUND");
        office.to("2019-10-25");
        let town = office.officer("STS_TOWN").await;
        let late = tasks(&town).await;
        assert!(late["nodes"].as_array().unwrap().iter().any(|task| task["isOverdue"] == true && task["progress"] == 60), "{late}");
        // The plan once more adds nothing; worded otherwise, it words the task otherwise.
        office.app.apply_plan(&PLANS[0].1.replace("征集本辖区居民意见建议，入户调查、召开座谈会", "征集辖区居民意见建议")).await;
        let after = tasks(&town).await;
        assert_eq!(after["totalCount"], 2);
        assert!(after["nodes"].as_array().unwrap().iter().any(|task| task["text"] == "征集辖区居民意见建议"), "{after}");
        let other = office.officer("LH_TOWN").await;
        assert_eq!(tasks(&other).await["totalCount"], 1);
    }
}
