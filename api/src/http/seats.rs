//! Exports under way: each holds a connection to the database, so there are few.

use std::sync::Arc;

use entity::id::County;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::HttpSettings;
use super::counts::{Counted, Counts, Holder};
use crate::error::{ApiError, ErrorCode};
use crate::limits::throttle::RetryAfter;

/// The places of exports.
pub(super) struct Exports {
    all: Arc<Semaphore>,
    most: u32,
    of_account: usize,
    of_county: usize,
    held: Counts<Holder>,
}

/// A place for one; free again when it is dropped.
pub(super) struct Seat {
    _one: OwnedSemaphorePermit,
    _held: [Counted<Holder>; 2],
}

impl Exports {
    pub(super) fn new(settings: &HttpSettings) -> Self {
        Self {
            all: Arc::new(Semaphore::new(settings.exports as usize)),
            most: settings.exports,
            of_account: settings.exports_of_account,
            of_county: settings.exports_of_county,
            held: Counts::default(),
        }
    }

    /// Returns once none is under way.
    pub(super) async fn empty(&self) {
        // The semaphore is never closed.
        let _ = self.all.acquire_many(self.most).await;
    }

    /// A place for an export of an account of a county.
    pub(super) fn take(&self, account: Uuid, county: &County) -> Result<Seat, ApiError> {
        let own = self.held.add(Holder::Account(account), self.of_account);
        let own = own.ok_or_else(|| ApiError::rate_limited(RetryAfter { seconds: 10 }))?;
        let county = Holder::County(county.clone());
        let county = self.held.add(county, self.of_county).ok_or_else(full)?;
        let one = Arc::clone(&self.all).try_acquire_owned();
        Ok(Seat { _one: one.map_err(|_| full())?, _held: [own, county] })
    }
}

fn full() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "同时导出的任务已满，请稍后再试",
        "Too many exports at once; try again shortly",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_and_a_county_leave_exports_to_others() {
        let exports = Exports::new(&HttpSettings {
            exports: 3,
            exports_of_account: 1,
            exports_of_county: 2,
            ..HttpSettings::default()
        });
        let [home, abroad, third] = ["341522", "130803", "990001"].map(County::parse);
        let take = |account: u128, county: &Option<County>| {
            let seat = exports.take(Uuid::from_u128(account), county.as_ref().unwrap());
            seat.map_err(|error| error.code())
        };
        let one = take(1, &home).unwrap();
        assert_eq!(take(1, &home).err(), Some(ErrorCode::RateLimited));
        let two = take(2, &home).unwrap();
        assert_eq!(take(3, &home).err(), Some(ErrorCode::Unavailable));
        let three = take(4, &abroad).unwrap();
        assert_eq!(take(5, &third).err(), Some(ErrorCode::Unavailable));
        drop((one, two));
        assert!(take(1, &home).is_ok() && take(5, &third).is_ok());
        drop(three);
        assert_eq!(exports.held.holders(), 0);
    }
}
