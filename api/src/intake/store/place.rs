//! Where an entry belongs: campaign, stream, channel, village and class, each found in the writer's scope.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::id::{CampaignId, CategoryId, ChannelId, DepartmentId, StreamId, VillageId};
use entity::{campaign, category, channel, department, stream, village};

use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::clock::day_of;
use crate::db::{Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::intake::draft::{Draft, Form};
use crate::intake::rules::lateness;
use crate::plan::{FormField, Plan, RouteFacts};
use crate::refusal::Refusal;

/// What the writer says about the place; the stream may be left to the plan's channel map.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// How it came in.
    pub channel: ChannelId,
    /// Whose it is, where the writer owns several streams.
    pub stream: Option<StreamId>,
    /// Place.
    pub village: Option<VillageId>,
    /// Class, where it is known already.
    pub category: Option<CategoryId>,
    /// Department of the post that enters it; none for a citizen.
    pub entering: Option<DepartmentId>,
}

/// A place that was found.
pub struct Place {
    /// Campaign.
    pub campaign: campaign::Model,
    /// Its plan.
    pub plan: Arc<Plan>,
    /// Whose it is.
    pub stream: stream::Model,
    /// How it came in.
    pub channel: ChannelId,
    /// Place.
    pub village: Option<VillageId>,
    /// Class.
    pub category: Option<CategoryId>,
}

impl Place {
    /// Finds the place; whatever is not in the writer's scope is NOT_FOUND with the field that named it.
    pub async fn find(tx: &Tx, app: &App, wanted: Wanted, draft: &Draft) -> Result<Self, Stop> {
        let channel = tx.one_by_key::<channel::Entity>(channel::Column::Id, wanted.channel.0);
        let channel = found(channel.await?, "channelId")?;
        let campaign = campaign_row(tx, channel.campaign).await?;
        refuse_closed(tx, campaign.id, "channelId").await?;
        let plan = app.plans.of(&campaign)?;
        let village = village_row(tx, wanted.village).await?;
        let category = category_of(tx, channel.campaign, wanted.category).await?;
        let stream = match wanted.stream {
            Some(id) => own_stream(tx, channel.campaign, id).await?,
            None => mapped_stream(tx, &plan, &channel, village.as_ref(), wanted, draft).await?,
        };
        let village = village.map(|village| village.id);
        Ok(Self { campaign, plan, stream, channel: wanted.channel, village, category })
    }

    /// Checks the words against the stream's form and the campaign's period; says whether it is late (S04).
    pub fn check(
        &self,
        draft: &Draft,
        received_at: DateTime<Utc>,
        citizen: bool,
        now: DateTime<Utc>,
    ) -> Result<bool, Stop> {
        let known = self.plan.streams.iter().find(|stream| stream.code == self.stream.code);
        let (constituencies, fields): (&[String], &[FormField]) =
            known.map_or((&[], &[]), |stream| (&stream.constituencies, &stream.fields));
        let anonymous = !citizen || self.campaign.anonymous_submission;
        let mut refusals = draft.refusals(&Form { constituencies, fields, anonymous }, now);
        let late = lateness(day_of(received_at), self.campaign.opens_on, self.campaign.closes_on);
        refusals.extend(late.as_ref().err().cloned());
        match late {
            Ok(late) if refusals.is_empty() => Ok(late),
            _ => Err(refusals.into()),
        }
    }
}

/// The campaign of a key; there whenever a channel of it is.
pub async fn campaign_row(tx: &Tx, id: CampaignId) -> Result<campaign::Model, ApiError> {
    let row = tx.one_by_key::<campaign::Entity>(campaign::Column::Id, id.0);
    row.await?.ok_or_else(|| ApiError::internal("a channel without its campaign"))
}

/// The stream that the plan names by code.
pub async fn stream_by_code(
    tx: &Tx,
    campaign: CampaignId,
    code: &str,
) -> Result<Option<stream::Model>, ApiError> {
    let this =
        Predicate::is(stream::Column::Campaign, campaign).and(Predicate::is(stream::Column::Code, code));
    Ok(tx.from::<stream::Entity>().filter(this).one().await?)
}

fn found<M>(row: Option<M>, field: &str) -> Result<M, Stop> {
    row.ok_or_else(|| Refusal::not_found(field).into())
}

/// A stream that the writer names must be of its own department, also where it could read others.
async fn own_stream(tx: &Tx, campaign: CampaignId, id: StreamId) -> Result<stream::Model, Stop> {
    use stream::Column as C;
    let own = Predicate::All(vec![
        Predicate::is(C::Id, id),
        Predicate::is(C::Campaign, campaign),
        Predicate::is(C::Department, tx.viewer().department()),
    ]);
    found(tx.from::<stream::Entity>().filter(own).one().await?, "streamId")
}

async fn village_row(tx: &Tx, id: Option<VillageId>) -> Result<Option<village::Model>, Stop> {
    let Some(id) = id else { return Ok(None) };
    let row = tx.from::<village::Entity>().filter(Predicate::is(village::Column::Id, id)).one().await?;
    found(row, "villageId").map(Some)
}

async fn category_of(
    tx: &Tx,
    campaign: CampaignId,
    id: Option<CategoryId>,
) -> Result<Option<CategoryId>, Stop> {
    let Some(id) = id else { return Ok(None) };
    let row = tx.one_by_key::<category::Entity>(category::Column::Id, id.0);
    let row = row.await?.filter(|row| row.campaign == campaign);
    found(row, "categoryId").map(|row| Some(row.id))
}

/// The stream by the plan's channel map. A post that collects by itself enters into its own streams whatever the channel.
async fn mapped_stream(
    tx: &Tx,
    plan: &Plan,
    channel: &channel::Model,
    village: Option<&village::Model>,
    wanted: Wanted,
    draft: &Draft,
) -> Result<stream::Model, Stop> {
    let entering = match wanted.entering {
        Some(id) => department_code(tx, id).await?,
        None => None,
    };
    let constituency = draft.constituency.as_deref();
    let facts = RouteFacts {
        entering_department: entering.as_deref(),
        village: village.map(|village| village.code.as_str()),
        constituency,
    };
    let known = plan.channels.iter().find(|known| known.code == channel.code);
    let code = match (plan.entry_stream(entering.as_deref(), constituency), known) {
        (Some(code), _) => code,
        (None, Some(known)) => plan.stream_for(known, facts),
        (None, None) => return Err(Refusal::not_found("channelId").into()),
    };
    let row = stream_by_code(tx, channel.campaign, code).await?;
    found(row, "channelId")
}

async fn department_code(tx: &Tx, id: DepartmentId) -> Result<Option<String>, Stop> {
    let row = tx.one_by_key::<department::Entity>(department::Column::Id, id.0);
    Ok(row.await?.map(|row| row.code))
}
