//! Weekly reports and summary tables as files: the list's rows, and what was signed.

use calamine::Data;
use entity::enums::Position;
use serde_json::{Value, json};

use super::frozen::tamper;
use super::summary::Desk;
use super::{TOWN, campaign, mutate};
use crate::support::files::column;
use crate::support::personas::Persona;
use crate::support::{TestApp, on_both_databases};

const REPORTS: &str = "weeklyReportExport";
const TABLE: &str = "summaryTableExport";
/// What a spreadsheet would calculate.
const FORMULA: &str = "=HYPERLINK(\"http://x\",\"走访\")，\n入户 12 户。";

async fn report(app: &TestApp, who: &Persona, narrative: &str) -> Value {
    let (campaign, _) = campaign(app, who).await;
    let key = format!("exported-{}", who.department);
    let input = json!({ "idempotencyKey": key, "campaignId": campaign, "periodEnd": "2019-10-25", "narrative": narrative });
    let selection = "weeklyReport { id figures { received } }";
    mutate(app, who, "weeklyReportSubmit", input, selection).await["weeklyReport"].clone()
}

/// Departments, editions and lateness of the list.
async fn listed(app: &TestApp, who: &Persona, filter: &Value) -> Vec<(String, String)> {
    let (id, _) = campaign(app, who).await;
    let query = "query ($id: ID!, $filter: WeeklyReportFilter) { weeklyReports(campaignId: $id, filter: $filter) { nodes { narrative department { name } } } }";
    let data = app.data(who, query, json!({ "id": id, "filter": filter })).await;
    let nodes = data["weeklyReports"]["nodes"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    nodes.map(|node| (text(&node["department"]["name"]), text(&node["narrative"]))).collect()
}

on_both_databases! {
    async fn weekly_reports_are_carried_out_as_they_are_listed(app: TestApp) {
        let app = app.at("2019-10-24T01:00:00Z").await;
        app.receive(TOWN, 3, "2019-10-24T01:00:00Z", true).await;
        let town = app.later("2019-10-25T09:00:00Z", TOWN, Position::Officer).await;
        report(&app, &town, FORMULA).await;
        let other = app.later("2019-10-26T01:00:00Z", "LH_TOWN", Position::Officer).await;
        report(&app, &other, "电话 19900000001，已回访。").await;
        let town = app.later("2019-10-26T02:00:00Z", TOWN, Position::Officer).await;
        let other = app.later("2019-10-26T02:00:00Z", "LH_TOWN", Position::Officer).await;
        let leader = app.later("2019-10-26T02:00:00Z", "LEADING_GROUP", Position::Head).await;
        let village = app.later("2019-10-26T02:00:00Z", "COMMITTEE_V0101", Position::Officer).await;
        let (id, _) = campaign(&app, &leader).await;
        for filter in [json!({}), json!({ "isLate": true }), json!({ "periodEnd": "2019-11-01" })] {
            for who in [&town, &other, &leader] {
                let wanted = listed(&app, who, &filter).await;
                let table = app.carried(who, REPORTS, json!({ "campaignId": id, "filter": filter })).await;
                let found = column(&table, "报送单位").into_iter().zip(column(&table, "工作进展"));
                let found: Vec<(String, String)> = found.map(|(name, text)| (name.to_owned(), text.trim_start_matches('\'').to_owned())).collect();
                assert_eq!(found, wanted, "{} {filter}", who.department);
            }
        }
        let all = app.carried(&leader, REPORTS, json!({ "campaignId": id })).await;
        assert_eq!(column(&all, "报送情况"), ["迟报", "按时"]);
        assert_eq!(column(&all, "工作进展")[1], format!("'{FORMULA}"));
        assert!(!all[1][12].contains("19900000001"), "{:?}", all[1]);
        assert_eq!((column(&all, "本期收到"), column(&all, "累计收到")), (vec!["0", "3"], vec!["0", "3"]));
        assert_eq!(column(&all, "环节统计")[1], "已归类：3件");
        assert_eq!(app.carried(&town, REPORTS, json!({ "campaignId": id })).await.len(), 2, "its own alone");
        let english = app.carried_in_english(&leader, REPORTS, json!({ "campaignId": id })).await;
        assert_eq!(column(&english, "State"), ["Late", "On time"]);

        let sheet = app.worksheet(&leader, REPORTS, json!({ "campaignId": id })).await;
        assert_eq!((&sheet[2][7], &sheet[2][12]), (&Data::Float(3.0), &Data::String(FORMULA.to_owned())));
        assert!(matches!(sheet[2][3], Data::DateTime(_)), "{:?}", sheet[2][3]);
        let page = app.printed(&leader, REPORTS, json!({ "campaignId": id })).await;
        assert!(page.contains("入户 12 户。") && page.contains("导出日期：2019-10-26"), "{page}");

        assert_eq!(app.refused_export(&village, REPORTS, json!({ "campaignId": id })).await, "FORBIDDEN");
        let missing = town_id(&app, &leader).await;
        assert_eq!(app.refused_export(&leader, REPORTS, json!({ "campaignId": missing })).await, "NOT_FOUND campaignId");
    }

    async fn a_signed_table_is_carried_out_as_it_was_signed(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let signed = desk.signed().await;
        let input = json!({ "summaryTableId": signed["id"] });
        let (clerk, office) = (desk.who(Position::Officer).await, desk.office().await);
        let first = app.carried(&clerk, TABLE, input.clone()).await;
        assert_eq!(first[0][..3], ["序号", "类别", "意见建议内容"]);
        assert_eq!((column(&first, "序号"), column(&first, "条数")), (vec!["1", "2"], vec!["2", "2"]));
        assert_eq!(column(&first, "拟谋划项目"), ["更换路灯 120 盏", ""]);
        assert_eq!(column(&first, "投资估算"), ["240000元", ""]);
        let sheet = app.worksheet(&office, TABLE, input.clone()).await;
        assert_eq!((&sheet[1][3], &sheet[1][2]), (&Data::Float(2.0), &Data::String("村口、巷内路灯不亮".to_owned())));

        // Suggestions, classes and the plan go on; the file does not.
        tamper(&app, "UPDATE submission SET stage = 'WITHDRAWN', title = '改过的标题'").await;
        tamper(&app, "UPDATE category SET name = '别的类别'").await;
        let desk = Desk { app: &app, instant: "2019-11-18T01:00:00Z" };
        let (clerk, office) = (desk.who(Position::Officer).await, desk.office().await);
        let other = app.later(desk.instant, "LH_TOWN", Position::Officer).await;
        for who in [&clerk, &office] {
            assert_eq!(app.carried(who, TABLE, input.clone()).await, first);
        }
        let asked = desk.ask(&office, &signed, "sha256 signedBy").await;
        let page = app.printed(&office, TABLE, input.clone()).await;
        for wanted in [&asked["sha256"], &asked["signedBy"], &json!("双塔山镇分类汇总表"), &json!("主表，第1号，第1版，已审签报送"), &json!("2019-11-15 09:00:00"), &json!("负责人（签字）："), &json!("单位（盖章）：")] {
            assert!(page.contains(wanted.as_str().unwrap()), "{wanted} in {page}");
        }
        assert_eq!(app.refused_export(&other, TABLE, input.clone()).await, "NOT_FOUND summaryTableId");

        // Bytes that were not signed go to nobody.
        tamper(&app, "UPDATE summary_document SET canonical = replace(canonical, '路灯', '路面')").await;
        let asked = app.carry(&office, TABLE, input, "CSV").await;
        let (status, _) = app.fetch_file(asked["export"]["url"].as_str().unwrap()).await;
        assert_eq!(status, 500);
    }

    async fn an_open_table_is_marked_as_a_draft(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let table = desk.draft("MAIN").await["summaryTable"].clone();
        let clerk = desk.who(Position::Officer).await;
        let (_, classes) = campaign(&app, &clerk).await;
        let line = json!({ "summaryTableId": table["id"], "expectedVersion": table["version"], "categoryId": classes[0], "text": "=1+1 村口路灯", "takesRemaining": true });
        mutate(&app, &clerk, "summaryLinePut", line, "summaryTable { id }").await;
        let input = json!({ "summaryTableId": table["id"] });
        let rows = app.carried(&clerk, TABLE, input.clone()).await;
        assert_eq!((rows.len(), column(&rows, "意见建议内容")), (2, vec!["'=1+1 村口路灯"]));
        let page = app.printed(&clerk, TABLE, input).await;
        assert!(page.contains("未审签，非正式文本") && !page.contains("SHA-256"), "{page}");
    }
}

/// An id that is none of a campaign.
async fn town_id(app: &TestApp, who: &Persona) -> Value {
    let query = "{ viewer { department { id } } }";
    app.data(who, query, json!({})).await["viewer"]["department"]["id"].clone()
}
