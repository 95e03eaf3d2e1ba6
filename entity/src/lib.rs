//! The tables of Minsheng, one file each, without behaviour; the ids and the closed enums that they share.
//!
//! Every table that belongs to a county carries its code first in the key, so that the data can be split by
//! county later. Which rows a caller reaches is not said here but in `minsheng::db::scoped`.

pub mod account;
pub mod account_index;
pub mod audit_entry;
pub mod audit_seal;
pub mod campaign;
pub mod category;
pub mod channel;
mod chinese;
pub mod counter;
pub mod county;
pub mod department;
pub mod enums;
pub mod id;
pub mod idempotency;
pub mod import_batch;
pub mod person;
pub mod portal_client;
pub mod post;
pub mod receipt_index;
pub mod record;
pub mod session;
pub mod share;
pub mod stream;
pub mod submission;
pub mod tally;
pub mod tally_delta;
pub mod village;

pub mod acknowledgement;
pub mod agenda_item;
pub mod campaign_closing;
pub mod circular;
pub mod circular_receipt;
pub mod constituent;
pub mod duty_task;
pub mod evaluation;
pub mod explanation;
pub mod explanation_cover;
pub mod finding;
pub mod household_reach;
pub mod inspection;
pub mod key_version;
pub mod meeting;
pub mod merger;
pub mod milestone;
pub mod progress;
pub mod project;
pub mod project_source;
pub mod project_view;
pub mod publicity;
pub mod rectification;
pub mod roster;
pub mod roster_line;
pub mod summary_document;
pub mod summary_line;
pub mod summary_scan;
pub mod summary_source;
pub mod summary_table;
pub mod symposium;
pub mod unit_plan;
pub mod village_register;
pub mod visit;
pub mod vote;
pub mod weekly_report;
