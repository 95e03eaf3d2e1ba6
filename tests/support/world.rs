//! One world of two counties in which everything that can be hidden exists: built once per database, then copied.
//!
//! Every text carries a marker, `〔county/department/ordinal〕`, that belongs to one row: a leak shows in plain text too.
//! Persons are invented; their names, telephones and addresses have shapes that no other text has.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{
    Capability, ImportStatus, Position, RightsProfile, SubmissionKind, SummaryStatus, Urgency,
};
use entity::id::{County, DepartmentId, ImportBatchId, SubmissionId};
use entity::{category, channel, department, import_batch, share, stream, village};
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::access::manage::{Draft as AccountDraft, Outcome, Steward};
use minsheng::access::store::{NewPost, department_of_code};
use minsheng::audit::{self, Horizon};
use minsheng::clock::day_of;
use minsheng::db::{Direction, Predicate, Tx};
use minsheng::http::HttpSettings;
use minsheng::ids::Kind;
use minsheng::intake::draft::Draft;
use minsheng::intake::store::{Entry, Source, take_in};
use minsheng::keys::take_up;
use minsheng::limits::request::Limits;
use minsheng::limits::throttle::{Patience, ThrottlePlan};
use minsheng::scope::system;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::backend::Template;
use super::duties::Duties;
use super::personas::{HUOQIU, SHUANGLUAN};
use super::records::code;
use super::truth::{Raw, Truth, text};
use super::{Backend, TestApp, TestDatabase, decided, filed, handed_in, pending};

/// Somebody who asks: a person in a post, a portal, or nobody known.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    /// How a finding names it.
    pub(crate) name: String,
    /// Code of the county; empty for the anonymous.
    pub(crate) county: String,
    /// Key of the department; empty for portals and the anonymous.
    pub(crate) department: String,
    /// Rights; none for the anonymous.
    pub(crate) profile: Option<RightsProfile>,
    /// Rank.
    pub(crate) position: Position,
    /// Key of the account; of the credential for a portal.
    pub(crate) actor: String,
    /// Key of the post; empty for portals and the anonymous.
    pub(crate) post: String,
    /// Name to sign in with.
    pub(crate) login: String,
    /// Bearer token.
    pub(crate) token: Option<String>,
    /// Refresh token of the same session; empty for portals and the anonymous.
    pub(crate) refresh: String,
}

/// What was built, and what is known about it from outside the program.
pub(crate) struct World {
    /// Who asks.
    pub(crate) whos: Vec<Who>,
    /// Every table as it was when the world was finished.
    pub(crate) truth: Truth,
    /// Table and key of the row that a marker stands for.
    pub(crate) markers: BTreeMap<String, (&'static str, String)>,
    /// Suggestion of each receipt code.
    pub(crate) receipts: BTreeMap<String, String>,
    /// Full names by suggestion, for the masks.
    pub(crate) persons: HashMap<String, Person>,
    template: Template,
}

/// The invented person behind a suggestion.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Full name.
    pub(crate) name: String,
    /// Telephone.
    pub(crate) phone: String,
}

/// Departments from which somebody asks, with a post; everyone else's rows are only there to be hidden.
const SEATS: [(&str, &str, Position); 35] = {
    use Position::{Deputy, Head, Officer};
    [
        (SHUANGLUAN, "STS_TOWN", Head),
        (SHUANGLUAN, "STS_TOWN", Officer),
        (SHUANGLUAN, "NPC_OFFICE", Officer),
        (SHUANGLUAN, "CPPCC_OFFICE", Officer),
        (SHUANGLUAN, "UNITED_FRONT", Officer),
        (SHUANGLUAN, "INDUSTRY_COMMERCE", Officer),
        (SHUANGLUAN, "HOUSING", Officer),
        (SHUANGLUAN, "PUBLICITY", Officer),
        (SHUANGLUAN, "COMMITTEE_V0101", Officer),
        (SHUANGLUAN, "CAMPAIGN_OFFICE", Officer),
        (SHUANGLUAN, "SUPERVISION_OFFICE", Officer),
        (SHUANGLUAN, "INFORMATION_CENTRE", Officer),
        (SHUANGLUAN, "LEADING_GROUP", Head),
        (SHUANGLUAN, "ADMINISTRATOR", Officer),
        (SHUANGLUAN, "AUDITOR", Officer),
        (HUOQIU, "T_CHENGGUAN", Head),
        (HUOQIU, "T_CHENGGUAN", Officer),
        (HUOQIU, "NPC_OFFICE", Officer),
        (HUOQIU, "CPPCC_OFFICE", Officer),
        (HUOQIU, "UNITED_FRONT", Officer),
        (HUOQIU, "INDUSTRY_COMMERCE", Officer),
        (HUOQIU, "HOUSING", Officer),
        (HUOQIU, "HOUSING", Deputy),
        (HUOQIU, "HOTLINE_12345", Officer),
        (HUOQIU, "COMMITTEE_V0101", Officer),
        (HUOQIU, "CAMPAIGN_OFFICE", Officer),
        (HUOQIU, "SUPERVISION_OFFICE", Officer),
        (HUOQIU, "CALLBACK_OFFICE", Officer),
        (HUOQIU, "DISCIPLINE", Officer),
        (HUOQIU, "COUNTY_GOVERNMENT_OFFICE", Officer),
        (HUOQIU, "PUBLICATION_GROUP", Officer),
        (HUOQIU, "LEADING_GROUP", Head),
        (HUOQIU, "ADMINISTRATOR", Officer),
        (HUOQIU, "AUDITOR", Officer),
        (HUOQIU, "ADMINISTRATOR", Head),
    ]
};

/// Departments of which nobody asks: what is added to them must change no answer of another department.
pub(crate) const HIDDEN: [(&str, &str); 4] =
    [(SHUANGLUAN, "LH_TOWN"), (SHUANGLUAN, "TRANSPORT"), (HUOQIU, "T_ZHOUJI"), (HUOQIU, "PETITIONS")];

/// What a made-up input says in every text; it is one of the constituencies too, so that people may be put on a roster.
pub(crate) const WORDS: &str = "走访时登记的事项";

/// Campaign, channel of its portal, channel of its public page, and channel of visits.
const CHANNELS: [(&str, &str, &str, &str, &str); 2] = [
    (SHUANGLUAN, "MXGC-2020", "WECHAT", "WEBSITE", "HOUSEHOLD_VISIT"),
    (HUOQIU, "MSQT-2022", "WECHAT", "WEBSITE", "HOUSEHOLD_VISIT"),
];

impl World {
    /// The world of a database, built at first use.
    pub(crate) async fn of(backend: Backend) -> &'static Self {
        static SQLITE: OnceCell<World> = OnceCell::const_new();
        static POSTGRES: OnceCell<World> = OnceCell::const_new();
        let cell = match backend {
            Backend::Sqlite => &SQLITE,
            Backend::Postgres => &POSTGRES,
        };
        cell.get_or_init(|| Build::run(backend)).await
    }

    /// An application on a copy of the world: what a test does there, no other test sees.
    pub(crate) async fn copy(&self) -> TestApp {
        let endless = Patience { free: u32::MAX, ..ThrottlePlan::default().receipt };
        let throttle = ThrottlePlan {
            account: endless,
            strangers: endless,
            address: endless,
            receipt: endless,
            ..ThrottlePlan::default()
        };
        let app = TestApp::with_throttle(TestDatabase::copy_of(&self.template).await, throttle).await;
        // Who walks every path asks for the dearest field below the longest list, many of them in one request.
        app.behind(HttpSettings {
            request_timeout: Duration::from_mins(2),
            requests_of_account: 64,
            limits: Limits { price: 8 * Limits::USUAL.price, ..Limits::USUAL },
            ..HttpSettings::default()
        })
    }

    /// Somebody by county and code of the department.
    pub(crate) fn who(&self, county: &str, department: &str, position: Position) -> &Who {
        let name = name_of(county, department, position);
        self.whos.iter().find(|who| who.name == name).unwrap()
    }
}

/// Who somebody in a post is, by the names of its seat.
pub(crate) fn name_of(county: &str, department: &str, position: Position) -> String {
    format!("{county} {department} {}", position.as_str())
}

/// A world in the making.
struct Build {
    app: TestApp,
    ordinal: u32,
    whos: Vec<Who>,
    markers: BTreeMap<String, (&'static str, String)>,
    receipts: BTreeMap<String, String>,
    persons: HashMap<String, Person>,
}

impl Build {
    async fn run(backend: Backend) -> World {
        let app = TestApp::start(backend).await.with_both_counties().await;
        let mut build = Self {
            app,
            ordinal: 0,
            whos: Vec::new(),
            markers: BTreeMap::new(),
            receipts: BTreeMap::new(),
            persons: HashMap::new(),
        };
        build.seats().await;
        for county in [SHUANGLUAN, HUOQIU] {
            build.batch(county).await;
            let tx = build.write(county).await;
            tx.fold_tally().await.unwrap();
            tx.commit().await.unwrap();
            build.entries(county).await;
            build.portal(county).await;
            build.requests(county).await;
            build.further_rows(county).await;
        }
        take_up(&build.app.app).await.unwrap();
        build.finish().await
    }

    async fn finish(self) -> World {
        let Self { app, whos, markers, receipts, persons, .. } = self;
        let raw = Raw::open(&app.database.unscoped_url()).await;
        for county in [SHUANGLUAN, HUOQIU] {
            let county_code = code(county);
            let sealed = audit::seal(&app.app, &county_code, Horizon::Everything);
            assert!(sealed.await.unwrap() > 0, "{county}");
            lease_one_job(&raw, county).await;
        }
        put_under_one(&raw, HUOQIU).await;
        // Every citizen proposed a class.
        let class = "(SELECT id FROM category c WHERE c.county = submission.county AND c.campaign = submission.campaign ORDER BY code LIMIT 1)";
        raw.run(&format!("UPDATE submission SET proposed_category = {class}")).await.unwrap();
        raw.run("UPDATE share SET proposed = true").await.unwrap();
        // Something else stood in each before, and of each it was once proposed in vain that it is not accepted.
        let former = "INSERT INTO former_text (county, submission, version, title, content, kind, extra, replaced_at) \
             SELECT county, id, 0, title, content, kind, '{\"note\": \"旧稿\"}', created_at FROM submission";
        raw.run(former).await.unwrap();
        let proposed = "INSERT INTO invalidation (county, submission, version, reason, note, status, proposed_at, ruling, ruled_at) \
             SELECT county, id, 0, 'NO_SUGGESTION', '内容不清', 'REJECTED', created_at, '请归类', created_at FROM submission";
        raw.run(proposed).await.unwrap();
        // Somebody of the department works on each that goes on.
        let clerk = "(SELECT account FROM post p WHERE p.county = share.county AND p.department = share.department ORDER BY account LIMIT 1)";
        let open = "capability = 'COLLECT' AND stage <> 'WITHDRAWN'";
        raw.run(&format!("UPDATE share SET assignee = {clerk} WHERE {open}")).await.unwrap();
        // Somebody says of every account that its password is forgotten.
        raw.run("UPDATE account SET forgot_at = created_at").await.unwrap();
        let truth = Truth::read(&raw).await;
        raw.close().await;
        let TestApp { app, database, router } = app;
        drop((app, router));
        let mut whos = whos;
        for who in whos.iter_mut().filter(|who| !who.post.is_empty()) {
            let of_post = |row: &&super::truth::Row| text(row, "id") == who.post;
            who.actor = text(truth.rows("post").iter().find(of_post).unwrap(), "account").to_owned();
        }
        World { whos, truth, markers, receipts, persons, template: database.into_template().await }
    }

    async fn write(&self, county: &str) -> Tx {
        let operator = system::operator(County::parse(county).unwrap());
        self.app.app.db.begin_write(&operator).await.unwrap()
    }

    /// A fresh marker; say afterwards whose it is.
    fn mark(&mut self, county: &str, department: &str) -> String {
        self.ordinal += 1;
        format!("〔{county}/{department}/{:04}〕", self.ordinal)
    }

    async fn seats(&mut self) {
        self.whos.push(Who {
            name: "anonymous".to_owned(),
            county: String::new(),
            department: String::new(),
            profile: None,
            position: Position::Officer,
            actor: String::new(),
            post: String::new(),
            login: String::new(),
            token: None,
            refresh: String::new(),
        });
        for (county, department, position) in SEATS {
            let persona = self.app.persona(county, department, position).await;
            let viewer = self.app.data(&persona, "{ viewer { post { id } } }", json!({})).await;
            let post = viewer["viewer"]["post"]["id"].as_str().unwrap();
            self.whos.push(Who {
                name: name_of(county, department, position),
                county: county.to_owned(),
                department: persona.department_id.0.simple().to_string(),
                profile: Some(persona.profile),
                position,
                actor: String::new(),
                post: self.key(post),
                login: persona.login,
                token: Some(persona.token),
                refresh: persona.refresh,
            });
        }
        for (county, department) in HIDDEN {
            self.app.persona(county, department, Position::Officer).await;
        }
    }

    fn key(&self, id: &str) -> String {
        self.app.app.ids.decode(id).unwrap().1.simple().to_string()
    }

    /// Three suggestions for every stream of the county, spread over days, classes, channels, kinds and villages.
    async fn batch(&mut self, county: &'static str) {
        let tx = self.write(county).await;
        let entries = self.entries_of(&tx, county, |_| true, 3).await;
        self.take(tx, &entries).await;
    }

    async fn take(&mut self, tx: Tx, entries: &[Entry]) {
        let app = &self.app.app;
        let taken = take_in(&tx, app, entries, app.clock.now()).await;
        assert!(taken.is_ok(), "{taken:?}");
        tx.commit().await.unwrap();
        for entry in entries {
            let id = entry.id.0.simple().to_string();
            let marker = entry.draft.constituency.clone().unwrap();
            self.markers.insert(marker, ("submission", id.clone()));
            if let (Some(name), Some(phone)) = (entry.draft.name.clone(), entry.draft.phone.clone()) {
                self.persons.insert(id, Person { name, phone });
            }
        }
    }

    async fn entries_of(
        &mut self,
        tx: &Tx,
        county: &'static str,
        wanted: impl Fn(&str) -> bool,
        each: u32,
    ) -> Vec<Entry> {
        let streams = tx.from::<stream::Entity>().order(stream::Column::Rank, Direction::Ascending);
        let streams = streams.all().await.unwrap();
        let rising = Direction::Ascending;
        let channels = tx.from::<channel::Entity>().order(channel::Column::Rank, rising);
        let channels = channels.all().await.unwrap();
        let categories = tx.from::<category::Entity>().order(category::Column::Rank, rising);
        let categories = categories.all().await.unwrap();
        let villages = tx.from::<village::Entity>().order(village::Column::Code, rising);
        let villages = villages.all().await.unwrap();
        let departments = tx.from::<department::Entity>().all().await.unwrap();
        let mut entries = Vec::new();
        for stream in &streams {
            let owner = departments.iter().find(|row| row.id == stream.department).unwrap();
            if !wanted(&owner.code) {
                continue;
            }
            for turn in 0..each {
                let place = self.ordinal as usize;
                let of_owner = |village: &&village::Model| {
                    village.department == stream.department || (owner.code.len() % 2 == 1 && turn == 1)
                };
                let received_at = anchor(county) - TimeDelta::days(i64::try_from(place % 40).unwrap());
                let draft = self.draft(county, &owner.code, place, received_at);
                entries.push(Entry {
                    id: SubmissionId(self.app.app.new_key(self.app.app.clock.now())),
                    draft,
                    department: stream.department,
                    campaign: stream.campaign,
                    stream: stream.id,
                    stream_code: stream.code.clone(),
                    channel: channels[place % channels.len()].id,
                    category: (turn != 0).then(|| categories[place % categories.len()].id),
                    village: villages.iter().find(of_owner).map(|village| village.id),
                    received_at,
                    late: county == SHUANGLUAN && day_of(received_at) > day_of(closing()),
                    source: Source::default(),
                });
            }
        }
        for (place, entry) in entries.iter_mut().enumerate() {
            if place.is_multiple_of(3) {
                entry.source.external_ref = entry.draft.constituency.clone();
            }
        }
        entries
    }

    fn draft(&mut self, county: &str, department: &str, place: usize, at: DateTime<Utc>) -> Draft {
        let marker = self.mark(county, department);
        let n = self.ordinal;
        let urgency = [Urgency::Normal, Urgency::Urgent, Urgency::Critical][place % 3];
        let extra = json!({ "note": marker });
        Draft {
            title: format!("关于路灯的建议{marker}"),
            content: format!("{marker}路口的路灯不亮，联系电话{}，请尽快修好。", phone(n)),
            kind: SubmissionKind::ALL[place % SubmissionKind::ALL.len()],
            urgency,
            beneficiaries: (place.is_multiple_of(2)).then_some(30),
            confidential: place.is_multiple_of(7),
            on_behalf: place.is_multiple_of(5),
            received_at: Some(at),
            name: (!place.is_multiple_of(4)).then(|| full_name(n)),
            phone: (!place.is_multiple_of(4)).then(|| phone(n)),
            address: (!place.is_multiple_of(4)).then(|| address(n)),
            constituency: Some(marker),
            extra: extra.as_object().unwrap().clone(),
        }
    }

    /// What clerks and village committees do over the API, so that records, audit lines and idempotency keys are real.
    async fn entries(&mut self, county: &'static str) {
        let (town, committee) = if county == HUOQIU {
            ("T_CHENGGUAN", "COMMITTEE_V0101")
        } else {
            ("STS_TOWN", "COMMITTEE_V0101")
        };
        for (department, turns) in
            [(town, 8), ("HOUSING", 2), (committee, 2), (HIDDEN[usize::from(county == HUOQIU) * 2].1, 4)]
        {
            let mut made = Vec::new();
            for turn in 0..turns {
                made.push(self.record(county, department, turn).await);
            }
            if department == committee {
                continue;
            }
            for (turn, step) in ["submissionEdit", "submissionClassify", "submissionWithdraw", "personErase"]
                .iter()
                .enumerate()
            {
                if let Some((id, marker)) = made.get(turn + 1) {
                    self.step(county, department, step, id, marker).await;
                }
            }
            let (id, marker) = &made[0];
            self.step(county, department, "submissionClassify", id, marker).await;
            self.step(county, department, "identityReveal", id, marker).await;
        }
    }

    async fn officer(&self, county: &'static str, department: &str) -> super::personas::Persona {
        self.app.persona(county, department, Position::Officer).await
    }

    async fn record(&mut self, county: &'static str, department: &str, turn: u32) -> (String, String) {
        let who = self.officer(county, department).await;
        let visits = CHANNELS.iter().find(|known| known.0 == county).unwrap().4;
        let channel = self.app.channel_id(&who, visits).await;
        let places =
            self.app.data(&who, "{ campaigns { villages(first: 1) { nodes { id } } } }", json!({})).await;
        let village =
            (turn.is_multiple_of(2)).then(|| places["campaigns"][0]["villages"]["nodes"][0]["id"].clone());
        let marker = self.mark(county, department);
        let n = self.ordinal;
        let input = json!({
            "idempotencyKey": format!("world-{n:08}"), "channelId": channel, "villageId": village,
            "title": format!("井盖松动{marker}"), "content": format!("{marker}路中间的井盖松动，联系电话{}。", phone(n)),
            "isOnBehalf": turn == 0, "isConfidential": turn == 5, "beneficiaries": 12,
            "urgency": (["NORMAL", "URGENT", "CRITICAL"][turn as usize % 3]),
            "name": full_name(n), "phone": phone(n), "address": address(n),
        });
        let done = self.mutate(&who.token, "submissionRecord", input, "submission { id }").await;
        let id =
            done["submission"]["id"].as_str().unwrap_or_else(|| panic!("{department}: {done}")).to_owned();
        let key = self.key(&id);
        self.markers.insert(marker.clone(), ("submission", key.clone()));
        self.persons.insert(key, Person { name: full_name(n), phone: phone(n) });
        (id, marker)
    }

    async fn step(&self, county: &'static str, department: &str, step: &str, id: &str, marker: &str) {
        let who = self.officer(county, department).await;
        let mut input = json!({ "submissionId": id });
        let further = match step {
            "submissionEdit" => {
                json!({ "expectedVersion": 1, "title": format!("井盖与路灯{marker}") })
            }
            "submissionWithdraw" | "personErase" => {
                json!({ "expectedVersion": 1, "reason": format!("本人要求{marker}") })
            }
            "identityReveal" => json!({ "reason": format!("电话核实{marker}") }),
            _ => {
                let data = self.app.data(&who, "{ campaigns { categories { id } } }", json!({})).await;
                let category = data["campaigns"][0]["categories"][0]["id"].clone();
                json!({ "expectedVersion": 1, "categoryId": category, "note": format!("按内容归类{marker}") })
            }
        };
        input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
        let done = self.mutate(&who.token, step, input, "__typename").await;
        assert_eq!(done["userErrors"], json!([]), "{step} by {department}");
    }

    async fn mutate(&self, token: &str, field: &str, input: Value, selection: &str) -> Value {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!(
            "mutation ($input: {kind}!) {{ {field}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
        );
        let token = Some(token).filter(|token| !token.is_empty());
        let (_, answer) = self.app.graphql(token, &query, json!({ "input": input })).await;
        assert!(answer.get("errors").is_none(), "{field}: {answer}");
        answer["data"][field].clone()
    }

    /// A portal of the county, what it takes in, and what citizens send without any credential.
    /// What a second person decides on, in a hidden department: two that the operator asked for, one that an administrator
    /// asked for, and one that was rejected.
    async fn requests(&mut self, county: &'static str) {
        let (_, code) = *HIDDEN.iter().find(|hidden| hidden.0 == county).unwrap();
        let administrator = self.officer(county, "ADMINISTRATOR").await;
        let now = self.app.app.clock.now();
        let token = viewer_of_bearer(&self.app.app, &administrator.token, now);
        let administrator = token.await.unwrap();
        let operator = system::operator(County::parse(county).unwrap());
        let tx = self.write(county).await;
        let department = department_of_code(&tx, code).await.unwrap().unwrap().id;
        drop(tx);
        for (place, by) in [&operator, &operator, &administrator, &operator].into_iter().enumerate() {
            let marker = self.mark(county, code);
            let app = std::sync::Arc::clone(&self.app.app);
            let steward = Steward::new(&app, by, now).unwrap();
            let draft = AccountDraft {
                login: format!("{county}-head-{place}"),
                display_name: format!("拟任负责人{marker}"),
                post: NewPost { department, position: Position::Head, duty: String::new() },
            };
            let Ok(Outcome::Asked { request, .. }) = steward.create(draft).await else {
                panic!("a head was made by one person");
            };
            let key = request.0.simple().to_string();
            self.markers.insert(marker, ("account_request", key));
            if place == 3 {
                let second = Steward::new(&app, &administrator, now).unwrap();
                assert!(second.reject(request, "无任命文件").await.is_ok());
            }
        }
    }

    async fn portal(&mut self, county: &'static str) {
        let (_, campaign, portal, public, _) = *CHANNELS.iter().find(|known| known.0 == county).unwrap();
        let administrator = self.officer(county, "ADMINISTRATOR").await;
        let data = self.app.data(&administrator, "{ campaigns { id } }", json!({})).await;
        let channel = self.app.channel_id(&administrator, portal).await;
        let mut last = Value::Null;
        // The third is asked with by nobody.
        for place in 0..3 {
            let marker = self.mark(county, "ADMINISTRATOR");
            let input = json!({ "name": format!("微信门户{marker}"), "campaignId": data["campaigns"][0]["id"],
                "channelId": channel, "actions": ["SUBMISSION_SUBMIT"] });
            let made =
                self.mutate(&administrator.token, "clientCreate", input, "client { id } credential").await;
            let key = self.key(made["client"]["id"].as_str().unwrap());
            let token = made["credential"].as_str().unwrap().to_owned();
            self.markers.insert(marker.clone(), ("portal_client", key.clone()));
            if !self.whos.iter().any(|who| who.name == format!("{county} portal")) {
                self.whos.push(Who {
                    name: format!("{county} portal"),
                    county: county.to_owned(),
                    department: String::new(),
                    profile: Some(RightsProfile::Portal),
                    position: Position::Officer,
                    actor: key,
                    post: String::new(),
                    login: String::new(),
                    token: Some(token.clone()),
                    refresh: String::new(),
                });
            }
            if place < 2 {
                self.submit(county, &token, Value::Null).await;
            }
            last = made["client"]["id"].clone();
        }
        // It was renewed once, and has ended.
        for step in ["clientRotate", "clientRevoke"] {
            let input = json!({ "clientId": last });
            let token = &administrator.token;
            self.mutate(token, step, input, "client { id }").await;
        }
        let to = json!({ "county": county, "campaign": campaign, "channel": public });
        self.submit(county, "", to).await;
    }

    async fn submit(&mut self, county: &str, token: &str, to: Value) {
        let marker = self.mark(county, "PUBLIC");
        let n = self.ordinal;
        let input = json!({ "idempotencyKey": format!("world-{n:08}"), "to": to, "title": format!("公交车次太少{marker}"),
            "content": format!("{marker}早晚高峰车次太少，联系电话{}。", phone(n)), "name": full_name(n), "phone": phone(n) });
        let made = self.mutate(token, "submissionSubmit", input, "receipt { code }").await;
        let code = made["receipt"]["code"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let raw = Raw::open(&self.app.database.unscoped_url()).await;
        let rows = raw.rows("submission").await;
        raw.close().await;
        let row = rows.iter().find(|row| text(row, "title").ends_with(&marker)).unwrap();
        let key = text(row, "id").to_owned();
        self.markers.insert(marker, ("submission", key.clone()));
        self.persons.insert(key.clone(), Person { name: full_name(n), phone: phone(n) });
        self.receipts.insert(code, key);
    }

    async fn duties(&mut self, county: &str, tx: &Tx) {
        let duties =
            Duties { app: &self.app.app, tx, county, ordinal: &mut self.ordinal, markers: &mut self.markers };
        duties.write().await;
    }

    /// What no API makes yet: shares of handling departments, imports.
    #[expect(clippy::too_many_lines, reason = "a list of rows")]
    async fn further_rows(&mut self, county: &'static str) {
        let tx = self.write(county).await;
        let of = async |code: &str| {
            let named = Predicate::is(department::Column::Code, code);
            tx.from::<department::Entity>().filter(named).one().await.unwrap().unwrap()
        };
        if county == HUOQIU {
            let (collector, handler) = (of("T_CHENGGUAN").await, of("HOUSING").await);
            let owned = Predicate::is(share::Column::Department, collector.id)
                .and(Predicate::is(share::Column::Capability, Capability::Collect));
            let rows = tx
                .from::<share::Entity>()
                .filter(owned)
                .order(share::Column::Submission, Direction::Ascending)
                .limit(2)
                .all()
                .await
                .unwrap();
            for row in rows {
                tx.insert(handling(row, handler.id)).await.unwrap();
            }
        }
        let channels = tx.from::<channel::Entity>().limit(1);
        let channels = channels.order(channel::Column::Rank, Direction::Ascending);
        let channels = channels.all().await.unwrap();
        let departments = if county == HUOQIU {
            ["T_CHENGGUAN", "HOUSING", "T_ZHOUJI"]
        } else {
            ["STS_TOWN", "HOUSING", "LH_TOWN"]
        };
        for code in departments {
            let department = of(code).await;
            self.ordinal += 1;
            let marker = format!("〔{county}/{code}/{:04}〕", self.ordinal);
            let id = ImportBatchId(self.app.app.new_key(self.app.app.clock.now()));
            tx.insert(import_of(id, department.id, &channels[0], &marker, self.app.app.clock.now()))
                .await
                .unwrap();
            self.markers.insert(marker, ("import_batch", id.0.simple().to_string()));
        }
        let states = [
            (true, SummaryStatus::Returned),
            (true, SummaryStatus::Signed),
            (true, SummaryStatus::Returned),
            (false, SummaryStatus::Returned),
            (false, SummaryStatus::Accepted),
        ];
        let codes = departments.into_iter().chain(["NPC_OFFICE", "CPPCC_OFFICE"]);
        for (place, (code, (drafts, signed))) in codes.zip(states).enumerate() {
            self.ordinal += 1;
            let marker = format!("〔{county}/{code}/{:04}〕", self.ordinal);
            let owner = handed_in::Owner {
                department: of(code).await.id,
                marker: &marker,
                edition: i32::try_from(place).unwrap() + 1,
                drafts,
                signed,
            };
            for row in handed_in::hand_in(&tx, &self.app.app, &owner).await {
                self.markers.insert(marker.clone(), row);
            }
        }
        self.duties(county, &tx).await;
        if county == SHUANGLUAN {
            let congress = Predicate::is(stream::Column::Department, of("NPC_OFFICE").await.id);
            let listed = vec![(stream::Column::Constituencies, json!(["人大代表", WORDS]).into())];
            tx.update::<stream::Entity>(congress, listed).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.decided(county).await;
    }

    /// Decisions and supervision, about one department that asks and one of which nobody does.
    async fn decided(&mut self, county: &'static str) {
        let tx = self.write(county).await;
        let departments = tx.from::<department::Entity>().all().await.unwrap();
        let of = |code: &str| departments.iter().find(|row| row.code == code).unwrap().id;
        let (town, hidden) =
            if county == HUOQIU { ("T_CHENGGUAN", HIDDEN[2].1) } else { ("STS_TOWN", HIDDEN[0].1) };
        let campaign = tx.from::<entity::campaign::Entity>().one().await.unwrap();
        let campaign = campaign.unwrap().id;
        for (turn, collector) in (1..).zip([town, hidden]) {
            let seen = collector == town;
            let cast = decided::Cast {
                campaign,
                collector: of(collector),
                owner: of(if seen { "HOUSING" } else { hidden }),
                office: of("CAMPAIGN_OFFICE"),
                supervision: of("SUPERVISION_OFFICE"),
                congress: of(if seen { "NPC_OFFICE" } else { hidden }),
                turn,
            };
            let (ordinal, markers) = (&mut self.ordinal, &mut self.markers);
            let mut mark = |table: &'static str, key: uuid::Uuid| {
                *ordinal += 1;
                let marker = format!("〔{county}/{collector}/{ordinal:04}〕");
                markers.insert(marker.clone(), (table, key.simple().to_string()));
                marker
            };
            decided::add(&tx, &self.app.app, &cast, &mut mark).await;
            filed::add(&tx, &self.app.app, campaign, of(collector), &mut mark).await;
            if seen {
                pending::add(&tx, &self.app.app, &cast, &mut mark).await;
            }
        }
        if county == SHUANGLUAN {
            decided::close_another(&tx, &self.app.app, of("CAMPAIGN_OFFICE")).await;
        } else {
            decided::add_campaign(&tx, &self.app.app, "EMPTY").await;
        }
        tx.commit().await.unwrap();
    }
}

/// Leases are taken by a server that no test runs here.
async fn lease_one_job(raw: &Raw, county: &str) {
    let server = Uuid::from_u128(1);
    let holder = if raw.is_postgres() { format!("'{server}'") } else { format!("x'{}'", server.simple()) };
    let lease = format!(
        "INSERT INTO job_lease (county, job, holder, expires_at) VALUES ('{county}', 'fold', {holder}, '2022-03-16 01:30:00+00:00')"
    );
    raw.run(&lease).await.unwrap();
}

/// Every department of a county stands under its campaign office, or under the one that its plan names.
async fn put_under_one(raw: &Raw, county: &str) {
    let office = format!("SELECT id FROM department WHERE county = '{county}' AND code = 'CAMPAIGN_OFFICE'");
    let put =
        format!("UPDATE department SET parent = ({office}) WHERE county = '{county}' AND parent IS NULL");
    raw.run(&put).await.unwrap();
}

/// More suggestions for the departments of which nobody asks.
pub(crate) async fn add_hidden_rows(app: TestApp, county: &'static str) -> TestApp {
    let mut build = Build {
        app,
        ordinal: if county == HUOQIU { 8_000 } else { 9_000 },
        whos: Vec::new(),
        markers: BTreeMap::new(),
        receipts: BTreeMap::new(),
        persons: HashMap::new(),
    };
    let tx = build.write(county).await;
    let hidden = |code: &str| HIDDEN.contains(&(county, code));
    let entries = build.entries_of(&tx, county, hidden, 5).await;
    build.take(tx, &entries).await;
    let department = HIDDEN.iter().find(|known| known.0 == county).unwrap().1;
    let (id, marker) = build.record(county, department, 0).await;
    build.step(county, department, "submissionClassify", &id, &marker).await;
    build.app.persona(county, department, Position::Deputy).await;
    let tx = build.write(county).await;
    tx.fold_tally().await.unwrap();
    tx.commit().await.unwrap();
    build.app
}

fn handling(row: share::Model, handler: DepartmentId) -> share::ActiveModel {
    let mut copy: share::ActiveModel = row.into();
    for column in <share::Column as sea_orm::Iterable>::iter() {
        let value = sea_orm::ActiveModelTrait::get(&copy, column).into_value();
        sea_orm::ActiveModelTrait::set(&mut copy, column, value.unwrap());
    }
    copy.department = Set(handler);
    copy.capability = Set(Capability::Handle);
    copy
}

fn import_of(
    id: ImportBatchId,
    department: DepartmentId,
    channel: &channel::Model,
    marker: &str,
    now: DateTime<Utc>,
) -> import_batch::ActiveModel {
    import_batch::ActiveModel {
        county: Set(channel.county.clone()),
        id: Set(id),
        department: Set(department),
        campaign: Set(channel.campaign),
        channel: Set(channel.id),
        file_name: Set(format!("台账{marker}.csv")),
        file_hash: Set(id.0.simple().to_string()),
        status: Set(ImportStatus::Done),
        next_line: Set(10),
        accepted: Set(7),
        repeated: Set(1),
        refused: Set(1),
        failures: Set(json!([])),
        created_at: Set(now),
        updated_at: Set(now),
    }
}

/// The newest batch entry of a county.
fn anchor(county: &str) -> DateTime<Utc> {
    let text = if county == HUOQIU { "2022-03-15T02:00:00Z" } else { "2019-11-20T02:00:00Z" };
    text.parse().unwrap()
}

/// The last day of intake in Shuangluan.
fn closing() -> DateTime<Utc> {
    "2019-11-15T02:00:00Z".parse().unwrap()
}

/// An invented name whose shape no other text has.
fn full_name(n: u32) -> String {
    format!("居民{n:04}号")
}

fn phone(n: u32) -> String {
    format!("199{n:08}")
}

fn address(n: u32) -> String {
    format!("某村{n:04}组")
}

/// The global id of a row, as the API prints it.
pub(crate) fn global(app: &TestApp, kind: Kind, key: &str) -> String {
    let key = uuid::Uuid::try_parse(key).unwrap();
    app.app.ids.encode(kind, key).0
}
