//! Kinds of characters that decide how a text is compared and stored.

/// Characters without a shape of their own: what Unicode calls default ignorable (joiners, fillers, variation selectors,
/// tags), marks of direction, and marks of annotation.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
        || is_direction(c)
}

/// Marks that turn the direction in which a text runs; with them a text can be made to read as another one.
pub(super) fn is_direction(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}')
}

/// What parts words: blanks of every width, line ends, tabs, and the empty Braille cell, which looks like a blank.
#[must_use]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// Chinese characters, which stand without blanks between words.
pub(super) fn is_chinese(c: char) -> bool {
    is_unified(c)
        || matches!(c, '\u{3005}'..='\u{3007}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The Chinese characters that are their own compatibility form, but for the rarest.
pub(super) const fn is_unified(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// Characters that bind what stands before them into one sign, or choose its shape: within an emoji they must stay.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0020}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_shape_is_invisible_and_what_has_one_is_not() {
        for c in "\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{202A}\u{202E}\u{2060}\u{2066}\u{FEFF}\u{AD}\u{180E}\u{FE0F}\u{E0100}\u{34F}\u{3164}\u{FFA0}\u{61C}\u{206F}".chars()
        {
            assert!(is_invisible(c), "{:x}", u32::from(c));
        }
        for c in "a 灯，。·\u{3000}\u{A0}\n\u{301}😀\u{20E3}〇々\u{2800}".chars() {
            assert!(!is_invisible(c), "{c}");
        }
    }

    #[test]
    fn whatever_turns_the_direction_or_joins_is_invisible() {
        for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
            assert!(is_invisible(c) || !(is_direction(c) || is_joiner(c)), "{:x}", u32::from(c));
            assert!(!is_invisible(c) || !(is_blank(c) || is_chinese(c)), "{:x}", u32::from(c));
        }
    }
}
