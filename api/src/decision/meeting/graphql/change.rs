//! Moving and cancelling a meeting, taking a project off its agenda, and correcting what it decided.

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::MeetingId;

use super::{Meeting, MeetingResultInput, decisions};
use crate::decision::meeting::store::change::{self, Step};
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::{must_key, payload};
use crate::ids::Kind;
use crate::refusal::Refusal;
use crate::scope::profiles::Operation;
use crate::text::{line, passage};

/// Which meeting, to which day, and why. 改期内容
#[derive(Clone, Debug, InputObject)]
pub struct MeetingMoveInput {
    /// Which meeting. 会议
    pub meeting_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Its new day. 日期
    pub held_on: Date,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 改期结果
    MeetingMovePayload {
        /// The meeting as it stands now; null when refused. 会议
        meeting: Meeting
    }
}

/// Which meeting, and why. 取消内容
#[derive(Clone, Debug, InputObject)]
pub struct MeetingCancelInput {
    /// Which meeting. 会议
    pub meeting_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 取消结果
    MeetingCancelPayload {
        /// The meeting as it stands now; null when refused. 会议
        meeting: Meeting
    }
}

/// Which project off which agenda, and why. 移出内容
#[derive(Clone, Debug, InputObject)]
pub struct AgendaItemRemoveInput {
    /// Which meeting. 会议
    pub meeting_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Which project. 项目
    pub project_id: ID,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 移出结果
    AgendaItemRemovePayload {
        /// The meeting as it stands now; null when refused. 会议
        meeting: Meeting
    }
}

/// Minutes and results anew, and why. 更正内容
#[derive(Clone, Debug, InputObject)]
pub struct MeetingResultCorrectInput {
    /// Which meeting. 会议
    pub meeting_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Number of the minutes, 1 to 100 characters. 会议纪要文号
    pub minutes_number: String,
    /// One for each project of the agenda, the right ones too. 各议题结论
    pub results: Vec<MeetingResultInput>,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 更正结果
    MeetingResultCorrectPayload {
        /// The meeting as it stands now; null when refused. 会议
        meeting: Meeting
    }
}

/// Meetings that go another way. 会议改期、取消、更正
#[derive(Default)]
pub struct MeetingChangeMutation;

#[Object]
impl MeetingChangeMutation {
    /// Moves a meeting that was not held to another day, with its agenda; no day before the meetings that its projects came from. 会议改期
    #[graphql(directive = open_to::apply(profiles(&[Operation::MeetingMove]), heads(&[Operation::MeetingMove])), directive = semantic_non_null::apply(vec![0]))]
    async fn meeting_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which meeting, to which day, and why. 改期内容")] input: MeetingMoveInput,
    ) -> Option<Result<MeetingMovePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = meeting_move(request, &input).await;
        Some(MeetingMovePayload::of(request, outcome).await)
    }

    /// Cancels a meeting that was not held: the projects of its agenda stand where they stood before. 取消会议
    #[graphql(directive = open_to::apply(profiles(&[Operation::MeetingCancel]), heads(&[Operation::MeetingCancel])), directive = semantic_non_null::apply(vec![0]))]
    async fn meeting_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which meeting, and why. 取消内容")] input: MeetingCancelInput,
    ) -> Option<Result<MeetingCancelPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = meeting_cancel(request, &input).await;
        Some(MeetingCancelPayload::of(request, outcome).await)
    }

    /// Takes a project off the agenda of a meeting that was not held: it stands where it stood before. 移出议题
    #[graphql(directive = open_to::apply(profiles(&[Operation::AgendaItemRemove]), heads(&[Operation::AgendaItemRemove])), directive = semantic_non_null::apply(vec![0]))]
    async fn agenda_item_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project off which agenda, and why. 移出内容")] input: AgendaItemRemoveInput,
    ) -> Option<Result<AgendaItemRemovePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = agenda_item_remove(request, &input).await;
        Some(AgendaItemRemovePayload::of(request, outcome).await)
    }

    /// Corrects what was written down of a meeting; where its projects stand follows. Refused where a later meeting, an explanation that was delivered or work has built on it. 更正会议结论
    #[graphql(directive = open_to::apply(profiles(&[Operation::MeetingResultCorrect]), heads(&[Operation::MeetingResultCorrect])), directive = semantic_non_null::apply(vec![0]))]
    async fn meeting_result_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Minutes and results anew, and why. 更正内容")] input: MeetingResultCorrectInput,
    ) -> Option<Result<MeetingResultCorrectPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = meeting_result_correct(request, &input).await;
        Some(MeetingResultCorrectPayload::of(request, outcome).await)
    }
}

/// A step on a meeting, as the caller asks for it.
fn step<'a>(request: &Request, id: &ID, expected: i32, reason: &'a str) -> Result<Step<'a>, Refusal> {
    Ok(Step { id: must_key(request, Kind::Meeting, id, "meetingId")?, expected, reason })
}

async fn meeting_move(request: &Request, input: &MeetingMoveInput) -> Result<MeetingId, Stop> {
    let tx = request.begin_write(Operation::MeetingMove).await?;
    let reason = passage(&input.reason);
    let step = step(request, &input.meeting_id, input.expected_version, &reason)?;
    change::postpone(&tx, &request.app, step, input.held_on.0, request.now).await?;
    tx.commit().await?;
    Ok(step.id)
}

async fn meeting_cancel(request: &Request, input: &MeetingCancelInput) -> Result<MeetingId, Stop> {
    let tx = request.begin_write(Operation::MeetingCancel).await?;
    let reason = passage(&input.reason);
    let step = step(request, &input.meeting_id, input.expected_version, &reason)?;
    change::cancel(&tx, &request.app, step, request.now).await?;
    tx.commit().await?;
    Ok(step.id)
}

async fn agenda_item_remove(request: &Request, input: &AgendaItemRemoveInput) -> Result<MeetingId, Stop> {
    let tx = request.begin_write(Operation::AgendaItemRemove).await?;
    let reason = passage(&input.reason);
    let step = step(request, &input.meeting_id, input.expected_version, &reason)?;
    let project = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    change::remove(&tx, &request.app, step, project, request.now).await?;
    tx.commit().await?;
    Ok(step.id)
}

async fn meeting_result_correct(
    request: &Request,
    input: &MeetingResultCorrectInput,
) -> Result<MeetingId, Stop> {
    let tx = request.begin_write(Operation::MeetingResultCorrect).await?;
    let reason = passage(&input.reason);
    let step = step(request, &input.meeting_id, input.expected_version, &reason)?;
    let results = decisions(request, &input.results)?;
    let minutes = line(&input.minutes_number);
    change::correct(&tx, &request.app, step, (&minutes, results), request.now).await?;
    tx.commit().await?;
    Ok(step.id)
}
