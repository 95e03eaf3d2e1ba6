//! Changing and discarding a circular that was not issued.

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::CircularId;

use super::Circular;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::{must_key, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::supervision::circular::store::change::{self, Step};
use crate::text::{line, passage};

/// Heading and text anew, and why. 修改内容
#[derive(Clone, Debug, InputObject)]
pub struct CircularEditInput {
    /// Which circular. 通报
    pub circular_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Heading, 1 to 200 characters. 标题
    pub title: String,
    /// What it says, 1 to 10,000 characters. 正文
    pub text: String,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 修改结果
    CircularEditPayload {
        /// The circular as it stands now; null when refused. 通报
        circular: Circular
    }
}

/// Which circular, and why. 作废内容
#[derive(Clone, Debug, InputObject)]
pub struct CircularDiscardInput {
    /// Which circular. 通报
    pub circular_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 作废结果
    CircularDiscardPayload {
        /// The circular as it stands now; null when refused. 通报
        circular: Circular
    }
}

/// Circulars that are not issued as they were drafted. 修改、作废通报
#[derive(Default)]
pub struct CircularChangeMutation;

#[Object]
impl CircularChangeMutation {
    /// Changes heading and text of a draft; its figures stay. Whoever does counts as its drafter. 修改通报
    #[graphql(directive = open_to::apply(profiles(&[Operation::CircularEdit]), heads(&[Operation::CircularEdit])), directive = semantic_non_null::apply(vec![0]))]
    async fn circular_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Heading and text anew, and why. 修改内容")] input: CircularEditInput,
    ) -> Option<Result<CircularEditPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = circular_edit(request, &input).await;
        Some(CircularEditPayload::of(request, outcome).await)
    }

    /// Gives a circular up that was not issued and so has no number. 作废通报
    #[graphql(directive = open_to::apply(profiles(&[Operation::CircularDiscard]), heads(&[Operation::CircularDiscard])), directive = semantic_non_null::apply(vec![0]))]
    async fn circular_discard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which circular, and why. 作废内容")] input: CircularDiscardInput,
    ) -> Option<Result<CircularDiscardPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = circular_discard(request, &input).await;
        Some(CircularDiscardPayload::of(request, outcome).await)
    }
}

async fn circular_edit(request: &Request, input: &CircularEditInput) -> Result<CircularId, Stop> {
    let tx = request.begin_write(Operation::CircularEdit).await?;
    let id = must_key(request, Kind::Circular, &input.circular_id, "circularId")?;
    let reason = passage(&input.reason);
    let step = Step { id, expected: input.expected_version, reason: &reason };
    let words = (line(&input.title), passage(&input.text));
    change::edit(&tx, &request.app, step, words, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn circular_discard(request: &Request, input: &CircularDiscardInput) -> Result<CircularId, Stop> {
    let tx = request.begin_write(Operation::CircularDiscard).await?;
    let id = must_key(request, Kind::Circular, &input.circular_id, "circularId")?;
    let reason = passage(&input.reason);
    let step = Step { id, expected: input.expected_version, reason: &reason };
    change::discard(&tx, &request.app, step, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
