//! The plan module from outside: both notices, every kind of error with its line, imports, routing, differences, the calendar.
mod calendar;
mod differences;
mod errors;
mod notices;
mod routes;

use super::*;

const SHUANGLUAN: &str = include_str!("../../../plans/shuangluan-2020.toml");
const HUOQIU: &str = include_str!("../../../plans/huoqiu-2022.toml");
const THIRD: &str = include_str!("third-county.toml");

/// The plan, or a panic that lists what is wrong with it.
fn sound(text: &str) -> Plan {
    Plan::parse("plan.toml", text).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// The text with the first occurrence of `old` replaced, which must be there.
fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "the text has no {old:?}");
    text.replacen(old, new, 1)
}
