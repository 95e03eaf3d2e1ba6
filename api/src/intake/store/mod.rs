//! The rows of intake: taking in, steps, persons, finding.

mod entry;
pub mod figures;
mod find;
mod person;
mod receipt;
mod step;

pub use entry::{Entry, Source, take_in};
pub use find::{Facets, Filter, Order, Queue, count, page};
pub use person::{Identity, erase, reveal};
pub use receipt::{Seen, code_of, look_up, note_receipt};
pub use step::{Edit, apply, classify, find, withdraw};
