//! A case by what its citizen reads out, in the caller's own scope. By telephone or name is a mutation: it is audited.

use async_graphql::{Context, ID, Object, OneofObject, SimpleObject};
use entity::enums::Stage;
use entity::submission;

use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::semantic_non_null;
use crate::graphql::scalars::DateTime;
use crate::ids::Kind;
use crate::intake::store::{self, Mark};

/// What a case carries that leads to it, compared as a whole. 查找依据
#[derive(Clone, Debug, OneofObject)]
pub enum SubmissionFindInput {
    /// Case number, e.g. `T_HEKOU-2022-00001`. 编号
    CaseNumber(String),
    /// The channel's own number; channels may have given it more than once. 来源编号
    ExternalRef(String),
    /// The number on the citizen's receipt; blanks and hyphens do not matter. 受理编号
    ReceiptNumber(String),
    /// The code on the citizen's receipt; blanks, hyphens and lower case do not matter. 查询码
    ReceiptCode(String),
}

impl From<SubmissionFindInput> for Mark {
    fn from(input: SubmissionFindInput) -> Self {
        match input {
            SubmissionFindInput::CaseNumber(typed) => Self::CaseNumber(typed),
            SubmissionFindInput::ExternalRef(typed) => Self::ExternalRef(typed),
            SubmissionFindInput::ReceiptNumber(typed) => Self::ReceiptNumber(typed),
            SubmissionFindInput::ReceiptCode(typed) => Self::ReceiptCode(typed),
        }
    }
}

/// A case that was found; `node(id:)` shows the whole of it, as far as the caller may read it. 查到的件
#[derive(SimpleObject)]
pub struct FoundSubmission {
    /// Opaque global id. 全局编号
    id: ID,
    /// Case number of those who work on it. 编号
    number: String,
    /// Where it stands. 环节
    stage: Stage,
    /// When it was received. 收到时间
    received_at: DateTime,
}

impl FoundSubmission {
    /// Of rows that the caller sees.
    pub(super) fn all(request: &Request, rows: Vec<submission::Model>) -> Vec<Self> {
        let found = |row: submission::Model| Self {
            id: request.id(Kind::Submission, row.id),
            number: row.number,
            stage: row.stage,
            received_at: DateTime(row.received_at),
        };
        rows.into_iter().map(found).collect()
    }
}

/// Looking for a case by its numbers.
#[derive(Default)]
pub struct FindQuery;

#[Object]
impl FindQuery {
    /// The cases in the caller's scope that carry a number or code exactly, the last ones first, at most 50; empty when there is
    /// none, or none that the caller sees. 按编号查件
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn submission_find(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which number, and what it reads. 查找依据")] by: SubmissionFindInput,
    ) -> Option<Result<Vec<FoundSubmission>, ApiError>> {
        Some(find(ctx, by.into()).await)
    }
}

async fn find(ctx: &Context<'_>, mark: Mark) -> Result<Vec<FoundSubmission>, ApiError> {
    let request = ctx.request()?;
    let snapshot = request.read().await?;
    let rows = store::by_mark(&snapshot.tx, &request.app, &mark).await?;
    request.size.take_rows(&rows)?;
    Ok(FoundSubmission::all(request, rows))
}
