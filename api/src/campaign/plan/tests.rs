//! The plan module from outside: both notices, every kind of error with its line, imports, routing, differences.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

const SHUANGLUAN: &str = include_str!("../../../plans/shuangluan-2020.toml");
const HUOQIU: &str = include_str!("../../../plans/huoqiu-2022.toml");

fn sound(text: &str) -> Plan {
    Plan::parse("plan.toml", text).unwrap_or_else(|errors| {
        panic!(
            "{}",
            errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        )
    })
}

#[test]
fn both_notices_are_sound_plans() {
    sound(SHUANGLUAN);
    sound(HUOQIU);
}
