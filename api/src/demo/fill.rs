//! Writes the entries of a demonstration by the one way in that real ones take (演示件入库).

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, Position, RecordAction, Stage};
use entity::id::{
    CategoryId, ChannelId, County, DepartmentId, PortalClientId, PostId, RecordId, StreamId, SubmissionId,
    VillageId,
};
use entity::{category, channel, department, post, record, stream, submission, village};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::sample::{Sample, Samples};
use crate::app::App;
use crate::campaign::store::campaign_by_code;
use crate::db::{Predicate, Trail, Tx};
use crate::error::{ApiError, Stop};
use crate::intake::store::{Entry, Source, Untaken, take_in};
use crate::plan::Plan;
use crate::scope::system;

/// Entries written at once.
const BATCH: usize = 500;

/// Entries of a county that are still to be written, in the order of their receipt.
pub struct Pile<'a> {
    app: &'a App,
    plan: &'a Plan,
    county: County,
    portal: Option<(ChannelId, PortalClientId)>,
    rest: VecDeque<Sample>,
}

impl<'a> Pile<'a> {
    /// The pile of a county that has no entries yet; none for another.
    ///
    /// # Errors
    /// The plan is of no county, or the database is away.
    pub async fn of(
        app: &'a App,
        plan: &'a Plan,
        samples: &Samples<'_>,
        count: u64,
        portal: Option<(ChannelId, PortalClientId)>,
    ) -> Result<Option<Self>, Stop> {
        let county = County::parse(&plan.county.code).ok_or_else(|| unfit("its county"))?;
        let tx = app.db.begin_read(&system::operator(county.clone())).await?;
        let any = tx.from::<submission::Entity>().limit(1).one().await?;
        if any.is_some() {
            return Ok(None);
        }
        let mut made: Vec<Sample> = (0..count).map(|index| samples.sample(index)).collect();
        made.sort_by_key(|sample| sample.received_at);
        Ok(Some(Self { app, plan, county, portal, rest: made.into() }))
    }

    /// Writes what was received before an instant, all or nothing; says how many.
    ///
    /// # Errors
    /// The plan was not applied, or the database is away.
    pub async fn write_until(&mut self, end: DateTime<Utc>) -> Result<usize, Stop> {
        let written = self.rest.partition_point(|sample| sample.received_at < end);
        if written == 0 {
            return Ok(0);
        }
        let operator = system::operator(self.county.clone());
        let tx = self.app.db.begin_write(&operator).await?;
        let places = Places::load(&tx, self.plan, self.portal).await?;
        let mut made: Vec<Sample> = self.rest.drain(..written).collect();
        while !made.is_empty() {
            let rest = made.split_off(made.len().min(BATCH));
            write(&tx, self.app, &places, std::mem::replace(&mut made, rest)).await?;
        }
        tx.fold_tally().await?;
        tx.audit(trail(self.app, self.plan, written)).await?;
        tx.commit().await?;
        Ok(written)
    }
}

/// The rows that a plan's codes stand for, in the plan's order.
struct Places<'a> {
    plan: &'a Plan,
    campaign: entity::id::CampaignId,
    streams: Vec<(StreamId, DepartmentId)>,
    channels: Vec<ChannelId>,
    villages: Vec<VillageId>,
    categories: Vec<CategoryId>,
    departments: HashMap<String, DepartmentId>,
    officers: HashMap<DepartmentId, PostId>,
    portal: Option<(ChannelId, PortalClientId)>,
}

impl<'a> Places<'a> {
    async fn load(
        tx: &Tx,
        plan: &'a Plan,
        portal: Option<(ChannelId, PortalClientId)>,
    ) -> Result<Self, Stop> {
        let campaign =
            campaign_by_code(tx, &plan.campaign.code).await?.ok_or_else(|| unfit("its campaign"))?.id;
        let streams = Predicate::is(stream::Column::Campaign, campaign);
        let streams = tx.from::<stream::Entity>().filter(streams).all().await?;
        let streams = streams.into_iter().map(|row| (row.code, (row.id, row.department))).collect();
        let channels = Predicate::is(channel::Column::Campaign, campaign);
        let channels = tx.from::<channel::Entity>().filter(channels).all().await?;
        let categories = Predicate::is(category::Column::Campaign, campaign);
        let categories = tx.from::<category::Entity>().filter(categories).all().await?;
        let villages = tx.from::<village::Entity>().all().await?;
        let departments = tx.from::<department::Entity>().all().await?;
        let officers = Predicate::is(post::Column::Position, Position::Officer);
        let officers = tx.from::<post::Entity>().filter(officers).all().await?;
        Ok(Self {
            plan,
            campaign,
            streams: in_order(plan.streams.iter().map(|element| &element.code), &streams)?,
            channels: in_order(
                plan.channels.iter().map(|element| &element.code),
                &ids(channels, |row| (row.code, row.id)),
            )?,
            villages: in_order(
                plan.villages.iter().map(|element| &element.code),
                &ids(villages, |row| (row.code, row.id)),
            )?,
            categories: in_order(
                plan.categories.iter().map(|element| &element.code),
                &ids(categories, |row| (row.code, row.id)),
            )?,
            departments: ids(departments, |row| (row.code, row.id)),
            officers: officers.into_iter().map(|row| (row.department, row.id)).collect(),
            portal,
        })
    }

    fn entry(&self, app: &App, sample: Sample) -> Entry {
        let (stream, department) = self.streams[sample.stream];
        let channel = self.channels[sample.channel];
        Entry {
            id: SubmissionId(app.new_key(sample.received_at)),
            source: self.source(&sample, department, channel),
            department,
            campaign: self.campaign,
            stream,
            stream_code: self.plan.streams[sample.stream].code.clone(),
            channel,
            category: sample.category.map(|place| self.categories[place]),
            village: sample.village.map(|place| self.villages[place]),
            received_at: sample.received_at,
            late: sample.late,
            draft: sample.draft,
        }
    }

    /// By the portal of the channel, by an officer of the collector or of the village, else from a ledger.
    fn source(&self, sample: &Sample, department: DepartmentId, channel: ChannelId) -> Source {
        let client =
            self.portal.filter(|(of, _)| *of == channel && !sample.by_post).map(|(_, client)| client);
        let committee = sample.village.filter(|_| sample.by_committee);
        let committee = committee.and_then(|place| self.plan.villages[place].committee.as_ref());
        let committee = committee.and_then(|code| self.departments.get(code)).copied();
        let post =
            sample.by_post.then(|| self.officers.get(&committee.unwrap_or(department)).copied()).flatten();
        Source {
            post,
            client,
            village_committee: committee.filter(|_| post.is_some()),
            external_ref: None,
            imported: post.is_none() && client.is_none(),
            proposed: None,
        }
    }
}

/// Written at the time of the last of them, as a desk does that enters its pile.
async fn write(tx: &Tx, app: &App, places: &Places<'_>, samples: Vec<Sample>) -> Result<(), Stop> {
    let Some(last) = samples.last().map(|sample| sample.received_at) else {
        return Ok(());
    };
    let withdrawn: Vec<bool> = samples.iter().map(|sample| sample.withdrawn).collect();
    let entries: Vec<Entry> = samples.into_iter().map(|sample| places.entry(app, sample)).collect();
    take_in(tx, app, &entries, last).await.map_err(|untaken| match untaken {
        Untaken::Failed(error) => Stop::Failed(error),
        Untaken::Reference => ApiError::internal("a made entry has a reference").into(),
    })?;
    let back: Vec<&Entry> =
        entries.iter().zip(withdrawn).filter_map(|(entry, back)| back.then_some(entry)).collect();
    withdraw(tx, app, &back, last).await
}

/// Taken back by their collectors; shares and figures follow the row.
async fn withdraw(tx: &Tx, app: &App, entries: &[&Entry], now: DateTime<Utc>) -> Result<(), Stop> {
    let these = Predicate::among(submission::Column::Id, entries.iter().map(|entry| entry.id));
    let changes =
        vec![(submission::Column::Stage, Stage::Withdrawn.into()), (submission::Column::Version, 2.into())];
    tx.update::<submission::Entity>(these, changes).await?;
    let mut lines = Vec::new();
    for entry in entries {
        let number = tx.take_numbers(entry.department, "record", 1).await?;
        let from = if entry.category.is_some() { Stage::Classified } else { Stage::Received };
        lines.push(record::ActiveModel {
            county: Set(tx.viewer().county().clone()),
            id: Set(RecordId(app.new_key(now))),
            department: Set(entry.department),
            number: Set(number),
            submission: Set(entry.id),
            action: Set(RecordAction::Withdrawn),
            from_stage: Set(Some(from)),
            to_stage: Set(Stage::Withdrawn),
            post: Set(entry.source.post),
            by_account: Set(None),
            by_department: Set(None),
            by_position: Set(None),
            note: Set("本人要求撤回".to_owned()),
            detail: Set(serde_json::Value::Null),
            at: Set(now),
        });
    }
    Ok(tx.insert_many(lines).await?)
}

fn trail(app: &App, plan: &Plan, written: usize) -> Trail {
    let now = app.clock.now();
    Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::SubmissionImport,
        subject: format!("campaign:{}", plan.campaign.code),
        detail: json!({ "demonstration": true, "rows": written }),
    }
}

fn ids<R, I>(rows: Vec<R>, key: impl Fn(R) -> (String, I)) -> HashMap<String, I> {
    rows.into_iter().map(key).collect()
}

fn in_order<'a, I: Copy>(
    codes: impl Iterator<Item = &'a String>,
    ids: &HashMap<String, I>,
) -> Result<Vec<I>, Stop> {
    codes.map(|code| ids.get(code).copied().ok_or_else(|| unfit(code).into())).collect()
}

fn unfit(what: &str) -> ApiError {
    ApiError::internal(&format!("the plan was not applied: no row for {what}"))
}
