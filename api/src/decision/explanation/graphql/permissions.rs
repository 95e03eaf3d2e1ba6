//! What drives the buttons of an explanation.

use async_graphql::SimpleObject;
use entity::explanation;

use crate::access::profiles::Operation;
use crate::decision::explanation::store;
use crate::graphql::context::Request;
use crate::graphql::error::{ApiError, Stop};

/// What the caller may do with one explanation now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct ExplanationPermissions {
    /// Whether `explanationDeliver` would be accepted: not while something that it covers may still become a project. 可登记送达
    pub can_deliver: bool,
}

impl ExplanationPermissions {
    pub(super) async fn of(request: &Request, row: &explanation::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let open = viewer.may(Operation::ExplanationDeliver)
            && viewer.department() == row.department
            && row.delivered_on.is_none();
        if !open {
            return Ok(Self { can_deliver: false });
        }
        let snapshot = request.read().await?;
        match store::tellable(&snapshot.tx, row.id).await {
            Ok(_) => Ok(Self { can_deliver: true }),
            Err(Stop::Refused(_)) => Ok(Self { can_deliver: false }),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}
