//! Both notices are whole.

use std::collections::BTreeSet;

use super::*;

fn clause_codes(plan: &Plan) -> Vec<&str> {
    plan.clauses.iter().map(|clause| clause.code.as_str()).collect()
}

fn profiles(plan: &Plan) -> BTreeSet<String> {
    let held = plan.departments.iter().map(|department| plan.profile_of(department).unwrap());
    held.map(|profile| format!("{profile:?}")).collect()
}

fn departments_of<'a>(plan: &'a Plan, role: &str) -> Vec<&'a Department> {
    plan.departments.iter().filter(|department| department.role == role).collect()
}

#[test]
fn every_clause_of_shuangluan_stands_in_its_plan() {
    let expected: Vec<_> = (1..=31).map(|number| format!("S{number:02}")).collect();
    assert_eq!(clause_codes(&sound(SHUANGLUAN)), expected);
}

#[test]
fn every_clause_of_huoqiu_stands_in_its_plan() {
    // The list of clauses has no H38.
    let expected: Vec<_> =
        (1..=42).filter(|number| *number != 38).map(|number| format!("H{number:02}")).collect();
    assert_eq!(clause_codes(&sound(HUOQIU)), expected);
}

#[test]
fn huoqiu_has_every_profile_and_shuangluan_all_but_those_of_handling() {
    let huoqiu = profiles(&sound(HUOQIU));
    assert_eq!(huoqiu.len(), 12, "{huoqiu:?}");
    let without: BTreeSet<_> = ["Analysis", "CallbackOffice", "Discipline"].map(str::to_owned).into();
    assert_eq!(profiles(&sound(SHUANGLUAN)), &huoqiu - &without);
}

#[test]
fn the_five_groups_have_departments_with_streams_in_both_counties() {
    for plan in [sound(SHUANGLUAN), sound(HUOQIU)] {
        for role in ["TOWNSHIP", "PEOPLES_CONGRESS", "CPPCC", "UNITED_FRONT", "INDUSTRY_COMMERCE"] {
            let departments = departments_of(&plan, role);
            assert!(!departments.is_empty(), "{} has no {role}", plan.county.name);
            for department in departments {
                assert!(
                    plan.streams_of(&department.code).next().is_some(),
                    "{} has no stream",
                    department.name
                );
            }
        }
    }
}

#[test]
fn every_role_has_a_department_and_every_department_a_head_or_an_officer() {
    for plan in [sound(SHUANGLUAN), sound(HUOQIU)] {
        for role in &plan.roles {
            assert!(
                !departments_of(&plan, &role.code).is_empty(),
                "{} has no {}",
                plan.county.name,
                role.code
            );
        }
        for department in &plan.departments {
            let posts = plan.posts_of(department);
            assert!(
                posts.iter().any(|post| post.position == Position::Head),
                "{} has no head",
                department.name
            );
            assert!(
                posts.iter().any(|post| post.position == Position::Officer),
                "{} has no officer",
                department.name
            );
        }
    }
}

#[test]
fn every_township_has_at_least_three_villages_of_both_kinds() {
    for (plan, townships) in [(sound(SHUANGLUAN), 12), (sound(HUOQIU), 30)] {
        let departments = departments_of(&plan, "TOWNSHIP");
        assert_eq!(departments.len(), townships);
        for township in departments {
            let villages = plan.villages.iter().filter(|village| village.department == township.code);
            let kinds: BTreeSet<_> = villages.clone().map(|village| format!("{:?}", village.kind)).collect();
            assert!(villages.count() >= 3 && kinds.len() == 2, "{}", township.name);
        }
    }
}

#[test]
fn what_the_notices_fix_is_in_the_plans() {
    let (shuangluan, huoqiu) = (sound(SHUANGLUAN), sound(HUOQIU));
    assert_eq!((shuangluan.county.code.as_str(), huoqiu.county.code.as_str()), ("130803", "341522"));
    assert_eq!((shuangluan.campaign.handling, huoqiu.campaign.handling), (false, true));
    assert!(shuangluan.campaign.closes_on.is_some() && huoqiu.campaign.closes_on.is_none());
    assert!(huoqiu.campaign.aliases.iter().any(|alias| alias.contains("民生倾听")));
    let percents: Vec<_> = shuangluan.coverage_targets.iter().map(|target| target.percent).collect();
    assert_eq!(percents, [95, 90]);
    assert_eq!(huoqiu.groups.iter().filter(|group| group.kind == GroupKind::Working).count(), 5);
    assert_eq!(shuangluan.categories.len(), 11);
}
