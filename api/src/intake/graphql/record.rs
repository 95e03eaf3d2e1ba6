//! Lines of the handling record.

use async_graphql::{Context, ID, Object};
use entity::enums::{RecordAction, Stage};
use entity::record;

use crate::access::graphql::Actor;
use crate::campaign::graphql::Department;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::graphql::scalars::DateTime;
use crate::graphql::shown::may_shown_to;
use crate::ids::Kind;

/// One line of the append-only handling record, numbered per department (H30). 办理记录
#[derive(Clone, Debug)]
pub struct Record(pub record::Model);

keyed! {
    Record: record;
}

/// One line of the append-only handling record, numbered per department (H30). 办理记录
#[Object]
impl Record {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Record, self.0.id))
    }

    /// Number in the department's ledger, without gaps. 序号
    async fn number(&self) -> i64 {
        self.0.number
    }

    /// Department in whose ledger it stands. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// What was done. 动作
    async fn action(&self) -> RecordAction {
        self.0.action
    }

    /// Stage before; null for the first line. 原环节
    async fn from_stage(&self) -> Option<Stage> {
        self.0.from_stage
    }

    /// Stage after. 现环节
    async fn to_stage(&self) -> Stage {
        self.0.to_stage
    }

    /// Reason or remark, without names and numbers of persons; null when none was given. 说明
    async fn note(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        may_shown_to(ctx, Some(&self.0.note))
    }

    /// Who did it, fit to show: department and rank, and to colleagues of that department the name; otherwise a citizen, the
    /// operator or the program. 经办人
    async fn by(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        if let Some(actor) = Actor::of_record(&self.0) {
            return actor.told(ctx).await;
        }
        let (zh, en) = match self.0.action {
            RecordAction::Recorded => ("群众", "A citizen"),
            RecordAction::Imported => ("系统操作员", "The operator"),
            _ => ("系统", "The program"),
        };
        Ok(ctx.request()?.language.pick(zh, en).to_owned())
    }

    /// When it was done. 时间
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}
