//! Rows of weekly reports.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::department;
use entity::enums::{AuditAction, DueState};
use entity::id::{CampaignId, DepartmentId, WeeklyReportId};
use entity::weekly_report::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::counting;
use super::figures::Figures;
use super::rules;
use crate::app::App;
use crate::clock::day_of;
use crate::db::{Direction, Fault, Page, PageRequest, Predicate, Trail, Tx};
use crate::error::{ApiError, Stop};
use crate::plan::Plan;
use crate::refusal::{Refusal, UserErrorCode};
use crate::reporting::due::{self, Period};
use crate::reporting::people;
use crate::secrets::seal::mask_in_text;
use crate::text::passage;

/// A report to be handed in.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Campaign.
    pub campaign: CampaignId,
    /// Key of the due date; the first that fits the day when left out.
    pub due_key: Option<String>,
    /// Last day of the period.
    pub period_end: NaiveDate,
    /// What the department says.
    pub narrative: String,
}

/// Hands a report in, or corrects the one of the same period: the figures are read and frozen here, and `now` becomes its
/// cut. Two at once would begin at the same cut, so that the second waits for the first.
pub async fn submit(tx: &Tx, app: &App, draft: Draft, now: DateTime<Utc>) -> Result<WeeklyReportId, Stop> {
    let viewer = tx.viewer();
    let post = viewer.post().ok_or_else(ApiError::forbidden)?;
    let campaign = crate::app::plans::campaign(tx, draft.campaign).await?;
    let campaign = campaign.ok_or_else(|| Refusal::not_found("campaignId"))?;
    let plan = app.plans.of(&campaign)?;
    let period = due::period_of(&plan, draft.due_key.as_deref(), draft.period_end);
    let period = period.ok_or_else(no_period)?;
    owes(tx, &plan, &period).await?;
    let narrative = mask_in_text(&passage(&draft.narrative));
    rules::check(&period, &narrative, day_of(now))?;
    tx.one_at_a_time("weekly_report").await?;
    let former = editions(tx, campaign.id, &period, Some(viewer.department())).await?;
    let edition = former.last().map_or(1, |row| row.edition + 1);
    let counted = counting::count(tx, &plan, campaign.id, &period, now).await?;
    let figures = serde_json::to_value(counted.figures).map_err(|_| unfit())?;
    let id = WeeklyReportId(app.new_key(now));
    let row = ActiveModel {
        county: Set(viewer.county().clone()),
        id: Set(id),
        department: Set(viewer.department()),
        campaign: Set(campaign.id),
        due_key: Set(period.key.clone()),
        period_start: Set(period.from),
        period_end: Set(period.to),
        edition: Set(edition),
        narrative: Set(narrative),
        figures: Set(figures),
        submitted_by: Set(post),
        submitted_at: Set(now),
        late: Set(rules::is_late(&period, day_of(now))),
        counted_after: Set(counted.after),
        counted_until: Set(Some(counted.until)),
    };
    match tx.insert(row).await {
        Err(Fault::Taken) => return Err(raced().into()),
        done => done?,
    }
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::WeeklyReportSubmit,
        subject: format!("weekly_report:{}", id.0),
        detail: json!({ "periodEnd": period.to, "edition": edition }),
    })
    .await?;
    Ok(id)
}

fn no_period() -> Refusal {
    let (zh, en) = ("方案在该日没有应报的一期", "The plan asks for no report on that day");
    Refusal::of(UserErrorCode::NotFound, "periodEnd", zh, en)
}

fn raced() -> Refusal {
    let (zh, en) = ("本单位刚刚报送了这一期，请刷新", "The department has just reported this period; reload");
    Refusal::of(UserErrorCode::Duplicate, "periodEnd", zh, en)
}

fn unfit() -> ApiError {
    ApiError::internal("the figures of a report are not of their form")
}

async fn owes(tx: &Tx, plan: &Plan, period: &Period) -> Result<(), Stop> {
    let own = people::own_code(tx, plan).await?;
    let due = due::repeated(plan).find(|due| due.key == period.key);
    if due.zip(own).is_some_and(|(due, own)| due::owing(plan, due).contains(&own)) {
        return Ok(());
    }
    Err(Refusal::not_found("campaignId").into())
}

/// What the viewer's own department would report now of a period that is running.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The period.
    pub period: Period,
    /// The figures of this moment.
    pub figures: Figures,
}

/// What the viewer's own department would report now, of every period that is running and that it owes. Writes nothing.
pub async fn previews(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    now: DateTime<Utc>,
) -> Result<Vec<Preview>, ApiError> {
    let Some(own) = people::own_code(tx, plan).await? else {
        return Ok(Vec::new());
    };
    let owed = due::repeated(plan).filter(|due| due::owing(plan, due).contains(&own));
    let periods: Vec<Period> = owed.filter_map(|due| due::running(plan, due, day_of(now))).collect();
    let mut previews = Vec::new();
    for period in periods {
        let counted = counting::count(tx, plan, campaign, &period, now).await?;
        previews.push(Preview { period, figures: counted.figures });
    }
    Ok(previews)
}

/// Every edition of the reports of a period, the first first; of one department or of all that the viewer sees.
async fn editions(
    tx: &Tx,
    campaign: CampaignId,
    period: &Period,
    department: Option<DepartmentId>,
) -> Result<Vec<Model>, Fault> {
    let mut these = vec![
        Predicate::is(Column::Campaign, campaign),
        Predicate::is(Column::DueKey, &*period.key),
        Predicate::is(Column::PeriodEnd, period.to),
    ];
    these.extend(department.map(|id| Predicate::is(Column::Department, id)));
    tx.from::<Entity>().filter(Predicate::All(these)).order(Column::Edition, Direction::Ascending).all().await
}

/// How one department stands with one period.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The department that owes it.
    pub department: department::Model,
    /// On time, late, missing or not due yet: a correction does not make a report late.
    pub state: DueState,
    /// The latest edition.
    pub report: Option<Model>,
}

/// How everybody who owes a period stands, as far as the viewer sees: the clause S19 of one period.
pub async fn standings(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    period: &Period,
    today: NaiveDate,
) -> Result<Vec<Standing>, ApiError> {
    let Some(due) = due::repeated(plan).find(|due| due.key == period.key) else {
        return Ok(Vec::new());
    };
    let owing = people::departments(tx, &due::owing(plan, due)).await?;
    let mut rows: HashMap<DepartmentId, (NaiveDate, Model)> = HashMap::new();
    for row in editions(tx, campaign, period, None).await? {
        let first = rows.get(&row.department).map_or(day_of(row.submitted_at), |(first, _)| *first);
        rows.insert(row.department, (first, row));
    }
    let standing = |department: department::Model| {
        let found = rows.remove(&department.id);
        Standing {
            state: due::state(found.as_ref().map(|(first, _)| *first), period.to, today),
            report: found.map(|(_, row)| row),
            department,
        }
    };
    Ok(owing.into_iter().map(standing).collect())
}

/// Which weekly reports are wanted. 周报
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WeeklyWanted {
    /// Campaign.
    pub campaign: CampaignId,
    /// Departments.
    pub departments: Option<Vec<DepartmentId>>,
    /// Last day of the period.
    pub period_end: Option<NaiveDate>,
    /// Handed in after the due day, or not.
    pub late: Option<bool>,
}

/// What is wanted, as a condition on reports.
#[must_use]
pub fn predicate(wanted: &WeeklyWanted) -> Predicate<Column> {
    let mut parts = vec![Predicate::is(Column::Campaign, wanted.campaign)];
    parts.extend(
        wanted.departments.as_ref().map(|ids| Predicate::among(Column::Department, ids.iter().copied())),
    );
    parts.extend(wanted.period_end.map(|day| Predicate::is(Column::PeriodEnd, day)));
    parts.extend(wanted.late.map(|late| Predicate::is(Column::Late, late)));
    Predicate::All(parts)
}

/// A page of reports by the time at which they were handed in.
pub async fn page(tx: &Tx, wanted: &WeeklyWanted, request: &PageRequest) -> Result<Page<Model>, Fault> {
    tx.from::<Entity>().filter(predicate(wanted)).page(&[Column::SubmittedAt, Column::Id], request).await
}

/// How many reports.
pub async fn count(tx: &Tx, wanted: &WeeklyWanted) -> Result<u64, Fault> {
    tx.from::<Entity>().filter(predicate(wanted)).count().await
}
