//! The rows of summary tables: writing lines, the steps up to acceptance, what is outstanding, and the proof.

mod diff;
mod lines;
mod reviewer;
mod scan;
mod sign;
mod standings;
mod steps;
mod suggestions;
mod tables;
mod verify;

pub use diff::{Diff, LineDiff, diff};
pub use lines::{LineDraft, put, remove};
pub use reviewer::reviewer;
pub use scan::{MOST_SCAN, attach, latest_scan, media_type};
pub use sign::{coverage, sign};
pub use standings::{LineCounts, Outstanding, Standing, line_counts, outstanding, shortfall, standings};
pub use steps::{accept, draft, give_back, review, revise};
pub use tables::{
    Wanted, document_of, find, find_line, find_open, frozen_lines, lines_of, of_department, sealed_of,
};
pub use verify::{Problem, verify};
