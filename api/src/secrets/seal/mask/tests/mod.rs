//! The table of spellings, the texts that stay, and what holds for every text.

mod ordinary;
mod spellings;

use proptest::prelude::*;

use super::*;
use ordinary::ORDINARY;
use spellings::MASKED;

#[test]
fn two_hundred_spellings_are_masked() {
    let wrong: Vec<String> = MASKED
        .iter()
        .filter(|(typed, shown)| mask_in_text(typed) != *shown)
        .map(|(typed, shown)| format!("{typed:?}: {:?}, not {shown:?}", mask_in_text(typed)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(MASKED.len() >= 200);
}

#[test]
fn ordinary_texts_stay() {
    let wrong: Vec<String> = ORDINARY
        .iter()
        .filter(|text| mask_in_text(text) != **text)
        .map(|text| format!("{text:?}: {:?}", mask_in_text(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_masked_spelling_masked_again_is_itself() {
    for (_, shown) in MASKED {
        assert_eq!(mask_in_text(shown), *shown);
    }
}

/// The longest run of digits of any script.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| digits::digit(c).is_none());
    runs.map(|run| run.chars().count()).max().unwrap_or_default()
}

proptest! {
    #[test]
    fn no_text_panics_and_what_is_masked_stays_masked(text in any::<String>(), name in any::<String>()) {
        let masked = mask_of_person(&text, Some(&name));
        prop_assert_eq!(mask_of_person(&masked, Some(&name)), masked);
    }

    #[test]
    fn a_masked_text_masked_again_is_itself(text in "([0-9一九零OＱ①A-EXx ,.，。:：()（）@/+*\n-]|QQ|微信|皖|电话|卡号|护照|身份证|199|0314|6222|00000019){0,40}") {
        let masked = mask_in_text(&text);
        prop_assert_eq!(mask_in_text(&masked), masked);
    }

    #[test]
    fn a_personal_number_never_keeps_seven_digits_in_a_row(
        before in "[^0-9０-９\\p{Nd}\\p{No}a-zA-Z.¥￥$@_-]{0,10}",
        number in "1[3-9][ -]?[0-9][ -]?[0-9]{4}[ -]?[0-9]{4}|0[1-9][0-9]{1,2}-?[0-9]{7,8}|[1-9][0-9]{16}[0-9Xx]|6[0-9]{3} [0-9]{4} [0-9]{4} [0-9]{4}",
        after in "[^0-9０-９\\p{Nd}\\p{No}a-zA-Z元万亿㎡平@_-]{0,10}",
    ) {
        let masked = mask_in_text(&format!("{before}{number}{after}"));
        prop_assert!(longest_run(&masked) < 7, "{}", masked);
    }

    #[test]
    fn a_telephone_is_masked_wherever_it_is_broken(gaps in proptest::collection::vec("|||| |-| - |  ", 10)) {
        let mut number = String::from("1");
        for (gap, digit) in gaps.iter().zip("9900000123".chars()) {
            number.push_str(gap);
            number.push(digit);
        }
        let masked = mask_in_text(&format!("我的{number}。"));
        prop_assert_eq!(masked, "我的****0123。");
    }

    #[test]
    fn a_text_without_digits_stays(text in "[东沟村路灯不亮，。、\n ]*") {
        prop_assert_eq!(mask_in_text(&text), text);
    }
}

#[test]
fn a_long_text_takes_time_in_proportion() {
    let took = |text: &str| {
        let from = std::time::Instant::now();
        assert!(!mask_of_person(text, Some("居居居居居居居居")).is_empty());
        from.elapsed()
    };
    for pattern in
        ["1", "12 ", "1 ", "a@", "居", "微信a", "199-", "一九", "E1", "皖A", "QQ1 ", "(+86", "199 0000 0123 "]
    {
        let (one, eight) = (pattern.repeat(2_000), pattern.repeat(16_000));
        took(&one);
        let (short, long) = (took(&one), took(&eight));
        let bound = short * 24 + std::time::Duration::from_millis(100);
        assert!(long < bound, "{pattern}: {short:?}, then {long:?}");
    }
}
