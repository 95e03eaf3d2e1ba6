//! Rosters of constituencies without villages: deputies, members, delegates (S08). A person in two rosters counts once.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::constituent::{ActiveModel, Column, Entity, Model};
use entity::enums::AuditAction;
use entity::id::{CampaignId, ConstituentId, StreamId};
use entity::stream;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::ground::campaign_of;
use crate::app::App;
use crate::clock::day_of;
use crate::db::{Fault, Predicate, Rows, Trail, Tx};
use crate::error::{ApiError, Stop};
use crate::refusal::{Refusal, UserErrorCode};
use crate::secrets::entropy;

/// One person for a roster.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What tells the person apart in every roster of the county: certificate or staff number.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Which of the stream's constituencies.
    pub constituency: String,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// New on the roster.
    pub added: usize,
    /// There already.
    pub repeated: usize,
}

/// Puts persons on the roster of an own stream; who is on it already stays as he is.
pub async fn enrol(
    tx: &Tx,
    app: &App,
    stream: Option<StreamId>,
    entries: &[Entry],
    now: DateTime<Utc>,
) -> Result<Enrolled, Stop> {
    let stream = own_stream(tx, stream).await?;
    check(&stream, entries)?;
    let known = Predicate::is(Column::Stream, stream.id);
    let known = tx.from::<Entity>().filter(known).all().await?;
    let comparable = |row: Model| {
        let sealer = &app.sealer;
        sealer.comparable(row.county.as_str(), &row.name_sealed, &row.person_index)
    };
    let mut indexes: HashSet<String> = known.into_iter().map(comparable).collect();
    let mut rows = Vec::new();
    for entry in entries {
        let index = app.sealer.person_index(stream.county.as_str(), &entry.reference);
        if !indexes.insert(index.clone()) {
            continue;
        }
        let id = ConstituentId(app.new_key(now));
        rows.push(ActiveModel {
            county: Set(stream.county.clone()),
            id: Set(id),
            department: Set(stream.department),
            campaign: Set(stream.campaign),
            stream: Set(stream.id),
            constituency: Set(entry.constituency.clone()),
            name_sealed: Set(seal(app, &stream, id, &entry.name)?),
            person_index: Set(index),
            registered_on: Set(day_of(now)),
            reached_on: Set(None),
            created_at: Set(now),
        });
    }
    let added = rows.len();
    tx.insert_many(rows).await?;
    let enrolled = Enrolled { added, repeated: entries.len() - added };
    let subject = format!("stream:{}", stream.id.0);
    let detail = json!({ "added": added, "repeated": enrolled.repeated });
    audit(tx, app, AuditAction::ConstituentRegister, subject, detail, now).await?;
    Ok(enrolled)
}

async fn own_stream(tx: &Tx, id: Option<StreamId>) -> Result<stream::Model, Stop> {
    let row = match id {
        None => None,
        Some(id) => {
            let this = Predicate::is(stream::Column::Id, id);
            tx.from::<stream::Entity>().filter(this).one().await?
        }
    };
    let own = row.filter(|row| row.department == tx.viewer().department());
    own.ok_or_else(|| Refusal::not_found("streamId").into())
}

fn check(stream: &stream::Model, entries: &[Entry]) -> Result<(), Stop> {
    let listed: Vec<String> = serde_json::from_value(stream.constituencies.clone())
        .map_err(|_| ApiError::internal("a stream's constituencies"))?;
    let mut refusals = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let field = |name: &str| format!("rows.{place}.{name}");
        if !(4..=64).contains(&entry.reference.trim().chars().count()) {
            let (zh, en) = ("人员标识应为 4 至 64 个字", "Must have 4 to 64 characters");
            refusals.push(Refusal::invalid(&field("reference"), zh, en));
        }
        if !(1..=100).contains(&entry.name.trim().chars().count()) {
            let (zh, en) = ("姓名应为 1 至 100 个字", "Must have 1 to 100 characters");
            refusals.push(Refusal::invalid(&field("name"), zh, en));
        }
        if !listed.contains(&entry.constituency) {
            let (zh, en) = ("不是本征集流的征集对象", "Not a constituency of the stream");
            refusals.push(Refusal::invalid(&field("constituency"), zh, en));
        }
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals.into()) }
}

fn seal(app: &App, stream: &stream::Model, id: ConstituentId, name: &str) -> Result<String, ApiError> {
    let sealed = app.sealer.seal(stream.county.as_str(), id.0, "constituent", name.trim(), entropy::random());
    sealed.map_err(|fault| ApiError::internal(&fault.to_string()))
}

/// The name behind a row, in clear; whoever shows it masks it.
pub fn name_of(app: &App, row: &Model) -> Result<String, ApiError> {
    let opened = app.sealer.open(row.county.as_str(), row.id.0, "constituent", &row.name_sealed);
    opened.map_err(|fault| ApiError::internal(&fault.to_string()))
}

/// Marks persons of the own rosters as heard on a day; an earlier day stays.
pub async fn reach(
    tx: &Tx,
    app: &App,
    ids: &[Option<ConstituentId>],
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let these = Predicate::among(Column::Id, ids.iter().copied().flatten())
        .and(Predicate::is(Column::Department, tx.viewer().department()));
    let rows = tx.from::<Entity>().filter(these).all().await?;
    let named: HashSet<ConstituentId> = ids.iter().copied().flatten().collect();
    if ids.iter().any(Option::is_none) || rows.len() != named.len() || rows.is_empty() {
        return Err(Refusal::not_found("constituentIds").into());
    }
    if day > day_of(now) {
        let (zh, en) = ("日期不能晚于今天", "The day is still to come");
        return Err(Refusal::invalid("reachedOn", zh, en).into());
    }
    let campaign = campaign_of(tx, rows.first().map(|row| row.campaign)).await?;
    if day < campaign.opens_on {
        let zh = format!("征集活动自 {} 开始", campaign.opens_on);
        let en = format!("The campaign opens on {}", campaign.opens_on);
        return Err(Refusal::of(UserErrorCode::CampaignClosed, "reachedOn", zh, en).into());
    }
    let later = rows.iter().filter(|row| row.reached_on.is_none_or(|known| known > day));
    let later: Vec<ConstituentId> = later.map(|row| row.id).collect();
    let moved = later.len();
    if moved > 0 {
        let changes = vec![(Column::ReachedOn, day.into())];
        tx.update::<Entity>(Predicate::among(Column::Id, later), changes).await?;
    }
    let subject = format!("campaign:{}", campaign.id.0);
    let detail = json!({ "persons": rows.len(), "changed": moved });
    audit(tx, app, AuditAction::ConstituentReach, subject, detail, now).await?;
    Ok(())
}

async fn audit(
    tx: &Tx,
    app: &App,
    action: AuditAction,
    subject: String,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    tx.audit(Trail { id: app.new_key(now), at: now, action, subject, detail }).await
}

/// One constituency of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constituency {
    /// The stream.
    pub stream: StreamId,
    /// Which of its constituencies.
    pub name: String,
    /// Persons on its roster.
    pub registered: i64,
    /// Of those, heard by the day.
    pub reached: i64,
}

/// Rosters in scope and how many of each were heard by a day, by stream and name.
pub async fn constituencies(
    tx: &Tx,
    campaign: CampaignId,
    as_of: NaiveDate,
) -> Result<Vec<Constituency>, Fault> {
    let columns = [Column::Stream, Column::Constituency];
    let all = Predicate::is(Column::Campaign, campaign);
    let mut found: HashMap<(StreamId, String), (i64, i64)> = HashMap::new();
    let registered = tx.from::<Entity>().filter(all.clone());
    for group in registered.count_by(&columns, None).await? {
        found.entry((group.key(0)?, group.key(1)?)).or_default().0 = group.figure()?;
    }
    let reached = tx.from::<Entity>().filter(all.and(reached_by(as_of)));
    for group in reached.count_by(&columns, None).await? {
        found.entry((group.key(0)?, group.key(1)?)).or_default().1 = group.figure()?;
    }
    let row = |((stream, name), (registered, reached))| Constituency { stream, name, registered, reached };
    let mut rows: Vec<Constituency> = found.into_iter().map(row).collect();
    rows.sort_by(|one, other| (one.stream, &one.name).cmp(&(other.stream, &other.name)));
    Ok(rows)
}

/// Persons in scope, each once however many rosters name him: registered, and heard in any of them by a day.
pub async fn distinct_persons(
    tx: &Tx,
    app: &App,
    campaign: CampaignId,
    as_of: NaiveDate,
) -> Result<(i64, i64), Fault> {
    let all = Predicate::is(Column::Campaign, campaign);
    let registered = tx.from::<Entity>().filter(all.clone());
    let reached = tx.from::<Entity>().filter(all.and(reached_by(as_of)));
    Ok((distinct(tx, app, registered).await?, distinct(tx, app, reached).await?))
}

/// How many different persons stand in some rows, whichever keys their indexes were made with.
async fn distinct(tx: &Tx, app: &App, rows: Rows<'_, Entity>) -> Result<i64, Fault> {
    let columns = [Column::PersonIndex, Column::NameSealed];
    let county = tx.viewer().county().as_str();
    let mut persons = HashSet::new();
    for row in rows.count_by(&columns, None).await? {
        let (index, sealed): (String, String) = (row.key(0)?, row.key(1)?);
        persons.insert(app.sealer.comparable(county, &sealed, &index));
    }
    Ok(i64::try_from(persons.len()).unwrap_or(i64::MAX))
}

fn reached_by(as_of: NaiveDate) -> Predicate<Column> {
    let after = as_of.succ_opt().unwrap_or(as_of);
    Predicate::Below(Column::ReachedOn, after.into())
}
