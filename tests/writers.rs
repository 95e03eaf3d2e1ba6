//! Writers at the same time lose nothing and hold each other up nowhere.

use std::collections::BTreeSet;

use entity::enums::Position;
use futures::future::join_all;
use minsheng::audit::{self, Horizon};
use minsheng::db::Fault;
use minsheng::rollups;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, Persona};
use crate::support::records::{RECORD, code};
use crate::support::{TestApp, on_both_databases};

const EDIT: &str = "mutation ($input: SubmissionEditInput!) { submissionEdit(input: $input) {
    submission { version title } userErrors { code } } }";

/// A township's clerk, and the channel of door-to-door visits.
async fn clerk(app: &TestApp, department: &str, position: Position) -> (Persona, Value) {
    let who = app.persona(HUOQIU, department, position).await;
    let channel = app.channel_id(&who, "HOUSEHOLD_VISIT").await;
    (who, channel)
}

fn input(channel: &Value, key: &str) -> Value {
    json!({ "input": {
        "idempotencyKey": key, "channelId": channel, "title": "村口路灯不亮", "content": "已有半月，请尽快修好。",
        "name": "居民甲", "phone": "19900000001",
    } })
}

async fn record(app: &TestApp, (who, channel): &(Persona, Value), key: &str) -> Value {
    let data = app.data(who, RECORD, input(channel, key)).await;
    let payload = data["submissionRecord"].clone();
    assert_eq!(payload["userErrors"], json!([]), "{key}");
    payload["submission"].clone()
}

/// What the background of a server does, over and over, until the writers are through.
async fn upkeep(app: &TestApp, done: &tokio::sync::Notify) {
    let county = code(HUOQIU);
    let work = async {
        loop {
            let folded = rollups::fold(&app.app, &county).await;
            assert!(matches!(folded, Ok(_) | Err(Fault::Busy)), "{folded:?}");
            let sealed = audit::seal(&app.app, &county, Horizon::Recent(app.app.clock.now())).await;
            assert!(matches!(sealed, Ok(_) | Err(Fault::Taken | Fault::Busy)), "{sealed:?}");
            tokio::task::yield_now().await;
        }
    };
    tokio::select! { () = done.notified() => {}, () = work => {} }
}

on_both_databases! {
    async fn eight_writers_beside_two_servers_upkeep_lose_nothing(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerks = [
            clerk(&app, "T_HEKOU", Position::Officer).await,
            clerk(&app, "T_HEKOU", Position::Head).await,
            clerk(&app, "T_CHENGGUAN", Position::Officer).await,
            clerk(&app, "T_CHENGGUAN", Position::Head).await,
        ];
        let done = tokio::sync::Notify::new();
        let write = async |writer: usize| {
            for n in 0..25 {
                record(&app, &clerks[writer % 4], &format!("writer-{writer}-{n}")).await;
            }
        };
        let writers = async {
            join_all((0..8).map(write)).await;
            done.notify_waiters();
        };
        tokio::join!(writers, upkeep(&app, &done), upkeep(&app, &done));

        assert_eq!(app.submissions(HUOQIU).await.len(), 200);
        app.assert_numbers_have_no_gaps(HUOQIU).await;
        app.assert_tally_is_right(HUOQIU).await;
        rollups::fold(&app.app, &code(HUOQIU)).await.unwrap();
        app.assert_tally_is_right(HUOQIU).await;
        app.assert_trail_holds(HUOQIU).await;
    }

    async fn twenty_equal_sends_at_once_make_one_row_and_get_one_answer(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = clerk(&app, "T_HEKOU", Position::Officer).await;
        let answers = join_all((0..20).map(|_| record(&app, &clerk, "the-same-key"))).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(app.submissions(HUOQIU).await.len(), 1);
        app.assert_numbers_have_no_gaps(HUOQIU).await;
        app.assert_tally_is_right(HUOQIU).await;
    }

    async fn of_two_clerks_with_the_same_version_one_wins(app: TestApp) {
        let app = app.with_both_counties().await;
        let one = clerk(&app, "T_HEKOU", Position::Officer).await;
        let (other, _) = clerk(&app, "T_HEKOU", Position::Head).await;
        let id = record(&app, &one, "to-be-edited").await["id"].clone();
        for version in 1..=10 {
            let edit = async |who: &Persona, title: &str| {
                let input = json!({ "submissionId": id, "expectedVersion": version, "title": title });
                app.data(who, EDIT, json!({ "input": input })).await["submissionEdit"].clone()
            };
            // Other words each time: a correction that changes nothing is none.
            let (words, others) = (format!("路灯不亮{version}"), format!("路灯损坏{version}"));
            let (first, second) = tokio::join!(edit(&one.0, &words), edit(&other, &others));
            let outcomes: BTreeSet<String> = [&first, &second]
                .map(|payload| payload["userErrors"][0]["code"].as_str().unwrap_or("won").to_owned())
                .into();
            assert_eq!(outcomes, BTreeSet::from(["STALE_VERSION".to_owned(), "won".to_owned()]));
            let winner = if first["userErrors"] == json!([]) { &first } else { &second };
            assert_eq!(winner["submission"]["version"], version + 1);
        }
        app.assert_numbers_have_no_gaps(HUOQIU).await;
    }
}
