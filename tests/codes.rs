//! The two closed lists of codes: each is reached, and bad requests without number get none other, nor a word of the inside.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_graphql::resolver_utils::EnumType as _;
use axum::body::Body;
use axum::http::{Method, Request};
use entity::enums::Position;
use entity::id::County;
use minsheng::error::ErrorCode;
use minsheng::http::HttpSettings;
use minsheng::refusal::UserErrorCode;
use minsheng::schema::definitions;
use minsheng::scope::system;
use serde_json::{Value, json};

use crate::permissions::portal;
use crate::support::personas::{HUOQIU, Persona};
use crate::support::records::RECORD;
use crate::support::truth::Raw;
use crate::support::{Backend, TestApp, code, on_both_databases, post};
use crate::walker::sdl::{Def, Sdl};

const LOGIN: &str = "mutation ($account: String!) { sessionLogin(input: { account: $account, password: \"wrong\" }) { userErrors { code field } } }";
const STEPS: &str = "mutation ($id: ID!, $version: Int!, $category: ID!) {
    edit: submissionEdit(input: { submissionId: $id, expectedVersion: $version, title: \"另一标题\" }) { submission { version } userErrors { code field } }
    classify: submissionClassify(input: { submissionId: $id, expectedVersion: $version, categoryId: $category }) { submission { version } userErrors { code field } }
    withdraw: submissionWithdraw(input: { submissionId: $id, expectedVersion: $version, reason: \"误登\" }) { submission { version } userErrors { code field } }
    reveal: identityReveal(input: { submissionId: $id, reason: \"回访核实\" }) { userErrors { code field } } }";

/// A suggestion as a clerk enters it.
fn entered(key: &str, channel: &Value, further: &Value) -> Value {
    let mut input = json!({ "idempotencyKey": format!("codes-{key}"), "channelId": channel, "title": "路口护栏损坏", "content": "路口护栏损坏，请修复。", "name": "居民甲" });
    input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    json!({ "input": input })
}

#[tokio::test]
async fn every_code_of_the_closed_list_is_reached() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let token = Some(&*clerk.token);
    let channel = app.channel_id(&clerk, "HOUSEHOLD_VISIT").await;
    let mut reached = BTreeSet::new();
    let mut note = |answer: &Value| reached.insert(code(answer).to_owned());
    for (token, query) in [
        (None, "{ campaigns { code } }"),
        (token, "{ auditEntries { nodes { id } } }"),
        (token, "{ submissions(first: 0) { totalCount } }"),
        (token, "{"),
        (token, "{ nothing }"),
        (token, "{ streams { campaign { streams { campaign { streams { id } } } } } }"),
    ] {
        note(&app.graphql(token, query, json!({})).await.1);
    }
    let unknown = json!({ "documentId": format!("sha256:{}", "0".repeat(64)) });
    let (_, _, text) = app.send(post().body(unknown.to_string().into()).unwrap()).await;
    note(&serde_json::from_str(&text).unwrap());
    app.graphql(token, RECORD, entered("same-key", &channel, &json!({}))).await;
    note(&app.graphql(token, RECORD, entered("same-key", &channel, &json!({ "title": "别的标题" }))).await.1);
    for _ in 0..30 {
        note(&app.graphql(None, LOGIN, json!({ "account": "nobody-here" })).await.1);
    }
    // A fault of ours, and one that is told at all: what a plan stored is not of its form any more.
    let raw = Raw::open(&app.database.unscoped_url()).await;
    raw.run("UPDATE campaign SET aliases = '{}'").await.unwrap();
    raw.close().await;
    note(&app.graphql(token, "{ campaigns { aliases } }", json!({})).await.1);
    reached.extend(busy(app, &clerk.token, &channel).await);
    reached.remove("");
    let every = ErrorCode::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(reached, every);
}

/// What is told while nothing can be read, and while nothing can be written.
async fn busy(app: TestApp, token: &str, channel: &Value) -> [String; 2] {
    let operator = system::operator(County::parse(HUOQIU).unwrap());
    let mut readers = Vec::new();
    // Somebody holds every connection that reads, for longer than anybody waits.
    let patience = Duration::from_millis(300);
    while let Ok(reader) = tokio::time::timeout(patience, app.app.db.begin_read(&operator)).await {
        readers.push(reader.unwrap());
    }
    let campaigns = "{ campaigns { code } }";
    let (_, unread) = app.graphql(Some(token), campaigns, json!({})).await;
    drop(readers);
    // Somebody else holds the one writer.
    let only_writer = app.app.db.begin_write(&operator).await.unwrap();
    let app =
        app.behind(HttpSettings { request_timeout: Duration::from_millis(100), ..HttpSettings::default() });
    let late = entered("too-late", channel, &json!({}));
    let (_, unwritten) = app.graphql(Some(token), RECORD, late).await;
    drop(only_writer);
    [unread, unwritten].map(|answer| code(&answer).to_owned())
}

/// Whether a path of names leads into the arguments of a mutation.
fn resolves(sdl: &Sdl, mutation: &str, path: &[&str]) -> bool {
    let mut known = sdl.field("Mutation", mutation).args.clone();
    path.iter().all(|step| {
        if step.parse::<usize>().is_ok() {
            return true;
        }
        let Some(arg) = known.iter().find(|arg| arg.name == *step).cloned() else {
            return false;
        };
        known = match sdl.def(&arg.ty.name) {
            Def::Input(fields, _) => fields.clone(),
            _ => Vec::new(),
        };
        true
    })
}

/// Notes the business failures of an answer, and checks that each points into what was sent.
fn note_user_errors(sdl: &Sdl, answer: &Value, names: &BTreeMap<&str, &str>, reached: &mut BTreeSet<String>) {
    for (alias, payload) in answer["data"].as_object().into_iter().flatten() {
        for error in payload["userErrors"].as_array().into_iter().flatten() {
            reached.insert(error["code"].as_str().unwrap().to_owned());
            let path: Vec<&str> =
                error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let mutation = names.get(alias.as_str()).copied().unwrap_or(alias);
            assert!(resolves(sdl, mutation, &path), "{mutation} has no {path:?}");
        }
    }
}

on_both_databases! {
    async fn every_business_failure_is_reached_and_points_into_the_input(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let token = Some(&*clerk.token);
        let (schema, mut reached) = (Sdl::parse(&definitions()), BTreeSet::new());
        let names = BTreeMap::from([("edit", "submissionEdit"), ("classify", "submissionClassify"), ("withdraw", "submissionWithdraw"), ("reveal", "identityReveal")]);
        let mut note = |answer: &Value| {
            assert!(answer.get("errors").is_none(), "{answer}");
            note_user_errors(&schema, answer, &names, &mut reached);
        };
        let channel = app.channel_id(&clerk, "HOUSEHOLD_VISIT").await;
        let data = app.data(&clerk, "{ campaigns { categories { id } } }", json!({})).await;
        let category = &data["campaigns"][0]["categories"][0]["id"];
        let made = app.data(&clerk, RECORD, entered("first-one", &channel, &json!({ "isConfidential": true }))).await;
        let id = &made["submissionRecord"]["submission"]["id"];
        for (place, further) in [json!({ "title": "" }), json!({ "streamId": "x" }), json!({ "receivedAt": "2001-01-01T00:00:00Z" }), json!({ "extra": [{ "key": "x", "value": "y" }] })].into_iter().enumerate() {
let input = entered(&format!("bad-{place}"), &channel, &further);
            note(&app.graphql(token, RECORD, input).await.1);
        }
        // Stale and confidential; then taken back, and past its stage.
        let withdraw = "mutation ($id: ID!) { withdraw: submissionWithdraw(input: { submissionId: $id, expectedVersion: 2, reason: \"误登\" }) { userErrors { code field } } }";
        let steps = json!({ "id": id, "version": 1, "category": category });
        note(&app.graphql(token, STEPS, steps).await.1);
        note(&app.graphql(token, withdraw, json!({ "id": id })).await.1);
        let steps = json!({ "id": id, "version": 3, "category": category });
        note(&app.graphql(token, STEPS, steps).await.1);
        let classify = "mutation ($id: ID!, $category: ID!) { classify: submissionClassify(input: { submissionId: $id, expectedVersion: 1, categoryId: $category }) { userErrors { code field } } }";
        let made = app.data(&clerk, RECORD, entered("second-one", &channel, &json!({ "categoryId": category }))).await;
        let id = &made["submissionRecord"]["submission"]["id"];
        note(&app.graphql(token, classify, json!({ "id": id, "category": category })).await.1);
        note(&app.graphql(None, LOGIN, json!({ "account": "nobody-here" })).await.1);
        let login = "mutation { sessionLogin(input: { account: \"a\", password: \"b\", refreshInCookie: true }) { userErrors { code field } } }";
        let lan = post().header("host", "192.168.0.9").header("origin", "http://192.168.0.9");
        let (_, _, text) = app.send(lan.body(json!({ "query": login }).to_string().into()).unwrap()).await;
        note(&serde_json::from_str(&text).unwrap());
        let refresh = "mutation { sessionRefresh(input: { refreshToken: \"x\" }) { userErrors { code field } } }";
        note(&app.graphql(None, refresh, json!({})).await.1);
        // What is handed in has its own year, and a clock that went back would stop every sign-in.
        let backend = if app.database.name().is_some() { Backend::Postgres } else { Backend::Sqlite };
        let handed_in = crate::reporting::refusals(backend).await;
        let decided = crate::decision::refusals(backend).await;
        let reached: BTreeSet<String> = reached.into_iter().chain(handed_in).chain(decided).collect();
        let every: BTreeSet<String> = UserErrorCode::items().iter().map(|item| item.name.to_owned()).collect();
        assert_eq!(reached, every);
    }

    async fn ten_thousand_bad_requests_get_listed_codes_and_no_word_of_the_inside(app: TestApp) {
        let app = app.with_both_counties().await;
        let mut bad = Bad::of(&app).await;
        let schema = Sdl::parse(&definitions());
        let (mut refused, mut codes) = (0, BTreeMap::<String, usize>::new());
        let (mut reached, mut findings) = (BTreeSet::new(), Vec::new());
        while refused < 10_000 {
            let (request, told) = bad.request();
            let (status, _, text) = app.send(request).await;
            let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{told}: {status} {text}"));
            note_user_errors(&schema, &answer, &BTreeMap::new(), &mut reached);
            let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
            assert!(errors.is_empty() || status != 200 || answer.get("data").is_some() || told.contains("json-answer"), "{told}: {text}");
            for error in errors {
                let code = error["extensions"]["code"].as_str().unwrap_or_default();
                let message = error["message"].as_str().unwrap_or_default();
                let listed = ErrorCode::ALL.iter().any(|known| known.as_str() == code);
                // The request is at fault, never the service.
                let ours = ["INTERNAL", "TIMEOUT", "UNAVAILABLE"].contains(&code);
                let inside = message.is_empty() || INSIDE.iter().any(|word| message.contains(word));
                if !listed || ours || inside {
                    findings.push(format!("{told}: {text}"));
                }
                *codes.entry(code.to_owned()).or_default() += 1;
            }
            refused += usize::from(!errors.is_empty());
        }
        assert!(findings.is_empty(), "{} findings: {:#?}", findings.len(), findings.iter().step_by(findings.len().div_ceil(12)).collect::<Vec<_>>());
        assert!(bad.sent < 20_000, "only {refused} of {} were refused", bad.sent);
        for code in ["UNAUTHENTICATED", "FORBIDDEN", "BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX"] {
            assert!(codes.get(code).is_some_and(|count| *count >= 100), "{codes:?}");
        }
    }
}

/// What only the inside would say.
const INSIDE: [&str; 22] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE ",
    " FROM ",
    "WHERE ",
    "sqlx",
    "sqlite",
    "SQLite",
    "postgres",
    "PostgreSQL",
    "sea_orm",
    "async_graphql",
    "serde",
    "panicked",
    ".rs:",
    "std::",
    "core::",
    "Option<",
    "Some(",
    "Err(\"",
    "unwrap",
];

/// Makes bad requests: the same ones in every run.
struct Bad {
    state: u64,
    sent: usize,
    callers: Vec<Option<String>>,
    ids: Vec<Value>,
}

/// Sound documents, with the variables that they take.
const SOUND: [(&str, &str); 9] = [
    (
        "query ($f: SubmissionFilter, $n: Int, $a: String) { submissions(filter: $f, first: $n, after: $a) { totalCount nodes { id title records(last: 2) { at } } } }",
        "{\"f\": {\"stages\": [\"RECEIVED\"], \"receivedFrom\": \"2022-03-01\", \"text\": \"灯\", \"streamIds\": []}, \"n\": 5, \"a\": null}",
    ),
    (
        "query ($id: ID!) { node(id: $id) { id ... on Submission { number permissions { canEdit } } ... on Campaign { code } } }",
        "{\"id\": \"x\"}",
    ),
    ("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", "{\"ids\": [\"x\", \"y\"]}"),
    (
        "query ($by: CampaignRef!) { campaign(by: $by) { code villages(first: 3) { nodes { name } } } }",
        "{\"by\": {\"code\": \"MSQT-2022\"}}",
    ),
    (
        "query ($f: SubmissionFilter, $by: [OverviewDimension!]!) { overview(filter: $f) { total { received } previousPeriod { received } previousYear { from } rows(by: $by) { keys { label } } } }",
        "{\"f\": {\"isLate\": false, \"kinds\": [\"PRAISE\"], \"receivedFrom\": \"2022-03-01\", \"receivedTo\": \"2022-03-08\"}, \"by\": [\"KIND\", \"WEEK\"]}",
    ),
    (
        "query ($code: String!) { receipt(code: $code) { number stage } auditEntries(first: 2) { nodes { detail } } }",
        "{\"code\": \"ABCD-EFGH\"}",
    ),
    (
        "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) { submission { id } userErrors { code field message } } }",
        "{\"input\": {\"idempotencyKey\": \"bad-requests\", \"channelId\": \"x\", \"title\": \"标题\", \"content\": \"内容\", \"receivedAt\": \"2022-03-10T08:00:00+08:00\", \"extra\": [{\"key\": \"a\", \"value\": \"b\"}]}}",
    ),
    (
        "mutation ($input: SubmissionEditInput!) { submissionEdit(input: $input) { submission { id } userErrors { code field message } } }",
        "{\"input\": {\"submissionId\": \"x\", \"expectedVersion\": 1, \"title\": \"标题\", \"beneficiaries\": 3}}",
    ),
    (
        "mutation ($input: AccountCreateInput!) { accountCreate(input: $input) { account { id } userErrors { code field message } } }",
        "{\"input\": {\"login\": \"bad-requests\", \"displayName\": \"甲\", \"departmentId\": \"x\", \"position\": \"OFFICER\"}}",
    ),
];

/// What breaks a document where it is put in.
const SPLINTERS: [&str; 26] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "$",
    "$x",
    "!",
    ":",
    "@",
    "@skip",
    "@include(if: 1)",
    "...",
    "...x",
    "\"",
    "\"\"\"",
    "\\",
    "#",
    "&",
    "null",
    "-",
    "1e999",
    "99999999999999999999",
    "\u{0}",
    "😀",
];

impl Bad {
    async fn of(app: &TestApp) -> Self {
        let mut callers = vec![None, Some("nonsense".to_owned()), Some(portal(app).await)];
        let mut ids =
            vec![json!("x"), json!(""), json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAA"), json!("😀".repeat(20))];
        for (department, position) in [
            ("T_CHENGGUAN", Position::Officer),
            ("T_CHENGGUAN", Position::Head),
            ("LEADING_GROUP", Position::Head),
            ("AUDITOR", Position::Officer),
        ] {
            let who: Persona = app.persona(HUOQIU, department, position).await;
            let query = "{ viewer { id post { id department { id } } } campaigns { id channels { id } categories { id } } }";
            let data = app.data(&who, query, json!({})).await;
            let campaign = &data["campaigns"][0];
            ids.extend(
                [
                    &data["viewer"]["id"],
                    &data["viewer"]["post"]["id"],
                    &campaign["id"],
                    &campaign["channels"][0]["id"],
                    &campaign["categories"][0]["id"],
                ]
                .map(Value::clone),
            );
            callers.push(Some(who.token));
        }
        Self { state: 7, sent: 0, callers, ids }
    }

    /// A number below a bound (xorshift).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % bound as u64).unwrap()
    }

    fn odd_value(&mut self) -> Value {
        let id = self.below(self.ids.len());
        let odd = [
            json!(null),
            json!(true),
            json!(-1),
            json!(0),
            json!(101),
            json!(2_147_483_648_u64),
            json!(1e300),
            json!(0.5),
            json!(""),
            json!("x"),
            json!("\u{0}"),
            json!("a\u{0}b"),
            json!("'; DROP TABLE submission; --"),
            json!("' OR '1'='1"),
            json!("%_\\"),
            json!("😀".repeat(60)),
            json!("长".repeat(11_000)),
            json!("\u{202e}\u{feff}"),
            json!([]),
            json!({}),
            json!([[]]),
            json!([null]),
            json!({ "and": [] }),
            json!("2022-02-30"),
            json!("0001-01-01"),
            json!("9999-12-31"),
            json!("0000-00-00"),
            json!("-0001-01-01"),
            json!("+262142-12-31"),
            json!("2022-13-01T00:00:00Z"),
            json!("9999-12-31T23:59:59+14:00"),
            json!("0001-01-01T00:00:00Z"),
            json!("RECEIVED"),
            json!(["RECEIVED", "NOTHING"]),
            json!(vec!["x"; 101]),
            self.ids[id].clone(),
            json!([self.ids[id]]),
        ];
        odd[self.below(odd.len())].clone()
    }

    /// One more request, and what is told of it where it fails.
    fn request(&mut self) -> (Request<Body>, String) {
        self.sent += 1;
        let (query, variables) = SOUND[self.below(SOUND.len())];
        let (mut query, mut variables) =
            (query.to_owned(), serde_json::from_str::<Value>(variables).unwrap());
        let mut further = json!({});
        match self.below(10) {
            0 | 1 => query = self.splintered(&query),
            2 => query = self.shortened(&query),
            3 => query = self.misnamed(&query),
            4..=6 => self.bend(&mut variables),
            7 => {
                let names: Vec<String> = variables.as_object().unwrap().keys().cloned().collect();
                let name = &names[self.below(names.len())];
                variables[name] = self.odd_value();
            }
            8 => {
                let odd = self.odd_value();
                further = json!({ "operationName": odd });
            }
            _ => {
                let depth = 2 + self.below(60);
                query = format!("{{ {}id{} }}", "node(id: 1) { ".repeat(depth), " }".repeat(depth));
            }
        }
        let mut body = json!({ "query": query, "variables": variables });
        body.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
        let told = body.to_string().chars().take(1_500).collect::<String>();
        self.sent_as(&body, &told)
    }

    /// The request with its headers, most of them sound.
    fn sent_as(&mut self, body: &Value, told: &str) -> (Request<Body>, String) {
        let caller = self.below(self.callers.len());
        let mut text = body.to_string();
        let (mut method, mut content_type, mut accept) =
            (Method::POST, "application/json", "application/graphql-response+json");
        match self.below(40) {
            0 => content_type = "text/plain",
            1 => content_type = "multipart/form-data; boundary=x",
            2 => accept = "text/html",
            3 => accept = "application/json",
            4 => method = Method::PUT,
            5 => method = Method::GET,
            6 => text = text.chars().take(self.below(60)).collect(),
            7 => text = format!("[{text}]"),
            8 => text = format!("{{\"query\": {}}}", self.odd_value()),
            _ => {}
        }
        let told = format!(
            "{method} {content_type} {} caller {caller}: {told}",
            if accept == "application/json" { "json-answer" } else { accept }
        );
        let mut request = Request::builder()
            .method(method)
            .uri("/graphql")
            .header("content-type", content_type)
            .header("accept", accept);
        if self.below(3) == 0 {
            request = request.header("accept-language", "en");
        }
        if let Some(token) = &self.callers[caller] {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        (request.body(Body::from(text)).unwrap(), told)
    }

    fn splintered(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            let place = self.below(letters.len());
            let splinter = SPLINTERS[self.below(SPLINTERS.len())];
            letters.splice(place..place, splinter.chars());
        }
        letters.into_iter().collect()
    }

    fn shortened(&mut self, text: &str) -> String {
        let letters: Vec<char> = text.chars().collect();
        let from = self.below(letters.len());
        let to = from + 1 + self.below(letters.len() - from);
        letters[..from].iter().chain(&letters[to..]).collect()
    }

    /// One name replaced by another.
    fn misnamed(&mut self, text: &str) -> String {
        let names: Vec<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|name| name.len() > 1).collect();
        let name = names[self.below(names.len())];
        let others = [
            "nothing",
            "Nothing",
            "__typename",
            "__schema",
            "id",
            "query",
            "mutation",
            "subscription",
            "on",
            "Submission",
            "Int",
            "totalCount",
        ];
        text.replacen(name, others[self.below(others.len())], 1 + self.below(2))
    }

    /// One value somewhere in the variables replaced by an odd one.
    fn bend(&mut self, value: &mut Value) {
        let down = self.below(4) > 0;
        match value {
            Value::Object(members) if down && !members.is_empty() => {
                let place = self.below(members.len());
                if let Some((_, member)) = members.iter_mut().nth(place) {
                    self.bend(member);
                }
            }
            Value::Array(values) if down && !values.is_empty() => {
                let place = self.below(values.len());
                self.bend(&mut values[place]);
            }
            other => *other = self.odd_value(),
        }
    }
}
