//! Lists, counts and figures agree under any filter, with each other and with a count of our own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use entity::enums::Position;
use entity::id::PostId;
use minsheng::http::HttpSettings;
use minsheng::limits::request::Limits;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::drawn::{filters, words};
use super::{ROWS, fill_spread, fold};
use crate::permissions::{SEATS, portal};
use crate::support::counted::Counted;
use crate::support::personas::{HUOQIU, Persona};
use crate::support::truth::{Raw, Truth};
use crate::support::world::Who;
use crate::support::{TestApp, on_both_databases};

/// Set, each of the thousand filters is asked by every profile; otherwise by two, and by the others in turn.
const EVERY_PROFILE: &str = "MINSHENG_TEST_EVERY_PROFILE";

const COUNTS: &str = "query ($filter: SubmissionFilter) {
    submissions(first: 100, filter: $filter) { totalCount nodes { id } pageInfo { hasNextPage } }
    overview(filter: $filter) { total { received open ended }
        a: rows(by: [DEPARTMENT, CATEGORY]) { figures { received } } b: rows(by: [STAGE, WEEK]) { figures { received } }
        c: rows(by: [CHANNEL]) { figures { received } filter } } }";

/// Asks for a list and its figures, and gives how many there are.
pub(super) async fn agreeing_count(app: &TestApp, who: &Persona, filter: &Value) -> u64 {
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

/// Fields of a filter that are drawn: all but the token, which stands for others.
const FIELDS: usize = 24;

/// Somebody as the rules know people.
async fn known(app: &TestApp, persona: Persona, position: Position) -> Who {
    let viewer = app.data(&persona, "{ viewer { id post { id } } }", json!({})).await;
    let key = |id: &Value| app.app.ids.decode(id.as_str().unwrap()).unwrap().1.simple().to_string();
    Who {
        name: format!("{} {}", persona.department, position.as_str()),
        county: persona.county.to_owned(),
        department: persona.department_id.0.simple().to_string(),
        profile: Some(persona.profile),
        position,
        actor: key(&viewer["viewer"]["id"]),
        post: key(&viewer["viewer"]["post"]["id"]),
        login: persona.login,
        token: Some(persona.token),
        refresh: persona.refresh,
    }
}

async fn truth(app: &TestApp) -> Truth {
    let raw = Raw::open(&app.database.unscoped_url()).await;
    let truth = Truth::read(&raw).await;
    raw.close().await;
    truth
}

on_both_databases! {
    async fn the_overview_counts_what_the_list_counts_for_a_thousand_filters_and_every_profile(app: TestApp) {
        let app = app.with_both_counties().await;
        let mut everybody = Vec::new();
        for (department, position) in SEATS {
            everybody.push(known(&app, app.persona(HUOQIU, department, position).await, position).await);
        }
        let portal = portal(&app).await;
        let posts: Vec<PostId> = everybody.iter().map(|who| PostId(who.post.parse().unwrap())).collect();
        fill_spread(&app, &posts).await;
        let truth = truth(&app).await;
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
        assert!(fields.len() == FIELDS && fields.values().all(|uses| *uses >= 50), "{fields:?}");
        let every = std::env::var_os(EVERY_PROFILE).is_some();
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, half) in filters.chunks(500).enumerate() {
            for (turn, who) in everybody.iter().enumerate() {
                let profile = who.profile.unwrap().as_str();
                let counted = Counted { app: &app, truth: &truth, who };
                for (nth, some) in half.chunks(14).enumerate() {
                    // Those with nothing, or with the same county as the leadership, take turns unless told otherwise.
                    let always = ["LEADERSHIP", "COLLECTOR"].contains(&profile) || every;
                    if !always && !(nth + turn).is_multiple_of(4) {
                        continue;
                    }
                    let token = who.token.as_deref().unwrap();
                    for ((listed, figure), filter) in both_counts(&app, token, some).await.into_iter().zip(some) {
                        assert_eq!(listed, figure, "{profile} under {filter}");
                        assert_eq!(i64::try_from(listed).ok(), counted.expected(filter), "{} under {filter}", who.name);
                        *found.entry(profile).or_default() += usize::from(listed > 0);
                    }
                }
            }
            for some in half.chunks(14).step_by(4) {
                assert!(both_counts(&app, &portal, some).await.iter().all(|counts| *counts == (0, 0)), "a portal");
            }
            // The first half was counted over changes that wait to be folded.
            if place == 0 {
                fold(&app).await;
            }
        }
        assert!(found["LEADERSHIP"] >= 300 && found["COLLECTOR"] >= 100, "{found:?}");
        assert_eq!(found["AUDITOR"], 0, "{found:?}");
    }

    async fn lists_counts_and_figures_agree_for_any_filter_and_any_viewer(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let post = known(&app, clerk.clone(), Position::Officer).await.post;
        fill_spread(&app, &[PostId(post.parse().unwrap())]).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
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
            // Of the caller's own post and department: the leadership has none of them.
            let personal = filter.get("isEnteredByMe") == Some(&json!(true))
                || ["isAssigned", "isMine"].iter().any(|name| filter.get(name).is_some());
            assert!(own <= all || personal, "a township sees more than the county under {filter}");
            found += u32::from(all > 0);
        }
        assert!(found > 36, "only {found} of 120 filters found anything");
        assert_eq!(agreeing_count(&app, &auditor, &json!({})).await, 0);
    }

    // Each of the further fields parts the rows, for somebody who sees all of them.
    async fn every_further_field_of_a_filter_finds_some_rows_and_not_others(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let who = known(&app, leader.clone(), Position::Head).await;
        fill_spread(&app, &[PostId(who.post.parse().unwrap())]).await;
        let truth = truth(&app).await;
        let counted = Counted { app: &app, truth: &truth, who: &who };
        let all = agreeing_count(&app, &leader, &json!({})).await;
        for filter in [
            json!({ "urgencies": ["URGENT", "CRITICAL"] }), json!({ "beneficiariesFrom": 12 }), json!({ "isProposed": true }),
            json!({ "isProposed": false }), json!({ "isEnteredByMe": true }), json!({ "isEnteredByMe": false }), json!({ "isMerged": true }),
            json!({ "isMerged": false }), json!({ "isClassified": true }), json!({ "isClassified": false }), json!({ "text": "第2 路灯" }),
            json!({ "text": "处理 井盖 破损" }), json!({ "enteredFrom": "2022-03-14" }), json!({ "enteredTo": "2022-03-14" }),
            json!({ "enteredFrom": "2022-03-12", "enteredTo": "2022-03-14" }),
        ] {
            let count = agreeing_count(&app, &leader, &filter).await;
            assert!(0 < count && count < all, "{count} of {all} under {filter}");
            assert_eq!(i64::try_from(count).ok(), counted.expected(&filter), "{filter}");
        }
    }
}
