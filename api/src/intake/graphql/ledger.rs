//! The ledger (意见建议台账): the list as rows of a file, each value as the same viewer sees it in the list.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::InputType as _;
use async_graphql::async_trait::async_trait;
use entity::id::SubmissionId;
use entity::{category, channel, department, person, stream, submission, village};
use sea_orm::EntityTrait;
use serde_json::Value as Json;

use super::filter::SubmissionFilter;
use super::ledger_head::Head;
use super::person::MaskedPerson;
use super::words::Words;
use crate::db::{Direction, PageRequest, Place, Predicate, Tx};
use crate::error::ApiError;
use crate::export::{Cell, Column, Layout, Source, to_sign};
use crate::graphql::context::Request;
use crate::scope::profiles::Operation;
use crate::shares::filter::Filter;
use crate::shares::find::{self, Order};
use crate::snapshot::Snapshot;
use crate::snapshot::batch::Batch;
use crate::snapshot::loaders::{ById, RowLoader};

/// Rows that are read at once: few, for other requests wait while they are put into cells.
const BATCH: u64 = 200;

/// Suggestions of one filter, in one snapshot of its own.
pub struct Ledger {
    request: Arc<Request>,
    snapshot: Snapshot,
    filter: Filter,
    order: Order,
    direction: Direction,
    /// What stands above the printed rows.
    head: Head,
    after: Option<Place>,
    done: bool,
    /// Rows so far: the printed ones are numbered.
    rows: i64,
}

impl Ledger {
    /// Opens the snapshot in the caller's scope. `filter` is a [`SubmissionFilter`] as the API takes it.
    pub async fn open(
        request: &Arc<Request>,
        filter: &Json,
        order: Order,
        ascending: bool,
    ) -> Result<Self, ApiError> {
        let asked = async_graphql::Value::from_json(filter.clone())
            .ok()
            .and_then(|value| SubmissionFilter::parse(Some(value)).ok())
            .ok_or_else(|| ApiError::internal("a ticket's filter can't be read"))?;
        let filter = asked.resolve(request)?;
        let snapshot = Snapshot::open(&request.app.db, request.viewer()?).await?;
        Ok(Self {
            request: Arc::clone(request),
            head: Head::of(request, &snapshot, &asked, &filter).await?,
            filter,
            snapshot,
            order,
            direction: if ascending { Direction::Ascending } else { Direction::Descending },
            after: None,
            done: false,
            rows: 0,
        })
    }

    /// The next suggestions of the list, in its order.
    async fn batch(&mut self) -> Result<Vec<submission::Model>, ApiError> {
        let page = PageRequest {
            direction: self.direction,
            size: BATCH,
            after: self.after.take(),
            before: None,
            backward: false,
        };
        let tx: &Tx = &self.snapshot.tx;
        let page = find::page(tx, &self.filter, self.order, &page).await?;
        self.done = !page.has_next;
        self.after = page.rows.last().map(|row| self.order.place(row));
        Ok(page.rows)
    }

    /// The people behind suggestions that show them, masked, or whose texts are read without their names.
    async fn persons(
        &self,
        rows: &[submission::Model],
    ) -> Result<HashMap<SubmissionId, person::Model>, ApiError> {
        let viewer = self.request.viewer()?;
        let told = |row: &&submission::Model| {
            MaskedPerson::may_be_shown(viewer, row) || Words::asks_for_person(viewer, row)
        };
        let ids: Vec<SubmissionId> = rows.iter().filter(told).map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let these = Predicate::among(person::Column::Submission, ids);
        let rows = self.snapshot.tx.from::<person::Entity>().filter(these);
        let rows = rows.all().await?.into_iter();
        Ok(rows.map(|row| (row.submission, row)).collect())
    }

    async fn names(&self, rows: &[submission::Model]) -> Result<Names, ApiError> {
        let load = &self.snapshot.load;
        Ok(Names {
            categories: named(&load.category, rows.iter().filter_map(|row| row.category)).await?,
            channels: named(&load.channel, rows.iter().map(|row| row.channel)).await?,
            departments: named(&load.department, rows.iter().map(|row| row.department)).await?,
            streams: named(&load.stream, rows.iter().map(|row| row.stream)).await?,
            villages: named(&load.village, rows.iter().filter_map(|row| row.village)).await?,
            persons: self.persons(rows).await?,
        })
    }

    fn row(&self, number: i64, row: &submission::Model, names: &Names) -> Result<Vec<Cell>, ApiError> {
        let viewer = self.request.viewer()?;
        let language = self.request.language;
        let words = Words::told(viewer, &self.request.app, names.persons.get(&row.id))?;
        let yes = |flag: bool| Cell::yes(flag, language);
        let stream = names.streams.get(&row.stream);
        let extra = extra(&row.extra, stream);
        let category = row.category.and_then(|id| names.categories.get(&id));
        let village = row.village.and_then(|id| names.villages.get(&id));
        let mut cells = vec![
            Cell::Whole(number),
            Cell::Text(row.number.clone()),
            Cell::Text(words.read(&row.title)),
            Cell::Text(words.read(&row.content)),
            Cell::word(row.kind, language),
            Cell::word(row.stage, language),
            Cell::text(category.map(|row| row.name.as_str())),
            Cell::text(names.departments.get(&row.department).map(|row| &*row.name)),
            Cell::text(stream.map(|row| row.name.as_str())),
            Cell::text(names.channels.get(&row.channel).map(|row| &*row.name)),
            Cell::text(village.map(|row| row.name.as_str())),
            Cell::text(row.constituency.as_deref()),
            Cell::word(row.urgency, language),
            Cell::whole(row.beneficiaries),
            yes(row.confidential),
            yes(row.anonymous),
            yes(row.on_behalf),
            yes(row.late),
            Cell::Moment(row.received_at),
            Cell::Moment(row.created_at),
            Cell::text(row.external_ref.as_deref()),
            Cell::text(extra.map(|text| words.read(&text))),
            // To be written in by hand.
            Cell::Empty,
        ];
        if viewer.may(Operation::IdentityReveal) {
            let person = names.persons.get(&row.id);
            let person = MaskedPerson::masked(&self.request.app, person)?;
            let (name, phone) = person.map_or((None, None), |person| (person.name, person.phone));
            cells.extend([Cell::text(name), Cell::text(phone)]);
        }
        Ok(cells)
    }
}

#[async_trait]
impl Source for Ledger {
    fn columns(&self) -> Vec<Column> {
        let viewer = self.request.viewer();
        let people = viewer.is_ok_and(|viewer| viewer.may(Operation::IdentityReveal));
        let hidden = if people { 0 } else { 2 };
        Column::all(&COLUMNS[..COLUMNS.len() - hidden], self.request.language)
    }

    fn heading(&self) -> Option<String> {
        Some(self.head.heading.clone())
    }

    fn preface(&self) -> Vec<String> {
        self.head.preface.clone()
    }

    fn closing(&self) -> Vec<String> {
        to_sign(self.request.language, &[("经办人", "Clerk"), ("负责人", "Head")])
    }

    fn to_write_in(&self) -> bool {
        true
    }

    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, ApiError> {
        // A page none of whose rows could be read is not the end.
        while !self.done {
            let rows = self.batch().await?;
            if rows.is_empty() {
                continue;
            }
            let names = self.names(&rows).await?;
            let numbered = (self.rows + 1..).zip(&rows);
            let cells = numbered.map(|(number, row)| self.row(number, row, &names)).collect();
            self.rows += i64::try_from(rows.len()).unwrap_or_default();
            return cells;
        }
        Ok(Vec::new())
    }
}

/// What the rows of a batch name by key.
struct Names {
    categories: HashMap<entity::id::CategoryId, category::Model>,
    channels: HashMap<entity::id::ChannelId, channel::Model>,
    departments: HashMap<entity::id::DepartmentId, department::Model>,
    streams: HashMap<entity::id::StreamId, stream::Model>,
    villages: HashMap<entity::id::VillageId, village::Model>,
    persons: HashMap<SubmissionId, person::Model>,
}

/// Heading in both languages, width in a workbook, share of a printed page. Paper alone has numbered rows and room for a
/// remark. The last two are for those who may see, masked, who is behind a suggestion.
const COLUMNS: [Layout; 25] = [
    ("序号", "No.", 0, 5),
    ("编号", "Number", 22, 13),
    ("标题", "Title", 30, 15),
    ("内容", "Content", 60, 32),
    ("诉求类型", "Kind", 10, 0),
    ("办理环节", "Stage", 12, 8),
    ("类别", "Class", 14, 8),
    ("征集单位", "Department", 18, 10),
    ("征集流", "Stream", 18, 0),
    ("渠道", "Channel", 14, 0),
    ("村社区", "Village", 14, 0),
    ("征集对象", "Constituency", 14, 0),
    ("紧急程度", "Urgency", 10, 0),
    ("受益人数", "Beneficiaries", 10, 0),
    ("保密", "Confidential", 8, 0),
    ("匿名", "Anonymous", 8, 0),
    ("代录", "On behalf", 8, 0),
    ("逾期", "Late", 8, 0),
    ("收到时间", "Received", 20, 11),
    ("录入时间", "Entered", 20, 0),
    ("来源编号", "Reference", 18, 0),
    ("附加项", "Further fields", 30, 0),
    ("办理意见", "Handling remark", 0, 20),
    ("提出人", "Person", 12, 0),
    ("联系电话", "Telephone", 16, 0),
];

/// The rows that a batch names; what an earlier batch named is kept by the loader.
async fn named<E: ById>(
    loader: &Batch<E::Id, RowLoader<E, E::Id>>,
    ids: impl Iterator<Item = E::Id>,
) -> Result<HashMap<E::Id, <E as EntityTrait>::Model>, ApiError> {
    let distinct: std::collections::HashSet<E::Id> = ids.collect();
    Ok(loader.load_many(distinct).await?)
}

/// Values of the stream's own form under the labels of the form.
fn extra(values: &Json, stream: Option<&stream::Model>) -> Option<String> {
    let fields = stream.and_then(|stream| stream.fields.as_array());
    let label = |key: &str| {
        let mut fields = fields.into_iter().flatten();
        let field = fields.find(|field| field.get("key").and_then(Json::as_str) == Some(key));
        let label = field.and_then(|field| field.get("label")?.as_str());
        label.unwrap_or(key).to_owned()
    };
    let values = values.as_object()?.iter();
    let lines: BTreeSet<String> = values
        .map(|(key, value)| format!("{}：{}", label(key), value.as_str().unwrap_or_default()))
        .collect();
    let lines: Vec<String> = lines.into_iter().collect();
    (!lines.is_empty()).then(|| lines.join("；"))
}
