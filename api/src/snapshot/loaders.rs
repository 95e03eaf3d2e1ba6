//! Batching by id within one snapshot: a page of twenty asks once for its departments, not twenty times.

use std::collections::HashMap;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::{
    AccountId, CampaignId, CategoryId, ChannelId, ConstituentId, DepartmentId, PostId, RecordId, RosterId,
    StreamId, SubmissionId, SymposiumId, TaskId, UnitPlanId, VillageId, VisitId,
};
use entity::id::{AcknowledgementId, PublicityId};
use entity::id::{CircularId, ExplanationId, InspectionId, MeetingId, ProjectId};
use entity::{
    account, campaign, category, channel, constituent, department, duty_task, person, post, record, roster,
    roster_line, stream, submission, symposium, unit_plan, village, visit,
};
use entity::{acknowledgement, publicity};
use entity::{campaign_closing, circular, explanation, inspection, meeting, project};
use sea_orm::{EntityTrait, Value};
use uuid::Uuid;

use super::batch::Batch;
use super::children::ChildLoaders;
use crate::db::{Direction, Fault, Predicate, Scoped, Tx};
use crate::error::ApiError;

/// A table whose rows are loaded by one column that is unique in a county.
pub trait ById: Scoped<Model: Clone + Send + Sync + 'static> {
    /// The key.
    type Id: Copy + Eq + Hash + Send + Sync + Into<Value> + Into<Uuid> + 'static;
    /// Its column.
    fn id_column() -> Self::Column;
    /// The key of a row.
    fn id_of(row: &Self::Model) -> Self::Id;
}

macro_rules! by_id {
    ($($table:ident: $id:ty, $column:ident, $field:ident;)*) => {$(
        impl ById for $table::Entity {
            type Id = $id;
            fn id_column() -> Self::Column { $table::Column::$column }
            fn id_of(row: &Self::Model) -> $id { row.$field }
        }
    )*};
}

by_id! {
    account: AccountId, Id, id;
    campaign: CampaignId, Id, id;
    category: CategoryId, Id, id;
    channel: ChannelId, Id, id;
    department: DepartmentId, Id, id;
    person: SubmissionId, Submission, submission;
    post: PostId, Id, id;
    stream: StreamId, Id, id;
    submission: SubmissionId, Id, id;
    village: VillageId, Id, id;
    record: RecordId, Id, id;
    constituent: ConstituentId, Id, id;
    symposium: SymposiumId, Id, id;
    visit: VisitId, Id, id;
    duty_task: TaskId, Id, id;
    roster: RosterId, Id, id;
    unit_plan: UnitPlanId, Id, id;
    project: ProjectId, Id, id;
    meeting: MeetingId, Id, id;
    explanation: ExplanationId, Id, id;
    inspection: InspectionId, Id, id;
    circular: CircularId, Id, id;
    campaign_closing: CampaignId, Campaign, campaign;
    acknowledgement: AcknowledgementId, Id, id;
    publicity: PublicityId, Id, id;
}

/// Rows of one table by id.
pub struct RowLoader<E> {
    tx: Arc<Tx>,
    entity: PhantomData<fn() -> E>,
}

impl<E: ById> Loader<E::Id> for RowLoader<E> {
    type Value = E::Model;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[E::Id]) -> Result<HashMap<E::Id, E::Model>, Arc<Fault>> {
        let keys = keys.iter().map(|key| (*key).into());
        let rows = self.tx.by_key::<E>(E::id_column(), keys, |row| E::id_of(row).into());
        let rows = rows.await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| (E::id_of(&row), row)).collect())
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

type Rows<E> = Batch<<E as ById>::Id, RowLoader<E>>;
type Lists<E> = Batch<CampaignId, ListLoader<E>>;

macro_rules! loaders {
    ($($(#[$doc:meta])* $field:ident: $table:ident;)*) => {
        /// The loaders of one snapshot.
        pub struct Loaders {
            $($(#[$doc])* pub $field: Rows<$table::Entity>,)*
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
            /// Lists below their parents.
            pub children: ChildLoaders,
        }

        impl Loaders {
            pub(super) fn new(tx: &Arc<Tx>) -> Self {
                Self {
                    $($field: rows(tx),)*
                    categories_of: lists(tx),
                    channels_of: lists(tx),
                    streams_of: lists(tx),
                    last_records: Batch::new(LastRecords { tx: Arc::clone(tx) }),
                    roster_lines: Batch::new(RosterLines { tx: Arc::clone(tx) }),
                    children: ChildLoaders::new(tx),
                }
            }
        }
    };
}

loaders! {
    /// Accounts.
    accounts: account;
    /// Campaigns.
    campaigns: campaign;
    /// Classes.
    categories: category;
    /// Channels.
    channels: channel;
    /// Departments.
    departments: department;
    /// Persons, by their suggestion.
    persons: person;
    /// Posts.
    posts: post;
    /// Lines of records.
    records: record;
    /// Streams.
    streams: stream;
    /// Suggestions.
    submissions: submission;
    /// Villages and communities.
    villages: village;
    /// Persons of constituencies.
    constituents: constituent;
    /// Symposiums.
    symposiums: symposium;
    /// Visits.
    visits: visit;
    /// Pieces of work.
    tasks: duty_task;
    /// Rosters.
    rosters: roster;
    /// Departments' own plans.
    unit_plans: unit_plan;
    /// Projects.
    projects: project;
    /// Meetings.
    meetings: meeting;
    /// Explanations.
    explanations: explanation;
    /// Inspections.
    inspections: inspection;
    /// Circulars.
    circulars: circular;
    /// That a campaign is closed, by campaign.
    closings: campaign_closing;
    /// That founding documents were received.
    acknowledgements: acknowledgement;
    /// Publicity.
    publicity: publicity;
}

fn rows<E: ById>(tx: &Arc<Tx>) -> Rows<E> {
    let loader = RowLoader { tx: Arc::clone(tx), entity: PhantomData };
    Batch::new(loader)
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

/// One row by id, or nothing when it is absent or out of scope.
pub async fn one<E: ById>(
    loader: &Rows<E>,
    id: E::Id,
) -> Result<Option<<E as EntityTrait>::Model>, ApiError> {
    Ok(loader.load_one(id).await?)
}

/// One row by id that must be there: a key that the schema guarantees.
pub async fn must<E: ById>(loader: &Rows<E>, id: E::Id) -> Result<<E as EntityTrait>::Model, ApiError> {
    one(loader, id).await?.ok_or_else(|| ApiError::internal("a referenced row is out of scope"))
}
