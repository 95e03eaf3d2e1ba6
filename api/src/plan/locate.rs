//! Where in its file a field of a plan stands, and which field stands at a place.
//!
//! The checks work on the plain plan and name fields by their path; the lines come from the spanned tree of the same
//! text. So every field has its line, and none has to carry it.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text of a plan with the tree that was read from it.
pub(super) struct Locator<'i> {
    text: &'i str,
    root: &'i DeTable<'i>,
}

/// A step of a path: `departments[3].role` has three.
#[derive(Debug, PartialEq, Eq)]
enum Step<'p> {
    Key(&'p str),
    Index(usize),
}

impl<'i> Locator<'i> {
    pub(super) fn new(text: &'i str, root: &'i DeTable<'i>) -> Self {
        Self { text, root }
    }

    /// Line and column of the field, or of the innermost table around it where the field itself is missing.
    pub(super) fn position(&self, path: &str) -> (usize, usize) {
        position_of(self.text, self.span_of(path).start)
    }

    /// The path of the innermost field that covers this byte; empty where only the plan as a whole does.
    pub(super) fn path_at(&self, offset: usize) -> String {
        path_in_table(self.root, "", offset).unwrap_or_default()
    }

    /// The bytes of the field, or of the innermost table around it where the field itself is missing.
    pub(super) fn span_of(&self, path: &str) -> Range<usize> {
        let mut steps = steps(path);
        let Some(Step::Key(section)) = steps.next() else {
            return 0..0;
        };
        let Some((_, mut value)) = entry(self.root, section) else {
            return 0..0;
        };
        let mut span = first_span(value);
        for step in steps {
            let Some(inner) = child(value, &step) else {
                break;
            };
            value = inner;
            span = value.span();
        }
        span
    }
}

/// Line and column, both from 1, of a byte of the text.
pub(super) fn position_of(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// The steps of a path.
fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    path.split(['.', '[', ']']).filter(|part| !part.is_empty()).map(|part| match part.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Key(part),
    })
}

/// The list of a section starts where its first element does.
fn first_span(value: &Spanned<DeValue<'_>>) -> Range<usize> {
    match value.get_ref() {
        DeValue::Array(elements) => elements.iter().next().map_or(value.span(), Spanned::span),
        _ => value.span(),
    }
}

fn entry<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Option<(Range<usize>, &'t Spanned<DeValue<'i>>)> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(key, value)| (key.span(), value))
}

fn child<'t, 'i>(value: &'t Spanned<DeValue<'i>>, step: &Step<'_>) -> Option<&'t Spanned<DeValue<'i>>> {
    match (value.get_ref(), step) {
        (DeValue::Table(table), Step::Key(name)) => entry(table, name).map(|(_, value)| value),
        (DeValue::Array(elements), Step::Index(index)) => elements.get(*index),
        _ => None,
    }
}

fn path_in_table(table: &DeTable<'_>, prefix: &str, offset: usize) -> Option<String> {
    let dot = if prefix.is_empty() { "" } else { "." };
    table.iter().find_map(|(key, value)| {
        let path = format!("{prefix}{dot}{}", key.get_ref());
        // The key of `[[section]]` lies within the span of the first element, but stands for the section.
        if covers(&key.span(), offset) {
            return Some(path);
        }
        path_in_value(value, &path, offset)
    })
}

fn path_in_value(value: &Spanned<DeValue<'_>>, path: &str, offset: usize) -> Option<String> {
    let inner = match value.get_ref() {
        DeValue::Table(table) => path_in_table(table, path, offset),
        DeValue::Array(elements) => elements
            .iter()
            .enumerate()
            .find_map(|(index, element)| path_in_value(element, &format!("{path}[{index}]"), offset)),
        _ => None,
    };
    inner.or_else(|| covers(&value.span(), offset).then(|| path.to_owned()))
}

fn covers(span: &Range<usize>, offset: usize) -> bool {
    span.contains(&offset)
}
