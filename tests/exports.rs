//! Exports: the list as a file, no row more and no row less, to nobody else and not for long.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use entity::enums::{Position, Stage, SubmissionKind, Urgency};
use entity::labels::{Label, Labelled as _};
use futures::StreamExt as _;
use minsheng::http::HttpSettings;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::permissions::portal;
use crate::queries::{fill_with, filters, words};
use crate::shares::readers;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::truth::Raw;
use crate::support::{TestApp, code, on_both_databases};

const EXPORT: &str = "mutation ($input: SubmissionExportInput!) { submissionExport(input: $input) {
    export { url expiresAt fileName } userErrors { code field message } } }";

const LEDGER: &str = "submissionExport";

/// Rows that no two buffers between the database and a client hold.
const MANY: usize = 5_500;

/// What a fetch came to.
struct Fetched {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

async fn ask(app: &TestApp, who: &Persona, input: Value) -> Value {
    let data = app.data(who, EXPORT, json!({ "input": input })).await;
    data["submissionExport"].clone()
}

async fn address(app: &TestApp, who: &Persona, filter: &Value, format: &str) -> String {
    let input = json!({ "filter": filter, "format": format });
    let asked = ask(app, who, input).await;
    asked["export"]["url"].as_str().unwrap().to_owned()
}

async fn open(app: &TestApp, url: &str, bearer: Option<&str>) -> Response {
    let mut request = Request::builder().uri(url);
    if let Some(bearer) = bearer {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    let mut request = request.body(Body::empty()).unwrap();
    let peer = SocketAddr::from(([127, 0, 0, 1], 40_000));
    request.extensions_mut().insert(ConnectInfo(peer));
    app.router.clone().oneshot(request).await.unwrap()
}

async fn fetch(app: &TestApp, url: &str) -> Fetched {
    let (parts, body) = open(app, url, None).await.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Fetched { status: parts.status, headers: parts.headers, bytes }
}

/// The rows of a text file, its headings first.
pub(crate) async fn table(app: &TestApp, who: &Persona, filter: &Value) -> Vec<Vec<String>> {
    let url = address(app, who, filter, "CSV").await;
    let fetched = fetch(app, &url).await;
    assert_eq!(fetched.status, 200);
    rows(&fetched.bytes)
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let records = reader.records().map(Result::unwrap);
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

fn column(table: &[Vec<String>], heading: &str) -> Vec<String> {
    let place = table[0].iter().position(|name| name == heading);
    let place = place.unwrap_or_else(|| panic!("no column {heading} in {:?}", table[0]));
    table[1..].iter().map(|row| row[place].clone()).collect()
}

/// The numbers of the list, page by page.
async fn numbers(app: &TestApp, who: &Persona, filter: &Value, direction: &str) -> Vec<String> {
    let query = "query ($filter: SubmissionFilter, $after: String, $direction: OrderDirection!) {
        submissions(first: 100, after: $after, filter: $filter, orderBy: { direction: $direction }) {
            nodes { number } pageInfo { hasNextPage endCursor } } }";
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "filter": filter, "after": after, "direction": direction });
        let data = app.data(who, query, variables).await;
        let nodes = data["submissions"]["nodes"].as_array().unwrap();
        all.extend(nodes.iter().map(|node| node["number"].as_str().unwrap().to_owned()));
        let info = &data["submissions"]["pageInfo"];
        if info["hasNextPage"] == false {
            return all;
        }
        after = info["endCursor"].clone();
    }
}

async fn clerk(app: &TestApp) -> Persona {
    app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await
}

async fn department_id(app: &TestApp, who: &Persona) -> Value {
    let data = app.data(who, "{ viewer { post { department { id } } } }", json!({})).await;
    data["viewer"]["post"]["department"]["id"].clone()
}

async fn leader(app: &TestApp) -> Persona {
    app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await
}

/// Enters a suggestion whose text tries to be a formula, and gives it as its own department's list shows it.
async fn enter_formula(app: &TestApp, who: &Persona) -> Value {
    let channel = app.channel_id(who, "HOUSEHOLD_VISIT").await;
    let record = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) { submission { number person { name phone } } userErrors { code field message } } }";
    let input = json!({
        "idempotencyKey": "formula-0001", "channelId": channel, "title": "=HYPERLINK(\"http://x\",\"路灯\")",
        "content": "@电话13812345678，\n“换行”,逗号", "name": "欧阳测试", "phone": "13900001111",
    });
    let data = app.data(who, record, json!({ "input": input })).await;
    let made = data["submissionRecord"]["submission"].clone();
    assert!(made.is_object(), "{data}");
    made
}

/// Reads what is left; says whether it ended as a whole.
async fn drained(mut body: BodyDataStream) -> bool {
    while let Some(chunk) = body.next().await {
        if chunk.is_err() {
            return false;
        }
    }
    true
}

on_both_databases! {
    async fn a_file_holds_the_list_of_every_filter_in_its_order(app: TestApp) {
        let app = app.with_both_counties().await;
        fill_with(&app, 240).await;
        let (clerk, leader) = (clerk(&app).await, leader(&app).await);
        let chosen = filters(words(&app, &leader).await);
        let mut runner = TestRunner::default();
        let mut found = 0;
        for _ in 0..20 {
            let filter = chosen.new_tree(&mut runner).unwrap().current();
            for who in [&clerk, &leader] {
                let listed = numbers(&app, who, &filter, "DESC").await;
                let exported = table(&app, who, &filter).await;
                assert_eq!(column(&exported, "编号"), listed, "{filter}");
                found += listed.len();
            }
        }
        assert!(found > 120, "{found}");
        let input = json!({ "format": "CSV", "orderBy": { "direction": "ASC" } });
        let asked = ask(&app, &leader, input).await;
        let oldest = fetch(&app, asked["export"]["url"].as_str().unwrap()).await;
        assert_eq!(column(&rows(&oldest.bytes), "编号"), numbers(&app, &leader, &json!({}), "ASC").await);
    }

    async fn every_value_is_as_its_viewer_sees_it_and_none_is_a_formula(app: TestApp) {
        let app = app.with_both_counties().await;
        let (clerk, leader) = (clerk(&app).await, leader(&app).await);
        let made = enter_formula(&app, &clerk).await;
        let own = table(&app, &clerk, &json!({})).await;
        assert_eq!(column(&own, "标题"), ["'=HYPERLINK(\"http://x\",\"路灯\")"]);
        assert_eq!(column(&own, "内容"), ["'@电话13812345678，\n“换行”,逗号"]);
        assert_eq!(column(&own, "提出人"), [made["person"]["name"].as_str().unwrap()]);
        assert_eq!(column(&own, "联系电话"), [made["person"]["phone"].as_str().unwrap()]);
        assert_eq!(column(&own, "收到时间"), ["2022-03-16 09:30:00"]);

        let query = "{ submissions { nodes { title content department { name } channel { name } } } }";
        let seen = app.data(&leader, query, json!({})).await["submissions"]["nodes"][0].clone();
        let all = table(&app, &leader, &json!({})).await;
        assert!(!all[0].iter().any(|heading| heading == "提出人" || heading == "联系电话"));
        assert_eq!(column(&all, "内容")[0], format!("'{}", seen["content"].as_str().unwrap()));
        assert_eq!(column(&all, "征集单位"), [seen["department"]["name"].as_str().unwrap()]);
        assert_eq!(column(&all, "渠道"), [seen["channel"]["name"].as_str().unwrap()]);
        let text = format!("{own:?}{all:?}");
        assert!(!text.contains("欧阳测试") && !text.contains("13900001111"));
        assert!(!format!("{all:?}").contains("13812345678"), "the leadership sees no numbers");
    }

    async fn a_workbook_and_a_document_hold_the_same(app: TestApp) {
        let app = app.with_both_counties().await;
        fill_with(&app, 30).await;
        let clerk = clerk(&app).await;
        let made = enter_formula(&app, &clerk).await;
        let url = address(&app, &clerk, &json!({}), "XLSX").await;
        let fetched = fetch(&app, &url).await;
        let disposition = fetched.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.ends_with("-2022-03-16.xlsx") && disposition.contains("UTF-8''%E6"), "{disposition}");
        assert_eq!(fetched.headers["cache-control"], "no-store");
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(fetched.bytes)).unwrap();
        let sheet = book.worksheet_range("意见建议台账").unwrap();
        let texts = table(&app, &clerk, &json!({})).await;
        assert_eq!(sheet.height(), texts.len());
        for (cells, row) in sheet.rows().zip(&texts).skip(1) {
            assert_eq!(cells[0], Data::String(row[0].clone()));
            assert!(matches!(&cells[1], Data::String(title) if row[1].ends_with(title)));
            let received = NaiveDateTime::parse_from_str(&row[17], "%Y-%m-%d %H:%M:%S").unwrap();
            let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap().and_hms_opt(0, 0, 0).unwrap();
            let seconds = (received - epoch).num_seconds().to_string();
            assert!(matches!(&cells[17], Data::DateTime(at) if format!("{:.0}", at.as_f64() * 86_400.0) == seconds));
        }
        let own = sheet.rows().find(|row| row[0] == Data::String(made["number"].as_str().unwrap().to_owned())).unwrap();
        assert_eq!(own[1], Data::String("=HYPERLINK(\"http://x\",\"路灯\")".to_owned()));
        assert!(book.worksheet_formula("意见建议台账").unwrap().used_cells().next().is_none());

        let url = address(&app, &clerk, &json!({}), "DOCX").await;
        let fetched = fetch(&app, &url).await;
        assert!(fetched.bytes.starts_with(b"PK\x03\x04"), "{}", fetched.status);
    }

    async fn a_printed_ledger_can_be_signed_filed_and_found_again(app: TestApp) {
        let app = app.with_both_counties().await;
        fill_with(&app, 60).await;
        let (clerk, leader) = (clerk(&app).await, leader(&app).await);
        enter_formula(&app, &clerk).await;
        let neighbour = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let year = json!({ "receivedFrom": "2022-01-01", "receivedTo": "2022-12-31" });
        let mut printed = Vec::new();
        for who in [&clerk, &neighbour, &leader] {
            let department = app.data(who, "{ viewer { post { department { name } } } }", json!({})).await;
            let department = department["viewer"]["post"]["department"]["name"].as_str().unwrap();
            let paper = app.paper(who, LEDGER, json!({ "filter": year })).await;
            paper.is_to_be_filled_in();
            let around = paper.around();
            for told in [format!("{department}意见建议台账"), format!("单位：{department}　　收到日期：2022-01-01 至 2022-12-31\n"),
                format!("打印人：测试账号（{department}）　　打印时间：2022-03-16 09:30"), "经办人（签字）".to_owned()] {
                assert!(around.contains(&told), "{told} in {around}");
            }
            assert_eq!(paper.rows[0], ["序号", "编号", "标题", "内容", "办理环节", "类别", "征集单位", "收到时间", "办理意见"]);
            let listed = numbers(&app, who, &year, "DESC").await;
            assert_eq!(column(&paper.rows, "编号"), listed);
            let places: Vec<String> = (1..=listed.len()).map(|place| place.to_string()).collect();
            assert_eq!(column(&paper.rows, "序号"), places);
            assert!(column(&paper.rows, "办理意见").iter().all(String::is_empty), "room to write in");
            printed.push((paper, listed));
        }
        let [(own, listed), (others, _), (all, _)] = <[_; 3]>::try_from(printed).ok().unwrap();
        assert!(own.file.contains("13812345678"), "the collector reads its texts");
        assert!(!all.file.contains("13812345678") && !all.file.contains("欧阳测试"), "the leadership reads them masked");
        assert!(!listed.is_empty() && listed.iter().all(|number| !others.file.contains(number)));

        let named = json!({ "departmentIds": [department_id(&app, &neighbour).await], "kinds": ["PRAISE"] });
        let around = app.paper(&leader, LEDGER, json!({ "filter": named })).await.around();
        assert!(around.contains("河口镇意见建议台账") && around.contains("收到日期：不限（另有筛选条件）"), "{around}");
        // What is for paper alone stands in no other file.
        let table = table(&app, &clerk, &json!({})).await;
        assert!(!table[0].iter().any(|heading| ["序号", "办理意见"].contains(&&**heading)), "{:?}", table[0]);
        assert_eq!(app.worksheet(&clerk, LEDGER, json!({})).await[0].len(), table[0].len());
    }

    async fn a_file_says_the_words_of_its_callers_language_and_no_codes(app: TestApp) {
        let app = app.with_both_counties().await;
        fill_with(&app, 60).await;
        let leader = leader(&app).await;
        let zh = table(&app, &leader, &json!({})).await;
        let en = app.carried_in_english(&leader, LEDGER, json!({})).await;
        for (chinese, english, labels) in [
            ("诉求类型", "Kind", SubmissionKind::ALL.iter().map(|one| one.label()).collect::<Vec<Label>>()),
            ("办理环节", "Stage", Stage::ALL.iter().map(|one| one.label()).collect()),
            ("紧急程度", "Urgency", Urgency::ALL.iter().map(|one| one.label()).collect()),
        ] {
            let pairs: Vec<(String, String)> = column(&zh, chinese).into_iter().zip(column(&en, english)).collect();
            assert_eq!(pairs.len(), 60);
            for pair in pairs {
                assert!(labels.iter().any(|label| (label.zh, label.en) == (&*pair.0, &*pair.1)), "{pair:?}");
            }
        }
    }

    async fn scope_binds_a_file_as_it_binds_the_list(app: TestApp) {
        let app = app.with_both_counties().await;
        fill_with(&app, 60).await;
        let (clerk, leader) = (clerk(&app).await, leader(&app).await);
        enter_formula(&app, &clerk).await;
        let all = column(&table(&app, &leader, &json!({})).await, "编号");
        let file = table(&app, &clerk, &json!({})).await;
        let own = column(&file, "编号");
        assert!(all.len() == 61 && !own.is_empty() && own.len() < 61);
        assert_eq!(own, numbers(&app, &clerk, &json!({}), "DESC").await);
        let owners: BTreeSet<String> = column(&file, "征集单位").into_iter().collect();
        assert_eq!(owners.len(), 1, "{owners:?}");
        let abroad = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        assert_eq!(table(&app, &abroad, &json!({})).await.len(), 1, "headings alone");
        let portal = portal(&app).await;
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        for token in [&portal, &auditor.token] {
            let (_, answer) = app.graphql(Some(token), EXPORT, json!({ "input": { "format": "CSV" } })).await;
            assert_eq!(code(&answer), "FORBIDDEN", "{answer}");
        }
    }

    async fn an_address_holds_for_its_own_session_and_two_minutes(app: TestApp) {
        let app = app.with_both_counties().await;
        fill_with(&app, 20).await;
        let (clerk, leader) = (clerk(&app).await, leader(&app).await);
        let url = address(&app, &clerk, &json!({}), "CSV").await;
        assert_eq!(open(&app, &url, Some(&clerk.token)).await.status(), 200);
        let worthless = |response: Response| async {
            let status = response.status();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status.as_u16(), String::from_utf8(body.to_vec()).unwrap())
        };
        let one = worthless(open(&app, "/exports/nonsense", None).await).await;
        assert!(one.0 == 401 && one.1.contains("UNAUTHENTICATED"), "{one:?}");
        assert_eq!(worthless(open(&app, &url, Some(&leader.token)).await).await, one, "another's bearer");
        let mut changed = url.clone();
        let last = if changed.pop() == Some('A') { 'B' } else { 'A' };
        changed.push(last);
        assert_eq!(worthless(open(&app, &changed, None).await).await, one, "changed");

        let now = app.app.clock.now();
        app.app.clock.set(now + TimeDelta::seconds(121));
        assert_eq!(worthless(open(&app, &url, None).await).await, one, "expired");
        app.app.clock.set(now);
        assert_eq!(fetch(&app, &url).await.status, 200);

        let raw = Raw::open(&app.database.unscoped_url()).await;
        let other = "(SELECT id FROM department WHERE code = 'T_HEKOU' AND county = '341522')";
        let kept = "(SELECT id FROM department WHERE code = 'T_CHENGGUAN' AND county = '341522')";
        raw.run(&format!("UPDATE post SET department = {other} WHERE department = {kept}")).await.unwrap();
        assert_eq!(worthless(open(&app, &url, None).await).await, one, "the post was moved");
        raw.run(&format!("UPDATE post SET department = {kept} WHERE department = {other}")).await.unwrap();
        assert_eq!(fetch(&app, &url).await.status, 200);
        let logout = "mutation { sessionLogout(input: {}) { userErrors { code } } }";
        app.data(&clerk, logout, json!({})).await;
        assert_eq!(worthless(open(&app, &url, None).await).await, one, "the session has ended");
        raw.close().await;
    }

    async fn the_trail_tells_what_was_carried_out_and_no_text(app: TestApp) {
        let app = app.with_both_counties().await;
        fill_with(&app, 20).await;
        let leader = leader(&app).await;
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let query = "{ auditEntries(first: 100) { nodes { action actor subject detail } } }";
        // The auditor has been here before: his next request looks him up in the snapshot that it reads.
        app.data(&auditor, query, json!({})).await;
        table(&app, &leader, &json!({ "text": "停车难", "stages": ["RECEIVED"] })).await;
        let data = app.data(&auditor, query, json!({})).await;
        let lines: Vec<&Value> = data["auditEntries"]["nodes"].as_array().unwrap().iter()
            .filter(|line| line["action"].as_str().unwrap().starts_with("EXPORT")).collect();
        let actions: Vec<&Value> = lines.iter().map(|line| &line["action"]).collect();
        assert_eq!(actions, ["EXPORT_DOWNLOAD", "EXPORT"]);
        for line in lines {
            assert_eq!(line["subject"], "export:LEDGER");
            let detail: Value = serde_json::from_str(line["detail"].as_str().unwrap()).unwrap();
            assert_eq!(detail, json!({ "filter": { "text": true, "stages": ["RECEIVED"] }, "format": "CSV" }));
        }
    }

    async fn an_export_goes_on_after_the_other_requests_of_its_account(app: TestApp) {
        let app = app.with_both_counties().await;
        let app = app.behind(HttpSettings { requests_of_account: 1, county_percent: 100, ..HttpSettings::default() });
        fill_with(&app, MANY).await;
        let leader = leader(&app).await;
        let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let mut begun = Vec::new();
        for who in [&leader, &office] {
            let url = address(&app, who, &json!({}), "CSV").await;
            begun.push(open(&app, &url, None).await.into_body().into_data_stream());
        }
        let [mut own, others] = <[BodyDataStream; 2]>::try_from(begun).ok().unwrap();
        // A request of the leader's has the account's only place and waits for a connection.
        let readers = readers(&app, app.app.db.connections() - 2).await;
        let waiting = app.data(&leader, "{ campaigns { code } }", json!({}));
        let exports = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let stopped = tokio::time::timeout(Duration::from_millis(500), async {
                while own.next().await.is_some() {}
            });
            assert!(stopped.await.is_err(), "its own waits");
            assert!(drained(others).await, "another account's goes on");
            drop(readers);
            assert!(drained(own).await);
        };
        tokio::join!(waiting, exports);
    }

    async fn few_run_at_once_and_whoever_goes_or_is_sent_away_makes_room(app: TestApp) {
        let app = app.with_both_counties().await;
        let app = app.behind(HttpSettings { exports: 2, exports_of_account: 1, ..HttpSettings::default() });
        fill_with(&app, MANY).await;
        let leader = leader(&app).await;
        let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let third = app.persona(HUOQIU, "SUPERVISION_OFFICE", Position::Officer).await;
        let refused = ask(&app, &leader, json!({ "format": "DOCX" })).await;
        assert_eq!((&refused["export"], &refused["userErrors"][0]["code"]), (&Value::Null, &json!("INVALID")));
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "format"]));

        let url = address(&app, &leader, &json!({}), "CSV").await;
        let held = open(&app, &url, None).await;
        assert_eq!(held.status(), 200);
        let again = open(&app, &url, None).await;
        assert_eq!(again.status(), 429);
        assert_eq!(again.headers()["retry-after"], "10");
        let url_of_office = address(&app, &office, &json!({}), "CSV").await;
        let held_by_office = open(&app, &url_of_office, None).await;
        assert_eq!(held_by_office.status(), 200);
        let url_of_third = address(&app, &third, &json!({}), "CSV").await;
        assert_eq!(open(&app, &url_of_third, None).await.status(), 503);

        drop(held);
        let mut free = open(&app, &url, None).await;
        for _ in 0..100 {
            if free.status() == 200 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            free = open(&app, &url, None).await;
        }
        assert_eq!(free.status(), 200, "hanging up frees the place");
        assert!(drained(free.into_body().into_data_stream()).await);

        app.data(&office, "mutation { sessionLogout(input: {}) { userErrors { code } } }", json!({})).await;
        tokio::time::sleep(Duration::from_secs(6)).await;
        assert!(!drained(held_by_office.into_body().into_data_stream()).await, "cut short, and told so");
    }
}
