//! The trail over GraphQL, for the auditor.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::audit_entry;
use entity::enums::{AuditAction, RightsProfile};
use entity::id::AuditEntryId;

use super::store;
use crate::access::profiles::Operation;
use crate::db::{Direction, Page};
use crate::graphql::connection::{Cursors, PageArgs, PageInfo};
use crate::graphql::context::RequestOf;
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::error::ApiError;
use crate::graphql::id::Kind;
use crate::graphql::scalars::DateTime;

/// One line of the audit trail; never changed. 审计记录
#[derive(Clone, Debug)]
pub struct AuditEntry(pub audit_entry::Model);

impl AuditEntry {
    /// The line of a key; nothing for whoever may not read the trail.
    pub async fn by_id(ctx: &Context<'_>, id: AuditEntryId) -> Result<Option<Self>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        Ok(store::entry(&snapshot.tx, id).await?.map(Self))
    }
}

/// One line of the audit trail; never changed. 审计记录
#[Object]
impl AuditEntry {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::AuditEntry, self.0.id))
    }

    /// When it was done. 时间
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who did it: the key of an account or a portal, or a named actor of the system. 何人
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// Rights that it was done under; null for the system. 权限类别
    async fn profile(&self) -> Option<RightsProfile> {
        self.0.profile
    }

    /// What was done. 何事
    async fn action(&self) -> AuditAction {
        self.0.action
    }

    /// Kind and key of what it was done to. 对象
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Reason and figures as JSON text; never personal data. 说明
    async fn detail(&self) -> String {
        self.0.detail.to_string()
    }
}

/// A page of the audit trail. 审计记录分页
#[derive(SimpleObject)]
pub struct AuditEntryConnection {
    /// The lines of the page with their cursors. 本页记录及游标
    edges: Vec<AuditEntryEdge>,
    /// The lines of the page. 本页记录
    nodes: Vec<AuditEntry>,
    /// Where the page lies. 分页信息
    page_info: PageInfo,
}

/// A line in its list. 列表项
#[derive(SimpleObject)]
pub struct AuditEntryEdge {
    /// Its place in the trail. 游标
    cursor: String,
    /// The line itself. 审计记录
    node: AuditEntry,
}

impl AuditEntryConnection {
    fn new(page: Page<audit_entry::Model>, cursors: &Cursors<'_>) -> Self {
        let marks: Vec<String> = page
            .rows
            .iter()
            .map(|row| cursors.encode((row.at, row.id.0)))
            .collect();
        let page_info = PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: marks.first().cloned(),
            end_cursor: marks.last().cloned(),
        };
        let nodes: Vec<AuditEntry> = page.rows.into_iter().map(AuditEntry).collect();
        let edge = |(cursor, node): (String, &AuditEntry)| AuditEntryEdge {
            cursor,
            node: node.clone(),
        };
        Self {
            edges: marks.into_iter().zip(&nodes).map(edge).collect(),
            nodes,
            page_info,
        }
    }
}

/// The trail of the caller's county.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Who did what in the county, newest first; for the auditor. 审计记录
    #[graphql(directive = open_to::apply(profiles(&[Operation::AuditRead]), heads(&[Operation::AuditRead])), directive = semantic_non_null::apply(vec![0]))]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<
            i32,
        >,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
    ) -> Option<Result<AuditEntryConnection, ApiError>> {
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        Some(entries(ctx, &args).await)
    }
}

async fn entries(ctx: &Context<'_>, args: &PageArgs) -> Result<AuditEntryConnection, ApiError> {
    let request = ctx.request()?;
    request.viewer_for(Operation::AuditRead)?;
    let snapshot = request.read().await?;
    let cursors = Cursors::new(request, "auditEntries")?;
    let page = cursors.page(args, Direction::Descending)?;
    let page = store::page(&snapshot.tx, &page).await?;
    Ok(AuditEntryConnection::new(page, &cursors))
}
