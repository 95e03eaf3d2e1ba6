//! Steps on up to 100 suggestions at once: one transaction, in which each row is taken or refused by itself.

use std::future::Future;

use async_graphql::{ID, SimpleObject};
use entity::id::SubmissionId;

use super::steps::{assigned, classified, withdrawn};
use crate::db::Tx;
use crate::error::{ApiError, Stop, settle};
use crate::graphql::context::Request;
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::intake::graphql::inputs::{
    SubmissionAssignInput, SubmissionClassifyInput, SubmissionWithdrawInput, SubmissionsAssignInput,
    SubmissionsClassifyInput, SubmissionsWithdrawInput,
};
use crate::intake::graphql::submission::Submission;
use crate::intake::store::{self, Line};
use crate::refusal::{Refusal, UserError, UserErrorCode};
use crate::scope::profiles::Operation;

/// Most rows of one batch.
const MOST_ROWS: usize = 100;

/// What became of one suggestion of a batch. 单件结果
#[derive(SimpleObject)]
pub struct SubmissionRowOutcome {
    /// Which one, as it was sent. 意见建议
    submission_id: ID,
    /// As it stands now; null when the row was refused, but for STALE_VERSION, which brings the present one. 意见建议
    submission: Option<Submission>,
    /// Why the row was refused; empty otherwise. 业务错误
    user_errors: Vec<UserError>,
}

macro_rules! batch_payloads {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// One outcome for each row, in their order; null when the batch as a whole was refused. 各件结果
            outcomes: Option<Vec<SubmissionRowOutcome>>,
            /// Rows that were taken. 成功件数
            taken: i32,
            /// Rows refused. 未成功件数
            refused: i32,
            /// Why the batch as a whole was refused; empty otherwise. 业务错误
            user_errors: Vec<UserError>,
        }

        impl From<Batch> for $name {
            fn from(Batch { outcomes, taken, refused, user_errors }: Batch) -> Self {
                Self { outcomes, taken, refused, user_errors }
            }
        }
    )*};
}

batch_payloads! {
    /// What came of classifying many. 批量归类结果
    SubmissionsClassifyPayload;
    /// What came of taking many back. 批量撤回结果
    SubmissionsWithdrawPayload;
    /// What came of assigning. 分派结果
    SubmissionsAssignPayload;
}

/// What every batch answers.
pub(super) struct Batch {
    outcomes: Option<Vec<SubmissionRowOutcome>>,
    taken: i32,
    refused: i32,
    user_errors: Vec<UserError>,
}

/// A row of a batch.
trait Row {
    fn submission_id(&self) -> &ID;

    /// Takes the step, in the transaction of the batch.
    fn take(
        &self,
        request: &Request,
        tx: &Tx,
    ) -> impl Future<Output = Result<(SubmissionId, Line), Stop>> + Send;
}

impl Row for SubmissionClassifyInput {
    fn submission_id(&self) -> &ID {
        &self.submission_id
    }

    async fn take(&self, request: &Request, tx: &Tx) -> Result<(SubmissionId, Line), Stop> {
        classified(request, tx, self).await
    }
}

impl Row for SubmissionWithdrawInput {
    fn submission_id(&self) -> &ID {
        &self.submission_id
    }

    async fn take(&self, request: &Request, tx: &Tx) -> Result<(SubmissionId, Line), Stop> {
        withdrawn(request, tx, self).await
    }
}

impl Row for SubmissionAssignInput {
    fn submission_id(&self) -> &ID {
        &self.submission_id
    }

    async fn take(&self, request: &Request, tx: &Tx) -> Result<(SubmissionId, Line), Stop> {
        assigned(request, tx, self).await
    }
}

pub(super) async fn assign(request: &Request, input: &SubmissionsAssignInput) -> Result<Batch, ApiError> {
    all(request, Operation::SubmissionsAssign, &input.rows).await
}

pub(super) async fn classify(request: &Request, input: &SubmissionsClassifyInput) -> Result<Batch, ApiError> {
    all(request, Operation::SubmissionsClassify, &input.rows).await
}

pub(super) async fn withdraw(request: &Request, input: &SubmissionsWithdrawInput) -> Result<Batch, ApiError> {
    all(request, Operation::SubmissionsWithdraw, &input.rows).await
}

/// How each row ended.
type Ends = Vec<Result<SubmissionId, Vec<Refusal>>>;

async fn all(request: &Request, operation: Operation, rows: &[impl Row]) -> Result<Batch, ApiError> {
    let (ends, user_errors) = settle(take_all(request, operation, rows).await, request.language)?;
    let Some(ends) = ends else {
        return Ok(Batch { outcomes: None, taken: 0, refused: 0, user_errors });
    };
    let count = |ended: bool| {
        let rows = ends.iter().filter(|end| end.is_ok() == ended);
        i32::try_from(rows.count()).unwrap_or(i32::MAX)
    };
    let (taken, refused) = (count(true), count(false));
    Ok(Batch { outcomes: Some(outcomes(request, rows, ends).await?), taken, refused, user_errors })
}

/// Rows are changed in the order of their keys, and the record's counter is locked behind them: two batches, or a batch and
/// a single step, never wait for each other in a circle.
async fn take_all(request: &Request, operation: Operation, rows: &[impl Row]) -> Result<Ends, Stop> {
    request.viewer_for(operation)?;
    check(rows.len())?;
    let tx = request.begin_write(operation).await?;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let key = |row: &usize| {
        must_key::<SubmissionId>(request, Kind::Submission, rows[*row].submission_id(), "submissionId").ok()
    };
    order.sort_by_cached_key(key);
    let mut ends: Ends = vec![Err(Vec::new()); rows.len()];
    let mut lines = Vec::with_capacity(rows.len());
    for place in order {
        ends[place] = match rows[place].take(request, &tx).await {
            Ok((id, line)) => {
                lines.push(line);
                Ok(id)
            }
            Err(Stop::Refused(refusals)) => Err(refusals),
            Err(stop) => return Err(stop),
        };
    }
    store::record_lines(&tx, &request.app, lines, request.now).await?;
    tx.commit().await?;
    Ok(ends)
}

fn check(rows: usize) -> Result<(), Refusal> {
    if (1..=MOST_ROWS).contains(&rows) {
        return Ok(());
    }
    let (zh, en) =
        (format!("每批应为 1 至 {MOST_ROWS} 件"), format!("A batch takes 1 to {MOST_ROWS} suggestions"));
    Err(Refusal::invalid("rows", zh, en))
}

async fn outcomes(
    request: &Request,
    rows: &[impl Row],
    ends: Ends,
) -> Result<Vec<SubmissionRowOutcome>, ApiError> {
    let shown = |(row, end): (&_, &Result<SubmissionId, Vec<Refusal>>)| match end {
        Ok(id) => Some(*id),
        Err(refusals) => stale_one(request, row, refusals),
    };
    let ids: Vec<Option<SubmissionId>> = rows.iter().zip(&ends).map(shown).collect();
    request.renew();
    let snapshot = request.read().await?;
    let found = snapshot.load.submission.load_many(ids.iter().copied().flatten()).await?;
    let mut outcomes = Vec::with_capacity(rows.len());
    for (place, (row, end)) in rows.iter().zip(ends).enumerate() {
        let refusals = end.err().unwrap_or_default();
        let told = |refusal: Refusal| refusal.in_row(place).into_user_error(request.language);
        outcomes.push(SubmissionRowOutcome {
            submission_id: row.submission_id().clone(),
            submission: ids[place].and_then(|id| found.get(&id).cloned()).map(Submission),
            user_errors: refusals.into_iter().map(told).collect(),
        });
    }
    Ok(outcomes)
}

/// The suggestion of a row that somebody else was quicker with: it is shown as it stands now.
fn stale_one(request: &Request, row: &impl Row, refusals: &[Refusal]) -> Option<SubmissionId> {
    let is_stale = refusals.iter().any(|refusal| refusal.code == UserErrorCode::StaleVersion);
    request.key(Kind::Submission, row.submission_id()).filter(|_| is_stale)
}
