//! What drives the buttons of a campaign. Each is worked out when it is asked for: both look at other rows.

use async_graphql::{Context, Object};
use entity::campaign;

use crate::decision::closing;
use crate::duty::store::acknowledgement_awaited;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::one;

/// What the caller may do with one campaign now; drives buttons. 可执行操作
pub struct CampaignPermissions(pub campaign::Model);

/// What the caller may do with one campaign now; drives buttons. 可执行操作
#[Object]
impl CampaignPermissions {
    /// Whether `campaignAcknowledge` would be accepted: the document is addressed to the caller's department, and nobody
    /// of it has acknowledged it. 可确认收文
    async fn can_acknowledge(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let request = ctx.request()?;
        if !request.viewer()?.may(Operation::CampaignAcknowledge) {
            return Ok(false);
        }
        let snapshot = request.read().await?;
        let plan = request.app.plans.of(&self.0)?;
        Ok(acknowledgement_awaited(&snapshot.tx, &plan, self.0.id).await?)
    }

    /// Whether `campaignClose` would be accepted: it is open, and every suggestion of it has ended. 可结束
    async fn can_close(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let request = ctx.request()?;
        if !request.viewer()?.may(Operation::CampaignClose) {
            return Ok(false);
        }
        let snapshot = request.read().await?;
        if one(&snapshot.load.closing_of, self.0.id).await?.is_some() {
            return Ok(false);
        }
        let ends = closing::store::ends(&snapshot.tx, self.0.id).await?;
        Ok(ends.open() == 0)
    }
}
