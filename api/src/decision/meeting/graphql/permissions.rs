//! What drives the buttons of a meeting.

use async_graphql::SimpleObject;
use entity::enums::MeetingKind;
use entity::{agenda_item, meeting};

use crate::clock::day_of;
use crate::decision::meeting::rules;
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::scope::profiles::Operation;
use crate::snapshot::children::children;

/// What the caller may do with one meeting now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct MeetingPermissions {
    /// Whether `agendaPut` would be accepted with a project that may come before this meeting. 可列入议题
    pub can_put_agenda: bool,
    /// Whether `meetingResultRecord` would be accepted. 可登记结论
    pub can_record_result: bool,
}

impl MeetingPermissions {
    pub(super) async fn of(request: &Request, row: &meeting::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let (puts, records) = (viewer.may(Operation::AgendaPut), viewer.may(Operation::MeetingResultRecord));
        if rules::open(row.status).is_err() || !(puts || records) {
            return Ok(Self { can_put_agenda: false, can_record_result: false });
        }
        let snapshot = request.read().await?;
        let items = children(&snapshot.load.children.items_of_meeting, row.id).await?;
        let held = row.held_on <= day_of(request.now) && !items.is_empty();
        Ok(Self {
            can_put_agenda: puts && items.len() < rules::MOST,
            can_record_result: records && held && voted(request, row, &items).await?,
        })
    }
}

/// The deputies' results are what they voted, so each vote comes first.
async fn voted(
    request: &Request,
    row: &meeting::Model,
    items: &[agenda_item::Model],
) -> Result<bool, ApiError> {
    if row.kind != MeetingKind::CongressVote {
        return Ok(true);
    }
    let snapshot = request.read().await?;
    for item in items {
        if children(&snapshot.load.children.votes, item.project).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}
