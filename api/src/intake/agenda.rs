//! What intake makes people owe: suggestions that wait for a class.

use async_graphql::async_trait::async_trait;
use entity::id::StreamId;

use crate::agenda::{Asked, Owed, OwedKind, Source};
use crate::error::ApiError;
use crate::ids::Kind;
use crate::refusal::Message;
use crate::scope::profiles::Operation;
use crate::shares::figures::{Dimension, Key, cells};
use crate::shares::filter::{Filter, Queue};

/// What intake makes people owe.
pub struct Owing;

#[async_trait]
impl Source for Owing {
    /// One pile for each stream of the department, counted by the rollups.
    async fn owed(&self, asked: &Asked<'_>) -> Result<Vec<Owed>, ApiError> {
        if !asked.may(Operation::SubmissionClassify) {
            return Ok(Vec::new());
        }
        let filter = Filter {
            campaigns: Some(asked.campaigns.iter().map(|running| running.row.id).collect()),
            departments: Some(vec![asked.department.id]),
            queue: Some(Queue::ToClassify),
            ..Filter::default()
        };
        let piles = cells(asked.tx(), &filter, &[Dimension::Stream]).await?;
        let piles = piles.iter().filter_map(|cell| match cell.keys[..] {
            [Key::Stream(stream)] => Some((stream, u64::try_from(cell.count).ok()?)),
            _ => None,
        });
        let piles: Vec<(StreamId, u64)> = piles.collect();
        let named: Vec<StreamId> = piles.iter().map(|(stream, _)| *stream).collect();
        let streams = asked.snapshot.load.stream.load_many(named).await?;
        let owed = piles.iter().filter_map(|(stream, count)| {
            let row = streams.get(stream)?;
            let title = Message::new(
                format!("{}：{count} 件意见待归类", row.name),
                format!("{}: {count} suggestions to classify", row.name),
            );
            let owed = Owed::new(OwedKind::ToClassify, Operation::SubmissionClassify, row.campaign, title);
            Some(owed.about(Kind::IntakeStream, *stream).many(*count))
        });
        Ok(owed.collect())
    }
}
