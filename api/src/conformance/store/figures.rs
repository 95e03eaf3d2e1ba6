//! What the rollups say: suggestions by stream, channel, class and kind, and those of the campaign's days.

use std::collections::{BTreeMap, HashMap};

use chrono::Days;
use entity::enums::SubmissionKind;
use entity::id::CampaignId;
use entity::{campaign, category, channel, stream};
use uuid::Uuid;

use crate::conformance::rules::facts::{Heard, Received, counts};
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::ids::Kind;
use crate::shares::figures::{Cell, Dimension, Key, cells};
use crate::shares::filter::{Filter, Queue};

/// Suggestions by what the plan lists, and altogether.
pub(super) struct Figures {
    pub(super) streams: Vec<Heard>,
    pub(super) channels: Vec<Heard>,
    pub(super) categories: Vec<Heard>,
    pub(super) received: Received,
}

fn collected(campaign: CampaignId) -> Filter {
    Filter { campaigns: Some(vec![campaign]), queue: Some(Queue::Collected), ..Filter::default() }
}

fn sum<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> i64 {
    let these = cells.into_iter().filter(|cell| counts(cell.stage));
    these.map(|cell| cell.count).sum()
}

/// By the keys of rows; what has none is left out.
fn by_row(cells: &[Cell]) -> HashMap<Uuid, i64> {
    let mut found: HashMap<Uuid, i64> = HashMap::new();
    for cell in cells {
        let key = match cell.keys[..] {
            [Key::Stream(id)] => id.0,
            [Key::Channel(id)] => id.0,
            [Key::Category(Some(id))] => id.0,
            _ => continue,
        };
        *found.entry(key).or_default() += sum([cell]);
    }
    found
}

fn by_kind(cells: &[Cell]) -> BTreeMap<SubmissionKind, i64> {
    let mut found = BTreeMap::new();
    for cell in cells {
        if let [Key::Kind(kind)] = cell.keys[..] {
            *found.entry(kind).or_default() += sum([cell]);
        }
    }
    found
}

macro_rules! heard {
    ($tx:ident, $campaign:ident, $table:ident, $kind:ident, $cells:expr) => {{
        let count = by_row($cells);
        let these = Predicate::is($table::Column::Campaign, $campaign);
        let rows = $tx.from::<$table::Entity>().filter(these);
        let rows = rows.order($table::Column::Rank, Direction::Ascending);
        let heard = |row: $table::Model| Heard {
            count: count.get(&row.id.0).copied().unwrap_or(0),
            object: (Kind::$kind, row.id.0),
            code: row.code,
        };
        rows.all().await?.into_iter().map(heard).collect()
    }};
}

pub(super) async fn read(tx: &Tx, row: &campaign::Model) -> Result<Figures, Fault> {
    let campaign = row.id;
    let whole = collected(campaign);
    let within = Filter {
        received_from: Some(row.opens_on),
        received_before: row.closes_on.and_then(|last| last.checked_add_days(Days::new(1))),
        ..whole.clone()
    };
    let streams = cells(tx, &whole, &[Dimension::Stream]).await?;
    let channels = cells(tx, &whole, &[Dimension::Channel]).await?;
    let classes = cells(tx, &whole, &[Dimension::Category]).await?;
    let kinds = cells(tx, &whole, &[Dimension::Kind]).await?;
    let in_class = classes.iter().filter(|cell| matches!(cell.keys[..], [Key::Category(Some(_))]));
    Ok(Figures {
        received: Received {
            all: sum(&classes),
            within: sum(&cells(tx, &within, &[]).await?),
            classified: sum(in_class),
            kinds: by_kind(&kinds),
        },
        streams: heard!(tx, campaign, stream, IntakeStream, &streams),
        channels: heard!(tx, campaign, channel, Channel, &channels),
        categories: heard!(tx, campaign, category, Category, &classes),
    })
}
