//! The words of a suggestion as whoever reads them may see them: numbers masked, and the name of the person who speaks.

use async_graphql::{Context, SimpleObject};
use entity::{person, submission};
use serde_json::Value as Json;

use crate::app::App;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::scope::viewer::Viewer;
use crate::secrets::seal::mask_of_person;
use crate::shares::names::name_of;
use crate::snapshot::loaders::one;

/// A value of the stream's own form. 附加项
#[derive(Clone, Debug, SimpleObject)]
pub struct ExtraValue {
    /// The form field's key. 字段键
    pub key: String,
    /// What was filled in, as text. 填写内容
    pub value: String,
}

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
        if Self::asks_for_person(request.viewer()?, row) {
            return Self::of_any(ctx, row).await;
        }
        Self::told(request.viewer()?, &request.app, None)
    }

    /// The same of words that may hold the name although the suggestion's own don't, such as those that stood there before.
    pub(super) async fn of_any(ctx: &Context<'_>, row: &submission::Model) -> Result<Self, ApiError> {
        let request = ctx.request()?;
        let viewer = request.viewer()?;
        let person = if viewer.reads_identities() {
            None
        } else {
            one(&request.read().await?.load.person_of, row.id).await?
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

    /// The values of a form.
    pub(super) fn values(&self, extra: &Json) -> Vec<ExtraValue> {
        let values = extra.as_object().into_iter().flatten();
        let value = |(key, value): (&String, &Json)| ExtraValue {
            key: key.clone(),
            value: self.read(value.as_str().unwrap_or_default()),
        };
        values.map(value).collect()
    }
}
