//! Minsheng (民声): the GraphQL backend of a county's public-suggestion campaign.
//!
//! Rows are reachable only through a [`db::Tx`] that was opened for an [`scope::viewer::Viewer`]; the README maps the rest.

// Query and Mutation are merged of one object for each capability; the future that resolves them nests as deep.
#![recursion_limit = "256"]

// By floors, from the ground up: each uses what stands above it here, and nothing below it or beside it; `tests/floors/`
// holds them to it.
pub mod audience;
pub mod clock;
pub mod logging;
pub mod refusal;
pub mod sensitive;

pub mod limits;
pub mod plan;
pub mod scope;

pub mod secrets;

pub mod db;
pub mod ids;

pub mod error;

pub mod snapshot;

pub mod app;

pub mod graphql;
pub mod rollups;

pub mod shares;

pub mod campaign;

pub mod access;

pub mod audit;
pub mod export;

pub mod intake;

pub mod decision;
pub mod events;
pub mod keys;

pub mod coverage;
pub mod publicity;
pub mod supervision;

pub mod duty;
pub mod reporting;

pub mod conformance;

pub mod schema;

pub mod background;

pub mod http;
pub mod jobs;

pub mod config;
pub mod demo;

pub mod cli;
