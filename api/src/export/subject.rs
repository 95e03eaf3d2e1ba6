//! What can be exported: one variant each, with what it is narrowed by. A kind that is added here needs a source, the
//! operation that lets it out, and a name in both languages; everything else follows.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::source::Source;
use crate::access::profiles::Operation;
use crate::graphql::context::Request;
use crate::graphql::error::{ApiError, Message};
use crate::intake::graphql::Ledger;

/// What is exported. It travels in the ticket, sealed, and its filter stands in the audit trail.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Subject {
    /// Suggestions. 意见建议台账
    Ledger {
        /// The filter as the API takes it.
        filter: Json,
        /// Oldest first.
        ascending: bool,
    },
}

impl Subject {
    /// The right without which it is not let out.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Ledger { .. } => Operation::SubmissionExport,
        }
    }

    /// Its name in the audit trail.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ledger { .. } => "LEDGER",
        }
    }

    /// By what it is narrowed, for the audit trail: ids and closed values, and of a text only that there is one.
    #[must_use]
    pub fn trail(&self) -> Json {
        match self {
            Self::Ledger { filter, .. } => without_text(filter),
        }
    }

    /// Its heading, and the beginning of its file's name.
    #[must_use]
    pub fn title(&self) -> Message {
        match self {
            Self::Ledger { .. } => Message::new("意见建议台账", "Suggestions"),
        }
    }

    /// Its rows in the scope of the request's caller, in one snapshot.
    pub async fn open(&self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
        match self {
            Self::Ledger { filter, ascending } => {
                Ok(Box::new(Ledger::open(request, filter, *ascending).await?))
            }
        }
    }
}

fn without_text(filter: &Json) -> Json {
    let mut told = filter.clone();
    if let Some(fields) = told.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
        if let Some(text) = fields.get_mut("text") {
            *text = Json::Bool(true);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_trail_holds_no_text() {
        let subject = Subject::Ledger {
            filter: json!({ "text": "王某某", "stages": ["CLOSED"], "queue": null }),
            ascending: false,
        };
        assert_eq!(
            subject.trail(),
            json!({ "text": true, "stages": ["CLOSED"] })
        );
    }
}
