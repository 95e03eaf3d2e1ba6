//! The ticket (导出凭据) with which a file is fetched: for one person's session, one export, two minutes. It stands in an
//! address, which others may see: so it is sealed, soon worthless, and never enough where the session has ended.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::format::Format;
use super::subject::{Exportable, Subject};
use crate::access::pass::Pass;
use crate::app::App;
use crate::clock::day_of;
use crate::error::ApiError;
use crate::refusal::Language;
use crate::secrets::entropy;

/// How long a fetch may be begun.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(2);

const PURPOSE: &str = "export";

/// Who may fetch what.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Whose session.
    pub pass: Pass,
    /// What.
    pub subject: Subject,
    /// As what.
    pub format: Format,
    /// With headings in which language.
    pub language: Language,
    /// When it was asked for; it holds for [`LIFETIME`] from then on.
    pub asked_at: DateTime<Utc>,
}

/// A ticket as it is sealed: its subject by name.
#[derive(Serialize, Deserialize)]
struct Sealed {
    pass: Pass,
    kind: String,
    wanted: Json,
    format: Format,
    language: Language,
    asked_at: DateTime<Utc>,
}

impl Ticket {
    /// Its text in an address.
    pub fn seal(&self, app: &App) -> Result<String, ApiError> {
        let sealed = Sealed {
            pass: self.pass.clone(),
            kind: self.subject.kind().to_owned(),
            wanted: self.subject.wanted().clone(),
            format: self.format,
            language: self.language,
            asked_at: self.asked_at,
        };
        let plain = serde_json::to_vec(&sealed).map_err(|error| ApiError::internal(&error.to_string()))?;
        let sealed = app.tickets.seal(PURPOSE, &plain, entropy::random());
        sealed.ok_or_else(|| ApiError::internal("a ticket can't be sealed"))
    }

    /// The ticket of a text, if it is one, in its time and of one of these kinds.
    #[must_use]
    pub fn open(app: &App, kinds: &[&'static Exportable], text: &str, now: DateTime<Utc>) -> Option<Self> {
        let plain = app.tickets.open(PURPOSE, text)?;
        let Sealed { pass, kind, wanted, format, language, asked_at } =
            serde_json::from_slice(&plain).ok()?;
        let subject = Subject::again(kinds, &kind, wanted)?;
        let ticket = Self { pass, subject, format, language, asked_at };
        (now < ticket.expires_at()).then_some(ticket)
    }

    /// Until when it holds.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.asked_at + LIFETIME
    }

    /// Name of the file: subject and day.
    #[must_use]
    pub fn file_name(&self) -> String {
        let title = self.subject.title().in_language(self.language);
        format!("{title}-{}.{}", day_of(self.asked_at).format("%Y-%m-%d"), self.format.extension())
    }
}
