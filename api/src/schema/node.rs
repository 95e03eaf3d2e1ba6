//! `node` and `nodes`: any object by its global id, in the caller's scope.

use async_graphql::{Context, ID, Interface, Object};

use crate::access::graphql::{Account, AccountRequest, PortalClient, Post, ViewerView};
use crate::audit::graphql::AuditEntry;
use crate::campaign::graphql::{Campaign, Category, Channel, Department, IntakeStream, Village};
use crate::coverage::graphql::{Constituent, Symposium, Visit};
use crate::decision::meeting::graphql::Meeting;
use crate::decision::project::graphql::handle::Project;
use crate::duty::graphql::Acknowledgement;
use crate::duty::graphql::{Roster, Task, UnitPlan};
use crate::error::ApiError;
use crate::graphql::connection::MAX_PAGE;
use crate::graphql::context::{Request, RequestOf};
use crate::ids::Kind;
use crate::intake::graphql::Explanation;
use crate::intake::graphql::{ImportBatch, Record, Submission};
use crate::publicity::graphql::Publicity;
use crate::reporting::graphql::{SummaryLine, SummaryTable, WeeklyReport};
use crate::snapshot::loaders::one;
use crate::supervision::circular::graphql::Circular;
use crate::supervision::inspection::graphql::Inspection;

/// Anything with a global id. 可按全局编号取回的对象
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque global id, stable, never a database key. 全局编号"))]
pub enum Node {
    /// An account. 账号
    Account(Account),
    /// A request about an account. 账号申请
    AccountRequest(AccountRequest),
    /// A line of the audit trail. 审计记录
    AuditEntry(AuditEntry),
    /// A campaign. 活动
    Campaign(Campaign),
    /// A class. 类别
    Category(Category),
    /// A channel. 渠道
    Channel(Channel),
    /// A department. 单位
    Department(Department),
    /// An import. 导入批次
    ImportBatch(ImportBatch),
    /// A stream. 征集流
    IntakeStream(IntakeStream),
    /// A portal credential. 门户凭据
    PortalClient(PortalClient),
    /// A post. 岗位
    Post(Post),
    /// A line of a record. 办理记录
    Record(Record),
    /// A suggestion. 意见建议
    Submission(Submission),
    /// A village or community. 村社区
    Village(Village),
    /// The caller. 当前用户
    Viewer(ViewerView),
    /// A visit. 走访
    Visit(Visit),
    /// A symposium. 座谈会
    Symposium(Symposium),
    /// A person of a constituency. 征集对象人员
    Constituent(Constituent),
    /// A weekly report. 周报
    WeeklyReport(WeeklyReport),
    /// A summary table. 分类汇总表
    SummaryTable(SummaryTable),
    /// A line of a summary table. 汇总行
    SummaryLine(SummaryLine),
    /// A roster of responsible persons. 责任人名单
    Roster(Roster),
    /// A department's own plan. 单位实施方案
    UnitPlan(UnitPlan),
    /// A piece of work. 任务
    Task(Task),
    /// A project. 项目
    Project(Project),
    /// A meeting. 会议
    Meeting(Meeting),
    /// An explanation. 解释说明
    Explanation(Explanation),
    /// An inspection. 督导检查
    Inspection(Inspection),
    /// A circular. 通报
    Circular(Circular),
    /// That the founding document was received. 收文确认
    Acknowledgement(Acknowledgement),
    /// A piece of publicity. 宣传报道
    Publicity(Publicity),
}

/// Objects by id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// One object by its global id; null when it is absent or out of scope: the two look the same. 按编号取对象
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which object. 全局编号")] id: ID,
    ) -> Option<Result<Node, ApiError>> {
        find(ctx, &id).await.transpose()
    }

    /// Objects by their global ids, in that order, at most 100; null in the place of what is absent or out of scope.
    /// 批量取对象
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which objects, at most 100. 全局编号")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, ApiError> {
        if ids.len() as u64 > MAX_PAGE {
            return Err(ApiError::bad_input("ids 最多 100 个", "ids takes at most 100"));
        }
        // All at once, so that the loaders batch them.
        let found = ids.iter().map(|id| find(ctx, id));
        futures::future::join_all(found).await.into_iter().collect()
    }
}

async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, ApiError> {
    let request: &Request = ctx.request()?;
    request.viewer()?;
    let Some((kind, key)) = request.app.ids.decode(&id.0) else {
        return Ok(None);
    };
    let snapshot = request.read().await?;
    let load = &snapshot.load;
    Ok(match kind {
        Kind::Account => Account::by_id(ctx, key.into()).await?.map(Node::Account),
        Kind::AccountRequest => AccountRequest::by_id(ctx, key.into()).await?.map(Node::AccountRequest),
        Kind::AuditEntry => AuditEntry::by_id(ctx, key.into()).await?.map(Node::AuditEntry),
        Kind::Campaign => one(&load.campaigns, key.into()).await?.map(|row| Node::Campaign(Campaign(row))),
        Kind::Category => one(&load.categories, key.into()).await?.map(|row| Node::Category(Category(row))),
        Kind::Channel => one(&load.channels, key.into()).await?.map(|row| Node::Channel(Channel(row))),
        Kind::Department => {
            one(&load.departments, key.into()).await?.map(|row| Node::Department(Department(row)))
        }
        Kind::ImportBatch => ImportBatch::by_id(ctx, key.into()).await?.map(Node::ImportBatch),
        Kind::PortalClient => PortalClient::by_id(ctx, key.into()).await?.map(Node::PortalClient),
        Kind::Post => Post::by_id(ctx, key.into()).await?.map(Node::Post),
        Kind::Record => one(&load.records, key.into()).await?.map(|row| Node::Record(Record(row))),
        Kind::Stream => {
            one(&load.streams, key.into()).await?.map(|row| Node::IntakeStream(IntakeStream(row)))
        }
        Kind::Submission => {
            one(&load.submissions, key.into()).await?.map(|row| Node::Submission(Submission(row)))
        }
        Kind::Village => one(&load.villages, key.into()).await?.map(|row| Node::Village(Village(row))),
        Kind::Viewer => ViewerView::by_key(ctx, key).await?.map(Node::Viewer),
        Kind::Roster => Roster::by_id(request, key.into()).await?.map(Node::Roster),
        Kind::UnitPlan => UnitPlan::by_id(request, key.into()).await?.map(Node::UnitPlan),
        Kind::Task => Task::by_id(request, key.into()).await?.map(Node::Task),
        Kind::Visit => Visit::by_id(request, key.into()).await?.map(Node::Visit),
        Kind::Symposium => Symposium::by_id(request, key.into()).await?.map(Node::Symposium),
        Kind::Constituent => Constituent::by_id(request, key.into()).await?.map(Node::Constituent),
        Kind::WeeklyReport => WeeklyReport::by_id(request, key.into()).await?.map(Node::WeeklyReport),
        Kind::SummaryTable => SummaryTable::by_id(request, key.into()).await?.map(Node::SummaryTable),
        Kind::SummaryLine => SummaryLine::by_id(request, key.into()).await?.map(Node::SummaryLine),
        Kind::Project => one(&load.projects, key.into()).await?.map(|row| Node::Project(Project(row))),
        Kind::Meeting => one(&load.meetings, key.into()).await?.map(|row| Node::Meeting(Meeting(row))),
        Kind::Explanation => {
            one(&load.explanations, key.into()).await?.map(|row| Node::Explanation(Explanation(row)))
        }
        Kind::Inspection => {
            one(&load.inspections, key.into()).await?.map(|row| Node::Inspection(Inspection(row)))
        }
        Kind::Circular => one(&load.circulars, key.into()).await?.map(|row| Node::Circular(Circular(row))),
        Kind::Acknowledgement => one(&load.acknowledgements, key.into())
            .await?
            .map(|row| Node::Acknowledgement(Acknowledgement(row))),
        Kind::Publicity => one(&load.publicity, key.into()).await?.map(|row| Node::Publicity(Publicity(row))),
    })
}
