//! What is asked of campaigns at the root.

use async_graphql::{Context, ID, Object};

use super::campaign::{Campaign, CampaignRef, IntakeStream};
use super::pages::{self, DepartmentConnection};
use crate::campaign::names::Names;
use crate::campaign::store;
use crate::error::ApiError;
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::semantic_non_null;
use crate::graphql::listing::known_campaign;
use crate::ids::Kind;
use crate::snapshot::loaders::one;
use crate::text::shows_nothing;

/// Characters of a text that campaigns are looked for by, at most.
const LONGEST_TEXT: usize = 100;

/// Campaigns, streams and departments.
#[derive(Debug, Default)]
pub struct CampaignQuery;

#[Object]
impl CampaignQuery {
    /// Every campaign of the caller's county, the latest first; of a portal its own alone. 本县区征集活动
    async fn campaigns(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only those with this in their code or in a spelling of their name; width, case and blanks do not matter (H03). 名称或代码含此文字"
        )]
        text: Option<String>,
    ) -> Result<Vec<Campaign>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let mut rows = store::campaigns(&snapshot.tx).await?;
        if let Some(text) = text {
            let text = searched(&text)?;
            rows.retain(|row| Names::of(row).hold(text));
        }
        Ok(rows.into_iter().map(Campaign).collect())
    }

    /// One campaign of the caller's county; null when there is none such. 征集活动
    async fn campaign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one: by id, by code or by name. 选择活动")] by: CampaignRef,
    ) -> Option<Result<Campaign, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        find(request, by).await.transpose()
    }

    /// Streams in the caller's scope: a department's own, the leadership's all. 可见征集流
    async fn streams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this campaign. 征集活动")] campaign_id: Option<ID>,
    ) -> Result<Vec<IntakeStream>, ApiError> {
        let request = ctx.request()?;
        let snapshot = request.read().await?;
        let campaign = match &campaign_id {
            None => None,
            Some(id) => Some(known_campaign(request, id).await?),
        };
        let rows = store::streams(&snapshot.tx, campaign).await?;
        Ok(rows.into_iter().map(IntakeStream).collect())
    }

    /// Directory of the county's departments, by code; everyone of the county reads it, a portal the townships alone.
    /// 单位名录
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn departments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many; 20 unless told, at most 100. 前若干条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 此游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 此游标之前")] before: Option<String>,
    ) -> Option<Result<DepartmentConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        let page = async { pages::departments(ctx.request()?, args).await };
        Some(page.await)
    }
}

/// A text that can be looked for.
fn searched(text: &str) -> Result<&str, ApiError> {
    if shows_nothing(text) || text.chars().count() > LONGEST_TEXT {
        return Err(ApiError::bad_input(
            format!("text 应为 1 至 {LONGEST_TEXT} 个字"),
            format!("text must have 1 to {LONGEST_TEXT} characters"),
        ));
    }
    Ok(text)
}

async fn find(request: &Request, by: CampaignRef) -> Result<Option<Campaign>, ApiError> {
    let snapshot = request.read().await?;
    let row = match by {
        CampaignRef::Code(code) => store::campaign_by_code(&snapshot.tx, &code).await?,
        CampaignRef::Name(name) => store::campaign_by_name(&snapshot.tx, &name).await?,
        CampaignRef::Id(id) => match request.key(Kind::Campaign, &id) {
            Some(key) => one(&snapshot.load.campaign, key).await?,
            None => None,
        },
    };
    Ok(row.map(Campaign))
}
