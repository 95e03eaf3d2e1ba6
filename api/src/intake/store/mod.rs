//! The rows of intake: taking in, steps, persons, finding.

mod entry;
mod find;
pub mod import;
mod person;
mod place;
mod receipt;
mod step;
mod together;

pub use entry::{Entry, Source, Untaken, take_in, taken_in};
pub use find::{MOST_FOUND, Mark, Who, by_mark, of_person};
pub use person::{Identity, erase, person_of, reveal};
pub use place::{Place, Wanted, campaign_row, stream_by_code};
pub use receipt::{Seen, code_given, given, look_up, note_receipt};
pub use step::{Edit, apply, check_edit, classify, find, withdraw};
pub use together::move_all;
