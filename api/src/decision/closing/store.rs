//! How the suggestions of a campaign ended, and the row that closes it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::campaign_closing::{ActiveModel, Model};
use entity::enums::{AuditAction, Capability, ProjectStatus, Stage};
use entity::id::{CampaignId, ProjectId, SubmissionId};
use entity::{project, project_source, share, submission};
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

/// Counts how the suggestions of a campaign ended, in the viewer's scope: by the stages of all, and one by one of those
/// alone that are merged or part of an adopted project.
pub async fn ends(tx: &Tx, campaign: CampaignId) -> Result<Ends, Fault> {
    let mut by_stage = stages(tx, campaign).await?;
    let mut ends = Ends::default();
    let mut ended = BTreeSet::new();
    for (id, facts) in looked_at(tx, campaign).await? {
        if let Some(count) = by_stage.get_mut(&facts.stage) {
            *count -= 1;
        }
        let disposition = fate(&facts).disposition();
        *ends.counts.entry(disposition).or_default() += 1;
        if disposition != Disposition::Open {
            ended.insert(id);
        }
    }
    for (stage, count) in by_stage {
        let disposition = fate(&Facts::at(stage)).disposition();
        *ends.counts.entry(disposition).or_default() += count.unsigned_abs();
    }
    ends.counts.retain(|_, count| *count > 0);
    if ends.open() > 0 {
        ends.samples = samples(tx, campaign, &ended).await?;
    }
    Ok(ends)
}

/// Suggestions of which the stage alone does not say how they ended.
async fn looked_at(tx: &Tx, campaign: CampaignId) -> Result<Vec<(SubmissionId, Facts)>, Fault> {
    let merged = Predicate::is(share::Column::Stage, Stage::Merged);
    let mut cases = cases(tx, campaign, merged).await?;
    let sources = adopted_sources(tx, campaign).await?;
    for ids in sources.chunks(CHUNK) {
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

async fn adopted_sources(tx: &Tx, campaign: CampaignId) -> Result<Vec<SubmissionId>, Fault> {
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
    Ok(found.into_iter().collect())
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
