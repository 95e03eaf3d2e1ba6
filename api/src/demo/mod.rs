//! Demonstration data (演示数据).
