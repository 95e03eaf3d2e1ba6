//! Batching by id within one snapshot: a page of twenty asks once for its departments, not twenty times.

use std::collections::HashMap;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::enums::Stage;
use entity::id::{AccountId, CampaignId, ProjectId, RosterId, SubmissionId, SummaryLineId};
use entity::{campaign_closing, category, channel, person, record, roster_line, share, stream};
use sea_orm::{EntityTrait, Value};
use uuid::Uuid;

use super::batch::Batch;
use super::children::ChildLoaders;
use super::lines::{LinesOfProjects, ProjectsOfLines};
use crate::db::{Direction, Fault, Predicate, Scoped, Tx};
use crate::error::ApiError;
use crate::fate::facts::{self, Known};
use crate::fate::rules::Facts;

/// A table with a key of its own, unique in a county.
pub trait ById: Scoped<Model: Clone + Send + Sync + 'static> {
    /// The key.
    type Id: Copy + Eq + Hash + Send + Sync + Into<Value> + Into<Uuid> + 'static;
    /// Its column.
    fn id_column() -> Self::Column;
    /// The key of a row.
    fn id_of(row: &Self::Model) -> Self::Id;
}

macro_rules! by_id {
    ($($table:ident: $binding:ident $(($($column:ident),*))? $(, $id:ident $(as $kind:ident = $number:literal)?, $doc:literal)?;)*) => {$($(
        impl ById for entity::$table::Entity {
            type Id = entity::id::$id;
            fn id_column() -> Self::Column {
                entity::$table::Column::Id
            }
            fn id_of(row: &Self::Model) -> Self::Id {
                row.id
            }
        }
    )?)*};
}

entity::entities!(by_id);

/// Rows of one table by a column that is unique in a county.
pub struct RowLoader<E: EntityTrait, K> {
    tx: Arc<Tx>,
    column: E::Column,
    key: fn(&E::Model) -> K,
}

impl<E, K> Loader<K> for RowLoader<E, K>
where
    E: Scoped<Model: Clone + Send + Sync + 'static>,
    K: Copy + Eq + Hash + Send + Sync + Into<Uuid> + 'static,
{
    type Value = E::Model;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[K]) -> Result<HashMap<K, E::Model>, Arc<Fault>> {
        let keys = keys.iter().map(|key| (*key).into());
        let rows = self.tx.by_key::<E>(self.column, keys, |row| (self.key)(row).into());
        let rows = rows.await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| ((self.key)(&row), row)).collect())
    }
}

/// A table whose rows a plan lists below its campaign.
pub trait ByCampaign: Scoped<Model: Clone + Send + Sync> {
    /// The column of the campaign.
    fn campaign_column() -> Self::Column;
    /// The column of the place in the plan.
    fn rank_column() -> Self::Column;
    /// The campaign of a row.
    fn campaign_of(row: &Self::Model) -> CampaignId;
}

macro_rules! by_campaign {
    ($($table:ident),*) => {$(
        impl ByCampaign for $table::Entity {
            fn campaign_column() -> Self::Column { $table::Column::Campaign }
            fn rank_column() -> Self::Column { $table::Column::Rank }
            fn campaign_of(row: &Self::Model) -> CampaignId { row.campaign }
        }
    )*};
}

by_campaign!(category, channel, stream);

/// The rows of one table by campaign, in the plan's order.
pub struct ListLoader<E> {
    tx: Arc<Tx>,
    entity: PhantomData<fn() -> E>,
}

impl<E: ByCampaign> Loader<CampaignId> for ListLoader<E> {
    type Value = Vec<E::Model>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[CampaignId]) -> Result<HashMap<CampaignId, Vec<E::Model>>, Arc<Fault>> {
        let wanted = Predicate::among(E::campaign_column(), keys.iter().copied());
        let rows = self.tx.from::<E>().filter(wanted).order(E::rank_column(), Direction::Ascending);
        let mut lists: HashMap<CampaignId, Vec<E::Model>> =
            keys.iter().map(|key| (*key, Vec::new())).collect();
        for row in rows.all().await.map_err(Arc::new)? {
            lists.entry(E::campaign_of(&row)).or_default().push(row);
        }
        Ok(lists)
    }
}

/// The last lines of the record, by suggestion and how many are wanted.
pub struct LastRecords {
    tx: Arc<Tx>,
}

/// Asks for the last `most` lines of one suggestion's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LastOf {
    /// The suggestion.
    pub submission: SubmissionId,
    /// How many lines at most.
    pub most: u64,
}

impl Loader<LastOf> for LastRecords {
    type Value = Vec<record::Model>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[LastOf]) -> Result<HashMap<LastOf, Vec<record::Model>>, Arc<Fault>> {
        let most = keys.iter().map(|key| key.most).max().unwrap_or(0);
        let wanted = Predicate::among(record::Column::Submission, keys.iter().map(|key| key.submission));
        let rows = self.tx.from::<record::Entity>().filter(wanted);
        let rows = rows
            .last_of_each(record::Column::Submission, record::Column::Id, most)
            .await
            .map_err(Arc::new)?;
        let mut lines: HashMap<SubmissionId, Vec<record::Model>> = HashMap::new();
        for row in rows {
            lines.entry(row.submission).or_default().push(row);
        }
        let cut = |key: &LastOf| {
            let own = lines.get(&key.submission).into_iter().flatten();
            own.take(usize::try_from(key.most).unwrap_or(usize::MAX)).cloned().collect()
        };
        Ok(keys.iter().map(|key| (*key, cut(key))).collect())
    }
}

/// The persons of rosters, each in its order.
pub struct RosterLines {
    tx: Arc<Tx>,
}

impl Loader<RosterId> for RosterLines {
    type Value = Vec<roster_line::Model>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        keys: &[RosterId],
    ) -> Result<HashMap<RosterId, Vec<roster_line::Model>>, Arc<Fault>> {
        let wanted = Predicate::among(roster_line::Column::Roster, keys.iter().copied());
        let rows = self
            .tx
            .from::<roster_line::Entity>()
            .filter(wanted)
            .order(roster_line::Column::Rank, Direction::Ascending);
        let mut lines: HashMap<RosterId, Vec<roster_line::Model>> = HashMap::new();
        for row in rows.all().await.map_err(Arc::new)? {
            lines.entry(row.roster).or_default().push(row);
        }
        Ok(lines)
    }
}

/// The names of those who did something, as far as the viewer may know them.
pub struct StaffNames {
    tx: Arc<Tx>,
}

impl Loader<AccountId> for StaffNames {
    type Value = String;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[AccountId]) -> Result<HashMap<AccountId, String>, Arc<Fault>> {
        self.tx.staff_names(keys).await.map_err(Arc::new)
    }
}

/// What is known of suggestions that decides what becomes of them, by suggestion and where it stands.
pub struct KnownFacts {
    tx: Arc<Tx>,
}

impl Loader<(SubmissionId, Stage)> for KnownFacts {
    type Value = Known;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        keys: &[(SubmissionId, Stage)],
    ) -> Result<HashMap<(SubmissionId, Stage), Known>, Arc<Fault>> {
        let mut known = facts::read(&self.tx, keys, &[]).await.map_err(Arc::new)?;
        Ok(keys.iter().filter_map(|key| Some((*key, known.remove(&key.0)?))).collect())
    }
}

/// Who works on suggestions in the viewer's department; nothing where nobody does.
pub struct Assignees {
    tx: Arc<Tx>,
}

impl Loader<SubmissionId> for Assignees {
    type Value = AccountId;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[SubmissionId]) -> Result<HashMap<SubmissionId, AccountId>, Arc<Fault>> {
        let own = Predicate::is(share::Column::Department, self.tx.viewer().department());
        let wanted = Predicate::among(share::Column::Submission, keys.iter().copied());
        let rows = self.tx.from::<share::Entity>().filter(own.and(wanted)).all().await.map_err(Arc::new)?;
        Ok(rows.into_iter().filter_map(|row| Some((row.submission, row.assignee?))).collect())
    }
}

type Rows<E, K> = Batch<K, RowLoader<E, K>>;
type Lists<E> = Batch<CampaignId, ListLoader<E>>;

macro_rules! loaders {
    ($($table:ident: $binding:ident $(($($column:ident),*))? $(, $id:ident $(as $kind:ident = $number:literal)?, $doc:literal)?;)*) => {
        /// The loaders of one snapshot: one for each table with a key of its own, and some by other columns.
        pub struct Loaders {
            $($(#[doc = $doc] pub $table: Rows<entity::$table::Entity, entity::id::$id>,)?)*
            /// The person behind a suggestion.
            pub person_of: Rows<person::Entity, SubmissionId>,
            /// That a campaign is closed.
            pub closing_of: Rows<campaign_closing::Entity, CampaignId>,
            /// Classes by campaign.
            pub categories_of: Lists<category::Entity>,
            /// Channels by campaign.
            pub channels_of: Lists<channel::Entity>,
            /// Streams in scope by campaign.
            pub streams_of: Lists<stream::Entity>,
            /// Last lines of records.
            pub last_records: Batch<LastOf, LastRecords>,
            /// Persons of rosters.
            pub roster_lines: Batch<RosterId, RosterLines>,
            /// What decides what becomes of suggestions.
            pub facts: Batch<(SubmissionId, Stage), KnownFacts>,
            /// Names of accounts.
            pub staff_names: Batch<AccountId, StaffNames>,
            /// Who works on suggestions in the own department.
            pub assignees: Batch<SubmissionId, Assignees>,
            /// Projects by the line that they were made from.
            pub projects_of_line: Batch<SummaryLineId, ProjectsOfLines>,
            /// Lines by the project that was made from them.
            pub lines_of_project: Batch<ProjectId, LinesOfProjects>,
            /// Lists below their parents.
            pub children: ChildLoaders,
        }

        impl Loaders {
            pub(super) fn new(tx: &Arc<Tx>) -> Self {
                Self {
                    $($($table: by(tx, <entity::$table::Entity as ById>::id_column(), <entity::$table::Entity as ById>::id_of as fn(&_) -> entity::id::$id),)?)*
                    person_of: by(tx, person::Column::Submission, |row: &person::Model| row.submission),
                    closing_of: by(tx, campaign_closing::Column::Campaign, |row: &campaign_closing::Model| row.campaign),
                    categories_of: lists(tx),
                    channels_of: lists(tx),
                    streams_of: lists(tx),
                    last_records: Batch::new(LastRecords { tx: Arc::clone(tx) }),
                    roster_lines: Batch::new(RosterLines { tx: Arc::clone(tx) }),
                    facts: Batch::new(KnownFacts { tx: Arc::clone(tx) }),
                    staff_names: Batch::new(StaffNames { tx: Arc::clone(tx) }),
                    assignees: Batch::new(Assignees { tx: Arc::clone(tx) }),
                    projects_of_line: Batch::new(ProjectsOfLines { tx: Arc::clone(tx) }),
                    lines_of_project: Batch::new(LinesOfProjects { tx: Arc::clone(tx) }),
                    children: ChildLoaders::new(tx),
                }
            }
        }
    };
}

entity::entities!(loaders);

fn by<E: Scoped, K>(tx: &Arc<Tx>, column: E::Column, key: fn(&E::Model) -> K) -> Rows<E, K>
where
    E::Model: Clone + Send + Sync + 'static,
    K: Copy + Eq + Hash + Send + Sync + Into<Uuid> + 'static,
{
    Batch::new(RowLoader { tx: Arc::clone(tx), column, key })
}

fn lists<E: ByCampaign>(tx: &Arc<Tx>) -> Lists<E> {
    let loader = ListLoader { tx: Arc::clone(tx), entity: PhantomData };
    Batch::new(loader)
}

/// The rows of a campaign in the plan's order.
pub async fn list<E: ByCampaign>(
    loader: &Lists<E>,
    campaign: CampaignId,
) -> Result<Vec<<E as EntityTrait>::Model>, ApiError> {
    Ok(loader.load_one(campaign).await?.unwrap_or_default())
}

/// One row by its key, or nothing when it is absent or out of scope.
pub async fn one<E, K>(loader: &Rows<E, K>, key: K) -> Result<Option<E::Model>, ApiError>
where
    E: Scoped<Model: Clone + Send + Sync + 'static>,
    K: Copy + Eq + Hash + Send + Sync + Into<Uuid> + 'static,
{
    Ok(loader.load_one(key).await?)
}

/// What decides what becomes of a suggestion that is in scope.
pub async fn known(loaders: &Loaders, id: SubmissionId, stage: Stage) -> Result<Known, ApiError> {
    let known = loaders.facts.load_one((id, stage)).await?;
    Ok(known.unwrap_or(Known { facts: Facts::at(stage), project: None, explanation: None, invalid: None }))
}

/// One row by a key that must be there: one that the schema guarantees.
pub async fn must<E, K>(loader: &Rows<E, K>, key: K) -> Result<E::Model, ApiError>
where
    E: Scoped<Model: Clone + Send + Sync + 'static>,
    K: Copy + Eq + Hash + Send + Sync + Into<Uuid> + 'static,
{
    one(loader, key).await?.ok_or_else(|| ApiError::internal("a referenced row is out of scope"))
}
