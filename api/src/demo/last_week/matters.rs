//! What projects are drawn from: suggestions that several departments heard about the same matter.

use entity::enums::{AuditAction, SubmissionKind, Urgency};
use entity::id::SubmissionId;
use serde_json::json;

use super::desk::{Desk, missing, officer};
use crate::db::{Trail, Tx};
use crate::demo::CATEGORY_NAMES;
use crate::demo::sample::extra;
use crate::demo::splitmix::Splitmix;
use crate::demo::text::{DemoSuggestion, Spec, suggestion};
use crate::error::{ApiError, Stop};
use crate::intake::draft::Draft;
use crate::intake::store::{Entry, Place, Source, Untaken, Wanted, take_in};
use crate::plan::Stream;
use crate::scope::profiles::Operation;

/// What a matter is about, and who heard of it in which village, or of which constituency.
pub(super) const MATTERS: [(&str, &[(&str, &str)]); 5] = [
    (LAMPS, &[("STS_TOWN", "V0103"), ("LH_TOWN", "V0202")]),
    (DRAINS, &[("DM_TOWN", "V0303"), ("PQZ_TOWN", "V0403")]),
    (BUSES, &[("XD_TOWNSHIP", "V0602"), ("NPC_OFFICE", "")]),
    (PARKING, &[("YBS_STREET", "V0702"), ("GC_STREET", "V0801")]),
    (FUMES, &[("BH_STREET", "V1001")]),
];

pub(super) const LAMPS: &str = "路灯";
pub(super) const DRAINS: &str = "排水";
pub(super) const BUSES: &str = "校车";
pub(super) const PARKING: &str = "停车";
pub(super) const FUMES: &str = "油烟";

/// The suggestions of each matter, in the order of [`MATTERS`].
pub(super) struct Matters(Vec<(&'static str, Vec<SubmissionId>)>);

impl Matters {
    /// Those of one matter.
    pub(super) fn of(&self, word: &str) -> &[SubmissionId] {
        let found = self.0.iter().find(|(about, _)| *about == word);
        found.map_or(&[], |(_, ids)| ids)
    }
}

/// Enters every matter where it was heard.
pub(super) async fn enter(desk: &Desk<'_>) -> Result<Matters, Stop> {
    let mut matters = Vec::new();
    for (place, (word, heard)) in MATTERS.into_iter().enumerate() {
        let mut ids = Vec::new();
        for (department, village) in heard {
            ids.push(heard_by(desk, department, village, (place, word)).await?);
        }
        matters.push((word, ids));
    }
    Ok(Matters(matters))
}

async fn heard_by(
    desk: &Desk<'_>,
    department: &str,
    village: &str,
    (place, word): (usize, &str),
) -> Result<SubmissionId, Stop> {
    let register = desk.plan.villages.iter().find(|row| row.code == village);
    let made = about(word, register.map(|row| row.name.as_str()))?;
    let category = desk.category(CATEGORY_NAMES[made.category_index])?;
    let stream = desk.plan.streams_of(department).next();
    let draft = draft(stream.ok_or_else(|| missing(department))?, made, place);
    let tx = desk.open(officer(department), &[Operation::SubmissionRecord]).await?;
    let channel = if register.is_some() { "HOUSEHOLD_VISIT" } else { "SYMPOSIUM" };
    let wanted = Wanted {
        channel: desk.channel(channel)?,
        stream: None,
        village: register.map(|row| desk.village(&row.code)).transpose()?,
        category: Some(category),
        entering: Some(tx.viewer().department()),
    };
    let id = take(desk, &tx, wanted, draft).await?;
    tx.commit().await?;
    Ok(id)
}

/// The first suggestion that the tables give about something; about the same in any place.
fn about(word: &str, place: Option<&str>) -> Result<DemoSuggestion, Stop> {
    let spec = |index| Spec { seed: 1, index, days: 1, kind: Some(0), place, ..Spec::default() };
    let mut found = (0..3_000).map(|index| suggestion(&spec(index)));
    let found = found.find(|made| made.title.contains(word) && made.name.is_some());
    found.ok_or_else(|| missing(word).into())
}

fn draft(stream: &Stream, made: DemoSuggestion, place: usize) -> Draft {
    let mut numbers = Splitmix::of_row(1, place as u64);
    Draft {
        title: made.title,
        content: made.content,
        kind: SubmissionKind::Suggestion,
        urgency: Urgency::parse(made.urgency).unwrap_or(Urgency::Normal),
        beneficiaries: i32::try_from(made.beneficiaries).ok(),
        constituency: stream.constituencies.first().cloned(),
        confidential: false,
        on_behalf: false,
        received_at: None,
        name: made.name,
        phone: made.phone,
        address: None,
        extra: extra(&stream.fields, &mut numbers),
    }
}

/// As a request takes it in: the place is found, the words are checked, the trail is written.
async fn take(desk: &Desk<'_>, tx: &Tx, wanted: Wanted, draft: Draft) -> Result<SubmissionId, Stop> {
    let now = desk.at(20, 10);
    let place = Place::find(tx, desk.app, wanted, &draft).await?;
    let late = place.check(&draft, now, false, now)?;
    let id = SubmissionId(desk.app.new_key(now));
    let entry = Entry {
        id,
        draft,
        department: place.stream.department,
        campaign: place.campaign.id,
        stream: place.stream.id,
        stream_code: place.stream.code.clone(),
        channel: place.channel,
        category: place.category,
        village: place.village,
        received_at: now,
        late,
        source: Source { post: tx.viewer().post(), ..Source::default() },
    };
    take_in(tx, desk.app, &[entry], now).await.map_err(|untaken| match untaken {
        Untaken::Failed(error) => Stop::Failed(error),
        Untaken::Reference => ApiError::internal("a made entry has a reference").into(),
    })?;
    tx.audit(Trail {
        id: desk.app.new_key(now),
        at: now,
        action: AuditAction::SubmissionRecord,
        subject: format!("submission:{}", id.0),
        detail: json!({}),
    })
    .await?;
    Ok(id)
}
