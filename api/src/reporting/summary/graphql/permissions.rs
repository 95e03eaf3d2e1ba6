//! What drives the buttons of a table.

use async_graphql::{Context, Object, SimpleObject};
use entity::enums::SummaryStatus;
use entity::summary_table;

use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::refusal::{Refusal, UserErrorCode};
use crate::reporting::summary::rules::{Action, Facts, SummaryWarningCode, no_open_one};
use crate::reporting::summary::store;

/// What the caller may do with one table now; drives buttons. 可执行操作
pub struct SummaryTablePermissions {
    row: summary_table::Model,
    facts: Facts,
    /// Whether the department writes no other table.
    free: bool,
}

impl SummaryTablePermissions {
    pub(super) async fn of(request: &Request, row: &summary_table::Model) -> Result<Self, ApiError> {
        let snapshot = request.read().await?;
        let all = store::of_department(&snapshot.tx, row.campaign, row.department).await?;
        Ok(Self { row: row.clone(), facts: Facts::of(row, &all), free: no_open_one(&all).is_ok() })
    }

    fn may(&self, ctx: &Context<'_>, action: Action) -> Result<bool, ApiError> {
        Ok(action.may(ctx.request()?.viewer()?, self.facts))
    }
}

/// What the caller may do with one table now; drives buttons. 可执行操作
#[Object]
impl SummaryTablePermissions {
    /// Whether `summaryLinePut` and `summaryLineRemove` would be accepted. 可编写
    async fn can_edit_lines(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.may(ctx, Action::Put)
    }

    /// Whether `summaryTableReview` would be accepted: from the deputy, or from the head in that place. 可审核
    async fn can_review(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        if self.row.status != SummaryStatus::Draft {
            return Ok(false);
        }
        let request = ctx.request()?;
        let snapshot = request.read().await?;
        let reviewer = store::reviewer(&snapshot.tx, &request.app, &self.row).await?;
        Ok(Action::Review.may(request.viewer()?, self.facts.by(reviewer)))
    }

    /// Whether `summaryTableSign` would be accepted; looks for `obstacles` where the caller is the head. 可审签
    async fn can_sign(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        if !self.may(ctx, Action::Sign)? {
            return Ok(false);
        }
        Ok(obstacles(ctx.request()?, &self.row).await?.is_empty())
    }

    /// Whether `summaryTableScanAttach` would be accepted. 可上传盖章页
    async fn can_attach_scan(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.may(ctx, Action::Attach)
    }

    /// Whether `summaryTableAccept` would be accepted. 可接收
    async fn can_accept(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.may(ctx, Action::Accept)
    }

    /// Whether `summaryTableReturn` would be accepted. 可退回
    async fn can_return(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        self.may(ctx, Action::Return)
    }

    /// Whether `summaryTableRevise` would be accepted. 可修订
    async fn can_revise(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        Ok(self.free && self.may(ctx, Action::Revise)?)
    }
}

/// Something that stands between a table and its signature. 审签障碍
#[derive(Clone, Debug, SimpleObject)]
pub struct SummaryObstacle {
    /// As `summaryTableSign` would name it. 错误码
    pub code: UserErrorCode,
    /// Text fit to show, with how many. 提示
    pub message: String,
}

/// Something that whoever reviews, signs or accepts a table should look at; it stops nobody. 汇总表提醒
#[derive(Clone, Debug, SimpleObject)]
pub struct SummaryWarning {
    /// What it is about. 提醒类型
    pub code: SummaryWarningCode,
    /// Text fit to show. 提示
    pub message: String,
}

/// Why a table could not be signed as it is.
pub(super) async fn obstacles(
    request: &Request,
    row: &summary_table::Model,
) -> Result<Vec<Refusal>, ApiError> {
    let snapshot = request.read().await?;
    let lines = store::lines_of(&snapshot.tx, row.id).await?;
    let coverage = store::coverage(&snapshot.tx, row, &lines).await?;
    Ok(coverage.obstacles())
}
