//! `minsheng import`: a ledger of the county taken in, streaming, a batch at a time (批量导入).

use std::borrow::Borrow;
use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use entity::id::County;
use indicatif::{ProgressBar, ProgressStyle};

use super::county::county;
use super::words::told;
use crate::app::App;
use crate::cli::error::CliError;
use crate::clock::shanghai;
use crate::intake::import::{
    Batches, Binding, DEFAULT_BATCH_SIZE, ErrorReport, Format, Ledger, Mapping, RowError, Wanted,
    fingerprint, open, write_csv_template, write_xlsx_template,
};
use crate::intake::store::import::{self as store, CountyImport, MOST_SHOWN, Mode, Totals, Understood};
use crate::refusal::{Message, message};

/// 批量导入 CSV 或 XLSX 台账：以操作员身份执行，逐批提交，可续传，可重复执行。
/// Bring in a CSV or XLSX ledger, as the operator: batch by batch, resumable, the same set however often it is run.
///
/// 每行按渠道和来源编号识别：已有的计为重复，不会重复登记。归口依次取：“征集单位”列、方案的导入规则、渠道的分流规则。
/// A row is known by channel and reference: one that is there already is counted as repeated and never made twice.
/// Its stream is the one its column names, else by the plan's import rules, else by the channel's.
///
/// 表头在前 20 个有文字的行中查找，其上可有标题；工作簿取第一张有表头的可见工作表，另有所指时用 --header-row、--sheet。
/// Headings are looked for in the first 20 rows with text, titles may stand above them; of a workbook the first visible
/// sheet that has them is read. --header-row and --sheet name others. Merged cells count in each of their rows.
///
/// 有误的行不导入，连同行号和原因写入错误文件；改好后整份文件再导入一次即可。
/// Rows with errors are left out and written to a file with line and reason; mend them and import the whole file again.
///
/// 退出码：0 全部导入或已有；3 有未导入的行；1 未能完成，再次执行即从断点继续。
/// Exit code: 0 every row taken or there already; 3 some rows refused; 1 not finished, and the next run goes on there.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng import --template ledger.xlsx                       # 先取模板 / get the template first
  minsheng import --county 130803 --campaign MXGC-2020 --channel WECHAT --dry-run ledger.xlsx
  minsheng import --county 130803 --campaign MXGC-2020 --channel WECHAT ledger.xlsx
  minsheng import --county 130803 --campaign MXGC-2020 --channel WECHAT \\
      --map external_ref=工单号 --map content=诉求内容,received_at=受理时间 hotline.csv
  minsheng import --county 130803 --campaign MXGC-2020 --channel WECHAT --sheet 三月 --header-row 3 ledger.xlsx")]
pub struct Args {
    /// 行政区划代码（GB/T 2260）。 County code.
    #[arg(long, value_name = "CODE", value_parser = county, required_unless_present = "template")]
    county: Option<County>,
    /// 活动代码。 Code of the campaign.
    #[arg(long, value_name = "CODE", required_unless_present = "template")]
    campaign: Option<String>,
    /// 渠道代码；“渠道”列另有说明的行除外。 Code of the channel of every row that names no other.
    #[arg(long, value_name = "CODE", required_unless_present = "template")]
    channel: Option<String>,
    /// 台账文件：.csv（UTF-8 或 GB18030）或 .xlsx。 The ledger: .csv (UTF-8 or GB18030) or .xlsx.
    #[arg(value_name = "FILE", required_unless_present = "template")]
    file: Option<PathBuf>,
    /// 列对应关系，可重复；通用列名自动识别。 Which column is which field; usual headings are recognised by themselves.
    ///
    /// 字段 / fields: external_ref, title, content, received_at, stream, channel, category, kind, village, name, phone,
    /// address, urgency, beneficiaries, constituency, confidential, extra.KEY
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    mapping: Vec<String>,
    /// 工作表名，默认为第一张有表头的可见工作表。 Sheet to read, a hidden one too; by default the first visible one with headings.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// 表头所在行，按电子表格的行号。 Row of the headings, as the spreadsheet counts rows; in CSV the line.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_048_576))]
    header_row: Option<u64>,
    /// 错误文件（CSV），默认为“台账文件名.errors.csv”，有错误时才建立。 Where errors go; made only when there are any.
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// 每批行数。 Rows in one transaction.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_BATCH_SIZE as u64, value_parser = clap::value_parser!(u64).range(1..=5_000))]
    batch: u64,
    /// 试导入：只检查，不写入。 Check everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// 生成空白模板（.csv 或 .xlsx）后结束。 Write an empty template and stop.
    #[arg(long, value_name = "FILE", exclusive = true)]
    template: Option<PathBuf>,
}

/// What to do when the headings were taken from the wrong place.
const OTHERWISE: &str = "--header-row N names another row, --sheet NAME another sheet, --map the columns";
const OTHERWISE_ZH: &str = "可用 --header-row 行号 指定表头行，--sheet 表名 指定工作表，--map 指定各列";

/// How an import ended that read its whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every row was taken in or was there already.
    Complete,
    /// Some rows were refused.
    SomeRefused,
}

/// Does what the arguments say; `connect` is asked for the application only where rows are needed.
///
/// # Errors
///
/// A file, mapping, campaign or channel that is unfit; a file that breaks off; no database.
pub async fn run<A: Borrow<App>>(
    args: Args,
    connect: impl AsyncFnOnce() -> Result<A, CliError>,
    out: &mut (impl Write + Send),
) -> Result<Ending, CliError> {
    if let Some(path) = &args.template {
        template(path)?;
        let path = path.display();
        say(out, message!("模板已生成：{path}", "template written: {path}"))?;
        return Ok(Ending::Complete);
    }
    let order = Order::of(args)?;
    // Whatever is wrong with the file itself is told before a database is asked for.
    let ledger = order.open()?;
    order.import(connect().await?.borrow(), ledger, out).await
}

/// The arguments of an import, complete.
struct Order {
    county: County,
    campaign: String,
    channel: String,
    file: PathBuf,
    wanted: Wanted,
    errors: PathBuf,
    batch: usize,
    mode: Mode,
}

impl Order {
    fn of(args: Args) -> Result<Self, CliError> {
        let Args {
            county: Some(county),
            campaign: Some(campaign),
            channel: Some(channel),
            file: Some(file),
            ..
        } = args
        else {
            return Err(CliError::new("--county, --campaign, --channel, FILE"));
        };
        let mapping = Mapping::parse_all(args.mapping.iter().map(String::as_str));
        let mapping = mapping.map_err(|error| {
            let zh = error.reason_zh();
            CliError::from(message!("--map：{zh}", "--map: {error}"))
        })?;
        let errors = args.errors.unwrap_or_else(|| beside(&file));
        Ok(Self {
            county,
            campaign,
            channel,
            file,
            wanted: Wanted { mapping, sheet: args.sheet, header_row: args.header_row },
            errors,
            batch: usize::try_from(args.batch).unwrap_or(DEFAULT_BATCH_SIZE),
            mode: if args.dry_run { Mode::DryRun } else { Mode::Write },
        })
    }

    fn open(&self) -> Result<(Ledger, Binding), CliError> {
        let ledger = open(&self.file, &self.wanted).map_err(|error| {
            let mut lines = vec![self.about(&error.reason_zh(), &error)];
            lines.extend(error.is_of_header().then(|| self.about(OTHERWISE_ZH, &OTHERWISE)));
            CliError::from(Message::lines(lines))
        })?;
        let place = ledger.place();
        let binding = self.wanted.mapping.bind(ledger.header()).map_err(|errors| {
            let mut lines: Vec<_> =
                errors.iter().map(|error| self.about(&error.reason_zh(), error)).collect();
            let zh = format!("表头取自{}；{OTHERWISE_ZH}", place.zh());
            let en = format!("the headings were taken from {place}; {OTHERWISE}");
            lines.push(self.about(&zh, &en));
            CliError::from(Message::lines(lines))
        })?;
        Ok((ledger, binding))
    }

    /// One line of what is wrong with the file.
    fn about(&self, reason_zh: &str, reason: &dyn Display) -> Message {
        let name = self.file.display();
        message!("{name}：{reason_zh}", "{name}: {reason}")
    }

    async fn import(
        &self,
        app: &App,
        (ledger, binding): (Ledger, Binding),
        out: &mut (impl Write + Send),
    ) -> Result<Ending, CliError> {
        // Another sheet of a workbook is another ledger: it has its own rows to go on behind.
        let sheet = ledger.place().sheet.clone().unwrap_or_default();
        let hash = File::open(&self.file).and_then(|file| fingerprint(file.chain(sheet.as_bytes())));
        let hash = hash.map_err(CliError::of)?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let file = store::File { name: &name, hash: &hash };
        let codes = (self.campaign.as_str(), self.channel.as_str());
        let import = CountyImport::begin(app, self.county.clone(), codes, file, self.mode).await?;
        say_place(&ledger, out)?;
        if !binding.ignored.is_empty() {
            let columns = binding.ignored.join(", ");
            say(out, message!("未导入的列：{columns}", "columns not imported: {columns}"))?;
        }
        let position = import.position();
        if position.rows > 0 {
            let line = position.line;
            say(out, message!("从断点继续：第 {line} 行之后", "going on behind line {line}"))?;
        }
        let errors = Errors::new(&self.errors, position.rows > 0);
        let batches = Batches::new(ledger, binding, self.batch).resume(position).map_err(CliError::of)?;
        self.take_all(import, batches, errors, out).await
    }

    async fn take_all(
        &self,
        mut import: CountyImport<'_>,
        batches: Batches,
        mut errors: Errors,
        out: &mut (impl Write + Send),
    ) -> Result<Ending, CliError> {
        let bar = bar(batches.progress().bytes_total());
        let mut first = Vec::new();
        for batch in batches {
            let outcome = import.take(&batch).await?;
            first.extend(outcome.first.iter().take(MOST_SHOWN - first.len()).cloned());
            errors.add(&outcome.errors)?;
            bar.set_position(batch.bytes_read);
            bar.set_message(told(counts(import.totals())));
            if !batch.is_sound {
                bar.finish_and_clear();
                return Err(broken_off(&outcome.errors, import.totals()));
            }
        }
        bar.finish_and_clear();
        let totals = import.finish().await?;
        if self.mode == Mode::DryRun && !first.is_empty() {
            say(out, message!("前几行的识别结果：", "the first rows as they were understood:"))?;
            first.iter().try_for_each(|row| say(out, understood(row)))?;
        }
        say(out, closing(totals, self.mode))?;
        if totals.refused == 0 {
            return Ok(Ending::Complete);
        }
        let path = errors.path.display();
        say(out, message!("错误明细：{path}", "what is wrong with the refused rows: {path}"))?;
        Ok(Ending::SomeRefused)
    }
}

/// The file of refused rows. It is begun with the first of them, and by a resumed run continued.
struct Errors {
    path: PathBuf,
    resumed: bool,
    report: Option<ErrorReport<File>>,
}

impl Errors {
    fn new(path: &Path, resumed: bool) -> Self {
        Self { path: path.to_owned(), resumed, report: None }
    }

    /// Adds the errors of a batch; they are in the file when this returns.
    fn add(&mut self, errors: &[RowError]) -> Result<(), CliError> {
        if errors.is_empty() {
            return Ok(());
        }
        let written = self.write(errors);
        written.map_err(|error| CliError::new(format!("{}: {error}", self.path.display())))
    }

    fn write(&mut self, errors: &[RowError]) -> Result<(), csv::Error> {
        let mut report = match self.report.take() {
            Some(report) => report,
            None => self.begin()?,
        };
        for error in errors {
            report.push(error)?;
        }
        report.flush()?;
        self.report = Some(report);
        Ok(())
    }

    fn begin(&self) -> Result<ErrorReport<File>, csv::Error> {
        if self.resumed && self.path.exists() {
            let file = OpenOptions::new().append(true).open(&self.path)?;
            return Ok(ErrorReport::continued(file));
        }
        ErrorReport::new(created(&self.path)?)
    }
}

/// What was refused names people: nobody but the owner reads it.
fn created(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn template(path: &Path) -> Result<(), CliError> {
    let name = path.display();
    let format = Format::of_path(path)
        .map_err(|error| CliError::from(Message::new(error.reason_zh(), error.to_string())))?;
    let file = File::create_new(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            message!("{name}：文件已存在，请换一个文件名", "{name}: exists already; give another name").into()
        }
        _ => CliError::new(format!("{name}: {error}")),
    })?;
    let written = match format {
        Format::Csv => write_csv_template(file),
        Format::Xlsx => write_xlsx_template(file),
    };
    written.map_err(|error| CliError::new(format!("{name}: {error}")))
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".errors.csv");
    PathBuf::from(name)
}

/// On standard error, and nowhere when that is no terminal.
fn bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{bar:30} {percent:>3}% {elapsed} {msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn counts(Totals { accepted, repeated, refused }: Totals) -> Message {
    message!(
        "导入 {accepted} 行，重复 {repeated} 行，错误 {refused} 行",
        "{accepted} taken in, {repeated} there already, {refused} refused"
    )
}

/// One row on one line; of the person only whether a name and a telephone were found.
fn understood(row: &Understood) -> Message {
    let at = row.received_at.with_timezone(&shanghai()).format("%Y-%m-%d %H:%M");
    let Understood { line, reference, title, .. } = row;
    let (stream, channel) = (&row.stream.name, &row.channel.name);
    let category = row.category.as_ref().map_or("—", |row| &row.name);
    let village = row.village.as_ref().map_or("—", |row| &row.name);
    let places =
        format!("  {line}: {reference} | {title} | {at} | {stream} | {channel} | {category} | {village}");
    let found = |there: bool| if there { "✓" } else { "—" };
    let (name, phone) = (found(row.name.is_some()), found(row.phone.is_some()));
    message!("{places} | 姓名 {name} 电话 {phone}", "{places} | name {name} telephone {phone}")
}

fn closing(totals: Totals, mode: Mode) -> Message {
    let rows = totals.rows();
    let ending = match mode {
        Mode::Write => message!("导入完成：共 {rows} 行，", "imported: {rows} rows, "),
        Mode::DryRun => {
            message!("试导入，未写入任何数据：共 {rows} 行，", "dry run, nothing was written: {rows} rows, ")
        }
    };
    ending.and(&counts(totals))
}

fn broken_off(errors: &[RowError], totals: Totals) -> CliError {
    let last = errors.iter().rfind(|error| error.ends_reading());
    let (line, reason_zh, reason) = last
        .map_or((0, String::new(), String::new()), |error| (error.line, error.reason_zh(), error.reason()));
    let Message { zh, en } = counts(totals);
    message!(
        "文件自第 {line} 行起无法读取：{reason_zh}（{zh}）；修正文件后重新导入",
        "line {line}: {reason} ({en}); rows before it are kept, mend the file and import it again"
    )
    .into()
}

/// Where the headings were found, unless nobody would look elsewhere for them.
fn say_place(ledger: &Ledger, out: &mut impl Write) -> Result<(), CliError> {
    let place = ledger.place();
    if place.sheet.is_some() || place.line > 1 {
        let zh = place.zh();
        say(out, message!("表头：{zh}", "headings: {place}"))?;
    }
    if ledger.unread_sheets().is_empty() {
        return Ok(());
    }
    let sheets = ledger.unread_sheets().join(", ");
    say(out, message!("未读取的工作表：{sheets}", "sheets not read: {sheets}"))
}

fn say(out: &mut impl Write, what: Message) -> Result<(), CliError> {
    writeln!(out, "{}", told(what)).map_err(CliError::of)
}
