//! Visits in and out, and the figures that follow from them.

mod constituent;
mod figures;
mod find;
mod ground;
mod record;
mod withdraw;

pub use constituent::{
    Constituency, Enrolled, Entry as ConstituentEntry, constituencies, distinct_persons, enrol, name_of,
    reach,
};
pub use figures::{VillageFigures, in_sight, not_reached, not_reached_in, villages};
pub use find::{Filter, Tally, symposium_tally, visit_of, visit_tally};
pub use ground::in_reach;
pub use record::{Outcome, Symposium, meet, record};
pub use withdraw::{link, withdraw};
