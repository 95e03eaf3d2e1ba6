//! Coverage as the API shows it: villages below townships below the whole, all by the same sums.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::NaiveDate;
use entity::enums::VillageClass;
use entity::id::{CampaignId, DepartmentId};
use entity::{campaign, department};
use serde::{Deserialize, Serialize};

use super::village::{CoverageNumerator, VillageCoverage};
use crate::campaign::graphql::Department;
use crate::clock::day_of;
use crate::coverage::figures::{VillageFigures, villages};
use crate::coverage::rules::{Aim, Counts, Period, Standing};
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::listing::known;
use crate::graphql::scalars::Date;
use crate::ids::Kind;
use crate::plan::Numerator;

/// How many households were reached, of all that the register has, in the caller's scope (S05, S06). 征集覆盖率
pub struct Coverage {
    pub(super) as_of: Date,
    pub(super) villages: Vec<VillageFigures>,
    only_below: bool,
}

/// What is asked of a campaign's coverage, by keys.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Narrowed {
    /// One township.
    pub(super) township: Option<DepartmentId>,
    /// Up to which day.
    pub(super) as_of: Option<NaiveDate>,
    /// Only villages that miss their target.
    pub(super) only_below: bool,
}

/// What is asked of a campaign's coverage.
pub struct Asked {
    /// One township, by its global id.
    pub department: Option<ID>,
    /// Up to which day.
    pub as_of: Option<Date>,
    /// Only villages that miss their target.
    pub only_below: bool,
}

impl Asked {
    async fn narrowed(self, request: &Request) -> Result<Narrowed, ApiError> {
        let township = match &self.department {
            None => None,
            Some(id) => {
                Some(known::<department::Entity>(request, Kind::Department, id, "departmentId").await?)
            }
        };
        Ok(Narrowed { township, as_of: self.as_of.map(|Date(day)| day), only_below: self.only_below })
    }
}

impl Coverage {
    /// The coverage of a campaign, read once for all that is asked of it.
    pub async fn of(ctx: &Context<'_>, campaign: &campaign::Model, asked: Asked) -> Result<Self, ApiError> {
        let request = ctx.request()?;
        Self::read(request, campaign, asked.narrowed(request).await?).await
    }

    /// The same by keys.
    pub(super) async fn read(
        request: &Request,
        campaign: &campaign::Model,
        asked: Narrowed,
    ) -> Result<Self, ApiError> {
        let period = period(request, campaign, asked.as_of.map(Date));
        let plan = request.app.plans.of(campaign)?;
        let snapshot = request.read().await?;
        let villages = villages(&snapshot.tx, &plan, campaign.id, asked.township, period).await?;
        Ok(Self { as_of: Date(period.as_of), villages, only_below: asked.only_below })
    }
}

/// Unless a day is given: today, and once the campaign is over its last day. No day is later than today.
pub(super) fn period(request: &Request, campaign: &campaign::Model, as_of: Option<Date>) -> Period {
    let today = day_of(request.now);
    let usual = campaign.closes_on.map_or(today, |last| last.min(today));
    Period {
        opens_on: campaign.opens_on,
        closes_on: campaign.closes_on,
        as_of: as_of.map_or(usual, |Date(day)| day.min(today)),
    }
}

/// The campaign that a row in scope names, by its key.
pub(super) async fn campaign_of(request: &Request, id: &ID) -> Result<Option<campaign::Model>, ApiError> {
    let Some(id) = request.key::<CampaignId>(Kind::Campaign, id) else {
        return Ok(None);
    };
    let snapshot = request.read().await?;
    crate::snapshot::loaders::one(&snapshot.load.campaign, id).await
}

/// How many households were reached, of all that the register has, in the caller's scope (S05, S06). 征集覆盖率
#[Object]
impl Coverage {
    /// Visits made up to the end of this day count, whenever they were entered. 统计截止日
    async fn as_of(&self) -> Date {
        self.as_of
    }

    /// All villages in the caller's scope together. 合计
    async fn total(&self) -> CoverageFigures {
        CoverageFigures::of(&self.villages.iter().collect::<Vec<_>>())
    }

    /// All villages in the caller's scope together, class by class. 分类别合计
    async fn classes(&self) -> Vec<ClassCoverage> {
        ClassCoverage::all(&self.villages.iter().collect::<Vec<_>>())
    }

    /// Townships and streets, by code; with `onlyBelowTarget` those that have a village below its target. 各乡镇、街道
    async fn townships(&self, ctx: &Context<'_>) -> Result<Vec<TownshipCoverage>, ApiError> {
        self.by_township(ctx.request()?).await
    }
}

impl Coverage {
    /// Townships and streets, by code.
    pub(super) async fn by_township(&self, request: &Request) -> Result<Vec<TownshipCoverage>, ApiError> {
        let mut townships: BTreeMap<DepartmentId, Vec<VillageFigures>> = BTreeMap::new();
        for row in &self.villages {
            let of = townships.entry(row.village.department).or_default();
            of.push(row.clone());
        }
        if self.only_below {
            townships.retain(|_, villages| villages.iter().any(is_below));
        }
        let load = &request.read().await?.load;
        let ids: Vec<DepartmentId> = townships.keys().copied().collect();
        let mut departments = load.department.load_many(ids).await?;
        let found = townships.into_iter().filter_map(|(id, villages)| {
            Some(TownshipCoverage {
                department: Department(departments.remove(&id)?),
                villages,
                only_below: self.only_below,
            })
        });
        let mut found: Vec<TownshipCoverage> = found.collect();
        found.sort_by(|one, other| one.department.0.code.cmp(&other.department.0.code));
        Ok(found)
    }
}

fn is_below(row: &VillageFigures) -> bool {
    row.standing.is_some_and(|standing| !standing.is_met())
}

/// One township's or street's coverage. 乡镇、街道覆盖率
pub struct TownshipCoverage {
    pub(super) department: Department,
    pub(super) villages: Vec<VillageFigures>,
    only_below: bool,
}

impl TownshipCoverage {
    /// Those of its villages that are listed.
    pub(super) fn listed(&self) -> impl Iterator<Item = &VillageFigures> {
        let rows = self.villages.iter();
        rows.filter(|row| !self.only_below || is_below(row))
    }
}

/// One township's or street's coverage. 乡镇、街道覆盖率
#[Object]
impl TownshipCoverage {
    /// The township or street. 乡镇、街道
    async fn department(&self) -> &Department {
        &self.department
    }

    /// Its villages in the caller's scope together, also those that reached their target. 合计
    async fn total(&self) -> CoverageFigures {
        CoverageFigures::of(&self.villages.iter().collect::<Vec<_>>())
    }

    /// The same, class by class. 分类别合计
    async fn classes(&self) -> Vec<ClassCoverage> {
        ClassCoverage::all(&self.villages.iter().collect::<Vec<_>>())
    }

    /// Its villages and communities, by code; with `onlyBelowTarget` those below their target. 各村、社区
    async fn villages(&self) -> Vec<VillageCoverage> {
        self.listed().cloned().map(VillageCoverage).collect()
    }
}

/// Sums over villages: two numerators over one denominator. 覆盖数字
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct CoverageFigures {
    /// Households on the registers. 应访户数
    pub households: i64,
    /// Reached in any way. 已征集户数
    pub reached: i64,
    /// Visited at the door. 已入户户数
    pub at_door: i64,
    /// Reached, 0 to 1; null where there are no households. 征集率
    pub reached_rate: Option<f64>,
    /// Visited at the door, 0 to 1; null where there are no households. 入户征集率
    pub at_door_rate: Option<f64>,
    /// Villages and communities. 村居数
    pub villages: i64,
    /// Of those with a target, how many have reached it. 达标村居数
    pub villages_met: i64,
    /// Of those with a target, how many have not. 未达标村居数
    pub villages_below: i64,
    /// Households still lacking in those below their target. 尚需户数
    pub still_needed: i64,
    /// Households needed on each day that is left; null where one is below and no day is left, or no end. 每日需走访户数
    pub needed_per_day: Option<i64>,
}

impl CoverageFigures {
    pub(super) fn of(villages: &[&VillageFigures]) -> Self {
        let sum = |sum: Counts, row: &&VillageFigures| sum.plus(row.counts);
        let counts = villages.iter().fold(Counts::default(), sum);
        let standings = || villages.iter().filter_map(|row| row.standing);
        let met = standings().filter(Standing::is_met).count();
        Self {
            households: counts.households,
            reached: counts.reached,
            at_door: counts.at_door,
            reached_rate: counts.rate(counts.reached),
            at_door_rate: counts.rate(counts.at_door),
            villages: number(villages.len()),
            villages_met: number(met),
            villages_below: number(standings().count() - met),
            still_needed: standings().map(|standing| standing.needed).sum(),
            needed_per_day: standings().map(|standing| standing.per_day).sum(),
        }
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Villages of one class against the target of that class. 分类别覆盖率
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct ClassCoverage {
    /// The class. 覆盖率类别
    pub class: VillageClass,
    /// Which households its target counts; null where the plan sets none. 分子
    pub numerator: Option<CoverageNumerator>,
    /// What the target asks, 0 to 1; null where the plan sets none. 目标
    pub required_rate: Option<f64>,
    /// The same in per cent.
    #[graphql(skip)]
    pub percent: Option<u8>,
    /// Households on the registers. 应访户数
    pub households: i64,
    /// Households that the target counts; reached in any way where there is no target. 已覆盖户数
    pub covered: i64,
    /// What was reached, 0 to 1; null where there are no households. 覆盖率
    pub rate: Option<f64>,
    /// Whether the class as a whole has reached the target; null without one. 是否达标
    pub is_met: Option<bool>,
    /// Villages and communities of the class. 村居数
    pub villages: i64,
    /// How many of them have reached the target each by itself. 达标村居数
    pub villages_met: i64,
}

impl ClassCoverage {
    pub(super) fn all(villages: &[&VillageFigures]) -> Vec<Self> {
        let classes = VillageClass::ALL.iter();
        classes
            .filter_map(|class| {
                let own = villages.iter().filter(|row| row.register.class == *class);
                Self::of(*class, &own.copied().collect::<Vec<_>>())
            })
            .collect()
    }

    fn of(class: VillageClass, villages: &[&VillageFigures]) -> Option<Self> {
        let first = villages.first()?;
        let aim: Option<Aim> = first.standing.map(|standing| standing.aim);
        let sum = |sum: Counts, row: &&VillageFigures| sum.plus(row.counts);
        let counts = villages.iter().fold(Counts::default(), sum);
        let covered = counts.covered(aim.map_or(Numerator::Reached, |aim| aim.numerator));
        let met = villages.iter().filter(|row| row.standing.is_some_and(|standing| standing.is_met()));
        Some(Self {
            class,
            numerator: aim.map(|aim| aim.numerator.into()),
            required_rate: aim.map(|aim| f64::from(aim.percent) / 100.0),
            percent: aim.map(|aim| aim.percent),
            households: counts.households,
            covered,
            rate: counts.rate(covered),
            is_met: aim.map(|aim| covered >= aim.households(counts.households)),
            villages: number(villages.len()),
            villages_met: number(met.count()),
        })
    }
}
