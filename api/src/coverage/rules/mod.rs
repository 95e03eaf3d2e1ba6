//! What a visit must say, and how coverage is reckoned. No SQL, no clock, no async.

mod draft;
mod figures;

pub use draft::{Draft, Ground, MOST_SUBMISSIONS, check_ref, check_symposium, owned};
pub use figures::{Aim, Counts, Period, Standing, version_at};
