//! Text of a CSV file: which encoding it is in, decoded, with one kind of line end.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

use super::guess::Evidence;

const BLOCK: usize = 64 * 1024;

/// Stands in UTF-8 where GB18030 is broken: no text has it, so its row is refused.
const BROKEN: u8 = 0xFF;

/// How the bytes of a file become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextEncoding {
    /// UTF-8; bytes that are not are left as they are, and refused with the row in which they stand.
    Utf8,
    /// GB18030 with GBK and GB2312 inside it; bytes that are not are refused with their row too.
    Gb18030,
    /// UTF-16 by its byte order mark; not read.
    Utf16,
}

/// A CSV file's bytes as UTF-8 without byte order mark, every line ended by one line feed, the last one too.
///
/// With one kind of line end the reader's count of lines is that of an editor, and cells hold no carriage returns.
pub(super) struct PlainText<R> {
    source: R,
    decoder: Option<Decoder>,
    block: Vec<u8>,
    ready: Vec<u8>,
    taken: usize,
    after_carriage_return: bool,
    ended: bool,
    last: u8,
}

/// Finds the encoding by reading the whole source once, then rewinds it.
///
/// A sample would not do: a long file may have its first Chinese character late.
pub(super) fn detect<R: Read + Seek>(source: &mut R) -> io::Result<TextEncoding> {
    let mut mark = [0; 3];
    let length = read_block(source, &mut mark)?;
    source.seek(SeekFrom::Start(0))?;
    match Encoding::for_bom(&mark[..length]) {
        Some((encoding, _)) if encoding == UTF_8 => return Ok(TextEncoding::Utf8),
        Some(_) => return Ok(TextEncoding::Utf16),
        None => {}
    }
    let mut evidence = Evidence::new(BLOCK);
    let mut block = vec![0; BLOCK];
    loop {
        let length = read_block(source, &mut block)?;
        evidence.take(&block[..length]);
        if length == 0 {
            break;
        }
    }
    source.seek(SeekFrom::Start(0))?;
    Ok(if evidence.is_utf8() { TextEncoding::Utf8 } else { TextEncoding::Gb18030 })
}

fn read_block(source: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < block.len() {
        match source.read(&mut block[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

impl<R: Read> PlainText<R> {
    /// Reads `source` from where it stands, which should be its start.
    pub(super) fn new(source: R, encoding: TextEncoding) -> Self {
        let decoder = (encoding == TextEncoding::Gb18030).then(|| GB18030.new_decoder_without_bom_handling());
        let (block, ready) = (vec![0; BLOCK], Vec::new());
        Self { source, decoder, block, ready, taken: 0, after_carriage_return: false, ended: false, last: 0 }
    }

    fn fill(&mut self) -> io::Result<()> {
        let is_first = self.last == 0;
        self.taken = 0;
        self.ready.clear();
        let length = read_block(&mut self.source, &mut self.block)?;
        self.ended = length == 0;
        let decoded = match &mut self.decoder {
            Some(decoder) => decode(decoder, &self.block[..length], self.ended),
            None => self.block[..length].to_vec(),
        };
        let text =
            if is_first { decoded.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&decoded) } else { &decoded };
        for &byte in text {
            match byte {
                b'\n' if self.after_carriage_return => {}
                b'\r' => self.ready.push(b'\n'),
                _ => self.ready.push(byte),
            }
            self.after_carriage_return = byte == b'\r';
        }
        self.last = self.ready.last().copied().unwrap_or(self.last);
        if self.ended && self.last != b'\n' {
            self.ready.push(b'\n');
        }
        Ok(())
    }
}

fn decode(decoder: &mut Decoder, mut bytes: &[u8], is_last: bool) -> Vec<u8> {
    let (mut all, mut text) = (Vec::new(), String::new());
    loop {
        text.reserve(bytes.len() * 2 + 16);
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, is_last);
        bytes = &bytes[read..];
        all.extend(text.drain(..).as_str().as_bytes());
        match result {
            DecoderResult::InputEmpty => return all,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => all.push(BROKEN),
        }
    }
}

impl<R: Read> Read for PlainText<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.fill()?;
        }
        let rest = &self.ready[self.taken..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn text_of(bytes: &[u8]) -> (TextEncoding, String) {
        let mut source = Cursor::new(bytes.to_vec());
        let encoding = detect(&mut source).unwrap();
        let mut text = String::new();
        PlainText::new(source, encoding).read_to_string(&mut text).unwrap();
        (encoding, text)
    }

    #[test]
    fn utf8_is_read_with_and_without_byte_order_mark() {
        assert_eq!(text_of("标题\n路灯\n".as_bytes()), (TextEncoding::Utf8, "标题\n路灯\n".to_owned()));
        assert_eq!(text_of("\u{feff}标题\n".as_bytes()), (TextEncoding::Utf8, "标题\n".to_owned()));
        assert_eq!(text_of(b""), (TextEncoding::Utf8, "\n".to_owned()));
    }

    #[test]
    fn gbk_as_excel_saves_it_is_recognised_even_late_in_the_file() {
        let text = format!("{}标题：路灯不亮，建议维修\n", "a,b\n".repeat(BLOCK));
        let (bytes, _, _) = GB18030.encode(&text);
        assert_eq!(text_of(&bytes), (TextEncoding::Gb18030, text));
    }

    #[test]
    fn every_line_end_becomes_one_line_feed() {
        assert_eq!(text_of(b"a\r\nb\rc\n\r\nd").1, "a\nb\nc\n\nd\n");
    }

    #[test]
    fn a_line_end_may_lie_across_two_blocks() {
        let text = format!("{}\r\nb", "a".repeat(BLOCK - 1));
        assert_eq!(text_of(text.as_bytes()).1, format!("{}\nb\n", "a".repeat(BLOCK - 1)));
    }

    #[test]
    fn utf16_is_told_by_its_mark() {
        assert_eq!(detect(&mut Cursor::new(vec![0xff, 0xfe, b'a', 0])).unwrap(), TextEncoding::Utf16);
    }

    #[test]
    fn what_is_broken_in_gb18030_is_no_text() {
        let (bytes, _, _) = GB18030.encode("标题\n路灯不亮\n井盖");
        let mut source = Cursor::new([&bytes, &b"\xb5\n"[..]].concat());
        assert_eq!(detect(&mut source).unwrap(), TextEncoding::Gb18030);
        let mut text = Vec::new();
        PlainText::new(source, TextEncoding::Gb18030).read_to_end(&mut text).unwrap();
        assert_eq!(text, [b"\xE6\xA0\x87\xE9\xA2\x98\n", "路灯不亮\n井盖".as_bytes(), b"\xff\n"].concat());
    }
}
