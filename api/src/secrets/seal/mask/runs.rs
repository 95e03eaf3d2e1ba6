//! Runs of digits, and what stands between them: a number may be broken into several.

use super::digits::Script;
use super::text::{Text, is_blank, is_invisible};

/// Digits of one script in a row, and their place in the text.
pub(super) struct Run {
    pub(super) start: usize,
    pub(super) end: usize,
    /// As ASCII.
    pub(super) digits: String,
    /// What parts it from the run before; none where that is another matter.
    pub(super) gap: Option<Gap>,
}

/// What parts two runs that may be one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gap {
    /// Nothing that anybody sees: two scripts in one number.
    pub(super) touching: bool,
    /// A line ends within.
    pub(super) line: bool,
    /// A dot, which parts decimals too.
    pub(super) dot: bool,
    /// A comma or a word, which also part one number from the next.
    pub(super) word: bool,
}

/// More separators than this part two numbers.
const WIDEST: usize = 3;

/// Blanks and line ends alone may be more: the next line may be indented.
const WIDEST_BLANK: usize = 12;

/// Words that stand in a telephone number when it is read out.
const WORDS: &[&str] = &["转", "接", "横杠", "横线", "杠", "减", "空格", "空", "点"];

pub(super) fn runs(text: &Text) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut place = 0;
    while place < text.len() {
        let Some(first) = text.digit(place) else {
            place += 1;
            continue;
        };
        let run = read(text, place, first.script);
        let gap = runs.last().and_then(|before| between(text, before.end, place));
        place = run.1;
        runs.push(Run { start: run.0, end: run.1, digits: run.2, gap });
    }
    runs
}

/// Digits of one script from a place on; what nobody sees between them counts as nothing.
fn read(text: &Text, start: usize, script: Script) -> (usize, usize, String) {
    let mut digits = String::new();
    let (mut place, mut end) = (start, start);
    while let Some(c) = text.at(place) {
        match text.digit(place) {
            Some(digit) if digit.script == script => {
                digits.push(digit.ascii());
                end = place + 1;
            }
            None if is_keycap(c) => end = place + 1,
            None if is_invisible(c) => {}
            _ => break,
        }
        place += 1;
    }
    (start, end, digits)
}

/// What makes the picture of a key of the digit before.
const fn is_keycap(c: char) -> bool {
    matches!(c, '\u{FE0F}' | '\u{20E3}')
}

fn between(text: &Text, from: usize, to: usize) -> Option<Gap> {
    if to - from > WIDEST_BLANK {
        return None;
    }
    let seen = || text.plain(from, to).iter().copied().filter(|c| !is_invisible(*c));
    let parts = || seen().filter(|c| !is_blank(*c));
    let gap = Gap {
        touching: seen().next().is_none(),
        line: seen().any(|c| matches!(c, '\n' | '\r')),
        dot: parts().any(|c| matches!(c, '.' | '。')),
        word: parts().any(|c| matches!(c, ',' | '，' | '、' | ':' | '：' | ';' | '；' | '。')),
    };
    if parts().next().is_none() {
        return Some(gap);
    }
    if WORDS.iter().any(|word| parts().eq(word.chars())) {
        return Some(Gap { word: true, ..gap });
    }
    (seen().count() <= WIDEST && parts().all(is_separator)).then_some(gap)
}

/// What may stand between the digits of one number.
fn is_separator(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '~' | '～' | '_' | '＿')
        || matches!(c, '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】' | '<' | '>' | '{' | '}')
        || matches!(c, '.' | '。' | '·' | '•' | '・' | '/' | '／' | '\\' | '|' | '+' | '#')
        || matches!(c, ',' | '，' | '、' | ':' | '：' | ';' | '；')
}
