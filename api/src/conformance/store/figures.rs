//! What the rollups say: suggestions by stream, channel, class and kind, and those of the campaign's days.

use std::collections::HashMap;

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

/// Suggestions by what the plan lists.
pub(super) struct Figures {
    pub(super) streams: Vec<Heard>,
    pub(super) channels: Vec<Heard>,
    pub(super) categories: Vec<Heard>,
}

fn collected(campaign: CampaignId) -> Filter {
    Filter { campaigns: Some(vec![campaign]), queue: Some(Queue::Collected), ..Filter::default() }
}

fn sum<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> i64 {
    let these = cells.into_iter().filter(|cell| counts(cell.stage));
    these.map(|cell| cell.count).sum()
}

async fn by(tx: &Tx, campaign: CampaignId, by: Dimension) -> Result<HashMap<Uuid, i64>, Fault> {
    let mut found: HashMap<Uuid, i64> = HashMap::new();
    for cell in cells(tx, &collected(campaign), &[by]).await? {
        let key = match cell.keys[..] {
            [Key::Stream(id)] => id.0,
            [Key::Channel(id)] => id.0,
            [Key::Category(Some(id))] => id.0,
            _ => continue,
        };
        *found.entry(key).or_default() += sum([&cell]);
    }
    Ok(found)
}

macro_rules! heard {
    ($tx:ident, $campaign:ident, $table:ident, $dimension:ident, $kind:ident) => {{
        let count = by($tx, $campaign, Dimension::$dimension).await?;
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

pub(super) async fn heard(tx: &Tx, campaign: CampaignId) -> Result<Figures, Fault> {
    Ok(Figures {
        streams: heard!(tx, campaign, stream, Stream, IntakeStream),
        channels: heard!(tx, campaign, channel, Channel, Channel),
        categories: heard!(tx, campaign, category, Category, Category),
    })
}

pub(super) async fn received(tx: &Tx, campaign: &campaign::Model) -> Result<Received, Fault> {
    let whole = collected(campaign.id);
    let within = Filter {
        received_from: Some(campaign.opens_on),
        received_before: campaign.closes_on.and_then(|last| last.checked_add_days(Days::new(1))),
        ..whole.clone()
    };
    let by_class = cells(tx, &whole, &[Dimension::Category]).await?;
    let by_kind = cells(tx, &whole, &[Dimension::Kind]).await?;
    let in_class = by_class.iter().filter(|cell| matches!(cell.keys[..], [Key::Category(Some(_))]));
    let praise = by_kind.iter().filter(|cell| cell.keys[..] == [Key::Kind(SubmissionKind::Praise)]);
    Ok(Received {
        all: sum(&by_class),
        within: sum(&cells(tx, &within, &[]).await?),
        classified: sum(in_class),
        praise: sum(praise),
    })
}
