//! From the text of a file to a sound [`Plan`], or to everything that is wrong with it.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, Error};

use super::check::check;
use super::error::{Finding, PlanError, PlanErrorCode};
use super::locate::{Locator, position_of};
use super::{Plan, Stored};
use crate::refusal::meant;

impl Plan {
    /// Reads a plan and checks it.
    ///
    /// `file` only names the file in the errors.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in the order of the file. A plan is checked in three steps, and a later step runs
    /// only where the earlier ones found nothing: the syntax; the shape (fields, types, closed values), where an
    /// error in an element of a list does not hide those of the others; the sense (codes, references, ranges).
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<PlanError>> {
        let tree = syntax(text).map_err(|errors| in_file(file, errors))?;
        let locator = Locator::new(text, tree.get_ref());
        let place = |findings: Vec<Finding>| placed(file, &locator, findings);
        let plan = match shape(&tree, &locator) {
            (Some(plan), findings) if findings.is_empty() => plan,
            (_, findings) => return Err(place(findings)),
        };
        match check(&plan) {
            findings if findings.is_empty() => Ok(plan),
            findings => Err(place(findings)),
        }
    }

    /// Reads a plan that was applied already, perhaps by a release that asked for less: what is wrong with it is told beside
    /// it and stops nothing. An element of a list that does not fit any more is left out.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, where too little is left to be a plan at all.
    pub fn stored(name: &str, text: &str) -> Result<Stored, Vec<PlanError>> {
        let tree = syntax(text).map_err(|errors| in_file(name, errors))?;
        let locator = Locator::new(text, tree.get_ref());
        let (plan, mut findings) = shape(&tree, &locator);
        let Some(plan) = plan else {
            return Err(placed(name, &locator, findings));
        };
        findings.extend(check(&plan));
        Ok(Stored { plan, errors: placed(name, &locator, findings) })
    }
}

fn syntax(text: &str) -> Result<Spanned<DeTable<'_>>, Vec<PlanError>> {
    let (tree, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(tree);
    }
    Err(errors.iter().map(|error| syntax_error(text, error)).collect())
}

fn syntax_error(text: &str, error: &Error) -> PlanError {
    let (line, column) = position_of(text, error.span().map_or(0, |span| span.start));
    PlanError {
        file: String::new(),
        line,
        column,
        field: "plan".to_owned(),
        reason: format!("not valid TOML: {}", error.message()),
        reason_zh: "不是有效的 TOML 文本".to_owned(),
        code: PlanErrorCode::Syntax,
    }
}

fn in_file(file: &str, errors: Vec<PlanError>) -> Vec<PlanError> {
    errors.into_iter().map(|error| PlanError { file: file.to_owned(), ..error }).collect()
}

/// Reads the tree into the model, as far as it can be, with what is wrong. An element that does not fit is struck and the
/// rest read again, so that one run reports the errors of all elements.
fn shape(tree: &Spanned<DeTable<'_>>, locator: &Locator<'_>) -> (Option<Plan>, Vec<Finding>) {
    let mut rest = tree.clone();
    let mut findings: Vec<Finding> = Vec::new();
    loop {
        let error = match Plan::deserialize(Deserializer::from(rest.clone())) {
            Ok(plan) => return (Some(plan), findings),
            Err(error) => error,
        };
        let (finding, struck) = shape_error(&error, locator);
        let again = findings.last() == Some(&finding);
        findings.push(finding);
        match struck {
            Some(span) if !again => *rest.get_mut() = without(rest.get_ref(), &span),
            _ => return (None, findings),
        }
    }
}

/// The error, and what has to go before the rest can be read: the unknown key, or the innermost element of a list.
fn shape_error(error: &Error, locator: &Locator<'_>) -> (Finding, Option<Range<usize>>) {
    let path = error.span().map(|span| locator.path_at(span.start)).unwrap_or_default();
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let name = quoted.next().unwrap_or_default();
    let meant = meant(name, quoted);
    let element = path.rfind(']').map(|end| locator.span_of(&path[..=end]));
    if message.starts_with("unknown field") {
        let reason_zh = format!("没有 {name} 这个字段{}", meant.zh);
        let reason = format!("{message}{}", meant.en);
        return (shape_finding(path, PlanErrorCode::UnknownField, &reason, reason_zh), error.span());
    }
    if message.starts_with("missing field") {
        let dot = if path.is_empty() { "" } else { "." };
        let (field, reason_zh) = (format!("{path}{dot}{name}"), format!("缺少字段 {name}"));
        return (shape_finding(field, PlanErrorCode::MissingField, message, reason_zh), element);
    }
    let reason_zh = format!("类型或取值不符合要求{}", meant.zh);
    let reason = format!("{message}{}", meant.en);
    (shape_finding(path, PlanErrorCode::WrongValue, &reason, reason_zh), element)
}

fn shape_finding(path: String, code: PlanErrorCode, reason: &str, reason_zh: String) -> Finding {
    Finding { path, code, reason: reason.to_owned(), reason_zh }
}

/// The table without the key or the element of a list that has this span.
fn without<'i>(table: &DeTable<'i>, struck: &Range<usize>) -> DeTable<'i> {
    let kept = table.iter().filter(|(key, _)| key.span() != *struck);
    kept.map(|(key, value)| (key.clone(), value_without(value, struck))).collect()
}

fn value_without<'i>(value: &Spanned<DeValue<'i>>, struck: &Range<usize>) -> Spanned<DeValue<'i>> {
    let rest = match value.get_ref() {
        DeValue::Table(table) => DeValue::Table(without(table, struck)),
        DeValue::Array(elements) => {
            let kept = elements.iter().filter(|element| element.span() != *struck);
            DeValue::Array(kept.map(|element| value_without(element, struck)).collect())
        }
        other => other.clone(),
    };
    Spanned::new(value.span(), rest)
}

fn placed(file: &str, locator: &Locator<'_>, findings: Vec<Finding>) -> Vec<PlanError> {
    let mut errors: Vec<_> = findings.into_iter().map(|finding| place(file, locator, finding)).collect();
    errors.sort_by_key(|error| (error.line, error.column));
    errors
}

fn place(file: &str, locator: &Locator<'_>, finding: Finding) -> PlanError {
    let Finding { path, code, reason, reason_zh } = finding;
    let (line, column) = locator.position(&path);
    let field = if path.is_empty() { "plan".to_owned() } else { path };
    PlanError { file: file.to_owned(), line, column, field, reason, reason_zh, code }
}
