//! Portal credentials.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::id::PortalClientId;
use entity::{channel, portal_client};

use crate::access::entropy;
use crate::access::profiles::Operation;
use crate::access::store::{self, Moment, NewClient};
use crate::access::token::{ClientCredential, ClientSecret};
use crate::campaign::graphql::Channel;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::error::{ApiError, Refusal, Stop, UserError, settle};
use crate::graphql::id::Kind;
use crate::graphql::scalars::DateTime;

/// A portal's machine credential, bound to one channel of one campaign (S13-S15). 门户凭据
#[derive(Clone, Debug)]
pub struct PortalClient {
    row: portal_client::Model,
    channel: channel::Model,
}

impl PortalClient {
    /// The credential of a key; nothing when it is absent, disabled or out of the caller's scope.
    pub async fn by_id(ctx: &Context<'_>, id: PortalClientId) -> Result<Option<Self>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        Ok(store::client(&snapshot.tx, id)
            .await?
            .map(|(row, channel)| Self { row, channel }))
    }
}

/// A portal's machine credential, bound to one channel of one campaign (S13-S15). 门户凭据
#[Object]
impl PortalClient {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::PortalClient, self.row.id))
    }

    /// What the portal is called. 名称
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// Channel that its entries come in by. 渠道
    async fn channel(&self) -> Channel {
        Channel(self.channel.clone())
    }

    /// What it may call. 可用操作
    async fn actions(&self) -> Vec<Operation> {
        let names = self
            .row
            .actions
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str());
        names.filter_map(Operation::parse).collect()
    }

    /// When it was made. 建立时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }
}

/// A new portal credential. 新建门户凭据
#[derive(InputObject)]
pub struct ClientCreateInput {
    /// What the portal is called, at most 60 characters. 名称
    pub name: String,
    /// Campaign. 活动
    pub campaign_id: ID,
    /// Channel of that campaign. 渠道
    pub channel_id: ID,
    /// What it may call, within the profile PORTAL. 可用操作
    pub actions: Vec<Operation>,
}

/// What making a portal credential came to. 新建门户凭据结果
#[derive(SimpleObject)]
pub struct ClientCreatePayload {
    /// The credential; null when refused. 门户凭据
    pub client: Option<PortalClient>,
    /// The portal's bearer token, shown this once; it does not expire. 门户令牌
    pub credential: Option<String>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// Portal credentials.
#[derive(Default)]
pub struct ClientMutation;

#[Object]
impl ClientMutation {
    /// Make a portal credential. 新建门户凭据
    #[graphql(directive = open_to::apply(profiles(&[Operation::ClientManage]), heads(&[Operation::ClientManage])), directive = semantic_non_null::apply(vec![0]))]
    async fn client_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name, channel and actions. 名称、渠道与可用操作")]
        input: ClientCreateInput,
    ) -> Option<Result<ClientCreatePayload, ApiError>> {
        Some(create(ctx, input).await)
    }
}

async fn create(
    ctx: &Context<'_>,
    input: ClientCreateInput,
) -> Result<ClientCreatePayload, ApiError> {
    let request = ctx.request()?;
    request.viewer_for(Operation::ClientManage)?;
    let (made, user_errors) = settle(insert(request, input).await, request.language)?;
    let Some(credential) = made else {
        return Ok(ClientCreatePayload {
            client: None,
            credential: None,
            user_errors,
        });
    };
    request.renew();
    let client = PortalClient::by_id(ctx, credential.client).await?;
    Ok(ClientCreatePayload {
        client,
        credential: Some(credential.reveal()),
        user_errors,
    })
}

async fn insert(request: &Request, input: ClientCreateInput) -> Result<ClientCredential, Stop> {
    let moment = Moment {
        app: &request.app,
        now: request.now,
    };
    let key = |kind, id: &ID, field: &str| {
        request
            .key(kind, id)
            .ok_or_else(|| Refusal::not_found(field))
    };
    let campaign: uuid::Uuid = key(Kind::Campaign, &input.campaign_id, "campaignId")?;
    let channel: uuid::Uuid = key(Kind::Channel, &input.channel_id, "channelId")?;
    let tx = request.begin_write(Operation::ClientManage).await?;
    let credential = ClientCredential {
        county: tx.viewer().county().clone(),
        client: PortalClientId(moment.key()),
        secret: ClientSecret::mint(entropy::random()),
    };
    let new = NewClient {
        id: credential.client,
        name: input.name,
        campaign: campaign.into(),
        channel: channel.into(),
        actions: input.actions,
        secret_hash: credential.secret.hash(),
    };
    store::create_client(&tx, new, moment).await?;
    tx.commit().await?;
    Ok(credential)
}
