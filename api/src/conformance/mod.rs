//! Conformance (条款落实): every clause of the plan with what was done about it, the figure, and what proves it.

pub mod graphql;
pub mod rules;
pub mod store;
