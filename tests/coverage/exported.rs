//! Coverage as a file: the figures of the query, and the households where nobody was.

use calamine::Data;
use serde_json::{Value, json};

use super::{Field, villages};
use crate::support::files::{Rows, column};
use crate::support::{TestApp, on_both_databases};

const COVERAGE: &str = "coverageExport";
const UNREACHED: &str = "householdsNotReachedExport";

/// The rows of villages, headings in front.
fn of_villages(table: &Rows) -> Rows {
    let rows = table.iter().skip(1).filter(|row| row[0] == "村社区");
    [&table[0]].into_iter().chain(rows).cloned().collect()
}

/// A share in hundredths of a per cent, cut off.
fn share(part: &Value, whole: &Value) -> String {
    let parts = part.as_i64().unwrap() * 10_000 / whole.as_i64().unwrap();
    format!("{}.{:02}%", parts / 100, parts % 100)
}

on_both_databases! {
    async fn coverage_is_carried_out_as_it_is_asked_for(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        let rows: Vec<Value> = (1..=234).map(|number| field.row(&format!("r{number}"), "V0101", number, "2019-10-18", if number % 2 == 0 { "DOOR" } else { "SURVEY" })).collect();
        for some in rows.chunks(78) {
            assert_eq!(field.batch(&town, some).await["taken"], 78);
        }
        let input = json!({ "campaignId": field.campaign });
        for department in ["STS_TOWN", "LH_TOWN", "COMMITTEE_V0101", "LEADING_GROUP"] {
            let who = field.officer(department).await;
            let asked = field.coverage(&who, None).await;
            let all = field.app.carried(&who, COVERAGE, input.clone()).await;
            let total = &asked["total"];
            assert_eq!(all[1][..6], ["合计", "", "", "", "", &total["households"].to_string()], "{department}");
            assert_eq!(all[1][6], total["reached"].to_string());
            let table = of_villages(&all);
            let numbers = |name: &str| -> Vec<String> { villages(&asked).map(|row| row[name].to_string()).collect() };
            assert_eq!(column(&table, "应访户数"), numbers("households"), "{department}");
            assert_eq!(column(&table, "已入户户数"), numbers("atDoor"));
            assert_eq!(column(&table, "尚需户数"), numbers("stillNeeded"));
            let rates: Vec<String> = villages(&asked).map(|row| share(&row["reached"], &row["households"])).collect();
            assert_eq!(column(&table, "征集率"), rates);
            let met: Vec<&str> = villages(&asked).map(|row| if row["isMet"] == true { "是" } else { "否" }).collect();
            assert_eq!(column(&table, "是否达标"), met);
        }
        let own = of_villages(&field.app.carried(&town, COVERAGE, input.clone()).await);
        assert_eq!(own[1][1..], ["双塔山镇", "小河口村", "人居环境改善村", "1", "246", "234", "95.12%", "117", "47.56%", "征集率", "95.00%", "是", "0", "0", "246"]);
        let below = field.app.carried(&town, COVERAGE, json!({ "campaignId": field.campaign, "onlyBelowTarget": true })).await;
        assert!(!column(&of_villages(&below), "村社区").contains(&"小河口村"));
        let nobody = field.officer("NPC_OFFICE").await;
        assert_eq!(field.app.carried(&nobody, COVERAGE, input.clone()).await.len(), 1, "headings alone");
        let abroad = json!({ "campaignId": field.campaign, "departmentId": field.campaign });
        assert_eq!(field.app.refused_export(&town, COVERAGE, abroad).await, "NOT_FOUND departmentId");

        let sheet = field.app.worksheet(&town, COVERAGE, input.clone()).await;
        let village = sheet.iter().find(|row| row[2] == Data::String("小河口村".to_owned())).unwrap();
        assert_eq!((&village[5], &village[7], &village[11]), (&Data::Float(246.0), &Data::Float(0.9512), &Data::Float(0.95)));
        let page = field.app.printed(&town, COVERAGE, input).await;
        assert!(page.contains("小河口村") && page.contains("统计截止：2019-10-20"), "{page}");
        assert_eq!(field.app.refused_export(&town, COVERAGE, json!({ "campaignId": "nonsense" })).await, "NOT_FOUND campaignId");
    }

    async fn households_where_nobody_was_are_carried_out_in_scope(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        let rows = [("a", 1, "DOOR"), ("b", 3, "SURVEY"), ("c", 246, "TELEPHONE")];
        let rows = rows.map(|(mark, number, kind)| field.row(mark, "V0101", number, "2019-10-18", kind));
        assert_eq!(field.batch(&town, &rows).await["taken"], 3);
        let one = |door: bool| json!({ "campaignId": field.campaign, "villageId": field.villages["V0101"], "atDoor": door });
        let table = field.app.carried(&town, UNREACHED, one(false)).await;
        assert_eq!((table.len(), &table[1]), (244, &vec!["双塔山镇".to_owned(), "小河口村".to_owned(), "2".to_owned()]));
        assert_eq!(column(&table, "户号")[1..3], ["4", "5"]);
        assert_eq!(field.app.carried(&town, UNREACHED, one(true)).await.len(), 246);
        for (department, seen) in [("COMMITTEE_V0101", 243), ("CAMPAIGN_OFFICE", 243), ("LH_TOWN", 0), ("NPC_OFFICE", 0)] {
            let who = field.officer(department).await;
            assert_eq!(field.app.carried(&who, UNREACHED, one(false)).await.len(), seen + 1, "{department}");
        }
        let nowhere = json!({ "campaignId": field.campaign, "villageId": field.campaign });
        assert_eq!(field.app.refused_export(&town, UNREACHED, nowhere).await, "NOT_FOUND villageId");
        // Without a village all of those in scope.
        let leader = field.officer("LEADING_GROUP").await;
        let missed = |coverage: &Value| villages(coverage).map(|row| row["households"].as_i64().unwrap() - row["reached"].as_i64().unwrap()).sum::<i64>();
        for who in [&town, &leader] {
            let all = field.app.carried(who, UNREACHED, json!({ "campaignId": field.campaign })).await;
            let wanted = missed(&field.coverage(who, None).await);
            assert_eq!(i64::try_from(all.len() - 1).unwrap(), wanted, "{}", who.department);
        }
        let page = field.app.printed(&town, UNREACHED, one(true)).await;
        assert!(page.contains("截至2019-10-20未入户"), "{page}");
        let long = field.app.carry(&leader, UNREACHED, json!({ "campaignId": field.campaign }), "DOCX").await;
        assert_eq!(long["userErrors"], json!([{ "code": "INVALID", "field": ["input", "format"] }]));
    }
}
