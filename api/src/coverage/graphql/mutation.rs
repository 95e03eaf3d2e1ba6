//! Entering visits, symposiums and rosters. Each: right, transaction in scope, rules, writes, commit, and a fresh read.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::id::{SymposiumId, VisitId};

use super::inputs::{
    ConstituentReachInput, ConstituentRegisterInput, SymposiumRecordInput, VisitBatchRecordInput,
    VisitLinkInput, VisitRecordInput, VisitWithdrawInput, keys,
};
use super::symposium::Symposium;
use super::visit::Visit;
use crate::coverage::rules::Draft;
use crate::coverage::store::{self, ConstituentEntry, Enrolled, Outcome};
use crate::error::{ApiError, Stop, settle};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::{payload, twice};
use crate::ids::Kind;
use crate::refusal::{Refusal, UserError};
use crate::scope::profiles::Operation;
use crate::text::{line, passage, reference};

/// Rows that one batch may bring.
const MOST_ROWS: usize = 200;

macro_rules! visit_payloads {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        payload! {
            $(#[$doc])*
            $name {
                /// The visit as it stands now; null when refused. 走访
                visit: Visit
            }
        }
    )*};
}

visit_payloads! {
    /// What came of entering a visit. 登记走访结果
    VisitRecordPayload;
    /// What came of adding suggestions to a visit. 补录走访意见结果
    VisitLinkPayload;
    /// What came of taking a visit back. 撤回走访结果
    VisitWithdrawPayload;
}

/// What became of one row of a batch. 单行结果
#[derive(SimpleObject)]
pub struct VisitRowOutcome {
    /// The row's own mark. 客户端编号
    client_ref: String,
    /// The visit; null when the row was refused. 走访
    visit: Option<Visit>,
    /// Whether it was there already under the same mark, so that nothing was added. 是否重复
    is_repeated: bool,
    /// Why the row was refused; empty otherwise. 业务错误
    user_errors: Vec<UserError>,
}

/// What came of a batch. 批量登记走访结果
#[derive(SimpleObject)]
pub struct VisitBatchRecordPayload {
    /// One outcome for each row, in their order; null when the batch as a whole was refused. 各行结果
    outcomes: Option<Vec<VisitRowOutcome>>,
    /// Rows taken in. 登记行数
    taken: i32,
    /// Rows that were there already. 重复行数
    repeated: i32,
    /// Rows refused. 错误行数
    refused: i32,
    /// Why the batch as a whole was refused; empty otherwise. 业务错误
    user_errors: Vec<UserError>,
}

payload! {
    /// What came of entering a symposium. 登记座谈会结果
    SymposiumRecordPayload {
        /// The symposium; null when refused. 座谈会
        symposium: Symposium
    }
}

/// What came of putting persons on a roster. 登记征集对象结果
#[derive(SimpleObject)]
pub struct ConstituentRegisterPayload {
    /// Persons new on the roster; null when refused. 新增人数
    added: Option<i32>,
    /// Persons that were on it already; null when refused. 已在册人数
    repeated: Option<i32>,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// What came of marking persons as heard. 标记已征集结果
#[derive(SimpleObject)]
pub struct ConstituentReachPayload {
    /// Whether they are marked now. 是否完成
    done: bool,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// Entering visits, symposiums and rosters.
#[derive(Default)]
pub struct CoverageMutation;

#[Object]
impl CoverageMutation {
    /// Enters a visit in the caller's name; a village account in its own village. The same `clientRef` counts once. 登记走访
    #[graphql(directive = open_to::apply(profiles(&[Operation::VisitRecord]), heads(&[Operation::VisitRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn visit_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, when and how. 走访内容")] input: VisitRecordInput,
    ) -> Option<Result<VisitRecordPayload, ApiError>> {
        Some(visit_record(ctx, &input).await)
    }

    /// Enters visits in a batch: an offline day, a pile of paper forms. Each row is taken in or refused by itself, and a batch
    /// that is sent twice counts once. 批量登记走访
    #[graphql(directive = open_to::apply(profiles(&[Operation::VisitBatchRecord]), heads(&[Operation::VisitBatchRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn visit_batch_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The visits. 走访内容")] input: VisitBatchRecordInput,
    ) -> Option<Result<VisitBatchRecordPayload, ApiError>> {
        Some(visit_batch_record(ctx, &input).await)
    }

    /// Adds suggestions to an own visit, for instance once they were entered after an offline day. 补录走访意见
    #[graphql(directive = open_to::apply(profiles(&[Operation::VisitLink]), heads(&[Operation::VisitLink])), directive = semantic_non_null::apply(vec![0]))]
    async fn visit_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which visit, which suggestions. 补录内容")] input: VisitLinkInput,
    ) -> Option<Result<VisitLinkPayload, ApiError>> {
        Some(visit_link(ctx, &input).await)
    }

    /// Takes back an own visit: the figures are as if it had never been made. 撤回走访
    #[graphql(directive = open_to::apply(profiles(&[Operation::VisitWithdraw]), heads(&[Operation::VisitWithdraw])), directive = semantic_non_null::apply(vec![0]))]
    async fn visit_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why. 撤回说明")] input: VisitWithdrawInput,
    ) -> Option<Result<VisitWithdrawPayload, ApiError>> {
        Some(visit_withdraw(ctx, &input).await)
    }

    /// Enters a symposium; the households of a village that were present count as reached. 登记座谈会
    #[graphql(directive = open_to::apply(profiles(&[Operation::SymposiumRecord]), heads(&[Operation::SymposiumRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn symposium_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where, when and who came. 座谈会内容")] input: SymposiumRecordInput,
    ) -> Option<Result<SymposiumRecordPayload, ApiError>> {
        Some(symposium_record(ctx, &input).await)
    }

    /// Puts persons on the roster of an own stream (S08). 登记征集对象
    #[graphql(directive = open_to::apply(profiles(&[Operation::ConstituentRegister]), heads(&[Operation::ConstituentRegister])), directive = semantic_non_null::apply(vec![0]))]
    async fn constituent_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The persons. 人员")] input: ConstituentRegisterInput,
    ) -> Option<Result<ConstituentRegisterPayload, ApiError>> {
        Some(constituent_register(ctx, &input).await)
    }

    /// Marks persons of own rosters as heard (S08). 标记已征集
    #[graphql(directive = open_to::apply(profiles(&[Operation::ConstituentReach]), heads(&[Operation::ConstituentReach])), directive = semantic_non_null::apply(vec![0]))]
    async fn constituent_reach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and when. 人员与日期")] input: ConstituentReachInput,
    ) -> Option<Result<ConstituentReachPayload, ApiError>> {
        Some(constituent_reach(ctx, &input).await)
    }
}

/// Takes drafts in. Two senders of the same marks at once: the second finds them there and repeats.
async fn take_in(
    request: &Request,
    operation: Operation,
    campaign: &ID,
    drafts: &[Draft],
) -> Result<Vec<Outcome>, Stop> {
    let campaign = request.key(Kind::Campaign, campaign);
    twice(|| async {
        let tx = request.begin_write(operation).await?;
        let outcomes = store::record(&tx, &request.app, campaign, drafts, request.now).await?;
        tx.commit().await?;
        Ok(outcomes)
    })
    .await
}

async fn visit_record(ctx: &Context<'_>, input: &VisitRecordInput) -> Result<VisitRecordPayload, ApiError> {
    let request = ctx.request()?;
    let drafts = [input.draft(request)];
    let outcomes = take_in(request, Operation::VisitRecord, &input.campaign_id, &drafts).await;
    let outcome = outcomes.and_then(|outcomes| match outcomes.into_iter().next() {
        Some(Outcome::Taken(id) | Outcome::Repeated(id)) => Ok(id),
        Some(Outcome::Refused(refusals)) => Err(refusals.into()),
        None => Err(ApiError::internal("a visit without an outcome").into()),
    });
    VisitRecordPayload::of(request, outcome).await
}

async fn visit_batch_record(
    ctx: &Context<'_>,
    input: &VisitBatchRecordInput,
) -> Result<VisitBatchRecordPayload, ApiError> {
    let request = ctx.request()?;
    request.viewer_for(Operation::VisitBatchRecord)?;
    let outcome = if let Err(refusal) = check_rows(input.rows.len()) {
        Err(refusal.into())
    } else {
        let drafts: Vec<Draft> = input.rows.iter().map(|row| row.draft(request)).collect();
        let operation = Operation::VisitBatchRecord;
        take_in(request, operation, &input.campaign_id, &drafts).await
    };
    let (outcomes, user_errors) = settle(outcome, request.language)?;
    request.renew();
    let outcomes = match outcomes {
        Some(outcomes) => Some(rows_of(request, input, outcomes).await?),
        None => None,
    };
    let count = |wanted: fn(&VisitRowOutcome) -> bool| {
        let rows = outcomes.iter().flatten().filter(|row| wanted(row));
        i32::try_from(rows.count()).unwrap_or(i32::MAX)
    };
    Ok(VisitBatchRecordPayload {
        taken: count(|row| row.visit.is_some() && !row.is_repeated),
        repeated: count(|row| row.is_repeated),
        refused: count(|row| !row.user_errors.is_empty()),
        outcomes,
        user_errors,
    })
}

async fn rows_of(
    request: &Request,
    input: &VisitBatchRecordInput,
    outcomes: Vec<Outcome>,
) -> Result<Vec<VisitRowOutcome>, ApiError> {
    let ids = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Taken(id) | Outcome::Repeated(id) => Some(*id),
        Outcome::Refused(_) => None,
    });
    let ids: Vec<VisitId> = ids.collect();
    let mut found = std::collections::HashMap::new();
    if !ids.is_empty() {
        let snapshot = request.read().await?;
        found = snapshot.load.visit.load_many(ids).await?;
    }
    let row = |(place, outcome): (usize, Outcome)| {
        let client_ref = input.rows[place].client_ref.clone();
        let visit = |id: VisitId| found.get(&id).cloned().map(Visit);
        match outcome {
            Outcome::Taken(id) => {
                VisitRowOutcome { client_ref, visit: visit(id), is_repeated: false, user_errors: Vec::new() }
            }
            Outcome::Repeated(id) => {
                VisitRowOutcome { client_ref, visit: visit(id), is_repeated: true, user_errors: Vec::new() }
            }
            Outcome::Refused(refusals) => VisitRowOutcome {
                client_ref,
                visit: None,
                is_repeated: false,
                user_errors: refusals
                    .into_iter()
                    .map(|refusal| refusal.in_row(place).into_user_error(request.language))
                    .collect(),
            },
        }
    };
    Ok(outcomes.into_iter().enumerate().map(row).collect())
}

fn check_rows(rows: usize) -> Result<(), Refusal> {
    if (1..=MOST_ROWS).contains(&rows) {
        return Ok(());
    }
    let (zh, en) = ("每批应为 1 至 200 行", "A batch takes 1 to 200 rows");
    Err(Refusal::invalid("rows", zh, en))
}

async fn visit_link(ctx: &Context<'_>, input: &VisitLinkInput) -> Result<VisitLinkPayload, ApiError> {
    let request = ctx.request()?;
    let outcome = async {
        let tx = request.begin_write(Operation::VisitLink).await?;
        let id = visit_key(request, &input.visit_id)?;
        let submissions = keys(request, Kind::Submission, &input.submission_ids);
        let version = input.expected_version;
        store::link(&tx, &request.app, id, version, &submissions, request.now).await?;
        tx.commit().await?;
        Ok(id)
    };
    VisitLinkPayload::of(request, outcome.await).await
}

async fn visit_withdraw(
    ctx: &Context<'_>,
    input: &VisitWithdrawInput,
) -> Result<VisitWithdrawPayload, ApiError> {
    let request = ctx.request()?;
    let outcome = async {
        let tx = request.begin_write(Operation::VisitWithdraw).await?;
        let id = visit_key(request, &input.visit_id)?;
        let reason = passage(&input.reason);
        if !(2..=500).contains(&reason.chars().count()) {
            let (zh, en) = ("请写明理由，2 至 500 个字", "Say why, in 2 to 500 characters");
            return Err(Refusal::invalid("reason", zh, en).into());
        }
        let version = input.expected_version;
        store::withdraw(&tx, &request.app, id, version, &reason, request.now).await?;
        tx.commit().await?;
        Ok(id)
    };
    VisitWithdrawPayload::of(request, outcome.await).await
}

fn visit_key(request: &Request, id: &ID) -> Result<VisitId, Refusal> {
    let key = request.key(Kind::Visit, id);
    key.ok_or_else(|| Refusal::not_found("visitId"))
}

async fn symposium_record(
    ctx: &Context<'_>,
    input: &SymposiumRecordInput,
) -> Result<SymposiumRecordPayload, ApiError> {
    let request = ctx.request()?;
    let outcome: Result<SymposiumId, Stop> = twice(|| async {
        let tx = request.begin_write(Operation::SymposiumRecord).await?;
        if input.households.len() > MOST_ROWS {
            let (zh, en) = ("到会户号最多 200 个", "At most 200 households");
            return Err(Refusal::invalid("households", zh, en).into());
        }
        let form = input.form(request);
        let id = store::meet(&tx, &request.app, &form, request.now).await?;
        tx.commit().await?;
        Ok(id)
    })
    .await;
    SymposiumRecordPayload::of(request, outcome).await
}

async fn constituent_register(
    ctx: &Context<'_>,
    input: &ConstituentRegisterInput,
) -> Result<ConstituentRegisterPayload, ApiError> {
    let request = ctx.request()?;
    let outcome: Result<Enrolled, Stop> = twice(|| async {
        let tx = request.begin_write(Operation::ConstituentRegister).await?;
        check_rows(input.rows.len())?;
        let entry = |row: &super::inputs::ConstituentInput| ConstituentEntry {
            reference: reference(&row.reference),
            name: line(&row.name),
            constituency: row.constituency.clone(),
        };
        let entries: Vec<ConstituentEntry> = input.rows.iter().map(entry).collect();
        let stream = request.key(Kind::IntakeStream, &input.stream_id);
        let enrolled = store::enrol(&tx, &request.app, stream, &entries, request.now).await?;
        tx.commit().await?;
        Ok(enrolled)
    })
    .await;
    let (enrolled, user_errors) = settle(outcome, request.language)?;
    request.renew();
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    Ok(ConstituentRegisterPayload {
        added: enrolled.map(|enrolled| number(enrolled.added)),
        repeated: enrolled.map(|enrolled| number(enrolled.repeated)),
        user_errors,
    })
}

async fn constituent_reach(
    ctx: &Context<'_>,
    input: &ConstituentReachInput,
) -> Result<ConstituentReachPayload, ApiError> {
    let request = ctx.request()?;
    let outcome: Result<(), Stop> = async {
        let tx = request.begin_write(Operation::ConstituentReach).await?;
        if input.constituent_ids.len() > MOST_ROWS {
            let (zh, en) = ("每次最多 200 人", "At most 200 persons");
            return Err(Refusal::invalid("constituentIds", zh, en).into());
        }
        let ids = keys(request, Kind::Constituent, &input.constituent_ids);
        let day = input.reached_on.0;
        store::reach(&tx, &request.app, &ids, day, request.now).await?;
        tx.commit().await?;
        Ok(())
    }
    .await;
    let (done, user_errors) = settle(outcome, request.language)?;
    request.renew();
    Ok(ConstituentReachPayload { done: done.is_some(), user_errors })
}
