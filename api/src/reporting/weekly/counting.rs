//! What a report of the viewer's own department would say if it were handed in now.

use chrono::{DateTime, Utc};
use entity::enums::VisitKind;
use entity::id::{CampaignId, DepartmentId};
use entity::weekly_report::{Column, Entity, Model};
use entity::{category, submission, symposium, visit};
use serde::Deserialize as _;

use super::figures::{ByClass, Figures};
use super::rules::{self, Counted, Handed};
use super::work::{Done, Work};
use crate::clock::day_of;
use crate::coverage::figures::villages;
use crate::coverage::rules::Period as Coverage;
use crate::db::{Direction, Fault, Group, Predicate, Tx};
use crate::error::ApiError;
use crate::plan::Plan;
use crate::reporting::due::Period;
use crate::shares::figures::{Dimension, cells};
use crate::shares::filter::{Filter, Queue};

/// What a report counts, and its figures.
#[derive(Clone, Debug)]
pub struct Count {
    /// Counts what was entered after this instant; none from the beginning.
    pub after: Option<DateTime<Utc>>,
    /// And up to this one, its cut.
    pub until: DateTime<Utc>,
    /// The figures.
    pub figures: Figures,
}

/// Up to which instant a report counts; one of a former release, up to when it was handed in.
#[must_use]
pub fn until(row: &Model) -> DateTime<Utc> {
    row.counted_until.unwrap_or(row.submitted_at)
}

/// The figures that are frozen in a report.
pub fn figures(row: &Model) -> Result<Figures, ApiError> {
    Figures::deserialize(&row.figures).map_err(|_| ApiError::internal("stored figures are unfit"))
}

/// What the viewer's own department would report of a period, beside all editions that it has handed in.
pub async fn count(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    period: &Period,
    now: DateTime<Utc>,
) -> Result<Count, ApiError> {
    let rows = own_reports(tx, campaign, &period.key).await?;
    let handed: Vec<Handed<&Model>> = rows
        .iter()
        .map(|row| Handed {
            period_end: row.period_end,
            edition: row.edition,
            until: until(row),
            report: row,
        })
        .collect();
    let before = match rules::counted(&handed, period.to) {
        Counted::As(former) => {
            let after = former.report.counted_after;
            return Ok(Count { after, until: former.until, figures: figures(former.report)? });
        }
        Counted::Since(before) => before,
    };
    let cut = rules::cut(&handed, now);
    // The whole first: what is committed in between was entered after the cut, and stands in the next report.
    let whole = cells(tx, &collected(tx, campaign), &[Dimension::Category]).await?;
    let before = match before {
        Some(one) => Some((one.until, figures(one.report)?)),
        None => None,
    };
    let work = done(tx, plan, campaign, cut).await?;
    let work = Work::of(&work, before.as_ref().and_then(|(_, figures)| figures.work.as_ref()));
    let since = match &before {
        Some((after, figures)) => Some((entered(tx, campaign, (*after, cut)).await?, figures)),
        None => None,
    };
    let figures = Figures::of(&whole, since, &classes(tx, campaign).await?, work);
    Ok(Count { after: before.map(|(after, _)| after), until: cut, figures })
}

/// Every edition that the viewer's own department has handed in for one due date.
async fn own_reports(tx: &Tx, campaign: CampaignId, due_key: &str) -> Result<Vec<Model>, Fault> {
    let these = Predicate::All(vec![
        Predicate::is(Column::Campaign, campaign),
        Predicate::is(Column::Department, tx.viewer().department()),
        Predicate::is(Column::DueKey, due_key),
    ]);
    tx.from::<Entity>().filter(these).order(Column::SubmittedAt, Direction::Ascending).all().await
}

/// All that the department has collected.
fn collected(tx: &Tx, campaign: CampaignId) -> Filter {
    Filter {
        campaigns: Some(vec![campaign]),
        departments: Some(vec![tx.viewer().department()]),
        queue: Some(Queue::Collected),
        ..Filter::default()
    }
}

/// What of it was entered between two cuts, the later one itself included.
async fn entered(
    tx: &Tx,
    campaign: CampaignId,
    (after, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<ByClass, Fault> {
    use submission::Column as C;
    let behind = |cut: DateTime<Utc>| rules::just_after(cut).unwrap_or(cut);
    let these = Predicate::All(vec![
        Predicate::is(C::Campaign, campaign),
        Predicate::is(C::Department, tx.viewer().department()),
        Predicate::AtLeast(C::CreatedAt, behind(after).into()),
        Predicate::Below(C::CreatedAt, behind(until).into()),
    ]);
    let groups = tx.from::<submission::Entity>().filter(these).count_by(&[C::Category], None).await?;
    groups.iter().map(|group| Ok((group.key(0)?, group.figure()?))).collect()
}

/// The classes of the campaign, in the plan's order.
async fn classes(tx: &Tx, campaign: CampaignId) -> Result<Vec<category::Model>, Fault> {
    let these = Predicate::is(category::Column::Campaign, campaign);
    let rows = tx.from::<category::Entity>().filter(these);
    rows.order(category::Column::Rank, Direction::Ascending).all().await
}

/// What the department has done outside, and the committees of its villages for it.
async fn done(tx: &Tx, plan: &Plan, campaign: CampaignId, cut: DateTime<Utc>) -> Result<Done, Fault> {
    let own = tx.viewer().department();
    let mut done = Done {
        visits: visits(tx, campaign, own).await?,
        symposiums: symposiums(tx, campaign, own).await?,
        ..Done::default()
    };
    let (today, last) = (day_of(cut), plan.campaign.closes_on);
    let period = Coverage {
        opens_on: plan.campaign.opens_on,
        closes_on: last,
        as_of: last.map_or(today, |last| last.min(today)),
    };
    for village in villages(tx, plan, campaign, Some(own), period).await? {
        let sum = done.coverage.entry(village.register.class).or_default();
        *sum = sum.plus(village.counts);
    }
    Ok(done)
}

/// Visits that hold, without the households that were heard at a symposium.
async fn visits(tx: &Tx, campaign: CampaignId, own: DepartmentId) -> Result<i64, Fault> {
    use visit::Column as C;
    let these = Predicate::All(vec![
        Predicate::is(C::Campaign, campaign),
        Predicate::Empty(C::WithdrawnAt),
        Predicate::among(
            C::Kind,
            VisitKind::ALL.iter().copied().filter(|kind| *kind != VisitKind::Symposium),
        ),
        Predicate::Any(vec![Predicate::is(C::Department, own), Predicate::is(C::Township, own)]),
    ]);
    let rows = tx.from::<visit::Entity>().filter(these);
    own_part(&rows.count_by(&[C::Department, C::Committee], None).await?, own)
}

async fn symposiums(tx: &Tx, campaign: CampaignId, own: DepartmentId) -> Result<i64, Fault> {
    use symposium::Column as C;
    let these = Predicate::All(vec![
        Predicate::is(C::Campaign, campaign),
        Predicate::Any(vec![Predicate::is(C::Department, own), Predicate::is(C::Township, own)]),
    ]);
    let rows = tx.from::<symposium::Entity>().filter(these);
    own_part(&rows.count_by(&[C::Department, C::Committee], None).await?, own)
}

/// Of counts by who did it and the village's committee: its own, and what committees did in their own village. What another
/// department did in its villages stands in the report of that one.
fn own_part(groups: &[Group], own: DepartmentId) -> Result<i64, Fault> {
    let mut sum = 0;
    for group in groups {
        let (who, committee): (DepartmentId, Option<DepartmentId>) = (group.key(0)?, group.key(1)?);
        if who == own || committee == Some(who) {
            sum += group.figure()?;
        }
    }
    Ok(sum)
}
