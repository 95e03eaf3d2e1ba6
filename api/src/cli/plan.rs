//! `minsheng plan`: a campaign's plan checked, compared, applied, and how far it is carried out (方案).

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use entity::id::County;

use super::conformance;
use super::error::refused;
use super::words::told;
use crate::app::App;
use crate::campaign::plans;
use crate::campaign::store::{self, Applied};
use crate::cli::error::{CliError, failure};
use crate::error::Stop;
use crate::keys;
use crate::plan::{Plan, PlanError, diff};
use crate::refusal::{Message, message};
use crate::scope::system;

/// 活动方案：校验、比对、入库、条款落实情况。
/// Campaign plans: check, compare, apply, conformance.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng plan check api/plans/*.toml
  minsheng plan check --stored                       # 升级之后 / after an upgrade
  minsheng plan diff old.toml new.toml
  minsheng plan diff api/plans/huoqiu-2022.toml     # 与数据库比对 / with what the database holds
  minsheng plan apply api/plans/huoqiu-2022.toml
  minsheng plan conformance --county 130803 --campaign MXGC-2020 --strict")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What to do with plans.
#[derive(Debug, Subcommand)]
enum Command {
    /// 校验方案文件；错误注明文件、行、列、字段和原因。 Check plan files; errors name file, line, column, field, reason.
    Check {
        /// 方案文件（TOML）。 Plan files.
        #[arg(required_unless_present = "stored", conflicts_with = "stored", value_name = "FILE")]
        files: Vec<PathBuf>,
        /// 校验数据库中的全部方案：旧版本入库的方案可能不符合本版本的要求。 Check the plans in the database instead: one that an
        /// earlier release applied may not be what this one asks for.
        #[arg(long)]
        stored: bool,
    },
    /// 比对两个方案；只给一个文件时与数据库中的方案比对。 Compare two plans, or one with what the database holds.
    Diff {
        /// 旧方案；单独给出时为新方案。 The old plan; the new one where it stands alone.
        #[arg(value_name = "OLD")]
        first: PathBuf,
        /// 新方案。 The new plan.
        #[arg(value_name = "NEW")]
        second: Option<PathBuf>,
    },
    /// 方案入库：重复执行结果相同，要么全部写入，要么全部不写。 Apply a plan: again with the same result, all of it or nothing.
    Apply {
        /// 方案文件（TOML）。 The plan file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    Conformance(conformance::Args),
}

/// Does what the arguments say; `connect` is asked for the application only where rows are needed.
///
/// # Errors
///
/// Everything wrong with a file, one line each; what stands in the way of an application; no database.
pub async fn run(
    args: Args,
    connect: impl AsyncFnOnce() -> Result<App, CliError>,
    out: &mut (impl Write + Send),
) -> Result<(), CliError> {
    match args.command {
        Command::Check { stored: true, .. } => check_stored(&connect().await?, out).await,
        Command::Check { files, .. } => check(&files, out),
        Command::Diff { first, second: Some(second) } => {
            let (old, new) = (read(&first)?.plan, read(&second)?.plan);
            show_difference(&old, &new, out)
        }
        Command::Diff { first, second: None } => {
            let new = read(&first)?.plan;
            diff_with_stored(&connect().await?, &new, out).await
        }
        Command::Apply { file } => {
            let source = read(&file)?;
            let app = connect().await?;
            apply(&app, &source, out).await?;
            // A county that is new knows its master key from now on.
            Ok(keys::take_up(&app).await?)
        }
        Command::Conformance(args) => conformance::run(&connect().await?, &args, out).await,
    }
}

/// A plan file that was read and found sound.
struct Source {
    file: String,
    text: String,
    plan: Plan,
}

fn read(path: &Path) -> Result<Source, CliError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| message!("{file}：无法读取：{error}", "{file}: can't be read: {error}"))?;
    let plan = Plan::parse(&file, &text).map_err(|errors| Message::lines(errors.iter().map(line)))?;
    Ok(Source { file, text, plan })
}

/// Every file is read, so that one run tells of all.
fn check(files: &[PathBuf], out: &mut impl Write) -> Result<(), CliError> {
    let mut wrong = Vec::new();
    for path in files {
        match read(path) {
            Ok(source) => say(out, sound(&source))?,
            Err(CliError { text, .. }) => wrong.push(text),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(CliError::new(wrong.join("\n"))) }
}

/// Every error names county, campaign, line and column of the plan as it was applied.
async fn check_stored(app: &App, out: &mut impl Write) -> Result<(), CliError> {
    let unfit = plans::unfit(app).await.map_err(failure)?;
    if unfit.is_empty() {
        return say(out, message!("数据库中的方案全部有效", "every stored plan is sound"));
    }
    let mut wrong: Vec<Message> = unfit.iter().flat_map(|plan| plan.errors.iter().map(line)).collect();
    wrong.push(message!(
        "这些方案仍照常运行；请修正方案文件，再执行 minsheng plan apply FILE",
        "these plans run all the same; mend their files, then `minsheng plan apply FILE`"
    ));
    Err(Message::lines(wrong).into())
}

fn sound(Source { file, plan, .. }: &Source) -> Message {
    let (county, campaign) = (&plan.county.code, &plan.campaign.code);
    let (departments, streams) = (plan.departments.len(), plan.streams.len());
    let (channels, classes) = (plan.channels.len(), plan.categories.len());
    let (villages, rules) = (plan.villages.len(), plan.clauses.len());
    message!(
        "{file}：方案有效：{county} {campaign}，单位 {departments}，征集流 {streams}，渠道 {channels}，类别 {classes}，\
         村（社区） {villages}，条款 {rules}",
        "{file}: sound: {county} {campaign}, {departments} departments, {streams} streams, {channels} channels, {classes} \
         classes, {villages} villages, {rules} clauses"
    )
}

fn show_difference(old: &Plan, new: &Plan, out: &mut impl Write) -> Result<(), CliError> {
    let changes = diff(old, new);
    if changes.is_empty() {
        return say(out, message!("方案相同", "the plans are the same"));
    }
    let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
    print(out, &changes.join("\n"))
}

async fn diff_with_stored(app: &App, new: &Plan, out: &mut impl Write) -> Result<(), CliError> {
    let tx = app.db.begin_read(&system::operator(county_of(new)?)).await?;
    let stored = store::campaign_by_code(&tx, &new.campaign.code).await?;
    match stored.map(|row| app.plans.of(&row)).transpose().map_err(failure)? {
        Some(old) => show_difference(&old, new, out),
        None => say(out, message!("该活动尚未入库", "the campaign has not been applied yet")),
    }
}

async fn apply(app: &App, source: &Source, out: &mut impl Write) -> Result<(), CliError> {
    let Source { file, text, plan } = source;
    let applied = plans::apply(app, plan, text).await.map_err(|stop| stopped(file, stop))?;
    let Applied { inserted, updated, unchanged, removed, .. } = applied;
    let campaign = &plan.campaign.code;
    say(
        out,
        message!(
            "{file}：{campaign} 方案已入库：新增 {inserted}，更新 {updated}，未变 {unchanged}，删除 {removed}",
            "{file}: {campaign} applied: inserted {inserted}, updated {updated}, unchanged {unchanged}, removed {removed}"
        ),
    )
}

fn county_of(plan: &Plan) -> Result<County, CliError> {
    let code = &plan.county.code;
    let no_county = || message!("{code} 不是行政区划代码", "{code} is no county").into();
    County::parse(code).ok_or_else(no_county)
}

/// `FILE:LINE:COLUMN FIELD: REASON`, which editors and terminals make a link of.
fn line(error: &PlanError) -> Message {
    let PlanError { file, line, column, field, reason, reason_zh, .. } = error;
    message!("{file}:{line}:{column} {field}: {reason_zh}", "{file}:{line}:{column} {field}: {reason}")
}

fn stopped(file: &str, stop: Stop) -> CliError {
    let Stop::Refused(refusals) = stop else {
        return stop.into();
    };
    let lines = refusals.into_iter().map(|refusal| {
        let Message { zh, en } = refused(refusal);
        message!("{file}: {zh}", "{file}: {en}")
    });
    Message::lines(lines).into()
}

fn say(out: &mut impl Write, what: Message) -> Result<(), CliError> {
    print(out, &told(what))
}

fn print(out: &mut impl Write, text: &str) -> Result<(), CliError> {
    writeln!(out, "{text}").map_err(CliError::of)
}

#[cfg(test)]
mod tests {

    use clap::Parser;

    use super::*;
    use crate::campaign::trial::{SMALL, Trial, app};
    use crate::cli::words::HERE;
    use crate::refusal::Language;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    struct Desk {
        directory: tempfile::TempDir,
        trial: Option<Trial>,
    }

    impl Desk {
        fn file(&self, name: &str, text: &str) -> String {
            let path = self.directory.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        }

        /// What the command says, or why it fails.
        async fn run(&self, words: &[&str]) -> Result<String, String> {
            HERE.set(Some(Language::English));
            let args = Line::try_parse_from([&["plan"], words].concat()).unwrap().args;
            let mut out = Vec::new();
            let connect = async || self.trial.as_ref().map(app).ok_or_else(|| CliError::new("no database"));
            Box::pin(run(args, connect, &mut out)).await.map_err(|error| error.text)?;
            Ok(String::from_utf8(out).unwrap())
        }
    }

    fn without_database() -> Desk {
        Desk { directory: tempfile::TempDir::new().unwrap(), trial: None }
    }

    async fn with_database() -> Desk {
        Desk { trial: Some(Trial::new().await), ..without_database() }
    }

    #[tokio::test]
    async fn a_check_names_file_line_column_field_and_reason_of_every_error_in_every_file() {
        let desk = without_database();
        let good = desk.file("good.toml", SMALL);
        let said = desk.run(&["check", &good]).await.unwrap();
        assert!(said.contains("sound: 999999 SLX-2020, 15 departments"), "{said}");
        let one = desk.file("one.toml", &SMALL.replace("role = \"VILLAGE\"", "role = \"NOBODY\""));
        let two = desk.file("two.toml", "[county");
        let errors = desk.run(&["check", &one, &good, &two]).await.unwrap_err();
        assert!(errors.contains("one.toml:149:8 departments[14].role: "), "{errors}");
        assert!(errors.contains("two.toml:1:8 plan: not valid TOML"), "{errors}");
    }

    #[tokio::test]
    async fn stored_plans_are_checked_and_what_is_wrong_is_named_with_how_to_mend_it() {
        let desk = with_database().await;
        desk.run(&["apply", &desk.file("old.toml", SMALL)]).await.unwrap();
        let said = desk.run(&["check", "--stored"]).await.unwrap();
        assert!(said.contains("every stored plan is sound"), "{said}");
        let trial = desk.trial.as_ref().unwrap();
        let tx = trial.write("999999").await;
        let text = SMALL.replace("percent = 95", "percent = 101");
        let changes = vec![(entity::campaign::Column::Plan, text.into())];
        let everything = crate::db::Predicate::everything();
        tx.update::<entity::campaign::Entity>(everything, changes).await.unwrap();
        tx.commit().await.unwrap();
        let errors = desk.run(&["check", "--stored"]).await.unwrap_err();
        assert!(errors.contains("999999/SLX-2020:"), "{errors}");
        assert!(errors.contains("coverage_targets[0].percent"), "{errors}");
        assert!(errors.contains("minsheng plan apply FILE"), "{errors}");
        assert!(Line::try_parse_from(["plan", "check"]).is_err());
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_named() {
        let errors = without_database().run(&["check", "/nowhere/plan.toml"]).await.unwrap_err();
        assert!(errors.starts_with("/nowhere/plan.toml: can't be read"), "{errors}");
    }

    #[tokio::test]
    async fn two_files_are_compared_without_a_database() {
        let desk = without_database();
        let (old, new) =
            (desk.file("old.toml", SMALL), desk.file("new.toml", &SMALL.replace("道路交通", "交通")));
        let said = desk.run(&["diff", &old, &new]).await.unwrap();
        assert_eq!(said, "~ categories.ROAD_TRAFFIC: name \"道路交通\" → \"交通\"\n");
        assert!(desk.run(&["diff", &old, &old]).await.unwrap().contains("the plans are the same"));
        assert_eq!(desk.run(&["diff", &old]).await.unwrap_err(), "no database");
    }

    #[tokio::test]
    async fn a_plan_is_applied_compared_with_the_stored_one_and_applied_again() {
        let desk = with_database().await;
        let (old, new) =
            (desk.file("old.toml", SMALL), desk.file("new.toml", &SMALL.replace("道路交通", "交通")));
        assert!(desk.run(&["diff", &old]).await.unwrap().contains("has not been applied yet"));
        assert!(desk.run(&["apply", &old]).await.unwrap().contains("inserted 32, updated 0"));
        assert!(desk.run(&["diff", &old]).await.unwrap().contains("the plans are the same"));
        assert!(desk.run(&["diff", &new]).await.unwrap().contains("~ categories.ROAD_TRAFFIC"));
        assert!(desk.run(&["apply", &old]).await.unwrap().contains("unchanged 32"));
        assert!(desk.run(&["apply", &new]).await.unwrap().contains("updated 2, unchanged 30"));
    }

    #[tokio::test]
    async fn a_refused_plan_says_what_stands_in_the_way() {
        let desk = with_database().await;
        desk.run(&["apply", &desk.file("old.toml", SMALL)]).await.unwrap();
        let moved =
            SMALL.replacen("department = \"A2\"\nconstituencies", "department = \"A1\"\nconstituencies", 1);
        let moved = moved.replace(
            "code = \"A2\"\nname = \"A2乡\"\nrole = \"TOWNSHIP\"",
            "code = \"A2\"\nname = \"A2乡\"\nrole = \"LEADERSHIP\"",
        );
        let errors = desk.run(&["apply", &desk.file("moved.toml", &moved)]).await.unwrap_err();
        assert!(
            errors.contains("moved.toml: streams.A2.department: The owner of stream A2 never changes"),
            "{errors}"
        );
    }
}
