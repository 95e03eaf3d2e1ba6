//! Visits in and out.

mod constituent;
mod find;
mod ground;
mod record;
mod withdraw;

pub use constituent::{
    Constituency, Enrolled, Entry as ConstituentEntry, constituencies, distinct_persons, enrol, name_of,
    reach,
};
pub use find::{Filter, Tally, symposium_tally, visit_of, visit_tally};
pub use ground::in_reach;
pub use record::{Outcome, Symposium, meet, record};
pub use withdraw::{link, withdraw};
