//! Household visits (S05 to S08): villages at or above their target, large communities and two villages behind.

use chrono::NaiveDate;
use entity::enums::VisitKind;

use super::desk::{Desk, Seat, officer};
use crate::coverage::rules::Draft;
use crate::coverage::store::{Outcome, Symposium, meet, record};
use crate::db::Tx;
use crate::error::Stop;
use crate::plan::Village;
use crate::scope::profiles::Operation;

/// Of a hundred households, those that were visited in villages that were left for last.
const LEFT_FOR_LAST: [(&str, usize); 4] = [("V0201", 61), ("V0402", 72), ("V0904", 38), ("V1103", 3)];

/// A symposium's village and how many of its households came.
const SYMPOSIUM: (&str, i32) = ("V0302", 40);

/// Days before the last one on which people were out, and their share of a hundred visits.
const ROUNDS: [(u64, usize); 3] = [(23, 45), (16, 35), (9, 20)];

/// Households whose visits are entered at once.
const SHEET: usize = 400;

pub(super) async fn play(desk: &Desk<'_>) -> Result<(), Stop> {
    symposium(desk).await?;
    for village in &desk.plan.villages {
        // A committee with an account of its own goes to its own people.
        let committee = village.committee.as_deref().map(officer);
        let committee = committee.filter(|seat| desk.is_taken(*seat));
        let who = committee.unwrap_or(officer(&village.department));
        let tx = desk.open(who, &[Operation::VisitBatchRecord]).await?;
        let mut next = 1;
        for (days, share) in ROUNDS {
            let visited = reached(village) * share / 100;
            rounds(desk, &tx, village, days, next..next + visited).await?;
            next += visited;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// How many households were visited: targets are 95 and 90 in a hundred, and what is cut off by the rounds comes on top.
fn reached(village: &Village) -> usize {
    let households = usize::try_from(village.households).unwrap_or(0);
    let behind = LEFT_FOR_LAST.iter().find(|(code, _)| *code == village.code);
    match behind {
        Some((_, share)) => households * share / 100,
        // Doors of the large communities open on evenings and at weekends: they are the last week's work.
        None if households >= 1_300 => households / 12,
        None => households * 97 / 100 + 2,
    }
}

/// One round's visits, entered on the evening of the day after as the visitors' sheets come in.
async fn rounds(
    desk: &Desk<'_>,
    tx: &Tx,
    village: &Village,
    days: u64,
    households: std::ops::Range<usize>,
) -> Result<(), Stop> {
    let id = desk.village(&village.code)?;
    let draft = |household: usize| Draft {
        village: Some(id),
        household: i32::try_from(household).unwrap_or(i32::MAX),
        visited_on: desk.day(days),
        kind: VisitKind::Door,
        submissions: Vec::new(),
        sensitive: household.is_multiple_of(40),
        note: String::new(),
        client_ref: format!("{}-{household}", village.code),
    };
    let drafts: Vec<Draft> = households.map(draft).collect();
    for sheet in drafts.chunks(SHEET) {
        let at = desk.at(days - 1, 19);
        let outcomes = record(tx, desk.app, Some(desk.campaign), sheet, at).await;
        accepted(outcomes)?;
    }
    Ok(())
}

fn accepted(outcomes: Result<Vec<Outcome>, Stop>) -> Result<(), Stop> {
    for outcome in outcomes? {
        if let Outcome::Refused(refusals) = outcome {
            return Err(refusals.into());
        }
    }
    Ok(())
}

async fn symposium(desk: &Desk<'_>) -> Result<(), Stop> {
    let (code, households) = SYMPOSIUM;
    let held_on: NaiveDate = desk.day(20);
    let form = Symposium {
        campaign: Some(desk.campaign),
        village: Some(Some(desk.village(code)?)),
        held_on,
        place: "村委会会议室".to_owned(),
        topic: "人居环境改善".to_owned(),
        attendance: households + 8,
        households: (1..=households).collect(),
        client_ref: "symposium-1".to_owned(),
    };
    let seat: Seat<'_> = officer("DM_TOWN");
    let tx = desk.open(seat, &[Operation::SymposiumRecord]).await?;
    meet(&tx, desk.app, &form, desk.at(20, 17)).await?;
    Ok(tx.commit().await?)
}
