//! Finding and counting: one filter for lists, counts and figures; pages that lose nothing; known costs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{Days, NaiveDate, TimeDelta};
use entity::enums::{AuditAction, Position, SubmissionKind, Urgency};
use entity::id::{County, SessionId, SubmissionId};
use entity::{
    account, audit_entry, category, channel, department, post, session, share, stream, submission, village,
};
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::db::{Fault, Intent, Predicate, STATED, Trail, Tx};
use minsheng::http::HttpSettings;
use minsheng::ids::Kind;
use minsheng::intake::draft::Draft;
use minsheng::intake::store::{Entry, Source, take_in};
use minsheng::limits::request::Limits;
use minsheng::scope::system;
use minsheng::scope::viewer::{Credential, Viewer};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::permissions::{SEATS, portal};
use crate::support::on_both_databases;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::truth::Raw;
use crate::support::{TestApp, code};

const ROWS: usize = 240;

/// Set, each of the thousand filters is asked by every profile; otherwise by two, and by the others in turn.
const EVERY_PROFILE: &str = "MINSHENG_TEST_EVERY_PROFILE";

/// Fills Huoqiu with suggestions spread over everything that a filter names; returns nothing that a query could not see.
pub(crate) async fn fill(app: &TestApp) {
    fill_with(app, ROWS).await;
}

pub(crate) async fn fill_with(app: &TestApp, rows: usize) {
    fill_texts(app, rows, |words| format!("反映{words}，请处理。")).await;
}

/// The same with other contents, each made of what its title is about.
pub(crate) async fn fill_texts(app: &TestApp, rows: usize, content: impl Fn(&str) -> String) {
    let operator = system::operator(County::parse(HUOQIU).unwrap());
    let tx = app.app.db.begin_write(&operator).await.unwrap();
    let streams = tx.from::<stream::Entity>().all().await.unwrap();
    let channels = tx.from::<channel::Entity>().all().await.unwrap();
    let categories = tx.from::<category::Entity>().all().await.unwrap();
    let villages = tx.from::<village::Entity>().all().await.unwrap();
    let now = app.app.clock.now();
    let entry = |n: usize| {
        let stream = &streams[(n * 7) % 6];
        let words = ["路灯不亮", "停车难", "油烟扰民", "井盖破损"][n % 4];
        Entry {
            id: SubmissionId(app.app.new_key(now)),
            draft: Draft {
                title: format!("{words}第{n}件"),
                content: content(words),
                kind: SubmissionKind::ALL[n % 5],
                urgency: Urgency::Normal,
                beneficiaries: None,
                constituency: None,
                confidential: false,
                on_behalf: false,
                received_at: None,
                name: None,
                phone: None,
                address: None,
                extra: serde_json::Map::new(),
            },
            department: stream.department,
            campaign: stream.campaign,
            stream: stream.id,
            stream_code: stream.code.clone(),
            channel: channels[(n * 5) % 4].id,
            category: (!n.is_multiple_of(3)).then(|| categories[n % 4].id),
            village: n.is_multiple_of(2).then(|| villages[n % 5].id),
            received_at: now - TimeDelta::hours(i64::try_from(n).unwrap() * 7),
            late: n.is_multiple_of(11),
            source: Source::default(),
        }
    };
    let entries: Vec<Entry> = (0..rows).map(entry).collect();
    for batch in entries.chunks(500) {
        take_in(&tx, &app.app, batch, now).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Folds what there is of unfolded changes.
async fn fold(app: &TestApp) {
    let operator = system::operator(County::parse(HUOQIU).unwrap());
    let tx = app.app.db.begin_write(&operator).await.unwrap();
    tx.fold_tally().await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn ids(app: &TestApp, who: &Persona, query: &str, path: &[&str]) -> Vec<String> {
    let data = app.data(who, query, json!({})).await;
    let mut place = &data;
    for step in path {
        place = &place[*step];
    }
    place.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// Some of the ids, sometimes, and sometimes none at all.
fn some_of(values: Vec<Value>) -> impl Strategy<Value = Option<Value>> {
    let most = values.len().min(3);
    prop_oneof![
        9 => Just(None),
        1 => prop::sample::subsequence(values, 1..=most).prop_map(|values| Some(Value::from(values))),
    ]
}

/// Every id of a list, from the front in pages of one size, and from the back in pages of another.
async fn walked(
    app: &TestApp,
    who: &Persona,
    filter: &Value,
    first: u32,
    last: u32,
) -> (Vec<String>, Vec<String>) {
    let page = "query ($filter: SubmissionFilter, $first: Int, $after: String, $last: Int, $before: String) {
        submissions(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
            edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    let nodes = |data: &Value| -> Vec<String> {
        let edges = data["submissions"]["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"]["id"].as_str().unwrap().to_owned()).collect()
    };
    let (mut forward, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "filter": filter, "first": first, "after": after });
        let data = app.data(who, page, variables).await;
        forward.extend(nodes(&data));
        let info = &data["submissions"]["pageInfo"];
        after = info["endCursor"].clone();
        if info["hasNextPage"] == false {
            break;
        }
    }
    let (mut backward, mut before) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "filter": filter, "last": last, "before": before });
        let data = app.data(who, page, variables).await;
        let mut rows = nodes(&data);
        rows.extend(backward);
        backward = rows;
        let info = &data["submissions"]["pageInfo"];
        before = info["startCursor"].clone();
        if info["hasPreviousPage"] == false {
            break;
        }
    }
    (forward, backward)
}

/// What filters choose from.
pub(crate) struct Words {
    campaigns: Vec<Value>,
    departments: Vec<Value>,
    streams: Vec<Value>,
    channels: Vec<Value>,
    categories: Vec<Value>,
    villages: Vec<Value>,
}

pub(crate) fn filters(words: Words) -> impl Strategy<Value = Value> {
    let text = prop_oneof![9 => Just(None), 1 => prop::sample::select(vec!["灯", "停车", "第1", "无此事"]).prop_map(|text| Some(json!(text)))];
    let day = prop_oneof![9 => Just(None), 1 => (0u64..75).prop_map(|back| {
        let last = NaiveDate::from_ymd_opt(2022, 3, 18).unwrap();
        Some(json!(last.checked_sub_days(Days::new(back)).unwrap().to_string()))
    })];
    let flag = prop_oneof![9 => Just(None), 1 => any::<bool>().prop_map(|flag| Some(json!(flag)))];
    let enums = |values: &[&str]| some_of(values.iter().map(|value| json!(value)).collect());
    let lists = (
        some_of(words.departments),
        some_of(words.streams),
        some_of(words.channels),
        some_of(words.categories),
        some_of(words.villages),
        some_of(words.campaigns),
    );
    let rest = (
        enums(&["RECEIVED", "CLASSIFIED", "CLOSED"]),
        enums(&["SUGGESTION", "COMPLAINT", "PRAISE"]),
        text,
        day.clone(),
        day,
        flag.clone(),
        flag.clone(),
        flag,
    );
    let queue = prop_oneof![9 => Just(None), 1 => prop::sample::select(vec!["COLLECTED", "TO_CLASSIFY", "LATE", "ENTERED"]).prop_map(|queue| Some(json!(queue)))];
    (lists, rest, queue).prop_map(|(lists, rest, queue)| {
        let fields = [
            ("departmentIds", lists.0),
            ("streamIds", lists.1),
            ("channelIds", lists.2),
            ("categoryIds", lists.3),
            ("villageIds", lists.4),
            ("campaignIds", lists.5),
            ("stages", rest.0),
            ("kinds", rest.1),
            ("text", rest.2),
            ("receivedFrom", rest.3),
            ("receivedTo", rest.4),
            ("isLate", rest.5),
            ("isClassified", rest.6),
            ("hasVillage", rest.7),
            ("queue", queue),
        ];
        let mut filter: serde_json::Map<String, Value> =
            fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        for (none, some) in [("isClassified", "categoryIds"), ("hasVillage", "villageIds")] {
            if filter.get(none) == Some(&json!(false)) {
                filter.remove(some);
            }
        }
        Value::Object(filter)
    })
}

const COUNTS: &str = "query ($filter: SubmissionFilter) {
    submissions(first: 100, filter: $filter) { totalCount nodes { id } pageInfo { hasNextPage } }
    overview(filter: $filter) { total { received open ended }
        a: rows(by: [DEPARTMENT, CATEGORY]) { figures { received } } b: rows(by: [STAGE, WEEK]) { figures { received } }
        c: rows(by: [CHANNEL]) { figures { received } filter } } }";

/// Asks for a list and its figures, and gives how many there are.
async fn agreeing_count(app: &TestApp, who: &Persona, filter: &Value) -> u64 {
    let data = app.data(who, COUNTS, json!({ "filter": filter })).await;
    let total = data["submissions"]["totalCount"].as_u64().unwrap();
    let listed = data["submissions"]["nodes"].as_array().unwrap().len() as u64;
    let more = data["submissions"]["pageInfo"]["hasNextPage"].as_bool().unwrap();
    assert!(
        if more { total > listed } else { total == listed },
        "{total} counted, {listed} listed under {filter}"
    );
    assert_eq!(data["overview"]["total"]["received"], total, "overview under {filter}");
    for cut in ["a", "b", "c"] {
        let rows = data["overview"][cut].as_array().unwrap();
        let sum: u64 = rows.iter().map(|row| row["figures"]["received"].as_u64().unwrap()).sum();
        assert_eq!(sum, total, "rows {cut} under {filter}");
    }
    if let Some(row) = data["overview"]["c"].as_array().unwrap().first() {
        let query = "query ($filter: SubmissionFilter) { submissions(filter: $filter) { totalCount } }";
        let listed = app.data(who, query, json!({ "filter": { "token": row["filter"] } })).await;
        assert_eq!(
            listed["submissions"]["totalCount"], row["figures"]["received"],
            "a cell's own filter lists it: {row}"
        );
    }
    total
}

/// Round trips of one request, sign-in checks included.
pub(crate) async fn trips(app: &TestApp, who: &Persona, query: &str) -> u64 {
    app.data(who, query, json!({})).await;
    let before = app.app.db.trips();
    app.data(who, query, json!({})).await;
    app.app.db.trips() - before
}

/// What filters choose from: the first six of each list.
pub(crate) async fn words(app: &TestApp, who: &Persona) -> Words {
    let query = "{ departments(first: 6) { nodes { id } } campaigns { id streams { id } channels { id } categories { id } villages(first: 6) { nodes { id } } } }";
    let data = app.data(who, query, json!({})).await;
    let ids = |rows: &Value| -> Vec<Value> {
        let rows = rows.as_array().unwrap().iter().take(6);
        rows.map(|row| row["id"].clone()).collect()
    };
    let campaign = &data["campaigns"][0];
    Words {
        campaigns: ids(&data["campaigns"]),
        departments: ids(&data["departments"]["nodes"]),
        streams: ids(&campaign["streams"]),
        channels: ids(&campaign["channels"]),
        categories: ids(&campaign["categories"]),
        villages: ids(&campaign["villages"]["nodes"]),
    }
}

/// How many suggestions each of some filters finds for somebody: by the list, and by the overview.
async fn both_counts(app: &TestApp, token: &str, filters: &[Value]) -> Vec<(u64, u64)> {
    let (mut head, mut body, mut variables) = (String::new(), String::new(), json!({}));
    for (place, filter) in filters.iter().enumerate() {
        write!(head, "$f{place}: SubmissionFilter ").unwrap();
        write!(
            body,
            "l{place}: submissions(first: 1, filter: $f{place}) {{ totalCount }}
             o{place}: overview(filter: $f{place}) {{ total {{ received }} }} "
        )
        .unwrap();
        variables[format!("f{place}")] = filter.clone();
    }
    let (status, answer) = app.graphql(Some(token), &format!("query ({head}) {{ {body} }}"), variables).await;
    assert!(status == 200 && answer.get("errors").is_none(), "{answer}");
    let data = &answer["data"];
    let counts = (0..filters.len()).map(|place| {
        let listed = &data[format!("l{place}")]["totalCount"];
        let figure = &data[format!("o{place}")]["total"]["received"];
        (listed.as_u64().unwrap(), figure.as_u64().unwrap())
    });
    counts.collect()
}

on_both_databases! {
    async fn the_overview_counts_what_the_list_counts_for_a_thousand_filters_and_every_profile(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let strategy = filters(words(&app, &leader).await);
        // Fourteen filters a request, counted twice: more than a client may ask at once.
        let app = app.behind(HttpSettings {
            limits: Limits { price: 10 * Limits::USUAL.price, ..Limits::USUAL },
            ..HttpSettings::default()
        });
        let mut runner = TestRunner::default();
        let filters: Vec<Value> = (0..1_000).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
        let mut fields: BTreeMap<&str, usize> = BTreeMap::new();
        for name in filters.iter().flat_map(|filter| filter.as_object().unwrap().keys()) {
            *fields.entry(name).or_default() += 1;
        }
        assert!(fields.len() == 15 && fields.values().all(|uses| *uses >= 50), "{fields:?}");
        let mut everybody = vec![("PORTAL", portal(&app).await)];
        for (department, position) in SEATS {
            let who = app.persona(HUOQIU, department, position).await;
            everybody.push((who.profile.as_str(), who.token));
        }
        let every = std::env::var_os(EVERY_PROFILE).is_some();
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, half) in filters.chunks(500).enumerate() {
            for (turn, (profile, token)) in everybody.iter().enumerate() {
                for (nth, some) in half.chunks(14).enumerate() {
                    // Those with nothing, or with the same county as the leadership, take turns unless told otherwise.
                    let always = ["LEADERSHIP", "COLLECTOR"].contains(profile) || every;
                    if !always && !(nth + turn).is_multiple_of(4) {
                        continue;
                    }
                    for ((listed, figure), filter) in both_counts(&app, token, some).await.into_iter().zip(some) {
                        assert_eq!(listed, figure, "{profile} under {filter}");
                        *found.entry(profile).or_default() += usize::from(listed > 0);
                    }
                }
            }
            // The first half was counted over changes that wait to be folded.
            if place == 0 {
                fold(&app).await;
            }
        }
        assert!(found["LEADERSHIP"] >= 300 && found["COLLECTOR"] >= 100, "{found:?}");
        assert_eq!((found["PORTAL"], found["AUDITOR"]), (0, 0), "{found:?}");
    }

    async fn lists_counts_and_figures_agree_for_any_filter_and_any_viewer(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let words = words(&app, &leader).await;
        assert_eq!(agreeing_count(&app, &leader, &json!({})).await, ROWS as u64);
        let strategy = filters(words);
        let mut runner = TestRunner::default();
        let mut found = 0;
        for case in 0..120 {
            if case == 60 {
                fold(&app).await;
            }
            let filter = strategy.new_tree(&mut runner).unwrap().current();
            let all = agreeing_count(&app, &leader, &filter).await;
            let own = agreeing_count(&app, &clerk, &filter).await;
            assert!(own <= all, "a township sees more than the county under {filter}");
            found += u32::from(all > 0);
        }
        assert!(found > 36, "only {found} of 120 filters found anything");
        assert_eq!(agreeing_count(&app, &auditor, &json!({})).await, 0);
    }

    async fn pages_walked_either_way_give_every_row_once(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let filter = json!({ "kinds": ["PRAISE", "REQUEST"] });
        let (forward, backward) = walked(&app, &leader, &filter, 7, 9).await;
        assert_eq!(forward, backward);
        assert_eq!(forward.iter().collect::<BTreeSet<_>>().len(), 96);
    }

    // So many that the text index walks in the order of time; the last pages and the rare needle it sorts.
    async fn a_text_that_thousands_hold_is_paged_and_counted_like_any_list(app: TestApp) {
        let app = app.with_both_counties().await;
        fill_with(&app, 2_600).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        for (who, text, expected) in [(&leader, "请处理", 2_600), (&leader, "路灯", 650), (&leader, "灯第1", 0), (&clerk, "请处理", 0), (&clerk, "井盖", 0)] {
            let filter = json!({ "text": text });
            let (forward, backward) = walked(&app, who, &filter, 100, 90).await;
            assert_eq!(forward, backward, "{text}");
            assert_eq!(forward.iter().collect::<BTreeSet<_>>().len(), forward.len(), "{text}");
            // The same rows by another way: all of them, or with a filter that every row passes.
            let kinds = ["CONSULTATION", "SUGGESTION", "COMPLAINT", "REQUEST", "PRAISE"];
            let rows = if expected == 2_600 { json!({}) } else { json!({ "text": text, "kinds": kinds }) };
            assert_eq!(walked(&app, who, &rows, 100, 100).await.0, forward, "{text}");
            assert_eq!(agreeing_count(&app, who, &filter).await, forward.len() as u64, "{text}");
            if expected > 0 {
                assert_eq!(forward.len(), expected, "{text}");
            }
        }
    }

    async fn a_cursor_is_good_only_where_it_was_made(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let office = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
        let first = app.data(&leader, "{ submissions(first: 1) { pageInfo { endCursor } } }", json!({})).await;
        let cursor = first["submissions"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let (head, tail) = cursor.split_at(10);
        let forged = format!("{head}{}{}", if tail.starts_with('A') { 'B' } else { 'A' }, &tail[1..]);
        let plain = "query ($after: String) { submissions(after: $after) { nodes { id } } }";
        let filtered = "query ($after: String) { submissions(after: $after, filter: { isLate: true }) { nodes { id } } }";
        let turned = "query ($after: String) { submissions(after: $after, orderBy: { direction: ASC }) { nodes { id } } }";
        for (who, query, cursor) in [
            (&office, plain, &cursor), (&leader, filtered, &cursor), (&leader, turned, &cursor), (&leader, plain, &forged),
        ] {
            let (_, answer) = app.graphql(Some(&who.token), query, json!({ "after": cursor })).await;
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{query}");
        }
        for (arguments, bad) in [("first: 0", true), ("first: 101", true), ("first: 3, last: 3", true), ("last: 100", false)] {
            let (_, answer) = app.graphql(Some(&leader.token), &format!("{{ submissions({arguments}) {{ nodes {{ id }} }} }}"), json!({})).await;
            assert_eq!(code(&answer) == "BAD_USER_INPUT", bad, "{arguments}");
        }
    }

    async fn whose_a_row_is_never_changes_not_even_for_the_operator(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let operator = system::operator(County::parse(HUOQIU).unwrap());
        let tx = app.app.db.begin_write(&operator).await.unwrap();
        let owner = tx.from::<stream::Entity>().one().await.unwrap().unwrap().department;
        for (column, value) in [
            (submission::Column::Department, owner.into()), (submission::Column::County, sea_orm::Value::from("130803")),
        ] {
            let changed = tx.update::<submission::Entity>(Predicate::everything(), vec![(column, value)]).await;
            assert!(matches!(changed, Err(Fault::Broken(_))), "{column:?}");
        }
        let title = vec![(submission::Column::Title, sea_orm::Value::from("改"))];
        assert_eq!(tx.update::<submission::Entity>(Predicate::everything(), title).await.unwrap(), ROWS as u64);
    }

    async fn every_hot_operation_keeps_to_its_round_trips(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        fold(&app).await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let node = ids(&app, &clerk, "{ submissions(first: 1) { nodes { id } } }", &["submissions", "nodes"]).await.remove(0);
        let queue = "{ submissions(first: 20) { nodes { id number title stage department { name } records(last: 3) { action at } } pageInfo { endCursor } } }";
        let one = format!("{{ node(id: \"{node}\") {{ ... on Submission {{ title content stage version }} }} }}");
        let page = "{ submissions(first: 20, filter: { stages: [CLASSIFIED], kinds: [PRAISE] }) { totalCount nodes { id title } } }";
        let search = "{ submissions(first: 20, filter: { text: \"路灯\" }) { totalCount nodes { id title } } }";
        let overview = "{ overview { total { received } rows(by: [DEPARTMENT, CATEGORY]) { keys { label } figures { received open } } } }";
        // PostgreSQL begins, makes the settings and asks for the session in one message, SQLite in two.
        let opening = if app.app.db.backend() == sea_orm::DbBackend::Postgres { 1 } else { 2 };
        for (who, name, query, statements) in [
            (&clerk, "queue", queue, 3), (&clerk, "one", one.as_str(), 1), (&clerk, "page", page, 3),
            (&clerk, "search", search, 2), (&leader, "overview", overview, 6),
        ] {
            let spent = trips(&app, who, query).await;
            assert!(spent <= opening + statements, "{name}: {spent} round trips");
        }
    }

    async fn who_comes_in_reads_in_his_own_scope_whoever_was_expected(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let now = app.app.clock.now();
        let mut viewers = Vec::new();
        for department in ["T_CHENGGUAN", "T_HEKOU"] {
            let who = app.persona(HUOQIU, department, Position::Officer).await;
            viewers.push(viewer_of_bearer(&app.app, &who.token, now).await.unwrap());
        }
        let (own, other) = (&viewers[0], &viewers[1]);
        let Credential::Post { session, .. } = own.credential() else {
            panic!("a person has a session");
        };
        let shares = async |tx: Tx| {
            assert_eq!(tx.viewer(), own);
            let rows = tx.from::<share::Entity>().all().await.unwrap();
            let mut ids: Vec<_> = rows.into_iter().map(|row| (row.department, row.submission)).collect();
            ids.sort();
            ids
        };
        let usual = shares(app.app.db.begin_read(own).await.unwrap()).await;
        assert!(!usual.is_empty() && usual.iter().all(|(department, _)| *department == own.department()));
        let operator = system::operator(County::parse(HUOQIU).unwrap());
        for expected in [None, Some(own), Some(other)] {
            // A connection that was not asked before, and then one that was.
            for _ in 0..2 {
                let (found, entered) = app.app.db.enter(&operator, *session, expected, Intent::Read).await.unwrap();
                assert_eq!(found.unwrap().3.id, own.department());
                assert_eq!(shares(entered.unwrap().continue_as(own).await.unwrap()).await, usual, "{expected:?}");
            }
        }
        let nobody = app.app.db.enter(&operator, SessionId(app.app.new_key(now)), Some(own), Intent::Read).await.unwrap();
        assert!(nobody.0.is_none());
    }

    async fn a_portal_is_given_nothing_that_is_kept_for_others(app: TestApp) {
        let app = app.with_both_counties().await;
        let now = app.app.clock.now();
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let leader = viewer_of_bearer(&app.app, &leader.token, now).await.unwrap();
        let portal = viewer_of_bearer(&app.app, &portal(&app).await, now).await.unwrap();
        let Credential::Post { session, .. } = leader.credential() else {
            panic!("a person has a session");
        };
        let operator = system::operator(County::parse(HUOQIU).unwrap());
        let channels = app.app.db.begin_read(&operator).await.unwrap().from::<channel::Entity>().all().await.unwrap();
        let seen = async |viewer: &Viewer| {
            let (_, entered) = app.app.db.enter(&operator, *session, None, Intent::Read).await.unwrap();
            let tx = entered.unwrap().continue_as(viewer).await.unwrap();
            let keys = channels.iter().map(|row| row.id.0);
            tx.by_key::<channel::Entity>(channel::Column::Id, keys, |row| row.id.0).await.unwrap().len()
        };
        for _ in 0..2 {
            assert_eq!(seen(&leader).await, channels.len());
            assert_eq!(seen(&portal).await, 1);
        }
    }

    async fn what_is_renamed_is_read_at_once(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let query = "{ submissions(first: 20, filter: { isClassified: true }) { nodes { category { name } channel { name } department { name } campaign { name } } } }";
        let names = async || {
            let data = app.data(&leader, query, json!({})).await;
            let nodes = data["submissions"]["nodes"].as_array().unwrap().clone();
            let named = nodes.iter().flat_map(|node| ["category", "channel", "department", "campaign"].map(|of| node[of]["name"].clone()));
            named.filter(|name| !name.is_null()).map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let before = names().await;
        assert_eq!(names().await, before);
        assert!(before.len() > 20, "{before:?}");
        let raw = Raw::open(&app.database.unscoped_url()).await;
        for table in ["category", "channel", "department", "campaign"] {
            let renamed = format!("UPDATE {table} SET name = name || '（新）' WHERE county = '{HUOQIU}'");
            assert!(raw.run(&renamed).await.unwrap() > 0);
        }
        let renamed: Vec<String> = before.iter().map(|name| format!("{name}（新）")).collect();
        assert_eq!(names().await, renamed);
    }

    async fn what_waits_is_there_for_the_next_statement_and_goes_with_the_commit(app: TestApp) {
        let app = app.with_both_counties().await;
        let operator = system::operator(County::parse(HUOQIU).unwrap());
        let now = app.app.clock.now();
        let line = || Trail {
            id: app.app.new_key(now),
            at: now,
            action: AuditAction::PlanApplied,
            subject: "waiting".to_owned(),
            detail: json!({}),
        };
        let written = async |tx: &Tx| {
            let these = Predicate::is(audit_entry::Column::Subject, "waiting");
            tx.from::<audit_entry::Entity>().filter(these).count().await.unwrap()
        };
        let begun = app.app.db.begin_write(&operator).await.unwrap();
        begun.audit(line()).await.unwrap();
        begun.audit(line()).await.unwrap();
        assert_eq!(written(&begun).await, 2);
        begun.audit(line()).await.unwrap();
        let (everything, changes) = (Predicate::everything(), vec![(submission::Column::Title, "".into())]);
        let told = begun.update_later::<submission::Entity>(everything, changes).await;
        assert!(matches!(told, Err(Fault::Broken(_))), "a change that others are told of does not wait: {told:?}");
        drop(begun);
        let kept = app.app.db.begin_write(&operator).await.unwrap();
        kept.audit(line()).await.unwrap();
        kept.commit().await.unwrap();
        let read = app.app.db.begin_read(&operator).await.unwrap();
        assert_eq!(written(&read).await, 1);
    }

    async fn an_index_over_some_rows_is_known_to_the_kept_plans(app: TestApp) {
        let raw = Raw::open(&app.database.unscoped_url()).await;
        let partial = if raw.is_postgres() {
            "SELECT pg_get_expr(indpred, indrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid \
             WHERE indpred IS NOT NULL AND relnamespace = 'public'::regnamespace"
        } else {
            "SELECT lower(substr(sql, instr(sql, ' WHERE ') + 7)) FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'"
        };
        let conditions = raw.texts(partial).await;
        assert!(conditions.len() > 2, "{conditions:?}");
        let known = |condition: &&String| STATED.iter().any(|column| condition.contains(column));
        assert!(conditions.iter().all(|condition| known(&condition)), "{conditions:?}");
    }

    async fn what_is_removed_is_gone_at_once(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let raw = Raw::open(&app.database.unscoped_url()).await;
        let key = Uuid::from_u128(7);
        let literal = if raw.is_postgres() { format!("'{key}'") } else { format!("X'{}'", key.simple()) };
        let added = format!(
            "INSERT INTO category (county, id, campaign, code, name, other, rank) \
             SELECT county, {literal}, campaign, 'GONE', name, other, 99 FROM category WHERE county = '{HUOQIU}' ORDER BY id LIMIT 1"
        );
        assert_eq!(raw.run(&added).await.unwrap(), 1);
        let id = app.app.ids.encode(Kind::Category, key);
        let query = format!("{{ node(id: \"{}\") {{ ... on Category {{ code }} }} }}", id.as_str());
        for _ in 0..2 {
            assert_eq!(app.data(&clerk, &query, json!({})).await["node"]["code"], "GONE");
        }
        raw.run("DELETE FROM category WHERE code = 'GONE'").await.unwrap();
        assert_eq!(app.data(&clerk, &query, json!({})).await["node"], Value::Null);
    }

    async fn rows_that_name_each_other_are_each_in_the_viewers_scope(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        for (county, department) in [(HUOQIU, "T_HEKOU"), (SHUANGLUAN, "STS_TOWN")] {
            app.persona(county, department, Position::Officer).await;
        }
        let viewer = viewer_of_bearer(&app.app, &town.token, app.app.clock.now()).await.unwrap();
        let logins = async |viewer: &Viewer| {
            let tx = app.app.db.begin_read(viewer).await.unwrap();
            let rows = tx.with_named::<session::Entity, account::Entity, post::Entity, department::Entity>(
                Predicate::everything(),
                (session::Column::Account, account::Column::Id),
                (session::Column::Post, post::Column::Id),
                (post::Column::Department, department::Column::Id),
            );
            let rows = rows.await.unwrap().into_iter();
            rows.map(|(session, account, post, department)| {
                assert_eq!((session.account, session.post, post.department), (account.id, post.id, department.id));
                (account.login, department.code)
            }).collect::<BTreeSet<_>>()
        };
        let own = (town.login.clone(), "T_CHENGGUAN".to_owned());
        assert_eq!(logins(&viewer).await, BTreeSet::from([own]));
        let codes = async |county: &str| {
            let operator = system::operator(County::parse(county).unwrap());
            logins(&operator).await.into_iter().map(|(_, code)| code).collect::<Vec<_>>()
        };
        assert_eq!(codes(HUOQIU).await.iter().collect::<BTreeSet<_>>().len(), 2);
        assert_eq!(codes(SHUANGLUAN).await, ["STS_TOWN"]);
    }
}
