//! What a county has, and what its plan says, as rows of the same tables.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::id::{CampaignId, County, DepartmentId};
use entity::{campaign, category, channel, county, department, stream, village};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::Coded;
use crate::db::{Fault, Predicate, Tx};
use crate::error::ApiError;
use crate::plan;
use crate::plan::Plan;

/// The rows of a county that a plan compares itself with.
pub(super) struct Present {
    pub(super) county: Option<county::Model>,
    /// The campaign of this plan, if it was applied before.
    pub(super) campaign: Option<campaign::Model>,
    /// The county's other campaigns, whose plans name departments and villages too.
    pub(super) others: Vec<campaign::Model>,
    pub(super) departments: Vec<department::Model>,
    pub(super) streams: Vec<stream::Model>,
    pub(super) channels: Vec<channel::Model>,
    pub(super) categories: Vec<category::Model>,
    pub(super) villages: Vec<village::Model>,
}

impl Present {
    /// One query for each table; seven in all, four for a new campaign.
    pub(super) async fn load(tx: &Tx, campaign_code: &str) -> Result<Self, Fault> {
        let all = tx.from::<campaign::Entity>().all().await?;
        let (mut own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.code == campaign_code);
        let campaign = own.pop();
        let mut present = Self {
            county: tx.from::<county::Entity>().one().await?,
            others,
            departments: tx.from::<department::Entity>().all().await?,
            villages: tx.from::<village::Entity>().all().await?,
            streams: Vec::new(),
            channels: Vec::new(),
            categories: Vec::new(),
            campaign,
        };
        if let Some(id) = present.campaign.as_ref().map(|row| row.id) {
            let (streams, channels, categories) = lists(tx, id).await?;
            (present.streams, present.channels) = (streams, channels);
            present.categories = categories;
        }
        Ok(present)
    }

    /// The codes that other campaigns of the county still name: their departments and villages stay.
    pub(super) fn named_elsewhere(&self) -> Result<Mentioned, ApiError> {
        let mut all = Mentioned::default();
        for row in &self.others {
            let named: MentionedText = toml::from_str(&row.plan)
                .map_err(|error| ApiError::internal(&format!("plan of campaign {}: {error}", row.code)))?;
            all.departments.extend(codes(named.departments));
            all.villages.extend(codes(named.villages));
        }
        Ok(all)
    }
}

async fn lists(
    tx: &Tx,
    id: CampaignId,
) -> Result<(Vec<stream::Model>, Vec<channel::Model>, Vec<category::Model>), Fault> {
    let streams = Predicate::is(stream::Column::Campaign, id);
    let channels = Predicate::is(channel::Column::Campaign, id);
    let categories = Predicate::is(category::Column::Campaign, id);
    Ok((
        tx.from::<stream::Entity>().filter(streams).all().await?,
        tx.from::<channel::Entity>().filter(channels).all().await?,
        tx.from::<category::Entity>().filter(categories).all().await?,
    ))
}

/// Codes of departments and villages that plans name.
#[derive(Default)]
pub(super) struct Mentioned {
    pub(super) departments: HashSet<String>,
    pub(super) villages: HashSet<String>,
}

/// The little of a stored plan that is needed here; read by itself, so that a plan of an older form does not stand in
/// the way of another campaign's.
#[derive(Deserialize)]
struct MentionedText {
    #[serde(default)]
    departments: Vec<MentionedCode>,
    #[serde(default)]
    villages: Vec<MentionedCode>,
}

#[derive(Deserialize)]
struct MentionedCode {
    code: String,
}

fn codes(named: Vec<MentionedCode>) -> impl Iterator<Item = String> {
    named.into_iter().map(|element| element.code)
}

/// What the tables shall hold once the plan is applied; what was there keeps its id.
pub(super) struct Wanted {
    pub(super) county: county::Model,
    pub(super) campaign: campaign::Model,
    pub(super) departments: Vec<department::Model>,
    pub(super) streams: Vec<stream::Model>,
    pub(super) channels: Vec<channel::Model>,
    pub(super) categories: Vec<category::Model>,
    pub(super) villages: Vec<village::Model>,
}

/// A plan with the text that it was read from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) county: &'a County,
    pub(super) plan: &'a Plan,
    pub(super) text: &'a str,
}

impl Wanted {
    /// Nothing where a department is named that the plan does not define; a checked plan names none such.
    pub(super) fn of(
        source: Source<'_>,
        present: &Present,
        now: DateTime<Utc>,
        new_key: &mut impl FnMut() -> Uuid,
    ) -> Option<Self> {
        let Source { county, plan, .. } = source;
        let campaign = campaign(source, present.campaign.as_ref(), now, new_key);
        let listed = plan.departments.iter().map(|element| &element.code);
        let ids = keys::<department::Entity>(listed, &present.departments, new_key);
        let rows = Rows { county, campaign: campaign.id, departments: ids };
        Some(Self {
            departments: rows.departments(plan)?,
            streams: rows.streams(plan, &present.streams, new_key)?,
            channels: rows.channels(plan, &present.channels, new_key)?,
            categories: rows.categories(plan, &present.categories, new_key)?,
            villages: rows.villages(plan, &present.villages, new_key)?,
            county: county::Model { code: county.clone(), name: plan.county.name.clone() },
            campaign,
        })
    }
}

/// The campaign's row. While its plan is the one that was applied, so is the instant.
fn campaign(
    Source { county, plan, text }: Source<'_>,
    present: Option<&campaign::Model>,
    now: DateTime<Utc>,
    new_key: &mut impl FnMut() -> Uuid,
) -> campaign::Model {
    let founding = &plan.campaign;
    let same_text = present.filter(|row| row.plan == text);
    campaign::Model {
        county: county.clone(),
        id: present.map_or_else(|| CampaignId(new_key()), |row| row.id),
        code: founding.code.clone(),
        name: founding.name.clone(),
        aliases: json!(founding.aliases),
        document_number: founding.document_number.clone(),
        issuers: json!(founding.issuers),
        issued_on: founding.issued_on,
        opens_on: founding.opens_on,
        closes_on: founding.closes_on,
        handling: founding.handling,
        public_submission: founding.public_submission,
        anonymous_submission: founding.anonymous_submission,
        plan_digest: plan.digest(),
        plan: text.to_owned(),
        applied_at: same_text.map_or(now, |row| row.applied_at),
    }
}

/// What the rows of one plan have in common.
struct Rows<'a> {
    county: &'a County,
    campaign: CampaignId,
    departments: HashMap<String, DepartmentId>,
}

impl Rows<'_> {
    fn department(&self, code: &str) -> Option<DepartmentId> {
        self.departments.get(code).copied()
    }

    fn departments(&self, plan: &Plan) -> Option<Vec<department::Model>> {
        let row = |(place, element): (usize, &plan::Department)| {
            let role = plan.role(&element.role)?;
            let parent = element.parent.as_deref().map(|code| self.department(code));
            Some(department::Model {
                county: self.county.clone(),
                id: self.department(&element.code)?,
                code: element.code.clone(),
                name: element.name.clone(),
                role: role.code.clone(),
                role_name: role.name.clone(),
                profile: role.profile,
                parent: parent.map_or(Some(None), |found| found.map(Some))?,
                rank: rank(place),
            })
        };
        plan.departments.iter().enumerate().map(row).collect()
    }

    fn streams(
        &self,
        plan: &Plan,
        present: &[stream::Model],
        new_key: &mut impl FnMut() -> Uuid,
    ) -> Option<Vec<stream::Model>> {
        let listed = plan.streams.iter().map(|element| &element.code);
        let ids = keys::<stream::Entity>(listed, present, new_key);
        let row = |(place, element): (usize, &plan::Stream)| {
            Some(stream::Model {
                county: self.county.clone(),
                id: *ids.get(&element.code)?,
                department: self.department(&element.department)?,
                campaign: self.campaign,
                code: element.code.clone(),
                name: element.name.clone(),
                constituencies: json!(element.constituencies),
                fields: to_json(&element.fields)?,
                rank: rank(place),
            })
        };
        plan.streams.iter().enumerate().map(row).collect()
    }

    fn channels(
        &self,
        plan: &Plan,
        present: &[channel::Model],
        new_key: &mut impl FnMut() -> Uuid,
    ) -> Option<Vec<channel::Model>> {
        let listed = plan.channels.iter().map(|element| &element.code);
        let ids = keys::<channel::Entity>(listed, present, new_key);
        let row = |(place, element): (usize, &plan::Channel)| {
            let rules = to_json(&element.routes)?;
            Some(channel::Model {
                county: self.county.clone(),
                id: *ids.get(&element.code)?,
                campaign: self.campaign,
                code: element.code.clone(),
                name: element.name.clone(),
                owner: Some(self.department(&element.owner)?),
                routes: json!({ "routes": rules, "fallback": element.fallback }),
                rank: rank(place),
            })
        };
        plan.channels.iter().enumerate().map(row).collect()
    }

    fn categories(
        &self,
        plan: &Plan,
        present: &[category::Model],
        new_key: &mut impl FnMut() -> Uuid,
    ) -> Option<Vec<category::Model>> {
        let listed = plan.categories.iter().map(|element| &element.code);
        let ids = keys::<category::Entity>(listed, present, new_key);
        let row = |(place, element): (usize, &plan::Category)| {
            Some(category::Model {
                county: self.county.clone(),
                id: *ids.get(&element.code)?,
                campaign: self.campaign,
                code: element.code.clone(),
                name: element.name.clone(),
                other: element.other,
                rank: rank(place),
            })
        };
        plan.categories.iter().enumerate().map(row).collect()
    }

    fn villages(
        &self,
        plan: &Plan,
        present: &[village::Model],
        new_key: &mut impl FnMut() -> Uuid,
    ) -> Option<Vec<village::Model>> {
        let listed = plan.villages.iter().map(|element| &element.code);
        let ids = keys::<village::Entity>(listed, present, new_key);
        let row = |element: &plan::Village| {
            let committee = element.committee.as_deref().map(|code| self.department(code));
            Some(village::Model {
                county: self.county.clone(),
                id: *ids.get(&element.code)?,
                department: self.department(&element.department)?,
                code: element.code.clone(),
                name: element.name.clone(),
                kind: element.kind,
                class: element.class,
                households: i32::try_from(element.households).ok()?,
                committee: committee.map_or(Some(None), |found| found.map(Some))?,
            })
        };
        plan.villages.iter().map(row).collect()
    }
}

/// The key of every code: that of the row which has it, else a new one.
fn keys<'a, E>(
    listed: impl Iterator<Item = &'a String>,
    present: &[E::Model],
    new_key: &mut impl FnMut() -> Uuid,
) -> HashMap<String, E::Id>
where
    E: Coded<Id: From<Uuid>>,
{
    let known: HashMap<&str, E::Id> = present.iter().map(|row| (E::code_of(row), E::id_of(row))).collect();
    let key = |code: &String| match known.get(code.as_str()) {
        Some(id) => (code.clone(), *id),
        None => (code.clone(), new_key().into()),
    };
    listed.map(key).collect()
}

fn rank(place: usize) -> i32 {
    i32::try_from(place).unwrap_or(i32::MAX)
}

fn to_json(value: &impl Serialize) -> Option<Json> {
    serde_json::to_value(value).ok()
}
