//! Characters that stand for a digit, in whatever script they are written.

use unicode_normalization::UnicodeNormalization as _;

/// A digit, and in which way it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digit {
    /// 0 to 9.
    pub(super) value: u8,
    /// The way.
    pub(super) script: Script,
}

/// Ways of writing digits. One number may mix them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// 0 to 9, also full width, circled, mathematical or of another script.
    Figure,
    /// 〇 to 九, also as on banknotes.
    Chinese,
    /// A letter that looks like a digit.
    Letter,
}

impl Digit {
    pub(super) const fn letter(value: u8) -> Self {
        Self { value, script: Script::Letter }
    }

    /// As an ASCII character.
    pub(super) const fn ascii(self) -> char {
        (b'0' + self.value) as char
    }
}

/// The digit that a character stands for.
pub(super) fn digit(c: char) -> Option<Digit> {
    let figure = |value| Digit { value, script: Script::Figure };
    if let Some(value) = ascii(c) {
        return Some(figure(value));
    }
    if c.is_ascii() {
        return None;
    }
    if let Some(value) = chinese(c) {
        return Some(Digit { value, script: Script::Chinese });
    }
    if is_common(c) || (c.is_alphabetic() && !is_dressed(c)) {
        return None;
    }
    decimal(c).or_else(|| dingbat(c)).or_else(|| dressed(c)).map(figure)
}

fn ascii(c: char) -> Option<u8> {
    c.is_ascii_digit().then(|| u8::try_from(u32::from(c) - u32::from('0')).ok()).flatten()
}

/// Digits as characters, simple, traditional and as on banknotes; `幺` is how one is said on the telephone.
fn chinese(c: char) -> Option<u8> {
    let value = match c {
        '〇' | '零' | '○' | '◯' => 0,
        '一' | '壹' | '幺' | '弌' => 1,
        '二' | '贰' | '貳' | '弍' => 2,
        '三' | '叁' | '參' | '弎' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    };
    Some(value)
}

/// Where the decimal digits of a script begin: ten in a row each, as Unicode lays them out.
const ZEROES: &[u32] = &[
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30,
    0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0,
    0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2,
    0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0,
];

fn decimal(c: char) -> Option<u8> {
    let code = u32::from(c);
    let zero = ZEROES[..ZEROES.partition_point(|zero| *zero <= code)].last()?;
    u8::try_from(code - zero).ok().filter(|value| *value < 10)
}

/// White on black and in double circles: Unicode does not lead these back to digits.
fn dingbat(c: char) -> Option<u8> {
    let from_one = |first: char| u8::try_from(u32::from(c).checked_sub(u32::from(first))? + 1).ok();
    match c {
        '⓿' | '🄋' | '🄌' => Some(0),
        '❶'..='❾' => from_one('❶'),
        '➀'..='➈' => from_one('➀'),
        '➊'..='➒' => from_one('➊'),
        '⓵'..='⓽' => from_one('⓵'),
        _ => None,
    }
}

/// Characters that count as letters and fold into a digit all the same.
fn is_dressed(c: char) -> bool {
    matches!(c, '\u{2070}'..='\u{209C}' | '\u{3220}'..='\u{3229}' | '\u{3280}'..='\u{3289}')
}

/// ①, ⑴, ⒈, ㈠, ², ₂: a digit with something around it.
fn dressed(c: char) -> Option<u8> {
    let mut core = c.nfkc().filter(|c| !matches!(c, '(' | ')' | '.' | ','));
    match (core.next(), core.next()) {
        (Some(one), None) if one != c => ascii(one).or_else(|| chinese(one)),
        _ => None,
    }
}

/// The characters of everyday Chinese: they fold into themselves, and looking that up takes longer than all the rest.
pub(super) const fn is_common(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zeroes_stand_in_order() {
        assert!(ZEROES.is_sorted());
    }

    #[test]
    fn digits_of_every_script_are_read() {
        for (text, values) in [
            ("0123456789", "0123456789"),
            ("０１２３４５６７８９", "0123456789"),
            ("⓪①②③④⑤⑥⑦⑧⑨", "0123456789"),
            ("⓿❶❷❸❹❺❻❼❽❾", "0123456789"),
            ("➀➉➊➒⓵", "1191"),
            ("⑴⑵⒈⒉㈠㊁²₃⁰", "121212230"),
            ("〇一二三四五六七八九", "0123456789"),
            ("零壹贰叁肆伍陆柒捌玖", "0123456789"),
            ("𝟎𝟏𝟐𝟛𝟜𝟝𝟨𝟩𝟪𝟿", "0123456789"),
            ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
            ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
            ("०१२३४५६७८९", "0123456789"),
            ("๐๑๒๓๔๕๖๗๘๙", "0123456789"),
        ] {
            let read: String = text.chars().filter_map(digit).map(Digit::ascii).collect();
            assert_eq!(read, values, "{text}");
        }
        for c in ['十', '百', '两', 'A', '½', '⑩', '中', '-', '٭'] {
            assert_eq!(digit(c), None, "{c}");
        }
    }
}
