//! Campaigns and their plans (活动与方案).
pub mod plan;
