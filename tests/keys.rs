//! The life of keys: each is changed twice, and whatever was handed out goes on; the oldest goes, and still it goes on.

use entity::enums::{AuditAction, Position};
use entity::id::County;
use entity::key_version;
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::app::Parts;
use minsheng::db::Fault;
use minsheng::keys::{Resealed, reseal, status};
use minsheng::reporting::summary::store::verify;
use minsheng::scope::system;
use minsheng::scope::viewer::Viewer;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::reporting::{Desk, mutate};
use crate::support::backend::run;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::truth::Raw;
use crate::support::{Backend, TestApp, binary, key, master_key, on_both_databases, signing_key};

const INSTANT: &str = "2019-11-15T01:00:00Z";
const TOWN: &str = "STS_TOWN";
const SUBMIT: &str = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { code number } userErrors { code field } } }";
const RECEIPT: &str = "query ($code: String!) { receipt(code: $code) { number } }";
const RECORD: &str = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) { submission { number } userErrors { code field } } }";
const PAGE: &str = "query ($after: String) { submissions(first: 2, after: $after) { nodes { number } pageInfo { endCursor } } }";
const COVERAGE: &str =
    "{ campaign(by: { code: \"MXGC-2020\" }) { constituencyCoverage { total { registered } } } }";

/// The keys of one start, the present one first.
#[derive(Clone)]
struct Keys {
    master: Vec<String>,
    signing: Vec<String>,
    document: Vec<String>,
    public: Vec<String>,
}

impl Keys {
    fn first() -> Self {
        Self {
            master: vec![master_key()],
            signing: vec![signing_key()],
            document: Vec::new(),
            public: Vec::new(),
        }
    }

    /// A new key of every kind. Of the former document key nothing stays but its public half.
    fn change(&mut self, app: &TestApp, step: u8) {
        self.master.insert(0, key(step));
        self.signing.insert(0, key(step + 2));
        let public = app.app.documents.public_keys().map(|(_, public)| public);
        self.public = public.collect();
        self.document = vec![key(step + 4)];
    }

    fn put(&self) -> impl FnOnce(&mut Parts) {
        let keys = self.clone();
        move |parts| {
            parts.master = keys.master;
            parts.signing = keys.signing;
            parts.document = keys.document;
            parts.document_public = keys.public;
        }
    }
}

/// What clients and citizens hold in hand from before the first change.
struct Held {
    clerk: Persona,
    congress: Persona,
    leader: Persona,
    submitted: (Value, Value),
    recorded: (Value, Value),
    table: Value,
    cursor: Value,
    behind: Value,
}

impl Held {
    async fn fill(app: &TestApp) -> Self {
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app, instant: INSTANT };
        let table = desk.signed().await;
        let clerk = app.persona(SHUANGLUAN, TOWN, Position::Officer).await;
        let congress = app.persona(SHUANGLUAN, "NPC_OFFICE", Position::Officer).await;
        let leader = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Officer).await;
        assert_eq!(enrol(app, &congress, "NPC").await, json!([1, 0]));
        let submitted = json!({ "input": { "idempotencyKey": "citizen-of-old", "to": { "county": SHUANGLUAN, "campaign": "MXGC-2020", "channel": "WEBSITE" },
            "title": "公交车次太少", "content": "早晚高峰公交车次太少。", "name": "村民甲", "phone": "19900000001" } });
        let recorded = json!({ "input": { "idempotencyKey": "clerk-of-old", "channelId": app.channel_id(&clerk, "HOUSEHOLD_VISIT").await,
            "title": "村口路灯不亮", "content": "村口三盏路灯不亮。", "name": "村民甲", "phone": "19900000001" } });
        let receipt = submit(app, &submitted).await;
        let row = app.data(&clerk, RECORD, recorded.clone()).await["submissionRecord"]["submission"].clone();
        let page = app.data(&leader, PAGE, json!({})).await["submissions"].clone();
        let cursor = page["pageInfo"]["endCursor"].clone();
        let behind = behind(app, &leader, &cursor).await;
        Self {
            clerk,
            congress,
            leader,
            submitted: (submitted, receipt),
            recorded: (recorded, row),
            table,
            cursor,
            behind,
        }
    }

    /// Everything that was handed out before still does what it did, whatever token was signed with which key.
    async fn holds(&self, app: &TestApp, when: &str) {
        let (input, receipt) = &self.submitted;
        assert_eq!(submit(app, input).await, *receipt, "repeat of a submission, {when}");
        let (_, seen) = app.graphql(None, RECEIPT, json!({ "code": receipt["code"] })).await;
        assert_eq!(seen["data"]["receipt"]["number"], receipt["number"], "receipt code, {when}");
        let (input, row) = &self.recorded;
        let again = app.data(&self.clerk, RECORD, input.clone()).await;
        assert_eq!(again["submissionRecord"]["submission"], *row, "repeat of an entry, {when}");
        assert_eq!(behind(app, &self.leader, &self.cursor).await, self.behind, "bookmark, {when}");
        let desk = Desk { app, instant: INSTANT };
        let exported = desk.ask(&self.clerk, &self.table, "exported number").await;
        assert!(exported["exported"].is_string(), "id of a table, {when}: {exported}");
        let tx = app.county_read(SHUANGLUAN).await;
        let (checked, problems) = verify(&tx, None, &app.app.documents).await.unwrap();
        assert_eq!((checked, problems.len()), (1, 0), "signed table, {when}");
        drop(tx);
        assert_eq!(enrol(app, &self.congress, "NPC").await, json!([0, 1]), "person, {when}");
        let coverage = app.data(&self.leader, COVERAGE, json!({})).await;
        assert_eq!(coverage["campaign"]["constituencyCoverage"]["total"]["registered"], 1, "persons, {when}");
    }
}

async fn submit(app: &TestApp, input: &Value) -> Value {
    let (_, answer) = app.graphql(None, SUBMIT, input.clone()).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"]["submissionSubmit"]["receipt"].clone()
}

/// Numbers of the page behind a cursor of old. What came in since stands in front of it.
async fn behind(app: &TestApp, who: &Persona, cursor: &Value) -> Value {
    let page = app.data(who, PAGE, json!({ "after": cursor })).await;
    page["submissions"]["nodes"].clone()
}

/// Puts one deputy on a roster and gives how many were added and repeated.
async fn enrol(app: &TestApp, who: &Persona, stream: &str) -> Value {
    let data = app.data(who, "{ streams { id code constituencies } }", json!({})).await;
    let streams = data["streams"].as_array().unwrap().iter();
    let found = streams.clone().find(|row| row["code"] == stream).unwrap();
    let row = json!({ "reference": "D-0001", "name": "代表甲", "constituency": found["constituencies"][0] });
    let input = json!({ "streamId": found["id"], "rows": [row] });
    let done = mutate(app, who, "constituentRegister", input, "added repeated").await;
    json!([done["added"], done["repeated"]])
}

/// Writes a line over everything of a class that came in since, and gives how many entries and how many people it has.
async fn proposers(app: &TestApp, table: &mut Value, class: usize) -> (i64, i64) {
    let desk = Desk { app, instant: INSTANT };
    let done = desk.line(table, class, false).await;
    assert_eq!(done["userErrors"], json!([]), "{done}");
    *table = done["summaryTable"].clone();
    let line = table["lines"].as_array().unwrap().last().unwrap().clone();
    (line["count"].as_i64().unwrap(), line["proposers"].as_i64().unwrap())
}

async fn reseal_all(app: &TestApp) -> [Resealed; 2] {
    let mut done = [Resealed::default(); 2];
    for (place, county) in [SHUANGLUAN, HUOQIU].into_iter().enumerate() {
        let county = County::parse(county).unwrap();
        done[place] = reseal(&app.app, &county, &mut |_| ()).await.unwrap();
    }
    done
}

/// Runs a subcommand with other master keys.
fn said(app: &TestApp, keys: &[String], arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = binary::minsheng(&app.database, arguments);
    let output = binary::refusing(command.env("MINSHENG_MASTER_KEY", keys.join(",")));
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

on_both_databases! {
    async fn every_key_is_changed_twice_then_the_oldest_goes_and_all_that_was_handed_out_goes_on(app: TestApp) {
        let mut app = app.at(INSTANT).await;
        let first = app.restarted(|_| ()).await.unwrap();
        app.go_on(first);
        let held = Held::fill(&app).await;
        held.holds(&app, "before any change").await;
        let mut keys = Keys::first();
        for (when, step) in [("after the first change", 53), ("after the second change", 67)] {
            keys.change(&app, step);
            let next = app.restarted(keys.put()).await.unwrap();
            app.go_on(next);
            // The same two people ask again, under each key.
            app.receive(TOWN, 4, "2019-11-15T01:30:00Z", true).await;
            held.holds(&app, when).await;
        }
        assert_eq!(enrol(&app, &app.persona(SHUANGLUAN, "CPPCC_OFFICE", Position::Officer).await, "CPPCC").await, json!([1, 0]));
        held.holds(&app, "with a second roster").await;
        let desk = Desk { app: &app, instant: INSTANT };
        let mut table = desk.draft("SUPPLEMENTARY").await["summaryTable"].clone();
        assert_eq!(proposers(&app, &mut table, 0).await, (4, 2), "people under three keys");

        let [shuangluan, huoqiu] = reseal_all(&app).await;
        // 4 suggestions, 1 citizen, 1 entry and 1 deputy under the first key, 4 under the second; the second roster is new.
        assert_eq!(shuangluan, Resealed { rows: 11, lost: 0, retired: 2 });
        assert_eq!(huoqiu, Resealed { rows: 0, lost: 0, retired: 2 });
        assert_eq!(reseal_all(&app).await, [Resealed::default(); 2], "nothing is left to do");
        held.holds(&app, "after sealing anew").await;
        assert_eq!(proposers(&app, &mut table, 1).await, (4, 2), "people after sealing anew");

        keys.master.truncate(1);
        let next = app.restarted(keys.put()).await.unwrap();
        app.go_on(next);
        held.holds(&app, "without the former keys").await;
        // What is kept of keys that went long ago is carried on to the next.
        keys.change(&app, 83);
        let next = app.restarted(keys.put()).await.unwrap();
        app.go_on(next);
        reseal_all(&app).await;
        keys.master.truncate(1);
        let next = app.restarted(keys.put()).await.unwrap();
        app.go_on(next);
        held.holds(&app, "without any of the first three keys").await;
        let trail = app.trail(SHUANGLUAN).await;
        let told = |action| trail.iter().filter(|line| line.action == action).count();
        assert_eq!((told(AuditAction::KeyRegister), told(AuditAction::KeyReseal)), (3, 4));
        app.assert_trail_holds(SHUANGLUAN).await;
    }

    async fn sealing_anew_goes_on_after_a_kill_and_then_the_old_key_can_go(app: TestApp) {
        let mut app = app.at(INSTANT).await;
        let first = app.restarted(|_| ()).await.unwrap();
        app.go_on(first);
        app.receive(TOWN, 3_000, "2019-11-14T02:00:00Z", true).await;
        let both = [key(53), master_key()];
        let (code, told) = said(&app, &both, &["keys", "status"]);
        assert!(code == Some(0) && told.contains("still needed: run `minsheng keys reseal`"), "{told}");

        let raw = Raw::open(&app.database.unscoped_url()).await;
        let fresh = app.restarted(|parts| parts.master = both.to_vec()).await.unwrap();
        let id = fresh.lookups.present().id().to_owned();
        let done = format!("SELECT CAST(count(*) AS TEXT) FROM person WHERE name_sealed LIKE 'v1.{id}.%'");
        let mut child = binary::minsheng(&app.database, &["keys", "reseal"])
            .env("MINSHENG_MASTER_KEY", both.join(",")).spawn().unwrap();
        while raw.texts(&done).await == ["0"] {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let half: u64 = raw.texts(&done).await[0].parse().unwrap();
        assert!(half < 3_000, "the run was at its end before it was killed");
        raw.close().await;
        let removed = app.restarted(|parts| parts.master = vec![key(53)]).await.err().unwrap();
        assert!(removed.contains("minsheng keys reseal"), "{removed}");

        let (code, told) = said(&app, &both, &["keys", "reseal"]);
        assert!(code == Some(0) && told.contains(&format!("sealed anew {}", 3_000 - half)), "{told}");
        let (code, told) = said(&app, &both, &["keys", "status"]);
        assert!(code == Some(0) && told.contains("can be removed from MINSHENG_MASTER_KEY"), "{told}");
        let (code, told) = said(&app, &both[..1], &["keys", "status"]);
        assert!(code == Some(0) && told.contains("not given"), "{told}");
        let alone = app.restarted(|parts| parts.master = vec![key(53)]).await.unwrap();
        let county = County::parse(SHUANGLUAN).unwrap();
        let keys = status(&alone, &county, &mut |_| ()).await.unwrap().keys;
        let texts: Vec<u64> = keys.iter().map(|key| key.texts).collect();
        assert_eq!((texts, keys[0].is_needed()), (vec![0, 6_000], false));
    }

    async fn keys_that_do_not_fit_the_data_are_refused_at_the_start_with_what_to_do(app: TestApp) {
        let mut app = app.at(INSTANT).await;
        let first = app.restarted(|_| ()).await.unwrap();
        app.go_on(first);
        app.receive(TOWN, 2, "2019-11-14T02:00:00Z", true).await;
        let refused = async |keys: &[String]| {
            let keys = keys.to_vec();
            app.restarted(|parts| parts.master = keys).await.err().unwrap_or_default()
        };
        let id = app.app.lookups.present().id();
        let needed = format!("still needs the master key {id}");
        assert!(refused(&[key(53)]).await.contains(&needed));
        let (code, told) = said(&app, &[key(53)], &["serve", "--listen", "127.0.0.1:0"]);
        assert!(code == Some(4) && told.contains(&needed) && told.contains("minsheng keys reseal"), "{told}");
        // A change of the key is no way around: the old one stays needed, and none that was replaced comes back.
        assert_eq!(refused(&[key(53), master_key()]).await, "");
        assert!(refused(&[key(53)]).await.contains(&needed));
        assert!(refused(&[master_key(), key(53)]).await.contains("must stand first"));

        let raw = Raw::open(&app.database.unscoped_url()).await;
        let swapped = "UPDATE key_version SET sealed = (SELECT sealed FROM key_version other WHERE other.county = '341522' AND other.number = 1) WHERE county = '130803' AND number = 1";
        raw.run(swapped).await.unwrap();
        let listed = raw.rows("key_version").await.len();
        assert!(refused(&[key(54), key(53), master_key()]).await.contains("does not open the check value"));
        assert_eq!(raw.rows("key_version").await.len(), listed, "a key was added beside one that does not fit");
        // A database of a former release has no list yet: what it holds says which key it needs.
        raw.run("DELETE FROM key_version").await.unwrap();
        raw.close().await;
        assert!(refused(&[key(53)]).await.contains(&format!("sealed with another master key ({id})")));
        assert_eq!(refused(&[master_key()]).await, "");
        assert_eq!(refused(&[key(53), master_key()]).await, "");
    }

    async fn a_receipt_alone_shows_that_a_master_key_is_foreign(app: TestApp) {
        let app = app.at(INSTANT).await;
        let input = json!({ "input": { "idempotencyKey": "citizen-1", "to": { "county": SHUANGLUAN, "campaign": "MXGC-2020", "channel": "WEBSITE" },
            "title": "公交车次太少", "content": "早晚高峰公交车次太少。", "name": "村民甲", "phone": "19900000001" } });
        assert!(submit(&app, &input).await["code"].is_string());
        let raw = Raw::open(&app.database.unscoped_url()).await;
        raw.run("DELETE FROM person").await.unwrap();
        raw.close().await;
        let refused = app.restarted(|parts| parts.master = vec![key(53)]).await.err().unwrap();
        assert!(refused.contains("sealed with another master key"), "{refused}");
        assert!(app.restarted(|_| ()).await.is_ok());
    }

    async fn a_document_key_that_is_known_nowhere_is_told_of_and_its_public_half_suffices(app: TestApp) {
        let app = app.at(INSTANT).await;
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        Desk { app: &app, instant: INSTANT }.signed().await;
        // Of the other county nothing is signed but the end of its trail.
        app.assert_trail_holds(HUOQIU).await;
        let (kid, public) = app.app.documents.public_keys().next().map(|(kid, public)| (kid.to_owned(), public)).unwrap();
        let status = |public: &str| {
            let mut command = binary::minsheng(&app.database, &["keys", "status"]);
            let output = command.env("MINSHENG_DOCUMENT_KEY", key(57)).env("MINSHENG_DOCUMENT_PUBLIC_KEYS", public).output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
            (output.status.code(), said)
        };
        let (code, told) = status("");
        assert!(code == Some(1), "{told}");
        let named = told.matches(&format!("document key {kid}, which is not known")).count();
        assert_eq!(named, 2, "{told}");
        let (code, told) = status(&public);
        assert!(code == Some(0) && told.contains("verifies only"), "{told}");
        let (code, told) = status("AAAA");
        assert!(code == Some(1) && told.contains("MINSHENG_DOCUMENT_PUBLIC_KEYS: public key 1"), "{told}");
    }

    async fn who_is_erased_while_texts_are_sealed_anew_stays_erased(app: TestApp) {
        let app = app.at(INSTANT).await;
        app.receive(TOWN, 2, "2019-11-14T02:00:00Z", true).await;
        let next = app.restarted(|parts| parts.master = vec![key(53), master_key()]).await.unwrap();
        let url = app.database.unscoped_url();
        let erase = "UPDATE person SET name_sealed = NULL, phone_sealed = NULL, phone_index = NULL, erased_at = '2019-11-15 00:00:00+00:00'";
        let done = reseal(&next, &County::parse(SHUANGLUAN).unwrap(), &mut |_| meanwhile(&url, erase)).await.unwrap();
        assert_eq!((done.rows, done.lost), (0, 0));
        let raw = Raw::open(&url).await;
        assert_eq!(raw.texts("SELECT CAST(count(name_sealed) + count(phone_sealed) + count(phone_index) AS TEXT) FROM person").await, ["0"]);
        raw.close().await;
    }

    async fn what_a_server_with_the_former_key_writes_meanwhile_is_found_by_a_second_look(app: TestApp) {
        let mut app = app.at(INSTANT).await;
        app.receive(TOWN, 1, "2019-11-14T02:00:00Z", true).await;
        let congress = app.persona(SHUANGLUAN, "NPC_OFFICE", Position::Officer).await;
        enrol(&app, &congress, "NPC").await;
        let url = app.database.unscoped_url();
        let raw = Raw::open(&url).await;
        let back = "SELECT 'UPDATE person SET name_sealed = ''' || name_sealed || ''', phone_sealed = ''' || phone_sealed || ''', phone_index = ''' || phone_index || '''' FROM person";
        let back = raw.texts(back).await.remove(0);
        raw.close().await;
        let next = app.restarted(|parts| parts.master = vec![key(53), master_key()]).await.unwrap();
        app.go_on(next);
        let mut page = 0;
        // The second page is the roster's: the people are behind.
        let mut seen = |_| {
            page += 1;
            if page == 2 {
                meanwhile(&url, &back);
            }
        };
        let county = County::parse(SHUANGLUAN).unwrap();
        let done = reseal(&app.app, &county, &mut seen).await.unwrap();
        assert_eq!((done.rows, done.lost, done.retired), (3, 0, 1));
        let keys = status(&app.app, &county, &mut |_| ()).await.unwrap().keys;
        assert!(!keys[0].is_needed(), "{keys:?}");
    }

    async fn nobody_but_the_operator_adds_a_key_to_the_list(app: TestApp) {
        let app = app.at(INSTANT).await;
        for (department, position) in [(TOWN, Position::Head), ("CAMPAIGN_OFFICE", Position::Officer), ("AUDITOR", Position::Officer), ("ADMINISTRATOR", Position::Officer)] {
            let who = app.persona(SHUANGLUAN, department, position).await;
            let viewer = viewer_of_bearer(&app.app, &who.token, app.app.clock.now()).await.unwrap();
            assert!(add(&app, &viewer).await.is_err(), "{department}");
        }
        add(&app, &system::operator(County::parse(SHUANGLUAN).unwrap())).await.unwrap();
    }
}

/// The second wall by itself: whoever writes all of a county but does not read its trail is not the operator.
#[tokio::test]
async fn the_second_wall_lets_only_the_operator_add_a_key() {
    let app = TestApp::start(Backend::Postgres).await;
    let raw = Raw::open(&app.database.url()).await;
    let add = async |audit: &str| {
        let settings = format!(
            "BEGIN; SET LOCAL minsheng.county = '{SHUANGLUAN}'; SET LOCAL minsheng.writes = 'COUNTY'; SET LOCAL minsheng.audit = '{audit}'"
        );
        raw.run(&settings).await.unwrap();
        let added = raw
            .run(&format!(
                "INSERT INTO key_version (county, number, key_id, sealed, registered_at) VALUES ('{SHUANGLUAN}', 9, '00000009', '', now())"
            ))
            .await;
        raw.run("ROLLBACK").await.unwrap();
        added
    };
    let refused = add("NONE").await.unwrap_err();
    assert!(refused.contains("row-level security"), "{refused}");
    assert_eq!(add("COUNTY").await, Ok(1));
    raw.close().await;
}

async fn add(app: &TestApp, viewer: &Viewer) -> Result<(), Fault> {
    let tx = app.app.db.begin_write(viewer).await.unwrap();
    tx.insert(key_version::ActiveModel {
        county: Set(viewer.county().clone()),
        number: Set(9),
        key_id: Set("00000009".to_owned()),
        sealed: Set(String::new()),
        registered_at: Set(app.app.clock.now()),
        retired_at: Set(None),
    })
    .await
}

/// Runs a statement past both walls while the test's own thread stands still.
fn meanwhile(url: &str, sql: &str) {
    let (url, sql) = (url.to_owned(), sql.to_owned());
    let other = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(&url, &sql));
    });
    other.join().unwrap();
}
