//! Lists of visits, symposiums, households and persons.

use async_graphql::{Context, ID, InputObject, Object};
use entity::enums::VisitKind;
use entity::{constituent, stream, symposium, visit};

use super::constituent::ConstituentConnection;
use super::households::{self, UnreachedHouseholdConnection};
use super::symposium::SymposiumConnection;
use super::visit::VisitConnection;
use crate::coverage::store::Filter;
use crate::db::Predicate;
use crate::error::ApiError;
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::semantic_non_null;
use crate::graphql::listing::{Listed, Order, known, of_campaign};
use crate::graphql::scalars::Date;
use crate::ids::Kind;

/// Narrows a list of visits; what is left out does not. Whatever can't match matches nothing and is no error: an empty
/// list, ids of nothing, a period that ends before it begins. 走访筛选
#[derive(Clone, Debug, Default, InputObject)]
pub struct VisitFilter {
    /// Of these campaigns. 征集活动
    pub campaign_ids: Option<Vec<ID>>,
    /// In these villages or communities. 村、社区
    pub village_ids: Option<Vec<ID>>,
    /// By these departments. 走访单位
    pub department_ids: Option<Vec<ID>>,
    /// In these ways. 方式
    pub kinds: Option<Vec<VisitKind>>,
    /// Made on or after this day. 走访日期起（含）
    pub visited_from: Option<Date>,
    /// Made on or before this day. 走访日期止（含）
    pub visited_to: Option<Date>,
    /// Only withdrawn ones, or only those that count. 是否已撤回
    pub is_withdrawn: Option<bool>,
}

impl VisitFilter {
    fn resolve(self, request: &Request) -> Filter {
        fn keys<T: From<uuid::Uuid>>(request: &Request, kind: Kind, ids: Option<Vec<ID>>) -> Option<Vec<T>> {
            ids.map(|ids| request.keys(kind, &ids))
        }
        Filter {
            campaigns: keys(request, Kind::Campaign, self.campaign_ids),
            villages: keys(request, Kind::Village, self.village_ids),
            departments: keys(request, Kind::Department, self.department_ids),
            kinds: self.kinds,
            from: self.visited_from.map(|Date(day)| day),
            to: self.visited_to.map(|Date(day)| day),
            withdrawn: self.is_withdrawn,
        }
    }
}

/// Lists of visits, symposiums, households and persons.
#[derive(Default)]
pub struct CoverageQuery;

#[Object]
impl CoverageQuery {
    /// Visits that the caller made, or that were made in its villages; those entered last come first. 走访列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn visits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Narrows the list. 筛选条件")] filter: Option<VisitFilter>,
    ) -> Option<Result<VisitConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(visits(ctx, args, filter.unwrap_or_default()).await)
    }

    /// Symposiums that the caller held, or that were held in its villages; those entered last come first. 座谈会列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn symposiums(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 征集活动")] campaign_id: Option<ID>,
    ) -> Option<Result<SymposiumConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(symposiums(ctx, args, campaign_id).await)
    }

    /// Households of a village that nobody has reached yet, by number (S07); none of a village whose figures the caller does
    /// not see. 未访户清单
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    #[expect(clippy::too_many_arguments, reason = "the four arguments of a Relay connection")]
    async fn households_not_reached(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Of which campaign. 征集活动")] campaign_id: ID,
        #[graphql(desc = "In which village or community. 村、社区")] village_id: ID,
        #[graphql(desc = "Those not visited at the door, though perhaps reached otherwise. 未入户", default)]
        at_door: bool,
        #[graphql(
            desc = "Up to the end of this day; today when left out, and the last day once the campaign is over. 截止日"
        )]
        as_of: Option<Date>,
    ) -> Option<Result<UnreachedHouseholdConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        let asked = households::Asked { campaign: campaign_id, village: village_id, at_door, as_of };
        Some(unreached(ctx, args, asked).await)
    }

    /// Persons on the rosters of constituencies in the caller's scope (S08); those entered last come first. 征集对象人员列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    #[expect(clippy::too_many_arguments, reason = "the four arguments of a Relay connection")]
    async fn constituents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 征集活动")] campaign_id: Option<ID>,
        #[graphql(desc = "Only those of this stream. 征集流")] stream_id: Option<ID>,
        #[graphql(desc = "Only those who were heard, or those who were not. 是否已征集")] is_reached: Option<
            bool,
        >,
    ) -> Option<Result<ConstituentConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(constituents(ctx, args, (campaign_id, stream_id, is_reached)).await)
    }
}

async fn visits(ctx: &Context<'_>, args: PageArgs, filter: VisitFilter) -> Result<VisitConnection, ApiError> {
    use visit::Column as C;
    let request = ctx.request()?;
    let filter = filter.resolve(request).predicate();
    let order = Order::latest_first([C::CreatedAt, C::Id], |row: &visit::Model| (row.created_at, row.id.0));
    Ok(VisitConnection(Listed::read(request, "visits", filter, &order, &args).await?))
}

async fn symposiums(
    ctx: &Context<'_>,
    args: PageArgs,
    campaign: Option<ID>,
) -> Result<SymposiumConnection, ApiError> {
    use symposium::Column as C;
    let request = ctx.request()?;
    let filter = Predicate::All(of_campaign(request, C::Campaign, campaign.as_ref()).await?);
    let order =
        Order::latest_first([C::CreatedAt, C::Id], |row: &symposium::Model| (row.created_at, row.id.0));
    Ok(SymposiumConnection(Listed::read(request, "symposiums", filter, &order, &args).await?))
}

async fn unreached(
    ctx: &Context<'_>,
    args: PageArgs,
    asked: households::Asked,
) -> Result<UnreachedHouseholdConnection, ApiError> {
    households::list(ctx.request()?, args, asked).await
}

async fn constituents(
    ctx: &Context<'_>,
    args: PageArgs,
    (campaign, stream, reached): (Option<ID>, Option<ID>, Option<bool>),
) -> Result<ConstituentConnection, ApiError> {
    use constituent::Column as C;
    let request = ctx.request()?;
    let mut filter = of_campaign(request, C::Campaign, campaign.as_ref()).await?;
    if let Some(id) = stream {
        let id = known::<stream::Entity>(request, Kind::IntakeStream, &id, "streamId").await?;
        filter.push(Predicate::is(C::Stream, id));
    }
    filter.extend(reached.map(|reached| {
        if reached { Predicate::Present(C::ReachedOn) } else { Predicate::Empty(C::ReachedOn) }
    }));
    let order =
        Order::latest_first([C::CreatedAt, C::Id], |row: &constituent::Model| (row.created_at, row.id.0));
    let page = Listed::read(request, "constituents", Predicate::All(filter), &order, &args).await?;
    Ok(ConstituentConnection(page))
}
