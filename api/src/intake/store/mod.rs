//! The rows of intake: taking in, steps, persons, finding.

mod assign;
mod correction;
mod entry;
mod erasure;
mod find;
mod former;
pub mod import;
mod invalid;
mod moving;
mod person;
mod place;
mod public;
mod receipt;
mod reindex;
mod step;
mod together;

pub use assign::{MOST_MOVED, Moved, assign, assignee_of, move_everything};
pub use correction::{Correction, Places};
pub use entry::{Entry, Source, Untaken, take_in, taken_in};
pub use erasure::erase;
pub use find::{MOST_FOUND, Mark, Who, by_mark, of_person};
pub use invalid::{Proposal, Ruling, propose, reopen, rule};
pub use moving::{Relocation, relocate};
pub use person::{Identity, person_of, reveal};
pub use place::{Place, Wanted, campaign_row, stream_by_code};
pub use public::{OpenPlan, open_plan};
pub use receipt::{Seen, code_given, given, look_up, note_receipt};
pub use reindex::{reindex, texts};
pub use step::{Line, apply, classify, find, record_lines, withdraw};
pub use together::move_all;
