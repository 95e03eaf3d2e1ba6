//! Handing a report in.

use async_graphql::{Context, ID, InputObject, InputType, Object, SimpleObject};
use entity::id::WeeklyReportId;
use serde_json::json;

use super::report::WeeklyReport;
use crate::access::profiles::Operation;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::error::{ApiError, Refusal, Stop, UserError, settle};
use crate::graphql::id::Kind;
use crate::graphql::idempotency::{self, Key};
use crate::graphql::scalars::Date;
use crate::reporting::weekly::store::{self, Draft};

/// A report that a department hands in, or its correction. 报送内容
#[derive(Clone, Debug, InputObject)]
pub struct WeeklyReportSubmitInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// The campaign that it is about. 活动
    pub campaign_id: ID,
    /// Key of the plan's due date, where several are due on that day; the first when left out. 期限代码
    pub due_key: Option<String>,
    /// Last day of the period, on which the report is due. 截止日期
    pub period_end: Date,
    /// What the department says of its work, 1 to 4,000 characters; numbers of telephones are masked. 工作进展
    pub narrative: String,
}

/// What came of handing a report in. 报送结果
#[derive(SimpleObject)]
pub struct WeeklyReportSubmitPayload {
    /// The report with its frozen figures; null when refused. 周报
    weekly_report: Option<WeeklyReport>,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// Steps on weekly reports.
#[derive(Default)]
pub struct WeeklyReportMutation;

#[Object]
impl WeeklyReportMutation {
    /// Hands in the report of a period, with figures frozen at this moment; once more for the same period is a
    /// correction with the next edition. 报送周报
    #[graphql(directive = open_to::apply(profiles(&[Operation::WeeklyReportSubmit]), heads(&[Operation::WeeklyReportSubmit])), directive = semantic_non_null::apply(vec![0]))]
    async fn weekly_report_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which period, and what is said of it. 报送内容")]
        input: WeeklyReportSubmitInput,
    ) -> Option<Result<WeeklyReportSubmitPayload, ApiError>> {
        Some(WeeklyReportSubmitPayload::from_input(ctx, &input).await)
    }
}

impl WeeklyReportSubmitPayload {
    async fn from_input(
        ctx: &Context<'_>,
        input: &WeeklyReportSubmitInput,
    ) -> Result<Self, ApiError> {
        let request = ctx.request()?;
        let (id, user_errors) = settle(submit(request, input).await, request.language)?;
        let weekly_report = match id {
            Some(id) => {
                request.renew();
                WeeklyReport::by_id(request, id).await?
            }
            None => None,
        };
        Ok(Self {
            weekly_report,
            user_errors,
        })
    }
}

async fn submit(
    request: &Request,
    input: &WeeklyReportSubmitInput,
) -> Result<WeeklyReportId, Stop> {
    let tx = request.begin_write(Operation::WeeklyReportSubmit).await?;
    idempotency::check(&input.idempotency_key)?;
    let (key, value) = (&*input.idempotency_key, input.to_value());
    let claim = match idempotency::claim(&tx, "weeklyReportSubmit", key, &value, request.now)
        .await?
    {
        Key::Fresh(claim) => claim,
        Key::Repeated(result) => {
            let id = result.get("report").cloned().unwrap_or_default();
            return serde_json::from_value(id)
                .map_err(|_| ApiError::internal("an idempotency key without its result").into());
        }
    };
    let campaign = request.key(Kind::Campaign, &input.campaign_id);
    let draft = Draft {
        campaign: campaign.ok_or_else(|| Refusal::not_found("campaignId"))?,
        due_key: input.due_key.clone(),
        period_end: input.period_end.0,
        narrative: input.narrative.clone(),
    };
    let id = store::submit(&tx, &request.app, draft, request.now).await?;
    claim.keep(&tx, json!({ "report": id })).await?;
    tx.commit().await?;
    Ok(id)
}
