//! Earlier periods to compare with: the one before (环比) and the same days a year before (同比).

use async_graphql::SimpleObject;
use chrono::{Months, NaiveDate};

use crate::graphql::scalars::Date;
use crate::shares::filter::Filter;

/// Change against an earlier period of the same length. 与往期比较
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct OverviewChange {
    /// First day of the earlier period. 往期起（含）
    pub from: Date,
    /// Day after its last day. 往期止（不含）
    pub to: Date,
    /// What was received then. 往期收到
    pub received: i64,
    /// Received now, less received then. 增减
    pub difference: i64,
}

/// How far back a comparison goes.
#[derive(Clone, Copy)]
pub(super) enum Back {
    /// As many days, just before.
    Period,
    /// The same days of the year before.
    Year,
}

/// A half-open stretch of days.
#[derive(Clone, Copy)]
pub(super) struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

impl Back {
    pub(super) fn of(self, filter: &Filter) -> Option<Period> {
        let (from, to) = (filter.received_from?, filter.received_to?);
        let year = |day: NaiveDate| day.checked_sub_months(Months::new(12));
        match self {
            Self::Period => Some(Period { from: from.checked_sub_signed(to - from)?, to: from }),
            Self::Year => Some(Period { from: year(from)?, to: year(to)? }),
        }
    }
}

impl Period {
    pub(super) fn shift(self, filter: &Filter) -> Filter {
        Filter { received_from: Some(self.from), received_to: Some(self.to), ..filter.clone() }
    }

    pub(super) const fn change(self, now: i64, then: i64) -> OverviewChange {
        OverviewChange { from: Date(self.from), to: Date(self.to), received: then, difference: now - then }
    }
}
