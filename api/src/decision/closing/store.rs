//! How the suggestions of a campaign ended, and the row that closes it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::campaign_closing::{ActiveModel, Model};
use entity::enums::{AuditAction, Capability, ProjectStatus, Stage};
use entity::id::{CampaignId, ExplanationId, ProjectId, SubmissionId};
use entity::{explanation, explanation_cover, project, project_source, share, submission};
use serde_json::json;

use super::rules;
use crate::app::App;
use crate::campaign::open::open_campaign;
use crate::db::{Direction, Fault, PageRequest, Place, Predicate, Tx};
use crate::decision::{fresh, note};
use crate::error::Stop;
use crate::fate::facts;
use crate::fate::rules::{Disposition, Facts, fate};

/// Keys that one statement names at most.
const CHUNK: usize = 500;

/// Case numbers that a refusal shows at most.
const SAMPLES: usize = 5;

/// How many suggestions ended in which way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// By way of ending.
    pub counts: BTreeMap<Disposition, u64>,
    /// How many of those that have not ended were decided against, so that their people are owed an explanation or its
    /// delivery (S28).
    pub owing: u64,
    /// Those that have ended though their stage does not say so.
    ended: BTreeSet<SubmissionId>,
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
    if ends.open() > 0 {
        rules::close(ends.open(), &samples(tx, campaign, &ends.ended).await?)?;
    }
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

/// Counts how the suggestions of a campaign ended, in the viewer's scope: by the stages of all, and one by one of those
/// alone that are merged, part of a project that a meeting has decided on, or explained and not told yet.
pub async fn ends(tx: &Tx, campaign: CampaignId) -> Result<Ends, Fault> {
    let mut by_stage = stages(tx, campaign).await?;
    let mut ends = Ends::default();
    for (id, facts) in looked_at(tx, campaign).await? {
        if let Some(count) = by_stage.get_mut(&facts.stage) {
            *count -= 1;
        }
        let fate = fate(&facts);
        *ends.counts.entry(fate.disposition()).or_default() += 1;
        ends.owing += u64::from(fate.owes_explanation());
        if fate.disposition() != Disposition::Open {
            ends.ended.insert(id);
        }
    }
    for (stage, count) in by_stage {
        let disposition = fate(&Facts::at(stage)).disposition();
        *ends.counts.entry(disposition).or_default() += count.unsigned_abs();
    }
    ends.counts.retain(|_, count| *count > 0);
    Ok(ends)
}

/// Suggestions of which the stage alone does not say how they ended.
async fn looked_at(tx: &Tx, campaign: CampaignId) -> Result<Vec<(SubmissionId, Facts)>, Fault> {
    let merged = Predicate::is(share::Column::Stage, Stage::Merged);
    let mut cases = cases(tx, campaign, merged).await?;
    let mut further = decided_sources(tx, campaign).await?;
    further.extend(untold(tx, campaign).await?);
    let further: Vec<SubmissionId> = further.into_iter().collect();
    for ids in further.chunks(CHUNK) {
        let these = Predicate::among(share::Column::Submission, ids.iter().copied());
        let rows = self::cases(tx, campaign, these).await?;
        cases.extend(rows.into_iter().filter(|(_, stage)| *stage != Stage::Merged));
    }
    let known = facts::read(tx, &cases, &[]).await?;
    Ok(known.into_iter().map(|(id, known)| (id, known.facts)).collect())
}

/// Suggestions of a campaign that match, and where they stand.
async fn cases(
    tx: &Tx,
    campaign: CampaignId,
    which: Predicate<share::Column>,
) -> Result<Vec<(SubmissionId, Stage)>, Fault> {
    let rows = tx.from::<share::Entity>().filter(collected(campaign).and(which)).all().await?;
    Ok(rows.into_iter().map(|row| (row.submission, row.stage)).collect())
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

/// Sources of the projects that a meeting took in or turned down.
async fn decided_sources(tx: &Tx, campaign: CampaignId) -> Result<BTreeSet<SubmissionId>, Fault> {
    let decided = [ProjectStatus::Adopted, ProjectStatus::Changed, ProjectStatus::Rejected];
    let these = Predicate::is(project::Column::Campaign, campaign)
        .and(Predicate::among(project::Column::Status, decided));
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

/// Suggestions of which it is written why they were not adopted, and not told yet.
async fn untold(tx: &Tx, campaign: CampaignId) -> Result<BTreeSet<SubmissionId>, Fault> {
    use explanation::Column as C;
    let these = Predicate::All(vec![
        Predicate::is(C::Campaign, campaign),
        Predicate::Empty(C::DeliveredOn),
        Predicate::Empty(C::WithdrawnAt),
    ]);
    let written = tx.from::<explanation::Entity>().filter(these).all().await?;
    let ids: Vec<ExplanationId> = written.into_iter().map(|row| row.id).collect();
    let mut found = BTreeSet::new();
    for ids in ids.chunks(CHUNK) {
        let these = Predicate::among(explanation_cover::Column::Explanation, ids.iter().copied());
        let covers = tx.from::<explanation_cover::Entity>().filter(these).all().await?;
        found.extend(covers.into_iter().map(|row| row.submission));
    }
    Ok(found)
}

/// Case numbers of the oldest that have not ended.
async fn samples(
    tx: &Tx,
    campaign: CampaignId,
    ended: &BTreeSet<SubmissionId>,
) -> Result<Vec<String>, Fault> {
    let open = Stage::ALL.iter().copied();
    let open = open.filter(|stage| fate(&Facts::at(*stage)).disposition() == Disposition::Open);
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
