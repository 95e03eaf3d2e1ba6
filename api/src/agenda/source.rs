//! What a capability answers when somebody asks what is owed.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use chrono::NaiveDate;
use entity::id::CampaignId;
use entity::{campaign, department};
use sea_orm::ColumnTrait;

use super::rules::Owed;
use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::error::ApiError;
use crate::plan::{Department, Plan};
use crate::scope::profiles::Operation;
use crate::scope::viewer::Viewer;
use crate::snapshot::Snapshot;

/// Rows of one sort that are read at most: one more than a list holds, so that it knows when it is cut.
pub const ROWS: u64 = super::rules::MOST as u64 + 1;

/// What one capability makes people owe: in the caller's scope, by a number of statements that does not depend on how many
/// suggestions there are.
#[async_trait]
pub trait Source: Send + Sync {
    /// What the caller owes by it, in any order. What the caller may not do is left out by whoever asks.
    async fn owed(&self, asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError>;
}

/// A campaign that has begun and is not closed.
pub struct Running {
    /// Its row.
    pub row: campaign::Model,
    /// Its plan.
    pub plan: Arc<Plan>,
}

/// Who asks, on which day, and what was read for all sources already.
pub struct Asked<'r> {
    /// The application.
    pub app: &'r App,
    /// The snapshot, in the caller's scope.
    pub snapshot: &'r Snapshot,
    /// The day.
    pub today: NaiveDate,
    /// The department of the caller's post.
    pub department: department::Model,
    /// The campaigns that anything is owed for.
    pub campaigns: Vec<Running>,
}

impl Asked<'_> {
    /// The transaction.
    #[must_use]
    pub fn tx(&self) -> &Tx {
        &self.snapshot.tx
    }

    /// Who asks.
    #[must_use]
    pub fn viewer(&self) -> &Viewer {
        self.snapshot.tx.viewer()
    }

    /// Whether the caller may do something at all.
    #[must_use]
    pub fn may(&self, operation: Operation) -> bool {
        self.viewer().may(operation)
    }

    /// The caller's department as a plan lists it.
    #[must_use]
    pub fn listed<'p>(&self, plan: &'p Plan) -> Option<&'p Department> {
        plan.department(&self.department.code)
    }

    /// Whether anything is owed for a campaign.
    #[must_use]
    pub fn runs(&self, campaign: CampaignId) -> bool {
        self.campaigns.iter().any(|running| running.row.id == campaign)
    }

    /// Rows of these campaigns.
    pub fn here<C: ColumnTrait>(&self, campaign: C) -> Predicate<C> {
        Predicate::among(campaign, self.campaigns.iter().map(|running| running.row.id))
    }

    /// The rows of these campaigns that are the caller's department's.
    pub fn own<C: ColumnTrait>(&self, department: C, campaign: C) -> Predicate<C> {
        Predicate::is(department, self.department.id).and(self.here(campaign))
    }
}
