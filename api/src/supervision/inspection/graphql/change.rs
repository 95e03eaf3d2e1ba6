//! Correcting and withdrawing an inspection that nothing answers.

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::InspectionId;

use super::{FindingInput, Inspection, drafts};
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::{must_key, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::supervision::inspection::store::change::{self, Step};
use crate::text::passage;

/// The whole inspection anew, and why. 更正内容
#[derive(Clone, Debug, InputObject)]
pub struct InspectionCorrectInput {
    /// Which inspection. 督查
    pub inspection_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Its day. 日期
    pub inspected_on: Date,
    /// What was looked at, 1 to 4,000 characters. 检查情况
    pub summary: String,
    /// What was found, at most 50; what is left out is no finding any more. 问题
    pub findings: Vec<FindingInput>,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 更正结果
    InspectionCorrectPayload {
        /// The inspection as it stands now; null when refused. 督查
        inspection: Inspection
    }
}

/// Which inspection, and why. 撤回内容
#[derive(Clone, Debug, InputObject)]
pub struct InspectionWithdrawInput {
    /// Which inspection. 督查
    pub inspection_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 撤回结果
    InspectionWithdrawPayload {
        /// The inspection as it stands now; null when refused. 督查
        inspection: Inspection
    }
}

/// Inspections that were written down wrongly. 更正、撤回督查
#[derive(Default)]
pub struct InspectionChangeMutation;

#[Object]
impl InspectionChangeMutation {
    /// Corrects an inspection and its findings, while the inspected department has reported on none; by whoever inspected. 更正督查
    #[graphql(directive = open_to::apply(profiles(&[Operation::InspectionCorrect]), heads(&[Operation::InspectionCorrect])), directive = semantic_non_null::apply(vec![0]))]
    async fn inspection_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The whole inspection anew, and why. 更正内容")] input: InspectionCorrectInput,
    ) -> Option<Result<InspectionCorrectPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = inspection_correct(request, &input).await;
        Some(InspectionCorrectPayload::of(request, outcome).await)
    }

    /// Withdraws an inspection with its findings, while the inspected department has reported on none; by whoever inspected. 撤回督查
    #[graphql(directive = open_to::apply(profiles(&[Operation::InspectionWithdraw]), heads(&[Operation::InspectionWithdraw])), directive = semantic_non_null::apply(vec![0]))]
    async fn inspection_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which inspection, and why. 撤回内容")] input: InspectionWithdrawInput,
    ) -> Option<Result<InspectionWithdrawPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = inspection_withdraw(request, &input).await;
        Some(InspectionWithdrawPayload::of(request, outcome).await)
    }
}

async fn inspection_correct(request: &Request, input: &InspectionCorrectInput) -> Result<InspectionId, Stop> {
    let tx = request.begin_write(Operation::InspectionCorrect).await?;
    let id = must_key(request, Kind::Inspection, &input.inspection_id, "inspectionId")?;
    let reason = passage(&input.reason);
    let step = Step { id, expected: input.expected_version, reason: &reason };
    let anew = (input.inspected_on.0, passage(&input.summary), drafts(&input.findings));
    change::correct(&tx, &request.app, step, anew, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn inspection_withdraw(
    request: &Request,
    input: &InspectionWithdrawInput,
) -> Result<InspectionId, Stop> {
    let tx = request.begin_write(Operation::InspectionWithdraw).await?;
    let id = must_key(request, Kind::Inspection, &input.inspection_id, "inspectionId")?;
    let reason = passage(&input.reason);
    let step = Step { id, expected: input.expected_version, reason: &reason };
    change::withdraw(&tx, &request.app, step, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
