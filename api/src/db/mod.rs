//! The store's two doors: [`Db::begin_read`] and [`Db::begin_write`], each for a
//! [`Viewer`](crate::scope::viewer::Viewer). There is no third.
#![expect(
    clippy::disallowed_methods,
    reason = "the kernel is where connections are made and statements leave"
)]

mod address;
mod admission;
mod before;
mod binding;
mod by_key;
mod counter;
mod database;
mod deadline;
mod directory;
mod enter;
mod explain;
mod facts;
mod fault;
mod handover;
mod hearing;
mod joined;
mod kept;
mod link;
mod listen;
mod lock;
mod main_case;
pub mod migrate;
mod notice;
mod page;
mod pool;
mod predicate;
mod private;
mod public;
mod question;
mod release;
mod rows;
mod scoped;
mod search;
mod settings;
mod shared;
mod staff;
mod tally;
mod trail;
mod tx;
mod waiting;
mod walls;
mod write;

pub use address::Address;
pub use before::{Before, Elsewhere, Stood};
pub use binding::{Access, Binding, Scoped};
pub use counter::Block;
pub use database::Db;
pub use enter::{Entered, Intent};
pub use facts::Facts;
pub use fault::Fault;
pub use hearing::ListenPlan;
pub use kept::{apart, keep_for_write, within};
pub use listen::{Ear, Heard};
pub use main_case::MainCase;
pub use notice::{Changed, Notice};
pub use page::{Direction, Page, PageRequest, Place};
pub use pool::PoolSize;
pub use predicate::{Predicate, STATED, Side};
pub use question::Login;
pub use rows::{Group, Grouped, Rows};
pub use search::{Document, Found, MOST_WORDS, Needle, Unsearchable};
pub use tally::TallyCheck;
pub use trail::Trail;
pub use tx::Tx;
