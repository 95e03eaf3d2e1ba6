//! What stood in a paper before it was moved, corrected or taken back: kept for good, without names and numbers of persons.

use chrono::{DateTime, Utc};
use entity::enums::PaperKind;
use entity::former_version::{ActiveModel, Model};
use entity::id::{DepartmentId, ProjectId, SubmissionId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{fresh, lasting};
use crate::app::App;
use crate::db::Tx;
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::refusal::input::text;

/// One line of what stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it says, such as the name of a field.
    pub name: String,
    /// What stood there.
    pub value: String,
}

/// Which paper it was, and what stood in it.
pub struct Former {
    kind: PaperKind,
    paper: Uuid,
    part: String,
    version: i32,
    project: Option<ProjectId>,
    concerned: Option<DepartmentId>,
    cases: Vec<SubmissionId>,
    lines: Vec<(Line, bool)>,
}

impl Former {
    /// Of a paper at a version, as yet without a line.
    pub fn of(kind: PaperKind, paper: impl Into<Uuid>, version: i32) -> Self {
        let (part, cases, lines) = (String::new(), Vec::new(), Vec::new());
        Self { kind, paper: paper.into(), part, version, project: None, concerned: None, cases, lines }
    }

    /// Which part of the paper.
    #[must_use]
    pub fn part(self, part: impl Into<String>) -> Self {
        Self { part: part.into(), ..self }
    }

    /// About a project: whoever sees it reads this too.
    #[must_use]
    pub fn about(self, project: ProjectId) -> Self {
        Self { project: Some(project), ..self }
    }

    /// About a department, which reads it too.
    #[must_use]
    pub fn concerning(self, department: DepartmentId) -> Self {
        Self { concerned: Some(department), ..self }
    }

    /// Drawn from suggestions: the names of their people are left out.
    #[must_use]
    pub fn drawn_from(self, cases: Vec<SubmissionId>) -> Self {
        Self { cases, ..self }
    }

    /// A figure, a day or a code.
    #[must_use]
    pub fn line(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(name.into(), value.into(), false)
    }

    /// The same, where there may be none.
    #[must_use]
    pub fn may(self, name: &str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.line(name, value),
            None => self,
        }
    }

    /// What somebody wrote, unless nothing was.
    #[must_use]
    pub fn words(self, name: impl Into<String>, value: &str) -> Self {
        if value.is_empty() { self } else { self.with(name.into(), value.to_owned(), true) }
    }

    fn with(mut self, name: String, value: String, written: bool) -> Self {
        self.lines.push((Line { name, value }, written));
        self
    }
}

/// Whoever changes what stood says why.
pub fn reasoned(reason: &str) -> Result<(), Refusal> {
    text("reason", reason, 2, 500)
}

/// Keeps what stood, for good.
pub async fn keep(tx: &Tx, app: &App, former: Former, reason: &str, now: DateTime<Utc>) -> Result<(), Stop> {
    let mut stood = Vec::with_capacity(former.lines.len());
    for (line, written) in former.lines {
        let value = if written { lasting(tx, app, &former.cases, &line.value).await? } else { line.value };
        stood.push(Line { value, ..line });
    }
    tx.insert(fresh::<ActiveModel>(Model {
        county: tx.viewer().county().clone(),
        kind: former.kind,
        paper: former.paper,
        part: former.part,
        version: former.version,
        department: tx.viewer().department(),
        project: former.project,
        concerned: former.concerned,
        stood: json!(stood),
        reason: lasting(tx, app, &former.cases, reason).await?,
        replaced_by: tx.viewer().post(),
        replaced_at: now,
    }))
    .await?;
    Ok(())
}
