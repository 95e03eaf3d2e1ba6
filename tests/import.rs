//! Bringing in ledgers: a county's from the command line, a department's over the API.

mod drawn;
mod preview;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser as _;
use entity::enums::{ImportStatus, Position};
use entity::id::County;
use entity::import_batch;
use minsheng::cli::error::CliError;
use minsheng::cli::import::{Args, Ending, run};
use minsheng::intake::import::{Batch, Batches, Mapping, Wanted, fingerprint, open};
use minsheng::intake::store::import::{CountyImport, File, Mode};
use minsheng::scope::system;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::personas::Persona;
use crate::support::{TestApp, code, on_both_databases};

/// A county that exists only as this file.
const PLAN: &str = include_str!("plans/third-county.toml");
const COUNTY: &str = "999999";

const IMPORT: &str = "mutation ($input: SubmissionImportInput!) { submissionImport(input: $input) {
    importBatch { id status accepted repeated refused fileName channel { code } department { code } failures { line code } }
    accepted repeated refused failures { line field code reason } userErrors { code field message } } }";

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

/// An operator's desk: a directory with ledgers, and the application of the third county.
struct Desk {
    app: TestApp,
    directory: TempDir,
}

/// What the command said and how it ended.
struct Said {
    ending: Ending,
    text: String,
}

impl Desk {
    async fn new(app: TestApp) -> Self {
        app.apply_plan(PLAN).await;
        let directory = tempfile::tempdir().unwrap();
        Self { app, directory }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    /// `minsheng import … MAILBOX` with further words.
    async fn import(&self, words: &[&str]) -> Result<Said, CliError> {
        let base = ["import", "--county", COUNTY, "--campaign", "YJ-2017", "--channel", "MAILBOX"];
        let args = Line::try_parse_from([&base, words].concat()).unwrap().args;
        let mut out = Vec::new();
        let connect = async || Ok::<_, CliError>(Arc::clone(&self.app.app));
        let ending = run(args, connect, &mut out).await?;
        Ok(Said { ending, text: String::from_utf8(out).unwrap() })
    }

    /// Reference and department of everything that somebody sees, sorted.
    async fn seen_by(&self, who: &Persona) -> Vec<(String, String)> {
        let query = "query ($after: String) { submissions(first: 100, after: $after) { totalCount
            nodes { externalRef department { code } } pageInfo { hasNextPage endCursor } } }";
        let (mut rows, mut after) = (Vec::new(), Value::Null);
        loop {
            let data = self.app.data(who, query, json!({ "after": after })).await;
            let page = &data["submissions"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            rows.extend(
                page["nodes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|node| (text(&node["externalRef"]), text(&node["department"]["code"]))),
            );
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] != true {
                assert_eq!(page["totalCount"], rows.len());
                break;
            }
        }
        rows.sort();
        rows
    }

    /// Line, field and code of what a ledger's error file has.
    fn refused(&self, ledger: &str) -> Vec<String> {
        let report = std::fs::read_to_string(self.path(&format!("{ledger}.errors.csv"))).unwrap();
        report.lines().skip(1).map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",")).collect()
    }

    async fn all(&self) -> Vec<(String, String)> {
        self.seen_by(&self.leader().await).await
    }

    async fn leader(&self) -> Persona {
        self.app.persona(COUNTY, "LEADERS", Position::Head).await
    }

    async fn officer(&self, department: &str) -> Persona {
        self.app.persona(COUNTY, department, Position::Officer).await
    }

    async fn runs(&self) -> Vec<import_batch::Model> {
        let tx = self.app.app.db.begin_read(&system::operator(county())).await.unwrap();
        tx.from::<import_batch::Entity>().all().await.unwrap()
    }

    /// Takes the first batches of a ledger as the command does, and then no more.
    async fn import_and_die(&self, file: &str, size: usize, batches: usize) {
        let hash = fingerprint(std::fs::File::open(file).unwrap()).unwrap();
        let file_row = File { name: "ledger.csv", hash: &hash };
        let mut import =
            CountyImport::begin(&self.app.app, county(), ("YJ-2017", "MAILBOX"), file_row, Mode::Write)
                .await
                .unwrap();
        for batch in all_batches(file, size).into_iter().take(batches) {
            import.take(&batch).await.unwrap();
        }
    }
}

fn county() -> County {
    County::parse(COUNTY).unwrap()
}

fn all_batches(file: &str, size: usize) -> Vec<Batch> {
    let ledger = open(file.as_ref(), &Wanted::default()).unwrap();
    let binding = Mapping::default().bind(ledger.header()).unwrap();
    Batches::new(ledger, binding, size).collect()
}

/// References, titles and contents whose department stands behind them.
const MESSAGES: [(&str, &str, &str, &str); 8] = [
    ("r1", "A3区路灯不亮", "晚上看不清路", "A3"),
    ("r2", "A12路堵车", "早高峰堵在路口", "MAILBOX"),
    ("r3", "停车难", "住在A7区，没有车位", "A7"),
    ("r4", "A2区与A5区交界", "无人清扫", "A2"),
    ("r5", "A11路，A9区", "井盖松动", "A9"),
    ("r6", "建议增开公交", "全县都需要", "MAILBOX"),
    ("r7", "A1A2之间的路", "坑洼不平", "A1"),
    ("r8", "没有地名", "A99路以外，A8", "A8"),
];

fn ledger() -> String {
    MESSAGES.iter().fold(
        "message_id,title,submitted_at,content\n".to_owned(),
        |text, (id, title, content, _)| {
            text + &format!("{id},{title},2019-03-0{} 09:30:00,{content}\n", &id[1..])
        },
    )
}

fn expected() -> Vec<(String, String)> {
    let mut rows: Vec<_> = MESSAGES.iter().map(|row| (row.0.to_owned(), row.3.to_owned())).collect();
    rows.sort();
    rows
}

on_both_databases! {
    async fn a_ledger_goes_where_the_plan_sends_it_and_twice_is_one_set(app: TestApp) {
        let desk = Desk::new(app).await;
        let file = desk.write("ledger.csv", &ledger());
        let first = desk.import(&["--batch", "3", &file]).await.unwrap();
        assert_eq!(first.ending, Ending::Complete);
        assert!(first.text.contains("导入完成：共 8 行，导入 8 行，重复 0 行，错误 0 行"), "{}", first.text);
        assert!(!first.text.contains("imported"), "one language: {}", first.text);
        assert_eq!(desk.all().await, expected());
        let second = desk.import(&[&file]).await.unwrap();
        assert_eq!(second.ending, Ending::Complete);
        assert!(second.text.contains("导入 0 行，重复 8 行，错误 0 行"), "{}", second.text);
        assert_eq!(desk.all().await, expected());
        let runs = desk.runs().await;
        assert_eq!((runs.len(), runs[0].status, runs[0].repeated), (1, ImportStatus::Done, 8));
        let township = desk.officer("A3").await;
        assert_eq!(desk.seen_by(&township).await, [("r1".to_owned(), "A3".to_owned())]);
        assert!(!desk.path("ledger.csv.errors.csv").exists());
    }

    async fn a_row_that_another_plan_sends_elsewhere_is_not_made_twice(app: TestApp) {
        let desk = Desk::new(app).await;
        let file = desk.write("ledger.csv", &ledger());
        desk.import(&[&file]).await.unwrap();
        desk.app.apply_plan(&PLAN.replace("(A[1-9])(?:[^0-9]|$)", "(B[1-9])")).await;
        // Another file, so that it is another run too.
        let file = desk.write("again.csv", &(ledger() + "r9,A3区,2019-03-01,无\n"));
        let said = desk.import(&[&file]).await.unwrap();
        assert!(said.text.contains("导入 1 行，重复 8 行"), "{}", said.text);
        let mut expected = expected();
        expected.push(("r9".to_owned(), "MAILBOX".to_owned()));
        assert_eq!(desk.all().await, expected);
    }

    async fn an_import_that_was_killed_goes_on_behind_its_last_batch(app: TestApp) {
        let desk = Desk::new(app).await;
        let file = desk.write("ledger.csv", &ledger());
        desk.import_and_die(&file, 2, 2).await;
        assert_eq!(desk.all().await.len(), 4);
        let runs = desk.runs().await;
        assert_eq!((runs[0].status, runs[0].next_line, runs[0].accepted), (ImportStatus::Running, 6, 4));
        let said = desk.import(&["--batch", "3", &file]).await.unwrap();
        assert!(said.text.contains("从断点继续：第 5 行之后"), "{}", said.text);
        assert!(said.text.contains("共 8 行，导入 8 行，重复 0 行"), "{}", said.text);
        assert_eq!(desk.all().await, expected());
        assert_eq!(desk.runs().await[0].status, ImportStatus::Done);
    }

    async fn a_reference_that_stands_twice_in_a_file_is_taken_once(app: TestApp) {
        let desk = Desk::new(app).await;
        let text = "id,content\na,甲\na,乙\nb,丙\nc,丁\nb,丙\nd,己\n";
        let file = desk.write("ledger.csv", text);
        for words in [vec!["--dry-run", "--batch", "4", &file], vec!["--batch", "4", &file]] {
            let said = desk.import(&words).await.unwrap();
            assert!(said.text.contains("导入 4 行，重复 1 行，错误 1 行"), "{}", said.text);
            assert_eq!(desk.refused("ledger.csv"), ["3,external_ref,REFERENCE_CONFLICT"]);
        }
        let references: Vec<_> = desk.all().await.into_iter().map(|row| row.0).collect();
        assert_eq!(references, ["a", "b", "c", "d"]);
    }

    async fn a_reference_with_another_text_is_a_conflict_and_with_its_own_a_repetition(app: TestApp) {
        let desk = Desk::new(app).await;
        desk.import(&[&desk.write("march.csv", "id,content,stream\n1,东路 有坑,A1\n2,西路有坑,A1\n")]).await.unwrap();
        let clerk = desk.officer("A1").await;
        let ids = desk.app.data(&clerk, "{ submissions { nodes { id number externalRef version } } }", json!({})).await;
        let nodes = ids["submissions"]["nodes"].as_array().unwrap();
        let node = |reference: &str| nodes.iter().find(|node| node["externalRef"] == reference).unwrap();
        let edit = "mutation ($input: SubmissionEditInput!) { submissionEdit(input: $input) { userErrors { code } } }";
        let input = json!({ "submissionId": node("1")["id"], "expectedVersion": node("1")["version"], "content": "东路有坑，已核对" });
        let edited = desk.app.data(&clerk, edit, json!({ "input": input })).await;
        assert_eq!(edited["submissionEdit"]["userErrors"], json!([]));
        // As it was taken in, as it is now, and blanks are no difference; then the next month's running numbers.
        for again in ["1,东路有坑,\n2,西路 有坑,\n", "1,东路有坑，已核对,\n2,西路有坑,\n"] {
            let said = desk.import(&[&desk.write("again.csv", &format!("id,content,stream\n{again}"))]).await.unwrap();
            assert!(said.text.contains("导入 0 行，重复 2 行，错误 0 行"), "{}", said.text);
        }
        let april = desk.write("april.csv", "id,content,stream\n1,水井干涸,A2\n2,缺教师,A1\n3,路灯,A1\n");
        for mode in [&["--dry-run", &april][..], &[&april]] {
            let said = desk.import(mode).await.unwrap();
            assert_eq!(said.ending, Ending::SomeRefused);
            assert!(said.text.contains("导入 1 行，重复 0 行，错误 2 行"), "{}", said.text);
            assert_eq!(desk.refused("april.csv"), ["2,external_ref,REFERENCE_CONFLICT", "3,external_ref,REFERENCE_CONFLICT"]);
            let report = std::fs::read_to_string(desk.path("april.csv.errors.csv")).unwrap();
            assert!(report.contains(node("1")["number"].as_str().unwrap()), "{report}");
        }
        assert_eq!(desk.all().await.len(), 3);
    }

    async fn a_stream_is_named_by_its_code_its_name_or_its_unit(app: TestApp) {
        let desk = Desk::new(app).await;
        let file = desk.write("ledger.csv", "编号,内容,征集单位\n1,甲,A1\n2,乙,A1乡意见建议\n3,丙,A1乡\n4,丁,Ａ１乡\n5,戊,B1乡\n");
        let said = desk.import(&[&file]).await.unwrap();
        assert!(said.text.contains("导入 4 行，重复 0 行，错误 1 行"), "{}", said.text);
        assert_eq!(desk.refused("ledger.csv"), ["6,stream,NOT_IN_PLAN"]);
        assert_eq!(desk.seen_by(&desk.officer("A1").await).await.len(), 4);
        let clerk = desk.officer("A2").await;
        let input = json!({ "idempotencyKey": "own-name-1", "channelId": desk.app.channel_id(&clerk, "VISIT").await,
            "fileName": "a.csv", "content": "编号,内容,征集单位\n1,甲,A2乡\n2,乙,A1乡\n" });
        let done = desk.app.data(&clerk, IMPORT, json!({ "input": input })).await["submissionImport"].clone();
        assert_eq!((&done["accepted"], &done["failures"][0]["code"]), (&json!(1), &json!("NOT_OWN")), "{done}");
        assert_eq!(desk.seen_by(&clerk).await, [("1".to_owned(), "A2".to_owned())]);
    }

    async fn what_nobody_sees_is_no_difference_to_references_and_names(app: TestApp) {
        let desk = Desk::new(app).await;
        let heading = "来源编号,标题,内容,村社区,类别,征集单位,界别\n";
        let rows = "T45-2\u{200B},甲,东村,示例村\u{200B},,,\nT45-2,甲,东村,示例村,,,\nＴ45-2\u{FEFF},甲,东村,\u{202A}示 例村,,,\n\
            T45-3,\u{200B},丁,v\u{AD}1,,A1,轄區居民\nT45-4,甲,东村,示例镇,,,\n\u{200B},甲,\u{3164},,,,\n";
        let file = desk.write("unseen.csv", &format!("{heading}{rows}"));
        let said = desk.import(&[&file]).await.unwrap();
        assert_eq!(said.ending, Ending::SomeRefused);
        assert!(said.text.contains("共 6 行，导入 2 行，重复 2 行，错误 2 行"), "{}", said.text);
        let data = desk.app.data(&desk.leader().await, "{ submissions { nodes { externalRef title constituency village { code } } } }", json!({})).await;
        let mut nodes = data["submissions"]["nodes"].as_array().unwrap().clone();
        nodes.sort_by_key(|node| node["externalRef"].to_string());
        assert_eq!(nodes, [
            json!({ "externalRef": "T45-2", "title": "甲", "constituency": null, "village": { "code": "V1" } }),
            json!({ "externalRef": "T45-3", "title": "丁", "constituency": "辖区居民", "village": { "code": "V1" } }),
        ]);
        assert_eq!(desk.refused("unseen.csv"), ["6,village,NOT_IN_PLAN", "7,external_ref,REQUIRED", "7,content,REQUIRED"]);
    }

    async fn a_dry_run_writes_nothing(app: TestApp) {
        let desk = Desk::new(app).await;
        let file = desk.write("ledger.csv", &ledger());
        let said = desk.import(&["--dry-run", &file]).await.unwrap();
        assert!(said.text.contains("试导入，未写入任何数据：共 8 行，导入 8 行"), "{}", said.text);
        let shown: Vec<_> = said.text.lines().filter(|line| line.starts_with("  ")).collect();
        assert_eq!(shown.len(), 5, "{}", said.text);
        assert_eq!(shown[0], "  2: r1 | A3区路灯不亮 | 2019-03-01 09:30 | A3乡意见建议 | 网上信箱 | — | — | 姓名 — 电话 —");
        assert_eq!((desk.all().await.len(), desk.runs().await.len()), (0, 0));
    }

    async fn bad_rows_are_reported_with_line_and_reason_and_nothing_else_is_lost(app: TestApp) {
        let desk = Desk::new(app).await;
        let file = desk.write("ledger.csv", "\
来源编号,标题,内容,收到时间,征集单位,渠道,类别,诉求类型,村社区,姓名,电话,受益人数,extra.trade
g1,好行一,内容,2019-03-01,A1乡意见建议,入户走访,道路交通,投诉,示例村,居民甲,19900000001,300人,农
b1,,,2019-03-01,,,,,,,,,
b2,标题,内容,2016-12-31,A2,,,,,,,,
b3,标题,内容,2022-03-17,A2,,,,,,,,
b4,标题,内容,2019-03-01,B7,,,,,,,,
b5,标题,内容,2019-03-01,A2,,天文,,无此村,,12,,
b6,标题,内容,2019-03-01,A2,电台,,,,,,,
b7,标题,内容,2019-03-01,A1,,,,,,,,渔
g2,迟到,内容,2021-01-01,A2,,,,,,,,
");
        let said = desk.import(&["--batch", "4", &file]).await.unwrap();
        assert_eq!(said.ending, Ending::SomeRefused);
        assert!(said.text.contains("共 9 行，导入 2 行，重复 0 行，错误 7 行"), "{}", said.text);
        let report = std::fs::read_to_string(desk.path("ledger.csv.errors.csv")).unwrap();
        assert_eq!(desk.refused("ledger.csv"), [
            "3,content,REQUIRED", "4,received_at,CAMPAIGN_CLOSED", "5,received_at,INVALID", "6,stream,NOT_IN_PLAN",
            "7,village,NOT_IN_PLAN", "7,category,NOT_IN_PLAN", "7,phone,INVALID", "8,channel,NOT_IN_PLAN", "9,extra.trade,INVALID",
        ], "{report}");
        assert!(report.contains("征集活动自 2017-01-01 开始"), "{report}");
        assert_eq!(desk.all().await, [("g1".to_owned(), "A1".to_owned()), ("g2".to_owned(), "A2".to_owned())]);
        let query = "{ submissions { nodes { stage kind isLate channel { code } category { code } village { code } beneficiaries person { name phone }
            records { action } } } }";
        let row = &desk.app.data(&desk.officer("A1").await, query, json!({})).await["submissions"]["nodes"][0];
        assert_eq!(row, &json!({
            "stage": "CLASSIFIED", "kind": "COMPLAINT", "isLate": false, "channel": { "code": "VISIT" }, "category": { "code": "ROAD_TRAFFIC" },
            "village": { "code": "V1" }, "beneficiaries": 300, "person": { "name": "居**", "phone": "****0001" },
            "records": [{ "action": "IMPORTED" }],
        }));
        let late = &desk.app.data(&desk.officer("A2").await, query, json!({})).await["submissions"]["nodes"][0];
        assert_eq!(late["isLate"], true);
        assert_eq!(desk.runs().await[0].failures.as_array().unwrap().len(), 9);
    }

    async fn a_file_that_breaks_off_keeps_what_stands_before_it(app: TestApp) {
        let desk = Desk::new(app).await;
        let file = desk.write("ledger.csv", "id,content\na,甲\nb,\"乙\n");
        let error = desk.import(&[&file]).await.err().unwrap().to_string();
        assert!(error.contains("第 3 行"), "{error}");
        assert_eq!(desk.all().await.len(), 1);
        assert_eq!(desk.runs().await[0].status, ImportStatus::Running);
    }

    async fn a_department_brings_in_its_own_ledger_and_nobody_elses(app: TestApp) {
        let desk = Desk::new(app).await;
        let clerk = desk.officer("A1").await;
        let mut input = json!({
            "idempotencyKey": "import-one", "channelId": desk.app.channel_id(&clerk, "VISIT").await, "fileName": "走访.csv",
            "content": "编号,诉求,单位\n1,A5区的路灯,\n2,井盖,A1\n3,噪声,A2\n4,噪声,无此单位\n5,,\n",
            "mapping": [{ "field": "content", "column": "诉求" }],
        });
        input["dryRun"] = json!(true);
        let tried = desk.app.data(&clerk, IMPORT, json!({ "input": input })).await["submissionImport"].clone();
        assert_eq!((&tried["accepted"], &tried["refused"], &tried["importBatch"]), (&json!(2), &json!(3), &Value::Null));
        assert_eq!(desk.all().await.len(), 0);
        input["dryRun"] = json!(false);
        let done = desk.app.data(&clerk, IMPORT, json!({ "input": input })).await["submissionImport"].clone();
        assert_eq!(done["userErrors"], json!([]));
        assert_eq!((&done["accepted"], &done["repeated"], &done["refused"]), (&json!(2), &json!(0), &json!(3)));
        let failures = json!([
            { "line": 4, "field": "stream", "code": "NOT_OWN", "reason": "“A2”不是本单位的征集流" },
            { "line": 5, "field": "stream", "code": "NOT_OWN", "reason": "“无此单位”不是本单位的征集流" },
            { "line": 6, "field": "content", "code": "REQUIRED", "reason": "不能为空" },
        ]);
        assert_eq!(done["failures"], failures);
        let run = &done["importBatch"];
        assert_eq!((&run["status"], &run["accepted"], &run["department"]["code"], &run["channel"]["code"]), (&json!("DONE"), &json!(2), &json!("A1"), &json!("VISIT")));
        assert_eq!(run["failures"].as_array().unwrap().len(), 3);
        let own = [("1".to_owned(), "A1".to_owned()), ("2".to_owned(), "A1".to_owned())];
        assert_eq!(desk.all().await, own);

        let again = desk.app.data(&clerk, IMPORT, json!({ "input": input })).await["submissionImport"].clone();
        assert_eq!(again, done);
        input["idempotencyKey"] = json!("import-two");
        let anew = desk.app.data(&clerk, IMPORT, json!({ "input": input })).await["submissionImport"].clone();
        assert_eq!((&anew["accepted"], &anew["repeated"], &anew["importBatch"]["id"]), (&json!(0), &json!(2), &run["id"]));
        assert_eq!(desk.all().await, own);

        let other = desk.officer("A2").await;
        let node = desk.app.data(&other, "query ($id: ID!) { node(id: $id) { id } }", json!({ "id": run["id"] })).await;
        assert_eq!(node["node"], Value::Null);
        for department in ["LEADERS", "COMMITTEE_A1", "OFFICE", "ADMIN"] {
            let who = desk.officer(department).await;
            let (_, answer) = desk.app.graphql(Some(&who.token), IMPORT, json!({ "input": input })).await;
            assert_eq!(code(&answer), "FORBIDDEN", "{department}: {answer}");
        }
    }

    async fn a_file_that_is_unfit_as_a_whole_is_refused_with_the_field(app: TestApp) {
        let desk = Desk::new(app).await;
        let clerk = desk.officer("A1").await;
        let channel = desk.app.channel_id(&clerk, "VISIT").await;
        let many = (0..1_001).fold("id,content\n".to_owned(), |text, id| text + &format!("{id},a\n"));
        for (content, field) in [
            ("", "content"), ("id,content\n", "content"), ("标题\nx\n", "mapping"), (&*many, "content"), (&*"x".repeat(128 * 1024 + 1), "content"),
        ] {
            let input = json!({ "idempotencyKey": "import-bad", "channelId": channel, "fileName": "a.csv", "content": content });
            let payload = desk.app.data(&clerk, IMPORT, json!({ "input": input })).await["submissionImport"].clone();
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", field]), "{payload}");
            assert_eq!(payload["importBatch"], Value::Null);
        }
    }
}

#[tokio::test]
async fn the_template_is_a_ledger_without_rows_and_never_overwrites() {
    let desk = Desk::new(TestApp::start(crate::support::Backend::Sqlite).await).await;
    let path = desk.path("template.csv").display().to_string();
    let template = async || {
        let args = Line::try_parse_from(["import", "--template", &path]).unwrap().args;
        let connect = async || Err::<Arc<minsheng::app::App>, _>(CliError::new("no database"));
        run(args, connect, &mut Vec::new()).await
    };
    assert_eq!(template().await, Ok(Ending::Complete));
    assert!(template().await.unwrap_err().to_string().contains("文件已存在"));
    let said = desk.import(&[&path]).await.unwrap();
    assert!(said.text.contains("共 0 行"), "{}", said.text);
    let clerk = desk.officer("A1").await;
    let text = desk.app.data(&clerk, "{ importTemplate }", json!({})).await["importTemplate"].clone();
    assert_eq!(text, std::fs::read_to_string(&path).unwrap());
}
