//! Taking in: one suggestion or a batch, by the same code.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Utc};
use entity::enums::{Capability, RecordAction, Stage};
use entity::id::{
    CampaignId, CategoryId, ChannelId, DepartmentId, PortalClientId, PostId, RecordId, StreamId,
    SubmissionId, VillageId,
};
use entity::{record, share, submission};
use sea_orm::ActiveValue::Set;
use serde_json::{Value as Json, json};

use super::person::row_of;
use crate::app::App;
use crate::clock::day_of;
use crate::db::{Block, Document, Fault, Predicate, Tx};
use crate::error::ApiError;
use crate::intake::draft::Draft;
use crate::secrets::seal::mask_of_person;
use crate::text::folded;

/// By whom and from where a suggestion came: the third of the three fields.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Post that entered it. 录入岗位
    pub post: Option<PostId>,
    /// Portal that entered it. 门户
    pub client: Option<PortalClientId>,
    /// Village committee that entered it for its township, and goes on seeing it. 村（居）委会
    pub village_committee: Option<DepartmentId>,
    /// The channel's own number. 来源编号
    pub external_ref: Option<String>,
    /// Whether it came from a ledger file. 导入
    pub imported: bool,
    /// Class that its citizen proposed; it is in none before its collector says so. 群众建议类别
    pub proposed: Option<CategoryId>,
}

/// A suggestion whose place is found and whose words are checked.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its key.
    pub id: SubmissionId,
    /// Words and facts.
    pub draft: Draft,
    /// Owner of the stream.
    pub department: DepartmentId,
    /// Campaign.
    pub campaign: CampaignId,
    /// Whose it is.
    pub stream: StreamId,
    /// Code of the stream, for the case number.
    pub stream_code: String,
    /// How it came in.
    pub channel: ChannelId,
    /// Class, where it is known already.
    pub category: Option<CategoryId>,
    /// Place.
    pub village: Option<VillageId>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Whether intake had closed (S04).
    pub late: bool,
    /// By whom.
    pub source: Source,
}

impl Entry {
    const fn stage(&self) -> Stage {
        if self.category.is_some() { Stage::Classified } else { Stage::Received }
    }

    /// The counter of its case number: numbers start anew with each stream and year.
    fn series(&self) -> String {
        format!("{}-{}", self.stream_code, day_of(self.received_at).year())
    }
}

/// Why nothing was taken in.
#[derive(Debug)]
pub enum Untaken {
    /// The channel has that reference already.
    Reference,
    /// It failed.
    Failed(ApiError),
}

impl From<Fault> for Untaken {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

impl From<ApiError> for Untaken {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

/// Writes suggestions, who sees them, the people behind them, their text index and the first line of their record.
pub async fn take_in(tx: &Tx, app: &App, entries: &[Entry], now: DateTime<Utc>) -> Result<(), Untaken> {
    let taken = Numbers::take(tx, entries).await?;
    let rows =
        entries.iter().zip(&taken.of_case).map(|(entry, number)| submission_row(tx, entry, *number, now));
    let rows = rows.collect();
    let mut shares: Vec<_> = entries.iter().map(|entry| collector_share(tx, entry, now)).collect();
    shares.extend(entries.iter().filter_map(|entry| village_share(tx, entry, now)));
    match with_shares(tx, rows, shares).await {
        Err(Fault::Taken) => return Err(Untaken::Reference),
        inserted => inserted?,
    }
    let mut persons = Vec::new();
    for entry in entries.iter().filter(|entry| entry.draft.names_somebody()) {
        persons.push(row_of(tx, app, entry.id, &entry.draft, now)?);
    }
    let lines =
        entries.iter().zip(&taken.of_line).map(|(entry, number)| first_line(tx, app, entry, *number, now));
    let lines: Vec<_> = lines.collect();
    tx.insert_all_later(persons).await?;
    tx.index_texts(&entries.iter().map(document).collect::<Vec<_>>()).await?;
    tx.insert_all_later(lines).await?;
    Ok(())
}

/// Suggestions and who sees them, before what hangs on them.
async fn with_shares(
    tx: &Tx,
    rows: Vec<submission::ActiveModel>,
    shares: Vec<share::ActiveModel>,
) -> Result<(), Fault> {
    tx.insert_all_later(rows).await?;
    tx.insert_all_later(shares).await?;
    tx.settle().await
}

/// A suggestion that [`take_in`] has written, as its writer sees it.
pub async fn taken_in(tx: &Tx, id: SubmissionId) -> Result<submission::Model, ApiError> {
    let this = Predicate::is(submission::Column::Id, id);
    let row = tx.from::<submission::Entity>().filter(this).one_beside();
    row.await?.ok_or_else(|| ApiError::internal("what was taken in is out of scope"))
}

/// The numbers of entries, in their order.
struct Numbers {
    /// Of cases, in their series.
    of_case: Vec<i64>,
    /// Of lines of the record, in their department.
    of_line: Vec<i64>,
}

impl Numbers {
    /// Takes them in blocks per counter. Counters are locked in one order, series first, so that two writers never wait for
    /// each other in a circle.
    async fn take(tx: &Tx, entries: &[Entry]) -> Result<Self, Fault> {
        let series = |entry: &Entry| (false, entry.department, entry.series());
        let record = |entry: &Entry| (true, entry.department, "record".to_owned());
        let mut counters: BTreeMap<(bool, DepartmentId, String), i64> = BTreeMap::new();
        for counter in entries.iter().map(series).chain(entries.iter().map(record)) {
            *counters.entry(counter).or_default() += 1;
        }
        let block = |((_, department, name), how_many): (&(bool, DepartmentId, String), &i64)| Block {
            department: *department,
            name: name.clone(),
            how_many: *how_many,
        };
        let blocks: Vec<Block> = counters.iter().map(block).collect();
        let firsts = tx.take_blocks(&blocks).await?;
        for (next, first) in counters.values_mut().zip(firsts) {
            *next = first;
        }
        let mut number = |counter| {
            let next = counters.entry(counter).or_default();
            *next += 1;
            *next - 1
        };
        Ok(Self {
            of_case: entries.iter().map(|entry| number(series(entry))).collect(),
            of_line: entries.iter().map(|entry| number(record(entry))).collect(),
        })
    }
}

fn submission_row(tx: &Tx, entry: &Entry, number: i64, now: DateTime<Utc>) -> submission::ActiveModel {
    let Entry { draft, source, .. } = entry;
    submission::ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(entry.id),
        department: Set(entry.department),
        campaign: Set(entry.campaign),
        stream: Set(entry.stream),
        channel: Set(entry.channel),
        entered_by: Set(source.post),
        client: Set(source.client),
        number: Set(format!("{}-{number:05}", entry.series())),
        receipt_number: Set(crate::intake::number::of(entry.id)),
        kind: Set(draft.kind),
        stage: Set(entry.stage()),
        title: Set(draft.title.clone()),
        content: Set(draft.content.clone()),
        category: Set(entry.category),
        proposed_category: Set(source.proposed),
        constituency: Set(draft.constituency.clone()),
        village: Set(entry.village),
        urgency: Set(draft.urgency),
        beneficiaries: Set(draft.beneficiaries),
        confidential: Set(draft.confidential),
        anonymous: Set(!draft.names_somebody()),
        on_behalf: Set(draft.on_behalf),
        late: Set(entry.late),
        received_at: Set(entry.received_at),
        received_on: Set(day_of(entry.received_at)),
        external_ref: Set(source.external_ref.clone()),
        extra: Set(Json::Object(draft.extra.clone())),
        created_at: Set(now),
        version: Set(1),
        names_person: Set(Some(draft.holds(draft.name.as_deref()))),
    }
}

fn collector_share(tx: &Tx, entry: &Entry, now: DateTime<Utc>) -> share::ActiveModel {
    share_row(tx, entry, (entry.department, Capability::Collect), now)
}

fn village_share(tx: &Tx, entry: &Entry, now: DateTime<Utc>) -> Option<share::ActiveModel> {
    let committee = entry.source.village_committee.filter(|committee| *committee != entry.department)?;
    Some(share_row(tx, entry, (committee, Capability::Read), now))
}

fn share_row(
    tx: &Tx,
    entry: &Entry,
    (department, capability): (DepartmentId, Capability),
    now: DateTime<Utc>,
) -> share::ActiveModel {
    share::ActiveModel {
        county: Set(tx.viewer().county().clone()),
        department: Set(department),
        submission: Set(entry.id),
        capability: Set(capability),
        owner: Set(entry.department),
        campaign: Set(entry.campaign),
        stream: Set(entry.stream),
        channel: Set(entry.channel),
        category: Set(entry.category),
        village: Set(entry.village),
        kind: Set(entry.draft.kind),
        stage: Set(entry.stage()),
        late: Set(entry.late),
        received_at: Set(entry.received_at),
        received_on: Set(day_of(entry.received_at)),
        urgency: Set(entry.draft.urgency.rank()),
        beneficiaries: Set(entry.draft.beneficiaries.unwrap_or(-1)),
        proposed: Set(entry.source.proposed.is_some()),
        entered_by: Set(entry.source.post),
        created_on: Set(day_of(now)),
        assignee: Set(None),
    }
}

/// The text as it is searched: numbers and the person's name, which most are not shown, can't be looked for by anybody.
fn document(entry: &Entry) -> Document {
    let departments = std::iter::once(entry.department).chain(entry.source.village_committee).collect();
    Document {
        submission: entry.id,
        departments,
        received_at: entry.received_at,
        title: mask_of_person(&entry.draft.title, entry.draft.name.as_deref()),
        content: mask_of_person(&entry.draft.content, entry.draft.name.as_deref()),
    }
}

/// Under which name the first line of a record keeps the [`text_mark`] of what came in.
pub(super) const TEXT_MARK: &str = "text";

/// A keyed mark of a text (文本标记): equal for what reads the same, and nothing that the text could be guessed from.
pub(super) fn text_mark(app: &App, tx: &Tx, text: &str) -> String {
    let plain: String = folded(text).split_whitespace().collect();
    app.sealer.text_mark(tx.viewer().county().as_str(), &plain)
}

/// What stands under a reference of a source can be told from another text of that reference later on, whatever is corrected
/// in between.
fn first_detail(tx: &Tx, app: &App, entry: &Entry) -> Json {
    let late = entry.late;
    match entry.source.external_ref {
        None => json!({ "late": late }),
        Some(_) => json!({ "late": late, TEXT_MARK: text_mark(app, tx, &entry.draft.content) }),
    }
}

fn first_line(tx: &Tx, app: &App, entry: &Entry, number: i64, now: DateTime<Utc>) -> record::ActiveModel {
    let action = if entry.source.imported { RecordAction::Imported } else { RecordAction::Recorded };
    let by = tx.viewer();
    record::ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(RecordId(app.new_key(now))),
        department: Set(entry.department),
        number: Set(number),
        submission: Set(entry.id),
        action: Set(action),
        from_stage: Set(None),
        to_stage: Set(entry.stage()),
        post: Set(entry.source.post),
        by_account: Set(by.account()),
        by_department: Set(by.account().map(|_| by.department())),
        by_position: Set(by.account().map(|_| by.position())),
        note: Set(String::new()),
        detail: Set(first_detail(tx, app, entry)),
        at: Set(now),
    }
}
