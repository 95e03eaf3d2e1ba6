//! Rosters of responsible persons as a file: who is named by whom, and who has named nobody.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::{Context, ID, InputObject, Object};
use entity::id::{CampaignId, RosterId};
use entity::roster_line;
use serde::{Deserialize, Serialize};

use super::roster::contact_shown;
use crate::clock::day_of;
use crate::duty::store::{self, Status};
use crate::error::{ApiError, Stop};
use crate::export::graphql::{Export, export_payload, issue};
use crate::export::{Cell, Column, Exported, Format, Layout, Prepared, Source, exported_on, gone};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::refusal::Refusal;
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::one;

/// Whose rosters are exported, and as what. 导出内容
#[derive(Clone, Debug, InputObject)]
pub struct RosterExportInput {
    /// Of which campaign. 征集活动
    pub campaign_id: ID,
    /// What kind of file. 文件格式
    pub format: Format,
}

export_payload! {
    /// What came of asking for rosters as a file. 导出结果
    RosterExportPayload
}

/// Exports of rosters.
#[derive(Default)]
pub struct RosterExportMutation;

#[Object]
impl RosterExportMutation {
    /// Lets the rosters of responsible persons out as a file: of each department of `rosterStatus` the persons of the
    /// version that holds, telephones as the caller sees them, and a line for whoever has handed none in. 导出责任人名单
    #[graphql(directive = open_to::apply(profiles(&[Operation::RosterExport]), heads(&[Operation::RosterExport])), directive = semantic_non_null::apply(vec![0]))]
    async fn roster_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and as what. 导出内容")] input: RosterExportInput,
    ) -> Option<Result<RosterExportPayload, ApiError>> {
        let answer = async {
            let request = ctx.request()?;
            RosterExportPayload::of(request, export(request, &input).await)
        };
        Some(answer.await)
    }
}

async fn export(request: &Request, input: &RosterExportInput) -> Result<Export, Stop> {
    const FIELD: &str = "campaignId";
    request.viewer_for(Operation::RosterExport)?;
    let campaign: CampaignId = must_key(request, Kind::Campaign, &input.campaign_id, FIELD)?;
    let snapshot = request.read().await?;
    let found = one(&snapshot.load.campaign, campaign).await?;
    found.ok_or_else(|| Refusal::not_found(FIELD))?;
    Ok(issue(request, &RostersWanted { campaign }, input.format).await?)
}

const COLUMNS: [Layout; 11] = [
    ("单位", "Department", 20, 16),
    ("截止日期", "Due on", 12, 12),
    ("报送情况", "State", 10, 8),
    ("现行版报送时间", "Version handed in", 20, 12),
    ("版本", "Version", 6, 5),
    ("是否齐全", "Complete", 8, 0),
    ("职务级别", "Rank", 14, 10),
    ("姓名", "Name", 12, 10),
    ("职务", "Office held", 20, 12),
    ("职责", "Duty", 30, 16),
    ("联系电话", "Telephone", 16, 15),
];

/// Persons who answer for the campaign. 责任人名单
#[derive(Serialize, Deserialize)]
pub struct RostersWanted {
    campaign: CampaignId,
}

#[async_trait]
impl Exported for RostersWanted {
    const KIND: &'static str = "ROSTERS";
    const OPERATION: Operation = Operation::RosterExport;
    const TITLE: (&'static str, &'static str) = ("责任人名单", "Rosters");

    async fn open(self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
        Ok(Box::new(prepare(request, self.campaign).await?))
    }
}

/// The persons of the departments in the caller's scope.
async fn prepare(request: &Request, campaign: CampaignId) -> Result<Prepared, ApiError> {
    let snapshot = request.read().await?;
    let row = one(&snapshot.load.campaign, campaign).await?;
    let row = row.ok_or_else(gone)?;
    let plan = request.app.plans.of(&row)?;
    let today = day_of(request.now);
    let statuses = store::statuses(&snapshot.tx, &plan, campaign, today).await?;
    let held = statuses.iter().filter_map(|status| status.roster.as_ref());
    let held: Vec<RosterId> = held.map(|roster| roster.id).collect();
    let mut lines = snapshot.load.roster_lines.load_many(held).await?;
    let mut rows = Vec::new();
    for status in &statuses {
        let held = status.roster.as_ref();
        let persons = held.and_then(|roster| lines.remove(&roster.id));
        let persons = persons.unwrap_or_default();
        if persons.is_empty() {
            rows.push(cells(request, status, None)?);
        }
        for person in &persons {
            rows.push(cells(request, status, Some(person))?);
        }
    }
    Ok(Prepared {
        preface: vec![row.name, exported_on(request)],
        columns: Column::all(&COLUMNS, request.language),
        rows: rows.into_iter(),
        ..Prepared::default()
    })
}

fn cells(
    request: &Request,
    status: &Status,
    person: Option<&roster_line::Model>,
) -> Result<Vec<Cell>, ApiError> {
    let language = request.language;
    let held = status.roster.as_ref();
    let contact = person.map(|person| contact_shown(request, person));
    let rank = person.map(|person| Cell::word(person.position, language));
    Ok(vec![
        Cell::from(status.department.name.as_str()),
        status.due_on.map_or(Cell::Empty, Cell::Day),
        Cell::word(status.timeliness, language),
        Cell::moment(held.map(|roster| roster.submitted_at)),
        Cell::whole(held.map(|roster| roster.version)),
        Cell::yes(status.complete, language),
        rank.unwrap_or_default(),
        Cell::text(person.map(|person| person.name.as_str())),
        Cell::text(person.map(|person| person.title.as_str())),
        Cell::text(person.map(|person| person.duty.as_str())),
        Cell::text(contact.transpose()?.flatten()),
    ])
}
