//! What inspections, circulars and coverage make people owe.

use super::*;
use crate::decision::{campaign, department, done};
use crate::support::on_both_databases;

on_both_databases! {
    async fn a_finding_goes_to_and_fro_until_its_recheck_has_passed(app: TestApp) {
        let app = app.with_both_counties().await;
        let (town, other) = (officer(&app, "STS_TOWN").await, officer(&app, "LH_TOWN").await);
        let supervision = officer(&app, "SUPERVISION_OFFICE").await;
        let input = json!({ "idempotencyKey": "agenda-inspection", "campaignId": campaign(&app, &supervision).await, "departmentId": department(&app, &town).await,
            "inspectedOn": "2022-03-14", "summary": "入户台账抽查", "findings": [{ "text": "三户无走访记录", "rectifyBy": "2022-03-15" }] });
        let id = done(&app, &supervision, "inspectionRecord", "inspection { id }", input).await["inspection"]["id"].clone();
        let owes = async || (buttons(&app, &town, "FINDING_OPEN").await, buttons(&app, &supervision, "FINDING_TO_RECHECK").await);
        let towns = (button("rectificationReport", "Inspection"), Vec::new());
        let inspectors = (Vec::new(), button("findingRecheck", "Inspection"));
        assert_eq!(owes().await, towns);
        let open = of(&app, &town, "FINDING_OPEN").await;
        assert_eq!((&open[0]["dueOn"], &open[0]["isOverdue"]), (&json!("2022-03-15"), &json!(true)));
        for (version, result) in [(1, "FAILED"), (2, "PASSED")] {
            let report = json!({ "idempotencyKey": format!("agenda-report-{version}"), "inspectionId": id, "position": 1, "text": "已补访补录", "doneOn": "2022-03-16" });
            done(&app, &town, "rectificationReport", "inspection { id }", report).await;
            assert_eq!(owes().await, inspectors);
            let recheck = json!({ "inspectionId": id, "position": 1, "expectedVersion": version, "result": result, "recheckedOn": "2022-03-16" });
            done(&app, &supervision, "findingRecheck", "inspection { id }", recheck).await;
            assert_eq!(owes().await, if result == "PASSED" { (Vec::new(), Vec::new()) } else { towns.clone() });
        }
        for nobody in [&other, &officer(&app, "CAMPAIGN_OFFICE").await] {
            let all = owed(&app, nobody).await;
            assert!(all.iter().all(|item| item["object"]["kind"] != "Inspection"), "{all:?}");
        }
    }

    async fn a_circular_waits_for_approval_then_for_its_author_then_for_every_department(app: TestApp) {
        let app = app.with_both_counties().await;
        let drafter = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Head).await;
        let (author, office) = (officer(&app, "SUPERVISION_OFFICE").await, officer(&app, "CAMPAIGN_OFFICE").await);
        let (town, other) = (officer(&app, "STS_TOWN").await, officer(&app, "LH_TOWN").await);
        let input = json!({ "idempotencyKey": "agenda-circular", "campaignId": campaign(&app, &drafter).await, "title": "第一期通报", "text": "各单位归类情况如下。",
            "periodFrom": "2022-03-01", "periodTo": "2022-03-31", "rate": "CLASSIFIED" });
        let id = done(&app, &drafter, "circularDraft", "circular { id }", input).await["circular"]["id"].clone();
        let step = |version: i32| json!({ "circularId": id, "expectedVersion": version });
        let everybody = [&drafter, &author, &office, &town, &other];
        let waits = async |kind: &str, action: &str| {
            let mut owing = Vec::new();
            for who in everybody {
                let found = buttons(&app, who, kind).await;
                assert!(found.is_empty() || found == button(action, "Circular"), "{found:?}");
                owing.push(!found.is_empty());
            }
            owing
        };
        assert_eq!(waits("CIRCULAR_TO_APPROVE", "circularApprove").await, [false, false, true, false, false], "never its drafter");
        done(&app, &office, "circularApprove", "circular { id }", step(1)).await;
        assert_eq!(waits("CIRCULAR_TO_APPROVE", "circularApprove").await, [false; 5]);
        assert_eq!(waits("CIRCULAR_TO_ISSUE", "circularIssue").await, [true, true, false, false, false]);
        assert_eq!(waits("CIRCULAR_TO_ACKNOWLEDGE", "circularAcknowledge").await, [false; 5]);
        done(&app, &author, "circularIssue", "circular { id }", step(2)).await;
        assert_eq!(waits("CIRCULAR_TO_ISSUE", "circularIssue").await, [false; 5]);
        assert_eq!(waits("CIRCULAR_TO_ACKNOWLEDGE", "circularAcknowledge").await, [false, false, true, true, true]);
        done(&app, &town, "circularAcknowledge", "circular { id }", json!({ "circularId": id })).await;
        assert_eq!(waits("CIRCULAR_TO_ACKNOWLEDGE", "circularAcknowledge").await, [false, false, true, false, true]);
    }

    async fn villages_are_behind_until_they_reach_their_target(app: TestApp) {
        let app = app.at("2019-10-24T01:00:00Z").await;
        let (committee, town) = (officer(&app, "COMMITTEE_V0101").await, officer(&app, "STS_TOWN").await);
        let data = app.data(&committee, "{ campaigns { id villages(first: 100) { nodes { id code department { code } } } } }", json!({})).await;
        let villages = data["campaigns"][0]["villages"]["nodes"].as_array().unwrap();
        let village = &villages.iter().find(|row| row["code"] == "V0101").unwrap()["id"];
        let of_town = villages.iter().filter(|row| row["department"]["code"] == "STS_TOWN").count();
        let behind = async |who: &Persona| of(&app, who, "VILLAGES_BEHIND").await.iter().map(|item| item["count"].as_u64().unwrap()).sum::<u64>();
        assert_eq!((behind(&committee).await, behind(&town).await), (1, of_town as u64));
        let due = of(&app, &committee, "VILLAGES_BEHIND").await;
        assert_eq!((&due[0]["dueOn"], &due[0]["action"]), (&json!("2019-11-15"), &json!("visitRecord")));
        // 95 of a hundred of its 246 households are 234.
        for (first, last) in [(1, 200), (201, 233), (234, 234)] {
            assert_eq!(behind(&committee).await, 1, "{first}");
            let row = |n: usize| json!({ "clientRef": format!("agenda-{n}"), "villageId": village, "household": n, "visitedOn": "2019-10-20" });
            let rows: Vec<Value> = (first..=last).map(row).collect();
            let input = json!({ "campaignId": data["campaigns"][0]["id"], "rows": rows });
            let done = done(&app, &committee, "visitBatchRecord", "taken", input).await;
            assert_eq!(done["taken"], last - first + 1);
        }
        assert_eq!((behind(&committee).await, behind(&town).await), (0, of_town as u64 - 1));
        for nobody in ["CAMPAIGN_OFFICE", "LEADING_GROUP", "NPC_OFFICE"] {
            assert_eq!(behind(&officer(&app, nobody).await).await, 0, "{nobody}");
        }
    }
}
