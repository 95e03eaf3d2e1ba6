//! Portal credentials.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::id::PortalClientId;
use entity::portal_client;

use crate::access::portals::{self, USUAL_OVERLAP};
use crate::access::store::{self, Moment, NewClient, Renewal};
use crate::campaign::graphql::Channel;
use crate::db::Predicate;
use crate::error::{ApiError, Stop, settle};
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::keyed::Keyed;
use crate::graphql::listing::{Listed, Order, connection};
use crate::graphql::scalars::{Date, DateTime};
use crate::ids::Kind;
use crate::refusal::{Refusal, UserError};
use crate::scope::profiles::Operation;
use crate::secrets::entropy;
use crate::secrets::token::{ClientCredential, ClientSecret};
use crate::snapshot::loaders::must;

/// A portal's machine credential, bound to one channel of one campaign (S13-S15). 门户凭据
#[derive(Clone, Debug)]
pub struct PortalClient(pub portal_client::Model);

impl Keyed for PortalClient {
    type Key = PortalClientId;

    /// Whether it has ended or not.
    async fn by_key(request: &Request, id: PortalClientId) -> Result<Option<Self>, ApiError> {
        let snapshot = request.read().await?;
        let found = store::client(&snapshot.tx, id).await?;
        Ok(found.map(|(row, _)| Self(row)))
    }
}

/// A portal's machine credential, bound to one channel of one campaign (S13-S15). 门户凭据
#[Object]
impl PortalClient {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::PortalClient, self.0.id))
    }

    /// What the portal is called. 名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Channel that its entries come in by. 渠道
    async fn channel(&self, ctx: &Context<'_>) -> Result<Channel, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.channel, self.0.channel).await.map(Channel)
    }

    /// What it may call. 可用操作
    async fn actions(&self) -> Vec<Operation> {
        let names = self.0.actions.as_array().into_iter().flatten().filter_map(|name| name.as_str());
        names.filter_map(Operation::parse).collect()
    }

    /// When it was made. 建立时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Whether its present secret lets in: neither expired nor revoked. 是否有效
    async fn is_active(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        Ok(portals::is_active(&self.0, ctx.request()?.now))
    }

    /// When its present secret ends; null for one made before credentials had an end. 到期时间
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }

    /// When the secret before the present one ends or ended; null when there was none. 原密钥失效时间
    async fn former_secret_until(&self) -> Option<DateTime> {
        self.0.former_until.map(DateTime)
    }

    /// When it was revoked; null while it is not. 吊销时间
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.disabled_at.map(DateTime)
    }
}

connection! {
    /// A page of portal credentials, the latest first, ended ones included. 门户凭据分页
    PortalClientConnection, PortalClientEdge: portal_client as PortalClient(portal_client::Model)
}

/// Portal credentials.
#[derive(Default)]
pub struct ClientQuery;

#[Object]
impl ClientQuery {
    /// Portal credentials of the county, the latest first, ended ones included; for the administrator. 门户凭据列表
    #[graphql(directive = open_to::apply(profiles(&[Operation::ClientManage]), heads(&[Operation::ClientManage])), directive = semantic_non_null::apply(vec![0]))]
    async fn portal_clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
    ) -> Option<Result<PortalClientConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(list(ctx, args).await)
    }
}

async fn list(ctx: &Context<'_>, args: PageArgs) -> Result<PortalClientConnection, ApiError> {
    use portal_client::Column as C;
    let request = ctx.request()?;
    request.viewer_for(Operation::ClientManage)?;
    let order =
        Order::latest_first([C::CreatedAt, C::Id], |row: &portal_client::Model| (row.created_at, row.id.0));
    let all = Predicate::everything();
    let page = Listed::read(request, "portalClients", all, &order, &args).await?;
    Ok(PortalClientConnection(page))
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
    /// Last day on which it lets in, at most two years ahead; a year from today when left out. 有效期至
    pub expires_on: Option<Date>,
}

/// What making a portal credential came to. 新建门户凭据结果
#[derive(SimpleObject)]
pub struct ClientCreatePayload {
    /// The credential; null when refused. 门户凭据
    pub client: Option<PortalClient>,
    /// The portal's bearer token, shown this once; `clientRotate` renews it before it expires. 门户令牌
    pub credential: Option<String>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// A new secret for a portal credential. 更换门户密钥
#[derive(InputObject)]
pub struct ClientRotateInput {
    /// The credential. 门户凭据
    pub client_id: ID,
    /// Last day on which the new secret lets in, at most two years ahead; a year from today when left out. 有效期至
    pub expires_on: Option<Date>,
    /// Hours that the former secret goes on, 0 to 720, never beyond its own end. 原密钥继续有效的小时数
    #[graphql(default_with = "USUAL_OVERLAP")]
    pub overlap_hours: i32,
}

/// What a new secret came to. 更换门户密钥结果
#[derive(SimpleObject)]
pub struct ClientRotatePayload {
    /// The credential; null when refused. 门户凭据
    pub client: Option<PortalClient>,
    /// The portal's new bearer token, shown this once. 门户令牌
    pub credential: Option<String>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// Which portal credential ends. 吊销门户凭据
#[derive(InputObject)]
pub struct ClientRevokeInput {
    /// The credential. 门户凭据
    pub client_id: ID,
}

/// What a revocation came to. 吊销门户凭据结果
#[derive(SimpleObject)]
pub struct ClientRevokePayload {
    /// The credential; null when refused. 门户凭据
    pub client: Option<PortalClient>,
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
        #[graphql(desc = "Name, channel and actions. 名称、渠道与可用操作")] input: ClientCreateInput,
    ) -> Option<Result<ClientCreatePayload, ApiError>> {
        Some(create(ctx, input).await)
    }

    /// Give a portal credential a new secret. The one before it goes on for some hours, so that the portal is moved over
    /// without a gap. 更换门户密钥
    #[graphql(directive = open_to::apply(profiles(&[Operation::ClientManage]), heads(&[Operation::ClientManage])), directive = semantic_non_null::apply(vec![0]))]
    async fn client_rotate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and until when. 凭据与期限")] input: ClientRotateInput,
    ) -> Option<Result<ClientRotatePayload, ApiError>> {
        Some(rotate(ctx, input).await)
    }

    /// Revoke a portal credential: both of its secrets and its connections end at once, for ever. 吊销门户凭据
    #[graphql(directive = open_to::apply(profiles(&[Operation::ClientManage]), heads(&[Operation::ClientManage])), directive = semantic_non_null::apply(vec![0]))]
    async fn client_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one. 门户凭据")] input: ClientRevokeInput,
    ) -> Option<Result<ClientRevokePayload, ApiError>> {
        Some(revoke(ctx, input).await)
    }
}

async fn create(ctx: &Context<'_>, input: ClientCreateInput) -> Result<ClientCreatePayload, ApiError> {
    let request = ctx.request()?;
    request.viewer_for(Operation::ClientManage)?;
    let (made, user_errors) = settle(insert(request, input).await, request.language)?;
    let Some(credential) = made else {
        return Ok(ClientCreatePayload { client: None, credential: None, user_errors });
    };
    request.renew();
    let client = PortalClient::by_key(request, credential.client).await?;
    Ok(ClientCreatePayload { client, credential: Some(credential.reveal()), user_errors })
}

async fn insert(request: &Request, input: ClientCreateInput) -> Result<ClientCredential, Stop> {
    let moment = moment(request);
    let key = |kind, id: &ID, field: &str| request.key(kind, id).ok_or_else(|| Refusal::not_found(field));
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
        expires_at: portals::end_of(input.expires_on.map(|day| day.0), request.now)?,
    };
    store::create_client(&tx, new, moment).await?;
    tx.commit().await?;
    Ok(credential)
}

async fn rotate(ctx: &Context<'_>, input: ClientRotateInput) -> Result<ClientRotatePayload, ApiError> {
    let request = ctx.request()?;
    request.viewer_for(Operation::ClientManage)?;
    let (made, user_errors) = settle(renew(request, input).await, request.language)?;
    let Some(credential) = made else {
        return Ok(ClientRotatePayload { client: None, credential: None, user_errors });
    };
    request.renew();
    Ok(ClientRotatePayload {
        client: PortalClient::by_key(request, credential.client).await?,
        credential: Some(credential.reveal()),
        user_errors,
    })
}

async fn renew(request: &Request, input: ClientRotateInput) -> Result<ClientCredential, Stop> {
    let id = client_key(request, &input.client_id)?;
    let tx = request.begin_write(Operation::ClientManage).await?;
    let credential = ClientCredential {
        county: tx.viewer().county().clone(),
        client: id,
        secret: ClientSecret::mint(entropy::random()),
    };
    let new = Renewal {
        secret_hash: credential.secret.hash(),
        expires_at: portals::end_of(input.expires_on.map(|day| day.0), request.now)?,
        overlap_hours: input.overlap_hours,
    };
    store::rotate_client(&tx, id, new, moment(request)).await?;
    tx.commit().await?;
    request.app.recheck.note_end();
    Ok(credential)
}

async fn revoke(ctx: &Context<'_>, input: ClientRevokeInput) -> Result<ClientRevokePayload, ApiError> {
    let request = ctx.request()?;
    request.viewer_for(Operation::ClientManage)?;
    let (ended, user_errors) = settle(end(request, &input.client_id).await, request.language)?;
    let Some(id) = ended else {
        return Ok(ClientRevokePayload { client: None, user_errors });
    };
    request.renew();
    Ok(ClientRevokePayload { client: PortalClient::by_key(request, id).await?, user_errors })
}

async fn end(request: &Request, id: &ID) -> Result<PortalClientId, Stop> {
    let id = client_key(request, id)?;
    let tx = request.begin_write(Operation::ClientManage).await?;
    store::revoke_client(&tx, id, moment(request)).await?;
    tx.commit().await?;
    request.app.recheck.note_end();
    Ok(id)
}

fn client_key(request: &Request, id: &ID) -> Result<PortalClientId, Refusal> {
    request.key(Kind::PortalClient, id).ok_or_else(|| Refusal::not_found("clientId"))
}

fn moment(request: &Request) -> Moment<'_> {
    Moment { app: &request.app, now: request.now }
}
