//! Suggestions over GraphQL.

mod assignee;
mod export;
mod fate;
mod filter;
mod find;
mod former;
mod import;
mod inputs;
mod invalid;
mod ledger;
mod ledger_head;
mod list;
mod mutation;
mod overview;
mod person;
mod public;
mod query;
mod receipt;
mod record;
mod submission;
mod words;

pub use export::LedgerWanted;
pub use filter::{FilterToken, SubmissionFilter};
pub use import::ImportBatch;
pub use list::{HighlightField, SubmissionConnection};
pub use overview::Overview;
pub use public::PublicClosure;
pub use query::{IntakeQuery, OrderDirection};
pub use record::Record;
pub use submission::{Explanation, Submission, SubmissionPermissions};

use async_graphql::MergedObject;

use export::ExportMutation;
use import::ImportMutation;
use mutation::{AssignMutation, InvalidMutation, SubmissionMutation};

/// Everything that intake does.
#[derive(Default, MergedObject)]
pub struct IntakeMutation(
    SubmissionMutation,
    AssignMutation,
    InvalidMutation,
    ImportMutation,
    ExportMutation,
);
