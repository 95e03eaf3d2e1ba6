//! What every capability's resolvers share: the request, scalars, pages, connections, keys sent twice. It knows no
//! capability; they are put together in `schema`.

pub mod answer_size;
pub mod connection;
pub mod context;
pub(crate) mod directives;
pub mod idempotency;
pub mod keyed;
pub mod reads;
pub mod refresh_cookie;
pub mod scalars;
pub mod shown;

pub mod listing;
pub mod steps;
