//! Corrections: the words and facts of a suggestion, its places, and the person behind it, while nobody has handled it.
//! Number and receipt code stay.

use chrono::{DateTime, Utc};
use entity::id::{ChannelId, VillageId};
use entity::labels::Labelled as _;
use entity::submission::{Column, Model};
use entity::{channel, person, village};
use sea_orm::Value;
use serde_json::{Value as Json, json};

use super::former;
use super::person::rewrite;
use super::place::campaign_row;
use super::step::{apply, permitted};
use crate::app::App;
use crate::clock::{day_of, shanghai};
use crate::db::{Document, Fault, Predicate, Tx};
use crate::error::Stop;
use crate::intake::draft::{Draft, Form};
use crate::intake::rules::{Action, lateness};
use crate::plan::FormField;
use crate::refusal::{Refusal, UserErrorCode};
use crate::secrets::seal::mask_of_person;

/// Where a suggestion belongs after a correction.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// How it came in.
    pub channel: ChannelId,
    /// Place.
    pub village: Option<VillageId>,
}

/// A correction of one suggestion.
pub struct Correction {
    /// As it was read.
    pub row: Model,
    /// The person behind it, as it was read; none where none was given.
    pub person: Option<person::Model>,
    /// Words, facts and person as they are to be.
    pub draft: Draft,
    /// Places as they are to be.
    pub places: Places,
    /// Whether anything is said of the person.
    pub names_person: bool,
}

/// A field that changes: its name, and what the record says of it.
struct Change {
    field: &'static str,
    told: String,
}

impl Correction {
    /// Writes the correction, if it changes anything; one that changes nothing is none and leaves everything as it is.
    ///
    /// # Errors
    /// Everything that would be wrong with a new suggestion; NOT_FOUND for a channel or village that is not there, DUPLICATE
    /// where the channel has its reference already, STALE_VERSION, WRONG_STAGE.
    pub async fn apply(self, tx: &Tx, app: &App, expected: i32, now: DateTime<Utc>) -> Result<(), Stop> {
        let case = permitted(tx, Action::Edit, &self.row, expected).await?;
        let late = self.check(tx, app, now).await?;
        let changes = self.changes(tx, app).await?;
        if changes.is_empty() {
            return Ok(());
        }
        let note: Vec<&str> = changes.iter().map(|change| change.told.as_str()).collect();
        let fields: Vec<&str> = changes.iter().map(|change| change.field).collect();
        let detail = json!({ "changed": fields });
        let (step, note) = (case.edit()?, note.join("；"));
        match apply(tx, app, &self.row, &step, self.columns(late), &note, detail, now).await {
            Err(Stop::Raced) => return Err(taken().into()),
            written => written?,
        }
        former::keep(tx, &self.row, &self.draft, now).await?;
        if self.names_person {
            rewrite(tx, app, (self.row.id, self.person.as_ref()), &self.draft, now).await?;
        }
        Ok(self.reindex(tx).await?)
    }

    /// Checks it as it would be checked anew, against its stream's form, and says whether it is late.
    async fn check(&self, tx: &Tx, app: &App, now: DateTime<Utc>) -> Result<bool, Stop> {
        let campaign = campaign_row(tx, self.row.campaign).await?;
        let plan = app.plans.of(&campaign)?;
        let this = Predicate::is(entity::stream::Column::Id, self.row.stream);
        let stream = tx.from::<entity::stream::Entity>().filter(this).one().await?;
        let stream = stream.ok_or_else(|| Refusal::not_found("submissionId"))?;
        let known = plan.streams.iter().find(|known| known.code == stream.code);
        let (constituencies, fields): (&[String], &[FormField]) =
            known.map_or((&[], &[]), |known| (&known.constituencies, &known.fields));
        let mut refusals = self.draft.refusals(&Form { constituencies, fields, anonymous: true }, now);
        if self.at() == self.row.received_at {
            return if refusals.is_empty() { Ok(self.row.late) } else { Err(refusals.into()) };
        }
        let late = lateness(day_of(self.at()), campaign.opens_on, campaign.closes_on);
        refusals.extend(late.as_ref().err().cloned());
        match late {
            Ok(late) if refusals.is_empty() => Ok(late),
            _ => Err(refusals.into()),
        }
    }

    fn at(&self) -> DateTime<Utc> {
        self.draft.received_at.unwrap_or(self.row.received_at)
    }

    /// The columns of the suggestion as they are to be.
    fn columns(&self, late: bool) -> Vec<(Column, Value)> {
        let draft = &self.draft;
        let mut columns = vec![
            (Column::Title, draft.title.clone().into()),
            (Column::Content, draft.content.clone().into()),
            (Column::Kind, draft.kind.into()),
            (Column::Urgency, draft.urgency.into()),
            (Column::Beneficiaries, draft.beneficiaries.into()),
            (Column::Constituency, draft.constituency.clone().into()),
            (Column::Extra, Json::Object(draft.extra.clone()).into()),
            (Column::NamesPerson, Some(draft.holds(draft.name.as_deref())).into()),
            (Column::Channel, self.places.channel.into()),
            (Column::Village, self.places.village.into()),
            (Column::Confidential, draft.confidential.into()),
            (Column::OnBehalf, draft.on_behalf.into()),
            (Column::ReceivedAt, self.at().into()),
            (Column::ReceivedOn, day_of(self.at()).into()),
            (Column::Late, late.into()),
        ];
        if self.names_person {
            columns.push((Column::Anonymous, (!draft.names_somebody()).into()));
        }
        columns
    }

    /// What differs. Of words and of the person the record says that they were corrected, never how: it outlives an erasure.
    async fn changes(&self, tx: &Tx, app: &App) -> Result<Vec<Change>, Stop> {
        let (row, draft) = (&self.row, &self.draft);
        let mut changes = Vec::new();
        let mut words = |field, label: &str, differs: bool| {
            changes.extend(differs.then(|| Change { field, told: format!("{label}已更正") }));
        };
        words("title", "标题", draft.title != row.title);
        words("content", "内容", draft.content != row.content);
        words("extra", "附加项", Json::Object(draft.extra.clone()) != row.extra);
        if self.names_person {
            let was = self.person.as_ref().map(|person| super::reveal(app, person)).transpose()?;
            let was = was.unwrap_or_default();
            words("name", "姓名", draft.name != was.name);
            words("phone", "电话", draft.phone != was.phone);
            words("address", "住址", draft.address != was.address);
        }
        let mut facts = |field, label: &str, was: String, is: String| {
            changes.extend((was != is).then(|| Change { field, told: format!("{label}：{was}→{is}") }));
        };
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "无".to_owned());
        let yes = |flag: bool| if flag { "是" } else { "否" }.to_owned();
        facts("kind", "诉求类型", row.kind.chinese().to_owned(), draft.kind.chinese().to_owned());
        facts("urgency", "紧急程度", row.urgency.chinese().to_owned(), draft.urgency.chinese().to_owned());
        let many = |count: Option<i32>| or_none(count.map(|count| count.to_string()));
        facts("beneficiaries", "受益人数", many(row.beneficiaries), many(draft.beneficiaries));
        let group = |group: &Option<String>| or_none(group.clone());
        facts("constituency", "征集对象", group(&row.constituency), group(&draft.constituency));
        facts("isConfidential", "保密", yes(row.confidential), yes(draft.confidential));
        facts("isOnBehalf", "代录", yes(row.on_behalf), yes(draft.on_behalf));
        facts("receivedAt", "收到时间", minute(row.received_at), minute(self.at()));
        if self.places.channel != row.channel {
            let (was, is) =
                (channel_name(tx, row.channel).await?, channel_name(tx, self.places.channel).await?);
            changes.push(Change { field: "channelId", told: format!("渠道：{was}→{is}") });
        }
        if self.places.village != row.village {
            let was = village_name(tx, row.village).await?;
            let is = village_name(tx, self.places.village).await?;
            changes.push(Change { field: "villageId", told: format!("村社区：{was}→{is}") });
        }
        Ok(changes)
    }

    /// The text index follows, for the same departments.
    async fn reindex(&self, tx: &Tx) -> Result<(), Fault> {
        let (row, draft) = (&self.row, &self.draft);
        let name = draft.name.as_deref();
        let same = draft.title == row.title && draft.content == row.content && self.at() == row.received_at;
        if same && !self.names_person {
            return Ok(());
        }
        tx.reindex_text(&Document {
            submission: row.id,
            departments: Vec::new(),
            received_at: self.at(),
            title: mask_of_person(&draft.title, name),
            content: mask_of_person(&draft.content, name),
        })
        .await
    }
}

fn taken() -> Refusal {
    let (zh, en) = ("该渠道已有此来源编号", "The channel has this reference already");
    Refusal::of(UserErrorCode::Duplicate, "channelId", zh, en)
}

fn minute(at: DateTime<Utc>) -> String {
    at.with_timezone(&shanghai()).format("%Y-%m-%d %H:%M:%S").to_string()
}

async fn channel_name(tx: &Tx, id: ChannelId) -> Result<String, Stop> {
    let this = Predicate::is(channel::Column::Id, id);
    let row = tx.from::<channel::Entity>().filter(this).one().await?;
    Ok(row.ok_or_else(|| Refusal::not_found("channelId"))?.name)
}

async fn village_name(tx: &Tx, id: Option<VillageId>) -> Result<String, Stop> {
    let Some(id) = id else { return Ok("无".to_owned()) };
    let row = tx.from::<village::Entity>().filter(Predicate::is(village::Column::Id, id)).one().await?;
    Ok(row.ok_or_else(|| Refusal::not_found("villageId"))?.name)
}
