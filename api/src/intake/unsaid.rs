//! Words by which people say that they say nothing: 无, /, 不详, 匿名.

use crate::text::folded;

const WORDS: [&str; 26] = [
    "无",
    "没有",
    "暂无",
    "空",
    "略",
    "未知",
    "不详",
    "不明",
    "不清楚",
    "未留",
    "未填",
    "未填写",
    "未提供",
    "不便",
    "不便提供",
    "不愿透露",
    "不愿提供",
    "不愿意透露",
    "不提供",
    "保密",
    "none",
    "null",
    "nil",
    "na",
    "n/a",
    "nan",
];

const NAMELESS: [&str; 9] =
    ["匿名", "匿名者", "匿名群众", "匿名网友", "匿名用户", "匿名市民", "不具名", "无名", "无名氏"];

/// Whether a cell or field holds nothing but such a word, or dashes and strokes.
pub(super) fn says_nothing(text: &str) -> bool {
    let plain = bare(text);
    plain.is_empty() || WORDS.contains(&plain.as_str())
}

/// The same of a name: 匿名 is nobody's.
pub(super) fn names_nobody(name: &str) -> bool {
    says_nothing(name) || NAMELESS.contains(&bare(name).as_str())
}

/// The same of a telephone: noughts are nobody's.
pub(super) fn is_no_number(phone: &str) -> bool {
    says_nothing(phone) || bare(phone).chars().all(|c| c == '0')
}

/// As it is compared, without blanks, brackets, dashes and strokes around it.
fn bare(text: &str) -> String {
    let plain = folded(text);
    let outside = |c: char| {
        c.is_whitespace() || c.is_control() || c.is_ascii_punctuation() || "—–―−‐·、。…～○×".contains(c)
    };
    plain.trim_matches(outside).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_nothing() {
        for text in
            ["", "无", " 无 ", "（无）", "/", "-", "——", "—", "N/A", "null", "不详", "未留", "…", "*", "\\"]
        {
            assert!(says_nothing(text), "{text}");
            assert!(names_nobody(text) && is_no_number(text), "{text}");
        }
        assert!(
            says_nothing("\u{200B}")
                && says_nothing("無")
                && names_nobody("匿\u{200B}名")
                && says_nothing("不 詳")
        );
        assert!(names_nobody("匿名") && names_nobody("匿名网友") && !says_nothing("匿名"));
        assert!(is_no_number("0") && is_no_number("000") && !says_nothing("0"));
    }

    #[test]
    fn what_says_something_stays() {
        for text in ["无为路", "张无忌", "无线电", "某先生", "T01", "不详细说明", "/path", "C"]
        {
            assert!(!names_nobody(text), "{text}");
        }
        assert!(!is_no_number("10086") && !is_no_number("0314-0000001"));
    }
}
