//! Households that nobody has reached yet as a file: where to go, village by village (S07).

use std::sync::Arc;
use std::vec::IntoIter;

use async_graphql::async_trait::async_trait;
use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use entity::id::{CampaignId, DepartmentId, VillageId};
use entity::{campaign, village};
use serde::{Deserialize, Serialize};

use super::figures::{campaign_of, period};
use crate::coverage::figures;
use crate::error::{ApiError, Stop};
use crate::export::graphql::{Export, export_payload, issue, printable};
use crate::export::{Cell, Column, Exported, Format, Layout, Source, exported_on, gone};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::plan::Plan;
use crate::refusal::{Language, Refusal};
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::{must, one};

/// Which households are exported, and as what. 导出内容
#[derive(Clone, Debug, InputObject)]
pub struct HouseholdsNotReachedExportInput {
    /// Of which campaign. 征集活动
    pub campaign_id: ID,
    /// Only in this village or community. 村、社区
    pub village_id: Option<ID>,
    /// Those not visited at the door, though perhaps reached otherwise. 未入户
    #[graphql(default)]
    pub at_door: bool,
    /// Up to the end of this day, as in `householdsNotReached`. 截止日
    pub as_of: Option<Date>,
    /// What kind of file. 文件格式
    pub format: Format,
}

export_payload! {
    /// What came of asking for households not reached as a file. 导出结果
    HouseholdsNotReachedExportPayload
}

/// Exports of households that were not reached.
#[derive(Default)]
pub struct UnreachedExportMutation;

#[Object]
impl UnreachedExportMutation {
    /// Lets the households that nobody has reached yet out as a file: those of `householdsNotReached` of each village in
    /// the caller's scope, or of one. 导出未访户清单
    #[graphql(directive = open_to::apply(profiles(&[Operation::HouseholdsNotReachedExport]), heads(&[Operation::HouseholdsNotReachedExport])), directive = semantic_non_null::apply(vec![0]))]
    async fn households_not_reached_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and as what. 导出内容")] input: HouseholdsNotReachedExportInput,
    ) -> Option<Result<HouseholdsNotReachedExportPayload, ApiError>> {
        let answer = async {
            let request = ctx.request()?;
            HouseholdsNotReachedExportPayload::of(request, export(request, &input).await)
        };
        Some(answer.await)
    }
}

async fn export(request: &Request, input: &HouseholdsNotReachedExportInput) -> Result<Export, Stop> {
    request.viewer_for(Operation::HouseholdsNotReachedExport)?;
    let campaign = campaign_of(request, &input.campaign_id).await?;
    let campaign = campaign.ok_or_else(|| Refusal::not_found("campaignId"))?;
    let village = match &input.village_id {
        Some(id) => Some(village(request, id).await?),
        None => None,
    };
    let wanted = UnreachedWanted {
        campaign: campaign.id,
        village,
        at_door: input.at_door,
        as_of: input.as_of.map(|Date(day)| day),
    };
    if input.format == Format::Docx {
        printable(count(request, &campaign, wanted).await?)?;
    }
    Ok(issue(request, &wanted, input.format).await?)
}

async fn village(request: &Request, id: &ID) -> Result<VillageId, Stop> {
    const FIELD: &str = "villageId";
    let id = must_key(request, Kind::Village, id, FIELD)?;
    let snapshot = request.read().await?;
    let found = one(&snapshot.load.village, id).await?;
    Ok(found.ok_or_else(|| Refusal::not_found(FIELD))?.id)
}

/// How many households there would be.
async fn count(
    request: &Request,
    campaign: &campaign::Model,
    wanted: UnreachedWanted,
) -> Result<u64, ApiError> {
    let period = period(request, campaign, wanted.as_of.map(Date));
    let plan = request.app.plans.of(campaign)?;
    let snapshot = request.read().await?;
    let rows = figures::villages(&snapshot.tx, &plan, campaign.id, None, period).await?;
    let these = rows.iter().filter(|row| wanted.village.is_none_or(|id| id == row.village.id));
    let missed = these.map(|row| {
        let counts = row.counts;
        let reached = if wanted.at_door { counts.at_door } else { counts.reached };
        u64::try_from(counts.households - reached).unwrap_or_default()
    });
    Ok(missed.sum())
}

/// Households that were not reached. 未访户清单
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct UnreachedWanted {
    campaign: CampaignId,
    village: Option<VillageId>,
    /// Those not visited at the door.
    at_door: bool,
    as_of: Option<NaiveDate>,
}

#[async_trait]
impl Exported for UnreachedWanted {
    const KIND: &'static str = "HOUSEHOLDS_NOT_REACHED";
    const OPERATION: Operation = Operation::HouseholdsNotReachedExport;
    const TITLE: (&'static str, &'static str) = ("未访户清单", "Households not reached");

    async fn open(self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
        Ok(Box::new(Unreached::open(request, self).await?))
    }
}

/// Households that were not reached, in one snapshot: a village at a time.
struct Unreached {
    request: Arc<Request>,
    plan: Arc<Plan>,
    wanted: UnreachedWanted,
    day: NaiveDate,
    villages: IntoIter<village::Model>,
}

impl Unreached {
    /// Opens the snapshot in the caller's scope.
    async fn open(request: &Arc<Request>, wanted: UnreachedWanted) -> Result<Self, ApiError> {
        let snapshot = request.read().await?;
        let campaign = one(&snapshot.load.campaign, wanted.campaign).await?;
        let campaign = campaign.ok_or_else(gone)?;
        let plan = request.app.plans.of(&campaign)?;
        let mut villages = figures::in_sight(&snapshot.tx, &plan, None).await?;
        villages.retain(|row| wanted.village.is_none_or(|id| id == row.id));
        Ok(Self {
            day: period(request, &campaign, wanted.as_of.map(Date)).as_of,
            request: Arc::clone(request),
            plan,
            wanted,
            villages: villages.into_iter(),
        })
    }

    async fn township(&self, id: DepartmentId) -> Result<String, ApiError> {
        let snapshot = self.request.read().await?;
        Ok(must(&snapshot.load.department, id).await?.name)
    }
}

const COLUMNS: [Layout; 3] =
    [("乡镇街道", "Township", 20, 40), ("村社区", "Village", 20, 40), ("户号", "Household", 10, 20)];

#[async_trait]
impl Source for Unreached {
    fn columns(&self) -> Vec<Column> {
        Column::all(&COLUMNS, self.request.language)
    }

    fn preface(&self) -> Vec<String> {
        let day = self.day;
        let until = match (self.request.language, self.wanted.at_door) {
            (Language::Chinese, true) => format!("截至{day}未入户"),
            (Language::Chinese, false) => format!("截至{day}未征集"),
            (Language::English, true) => format!("Not visited at the door up to {day}"),
            (Language::English, false) => format!("Not reached up to {day}"),
        };
        vec![until, exported_on(&self.request)]
    }

    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, ApiError> {
        // A village where all were reached is not the end.
        while let Some(village) = self.villages.next() {
            let (name, township) = (village.name.clone(), village.department);
            let snapshot = self.request.read().await?;
            let asked = (self.wanted.at_door, self.day);
            let (tx, campaign) = (&snapshot.tx, self.wanted.campaign);
            let numbers = figures::not_reached_in(tx, &self.plan, campaign, village, asked).await?;
            if numbers.is_empty() {
                continue;
            }
            let township = self.township(township).await?;
            let row = |number| {
                let place = [township.as_str(), name.as_str()].map(Cell::from);
                place.into_iter().chain([Cell::Whole(i64::from(number))]).collect()
            };
            return Ok(numbers.into_iter().map(row).collect());
        }
        Ok(Vec::new())
    }
}
