//! Rosters as a file: the persons of whom the caller sees, telephones for those to whom they are shown.

use calamine::Data;
use serde_json::{Value, json};

use super::{Office, whole};
use crate::support::files::{Rows, column};
use crate::support::personas::SHUANGLUAN;
use crate::support::{TestApp, on_both_databases};

const ROSTERS: &str = "rosterExport";
/// A name that a spreadsheet would calculate.
const FORMULA: &str = "+书记甲";

/// The rows of one department.
fn of<'t>(table: &'t Rows, department: &str) -> Vec<&'t Vec<String>> {
    table.iter().filter(|row| row[0] == department).collect()
}

on_both_databases! {
    async fn rosters_are_carried_out_with_who_is_late_and_who_is_missing(app: TestApp) {
        let office = Office::on(app, SHUANGLUAN, "2019-10-17").await;
        let mut lines = whole();
        lines[0]["name"] = json!(FORMULA);
        let town = office.officer("STS_TOWN").await;
        office.submit_roster(&town, "roster-1", lines).await;
        office.to("2019-10-21");
        let (town, other) = (office.officer("STS_TOWN").await, office.officer("LH_TOWN").await);
        office.submit_roster(&other, "roster-2", whole()).await;
        let (leader, desk) = (office.officer("LEADING_GROUP").await, office.officer("CAMPAIGN_OFFICE").await);
        let input = json!({ "campaignId": office.campaign });
        let app = &office.app;

        let all = app.carried(&leader, ROSTERS, input.clone()).await;
        let statuses = office.statuses(&leader).await;
        let persons = |row: &Value| row["roster"]["lines"].as_array().map_or(1, |lines| lines.len().max(1));
        assert_eq!(all.len() - 1, statuses.iter().map(persons).sum::<usize>());
        let own = of(&all, "双塔山镇");
        assert_eq!(own[0][1..], ["2019-10-18", "按时", "2019-10-17 09:00:00", "1", "是", "主要负责人", "'+书记甲", "", "第一责任人", ""]);
        assert_eq!((of(&all, "滦河镇").len(), &*of(&all, "滦河镇")[0][2]), (3, "迟报"));
        assert_eq!(of(&all, "大庙镇")[0][1..], ["2019-10-18", "缺报", "", "", "否", "", "", "", "", ""]);
        assert!(column(&all, "联系电话").iter().all(|contact| contact.is_empty()), "the leadership sees no telephones");

        let seen = app.carried(&town, ROSTERS, input.clone()).await;
        assert_eq!(column(&seen, "单位"), ["双塔山镇"; 3], "its own alone");
        assert_eq!(column(&seen, "联系电话"), ["", "0314-4040401", "0314-4040402"]);
        let seen = app.carried(&other, ROSTERS, input.clone()).await;
        assert_eq!(column(&seen, "单位"), ["滦河镇"; 3]);
        let seen = app.carried(&desk, ROSTERS, input.clone()).await;
        assert_eq!(of(&seen, "滦河镇")[1][10], "0314-4040401");

        let sheet = app.worksheet(&town, ROSTERS, input.clone()).await;
        assert_eq!((&sheet[1][7], &sheet[1][4]), (&Data::String(FORMULA.to_owned()), &Data::Float(1.0)));
        let page = app.printed(&town, ROSTERS, input.clone()).await;
        assert!(page.contains("干事丙") && page.contains("0314-4040402"), "{page}");
        let village = office.officer("COMMITTEE_V0101").await;
        assert_eq!(app.refused_export(&village, ROSTERS, input).await, "FORBIDDEN");
        assert_eq!(app.refused_export(&town, ROSTERS, json!({ "campaignId": "nonsense" })).await, "NOT_FOUND campaignId");
    }
}
