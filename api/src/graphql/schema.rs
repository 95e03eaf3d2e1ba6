//! The schema, merged at one level.
