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
use crate::snapshot::loaders::one;

/// What the caller may do with one meeting now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, Default, SimpleObject)]
pub struct MeetingPermissions {
    /// Whether `agendaPut` would be accepted with a project that may come before this meeting. 可列入议题
    pub can_put_agenda: bool,
    /// Whether `agendaItemRemove` would be accepted with one of its projects at least. 可移出议题
    pub can_remove_agenda_item: bool,
    /// Whether `meetingResultRecord` would be accepted. 可登记结论
    pub can_record_result: bool,
    /// Whether `meetingResultCorrect` would be accepted, if nothing was built on what changes. 可更正结论
    pub can_correct_result: bool,
    /// Whether `meetingMove` would be accepted with a day that fits its projects. 可改期
    pub can_move: bool,
    /// Whether `meetingCancel` would be accepted. 可取消
    pub can_cancel: bool,
}

impl MeetingPermissions {
    pub(super) async fn of(request: &Request, row: &meeting::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let may = |operation| viewer.may(operation);
        let (puts, records) = (may(Operation::AgendaPut), may(Operation::MeetingResultRecord));
        // All of them are the office's.
        if !(puts || records) {
            return Ok(Self::default());
        }
        let snapshot = request.read().await?;
        let goes_on = one(&snapshot.load.closing_of, row.campaign).await?.is_none();
        if rules::open(row.status).is_err() {
            let correctable = goes_on && rules::correctable(row.status).is_ok();
            let can_correct_result = correctable && may(Operation::MeetingResultCorrect);
            return Ok(Self { can_correct_result, ..Self::default() });
        }
        let items = children(&snapshot.load.children.items_of_meeting, row.id).await?;
        let held = row.held_on <= day_of(request.now) && !items.is_empty();
        let voted = voted(request, row, &items).await?;
        let deputies = row.kind == MeetingKind::CongressVote;
        Ok(Self {
            can_put_agenda: puts && items.len() < rules::MOST,
            can_remove_agenda_item: goes_on && may(Operation::AgendaItemRemove) && voted < items.len(),
            // The deputies' results are what they voted, so each vote comes first.
            can_record_result: records && held && (!deputies || voted == items.len()),
            can_correct_result: false,
            can_move: goes_on && may(Operation::MeetingMove),
            can_cancel: goes_on && may(Operation::MeetingCancel) && voted == 0,
        })
    }
}

/// On how many projects of its agenda the deputies have voted; none where it is not they who meet.
async fn voted(
    request: &Request,
    row: &meeting::Model,
    items: &[agenda_item::Model],
) -> Result<usize, ApiError> {
    if row.kind != MeetingKind::CongressVote {
        return Ok(0);
    }
    let snapshot = request.read().await?;
    let mut voted = 0;
    for item in items {
        voted += usize::from(!children(&snapshot.load.children.votes, item.project).await?.is_empty());
    }
    Ok(voted)
}
