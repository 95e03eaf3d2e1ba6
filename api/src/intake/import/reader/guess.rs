//! Which encoding a CSV file is in: one for the whole file, told by what its bytes would be in each.
//!
//! A Chinese character is three bytes in UTF-8 and two in GB18030, and the bytes of one are rarely sound in the other.
//! A file with a broken character is still in its encoding, and only the row of that character is refused: read as the
//! other encoding it would be taken in as other characters. In doubt the file is UTF-8, for what is broken in UTF-8 is
//! refused, while GB18030 has a character for nearly all bytes.

use encoding_rs::{Decoder, DecoderResult, UTF_8};

/// Bytes of a Chinese character in UTF-8.
const WIDTH: u64 = 3;

/// What the bytes of a file would be as UTF-8 and as GB18030.
pub(super) struct Evidence {
    utf8: Utf8,
    gb: Gb18030,
}

struct Utf8 {
    decoder: Decoder,
    text: Vec<u8>,
    /// Characters of three bytes and more.
    wide: u64,
    /// Bytes that belong to no character.
    broken: u64,
}

#[derive(Default)]
struct Gb18030 {
    state: State,
    /// The signs and the 3,755 common characters of GB2312, of which nearly all Chinese text consists.
    common: u64,
    /// Other characters beyond ASCII.
    rare: u64,
    /// Bytes that belong to no character.
    broken: u64,
}

/// Where in a character of GB18030 the next byte stands.
#[derive(Clone, Copy, Default)]
enum State {
    #[default]
    Start,
    /// Behind this first byte.
    Second(u8),
    /// Behind two of four bytes.
    Third,
    /// Behind three of four bytes.
    Fourth,
}

impl Evidence {
    pub(super) fn new(block: usize) -> Self {
        let decoder = UTF_8.new_decoder_without_bom_handling();
        // Room for a character that ends in the next block.
        let text = vec![0; block + 16];
        Self { utf8: Utf8 { decoder, text, wide: 0, broken: 0 }, gb: Gb18030::default() }
    }

    /// Takes the next bytes of the file; no bytes are its end.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.utf8.take(bytes);
        for &byte in bytes {
            self.gb.take(byte);
        }
    }

    /// Whether the file is UTF-8. ASCII is.
    pub(super) fn is_utf8(&self) -> bool {
        let Self { utf8, gb } = self;
        let is_common = gb.common > gb.rare + gb.broken;
        // More than one character of UTF-8 can have, and in GB18030 nearly all of it sound.
        let is_mended = utf8.broken > WIDTH + 10 * gb.broken;
        utf8.wide * WIDTH > utf8.broken || !(is_common || is_mended)
    }
}

impl Utf8 {
    fn take(&mut self, mut bytes: &[u8]) {
        let is_last = bytes.is_empty();
        loop {
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, is_last);
            self.wide += self.text[..written].iter().map(|&byte| u64::from(byte >= 0xE0)).sum::<u64>();
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, _) => self.broken += u64::from(length),
            }
        }
    }
}

impl Gb18030 {
    fn take(&mut self, byte: u8) {
        self.state = match (self.state, byte) {
            (State::Start, 0..=0x7F) => State::Start,
            (State::Start, 0x81..=0xFE) => State::Second(byte),
            (State::Second(first), 0x40..=0x7E | 0x80..=0xFE) => {
                *(if is_common(first, byte) { &mut self.common } else { &mut self.rare }) += 1;
                State::Start
            }
            (State::Second(_), b'0'..=b'9') => State::Third,
            (State::Third, 0x81..=0xFE) => State::Fourth,
            (State::Fourth, b'0'..=b'9') => {
                self.rare += 1;
                State::Start
            }
            _ => {
                self.broken += 1;
                State::Start
            }
        }
    }
}

fn is_common(first: u8, second: u8) -> bool {
    matches!(first, 0xA1..=0xA9 | 0xB0..=0xD7) && second >= 0xA1
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;

    fn is_utf8(bytes: &[u8]) -> bool {
        let mut evidence = Evidence::new(64);
        bytes.chunks(64).chain([&[][..]]).for_each(|block| evidence.take(block));
        evidence.is_utf8()
    }

    /// A character of GB2312 whose first byte lies between two.
    fn character(first: u8, last: u8) -> impl Strategy<Value = char> {
        (first..=last, 0xA1u8..=0xFE).prop_map(|(first, second)| {
            let pair = [first, second];
            let (text, _, _) = GB18030.decode(&pair);
            text.chars().next().unwrap_or('路')
        })
    }

    /// Common characters and signs, with a rare one here and there.
    fn cell(shortest: usize) -> impl Strategy<Value = String> {
        let sign = select(vec!['，', '。', '（', '）', '、', '：']);
        let usual = prop::collection::vec(prop_oneof![9 => character(0xB0, 0xD6), 1 => sign], shortest..12);
        (usual, prop::option::of((any::<Index>(), character(0xD8, 0xF7)))).prop_map(|(mut text, rare)| {
            if let Some((at, rare)) = rare {
                text.insert(at.index(text.len()), rare);
            }
            text.into_iter().collect()
        })
    }

    /// One to ten short rows below English or Chinese headings.
    fn ledger(shortest: usize) -> impl Strategy<Value = String> {
        let headings = select(vec!["external_ref,title,content\n", "来源编号,标题,内容\n"]);
        let rows = prop::collection::vec((cell(shortest), cell(shortest)), 1..=10);
        (headings, rows).prop_map(|(headings, rows)| {
            let row = |(at, (title, content))| format!("B{at},{title},{content}\n");
            headings.to_owned() + &rows.into_iter().enumerate().map(row).collect::<String>()
        })
    }

    /// Where the bytes beyond ASCII stand.
    fn beyond_ascii(bytes: &[u8]) -> Vec<usize> {
        (0..bytes.len()).filter(|&at| !bytes[at].is_ascii()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn utf8_with_a_byte_lost_is_never_read_as_gb18030(text in ledger(2), at in any::<Index>()) {
            let mut bytes = text.into_bytes();
            let wide = beyond_ascii(&bytes);
            bytes.remove(wide[at.index(wide.len())]);
            prop_assert!(is_utf8(&bytes));
        }

        #[test]
        fn utf8_that_breaks_off_is_never_read_as_gb18030(text in ledger(2), at in any::<Index>()) {
            let bytes = text.as_bytes();
            // At least one character is whole.
            let end = 40 + at.index(bytes.len() - 40);
            prop_assert!(is_utf8(&bytes[..end]));
        }

        #[test]
        fn gb18030_is_never_read_as_utf8(text in ledger(4)) {
            let (bytes, _, _) = GB18030.encode(&text);
            prop_assert!(!is_utf8(&bytes));
        }

        #[test]
        fn gb18030_with_a_byte_lost_is_never_read_as_utf8(text in ledger(4), at in any::<Index>()) {
            let (bytes, _, _) = GB18030.encode(&text);
            let mut bytes = bytes.into_owned();
            let wide = beyond_ascii(&bytes);
            bytes.remove(wide[at.index(wide.len())]);
            prop_assert!(!is_utf8(&bytes));
        }
    }

    #[test]
    fn ascii_and_what_is_no_text_are_utf8() {
        for bytes in
            [&b""[..], b"a,b\n", b"a,\xff\xff\n", b"a,\x80\n", "是否保密\n×\n".as_bytes(), "×".as_bytes()]
        {
            assert!(is_utf8(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn a_short_text_that_is_sound_in_both_is_what_chinese_text_would_be() {
        // 牛模 in GB18030, Latin letters in UTF-8.
        let (bytes, _, _) = GB18030.encode("牛模");
        assert!(std::str::from_utf8(&bytes).is_ok() && !is_utf8(&bytes));
        // 涓枃 in GB18030, 中文 in UTF-8.
        assert!(is_utf8("中文".as_bytes()));
    }

    #[test]
    fn characters_of_four_bytes_are_known() {
        let (bytes, _, _) = GB18030.encode("居民说：😀路灯不亮");
        assert!(!is_utf8(&bytes) && is_utf8("路😀".as_bytes()));
    }

    #[test]
    fn rare_characters_are_read_when_there_are_some() {
        let (bytes, _, _) = GB18030.encode("臺灣鄉親來信");
        assert!(!is_utf8(&bytes));
    }
}
