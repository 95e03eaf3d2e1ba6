//! How the suggestions of a campaign ended, and the row that closes it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::campaign_closing::{ActiveModel, Model};
use entity::enums::{AuditAction, Capability, ProjectStatus, Stage};
use entity::id::{CampaignId, ExplanationId, ProjectId, SubmissionId};
use entity::{explanation, explanation_cover, project, project_source, share, submission};
use serde_json::json;

use super::rules::{self, Disposition, Facts, disposition, leaves_open};
use crate::app::App;
use crate::campaign::open::open_campaign;
use crate::db::{Direction, Fault, PageRequest, Place, Predicate, Tx};
use crate::decision::merge::store as mergers;
use crate::decision::{fresh, note};
use crate::error::Stop;

/// Keys that one statement names at most.
const CHUNK: usize = 500;

/// Case numbers that a refusal shows at most.
const SAMPLES: usize = 5;

/// How many suggestions ended in which way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// By way of ending.
    pub counts: BTreeMap<Disposition, u64>,
    /// Case numbers of some that have not ended.
    pub samples: Vec<String>,
}

impl Ends {
    /// How many have not ended.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.counts.get(&Disposition::Open).copied().unwrap_or(0)
    }
}

/// Closes a campaign in which every suggestion has ended.
pub async fn close(
    tx: &Tx,
    app: &App,
    campaign: CampaignId,
    remark: String,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    open_campaign(tx, campaign).await?;
    let ends = ends(tx, campaign).await?;
    rules::close(ends.open(), &ends.samples)?;
    let figures = json!(ends.counts);
    tx.insert(fresh::<ActiveModel>(Model {
        county: tx.viewer().county().clone(),
        campaign,
        department: tx.viewer().department(),
        closed_at: now,
        remark,
        figures: figures.clone(),
    }))
    .await?;
    let subject = format!("campaign:{}", campaign.0);
    note(tx, app, AuditAction::CampaignClose, subject, figures, now).await?;
    Ok(())
}

/// Counts how the suggestions of a campaign ended, in the viewer's scope: by the stages of all, and of those alone
/// that a project or an explanation has ended one by one.
pub async fn ends(tx: &Tx, campaign: CampaignId) -> Result<Ends, Fault> {
    let mut by_stage = stages(tx, campaign).await?;
    let special = special(tx, campaign).await?;
    let mut ends = Ends::default();
    for (stage, facts) in &special.known {
        if let Some(count) = by_stage.get_mut(stage) {
            *count -= 1;
        }
        *ends.counts.entry(disposition(*facts)).or_default() += 1;
    }
    for (stage, count) in by_stage {
        let facts = Facts { stage, adopted: false, explained: false };
        *ends.counts.entry(disposition(facts)).or_default() += count.unsigned_abs();
    }
    ends.counts.retain(|_, count| *count > 0);
    if ends.open() > 0 {
        ends.samples = samples(tx, campaign, &special.ended).await?;
    }
    Ok(ends)
}

/// Suggestions that are looked at one by one.
struct Special {
    known: Vec<(Stage, Facts)>,
    ended: BTreeSet<SubmissionId>,
}

async fn special(tx: &Tx, campaign: CampaignId) -> Result<Special, Fault> {
    let sources = adopted_sources(tx, campaign).await?;
    let merged = mergers::made(tx, campaign).await?;
    let mut adopted = sources.clone();
    let through = merged.iter().filter(|merger| sources.contains(&merger.target));
    adopted.extend(through.map(|merger| merger.merged));
    let merged: Vec<SubmissionId> = merged.iter().map(|merger| merger.merged).collect();
    let explained = explained(tx, &merged).await?;
    let all: Vec<SubmissionId> = adopted.union(&explained).copied().collect();
    let mut special = Special { known: Vec::new(), ended: BTreeSet::new() };
    for ids in all.chunks(CHUNK) {
        let these = Predicate::among(share::Column::Submission, ids.iter().copied());
        for row in tx.from::<share::Entity>().filter(collected(campaign).and(these)).all().await? {
            let facts = Facts {
                stage: row.stage,
                adopted: adopted.contains(&row.submission),
                explained: explained.contains(&row.submission),
            };
            special.known.push((row.stage, facts));
            if disposition(facts) != Disposition::Open {
                special.ended.insert(row.submission);
            }
        }
    }
    Ok(special)
}

fn collected(campaign: CampaignId) -> Predicate<share::Column> {
    Predicate::is(share::Column::Campaign, campaign)
        .and(Predicate::is(share::Column::Capability, Capability::Collect))
}

async fn stages(tx: &Tx, campaign: CampaignId) -> Result<BTreeMap<Stage, i64>, Fault> {
    let rows = tx.from::<share::Entity>().filter(collected(campaign));
    let groups = rows.count_by(&[share::Column::Stage], None).await?;
    let group = |group: &crate::db::Group| Ok((group.key(0)?, group.figure()?));
    groups.iter().map(group).collect()
}

async fn adopted_sources(tx: &Tx, campaign: CampaignId) -> Result<BTreeSet<SubmissionId>, Fault> {
    let adopted = [ProjectStatus::Adopted, ProjectStatus::Changed];
    let these = Predicate::is(project::Column::Campaign, campaign)
        .and(Predicate::among(project::Column::Status, adopted));
    let projects = tx.from::<project::Entity>().filter(these).all().await?;
    let ids: Vec<ProjectId> = projects.into_iter().map(|row| row.id).collect();
    let mut found = BTreeSet::new();
    for ids in ids.chunks(CHUNK) {
        let these = Predicate::among(project_source::Column::Project, ids.iter().copied());
        let rows = tx.from::<project_source::Entity>().filter(these).all().await?;
        found.extend(rows.into_iter().map(|row| row.submission));
    }
    Ok(found)
}

/// Of some suggestions, those that a delivered explanation covers.
async fn explained(tx: &Tx, ids: &[SubmissionId]) -> Result<BTreeSet<SubmissionId>, Fault> {
    let mut found = BTreeSet::new();
    for ids in ids.chunks(CHUNK) {
        let these = Predicate::among(explanation_cover::Column::Submission, ids.iter().copied());
        let covers = tx.from::<explanation_cover::Entity>().filter(these).all().await?;
        let wanted: BTreeSet<ExplanationId> = covers.iter().map(|row| row.explanation).collect();
        let told = Predicate::among(explanation::Column::Id, wanted)
            .and(Predicate::Present(explanation::Column::DeliveredOn));
        let told = tx.from::<explanation::Entity>().filter(told).all().await?;
        let told: BTreeSet<ExplanationId> = told.into_iter().map(|row| row.id).collect();
        let of_told = covers.into_iter().filter(|row| told.contains(&row.explanation));
        found.extend(of_told.map(|row| row.submission));
    }
    Ok(found)
}

/// Case numbers of the oldest that have not ended.
async fn samples(
    tx: &Tx,
    campaign: CampaignId,
    ended: &BTreeSet<SubmissionId>,
) -> Result<Vec<String>, Fault> {
    let open = Stage::ALL.iter().copied().filter(|stage| leaves_open(*stage));
    let these = collected(campaign).and(Predicate::among(share::Column::Stage, open));
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < SAMPLES {
        let request = PageRequest {
            direction: Direction::Ascending,
            size: 100,
            after: after.take(),
            before: None,
            backward: false,
        };
        let rows = tx.from::<share::Entity>().filter(these.clone());
        let keys = [share::Column::ReceivedAt, share::Column::Submission];
        let page = rows.page(&keys, &request).await?;
        let left = page.rows.iter().filter(|row| !ended.contains(&row.submission));
        found.extend(left.map(|row| row.submission));
        match page.rows.last() {
            Some(last) if page.has_next => {
                after = Some(Place(vec![last.received_at.into(), last.submission.into()]));
            }
            _ => break,
        }
    }
    found.truncate(SAMPLES);
    let these = Predicate::among(submission::Column::Id, found);
    let rows = tx.from::<submission::Entity>().filter(these);
    let rows = rows.order(submission::Column::Number, Direction::Ascending).all().await?;
    Ok(rows.into_iter().map(|row| row.number).collect())
}
