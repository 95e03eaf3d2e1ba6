//! What every capability's resolvers share: context, errors, ids, scalars, pages.

pub mod answer_size;
pub mod connection;
pub mod context;
pub(crate) mod directives;
pub mod idempotency;
pub mod reads;
pub mod refresh_cookie;
pub mod scalars;

pub mod listing;
pub mod steps;
