//! Minsheng (民声): the GraphQL backend of a county's public-suggestion campaign.
//!
//! Rows are reachable only through a [`db::Tx`] that was opened for an [`access::viewer::Viewer`]; the README maps the rest.

// Query and Mutation are merged of one object for each capability; the future that resolves them nests as deep.
#![recursion_limit = "256"]

// In the order of the floors, from the ground up: each uses what stands above it in this list, and nothing below it.
pub mod audience;
pub mod clock;
pub mod refusal;
pub mod sensitive;

pub mod plan;
pub mod scope;

pub mod limits;
pub mod secrets;

pub mod db;
pub mod error;
pub mod ids;
pub mod snapshot;

pub mod app;
pub mod graphql;

pub mod campaign;

pub mod access;
pub mod audit;
pub mod rollups;

pub mod export;

pub mod intake;

pub mod decision;

pub mod coverage;
pub mod duty;
pub mod publicity;
pub mod reporting;
pub mod supervision;

pub mod conformance;
pub mod events;
pub mod keys;

pub mod background;
pub mod jobs;
pub mod schema;

pub mod http;

pub mod config;
pub mod demo;
pub mod logging;

pub mod cli;
