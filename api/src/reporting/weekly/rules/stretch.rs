//! Which stretch of time a report counts, so that the reports of a department always add up to all that it received: in
//! whatever order they are handed in, and on whatever earlier day something was received that is entered later.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// One edition that a department has handed in for one due date of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handed<R> {
    /// Last day of its period.
    pub period_end: NaiveDate,
    /// From 1 in each period; the latest one counts.
    pub edition: i32,
    /// Its cut: what was entered up to this instant is counted in it or before it.
    pub until: DateTime<Utc>,
    /// The report itself.
    pub report: R,
}

/// What a report counts that is handed in now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted<'h, R> {
    /// All that was entered since the cut of this report; since the beginning where there is none.
    Since(Option<&'h Handed<R>>),
    /// The same as its former edition, for another report goes on from the cut of that one.
    As(&'h Handed<R>),
}

/// What a report of a period counts, beside all editions that were handed in before.
///
/// The stretches of the editions that count lie end to end: a first edition begins at the last cut, whichever period that
/// belongs to. A correction of the last one replaces it and reaches up to now. A correction of an earlier one keeps what
/// it counted.
#[must_use]
pub fn counted<R>(handed: &[Handed<R>], period_end: NaiveDate) -> Counted<'_, R> {
    let replaced = |one: &Handed<R>| {
        let mut others = handed.iter().filter(|other| other.period_end == one.period_end);
        others.any(|other| other.edition > one.edition)
    };
    let live = handed.iter().filter(|one| !replaced(one));
    let (own, others): (Vec<_>, Vec<_>) = live.partition(|one| one.period_end == period_end);
    let before = others.into_iter().max_by_key(|one| one.until);
    match (own.first(), before) {
        (Some(own), Some(before)) if before.until >= own.until => Counted::As(own),
        _ => Counted::Since(before),
    }
}

/// The cut of a report that is handed in now: behind every former one, also where the clock was put back.
#[must_use]
pub fn cut<R>(handed: &[Handed<R>], now: DateTime<Utc>) -> DateTime<Utc> {
    let last = handed.iter().map(|one| one.until).max();
    last.and_then(just_after).map_or(now, |earliest| now.max(earliest))
}

/// The next instant that both databases tell from this one.
#[must_use]
pub fn just_after(instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
    instant.checked_add_signed(TimeDelta::microseconds(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 11, day).unwrap()
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn handed(period: u32, edition: i32, until: i64) -> Handed<()> {
        Handed { period_end: day(period), edition, until: at(until), report: () }
    }

    #[test]
    fn the_first_report_begins_at_the_beginning_and_the_next_at_the_last_cut_whatever_its_period() {
        assert_eq!(counted::<()>(&[], day(1)), Counted::Since(None));
        let both = [handed(1, 1, 10), handed(15, 1, 30)];
        assert_eq!(counted(&both, day(22)), Counted::Since(Some(&both[1])));
        assert_eq!(counted(&both, day(8)), Counted::Since(Some(&both[1])), "a late one of an earlier period");
    }

    #[test]
    fn a_correction_of_the_last_one_replaces_it_and_one_of_an_earlier_one_keeps_what_it_counted() {
        let both = [handed(1, 1, 10), handed(8, 1, 20)];
        assert_eq!(counted(&both, day(8)), Counted::Since(Some(&both[0])));
        assert_eq!(counted(&both, day(1)), Counted::As(&both[0]));
        assert_eq!(counted(&both[..1], day(1)), Counted::Since(None), "the only one");
        let corrected = [handed(1, 1, 10), handed(1, 2, 15), handed(8, 1, 20)];
        assert_eq!(counted(&corrected, day(1)), Counted::As(&corrected[1]), "its latest edition");
        assert_eq!(counted(&corrected, day(8)), Counted::Since(Some(&corrected[1])));
    }

    #[test]
    fn a_cut_lies_behind_every_former_one() {
        assert_eq!(cut::<()>(&[], at(5)), at(5));
        assert_eq!(cut(&[handed(1, 1, 10)], at(20)), at(20));
        let later = at(30) + TimeDelta::microseconds(1);
        assert_eq!(cut(&[handed(1, 1, 30), handed(8, 1, 20)], at(25)), later, "the clock was put back");
    }
}
