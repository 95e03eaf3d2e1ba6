//! Handing a report in.

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::WeeklyReportId;

use super::report::WeeklyReport;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::{Begun, begin, end, must_key, payload};
use crate::ids::Kind;
use crate::reporting::weekly::store::{self, Draft};
use crate::scope::profiles::Operation;

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
    /// What the department says of its work, 1 to 4,000 characters; telephones and other numbers of persons are masked. 工作进展
    pub narrative: String,
}

payload! {
    /// What came of handing a report in. 报送结果
    WeeklyReportSubmitPayload {
        /// The report with its frozen figures; null when refused. 周报
        weekly_report: WeeklyReport
    }
}

/// Steps on weekly reports.
#[derive(Default)]
pub struct WeeklyReportMutation;

#[Object]
impl WeeklyReportMutation {
    /// Hands in the report of a period, with figures frozen at this moment: they count what was entered since the cut of
    /// the department's last report, whichever period that was of, so that the reports add up to the whole. Once more for
    /// the same period is a correction with the next edition: that of the last report counts up to now, that of an earlier
    /// one keeps its figures. 报送周报
    #[graphql(directive = open_to::apply(profiles(&[Operation::WeeklyReportSubmit]), heads(&[Operation::WeeklyReportSubmit])), directive = semantic_non_null::apply(vec![0]))]
    async fn weekly_report_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which period, and what is said of it. 报送内容")] input: WeeklyReportSubmitInput,
    ) -> Option<Result<WeeklyReportSubmitPayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            WeeklyReportSubmitPayload::of(request, submit(request, &input).await).await
        };
        Some(done.await)
    }
}

async fn submit(request: &Request, input: &WeeklyReportSubmitInput) -> Result<WeeklyReportId, Stop> {
    let (operation, key) = (Operation::WeeklyReportSubmit, &input.idempotency_key);
    let begun = begin(request, operation, "weeklyReportSubmit", key, input).await?;
    let (tx, claim) = match begun {
        Begun::Fresh(tx, claim) => (tx, claim),
        Begun::Repeated(id) => return Ok(id),
    };
    let draft = Draft {
        campaign: must_key(request, Kind::Campaign, &input.campaign_id, "campaignId")?,
        due_key: input.due_key.clone(),
        period_end: input.period_end.0,
        narrative: input.narrative.clone(),
    };
    // Read with the transaction open, so that whatever is seen was entered before.
    let now = request.app.clock.now();
    let id = store::submit(&tx, &request.app, draft, now).await?;
    end(tx, claim, id).await
}
