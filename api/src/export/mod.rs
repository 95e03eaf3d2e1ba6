//! Carrying rows out as files (导出): what is exported is a [`Source`] of rows under columns, how is a [`Format`], and
//! who fetches it shows a [`Ticket`]. A capability adds a kind as a type of its own that is [`Exported`].

mod cell;
mod document;
mod format;
pub mod graphql;
mod paper;
mod prepared;
mod printable;
mod pump;
mod source;
mod subject;
mod ticket;
mod writer;

pub use cell::{Cell, looks_like_formula, word};
pub use document::{Document, Paper, Table, document};
pub use format::Format;
pub use paper::{printed_by, to_sign};
pub use prepared::Prepared;
pub use pump::{Job, Outflow, begin};
pub use source::{Column, Layout, Opened, Source, exported_on, gone};
pub use subject::{Exportable, Exported, Subject};
pub use ticket::{LIFETIME, Ticket};
