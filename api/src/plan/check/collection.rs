//! Streams, form fields, channels, classes, villages, coverage targets and import rules.

use regex::Regex;

use super::super::error::PlanErrorCode;
use super::super::{
    Channel, Denominator, FieldKind, FormField, Import, ImportRoute, Plan, RightsProfile, Stream, Village,
};
use super::findings::{Findings, Thing, written};
use super::profiles::owns_streams;

/// The longest text that a form field may ask for, in characters.
const LONGEST_ANSWER: u32 = 10_000;
/// More households than any village has.
const MOST_HOUSEHOLDS: u32 = 100_000;

pub(super) fn check(plan: &Plan, found: &mut Findings) {
    streams(plan, found);
    found.some("channels", plan.channels.len());
    found.codes("channels", plan.channels.iter().map(|channel| &channel.code));
    for (index, channel) in plan.channels.iter().enumerate() {
        check_channel(plan, &format!("channels[{index}]"), channel, found);
    }
    categories(plan, found);
    found.codes("villages", plan.villages.iter().map(|village| &village.code));
    for (index, village) in plan.villages.iter().enumerate() {
        check_village(plan, &format!("villages[{index}]"), village, found);
    }
    coverage_targets(plan, found);
    if let Some(import) = &plan.import {
        check_import(plan, import, found);
    }
}

fn streams(plan: &Plan, found: &mut Findings) {
    found.some("streams", plan.streams.len());
    found.codes("streams", plan.streams.iter().map(|stream| &stream.code));
    for (index, stream) in plan.streams.iter().enumerate() {
        check_stream(plan, &format!("streams[{index}]"), stream, found);
    }
    let (code, zh) = (PlanErrorCode::DefaultStream, "须有且仅有一个默认征集流（default = true）");
    let mut defaults = plan.streams.iter().enumerate().filter(|(_, stream)| stream.default);
    if defaults.next().is_none() {
        found.add("streams", code, "no stream is the default, exactly one must be", zh);
    }
    for (index, _) in defaults {
        found.add(
            &format!("streams[{index}].default"),
            code,
            "a second default stream, exactly one must be",
            zh,
        );
    }
}

fn check_stream(plan: &Plan, path: &str, stream: &Stream, found: &mut Findings) {
    found.text(&format!("{path}.name"), &stream.name);
    found.some(&format!("{path}.constituencies"), stream.constituencies.len());
    found.texts(&format!("{path}.constituencies"), &stream.constituencies);
    let field = format!("{path}.department");
    let department = plan.department(&stream.department);
    found.reference(&field, Thing::Department, &stream.department, department.is_some());
    let profile = department.and_then(|department| plan.profile_of(department));
    if profile.is_some_and(|profile| !owns_streams(profile)) {
        let reason = format!("`{}` has no right to a stream of its own", stream.department);
        found.add(&field, PlanErrorCode::WrongReference, reason, "该部门的权限类型不能拥有征集流");
    }
    for (index, asked) in stream.fields.iter().enumerate() {
        check_field(&format!("{path}.fields[{index}]"), asked, found);
    }
    found.unique(stream.fields.iter().map(|field| &field.key), |index| format!("{path}.fields[{index}].key"));
}

fn check_field(path: &str, field: &FormField, found: &mut Findings) {
    found.key(&format!("{path}.key"), &field.key);
    found.text(&format!("{path}.label"), &field.label);
    found.texts(&format!("{path}.choices"), &field.choices);
    match (field.kind == FieldKind::Choice, field.choices.len()) {
        (true, 0 | 1) => {
            let reason = "a CHOICE needs at least two choices";
            found.add(
                &format!("{path}.choices"),
                PlanErrorCode::Incomplete,
                reason,
                "单选项至少要有两个选项",
            );
        }
        (false, 1..) => {
            let reason = "only a CHOICE has choices";
            found.add(
                &format!("{path}.choices"),
                PlanErrorCode::WrongValue,
                reason,
                "只有单选项（CHOICE）才有选项",
            );
        }
        _ => {}
    }
    let Some(max_length) = field.max_length else {
        return;
    };
    found.range(&format!("{path}.max_length"), max_length, 1, LONGEST_ANSWER);
    if field.kind != FieldKind::Text {
        let reason = "only a TEXT has a longest length";
        found.add(
            &format!("{path}.max_length"),
            PlanErrorCode::WrongValue,
            reason,
            "只有文本（TEXT）才有最大长度",
        );
    }
}

/// What no rule places belongs to the owner of the channel, where the owner has a stream at all.
fn check_channel(plan: &Plan, path: &str, channel: &Channel, found: &mut Findings) {
    found.text(&format!("{path}.name"), &channel.name);
    let owner = plan.department(&channel.owner);
    found.reference(&format!("{path}.owner"), Thing::Department, &channel.owner, owner.is_some());
    let known = |code: &str| plan.department(code).is_some();
    found.references(&format!("{path}.responsible"), Thing::Department, &channel.responsible, known);
    let routes = channel.routes.iter().map(written);
    found.unique(routes, |index| format!("{path}.routes[{index}]"));
    let field = format!("{path}.fallback");
    let fallback = plan.streams.iter().find(|stream| stream.code == channel.fallback);
    found.reference(&field, Thing::Stream, &channel.fallback, fallback.is_some());
    let owner_has_stream = plan.streams_of(&channel.owner).next().is_some();
    if owner_has_stream && fallback.is_some_and(|stream| stream.department != channel.owner) {
        let reason =
            format!("what belongs to no other stream goes to a stream of the owner, `{}`", channel.owner);
        let reason_zh = format!("不属于其他征集流的来件应归渠道责任单位“{}”的征集流", channel.owner);
        found.add(&field, PlanErrorCode::WrongReference, reason, reason_zh);
    }
}

fn categories(plan: &Plan, found: &mut Findings) {
    found.codes("categories", plan.categories.iter().map(|category| &category.code));
    for (index, category) in plan.categories.iter().enumerate() {
        found.text(&format!("categories[{index}].name"), &category.name);
    }
    let (code, zh) = (PlanErrorCode::OtherCategory, "须有且仅有一个其他类（other = true）");
    let mut others = plan.categories.iter().enumerate().filter(|(_, category)| category.other);
    if others.next().is_none() {
        found.add("categories", code, "no class is the other, exactly one must be", zh);
    }
    for (index, _) in others {
        found.add(
            &format!("categories[{index}].other"),
            code,
            "a second class other, exactly one must be",
            zh,
        );
    }
}

fn check_village(plan: &Plan, path: &str, village: &Village, found: &mut Findings) {
    found.text(&format!("{path}.name"), &village.name);
    let field = format!("{path}.department");
    let township = plan.department(&village.department);
    found.reference(&field, Thing::Department, &village.department, township.is_some());
    let profile = township.and_then(|department| plan.profile_of(department));
    if profile.is_some_and(|profile| profile != RightsProfile::Collector) {
        let reason = format!("`{}` collects nothing, so no village can lie in it", village.department);
        found.add(
            &field,
            PlanErrorCode::WrongReference,
            reason,
            "该部门不是征集单位，不能作为村（社区）的所属乡镇",
        );
    }
    households(plan, path, village, found);
    let Some(committee) = &village.committee else {
        return;
    };
    let field = format!("{path}.committee");
    let department = plan.department(committee);
    found.reference(&field, Thing::Department, committee, department.is_some());
    let profile = department.and_then(|department| plan.profile_of(department));
    if profile.is_some_and(|profile| profile != RightsProfile::Village) {
        let reason = format!("the role of `{committee}` does not have the profile VILLAGE");
        found.add(&field, PlanErrorCode::WrongReference, reason, "该部门的权限类型不是 VILLAGE");
    }
}

fn households(plan: &Plan, path: &str, village: &Village, found: &mut Findings) {
    found.range(&format!("{path}.households"), village.households, 1, MOST_HOUSEHOLDS);
    let field = format!("{path}.resident_households");
    match village.resident_households {
        Some(resident) => found.range(&field, resident, 1, village.households),
        None if plan.coverage.denominator == Denominator::ResidentHouseholds => {
            let reason = "needed, for coverage.denominator is RESIDENT_HOUSEHOLDS";
            found.add(&field, PlanErrorCode::Incomplete, reason, "征集率按常住户数计算，须填写常住户数");
        }
        None => {}
    }
}

fn coverage_targets(plan: &Plan, found: &mut Findings) {
    for (index, target) in plan.coverage_targets.iter().enumerate() {
        found.range(&format!("coverage_targets[{index}].percent"), u32::from(target.percent), 1, 100);
    }
    let targets = plan
        .coverage_targets
        .iter()
        .map(|target| format!("{}/{}", written(&target.class), written(&target.numerator)));
    found.unique(targets, |index| format!("coverage_targets[{index}].class"));
}

fn check_import(plan: &Plan, import: &Import, found: &mut Findings) {
    let known = plan.streams.iter().any(|stream| stream.code == import.default_stream);
    found.reference("import.default_stream", Thing::Stream, &import.default_stream, known);
    for (index, route) in import.routes.iter().enumerate() {
        check_route(&format!("import.routes[{index}]"), route, found);
    }
}

fn check_route(path: &str, route: &ImportRoute, found: &mut Findings) {
    let field = format!("{path}.find");
    found.text(&field, &route.find);
    if let Err(error) = Regex::new(&route.find) {
        found.add(
            &field,
            PlanErrorCode::BadPattern,
            format!("no regular expression: {error}"),
            "不是有效的正则表达式",
        );
    }
    found.some(&format!("{path}.in"), route.within.len());
    found.unique(route.within.iter().map(written), |index| format!("{path}.in[{index}]"));
}
