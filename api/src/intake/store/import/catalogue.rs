//! What the rows of a ledger name, read once per run, and from it the place of each row (归口).

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::resolver_utils::EnumType as _;
use chrono::{DateTime, Utc};
use entity::enums::{SubmissionKind, Urgency};
use entity::id::{ChannelId, DepartmentId, PostId, SubmissionId};
use entity::{campaign, category, channel, department, stream, village};

use super::extra::extra;
use super::names::{Names, Unnamed};
use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::clock::day_of;
use crate::db::{Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::intake::draft::{Draft, Form, received};
use crate::intake::import::{Fault, Field, ImportRow, RowError, excerpt};
use crate::intake::rules::lateness;
use crate::intake::store::entry::{Entry, Source};
use crate::intake::store::place::campaign_row;
use crate::plan;
use crate::plan::{ImportRoutes, Plan, RouteFacts};
use crate::refusal::{Refusal, UserErrorCode};
use crate::text::folded;

/// A campaign's lists and rules for one run: the county's, or those of one department for its own ledger (导入字典).
pub struct Catalogue {
    campaign: campaign::Model,
    plan: Arc<Plan>,
    /// The channel of rows that name none.
    channel: channel::Model,
    channels: Names<channel::Model>,
    /// Those that the run may write into.
    streams: Names<stream::Model>,
    categories: Names<category::Model>,
    villages: Names<village::Model>,
    whose: Whose,
    post: Option<PostId>,
}

/// Whose ledger it is, which decides where a row belongs that names no stream.
enum Whose {
    /// The county's: the text of the message decides where the plan has rules for it, else the channel's map.
    County(Option<ImportRoutes>),
    /// A department's: its own streams, as with every entry that it makes.
    Department(department::Model),
}

impl Catalogue {
    /// Reads the lists of the channel's campaign. A department that owns no stream of it has nothing to import into.
    pub async fn load(tx: &Tx, app: &App, channel: ChannelId) -> Result<Self, Stop> {
        let this = Predicate::is(channel::Column::Id, channel);
        let row = tx.from::<channel::Entity>().filter(this).one().await?;
        let channel = row.ok_or_else(|| Refusal::not_found("channelId"))?;
        let campaign = campaign_row(tx, channel.campaign).await?;
        refuse_closed(tx, campaign.id, "channelId").await?;
        let plan = app.plans.of(&campaign)?;
        let whose = whose(tx, &plan).await?;
        let streams = streams(tx, &campaign, &whose).await?;
        let this = Predicate::is(channel::Column::Campaign, campaign.id);
        let channels = tx.from::<channel::Entity>().filter(this).all().await?;
        let this = Predicate::is(category::Column::Campaign, campaign.id);
        let categories = tx.from::<category::Entity>().filter(this).all().await?;
        let villages = tx.from::<village::Entity>().all().await?;
        Ok(Self {
            campaign,
            plan,
            channel,
            channels: Names::new(channels, |row| (&row.code, &row.name)),
            streams: named_by_unit(streams, &units(tx).await?),
            categories: Names::new(categories, |row| (&row.code, &row.name)),
            villages: Names::new(villages, |row| (&row.code, &row.name)),
            whose,
            post: tx.viewer().post(),
        })
    }

    /// The campaign.
    #[must_use]
    pub fn campaign(&self) -> &campaign::Model {
        &self.campaign
    }

    /// The channel of the run.
    #[must_use]
    pub fn channel(&self) -> &channel::Model {
        &self.channel
    }

    /// Who keeps the run: the department whose ledger it is, for the county the one that answers for the channel.
    pub(super) fn keeper(&self) -> Option<DepartmentId> {
        match self.whose {
            Whose::County(_) => self.channel.owner,
            Whose::Department(ref own) => Some(own.id),
        }
    }

    /// Every department into whose streams the run may write.
    pub(super) fn owners(&self) -> Vec<DepartmentId> {
        let mut owners: Vec<_> = self.streams.rows().iter().map(|row| row.department).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// The channel of a row.
    pub(super) fn channel_of(&self, row: &ImportRow) -> Result<ChannelId, RowError> {
        let channel = match &row.channel {
            None => &self.channel,
            Some(text) => found(row, &Field::Channel, text, self.channels.find(text))?,
        };
        Ok(channel.id)
    }

    /// The row as an entry, or everything that is wrong with it.
    pub(super) fn entry(
        &self,
        app: &App,
        row: &ImportRow,
        channel: ChannelId,
        now: DateTime<Utc>,
    ) -> Result<Entry, Vec<RowError>> {
        let mut errors = Vec::new();
        let village = sought(&mut errors, row, &Field::Village, row.village.as_deref(), &self.villages);
        let category = sought(&mut errors, row, &Field::Category, row.category.as_deref(), &self.categories);
        let stream = match self.stream(row, channel, village) {
            Ok(stream) => stream,
            Err(error) => {
                errors.push(error);
                return Err(errors);
            }
        };
        let received_at = received(row.received_at, now);
        let (draft, late) = match self.checked(row, stream, received_at, now) {
            Ok(checked) if errors.is_empty() => checked,
            Ok(_) => return Err(errors),
            Err(refused) => {
                errors.extend(refused);
                return Err(errors);
            }
        };
        Ok(Entry {
            id: SubmissionId(app.new_key(now)),
            draft,
            department: stream.department,
            campaign: self.campaign.id,
            stream: stream.id,
            stream_code: stream.code.clone(),
            channel,
            category: category.map(|row| row.id),
            village: village.map(|row| row.id),
            received_at,
            late,
            source: Source {
                post: self.post,
                external_ref: Some(row.external_ref.clone()),
                imported: true,
                ..Source::default()
            },
        })
    }

    /// The stream of an entry.
    pub(super) fn stream_of(&self, entry: &Entry) -> Option<&stream::Model> {
        self.streams.rows().iter().find(|row| row.id == entry.stream)
    }

    /// The channel with a key.
    pub(super) fn channel_with(&self, id: ChannelId) -> Option<&channel::Model> {
        self.channels.rows().iter().find(|row| row.id == id)
    }

    /// The class of an entry.
    pub(super) fn category_of(&self, entry: &Entry) -> Option<&category::Model> {
        self.categories.rows().iter().find(|row| Some(row.id) == entry.category)
    }

    /// The village of an entry.
    pub(super) fn village_of(&self, entry: &Entry) -> Option<&village::Model> {
        self.villages.rows().iter().find(|row| Some(row.id) == entry.village)
    }

    /// The stream that the row names; else by the rules of whose ledger it is.
    fn stream(
        &self,
        row: &ImportRow,
        channel: ChannelId,
        village: Option<&village::Model>,
    ) -> Result<&stream::Model, RowError> {
        if let Some(text) = &row.stream {
            match (&self.whose, self.streams.find(text)) {
                (Whose::Department(_), Err(Unnamed::Nothing)) => return Err(not_own(row, text)),
                // A unit that writes its own name means whichever of its streams is meant for the entry.
                (Whose::Department(own), Err(Unnamed::Several)) if is_called(own, text) => {}
                (_, stream) => return found(row, &Field::Stream, text, stream),
            }
        }
        let code = self.code_of_stream(row, channel, village).unwrap_or_default();
        found(row, &Field::Stream, code, self.streams.find(code))
    }

    fn code_of_stream<'a>(
        &'a self,
        row: &ImportRow,
        channel: ChannelId,
        village: Option<&village::Model>,
    ) -> Option<&'a str> {
        let constituency = self.constituency(row);
        match &self.whose {
            Whose::Department(own) => self.plan.entry_stream(Some(&own.code), constituency),
            Whose::County(Some(routes)) => Some(routes.stream_for(&row.title, &row.content)),
            Whose::County(None) => {
                let channel = self.channel_with(channel)?;
                let mut known = self.plan.channels.iter();
                let known = known.find(|known| known.code == channel.code)?;
                let facts = RouteFacts {
                    entering_department: None,
                    village: village.map(|row| row.code.as_str()),
                    constituency,
                };
                Some(self.plan.stream_for(known, facts))
            }
        }
    }

    /// The constituency of a row, as the plan writes it where it knows one.
    fn constituency<'a>(&'a self, row: &'a ImportRow) -> Option<&'a str> {
        let text = row.constituency.as_deref()?;
        let wanted = folded(text);
        let mut known = self.plan.streams.iter().flat_map(|stream| &stream.constituencies);
        Some(known.find(|known| folded(known) == wanted).map_or(text, String::as_str))
    }

    /// The words of the row, and whether it is late (S04), by the checks that every way in shares.
    fn checked(
        &self,
        row: &ImportRow,
        stream: &stream::Model,
        received_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(Draft, bool), Vec<RowError>> {
        let known = self.plan.streams.iter().find(|known| known.code == stream.code);
        let (constituencies, fields): (&[String], &[plan::FormField]) =
            known.map_or((&[], &[]), |known| (&known.constituencies, &known.fields));
        let draft = draft(row, self.constituency(row), fields);
        // A collector may leave the name out, whatever the campaign asks of citizens.
        let form = Form { constituencies, fields, anonymous: true };
        let mut refusals = draft.refusals(&form, now);
        let late = lateness(day_of(received_at), self.campaign.opens_on, self.campaign.closes_on);
        refusals.extend(late.as_ref().err().cloned());
        match late {
            Ok(late) if refusals.is_empty() => Ok((draft, late)),
            _ => Err(refusals.into_iter().map(|refusal| refused(row, refusal)).collect()),
        }
    }
}

async fn whose(tx: &Tx, plan: &Plan) -> Result<Whose, Stop> {
    if tx.viewer().profile().is_none() {
        let routes = ImportRoutes::of(plan);
        let routes = routes.map_err(|error| ApiError::internal(&error.to_string()))?;
        return Ok(Whose::County(routes));
    }
    let this = Predicate::is(department::Column::Id, tx.viewer().department());
    let row = tx.from::<department::Entity>().filter(this).one().await?;
    Ok(Whose::Department(row.ok_or_else(ApiError::forbidden)?))
}

/// The county's departments by key.
async fn units(tx: &Tx) -> Result<HashMap<DepartmentId, department::Model>, Stop> {
    let rows = tx.from::<department::Entity>().all().await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Streams are called by the names of their units too: that is what offices write into 征集单位, and what an export does.
fn named_by_unit(
    streams: Vec<stream::Model>,
    units: &HashMap<DepartmentId, department::Model>,
) -> Names<stream::Model> {
    let names = Names::new(streams, |row| (&row.code, &row.name));
    names.also(|row| units.get(&row.department).map_or_else(Vec::new, |unit| vec![&*unit.code, &*unit.name]))
}

fn is_called(unit: &department::Model, text: &str) -> bool {
    [&unit.code, &unit.name].iter().any(|name| folded(name) == folded(text))
}

async fn streams(tx: &Tx, campaign: &campaign::Model, whose: &Whose) -> Result<Vec<stream::Model>, Stop> {
    use stream::Column as C;
    let mut wanted = vec![Predicate::is(C::Campaign, campaign.id)];
    if let Whose::Department(own) = whose {
        wanted.push(Predicate::is(C::Department, own.id));
    }
    let rows = tx.from::<stream::Entity>().filter(Predicate::All(wanted)).all().await?;
    if rows.is_empty() {
        let (zh, en) = ("本单位在该活动中没有征集流", "Your department owns no stream in this campaign");
        return Err(Refusal::of(UserErrorCode::NotFound, "channelId", zh, en).into());
    }
    Ok(rows)
}

fn draft(row: &ImportRow, constituency: Option<&str>, fields: &[plan::FormField]) -> Draft {
    Draft {
        title: row.title.clone(),
        content: row.content.clone(),
        kind: row.kind.and_then(SubmissionKind::parse).unwrap_or(SubmissionKind::Suggestion),
        urgency: row.urgency.and_then(Urgency::parse).unwrap_or(Urgency::Normal),
        beneficiaries: row.beneficiaries.and_then(|count| i32::try_from(count).ok()),
        constituency: constituency.map(str::to_owned),
        confidential: row.confidential.unwrap_or(false),
        on_behalf: row.on_behalf,
        received_at: row.received_at,
        name: row.name.clone(),
        phone: row.phone.clone(),
        address: row.address.clone(),
        extra: extra(row, fields),
    }
    .tidied()
}

/// A row of a list that an optional cell names; what is wrong with the cell goes to the others.
fn sought<'a, T>(
    errors: &mut Vec<RowError>,
    row: &ImportRow,
    field: &Field,
    text: Option<&str>,
    names: &'a Names<T>,
) -> Option<&'a T> {
    let text = text?;
    found(row, field, text, names.find(text)).map_err(|error| errors.push(error)).ok()
}

fn found<'a, T>(
    row: &ImportRow,
    field: &Field,
    text: &str,
    named: Result<&'a T, Unnamed>,
) -> Result<&'a T, RowError> {
    let text = excerpt(text);
    let fault = |unnamed| match unnamed {
        Unnamed::Nothing => Fault::NotInPlan { text },
        Unnamed::Several => Fault::Refused {
            code: "AMBIGUOUS",
            reason: format!("several are named `{text}`: give the code"),
            reason_zh: format!("名称“{text}”不止一个，请填写代码"),
        },
    };
    named.map_err(|unnamed| RowError::in_field(row.line, field.to_string(), fault(unnamed)))
}

/// One answer for what does not exist and for what belongs to another department.
fn not_own(row: &ImportRow, text: &str) -> RowError {
    let text = excerpt(text);
    let fault = Fault::Refused {
        code: "NOT_OWN",
        reason: format!("`{text}` is not a stream of your department"),
        reason_zh: format!("“{text}”不是本单位的征集流"),
    };
    RowError::in_field(row.line, Field::Stream.to_string(), fault)
}

/// A refusal by the rules as an error of the row, under the ledger's name of the field.
fn refused(row: &ImportRow, refusal: Refusal) -> RowError {
    let field = match refusal.field.join(".") {
        field if field == "receivedAt" => Field::ReceivedAt.to_string(),
        field => field,
    };
    let mut codes = UserErrorCode::items().iter();
    let code = codes.find(|item| item.value == refusal.code);
    let fault = Fault::Refused {
        code: code.map_or("INVALID", |item| item.name),
        reason: refusal.message.en,
        reason_zh: refusal.message.zh,
    };
    RowError::in_field(row.line, field, fault)
}
