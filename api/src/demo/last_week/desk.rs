//! Who does what at which hour: the posts of a county, the rows that its plan's codes stand for, and its calendar.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone as _, Utc};
use entity::enums::Position;
use entity::id::{CampaignId, CategoryId, ChannelId, County, DepartmentId, SessionId, VillageId};
use entity::{category, channel, department, post, village};
use uuid::Uuid;

use crate::app::App;
use crate::campaign::store::campaign_by_code;
use crate::clock::{day_of, shanghai};
use crate::db::{Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::plan::Plan;
use crate::scope::profiles::Operation;
use crate::scope::system;
use crate::scope::viewer::{Credential, Viewer};

/// A post by its department's code and its rank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat<'a>(pub(super) &'a str, pub(super) Position);

pub(super) const fn officer(department: &str) -> Seat<'_> {
    Seat(department, Position::Officer)
}

pub(super) const fn deputy(department: &str) -> Seat<'_> {
    Seat(department, Position::Deputy)
}

pub(super) const fn head(department: &str) -> Seat<'_> {
    Seat(department, Position::Head)
}

/// The campaign's office.
pub(super) const OFFICE: Seat<'static> = officer("CAMPAIGN_OFFICE");

/// Everything that the acts share.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) plan: &'a Plan,
    pub(super) campaign: CampaignId,
    last_day: NaiveDate,
    viewers: HashMap<(String, Position), Viewer>,
    departments: HashMap<String, DepartmentId>,
    villages: HashMap<String, VillageId>,
    categories: HashMap<String, CategoryId>,
    channels: HashMap<String, ChannelId>,
}

impl<'a> Desk<'a> {
    /// Of a county whose plan was applied and whose seats were taken.
    pub(super) async fn of(app: &'a App, plan: &'a Plan) -> Result<Self, Stop> {
        let county = County::parse(&plan.county.code).ok_or_else(|| missing("the county"))?;
        let tx = app.db.begin_read(&system::operator(county)).await?;
        let campaign = campaign_by_code(&tx, &plan.campaign.code).await?;
        let campaign = campaign.ok_or_else(|| missing("the campaign"))?.id;
        let departments = tx.from::<department::Entity>().all().await?;
        let posts = tx.from::<post::Entity>().all().await?;
        let of_campaign = Predicate::is(category::Column::Campaign, campaign);
        let categories = tx.from::<category::Entity>().filter(of_campaign);
        let of_campaign = Predicate::is(channel::Column::Campaign, campaign);
        let channels = tx.from::<channel::Entity>().filter(of_campaign);
        let villages = tx.from::<village::Entity>().all().await?;
        Ok(Self {
            app,
            plan,
            campaign,
            last_day: plan.campaign.closes_on.unwrap_or_default(),
            viewers: viewers(&posts, &departments),
            departments: codes(departments, |row| (row.code, row.id)),
            villages: codes(villages, |row| (row.code, row.id)),
            categories: codes(categories.all().await?, |row| (row.code, row.id)),
            channels: codes(channels.all().await?, |row| (row.code, row.id)),
        })
    }

    /// Whether somebody has that post.
    pub(super) fn is_taken(&self, seat: Seat<'_>) -> bool {
        self.viewers.contains_key(&(seat.0.to_owned(), seat.1))
    }

    /// Opens a write for somebody who may do what is to be done.
    pub(super) async fn open(&self, seat: Seat<'_>, does: &[Operation]) -> Result<Tx, Stop> {
        let viewer = self.viewers.get(&(seat.0.to_owned(), seat.1));
        let viewer = viewer.ok_or_else(|| missing(seat.0))?;
        if !does.iter().all(|operation| viewer.may(*operation)) {
            return Err(ApiError::forbidden().into());
        }
        Ok(self.app.db.begin_write(viewer).await?)
    }

    /// The day so many days before the last one.
    pub(super) fn day(&self, before: u64) -> NaiveDate {
        let day = self.last_day.checked_sub_days(Days::new(before));
        day.unwrap_or(self.last_day)
    }

    /// The day so many days after the last one.
    pub(super) fn day_after(&self, days: u64) -> NaiveDate {
        let day = self.last_day.checked_add_days(Days::new(days));
        day.unwrap_or(self.last_day)
    }

    /// An hour of the day so many days before the last one; never one that is still to come.
    pub(super) fn at(&self, before: u64, hour: i64) -> DateTime<Utc> {
        let midnight = self.day(before).and_time(chrono::NaiveTime::MIN);
        let local = midnight + TimeDelta::hours(hour);
        let at = shanghai().from_local_datetime(&local).single();
        let now = self.app.clock.now();
        at.map_or(now, |at| at.to_utc().min(now))
    }

    /// Eleven o'clock of the evening before today: what is there was received, nothing is still to come.
    pub(super) fn last_evening(&self) -> DateTime<Utc> {
        let today = day_of(self.app.clock.now());
        let days = (self.last_day - today).num_days() + 1;
        self.at(u64::try_from(days).unwrap_or(1), 23)
    }

    /// The departments that own a stream: each owes a roster, its reports and a table.
    pub(super) fn owing(&self) -> impl Iterator<Item = &'a str> {
        let plan = self.plan;
        let departments = plan.departments.iter().map(|row| row.code.as_str());
        departments.filter(|code| plan.streams_of(code).next().is_some())
    }

    pub(super) fn department(&self, code: &str) -> Result<DepartmentId, Stop> {
        found(&self.departments, code)
    }

    pub(super) fn village(&self, code: &str) -> Result<VillageId, Stop> {
        found(&self.villages, code)
    }

    pub(super) fn channel(&self, code: &str) -> Result<ChannelId, Stop> {
        found(&self.channels, code)
    }

    /// The class of a name in the plan's list.
    pub(super) fn category(&self, name: &str) -> Result<CategoryId, Stop> {
        let mut classes = self.plan.categories.iter();
        let class = classes.find(|class| class.name == name);
        let class = class.ok_or_else(|| missing(name))?;
        found(&self.categories, &class.code)
    }
}

/// Posts as they act: in no session, for nobody signed in.
fn viewers(posts: &[post::Model], departments: &[department::Model]) -> HashMap<(String, Position), Viewer> {
    let viewer = |post: &post::Model| {
        let department = departments.iter().find(|row| row.id == post.department)?;
        let credential = Credential::Post {
            account: post.account,
            post: post.id,
            position: post.position,
            session: SessionId(Uuid::nil()),
        };
        let county = post.county.clone();
        let viewer = Viewer::of_post(county, department.id, department.profile, credential);
        Some(((department.code.clone(), post.position), viewer))
    };
    posts.iter().filter_map(viewer).collect()
}

fn codes<R, I>(rows: Vec<R>, key: impl Fn(R) -> (String, I)) -> HashMap<String, I> {
    rows.into_iter().map(key).collect()
}

fn found<I: Copy>(ids: &HashMap<String, I>, code: &str) -> Result<I, Stop> {
    ids.get(code).copied().ok_or_else(|| missing(code).into())
}

pub(super) fn missing(what: &str) -> ApiError {
    ApiError::internal(&format!("the last week needs {what}, which is not there"))
}
