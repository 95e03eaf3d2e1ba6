//! The refresh token where a browser's scripts can't read it: in an HttpOnly cookie, for those who ask for it at login.

use std::sync::{Mutex, PoisonError};

use crate::app::sessions::SESSION_LIFETIME;

/// Its name; the prefix makes browsers refuse it without `Secure`.
const NAME: &str = "__Secure-minsheng-refresh";

/// The cookie of one request, and what becomes of it. Only a transport whose answer has headers brings one.
#[derive(Debug)]
pub struct RefreshCookie {
    received: Option<String>,
    /// Whether the browser would drop it without a word.
    dropped: bool,
    change: Mutex<Option<Change>>,
}

#[derive(Debug)]
enum Change {
    Keep(String),
    Forget,
}

impl RefreshCookie {
    /// From the `Cookie` header's texts.
    #[must_use]
    pub fn received<'h>(headers: impl Iterator<Item = &'h str>) -> Self {
        let received = headers
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == NAME).then(|| value.to_owned()));
        Self { received, dropped: false, change: Mutex::default() }
    }

    /// The same for a page whose browser keeps no `Secure` cookie, if so.
    #[must_use]
    pub fn dropped_if(self, dropped: bool) -> Self {
        Self { dropped, ..self }
    }

    /// Whether the browser would drop it: the page came without encryption, and not from the browser's own machine.
    #[must_use]
    pub const fn is_dropped(&self) -> bool {
        self.dropped
    }

    /// The token that the browser sent.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.received.as_deref()
    }

    /// The browser keeps this token from now on.
    pub fn keep(&self, token: String) {
        self.put(Change::Keep(token));
    }

    /// The browser forgets the token, if it has one.
    pub fn forget(&self) {
        if self.received.is_some() {
            self.put(Change::Forget);
        }
    }

    /// The `Set-Cookie` header's text, if something is to change. `SameSite=Strict` keeps it from requests that another
    /// site begins, and the path from everything but the API.
    #[must_use]
    pub fn set_cookie(&self) -> Option<String> {
        let change = self.change.lock().unwrap_or_else(PoisonError::into_inner);
        let (value, age) = match change.as_ref()? {
            Change::Keep(token) => (token.as_str(), SESSION_LIFETIME.num_seconds()),
            Change::Forget => ("", 0),
        };
        Some(format!("{NAME}={value}; Max-Age={age}; Path=/graphql; Secure; HttpOnly; SameSite=Strict"))
    }

    fn put(&self, change: Change) {
        *self.change.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_among_others_kept_and_forgotten() {
        let cookie = RefreshCookie::received(["a=b; __Secure-minsheng-refresh=t1; c=d"].into_iter());
        assert_eq!(cookie.token(), Some("t1"));
        assert_eq!(cookie.set_cookie(), None);
        cookie.keep("t2".to_owned());
        let set = cookie.set_cookie().unwrap();
        assert!(set.starts_with("__Secure-minsheng-refresh=t2; Max-Age=604800;"), "{set}");
        assert!(set.ends_with("Secure; HttpOnly; SameSite=Strict"), "{set}");
        cookie.forget();
        assert!(cookie.set_cookie().unwrap().contains("=; Max-Age=0;"));
        let none = RefreshCookie::received(std::iter::empty());
        none.forget();
        assert_eq!((none.token(), none.set_cookie()), (None, None));
    }
}
