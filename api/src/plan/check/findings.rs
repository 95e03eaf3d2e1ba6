//! What the checks found, and the small checks that many fields share.

use std::collections::HashMap;

use serde::Serialize;

use super::super::Plan;
use super::super::error::{Finding, PlanErrorCode};
use crate::refusal::meant;
use crate::text::shows_nothing;

/// The longest name, in characters.
pub(super) const NAME: usize = 100;
/// The longest running text, in characters.
pub(super) const TEXT: usize = 500;
/// The longest code or key, in bytes.
const CODE: usize = 32;

/// What a code stands for, in both languages.
#[derive(Clone, Copy, Debug)]
pub(super) enum Thing {
    Role,
    Department,
    Stream,
}

impl Thing {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Role => ("role", "角色"),
            Self::Department => ("department", "部门"),
            Self::Stream => ("stream", "征集流"),
        }
    }

    /// Those that the plan defines.
    fn codes(self, plan: &Plan) -> impl Iterator<Item = &str> {
        let (roles, departments, streams) = match self {
            Self::Role => (&*plan.roles, &[][..], &[][..]),
            Self::Department => (&[][..], &*plan.departments, &[][..]),
            Self::Stream => (&[][..], &[][..], &*plan.streams),
        };
        let roles = roles.iter().map(|role| role.code.as_str());
        let departments = departments.iter().map(|department| department.code.as_str());
        roles.chain(departments).chain(streams.iter().map(|stream| stream.code.as_str()))
    }
}

/// The findings so far; each check adds its own.
#[derive(Debug)]
pub(super) struct Findings<'p> {
    plan: &'p Plan,
    found: Vec<Finding>,
}

impl<'p> Findings<'p> {
    pub(super) const fn of(plan: &'p Plan) -> Self {
        Self { plan, found: Vec::new() }
    }

    pub(super) fn into_inner(self) -> Vec<Finding> {
        self.found
    }

    pub(super) fn add(
        &mut self,
        path: &str,
        code: PlanErrorCode,
        reason: impl Into<String>,
        reason_zh: impl Into<String>,
    ) {
        self.found.push(Finding {
            path: path.to_owned(),
            code,
            reason: reason.into(),
            reason_zh: reason_zh.into(),
        });
    }

    /// A name: something to see, at most [`NAME`] characters.
    pub(super) fn text(&mut self, path: &str, value: &str) {
        self.text_up_to(path, value, NAME);
    }

    /// A text: something to see, at most `max` characters.
    pub(super) fn text_up_to(&mut self, path: &str, value: &str, max: usize) {
        if shows_nothing(value) {
            self.add(path, PlanErrorCode::Empty, "must not be empty", "不能为空");
        }
        let length = value.chars().count();
        if length > max {
            let reason = format!("{length} characters, at most {max} are allowed");
            self.add(path, PlanErrorCode::TooLong, reason, format!("共 {length} 字，最多 {max} 字"));
        }
    }

    /// Names of a list, none of them twice.
    pub(super) fn texts(&mut self, path: &str, values: &[String]) {
        for (index, value) in values.iter().enumerate() {
            self.text(&format!("{path}[{index}]"), value);
        }
        self.unique(values.iter(), |index| format!("{path}[{index}]"));
    }

    /// A list with something in it.
    pub(super) fn some(&mut self, path: &str, length: usize) {
        if length == 0 {
            self.add(path, PlanErrorCode::Empty, "at least one is needed", "至少要有一项");
        }
    }

    /// A code: capitals, digits, `_` and `-`.
    pub(super) fn code(&mut self, path: &str, value: &str) {
        let allowed =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
        if !well_formed(value, allowed) {
            let reason = format!("`{value}` is no code: A-Z, 0-9, _ and -, not first, at most {CODE}");
            let reason_zh =
                format!("“{value}”不是合法代码：大写字母、数字、_、-（不可居首），最多 {CODE} 位");
            self.add(path, PlanErrorCode::BadCode, reason, reason_zh);
        }
    }

    /// A key: small letters, digits and `_`.
    pub(super) fn key(&mut self, path: &str, value: &str) {
        if !well_formed(value, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
            let reason = format!("`{value}` is no key: a-z, 0-9 and _, not first, at most {CODE}");
            let reason_zh = format!("“{value}”不是合法名称：小写字母、数字、_（不可居首），最多 {CODE} 位");
            self.add(path, PlanErrorCode::BadCode, reason, reason_zh);
        }
    }

    /// The codes of a section's elements: well formed, none of them twice.
    pub(super) fn codes<'a>(&mut self, section: &str, codes: impl Iterator<Item = &'a String> + Clone) {
        for (index, code) in codes.clone().enumerate() {
            self.code(&format!("{section}[{index}].code"), code);
        }
        self.unique(codes, |index| format!("{section}[{index}].code"));
    }

    /// None of them twice; `path` names the field of the element with this index.
    pub(super) fn unique<K: AsRef<str>>(
        &mut self,
        keys: impl Iterator<Item = K>,
        path: impl Fn(usize) -> String,
    ) {
        let mut first = HashMap::new();
        for (index, key) in keys.enumerate() {
            let key = key.as_ref().to_owned();
            let Some(earlier) = first.get(&key).map(|earlier| path(*earlier)) else {
                first.insert(key, index);
                continue;
            };
            let (reason, reason_zh) =
                (format!("`{key}` stands at {earlier} already"), format!("“{key}”与 {earlier} 重复"));
            self.add(&path(index), PlanErrorCode::Duplicate, reason, reason_zh);
        }
    }

    /// A code that must be defined; whether it is.
    pub(super) fn reference(&mut self, path: &str, thing: Thing, code: &str, defined: bool) -> bool {
        if !defined {
            let (name, name_zh) = thing.words();
            let meant = meant(code, thing.codes(self.plan));
            let reason = format!("no {name} has the code `{code}`{}", meant.en);
            let reason_zh = format!("没有代码为“{code}”的{name_zh}{}", meant.zh);
            self.add(path, PlanErrorCode::UnknownReference, reason, reason_zh);
        }
        defined
    }

    /// Codes of a list that must be defined, none of them twice.
    pub(super) fn references(
        &mut self,
        path: &str,
        thing: Thing,
        codes: &[String],
        defined: impl Fn(&str) -> bool,
    ) {
        for (index, code) in codes.iter().enumerate() {
            self.reference(&format!("{path}[{index}]"), thing, code, defined(code));
        }
        self.unique(codes.iter(), |index| format!("{path}[{index}]"));
    }

    /// A number between both bounds, themselves included.
    pub(super) fn range(&mut self, path: &str, value: u32, least: u32, most: u32) {
        if !(least..=most).contains(&value) {
            let reason = format!("{value} is not between {least} and {most}");
            self.add(path, PlanErrorCode::OutOfRange, reason, format!("{value} 不在 {least} 至 {most} 之间"));
        }
    }
}

/// A letter or digit first, then whatever is allowed.
fn well_formed(value: &str, allowed: impl Fn(u8) -> bool) -> bool {
    let starts = value.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    starts && value.len() <= CODE && value.bytes().all(allowed)
}

/// A closed value as plans write it, such as `FIRST_ANSWER`.
pub(super) fn written(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
