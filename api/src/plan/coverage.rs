//! The register of villages and communities, and the coverage that the notice asks for (S05 S06 S07).

pub use entity::enums::{VillageClass, VillageKind};
use serde::{Deserialize, Serialize};

/// What the coverage rate divides by and what counts in it: the notices leave both open (征集率口径).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// What the rate divides by (分母).
    pub denominator: Denominator,
    /// Whether a visit that brought no opinion counts as reached (无意见走访是否计入).
    pub visit_without_opinion_counts: bool,
}

/// What the coverage rate divides by (分母).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Denominator {
    /// Every household of the register (户籍户数).
    RegisteredHouseholds,
    /// Only households that live there (常住户数).
    ResidentHouseholds,
}

/// A village or community of the register (村、社区).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Village {
    /// The code, unique in the county (村居代码).
    pub code: String,
    /// The name (村居名称).
    pub name: String,
    /// The township or street it belongs to (所属乡镇、街道).
    pub department: String,
    /// Village or community.
    pub kind: VillageKind,
    /// Which coverage target applies (征集类别; S05 S06).
    pub class: VillageClass,
    /// Households of the register (户籍户数).
    pub households: u32,
    /// Households that live there, where the rate divides by them (常住户数).
    #[serde(default)]
    pub resident_households: Option<u32>,
    /// The committee that has an account of its own, where it has one (村、居委会).
    #[serde(default)]
    pub committee: Option<String>,
}

/// The coverage that villages of one class shall reach (征集率目标; S05 S06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageTarget {
    /// The class of villages.
    pub class: VillageClass,
    /// Which households count as covered (分子).
    pub numerator: Numerator,
    /// At least so many per cent, 1 to 100 (目标百分比).
    pub percent: u8,
}

/// Which households count as covered (分子; S05 S06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Numerator {
    /// Reached in any way: the collection rate (征集率; S05).
    Reached,
    /// Visited at the door: the door-to-door rate (入户征集率; S06).
    VisitedAtDoor,
}
