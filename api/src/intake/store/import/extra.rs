//! The extra fields of a row (扩展字段) in the form that the stream's form asks for.

use serde_json::{Map, Value as Json};

use crate::intake::import::{ImportRow, day_text, excerpt, truth_of};
use crate::plan::{FieldKind, FormField};

/// The extra fields in the form that the stream's form asks for: ledgers write 是, and days with a time.
pub(super) fn extra(row: &ImportRow, fields: &[FormField]) -> Map<String, Json> {
    let fitted = |(key, text): (&String, &String)| {
        let kind = fields.iter().find(|field| field.key == *key).map(|field| field.kind);
        let fitted = match kind {
            Some(FieldKind::Boolean) => truth_of(text).map(|truth| truth.to_string()),
            Some(FieldKind::Date) => day_text(text),
            _ => None,
        };
        (key.clone(), Json::String(fitted.unwrap_or_else(|| text.clone())))
    };
    let further = row.further.as_deref().map(|text| labelled(text, fields)).unwrap_or_default();
    further.iter().map(|(key, text)| (key, text)).chain(&row.extra).map(fitted).collect()
}

/// Values behind the labels of the form, as an export writes them: `行业：农；备注：甲；乙`. What follows no label belongs to
/// the value before it; where there is none, it is a field that the form does not have, and refused as such.
fn labelled(text: &str, fields: &[FormField]) -> Vec<(String, String)> {
    let mut values: Vec<(String, String)> = Vec::new();
    for part in text.split('；') {
        let parted = part.split_once('：');
        let known = parted.and_then(|(label, value)| {
            let field =
                fields.iter().find(|field| field.label == label.trim() || field.key == label.trim())?;
            Some((field.key.clone(), value.to_owned()))
        });
        match (known, values.last_mut()) {
            (Some(value), _) => values.push(value),
            (None, Some((_, value))) => {
                value.push('；');
                value.push_str(part);
            }
            (None, None) => values.push((excerpt(part), part.to_owned())),
        }
    }
    values
}
