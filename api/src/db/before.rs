//! Where a suggestion stood before it was changed, as far as queues and streams go by it: told together with the change, so
//! that nobody has to remember what everybody's lists show.

use std::collections::BTreeMap;

use entity::enums::{Capability, Stage};
use entity::id::{DepartmentId, StreamId};
use entity::{share, submission};
use uuid::Uuid;

/// Where a suggestion stood before a transaction changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    /// Where it stands after it: nothing that queues go by has changed.
    Same,
    /// Nowhere: it was entered.
    Nowhere,
    /// There.
    Stood(Stood),
}

/// What of a suggestion queues go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// Whether it waited for its class.
    pub received: bool,
    /// Whether it had come late.
    pub late: bool,
    /// Whose it was, where it was moved.
    pub elsewhere: Option<Elsewhere>,
}

/// Whose a suggestion was that was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Its stream.
    pub stream: StreamId,
    /// Who saw it, and by what.
    pub shares: BTreeMap<DepartmentId, Capability>,
}

impl Before {
    /// As a row that was read.
    pub(super) fn of(row: &submission::Model, elsewhere: Option<Elsewhere>) -> Self {
        Self::Stood(Stood { received: row.stage == Stage::Received, late: row.late, elsewhere })
    }

    /// As a row that is about to be moved, and who saw it.
    pub(super) fn of_moved(row: &submission::Model, shares: &[share::Model]) -> Self {
        let shares = shares.iter().map(|share| (share.department, share.capability)).collect();
        Self::of(row, Some(Elsewhere { stream: row.stream, shares }))
    }

    /// Where it stood before this change and a later one.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        match (self, later) {
            (Self::Same, later) => later,
            (Self::Stood(first), Self::Stood(later)) => {
                Self::Stood(Stood { elsewhere: first.elsewhere.or(later.elsewhere), ..first })
            }
            (first, _) => first,
        }
    }

    /// In a few characters: nothing, `n`, or `s` with `r` for received and `l` for late; behind `@` the former stream, and
    /// behind each `+` a department with the first letter of what it saw it by.
    pub(super) fn to_text(&self) -> String {
        match self {
            Self::Same => String::new(),
            Self::Nowhere => "n".to_owned(),
            Self::Stood(stood) => {
                let (received, late) =
                    (if stood.received { "r" } else { "" }, if stood.late { "l" } else { "" });
                let elsewhere = stood.elsewhere.as_ref().map(Elsewhere::to_text).unwrap_or_default();
                format!("s{received}{late}{elsewhere}")
            }
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "" => return Some(Self::Same),
            "n" => return Some(Self::Nowhere),
            _ => {}
        }
        let (stood, elsewhere) = match text.split_once('@') {
            Some((stood, elsewhere)) => (stood, Some(Elsewhere::parse(elsewhere)?)),
            None => (text, None),
        };
        let (received, late) = match stood {
            "s" => (false, false),
            "sr" => (true, false),
            "sl" => (false, true),
            "srl" => (true, true),
            _ => return None,
        };
        Some(Self::Stood(Stood { received, late, elsewhere }))
    }
}

impl Elsewhere {
    fn to_text(&self) -> String {
        let share = |(department, capability): (&DepartmentId, &Capability)| {
            format!("+{}{}", department.0.simple(), letter(*capability))
        };
        let shares: String = self.shares.iter().map(share).collect();
        format!("@{}{shares}", self.stream.0.simple())
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('+');
        let stream = StreamId(Uuid::try_parse(parts.next()?).ok()?);
        let share = |part: &str| {
            let (department, seen) = part.split_at_checked(32)?;
            let known = Capability::ALL.iter().copied().find(|known| letter(*known) == seen)?;
            Some((DepartmentId(Uuid::try_parse(department).ok()?), known))
        };
        Some(Self { stream, shares: parts.map(share).collect::<Option<_>>()? })
    }
}

const fn letter(capability: Capability) -> &'static str {
    match capability {
        Capability::Collect => "c",
        Capability::Handle => "h",
        Capability::Read => "r",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stood(received: bool, late: bool, elsewhere: Option<Elsewhere>) -> Before {
        Before::Stood(Stood { received, late, elsewhere })
    }

    fn moved(n: u128) -> Elsewhere {
        let department = |m: u128| DepartmentId(Uuid::from_u128(n << 64 | m));
        let shares =
            BTreeMap::from([(department(1), Capability::Collect), (department(2), Capability::Read)]);
        Elsewhere { stream: StreamId(Uuid::from_u128(n)), shares }
    }

    #[test]
    fn it_comes_back_as_it_was() {
        let mut all = vec![Before::Same, Before::Nowhere];
        for (received, late) in [(false, false), (false, true), (true, false), (true, true)] {
            all.extend([stood(received, late, None), stood(received, late, Some(moved(7)))]);
        }
        for before in all {
            assert_eq!(Before::parse(&before.to_text()), Some(before));
        }
        for text in ["x", "slr", "s@", "s@x", "nn", "s@0190a0b0c0d070e0800000000000feed+c", "r"] {
            assert_eq!(Before::parse(text), None, "{text}");
        }
    }

    #[test]
    fn of_several_changes_the_first_says_where_it_stood() {
        let (first, later) = (stood(true, false, None), stood(false, true, None));
        assert_eq!(Before::Same.then(later.clone()), later);
        assert_eq!(first.clone().then(Before::Same), first);
        assert_eq!(first.clone().then(later.clone()), first);
        assert_eq!(Before::Nowhere.then(later), Before::Nowhere);
        // Whose it was before the first move, and how it stood before the first change.
        let once = first.then(stood(false, true, Some(moved(7))));
        assert_eq!(once, stood(true, false, Some(moved(7))));
        assert_eq!(once.clone().then(stood(false, false, Some(moved(8)))), once);
    }
}
