//! Steps on projects: content and sources by the office, milestones and progress by the owner.

use async_graphql::{Context, ID, InputObject, Object};
use entity::enums::ProgressKind;
use entity::id::ProjectId;

use super::Project;
use crate::decision::project::rules::{Draft, MOST_SOURCES};
use crate::decision::project::store::{self, Milestone, New, Progress};
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::{Begun, begin, end, must_key, must_keys, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::text::{line, passage};

/// The project and its sources. 项目内容
#[derive(Clone, Debug, InputObject)]
pub struct ProjectCreateInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Which campaign it belongs to. 所属活动
    pub campaign_id: ID,
    /// Name, 1 to 200 characters. 名称
    pub title: String,
    /// What is built or done, 1 to 10,000 characters. 建设内容
    pub content: String,
    /// Estimated cost in whole yuan. 投资估算（元）
    pub cost: Option<i64>,
    /// Where the money comes from, at most 500 characters. 资金来源
    #[graphql(default)]
    pub funding: String,
    /// First day planned. 计划开工
    pub schedule_start: Option<Date>,
    /// Last day planned. 计划完成
    pub schedule_finish: Option<Date>,
    /// How many would benefit. 受益人数
    pub beneficiaries: Option<i32>,
    /// Department that carries it out. 责任单位
    pub department_id: ID,
    /// Suggestions that it was drawn from, at most 200. 来源
    #[graphql(default)]
    pub submission_ids: Vec<ID>,
}

payload! {
    /// What came of making it. 新建结果
    ProjectCreatePayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// The whole project anew. 修改内容
#[derive(Clone, Debug, InputObject)]
pub struct ProjectEditInput {
    /// Which project. 项目
    pub project_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Name, 1 to 200 characters. 名称
    pub title: String,
    /// What is built or done, 1 to 10,000 characters. 建设内容
    pub content: String,
    /// Estimated cost in whole yuan. 投资估算（元）
    pub cost: Option<i64>,
    /// Where the money comes from, at most 500 characters. 资金来源
    #[graphql(default)]
    pub funding: String,
    /// First day planned. 计划开工
    pub schedule_start: Option<Date>,
    /// Last day planned. 计划完成
    pub schedule_finish: Option<Date>,
    /// How many would benefit. 受益人数
    pub beneficiaries: Option<i32>,
    /// Department that carries it out. 责任单位
    pub department_id: ID,
}

payload! {
    /// What came of the change. 修改结果
    ProjectEditPayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// What to link and unlink. 调整内容
#[derive(Clone, Debug, InputObject)]
pub struct ProjectSourcesPutInput {
    /// Which project. 项目
    pub project_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// To link, at most 200. 增加
    #[graphql(default)]
    pub add_submission_ids: Vec<ID>,
    /// To unlink, at most 200. 移除
    #[graphql(default)]
    pub remove_submission_ids: Vec<ID>,
}

payload! {
    /// What came of it. 调整结果
    ProjectSourcesPutPayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// The milestone. 节点内容
#[derive(Clone, Debug, InputObject)]
pub struct MilestonePutInput {
    /// Which project. 项目
    pub project_id: ID,
    /// Place in the order, 1 to 100. 顺序
    pub position: i32,
    /// The version that the caller has seen; left out for a new one. 版本
    pub expected_version: Option<i32>,
    /// Name, 1 to 200 characters. 名称
    pub name: String,
    /// Last day. 期限
    pub due_on: Date,
    /// Day it was reached. 完成日期
    pub done_on: Option<Date>,
}

payload! {
    /// What came of it. 设置结果
    MilestonePutPayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// The line. 推进情况
#[derive(Clone, Debug, InputObject)]
pub struct ProgressRecordInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Which project. 项目
    pub project_id: ID,
    /// What it tells. 类型
    pub kind: ProgressKind,
    /// Text, 1 to 2,000 characters. 内容
    pub text: String,
    /// With whom it was coordinated; asked for with that kind. 对接单位
    pub counterpart: Option<String>,
}

payload! {
    /// What came of it. 登记结果
    ProgressRecordPayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// Steps on projects. 项目
#[derive(Default)]
pub struct ProjectMutation;

#[Object]
impl ProjectMutation {
    /// Makes a project from suggestions of any departments. 新建项目
    #[graphql(directive = open_to::apply(profiles(&[Operation::ProjectCreate]), heads(&[Operation::ProjectCreate])), directive = semantic_non_null::apply(vec![0]))]
    async fn project_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project and its sources. 项目内容")] input: ProjectCreateInput,
    ) -> Option<Result<ProjectCreatePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = project_create(request, &input).await;
        Some(ProjectCreatePayload::of(request, outcome).await)
    }

    /// Changes a project while no meeting has it before itself and it is not decided. 修改项目
    #[graphql(directive = open_to::apply(profiles(&[Operation::ProjectEdit]), heads(&[Operation::ProjectEdit])), directive = semantic_non_null::apply(vec![0]))]
    async fn project_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The whole project anew. 修改内容")] input: ProjectEditInput,
    ) -> Option<Result<ProjectEditPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = project_edit(request, &input).await;
        Some(ProjectEditPayload::of(request, outcome).await)
    }

    /// Links suggestions to a project as its sources, and unlinks them. 调整项目来源
    #[graphql(directive = open_to::apply(profiles(&[Operation::ProjectSourcesPut]), heads(&[Operation::ProjectSourcesPut])), directive = semantic_non_null::apply(vec![0]))]
    async fn project_sources_put(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to link and unlink. 调整内容")] input: ProjectSourcesPutInput,
    ) -> Option<Result<ProjectSourcesPutPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = project_sources_put(request, &input).await;
        Some(ProjectSourcesPutPayload::of(request, outcome).await)
    }

    /// Puts a milestone of an adopted project: a new one, or another state of one that is there; by its owner. 设置节点
    #[graphql(directive = open_to::apply(profiles(&[Operation::MilestonePut]), heads(&[Operation::MilestonePut])), directive = semantic_non_null::apply(vec![0]))]
    async fn milestone_put(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The milestone. 节点内容")] input: MilestonePutInput,
    ) -> Option<Result<MilestonePutPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = milestone_put(request, &input).await;
        Some(MilestonePutPayload::of(request, outcome).await)
    }

    /// Writes a line about carrying a project out, or coordinating it with a higher level; by its owner. 登记推进情况
    #[graphql(directive = open_to::apply(profiles(&[Operation::ProgressRecord]), heads(&[Operation::ProgressRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn progress_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The line. 推进情况")] input: ProgressRecordInput,
    ) -> Option<Result<ProgressRecordPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = progress_record(request, &input).await;
        Some(ProgressRecordPayload::of(request, outcome).await)
    }
}

fn draft(
    (title, content, funding): (&str, &str, &str),
    (cost, beneficiaries): (Option<i64>, Option<i32>),
    (start, finish): (Option<Date>, Option<Date>),
) -> Draft {
    Draft {
        title: line(title),
        content: passage(content),
        cost,
        funding: passage(funding),
        schedule_start: start.map(|day| day.0),
        schedule_finish: finish.map(|day| day.0),
        beneficiaries,
    }
}

async fn project_create(request: &Request, input: &ProjectCreateInput) -> Result<ProjectId, Stop> {
    let key = &input.idempotency_key;
    let begun = begin(request, Operation::ProjectCreate, "projectCreate", key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let new = New {
        campaign: must_key(request, Kind::Campaign, &input.campaign_id, "campaignId")?,
        owner: must_key(request, Kind::Department, &input.department_id, "departmentId")?,
        draft: draft(
            (&input.title, &input.content, &input.funding),
            (input.cost, input.beneficiaries),
            (input.schedule_start, input.schedule_finish),
        ),
        sources: must_keys(request, Kind::Submission, &input.submission_ids, "submissionIds", MOST_SOURCES)?,
    };
    let id = store::create(&tx, &request.app, new, request.now).await?;
    end(tx, claim, id).await
}

async fn project_edit(request: &Request, input: &ProjectEditInput) -> Result<ProjectId, Stop> {
    let tx = request.begin_write(Operation::ProjectEdit).await?;
    let id = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let owner = must_key(request, Kind::Department, &input.department_id, "departmentId")?;
    let draft = draft(
        (&input.title, &input.content, &input.funding),
        (input.cost, input.beneficiaries),
        (input.schedule_start, input.schedule_finish),
    );
    let expected = input.expected_version;
    store::edit(&tx, &request.app, id, expected, (draft, owner), request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn project_sources_put(request: &Request, input: &ProjectSourcesPutInput) -> Result<ProjectId, Stop> {
    let tx = request.begin_write(Operation::ProjectSourcesPut).await?;
    let id = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let keys = |ids, field| must_keys(request, Kind::Submission, ids, field, MOST_SOURCES);
    let add = keys(&input.add_submission_ids, "addSubmissionIds")?;
    let remove = keys(&input.remove_submission_ids, "removeSubmissionIds")?;
    let expected = input.expected_version;
    store::put_sources(&tx, &request.app, id, expected, (&add, &remove), request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn milestone_put(request: &Request, input: &MilestonePutInput) -> Result<ProjectId, Stop> {
    let tx = request.begin_write(Operation::MilestonePut).await?;
    let id = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let new = Milestone {
        position: input.position,
        name: line(&input.name),
        due_on: input.due_on.0,
        done_on: input.done_on.map(|day| day.0),
        expected: input.expected_version,
    };
    store::put_milestone(&tx, &request.app, id, new, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn progress_record(request: &Request, input: &ProgressRecordInput) -> Result<ProjectId, Stop> {
    let key = &input.idempotency_key;
    let begun = begin(request, Operation::ProgressRecord, "progressRecord", key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let id = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let new =
        Progress { kind: input.kind, text: passage(&input.text), counterpart: input.counterpart.clone() };
    store::record_progress(&tx, &request.app, id, new, request.now).await?;
    end(tx, claim, id).await
}
