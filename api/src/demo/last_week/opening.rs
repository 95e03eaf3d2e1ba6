//! The first days: the notice is acknowledged, rosters are handed in, the television station reports (S01, S16 to S18).

use entity::enums::Position;

use super::desk::{Desk, Seat, officer};
use crate::demo::grammar::SURNAMES;
use crate::duty::rules::{Line, due_on};
use crate::duty::store;
use crate::error::Stop;
use crate::plan::DueKind;
use crate::publicity::rules::Piece;
use crate::scope::profiles::Operation;

/// Whose roster came two days late, and whose is missing.
const LATE: &str = "LH_TOWN";
const MISSING: &str = "CULTURE_TOURISM";

pub(super) async fn play(desk: &Desk<'_>) -> Result<(), Stop> {
    let due = due_on(desk.plan, DueKind::Roster).unwrap_or_else(|| desk.day(28));
    let due = u64::try_from((desk.day(0) - due).num_days()).unwrap_or(28);
    for (place, department) in desk.owing().enumerate() {
        let may = [Operation::CampaignAcknowledge, Operation::RosterSubmit];
        let tx = desk.open(officer(department), &may).await?;
        let campaign = Some(desk.campaign);
        store::acknowledge(&tx, desk.app, campaign, desk.at(31, 10)).await?;
        if department != MISSING {
            let days = if department == LATE { due - 2 } else { due };
            let lines = lines(desk, department, place);
            store::submit_roster(&tx, desk.app, campaign, &lines, desk.at(days, 11)).await?;
        }
        tx.commit().await?;
    }
    published(desk).await
}

/// Whoever the plan lists for a department; no person stands behind a name.
fn lines(desk: &Desk<'_>, department: &str, place: usize) -> Vec<Line> {
    let department = desk.plan.department(department);
    let posts = department.map_or(&[][..], |row| desk.plan.posts_of(row));
    let line = |(rank, post): (usize, &crate::plan::Post)| Line {
        position: post.position,
        name: format!("{}某", SURNAMES[(place * 3 + rank) % SURNAMES.len()]),
        title: post.name.clone(),
        duty: post.duty.clone().unwrap_or_default(),
        contact: (post.position != Position::Head)
            .then(|| format!("1990000{:04}", 9_000 + place * 10 + rank)),
    };
    posts.iter().enumerate().map(line).collect()
}

async fn published(desk: &Desk<'_>) -> Result<(), Stop> {
    let seat: Seat<'_> = officer("TV_STATION");
    let tx = desk.open(seat, &[Operation::PublicityRecord]).await?;
    for (days, title) in [(30, "民心工程意见建议征集活动启动"), (16, "干部进门入户，听取群众心声")]
    {
        let piece = Piece {
            published_on: desk.day(days),
            medium: "电视民生专栏".to_owned(),
            title: title.to_owned(),
            reference: String::new(),
        };
        let at = desk.at(days, 20);
        crate::publicity::store::record(&tx, desk.app, desk.campaign, piece, at).await?;
    }
    Ok(tx.commit().await?)
}
