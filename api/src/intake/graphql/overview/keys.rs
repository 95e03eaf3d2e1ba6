//! The values of a grouping: the filter that lists them, and what people call them.

use std::collections::HashMap;

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use entity::labels::{Label, Labelled as _};
use uuid::Uuid;

use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::graphql::scalars::Date;
use crate::ids::Kind;
use crate::intake::graphql::SubmissionFilter;
use crate::shares::figures::{Dimension, Key, end_of};
use crate::snapshot::Snapshot;

/// One value of a dimension. 维度取值
#[derive(Clone, Debug, SimpleObject)]
pub struct OverviewKey {
    /// Which dimension. 维度
    pub dimension: Dimension,
    /// Global id, code, or first day; null for suggestions without a value. 取值
    pub value: Option<String>,
    /// What to show. 名称
    pub label: String,
}

/// The filter of the whole, narrowed to one row's values.
pub(super) fn narrowed(request: &Request, mut filter: SubmissionFilter, keys: &[Key]) -> SubmissionFilter {
    for key in keys {
        match *key {
            Key::Department(id) => {
                filter.department_ids = Some(vec![request.id(Kind::Department, id)]);
            }
            Key::Stream(id) => filter.stream_ids = Some(vec![request.id(Kind::IntakeStream, id)]),
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
    let last = end.pred_opt().unwrap_or(end);
    let from = filter.received_from.map_or(first, |from| from.0.max(first));
    let to = filter.received_to.map_or(last, |to| to.0.min(last));
    filter.received_from = Some(Date(from));
    filter.received_to = Some(Date(to));
}

/// What the keys of a table are called, fetched at once: a table of forty departments asks for them in one round trip.
pub(super) struct Names(HashMap<Uuid, String>);

impl Names {
    pub(super) async fn of<'k>(
        snapshot: &Snapshot,
        keys: impl Iterator<Item = &'k Key>,
    ) -> Result<Self, ApiError> {
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
        let mut names = HashMap::new();
        let rows = load.department.load_many(departments).await?;
        names.extend(rows.into_values().map(|row| (row.id.0, row.name)));
        let rows = load.stream.load_many(streams).await?;
        names.extend(rows.into_values().map(|row| (row.id.0, row.name)));
        let rows = load.channel.load_many(channels).await?;
        names.extend(rows.into_values().map(|row| (row.id.0, row.name)));
        let rows = load.category.load_many(categories).await?;
        names.extend(rows.into_values().map(|row| (row.id.0, row.name)));
        let rows = load.village.load_many(villages).await?;
        names.extend(rows.into_values().map(|row| (row.id.0, row.name)));
        Ok(Self(names))
    }

    pub(super) fn label(&self, request: &Request, key: Key) -> OverviewKey {
        let (dimension, kind, id) = match key {
            Key::Department(id) => (Dimension::Department, Kind::Department, id.0),
            Key::Stream(id) => (Dimension::Stream, Kind::IntakeStream, id.0),
            Key::Channel(id) => (Dimension::Channel, Kind::Channel, id.0),
            Key::Category(Some(id)) => (Dimension::Category, Kind::Category, id.0),
            Key::Village(Some(id)) => (Dimension::Village, Kind::Village, id.0),
            _ => return plain_label(request, key),
        };
        let name = self.0.get(&id).cloned();
        OverviewKey {
            dimension,
            value: Some(request.id(kind, id).0),
            label: name.unwrap_or_else(|| request.language.pick("（无）", "(none)").to_owned()),
        }
    }
}

/// Values that name themselves, and the lack of a value.
fn plain_label(request: &Request, key: Key) -> OverviewKey {
    let none = |zh, en| Label { zh, en };
    let (dimension, value, label) = match key {
        Key::Kind(kind) => (Dimension::Kind, Some(kind.as_str()), kind.label()),
        Key::Stage(stage) => (Dimension::Stage, Some(stage.as_str()), stage.label()),
        Key::From(dimension, day) => {
            let day = day.to_string();
            return OverviewKey { dimension, value: Some(day.clone()), label: day };
        }
        Key::Village(_) => (Dimension::Village, None, none("未注明", "Not stated")),
        _ => (Dimension::Category, None, none("待归类", "To be classified")),
    };
    let label = request.language.pick(label.zh, label.en).to_owned();
    OverviewKey { dimension, value: value.map(str::to_owned), label }
}
