//! Entering a suggestion: by a post, by a portal, by the public.

use async_graphql::InputType;
use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, RightsProfile};
use entity::id::SubmissionId;
use entity::{campaign, category, channel, village};
use serde_json::json;

use super::shared::{Shown, audit, may_key};
use crate::db::{Fault, Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::graphql::context::Request;
use crate::graphql::idempotency::{self, Key};
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::intake::draft::{Draft, Form, received};
use crate::intake::graphql::inputs::{PublicChannelInput, SubmissionRecordInput, SubmissionSubmitInput};
use crate::intake::graphql::receipt::Receipt;
use crate::intake::store::{self, Entry, Place, Source, Wanted};
use crate::limits::rates::RateKey;
use crate::refusal::{Refusal, UserErrorCode};
use crate::scope::profiles::Operation;
use crate::scope::system;
use crate::scope::viewer::{Credential, Viewer};
use crate::secrets::receipt::ReceiptCode;
use crate::text::reference;

/// The plan's code of something, where the citizen gave one.
type ByCode<'a> = Option<&'a str>;

/// What was entered, and the code of its receipt: none for a repeated entry of a former release.
type Recorded = (Shown, Option<ReceiptCode>);

pub(super) async fn record(request: &Request, input: &SubmissionRecordInput) -> Result<Recorded, Stop> {
    let viewer = request.viewer_for(Operation::SubmissionRecord)?;
    idempotency::check(&input.idempotency_key)?;
    // A village committee owns no stream: what it enters is its township's, taken in under its name.
    let village = viewer.profile() == Some(RightsProfile::Village);
    let writer = if village { system::intake(viewer) } else { viewer.clone() };
    let tx = request.app.db.begin_write(&writer).await?;
    let key = (&*input.idempotency_key, input.to_value());
    let claim = match idempotency::claim(&tx, "submissionRecord", key.0, &key.1, request.now).await? {
        Key::Repeated(result) => {
            drop(tx);
            let id = kept_id(&result)?;
            let given = store::code_given(&request.app, id).await?;
            return Ok((Shown::Anew(id), given.map(|(code, _)| code)));
        }
        Key::Fresh(claim) => claim,
    };
    let draft = input.draft();
    let placed = async {
        let external_ref = input.external_ref.as_deref().map(told_reference).transpose()?;
        let wanted = Wanted {
            channel: must_key(request, Kind::Channel, &input.channel_id, "channelId")?,
            stream: may_key(request, Kind::IntakeStream, input.stream_id.as_ref(), "streamId")?,
            village: may_key(request, Kind::Village, input.village_id.as_ref(), "villageId")?,
            category: may_key(request, Kind::Category, input.category_id.as_ref(), "categoryId")?,
            entering: Some(viewer.department()),
        };
        Ok::<_, Stop>((external_ref, Place::find(&tx, &request.app, wanted, &draft).await?))
    };
    let (external_ref, place) = placed.await.map_err(|stop| together(stop, &draft, request.now))?;
    let source = Source {
        post: viewer.post(),
        village_committee: village.then(|| viewer.department()),
        external_ref,
        ..Source::default()
    };
    let entry = entry(request, &place, draft, source, false)?;
    let (id, department) = (entry.id, entry.department);
    take_in(request, &tx, entry, AuditAction::SubmissionRecord).await?;
    let code = store::note_receipt(&tx, &request.app, id, department).await?;
    claim.keep(&tx, json!({ "submission": id })).await?;
    let shown =
        if village { Shown::Anew(id) } else { Shown::AsRead(Box::new(store::taken_in(&tx, id).await?)) };
    tx.commit().await?;
    Ok((shown, Some(code)))
}

pub(super) async fn submit(request: &Request, input: &SubmissionSubmitInput) -> Result<Receipt, Stop> {
    idempotency::check(&input.idempotency_key)?;
    let writer = match &request.caller {
        Some(_) => system::intake(request.viewer_for(Operation::SubmissionSubmit)?),
        None => public_writer(input.to.as_ref())?,
    };
    charge_sender(request)?;
    let tx = request.app.db.begin_write(&writer).await?;
    let key = (&*input.idempotency_key, input.to_value());
    let claim = match idempotency::claim(&tx, "submissionSubmit", key.0, &key.1, request.now).await? {
        Key::Repeated(result) => {
            drop(tx);
            return receipt_of(request, kept_id(&result)?).await;
        }
        Key::Fresh(claim) => claim,
    };
    let draft = input.draft();
    let placed = async {
        let channel = citizen_channel(request, &tx, input).await?;
        let wanted = Wanted {
            channel: channel.id,
            stream: None,
            village: village_by_code(&tx, input.village_code.as_deref()).await?,
            category: None,
            entering: None,
        };
        // What the citizen names is a proposal: the case is new until its collector puts it into a class.
        let proposed = category_by_code(&tx, &channel, input.category_code.as_deref()).await?;
        Ok::<_, Stop>((proposed, Place::find(&tx, &request.app, wanted, &draft).await?))
    };
    let (proposed, place) = placed.await.map_err(|stop| together(stop, &draft, request.now))?;
    let client = match writer.credential() {
        Credential::Portal { client, .. } => Some(*client),
        _ => None,
    };
    let entry = entry(request, &place, draft, Source { client, proposed, ..Source::default() }, true)?;
    let (id, department) = (entry.id, entry.department);
    charge_county(request, &writer)?;
    take_in(request, &tx, entry, AuditAction::SubmissionSubmit).await?;
    store::note_receipt(&tx, &request.app, id, department).await?;
    claim.keep(&tx, json!({ "submission": id })).await?;
    tx.commit().await?;
    receipt_of(request, id).await
}

/// A place that is not there is told together with what is wrong with the words, as far as no form is needed to see that.
fn together(stop: Stop, draft: &Draft, now: DateTime<Utc>) -> Stop {
    let Stop::Refused(mut refusals) = stop else { return stop };
    let of_the_form = |refusal: &Refusal| {
        refusal.field.first().is_some_and(|field| matches!(&**field, "extra" | "constituency"))
    };
    let words = draft.refusals(&Form { constituencies: &[], fields: &[], anonymous: true }, now);
    refusals.extend(words.into_iter().filter(|refusal| !of_the_form(refusal)));
    Stop::Refused(refusals)
}

/// Counts a suggestion of somebody without an account, before anything is read for it.
fn charge_sender(request: &Request) -> Result<(), ApiError> {
    let key = match (&request.caller, request.citizen) {
        (None, _) => RateKey::Sender(request.address),
        (Some(_), Some(citizen)) => RateKey::Citizen(citizen),
        (Some(_), None) => return Ok(()),
    };
    request.app.rates.charge(key).map_err(ApiError::rate_limited)
}

/// Counts what is about to be taken in without a credential: whatever the rules refuse takes nothing from the county.
fn charge_county(request: &Request, writer: &Viewer) -> Result<(), ApiError> {
    if request.caller.is_some() {
        return Ok(());
    }
    let key = RateKey::County(writer.county());
    request.app.rates.charge(key).map_err(ApiError::rate_limited)
}

async fn receipt_of(request: &Request, id: SubmissionId) -> Result<Receipt, Stop> {
    let given = store::given(&request.app, id).await?;
    let (code, seen) = given.ok_or_else(|| ApiError::internal("a receipt without its suggestion"))?;
    Ok(Receipt::of(&code, &seen, request.language))
}

fn entry(
    request: &Request,
    place: &Place,
    draft: Draft,
    source: Source,
    citizen: bool,
) -> Result<Entry, Stop> {
    let received_at = received(draft.received_at, request.now);
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

async fn take_in(request: &Request, tx: &Tx, entry: Entry, action: AuditAction) -> Result<(), Stop> {
    let id = entry.id;
    let reference = entry.source.external_ref.is_some();
    match store::take_in(tx, &request.app, &[entry], request.now).await {
        Err(store::Untaken::Reference) if reference => {
            let (zh, en) = ("本渠道已有此来源编号", "This channel has that reference already");
            return Err(Refusal::of(UserErrorCode::Duplicate, "externalRef", zh, en).into());
        }
        Err(store::Untaken::Reference) => return Err(Fault::Taken.into()),
        Err(store::Untaken::Failed(error)) => return Err(error.into()),
        Ok(()) => {}
    }
    audit(request, tx, action, id, "").await
}

fn public_writer(to: Option<&PublicChannelInput>) -> Result<Viewer, Stop> {
    let to = to.ok_or_else(ApiError::unauthenticated)?;
    let county = entity::id::County::parse(&to.county).ok_or_else(|| Refusal::not_found("to.county"))?;
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
    let open = plan.channels.iter().any(|channel| channel.code == to.channel && channel.kind.is_public());
    let this = Predicate::is(channel::Column::Code, &*to.channel)
        .and(Predicate::is(channel::Column::Campaign, campaign.id));
    let row = if open { tx.from::<channel::Entity>().filter(this).one().await? } else { None };
    row.ok_or_else(|| Refusal::not_found("to.channel").into())
}

async fn village_by_code(tx: &Tx, code: ByCode<'_>) -> Result<Option<entity::id::VillageId>, Stop> {
    let Some(code) = code else { return Ok(None) };
    let row = tx.from::<village::Entity>().filter(Predicate::is(village::Column::Code, code)).one().await?;
    row.map(|row| Some(row.id)).ok_or_else(|| Refusal::not_found("villageCode").into())
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
    row.map(|row| Some(row.id)).ok_or_else(|| Refusal::not_found("categoryCode").into())
}

/// The channel's own number as it is kept.
fn told_reference(text: &str) -> Result<String, Refusal> {
    let reference = reference(text);
    if (1..=64).contains(&reference.chars().count()) {
        return Ok(reference);
    }
    Err(Refusal::invalid("externalRef", "来源编号应为 1 至 64 个字", "Must have 1 to 64 characters"))
}

/// The suggestion that a repeated key was answered with.
fn kept_id(result: &serde_json::Value) -> Result<SubmissionId, Stop> {
    let id = result.get("submission").cloned().unwrap_or_default();
    serde_json::from_value(id).map_err(|_| ApiError::internal("an idempotency key without its result").into())
}
