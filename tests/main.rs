//! The one test binary: each file one behaviour, each behaviour on both databases. Run it with `tests/run`.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod access;
mod audit;
mod background;
mod bounds;
mod buttons;
mod clients;
mod codes;
mod cost;
mod deadline;
mod demo;
mod descriptions;
mod door;
mod durability;
mod events;
mod explorer;
mod exports;
mod guard;
mod http;
mod import;
mod inserts;
mod intake;
mod jobs;
mod keys;
mod matrix;
mod outage;
mod permissions;
mod portals;
mod queries;
mod races;
mod rates;
mod receipts;
mod reporting;
mod round_trips;
mod schema;
mod sections;
mod serving;
mod stored_plans;
mod support;
mod tally;
mod trail;
mod upgrade;
mod walker;
mod walls;
mod writers;

mod coverage;
mod decision;
mod duty;
mod supervision;

mod conformance;
mod last_week;
mod shares;
mod shuangluan;
mod tour;
