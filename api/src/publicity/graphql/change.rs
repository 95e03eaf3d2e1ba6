//! Correcting and withdrawing an entry of the publicity log.

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::PublicityId;

use super::Publicity;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::{must_key, payload};
use crate::ids::Kind;
use crate::publicity::rules::Piece;
use crate::publicity::store::change::{self, Step};
use crate::scope::profiles::Operation;
use crate::text::{line, passage};

/// The whole entry anew, and why. 更正内容
#[derive(Clone, Debug, InputObject)]
pub struct PublicityCorrectInput {
    /// Which entry. 宣传报道
    pub publicity_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Day on which it came out. 报道日期
    pub published_on: Date,
    /// Where it came out, 1 to 100 characters. 媒体、栏目
    pub medium: String,
    /// Its heading, 1 to 200 characters. 标题
    pub title: String,
    /// Where it is found: an address, an issue and page; empty for nowhere, at most 500 characters. 出处
    pub reference: String,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 更正结果
    PublicityCorrectPayload {
        /// The entry as it stands now; null when refused. 宣传报道
        publicity: Publicity
    }
}

/// Which entry, and why. 撤回内容
#[derive(Clone, Debug, InputObject)]
pub struct PublicityWithdrawInput {
    /// Which entry. 宣传报道
    pub publicity_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 撤回结果
    PublicityWithdrawPayload {
        /// The entry as it stands now; null when refused. 宣传报道
        publicity: Publicity
    }
}

/// Entries that were made wrongly. 更正、撤回宣传报道
#[derive(Default)]
pub struct PublicityChangeMutation;

#[Object]
impl PublicityChangeMutation {
    /// Corrects an entry of the caller's department; what stood is kept. 更正宣传报道
    #[graphql(directive = open_to::apply(profiles(&[Operation::PublicityCorrect]), heads(&[Operation::PublicityCorrect])), directive = semantic_non_null::apply(vec![0]))]
    async fn publicity_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The whole entry anew, and why. 更正内容")] input: PublicityCorrectInput,
    ) -> Option<Result<PublicityCorrectPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = publicity_correct(request, &input).await;
        Some(PublicityCorrectPayload::of(request, outcome).await)
    }

    /// Withdraws an entry of the caller's department: it counts no more. 撤回宣传报道
    #[graphql(directive = open_to::apply(profiles(&[Operation::PublicityWithdraw]), heads(&[Operation::PublicityWithdraw])), directive = semantic_non_null::apply(vec![0]))]
    async fn publicity_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entry, and why. 撤回内容")] input: PublicityWithdrawInput,
    ) -> Option<Result<PublicityWithdrawPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = publicity_withdraw(request, &input).await;
        Some(PublicityWithdrawPayload::of(request, outcome).await)
    }
}

async fn publicity_correct(request: &Request, input: &PublicityCorrectInput) -> Result<PublicityId, Stop> {
    let tx = request.begin_write(Operation::PublicityCorrect).await?;
    let id = must_key(request, Kind::Publicity, &input.publicity_id, "publicityId")?;
    let reason = passage(&input.reason);
    let piece = Piece {
        published_on: input.published_on.0,
        medium: line(&input.medium),
        title: line(&input.title),
        reference: line(&input.reference),
    };
    let step = Step { id, expected: input.expected_version, reason: &reason };
    change::correct(&tx, &request.app, step, piece, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn publicity_withdraw(request: &Request, input: &PublicityWithdrawInput) -> Result<PublicityId, Stop> {
    let tx = request.begin_write(Operation::PublicityWithdraw).await?;
    let id = must_key(request, Kind::Publicity, &input.publicity_id, "publicityId")?;
    let reason = passage(&input.reason);
    let step = Step { id, expected: input.expected_version, reason: &reason };
    change::withdraw(&tx, &request.app, step, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
