//! Rows without suggestions: every value that a dimension has in the caller's scope, as far as the filter lets it, so that
//! a table also shows who received nothing.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use entity::enums::{Stage, SubmissionKind};
use entity::{campaign, category, channel, stream, village};

use crate::clock::day_of;
use crate::db::{Predicate, Tx};
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::shares::figures::{Dimension, Key, MOST_ROWS, end_of, first_day};
use crate::shares::filter::{Facets, Filter, Queue};

pub(super) fn too_many() -> ApiError {
    ApiError::bad_input(
        format!("超过 {MOST_ROWS} 行，请缩小筛选范围"),
        format!("More than {MOST_ROWS} rows; narrow the filter"),
    )
}

/// The keys of every row that a cut by one or two dimensions may have.
pub(super) async fn rows(
    request: &Request,
    tx: &Tx,
    filter: &Filter,
    by: &[Dimension],
) -> Result<Vec<Vec<Key>>, ApiError> {
    let mut rows = vec![Vec::new()];
    for dimension in by {
        let values = values(request, tx, filter, *dimension).await?;
        if rows.len().saturating_mul(values.len()) > MOST_ROWS {
            return Err(too_many());
        }
        let with = |row: &Vec<Key>| -> Vec<Vec<Key>> {
            values.iter().map(|value| [row.as_slice(), &[*value]].concat()).collect()
        };
        rows = rows.iter().flat_map(with).collect();
    }
    Ok(rows)
}

async fn values(
    request: &Request,
    tx: &Tx,
    filter: &Filter,
    dimension: Dimension,
) -> Result<Vec<Key>, ApiError> {
    Ok(match dimension {
        Dimension::Department => {
            let owners: BTreeSet<_> = streams(tx, filter).await?.iter().map(|row| row.department).collect();
            owners.into_iter().map(Key::Department).collect()
        }
        Dimension::Stream => streams(tx, filter).await?.iter().map(|row| Key::Stream(row.id)).collect(),
        Dimension::Category => {
            let rows = of_campaigns(filter, category::Column::Campaign);
            let rows = tx.from::<category::Entity>().filter(rows).all().await?;
            let ids = rows.into_iter().map(|row| row.id);
            present(ids, filter.categories.as_ref()).into_iter().map(Key::Category).collect()
        }
        Dimension::Channel => {
            let rows = of_campaigns(filter, channel::Column::Campaign);
            let rows = tx.from::<channel::Entity>().filter(rows).all().await?;
            let ids = rows.into_iter().map(|row| row.id);
            ids.filter(|id| among(filter.channels.as_deref(), id)).map(Key::Channel).collect()
        }
        Dimension::Village => {
            let rows = tx.from::<village::Entity>().all().await?;
            let ids = rows.into_iter().map(|row| row.id);
            present(ids, filter.villages.as_ref()).into_iter().map(Key::Village).collect()
        }
        Dimension::Kind => {
            let all = SubmissionKind::ALL.iter().copied();
            all.filter(|kind| among(filter.kinds.as_deref(), kind)).map(Key::Kind).collect()
        }
        Dimension::Stage => stages(filter).map(Key::Stage).collect(),
        Dimension::Day | Dimension::Week | Dimension::Month => {
            let Some((from, end)) = period(request, tx, filter).await? else {
                return Ok(Vec::new());
            };
            stretches(dimension, from, end).map(|first| Key::From(dimension, first)).collect()
        }
    })
}

/// Streams in scope whose campaign, owner and id the filter lets through.
async fn streams(tx: &Tx, filter: &Filter) -> Result<Vec<stream::Model>, ApiError> {
    let rows = tx.from::<stream::Entity>().filter(of_campaigns(filter, stream::Column::Campaign)).all();
    let wanted = |row: &stream::Model| {
        among(filter.streams.as_deref(), &row.id) && among(filter.departments.as_deref(), &row.department)
    };
    Ok(rows.await?.into_iter().filter(wanted).collect())
}

fn stages(filter: &Filter) -> impl Iterator<Item = Stage> + '_ {
    let of_queue = |stage: &Stage| filter.queue != Some(Queue::ToClassify) || *stage == Stage::Received;
    let wanted = move |stage: &Stage| of_queue(stage) && among(filter.stages.as_deref(), stage);
    Stage::ALL.iter().copied().filter(wanted)
}

fn of_campaigns<C: sea_orm::ColumnTrait>(filter: &Filter, column: C) -> Predicate<C> {
    let ids = filter.campaigns.as_ref();
    ids.map_or(Predicate::everything(), |ids| Predicate::among(column, ids.iter().copied()))
}

/// A list that is not given lets everything through.
fn among<T: PartialEq>(wanted: Option<&[T]>, value: &T) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(value))
}

/// The values that the filter lets through, and the lack of one.
fn present<T: PartialEq>(all: impl Iterator<Item = T>, wanted: Option<&Facets<T>>) -> Vec<Option<T>> {
    match wanted {
        None => all.map(Some).chain([None]).collect(),
        Some(Facets::Among(ids)) => all.filter(|id| ids.contains(id)).map(Some).collect(),
        Some(Facets::Present(true)) => all.map(Some).collect(),
        Some(Facets::Present(false)) => vec![None],
    }
}

/// First day, and the day after the last: what the filter does not bound begins with the campaigns and ends today.
async fn period(
    request: &Request,
    tx: &Tx,
    filter: &Filter,
) -> Result<Option<(NaiveDate, NaiveDate)>, ApiError> {
    let from = match filter.received_from {
        Some(day) => Some(day),
        None => opening(tx, filter).await?,
    };
    let tomorrow = day_of(request.now).checked_add_days(Days::new(1));
    Ok(from.zip(filter.received_before.or(tomorrow)))
}

/// The first day of the campaigns; grouping by the column fetches it without their plans.
async fn opening(tx: &Tx, filter: &Filter) -> Result<Option<NaiveDate>, ApiError> {
    let rows = tx.from::<campaign::Entity>().filter(of_campaigns(filter, campaign::Column::Id));
    let mut days = Vec::new();
    for group in rows.count_by(&[campaign::Column::OpensOn], None).await? {
        days.push(group.key::<NaiveDate>(0)?);
    }
    Ok(days.into_iter().min())
}

/// First days of the days, weeks or months of a period; one more than may be shown, of a period that has more.
fn stretches(dimension: Dimension, from: NaiveDate, end: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let next = move |day: &NaiveDate| Some(end_of(dimension, *day)).filter(|next| next > day);
    let within = std::iter::successors(Some(first_day(dimension, from)), next);
    within.take_while(move |day| from < end && *day < end).take(MOST_ROWS + 1)
}
