//! Figures: from the rollups where they cover what is asked, at a cost that does not grow with the suggestions;
//! otherwise counted over the shares in scope.
//!
//! A rollup cell is department × one dimension × stage × time. So any filter by department, campaign, stage and period
//! is covered together with one of class, channel, kind, village and stream, as filter or as grouping.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use entity::enums::{Grain, Relation, Stage, SubmissionKind, TallyDimension};
use entity::id::{CategoryId, ChannelId, DepartmentId, StreamId, VillageId};
use entity::{share, tally, tally_delta};
use uuid::Uuid;

use super::filter::{Facets, Filter, Queue};
use crate::db::{Fault, Group, Predicate, Tx};
use crate::scope::viewer::Viewer;

/// Most rows of one table of figures.
pub const MOST_ROWS: usize = 2_000;

/// How a table of figures is cut. 统计维度
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, async_graphql::Enum)]
#[graphql(name = "OverviewDimension")]
pub enum Dimension {
    /// By department with a share: for the county the collector. 单位
    Department,
    /// By intake stream. 征集流
    Stream,
    /// By class. 类别
    Category,
    /// By channel. 渠道
    Channel,
    /// By kind. 诉求类型
    Kind,
    /// By stage. 环节
    Stage,
    /// By village or community. 村社区
    Village,
    /// By day of receipt. 日
    Day,
    /// By week of receipt, from Monday. 周
    Week,
    /// By month of receipt. 月
    Month,
}

/// One value of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A department.
    Department(DepartmentId),
    /// A stream.
    Stream(StreamId),
    /// A class, or none yet.
    Category(Option<CategoryId>),
    /// A channel.
    Channel(ChannelId),
    /// A kind.
    Kind(SubmissionKind),
    /// A stage.
    Stage(Stage),
    /// A village, or none given.
    Village(Option<VillageId>),
    /// First day of a day, week or month.
    From(Dimension, NaiveDate),
}

/// How many suggestions share these values and stand at this stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// One key for each dimension asked for, in that order.
    pub keys: Vec<Key>,
    /// Stage.
    pub stage: Stage,
    /// Suggestions.
    pub count: i64,
}

/// The one dimension that a rollup must have for a filter and a grouping; none when two would be needed.
fn rollup(filter: &Filter, by: &[Dimension]) -> Option<TallyDimension> {
    use TallyDimension as T;
    let needed = [
        (T::Stream, filter.streams.is_some() || by.contains(&Dimension::Stream)),
        (T::Category, filter.categories.is_some() || by.contains(&Dimension::Category)),
        (T::Channel, filter.channels.is_some() || by.contains(&Dimension::Channel)),
        (T::Kind, filter.kinds.is_some() || by.contains(&Dimension::Kind)),
        (T::Village, filter.villages.is_some() || by.contains(&Dimension::Village)),
    ];
    let mut wanted = needed.into_iter().filter_map(|(dimension, needed)| needed.then_some(dimension));
    let first = wanted.next().unwrap_or(T::Whole);
    wanted.next().is_none().then_some(first)
}

/// Whether the rollups answer this at a cost that does not depend on the number of suggestions.
#[must_use]
pub fn covers(filter: &Filter, by: &[Dimension]) -> bool {
    filter.is_plain() && rollup(filter, by).is_some()
}

/// The figures of a filter, cut by up to two dimensions.
pub async fn cells(tx: &Tx, filter: &Filter, by: &[Dimension]) -> Result<Vec<Cell>, Fault> {
    let mut sums: BTreeMap<(Vec<Key>, Stage), i64> = BTreeMap::new();
    match rollup(filter, by) {
        Some(dimension) if covers(filter, by) => {
            from_rollups(tx, filter, by, dimension, &mut sums).await?;
        }
        _ => from_shares(tx, filter, by, &mut sums).await?,
    }
    let cells = sums.into_iter().filter(|(_, count)| *count != 0);
    Ok(cells.map(|((keys, stage), count)| Cell { keys, stage, count }).collect())
}

type Sums = BTreeMap<(Vec<Key>, Stage), i64>;

/// Each part of the period by the coarsest grain that fits it, and the changes that are not folded yet.
async fn from_rollups(
    tx: &Tx,
    filter: &Filter,
    by: &[Dimension],
    dimension: TallyDimension,
    sums: &mut Sums,
) -> Result<(), Fault> {
    use tally::Column as C;
    use tally_delta::Column as D;
    let columns = [C::Department, C::Key, C::Stage, C::Day];
    let shape = Shape::of(by);
    let mut parts = Vec::new();
    for span in spans(filter, by) {
        let rows = tx
            .from::<tally::Entity>()
            .filter(Predicate::is(C::Grain, span.grain).and(Predicate::is(C::Dimension, dimension)))
            .filter(within(C::Day, span.from, span.to))
            .filter(cell_filter(
                tx.viewer(),
                filter,
                [C::Campaign, C::Relation, C::Department, C::Stage, C::Key],
            ));
        parts.push(rows.grouped(&shape.columns(columns), Some(C::Count)));
    }
    let rows = tx
        .from::<tally_delta::Entity>()
        .filter(Predicate::is(D::Dimension, dimension))
        .filter(within(D::Day, filter.received_from, filter.received_before))
        .filter(cell_filter(
            tx.viewer(),
            filter,
            [D::Campaign, D::Relation, D::Department, D::Stage, D::Key],
        ));
    let columns = shape.columns([D::Department, D::Key, D::Stage, D::Day]);
    parts.push(rows.grouped(&columns, Some(D::Delta)));
    shape.add(&tx.groups(parts).await?, by, sums)
}

async fn from_shares(tx: &Tx, filter: &Filter, by: &[Dimension], sums: &mut Sums) -> Result<(), Fault> {
    use share::Column as C;
    let column = |dimension: &Dimension| match dimension {
        Dimension::Department => C::Department,
        Dimension::Stream => C::Stream,
        Dimension::Category => C::Category,
        Dimension::Channel => C::Channel,
        Dimension::Kind => C::Kind,
        Dimension::Stage => C::Stage,
        Dimension::Village => C::Village,
        Dimension::Day | Dimension::Week | Dimension::Month => C::ReceivedOn,
    };
    let mut columns: Vec<C> = by.iter().map(column).collect();
    columns.push(C::Stage);
    for group in filter.shares(tx).count_by(&columns, None).await? {
        let keys = by.iter().enumerate().map(|(place, dimension)| share_key(&group, place, *dimension));
        let keys = keys.collect::<Result<Vec<Key>, Fault>>()?;
        let stage = stage(&group.key::<String>(by.len())?)?;
        *sums.entry((keys, stage)).or_default() += group.figure()?;
    }
    Ok(())
}

fn share_key(group: &Group, place: usize, dimension: Dimension) -> Result<Key, Fault> {
    Ok(match dimension {
        Dimension::Department => Key::Department(group.key(place)?),
        Dimension::Stream => Key::Stream(group.key(place)?),
        Dimension::Category => Key::Category(group.key(place)?),
        Dimension::Channel => Key::Channel(group.key(place)?),
        Dimension::Village => Key::Village(group.key(place)?),
        Dimension::Kind => Key::Kind(kind(&group.key::<String>(place)?)?),
        Dimension::Stage => Key::Stage(stage(&group.key::<String>(place)?)?),
        Dimension::Day | Dimension::Week | Dimension::Month => {
            Key::From(dimension, first_day(dimension, group.key(place)?))
        }
    })
}

/// Which of a rollup's columns a grouping needs; the stage always, for figures tell open from ended.
struct Shape {
    department: bool,
    key: bool,
    day: bool,
}

impl Shape {
    fn of(by: &[Dimension]) -> Self {
        let plain = |dimension: Dimension| {
            !matches!(dimension, Dimension::Department | Dimension::Stage) && !is_time(dimension)
        };
        Self {
            department: by.contains(&Dimension::Department),
            key: by.iter().any(|dimension| plain(*dimension)),
            day: by.iter().any(|dimension| is_time(*dimension)),
        }
    }

    fn columns<C: Copy>(&self, [department, key, stage, day]: [C; 4]) -> Vec<C> {
        let wanted = [(true, stage), (self.department, department), (self.key, key), (self.day, day)];
        wanted.into_iter().filter_map(|(wanted, column)| wanted.then_some(column)).collect()
    }

    fn add(&self, groups: &[Group], by: &[Dimension], sums: &mut Sums) -> Result<(), Fault> {
        for group in groups {
            let stage = stage(&group.key::<String>(0)?)?;
            let keys = by
                .iter()
                .map(|dimension| self.key(group, *dimension, stage))
                .collect::<Result<Vec<_>, _>>()?;
            *sums.entry((keys, stage)).or_default() += group.figure()?;
        }
        Ok(())
    }

    fn key(&self, group: &Group, dimension: Dimension, stage: Stage) -> Result<Key, Fault> {
        let key_place = 1 + usize::from(self.department);
        let id = || Ok::<_, Fault>(Uuid::try_parse(&group.key::<String>(key_place)?).ok());
        let must = |id: Option<Uuid>| id.ok_or_else(|| Fault::Broken("a rollup cell has no key".to_owned()));
        Ok(match dimension {
            Dimension::Department => Key::Department(group.key(1)?),
            Dimension::Stage => Key::Stage(stage),
            Dimension::Stream => Key::Stream(StreamId(must(id()?)?)),
            Dimension::Channel => Key::Channel(ChannelId(must(id()?)?)),
            Dimension::Category => Key::Category(id()?.map(CategoryId)),
            Dimension::Village => Key::Village(id()?.map(VillageId)),
            Dimension::Kind => Key::Kind(kind(&group.key::<String>(key_place)?)?),
            Dimension::Day | Dimension::Week | Dimension::Month => {
                Key::From(dimension, first_day(dimension, group.key(key_place + usize::from(self.key))?))
            }
        })
    }
}

/// The conditions on a cell that do not depend on time: `[campaign, relation, department, stage, key]`.
fn cell_filter<C: sea_orm::ColumnTrait>(
    viewer: &Viewer,
    filter: &Filter,
    [campaign, relation, department, stage, key]: [C; 5],
) -> Predicate<C> {
    let mut parts = Vec::new();
    if viewer.sees_county() {
        parts.push(Predicate::is(relation, Relation::Collected));
    }
    match filter.queue {
        Some(Queue::Collected) => parts.push(Predicate::is(relation, Relation::Collected)),
        Some(Queue::ToClassify) => {
            parts.push(Predicate::is(relation, Relation::Collected));
            parts.push(Predicate::is(stage, Stage::Received));
        }
        Some(Queue::Entered) => parts.push(Predicate::is(relation, Relation::Entered)),
        Some(Queue::Late) | None => {}
    }
    parts.extend(filter.campaigns.as_ref().map(|ids| Predicate::among(campaign, ids.iter().copied())));
    parts.extend(filter.departments.as_ref().map(|ids| Predicate::among(department, ids.iter().copied())));
    parts.extend(filter.stages.as_ref().map(|stages| Predicate::among(stage, stages.iter().copied())));
    parts.extend(key_filter(filter).map(|wanted| match wanted {
        Facets::Among(keys) => Predicate::among(key, keys),
        Facets::Present(true) => Predicate::AtLeast(key, "0".into()),
        Facets::Present(false) => Predicate::is(key, ""),
    }));
    Predicate::All(parts)
}

/// The one dimension that is filtered, as the texts of its keys.
fn key_filter(filter: &Filter) -> Option<Facets<String>> {
    fn texts<T: Copy + Into<Uuid>>(ids: &[T]) -> Vec<String> {
        ids.iter().map(|id| Into::<Uuid>::into(*id).simple().to_string()).collect()
    }
    fn facets<T: Copy + Into<Uuid>>(wanted: &Facets<T>) -> Facets<String> {
        match wanted {
            Facets::Among(ids) => Facets::Among(texts(ids)),
            Facets::Present(present) => Facets::Present(*present),
        }
    }
    let streams = filter.streams.as_deref().map(|ids| Facets::Among(texts(ids)));
    let channels = filter.channels.as_deref().map(|ids| Facets::Among(texts(ids)));
    let kinds = filter
        .kinds
        .as_deref()
        .map(|kinds| Facets::Among(kinds.iter().map(|kind| kind.as_str().to_owned()).collect()));
    let categories = filter.categories.as_ref().map(facets);
    streams.or(channels).or(kinds).or(categories).or_else(|| filter.villages.as_ref().map(facets))
}

/// A stretch of time read at one grain.
struct Span {
    grain: Grain,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

/// All time without a period; whole weeks where weeks are asked for, otherwise whole months, and the days at the edges of
/// the period; days when days are asked for, or both weeks and months, which do not lie in each other.
fn spans(filter: &Filter, by: &[Dimension]) -> Vec<Span> {
    let (from, to) = (filter.received_from, filter.received_before);
    let span = |grain, from, to| Span { grain, from, to };
    let asked = |dimension| by.contains(&dimension);
    let (weeks, months) = (asked(Dimension::Week), asked(Dimension::Month));
    let (grain, unit) = match (weeks, months) {
        _ if asked(Dimension::Day) => return vec![span(Grain::Day, from, to)],
        (true, true) => return vec![span(Grain::Day, from, to)],
        (true, false) => (Grain::Week, Dimension::Week),
        (false, false) if from.is_none() && to.is_none() => {
            return vec![span(Grain::All, from, to)];
        }
        (false, _) => (Grain::Month, Dimension::Month),
    };
    let starts = |day: NaiveDate| first_day(unit, day) == day;
    let first = from.map(|day| if starts(day) { day } else { end_of(unit, first_day(unit, day)) });
    let last = to.map(|day| first_day(unit, day));
    if let (Some(first), Some(last)) = (first, last)
        && first >= last
    {
        return vec![span(Grain::Day, from, to)];
    }
    let mut spans = vec![span(grain, first, last)];
    if from != first {
        spans.push(span(Grain::Day, from, first));
    }
    if to != last {
        spans.push(span(Grain::Day, last, to));
    }
    spans
}

fn within<C: sea_orm::ColumnTrait>(day: C, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Predicate<C> {
    let from = from.map(|first| Predicate::AtLeast(day, first.into()));
    let to = to.map(|end| Predicate::Below(day, end.into()));
    Predicate::All(from.into_iter().chain(to).collect())
}

const fn is_time(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::Day | Dimension::Week | Dimension::Month)
}

/// The first day of the day, week or month that a day lies in.
#[must_use]
pub fn first_day(dimension: Dimension, day: NaiveDate) -> NaiveDate {
    let back = match dimension {
        Dimension::Week => day.weekday().num_days_from_monday(),
        Dimension::Month => day.day0(),
        _ => 0,
    };
    day.checked_sub_days(Days::new(u64::from(back))).unwrap_or(day)
}

/// The first day after the day, week or month that begins on a day.
#[must_use]
pub fn end_of(dimension: Dimension, first: NaiveDate) -> NaiveDate {
    let days = |count| first.checked_add_days(Days::new(count)).unwrap_or(first);
    match dimension {
        Dimension::Month => first.checked_add_months(chrono::Months::new(1)).unwrap_or(first),
        Dimension::Week => days(7),
        _ => days(1),
    }
}

fn stage(text: &str) -> Result<Stage, Fault> {
    Stage::parse(text).ok_or_else(|| Fault::Broken(format!("unknown stage {text}")))
}

fn kind(text: &str) -> Result<SubmissionKind, Fault> {
    SubmissionKind::parse(text).ok_or_else(|| Fault::Broken(format!("unknown kind {text}")))
}
