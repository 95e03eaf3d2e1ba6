//! Figures are what a recount finds, after any sequence of steps and folds.

use chrono::TimeDelta;
use entity::enums::Position;
use minsheng::rollups;
use minsheng::scope::system;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::{Value, json};

use crate::support::backend::run;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::records::{RECORD, code};
use crate::support::{Backend, TestApp, TestDatabase, binary, on_both_databases, postgres};

/// Sequences that are tried; each on the data of those before it.
const CASES: u32 = 5;

/// One thing that may happen.
#[derive(Clone, Debug)]
enum Step {
    /// A clerk enters a suggestion that was received so many days ago.
    Record { clerk: usize, kind: usize, class: Option<usize>, days_ago: i64 },
    /// A suggestion gets a class, or another one.
    Classify { which: usize, class: usize },
    /// Its kind is corrected.
    Edit { which: usize, kind: usize },
    /// It is taken back.
    Withdraw { which: usize },
    /// What waits is folded into the cells.
    Fold,
}

const KINDS: [&str; 5] = ["SUGGESTION", "COMPLAINT", "REQUEST", "CONSULTATION", "PRAISE"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let any = || 0..1_000_usize;
    let record = (any(), any(), prop::option::of(any()), 0..70_i64);
    let step = prop_oneof![
        6 => record.prop_map(|(clerk, kind, class, days_ago)| Step::Record { clerk, kind, class, days_ago }),
        3 => (any(), any()).prop_map(|(which, class)| Step::Classify { which, class }),
        2 => (any(), any()).prop_map(|(which, kind)| Step::Edit { which, kind }),
        1 => any().prop_map(|which| Step::Withdraw { which }),
        2 => Just(Step::Fold),
    ];
    prop::collection::vec(step, 1..30)
}

/// Somebody who enters suggestions, and what the campaign offers for it.
struct Clerk {
    who: Persona,
    channel: Value,
    classes: Vec<Value>,
    villages: Vec<Value>,
}

/// A suggestion as its collector saw it last.
struct Known {
    clerk: usize,
    id: Value,
    version: Value,
}

/// A county's day with all who work in it.
struct Scene {
    app: TestApp,
    clerks: Vec<Clerk>,
    viewers: Vec<Persona>,
    known: Vec<Known>,
    entered: usize,
}

impl Scene {
    async fn new(app: TestApp) -> Self {
        let app = app.with_both_counties().await;
        let mut clerks = Vec::new();
        for (county, department) in [
            (HUOQIU, "T_HEKOU"),
            (HUOQIU, "T_CHENGGUAN"),
            // It enters for its township, which collects.
            (HUOQIU, "COMMITTEE_V0101"),
            // Its campaign closed long ago: what it enters is late.
            (SHUANGLUAN, "STS_TOWN"),
        ] {
            clerks.push(Clerk::new(&app, app.persona(county, department, Position::Officer).await).await);
        }
        let mut viewers: Vec<Persona> = clerks.iter().map(|clerk| clerk.who.clone()).collect();
        for county in [HUOQIU, SHUANGLUAN] {
            viewers.push(app.persona(county, "LEADING_GROUP", Position::Head).await);
        }
        Self { app, clerks, viewers, known: Vec::new(), entered: 0 }
    }

    async fn take(&mut self, step: &Step) {
        match step {
            Step::Record { clerk, kind, class, days_ago } => {
                self.record(clerk % self.clerks.len(), *kind, *class, *days_ago).await;
            }
            Step::Fold => {
                for county in [HUOQIU, SHUANGLUAN] {
                    rollups::fold(&self.app.app, &code(county)).await.unwrap();
                }
            }
            _ if self.known.is_empty() => {}
            Step::Classify { which, class } => {
                let this = which % self.known.len();
                let class = pick(&self.clerks[self.known[this].clerk].classes, *class).clone();
                self.change(this, "Classify", json!({ "categoryId": class })).await;
            }
            Step::Edit { which, kind } => {
                let this = which % self.known.len();
                self.change(this, "Edit", json!({ "kind": pick(&KINDS, *kind) })).await;
            }
            Step::Withdraw { which } => {
                let this = which % self.known.len();
                self.change(this, "Withdraw", json!({ "reason": "重复登记" })).await;
            }
        }
    }

    async fn record(&mut self, clerk: usize, kind: usize, class: Option<usize>, days_ago: i64) {
        let Clerk { who, channel, classes, villages } = &self.clerks[clerk];
        let now = self.app.app.clock.now();
        // Huoqiu's campaign has been open for twenty days; Shuangluan's for years.
        let days_ago = if who.county == HUOQIU { days_ago % 20 } else { days_ago };
        let village = (days_ago % 3 == 0).then(|| villages.first()).flatten();
        let input = json!({
            "idempotencyKey": self.app.app.new_key(now), "channelId": channel,
            "title": "村口路灯不亮", "content": "已有半月，请尽快修好。",
            "kind": pick(&KINDS, kind), "categoryId": class.map(|class| pick(classes, class)), "villageId": village,
            "receivedAt": now - TimeDelta::days(days_ago),
        });
        let data = self.app.data(who, RECORD, json!({ "input": input })).await;
        let payload = &data["submissionRecord"];
        assert_eq!(payload["userErrors"], json!([]), "{input}");
        let submission = &payload["submission"];
        self.entered += 1;
        self.known.push(Known {
            clerk,
            id: submission["id"].clone(),
            version: submission["version"].clone(),
        });
    }

    /// A step that the rules may refuse; then nothing has happened.
    async fn change(&mut self, this: usize, step: &str, further: Value) {
        let Known { clerk, id, version } = &self.known[this];
        let mut input = json!({ "submissionId": id, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
        let mutation = format!(
            "mutation ($input: Submission{step}Input!) {{ outcome: submission{step}(input: $input) {{ submission {{ version }} \
             userErrors {{ code }} }} }}"
        );
        let who = &self.clerks[*clerk].who;
        let (_, answer) = self.app.graphql(Some(&who.token), &mutation, json!({ "input": input })).await;
        if let Some(version) = answer["data"]["outcome"]["submission"].get("version") {
            self.known[this].version = version.clone();
        }
    }

    async fn assert_figures_agree(&self) {
        let mut listed = 0;
        for county in [HUOQIU, SHUANGLUAN] {
            self.app.assert_tally_is_right(county).await;
            listed += self.app.submissions(county).await.len();
        }
        assert_eq!(listed, self.entered);
        for who in &self.viewers {
            self.assert_overview_is_the_list(who).await;
        }
    }

    /// Every figure of the overview is the length of the list that its own filter gives.
    async fn assert_overview_is_the_list(&self, who: &Persona) {
        let mut counted = Vec::new();
        for by in [
            json!(["CATEGORY"]),
            json!(["KIND", "STAGE"]),
            json!(["STREAM"]),
            json!(["VILLAGE"]),
            json!(["DAY"]),
            json!(["MONTH"]),
            // No rollup has both: counted over the rows.
            json!(["CHANNEL", "KIND"]),
        ] {
            let data = self.app.data(who, OVERVIEW, json!({ "by": by })).await;
            let Value::Object(mut overview) = data["overview"].clone() else { panic!("{data}") };
            counted.push((overview["total"]["received"].clone(), json!({})));
            for row in overview["rows"].as_array_mut().unwrap() {
                counted.push((row["figures"]["received"].clone(), json!({ "token": row["filter"] })));
            }
        }
        counted.dedup();
        for lists in counted.chunks(10) {
            let filters = lists.iter().map(|(_, filter)| filter);
            assert_eq!(
                self.lengths(who, filters).await,
                lists.iter().map(|(figure, _)| figure.clone()).collect::<Vec<_>>(),
                "{}: {lists:?}",
                who.department
            );
        }
    }

    /// How long the lists of some filters are, asked at once.
    async fn lengths(&self, who: &Persona, filters: impl Iterator<Item = &Value>) -> Vec<Value> {
        let filters: Vec<(usize, &Value)> = filters.enumerate().collect();
        let name = |place| format!(" $f{place}: SubmissionFilter");
        let list = |place| format!(" l{place}: submissions(filter: $f{place}, first: 1) {{ totalCount }}");
        let names: String = filters.iter().map(|(place, _)| name(place)).collect();
        let lists: String = filters.iter().map(|(place, _)| list(place)).collect();
        let variables: serde_json::Map<String, Value> =
            filters.iter().map(|(place, filter)| (format!("f{place}"), (*filter).clone())).collect();
        let data = self.app.data(who, &format!("query ({names}) {{ {lists} }}"), variables.into()).await;
        let length = |place| data[format!("l{place}")]["totalCount"].clone();
        filters.iter().map(|(place, _)| length(place)).collect()
    }
}

const OVERVIEW: &str = "query ($by: [OverviewDimension!]!) { overview { total { received } rows(by: $by) {
    figures { received }
    filter } } }";

impl Clerk {
    async fn new(app: &TestApp, who: Persona) -> Self {
        let query = "{ campaigns { categories { id } villages(first: 100) { nodes { id } } } }";
        let data = app.data(&who, query, json!({})).await;
        let campaign = &data["campaigns"][0];
        let ids =
            |list: &Value| list.as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
        let channel = app.channel_id(&who, "HOUSEHOLD_VISIT").await;
        Self {
            channel,
            classes: ids(&campaign["categories"]),
            villages: ids(&campaign["villages"]["nodes"]),
            who,
        }
    }
}

/// Any number, taken as a place in a list.
fn pick<T>(list: &[T], place: usize) -> &T {
    &list[place % list.len()]
}

fn any_sequence(backend: Backend) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let scene = runtime.block_on(async { Scene::new(TestApp::start(backend).await).await });
    let scene = std::cell::RefCell::new(scene);
    let config = Config { cases: CASES, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps(), |steps| {
        let mut scene = scene.borrow_mut();
        runtime.block_on(async {
            for step in &steps {
                scene.take(step).await;
            }
            scene.assert_figures_agree().await;
        });
        Ok(())
    });
    if let Err(TestError::Fail(reason, steps)) = outcome {
        panic!("{reason} after {steps:#?}");
    }
    // Its pool ends with its runtime.
    runtime.block_on(async { drop(scene) });
}

mod after_any_sequence_of_steps_and_folds_the_figures_are_what_a_recount_finds {
    use super::{Backend, any_sequence};

    #[test]
    fn on_sqlite() {
        any_sequence(Backend::Sqlite);
    }

    #[test]
    fn on_postgres() {
        any_sequence(Backend::Postgres);
    }
}

on_both_databases! {
    async fn a_wrong_cell_is_found_and_a_rebuild_mends_it_and_leaves_a_line(app: TestApp) {
        let mut scene = Scene::new(app).await;
        for n in 0..12_u8 {
            let (clerk, kind) = (usize::from(n), usize::from(n));
            scene.take(&Step::Record { clerk, kind, class: None, days_ago: i64::from(n) }).await;
        }
        scene.take(&Step::Fold).await;
        let app = scene.app;
        let verified = binary::run(&app.database, &["tally", "verify"]);
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));

        let url = match &app.database {
            TestDatabase::Sqlite(_) => app.database.url(),
            TestDatabase::Postgres(name) => postgres::superuser_url(name),
        };
        run(&url, "UPDATE tally SET count = count + 1 WHERE county = '341522' AND grain = 'MONTH'").await;
        let verified = binary::run(&app.database, &["tally", "verify"]);
        let said = String::from_utf8(verified.stderr).unwrap();
        assert_eq!(verified.status.code(), Some(1));
        assert!(said.contains("tally rebuild --county 341522") && !said.contains("130803"), "{said}");

        assert!(binary::run(&app.database, &["tally", "rebuild", "--county", HUOQIU]).status.success());
        assert!(binary::run(&app.database, &["tally", "verify"]).status.success());
        let line = app.trail(HUOQIU).await.into_iter().find(|line| line.action == entity::enums::AuditAction::TallyRebuild);
        let line = line.unwrap();
        assert_eq!(line.actor, system::operator(code(HUOQIU)).actor_name());
        assert!(line.detail["wrongCells"].as_i64().unwrap() > 0);
    }
}
