//! What every capability's resolvers share: context, errors, ids, scalars, pages.

pub mod answer_size;
pub mod batch;
pub mod connection;
pub mod context;
pub mod coordinates;
pub(crate) mod directives;
pub mod error;
mod given;
pub mod id;
pub mod idempotency;
pub mod input;
pub mod introspection;
pub mod loaders;
pub mod node;
pub mod price;
pub mod refresh_cookie;
pub mod scalars;
pub mod schema;
mod work;

pub mod children;
pub mod listing;
pub mod steps;
