//! Which suggestions: one filter for lists, counts and figures, always over the shares that the viewer reaches.

use chrono::NaiveDate;
use entity::enums::{Capability, Stage, SubmissionKind};
use entity::id::{CampaignId, CategoryId, ChannelId, DepartmentId, StreamId, VillageId};
use entity::share::{Column, Entity};

use crate::db::{Needle, Predicate, Rows, Tx};
use crate::scope::viewer::Viewer;

/// A department's piles of work. 待办队列
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
pub enum Queue {
    /// Collected by the own department. 本单位征集
    Collected,
    /// Collected and not classified yet (S11). 待归类
    ToClassify,
    /// Received after intake had closed (S04). 逾期补报
    Late,
    /// Entered for another department, which collects it. 代录
    Entered,
}

/// A value that a row may have or lack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Facets<T> {
    /// One of these.
    Among(Vec<T>),
    /// Any, or none at all.
    Present(bool),
}

/// Which suggestions: fields combine with and, values of one list with or.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Campaigns.
    pub campaigns: Option<Vec<CampaignId>>,
    /// A pile of work.
    pub queue: Option<Queue>,
    /// Departments with a share.
    pub departments: Option<Vec<DepartmentId>>,
    /// Streams.
    pub streams: Option<Vec<StreamId>>,
    /// Stages.
    pub stages: Option<Vec<Stage>>,
    /// Kinds.
    pub kinds: Option<Vec<SubmissionKind>>,
    /// Classes, or whether there is one.
    pub categories: Option<Facets<CategoryId>>,
    /// Channels.
    pub channels: Option<Vec<ChannelId>>,
    /// Villages, or whether there is one.
    pub villages: Option<Facets<VillageId>>,
    /// Received on or after this day.
    pub received_from: Option<NaiveDate>,
    /// Received before this day.
    pub received_before: Option<NaiveDate>,
    /// Received after intake closed.
    pub late: Option<bool>,
    /// Words in title or content.
    pub text: Option<Needle>,
}

impl Filter {
    /// The condition over shares. Whoever sees the county counts each suggestion once, by its collector's share.
    #[must_use]
    pub fn predicate(&self, viewer: &Viewer) -> Predicate<Column> {
        let mut parts = Vec::new();
        if viewer.sees_county() {
            parts.push(Predicate::is(Column::Capability, Capability::Collect));
        }
        among(&mut parts, Column::Campaign, self.campaigns.as_deref());
        among(&mut parts, Column::Department, self.departments.as_deref());
        among(&mut parts, Column::Stream, self.streams.as_deref());
        among(&mut parts, Column::Stage, self.stages.as_deref());
        among(&mut parts, Column::Kind, self.kinds.as_deref());
        among(&mut parts, Column::Channel, self.channels.as_deref());
        facets(&mut parts, Column::Category, self.categories.as_ref());
        facets(&mut parts, Column::Village, self.villages.as_ref());
        parts.extend(self.received_from.map(|day| Predicate::AtLeast(Column::ReceivedOn, day.into())));
        parts.extend(self.received_before.map(|day| Predicate::Below(Column::ReceivedOn, day.into())));
        parts.extend(self.late.map(|late| Predicate::is(Column::Late, late)));
        parts.extend(self.queue.map(queue));
        Predicate::All(parts)
    }

    /// The shares that match.
    pub(super) fn shares<'tx>(&self, tx: &'tx Tx) -> Rows<'tx, Entity> {
        let rows = self.shares_of_any_text(tx);
        match &self.text {
            Some(needle) => rows.mentioning(Column::Submission, needle),
            None => rows,
        }
    }

    /// The shares that match but for the text.
    pub(super) fn shares_of_any_text<'tx>(&self, tx: &'tx Tx) -> Rows<'tx, Entity> {
        tx.from::<Entity>().filter(self.predicate(tx.viewer()))
    }

    /// The needle, if nothing else is asked for: the text index then pages and counts by itself.
    pub(super) fn text_alone(&self) -> Option<&Needle> {
        let only = Self { text: self.text.clone(), ..Self::default() };
        self.text.as_ref().filter(|_| *self == only)
    }
}

fn queue(queue: Queue) -> Predicate<Column> {
    let collected = Predicate::is(Column::Capability, Capability::Collect);
    match queue {
        Queue::Collected => collected,
        Queue::ToClassify => collected.and(Predicate::is(Column::Stage, Stage::Received)),
        Queue::Late => collected.and(Predicate::is(Column::Late, true)),
        Queue::Entered => Predicate::is(Column::Capability, Capability::Read),
    }
}

fn among<V: Copy + Into<sea_orm::Value>>(
    parts: &mut Vec<Predicate<Column>>,
    column: Column,
    values: Option<&[V]>,
) {
    parts.extend(values.map(|values| Predicate::among(column, values.iter().copied())));
}

fn facets<V: Copy + Into<sea_orm::Value>>(
    parts: &mut Vec<Predicate<Column>>,
    column: Column,
    wanted: Option<&Facets<V>>,
) {
    match wanted {
        None => {}
        Some(Facets::Among(values)) => among(parts, column, Some(values)),
        Some(Facets::Present(true)) => parts.push(Predicate::Present(column)),
        Some(Facets::Present(false)) => parts.push(Predicate::Empty(column)),
    }
}
