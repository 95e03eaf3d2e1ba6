//! The one filter of lists, counts, figures and exports.

mod token;

use async_graphql::{ID, InputObject};
use chrono::{Datelike as _, NaiveDate};
use entity::enums::{Stage, SubmissionKind, Urgency};
use uuid::Uuid;

pub use self::token::FilterToken;
use crate::db::{MOST_WORDS, Needle, Unsearchable};
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::graphql::scalars::{Date, YEARS};
use crate::ids::Kind;
use crate::shares::filter::{Facets, Filter, Queue};

/// Longest text to look for, in characters.
const LONGEST_TEXT: usize = 50;
/// Most values in one list.
const MOST_VALUES: usize = 100;

macro_rules! filter_fields {
    ($($(#[$doc:meta])* $field:ident: $type:ty => $both:expr,)*) => {
        /// Narrows a list; fields combine with AND, values of one list with OR. Whatever can't match matches nothing and is no
        /// error: an empty list, ids of nothing, a period that ends before it begins, conditions that contradict each other.
        /// 筛选条件
        #[derive(Clone, Debug, Default, PartialEq, InputObject)]
        pub struct SubmissionFilter {
            /// That of a row of the overview: what the row counts, narrowed by the fields beside it. 统计行的筛选凭据
            pub token: Option<FilterToken>,
            $($(#[$doc])* pub $field: Option<$type>,)*
        }

        impl SubmissionFilter {
            /// What meets both, without their tokens.
            fn and(self, other: Self) -> Result<Self, Contradiction> {
                Ok(Self { token: None, $($field: both(self.$field, other.$field, $both)?,)* })
            }
        }
    };
}

filter_fields! {
    /// Campaigns. 活动
    campaign_ids: Vec<ID> => common,
    /// A pile of work. 待办队列
    queue: Queue => same,
    /// Departments with a share in it; for the county its collectors. 单位
    department_ids: Vec<ID> => common,
    /// Intake streams. 征集流
    stream_ids: Vec<ID> => common,
    /// Where it stands. 环节
    stages: Vec<Stage> => common,
    /// What the person wants. 诉求类型
    kinds: Vec<SubmissionKind> => common,
    /// Classes. 类别
    category_ids: Vec<ID> => common,
    /// Whether it has a class. 是否已归类
    is_classified: bool => same,
    /// Channels. 渠道
    channel_ids: Vec<ID> => common,
    /// Villages and communities. 村社区
    village_ids: Vec<ID> => common,
    /// Whether a village or community is given. 是否注明村社区
    has_village: bool => same,
    /// Received on or after this day. 收到日期起（含）
    received_from: Date => |own, other| Ok(own.max(*other)),
    /// Received on or before this day. 收到日期止（含）
    received_to: Date => |own, other| Ok(own.min(*other)),
    /// Received after intake had closed. 是否逾期
    is_late: bool => same,
    /// How urgent. 紧急程度
    urgencies: Vec<Urgency> => common,
    /// Would help so many people at least. 受益人数不少于
    beneficiaries_from: i32 => |own, other| Ok(own.max(*other)),
    /// Whether its citizen proposed a class and its collector has decided on none yet. 仅群众建议类别
    is_proposed: bool => same,
    /// Whether the caller's post entered it. 本岗位录入
    is_entered_by_me: bool => same,
    /// Accounts of the caller's department that work on it; nothing for whoever sees the county. 经办人
    assignee_ids: Vec<ID> => common,
    /// Whether somebody of the caller's department works on it; nothing for whoever sees the county. 是否已分派
    is_assigned: bool => same,
    /// Whether the caller works on it. 本人经办
    is_mine: bool => same,
    /// Whether the office merged it into another. 是否并入他件
    is_merged: bool => same,
    /// Entered on or after this day. 录入日期起（含）
    entered_from: Date => |own, other| Ok(own.max(*other)),
    /// Entered on or before this day. 录入日期止（含）
    entered_to: Date => |own, other| Ok(own.min(*other)),
    /// Words in title or content, in any order, parted by blanks: at most 50 characters and 8 words. 关键词，多个以空格分隔
    text: String => |own, other| Ok(format!("{own} {other}")),
}

/// Two filters that nothing can meet together.
struct Contradiction;

/// A condition of two filters: that of the only one, or what meets both.
fn both<T>(
    own: Option<T>,
    other: Option<T>,
    and: fn(T, &T) -> Result<T, Contradiction>,
) -> Result<Option<T>, Contradiction> {
    match (own, other) {
        (Some(own), Some(other)) => and(own, &other).map(Some),
        (own, other) => Ok(own.or(other)),
    }
}

fn same<T: PartialEq>(own: T, other: &T) -> Result<T, Contradiction> {
    if own == *other { Ok(own) } else { Err(Contradiction) }
}

#[expect(clippy::ptr_arg, reason = "as `both` calls it")]
fn common<T: PartialEq>(mut own: Vec<T>, other: &Vec<T>) -> Result<Vec<T>, Contradiction> {
    own.retain(|value| other.contains(value));
    // An empty list matches nothing, which is what a contradiction is.
    if own.is_empty() { Err(Contradiction) } else { Ok(own) }
}

impl SubmissionFilter {
    /// The same without a token: what its token says stands in its own fields.
    #[must_use]
    pub fn whole(mut self) -> Self {
        let Some(token) = self.token.take() else { return self };
        // No campaign at all is the shortest filter that nothing meets.
        let nothing = || Self { campaign_ids: Some(Vec::new()), ..Self::default() };
        self.and(*token.0).unwrap_or_else(|Contradiction| nothing())
    }

    /// The filter in keys. Ids of nothing match nothing; lists and texts that are too long are refused.
    pub fn resolve(&self, request: &Request) -> Result<Filter, ApiError> {
        if self.token.is_some() {
            return self.clone().whole().resolve(request);
        }
        Ok(Filter {
            campaigns: keys(request, Kind::Campaign, "campaignIds", self.campaign_ids.as_deref())?,
            queue: self.queue,
            departments: keys(request, Kind::Department, "departmentIds", self.department_ids.as_deref())?,
            streams: keys(request, Kind::IntakeStream, "streamIds", self.stream_ids.as_deref())?,
            stages: self.stages.clone(),
            kinds: self.kinds.clone(),
            categories: facets(
                keys(request, Kind::Category, "categoryIds", self.category_ids.as_deref())?,
                self.is_classified,
            ),
            channels: keys(request, Kind::Channel, "channelIds", self.channel_ids.as_deref())?,
            villages: facets(
                keys(request, Kind::Village, "villageIds", self.village_ids.as_deref())?,
                self.has_village,
            ),
            received_from: self.received_from.map(|day| day.0),
            received_before: self.received_to.and_then(|day| day_after(day.0)),
            late: self.is_late,
            urgencies: self.urgencies.clone(),
            beneficiaries_from: self.beneficiaries_from,
            proposed: self.is_proposed,
            entered_by_me: self.is_entered_by_me,
            assignees: facets(
                keys(request, Kind::Account, "assigneeIds", self.assignee_ids.as_deref())?,
                self.is_assigned,
            ),
            mine: self.is_mine,
            merged: self.is_merged,
            entered_from: self.entered_from.map(|day| day.0),
            entered_before: self.entered_to.and_then(|day| day_after(day.0)),
            text: self.text.as_deref().map(needle).transpose()?,
        })
    }
}

fn keys<T: From<Uuid>>(
    request: &Request,
    kind: Kind,
    field: &str,
    ids: Option<&[ID]>,
) -> Result<Option<Vec<T>>, ApiError> {
    let Some(ids) = ids else { return Ok(None) };
    if ids.len() > MOST_VALUES {
        return Err(ApiError::bad_input(
            format!("filter.{field} 最多 {MOST_VALUES} 项"),
            format!("filter.{field} takes at most {MOST_VALUES} values"),
        ));
    }
    Ok(Some(request.keys(kind, ids)))
}

/// Values beside the condition that there is none: nothing has both.
fn facets<T>(among: Option<Vec<T>>, present: Option<bool>) -> Option<Facets<T>> {
    match (among, present) {
        (None, None) => None,
        (None, Some(present)) => Some(Facets::Present(present)),
        (Some(values), None | Some(true)) => Some(Facets::Among(values)),
        (Some(_), Some(false)) => Some(Facets::Among(Vec::new())),
    }
}

/// The day after; none behind the last day of the calendar, before which everything is.
fn day_after(day: NaiveDate) -> Option<NaiveDate> {
    day.succ_opt().filter(|next| YEARS.contains(&next.year()))
}

fn needle(text: &str) -> Result<Needle, ApiError> {
    if text.chars().count() > LONGEST_TEXT {
        return Err(unfit());
    }
    Needle::new(text).map_err(|unsearchable| match unsearchable {
        Unsearchable::Nothing => unfit(),
        Unsearchable::TooManyWords => ApiError::bad_input(
            format!("filter.text 最多 {MOST_WORDS} 个词"),
            format!("filter.text takes at most {MOST_WORDS} words"),
        ),
    })
}

fn unfit() -> ApiError {
    ApiError::bad_input(
        format!("filter.text 应为 1 至 {LONGEST_TEXT} 个字"),
        format!("filter.text must have 1 to {LONGEST_TEXT} characters"),
    )
}
