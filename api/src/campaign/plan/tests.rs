//! The plan module from outside.
