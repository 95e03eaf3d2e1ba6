//! What a committed transaction tells (变更通知): which suggestions of a county it changed, by key and by where each of them
//! stood before, and whether anything else that people work by. Who hears it reads anew in a scope of its own.

use std::collections::BTreeMap;

use entity::id::{County, SubmissionId};
use uuid::Uuid;

use super::before::Before;

/// Most suggestions that are named one by one; a ledger that is brought in changes more.
const MOST: usize = 50;
/// Stands for the keys where there are more.
const MANY: &str = "many";
/// Says that something else changed too.
const WORK: &str = "work";

/// The changes of one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The county; a transaction never leaves it.
    pub county: County,
    /// Which suggestions changed there; none, where something else did.
    pub changed: Changed,
    /// Whether anything else changed that people work by: papers, plans, visits, tasks.
    pub work: bool,
}

/// Which suggestions changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// These, and where each stood before.
    These(BTreeMap<SubmissionId, Before>),
    /// More than are named.
    Many,
}

impl Notice {
    /// Of what a transaction has written down; nothing when that is nothing.
    #[must_use]
    pub fn of(county: &County, changed: BTreeMap<SubmissionId, Before>, work: bool) -> Option<Self> {
        let changed = match changed.len() {
            0 if !work => return None,
            0..=MOST => Changed::These(changed),
            _ => Changed::Many,
        };
        Some(Self { county: county.clone(), changed, work })
    }

    /// As PostgreSQL carries it between servers: at most 1,811 of the 8,000 bytes that it takes, and some hundred more where
    /// a suggestion was moved, of which a transaction moves one.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = self.county.as_str().to_owned();
        if self.work {
            text.extend([" ", WORK]);
        }
        match &self.changed {
            Changed::Many => text.extend([" ", MANY]),
            Changed::These(submissions) => {
                let word = |(submission, before): (&SubmissionId, &Before)| {
                    format!(" {}{}", submission.0.simple(), before.to_text())
                };
                text.extend(submissions.iter().map(word));
            }
        }
        text
    }

    /// Read again; whoever may connect to the database may also send nonsense, which is nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ').peekable();
        let county = County::parse(words.next()?)?;
        let work = words.next_if_eq(&WORK).is_some();
        if words.next_if_eq(&MANY).is_some() {
            return words.next().is_none().then_some(Self { county, changed: Changed::Many, work });
        }
        let changed: Option<BTreeMap<SubmissionId, Before>> = words.map(one).collect();
        Self::of(&county, changed?, work)
    }
}

/// A suggestion and where it stood: 32 digits of its key, and the rest.
fn one(word: &str) -> Option<(SubmissionId, Before)> {
    let (key, before) = word.split_at_checked(32)?;
    Some((SubmissionId(Uuid::try_parse(key).ok()?), Before::parse(before)?))
}

#[cfg(test)]
mod tests {
    use super::super::before::Stood;
    use super::*;

    fn keys(how_many: u128) -> BTreeMap<SubmissionId, Before> {
        let stood = Before::Stood(Stood { received: true, late: true, elsewhere: None });
        (0..how_many).map(|n| (SubmissionId(Uuid::from_u128(n << 64 | 7)), stood.clone())).collect()
    }

    #[test]
    fn a_notice_comes_back_as_it_was_and_fits() {
        let county = County::parse("341522").unwrap();
        assert_eq!(Notice::of(&county, keys(0), false), None);
        for (how_many, work) in [(0, true), (1, false), (2, true), (50, true), (51, false), (5_000, true)] {
            let notice = Notice::of(&county, keys(how_many), work).unwrap();
            let text = notice.to_text();
            assert!(text.len() < 2_000, "{} bytes", text.len());
            assert_eq!(Notice::parse(&text), Some(notice.clone()));
            assert_eq!((notice.changed == Changed::Many, notice.work), (how_many > 50, work));
        }
    }

    #[test]
    fn what_nobody_of_ours_sent_is_nothing() {
        for text in [
            "",
            "341522",
            "34152 many",
            "341522 ",
            "341522 x",
            "341522 0190a0b0c0d070e0800000000000feedx",
            "341522 0190a0b0c0d070e0800000000000fee路灯",
            "341522 many more",
            "341522 work x",
            "341522 workmany",
        ] {
            assert_eq!(Notice::parse(text), None, "{text}");
        }
    }
}
