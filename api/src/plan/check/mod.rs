//! Whether a plan makes sense: everything wrong with it, in one pass.
//!
//! A plan that passes holds together: the rest of the program may take every code in it as defined, every list as
//! unambiguous and every number as within its range.

mod calendar;
mod collection;
mod findings;
mod organisation;
mod profiles;
mod schedule;

use super::error::{Finding, PlanErrorCode};
use super::{Plan, RightsProfile};
use findings::{Findings, TEXT, Thing};

/// Everything wrong with the plan; empty for a sound one.
pub(super) fn check(plan: &Plan) -> Vec<Finding> {
    let mut found = Findings::of(plan);
    founding(plan, &mut found);
    clauses(plan, &mut found);
    organisation::check(plan, &mut found);
    collection::check(plan, &mut found);
    schedule::check(plan, &mut found);
    calendar::check(plan, &mut found);
    decision(plan, &mut found);
    found.into_inner()
}

fn founding(plan: &Plan, found: &mut Findings) {
    let campaign = &plan.campaign;
    county_code(&plan.county.code, found);
    found.text("county.name", &plan.county.name);
    found.code("campaign.code", &campaign.code);
    found.text("campaign.name", &campaign.name);
    found.texts("campaign.aliases", &campaign.aliases);
    found.text("campaign.document_number", &campaign.document_number);
    found.some("campaign.issuers", campaign.issuers.len());
    found.texts("campaign.issuers", &campaign.issuers);
    found.some("campaign.addressees", campaign.addressees.len());
    for (index, addressee) in campaign.addressees.iter().enumerate() {
        let path = format!("campaign.addressees[{index}]");
        found.text(&format!("{path}.name"), &addressee.name);
        found.some(&format!("{path}.roles"), addressee.roles.len());
        found.references(&format!("{path}.roles"), Thing::Role, &addressee.roles, |code| {
            plan.role(code).is_some()
        });
    }
    if let Some(programme) = &campaign.parent_programme {
        found.code("campaign.parent_programme.code", &programme.code);
        found.text("campaign.parent_programme.name", &programme.name);
    }
    if campaign.closes_on.is_some_and(|closes| closes < campaign.opens_on) {
        let code = PlanErrorCode::DatesReversed;
        found.add("campaign.closes_on", code, "intake would close before it opens", "截止日期早于开始日期");
    }
}

fn decision(plan: &Plan, found: &mut Findings) {
    let Some(decision) = &plan.decision else {
        return;
    };
    if let Some(role) = &decision.vote_role {
        let known = plan.role(role);
        let votes = known.is_some_and(|role| role.profile == RightsProfile::Collector);
        found.reference("decision.vote_role", Thing::Role, role, votes);
    }
    let least = decision.smallest_ranked;
    found.range("decision.smallest_ranked", least, 1, 10_000);
    let rates = &decision.circular_rates;
    let path = |index| format!("decision.circular_rates[{index}]");
    found.unique(rates.iter().map(|rate| rate.as_str()), path);
    for (index, rate) in rates.iter().enumerate().filter(|(_, rate)| !plan.measures(**rate)) {
        let reason =
            format!("{} needs a coverage target or a due date that the plan does not set", rate.as_str());
        let reason_zh = format!("{} 所需的征集率目标或报送期限方案未设定", rate.as_str());
        found.add(&path(index), PlanErrorCode::Incomplete, reason, reason_zh);
    }
}

/// GB/T 2260: six digits, of which the last two are 00 for a province or a prefecture.
fn county_code(code: &str, found: &mut Findings) {
    let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || code.starts_with('0') || code.ends_with("00") {
        let reason = "not a GB/T 2260 code of a county: six digits, the last two not 00";
        found.add(
            "county.code",
            PlanErrorCode::BadCountyCode,
            reason,
            "不是县级行政区划代码（GB/T 2260，六位数字）",
        );
    }
}

fn clauses(plan: &Plan, found: &mut Findings) {
    found.some("clauses", plan.clauses.len());
    found.codes("clauses", plan.clauses.iter().map(|clause| &clause.code));
    for (index, clause) in plan.clauses.iter().enumerate() {
        found.text_up_to(&format!("clauses[{index}].text"), &clause.text, TEXT);
        found.key(&format!("clauses[{index}].check"), &clause.check);
        if clause.due_on.is_some_and(|day| day < plan.campaign.issued_on) {
            let (reason, reason_zh) = ("due before the document was issued", "早于文件成文日期");
            found.add(&format!("clauses[{index}].due_on"), PlanErrorCode::DatesReversed, reason, reason_zh);
        }
        found.references(&format!("clauses[{index}].roles"), Thing::Role, &clause.roles, |code| {
            plan.role(code).is_some()
        });
    }
}
