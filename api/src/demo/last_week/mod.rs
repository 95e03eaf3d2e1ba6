//! A campaign in its last week (演示：最后一周): what its departments did since the notice, each in its own post, by the
//! stores that everybody's requests end in, and at the day on which it was done.
//!
//! Acts are counted back from the campaign's last day. The suggestions of the pile come in between, so that a report or a
//! table freezes what was there on its day. Of the district: thirty departments hand in, Luanhe's roster was late and the
//! culture bureau's is missing; Nanshan street was late with the last report and Taxi street left it out; most villages
//! have reached their target, the large communities are behind; of four tables two are accepted, Luanhe's came back and
//! is being revised, Damiao's is being written; one project is adopted, one studied, one turned down, one on the agenda of
//! a meeting to come, one proposed.

mod coverage;
mod decisions;
mod desk;
mod matters;
mod opening;
mod supervision;
mod tables;
mod weekly;

use entity::enums::Position;

use super::fill::Pile;
use crate::app::App;
use crate::error::Stop;
use crate::plan::Plan;
use desk::Desk;

/// Who has everybody that signs a table: its two are accepted, one came back, one is being written.
const SIGNING: [&str; 4] = ["STS_TOWN", "NPC_OFFICE", "LH_TOWN", "DM_TOWN"];

/// Whether somebody has a part in a campaign's last week: every collector reports, and some sign tables.
#[must_use]
pub(super) fn takes_part(plan: &Plan, department: &str, position: Position) -> bool {
    plan.campaign.closes_on.is_some()
        && (SIGNING.contains(&department)
            || position == Position::Officer && plan.streams_of(department).next().is_some())
}

/// Plays a campaign up to today; the pile is empty then. The days of its plan lie so that today is in its last week.
///
/// # Errors
/// Somebody's post is missing, something is refused, or the database is away.
pub async fn play(app: &App, plan: &Plan, mut pile: Pile<'_>) -> Result<(), Stop> {
    let desk = Desk::of(app, plan).await?;
    opening::play(&desk).await?;
    for days in [28, 21] {
        pile.write_until(desk.at(days, 17)).await?;
        weekly::friday(&desk, days).await?;
    }
    let matters = matters::enter(&desk).await?;
    coverage::play(&desk).await?;
    supervision::inspection(&desk).await?;
    pile.write_until(desk.at(14, 17)).await?;
    weekly::friday(&desk, 14).await?;
    pile.write_until(desk.at(11, 9)).await?;
    supervision::circular(&desk).await?;
    decisions::play(&desk, &matters).await?;
    pile.write_until(desk.at(8, 9)).await?;
    tables::signing(&desk).await?;
    pile.write_until(desk.at(7, 17)).await?;
    weekly::friday(&desk, 7).await?;
    tables::decided(&desk).await?;
    pile.write_until(desk.at(0, 24)).await?;
    tables::in_hand(&desk).await
}
