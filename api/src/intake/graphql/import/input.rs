//! What a request brings: a ledger as text, and how its columns are read.

use std::io::Cursor;

use async_graphql::{ID, InputObject};

use crate::intake::import::{Batch, Batches, Format, Mapping, MappingError, Place, Wanted, open_source};
use crate::refusal::Refusal;

/// Longest ledger that one request brings, in bytes: two of them fill a request of 256 KiB once they are JSON.
pub const MOST_BYTES: usize = 128 * 1024;
/// Most rows that one request brings: they are one transaction.
pub const MOST_ROWS: usize = 1_000;
const MOST_FILE_NAME: usize = 200;
/// Says that bytes are UTF-8.
const MARK: char = '\u{feff}';

/// Which column of the file is which field. 列对应关系
#[derive(Clone, Debug, InputObject)]
pub struct ImportColumnInput {
    /// Field: `external_ref`, `title`, `content`, `received_at`, `stream`, … or `extra.KEY`. 字段
    field: String,
    /// Heading of the column in the file. 列名
    column: String,
}

/// A ledger to bring in. 导入内容
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionImportInput {
    /// 8 to 100 characters; sent again with the same key, nothing is done twice. 幂等键
    pub(super) idempotency_key: String,
    /// Channel of every row that names no other. 渠道
    pub(super) channel_id: ID,
    /// What the file is called, 1 to 200 characters. 文件名
    pub(super) file_name: String,
    /// The ledger as CSV text with a header, at most 128 KiB and 1,000 rows; larger ones go through the operator. 文件内容
    pub(super) content: String,
    /// Columns that the import would not recognise by their headings. 列对应关系
    mapping: Option<Vec<ImportColumnInput>>,
    /// Only say what would come of it: nothing is written, and the key stays free for the import itself. 试导入，不占用幂等键
    #[graphql(default)]
    pub(super) dry_run: bool,
}

/// The ledger of a request, read.
pub(super) struct Read {
    /// Its rows.
    pub(super) batch: Batch,
    /// Line of its headings.
    pub(super) heading_line: u64,
    /// Columns that are no field.
    pub(super) ignored: Vec<String>,
}

/// The rows of the text; a file without rows is no import.
pub(super) fn read(input: &SubmissionImportInput) -> Result<Read, Refusal> {
    if !(1..=MOST_FILE_NAME).contains(&input.file_name.chars().count()) {
        return Err(Refusal::invalid(
            "fileName",
            "文件名应为 1 至 200 个字",
            "Must have 1 to 200 characters",
        ));
    }
    if input.content.len() > MOST_BYTES {
        let (zh, en) = (
            "文件超过 128 KiB，请分成几份，或由运维人员用命令行导入",
            "More than 128 KiB: divide it, or ask the operator",
        );
        return Err(Refusal::invalid("content", zh, en));
    }
    let pairs = input.mapping.iter().flatten();
    let mapping = Mapping::of_pairs(pairs.map(|pair| (pair.field.as_str(), pair.column.as_str())));
    let mapping = mapping.map_err(|error| unfit(&[error], None))?;
    let wanted = Wanted { mapping, ..Wanted::default() };
    // What came as text has its mark, so that no other encoding is thought of.
    let marked = format!("{MARK}{}", input.content.trim_start_matches(MARK));
    let source = Cursor::new(marked.into_bytes());
    let ledger = open_source(source, Format::Csv, &wanted)
        .map_err(|error| Refusal::invalid("content", error.reason_zh(), error.to_string()))?;
    let binding = wanted.mapping.bind(ledger.header());
    let binding = binding.map_err(|errors| unfit(&errors, Some(ledger.place())))?;
    let (heading_line, ignored) = (ledger.place().line, binding.ignored.clone());
    let mut batches = Batches::new(ledger, binding, MOST_ROWS);
    let batch = batches
        .next()
        .ok_or_else(|| Refusal::invalid("content", "文件没有数据行", "The file has no rows"))?;
    if batch.is_sound && batches.next().is_some() {
        let (zh, en) = ("文件超过 1000 行，请分成几份", "More than 1,000 rows: divide the file");
        return Err(Refusal::invalid("content", zh, en));
    }
    Ok(Read { batch, heading_line, ignored })
}

/// What is wrong with the mapping, and which row was taken for the headings.
fn unfit(errors: &[MappingError], place: Option<&Place>) -> Refusal {
    let lines = |text: fn(&MappingError) -> String| errors.iter().map(text).collect::<Vec<_>>().join("; ");
    let place_zh = place.map_or_else(String::new, |place| format!("；表头取自{}", place.zh()));
    let place = place.map_or_else(String::new, |place| format!("; the headings were taken from {place}"));
    let reason_zh = lines(MappingError::reason_zh) + &place_zh;
    Refusal::invalid("mapping", reason_zh, lines(ToString::to_string) + &place)
}
