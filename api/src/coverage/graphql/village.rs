//! One village's coverage as the API shows it.

use async_graphql::{Enum, Object};
use entity::enums::VillageClass;

use crate::campaign::graphql::Village;
use crate::coverage::figures::VillageFigures;
use crate::graphql::scalars::Date;
use crate::plan::Numerator;

/// Which households a target counts. 分子
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CoverageNumerator {
    /// Reached in any way: the collection rate (S05). 征集率
    Reached,
    /// Visited at the door: the door-to-door rate (S06). 入户征集率
    VisitedAtDoor,
}

impl From<Numerator> for CoverageNumerator {
    fn from(numerator: Numerator) -> Self {
        match numerator {
            Numerator::Reached => Self::Reached,
            Numerator::VisitedAtDoor => Self::VisitedAtDoor,
        }
    }
}

/// One village's or community's coverage. 村、社区覆盖率
pub struct VillageCoverage(pub(super) VillageFigures);

/// One village's or community's coverage. 村、社区覆盖率
#[Object]
impl VillageCoverage {
    /// The village or community. 村、社区
    async fn village(&self) -> Village {
        Village(self.0.village.clone())
    }

    /// Version of the register that holds on the day. 户数登记版本
    async fn register_version(&self) -> i32 {
        self.0.register.version
    }

    /// First day of that version. 该版本生效日期
    async fn register_effective_on(&self) -> Date {
        Date(self.0.register.effective_on)
    }

    /// Which target binds it, by that version. 覆盖率类别
    async fn class(&self) -> VillageClass {
        self.0.register.class
    }

    /// Households by that version: the one denominator. 应访户数
    async fn households(&self) -> i64 {
        self.0.counts.households
    }

    /// Reached in any way. 已征集户数
    async fn reached(&self) -> i64 {
        self.0.counts.reached
    }

    /// Visited at the door. 已入户户数
    async fn at_door(&self) -> i64 {
        self.0.counts.at_door
    }

    /// Reached, 0 to 1; null where there are no households. 征集率
    async fn reached_rate(&self) -> Option<f64> {
        self.0.counts.rate(self.0.counts.reached)
    }

    /// Visited at the door, 0 to 1; null where there are no households. 入户征集率
    async fn at_door_rate(&self) -> Option<f64> {
        self.0.counts.rate(self.0.counts.at_door)
    }

    /// Which households its target counts; null without a target. 分子
    async fn numerator(&self) -> Option<CoverageNumerator> {
        self.0.standing.map(|standing| standing.aim.numerator.into())
    }

    /// What the target asks, 0 to 1; null without one. 目标
    async fn required_rate(&self) -> Option<f64> {
        let standing = self.0.standing?;
        Some(f64::from(standing.aim.percent) / 100.0)
    }

    /// Whether the target is reached; null without one. 是否达标
    async fn is_met(&self) -> Option<bool> {
        self.0.standing.map(|standing| standing.is_met())
    }

    /// Households still lacking; null without a target. 尚需户数
    async fn still_needed(&self) -> Option<i64> {
        self.0.standing.map(|standing| standing.needed)
    }

    /// Households needed on each day that is left; null where no day is left, or no end. 每日需走访户数
    async fn needed_per_day(&self) -> Option<i64> {
        self.0.standing.and_then(|standing| standing.per_day)
    }

    /// Households that the target will count on the last day at the pace of the last seven; null while open-ended. 预计户数
    async fn forecast(&self) -> Option<i64> {
        self.0.standing.and_then(|standing| standing.forecast)
    }

    /// Whether the forecast reaches the target; null while open-ended. 预计能否达标
    async fn is_on_course(&self) -> Option<bool> {
        let standing = self.0.standing?;
        Some(standing.forecast? >= standing.required)
    }
}
