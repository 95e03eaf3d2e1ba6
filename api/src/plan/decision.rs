//! Who votes on projects, and which departments a circular ranks (S03 S30).

use entity::enums::CircularRate;
use serde::{Deserialize, Serialize};

/// The least denominator that is ranked, unless the plan says otherwise.
pub(super) const SMALLEST_RANKED: u32 = 10;

/// What the notice, or whoever applies it, settles about decisions (决策与通报).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The role whose departments record the deputies' vote and evaluation; none where nobody votes (票决单位类型; S03).
    #[serde(default)]
    pub vote_role: Option<String>,
    /// The least number of suggestions with which a circular ranks a department (排名最小件数; S30).
    #[serde(default = "smallest_ranked")]
    pub smallest_ranked: u32,
    /// By what circulars rank departments; none named means by everything that the plan makes measurable (通报指标; S30).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub circular_rates: Vec<CircularRate>,
}

const fn smallest_ranked() -> u32 {
    SMALLEST_RANKED
}
