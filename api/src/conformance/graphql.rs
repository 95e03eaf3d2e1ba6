//! Clauses and how far they are carried out, over GraphQL.

use async_graphql::{Context, ID, SimpleObject};
use entity::campaign;

use super::rules::{Answer, ClauseStatus};
use super::store::{MOST_EVIDENCE, conformance};
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::scalars::{Date, DateTime};
use crate::plan::Clause;

/// What a clause is judged by. 核验数据
#[derive(Clone, Debug, SimpleObject)]
pub struct ClauseFigure {
    /// How much is done; null where nothing is counted. 分子
    pub numerator: Option<i64>,
    /// Of how much; null where there is nothing to hold it against. 分母
    pub denominator: Option<i64>,
    /// The figure in words, or why there is none. 说明
    pub note: String,
}

/// A clause of the notice, and how far it is carried out. 条款落实情况
#[derive(Clone, Debug, SimpleObject)]
pub struct ClauseFinding {
    /// Its number, e.g. `S05`. 条款编号
    pub code: String,
    /// What the notice asks, in short. 要求
    pub text: String,
    /// Name of the check that measures it. 核验项
    pub check: String,
    /// How far it is carried out. 落实情况
    pub status: ClauseStatus,
    /// The last day for it; null where neither the notice nor the plan sets one: then it is due until the campaign is closed.
    /// 落实期限
    pub due_on: Option<Date>,
    /// What that is judged by. 核验数据
    pub figure: ClauseFigure,
    /// When it was judged. 核验时间
    pub as_of: DateTime,
    /// Global ids of what proves it; where it is not met, of what is lacking. At most 20. 佐证
    pub evidence: Vec<ID>,
    /// How much of that there is altogether. 佐证总数
    pub evidence_count: i64,
}

impl ClauseFinding {
    fn of(request: &Request, clause: Clause, answer: Answer) -> Self {
        let named = answer.evidence.iter().take(MOST_EVIDENCE);
        Self {
            code: clause.code,
            text: clause.text,
            check: clause.check,
            status: answer.status,
            due_on: answer.due_on.map(Date),
            figure: ClauseFigure {
                numerator: answer.numerator,
                denominator: answer.denominator,
                note: answer.note.in_language(request.language),
            },
            as_of: DateTime(request.now),
            evidence: named.map(|(kind, key)| request.id(*kind, *key)).collect(),
            evidence_count: i64::try_from(answer.evidence_count).unwrap_or(i64::MAX),
        }
    }

    /// Every clause of a campaign, for whoever sees the county; nothing for others.
    pub async fn all(ctx: &Context<'_>, campaign: &campaign::Model) -> Result<Option<Vec<Self>>, ApiError> {
        let request = ctx.request()?;
        if !request.viewer()?.sees_county() {
            return Ok(None);
        }
        let snapshot = request.read().await?;
        let found = conformance(&snapshot.tx, &request.app, campaign, request.now).await?;
        let finding = |(clause, answer)| Self::of(request, clause, answer);
        Ok(Some(found.into_iter().map(finding).collect()))
    }
}
