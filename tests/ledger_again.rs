//! What an export writes, an import takes back, whole.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use clap::Parser as _;
use entity::enums::Position;
use minsheng::cli::error::CliError;
use minsheng::cli::import::{Args, Ending, run};
use serde_json::json;

use crate::queries::fill_with;
use crate::support::personas::{HUOQIU, Persona};
use crate::support::{Backend, TestApp, TestDatabase, on_both_databases};

/// What a case has of its own system: its number, where it stands there, and when it was entered; and what follows from the
/// person, whom no export has in clear, or from the time (the filled rows say themselves whether they are late).
const OF_THE_SYSTEM: [&str; 5] = ["编号", "录入时间", "匿名", "办理环节", "逾期"];

const SPECIAL: &str = "\
来源编号,标题,内容,收到时间,征集单位,渠道,受益人数,是否保密,代录,紧急程度,extra.delegation
S-1,=1+1 路灯,\"+第一行\n第二行，有“引号”和\"\"双引号\"\"\",2022-03-02 09:30:15,T_HEKOU,,1200,是,是,紧急,
S-2,'单引号,'也是单引号,2022-03-03,T_HEKOU,,,,,,
0012,号码,长号码 00123 保留,2022-03-04,T_ZHOUJI,,0,否,否,特急,
S-4,代表团,代表团提出的意见,2022-03-05,NPC,,,,,,第一代表团；分团：甲
";

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

/// Takes a file in by the command line, into the channel of a campaign.
pub(crate) async fn import_by(
    app: &TestApp,
    (county, campaign, channel): (&str, &str, &str),
    file: &Path,
) -> (Ending, String) {
    let file = file.display().to_string();
    let words = ["import", "--county", county, "--campaign", campaign, "--channel", channel, &file];
    let args = Line::try_parse_from(words).unwrap().args;
    let mut out = Vec::new();
    let connect = async || Ok::<_, CliError>(Arc::clone(&app.app));
    let ending = run(args, connect, &mut out).await.unwrap();
    let errors = std::fs::read_to_string(format!("{file}.errors.csv")).unwrap_or_default();
    (ending, String::from_utf8(out).unwrap() + &errors)
}

async fn import(app: &TestApp, file: &Path) -> (Ending, String) {
    import_by(app, (HUOQIU, "MSQT-2022", "HOTLINE_12345"), file).await
}

/// The rows of a ledger by their reference; one without takes its number for it, as an import does.
fn by_reference(rows: &[Vec<String>]) -> BTreeMap<String, BTreeMap<String, String>> {
    let headings = &rows[0];
    let row = |cells: &Vec<String>| {
        let mut row: BTreeMap<String, String> = headings.iter().cloned().zip(cells.iter().cloned()).collect();
        if row["来源编号"].is_empty() {
            let number = row["编号"].clone();
            row.insert("来源编号".to_owned(), number);
        }
        for column in OF_THE_SYSTEM {
            row.remove(column);
        }
        (row["来源编号"].clone(), row)
    };
    rows[1..].iter().map(row).collect()
}

async fn ledger(app: &TestApp, leader: &Persona) -> Vec<Vec<String>> {
    app.carried(leader, "submissionExport", json!({})).await
}

on_both_databases! {
    async fn what_an_export_writes_an_import_takes_back(app: TestApp) {
        let backend = match app.database {
            TestDatabase::Sqlite(_) => Backend::Sqlite,
            TestDatabase::Postgres(_) => Backend::Postgres,
        };
        let app = app.with_both_counties().await;
        fill_with(&app, 60).await;
        let directory = tempfile::tempdir().unwrap();
        let special = directory.path().join("special.csv");
        std::fs::write(&special, SPECIAL).unwrap();
        let (ending, said) = import(&app, &special).await;
        assert_eq!(ending, Ending::Complete, "{said}");
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let whole = ledger(&app, &leader).await;
        let first = by_reference(&whole);
        assert_eq!(first.len(), 64);
        assert_eq!(first["S-1"]["标题"], "'=1+1 路灯", "a spreadsheet is not to calculate it");
        for format in ["CSV", "XLSX", "English"] {
            let (bytes, ending) = if format == "English" {
                (app.bytes_in_english(&leader, "submissionExport", json!({})).await, "csv")
            } else {
                let asked = app.carry(&leader, "submissionExport", json!({}), format).await;
                let url = asked["export"]["url"].as_str().unwrap();
                (app.fetch_file(url).await.1, if format == "CSV" { "csv" } else { "xlsx" })
            };
            let file = directory.path().join(format!("{format}.{ending}"));
            std::fs::write(&file, bytes).unwrap();
            let other = TestApp::start(backend).await.with_both_counties().await;
            let (ending, said) = import(&other, &file).await;
            assert_eq!(ending, Ending::Complete, "{format}: {said}");
            let leader = other.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
            let second = by_reference(&ledger(&other, &leader).await);
            assert_eq!(second, first, "{format}");
            // Once more into the county that it came from: everything is there.
            let (_, said) = import(&app, &file).await;
            assert!(said.contains("导入 0 行，重复 64 行"), "{said}");
        }
    }
}
