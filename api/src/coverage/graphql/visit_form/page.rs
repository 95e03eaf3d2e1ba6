//! What stands on a form for visits.

use entity::enums::SubmissionKind;
use entity::id::{CampaignId, VillageId};
use entity::{campaign, village};
use serde::{Deserialize, Serialize};

use crate::clock::shanghai;
use crate::coverage::figures::{self, VillageFigures};
use crate::coverage::graphql::figures::period;
use crate::coverage::graphql::village::CoverageNumerator;
use crate::coverage::rules::Period;
use crate::coverage::store;
use crate::error::ApiError;
use crate::export::{Cell, Column, Layout, Prepared, gone, printed_by, to_sign, word};
use crate::graphql::context::Request;
use crate::plan::Plan;
use crate::refusal::Language;
use crate::snapshot::Snapshot;
use crate::snapshot::loaders::{list, must, one};

/// A form for visits. 入户走访登记表
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct VisitFormWanted {
    pub(super) campaign: CampaignId,
    pub(super) village: VillageId,
    /// Rows to write in.
    pub(super) lines: usize,
    /// Whether the numbers of households not reached are printed.
    pub(super) with_households: bool,
}

/// Headings as the import reads them; what it has no use for, 户号 and 签字, is for the visit and for the hand.
const COLUMNS: [Layout; 11] = [
    ("来源编号", "Reference", 0, 15),
    ("征集单位", "Department", 0, 10),
    ("村社区", "Village", 0, 8),
    ("户号", "Household", 0, 6),
    ("姓名", "Name", 0, 9),
    ("电话", "Telephone", 0, 14),
    ("收到时间", "Received", 0, 11),
    ("内容", "Content", 0, 38),
    ("诉求类型", "Kind", 0, 8),
    ("类别", "Class", 0, 10),
    ("签字", "Signature", 0, 9),
];

/// A form for a village that is there and in the caller's reach.
pub(super) async fn prepare(request: &Request, wanted: VisitFormWanted) -> Result<Prepared, ApiError> {
    let snapshot = request.read().await?;
    let viewer = request.viewer()?;
    let campaign = one(&snapshot.load.campaign, wanted.campaign).await?.ok_or_else(gone)?;
    let village = one(&snapshot.load.village, wanted.village).await?;
    let village = village.filter(|row| store::in_reach(viewer, row)).ok_or_else(gone)?;
    let plan = request.app.plans.of(&campaign)?;
    let form = Form {
        plan: &plan,
        period: period(request, &campaign, None),
        language: request.language,
        request,
        snapshot: &snapshot,
        campaign,
        village,
    };
    let figures = form.figures().await?;
    let households = match &figures {
        Some(_) if wanted.with_households => form.not_reached().await?,
        _ => Vec::new(),
    };
    Ok(Prepared {
        preface: form.preface(figures.as_ref()).await?,
        columns: Column::all(&COLUMNS, request.language),
        rows: form.rows(wanted.lines, &households).await?.into_iter(),
        closing: to_sign(
            request.language,
            &[("走访人", "Visitor"), ("村（社区）负责人", "Head of the village")],
        ),
        to_write_in: true,
        ..Prepared::default()
    })
}

struct Form<'a> {
    request: &'a Request,
    snapshot: &'a Snapshot,
    language: Language,
    campaign: campaign::Model,
    plan: &'a Plan,
    village: village::Model,
    period: Period,
}

impl Form<'_> {
    /// How far the village is; nothing where the caller does not see that.
    async fn figures(&self) -> Result<Option<VillageFigures>, ApiError> {
        let (tx, township) = (&self.snapshot.tx, Some(self.village.department));
        let rows = figures::villages(tx, self.plan, self.campaign.id, township, self.period).await?;
        Ok(rows.into_iter().find(|row| row.village.id == self.village.id))
    }

    async fn not_reached(&self) -> Result<Vec<i32>, ApiError> {
        let (tx, village) = (&self.snapshot.tx, self.village.clone());
        let asked = (false, self.period.as_of);
        Ok(figures::not_reached_in(tx, self.plan, self.campaign.id, village, asked).await?)
    }

    async fn preface(&self, figures: Option<&VillageFigures>) -> Result<Vec<String>, ApiError> {
        let classes = list(&self.snapshot.load.categories_of, self.campaign.id).await?;
        let classes: Vec<&str> = classes.iter().map(|row| row.name.as_str()).collect();
        let kinds: Vec<&str> = SubmissionKind::ALL.iter().map(|kind| word(*kind, self.language)).collect();
        let township = must(&self.snapshot.load.department, self.village.department).await?.name;
        let (campaign, number) = (&self.campaign.name, &self.campaign.document_number);
        let (village, code) = (&self.village.name, &self.village.code);
        let mut lines = match self.language {
            Language::Chinese => vec![
                format!("活动：{campaign}（{number}）"),
                format!("乡镇街道：{township}　　村社区：{village}（{code}）"),
            ],
            Language::English => vec![
                format!("Campaign: {campaign} ({number})"),
                format!("Township: {township}    Village: {village} ({code})"),
            ],
        };
        lines.extend(figures.map(|figures| self.standing(figures)));
        let (classes, kinds) = match self.language {
            Language::Chinese => (classes.join("、"), kinds.join("、")),
            Language::English => (classes.join(", "), kinds.join(", ")),
        };
        lines.extend(match self.language {
            Language::Chinese => [
                format!("类别：{classes}"),
                format!("诉求类型：{kinds}"),
                "走访人：＿＿＿＿＿＿＿＿＿＿　　走访日期：＿＿＿＿年＿＿月＿＿日".to_owned(),
            ],
            Language::English => [
                format!("Classes: {classes}"),
                format!("Kinds: {kinds}"),
                "Visitor: ____________________    Date of the visits: ____________".to_owned(),
            ],
        });
        lines.push(printed_by(self.request, self.snapshot).await?);
        Ok(lines)
    }

    /// The class, how many households are to be visited, and what the target still asks for.
    fn standing(&self, figures: &VillageFigures) -> String {
        let (counts, day) = (figures.counts, self.period.as_of);
        let class = word(figures.register.class, self.language);
        let target = figures.standing.map(|standing| {
            let rate = word(CoverageNumerator::from(standing.aim.numerator), self.language);
            let (percent, needed) = (standing.aim.percent, standing.needed);
            match self.language {
                Language::Chinese => format!("　　目标：{rate} {percent}%，尚需 {needed} 户"),
                Language::English => format!("    Target: {rate} {percent}%, {needed} still needed"),
            }
        });
        let target = target.unwrap_or_default();
        let (households, reached) = (counts.households, counts.reached);
        match self.language {
            Language::Chinese => {
                format!("村类：{class}　　应访 {households} 户，截至{day}已征集 {reached} 户{target}")
            }
            Language::English => {
                format!("Class: {class}    Households: {households}, reached up to {day}: {reached}{target}")
            }
        }
    }

    /// Rows to write in. Their marks begin with the village and the minute, so that no other form has the same ones.
    async fn rows(&self, lines: usize, households: &[i32]) -> Result<Vec<Vec<Cell>>, ApiError> {
        let department = self.request.viewer()?.department();
        let department = must(&self.snapshot.load.department, department).await?;
        let stream = self.plan.entry_stream(Some(&department.code), None);
        let stream = stream.and_then(|code| self.plan.streams.iter().find(|stream| stream.code == code));
        let code = &self.village.code;
        let minute = self.request.now.with_timezone(&shanghai()).format("%y%m%d%H%M");
        let mut households = households.iter();
        let row = |number| {
            let mut row = vec![
                Cell::Text(format!("{code}-{minute}-{number:02}")),
                Cell::text(stream.map(|stream| stream.name.as_str())),
                Cell::from(code.as_str()),
                Cell::whole(households.next().copied()),
            ];
            row.resize(COLUMNS.len(), Cell::Empty);
            row
        };
        Ok((1..=lines).map(row).collect())
    }
}
