//! What can be exported: one variant each, with what it is narrowed by. A kind that is added here needs a source, the
//! operation that lets it out, and a name in both languages; everything else follows.

use chrono::NaiveDate;
use entity::id::{CampaignId, CircularId, DepartmentId, SummaryTableId, VillageId};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::refusal::Message;
use crate::scope::profiles::Operation;

/// What is exported. It travels in the ticket, sealed, and its filter stands in the audit trail.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Subject {
    /// Suggestions. 意见建议台账
    Ledger {
        /// The filter as the API takes it.
        filter: Json,
        /// Oldest first.
        ascending: bool,
    },
    /// Weekly reports. 周报
    WeeklyReports(WeeklyWanted),
    /// One summary table. 分类汇总表
    SummaryTable {
        /// Which.
        id: SummaryTableId,
    },
    /// One circular. 通报
    Circular {
        /// Which.
        id: CircularId,
    },
    /// Persons who answer for the campaign. 责任人名单
    Rosters {
        /// Of which campaign.
        campaign: CampaignId,
    },
    /// How many households were reached. 覆盖率
    Coverage {
        /// Of which campaign.
        campaign: CampaignId,
        /// What of it.
        #[serde(flatten)]
        narrowed: CoverageNarrowed,
    },
    /// Households that were not. 未访户清单
    HouseholdsNotReached(UnreachedWanted),
}

/// What is asked of a campaign's coverage, by keys.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct CoverageNarrowed {
    /// One township.
    pub township: Option<DepartmentId>,
    /// Up to which day.
    pub as_of: Option<NaiveDate>,
    /// Only villages that miss their target.
    pub only_below: bool,
}

/// Which households are wanted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct UnreachedWanted {
    /// Campaign.
    pub campaign: CampaignId,
    /// One village.
    pub village: Option<VillageId>,
    /// Those not visited at the door.
    pub at_door: bool,
    /// Up to which day.
    pub as_of: Option<NaiveDate>,
}

/// Which weekly reports.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WeeklyWanted {
    /// Campaign.
    pub campaign: CampaignId,
    /// Departments.
    pub departments: Option<Vec<DepartmentId>>,
    /// Last day of the period.
    pub period_end: Option<NaiveDate>,
    /// Handed in after the due day, or not.
    pub late: Option<bool>,
}

impl Subject {
    /// The right without which it is not let out.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Ledger { .. } => Operation::SubmissionExport,
            Self::WeeklyReports(_) => Operation::WeeklyReportExport,
            Self::SummaryTable { .. } => Operation::SummaryTableExport,
            Self::Circular { .. } => Operation::CircularExport,
            Self::Rosters { .. } => Operation::RosterExport,
            Self::Coverage { .. } => Operation::CoverageExport,
            Self::HouseholdsNotReached(_) => Operation::HouseholdsNotReachedExport,
        }
    }

    /// Its name in the audit trail.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ledger { .. } => "LEDGER",
            Self::WeeklyReports(_) => "WEEKLY_REPORTS",
            Self::SummaryTable { .. } => "SUMMARY_TABLE",
            Self::Circular { .. } => "CIRCULAR",
            Self::Rosters { .. } => "ROSTERS",
            Self::Coverage { .. } => "COVERAGE",
            Self::HouseholdsNotReached(_) => "HOUSEHOLDS_NOT_REACHED",
        }
    }

    /// By what it is narrowed, for the audit trail: keys, days and closed values, and of a text only that there is one.
    #[must_use]
    pub fn trail(&self) -> Json {
        if let Self::Ledger { filter, .. } = self {
            return without_text(filter);
        }
        let mut told = serde_json::to_value(self).unwrap_or_default();
        if let Some(fields) = told.as_object_mut() {
            fields.retain(|name, value| name != "kind" && !value.is_null());
        }
        told
    }

    /// Its heading, and the beginning of its file's name.
    #[must_use]
    pub fn title(&self) -> Message {
        let (zh, en) = match self {
            Self::Ledger { .. } => ("意见建议台账", "Suggestions"),
            Self::WeeklyReports(_) => ("周报", "Weekly reports"),
            Self::SummaryTable { .. } => ("分类汇总表", "Summary table"),
            Self::Circular { .. } => ("通报", "Circular"),
            Self::Rosters { .. } => ("责任人名单", "Rosters"),
            Self::Coverage { .. } => ("征集覆盖率", "Coverage"),
            Self::HouseholdsNotReached(_) => ("未访户清单", "Households not reached"),
        };
        Message::new(zh, en)
    }
}

fn without_text(filter: &Json) -> Json {
    let mut told = filter.clone();
    if let Some(fields) = told.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
        if let Some(text) = fields.get_mut("text") {
            *text = Json::Bool(true);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_trail_holds_no_text() {
        let subject = Subject::Ledger {
            filter: json!({ "text": "王某某", "stages": ["CLOSED"], "queue": null }),
            ascending: false,
        };
        assert_eq!(subject.trail(), json!({ "text": true, "stages": ["CLOSED"] }));
    }

    #[test]
    fn a_subject_survives_its_ticket_and_names_its_filter() {
        let campaign = CampaignId(uuid::Uuid::from_u128(7));
        let subject = Subject::Coverage {
            campaign,
            narrowed: CoverageNarrowed { only_below: true, ..CoverageNarrowed::default() },
        };
        let told = json!({ "campaign": campaign, "only_below": true });
        assert_eq!(subject.trail(), told);
        let text = serde_json::to_string(&subject).unwrap();
        let again: Subject = serde_json::from_str(&text).unwrap();
        assert_eq!((again.kind(), again.trail()), ("COVERAGE", told));
    }
}
