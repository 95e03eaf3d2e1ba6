//! What the caller owes, as the API shows it: the objects that the buttons act on may be of any capability.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::NaiveDate;

use super::capabilities::AGENDA;
use crate::agenda::{Listed, Owed, OwedKind, store};
use crate::campaign::graphql::{Campaign, Department};
use crate::clock::day_of;
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::scalars::Date;

/// What the caller owes today. 待办
pub struct Agenda {
    today: NaiveDate,
    listed: Listed,
}

impl Agenda {
    /// Of a request's caller.
    pub async fn of(request: &Request) -> Result<Self, ApiError> {
        let snapshot = request.read().await?;
        let today = day_of(request.now);
        Ok(Self { today, listed: store::owed(&request.app, &snapshot, today, AGENDA).await? })
    }
}

/// What the caller owes today. 待办
#[Object]
impl Agenda {
    /// Day that it is reckoned on, in the county's time. 日期
    async fn today(&self) -> Date {
        Date(self.today)
    }

    /// At most 100 things by day: overdue ones first, then what is due next, then what has no day. 待办事项
    async fn items(&self) -> Vec<OwedItem> {
        let items = self.listed.owed.iter();
        items.map(|owed| OwedItem { owed: owed.clone(), today: self.today }).collect()
    }

    /// Whether more is owed than is listed. 是否还有更多
    async fn has_more(&self) -> bool {
        self.listed.more
    }
}

/// What a button acts on; `node(id:)` shows it. 待办对象
#[derive(SimpleObject)]
pub struct OwedObject {
    /// Opaque global id. 全局编号
    id: ID,
    /// Its type in this schema, e.g. `SummaryTable`. 类型名
    kind: &'static str,
}

/// One thing that the caller owes, with the day and the button. 待办事项
pub struct OwedItem {
    owed: Owed,
    today: NaiveDate,
}

/// One thing that the caller owes, with the day and the button. 待办事项
#[Object]
impl OwedItem {
    /// What sort of thing. 类型
    async fn kind(&self) -> OwedKind {
        self.owed.kind
    }

    /// What it is, in the caller's language; names and texts stand in it as they were written. 标题
    async fn title(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        Ok(self.owed.title.clone().in_language(ctx.request()?.language))
    }

    /// Last day on which it is in time; null where no day is set. 截止日期
    async fn due_on(&self) -> Option<Date> {
        self.owed.due_on.map(Date)
    }

    /// Whether that day is over. 是否逾期
    async fn is_overdue(&self) -> bool {
        self.owed.is_overdue(self.today)
    }

    /// How many, of a pile such as suggestions to classify; otherwise 1. 件数
    async fn count(&self) -> u64 {
        self.owed.count
    }

    /// Which campaign it belongs to. 所属活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.owed.campaign).await
    }

    /// Department that owes it: the caller's own. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, ctx.request()?.viewer()?.department()).await
    }

    /// What the button acts on: the campaign while nothing of its own is there, such as a report that is to be written. 对象
    async fn object(&self, ctx: &Context<'_>) -> Result<OwedObject, ApiError> {
        let (kind, key) = self.owed.object;
        Ok(OwedObject { id: ctx.request()?.id(kind, key), kind: kind.name() })
    }

    /// The button: name of the mutation that does it, one that the caller may call, e.g. `weeklyReportSubmit`. 操作
    async fn action(&self) -> String {
        self.owed.action()
    }

    /// Key of the plan's due date that asks for it, as `weeklyReportSubmit` takes it; null where none does. 期限代码
    async fn due_key(&self) -> Option<&str> {
        self.owed.due_key.as_deref()
    }

    /// Why it can't be done yet, in the caller's language: of a summary table what it still lacks, by the figures; the table's
    /// own `obstacles` look at each suggestion. Otherwise empty. 障碍
    async fn obstacles(&self, ctx: &Context<'_>) -> Result<Vec<String>, ApiError> {
        let language = ctx.request()?.language;
        let obstacles = self.owed.obstacles.iter();
        Ok(obstacles.map(|obstacle| obstacle.clone().in_language(language)).collect())
    }

    /// What to look at before it is done, in the caller's language: of a summary table its own `warnings`. Otherwise empty; none
    /// of it stops anybody. 提醒
    async fn warnings(&self, ctx: &Context<'_>) -> Result<Vec<String>, ApiError> {
        let language = ctx.request()?.language;
        let warnings = self.owed.warnings.iter();
        Ok(warnings.map(|warning| warning.clone().in_language(language)).collect())
    }
}
