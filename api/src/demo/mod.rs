//! Demonstration data (演示数据): what suggestions say, and how they are spread over departments, days and stages.
//!
//! What is said and where it lies is a pure function of a seed and an index: the same numbers give the same data on every
//! machine, and any row can be made without those before it. `fill` and `staff` write it, `last_week` lets the departments
//! work on it, `keep` holds what a demonstration keeps between starts.

mod bulk;
mod calendar;
mod county;
mod distribution;
mod fill;
mod grammar;
mod keep;
mod last_week;
mod routes;
mod sample;
mod seat;
mod splitmix;
mod staff;
mod text;

pub use bulk::{Wanted, count, generate};
pub use calendar::{into_last_week, moved};
pub use county::plan_text;
pub use distribution::{Cell, Dimensions, Distribution, DistributionError};
pub use fill::Pile;
pub use grammar::CATEGORY_NAMES;
pub use keep::{DemoAccount, DemoPortal, Folder, KeepFault, Secrets, write_list};
pub use last_week::play;
pub use routes::{Route, Routes};
pub use sample::{Sample, Samples};
pub use seat::{Seat, seats};
pub use splitmix::Splitmix;
pub use staff::{Appointee, Newcomer, appoint, open_portal, strengthen};
pub use text::{DemoSuggestion, KIND_CODES, Spec, URGENCY_CODES, suggestion};

/// The shipped plans: Shuangluan 2020 and Huoqiu 2022 (两县区方案).
pub const PLANS: [&str; 2] =
    [include_str!("../../plans/shuangluan-2020.toml"), include_str!("../../plans/huoqiu-2022.toml")];

/// Where a set of data starts; another seed gives another set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);
