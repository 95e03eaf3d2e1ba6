//! What a public page draws its form from, without a token: what the plan says, which is a public document, and whether the
//! campaign takes anything now.

mod form;
mod place;

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::NaiveDate;
use entity::enums::{Stage, SubmissionKind};
use entity::id::County;
use entity::labels::Labelled as _;
use unicode_normalization::UnicodeNormalization as _;

use crate::campaign::graphql::StreamForm;
use crate::clock::day_of;
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::scalars::Date;
use crate::intake::citizen;
use crate::intake::store::{OpenPlan, open_plan};
use crate::limits::rates::RateKey;
use crate::plan::{Campaign, Plan};
use form::PublicField;
use place::{PublicChannel, PublicTownship};

/// Why a campaign is not open to the public; grows, so keep a default branch. 未开放原因
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PublicClosure {
    /// Its first day is still to come: nothing is taken yet. 尚未开始
    NotBegun,
    /// Its last day has passed: what still arrives is taken and marked as late. 征集期已过
    PeriodOver,
    /// The office has closed it: nothing is taken any more. 活动已结束
    Closed,
}

/// A campaign as a page without an account sees it: its plan's public part, by the plan's codes. 面向群众的征集活动
pub struct PublicCampaign {
    plan: Arc<Plan>,
    closure: Option<PublicClosure>,
}

/// A document that founds the campaign (S01, H01). 公告文件
#[derive(Clone, Debug, SimpleObject)]
pub struct PublicNotice {
    /// Its number. 文号
    pub document_number: String,
    /// Who issued it. 印发单位
    pub issuers: Vec<String>,
    /// Its day. 印发日期
    pub issued_on: Date,
    /// Whom it addresses, as it words them. 主送机关
    pub addressees: Vec<String>,
}

/// A class to choose from. 可选类别
#[derive(Clone, Debug, SimpleObject)]
pub struct PublicCategory {
    /// To be sent as `categoryCode`. 类别代码
    pub code: String,
    /// Chinese name, e.g. 道路交通. 类别名称
    pub name: String,
    /// Whether it is the one for what fits no other. 是否其他类
    pub is_other: bool,
}

/// A kind to choose from, in both languages. 可选诉求类型
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct KindLabel {
    /// To be sent as `kind`. 诉求类型
    pub kind: SubmissionKind,
    /// In Chinese. 中文
    pub zh: &'static str,
    /// In English. 英文
    pub en: &'static str,
}

/// What citizens are told of a stage, in both languages; several stages may have the same words. 办理进度用语
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct StageLabel {
    /// The stage of a receipt. 环节
    pub stage: Stage,
    /// In Chinese. 中文
    pub zh: &'static str,
    /// In English. 英文
    pub en: &'static str,
}

/// A campaign as a page without an account sees it: its plan's public part, by the plan's codes. 面向群众的征集活动
#[Object]
impl PublicCampaign {
    /// GB/T 2260 code of the county, to be sent as `to.county`. 行政区划代码
    async fn county_code(&self) -> &str {
        &self.plan.county.code
    }

    /// Name of the county or district. 县（区）名称
    async fn county_name(&self) -> &str {
        &self.plan.county.name
    }

    /// Code of the campaign, to be sent as `to.campaign`. 活动代码
    async fn code(&self) -> &str {
        &self.founding().code
    }

    /// Full Chinese name. 名称
    async fn name(&self) -> &str {
        &self.founding().name
    }

    /// Other spellings of the name (H03). 别名
    async fn aliases(&self) -> &[String] {
        &self.founding().aliases
    }

    /// The documents that found it. 公告文件
    async fn notices(&self) -> Vec<PublicNotice> {
        let founding = self.founding();
        vec![PublicNotice {
            document_number: founding.document_number.clone(),
            issuers: founding.issuers.clone(),
            issued_on: Date(founding.issued_on),
            addressees: founding.addressees.iter().map(|line| line.name.clone()).collect(),
        }]
    }

    /// First day of intake. 开始日期
    async fn opens_on(&self) -> Date {
        Date(self.founding().opens_on)
    }

    /// Last day of intake, itself included; null while open-ended. 截止日期
    async fn closes_on(&self) -> Option<Date> {
        self.founding().closes_on.map(Date)
    }

    /// Whether today lies in the period and nobody has closed it. 是否开放征集
    async fn is_open(&self) -> bool {
        self.closure.is_none()
    }

    /// Why it is not open; null while it is. 未开放原因
    async fn closed_because(&self) -> Option<PublicClosure> {
        self.closure
    }

    /// Whether `submissionSubmit` takes a suggestion now; after the period it does, and marks it as late. 是否仍可提交
    async fn takes_suggestions(&self) -> bool {
        matches!(self.closure, None | Some(PublicClosure::PeriodOver))
    }

    /// Whether a name may be left out. 是否可匿名
    async fn anonymous_submission(&self) -> bool {
        self.founding().anonymous_submission
    }

    /// Kinds to choose from. 诉求类型
    async fn kinds(&self) -> Vec<KindLabel> {
        let kinds = SubmissionKind::ALL.iter().map(|kind| (*kind, kind.label()));
        kinds.map(|(kind, label)| KindLabel { kind, zh: label.zh, en: label.en }).collect()
    }

    /// Classes to choose from, in the plan's order. 征集类别
    async fn categories(&self) -> Vec<PublicCategory> {
        let classes = self.plan.categories.iter();
        classes
            .map(|class| PublicCategory {
                code: class.code.clone(),
                name: class.name.clone(),
                is_other: class.other,
            })
            .collect()
    }

    /// Townships and streets with their villages and communities, in the plan's order. 乡镇街道及村社区
    async fn townships(&self) -> Vec<PublicTownship> {
        PublicTownship::all(&self.plan)
    }

    /// Ways that a citizen can use alone, at a screen, in the plan's order. 公开渠道
    async fn channels(&self) -> Vec<PublicChannel> {
        PublicChannel::all(&self.plan)
    }

    /// What `submissionSubmit` takes whatever the stream, with what it asks of each field. 通用表单项
    async fn fields(&self, ctx: &Context<'_>) -> Result<Vec<PublicField>, ApiError> {
        Ok(PublicField::all(self.founding().anonymous_submission, ctx.request()?.language))
    }

    /// What each stream's form asks for beyond that; `channels { streamCode }` says which of them a suggestion meets. 征集表单
    async fn forms(&self) -> Vec<StreamForm> {
        StreamForm::all(&self.plan)
    }

    /// What citizens are told of each stage of a receipt. 办理进度用语
    async fn stages(&self) -> Vec<StageLabel> {
        let stages = Stage::ALL.iter().map(|stage| (*stage, citizen::words(*stage)));
        stages.map(|(stage, label)| StageLabel { stage, zh: label.zh, en: label.en }).collect()
    }
}

impl PublicCampaign {
    fn of(OpenPlan { plan, closed }: OpenPlan, today: NaiveDate) -> Self {
        let founding = &plan.campaign;
        let closure = match founding.closes_on {
            _ if closed => Some(PublicClosure::Closed),
            _ if today < founding.opens_on => Some(PublicClosure::NotBegun),
            Some(last) if today > last => Some(PublicClosure::PeriodOver),
            _ => None,
        };
        Self { plan, closure }
    }

    fn founding(&self) -> &Campaign {
        &self.plan.campaign
    }
}

/// What public pages ask.
#[derive(Default)]
pub struct PublicQuery;

#[Object]
impl PublicQuery {
    /// What a public page needs to draw its form, without signing in; null where there is no such campaign, or none that
    /// takes suggestions from the public. It changes with the plan, at midnight and when the campaign is closed: keep the
    /// answer for some minutes.
    /// 公开征集页
    async fn public_campaign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "GB/T 2260 code of the county. 行政区划代码")] county: String,
        #[graphql(
            desc = "Code of the campaign, or its name in any of its spellings; width, case and blanks do not matter. 活动代码或名称"
        )]
        code: String,
    ) -> Option<Result<PublicCampaign, ApiError>> {
        let found = async { find(ctx.request()?, &county, &code).await };
        found.await.transpose()
    }
}

async fn find(request: &Request, county: &str, code: &str) -> Result<Option<PublicCampaign>, ApiError> {
    if request.caller.is_none() {
        let key = RateKey::Address(request.address);
        request.app.rates.charge(key).map_err(ApiError::rate_limited)?;
    }
    let county: String = county.trim().nfkc().collect();
    let Some(county) = County::parse(&county) else {
        return Ok(None);
    };
    let found = open_plan(&request.app, county, code).await?;
    Ok(found.map(|open| PublicCampaign::of(open, day_of(request.now))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_is_open_from_its_first_day_to_its_last_unless_it_was_closed() {
        let text = include_str!("../../../../plans/shuangluan-2020.toml");
        let plan = Arc::new(Plan::parse("plan.toml", text).unwrap());
        let on = |day: &str, closed| {
            PublicCampaign::of(OpenPlan { plan: Arc::clone(&plan), closed }, day.parse().unwrap()).closure
        };
        assert_eq!(on("2019-10-14", false), Some(PublicClosure::NotBegun));
        assert_eq!((on("2019-10-15", false), on("2019-11-15", false)), (None, None));
        assert_eq!(on("2019-11-16", false), Some(PublicClosure::PeriodOver));
        assert_eq!(on("2019-11-01", true), Some(PublicClosure::Closed));
    }
}
