//! The list as a whole: its order, its end, its cost, and whose it is.

use std::collections::BTreeSet;

use axum::body::Body;

use super::*;
use crate::decision::{campaign, done, entered};
use crate::permissions::portal;
use crate::queries::{fill_with, trips};
use crate::support::personas::HUOQIU;
use crate::support::{on_both_databases, post};

/// Statements of one agenda at most, whatever there is, those that sign the caller in included.
const MOST: u64 = 36;
/// Further ones for what its things name: their campaigns and the department. An object is named by its id alone.
const NAMES: u64 = 2;

const BARE: &str = "{ viewer { agenda { hasMore items { kind title dueOn count action obstacles } } } }";

on_both_databases! {
    async fn what_is_overdue_stands_in_front_and_every_button_is_the_callers_own(app: TestApp) {
        let app = app.with_both_counties().await;
        let operations = app.data(&officer(&app, "CAMPAIGN_OFFICE").await, "{ __type(name: \"Mutation\") { fields { name } } }", json!({})).await;
        let mutations: BTreeSet<&str> = operations["__type"]["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
        let mut many = 0;
        for (county, code, department) in [(SHUANGLUAN, "MXGC-2020", "STS_TOWN"), (SHUANGLUAN, "MXGC-2020", "HOUSING"), (SHUANGLUAN, "MXGC-2020", "SUPERVISION_OFFICE"),
            (SHUANGLUAN, "MXGC-2020", "COMMITTEE_V0101"), (HUOQIU, "MSQT-2022", "T_CHENGGUAN"), (HUOQIU, "MSQT-2022", "CAMPAIGN_OFFICE")] {
            let who = app.persona(county, department, Position::Officer).await;
            if department == "T_CHENGGUAN" {
                entered(&app, &who, "agenda-order").await;
            }
            let agenda = asked(&app, &who).await;
            assert_eq!((&agenda["today"], &agenda["hasMore"]), (&json!("2022-03-16"), &json!(false)));
            let items = agenda["items"].as_array().unwrap();
            let days: Vec<(bool, &str)> = items.iter().map(|item| (item["dueOn"].is_null(), item["dueOn"].as_str().unwrap_or_default())).collect();
            assert!(days.is_sorted(), "{days:?}");
            for item in items {
                assert!(mutations.contains(item["action"].as_str().unwrap()), "{item}");
                assert_eq!(item["isOverdue"] == true, item["dueOn"].as_str().is_some_and(|day| day < "2022-03-16"), "{item}");
                assert_eq!((&item["department"]["code"], &item["campaign"]["code"]), (&json!(department), &json!(code)));
                assert!(!item["object"].is_null(), "{item}");
            }
            many += items.len();
        }
        assert!(many > 10, "only {many} things are owed");
        // Watching owes nothing, and a portal has no agenda at all.
        assert!(owed(&app, &officer(&app, "LEADING_GROUP").await).await.is_empty());
        let (_, answer) = app.graphql(Some(&portal(&app).await), "{ viewer { agenda { hasMore } } }", json!({})).await;
        assert_eq!(answer, json!({ "data": { "viewer": { "agenda": null } } }));
    }

    async fn a_title_is_in_the_callers_language(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = officer(&app, "STS_TOWN").await;
        let title = async |language: &str| {
            let body = json!({ "query": "{ viewer { agenda { items { kind title } } } }" }).to_string();
            let request = post().header("accept-language", language).header("authorization", format!("Bearer {}", town.token));
            let (_, _, text) = app.send(request.body(Body::from(body)).unwrap()).await;
            let answer: Value = serde_json::from_str(&text).unwrap();
            let items = answer["data"]["viewer"]["agenda"]["items"].as_array().unwrap().iter();
            items.clone().find(|item| item["kind"] == "ROSTER_DUE").unwrap()["title"].clone()
        };
        assert_eq!((title("en").await, title("zh-CN").await), (json!("Hand in the roster of responsible persons"), json!("报送责任人名单")));
    }

    async fn a_long_list_is_cut_at_its_end_and_says_so(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = officer(&app, "STS_TOWN").await;
        let campaign = campaign(&app, &town).await;
        for n in 0..101 {
            let input = json!({ "idempotencyKey": format!("agenda-many-{n:03}"), "campaignId": campaign, "text": format!("第{n:03}件"), "owner": "副书记乙", "dueOn": "2030-01-01" });
            done(&app, &town, "taskCreate", "task { id }", input).await;
        }
        let agenda = asked(&app, &town).await;
        let items = agenda["items"].as_array().unwrap();
        assert_eq!((items.len(), &agenda["hasMore"]), (100, &json!(true)));
        // What is due earlier pushed the last of them out, and not the other way.
        assert!(items.iter().any(|item| item["kind"] == "REPORT_DUE"));
        assert!(items.iter().all(|item| !item["dueOn"].is_null()));
    }

    async fn the_cost_does_not_grow_with_the_suggestions(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        // A connection's first use of a statement costs trips of its own.
        trips(&app, &town, AGENDA).await;
        let mut spent = Vec::new();
        for rows in [24, 300, 600] {
            fill_with(&app, rows).await;
            spent.push((trips(&app, &town, BARE).await, trips(&app, &town, AGENDA).await));
        }
        assert_eq!(spent[0], spent[1], "{spent:?}");
        assert_eq!(spent[1], spent[2], "{spent:?}");
        assert!(spent[0].0 <= MOST && spent[0].1 <= spent[0].0 + NAMES, "{spent:?}");
    }

    async fn the_cost_is_bounded_where_everything_is_owed_at_once(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        let town = officer(&app, "STS_TOWN").await;
        let desk = crate::reporting::Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        desk.draft("MAIN").await;
        trips(&app, &town, AGENDA).await;
        let mut spent = BTreeSet::new();
        for many in [5, 400] {
            app.receive("STS_TOWN", many, "2019-11-14T02:00:00Z", true).await;
            app.receive("STS_TOWN", many, "2019-11-14T02:00:00Z", false).await;
            spent.insert((trips(&app, &town, BARE).await, trips(&app, &town, AGENDA).await));
        }
        assert_eq!(spent.len(), 1, "{spent:?}");
        assert!(spent.iter().all(|(bare, whole)| *bare <= MOST && *whole <= bare + NAMES), "{spent:?}");
    }
}
