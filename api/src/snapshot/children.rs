//! Batching of lists below a parent: a page of projects asks once for all of their milestones.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::{CircularId, ExplanationId, InspectionId, MeetingId, ProjectId, SubmissionId};
use entity::{
    agenda_item, circular_receipt, evaluation, explanation_cover, explanation_version, finding, former_text,
    former_version, invalidation, merger, milestone, progress, rectification, vote,
};
use sea_orm::{EntityTrait, Value};
use uuid::Uuid;

use super::batch::Batch;
use crate::db::{Direction, Fault, Predicate, Scoped, Tx};
use crate::error::ApiError;

/// Rows of one table by a column that names their parent, in the order of another.
pub struct ChildLoader<E: EntityTrait, K> {
    tx: Arc<Tx>,
    column: E::Column,
    order: E::Column,
    parent: fn(&E::Model) -> K,
}

impl<E, K> Loader<K> for ChildLoader<E, K>
where
    E: Scoped<Model: Clone + Send + Sync>,
    K: Copy + Eq + Hash + Send + Sync + Into<Value> + 'static,
{
    type Value = Vec<E::Model>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[K]) -> Result<HashMap<K, Vec<E::Model>>, Arc<Fault>> {
        let wanted = Predicate::among(self.column, keys.iter().copied());
        let rows = self.tx.from::<E>().filter(wanted);
        let rows = rows.order(self.order, Direction::Ascending).all().await;
        let mut lists: HashMap<K, Vec<E::Model>> = keys.iter().map(|key| (*key, Vec::new())).collect();
        for row in rows.map_err(Arc::new)? {
            lists.entry((self.parent)(&row)).or_default().push(row);
        }
        Ok(lists)
    }
}

/// Children of one kind by their parent.
pub type Children<E, K> = Batch<K, ChildLoader<E, K>>;

/// The children of one parent; none where there are none, or none in scope.
pub async fn children<E, K>(loader: &Children<E, K>, key: K) -> Result<Vec<E::Model>, ApiError>
where
    E: Scoped<Model: Clone + Send + Sync>,
    K: Copy + Eq + Hash + Send + Sync + Into<Value> + 'static,
{
    Ok(loader.load_one(key).await?.unwrap_or_default())
}

macro_rules! child_loaders {
    ($($(#[$doc:meta])* $field:ident: $table:ident by $column:ident($parent:ident: $key:ty) in $order:ident;)*) => {
        /// The loaders of lists below their parents.
        pub struct ChildLoaders {
            $($(#[$doc])* pub $field: Children<$table::Entity, $key>,)*
        }

        impl ChildLoaders {
            pub(super) fn new(tx: &Arc<Tx>) -> Self {
                Self {
                    $($field: Batch::new(ChildLoader {
                        tx: Arc::clone(tx),
                        column: $table::Column::$column,
                        order: $table::Column::$order,
                        parent: |row: &$table::Model| row.$parent,
                    }),)*
                }
            }
        }
    };
}

child_loaders! {
    /// Mergers, undone ones too, by what was merged.
    mergers: merger by Merged(merged: SubmissionId) in MergedAt;
    /// Mergers, undone ones too, by what goes on.
    mergers_into: merger by Target(target: SubmissionId) in MergedAt;
    /// What explains a suggestion.
    covers: explanation_cover by Submission(submission: SubmissionId) in CoveredAt;
    /// What stood in an explanation before.
    former: explanation_version by Explanation(explanation: ExplanationId) in Version;
    /// What stood in a paper before.
    former_versions: former_version by Paper(paper: Uuid) in ReplacedAt;
    /// What an explanation covers.
    covered: explanation_cover by Explanation(explanation: ExplanationId) in CoveredAt;
    /// What stood in a suggestion before.
    former_texts: former_text by Submission(submission: SubmissionId) in Version;
    /// Proposals not to accept a suggestion.
    invalidations: invalidation by Submission(submission: SubmissionId) in Version;
    /// Meetings that a project came to.
    items_of_project: agenda_item by Project(project: ProjectId) in HeldOn;
    /// The agenda of a meeting.
    items_of_meeting: agenda_item by Meeting(meeting: MeetingId) in Position;
    /// Milestones of a project.
    milestones: milestone by Project(project: ProjectId) in Position;
    /// Lines about a project's progress.
    progress: progress by Project(project: ProjectId) in At;
    /// The vote on a project.
    votes: vote by Project(project: ProjectId) in RecordedAt;
    /// Evaluations of a project.
    evaluations: evaluation by Project(project: ProjectId) in EvaluatedOn;
    /// Findings of an inspection.
    findings: finding by Inspection(inspection: InspectionId) in Position;
    /// Reports of rectification, by inspection.
    rectifications: rectification by Inspection(inspection: InspectionId) in ReportedAt;
    /// Receipts of a circular.
    receipts: circular_receipt by Circular(circular: CircularId) in At;
}
