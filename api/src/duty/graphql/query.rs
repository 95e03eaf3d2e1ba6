//! Who handed in what, and the division of labour.

use async_graphql::{Context, ID, Object};
use entity::id::CampaignId;
use entity::{department, duty_task, unit_plan};

use super::roster::{Roster, RosterStatus};
use super::task::TaskConnection;
use super::unit_plan::UnitPlanConnection;
use crate::clock::day_of;
use crate::db::Predicate;
use crate::duty::store;
use crate::error::ApiError;
use crate::graphql::connection::PageArgs;
use crate::graphql::context::RequestOf;
use crate::graphql::directives::semantic_non_null;
use crate::graphql::listing::{Listed, Order, known, known_campaign, of_campaign};
use crate::ids::Kind;
use crate::snapshot::loaders::one;

/// Versions of a roster that are shown.
const MOST_VERSIONS: u64 = 50;

/// Who handed in what, and the division of labour.
#[derive(Default)]
pub struct DutyQuery;

#[Object]
impl DutyQuery {
    /// How the departments in the caller's scope that owe a roster stand with it, in the plan's order: a department sees
    /// itself, whoever sees the county all of them (S16). 名单报送情况
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn roster_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 征集活动")] campaign_id: ID,
    ) -> Option<Result<Vec<RosterStatus>, ApiError>> {
        Some(statuses(ctx, &campaign_id).await)
    }

    /// Versions of one department's roster, the last first, at most 50; none out of the caller's scope. 名单各版本
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn rosters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 征集活动")] campaign_id: ID,
        #[graphql(desc = "Whose; the caller's own when left out. 单位")] department_id: Option<ID>,
    ) -> Option<Result<Vec<Roster>, ApiError>> {
        Some(rosters(ctx, &campaign_id, department_id.as_ref()).await)
    }

    /// Drafts of departments' own plans in the caller's scope; those handed in last come first (H37). 单位实施方案列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn unit_plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 征集活动")] campaign_id: Option<ID>,
    ) -> Option<Result<UnitPlanConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(unit_plans(ctx, args, campaign_id.as_ref()).await)
    }

    /// Pieces of work in the caller's scope, the notice's and departments' own; those made last come first (H40). 任务列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 征集活动")] campaign_id: Option<ID>,
    ) -> Option<Result<TaskConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(tasks(ctx, args, campaign_id.as_ref()).await)
    }
}

async fn statuses(ctx: &Context<'_>, id: &ID) -> Result<Vec<RosterStatus>, ApiError> {
    let request = ctx.request()?;
    let snapshot = request.read().await?;
    let unknown = || ApiError::unknown("campaignId");
    let id = request.key::<CampaignId>(Kind::Campaign, id).ok_or_else(unknown)?;
    let campaign = one(&snapshot.load.campaign, id).await?.ok_or_else(unknown)?;
    let plan = request.app.plans.of(&campaign)?;
    let today = day_of(request.now);
    let rows = store::statuses(&snapshot.tx, &plan, id, today).await?;
    Ok(rows.into_iter().map(RosterStatus).collect())
}

async fn rosters(ctx: &Context<'_>, campaign: &ID, department: Option<&ID>) -> Result<Vec<Roster>, ApiError> {
    let request = ctx.request()?;
    let own = request.viewer()?.department();
    let campaign = known_campaign(request, campaign).await?;
    let department = match department {
        None => own,
        Some(id) => known::<department::Entity>(request, Kind::Department, id, "departmentId").await?,
    };
    let snapshot = request.read().await?;
    let rows = store::rosters(&snapshot.tx, campaign, department, MOST_VERSIONS).await?;
    Ok(rows.into_iter().map(Roster).collect())
}

async fn unit_plans(
    ctx: &Context<'_>,
    args: PageArgs,
    campaign: Option<&ID>,
) -> Result<UnitPlanConnection, ApiError> {
    use unit_plan::Column as C;
    let request = ctx.request()?;
    let filter = Predicate::All(of_campaign(request, C::Campaign, campaign).await?);
    let order =
        Order::latest_first([C::SubmittedAt, C::Id], |row: &unit_plan::Model| (row.submitted_at, row.id.0));
    Ok(UnitPlanConnection(Listed::read(request, "unitPlans", filter, &order, &args).await?))
}

async fn tasks(ctx: &Context<'_>, args: PageArgs, campaign: Option<&ID>) -> Result<TaskConnection, ApiError> {
    use duty_task::Column as C;
    let request = ctx.request()?;
    let filter = Predicate::All(of_campaign(request, C::Campaign, campaign).await?);
    let order =
        Order::latest_first([C::CreatedAt, C::Id], |row: &duty_task::Model| (row.created_at, row.id.0));
    Ok(TaskConnection(Listed::read(request, "tasks", filter, &order, &args).await?))
}
