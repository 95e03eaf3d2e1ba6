//! Who reviews a summary table: the deputy, or the head where none is in office or the plan says so; never who wrote it.

use chrono::Utc;
use entity::enums::{AuditAction, Position};
use entity::{account, audit_entry};
use minsheng::db::Predicate;
use minsheng::scope::system;
use serde_json::{Value, json};

use super::summary::{Desk, TABLE, codes};
use super::{County, TOWN, campaign, mutate};
use crate::support::personas::{PLANS, Persona, SHUANGLUAN};
use crate::support::{TestApp, on_both_databases};

const NOW: &str = "2019-11-15T01:00:00Z";

/// A table over everything that the township has, ready to be reviewed.
async fn written(desk: &Desk<'_>) -> Value {
    desk.app.receive(TOWN, 2, "2019-11-14T02:00:00Z", true).await;
    let table = desk.draft("MAIN").await["summaryTable"].clone();
    let table = desk.line(&table, 0, true).await["summaryTable"].clone();
    let table = desk.line(&table, 1, true).await;
    assert_eq!(table["userErrors"], json!([]), "{table}");
    table["summaryTable"].clone()
}

/// Writes one of the table's lines anew with the same suggestion.
async fn rewritten(app: &TestApp, who: &Persona, table: &Value, class: usize) -> Value {
    let (_, classes) = campaign(app, who).await;
    let sources = "lines { id sources { nodes { submission { id } } } } id version";
    let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on SummaryTable {{ {sources} }} }} }}");
    let seen = app.data(who, &query, json!({ "id": table["id"] })).await["node"].clone();
    let line = &seen["lines"][class];
    let input = json!({ "summaryTableId": seen["id"], "expectedVersion": seen["version"], "summaryLineId": line["id"],
        "categoryId": classes[class], "text": "村口路灯不亮", "submissionIds": [line["sources"]["nodes"][0]["submission"]["id"]] });
    let done = mutate(app, who, "summaryLinePut", input, TABLE).await;
    assert_eq!(done["userErrors"], json!([]), "{done}");
    done["summaryTable"].clone()
}

/// What the list of what somebody owes says of the table.
async fn turn(app: &TestApp, who: &Persona) -> Value {
    let agenda = app.data(who, "{ viewer { agenda { items { kind action } } } }", json!({})).await;
    let items = agenda["viewer"]["agenda"]["items"].as_array().unwrap().clone();
    items
        .into_iter()
        .find(|item| item["kind"] == "TABLE_DUE")
        .map_or(Value::Null, |item| item["action"].clone())
}

async fn may_review(desk: &Desk<'_>, who: &Persona, table: &Value) -> bool {
    desk.ask(who, table, "permissions { canReview }").await["permissions"]["canReview"] == true
}

/// What the trail says of the reviews, in any order.
async fn trail(app: &TestApp) -> Vec<Value> {
    let tx = app.county_read(SHUANGLUAN).await;
    let lines = tx.from::<audit_entry::Entity>().all().await.unwrap();
    let reviews = lines.into_iter().filter(|line| line.action == AuditAction::SummaryTableReview);
    reviews.map(|line| line.detail).collect()
}

async fn disable(app: &TestApp, who: &Persona) {
    let tx = app.app.db.begin_write(&system::operator(County::parse(SHUANGLUAN).unwrap())).await.unwrap();
    let this = Predicate::is(account::Column::Login, who.login.clone());
    let changes = vec![(account::Column::DisabledAt, Some(Utc::now()).into())];
    assert_eq!(tx.update::<account::Entity>(this, changes).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn the_head_reviews_where_no_deputy_is_in_office_and_the_trail_says_so(app: TestApp) {
        let app = app.at(NOW).await;
        let desk = Desk { app: &app, instant: NOW };
        let table = written(&desk).await;
        let (officer, head) = (desk.who(Position::Officer).await, desk.who(Position::Head).await);
        assert!(may_review(&desk, &head, &table).await && !may_review(&desk, &officer, &table).await);
        assert_eq!((turn(&app, &head).await, turn(&app, &officer).await), (json!("summaryTableReview"), json!("summaryLinePut")));
        assert_eq!(codes(&desk.step("summaryTableReview", &table, &officer).await), ["NOT_ENTITLED"]);
        // The head of another department sees nothing of it, whoever is in office there.
        let stranger = app.persona(SHUANGLUAN, "LH_TOWN", Position::Head).await;
        assert_eq!(codes(&desk.step("summaryTableReview", &table, &stranger).await), ["NOT_FOUND"]);

        let reviewed = desk.step("summaryTableReview", &table, &head).await["summaryTable"].clone();
        assert_eq!(reviewed["status"], "REVIEWED");
        assert_eq!(turn(&app, &head).await, "summaryTableSign");
        assert_eq!(desk.ask(&head, &reviewed, "reviewedBy").await["reviewedBy"], "测试账号（主要负责人）");
        assert_eq!(trail(&app).await, [json!({ "inPlaceOfDeputy": "NO_DEPUTY" })]);
        assert_eq!(desk.step("summaryTableSign", &reviewed, &head).await["summaryTable"]["status"], "SIGNED");
    }

    async fn a_deputy_in_office_reviews_and_one_who_is_disabled_is_none(app: TestApp) {
        let app = app.at(NOW).await;
        let desk = Desk { app: &app, instant: NOW };
        let table = written(&desk).await;
        let (deputy, head) = (desk.who(Position::Deputy).await, desk.who(Position::Head).await);
        // A deputy elsewhere is nobody's here.
        app.persona(SHUANGLUAN, "LH_TOWN", Position::Deputy).await;
        assert!(may_review(&desk, &deputy, &table).await && !may_review(&desk, &head, &table).await);
        assert_eq!((turn(&app, &deputy).await, turn(&app, &head).await), (json!("summaryTableReview"), json!("summaryLinePut")));
        assert_eq!(codes(&desk.step("summaryTableReview", &table, &head).await), ["NOT_ENTITLED"]);
        let reviewed = desk.step("summaryTableReview", &table, &deputy).await["summaryTable"].clone();
        assert_eq!((&reviewed["status"], trail(&app).await), (&json!("REVIEWED"), vec![json!({})]));
        let again = rewritten(&app, &desk.who(Position::Officer).await, &reviewed, 0).await;
        disable(&app, &deputy).await;
        assert!(may_review(&desk, &head, &again).await);
        assert_eq!(turn(&app, &head).await, "summaryTableReview");
        assert_eq!(desk.step("summaryTableReview", &again, &head).await["summaryTable"]["status"], "REVIEWED");
        let told = trail(&app).await;
        assert!(told.len() == 2 && told.contains(&json!({ "inPlaceOfDeputy": "NO_DEPUTY" })), "{told:?}");
    }

    async fn whoever_wrote_a_line_does_not_review_the_table(app: TestApp) {
        let app = app.at(NOW).await;
        let desk = Desk { app: &app, instant: NOW };
        let table = written(&desk).await;
        let (officer, deputy, head) = (desk.who(Position::Officer).await, desk.who(Position::Deputy).await, desk.who(Position::Head).await);
        let table = rewritten(&app, &deputy, &table, 0).await;
        assert!(!may_review(&desk, &deputy, &table).await);
        assert_eq!(turn(&app, &deputy).await, "summaryLinePut");
        assert_eq!(codes(&desk.step("summaryTableReview", &table, &deputy).await), ["NOT_ENTITLED"]);
        // The only deputy wrote it, so that it falls to the head, unless the head wrote of it too.
        assert!(may_review(&desk, &head, &table).await);
        assert_eq!(turn(&app, &head).await, "summaryTableReview");
        let table = rewritten(&app, &head, &table, 1).await;
        assert_eq!(codes(&desk.step("summaryTableReview", &table, &head).await), ["NOT_ENTITLED"]);
        // What somebody else wrote anew is no longer theirs.
        let table = rewritten(&app, &officer, &table, 0).await;
        assert!(may_review(&desk, &deputy, &table).await && !may_review(&desk, &head, &table).await);
        assert_eq!(desk.step("summaryTableReview", &table, &deputy).await["summaryTable"]["status"], "REVIEWED");
    }

    async fn the_head_reviews_beside_the_deputy_where_the_plan_says_so(app: TestApp) {
        let app = app.at(NOW).await;
        let due = "kind = \"SUMMARY_TABLE\"\non = 2019-11-15\n";
        assert!(PLANS[0].1.contains(due));
        app.apply_plan(&PLANS[0].1.replacen(due, &format!("{due}head_reviews = true\n"), 1)).await;
        let desk = Desk { app: &app, instant: NOW };
        let table = written(&desk).await;
        let (deputy, head) = (desk.who(Position::Deputy).await, desk.who(Position::Head).await);
        assert!(may_review(&desk, &deputy, &table).await && may_review(&desk, &head, &table).await);
        for who in [&deputy, &head] {
            assert_eq!(turn(&app, who).await, "summaryTableReview", "{}", who.login);
        }
        assert_eq!(desk.step("summaryTableReview", &table, &head).await["summaryTable"]["status"], "REVIEWED");
        assert_eq!(trail(&app).await, [json!({ "inPlaceOfDeputy": "PLAN" })]);
    }
}
