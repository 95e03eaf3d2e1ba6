//! The values of a grouping: the filter that lists them, and what people call them.

use chrono::NaiveDate;

use super::OverviewKey;
use crate::graphql::context::{Request, Snapshot};
use crate::graphql::error::ApiError;
use crate::graphql::id::Kind;
use crate::graphql::loaders::one;
use crate::graphql::scalars::Date;
use crate::intake::graphql::SubmissionFilter;
use crate::intake::store::figures::{Dimension, Key, end_of};

/// The filter of the whole, narrowed to one row's values.
pub(super) fn narrowed(
    request: &Request,
    mut filter: SubmissionFilter,
    keys: &[Key],
) -> SubmissionFilter {
    for key in keys {
        match *key {
            Key::Department(id) => {
                filter.department_ids = Some(vec![request.id(Kind::Department, id)]);
            }
            Key::Stream(id) => filter.stream_ids = Some(vec![request.id(Kind::Stream, id)]),
            Key::Category(Some(id)) => {
                filter.category_ids = Some(vec![request.id(Kind::Category, id)]);
            }
            Key::Category(None) => filter.is_classified = Some(false),
            Key::Channel(id) => filter.channel_ids = Some(vec![request.id(Kind::Channel, id)]),
            Key::Kind(kind) => filter.kinds = Some(vec![kind]),
            Key::Stage(stage) => filter.stages = Some(vec![stage]),
            Key::Village(Some(id)) => {
                filter.village_ids = Some(vec![request.id(Kind::Village, id)]);
            }
            Key::Village(None) => filter.has_village = Some(false),
            Key::From(dimension, first) => within(&mut filter, first, end_of(dimension, first)),
        }
    }
    filter
}

/// The period of a row lies within that of the whole, also where a week begins before it.
fn within(filter: &mut SubmissionFilter, first: NaiveDate, end: NaiveDate) {
    let from = filter.received_from.map_or(first, |from| from.0.max(first));
    let to = filter.received_to.map_or(end, |to| to.0.min(end));
    filter.received_from = Some(Date(from));
    filter.received_to = Some(Date(to));
}

/// Fetches all names at once, so that a table of forty departments asks for them in one round trip.
pub(super) async fn warm<'k>(
    snapshot: &Snapshot,
    keys: impl Iterator<Item = &'k Key>,
) -> Result<(), ApiError> {
    let (mut departments, mut streams, mut channels) = (Vec::new(), Vec::new(), Vec::new());
    let (mut categories, mut villages) = (Vec::new(), Vec::new());
    for key in keys {
        match *key {
            Key::Department(id) => departments.push(id),
            Key::Stream(id) => streams.push(id),
            Key::Channel(id) => channels.push(id),
            Key::Category(id) => categories.extend(id),
            Key::Village(id) => villages.extend(id),
            Key::Kind(_) | Key::Stage(_) | Key::From(..) => {}
        }
    }
    let load = &snapshot.load;
    load.departments.load_many(departments).await?;
    load.streams.load_many(streams).await?;
    load.channels.load_many(channels).await?;
    load.categories.load_many(categories).await?;
    load.villages.load_many(villages).await?;
    Ok(())
}

pub(super) async fn labels(
    request: &Request,
    snapshot: &Snapshot,
    keys: Vec<Key>,
) -> Result<Vec<OverviewKey>, ApiError> {
    let mut labels = Vec::with_capacity(keys.len());
    for key in keys {
        labels.push(label(request, snapshot, key).await?);
    }
    Ok(labels)
}

async fn label(request: &Request, snapshot: &Snapshot, key: Key) -> Result<OverviewKey, ApiError> {
    let load = &snapshot.load;
    let named = |dimension, kind, key, name: Option<String>| OverviewKey {
        dimension,
        value: Some(request.id(kind, key).0),
        label: name.unwrap_or_else(|| "（无）".to_owned()),
    };
    Ok(match key {
        Key::Department(key) => {
            let row = one(&load.departments, key).await?;
            named(
                Dimension::Department,
                Kind::Department,
                key.0,
                row.map(|row| row.name),
            )
        }
        Key::Stream(key) => {
            let row = one(&load.streams, key).await?;
            named(
                Dimension::Stream,
                Kind::Stream,
                key.0,
                row.map(|row| row.name),
            )
        }
        Key::Channel(key) => {
            let row = one(&load.channels, key).await?;
            named(
                Dimension::Channel,
                Kind::Channel,
                key.0,
                row.map(|row| row.name),
            )
        }
        Key::Category(Some(key)) => {
            let row = one(&load.categories, key).await?;
            named(
                Dimension::Category,
                Kind::Category,
                key.0,
                row.map(|row| row.name),
            )
        }
        Key::Village(Some(key)) => {
            let row = one(&load.villages, key).await?;
            named(
                Dimension::Village,
                Kind::Village,
                key.0,
                row.map(|row| row.name),
            )
        }
        _ => plain_label(key),
    })
}

/// Values that name themselves, and the lack of a value.
fn plain_label(key: Key) -> OverviewKey {
    let (dimension, value, label) = match key {
        Key::Kind(kind) => (
            Dimension::Kind,
            Some(kind.as_str().to_owned()),
            kind.chinese(),
        ),
        Key::Stage(stage) => (
            Dimension::Stage,
            Some(stage.as_str().to_owned()),
            stage.chinese(),
        ),
        Key::From(dimension, day) => {
            let day = day.to_string();
            return OverviewKey {
                dimension,
                value: Some(day.clone()),
                label: day,
            };
        }
        Key::Village(_) => (Dimension::Village, None, "未注明"),
        _ => (Dimension::Category, None, "待归类"),
    };
    OverviewKey {
        dimension,
        value,
        label: label.to_owned(),
    }
}
