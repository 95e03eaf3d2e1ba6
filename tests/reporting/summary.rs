//! Summary tables: from draft to acceptance, what refuses a signature, returns, and what came later.

use std::collections::BTreeSet;

use entity::enums::Position;
use serde_json::{Value, json};

use super::{TOWN, campaign, mutate};
use crate::support::personas::Persona;
use crate::support::{Backend, TestApp, code, on_both_databases};

pub(super) const TABLE: &str = "summaryTable { id version status kind number edition lines { id count proposers beneficiaries urgency villages } obstacles { code message } warnings { code message }
    permissions { canEditLines canReview canSign canAttachScan canAccept canReturn canRevise } signedBy returnReason former { id } outstanding { unclassified untabled } }";

/// The people of one township and the office, as they work on one table.
pub(crate) struct Desk<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) instant: &'a str,
}

impl Desk<'_> {
    pub(crate) async fn who(&self, position: Position) -> Persona {
        self.app.later(self.instant, TOWN, position).await
    }

    pub(crate) async fn office(&self) -> Persona {
        self.app.later(self.instant, "CAMPAIGN_OFFICE", Position::Officer).await
    }

    /// Begins a table.
    pub(crate) async fn draft(&self, kind: &str) -> Value {
        let clerk = self.who(Position::Officer).await;
        let (campaign, _) = campaign(self.app, &clerk).await;
        let key = format!("draft-{kind}-{}", self.instant);
        let input = json!({ "idempotencyKey": key, "campaignId": campaign, "kind": kind });
        mutate(self.app, &clerk, "summaryTableDraft", input, TABLE).await
    }

    /// Writes a line with everything of a class that is in none yet.
    pub(crate) async fn line(&self, table: &Value, class: usize, project: bool) -> Value {
        let clerk = self.who(Position::Officer).await;
        let (_, classes) = campaign(self.app, &clerk).await;
        let project = project.then(|| json!({ "content": "更换路灯 120 盏", "estimatedCost": 240_000, "funding": "区财政", "owner": "区城管局", "startOn": "2020-03-01", "finishOn": "2020-06-30", "beneficiaries": 3_000 }));
        let input = json!({ "summaryTableId": table["id"], "expectedVersion": table["version"], "categoryId": classes[class], "text": "村口、巷内路灯不亮", "takesRemaining": true, "project": project });
        mutate(self.app, &clerk, "summaryLinePut", input, TABLE).await
    }

    /// Takes one of the steps that need nothing but the version.
    pub(crate) async fn step(&self, field: &str, table: &Value, who: &Persona) -> Value {
        let mut input = json!({ "summaryTableId": table["id"], "expectedVersion": table["version"] });
        if field == "summaryTableReturn" {
            input["reason"] = json!("第二行请谋划为项目");
        }
        mutate(self.app, who, field, input, TABLE).await
    }

    /// Review and signature.
    pub(crate) async fn sign(&self, table: &Value) -> Value {
        let reviewed = self.step("summaryTableReview", table, &self.who(Position::Deputy).await).await;
        assert_eq!(reviewed["userErrors"], json!([]), "{reviewed}");
        self.step("summaryTableSign", &reviewed["summaryTable"], &self.who(Position::Head).await).await
    }

    /// A table over everything, signed.
    pub(crate) async fn signed(&self) -> Value {
        let table = self.draft("MAIN").await;
        let table = self.line(&table["summaryTable"], 0, true).await;
        let table = self.line(&table["summaryTable"], 1, false).await;
        assert_eq!(table["userErrors"], json!([]), "{table}");
        let signed = self.sign(&table["summaryTable"]).await;
        assert_eq!(signed["userErrors"], json!([]), "{signed}");
        signed["summaryTable"].clone()
    }

    pub(crate) async fn ask(&self, who: &Persona, table: &Value, selection: &str) -> Value {
        let query =
            format!("query ($id: ID!) {{ node(id: $id) {{ ... on SummaryTable {{ {selection} }} }} }}");
        self.app.data(who, &query, json!({ "id": table["id"] })).await["node"].clone()
    }
}

pub(super) fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().unwrap().iter();
    errors.map(|error| error["code"].as_str().unwrap()).collect()
}

/// The refusals that belong to what is handed in, each reached; for the list of all codes.
pub(crate) async fn refusals(backend: Backend) -> BTreeSet<String> {
    let app = TestApp::start(backend).await;
    let app = app.at("2019-11-01T01:00:00Z").await;
    let clerk = app.later("2019-11-01T01:00:00Z", TOWN, Position::Officer).await;
    let (id, _) = campaign(&app, &clerk).await;
    let input = json!({ "idempotencyKey": "of-no-period", "campaignId": id, "periodEnd": "2019-11-15", "narrative": "入户。" });
    let to_come = mutate(&app, &clerk, "weeklyReportSubmit", input, "weeklyReport { id }").await;
    app.app.clock.set("2019-11-15T01:00:00Z".parse().unwrap());
    app.receive(TOWN, 2, "2019-11-14T02:00:00Z", false).await;
    app.receive(TOWN, 2, "2019-11-14T02:00:00Z", true).await;
    let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
    let table = desk.draft("MAIN").await;
    let early =
        desk.step("summaryTableReview", &table["summaryTable"], &desk.who(Position::Officer).await).await;
    let bare = desk.line(&table["summaryTable"], 0, false).await;
    let refused = desk.sign(&bare["summaryTable"]).await;
    let found = [&early, &refused, &to_come].into_iter().flat_map(codes);
    found.map(str::to_owned).collect()
}

on_both_databases! {
    async fn a_table_is_signed_by_the_head_after_the_deputy_and_only_when_nothing_is_left_out(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, 6, "2019-11-14T02:00:00Z", true).await;
        app.receive(TOWN, 1, "2019-11-14T02:00:00Z", false).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let table = desk.draft("MAIN").await["summaryTable"].clone();
        assert_eq!((&table["status"], &table["number"], &table["edition"]), (&json!("DRAFT"), &json!(1), &json!(1)));
        assert_eq!(table["outstanding"], json!({ "unclassified": 1, "untabled": 6 }));
        assert_eq!(codes(&desk.draft("SUPPLEMENTARY").await), ["DUPLICATE"]);
        let bare = desk.line(&table, 0, false).await["summaryTable"].clone();
        let line = &bare["lines"][0];
        assert_eq!((&line["count"], &line["proposers"], &line["beneficiaries"], &line["urgency"]), (&json!(3), &json!(3), &json!(30), &json!("NORMAL")), "{line}");
        assert_eq!(codes(&desk.line(&table, 1, false).await), ["STALE_VERSION"]);
        let told: Vec<&Value> = bare["obstacles"].as_array().unwrap().iter().map(|obstacle| &obstacle["code"]).collect();
        assert_eq!(told, ["UNCLASSIFIED", "NOT_COVERED"]);
        assert_eq!(bare["warnings"][0]["code"], "BARE_LIST", "told, and no obstacle: {bare}");
        assert!(bare["obstacles"][1]["message"].as_str().unwrap().contains("3 件"), "{bare}");

        let (officer, deputy, head) = (desk.who(Position::Officer).await, desk.who(Position::Deputy).await, desk.who(Position::Head).await);
        for who in [&officer, &head] {
            assert_eq!(codes(&desk.step("summaryTableReview", &bare, who).await), ["NOT_ENTITLED"]);
        }
        assert_eq!(codes(&desk.step("summaryTableSign", &bare, &head).await), ["WRONG_STAGE"], "not before the review");
        let reviewed = desk.step("summaryTableReview", &bare, &deputy).await["summaryTable"].clone();
        assert_eq!(reviewed["status"], "REVIEWED");
        assert_eq!(codes(&desk.step("summaryTableSign", &reviewed, &deputy).await), ["NOT_ENTITLED"]);
        assert_eq!(codes(&desk.step("summaryTableSign", &reviewed, &head).await), ["UNCLASSIFIED", "NOT_COVERED"]);
        assert_eq!(desk.ask(&head, &reviewed, "permissions { canSign }").await["permissions"]["canSign"], false);

        let again = desk.line(&reviewed, 1, true).await["summaryTable"].clone();
        assert_eq!(again["status"], "DRAFT", "whoever changes a reviewed table has it reviewed again");
        classify_all(&app, &officer).await;
        let refused = desk.sign(&again).await;
        assert_eq!(codes(&refused), ["NOT_COVERED"], "the one that was classified just now");
        let all = desk.ask(&officer, &again, "id version").await;
        let all = desk.line(&all, 0, false).await["summaryTable"].clone();
        assert_eq!((&all["obstacles"], &all["warnings"]), (&json!([]), &json!([])), "{all}");
        let signed = desk.sign(&all).await["summaryTable"].clone();
        assert_eq!((&signed["status"], &signed["signedBy"]), (&json!("SIGNED"), &json!("测试账号（主要负责人）")));
        assert_eq!(signed["outstanding"], json!({ "unclassified": 0, "untabled": 0 }));
        for field in ["summaryTableReview", "summaryTableRevise"] {
            assert_eq!(codes(&desk.step(field, &signed, &deputy).await), ["WRONG_STAGE"], "{field}");
        }
        assert_eq!(codes(&desk.line(&signed, 0, false).await), ["WRONG_STAGE"]);
        let (_, forbidden) = app.graphql(Some(&head.token), "mutation ($id: ID!) { summaryTableAccept(input: { summaryTableId: $id, expectedVersion: 1 }) { userErrors { code } } }", json!({ "id": signed["id"] })).await;
        assert_eq!(code(&forbidden), "FORBIDDEN");
    }

    async fn a_returned_table_stays_and_its_next_edition_is_signed_anew(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let first = desk.signed().await;
        let clerk = desk.who(Position::Officer).await;
        let pdf = { use base64::Engine as _; base64::prelude::BASE64_STANDARD.encode(b"%PDF-1.7 sealed page") };
        let scan = json!({ "summaryTableId": first["id"], "expectedVersion": first["version"], "content": pdf });
        let attached = mutate(&app, &clerk, "summaryTableScanAttach", scan.clone(), "summaryTable { version scan { mediaType content sha256 } }").await;
        assert_eq!(attached["summaryTable"]["scan"]["content"], pdf);
        let mut svg = scan;
        svg["expectedVersion"] = attached["summaryTable"]["version"].clone();
        svg["content"] = json!("PHN2Zz4=");
        assert_eq!(codes(&mutate(&app, &clerk, "summaryTableScanAttach", svg, "summaryTable { id }").await), ["INVALID"]);

        let office = desk.office().await;
        let first = desk.ask(&office, &first, "id version permissions { canAccept canReturn canRevise canSign }").await;
        assert_eq!(first["permissions"], json!({ "canAccept": true, "canReturn": true, "canRevise": false, "canSign": false }));
        let returned = desk.step("summaryTableReturn", &first, &office).await["summaryTable"].clone();
        assert_eq!((&returned["status"], &returned["returnReason"]), (&json!("RETURNED"), &json!("第二行请谋划为项目")));
        let status = "query ($id: ID!) { summaryTableStatus(campaignId: $id) { state department { code } lineCount projectCount } }";
        let (id, _) = campaign(&app, &office).await;
        let standing = async |who: &Persona| {
            let data = app.data(who, status, json!({ "id": id })).await;
            let rows = data["summaryTableStatus"].as_array().unwrap().clone();
            rows.into_iter().find(|row| row["department"]["code"] == TOWN).unwrap()
        };
        assert_eq!(standing(&office).await["state"], "RETURNED");
        let document = desk.ask(&office, &first, "document sha256").await;

        let clerk = desk.who(Position::Officer).await;
        let next = desk.step("summaryTableRevise", &returned, &clerk).await["summaryTable"].clone();
        assert_eq!((&next["edition"], &next["number"], &next["status"], &next["former"]["id"]), (&json!(2), &json!(1), &json!("DRAFT"), &returned["id"]));
        assert_eq!(next["lines"].as_array().unwrap().len(), 2);
        assert_eq!(codes(&desk.step("summaryTableRevise", &returned, &clerk).await), ["WRONG_STAGE"], "it has a next edition");
        assert_eq!(standing(&clerk).await["state"], "RETURNED");
        let signed = desk.sign(&next).await["summaryTable"].clone();
        let office = desk.office().await;
        let accepted = desk.step("summaryTableAccept", &signed, &office).await["summaryTable"].clone();
        assert_eq!(accepted["status"], "ACCEPTED");
        let standing = standing(&office).await;
        assert_eq!((&standing["state"], &standing["lineCount"], &standing["projectCount"]), (&json!("ON_TIME"), &json!(2), &json!(1)));
        assert_eq!(desk.ask(&office, &first, "document sha256").await, document, "the former is as it was");
        assert_ne!(desk.ask(&office, &next, "document sha256").await, document);
        let list = "query ($id: ID!) { summaryTables(campaignId: $id, filter: { statuses: [RETURNED] }) { totalCount nodes { edition } } }";
        let listed = app.data(&office, list, json!({ "id": id })).await;
        assert_eq!(listed["summaryTables"], json!({ "totalCount": 1, "nodes": [{ "edition": 1 }] }));
    }

    async fn what_came_after_the_signature_goes_into_a_supplementary_table(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        assert_eq!(codes(&desk.draft("SUPPLEMENTARY").await), ["WRONG_STAGE"]);
        let main = desk.signed().await;
        let desk = Desk { app: &app, instant: "2019-11-15T02:00:00Z" };
        assert_eq!(codes(&desk.draft("MAIN").await), ["DUPLICATE"]);
        app.receive(TOWN, 3, "2019-11-18T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-19T01:00:00Z" };
        let head = desk.who(Position::Head).await;
        let asked = desk.ask(&head, &main, "outstanding { untabled unclassified } diff { newSince lines { count } }").await;
        assert_eq!(asked, json!({ "outstanding": { "untabled": 3, "unclassified": 0 }, "diff": { "newSince": 3, "lines": [] } }));
        let further = desk.draft("SUPPLEMENTARY").await["summaryTable"].clone();
        assert_eq!(further["number"], 2);
        let further = desk.line(&further, 0, true).await["summaryTable"].clone();
        assert_eq!(further["lines"][0]["count"], 2);
        assert_eq!(codes(&desk.sign(&further).await), ["NOT_COVERED"]);
        let further = desk.ask(&head, &further, "id version").await;
        let further = desk.line(&further, 1, false).await["summaryTable"].clone();
        assert_eq!(desk.sign(&further).await["summaryTable"]["status"], "SIGNED");
        let head = desk.who(Position::Head).await;
        assert_eq!(desk.ask(&head, &main, "outstanding { untabled }").await["outstanding"]["untabled"], 0);
    }

    async fn a_bare_list_is_told_to_whoever_reviews_signs_and_accepts_and_stops_nobody(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let table = desk.draft("MAIN").await["summaryTable"].clone();
        assert_eq!(table["warnings"], json!([]), "nothing is listed yet");
        let table = desk.line(&table, 0, false).await["summaryTable"].clone();
        let table = desk.line(&table, 1, false).await["summaryTable"].clone();
        let told = async |who: &Persona, table: &Value| desk.ask(who, table, "warnings { code } obstacles { code }").await;
        let bare = json!({ "warnings": [{ "code": "BARE_LIST" }], "obstacles": [] });
        for position in [Position::Deputy, Position::Head] {
            assert_eq!(told(&desk.who(position).await, &table).await, bare, "{position:?}");
        }
        assert!(table["warnings"][0]["message"].as_str().unwrap().contains("2 行"), "{table}");
        let signed = desk.sign(&table).await;
        assert_eq!((codes(&signed), &signed["summaryTable"]["status"]), (vec![], &json!("SIGNED")));
        let office = desk.office().await;
        assert_eq!(told(&office, &signed["summaryTable"]).await, bare, "the office decides whether it takes that");
        let stranger = app.persona(crate::support::personas::SHUANGLUAN, "LH_TOWN", Position::Head).await;
        assert_eq!(told(&stranger, &signed["summaryTable"]).await, Value::Null);
        let accepted = desk.step("summaryTableAccept", &signed["summaryTable"], &office).await;
        assert_eq!(accepted["summaryTable"]["status"], "ACCEPTED");

        // Late items, none of which leads to a project.
        app.receive(TOWN, 5, "2019-11-18T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-19T01:00:00Z" };
        let late = desk.draft("SUPPLEMENTARY").await["summaryTable"].clone();
        let late = desk.line(&late, 0, false).await["summaryTable"].clone();
        let late = desk.line(&late, 1, false).await["summaryTable"].clone();
        let signed = desk.sign(&late).await;
        assert_eq!((codes(&signed), &signed["summaryTable"]["status"]), (vec![], &json!("SIGNED")));
        assert_eq!(signed["summaryTable"]["warnings"][0]["code"], "BARE_LIST");
    }

    async fn a_suggestion_stands_in_one_line_of_its_own_class_and_department(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        app.receive("LH_TOWN", 2, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let table = desk.draft("MAIN").await["summaryTable"].clone();
        let table = desk.line(&table, 0, true).await["summaryTable"].clone();
        let clerk = desk.who(Position::Officer).await;
        let (_, classes) = campaign(&app, &clerk).await;
        let own = app.data(&clerk, "{ submissions { nodes { id category { id } } } }", json!({})).await;
        let of_class = |class: &Value| {
            let mut rows = own["submissions"]["nodes"].as_array().unwrap().iter();
            rows.find(|row| row["category"]["id"] == *class).unwrap()["id"].clone()
        };
        let foreign = app.persona(crate::support::personas::SHUANGLUAN, "LH_TOWN", Position::Officer).await;
        let theirs = app.data(&foreign, "{ submissions { nodes { id } } }", json!({})).await["submissions"]["nodes"][0]["id"].clone();
        let put = async |version: &Value, ids: Value| {
            let input = json!({ "summaryTableId": table["id"], "expectedVersion": version, "categoryId": classes[1], "text": "修路", "submissionIds": ids });
            mutate(&app, &clerk, "summaryLinePut", input, TABLE).await
        };
        for (ids, wanted) in [(json!([of_class(&classes[0])]), "WRONG_STAGE"), (json!([theirs]), "NOT_FOUND"), (json!([]), "INVALID"), (json!(["x"]), "NOT_FOUND")] {
            let refused = put(&table["version"], ids.clone()).await;
            assert_eq!(codes(&refused), [wanted], "{ids}");
        }
        let done = put(&table["version"], json!([of_class(&classes[1])])).await["summaryTable"].clone();
        assert_eq!(codes(&put(&done["version"], json!([of_class(&classes[1])])).await), ["DUPLICATE"]);
        let remove = json!({ "summaryTableId": table["id"], "expectedVersion": done["version"], "summaryLineId": done["lines"][1]["id"] });
        let removed = mutate(&app, &clerk, "summaryLineRemove", remove, TABLE).await["summaryTable"].clone();
        assert_eq!(removed["lines"].as_array().unwrap().len(), 1);
        assert_eq!(codes(&put(&removed["version"], json!([of_class(&classes[1])])).await), [""; 0]);
        let seen = app.data(&foreign, "query ($id: ID!) { node(id: $id) { id } }", json!({ "id": table["id"] })).await;
        assert_eq!(seen["node"], Value::Null);
        let input = json!({ "summaryTableId": table["id"], "expectedVersion": 3 });
        let deputy = app.persona(crate::support::personas::SHUANGLUAN, "LH_TOWN", Position::Deputy).await;
        assert_eq!(codes(&mutate(&app, &deputy, "summaryTableReview", input, TABLE).await), ["NOT_FOUND"]);
    }
}

/// Puts everything that is in no class into the first one.
async fn classify_all(app: &TestApp, clerk: &Persona) {
    let (_, classes) = campaign(app, clerk).await;
    let waiting = app
        .data(clerk, "{ submissions(filter: { stages: [RECEIVED] }) { nodes { id version } } }", json!({}))
        .await;
    for row in waiting["submissions"]["nodes"].as_array().unwrap() {
        let input =
            json!({ "submissionId": row["id"], "expectedVersion": row["version"], "categoryId": classes[0] });
        let done = mutate(app, clerk, "submissionClassify", input, "submission { stage }").await;
        assert_eq!(done["submission"]["stage"], "CLASSIFIED");
    }
}
