//! A form to print before going from door to door (入户走访登记表).

mod page;

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::{Context, ID, InputObject, Object};

use super::figures::campaign_of;
use crate::coverage::store;
use crate::error::{ApiError, Stop};
use crate::export::graphql::{Export, export_payload, issue};
use crate::export::{Exported, Format, Source};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::refusal::Refusal;
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::one;

pub use page::VisitFormWanted;

/// Rows of one form at most: as many visits as one batch takes.
const MOST_LINES: i32 = 200;

/// Which form is printed. 打印内容
#[derive(Clone, Debug, InputObject)]
pub struct VisitFormExportInput {
    /// For which campaign. 征集活动
    pub campaign_id: ID,
    /// For which village or community; a village account prints its own. 村、社区
    pub village_id: ID,
    /// Rows to write in, 1 to 200. 行数
    #[graphql(default = 20)]
    pub lines: i32,
    /// Prints the numbers of the first households that nobody has reached yet into the rows; blank where the caller does not
    /// see the village's figures. 预填未访户号
    #[graphql(default)]
    pub with_households: bool,
}

export_payload! {
    /// What came of asking for a form to print. 打印结果
    VisitFormExportPayload
}

/// Forms to print.
#[derive(Default)]
pub struct VisitFormMutation;

#[Object]
impl VisitFormMutation {
    /// Lets a form out to print and to write in from door to door, as DOCX: the village with its class, its households and
    /// what is still needed where the caller sees that, and rows whose headings the import understands. Each row has a mark
    /// of its own, to type as 来源编号 of the suggestion and as `clientRef` of the visit. 打印入户走访登记表
    #[graphql(directive = open_to::apply(profiles(&[Operation::VisitFormExport]), heads(&[Operation::VisitFormExport])), directive = semantic_non_null::apply(vec![0]))]
    async fn visit_form_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which form. 打印内容")] input: VisitFormExportInput,
    ) -> Option<Result<VisitFormExportPayload, ApiError>> {
        let answer = async {
            let request = ctx.request()?;
            VisitFormExportPayload::of(request, export(request, &input).await)
        };
        Some(answer.await)
    }
}

async fn export(request: &Request, input: &VisitFormExportInput) -> Result<Export, Stop> {
    const FIELD: &str = "villageId";
    let viewer = request.viewer_for(Operation::VisitFormExport)?;
    let campaign = campaign_of(request, &input.campaign_id).await?;
    let campaign = campaign.ok_or_else(|| Refusal::not_found("campaignId"))?;
    let id = must_key(request, Kind::Village, &input.village_id, FIELD)?;
    let snapshot = request.read().await?;
    let village = one(&snapshot.load.village, id).await?;
    let village = village.filter(|row| store::in_reach(viewer, row));
    let village = village.ok_or_else(|| Refusal::not_found(FIELD))?;
    let lines = usize::try_from(input.lines).ok().filter(|_| (1..=MOST_LINES).contains(&input.lines));
    let lines = lines.ok_or_else(|| {
        let (zh, en) = (format!("行数为 1 至 {MOST_LINES}"), format!("A form has 1 to {MOST_LINES} rows"));
        Refusal::invalid("lines", zh, en)
    })?;
    let wanted = VisitFormWanted {
        campaign: campaign.id,
        village: village.id,
        lines,
        with_households: input.with_households,
    };
    Ok(issue(request, &wanted, Format::Docx).await?)
}

#[async_trait]
impl Exported for VisitFormWanted {
    const KIND: &'static str = "VISIT_FORM";
    const OPERATION: Operation = Operation::VisitFormExport;
    const TITLE: (&'static str, &'static str) = ("入户走访登记表", "Visit form");

    async fn open(self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
        Ok(Box::new(page::prepare(request, self).await?))
    }
}
