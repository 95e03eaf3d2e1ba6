//! That the founding document was received, over GraphQL.

use async_graphql::{Context, ID, InputObject, Object};
use entity::acknowledgement;
use entity::id::AcknowledgementId;

use crate::campaign::graphql::{Campaign, Department};
use crate::duty::store;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::keyed::keyed;
use crate::graphql::scalars::DateTime;
use crate::graphql::steps::{Begun, begin, end, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;

/// That a department has received the founding document of a campaign (S01). 收文确认
#[derive(Clone, Debug)]
pub struct Acknowledgement(pub acknowledgement::Model);

/// That a department has received the founding document of a campaign (S01). 收文确认
#[Object]
impl Acknowledgement {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Acknowledgement, self.0.id))
    }

    /// Department that received it. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Campaign whose document it is. 活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// When it was acknowledged. 确认时间
    async fn acknowledged_at(&self) -> DateTime {
        DateTime(self.0.acknowledged_at)
    }
}

keyed! {
    Acknowledgement: acknowledgement;
}

/// Which document is acknowledged. 收文确认
#[derive(Clone, Debug, InputObject)]
pub struct CampaignAcknowledgeInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Campaign whose founding document it is. 活动
    pub campaign_id: ID,
}

payload! {
    /// What came of it. 确认结果
    CampaignAcknowledgePayload {
        /// The acknowledgement; null when refused. 收文确认
        acknowledgement: Acknowledgement
    }
}

/// Acknowledging the founding document. 收文确认
#[derive(Default)]
pub struct AcknowledgementMutation;

#[Object]
impl AcknowledgementMutation {
    /// Acknowledges, once for the caller's department, that the founding document was received (S01). 确认收文
    #[graphql(directive = open_to::apply(profiles(&[Operation::CampaignAcknowledge]), heads(&[Operation::CampaignAcknowledge])), directive = semantic_non_null::apply(vec![0]))]
    async fn campaign_acknowledge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which document. 收文确认")] input: CampaignAcknowledgeInput,
    ) -> Option<Result<CampaignAcknowledgePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = acknowledge(request, &input).await;
        Some(CampaignAcknowledgePayload::of(request, outcome).await)
    }
}

async fn acknowledge(request: &Request, input: &CampaignAcknowledgeInput) -> Result<AcknowledgementId, Stop> {
    let begun =
        begin(request, Operation::CampaignAcknowledge, "campaignAcknowledge", &input.idempotency_key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let campaign = request.key(Kind::Campaign, &input.campaign_id);
    let id = store::acknowledge(&tx, &request.app, campaign, request.now).await?;
    end(tx, claim, id).await
}
