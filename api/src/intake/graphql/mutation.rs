//! Steps on suggestions. Each: right, transaction in scope, rules, writes, commit, and the payload from a fresh read.

use async_graphql::{Context, ID, InputType, Object, SimpleObject};
use entity::enums::{AuditAction, RightsProfile};
use entity::id::SubmissionId;
use entity::{campaign, category, channel, village};
use sea_orm::Value;
use serde_json::json;

use super::inputs::{
    IdentityRevealInput, PersonEraseInput, PublicChannelInput, SubmissionClassifyInput,
    SubmissionEditInput, SubmissionRecordInput, SubmissionSubmitInput, SubmissionWithdrawInput,
};
use super::person::Identity;
use super::receipt::Receipt;
use super::submission::Submission;
use crate::access::profiles::Operation;
use crate::access::system;
use crate::access::viewer::{Credential, Viewer};
use crate::campaign::plan::ChannelKind;
use crate::db::{Fault, Predicate, Trail, Tx};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::error::{ApiError, Refusal, Stop, UserError, UserErrorCode, settle};
use crate::graphql::id::Kind;
use crate::graphql::idempotency::{self, Key};
use crate::graphql::loaders::one;
use crate::intake::draft::Draft;
use crate::intake::store::{self, Edit, Entry, Place, Source, Wanted};

/// A key to look up and the field that named it.
type ByCode<'a> = Option<&'a str>;

macro_rules! submission_payloads {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// The suggestion as it stands now; null when refused. 意见建议
            submission: Option<Submission>,
            /// Why it was refused; empty on success. 业务错误
            user_errors: Vec<UserError>,
        }

        impl $name {
            async fn of(request: &Request, outcome: Result<SubmissionId, Stop>) -> Result<Self, ApiError> {
                let (id, user_errors) = settle(outcome, request.language)?;
                let submission = match id {
                    Some(id) => reread(request, id).await?,
                    None => None,
                };
                Ok(Self { submission, user_errors })
            }
        }
    )*};
}

submission_payloads! {
    /// What came of entering a suggestion. 登记结果
    SubmissionRecordPayload;
    /// What came of a correction. 修改结果
    SubmissionEditPayload;
    /// What came of taking one back. 撤回结果
    SubmissionWithdrawPayload;
    /// What came of classifying one. 归类结果
    SubmissionClassifyPayload;
    /// What came of erasing a person. 删除个人信息结果
    PersonErasePayload;
}

/// What came of a citizen's suggestion. 群众提交结果
#[derive(SimpleObject)]
pub struct SubmissionSubmitPayload {
    /// How to follow it; null when refused. 回执
    receipt: Option<Receipt>,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// What came of a reveal. 查看身份结果
#[derive(SimpleObject)]
pub struct IdentityRevealPayload {
    /// The person in clear; null when refused. 身份信息
    identity: Option<Identity>,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// Steps on suggestions.
#[derive(Default)]
pub struct SubmissionMutation;

#[Object]
impl SubmissionMutation {
    /// Enters a suggestion into the caller's own stream; a village committee enters into its township's. 登记
    async fn submission_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was said, and by which way. 登记内容")] input: SubmissionRecordInput,
    ) -> Result<SubmissionRecordPayload, ApiError> {
        let request = ctx.request()?;
        SubmissionRecordPayload::of(request, record(request, &input).await).await
    }

    /// Takes a citizen's suggestion: from a portal, or without any credential where the campaign allows it. 群众提交
    async fn submission_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the citizen says. 提交内容")] input: SubmissionSubmitInput,
    ) -> Result<SubmissionSubmitPayload, ApiError> {
        let request = ctx.request()?;
        let (receipt, user_errors) = settle(submit(request, &input).await, request.language)?;
        Ok(SubmissionSubmitPayload {
            receipt,
            user_errors,
        })
    }

    /// Corrects a suggestion of the caller's own stream while nobody has handled it. 修改
    async fn submission_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes. 修改内容")] input: SubmissionEditInput,
    ) -> Result<SubmissionEditPayload, ApiError> {
        let request = ctx.request()?;
        SubmissionEditPayload::of(request, edit(request, &input).await).await
    }

    /// Takes back a suggestion of the caller's own stream while nobody has handled it. 撤回
    async fn submission_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why. 撤回说明")] input: SubmissionWithdrawInput,
    ) -> Result<SubmissionWithdrawPayload, ApiError> {
        let request = ctx.request()?;
        SubmissionWithdrawPayload::of(request, withdraw(request, &input).await).await
    }

    /// Puts a suggestion of the caller's own stream into a class, or corrects its class. 归类
    async fn submission_classify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestion, which class. 归类内容")] input: SubmissionClassifyInput,
    ) -> Result<SubmissionClassifyPayload, ApiError> {
        let request = ctx.request()?;
        SubmissionClassifyPayload::of(request, classify(request, &input).await).await
    }

    /// Shows the person behind a suggestion in clear; the reason is kept in the audit trail. 查看身份
    async fn identity_reveal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and why. 查看说明")] input: IdentityRevealInput,
    ) -> Result<IdentityRevealPayload, ApiError> {
        let request = ctx.request()?;
        let (identity, user_errors) = settle(reveal(request, &input).await, request.language)?;
        Ok(IdentityRevealPayload {
            identity,
            user_errors,
        })
    }

    /// Erases the person behind a suggestion for good; the case stays. 删除个人信息
    async fn person_erase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and why. 删除说明")] input: PersonEraseInput,
    ) -> Result<PersonErasePayload, ApiError> {
        let request = ctx.request()?;
        PersonErasePayload::of(request, erase(request, &input).await).await
    }
}

async fn reread(request: &Request, id: SubmissionId) -> Result<Option<Submission>, ApiError> {
    request.renew();
    let snapshot = request.read().await?;
    Ok(one(&snapshot.load.submissions, id).await?.map(Submission))
}

async fn record(request: &Request, input: &SubmissionRecordInput) -> Result<SubmissionId, Stop> {
    let viewer = request.viewer_for(Operation::SubmissionRecord)?;
    idempotency::check(&input.idempotency_key)?;
    check_reference(input.external_ref.as_deref())?;
    // A village committee owns no stream: what it enters is its township's, taken in under its name.
    let village = viewer.profile() == Some(RightsProfile::Village);
    let writer = if village {
        system::intake(viewer)
    } else {
        viewer.clone()
    };
    let tx = request.app.db.begin_write(&writer).await?;
    let key = (&*input.idempotency_key, input.to_value());
    let claim =
        match idempotency::claim(&tx, "submissionRecord", key.0, &key.1, request.now).await? {
            Key::Repeated(result) => return kept_id(&result),
            Key::Fresh(claim) => claim,
        };
    let draft = input.draft();
    let wanted = Wanted {
        channel: must_key(request, Kind::Channel, &input.channel_id, "channelId")?,
        stream: may_key(request, Kind::Stream, input.stream_id.as_ref(), "streamId")?,
        village: may_key(
            request,
            Kind::Village,
            input.village_id.as_ref(),
            "villageId",
        )?,
        category: may_key(
            request,
            Kind::Category,
            input.category_id.as_ref(),
            "categoryId",
        )?,
        entering: Some(viewer.department()),
    };
    let place = Place::find(&tx, &request.app, wanted, &draft).await?;
    let source = Source {
        post: viewer.post(),
        village_committee: village.then(|| viewer.department()),
        external_ref: input.external_ref.clone(),
        ..Source::default()
    };
    let entry = entry(request, &place, draft, source, false)?;
    let id = entry.id;
    take_in(request, &tx, entry, AuditAction::SubmissionRecord).await?;
    claim.keep(&tx, json!({ "submission": id })).await?;
    tx.commit().await?;
    Ok(id)
}

async fn submit(request: &Request, input: &SubmissionSubmitInput) -> Result<Receipt, Stop> {
    idempotency::check(&input.idempotency_key)?;
    let writer = match &request.caller {
        Some(_) => system::intake(request.viewer_for(Operation::SubmissionSubmit)?),
        None => public_writer(input.to.as_ref())?,
    };
    let tx = request.app.db.begin_write(&writer).await?;
    let key = (&*input.idempotency_key, input.to_value());
    let claim =
        match idempotency::claim(&tx, "submissionSubmit", key.0, &key.1, request.now).await? {
            Key::Repeated(result) => {
                drop(tx);
                return receipt_of(request, kept_id(&result)?).await;
            }
            Key::Fresh(claim) => claim,
        };
    let draft = input.draft();
    let channel = citizen_channel(request, &tx, input).await?;
    let wanted = Wanted {
        channel: channel.id,
        stream: None,
        village: village_by_code(&tx, input.village_code.as_deref()).await?,
        category: category_by_code(&tx, &channel, input.category_code.as_deref()).await?,
        entering: None,
    };
    let place = Place::find(&tx, &request.app, wanted, &draft).await?;
    let client = match writer.credential() {
        Credential::Portal { client, .. } => Some(*client),
        _ => None,
    };
    let entry = entry(
        request,
        &place,
        draft,
        Source {
            client,
            ..Source::default()
        },
        true,
    )?;
    let (id, department) = (entry.id, entry.department);
    take_in(request, &tx, entry, AuditAction::SubmissionSubmit).await?;
    store::note_receipt(&tx, &request.app, id, department).await?;
    claim.keep(&tx, json!({ "submission": id })).await?;
    tx.commit().await?;
    receipt_of(request, id).await
}

async fn receipt_of(request: &Request, id: SubmissionId) -> Result<Receipt, Stop> {
    let code = store::code_of(&request.app, id);
    let seen = store::look_up(&request.app, &code).await?;
    let seen = seen.ok_or_else(|| ApiError::internal("a receipt without its suggestion"))?;
    Ok(Receipt::of(&code, &seen))
}

async fn edit(request: &Request, input: &SubmissionEditInput) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Operation::SubmissionEdit).await?;
    let id = must_key(
        request,
        Kind::Submission,
        &input.submission_id,
        "submissionId",
    )?;
    let row = store::find(&tx, id).await?;
    let draft = input.draft(&row);
    store::check_edit(&tx, &request.app, &row, &draft, request.now).await?;
    Edit { draft }
        .apply(&tx, &request.app, id, input.expected_version, request.now)
        .await?;
    tx.commit().await?;
    Ok(id)
}

async fn withdraw(
    request: &Request,
    input: &SubmissionWithdrawInput,
) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Operation::SubmissionWithdraw).await?;
    let id = must_key(
        request,
        Kind::Submission,
        &input.submission_id,
        "submissionId",
    )?;
    let reason = reason(&input.reason)?;
    store::withdraw(
        &tx,
        &request.app,
        id,
        input.expected_version,
        reason,
        request.now,
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

async fn classify(
    request: &Request,
    input: &SubmissionClassifyInput,
) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Operation::SubmissionClassify).await?;
    let id = must_key(
        request,
        Kind::Submission,
        &input.submission_id,
        "submissionId",
    )?;
    let category = must_key(request, Kind::Category, &input.category_id, "categoryId")?;
    let note = input.note.trim();
    if note.chars().count() > 500 {
        return Err(Refusal::invalid("note", "说明最多 500 个字", "At most 500 characters").into());
    }
    store::classify(
        &tx,
        &request.app,
        id,
        input.expected_version,
        category,
        note,
        request.now,
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

async fn reveal(request: &Request, input: &IdentityRevealInput) -> Result<Identity, Stop> {
    let tx = request.begin_write(Operation::IdentityReveal).await?;
    let id = must_key(
        request,
        Kind::Submission,
        &input.submission_id,
        "submissionId",
    )?;
    let reason = reason(&input.reason)?;
    let row = own(&tx, id).await?;
    if row.confidential {
        let (zh, en) = (
            "保密件不显示身份",
            "A confidential case never shows its person",
        );
        return Err(Refusal::of(UserErrorCode::Confidential, "submissionId", zh, en).into());
    }
    let person = store::person_of(&tx, id).await?;
    let person = person.ok_or_else(|| Refusal::not_found("submissionId"))?;
    let clear = store::reveal(&request.app, &person)?;
    audit(request, &tx, AuditAction::IdentityReveal, id, reason).await?;
    tx.commit().await?;
    Ok(clear.into())
}

async fn erase(request: &Request, input: &PersonEraseInput) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Operation::PersonErase).await?;
    let id = must_key(
        request,
        Kind::Submission,
        &input.submission_id,
        "submissionId",
    )?;
    let reason = reason(&input.reason)?;
    let row = own(&tx, id).await?;
    if row.version != input.expected_version {
        return Err(Refusal::stale().into());
    }
    if !store::erase(&tx, id, request.now).await? {
        return Err(Refusal::not_found("submissionId").into());
    }
    let this = Predicate::is(entity::submission::Column::Id, id).and(Predicate::is(
        entity::submission::Column::Version,
        row.version,
    ));
    let raised: Vec<(_, Value)> = vec![(
        entity::submission::Column::Version,
        (row.version + 1).into(),
    )];
    if tx
        .update::<entity::submission::Entity>(this, raised)
        .await?
        == 0
    {
        return Err(Refusal::stale().into());
    }
    audit(request, &tx, AuditAction::PersonErase, id, reason).await?;
    tx.commit().await?;
    Ok(id)
}

/// A suggestion that the caller's department collects.
async fn own(tx: &Tx, id: SubmissionId) -> Result<entity::submission::Model, Stop> {
    let row = store::find(tx, id).await?;
    if row.department == tx.viewer().department() {
        return Ok(row);
    }
    Err(Refusal::not_found("submissionId").into())
}

fn entry(
    request: &Request,
    place: &Place,
    draft: Draft,
    source: Source,
    citizen: bool,
) -> Result<Entry, Stop> {
    let received_at = draft.received_at.unwrap_or(request.now);
    let late = place.check(&draft, received_at, citizen, request.now)?;
    Ok(Entry {
        id: SubmissionId(request.new_key()),
        draft,
        department: place.stream.department,
        campaign: place.campaign.id,
        stream: place.stream.id,
        stream_code: place.stream.code.clone(),
        channel: place.channel,
        category: place.category,
        village: place.village,
        received_at,
        late,
        source,
    })
}

async fn take_in(
    request: &Request,
    tx: &Tx,
    entry: Entry,
    action: AuditAction,
) -> Result<(), Stop> {
    let id = entry.id;
    let reference = entry.source.external_ref.is_some();
    match store::take_in(tx, &request.app, &[entry], request.now).await {
        Err(store::Untaken::Reference) if reference => {
            let (zh, en) = (
                "本渠道已有此来源编号",
                "This channel has that reference already",
            );
            return Err(Refusal::of(UserErrorCode::Duplicate, "externalRef", zh, en).into());
        }
        Err(store::Untaken::Reference) => return Err(Fault::Taken.into()),
        Err(store::Untaken::Failed(error)) => return Err(error.into()),
        Ok(()) => {}
    }
    audit(request, tx, action, id, "").await
}

async fn audit(
    request: &Request,
    tx: &Tx,
    action: AuditAction,
    id: SubmissionId,
    reason: &str,
) -> Result<(), Stop> {
    let detail = if reason.is_empty() {
        json!({})
    } else {
        json!({ "reason": reason })
    };
    let subject = format!("submission:{}", id.0);
    tx.audit(Trail {
        id: request.new_key(),
        at: request.now,
        action,
        subject,
        detail,
    })
    .await?;
    Ok(())
}

fn public_writer(to: Option<&PublicChannelInput>) -> Result<Viewer, Stop> {
    let to = to.ok_or_else(ApiError::unauthenticated)?;
    let county =
        entity::id::County::parse(&to.county).ok_or_else(|| Refusal::not_found("to.county"))?;
    Ok(system::public_intake(county))
}

/// The channel of a portal's credential, or a public one of a campaign that takes suggestions without.
async fn citizen_channel(
    request: &Request,
    tx: &Tx,
    input: &SubmissionSubmitInput,
) -> Result<channel::Model, Stop> {
    if let Credential::Portal { channel, .. } = tx.viewer().credential() {
        let this = Predicate::is(channel::Column::Id, *channel);
        let row = tx.from::<channel::Entity>().filter(this).one().await?;
        return row.ok_or_else(|| ApiError::forbidden().into());
    }
    let to = input.to.as_ref().ok_or_else(ApiError::unauthenticated)?;
    let this = Predicate::is(campaign::Column::Code, &*to.campaign);
    let campaign = tx.from::<campaign::Entity>().filter(this).one().await?;
    let campaign = campaign.filter(|campaign| campaign.public_submission);
    let campaign = campaign.ok_or_else(|| Refusal::not_found("to.campaign"))?;
    let plan = request.app.plans.of(&campaign)?;
    let open = plan
        .channels
        .iter()
        .any(|channel| channel.code == to.channel && is_public(channel.kind));
    let this = Predicate::is(channel::Column::Code, &*to.channel)
        .and(Predicate::is(channel::Column::Campaign, campaign.id));
    let row = if open {
        tx.from::<channel::Entity>().filter(this).one().await?
    } else {
        None
    };
    row.ok_or_else(|| Refusal::not_found("to.channel").into())
}

/// Ways that a citizen can use alone, at a screen.
const fn is_public(kind: ChannelKind) -> bool {
    use ChannelKind as K;
    matches!(
        kind,
        K::Website | K::SocialMedia | K::MessageBoard | K::Mailbox | K::Survey
    )
}

async fn village_by_code(tx: &Tx, code: ByCode<'_>) -> Result<Option<entity::id::VillageId>, Stop> {
    let Some(code) = code else { return Ok(None) };
    let row = tx
        .from::<village::Entity>()
        .filter(Predicate::is(village::Column::Code, code))
        .one()
        .await?;
    row.map(|row| Some(row.id))
        .ok_or_else(|| Refusal::not_found("villageCode").into())
}

async fn category_by_code(
    tx: &Tx,
    channel: &channel::Model,
    code: ByCode<'_>,
) -> Result<Option<entity::id::CategoryId>, Stop> {
    let Some(code) = code else { return Ok(None) };
    let this = Predicate::is(category::Column::Code, code)
        .and(Predicate::is(category::Column::Campaign, channel.campaign));
    let row = tx.from::<category::Entity>().filter(this).one().await?;
    row.map(|row| Some(row.id))
        .ok_or_else(|| Refusal::not_found("categoryCode").into())
}

fn check_reference(reference: Option<&str>) -> Result<(), Refusal> {
    if reference.is_none_or(|text| (1..=64).contains(&text.chars().count())) {
        return Ok(());
    }
    Err(Refusal::invalid(
        "externalRef",
        "来源编号应为 1 至 64 个字",
        "Must have 1 to 64 characters",
    ))
}

fn reason(text: &str) -> Result<&str, Refusal> {
    let text = text.trim();
    if (2..=500).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(Refusal::invalid(
        "reason",
        "请写明理由，2 至 500 个字",
        "Give a reason of 2 to 500 characters",
    ))
}

fn must_key<T: From<uuid::Uuid>>(
    request: &Request,
    kind: Kind,
    id: &ID,
    field: &str,
) -> Result<T, Refusal> {
    request
        .key(kind, id)
        .ok_or_else(|| Refusal::not_found(field))
}

fn may_key<T: From<uuid::Uuid>>(
    request: &Request,
    kind: Kind,
    id: Option<&ID>,
    field: &str,
) -> Result<Option<T>, Refusal> {
    id.map(|id| must_key(request, kind, id, field)).transpose()
}

/// The suggestion that a repeated key was answered with.
fn kept_id(result: &serde_json::Value) -> Result<SubmissionId, Stop> {
    let id = result.get("submission").cloned().unwrap_or_default();
    serde_json::from_value(id)
        .map_err(|_| ApiError::internal("an idempotency key without its result").into())
}
