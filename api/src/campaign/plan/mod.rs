//! The plan of a campaign as data (方案).
