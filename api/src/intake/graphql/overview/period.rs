//! Earlier periods to compare with: the one before (环比) and the same days a year before (同比).

use async_graphql::SimpleObject;
use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::graphql::scalars::{Date, YEARS};
use crate::shares::filter::Filter;

/// Change against an earlier period: as many days, or of whole months as many whole months. 与往期比较
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct OverviewChange {
    /// First day of the earlier period. 往期起（含）
    pub from: Date,
    /// Its last day. 往期止（含）
    pub to: Date,
    /// What was received then. 往期收到
    pub received: i64,
    /// Received now, less received then. 增减
    pub difference: i64,
}

/// How far back a comparison goes.
#[derive(Clone, Copy)]
pub(super) enum Back {
    /// As many days just before, or as many whole months.
    Period,
    /// The same days of the year before.
    Year,
}

/// A half-open stretch of days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

impl Back {
    pub(super) fn of(self, filter: &Filter) -> Option<Period> {
        self.before(Period { from: filter.received_from?, to: filter.received_before? })
    }

    /// Nothing where the earlier period would lie before the calendar that both databases and clients have.
    fn before(self, Period { from, to }: Period) -> Option<Period> {
        let back = |day: NaiveDate, months: u32| day.checked_sub_months(Months::new(months));
        let months = whole_months(from, to);
        let earlier = match (self, months) {
            (Self::Period, Some(months)) => Period { from: back(from, months)?, to: from },
            (Self::Period, None) => Period { from: from.checked_sub_signed(to - from)?, to: from },
            (Self::Year, Some(_)) => Period { from: back(from, 12)?, to: back(to, 12)? },
            // By the last day: the day after 28 February is not the same in every year.
            (Self::Year, None) => {
                let last = to.checked_sub_days(Days::new(1))?;
                let to = back(last, 12)?.checked_add_days(Days::new(1))?;
                Period { from: back(from, 12)?.min(to), to }
            }
        };
        YEARS.contains(&earlier.from.year()).then_some(earlier)
    }
}

/// How many whole months a period has; nothing for one that begins or ends within a month.
fn whole_months(from: NaiveDate, to: NaiveDate) -> Option<u32> {
    let number = |day: NaiveDate| day.year() * 12 + day.month0().cast_signed();
    let months = u32::try_from(number(to) - number(from)).ok()?;
    (from.day() == 1 && to.day() == 1 && months > 0).then_some(months)
}

impl Period {
    pub(super) fn shift(self, filter: &Filter) -> Filter {
        Filter { received_from: Some(self.from), received_before: Some(self.to), ..filter.clone() }
    }

    pub(super) fn change(self, now: i64, then: i64) -> OverviewChange {
        let last = self.to.pred_opt().unwrap_or(self.to);
        OverviewChange { from: Date(self.from), to: Date(last), received: then, difference: now - then }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Period {
        Period { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn the_year_before_has_the_same_days() {
        for (from, to, then_from, then_to) in [
            ("2024-02-28", "2024-02-29", "2023-02-28", "2023-03-01"),
            ("2024-02-01", "2024-02-29", "2023-02-01", "2023-03-01"),
            ("2025-02-28", "2025-03-01", "2024-02-28", "2024-02-29"),
            ("2024-02-29", "2024-03-01", "2023-02-28", "2023-03-01"),
            ("2025-02-01", "2025-03-01", "2024-02-01", "2024-03-01"),
            ("2024-02-01", "2024-03-01", "2023-02-01", "2023-03-01"),
            ("2024-01-01", "2025-01-01", "2023-01-01", "2024-01-01"),
            ("2022-03-05", "2022-03-12", "2021-03-05", "2021-03-12"),
        ] {
            let then = Back::Year.before(period(from, to));
            assert_eq!(then, Some(period(then_from, then_to)), "{from} {to}");
        }
    }

    #[test]
    fn the_period_before_has_as_many_days_or_whole_months() {
        for (from, to, then_from) in [
            ("2024-03-01", "2024-04-01", "2024-02-01"),
            ("2024-01-01", "2024-04-01", "2023-10-01"),
            ("2024-03-04", "2024-03-11", "2024-02-26"),
            ("2024-03-01", "2024-03-31", "2024-01-31"),
        ] {
            let then = Back::Period.before(period(from, to));
            assert_eq!(then, Some(period(then_from, from)), "{from} {to}");
        }
    }

    #[test]
    fn nothing_lies_before_the_calendar() {
        assert_eq!(Back::Period.before(period("2022-02-23", "9999-12-31")), None);
        assert_eq!(Back::Year.before(period("0001-03-01", "2022-03-01")), None);
        assert_eq!(
            Back::Period.before(period("2022-03-01", "2022-03-01")),
            Some(period("2022-03-01", "2022-03-01"))
        );
    }
}
