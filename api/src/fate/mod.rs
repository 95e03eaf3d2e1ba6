//! What becomes of a suggestion (去向): decided in one place, from facts that are read in one place. Whoever shows it, counts
//! it or asks whether a step fits it asks here. A new way of dealing with suggestions adds facts, and no second decision.

pub mod facts;
pub mod rules;
