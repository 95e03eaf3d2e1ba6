//! Imports over GraphQL: a department's own ledger as CSV text, in one transaction.

mod batch;
mod input;
mod preview;

pub use batch::ImportBatch;

use async_graphql::{Context, InputType, Object, SimpleObject};
use entity::id::{ChannelId, ImportBatchId};
use serde::{Deserialize, Serialize};

use self::batch::{ImportFailure, told};
use self::input::{Read, SubmissionImportInput, read};
use self::preview::ImportPreview;
use crate::db::Tx;
use crate::error::{ApiError, Stop, settle};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::idempotency::{self, Key};
use crate::graphql::keyed::Keyed;
use crate::ids::Kind;
use crate::intake::import::{Batch, RowError, write_csv_template};
use crate::intake::store::Untaken;
use crate::intake::store::import::{
    self as store, Catalogue, Failure, File, MOST_FAILURES, Outcome, References, Understood,
};
use crate::refusal::{Refusal, UserError};
use crate::scope::profiles::Operation;
use crate::scope::viewer::Viewer;
use crate::secrets::seal::digest::sha256_hex;

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
    /// What has the references of the repeated rows, code `REPEATED`; the first 200. 重复明细
    repeats: Vec<ImportFailure>,
    /// In a dry run, the first five rows that would be taken in, as they were understood; empty otherwise. 试导入预览
    preview: Vec<ImportPreview>,
    /// Line of the file that was taken for the headings; null when refused as a whole. 表头行号
    heading_line: Option<u64>,
    /// Columns of the file that are not imported, by their headings. 未导入的列
    ignored_columns: Vec<String>,
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
    #[serde(default)]
    repeats: Vec<Failure>,
}

/// What a request came to, and what is told of its file besides.
#[derive(Default)]
struct Done {
    imported: Imported,
    preview: Vec<Understood>,
    heading_line: Option<u64>,
    ignored: Vec<String>,
}

impl Imported {
    fn of(run: Option<ImportBatchId>, outcome: &Outcome) -> Self {
        let first = |rows: &[RowError]| rows.iter().take(MOST_FAILURES).map(Failure::from).collect();
        Self {
            run,
            accepted: outcome.accepted,
            repeated: outcome.repeated,
            refused: outcome.refused,
            failures: first(&outcome.errors),
            repeats: first(&outcome.repeats),
        }
    }
}

impl SubmissionImportPayload {
    async fn from_import(ctx: &Context<'_>, input: &SubmissionImportInput) -> Result<Self, ApiError> {
        let request = ctx.request()?;
        let (done, user_errors) = settle(import(request, input).await, request.language)?;
        Self::of(request, done.unwrap_or_default(), user_errors).await
    }

    async fn of(request: &Request, done: Done, user_errors: Vec<UserError>) -> Result<Self, ApiError> {
        let Done { imported, preview, heading_line, ignored } = done;
        let import_batch = match imported.run {
            Some(id) => {
                request.renew();
                ImportBatch::by_key(request, id).await?
            }
            None => None,
        };
        Ok(Self {
            import_batch,
            accepted: imported.accepted,
            repeated: imported.repeated,
            refused: imported.refused,
            failures: told(imported.failures, request.language),
            repeats: told(imported.repeats, request.language),
            preview: preview.into_iter().map(ImportPreview::from).collect(),
            heading_line,
            ignored_columns: ignored,
            user_errors,
        })
    }
}

async fn import(request: &Request, input: &SubmissionImportInput) -> Result<Done, Stop> {
    let viewer = request.viewer_for(Operation::SubmissionImport)?;
    idempotency::check(&input.idempotency_key)?;
    let channel: Option<ChannelId> = request.key(Kind::Channel, &input.channel_id);
    let channel = channel.ok_or_else(|| Refusal::not_found("channelId"))?;
    let Read { batch, heading_line, ignored } = read(input)?;
    let (imported, preview) = if input.dry_run {
        look_over(request, viewer, channel, &batch).await?
    } else {
        (write(request, viewer, input, channel, &batch).await?, Vec::new())
    };
    Ok(Done { imported, preview, heading_line: Some(heading_line), ignored })
}

/// What would come of a ledger; its key is not looked at.
async fn look_over(
    request: &Request,
    viewer: &Viewer,
    channel: ChannelId,
    batch: &Batch,
) -> Result<(Imported, Vec<Understood>), Stop> {
    let tx = request.app.db.begin_read(viewer).await?;
    let catalogue = Catalogue::load(&tx, &request.app, channel).await?;
    let earlier = &mut References::default();
    let outcome = store::look_over(&tx, &request.app, &catalogue, batch, earlier, request.now).await?;
    Ok((Imported::of(None, &outcome), outcome.first))
}

async fn write(
    request: &Request,
    viewer: &Viewer,
    input: &SubmissionImportInput,
    channel: ChannelId,
    batch: &Batch,
) -> Result<Imported, Stop> {
    for _ in 0..store::ATTEMPTS {
        let tx = request.app.db.begin_write(viewer).await?;
        match take(request, &tx, input, channel, batch).await {
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
