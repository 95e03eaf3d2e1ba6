//! A password being tried: counted as wrong until it is known to be right.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use crate::access::password::PasswordFault;
use crate::access::throttle::{RetryAfter, ThrottleKey};
use crate::app::App;
use crate::db::Fault;
use crate::graphql::error::ApiError;

/// A password being tried, counted as wrong until it is known to be right.
pub(in crate::access) struct Guess<'a> {
    app: &'a App,
    login: &'a str,
    address: Option<IpAddr>,
}

impl<'a> Guess<'a> {
    /// Counts the attempt, or says how long to wait.
    pub(in crate::access) fn begin(
        app: &'a App,
        login: &'a str,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Self, ApiError> {
        let guess = Self {
            app,
            login,
            address,
        };
        if let Some(key) = guess.from() {
            app.throttle
                .attempt(key, now)
                .map_err(ApiError::rate_limited)?;
        }
        app.throttle
            .attempt(ThrottleKey::Account(login), now)
            .map_err(|wait| {
                // Nothing was guessed at, so the address is not charged.
                if let Some(key) = guess.from() {
                    app.throttle.abandoned(key);
                }
                ApiError::rate_limited(wait)
            })?;
        Ok(guess)
    }

    /// The password was right.
    pub(in crate::access) fn succeeded(&self) {
        self.each(|key| self.app.throttle.succeeded(key));
    }

    /// Hands a result on; a failure of ours is nobody's wrong guess.
    pub(in crate::access) fn unless_failed<T, E: Into<GuessFailed>>(
        &self,
        result: Result<T, E>,
    ) -> Result<T, ApiError> {
        result.map_err(|error| {
            self.each(|key| self.app.throttle.abandoned(key));
            match error.into() {
                GuessFailed::Store(fault) => fault.into(),
                GuessFailed::Hash(fault) => failed(fault),
            }
        })
    }

    fn from(&self) -> Option<ThrottleKey<'static>> {
        self.address.map(ThrottleKey::Address)
    }

    fn each(&self, tell: impl Fn(ThrottleKey<'_>)) {
        tell(ThrottleKey::Account(self.login));
        if let Some(key) = self.from() {
            tell(key);
        }
    }
}

/// What can keep an attempt from a verdict.
pub(in crate::access) enum GuessFailed {
    /// The database.
    Store(Fault),
    /// The hasher.
    Hash(PasswordFault),
}

impl From<Fault> for GuessFailed {
    fn from(fault: Fault) -> Self {
        Self::Store(fault)
    }
}

impl From<PasswordFault> for GuessFailed {
    fn from(fault: PasswordFault) -> Self {
        Self::Hash(fault)
    }
}

/// A hash that could not be computed, as the API tells it.
pub(crate) fn failed(fault: PasswordFault) -> ApiError {
    match fault {
        PasswordFault::Busy => ApiError::rate_limited(RetryAfter { seconds: 2 }),
        fault => ApiError::internal(&fault.to_string()),
    }
}
