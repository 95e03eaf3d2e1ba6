//! Minsheng (民声): the GraphQL backend of a county's public-suggestion campaign.
//!
//! Rows are reachable only through a [`db::Tx`] that was opened for an [`access::viewer::Viewer`]; the README maps the rest.

// Query and Mutation are merged of one object for each capability; the future that resolves them nests as deep.
#![recursion_limit = "256"]

pub mod access;
pub mod app;
pub mod audit;
pub mod background;
pub mod campaign;
pub mod cli;
pub mod clock;
pub mod config;
pub mod coverage;
pub mod db;
pub mod demo;
pub mod duty;
pub mod events;
pub mod export;
pub mod graphql;
pub mod http;
pub mod intake;
pub mod keys;
pub mod logging;
pub mod reporting;
pub mod rollups;

pub mod conformance;
pub mod decision;
pub mod publicity;
pub mod supervision;
