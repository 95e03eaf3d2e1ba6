//! Rosters of responsible persons, and who is late with them.

use async_graphql::{Context, ID, Object};
use entity::enums::{DueState, Position};
use entity::{roster, roster_line};

use crate::campaign::graphql::{Campaign, Department};
use crate::duty::rules::shows_contacts;
use crate::duty::store::{self, Status};
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::keyed::keyed;
use crate::graphql::scalars::{Date, DateTime};
use crate::ids::Kind;

/// A version of a department's list of responsible persons (S16, S17). 责任人名单
#[derive(Clone, Debug)]
pub struct Roster(pub roster::Model);

keyed! {
    Roster: roster;
}

/// A version of a department's list of responsible persons (S16, S17). 责任人名单
#[Object]
impl Roster {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Roster, self.0.id))
    }

    /// Whose it is. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Of which campaign. 征集活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Counts from 1 for each department; a former version stays as it was. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was handed in. 报送时间
    async fn submitted_at(&self) -> DateTime {
        DateTime(self.0.submitted_at)
    }

    /// The persons, in the roster's order; at most 50. 责任人
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<RosterLine>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = snapshot.load.roster_lines.load_one(self.0.id).await?;
        Ok(rows.unwrap_or_default().into_iter().map(RosterLine).collect())
    }
}

/// One person of a roster (S16, S17). 责任人
#[derive(Clone, Debug)]
pub struct RosterLine(roster_line::Model);

/// One person of a roster (S16, S17). 责任人
#[Object]
impl RosterLine {
    /// Rank in the department. 职务级别
    async fn position(&self) -> Position {
        self.0.position
    }

    /// Who answers for it. 姓名
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Office held. 职务
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What the person answers for. 职责
    async fn duty(&self) -> &str {
        &self.0.duty
    }

    /// Telephone; null for all but the department itself and the campaign's office. 联系电话
    async fn contact(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        let shown = ctx.request().and_then(|request| contact_shown(request, &self.0));
        shown.transpose()
    }
}

/// The telephone of a line, for those to whom it is shown.
pub(super) fn contact_shown(request: &Request, row: &roster_line::Model) -> Result<Option<String>, ApiError> {
    let viewer = request.viewer()?;
    let own = viewer.department() == row.department;
    if !shows_contacts(viewer.profile(), own) {
        return Ok(None);
    }
    store::contact_of(&request.app, row)
}

/// How one department stands with its roster (S16, S17). 名单报送情况
#[derive(Clone, Debug)]
pub struct RosterStatus(pub(super) Status);

/// How one department stands with its roster (S16, S17). 名单报送情况
#[Object]
impl RosterStatus {
    /// The department that owes it. 单位
    async fn department(&self) -> Department {
        Department(self.0.department.clone())
    }

    /// By when; null where the plan sets no day. 截止日期
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// On time, late, missing or awaited, by the first version. 报送情况
    async fn timeliness(&self) -> DueState {
        self.0.timeliness
    }

    /// The version that holds; null where none was handed in. 现行名单
    async fn roster(&self) -> Option<Roster> {
        self.0.roster.clone().map(Roster)
    }

    /// Whether it names everybody whom the notice asks for, one of them with a telephone. 是否齐全
    async fn is_complete(&self) -> bool {
        self.0.complete
    }
}
