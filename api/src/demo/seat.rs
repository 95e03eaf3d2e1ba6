//! Which accounts a demonstration has (演示账号): at least one for every role of a plan, chosen so that their passwords are
//! hashed within a second or two.

use std::collections::HashMap;

use entity::enums::{Position, RightsProfile};

use super::last_week;
use crate::plan::{Department, Plan, Post};

/// An account to be made: one person in one post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// GB/T 2260 code of the county. 行政区划代码
    pub county: String,
    /// Code of the department in the plan. 单位代码
    pub department_code: String,
    /// Its name. 单位名称
    pub department: String,
    /// Code of its role, such as `TOWNSHIP`. 角色代码
    pub role: String,
    /// Rights that go with the role. 权限类别
    pub profile: RightsProfile,
    /// Rank. 职务
    pub position: Position,
    /// Name to sign in with, unique in the installation. 账号名
    pub login: String,
    /// Name shown to colleagues: the post, for no person stands behind it. 显示名
    pub display_name: String,
    /// What the post does. 职责
    pub duty: String,
}

/// The seats of a plan, in the order of its departments.
///
/// The first department of each profile has everyone whom the plan lists, and the second of its role an officer, so that
/// one department can be tried against another; of every further role the first department has an officer. Where a
/// campaign is shown in its last week, so has everybody who takes part in it.
#[must_use]
pub fn seats(plan: &Plan) -> Vec<Seat> {
    let mut first_of_profile: HashMap<RightsProfile, &str> = HashMap::new();
    let mut departments_of_role: HashMap<&str, usize> = HashMap::new();
    let mut seats = Vec::new();
    for department in &plan.departments {
        let Some(profile) = plan.profile_of(department) else {
            continue;
        };
        let leads = *first_of_profile.entry(profile).or_insert(&department.role) == department.role;
        let before = departments_of_role.entry(&department.role).or_default();
        let posts = plan.posts_of(department).iter();
        let taken = posts.filter(|post| match (*before, leads) {
            (0, true) => true,
            (0, false) | (1, true) if post.position == Position::Officer => true,
            _ => last_week::takes_part(plan, &department.code, post.position),
        });
        seats.extend(taken.map(|post| seat(plan, department, profile, post)));
        *before += 1;
    }
    seats
}

fn seat(plan: &Plan, department: &Department, profile: RightsProfile, post: &Post) -> Seat {
    let county = plan.county.code.clone();
    let login = format!("{county}-{}-{}", department.code, post.position.as_str()).to_lowercase();
    Seat {
        county,
        department_code: department.code.clone(),
        department: department.name.clone(),
        role: department.role.clone(),
        profile,
        position: post.position,
        login,
        display_name: post.name.clone(),
        duty: post.duty.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::PLANS;
    use super::*;
    use crate::access::rules;

    #[test]
    fn every_role_has_an_account_and_all_names_are_in_form_and_different() {
        let mut logins = HashSet::new();
        let mut count = 0;
        for text in PLANS {
            let plan = Plan::parse("plan.toml", text).unwrap();
            let seats = seats(&plan);
            for role in &plan.roles {
                assert!(seats.iter().any(|seat| seat.role == role.code), "{}", role.code);
            }
            for seat in &seats {
                assert_eq!(rules::login(&seat.login).as_ref(), Ok(&seat.login));
                assert!(rules::display_name(&seat.display_name).is_ok() && rules::duty(&seat.duty).is_ok());
            }
            count += seats.len();
            logins.extend(seats.into_iter().map(|seat| seat.login));
        }
        assert_eq!(logins.len(), count);
    }

    #[test]
    fn a_township_has_all_three_ranks_and_another_one_an_officer() {
        for text in PLANS {
            let plan = Plan::parse("plan.toml", text).unwrap();
            let seats = seats(&plan);
            let townships = seats.iter().filter(|seat| seat.role == "TOWNSHIP");
            let townships: Vec<&Seat> = townships.collect();
            let first = &townships[0].department_code;
            let of_first = |seat: &&&Seat| seat.department_code == *first;
            assert_eq!(townships.iter().filter(of_first).count(), 3);
            let officer = |seat: &&Seat| seat.department_code != *first && seat.position == Position::Officer;
            assert!(townships.into_iter().any(|seat| officer(&seat)));
        }
    }

    #[test]
    fn where_a_campaign_ends_every_collector_has_an_officer() {
        let plan = Plan::parse("plan.toml", PLANS[0]).unwrap();
        let seats = seats(&plan);
        for stream in &plan.streams {
            assert!(
                seats
                    .iter()
                    .any(|seat| seat.department_code == stream.department
                        && seat.position == Position::Officer),
                "{}",
                stream.department
            );
        }
    }
}
