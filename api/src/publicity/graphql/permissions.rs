//! What drives the buttons of an entry of the publicity log.

use async_graphql::SimpleObject;
use entity::publicity;

use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::publicity::rules;
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::one;

/// What the caller may do with one entry now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, Default, SimpleObject)]
pub struct PublicityPermissions {
    /// Whether `publicityCorrect` would be accepted. 可更正
    pub can_correct: bool,
    /// Whether `publicityWithdraw` would be accepted. 可撤回
    pub can_withdraw: bool,
}

impl PublicityPermissions {
    pub(super) async fn of(request: &Request, row: &publicity::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let stands = rules::standing(row.withdrawn_at.is_some()).is_ok();
        if !stands || viewer.department() != row.department {
            return Ok(Self::default());
        }
        let goes_on = one(&request.read().await?.load.closing_of, row.campaign).await?.is_none();
        Ok(Self {
            can_correct: goes_on && viewer.may(Operation::PublicityCorrect),
            can_withdraw: goes_on && viewer.may(Operation::PublicityWithdraw),
        })
    }
}
