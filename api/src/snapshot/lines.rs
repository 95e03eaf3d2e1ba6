//! Which projects were made from which lines of summary tables: a page of either asks once.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::{ProjectId, SummaryLineId};
use entity::project_source::{Column, Entity};

use crate::db::{Fault, Predicate, Tx};

/// The projects that were made from a line, by key.
pub struct ProjectsOfLines {
    pub(super) tx: Arc<Tx>,
}

impl Loader<SummaryLineId> for ProjectsOfLines {
    type Value = Vec<ProjectId>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        keys: &[SummaryLineId],
    ) -> Result<HashMap<SummaryLineId, Vec<ProjectId>>, Arc<Fault>> {
        let wanted = Predicate::among(Column::Line, keys.iter().copied());
        let pairs = pairs(&self.tx, wanted).await.map_err(Arc::new)?;
        Ok(listed(pairs.into_iter().map(|(project, line)| (line, project))))
    }
}

/// The lines that a project was made from, by key.
pub struct LinesOfProjects {
    pub(super) tx: Arc<Tx>,
}

impl Loader<ProjectId> for LinesOfProjects {
    type Value = Vec<SummaryLineId>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[ProjectId]) -> Result<HashMap<ProjectId, Vec<SummaryLineId>>, Arc<Fault>> {
        let wanted = Predicate::among(Column::Project, keys.iter().copied());
        let wanted = wanted.and(Predicate::Present(Column::Line));
        let pairs = pairs(&self.tx, wanted).await.map_err(Arc::new)?;
        Ok(listed(pairs.into_iter()))
    }
}

/// Each project with each of its lines, once, in the order of their keys.
async fn pairs(tx: &Tx, wanted: Predicate<Column>) -> Result<BTreeSet<(ProjectId, SummaryLineId)>, Fault> {
    let sources = tx.from::<Entity>().filter(wanted);
    let groups = sources.count_by(&[Column::Project, Column::Line], None).await?;
    groups.iter().map(|group| Ok((group.key(0)?, group.key(1)?))).collect()
}

fn listed<K: Eq + Hash, V>(pairs: impl Iterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut lists: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        lists.entry(key).or_default().push(value);
    }
    lists
}
