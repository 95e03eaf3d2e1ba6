//! Figures over the caller's scope: the same query serves a department and the leadership.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

mod keys;
mod period;
mod zeros;

use super::filter::{FilterToken, SubmissionFilter};
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::semantic_non_null;
use crate::graphql::scalars::DateTime;
use crate::intake::rules::ended;
use crate::shares::figures::{Cell, Dimension, Key, MOST_ROWS, cells};
use crate::shares::filter::Filter;
use crate::snapshot::Snapshot;
use keys::{Names, OverviewKey, narrowed};
use period::{Back, OverviewChange, Period};
use zeros::too_many;

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

/// One line of figures. 统计行
pub struct OverviewRow {
    keys: Vec<Key>,
    labels: Vec<OverviewKey>,
    figures: OverviewFigures,
    /// The filter of the table that it is a row of.
    whole: Arc<SubmissionFilter>,
    before: Option<OverviewChange>,
    year_before: Option<OverviewChange>,
}

impl Overview {
    pub(super) fn of(ctx: &Context<'_>, input: SubmissionFilter) -> Result<Self, ApiError> {
        Self::new(ctx.request()?, input)
    }

    fn new(request: &Request, input: SubmissionFilter) -> Result<Self, ApiError> {
        request.viewer()?;
        let input = input.whole();
        let filter = input.resolve(request)?;
        Ok(Self { input, filter })
    }

    /// Over one campaign.
    pub(crate) fn of_campaign(request: &Request, campaign: ID) -> Result<Self, ApiError> {
        let input = SubmissionFilter { campaign_ids: Some(vec![campaign]), ..SubmissionFilter::default() };
        Self::new(request, input)
    }

    async fn change(&self, ctx: &Context<'_>, back: Back) -> Result<Option<OverviewChange>, ApiError> {
        let Some(period) = back.of(&self.filter) else {
            return Ok(None);
        };
        let snapshot = ctx.request()?.read().await?;
        let now = sum(&cells(&snapshot.tx, &self.filter, &[]).await?);
        let then = sum(&cells(&snapshot.tx, &period.shift(&self.filter), &[]).await?);
        Ok(Some(period.change(now.received, then.received)))
    }
}

/// Figures at one instant, over the caller's scope. 总览
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
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One or two different dimensions. 维度")] by: Vec<Dimension>,
        #[graphql(
            desc = "Whether values that no suggestion has are rows too: departments, classes, channels, stages, kinds and days, \
                    weeks or months of the period, as far as the filter lets them; without a period from the first day of \
                    the campaigns until today. 是否列出零值行",
            default
        )]
        zeros: bool,
    ) -> Option<Result<Vec<OverviewRow>, ApiError>> {
        Some(self.cut(ctx, &by, zeros).await)
    }
}

impl Overview {
    async fn cut(
        &self,
        ctx: &Context<'_>,
        by: &[Dimension],
        zeros: bool,
    ) -> Result<Vec<OverviewRow>, ApiError> {
        check(by)?;
        let request = ctx.request()?;
        let snapshot = request.read().await?;
        let mut groups = grouped(&cells(&snapshot.tx, &self.filter, by).await?);
        if zeros {
            for keys in zeros::rows(request, &snapshot.tx, &self.filter, by).await? {
                groups.entry(keys).or_default();
            }
        }
        if groups.len() > MOST_ROWS {
            return Err(too_many());
        }
        let ahead = ctx.look_ahead();
        let before =
            self.earlier(&snapshot, by, Back::Period, ahead.field("previousPeriod").exists()).await?;
        let year = self.earlier(&snapshot, by, Back::Year, ahead.field("previousYear").exists()).await?;
        let names = Names::of(&snapshot, groups.keys().flatten()).await?;
        let whole = Arc::new(self.input.clone());
        let rows = groups.into_iter().map(|(keys, figures)| OverviewRow {
            figures,
            whole: Arc::clone(&whole),
            before: before.as_ref().map(|earlier| earlier.change(&keys, figures)),
            year_before: year.as_ref().map(|earlier| earlier.change(&keys, figures)),
            labels: keys.iter().map(|key| names.label(request, *key)).collect(),
            keys,
        });
        Ok(rows.collect())
    }
}

/// One line of figures. 统计行
#[Object]
impl OverviewRow {
    /// Its value in each dimension, in the order asked for. 维度取值
    async fn keys(&self) -> &[OverviewKey] {
        &self.labels
    }

    /// Its counts. 件数
    async fn figures(&self) -> OverviewFigures {
        self.figures
    }

    /// The filter that lists exactly the suggestions counted here: sent back as `token` of a `SubmissionFilter`. 对应的筛选凭据
    async fn filter(&self, ctx: &Context<'_>) -> Result<FilterToken, ApiError> {
        let whole = SubmissionFilter::clone(&self.whole);
        Ok(FilterToken(Box::new(narrowed(ctx.request()?, whole, &self.keys))))
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
        let by_time = by
            .iter()
            .any(|dimension| matches!(dimension, Dimension::Day | Dimension::Week | Dimension::Month));
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
        figures.ended += cell.count;
    } else {
        figures.open += cell.count;
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
