//! Households that nobody has reached yet: numbers without rows, paged by number (S07).

use async_graphql::{ID, SimpleObject};
use entity::village;
use sea_orm::Value;

use super::figures::{campaign_of, period};
use crate::coverage::figures::not_reached;
use crate::db::Place;
use crate::error::ApiError;
use crate::graphql::connection::{Cursors, PageArgs, PageInfo};
use crate::graphql::context::Request;
use crate::graphql::listing::known;
use crate::graphql::scalars::Date;
use crate::ids::Kind;

/// A household that was not reached. 未访户
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct UnreachedHousehold {
    /// Its number in the village. 户号
    pub number: i32,
}

/// A household that was not reached, with its cursor. 未访户与游标
#[derive(Clone, Debug, SimpleObject)]
pub struct UnreachedHouseholdEdge {
    /// Its place in the list. 游标
    pub cursor: String,
    /// The household. 未访户
    pub node: UnreachedHousehold,
}

/// A page of households that were not reached, by number. 未访户分页
#[derive(Clone, Debug, SimpleObject)]
pub struct UnreachedHouseholdConnection {
    /// How many there are in all. 总数
    pub total_count: i32,
    /// The households of the page. 本页各户
    pub nodes: Vec<UnreachedHousehold>,
    /// The same with their cursors. 本页各户及游标
    pub edges: Vec<UnreachedHouseholdEdge>,
    /// Where the page lies. 分页信息
    pub page_info: PageInfo,
}

/// Which households are asked for.
pub(super) struct Asked {
    pub(super) campaign: ID,
    pub(super) village: ID,
    pub(super) at_door: bool,
    pub(super) as_of: Option<Date>,
}

pub(super) async fn list(
    request: &Request,
    args: PageArgs,
    asked: Asked,
) -> Result<UnreachedHouseholdConnection, ApiError> {
    let campaign = campaign_of(request, &asked.campaign).await?;
    let campaign = campaign.ok_or_else(|| ApiError::unknown("campaignId"))?;
    let village = known::<village::Entity>(request, Kind::Village, &asked.village, "villageId").await?;
    let binding = format!("unreached|{village:?}|{:?}|{}|{:?}", campaign.id, asked.at_door, asked.as_of);
    let cursors = Cursors::new(request, &binding)?;
    let page = cursors.page_by_code(&args)?;
    let plan = request.app.plans.of(&campaign)?;
    let day = period(request, &campaign, asked.as_of).as_of;
    let snapshot = request.read().await?;
    let numbers = not_reached(&snapshot.tx, &plan, campaign.id, village, asked.at_door, day).await?;
    let (after, before) = (place(page.after.as_ref()), place(page.before.as_ref()));
    let between = numbers.iter().copied().filter(|number| {
        after.is_none_or(|after| *number > after) && before.is_none_or(|before| *number < before)
    });
    let between: Vec<i32> = between.collect();
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let surplus = between.len().saturating_sub(size);
    let shown = if page.backward { &between[surplus..] } else { &between[..between.len() - surplus] };
    let edge = |number: &i32| UnreachedHouseholdEdge {
        cursor: cursors.encode_code(&number.to_string()),
        node: UnreachedHousehold { number: *number },
    };
    let edges: Vec<UnreachedHouseholdEdge> = shown.iter().map(edge).collect();
    Ok(UnreachedHouseholdConnection {
        total_count: i32::try_from(numbers.len()).unwrap_or(i32::MAX),
        nodes: edges.iter().map(|edge| edge.node).collect(),
        page_info: PageInfo {
            has_next_page: shown.last() < numbers.last() && !shown.is_empty(),
            has_previous_page: shown.first() > numbers.first() && !shown.is_empty(),
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        },
        edges,
    })
}

/// The number that a cursor stands for.
fn place(place: Option<&Place>) -> Option<i32> {
    match place?.0.first() {
        Some(Value::String(Some(code))) => code.parse().ok(),
        _ => None,
    }
}
