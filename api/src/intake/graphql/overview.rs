//! Figures over the caller's scope: the same query serves a department and the leadership.

use std::collections::BTreeMap;

use async_graphql::{Context, Object, SimpleObject};
use chrono::{Months, NaiveDate};

use super::filter::{SubmissionFilter, SubmissionFilterValue};
use crate::graphql::context::{Request, RequestOf, Snapshot};
use crate::graphql::error::ApiError;
use crate::graphql::id::Kind;
use crate::graphql::loaders::one;
use crate::graphql::scalars::{Date, DateTime};
use crate::intake::rules::ended;
use crate::intake::store::Filter;
use crate::intake::store::figures::{Cell, Dimension, Key, cells, end_of};

/// Most rows of a table of figures.
const MOST_ROWS: usize = 2_000;

/// Figures at one instant, over the caller's scope. 总览
pub struct Overview {
    input: SubmissionFilter,
    filter: Filter,
}

/// Counts of suggestions. 件数
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, SimpleObject)]
pub struct OverviewFigures {
    /// Received in all; equals the list's `totalCount` under the same filter. 收到
    pub received: i64,
    /// Waiting for somebody. 未办结
    pub open: i64,
    /// Ended, in whatever way. 已办结
    pub ended: i64,
}

/// Change against an earlier period of the same length. 与往期比较
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct OverviewChange {
    /// First day of the earlier period. 往期起（含）
    pub from: Date,
    /// Day after its last day. 往期止（不含）
    pub to: Date,
    /// What was received then. 往期收到
    pub received: i64,
    /// Received now, less received then. 增减
    pub difference: i64,
}

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

/// One line of figures. 统计行
pub struct OverviewRow {
    keys: Vec<OverviewKey>,
    figures: OverviewFigures,
    filter: SubmissionFilterValue,
    before: Option<OverviewChange>,
    year_before: Option<OverviewChange>,
}

impl Overview {
    pub(super) fn new(request: &Request, input: SubmissionFilter) -> Result<Self, ApiError> {
        let filter = input.resolve(request)?;
        Ok(Self { input, filter })
    }

    async fn change(
        &self,
        ctx: &Context<'_>,
        back: Back,
    ) -> Result<Option<OverviewChange>, ApiError> {
        let Some(period) = back.of(&self.filter) else {
            return Ok(None);
        };
        let snapshot = ctx.request()?.read().await?;
        let now = sum(&cells(&snapshot.tx, &self.filter, &[]).await?);
        let then = sum(&cells(&snapshot.tx, &period.shift(&self.filter), &[]).await?);
        Ok(Some(period.change(now.received, then.received)))
    }
}

#[Object]
impl Overview {
    /// The instant that all figures of this answer belong to. 统计时点
    async fn as_of(&self, ctx: &Context<'_>) -> Result<DateTime, ApiError> {
        Ok(DateTime(ctx.request()?.now))
    }

    /// The whole. 合计
    async fn total(&self, ctx: &Context<'_>) -> Result<OverviewFigures, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        Ok(sum(&cells(&snapshot.tx, &self.filter, &[]).await?))
    }

    /// The whole against the period before, of the same length; null unless the filter bounds the period. 环比
    async fn previous_period(&self, ctx: &Context<'_>) -> Option<Result<OverviewChange, ApiError>> {
        self.change(ctx, Back::Period).await.transpose()
    }

    /// The whole against the same days a year before; null unless the filter bounds the period. 同比
    async fn previous_year(&self, ctx: &Context<'_>) -> Option<Result<OverviewChange, ApiError>> {
        self.change(ctx, Back::Year).await.transpose()
    }

    /// The figures cut by one or two dimensions, at most 2,000 rows; alias the field to cut in several ways. 分组统计
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One or two different dimensions. 维度")] by: Vec<Dimension>,
    ) -> Result<Vec<OverviewRow>, ApiError> {
        check(&by)?;
        let request = ctx.request()?;
        let snapshot = request.read().await?;
        let groups = grouped(&cells(&snapshot.tx, &self.filter, &by).await?);
        if groups.len() > MOST_ROWS {
            return Err(ApiError::bad_input(
                format!("超过 {MOST_ROWS} 行，请缩小筛选范围"),
                format!("More than {MOST_ROWS} rows; narrow the filter"),
            ));
        }
        let ahead = ctx.look_ahead();
        let before = self
            .earlier(
                &snapshot,
                &by,
                Back::Period,
                ahead.field("previousPeriod").exists(),
            )
            .await?;
        let year = self
            .earlier(
                &snapshot,
                &by,
                Back::Year,
                ahead.field("previousYear").exists(),
            )
            .await?;
        warm(&snapshot, groups.keys().flatten()).await?;
        let mut rows = Vec::with_capacity(groups.len());
        for (keys, figures) in groups {
            rows.push(OverviewRow {
                figures,
                filter: narrowed(request, self.input.clone(), &keys).into(),
                before: before
                    .as_ref()
                    .map(|earlier| earlier.change(&keys, figures)),
                year_before: year.as_ref().map(|earlier| earlier.change(&keys, figures)),
                keys: labels(request, &snapshot, keys).await?,
            });
        }
        Ok(rows)
    }
}

#[Object]
impl OverviewRow {
    /// Its value in each dimension, in the order asked for. 维度取值
    async fn keys(&self) -> &[OverviewKey] {
        &self.keys
    }

    /// Its counts. 件数
    async fn figures(&self) -> OverviewFigures {
        self.figures
    }

    /// The filter that lists exactly the suggestions counted here. 对应的筛选条件
    async fn filter(&self) -> &SubmissionFilterValue {
        &self.filter
    }

    /// Against the period before; null without a period, or when cut by time. 环比
    async fn previous_period(&self) -> Option<OverviewChange> {
        self.before
    }

    /// Against the same days a year before; null without a period, or when cut by time. 同比
    async fn previous_year(&self) -> Option<OverviewChange> {
        self.year_before
    }
}

/// Figures of an earlier period, by the same cut.
struct Earlier {
    period: Period,
    groups: BTreeMap<Vec<Key>, OverviewFigures>,
}

impl Overview {
    async fn earlier(
        &self,
        snapshot: &Snapshot,
        by: &[Dimension],
        back: Back,
        wanted: bool,
    ) -> Result<Option<Earlier>, ApiError> {
        let by_time = by.iter().any(|dimension| {
            matches!(
                dimension,
                Dimension::Day | Dimension::Week | Dimension::Month
            )
        });
        let Some(period) = back.of(&self.filter).filter(|_| wanted && !by_time) else {
            return Ok(None);
        };
        let groups = grouped(&cells(&snapshot.tx, &period.shift(&self.filter), by).await?);
        Ok(Some(Earlier { period, groups }))
    }
}

impl Earlier {
    fn change(&self, keys: &[Key], now: OverviewFigures) -> OverviewChange {
        let then = self.groups.get(keys).copied().unwrap_or_default();
        self.period.change(now.received, then.received)
    }
}

/// How far back a comparison goes.
#[derive(Clone, Copy)]
enum Back {
    Period,
    Year,
}

/// A half-open stretch of days.
#[derive(Clone, Copy)]
struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

impl Back {
    fn of(self, filter: &Filter) -> Option<Period> {
        let (from, to) = (filter.received_from?, filter.received_to?);
        let year = |day: NaiveDate| day.checked_sub_months(Months::new(12));
        match self {
            Self::Period => Some(Period {
                from: from.checked_sub_signed(to - from)?,
                to: from,
            }),
            Self::Year => Some(Period {
                from: year(from)?,
                to: year(to)?,
            }),
        }
    }
}

impl Period {
    fn shift(self, filter: &Filter) -> Filter {
        Filter {
            received_from: Some(self.from),
            received_to: Some(self.to),
            ..filter.clone()
        }
    }

    const fn change(self, now: i64, then: i64) -> OverviewChange {
        OverviewChange {
            from: Date(self.from),
            to: Date(self.to),
            received: then,
            difference: now - then,
        }
    }
}

fn check(by: &[Dimension]) -> Result<(), ApiError> {
    match by {
        [_] => Ok(()),
        [one, other] if one != other => Ok(()),
        _ => Err(ApiError::bad_input(
            "by 应为一个或两个不同的维度",
            "by takes one or two different dimensions",
        )),
    }
}

fn sum<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> OverviewFigures {
    cells.into_iter().fold(OverviewFigures::default(), add)
}

fn add(mut figures: OverviewFigures, cell: &Cell) -> OverviewFigures {
    figures.received += cell.count;
    if ended(cell.stage) {
        figures.ended += cell.count
    } else {
        figures.open += cell.count
    }
    figures
}

fn grouped(cells: &[Cell]) -> BTreeMap<Vec<Key>, OverviewFigures> {
    let mut groups: BTreeMap<Vec<Key>, OverviewFigures> = BTreeMap::new();
    for cell in cells {
        let figures = groups.entry(cell.keys.clone()).or_default();
        *figures = add(*figures, cell);
    }
    groups
}

/// The filter of the whole, narrowed to one row's values.
fn narrowed(request: &Request, mut filter: SubmissionFilter, keys: &[Key]) -> SubmissionFilter {
    for key in keys {
        match *key {
            Key::Department(id) => {
                filter.department_ids = Some(vec![request.id(Kind::Department, id)])
            }
            Key::Stream(id) => filter.stream_ids = Some(vec![request.id(Kind::Stream, id)]),
            Key::Category(Some(id)) => {
                filter.category_ids = Some(vec![request.id(Kind::Category, id)])
            }
            Key::Category(None) => filter.is_classified = Some(false),
            Key::Channel(id) => filter.channel_ids = Some(vec![request.id(Kind::Channel, id)]),
            Key::Kind(kind) => filter.kinds = Some(vec![kind]),
            Key::Stage(stage) => filter.stages = Some(vec![stage]),
            Key::Village(Some(id)) => {
                filter.village_ids = Some(vec![request.id(Kind::Village, id)])
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
async fn warm<'k>(
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

async fn labels(
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
    let name = |name: Option<String>| name.unwrap_or_else(|| "（无）".to_owned());
    let id = |kind, key: uuid::Uuid| Some(request.id(kind, key).0);
    let of = |dimension, value, label| OverviewKey {
        dimension,
        value,
        label,
    };
    Ok(match key {
        Key::Department(key) => {
            let row = one(&load.departments, key).await?;
            of(
                Dimension::Department,
                id(Kind::Department, key.0),
                name(row.map(|row| row.name)),
            )
        }
        Key::Stream(key) => {
            let row = one(&load.streams, key).await?;
            of(
                Dimension::Stream,
                id(Kind::Stream, key.0),
                name(row.map(|row| row.name)),
            )
        }
        Key::Channel(key) => {
            let row = one(&load.channels, key).await?;
            of(
                Dimension::Channel,
                id(Kind::Channel, key.0),
                name(row.map(|row| row.name)),
            )
        }
        Key::Category(None) => of(Dimension::Category, None, "待归类".to_owned()),
        Key::Category(Some(key)) => {
            let row = one(&load.categories, key).await?;
            of(
                Dimension::Category,
                id(Kind::Category, key.0),
                name(row.map(|row| row.name)),
            )
        }
        Key::Village(None) => of(Dimension::Village, None, "未注明".to_owned()),
        Key::Village(Some(key)) => {
            let row = one(&load.villages, key).await?;
            of(
                Dimension::Village,
                id(Kind::Village, key.0),
                name(row.map(|row| row.name)),
            )
        }
        Key::Kind(kind) => of(
            Dimension::Kind,
            Some(kind.as_str().to_owned()),
            kind.chinese().to_owned(),
        ),
        Key::Stage(stage) => of(
            Dimension::Stage,
            Some(stage.as_str().to_owned()),
            stage.chinese().to_owned(),
        ),
        Key::From(dimension, day) => of(dimension, Some(day.to_string()), day.to_string()),
    })
}
