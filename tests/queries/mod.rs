//! Finding and counting: one filter for lists, counts and figures; pages that lose nothing; known costs.

mod agreeing;
mod drawn;
mod kept;
mod pages;
mod scope;

pub(crate) use drawn::{filters, words};

use chrono::TimeDelta;
use entity::enums::{Stage, SubmissionKind, Urgency};
use entity::id::{County, PostId, SubmissionId};
use entity::{category, channel, stream, submission, village};
use minsheng::db::{Predicate, Tx};
use minsheng::intake::draft::Draft;
use minsheng::intake::store::{Entry, Source, take_in};
use minsheng::scope::system;
use serde_json::json;

use crate::support::TestApp;
use crate::support::personas::{HUOQIU, Persona};

const ROWS: usize = 240;

/// Fills Huoqiu with suggestions spread over what rollups know of; returns nothing that a query could not see.
pub(crate) async fn fill(app: &TestApp) {
    fill_with(app, ROWS).await;
}

pub(crate) async fn fill_with(app: &TestApp, rows: usize) {
    fill_texts(app, rows, of_words).await;
}

/// The same with other contents, each made of what its title is about.
pub(crate) async fn fill_texts(app: &TestApp, rows: usize, content: impl Fn(&str) -> String) {
    let tx = write(app).await;
    let entries = entries(app, &tx, rows, content).await;
    let now = app.app.clock.now();
    for batch in entries.chunks(500) {
        take_in(&tx, &app.app, batch, now).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// The same spread over everything that a filter names: entered by these posts and by none, on six days, and some merged.
pub(crate) async fn fill_spread(app: &TestApp, posts: &[PostId]) {
    let tx = write(app).await;
    let mut entries = entries(app, &tx, ROWS, of_words).await;
    let classes = tx.from::<category::Entity>().all().await.unwrap();
    for (n, entry) in entries.iter_mut().enumerate() {
        entry.draft.urgency = Urgency::ALL[(n / 3) % 3];
        entry.draft.beneficiaries = (!n.is_multiple_of(4)).then(|| i32::try_from(n % 50).unwrap());
        entry.source.post = posts.get(n / 2 % (posts.len() + 1)).copied();
        entry.source.proposed = (n % 4 == 1).then(|| classes[n % 3].id);
    }
    for (days, batch) in (0..).zip(entries.chunks(ROWS / 6)) {
        take_in(&tx, &app.app, batch, app.app.clock.now() - TimeDelta::days(days)).await.unwrap();
    }
    let these = Predicate::is(submission::Column::Kind, SubmissionKind::ALL[2])
        .and(Predicate::Empty(submission::Column::Category));
    let merged = vec![(submission::Column::Stage, Stage::Merged.into())];
    assert!(tx.update::<submission::Entity>(these, merged).await.unwrap() > 0);
    tx.commit().await.unwrap();
}

fn of_words(words: &str) -> String {
    format!("反映{words}，请处理。")
}

async fn write(app: &TestApp) -> Tx {
    let operator = system::operator(County::parse(HUOQIU).unwrap());
    app.app.db.begin_write(&operator).await.unwrap()
}

async fn entries(app: &TestApp, tx: &Tx, rows: usize, content: impl Fn(&str) -> String) -> Vec<Entry> {
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
    (0..rows).map(entry).collect()
}

/// Folds what there is of unfolded changes.
async fn fold(app: &TestApp) {
    let tx = write(app).await;
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

/// Round trips of one request, sign-in checks included.
pub(crate) async fn trips(app: &TestApp, who: &Persona, query: &str) -> u64 {
    app.data(who, query, json!({})).await;
    let before = app.app.db.trips();
    app.data(who, query, json!({})).await;
    app.app.db.trips() - before
}
