//! Numbers of persons: telephones, identity cards, bank cards, and whatever else is too long to be anything ordinary.

use std::cell::OnceCell;
use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization as _;

use super::runs::{Gap, Run, runs};
use super::shape::{Shape, is_birth, is_moment, is_year};
use super::text::{STARS, Text, is_invisible};
use crate::secrets::seal::telephone::Telephone;

/// From this many digits in one piece on, a number is taken for personal whatever it is: a date has 8, and sums of money in
/// suggestions stay below.
const LONG_RUN: usize = 11;

/// The shortest number that is looked at: a local telephone's.
const SHORTEST: usize = 7;

/// The longest number that is read from several pieces.
const LONGEST: usize = 24;

/// `****0000`: at most the last four digits; short numbers show two or none. Of two numbers it is the first; anything but
/// digits is dropped.
#[must_use]
pub fn mask_phone(telephone: &str) -> String {
    let all = || telephone.nfkc().filter(char::is_ascii_digit).collect();
    let digits: String =
        Telephone::parse(telephone).map_or_else(|_| all(), |first| first.digits().to_owned());
    let shown = match digits.len() {
        11.. => 4,
        7..11 => 2,
        _ => 0,
    };
    format!("{STARS}{}", &digits[digits.len() - shown..])
}

/// Masks telephones, identity cards, bank cards and other long numbers.
pub(super) fn mask(text: &mut Text) {
    let runs = runs(text);
    let mut index = 0;
    // Several local numbers may follow the word that says what they are.
    let mut listed = false;
    while index < runs.len() {
        let found = longest(text, &runs, index, listed);
        let Some(found) = found else {
            listed = false;
            index += 1;
            continue;
        };
        let (start, end) = with_brackets(text, runs[index].start, found.end);
        text.cover(start, end, found.mask);
        index += found.runs;
        listed = found.telephone && runs.get(index).is_some_and(|next| next.gap.is_some());
    }
}

/// A number that was recognised.
struct Found {
    runs: usize,
    end: usize,
    mask: String,
    telephone: bool,
}

/// The longest number that begins with a run.
fn longest(text: &Text, runs: &[Run], first: usize, listed: bool) -> Option<Found> {
    let mut number = Number::beginning(text, &runs[first], listed);
    let mut found = None;
    for index in first..runs.len() {
        let run = &runs[index];
        if index > first {
            let Some(gap) = run.gap else { break };
            if number.digits.len() + run.digits.len() > LONGEST {
                break;
            }
            number.add(gap, run);
        }
        number.alone = runs[first].gap.is_none() && runs.get(index + 1).is_none_or(|next| next.gap.is_none());
        if let Some((mask, telephone)) = number.recognise() {
            let end = if number.ends_with_x() { after_x(text, run.end) } else { run.end };
            found = Some(Found { runs: index - first + 1, end, mask, telephone });
        }
    }
    found
}

/// Some runs in a row read as one number.
struct Number<'a> {
    text: &'a Text,
    start: usize,
    end: usize,
    digits: String,
    shape: Shape,
    /// Runs that it consists of, less one.
    pieces: usize,
    /// Whether one of its runs is a mobile number by itself, which is not to be hidden within a longer one.
    holds_mobile: bool,
    /// Whether nothing that could belong to it stands before or behind.
    alone: bool,
    /// Whether it follows a telephone in a list.
    listed: bool,
    /// Whether a card is named before it, once that was asked.
    card: OnceCell<bool>,
}

const CARD_WORDS: &[&str] =
    &["卡号", "银行卡", "账号", "帐号", "账户", "帐户", "信用卡", "工资卡", "社保卡", "一卡通", "存折", "卡"];
const ID_WORDS: &[&str] = &["身份证", "身分证", "证件号", "身份号", "公民身份", "SFZ"];
const TELEPHONE_WORDS: &[&str] = &[
    "电话",
    "座机",
    "固话",
    "手机",
    "手提",
    "联系方式",
    "致电",
    "拨打",
    "来电",
    "家电",
    "宅电",
    "TEL",
    "PHONE",
    "电联",
    "☎",
    "📞",
    "📱",
    "热线",
    "传真",
    "联系人",
];
/// What registers number: not a person's.
const REGISTER_WORDS: &[&str] =
    &["编号", "单号", "案号", "文号", "流水号", "受理号", "备案号", "许可证", "工单"];
const CONNECTING: &[&str] = &[
    "号码", "号", "：", ":", "，", ",", "是", "为", "（", "(", "NO.", ".", "尾号", "=", "【", "[", "“", "\"",
];

impl<'a> Number<'a> {
    fn beginning(text: &'a Text, run: &Run, listed: bool) -> Self {
        Self {
            text,
            start: run.start,
            end: run.end,
            digits: run.digits.clone(),
            shape: Shape::of(run.digits.len()),
            pieces: 0,
            holds_mobile: is_mobile(&run.digits),
            alone: false,
            listed,
            card: OnceCell::new(),
        }
    }

    fn add(&mut self, gap: Gap, run: &Run) {
        self.digits.push_str(&run.digits);
        self.shape.add(gap, run.digits.len());
        self.end = run.end;
        self.pieces += 1;
        self.holds_mobile |= is_mobile(&run.digits);
    }

    /// What to write in its place, and whether it is a telephone.
    fn recognise(&self) -> Option<(String, bool)> {
        if self.digits.len() < SHORTEST {
            return None;
        }
        if self.is_mobile() || self.is_landline() || self.is_abroad() || self.is_local() {
            return Some((mask_phone(&self.digits[self.digits.len().saturating_sub(11)..]), true));
        }
        let personal = self.is_identity_card() || self.is_bank_card() || self.is_long();
        personal.then(|| (STARS.to_owned(), false))
    }

    /// 11 digits, also with the country's number or a nought before them.
    fn is_mobile(&self) -> bool {
        let digits = self.digits.as_str();
        let Some(prefix) = digits.len().checked_sub(11).filter(|_| is_mobile(&digits[digits.len() - 11..]))
        else {
            return false;
        };
        let prefixed = matches!(&digits[..prefix], "" | "0" | "86" | "086" | "0086" | "00860" | "860");
        let announced = || self.text.follows(self.start, TELEPHONE_WORDS, CONNECTING);
        prefixed
            && !self.is_money()
            && self.shape.without(prefix).may_be_mobile(&digits[prefix..], self.alone, announced)
    }

    /// Area code of 3 or 4 digits and 7 or 8 of the line; the country's number may stand before without the nought.
    fn is_landline(&self) -> bool {
        let digits = self.digits.as_str();
        let national =
            digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|_| self.after_plus()));
        if let Some(national) = national.filter(|_| self.pieces > 0 || self.after_plus()) {
            return (9..=12).contains(&national.len());
        }
        let area = matches!(digits.as_bytes(), [b'0', b'1'..=b'9', ..]);
        area && (10..=12).contains(&digits.len()) && self.shape.may_be_landline()
    }

    /// `+852 …`, `0044 …`.
    fn is_abroad(&self) -> bool {
        let zeroes = self.digits.starts_with("00") && !self.digits.starts_with("000");
        let with_zeroes = zeroes && (11..=16).contains(&self.digits.len()) && self.shape.first() >= 4;
        let with_plus = self.after_plus() && (9..=15).contains(&self.digits.len());
        with_zeroes || (with_plus && !self.shape.has_dot())
    }

    /// 7 or 8 digits where a telephone was announced, and no day or years.
    fn is_local(&self) -> bool {
        let announced = || self.listed || self.text.follows(self.start, TELEPHONE_WORDS, CONNECTING);
        matches!(self.digits.len(), 7 | 8)
            && self.shape.may_be_local()
            && !is_moment(&self.digits)
            && !self.has_years()
            && !self.digits.starts_with('0')
            && announced()
    }

    /// 15 or 18 digits, the last of which may be an `X`, with a day of birth in them.
    fn is_identity_card(&self) -> bool {
        let length = self.digits.len() + usize::from(self.x_follows());
        if self.shape.has_word() {
            return false;
        }
        let announced = || self.text.follows(self.start, ID_WORDS, CONNECTING);
        match length {
            18 if self.digits.len() >= 17 => self.pieces == 0 || is_birth(&self.digits[6..14]) || announced(),
            15 if self.digits.len() == 15 => is_birth(&format!("19{}", &self.digits[6..12])) || announced(),
            _ => false,
        }
    }

    /// 12 to 19 digits in any grouping that is no list of years or quantities.
    fn is_bank_card(&self) -> bool {
        if !(12..=19).contains(&self.digits.len()) || self.shape.has_word() || self.has_years() {
            return false;
        }
        let announced = || *self.card.get_or_init(|| self.text.follows(self.start, CARD_WORDS, CONNECTING));
        let issued = matches!(self.digits.as_bytes()[0], b'3'..=b'6' | b'9') && self.shape.may_be_card();
        !self.holds_mobile && (issued || (self.shape.first() > 2 && announced()))
    }

    /// Many digits in one piece that are no moment, no decimal, no money and no number of a register.
    fn is_long(&self) -> bool {
        self.pieces == 0
            && self.digits.len() >= LONG_RUN
            && !(matches!(self.digits.len(), 12 | 14) && is_moment(&self.digits))
            && !self.is_decimal()
            && !(self.digits.len() < 17 && self.text.follows(self.start, REGISTER_WORDS, CONNECTING))
            && !(self.digits.len() < 17 && self.is_money())
    }

    /// Whether the number before the dot is short: a coordinate or a share.
    fn is_decimal(&self) -> bool {
        let figure =
            |back: usize| self.start.checked_sub(back).and_then(|place| self.text.digit(place)).is_some();
        self.text.before(self.start) == Some('.') && figure(2) && !(figure(3) && figure(4) && figure(5))
    }

    fn is_money(&self) -> bool {
        let decimal = |places: &usize| self.text.digit(self.end + places).is_some();
        let decimals =
            if self.text.at(self.end) == Some('.') { (1..4).take_while(decimal).count() } else { 0 };
        let end = self.end + if decimals > 0 { decimals + 1 } else { 0 };
        let at = |offset| self.text.at(end + offset);
        let unit = match at(0) {
            Some('元') => !matches!(at(1), Some('旦' | '宵')),
            Some('万' | '亿' | '㎡') => true,
            Some('平') => matches!(at(1), Some('方' | '米')),
            _ => false,
        };
        self.pieces == 0 && (unit || matches!(self.text.before(self.start), Some('¥' | '￥' | '$')))
    }

    fn has_years(&self) -> bool {
        let mut from = 0;
        let years = self.shape.lengths().iter().filter(|length| {
            let part = &self.digits[from..from + **length];
            from += **length;
            is_year(part)
        });
        years.count() > 1
    }

    fn after_plus(&self) -> bool {
        self.text.before(self.start) == Some('+')
    }

    fn x_follows(&self) -> bool {
        let x = after_x(self.text, self.end);
        x > self.end && !self.text.at(x).is_some_and(|c| c.is_ascii_alphanumeric())
    }

    /// Whether the `X` behind it is its last sign.
    fn ends_with_x(&self) -> bool {
        self.digits.len() == 17 && self.x_follows()
    }
}

/// The place behind an `X` that follows, with at most one blank or hyphen before it.
fn after_x(text: &Text, end: usize) -> usize {
    let is_x = |place| matches!(text.at(place), Some('X' | '×' | '✕' | 'Х'));
    let gap = usize::from(matches!(text.at(end), Some(' ' | '-' | '\u{200B}')));
    [end, end + gap].into_iter().find(|place| is_x(*place)).map_or(end, |place| place + 1)
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// A `+` before a number goes with it, and brackets of which one stands within.
fn with_brackets(text: &Text, start: usize, end: usize) -> (usize, usize) {
    let plus = |place: usize| place - usize::from(text.before(place) == Some('+'));
    let inside = || text.plain(start, end).iter().copied().filter(|c| opens(*c) || closes(*c));
    let from = plus(start);
    let first = inside().next().is_some_and(closes) && text.before(from).is_some_and(opens);
    let last = inside().next_back().is_some_and(opens) && text.at(end).is_some_and(closes);
    (plus(from - usize::from(first)), end + usize::from(last))
}

const fn opens(c: char) -> bool {
    matches!(c, '(' | '（' | '[' | '【')
}

const fn closes(c: char) -> bool {
    matches!(c, ')' | '）' | ']' | '】')
}

/// Where a number of so many digits that begins at a place ends: with the pieces that follow, unless the first is long
/// enough to stand alone.
pub(super) fn number_at(text: &Text, place: usize, lengths: RangeInclusive<usize>) -> Option<usize> {
    const ALONE: usize = 7;
    let (mut count, mut end, mut at) = (0, None, place);
    loop {
        let piece = (at..text.len()).take_while(|place| text.digit(*place).is_some());
        let piece = piece.take(lengths.end() + 1).count();
        if piece == 0 || count + piece > *lengths.end() {
            return end;
        }
        count += piece;
        at += piece;
        end = Some(at).filter(|_| lengths.contains(&count));
        let gap = |place: &usize| {
            text.at(*place).is_some_and(|c| matches!(c, ' ' | '-' | '.' | '_') || is_invisible(c))
        };
        let gap = (at..text.len()).take(3).take_while(gap).count();
        if gap == 0 && text.digit(at).is_none() || count >= ALONE {
            return end;
        }
        at += gap;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_telephone_shows_its_last_four_digits_and_a_short_one_two_or_none() {
        assert_eq!(mask_phone("19900000123"), "****0123");
        assert_eq!(mask_phone("199 0000-0123"), "****0123");
        assert_eq!(mask_phone("19900000123/19900000456 李某"), "****0123");
        assert_eq!(mask_phone("0314-0000001"), "****0001");
        assert_eq!(mask_phone("1234567"), "****67");
        assert_eq!(mask_phone("12345"), "****");
        assert_eq!(mask_phone(""), "****");
    }

    proptest! {
        #[test]
        fn a_masked_telephone_never_shows_more_than_four_digits(text in "[0-9０-９ -]{0,30}") {
            prop_assert!(mask_phone(&text).chars().filter(char::is_ascii_digit).count() < 5);
        }
    }
}
