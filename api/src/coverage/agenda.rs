//! What coverage makes people owe: villages of the department that are below their target.

use async_graphql::async_trait::async_trait;

use super::figures;
use super::rules::Period;
use crate::agenda::{Asked, Owed, OwedKind, Running, Source};
use crate::error::ApiError;
use crate::refusal::Message;
use crate::scope::profiles::Operation;

/// What coverage makes people owe.
pub struct Owing;

#[async_trait]
impl Source for Owing {
    /// A pile for each campaign with targets, of a township or a village committee. Whoever sees the county visits nobody.
    async fn owed(&self, asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
        let mut owed = Vec::new();
        if !asked.may(Operation::VisitRecord) || asked.viewer().sees_county() {
            return Ok(owed);
        }
        for running in asked.campaigns.iter().filter(|running| !running.plan.coverage_targets.is_empty()) {
            owed.extend(behind(asked, running).await?);
        }
        Ok(owed)
    }
}

async fn behind(asked: &Asked<'_>, running: &Running) -> Result<Option<Owed>, ApiError> {
    let Running { row, plan } = running;
    let last = row.closes_on;
    let period = Period {
        opens_on: row.opens_on,
        closes_on: last,
        as_of: last.map_or(asked.today, |last| last.min(asked.today)),
    };
    let villages = figures::villages(asked.tx(), plan, row.id, None, period).await?;
    let below = villages.iter().filter_map(|village| village.standing.filter(|standing| !standing.is_met()));
    let needed: Vec<i64> = below.map(|standing| standing.needed).collect();
    let (count, households) = (needed.len(), needed.iter().sum::<i64>());
    if count == 0 {
        return Ok(None);
    }
    let title = Message::new(
        format!("{count} 个村（社区）未达标，还差 {households} 户"),
        format!("{count} villages below their target, {households} households short"),
    );
    let owed = Owed::new(OwedKind::VillagesBehind, Operation::VisitRecord, row.id, title);
    Ok(Some(owed.due(last).many(count as u64)))
}
