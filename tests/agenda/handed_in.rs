//! What departments hand in: reports, rosters, plans, acknowledgements, tasks, tables, and suggestions that wait for a class.

use serde_json::Value;

use super::*;
use crate::decision::{campaign, done, entered};
use crate::reporting::Desk;
use crate::support::on_both_databases;
use crate::support::personas::HUOQIU;

fn days(items: &[Value]) -> Vec<(&str, bool)> {
    items.iter().map(|item| (item["dueOn"].as_str().unwrap(), item["isOverdue"].as_bool().unwrap())).collect()
}

on_both_databases! {
    async fn a_report_is_owed_from_the_first_day_of_its_period_until_it_is_handed_in(app: TestApp) {
        let app = app.at("2019-10-24T01:00:00Z").await;
        let (town, other) = (officer(&app, "STS_TOWN").await, officer(&app, "LH_TOWN").await);
        let before = of(&app, &town, "REPORT_DUE").await;
        assert_eq!(days(&before), [("2019-10-18", true), ("2019-10-25", false)]);
        assert_eq!((&before[0]["action"], &before[0]["dueKey"], &before[0]["object"]["kind"]), (&json!("weeklyReportSubmit"), &json!("WEEKLY_REPORT"), &json!("Campaign")));
        let input = json!({ "idempotencyKey": "agenda-report", "campaignId": campaign(&app, &town).await, "dueKey": before[0]["dueKey"],
            "periodEnd": before[0]["dueOn"], "narrative": "入户走访。" });
        done(&app, &town, "weeklyReportSubmit", "weeklyReport { id }", input).await;
        assert_eq!(days(&of(&app, &town, "REPORT_DUE").await), [("2019-10-25", false)]);
        assert_eq!(of(&app, &other, "REPORT_DUE").await.len(), 2, "another's report is another's");
        // Whoever collects nothing owes none.
        assert!(of(&app, &officer(&app, "LEADING_GROUP").await, "REPORT_DUE").await.is_empty());
        assert!(of(&app, &officer(&app, "COMMITTEE_V0101").await, "REPORT_DUE").await.is_empty());
    }

    async fn a_roster_is_owed_until_one_is_handed_in(app: TestApp) {
        let app = app.at("2019-10-17T01:00:00Z").await;
        let (town, other) = (officer(&app, "STS_TOWN").await, officer(&app, "LH_TOWN").await);
        let before = of(&app, &town, "ROSTER_DUE").await;
        assert_eq!((days(&before), &before[0]["action"]), (vec![("2019-10-18", false)], &json!("rosterSubmit")));
        let lines = json!([{ "position": "OFFICER", "name": "干事丙" }]);
        let input = json!({ "idempotencyKey": "agenda-roster", "campaignId": campaign(&app, &town).await, "lines": lines });
        done(&app, &town, "rosterSubmit", "roster { id }", input).await;
        assert!(of(&app, &town, "ROSTER_DUE").await.is_empty());
        assert_eq!(of(&app, &other, "ROSTER_DUE").await.len(), 1);
    }

    async fn a_plan_is_owed_again_once_it_was_returned_and_the_office_owes_each_decision(app: TestApp) {
        let app = app.at("2022-03-14T01:00:00Z").await;
        let town = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let desk = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let campaign = campaign(&app, &town).await;
        let draft = async |key: &str| {
            let input = json!({ "idempotencyKey": key, "campaignId": campaign, "title": "实施方案", "content": "目标、分工、时限。" });
            done(&app, &town, "unitPlanSubmit", "unitPlan { id }", input).await["unitPlan"]["id"].clone()
        };
        let owes = async || (of(&app, &town, "UNIT_PLAN_DUE").await.len(), buttons(&app, &desk, "UNIT_PLAN_TO_REVIEW").await);
        assert_eq!(days(&of(&app, &town, "UNIT_PLAN_DUE").await), [("2022-03-15", false)]);
        assert_eq!(owes().await, (1, Vec::new()));
        let first = draft("agenda-plan-1").await;
        assert_eq!(owes().await, (0, button("unitPlanAccept", "UnitPlan")));
        let back = json!({ "unitPlanId": first, "expectedVersion": 1, "reason": "请明确责任人" });
        done(&app, &desk, "unitPlanReturn", "unitPlan { id }", back).await;
        assert_eq!(owes().await, (1, Vec::new()));
        let second = draft("agenda-plan-2").await;
        let accept = json!({ "unitPlanId": second, "expectedVersion": 1 });
        done(&app, &desk, "unitPlanAccept", "unitPlan { id }", accept).await;
        assert_eq!(owes().await, (0, Vec::new()));
    }

    async fn the_document_is_to_be_acknowledged_once_for_each_department_that_it_addresses(app: TestApp) {
        let app = app.with_both_counties().await;
        let (town, other) = (officer(&app, "STS_TOWN").await, officer(&app, "LH_TOWN").await);
        assert_eq!(buttons(&app, &town, "ACKNOWLEDGEMENT_DUE").await, button("campaignAcknowledge", "Campaign"));
        let input = json!({ "idempotencyKey": "agenda-document", "campaignId": campaign(&app, &town).await });
        done(&app, &town, "campaignAcknowledge", "acknowledgement { id }", input).await;
        assert!(of(&app, &town, "ACKNOWLEDGEMENT_DUE").await.is_empty());
        assert_eq!(of(&app, &other, "ACKNOWLEDGEMENT_DUE").await.len(), 1);
        // The leadership wrote it.
        assert!(of(&app, &officer(&app, "LEADING_GROUP").await, "ACKNOWLEDGEMENT_DUE").await.is_empty());
    }

    async fn a_task_is_owed_until_it_is_done_or_given_up(app: TestApp) {
        let app = app.with_both_counties().await;
        let (town, other) = (officer(&app, "STS_TOWN").await, officer(&app, "LH_TOWN").await);
        let none = of(&app, &other, "TASK_DUE").await.len();
        let before = of(&app, &town, "TASK_DUE").await.len();
        let mut made = Vec::new();
        for (key, due) in [("late", json!("2022-03-15")), ("never", Value::Null)] {
            let input = json!({ "idempotencyKey": format!("agenda-task-{key}"), "campaignId": campaign(&app, &town).await, "text": format!("召开座谈会{key}"), "owner": "副书记乙", "dueOn": due });
            made.push(done(&app, &town, "taskCreate", "task { id version }", input).await["task"].clone());
        }
        let listed = of(&app, &town, "TASK_DUE").await;
        let found = |key: &str| listed.iter().find(|item| item["title"] == format!("任务：召开座谈会{key}")).unwrap();
        assert_eq!((&found("late")["dueOn"], &found("late")["isOverdue"]), (&json!("2022-03-15"), &json!(true)));
        assert_eq!((&found("never")["dueOn"], &found("never")["isOverdue"]), (&Value::Null, &json!(false)));
        assert_eq!((&found("late")["object"]["id"], &found("late")["action"]), (&made[0]["id"], &json!("taskProgress")));
        for (task, percent, state) in [(&made[0], 100, "DONE"), (&made[1], 0, "CANCELLED")] {
            let step = json!({ "taskId": task["id"], "expectedVersion": task["version"], "progress": percent, "state": state, "note": "" });
            done(&app, &town, "taskProgress", "task { id }", step).await;
        }
        assert_eq!(of(&app, &town, "TASK_DUE").await.len(), before);
        assert_eq!(of(&app, &other, "TASK_DUE").await.len(), none);
    }

    async fn a_table_is_whoevers_turn_it_is_with_what_it_lacks(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive("STS_TOWN", 2, "2019-11-14T02:00:00Z", true).await;
        app.receive("STS_TOWN", 1, "2019-11-14T02:00:00Z", false).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let [officer, deputy, head] = [Position::Officer, Position::Deputy, Position::Head];
        let turns = async || {
            let mut found = Vec::new();
            for position in [officer, deputy, head] {
                let items = of(&app, &desk.who(position).await, "TABLE_DUE").await;
                assert!(items.iter().all(|item| item["dueOn"] == "2019-11-15" && item["dueKey"] == "SUMMARY_TABLE"));
                found.push(items.first().map(|item| item["action"].as_str().unwrap().to_owned()));
            }
            found.into_iter().map(Option::unwrap_or_default).collect::<Vec<String>>()
        };
        let lacks = async || of(&app, &desk.who(officer).await, "TABLE_DUE").await[0]["obstacles"].clone();
        let waiting = async || buttons(&app, &desk.office().await, "TABLE_TO_ACCEPT").await;
        assert_eq!(turns().await, ["summaryTableDraft"; 3]);
        let table = desk.draft("MAIN").await["summaryTable"].clone();
        assert_eq!(turns().await, ["summaryLinePut", "summaryTableReview", "summaryLinePut"]);
        assert_eq!(lacks().await, json!(["还有 1 件意见未归类", "还有 2 件意见未列入汇总表"]));
        assert_eq!(lacks().await, desk.ask(&desk.who(officer).await, &table, "obstacles { message }").await["obstacles"]
            .as_array().unwrap().iter().map(|obstacle| obstacle["message"].clone()).collect::<Value>());
        let bare = desk.line(&table, 0, false).await["summaryTable"].clone();
        assert_eq!(lacks().await, json!(["还有 1 件意见未归类", "还有 1 件意见未列入汇总表"]));
        let told = async || of(&app, &desk.who(deputy).await, "TABLE_DUE").await[0]["warnings"].clone();
        assert_eq!(told().await, json!(["1 行均未谋划为项目，请核对是否简单罗列"]));
        let other = desk.line(&bare, 1, true).await["summaryTable"].clone();
        assert_eq!(told().await, json!([]));
        // What is in no class yet is put into one by its clerk.
        let clerk = desk.who(officer).await;
        let query = "{ submissions(filter: { queue: TO_CLASSIFY }) { nodes { id version } } campaigns { categories { id } } }";
        let data = app.data(&clerk, query, json!({})).await;
        let (row, class) = (&data["submissions"]["nodes"][0], &data["campaigns"][0]["categories"][0]["id"]);
        let classify = json!({ "submissionId": row["id"], "expectedVersion": row["version"], "categoryId": class });
        done(&app, &clerk, "submissionClassify", "submission { id }", classify).await;
        let whole = desk.line(&other, 0, false).await["summaryTable"].clone();
        assert_eq!(lacks().await, json!([]));
        let reviewed = desk.step("summaryTableReview", &whole, &desk.who(deputy).await).await["summaryTable"].clone();
        assert_eq!(turns().await, ["", "", "summaryTableSign"]);
        assert!(waiting().await.is_empty());
        let signed = desk.step("summaryTableSign", &reviewed, &desk.who(head).await).await["summaryTable"].clone();
        assert_eq!(turns().await, ["", "", ""]);
        assert_eq!(waiting().await, button("summaryTableAccept", "SummaryTable"));
        desk.step("summaryTableReturn", &signed, &desk.office().await).await;
        assert_eq!((turns().await, waiting().await), (vec!["summaryTableRevise".to_owned(); 3], Vec::new()));
    }

    async fn suggestions_wait_for_a_class_in_one_pile_for_each_stream(app: TestApp) {
        let app = app.with_both_counties().await;
        let (town, other) = (officer(&app, "STS_TOWN").await, officer(&app, "LH_TOWN").await);
        let mut made = Vec::new();
        for n in 0..3 {
            made.push(entered(&app, &town, &format!("agenda-{n}")).await);
        }
        let pile = of(&app, &town, "TO_CLASSIFY").await;
        assert_eq!((pile.len(), &pile[0]["count"], &pile[0]["object"]["kind"]), (1, &json!(3), &json!("IntakeStream")));
        for nobody in [&other, &officer(&app, "CAMPAIGN_OFFICE").await, &officer(&app, "LEADING_GROUP").await] {
            assert!(of(&app, nobody, "TO_CLASSIFY").await.is_empty(), "{}", nobody.department);
        }
        let class = app.data(&town, "{ campaigns { categories { id } } }", json!({})).await["campaigns"][0]["categories"][0]["id"].clone();
        for (left, id) in made.iter().enumerate().rev() {
            let classify = json!({ "submissionId": id, "expectedVersion": 1, "categoryId": class });
            done(&app, &town, "submissionClassify", "submission { id }", classify).await;
            let pile = of(&app, &town, "TO_CLASSIFY").await;
            assert_eq!(pile.first().map_or(0, |pile| pile["count"].as_u64().unwrap()), left as u64);
        }
        assert!(of(&app, &town, "TO_CLASSIFY").await.is_empty());
    }
}
