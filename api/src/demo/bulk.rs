//! Rows by the hundred thousand (批量生成): a county filled through the kernel, in the order in which its suggestions came.
//!
//! Nothing of it is an entry of anybody: stages that no step leads to yet are written as they will stand. What real
//! entries take is `intake::store::take_in`.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use entity::enums::{AuditAction, Capability, RecordAction, Stage, SubmissionKind, Urgency};
use entity::id::{
    CampaignId, CategoryId, ChannelId, County, DepartmentId, RecordId, StreamId, SubmissionId, VillageId,
};
use entity::{category, channel, record, share, stream, submission, village};
use futures::{StreamExt as _, TryStreamExt as _};
use sea_orm::ActiveValue::Set;
use sea_orm::DbBackend;
use serde_json::{Value as Json, json};

use super::county::{CHANNELS, VILLAGES, plan_text};
use super::distribution::{Cell, Dimensions, Distribution, DistributionError};
use super::splitmix::Splitmix;
use super::text::{DemoSuggestion, KIND_CODES, Spec, suggestion};
use super::{CATEGORY_NAMES, Seed};
use crate::app::App;
use crate::campaign::plans;
use crate::clock::{day_of, shanghai};
use crate::db::{Document, Fault, Predicate, Trail, Tx};
use crate::error::{ApiError, Stop};
use crate::plan::Plan;
use crate::refusal::Refusal;
use crate::scope::system;

/// Days of the period.
const DAYS: usize = 400;
/// Suggestions of one transaction.
const BATCH: usize = 4_000;

/// What is to be generated.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The county, which must have no suggestions yet. 行政区划代码
    pub county: County,
    /// Its townships, each with a stream. 征集单位数
    pub departments: usize,
    /// Suggestions. 件数
    pub submissions: u32,
    /// Another seed gives other texts and times in the same places.
    pub seed: Seed,
}

/// Makes the county and fills it; `done` is told how many suggestions each transaction brought.
///
/// # Errors
/// A county that has suggestions is refused; so is a number of 0.
pub async fn generate(app: &App, wanted: &Wanted, done: impl Fn(u64) + Sync) -> Result<(), Stop> {
    let text = plan_text(wanted.county.as_str(), wanted.departments);
    let plan =
        Plan::parse("generated", &text).map_err(|errors| ApiError::internal(&format!("{errors:?}")))?;
    let campaign = plans::apply(app, &plan, &text).await?.campaign;
    let operator = system::operator(wanted.county.clone());
    let tx = app.db.begin_write(&operator).await?;
    if tx.from::<submission::Entity>().limit(1).one().await?.is_some() {
        return Err(already_filled().into());
    }
    let fleet = Fleet::load(&tx, &plan, campaign, wanted).await?;
    let batches = fleet.numbered(&tx).await?;
    tx.commit().await?;
    // SQLite has one writer; PostgreSQL takes one per core.
    let writers = match app.db.backend() {
        DbBackend::Postgres => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        _ => 1,
    };
    let (fleet, operator) = (&fleet, &operator);
    let write = async |batch: Vec<Numbered>| {
        let tx = app.db.begin_write(operator).await?;
        fleet.write(&tx, &batch).await?;
        tx.commit().await?;
        done(batch.len() as u64);
        Ok::<_, Stop>(())
    };
    futures::stream::iter(batches).map(write).buffer_unordered(writers).try_collect::<()>().await
}

/// Counts the figures of a generated county from its rows, and says so in the audit trail.
///
/// # Errors
/// The database is away.
pub async fn count(app: &App, wanted: &Wanted) -> Result<(), Stop> {
    let tx = app.db.begin_write(&system::operator(wanted.county.clone())).await?;
    tx.take_time().await?;
    tx.rebuild_tally().await?;
    let now = app.clock.now();
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::SubmissionImport,
        subject: "campaign:GENERATED".to_owned(),
        detail: json!({ "generated": true, "rows": wanted.submissions }),
    })
    .await?;
    Ok(tx.commit().await?)
}

fn already_filled() -> Refusal {
    Refusal::invalid(
        "county",
        "该县已有建议；请换一个行政区划代码，或用空的数据库",
        "The county has suggestions already; name another, or use an empty database",
    )
}

/// The rows that the places of the distribution stand for.
struct Fleet {
    county: County,
    campaign: CampaignId,
    opens_on: NaiveDate,
    /// Streams with their owners, in the plan's order.
    streams: Vec<(StreamId, DepartmentId, String)>,
    channels: Vec<ChannelId>,
    categories: Vec<CategoryId>,
    /// Villages of each township, with their names.
    villages: Vec<Vec<(VillageId, String)>>,
    distribution: Distribution,
    submissions: u32,
    seed: Seed,
}

/// A suggestion with its numbers.
struct Numbered {
    index: u32,
    cell: Cell,
    received_at: DateTime<Utc>,
    /// In its stream and year.
    number: i64,
    /// The first of its lines in the department's record.
    line: i64,
}

impl Fleet {
    async fn load(tx: &Tx, plan: &Plan, campaign: CampaignId, wanted: &Wanted) -> Result<Self, Stop> {
        let streams = Predicate::is(stream::Column::Campaign, campaign);
        let mut streams = tx.from::<stream::Entity>().filter(streams).all().await?;
        streams.sort_by_key(|row| row.rank);
        let channels = Predicate::is(channel::Column::Campaign, campaign);
        let mut channels = tx.from::<channel::Entity>().filter(channels).all().await?;
        channels.sort_by_key(|row| row.rank);
        let categories = Predicate::is(category::Column::Campaign, campaign);
        let mut categories = tx.from::<category::Entity>().filter(categories).all().await?;
        categories.sort_by_key(|row| row.rank);
        let mut villages: BTreeMap<DepartmentId, Vec<village::Model>> = BTreeMap::new();
        for row in tx.from::<village::Entity>().all().await? {
            villages.entry(row.department).or_default().push(row);
        }
        let of_township = |row: &stream::Model| {
            let mut own = villages.remove(&row.department).unwrap_or_default();
            own.sort_by(|a, b| a.code.cmp(&b.code));
            own.into_iter().map(|row| (row.id, row.name)).collect()
        };
        Ok(Self {
            county: wanted.county.clone(),
            campaign,
            opens_on: plan.campaign.opens_on,
            villages: streams.iter().map(of_township).collect(),
            streams: streams.into_iter().map(|row| (row.id, row.department, row.code)).collect(),
            channels: channels.into_iter().map(|row| row.id).collect(),
            categories: categories.into_iter().map(|row| row.id).collect(),
            distribution: distribution(wanted)
                .map_err(|error| Refusal::invalid("departments", "应至少为 1", error.to_string()))?,
            submissions: wanted.submissions,
            seed: wanted.seed,
        })
    }

    /// Every suggestion in the order of receipt, as rows of a real county lie, with numbers taken from the counters.
    async fn numbered(&self, tx: &Tx) -> Result<Vec<Vec<Numbered>>, Stop> {
        let mut order: Vec<(i64, u32)> =
            (0..self.submissions).map(|index| (self.second(index), index)).collect();
        order.sort_unstable();
        let mut counters: BTreeMap<(usize, i32), i64> = BTreeMap::new();
        let mut lines = vec![0; self.streams.len()];
        let mut numbered = Vec::with_capacity(order.len());
        for (second, index) in order {
            let cell = self.distribution.cell(index.into());
            let received_at = DateTime::from_timestamp(second, 0).unwrap_or_default();
            let number = counters.entry((cell.department, day_of(received_at).year())).or_default();
            *number += 1;
            let line = &mut lines[cell.department];
            numbered.push(Numbered { index, cell, received_at, number: *number, line: *line + 1 });
            *line += i64::try_from(steps(stage(cell)).len()).unwrap_or_default();
        }
        self.take_numbers(tx, &counters, &lines).await?;
        let mut batches = Vec::new();
        let mut rest = numbered.into_iter().peekable();
        while rest.peek().is_some() {
            batches.push(rest.by_ref().take(BATCH).collect());
        }
        Ok(batches)
    }

    /// An empty county's counters begin at 1.
    async fn take_numbers(
        &self,
        tx: &Tx,
        counters: &BTreeMap<(usize, i32), i64>,
        lines: &[i64],
    ) -> Result<(), Stop> {
        for ((place, year), count) in counters {
            let (_, department, code) = &self.streams[*place];
            tx.take_numbers(*department, &format!("{code}-{year}"), *count).await?;
        }
        for ((_, department, _), count) in self.streams.iter().zip(lines).filter(|(_, count)| **count > 0) {
            tx.take_numbers(*department, "record", *count).await?;
        }
        Ok(())
    }

    /// When it was received, in seconds of the epoch: its day of the period, between 7:00 and 22:00.
    fn second(&self, index: u32) -> i64 {
        let cell = self.distribution.cell(index.into());
        let second = 7 * 3_600 + Splitmix::of_row(self.seed.0 ^ 0x7133, index.into()).below(15 * 3_600);
        let local = self.opens_on.and_time(NaiveTime::MIN)
            + TimeDelta::days(i64::try_from(cell.day).unwrap_or_default())
            + TimeDelta::seconds(i64::try_from(second).unwrap_or_default());
        shanghai().from_local_datetime(&local).single().map_or(0, |at| at.timestamp())
    }

    async fn write(&self, tx: &Tx, batch: &[Numbered]) -> Result<(), Fault> {
        let made: Vec<(&Numbered, Made)> = batch.iter().map(|one| (one, self.made(one))).collect();
        tx.insert_many(made.iter().map(|(one, made)| self.submission(one, made)).collect()).await?;
        tx.insert_many(made.iter().flat_map(|(one, made)| self.shares(one, made)).collect()).await?;
        tx.index_texts(&made.iter().map(|(one, made)| self.document(one, made)).collect::<Vec<_>>()).await?;
        tx.insert_many(made.iter().flat_map(|(one, made)| self.lines(one, made)).collect()).await
    }

    fn made(&self, one: &Numbered) -> Made {
        let Cell { department, class, kind, village, .. } = one.cell;
        let (village, name) = &self.villages[department][village];
        let spec = Spec {
            seed: self.seed.0,
            index: one.index.into(),
            days: 1,
            category: Some(class),
            kind: Some(kind),
            place: Some(name),
        };
        let stage = stage(one.cell);
        Made {
            id: SubmissionId(key(one.received_at, self.seed, one.index, 0)),
            text: suggestion(&spec),
            village: *village,
            category: (stage != Stage::Received).then(|| self.categories[class]),
            handler: handled(stage).then(|| self.handler(one)),
            stage,
        }
    }

    /// Another township than the collector.
    fn handler(&self, one: &Numbered) -> DepartmentId {
        let others = (self.streams.len() - 1).max(1);
        let step = 1 + one.index as usize / 11 % others;
        self.streams[(one.cell.department + step) % self.streams.len()].1
    }

    fn submission(&self, one: &Numbered, made: &Made) -> submission::ActiveModel {
        let (stream, department, code) = &self.streams[one.cell.department];
        let received_on = day_of(one.received_at);
        let text = &made.text;
        submission::ActiveModel {
            county: Set(self.county.clone()),
            id: Set(made.id),
            department: Set(*department),
            campaign: Set(self.campaign),
            stream: Set(*stream),
            channel: Set(self.channels[one.cell.channel]),
            entered_by: Set(None),
            client: Set(None),
            number: Set(format!("{code}-{}-{:05}", received_on.year(), one.number)),
            receipt_number: Set(crate::intake::number::spread(one.index.into())),
            kind: Set(kind(text)),
            stage: Set(made.stage),
            title: Set(text.title.clone()),
            content: Set(text.content.clone()),
            category: Set(made.category),
            proposed_category: Set(None),
            constituency: Set(None),
            village: Set(Some(made.village)),
            urgency: Set(urgency(text)),
            beneficiaries: Set(i32::try_from(text.beneficiaries).ok()),
            confidential: Set(false),
            anonymous: Set(true),
            on_behalf: Set(false),
            late: Set(false),
            received_at: Set(one.received_at),
            received_on: Set(received_on),
            external_ref: Set(None),
            extra: Set(json!({})),
            created_at: Set(one.received_at),
            version: Set(i32::try_from(steps(made.stage).len()).unwrap_or(1)),
            names_person: Set(Some(false)),
        }
    }

    /// The collector's, and the handling department's where there is one.
    fn shares(&self, one: &Numbered, made: &Made) -> impl Iterator<Item = share::ActiveModel> {
        let owner = self.streams[one.cell.department].1;
        let collector = self.share(one, made, owner, Capability::Collect);
        let handler = made.handler.map(|department| self.share(one, made, department, Capability::Handle));
        std::iter::once(collector).chain(handler)
    }

    fn share(
        &self,
        one: &Numbered,
        made: &Made,
        department: DepartmentId,
        capability: Capability,
    ) -> share::ActiveModel {
        let (stream, owner, _) = &self.streams[one.cell.department];
        share::ActiveModel {
            county: Set(self.county.clone()),
            department: Set(department),
            submission: Set(made.id),
            capability: Set(capability),
            owner: Set(*owner),
            campaign: Set(self.campaign),
            stream: Set(*stream),
            channel: Set(self.channels[one.cell.channel]),
            category: Set(made.category),
            village: Set(Some(made.village)),
            kind: Set(kind(&made.text)),
            stage: Set(made.stage),
            late: Set(false),
            received_at: Set(one.received_at),
            received_on: Set(day_of(one.received_at)),
            urgency: Set(urgency(&made.text).rank()),
            beneficiaries: Set(i32::try_from(made.text.beneficiaries).unwrap_or(-1)),
            proposed: Set(false),
            entered_by: Set(None),
            created_on: Set(day_of(one.received_at)),
            assignee: Set(None),
        }
    }

    fn document(&self, one: &Numbered, made: &Made) -> Document {
        let owner = self.streams[one.cell.department].1;
        Document {
            submission: made.id,
            departments: std::iter::once(owner).chain(made.handler).collect(),
            received_at: one.received_at,
            title: made.text.title.clone(),
            content: made.text.content.clone(),
        }
    }

    fn lines(&self, one: &Numbered, made: &Made) -> Vec<record::ActiveModel> {
        let department = self.streams[one.cell.department].1;
        let mut from = None;
        let mut lines = Vec::new();
        for (place, (action, to)) in (0u8..).zip(steps(made.stage)) {
            let at = one.received_at + TimeDelta::hours(26 * i64::from(place));
            lines.push(record::ActiveModel {
                county: Set(self.county.clone()),
                id: Set(RecordId(key(at, self.seed, one.index, place + 1))),
                department: Set(department),
                number: Set(one.line + i64::from(place)),
                submission: Set(made.id),
                action: Set(action),
                from_stage: Set(from),
                to_stage: Set(to),
                post: Set(None),
                by_account: Set(None),
                by_department: Set(None),
                by_position: Set(None),
                note: Set(String::new()),
                detail: Set(Json::Null),
                at: Set(at),
            });
            from = Some(to);
        }
        lines
    }
}

/// What is drawn and found for one suggestion.
struct Made {
    id: SubmissionId,
    text: DemoSuggestion,
    village: VillageId,
    category: Option<CategoryId>,
    handler: Option<DepartmentId>,
    stage: Stage,
}

fn urgency(text: &DemoSuggestion) -> Urgency {
    Urgency::parse(text.urgency).unwrap_or(Urgency::Normal)
}

fn distribution(wanted: &Wanted) -> Result<Distribution, DistributionError> {
    Distribution::new(Dimensions {
        departments: wanted.departments,
        days: DAYS,
        classes: CATEGORY_NAMES.len(),
        channels: CHANNELS.len(),
        stages: Stage::ALL.len(),
        kinds: KIND_CODES.len(),
        villages: VILLAGES,
    })
}

fn stage(cell: Cell) -> Stage {
    Stage::ALL[cell.stage]
}

/// Whether a second department has a share in it.
const fn handled(stage: Stage) -> bool {
    matches!(stage, Stage::Claimed | Stage::Responded | Stage::Recheck | Stage::Closed)
}

/// The lines of its record. What leads beyond classification has no action of its own yet.
fn steps(stage: Stage) -> Vec<(RecordAction, Stage)> {
    let entered = (RecordAction::Recorded, Stage::Received);
    let classified = (RecordAction::Classified, Stage::Classified);
    match stage {
        Stage::Received => vec![entered],
        Stage::Classified => vec![entered, classified],
        Stage::Withdrawn => vec![entered, classified, (RecordAction::Withdrawn, stage)],
        further => vec![entered, classified, (RecordAction::Edited, further)],
    }
}

fn kind(text: &DemoSuggestion) -> SubmissionKind {
    SubmissionKind::parse(text.kind).unwrap_or(SubmissionKind::Suggestion)
}

/// A key in the order of creation, the same in every run.
fn key(at: DateTime<Utc>, seed: Seed, index: u32, part: u8) -> uuid::Uuid {
    let mut numbers = Splitmix::of_row(seed.0 ^ 0x1d << 8 ^ u64::from(part), index.into());
    let (mut bytes, more) = ([0; 10], numbers.next_u64().to_le_bytes());
    bytes[..8].copy_from_slice(&more);
    bytes[8..].copy_from_slice(&numbers.next_u64().to_le_bytes()[..2]);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}
