//! What an entry about a piece of publicity must say. No SQL, no clock, no async.

use chrono::NaiveDate;

use crate::refusal::{Refusal, UserErrorCode};

/// A piece that came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its day.
    pub published_on: NaiveDate,
    /// Where it came out.
    pub medium: String,
    /// Its heading.
    pub title: String,
    /// Where it is found; empty when nobody said.
    pub reference: String,
}

/// Everything that stands against an entry.
#[must_use]
pub fn check(piece: &Piece, today: NaiveDate) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut length = |field: &str, text: &str, least: usize, most: usize| {
        if !(least..=most).contains(&text.chars().count()) {
            refusals.push(Refusal::invalid(
                field,
                format!("应为 {least} 至 {most} 个字"),
                format!("Must have {least} to {most} characters"),
            ));
        }
    };
    length("medium", &piece.medium, 1, 100);
    length("title", &piece.title, 1, 200);
    length("reference", &piece.reference, 0, 500);
    if piece.published_on > today {
        let (zh, en) = ("日期尚未到来", "This day is still to come");
        refusals.push(Refusal::invalid("publishedOn", zh, en));
    }
    refusals
}

/// Only an entry that was not withdrawn is corrected or withdrawn.
pub fn standing(withdrawn: bool) -> Result<(), Refusal> {
    if !withdrawn {
        return Ok(());
    }
    Err(Refusal::of(UserErrorCode::WrongStage, "publicityId", "已撤回", "It was withdrawn"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 10, n).unwrap()
    }

    #[test]
    fn what_was_withdrawn_stays_so() {
        assert!(standing(false).is_ok());
        assert_eq!(standing(true).unwrap_err().code, UserErrorCode::WrongStage);
    }

    #[test]
    fn a_piece_has_medium_and_title_and_has_come_out() {
        let piece = Piece {
            published_on: day(20),
            medium: "区电视台".to_owned(),
            title: "民心工程征集活动启动".to_owned(),
            reference: String::new(),
        };
        assert!(check(&piece, day(20)).is_empty());
        assert_eq!(check(&piece, day(19)).len(), 1);
        let bare = Piece { medium: String::new(), title: "长".repeat(201), ..piece };
        let fields: Vec<String> =
            check(&bare, day(20)).into_iter().map(|refusal| refusal.field.join(".")).collect();
        assert_eq!(fields, ["medium", "title"]);
    }
}
