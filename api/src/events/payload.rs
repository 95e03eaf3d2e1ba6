//! What an event of a subscription shows.

use async_graphql::{Enum, ID, SimpleObject};

use crate::intake::graphql::{Overview, Submission};
use crate::shares::filter::Queue;

/// Why an event is told. 推送种类
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ChangeKind {
    /// First of every subscription, once: from now on every change is told. Read the list after this. 已就绪
    Ready,
    /// Something changed. 有变动
    Changed,
    /// A suggestion is no longer the caller's to see, or in none of the streams that were asked for: it was moved. Take it out
    /// of every list. 已移出
    Left,
    /// Changes may have been missed up to now; from now on every change is told again. Read the list anew; there is no need
    /// to subscribe again. Figures of an event before this one may be older than they should have been. 可能有遗漏
    Lagged,
}

/// What a subscription to suggestions tells. 意见建议变动
#[derive(SimpleObject)]
pub struct SubmissionChangedPayload {
    /// Why it is told; enums are open, pass over what you do not know. 种类
    pub kind: ChangeKind,
    /// The suggestion as it stands now; present exactly when the kind is CHANGED. 意见建议
    pub submission: Option<Submission>,
    /// Which suggestion; present when the kind is CHANGED or LEFT. 意见建议编号
    pub submission_id: Option<ID>,
    /// The caller's queues, as `queueCounts` counts them, in which it stood before and stands no more. 移出队列
    pub queues_left: Vec<Queue>,
    /// Those in which it stands now and did not before; all of its queues when it is new to the caller. 进入队列
    pub queues_entered: Vec<Queue>,
}

/// What a subscription to figures tells: they are in every event, as they stand now. 总览变动
#[derive(SimpleObject)]
pub struct OverviewChangedPayload {
    /// Why it is told; enums are open, pass over what you do not know. 种类
    pub kind: ChangeKind,
    /// The figures. 总览
    pub overview: Overview,
}

/// What a subscription to the agenda tells: nothing but that it may have changed. 待办变动
#[derive(SimpleObject)]
pub struct AgendaChangedPayload {
    /// Why it is told; enums are open, pass over what you do not know. 种类
    pub kind: ChangeKind,
}
