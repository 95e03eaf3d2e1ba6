//! What a post owes (待办): reports, tables, tasks, findings, circulars and all else that waits for it, in one list by day.
//!
//! Each capability says in its own `agenda.rs` what it makes people owe: a [`Source`], which `capabilities!` in `lib.rs`
//! names in one line. Here is only what all of them share: what an [`Owed`] thing is, who asks, and the order of the list.

pub mod rules;
pub mod source;
pub mod store;

pub use rules::{Listed, Owed, OwedKind};
pub use source::{Asked, Running, Source};
