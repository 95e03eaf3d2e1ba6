//! A visit before it is taken in, and what stands against it.

use chrono::NaiveDate;
use entity::enums::VisitKind;
use entity::id::{DepartmentId, SubmissionId, VillageId};
use entity::visit;

use crate::refusal::{Refusal, UserErrorCode};
use crate::scope::viewer::Viewer;

/// Suggestions that one visit may bring.
pub const MOST_SUBMISSIONS: usize = 20;
const MOST_NOTE: usize = 500;

/// What a form says of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Village or community.
    pub village: Option<VillageId>,
    /// Number of the household in it.
    pub household: i32,
    /// Day.
    pub visited_on: NaiveDate,
    /// How.
    pub kind: VisitKind,
    /// What it brought; none where an id is no suggestion's.
    pub submissions: Vec<Option<SubmissionId>>,
    /// Household under special care or management.
    pub sensitive: bool,
    /// Note.
    pub note: String,
    /// The visitor's own mark.
    pub client_ref: String,
}

/// What a draft is held against.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    /// First day of the campaign.
    pub opens_on: NaiveDate,
    /// Today in the county.
    pub today: NaiveDate,
    /// Households of the village by its last register; none where the caller reaches no such village.
    pub households: Option<i32>,
}

impl Draft {
    /// Everything that stands against it.
    #[must_use]
    pub fn refusals(&self, ground: Ground) -> Vec<Refusal> {
        let mut refusals: Vec<Refusal> =
            [check_ref(&self.client_ref).err(), check_day(self.visited_on, "visitedOn", ground).err()]
                .into_iter()
                .flatten()
                .collect();
        match ground.households {
            None => refusals.push(Refusal::not_found("villageId")),
            Some(most) if !(1..=most).contains(&self.household) => {
                refusals.push(Refusal::invalid(
                    "household",
                    format!("户号应为 1 至 {most}"),
                    format!("The household must be from 1 to {most}"),
                ));
            }
            Some(_) => {}
        }
        if self.submissions.len() > MOST_SUBMISSIONS {
            let (zh, en) = ("每次走访最多 20 件意见建议", "At most 20 suggestions");
            refusals.push(Refusal::invalid("submissionIds", zh, en));
        }
        if self.note.chars().count() > MOST_NOTE {
            let (zh, en) = ("备注最多 500 个字", "At most 500 characters");
            refusals.push(Refusal::invalid("note", zh, en));
        }
        refusals
    }

    /// Whether it is the visit that was taken in under the same mark.
    #[must_use]
    pub fn repeats(&self, row: &visit::Model) -> bool {
        self.village == Some(row.village)
            && self.household == row.household
            && self.visited_on == row.visited_on
            && self.kind == row.kind
    }
}

/// Refuses days before the campaign and days to come; late entry of an earlier day is what offline work brings.
fn check_day(day: NaiveDate, field: &str, ground: Ground) -> Result<(), Refusal> {
    if day < ground.opens_on {
        return Err(Refusal::of(
            UserErrorCode::CampaignClosed,
            field,
            format!("征集活动自 {} 开始", ground.opens_on),
            format!("The campaign opens on {}", ground.opens_on),
        ));
    }
    if day > ground.today {
        let (zh, en) = ("日期不能晚于今天", "The day is still to come");
        return Err(Refusal::invalid(field, zh, en));
    }
    Ok(())
}

/// Refuses marks that are empty or long.
pub fn check_ref(client_ref: &str) -> Result<(), Refusal> {
    if (1..=64).contains(&client_ref.chars().count()) {
        return Ok(());
    }
    let (zh, en) = ("客户端编号应为 1 至 64 个字", "Must have 1 to 64 characters");
    Err(Refusal::invalid("clientRef", zh, en))
}

/// Everything that stands against a symposium.
#[must_use]
pub fn check_symposium(
    held_on: NaiveDate,
    place: &str,
    topic: &str,
    attendance: i32,
    households: usize,
    ground: Ground,
) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = check_day(held_on, "heldOn", ground).err().into_iter().collect();
    if !(1..=100).contains(&place.chars().count()) {
        let (zh, en) = ("地点应为 1 至 100 个字", "Must have 1 to 100 characters");
        refusals.push(Refusal::invalid("place", zh, en));
    }
    if topic.chars().count() > 200 {
        let (zh, en) = ("主题最多 200 个字", "At most 200 characters");
        refusals.push(Refusal::invalid("topic", zh, en));
    }
    let present = i32::try_from(households).unwrap_or(i32::MAX);
    if !(present.max(1)..=100_000).contains(&attendance) {
        let (zh, en) =
            ("到会人数至少 1 人，且不少于到会户数", "At least one person, and one of each household");
        refusals.push(Refusal::invalid("attendance", zh, en));
    }
    refusals
}

/// Only whoever visited changes a visit; it is hidden from nobody who sees it, so the answer may say so.
pub fn owned(viewer: &Viewer, department: DepartmentId) -> Result<(), Refusal> {
    if viewer.department() == department { Ok(()) } else { Err(Refusal::not_found("visitId")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_visit_lies_within_the_campaign_and_the_register() {
        let ground = Ground { opens_on: day("2019-10-15"), today: day("2019-10-20"), households: Some(246) };
        let draft = Draft {
            village: Some(VillageId(uuid::Uuid::nil())),
            household: 246,
            visited_on: day("2019-10-16"),
            kind: VisitKind::Door,
            submissions: Vec::new(),
            sensitive: false,
            note: String::new(),
            client_ref: "a-1".to_owned(),
        };
        let fields = |draft: &Draft, ground: Ground| -> Vec<String> {
            let refusals = draft.refusals(ground).into_iter();
            refusals.map(|refusal| refusal.field.concat()).collect()
        };
        assert_eq!(fields(&draft, ground), Vec::<String>::new());
        for household in [0, -1, 247] {
            let beyond = Draft { household, ..draft.clone() };
            assert_eq!(fields(&beyond, ground), ["household"]);
        }
        for visited_on in ["2019-10-14", "2019-10-21"] {
            let visited_on = day(visited_on);
            let outside = Draft { visited_on, ..draft.clone() };
            assert_eq!(fields(&outside, ground), ["visitedOn"]);
        }
        let nowhere = Ground { households: None, ..ground };
        assert_eq!(fields(&draft, nowhere), ["villageId"]);
        let unmarked = Draft { client_ref: String::new(), ..draft };
        assert_eq!(fields(&unmarked, ground), ["clientRef"]);
    }
}
