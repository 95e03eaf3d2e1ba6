//! The person behind a suggestion: masked in every view, in clear only as the answer to a reveal.

use async_graphql::{Context, SimpleObject};
use entity::{person, submission};

use crate::app::App;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::intake::store;
use crate::scope::profiles::Operation;
use crate::scope::viewer::Viewer;
use crate::secrets::seal::{mask_name, mask_phone};
use crate::snapshot::loaders::one;

/// The person behind a suggestion, masked. 提出人（脱敏）
#[derive(Clone, Debug, SimpleObject)]
pub struct MaskedPerson {
    /// First character of the name, the rest starred. 姓名
    pub name: Option<String>,
    /// The last four digits of the telephone. 电话（末四位）
    pub phone: Option<String>,
    /// Whether an address is known; it is shown by a reveal only. 是否有住址
    pub has_address: bool,
}

/// A person in clear, shown once for a stated reason. 提出人（明文）
#[derive(SimpleObject)]
pub struct Identity {
    /// Full name. 姓名
    pub name: Option<String>,
    /// Whole telephone number. 电话
    pub phone: Option<String>,
    /// Whole address. 住址
    pub address: Option<String>,
}

impl From<store::Identity> for Identity {
    fn from(person: store::Identity) -> Self {
        Self { name: person.name, phone: person.phone, address: person.address }
    }
}

impl MaskedPerson {
    /// Nothing for a viewer who may never see identities: a masked name still says who in a village.
    pub(super) async fn of(ctx: &Context<'_>, row: &submission::Model) -> Result<Option<Self>, ApiError> {
        let request = ctx.request()?;
        if !Self::may_be_shown(request.viewer()?, row) {
            return Ok(None);
        }
        let person = one(&request.read().await?.load.person_of, row.id).await?;
        Self::masked(&request.app, person.as_ref())
    }

    /// Whether a viewer may see, masked, who is behind a suggestion.
    pub(super) fn may_be_shown(viewer: &Viewer, row: &submission::Model) -> bool {
        let may = viewer.may(Operation::IdentityReveal) && viewer.department() == row.department;
        may && !row.confidential && !row.anonymous
    }

    /// A person as those may see it who may; nothing of one who was erased.
    pub(super) fn masked(app: &App, person: Option<&person::Model>) -> Result<Option<Self>, ApiError> {
        let Some(person) = person.filter(|person| person.erased_at.is_none()) else {
            return Ok(None);
        };
        let clear = store::reveal(app, person)?;
        Ok(Some(Self {
            name: clear.name.as_deref().map(mask_name),
            phone: clear.phone.as_deref().map(mask_phone),
            has_address: clear.address.is_some(),
        }))
    }
}
