//! What can be exported. A kind is a type: its fields say what it is narrowed by, [`Exported`] its name, the operation that
//! lets it out, and how its rows are opened. A capability names its kinds in `capabilities!`; everything else follows.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use futures::FutureExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::source::{Opened, Source};
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::refusal::Message;
use crate::scope::profiles::Operation;

/// One kind of export, with what is wanted of it: keys, days and closed values, and a text only under the name `text`.
#[async_trait]
pub trait Exported: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name in the audit trail.
    const KIND: &'static str;
    /// The right without which it is not let out.
    const OPERATION: Operation;
    /// Its heading, and the beginning of its file's name, in Chinese and English.
    const TITLE: (&'static str, &'static str);

    /// Opens its rows in the scope of the request's caller, in one snapshot.
    async fn open(self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError>;
}

/// A kind of export without its type, as the list of all kinds holds it.
#[derive(Debug)]
pub struct Exportable {
    name: &'static str,
    operation: Operation,
    title: (&'static str, &'static str),
    open: for<'r> fn(&'r Json, &'r Arc<Request>) -> Opened<'r>,
}

impl Exportable {
    /// The kind that a type stands for.
    #[must_use]
    pub const fn of<E: Exported>() -> Self {
        Self { name: E::KIND, operation: E::OPERATION, title: E::TITLE, open: open::<E> }
    }
}

fn open<'r, E: Exported>(wanted: &'r Json, request: &'r Arc<Request>) -> Opened<'r> {
    async move {
        let wanted =
            E::deserialize(wanted).map_err(|_| ApiError::internal("what a ticket asks for can't be read"))?;
        wanted.open(request).await
    }
    .boxed()
}

/// What is exported: a kind, and what is wanted of it. It travels in the ticket, sealed, and stands in the audit trail.
#[derive(Clone, Debug)]
pub struct Subject {
    kind: &'static Exportable,
    wanted: Json,
}

impl Subject {
    /// What is wanted of a kind.
    pub fn of<E: Exported>(wanted: &E) -> Result<Self, ApiError> {
        let wanted = serde_json::to_value(wanted).map_err(|error| ApiError::internal(&error.to_string()))?;
        Ok(Self { kind: const { &Exportable::of::<E>() }, wanted })
    }

    /// The same again from a ticket: a kind by its name, and what was wanted.
    #[must_use]
    pub fn again(kinds: &[&'static Exportable], name: &str, wanted: Json) -> Option<Self> {
        let kind = kinds.iter().find(|kind| kind.name == name)?;
        Some(Self { kind, wanted })
    }

    /// The right without which it is not let out.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.kind.operation
    }

    /// Name of its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.kind.name
    }

    /// What is wanted.
    #[must_use]
    pub const fn wanted(&self) -> &Json {
        &self.wanted
    }

    /// By what it is narrowed, for the audit trail: keys, days and closed values, and of a text only that there is one.
    #[must_use]
    pub fn trail(&self) -> Json {
        let mut told = self.wanted.clone();
        if let Some(fields) = told.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
            if let Some(text) = fields.get_mut("text") {
                *text = Json::Bool(true);
            }
        }
        told
    }

    /// Its heading, and the beginning of its file's name.
    #[must_use]
    pub fn title(&self) -> Message {
        let (zh, en) = self.kind.title;
        Message::new(zh, en)
    }

    /// Its rows, in the scope of the request's caller.
    #[must_use]
    pub fn open<'r>(&'r self, request: &'r Arc<Request>) -> Opened<'r> {
        (self.kind.open)(&self.wanted, request)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Pages {
        text: Option<String>,
        only_open: bool,
    }

    #[async_trait]
    impl Exported for Pages {
        const KIND: &'static str = "PAGES";
        const OPERATION: Operation = Operation::SubmissionExport;
        const TITLE: (&'static str, &'static str) = ("页", "Pages");

        async fn open(self, _: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
            Ok(Box::new(super::super::Prepared::default()))
        }
    }

    static KINDS: &[&Exportable] = &[&Exportable::of::<Pages>()];

    #[test]
    fn the_trail_holds_no_text() {
        let text = Some("王某某".to_owned());
        let subject = Subject::of(&Pages { text, only_open: true }).unwrap();
        assert_eq!(subject.trail(), json!({ "text": true, "only_open": true }));
        let subject = Subject::of(&Pages { text: None, only_open: false }).unwrap();
        assert_eq!(subject.trail(), json!({ "only_open": false }));
    }

    #[test]
    fn a_subject_is_found_again_by_its_name() {
        let wanted = json!({ "only_open": true });
        let again = Subject::again(KINDS, "PAGES", wanted.clone()).unwrap();
        assert_eq!((again.kind(), again.wanted()), ("PAGES", &wanted));
        assert!(Subject::again(KINDS, "LEDGER", wanted).is_none());
    }
}
