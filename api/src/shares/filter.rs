//! Which suggestions: one filter for lists, counts and figures, always over the shares that the viewer reaches.

use chrono::NaiveDate;
use entity::enums::{Capability, Stage, SubmissionKind, Urgency};
use entity::id::{AccountId, CampaignId, CategoryId, ChannelId, DepartmentId, StreamId, VillageId};
use entity::share::{Column, Entity};

use crate::db::{Needle, Predicate, Rows, Side, Tx};
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

impl Queue {
    /// Every pile, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Collected, Self::ToClassify, Self::Late, Self::Entered];

    /// Whether a suggestion lies in it for whoever sees it by a share: what `queue` asks the database, of one that is known.
    #[must_use]
    pub fn holds(self, share: Capability, received: bool, late: bool) -> bool {
        let collected = share == Capability::Collect;
        match self {
            Self::Collected => collected,
            Self::ToClassify => collected && received,
            Self::Late => collected && late,
            Self::Entered => share == Capability::Read,
        }
    }
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
    /// How urgent.
    pub urgencies: Option<Vec<Urgency>>,
    /// Would help so many people at least.
    pub beneficiaries_from: Option<i32>,
    /// Its citizen proposed a class, and its collector has not decided yet.
    pub proposed: Option<bool>,
    /// Entered by the viewer's post.
    pub entered_by_me: Option<bool>,
    /// Accounts that work on it in the viewer's department, or whether one does.
    pub assignees: Option<Facets<AccountId>>,
    /// The viewer's account works on it.
    pub mine: Option<bool>,
    /// Merged into another.
    pub merged: Option<bool>,
    /// Entered on or after this day.
    pub entered_from: Option<NaiveDate>,
    /// Entered before this day.
    pub entered_before: Option<NaiveDate>,
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
        parts.extend(self.further(viewer));
        Predicate::All(parts)
    }

    /// What no rollup knows of.
    fn further(&self, viewer: &Viewer) -> Vec<Predicate<Column>> {
        let ranks = |values: &[Urgency]| values.iter().map(|value| value.rank()).collect::<Vec<_>>();
        let mut parts = Vec::new();
        among(&mut parts, Column::Urgency, self.urgencies.as_deref().map(ranks).as_deref());
        parts.extend(
            self.beneficiaries_from.map(|least| Predicate::AtLeast(Column::Beneficiaries, least.into())),
        );
        parts.extend(self.proposed.map(proposed));
        parts.extend(self.entered_by_me.map(|mine| own(Column::EnteredBy, viewer.post(), mine)));
        parts.extend(self.mine.map(|mine| own(Column::Assignee, viewer.account(), mine)));
        if self.assignees.is_some() {
            // Whoever sees the county is not told how its departments divide their work.
            parts.push(Predicate::is(Column::Department, viewer.department()));
            facets(&mut parts, Column::Assignee, self.assignees.as_ref());
        }
        parts.extend(self.merged.map(merged));
        parts.extend(self.entered_from.map(|day| Predicate::AtLeast(Column::CreatedOn, day.into())));
        parts.extend(self.entered_before.map(|day| Predicate::Below(Column::CreatedOn, day.into())));
        parts
    }

    /// Whether it says nothing that no rollup knows of.
    pub(super) fn is_plain(&self) -> bool {
        let Self {
            urgencies,
            beneficiaries_from,
            proposed,
            entered_by_me,
            assignees,
            mine,
            merged,
            entered_from,
            entered_before,
            ..
        } = self;
        let flags = [proposed, entered_by_me, mine, merged].into_iter().all(Option::is_none);
        let days = [entered_from, entered_before].into_iter().all(Option::is_none);
        let known = self.text.is_none() && self.late.is_none() && self.queue != Some(Queue::Late);
        let lists = urgencies.is_none() && assignees.is_none();
        known && flags && days && lists && beneficiaries_from.is_none()
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

/// A class that was proposed stands for as long as there is none.
fn proposed(wanted: bool) -> Predicate<Column> {
    if wanted {
        return Predicate::is(Column::Proposed, true).and(Predicate::Empty(Column::Category));
    }
    Predicate::Any(vec![Predicate::is(Column::Proposed, false), Predicate::Present(Column::Category)])
}

/// Whether a column names the viewer. Whoever acts in no post has entered nothing and works on nothing.
fn own<K: Copy + Into<sea_orm::Value>>(column: Column, me: Option<K>, mine: bool) -> Predicate<Column> {
    match (me, mine) {
        (Some(me), true) => Predicate::is(column, me),
        (Some(me), false) => Predicate::Any(vec![
            Predicate::Empty(column),
            Predicate::Below(column, me.into()),
            Predicate::Past(vec![column], vec![me.into()], Side::Above),
        ]),
        (None, true) => Predicate::Any(Vec::new()),
        (None, false) => Predicate::everything(),
    }
}

fn merged(wanted: bool) -> Predicate<Column> {
    let stages = Stage::ALL.iter().copied();
    Predicate::among(Column::Stage, stages.filter(|stage| (*stage == Stage::Merged) == wanted))
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
