//! `permissions` is true exactly when the mutation succeeds: every profile tries every step on every kind of suggestion at
//! every stage. A mutation that succeeds is committed, so each step has a row of its own, and whoever owns it comes last.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use entity::enums::{Position, Stage, SubmissionKind, Urgency};
use entity::id::{County, PostId, SubmissionId};
use entity::{category, channel, department, stream};
use minsheng::db::Predicate;
use minsheng::ids::Kind;
use minsheng::intake::draft::Draft;
use minsheng::intake::store::{Entry, Source, take_in};
use minsheng::limits::rates::{Rate, RatePlan};
use minsheng::scope::system;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::truth::Raw;
use crate::support::{TestApp, on_both_databases};

/// Somebody of each profile that people have; the two collectors come last.
pub(crate) const SEATS: [(&str, Position); 13] = [
    ("COMMITTEE_V0101", Position::Officer),
    ("CAMPAIGN_OFFICE", Position::Officer),
    ("CALLBACK_OFFICE", Position::Officer),
    ("SUPERVISION_OFFICE", Position::Officer),
    ("DISCIPLINE", Position::Officer),
    ("COUNTY_GOVERNMENT_OFFICE", Position::Officer),
    ("PUBLICATION_GROUP", Position::Officer),
    ("LEADING_GROUP", Position::Head),
    ("ADMINISTRATOR", Position::Officer),
    ("AUDITOR", Position::Officer),
    ("T_HEKOU", Position::Head),
    ("T_CHENGGUAN", Position::Officer),
    ("HOTLINE_12345", Position::Officer),
];

/// Whose suggestions are tried.
const OWNERS: [&str; 2] = ["T_CHENGGUAN", "HOTLINE_12345"];

/// What stands behind a suggestion.
const KINDS: [&str; 5] = ["named", "reachable", "nobody", "confidential", "erased"];

/// Permission and mutation, with what the mutation asks beyond id and version.
const ACTIONS: [(&str, &str, &str); 7] = [
    ("canEdit", "submissionEdit", "title: \"改过的标题\""),
    ("canWithdraw", "submissionWithdraw", "reason: \"重复登记\""),
    ("canClassify", "submissionClassify", "categoryId: $category"),
    ("canProposeInvalid", "submissionInvalidPropose", "reason: SPAM"),
    ("canRevealIdentity", "identityReveal", "reason: \"回访核实\""),
    ("canErasePerson", "personErase", "reason: \"本人要求\""),
    (
        "canMove",
        "submissionMove",
        "idempotencyKey: \"permission-PLACE\" streamId: \"STREAM\" reason: \"误登征集流\"",
    ),
];

/// A portal's credential, made by the administrator.
pub(crate) async fn portal(app: &TestApp) -> String {
    let admin = app.persona(HUOQIU, "ADMINISTRATOR", Position::Officer).await;
    let campaign = app.data(&admin, "{ campaigns { id } }", json!({})).await["campaigns"][0]["id"].clone();
    let channel = app.channel_id(&admin, "WEBSITE").await;
    let input = json!({ "name": "门户", "campaignId": campaign, "channelId": channel, "actions": ["SUBMISSION_SUBMIT"] });
    let create = "mutation ($input: ClientCreateInput!) { clientCreate(input: $input) { credential userErrors { code } } }";
    let made = app.data(&admin, create, json!({ "input": input })).await;
    made["clientCreate"]["credential"].as_str().unwrap().to_owned()
}

/// One suggestion of each owner for each kind, stage and step, and the ids of a class and a stream that none of them is in.
struct Rows {
    ids: Vec<String>,
    category: String,
    stream: String,
}

impl Rows {
    async fn make(app: &TestApp) -> Self {
        let operator = system::operator(County::parse(HUOQIU).unwrap());
        let tx = app.app.db.begin_write(&operator).await.unwrap();
        let now = app.app.clock.now();
        let committee = tx
            .from::<department::Entity>()
            .filter(Predicate::is(department::Column::Code, "COMMITTEE_V0101"));
        let committee = committee.one().await.unwrap().unwrap().id;
        let categories = tx.from::<category::Entity>().all().await.unwrap();
        let channel = tx.from::<channel::Entity>().one().await.unwrap().unwrap().id;
        let mut entries = Vec::new();
        for owner in OWNERS {
            let code = Predicate::is(stream::Column::Code, owner);
            let stream = tx.from::<stream::Entity>().filter(code).one().await.unwrap().unwrap();
            for (n, (kind, stage, step)) in cases().enumerate() {
                entries.push(Entry {
                    id: SubmissionId(app.app.new_key(now)),
                    draft: draft(kind, stage, step),
                    department: stream.department,
                    campaign: stream.campaign,
                    stream: stream.id,
                    stream_code: stream.code.clone(),
                    channel,
                    category: n.is_multiple_of(2).then(|| categories[0].id),
                    village: None,
                    received_at: now,
                    late: n.is_multiple_of(7),
                    source: Source {
                        // Whoever has entered it may take it back.
                        post: Some(PostId(app.app.new_key(now))),
                        // Some came through a village committee, which goes on seeing them.
                        village_committee: n.is_multiple_of(3).then_some(committee),
                        ..Source::default()
                    },
                });
            }
        }
        for batch in entries.chunks(300) {
            take_in(&tx, &app.app, batch, now).await.unwrap();
        }
        let elsewhere = Predicate::is(stream::Column::Code, "T_HEKOU");
        let elsewhere = tx.from::<stream::Entity>().filter(elsewhere).one().await.unwrap().unwrap();
        let stream = app.app.ids.encode(Kind::IntakeStream, elsewhere.id).0;
        tx.commit().await.unwrap();
        bend(app).await;
        let id = |entry: &Entry| app.app.ids.encode(Kind::Submission, entry.id).0;
        Self {
            ids: entries.iter().map(id).collect(),
            category: app.app.ids.encode(Kind::Category, categories[1].id).0,
            stream,
        }
    }

    /// Which step a row is for.
    const fn step(place: usize) -> usize {
        place % ACTIONS.len()
    }
}

/// Kind, stage and step of each row of one owner; the steps of one kind and stage lie side by side.
fn cases() -> impl Iterator<Item = (&'static str, Stage, usize)> {
    let stages = || Stage::ALL.iter().copied();
    let each =
        move |kind| stages().flat_map(move |stage| (0..ACTIONS.len()).map(move |step| (kind, stage, step)));
    KINDS.into_iter().flat_map(each)
}

fn draft(kind: &str, stage: Stage, step: usize) -> Draft {
    let named = matches!(kind, "named" | "confidential" | "erased");
    Draft {
        title: format!("{kind}-{step}-{}", stage.as_str()),
        content: "路口护栏损坏，请修复。".to_owned(),
        kind: SubmissionKind::Complaint,
        urgency: Urgency::Normal,
        beneficiaries: None,
        constituency: None,
        confidential: kind == "confidential",
        on_behalf: false,
        received_at: None,
        name: named.then(|| "居民甲".to_owned()),
        phone: (kind != "nobody").then(|| "19900000001".to_owned()),
        address: None,
        extra: serde_json::Map::new(),
    }
}

/// Puts the rows where no step leads yet: stages of later capabilities, and persons erased before.
async fn bend(app: &TestApp) {
    let raw = Raw::open(&app.database.unscoped_url()).await;
    for stage in Stage::ALL {
        let stage = stage.as_str();
        let sql = format!("UPDATE submission SET stage = '{stage}' WHERE title LIKE '%-{stage}'");
        assert_eq!(raw.run(&sql).await.unwrap(), (OWNERS.len() * KINDS.len() * ACTIONS.len()) as u64);
    }
    let erased = "UPDATE person SET name_sealed = NULL, phone_sealed = NULL, address_sealed = NULL, phone_index = NULL,
        erased_at = (SELECT received_at FROM submission WHERE submission.id = person.submission)
        WHERE submission IN (SELECT id FROM submission WHERE title LIKE 'erased-%')";
    assert_eq!(raw.run(erased).await.unwrap(), (OWNERS.len() * Stage::ALL.len() * ACTIONS.len()) as u64);
    raw.close().await;
}

/// What a caller is told that it may do with each row; nothing for a row that it does not see.
async fn told(app: &TestApp, token: &str, rows: &Rows) -> Vec<Value> {
    let names: Vec<&str> = ACTIONS.iter().map(|action| action.0).collect();
    let query = format!(
        "query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Submission {{ permissions {{ {} }} }} }} }}",
        names.join(" ")
    );
    let mut found = Vec::new();
    for ids in rows.ids.chunks(100) {
        let (_, answer) = app.graphql(Some(token), &query, json!({ "ids": ids })).await;
        let nodes = answer["data"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
        found.extend(nodes.iter().map(|node| node["permissions"].clone()));
    }
    found
}

/// Takes each row's own step, and says whether it succeeded.
async fn tried(app: &TestApp, token: &str, rows: &Rows) -> Vec<bool> {
    let mut done = Vec::new();
    let places: Vec<usize> = (0..rows.ids.len()).collect();
    for batch in places.chunks(25) {
        let mut text = "mutation ($category: ID!) { __typename".to_owned();
        for place in batch {
            let (id, (_, mutation, input)) = (&rows.ids[*place], ACTIONS[Rows::step(*place)]);
            // A reveal changes nothing, so it needs no version.
            let version = if mutation == "identityReveal" { "" } else { "expectedVersion: 1" };
            let input = input.replace("PLACE", &place.to_string()).replace("STREAM", &rows.stream);
            write!(text, " m{place}: {mutation}(input: {{ submissionId: \"{id}\" {version} {input} }}) {{ userErrors {{ code }} }}").unwrap();
        }
        if !text.contains("$category }") {
            text = text.replacen("($category: ID!)", "", 1);
        }
        text.push('}');
        let (_, answer) = app.graphql(Some(token), &text, json!({ "category": rows.category })).await;
        for place in batch {
            let payload = &answer["data"][format!("m{place}")];
            assert!(payload.is_null() || payload["userErrors"].is_array(), "{answer}");
            done.push(payload["userErrors"] == json!([]));
        }
    }
    done
}

on_both_databases! {
    async fn a_permission_is_true_exactly_when_the_mutation_succeeds(app: TestApp) {
        // Each of them tries more steps than anybody takes in a minute.
        let endless = Rate::new(1_000_000, 1_000_000);
        let rates = RatePlan { writes_of_account: endless, writes_of_address: endless, ..RatePlan::default() };
        let app = app.with_rates(rates).await.with_both_counties().await;
        let rows = Rows::make(&app).await;
        let abroad = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        let mut everybody = vec![("portal".to_owned(), portal(&app).await), ("abroad".to_owned(), abroad.token)];
        for (department, position) in SEATS {
            let who = app.persona(HUOQIU, department, position).await;
            everybody.push((format!("{department} {}", who.profile.as_str()), who.token));
        }
        let mut outcomes: BTreeMap<(&str, bool), usize> = BTreeMap::new();
        let mut seen = 0;
        for (name, token) in &everybody {
            let (told, done) = (told(&app, token, &rows).await, tried(&app, token, &rows).await);
            for (place, (told, done)) in told.iter().zip(done).enumerate() {
                let (permission, mutation, _) = ACTIONS[Rows::step(place)];
                let case = cases().nth(place % (rows.ids.len() / OWNERS.len())).unwrap();
                assert_eq!(told[permission] == true, done, "{mutation} by {name} on {case:?} of {}", OWNERS[place * OWNERS.len() / rows.ids.len()]);
                *outcomes.entry((permission, done)).or_default() += 1;
                seen += usize::from(!told.is_null());
            }
        }
        for (permission, ..) in ACTIONS {
            for value in [true, false] {
                assert!(outcomes.get(&(permission, value)).is_some_and(|count| *count >= 20), "{permission} {value}: {outcomes:?}");
            }
        }
        assert!(seen > rows.ids.len() * 4, "{seen}");
    }
}
