//! The words of a suggestion as whoever reads them may see them: numbers masked, and the name of the person who speaks.

use async_graphql::Context;
use entity::{person, submission};

use crate::app::App;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::scope::viewer::Viewer;
use crate::secrets::seal::mask_of_person;
use crate::shares::names::name_of;
use crate::snapshot::loaders::one;

/// How one suggestion is read.
pub(super) enum Words {
    /// As it was written.
    Clear,
    /// Masked, with this person's name.
    Masked(Option<String>),
}

impl Words {
    /// Of a suggestion for the caller. Its person is read only where the texts may hold the name, all of a page at once.
    pub(super) async fn of(ctx: &Context<'_>, row: &submission::Model) -> Result<Self, ApiError> {
        let request = ctx.request()?;
        let viewer = request.viewer()?;
        let person = if Self::asks_for_person(viewer, row) {
            one(&request.read().await?.load.person_of, row.id).await?
        } else {
            None
        };
        Self::told(viewer, &request.app, person.as_ref())
    }

    /// The same where the person was read already.
    pub(super) fn told(viewer: &Viewer, app: &App, person: Option<&person::Model>) -> Result<Self, ApiError> {
        if viewer.reads_identities() {
            return Ok(Self::Clear);
        }
        let name = person.map(|person| name_of(app, person)).transpose()?;
        Ok(Self::Masked(name.flatten()))
    }

    /// Whether the name behind a suggestion matters to how a viewer reads it.
    pub(super) fn asks_for_person(viewer: &Viewer, row: &submission::Model) -> bool {
        !viewer.reads_identities() && row.names_person != Some(false)
    }

    pub(super) fn read(&self, text: &str) -> String {
        match self {
            Self::Clear => text.to_owned(),
            Self::Masked(name) => mask_of_person(text, name.as_deref()),
        }
    }
}
