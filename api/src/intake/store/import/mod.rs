//! Taking in a ledger (批量导入, H08 H10 H11): the readers of `intake::import` on one side, [`take_in`] on the other.
//!
//! ```text
//! Batch ── Catalogue: which stream? sound? ──> Entry ──┐
//!   │                                                  ├── one transaction: entries, place reached, audit line
//!   └── channel and reference known? same text: repeated; another: refused
//! ```
//!
//! A batch is all or nothing, and the place that it reached is written with it: a run that was killed goes on behind the
//! last batch that lasts, and a file that is imported again changes nothing.
//!
//! [`take_in`]: super::take_in

mod batch;
mod catalogue;
mod extra;
mod names;
mod references;
mod run;
mod understood;

pub use batch::{Failure, MOST_FAILURES, Outcome, failures_of, look_over, run_batch};
pub use catalogue::Catalogue;
pub use references::References;
pub(crate) use run::{ATTEMPTS, raced};
pub use run::{CountyImport, File, Mode, Totals, finish, open};
pub use understood::{MOST_SHOWN, Understood};
