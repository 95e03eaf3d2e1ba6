//! Summary tables (分类汇总表; S20–S23): drafted by the officers, reviewed by the deputy, signed by the head, taken by the
//! office. What is signed stays: the same rows give the same bytes, years later.

pub mod document;
pub mod graphql;
pub mod line;
pub mod printed;
pub mod rules;
pub mod store;
