//! The trail over GraphQL, for the auditor.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::enums::{AuditAction, RightsProfile};
use entity::id::AuditEntryId;
use entity::{audit_entry, audit_head};

use super::filter::AuditFilter;
use super::head::{KeptHead, signature_of};
use super::rules::Head;
use super::{Horizon, seal, store, write_notes};
use crate::access::graphql::Actor;
use crate::app::notes::Which;
use crate::db::{Direction, Fault, Page, Tx};
use crate::error::ApiError;
use crate::graphql::connection::{Cursors, PageArgs, PageInfo};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::keyed::Keyed;
use crate::graphql::scalars::DateTime;
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::scope::viewer::Viewer;

/// One line of the audit trail; never changed. 审计记录
#[derive(Clone, Debug)]
pub struct AuditEntry(pub audit_entry::Model);

impl Keyed for AuditEntry {
    type Key = AuditEntryId;

    /// Nothing for whoever may not read the trail.
    async fn by_key(request: &Request, id: AuditEntryId) -> Result<Option<Self>, ApiError> {
        let snapshot = request.read().await?;
        let entry = store::entry(&snapshot.tx, id).await?;
        if entry.is_some() {
            let reads = &request.reads;
            reads.saw(AuditAction::AuditRead, format!("line:{}", id.0));
        }
        Ok(entry.map(Self))
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

    /// Who did it as the chain holds it: the key of an account or a portal, or a named actor of the system. 何人
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// Who did it, with name, rank and department. 操作者
    async fn by(&self) -> Actor {
        Actor::of_line(&self.0)
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

    /// Reason, figures and the caller's network address as JSON text; never what a citizen wrote or is called. 说明
    async fn detail(&self) -> String {
        self.0.detail.to_string()
    }
}

/// A page of the audit trail, in the order in which its lines were sealed. 审计记录分页
#[derive(SimpleObject)]
pub struct AuditEntryConnection {
    /// The lines of the page with their cursors. 本页记录及游标
    edges: Vec<AuditEntryEdge>,
    /// The lines of the page. 本页记录
    nodes: Vec<AuditEntry>,
    /// Where the page lies. 分页信息
    page_info: PageInfo,
    /// The signed end of the chain as `SEQ:HASH:SIGNATURE`; null before the first. Keep it elsewhere: with it,
    /// `minsheng audit verify --head` also finds a trail that was cut or written anew. 已签链头
    head: Option<String>,
    /// How many lines wait for their seal and are not listed yet: a few seconds' worth. 未封存条数
    unsealed: i32,
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
    async fn read(
        tx: &Tx,
        page: Page<(i64, audit_entry::Model)>,
        cursors: &Cursors<'_>,
    ) -> Result<Self, Fault> {
        let marks: Vec<String> = page.rows.iter().map(|(seq, _)| cursors.encode_number(*seq)).collect();
        let page_info = PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: marks.first().cloned(),
            end_cursor: marks.last().cloned(),
        };
        let rows = page.rows.into_iter();
        let nodes: Vec<AuditEntry> = rows.map(|(_, line)| AuditEntry(line)).collect();
        let edge = |(cursor, node): (String, &AuditEntry)| AuditEntryEdge { cursor, node: node.clone() };
        let unsealed = store::waiting_for_seal(tx).await?;
        Ok(Self {
            edges: marks.into_iter().zip(&nodes).map(edge).collect(),
            nodes,
            page_info,
            head: store::last_head(tx).await?.map(|row| printed(&row)),
            unsealed: i32::try_from(unsealed).unwrap_or(i32::MAX),
        })
    }
}

/// The trail of the caller's county.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Who did what in the county, what was sealed last first: nothing ever comes to stand behind a place that was read.
    /// For the auditor; reading it leaves a line too. 审计记录
    #[graphql(directive = open_to::apply(profiles(&[Operation::AuditRead]), heads(&[Operation::AuditRead])), directive = semantic_non_null::apply(vec![0]))]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Narrows the list. 筛选条件")] filter: Option<AuditFilter>,
    ) -> Option<Result<AuditEntryConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(entries(ctx, &args, &filter.unwrap_or_default()).await)
    }
}

async fn entries(
    ctx: &Context<'_>,
    args: &PageArgs,
    filter: &AuditFilter,
) -> Result<AuditEntryConnection, ApiError> {
    let request = ctx.request()?;
    request.viewer_for(Operation::AuditRead)?;
    let wanted = filter.predicate(request)?;
    let cursors = Cursors::new(request, &format!("auditEntries by seal|{wanted:?}"))?;
    let page = cursors.page_by_number(args, Direction::Descending)?;
    // The snapshot in which the caller was looked up is older than what is written now, and holds a connection meanwhile.
    request.renew();
    catch_up(request).await;
    let snapshot = request.read().await?;
    request.reads.saw(AuditAction::AuditRead, "auditEntries");
    let page = store::page(&snapshot.tx, wanted, &page).await?;
    Ok(AuditEntryConnection::read(&snapshot.tx, page, &cursors).await?)
}

/// Writes and seals what waits, so that what was done before the question stands in the answer. Where that can't be done
/// now, the list ends with what is sealed, and says how much is not.
async fn catch_up(request: &Request) {
    let Some(county) = request.caller.as_ref().map(Viewer::county) else {
        return;
    };
    let app = &request.app;
    let caught_up = async {
        write_notes(app, Which::Due).await?;
        seal(app, county, Horizon::Recent(request.now)).await
    };
    if let Err(fault) = caught_up.await {
        tracing::debug!(?fault, "the trail is listed as far as it is sealed");
    }
}

fn printed(row: &audit_head::Model) -> String {
    let head =
        KeptHead { head: Head { seq: row.seq, hash: row.hash.clone() }, signature: Some(signature_of(row)) };
    head.to_string()
}
