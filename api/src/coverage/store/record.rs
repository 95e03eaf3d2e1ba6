//! Taking visits in: one, a batch, or the households of a symposium. What is sent twice counts once.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, RightsProfile, VisitKind};
use entity::id::{CampaignId, SymposiumId, VillageId, VisitId};
use entity::{campaign, symposium, village, visit};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::ground::{Grounds, campaign_of, last_households, villages_in_reach};
use crate::app::App;
use crate::clock::day_of;
use crate::coverage::rules::{Draft, Ground, check_ref, check_symposium};
use crate::db::{Predicate, Trail, Tx};
use crate::error::Stop;
use crate::refusal::{Refusal, UserErrorCode};

/// What became of one row.
#[derive(Debug)]
pub enum Outcome {
    /// Taken in.
    Taken(VisitId),
    /// It was there already under the same mark.
    Repeated(VisitId),
    /// Not taken in; the other rows of a batch are.
    Refused(Vec<Refusal>),
}

/// Takes in what can be taken in; rows that can't say why.
pub async fn record(
    tx: &Tx,
    app: &App,
    campaign: Option<CampaignId>,
    drafts: &[Draft],
    now: DateTime<Utc>,
) -> Result<Vec<Outcome>, Stop> {
    let campaign = campaign_of(tx, campaign).await?;
    let grounds = Grounds::of(tx, campaign.id, drafts).await?;
    let mut sorter = Sorter { tx, app, campaign: &campaign, grounds, rows: Vec::new(), now };
    let outcomes: Vec<Outcome> = drafts.iter().map(|draft| sorter.sort(draft, None)).collect();
    let rows = sorter.in_order();
    if rows.is_empty() {
        return Ok(outcomes);
    }
    let detail = json!({ "taken": rows.len(), "rows": drafts.len() });
    let subject = match (&outcomes[..], drafts.len()) {
        ([Outcome::Taken(id)], 1) => format!("visit:{}", id.0),
        _ => format!("campaign:{}", campaign.id.0),
    };
    tx.insert_many(rows).await?;
    tx.audit(Trail { id: app.new_key(now), at: now, action: AuditAction::VisitRecord, subject, detail })
        .await?;
    Ok(outcomes)
}

/// A symposium as its form says.
#[derive(Clone, Debug)]
pub struct Symposium {
    /// Campaign; none where the id is none.
    pub campaign: Option<CampaignId>,
    /// Village or community; the outer is none where no village is meant, the inner where the id is none.
    pub village: Option<Option<VillageId>>,
    /// Day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: String,
    /// What about.
    pub topic: String,
    /// How many came.
    pub attendance: i32,
    /// Numbers of the village's households that were present.
    pub households: Vec<i32>,
    /// The holder's own mark.
    pub client_ref: String,
}

/// Takes in a symposium; each household that was present counts as reached, though not at its door.
pub async fn meet(tx: &Tx, app: &App, form: &Symposium, now: DateTime<Utc>) -> Result<SymposiumId, Stop> {
    let campaign = campaign_of(tx, form.campaign).await?;
    let households: HashSet<i32> = form.households.iter().copied().collect();
    let named: HashSet<VillageId> = form.village.flatten().into_iter().collect();
    let mut village = villages_in_reach(tx, &named).await?.into_values();
    let village = village.next();
    match (form.village, &village) {
        (Some(_), None) => return Err(Refusal::not_found("villageId").into()),
        (None, _) if tx.viewer().profile() == Some(RightsProfile::Village) => {
            return Err(own_village().into());
        }
        _ => {}
    }
    let ground = Ground {
        opens_on: campaign.opens_on,
        today: day_of(now),
        households: last_households(tx, &named).await?.into_values().next(),
    };
    check(form, &households, ground)?;
    if let Some(known) = known_symposium(tx, form).await? {
        return Ok(known);
    }
    let id = SymposiumId(app.new_key(now));
    tx.insert(row_of(tx, form, id, campaign.id, village.as_ref(), now)).await?;
    let present = Present { campaign: &campaign, symposium: id, form, households };
    present.reach(tx, app, now).await?;
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::SymposiumRecord,
        subject: format!("symposium:{}", id.0),
        detail: json!({ "attendance": form.attendance, "households": form.households.len() }),
    })
    .await?;
    Ok(id)
}

fn own_village() -> Refusal {
    let (zh, en) = (
        "村级账号召集的座谈会须填写本村",
        "A village's account holds symposiums in its own village: name it",
    );
    Refusal::invalid("villageId", zh, en)
}

fn check(form: &Symposium, households: &HashSet<i32>, ground: Ground) -> Result<(), Stop> {
    let mut refusals =
        check_symposium(form.held_on, &form.place, &form.topic, form.attendance, households.len(), ground);
    refusals.extend(check_ref(&form.client_ref).err());
    let most = ground.households.unwrap_or(0);
    if households.iter().any(|number| !(1..=most).contains(number)) {
        let (zh, en) =
            ("到会户号不在该村户数之内，或未填村居", "A household is not in the village's register");
        refusals.push(Refusal::invalid("households", zh, en));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals.into()) }
}

fn row_of(
    tx: &Tx,
    form: &Symposium,
    id: SymposiumId,
    campaign: CampaignId,
    village: Option<&village::Model>,
    now: DateTime<Utc>,
) -> symposium::ActiveModel {
    let present: HashSet<i32> = form.households.iter().copied().collect();
    symposium::ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(id),
        department: Set(tx.viewer().department()),
        township: Set(village.map(|row| row.department)),
        committee: Set(village.and_then(|row| row.committee)),
        campaign: Set(campaign),
        village: Set(village.map(|row| row.id)),
        held_on: Set(form.held_on),
        place: Set(form.place.clone()),
        topic: Set(form.topic.clone()),
        attendance: Set(form.attendance),
        households: Set(i32::try_from(present.len()).unwrap_or(i32::MAX)),
        client_ref: Set(form.client_ref.clone()),
        entered_by: Set(tx.viewer().post()),
        created_at: Set(now),
    }
}

/// A symposium under the same mark; refused where it is another one.
async fn known_symposium(tx: &Tx, form: &Symposium) -> Result<Option<SymposiumId>, Stop> {
    use symposium::Column;
    let this = Predicate::is(Column::Department, tx.viewer().department())
        .and(Predicate::is(Column::ClientRef, &*form.client_ref));
    let Some(row) = tx.from::<symposium::Entity>().filter(this).one().await? else {
        return Ok(None);
    };
    if row.held_on == form.held_on && row.village == form.village.flatten() {
        return Ok(Some(row.id));
    }
    Err(taken().into())
}

/// The households at a symposium.
struct Present<'a> {
    campaign: &'a campaign::Model,
    symposium: SymposiumId,
    form: &'a Symposium,
    households: HashSet<i32>,
}

impl Present<'_> {
    async fn reach(self, tx: &Tx, app: &App, now: DateTime<Utc>) -> Result<(), Stop> {
        let draft = |household: &i32| Draft {
            village: self.form.village.flatten(),
            household: *household,
            visited_on: self.form.held_on,
            kind: VisitKind::Symposium,
            submissions: Vec::new(),
            sensitive: false,
            note: String::new(),
            // Its key is nobody's to guess, so no form's mark is the same.
            client_ref: format!(":{}:{household}", self.symposium.0.simple()),
        };
        let drafts: Vec<Draft> = self.households.iter().map(draft).collect();
        let grounds = Grounds::of(tx, self.campaign.id, &drafts).await?;
        let mut sorter = Sorter { tx, app, campaign: self.campaign, grounds, rows: Vec::new(), now };
        for draft in &drafts {
            if let Outcome::Refused(refusals) = sorter.sort(draft, Some(self.symposium)) {
                return Err(refusals.into());
            }
        }
        Ok(tx.insert_many(sorter.in_order()).await?)
    }
}

/// Tells rows that are taken in from those that are not.
struct Sorter<'a> {
    tx: &'a Tx,
    app: &'a App,
    campaign: &'a campaign::Model,
    grounds: Grounds,
    rows: Vec<visit::Model>,
    now: DateTime<Utc>,
}

impl Sorter<'_> {
    fn sort(&mut self, draft: &Draft, symposium: Option<SymposiumId>) -> Outcome {
        let village = draft.village.and_then(|id| self.grounds.villages.get(&id));
        let ground = Ground {
            opens_on: self.campaign.opens_on,
            today: day_of(self.now),
            households: village.and_then(|row| self.grounds.households.get(&row.id).copied()),
        };
        let mut refusals = draft.refusals(ground);
        let known = |id: &Option<entity::id::SubmissionId>| {
            id.is_some_and(|id| self.grounds.submissions.contains(&id))
        };
        if !draft.submissions.iter().all(known) {
            refusals.push(Refusal::not_found("submissionIds"));
        }
        let Some(village) = village.filter(|_| refusals.is_empty()) else {
            return Outcome::Refused(refusals);
        };
        if let Some(row) = self.grounds.known.get(&draft.client_ref) {
            return if draft.repeats(row) && row.campaign == self.campaign.id {
                Outcome::Repeated(row.id)
            } else {
                Outcome::Refused(vec![taken()])
            };
        }
        let submissions: Vec<_> = draft.submissions.iter().flatten().collect();
        let row = visit::Model {
            county: self.tx.viewer().county().clone(),
            id: VisitId(self.app.new_key(self.now)),
            department: self.tx.viewer().department(),
            township: village.department,
            committee: village.committee,
            campaign: self.campaign.id,
            village: village.id,
            household: draft.household,
            visited_on: draft.visited_on,
            kind: draft.kind,
            with_opinion: !submissions.is_empty(),
            submissions: json!(submissions),
            sensitive: draft.sensitive,
            note: draft.note.clone(),
            symposium,
            client_ref: draft.client_ref.clone(),
            entered_by: self.tx.viewer().post(),
            created_at: self.now,
            withdrawn_at: None,
            withdrawn_reason: None,
            version: 1,
        };
        let id = row.id;
        self.rows.push(row.clone());
        self.grounds.known.insert(row.client_ref.clone(), row);
        Outcome::Taken(id)
    }

    /// Households in one order, so that two batches never wait for each other.
    fn in_order(mut self) -> Vec<visit::ActiveModel> {
        self.rows.sort_by_key(|row| (row.village, row.household));
        let rows = self.rows.into_iter();
        rows.map(sea_orm::IntoActiveModel::into_active_model).collect()
    }
}

fn taken() -> Refusal {
    let (zh, en) = ("此客户端编号已用于另一次走访", "This mark stands for another visit already");
    Refusal::of(UserErrorCode::Duplicate, "clientRef", zh, en)
}
