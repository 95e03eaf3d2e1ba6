//! What forms and devices send.

use async_graphql::{ID, InputObject};
use entity::enums::VisitKind;

use crate::coverage::rules::Draft;
use crate::coverage::store;
use crate::graphql::context::Request;
use crate::graphql::scalars::Date;
use crate::ids::Kind;
use crate::text::{line, passage};

/// One visit, as a form or a device says. 走访登记
#[derive(Clone, Debug, InputObject)]
pub struct VisitInput {
    /// The visitor's own mark, unique in its department for good, 1 to 64 characters: what is sent twice counts once. 客户端编号
    pub client_ref: String,
    /// Village or community. 村、社区
    pub village_id: ID,
    /// Number of the household in its village, from 1. 户号
    pub household: i32,
    /// Day of the visit; may lie back, for offline work. 走访日期
    pub visited_on: Date,
    /// How the household was reached. 方式
    #[graphql(default_with = "VisitKind::Door")]
    pub kind: VisitKind,
    /// The suggestions that it brought; none, one or many, at most 20. 带回的意见建议
    #[graphql(default)]
    pub submission_ids: Vec<ID>,
    /// Household under special care or management. 服务管理对象
    #[graphql(default)]
    pub is_sensitive: bool,
    /// Note, at most 500 characters. 备注
    #[graphql(default)]
    pub note: String,
}

impl VisitInput {
    pub(super) fn draft(&self, request: &Request) -> Draft {
        Draft {
            village: request.key(Kind::Village, &self.village_id),
            household: self.household,
            visited_on: self.visited_on.0,
            kind: self.kind,
            submissions: keys(request, Kind::Submission, &self.submission_ids),
            sensitive: self.is_sensitive,
            note: passage(&self.note),
            client_ref: self.client_ref.clone(),
        }
    }
}

/// Each id's key, none where it is an id of another kind: a list keeps its length, so that nothing is dropped silently.
pub(super) fn keys<T: From<uuid::Uuid>>(request: &Request, kind: Kind, ids: &[ID]) -> Vec<Option<T>> {
    ids.iter().map(|id| request.key(kind, id)).collect()
}

/// A visit to enter. 登记走访
#[derive(Clone, Debug, InputObject)]
pub struct VisitRecordInput {
    /// The campaign that it counts in. 征集活动
    pub campaign_id: ID,
    /// The visitor's own mark, unique in its department for good, 1 to 64 characters: what is sent twice counts once. 客户端编号
    pub client_ref: String,
    /// Village or community. 村、社区
    pub village_id: ID,
    /// Number of the household in its village, from 1. 户号
    pub household: i32,
    /// Day of the visit; may lie back, for offline work. 走访日期
    pub visited_on: Date,
    /// How the household was reached. 方式
    #[graphql(default_with = "VisitKind::Door")]
    pub kind: VisitKind,
    /// The suggestions that it brought; none, one or many, at most 20. 带回的意见建议
    #[graphql(default)]
    pub submission_ids: Vec<ID>,
    /// Household under special care or management. 服务管理对象
    #[graphql(default)]
    pub is_sensitive: bool,
    /// Note, at most 500 characters. 备注
    #[graphql(default)]
    pub note: String,
}

impl VisitRecordInput {
    pub(super) fn draft(&self, request: &Request) -> Draft {
        let one = VisitInput {
            client_ref: self.client_ref.clone(),
            village_id: self.village_id.clone(),
            household: self.household,
            visited_on: self.visited_on,
            kind: self.kind,
            submission_ids: self.submission_ids.clone(),
            is_sensitive: self.is_sensitive,
            note: self.note.clone(),
        };
        one.draft(request)
    }
}

/// Visits of an offline day or of a pile of paper forms. 批量登记走访
#[derive(Clone, Debug, InputObject)]
pub struct VisitBatchRecordInput {
    /// The campaign that they count in. 征集活动
    pub campaign_id: ID,
    /// Visits, 1 to 200; each is taken in or refused by itself. 走访
    pub rows: Vec<VisitInput>,
}

/// Suggestions to add to a visit. 补录走访意见
#[derive(Clone, Debug, InputObject)]
pub struct VisitLinkInput {
    /// The visit. 走访
    pub visit_id: ID,
    /// Its version as the caller knows it. 版本
    pub expected_version: i32,
    /// Suggestions to add; a visit has at most 20. 意见建议
    pub submission_ids: Vec<ID>,
}

/// A visit to take back. 撤回走访
#[derive(Clone, Debug, InputObject)]
pub struct VisitWithdrawInput {
    /// The visit. 走访
    pub visit_id: ID,
    /// Its version as the caller knows it. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

/// A symposium to enter. 登记座谈会
#[derive(Clone, Debug, InputObject)]
pub struct SymposiumRecordInput {
    /// The campaign that it counts in. 征集活动
    pub campaign_id: ID,
    /// The holder's own mark, unique in its department for good, 1 to 64 characters. 客户端编号
    pub client_ref: String,
    /// Village or community; none for a school, an enterprise or the like. 村、社区
    pub village_id: Option<ID>,
    /// Day. 日期
    pub held_on: Date,
    /// Where, 1 to 100 characters. 地点
    pub place: String,
    /// What about, at most 200 characters. 主题
    #[graphql(default)]
    pub topic: String,
    /// How many came. 到会人数
    pub attendance: i32,
    /// Numbers of the village's households that were present, at most 200: each counts as reached. 到会户号
    #[graphql(default)]
    pub households: Vec<i32>,
}

impl SymposiumRecordInput {
    pub(super) fn form(&self, request: &Request) -> store::Symposium {
        store::Symposium {
            campaign: request.key(Kind::Campaign, &self.campaign_id),
            village: self.village_id.as_ref().map(|id| request.key(Kind::Village, id)),
            held_on: self.held_on.0,
            place: line(&self.place),
            topic: line(&self.topic),
            attendance: self.attendance,
            households: self.households.clone(),
            client_ref: self.client_ref.clone(),
        }
    }
}

/// One person for a roster. 征集对象人员
#[derive(Clone, Debug, InputObject)]
pub struct ConstituentInput {
    /// What tells the person apart in every roster of the county, 4 to 64 characters: only a keyed hash is kept. 人员标识
    pub reference: String,
    /// Name, 1 to 100 characters; sealed. 姓名
    pub name: String,
    /// One of the stream's constituencies. 征集对象
    pub constituency: String,
}

/// Persons for the roster of an own stream. 登记征集对象
#[derive(Clone, Debug, InputObject)]
pub struct ConstituentRegisterInput {
    /// The stream, of the caller's department. 征集流
    pub stream_id: ID,
    /// Persons, 1 to 200; who is on the roster already stays as it is. 人员
    pub rows: Vec<ConstituentInput>,
}

/// Persons that were heard. 标记已征集
#[derive(Clone, Debug, InputObject)]
pub struct ConstituentReachInput {
    /// Persons of own rosters, 1 to 200. 人员
    pub constituent_ids: Vec<ID>,
    /// On which day; an earlier day that is known stays. 日期
    pub reached_on: Date,
}
