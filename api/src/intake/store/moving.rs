//! A suggestion that was recorded in the wrong stream, moved to the right one (改派) by the campaign's office. Number and receipt
//! code stay, and so does what hangs on it: the person, who is bound to the suggestion and to nobody's department, the values
//! of the former stream's form, the village and the visits that brought it. The former collector sees nothing of it any more.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::enums::RecordAction;
use entity::id::{DepartmentId, StreamId, SubmissionId};
use entity::stream;
use entity::submission::Model;
use serde_json::json;

use super::step::{change, fate_of, find, lasting, name_behind, record_in};
use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::db::{Document, Fault, Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::intake::standing;
use crate::refusal::{Refusal, UserErrorCode};
use crate::secrets::seal::mask_of_person;

/// Which suggestion goes where, and why.
pub struct Relocation {
    /// The suggestion.
    pub id: SubmissionId,
    /// The version of it that the caller has seen.
    pub expected: i32,
    /// The stream that it is to be in.
    pub stream: StreamId,
    /// Why.
    pub reason: String,
}

/// Moves it. Shares, figures, text index, the ledgers of both departments and the audit trail follow in the same transaction.
///
/// # Errors
/// `STALE_VERSION`; `CAMPAIGN_CLOSED`; `NOT_FOUND` for a stream that is not there or of another campaign; `DUPLICATE` for the
/// stream in which it is, or where the new collector has the channel's reference already; `WRONG_STAGE`.
pub async fn relocate(tx: &Tx, app: &App, wanted: Relocation, now: DateTime<Utc>) -> Result<(), Stop> {
    let row = find(tx, wanted.id).await?;
    let case = standing::case(&row).at_version(wanted.expected)?;
    refuse_closed(tx, row.campaign, "submissionId").await?;
    let step = case.relocate(&fate_of(tx, &row).await?)?;
    let (from, to) = streams(tx, &row, wanted.stream).await?;
    let reason = lasting(tx, app, row.id, &wanted.reason).await?;
    let note = format!("征集流：{}→{}；{reason}", from.name, to.name);
    let detail = json!({ "from": from.id, "to": to.id, "reason": reason });
    // Its row is locked first, as by every other step, so that two writers never wait for each other in a circle.
    let line = change(tx, app, &row, step, Vec::new(), &note, detail, now).await?;
    let seen_by = match tx.hand_over(&row, (to.department, to.id)).await {
        Err(Fault::Taken) => return Err(taken().into()),
        handed => handed?,
    };
    reindex(tx, app, &row, seen_by).await?;
    let ledgers = BTreeMap::from([
        (from.department, RecordAction::MovedOut),
        // Within one department there is one ledger.
        (to.department, RecordAction::MovedIn),
    ]);
    Ok(record_in(tx, app, &line, &ledgers, now).await?)
}

/// The stream in which it is, and the one in which it is to be.
async fn streams(tx: &Tx, row: &Model, wanted: StreamId) -> Result<(stream::Model, stream::Model), Stop> {
    use stream::Column as C;
    if row.stream == wanted {
        let (zh, en) = ("已在此征集流", "It is in this stream already");
        return Err(Refusal::of(UserErrorCode::Duplicate, "streamId", zh, en).into());
    }
    let these = Predicate::among(C::Id, [row.stream, wanted]).and(Predicate::is(C::Campaign, row.campaign));
    let found = tx.from::<stream::Entity>().filter(these).all().await?;
    let (mut from, mut to) = (None, None);
    for stream in found {
        if stream.id == wanted { to = Some(stream) } else { from = Some(stream) }
    }
    let from = from.ok_or_else(|| ApiError::internal("a suggestion without its stream"))?;
    Ok((from, to.ok_or_else(|| Refusal::not_found("streamId"))?))
}

/// It is found by the words by which it was found before, and by those who see it now.
async fn reindex(tx: &Tx, app: &App, row: &Model, seen_by: Vec<DepartmentId>) -> Result<(), Stop> {
    let name = name_behind(tx, app, row.id).await?;
    tx.reindex_text(&Document {
        submission: row.id,
        departments: seen_by,
        received_at: row.received_at,
        title: mask_of_person(&row.title, name.as_deref()),
        content: mask_of_person(&row.content, name.as_deref()),
    })
    .await?;
    Ok(())
}

fn taken() -> Refusal {
    let (zh, en) =
        ("该征集单位此渠道已有此来源编号", "The new collector has this channel's reference already");
    Refusal::of(UserErrorCode::Duplicate, "streamId", zh, en)
}
