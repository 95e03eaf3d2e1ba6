//! Roles, departments, posts, groups and tasks.

use super::super::error::PlanErrorCode;
use super::super::{Department, Plan, Position, Post, RightsProfile};
use super::findings::{Findings, TEXT, Thing};
use super::profiles::owns_streams;

pub(super) fn check(plan: &Plan, found: &mut Findings) {
    roles(plan, found);
    found.some("departments", plan.departments.len());
    found.codes("departments", plan.departments.iter().map(|department| &department.code));
    for (index, department) in plan.departments.iter().enumerate() {
        check_department(plan, &format!("departments[{index}]"), department, found);
    }
    groups(plan, found);
    tasks(plan, found);
}

fn roles(plan: &Plan, found: &mut Findings) {
    found.some("roles", plan.roles.len());
    found.codes("roles", plan.roles.iter().map(|role| &role.code));
    for (index, role) in plan.roles.iter().enumerate() {
        let path = format!("roles[{index}]");
        found.text(&format!("{path}.name"), &role.name);
        posts(&path, &role.posts, found);
        if role.profile == RightsProfile::Portal {
            let reason = "PORTAL is the profile of machine credentials, not of departments";
            found.add(
                &format!("{path}.profile"),
                PlanErrorCode::WrongValue,
                reason,
                "PORTAL 只用于门户凭证，不能作为部门权限",
            );
        }
    }
}

fn check_department(plan: &Plan, path: &str, department: &Department, found: &mut Findings) {
    found.text(&format!("{path}.name"), &department.name);
    let role = plan.role(&department.role);
    found.reference(&format!("{path}.role"), Thing::Role, &department.role, role.is_some());
    posts(path, &department.posts, found);
    parent(plan, path, department, found);
    let Some(role) = role else { return };
    if plan.posts_of(department).is_empty() {
        let reason = format!("neither the department nor its role `{}` has a post", role.code);
        found.add(path, PlanErrorCode::Incomplete, reason, "部门及其角色均未设岗位");
    }
    if owns_streams(role.profile) && plan.streams_of(&department.code).next().is_none() {
        let reason = "the department has the right to a stream of its own, but no stream names it";
        found.add(path, PlanErrorCode::Incomplete, reason, "该部门应有自己的征集流，但没有征集流指向它");
    }
    if role.profile == RightsProfile::Village {
        committee(plan, path, department, found);
    }
}

/// A parent has none above itself: two levels, no circles.
fn parent(plan: &Plan, path: &str, department: &Department, found: &mut Findings) {
    let Some(parent) = &department.parent else {
        return;
    };
    let field = format!("{path}.parent");
    let above = plan.department(parent);
    found.reference(&field, Thing::Department, parent, above.is_some());
    if above.is_some_and(|above| above.parent.is_some()) {
        let reason = format!("`{parent}` stands under another department itself");
        found.add(&field, PlanErrorCode::WrongReference, reason, format!("“{parent}”本身已有上级单位"));
    }
}

/// A village committee stands for exactly one village, which lies in the township above it.
fn committee(plan: &Plan, path: &str, department: &Department, found: &mut Findings) {
    let mut villages =
        plan.villages.iter().filter(|village| village.committee.as_ref() == Some(&department.code));
    let (first, second) = (villages.next(), villages.next());
    let (Some(village), None) = (first, second) else {
        let reason = "exactly one village must name it as its committee";
        found.add(path, PlanErrorCode::Incomplete, reason, "须有且仅有一个村（社区）以其为村（居）委会");
        return;
    };
    let parent = department.parent.as_ref();
    let undefined = parent.is_some_and(|parent| plan.department(parent).is_none());
    if !undefined && parent != Some(&village.department) {
        let reason = format!(
            "its village `{}` lies in `{}`, which must be its parent",
            village.code, village.department
        );
        let reason_zh = format!("其村（社区）属于“{}”，上级单位须与之一致", village.department);
        found.add(&format!("{path}.parent"), PlanErrorCode::WrongReference, reason, reason_zh);
    }
}

fn posts(path: &str, posts: &[Post], found: &mut Findings) {
    for (index, post) in posts.iter().enumerate() {
        found.text(&format!("{path}.posts[{index}].name"), &post.name);
        if let Some(duty) = &post.duty {
            found.text_up_to(&format!("{path}.posts[{index}].duty"), duty, TEXT);
        }
    }
    found.unique(posts.iter().map(|post| &post.name), |index| format!("{path}.posts[{index}].name"));
    let heads = posts.iter().enumerate().filter(|(_, post)| post.position == Position::Head);
    for (index, _) in heads.skip(1) {
        let field = format!("{path}.posts[{index}].position");
        found.add(&field, PlanErrorCode::Duplicate, "a department has one HEAD", "一个单位只有一个正职岗位");
    }
}

fn groups(plan: &Plan, found: &mut Findings) {
    found.codes("groups", plan.groups.iter().map(|group| &group.code));
    for (index, group) in plan.groups.iter().enumerate() {
        let path = format!("groups[{index}]");
        found.text(&format!("{path}.name"), &group.name);
        found.some(&format!("{path}.duties"), group.duties.len());
        for (number, duty) in group.duties.iter().enumerate() {
            found.text_up_to(&format!("{path}.duties[{number}]"), duty, TEXT);
        }
        found.some(&format!("{path}.members"), group.members.len());
        for (number, member) in group.members.iter().enumerate() {
            let field = format!("{path}.members[{number}]");
            let known = plan.department(&member.department).is_some();
            found.reference(&format!("{field}.department"), Thing::Department, &member.department, known);
            for (name, value) in [("title", &member.title), ("holder", &member.holder)] {
                if let Some(value) = value {
                    found.text(&format!("{field}.{name}"), value);
                }
            }
        }
    }
}

fn tasks(plan: &Plan, found: &mut Findings) {
    found.codes("tasks", plan.tasks.iter().map(|task| &task.code));
    for (index, task) in plan.tasks.iter().enumerate() {
        let path = format!("tasks[{index}]");
        found.text_up_to(&format!("{path}.text"), &task.text, TEXT);
        found.some(&format!("{path}.departments"), task.departments.len());
        let known = |code: &str| plan.department(code).is_some();
        found.references(&format!("{path}.departments"), Thing::Department, &task.departments, known);
    }
}
