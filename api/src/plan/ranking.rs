//! By what circulars rank departments (通报指标; S30).

use entity::enums::CircularRate;

use super::{DueKind, Plan, VillageClass};

impl Plan {
    /// By what circulars rank departments: what the plan names, else everything that it makes measurable.
    #[must_use]
    pub fn circular_rates(&self) -> Vec<CircularRate> {
        let named = self.decision.as_ref().map_or(&[][..], |decision| &decision.circular_rates);
        if !named.is_empty() {
            return named.to_vec();
        }
        CircularRate::ALL.iter().copied().filter(|rate| self.measures(*rate)).collect()
    }

    /// Whether the plan sets what a rate measures: coverage has a target, a report or a table is due.
    pub(super) fn measures(&self, rate: CircularRate) -> bool {
        let target = |class: VillageClass| self.coverage_targets.iter().any(|target| target.class == class);
        let due = |kind: DueKind| self.due_dates.iter().any(|due| due.kind == kind);
        match rate {
            CircularRate::Classified | CircularRate::Explained | CircularRate::FindingsPutRight => true,
            CircularRate::CoverageEnvironmentScheme => target(VillageClass::EnvironmentScheme),
            CircularRate::CoverageOrdinary => target(VillageClass::Ordinary),
            CircularRate::ReportsOnTime => due(DueKind::Report),
            CircularRate::TablesOnTime => due(DueKind::SummaryTable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::PlanErrorCode;

    const SHUANGLUAN: &str = include_str!("../../plans/shuangluan-2020.toml");
    const SMALLEST: &str = "smallest_ranked = 10\n";

    fn with(rates: &str) -> String {
        SHUANGLUAN.replace(SMALLEST, &format!("{SMALLEST}circular_rates = [{rates}]\n"))
    }

    #[test]
    fn a_plan_that_names_no_rates_ranks_by_all_that_it_makes_measurable() {
        let mut plan = Plan::parse("plan.toml", SHUANGLUAN).unwrap();
        assert_eq!(plan.circular_rates(), CircularRate::ALL);
        plan.coverage_targets.retain(|target| target.class != VillageClass::Ordinary);
        plan.due_dates.retain(|due| due.kind != DueKind::Report);
        let left = plan.circular_rates();
        let gone = [CircularRate::CoverageOrdinary, CircularRate::ReportsOnTime];
        assert_eq!(left.len(), CircularRate::ALL.len() - gone.len());
        assert!(gone.iter().all(|rate| !left.contains(rate)));
    }

    #[test]
    fn a_plan_that_names_rates_ranks_by_those_alone_and_names_none_twice() {
        let plan = Plan::parse("plan.toml", &with("\"COVERAGE_ORDINARY\", \"EXPLAINED\"")).unwrap();
        assert_eq!(plan.circular_rates(), [CircularRate::CoverageOrdinary, CircularRate::Explained]);
        let twice = Plan::parse("plan.toml", &with("\"EXPLAINED\", \"EXPLAINED\"")).unwrap_err();
        assert_eq!(twice.iter().map(|error| error.code).collect::<Vec<_>>(), [PlanErrorCode::Duplicate]);
        assert!(Plan::parse("plan.toml", &with("\"POPULAR\"")).is_err());
    }
}
