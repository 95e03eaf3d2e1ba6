//! What the search promises: what is compared is what people read, nothing is missed, and nothing else is found.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use entity::enums::{AuditAction, Position};
use entity::id::{County, SubmissionId};
use entity::{share, submission};
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::db::{Direction, Needle, PageRequest, Tx};
use minsheng::intake::store;
use serde_json::{Value, json};

use crate::support::on_both_databases;
use crate::support::personas::{HUOQIU, Persona};
use crate::support::truth::Raw;
use crate::support::{TestApp, code};

const RECORD: &str = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) {
    submission { id title content externalRef } userErrors { code field } } }";

/// An idempotency key that no other request of this program has.
fn fresh_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("search-{:08}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Enters a suggestion; the payload.
async fn record(app: &TestApp, who: &Persona, title: &str, content: &str, further: Value) -> Value {
    let mut input = json!({
        "idempotencyKey": fresh_key(),
        "channelId": app.channel_id(who, "HOUSEHOLD_VISIT").await,
        "title": title,
        "content": content,
    });
    input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    app.data(who, RECORD, json!({ "input": input })).await["submissionRecord"].clone()
}

async fn recorded(app: &TestApp, who: &Persona, title: &str, content: &str) -> String {
    let payload = record(app, who, title, content, json!({})).await;
    assert_eq!(payload["userErrors"], json!([]), "{title} {content}");
    payload["submission"]["id"].as_str().unwrap().to_owned()
}

/// Ids that a text finds, and their number told three ways: by list, total and overview.
async fn found(app: &TestApp, who: &Persona, text: &str) -> BTreeSet<String> {
    let query = "query ($filter: SubmissionFilter) { submissions(first: 100, filter: $filter) { totalCount nodes { id } }
        overview(filter: $filter) { total { received } } }";
    let data = app.data(who, query, json!({ "filter": { "text": text } })).await;
    let nodes = data["submissions"]["nodes"].as_array().unwrap();
    assert_eq!(data["submissions"]["totalCount"], nodes.len(), "{text:?}");
    assert_eq!(data["overview"]["total"]["received"], nodes.len(), "{text:?}");
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

/// A way to draw that is the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// The text as somebody else might have written it: traditional forms, radicals, full width, capitals, and what nobody
    /// sees; with blanks between Chinese characters too, if they may stand there.
    fn otherwise(&mut self, text: &str, blanks: bool) -> String {
        const FORMS: [(char, char); 14] = [
            ('东', '東'),
            ('沟', '溝'),
            ('灯', '燈'),
            ('请', '請'),
            ('维', '維'),
            ('处', '處'),
            ('车', '⻋'),
            ('长', '⻓'),
            ('户', '戶'),
            ('门', '門'),
            ('w', 'Ｗ'),
            ('i', 'I'),
            ('5', '５'),
            (',', '，'),
        ];
        const UNSEEN: [&str; 8] = [
            "\u{200B}",
            "\u{FEFF}",
            "\u{AD}",
            "\u{202C}",
            "\u{FE0F}",
            "\u{E0100}",
            "\u{3164}",
            "\u{2060}\u{200D}",
        ];
        let mut written = String::new();
        let chinese = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        let mut before = None;
        for c in text.chars() {
            if self.below(4) == 0 {
                written.push_str(self.of::<&str>(&UNSEEN));
            }
            if blanks && before.is_some_and(chinese) && chinese(c) && self.below(5) == 0 {
                written.push_str(self.of::<&str>(&[" ", "\n", "\u{3000}", "\t"]));
            }
            let form = FORMS.iter().find(|(plain, _)| *plain == c).filter(|_| self.below(2) == 0);
            written.push(form.map_or(c, |(_, form)| *form));
            before = Some(c);
        }
        written
    }
}

/// A title and a content without blanks, in simplified characters.
fn plain(draw: &mut Draw) -> (String, String) {
    const PLACES: [&str; 7] = ["东沟村", "西河村", "北门社区", "长江路", "东长户村", "沟东村", "5号楼"];
    const MATTERS: [&str; 9] = [
        "路灯不亮",
        "公交车站",
        "待处理",
        "安装简单",
        "在建工程",
        "wifi信号差",
        "井盖破损",
        "自来水停了",
        "户口难办",
    ];
    const WISHES: [&str; 6] =
        ["请维修", "请处理", "请尽快处理,谢谢", "望增开公交车", "处理不简单", "(5天内)答复"];
    let mut part = |lists: &[&[&str]]| lists.iter().map(|list| *draw.of(list)).collect::<String>();
    (part(&[&PLACES, &MATTERS]), part(&[&MATTERS, &PLACES, &MATTERS, &WISHES]))
}

/// What a needle finds by the three ways that the index is asked: as a filter, as a page, as a count.
async fn asked(tx: &Tx, needle: &Needle) -> BTreeSet<SubmissionId> {
    let rows = || tx.from::<share::Entity>();
    let hits = rows().mentioning(share::Column::Submission, needle).all().await.unwrap();
    let hits: BTreeSet<SubmissionId> = hits.into_iter().map(|row| row.submission).collect();
    let request = PageRequest {
        direction: Direction::Descending,
        size: 1_000,
        after: None,
        before: None,
        backward: false,
    };
    let page = rows().suggestions_mentioning(needle, &request).await.unwrap();
    let page: BTreeSet<SubmissionId> = page.rows.into_iter().map(|row: submission::Model| row.id).collect();
    assert_eq!(page, hits);
    if let Some(count) = tx.count_mentions(needle).await.unwrap() {
        assert_eq!(count, hits.len() as u64);
    }
    hits
}

on_both_databases! {
    async fn what_nobody_sees_is_no_difference_to_the_search(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let unseen = "\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{202A}\u{202E}\u{2060}\u{2066}\u{FEFF}\u{AD}\u{180E}\u{FE0F}\u{E0100}\u{34F}\u{2028}\u{2029}\u{3164}\u{A0}\u{3000}\t\n\u{7}";
        let mut all = BTreeSet::new();
        for c in unseen.chars() {
            all.insert(recorded(&app, &clerk, "不可见", &format!("自来{c}井测试")).await);
        }
        recorded(&app, &clerk, "不可见", "自来水井测试").await;
        assert_eq!(found(&app, &clerk, "自来井测试").await, all);
        for c in unseen.chars().filter(|c| minsheng::text::is_invisible(*c)) {
            assert_eq!(found(&app, &clerk, &format!("来{c}井")).await, all, "{:x}", u32::from(c));
        }
    }

    async fn traditional_forms_radicals_width_and_blanks_are_no_difference_to_the_search(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        for (one, other) in [
            ("東溝村路燈", "东沟村路灯"), ("⻓江路⻋站", "长江路车站"), ("⾧安街", "长安街"), ("戶口辦理", "户口办理"),
            ("葛\u{E0100}洲坝", "葛洲坝"), ("ＡＢＣ１２３号楼", "abc123号楼"), ("WIFI信号", "wifi信号"), ("公 交 车 站", "公交车站"),
            ("道路\n积水", "道路积水"), ("供\u{AD}暖不足", "供暖不足"), ("100%的_工作\\路径", "100％的＿工作＼路径"), ("他说\"不行\"和'可以'", "他說\"不行\"和'可以'"),
        ] {
            let id = BTreeSet::from([recorded(&app, &clerk, "甲", one).await, recorded(&app, &clerk, "乙", other).await]);
            assert_eq!(found(&app, &clerk, one).await, id, "{one}");
            assert_eq!(found(&app, &clerk, other).await, id, "{other}");
        }
        assert!(found(&app, &clerk, "1%的").await.is_empty() && found(&app, &clerk, "的%工").await.is_empty());
    }

    async fn words_are_found_inside_words_and_several_in_any_order(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        // Search engines that part Chinese into words miss these.
        for (text, part) in [("待处理", "处理"), ("安装简单", "简单"), ("在建工程", "工程")] {
            let id = recorded(&app, &clerk, "某事", text).await;
            assert_eq!(found(&app, &clerk, part).await, BTreeSet::from([id]), "{part}");
        }
        let both = recorded(&app, &clerk, "東溝村路燈不亮", "請維修").await;
        let within = recorded(&app, &clerk, "请 维 修", "在东\u{200B}沟村").await;
        recorded(&app, &clerk, "东沟村", "请修理").await;
        recorded(&app, &clerk, "西河村", "请维修").await;
        let expected = BTreeSet::from([both.clone(), within]);
        for typed in ["东沟村 请维修", "请维修 东沟村", "東溝村　請維修", " 维修\t沟村\n", "东沟村\u{200B} 请维修 东沟村"] {
            assert_eq!(found(&app, &clerk, typed).await, expected, "{typed}");
        }
        assert_eq!(found(&app, &clerk, "东沟村 请维修 路灯").await, BTreeSet::from([both]));
        assert!(found(&app, &clerk, "东沟村 请维修 停车").await.is_empty());
        let hits = "query ($text: String!) { submissions(filter: { text: $text }) { edges { highlights { field before hit after } } } }";
        let shown = app.data(&clerk, hits, json!({ "text": "路灯 维修" })).await;
        assert_eq!(shown["submissions"]["edges"][0]["highlights"], json!([
            { "field": "TITLE", "before": "東溝村", "hit": "路燈", "after": "不亮" },
            { "field": "CONTENT", "before": "請", "hit": "維修", "after": "" },
        ]));
        for (typed, fits) in [("一 二 三 四 五 六 七 八", true), ("一 二 三 四 五 六 七 八 九", false), ("\u{200B} \u{3164}", false), ("", false)] {
            let (_, answer) = app.graphql(Some(&clerk.token), hits, json!({ "text": typed })).await;
            assert_eq!(answer["errors"].is_null(), fits, "{typed}: {answer}");
            if !fits {
                assert_eq!(code(&answer), "BAD_USER_INPUT");
                assert!(answer["errors"][0]["message"].as_str().unwrap().contains("filter.text"), "{answer}");
            }
        }
    }

    async fn nothing_is_missed_and_nothing_else_found_by_a_thousand_substrings(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let mut draw = Draw(2022);
        let mut texts = Vec::new();
        for _ in 0..150 {
            let (title, content) = plain(&mut draw);
            recorded(&app, &clerk, &draw.otherwise(&title, true), &draw.otherwise(&content, true)).await;
            texts.push((title, content));
        }
        // Keys of suggestions rise in the order in which they were made.
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let mut viewers = Vec::new();
        for who in [&clerk, &leader] {
            viewers.push(viewer_of_bearer(&app.app, &who.token, app.app.clock.now()).await.unwrap());
        }
        let everyone = app.app.db.begin_read(&viewers[0]).await.unwrap().from::<submission::Entity>().all().await.unwrap();
        let mut ids: Vec<(String, SubmissionId)> = everyone.into_iter().map(|row| (row.number, row.id)).collect();
        ids.sort();
        assert_eq!(ids.len(), texts.len());
        let holding = |words: &[String]| -> BTreeSet<SubmissionId> {
            let holds = |(title, content): &(String, String)| words.iter().all(|word| title.contains(word) || content.contains(word));
            texts.iter().zip(&ids).filter(|(text, _)| holds(text)).map(|(_, (_, id))| *id).collect()
        };
        let mut hits = 0;
        for round in 0..1_000 {
            let words: Vec<String> = (0..=(round % 2)).map(|_| {
                let (title, content) = &texts[draw.below(texts.len())];
                let chars: Vec<char> = [title, content][draw.below(2)].chars().collect();
                let start = draw.below(chars.len());
                chars[start..].iter().take(1 + draw.below(8)).collect()
            }).collect();
            let typed: Vec<String> = words.iter().map(|word| draw.otherwise(word, false)).collect();
            let tx = app.app.db.begin_read(&viewers[round % 2]).await.unwrap();
            let expected = holding(&words);
            let found = asked(&tx, &Needle::new(&typed.join(" ")).unwrap()).await;
            assert_eq!(found, expected, "{words:?}");
            hits += expected.len();
        }
        assert!(hits > 2_000, "{hits}");
    }

    async fn titles_and_names_that_nobody_sees_are_refused(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let submit = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { title code } userErrors { code field } } }";
        let to = json!({ "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" });
        let submitted = async |title: &str, content: &str| {
            let key = fresh_key();
            let input = json!({ "idempotencyKey": key, "to": to, "title": title, "content": content });
            app.graphql(None, submit, json!({ "input": input })).await.1["data"]["submissionSubmit"].clone()
        };
        let refused = |fields: &[&str]| {
            json!(fields.iter().map(|field| json!({ "code": "INVALID", "field": ["input", field] })).collect::<Vec<_>>())
        };
        for nothing in ["\u{200B}", "\u{3164}", "\u{200B}\u{200D}", "\u{202E}", "\u{1B}\u{7F}", "\u{2800}\u{FEFF}", " \n\t", ""] {
            for payload in [record(&app, &clerk, nothing, nothing, json!({})).await, submitted(nothing, nothing).await] {
                assert_eq!(payload["userErrors"], refused(&["title", "content"]), "{nothing:?}");
            }
            assert_eq!(submitted("路灯", nothing).await["userErrors"], refused(&["content"]), "{nothing:?}");
        }
        assert!(found(&app, &clerk, "路").await.is_empty(), "what is refused changes nothing");
        // A name that nobody sees is nobody's; a title is one line; an emoji stays whole.
        let family = "👨\u{200D}👩\u{200D}👧❤\u{FE0F}";
        let title = format!("标题\n两\u{200B}行\u{202E}\u{1B}\u{7F}{family}");
        let made = record(&app, &clerk, &title, &format!("甲\u{202E}\r\n乙\u{7}{family}"), json!({ "name": "\u{200B}" })).await;
        assert_eq!(made["submission"]["title"], format!("标题 两行{family}"));
        assert_eq!(made["submission"]["content"], format!("甲\n乙{family}"));
        let id = made["submission"]["id"].clone();
        let person = app.data(&clerk, "query ($id: ID!) { node(id: $id) { ... on Submission { person { name } } } }", json!({ "id": id })).await;
        assert_eq!(person["node"]["person"], Value::Null);
        let edit = "mutation ($input: SubmissionEditInput!) { submissionEdit(input: $input) { userErrors { code field } } }";
        let input = json!({ "submissionId": id, "expectedVersion": 1, "title": "\u{200B}" });
        assert_eq!(app.data(&clerk, edit, json!({ "input": input })).await["submissionEdit"]["userErrors"], refused(&["title"]));
        let receipt = submitted("路\u{200B}灯", "不亮").await["receipt"].clone();
        assert_eq!(receipt["title"], "路灯");
        let typed = format!("\u{FEFF}{}\u{200B}", receipt["code"].as_str().unwrap());
        let seen = "query ($code: String!) { receipt(code: $code) { title } }";
        let (_, followed) = app.graphql(None, seen, json!({ "code": typed })).await;
        assert_eq!(followed["data"]["receipt"]["title"], "路灯");
    }

    async fn a_reference_is_the_same_whatever_nobody_sees_in_it(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let made = record(&app, &clerk, "甲", "东村", json!({ "externalRef": "T45-2\u{200B}" })).await;
        assert_eq!(made["submission"]["externalRef"], "T45-2");
        for same in ["T45-2", " Ｔ45-2\u{FEFF}", "T\u{AD}45-2"] {
            let twice = record(&app, &clerk, "乙", "西村", json!({ "externalRef": same })).await;
            assert_eq!(twice["userErrors"], json!([{ "code": "DUPLICATE", "field": ["input", "externalRef"] }]), "{same:?}");
        }
        let other = record(&app, &clerk, "丙", "南村", json!({ "externalRef": "t45-2" })).await;
        assert_eq!(other["userErrors"], json!([]));
        let nothing = record(&app, &clerk, "丁", "北村", json!({ "externalRef": "\u{200B}" })).await;
        assert_eq!(nothing["userErrors"], json!([{ "code": "INVALID", "field": ["input", "externalRef"] }]));
    }

    async fn texts_that_a_former_release_indexed_are_indexed_anew(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let other = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let id = BTreeSet::from([recorded(&app, &clerk, "東溝村", "自來\u{200B}水 停了，电话19900000123").await]);
        // As it stood there before texts were folded.
        let raw = Raw::open(&app.database.unscoped_url()).await;
        let former = "UPDATE submission_text SET title = '東溝村', content = '自來水 停了'";
        raw.run(former).await.unwrap();
        let grams = if raw.is_postgres() {
            "UPDATE submission_text SET grams = '{1}'"
        } else {
            "UPDATE submission_gram SET scope = '', grams = 'x1'"
        };
        raw.run(grams).await.unwrap();
        raw.close().await;
        assert!(found(&app, &clerk, "东沟村").await.is_empty());
        let county = County::parse(HUOQIU).unwrap();
        let mut seen = 0;
        assert_eq!(store::reindex(&app.app, &county, &mut |texts| seen += texts).await.unwrap(), 1);
        assert_eq!((seen, store::texts(&app.app, &county).await.unwrap()), (1, 1));
        for typed in ["东沟村", "自来水停了", "停 东沟"] {
            assert_eq!(found(&app, &clerk, typed).await, id, "{typed}");
            assert!(found(&app, &other, typed).await.is_empty(), "{typed}");
        }
        assert!(found(&app, &clerk, "19900000123").await.is_empty(), "a masked number can't be looked for");
        let line = app.trail(HUOQIU).await.into_iter().find(|line| line.action == AuditAction::IndexRebuild);
        assert_eq!(line.unwrap().detail, json!({ "texts": 1 }));
    }
}
