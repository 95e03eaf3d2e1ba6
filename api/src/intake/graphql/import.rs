//! Imports over GraphQL: a department's own ledger as CSV text, in one transaction.

use std::io::Cursor;

use async_graphql::{Context, ID, InputObject, InputType, Object, SimpleObject};
use entity::enums::ImportStatus;
use entity::id::{ChannelId, ImportBatchId};
use entity::import_batch;
use serde::{Deserialize, Serialize};

use crate::campaign::graphql::{Channel, Department};
use crate::db::Tx;
use crate::error::{ApiError, Stop, settle};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::idempotency::{self, Key};
use crate::graphql::keyed::{Keyed, keyed};
use crate::graphql::scalars::DateTime;
use crate::ids::Kind;
use crate::intake::import::{
    Batch, Batches, Format, Mapping, MappingError, Place, Wanted, open_source, write_csv_template,
};
use crate::intake::store::Untaken;
use crate::intake::store::import::{
    self as store, Catalogue, Failure, File, MOST_FAILURES, Outcome, References,
};
use crate::refusal::{Language, Refusal, UserError};
use crate::scope::profiles::Operation;
use crate::secrets::seal::digest::sha256_hex;
use crate::snapshot::loaders::must;

/// Longest ledger that one request brings, in bytes: two of them fill a request of 256 KiB once they are JSON.
pub const MOST_BYTES: usize = 128 * 1024;
/// Most rows that one request brings: they are one transaction.
pub const MOST_ROWS: usize = 1_000;
const MOST_FILE_NAME: usize = 200;
/// Says that bytes are UTF-8.
const MARK: char = '\u{feff}';

/// One run of a bulk import. 导入批次
#[derive(Clone, Debug)]
pub struct ImportBatch(pub import_batch::Model);

keyed! {
    ImportBatch: import_batch;
}

/// One run of a bulk import. 导入批次
#[Object]
impl ImportBatch {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::ImportBatch, self.0.id))
    }

    /// Department that imports. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// What the file was called. 文件名
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// How far it has come. 状态
    async fn status(&self) -> ImportStatus {
        self.0.status
    }

    /// Rows taken in. 导入行数
    async fn accepted(&self) -> i64 {
        self.0.accepted
    }

    /// Rows that were there already, by channel and reference. 重复行数
    async fn repeated(&self) -> i64 {
        self.0.repeated
    }

    /// Rows with errors. 错误行数
    async fn refused(&self) -> i64 {
        self.0.refused
    }

    /// When the file was first imported. 首次导入时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Channel of the rows that name no other. 渠道
    async fn channel(&self, ctx: &Context<'_>) -> Result<Channel, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.channel, self.0.channel).await.map(Channel)
    }

    /// What is wrong with the rows that were refused; the first 200. 错误明细
    async fn failures(&self, ctx: &Context<'_>) -> Result<Vec<ImportFailure>, ApiError> {
        let language = ctx.request()?.language;
        Ok(told(store::failures_of(&self.0), language))
    }
}

/// One thing wrong with one row of a ledger. 未导入原因
#[derive(Clone, Debug, SimpleObject)]
pub struct ImportFailure {
    /// Line of the file on which the row starts, counted from 1. 行号
    line: u64,
    /// Field of the ledger, e.g. `received_at`; null when it is about the whole row. 字段
    field: Option<String>,
    /// Stable code, e.g. `BAD_TIME`. 错误码
    code: String,
    /// Text fit to show, in the caller's language. 原因
    reason: String,
}

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
    idempotency_key: String,
    /// Channel of every row that names no other. 渠道
    channel_id: ID,
    /// What the file is called, 1 to 200 characters. 文件名
    file_name: String,
    /// The ledger as CSV text with a header, at most 128 KiB and 1,000 rows; larger ones go through the operator. 文件内容
    content: String,
    /// Columns that the import would not recognise by their headings. 列对应关系
    mapping: Option<Vec<ImportColumnInput>>,
    /// Only say what would come of it. 试导入
    #[graphql(default)]
    dry_run: bool,
}

/// What came of an import. Rows are told by channel and reference: those that are there already are left alone. 导入结果
#[derive(SimpleObject)]
pub struct SubmissionImportPayload {
    /// The run as it is kept; null when refused as a whole, and in a dry run. 导入批次
    import_batch: Option<ImportBatch>,
    /// Rows taken in, or in a dry run that would be. 导入行数
    accepted: u64,
    /// Rows that were there already. 重复行数
    repeated: u64,
    /// Rows with errors; the others are taken in all the same. 错误行数
    refused: u64,
    /// What is wrong with them; the first 200. 错误明细
    failures: Vec<ImportFailure>,
    /// Why the file was refused as a whole; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// Steps on ledgers.
#[derive(Default)]
pub struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Brings a ledger into the caller's own streams: sound rows are taken, the others reported. 批量导入
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionImport]), heads(&[Operation::SubmissionImport])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ledger and its channel. 导入内容")] input: SubmissionImportInput,
    ) -> Option<Result<SubmissionImportPayload, ApiError>> {
        Some(SubmissionImportPayload::from_import(ctx, &input).await)
    }
}

/// What is to be known before an import.
#[derive(Default)]
pub struct ImportQuery;

#[Object]
impl ImportQuery {
    /// The empty ledger to fill in, as CSV text with byte order mark; its row of explanations is passed over. 导入模板
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionImport]), heads(&[Operation::SubmissionImport])))]
    async fn import_template(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        ctx.request()?.viewer_for(Operation::SubmissionImport)?;
        let mut text = Vec::new();
        write_csv_template(&mut text).map_err(|error| ApiError::internal(&error.to_string()))?;
        String::from_utf8(text).map_err(|error| ApiError::internal(&error.to_string()))
    }
}

/// What a request came to, as its key remembers it.
#[derive(Default, Serialize, Deserialize)]
struct Imported {
    run: Option<ImportBatchId>,
    accepted: u64,
    repeated: u64,
    refused: u64,
    failures: Vec<Failure>,
}

impl Imported {
    fn of(run: Option<ImportBatchId>, outcome: &Outcome) -> Self {
        let failures = outcome.errors.iter().take(MOST_FAILURES);
        Self {
            run,
            accepted: outcome.accepted,
            repeated: outcome.repeated,
            refused: outcome.refused,
            failures: failures.map(Failure::from).collect(),
        }
    }
}

impl SubmissionImportPayload {
    async fn from_import(ctx: &Context<'_>, input: &SubmissionImportInput) -> Result<Self, ApiError> {
        let request = ctx.request()?;
        let (done, user_errors) = settle(import(request, input).await, request.language)?;
        Self::of(request, done.unwrap_or_default(), user_errors).await
    }

    async fn of(request: &Request, done: Imported, user_errors: Vec<UserError>) -> Result<Self, ApiError> {
        let import_batch = match done.run {
            Some(id) => {
                request.renew();
                ImportBatch::by_key(request, id).await?
            }
            None => None,
        };
        Ok(Self {
            import_batch,
            accepted: done.accepted,
            repeated: done.repeated,
            refused: done.refused,
            failures: told(done.failures, request.language),
            user_errors,
        })
    }
}

async fn import(request: &Request, input: &SubmissionImportInput) -> Result<Imported, Stop> {
    let viewer = request.viewer_for(Operation::SubmissionImport)?;
    idempotency::check(&input.idempotency_key)?;
    let channel: Option<ChannelId> = request.key(Kind::Channel, &input.channel_id);
    let channel = channel.ok_or_else(|| Refusal::not_found("channelId"))?;
    let batch = read(input)?;
    if input.dry_run {
        let tx = request.app.db.begin_read(viewer).await?;
        let catalogue = Catalogue::load(&tx, &request.app, channel).await?;
        let earlier = &mut References::default();
        let outcome = store::look_over(&tx, &request.app, &catalogue, &batch, earlier, request.now).await?;
        return Ok(Imported::of(None, &outcome));
    }
    for _ in 0..store::ATTEMPTS {
        let tx = request.app.db.begin_write(viewer).await?;
        match take(request, &tx, input, channel, &batch).await {
            Ok(imported) => {
                tx.commit().await?;
                return Ok(imported);
            }
            Err(Halt::Raced) => {}
            Err(Halt::Stopped(stop)) => return Err(stop),
        }
    }
    Err(store::raced().into())
}

/// Why a transaction came to nothing.
enum Halt {
    /// Another writer was first; another transaction may do.
    Raced,
    /// For good.
    Stopped(Stop),
}

impl<E: Into<Stop>> From<E> for Halt {
    fn from(stop: E) -> Self {
        Self::Stopped(stop.into())
    }
}

/// The whole ledger as one batch, under the request's key.
async fn take(
    request: &Request,
    tx: &Tx,
    input: &SubmissionImportInput,
    channel: ChannelId,
    batch: &Batch,
) -> Result<Imported, Halt> {
    let (app, now) = (&request.app, request.now);
    let (key, value) = (&input.idempotency_key, input.to_value());
    let claim = match idempotency::claim(tx, "submissionImport", key, &value, now).await? {
        Key::Repeated(result) => return Ok(kept(result)?),
        Key::Fresh(claim) => claim,
    };
    let catalogue = Catalogue::load(tx, app, channel).await?;
    let hash = sha256_hex(input.content.as_bytes());
    let file = File { name: &input.file_name, hash: &hash };
    let run = store::open(tx, app, &catalogue, file, false).await?;
    let (run, outcome) = match store::run_batch(tx, app, &catalogue, &run, batch, now).await {
        Ok(done) => done,
        Err(Untaken::Reference) => return Err(Halt::Raced),
        Err(Untaken::Failed(error)) => return Err(error.into()),
    };
    if batch.is_sound {
        store::finish(tx, &run, now).await?;
    }
    let imported = Imported::of(Some(run.id), &outcome);
    let result = serde_json::to_value(&imported).map_err(|error| ApiError::internal(&error.to_string()))?;
    claim.keep(tx, result).await?;
    Ok(imported)
}

fn kept(result: serde_json::Value) -> Result<Imported, ApiError> {
    serde_json::from_value(result).map_err(|_| ApiError::internal("an idempotency key without its result"))
}

/// The rows of the text; a file without rows is no import.
fn read(input: &SubmissionImportInput) -> Result<Batch, Refusal> {
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
    let mut batches = Batches::new(ledger, binding, MOST_ROWS);
    let batch = batches
        .next()
        .ok_or_else(|| Refusal::invalid("content", "文件没有数据行", "The file has no rows"))?;
    if batch.is_sound && batches.next().is_some() {
        let (zh, en) = ("文件超过 1000 行，请分成几份", "More than 1,000 rows: divide the file");
        return Err(Refusal::invalid("content", zh, en));
    }
    Ok(batch)
}

/// What is wrong with the mapping, and which row was taken for the headings.
fn unfit(errors: &[MappingError], place: Option<&Place>) -> Refusal {
    let lines = |text: fn(&MappingError) -> String| errors.iter().map(text).collect::<Vec<_>>().join("; ");
    let place_zh = place.map_or_else(String::new, |place| format!("；表头取自{}", place.zh()));
    let place = place.map_or_else(String::new, |place| format!("; the headings were taken from {place}"));
    let reason_zh = lines(MappingError::reason_zh) + &place_zh;
    Refusal::invalid("mapping", reason_zh, lines(ToString::to_string) + &place)
}

fn told(failures: Vec<Failure>, language: Language) -> Vec<ImportFailure> {
    let told = |failure: Failure| {
        let Failure { line, field, code, reason, reason_zh } = failure;
        let reason = match language {
            Language::Chinese => reason_zh,
            Language::English => reason,
        };
        ImportFailure { line, field, code, reason }
    };
    failures.into_iter().map(told).collect()
}
