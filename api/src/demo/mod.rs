//! Demonstration data (演示数据): what suggestions say, and how they are spread over departments, days and stages.
//!
//! Everything here is a pure function of a seed and an index: the same numbers give the same data on every machine,
//! and any row can be made without those before it.

mod distribution;
mod grammar;
mod splitmix;
mod text;

pub use distribution::{Cell, Dimensions, Distribution, DistributionError};
pub use grammar::CATEGORY_NAMES;
pub use splitmix::Splitmix;
pub use text::{DemoSuggestion, KIND_CODES, Spec, URGENCY_CODES, suggestion};
