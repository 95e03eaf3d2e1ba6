//! What the rights table refused in an answer, for the audit trail: each field by its name in the schema, once for a
//! request and so often as it was refused.

use std::collections::BTreeMap;
use std::net::IpAddr;

use async_graphql::parser::parse_query;
use async_graphql::{PathSegment, Pos, Response as Executed, ServerError, Value};
use entity::enums::AuditAction;

use crate::app::App;
use crate::app::notes::Note;
use crate::error::ErrorCode;
use crate::schema::coordinates::coordinates;
use crate::scope::viewer::Viewer;

/// Fields that a request leaves a line of; more are counted in one.
const MOST_FIELDS: usize = 10;
/// Different places of an answer whose fields are looked up.
const MOST_PLACES: usize = 100;

/// The document that is executed, kept for the case that something of it is refused.
#[derive(Clone)]
pub(super) struct Asked {
    /// Its text.
    pub(super) text: String,
    /// Which of its operations.
    pub(super) operation: Option<String>,
}

/// Who asked, and from where.
pub(super) struct Caller {
    /// Nobody is refused who has shown no credential.
    pub(super) viewer: Option<Viewer>,
    /// Address of the client.
    pub(super) address: IpAddr,
}

/// Notes what was refused; the line is written in the background.
pub(super) fn note(app: &App, caller: &Caller, asked: &Asked, executed: &Executed) {
    let Some(viewer) = &caller.viewer else { return };
    let places = refused_places(&executed.errors);
    if places.is_empty() {
        return;
    }
    let now = app.clock.now();
    for (field, times) in refused_fields(asked, places) {
        let subject = format!("operation:{field}");
        let note = Note::of(viewer, now, AuditAction::Forbidden, subject, caller.address);
        app.notes.add(Note { times, ..note });
    }
}

/// Names that lead to each refused field, without the places in lists, and where it stands in the document.
type Places<'e> = BTreeMap<Vec<&'e str>, (Option<Pos>, u64)>;

fn refused_places(errors: &[ServerError]) -> Places<'_> {
    let mut places = Places::new();
    for error in errors.iter().filter(|error| is_forbidden(error)) {
        let names = error.path.iter().filter_map(|step| match step {
            PathSegment::Field(name) => Some(name.as_str()),
            PathSegment::Index(_) => None,
        });
        let (_, times) = places.entry(names.collect()).or_insert((error.locations.first().copied(), 0));
        *times += 1;
    }
    places
}

fn is_forbidden(error: &ServerError) -> bool {
    let extensions = error.extensions.as_ref();
    extensions.and_then(|extensions| extensions.get("code"))
        == Some(&Value::from(ErrorCode::Forbidden.as_str()))
}

/// Each field with how often it was refused; what is too much stands under `several`.
fn refused_fields(asked: &Asked, places: Places<'_>) -> BTreeMap<String, u64> {
    let mut fields: BTreeMap<String, u64> = BTreeMap::new();
    let mut rest = 0;
    // It was parsed before it was executed, so it can be parsed again.
    let document = parse_query(&asked.text).ok();
    let operation = document.as_ref().and_then(|document| {
        let mut operations = document.operations.iter();
        let (_, operation) = operations.find(|(name, _)| match &asked.operation {
            Some(wanted) => name.is_some_and(|name| name == wanted.as_str()),
            None => true,
        })?;
        Some((document, &operation.node))
    });
    for (number, (names, (place, times))) in places.into_iter().enumerate() {
        let field = operation
            .filter(|_| number < MOST_PLACES)
            .map(|(document, operation)| coordinates(document, operation, &names, place));
        match field {
            Some(field) if fields.len() < MOST_FIELDS || fields.contains_key(&field) => {
                *fields.entry(field).or_default() += times;
            }
            _ => rest += times,
        }
    }
    if rest > 0 {
        fields.insert("several".to_owned(), rest);
    }
    fields
}

#[cfg(test)]
mod tests {
    use async_graphql::ErrorExtensionValues;

    use super::*;

    fn refused(path: &[&str]) -> ServerError {
        let mut error = ServerError::new("no", None);
        let steps = path.iter();
        error.path = steps.map(|name| PathSegment::Field((*name).to_owned())).collect();
        let mut values = ErrorExtensionValues::default();
        values.set("code", "FORBIDDEN");
        error.extensions = Some(values);
        error
    }

    fn noted(text: &str, errors: &[ServerError]) -> Vec<(String, u64)> {
        let asked = Asked { text: text.to_owned(), operation: None };
        refused_fields(&asked, refused_places(errors)).into_iter().collect()
    }

    #[test]
    fn a_field_that_was_refused_often_is_one_line_under_its_own_name() {
        let text = "{ serverTime: auditEntries { nodes { id } } b: auditEntries { nodes { id } } a: accounts { nodes { id } } }";
        let errors = [refused(&["serverTime"]), refused(&["b"]), refused(&["a"]), refused(&["a"])];
        let wanted = [("Query.accounts".to_owned(), 2), ("Query.auditEntries".to_owned(), 2)];
        assert_eq!(noted(text, &errors), wanted);
    }

    #[test]
    fn beyond_ten_fields_a_request_leaves_one_line_with_a_count() {
        let names = [
            "accounts",
            "auditEntries",
            "campaigns",
            "circulars",
            "constituents",
            "inspections",
            "meetings",
            "projects",
            "publicity",
            "serverTime",
            "submissions",
            "tasks",
            "viewer",
        ];
        let text = format!("{{ {} }}", names.join(" "));
        let errors: Vec<_> = names.iter().map(|name| refused(&[*name])).collect();
        let lines = noted(&text, &errors);
        assert_eq!(lines.len(), MOST_FIELDS + 1);
        assert!(lines.contains(&("several".to_owned(), 3)));
    }
}
