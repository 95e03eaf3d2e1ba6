//! A password being tried: counted as wrong until it is known to be right.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::Fault;
use crate::error::ApiError;
use crate::limits::throttle::{RetryAfter, ThrottleKey};
use crate::secrets::password::PasswordFault;

/// A password being tried, counted as wrong until it is known to be right.
pub(in crate::access) struct Guess<'a> {
    app: &'a App,
    login: &'a str,
    /// What the attempt was counted under.
    keys: Vec<ThrottleKey<'a>>,
    now: DateTime<Utc>,
}

impl<'a> Guess<'a> {
    /// Counts an attempt to sign in under its address and under the account at that address, or says how long to wait.
    pub(in crate::access) fn at_door(
        app: &'a App,
        login: &'a str,
        address: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<Self, ApiError> {
        let mut guess = Self::new(app, login, now);
        guess.count(ThrottleKey::Address(address))?;
        // An attempt that the account refuses stays counted under the address: nobody knocks for nothing.
        guess.count(ThrottleKey::Place(login, address))?;
        Ok(guess)
    }

    /// Counts an attempt at the present password by somebody who is signed in.
    pub(in crate::access) fn inside(
        app: &'a App,
        login: &'a str,
        now: DateTime<Utc>,
    ) -> Result<Self, ApiError> {
        let mut guess = Self::new(app, login, now);
        guess.count(ThrottleKey::Present(login))?;
        Ok(guess)
    }

    /// Counts it under what all addresses share that the account did not sign in from lately.
    pub(in crate::access) fn as_stranger(&mut self) -> Result<(), ApiError> {
        self.count(ThrottleKey::Account(self.login)).inspect_err(|_| {
            // Nothing was guessed at: the place does not wait longer than the others.
            let places = self.keys.iter().filter(|key| matches!(key, ThrottleKey::Place(..)));
            places.for_each(|key| self.app.throttle.abandoned(*key));
        })
    }

    const fn new(app: &'a App, login: &'a str, now: DateTime<Utc>) -> Self {
        Self { app, login, keys: Vec::new(), now }
    }

    fn count(&mut self, key: ThrottleKey<'a>) -> Result<(), ApiError> {
        let counted = self.app.throttle.attempt(key, self.now);
        counted.map_err(ApiError::rate_limited)?;
        self.keys.push(key);
        Ok(())
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

    fn each(&self, tell: impl Fn(ThrottleKey<'_>)) {
        self.keys.iter().for_each(|key| tell(*key));
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
