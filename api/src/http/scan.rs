//! One linear pass over a document before any parser sees it. A parser recurses, and a literal nested a few thousand
//! deep, 3.6 kB of text, overflows its stack and ends the process.

use super::refused::Refused;
use crate::error::ErrorCode;
use crate::limits::request::Limits;

/// Refuses what is too large to be parsed safely.
pub(super) fn check(document: &str, limits: &Limits) -> Result<(), Refused> {
    if document.len() > limits.document_bytes {
        return Err(too_much("字节", "bytes", limits.document_bytes));
    }
    let mut rest = document.as_bytes();
    let (mut tokens, mut nesting) = (0_usize, 0_usize);
    while let Some(first) = rest.first() {
        let length = match first {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                rest = &rest[1..];
                continue;
            }
            b'#' => {
                rest = &rest[until(rest, |byte| matches!(byte, b'\r' | b'\n'))..];
                continue;
            }
            b'"' => string_length(rest).ok_or_else(unfinished_string)?,
            b'{' | b'[' | b'(' => {
                nesting += 1;
                1
            }
            b'}' | b']' | b')' => {
                nesting = nesting.saturating_sub(1);
                1
            }
            byte if is_word(*byte) => until(rest, |byte| !is_word(byte)),
            _ => 1,
        };
        rest = &rest[length..];
        tokens += 1;
        if nesting > limits.nesting {
            return Err(too_much("层嵌套", "levels of nesting", limits.nesting));
        }
        if tokens > limits.tokens {
            return Err(too_much("个词", "tokens", limits.tokens));
        }
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn until(bytes: &[u8], stop: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| stop(*byte)).unwrap_or(bytes.len())
}

/// Length of the string that begins here, quotes included. A string that does not end is refused at once, so that the
/// scan and the parser never differ about what is inside one.
fn string_length(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"\"\"\"") { block_length(bytes) } else { line_length(bytes) }
}

fn block_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 3;
    loop {
        let rest = bytes.get(at..)?;
        if rest.starts_with(b"\\\"\"\"") {
            at += 4;
        } else if rest.starts_with(b"\"\"\"") {
            return Some(at + 3);
        } else if rest.is_empty() {
            return None;
        } else {
            at += 1;
        }
    }
}

fn line_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            b'\r' | b'\n' => return None,
            _ => at += 1,
        }
    }
}

fn unfinished_string() -> Refused {
    Refused::document(
        ErrorCode::GraphqlParseFailed,
        "文档中有未结束的字符串",
        "A string of the document does not end",
    )
}

fn too_much(zh: &str, en: &str, limit: usize) -> Refused {
    let zh = format!("查询文档不得超过 {limit} {zh}；长文本请放入变量");
    let en = format!("A document may have at most {limit} {en}; put long values into variables");
    Refused::document(ErrorCode::QueryTooComplex, zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(document: &str) -> Option<ErrorCode> {
        check(document, &Limits::USUAL).err().map(|refused| refused.error.code())
    }

    #[test]
    fn nesting_is_counted_over_all_brackets_and_not_inside_strings_and_comments() {
        let nested = |depth: usize| format!("{{ a(b: {}{}) }}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(code(&nested(48)), None);
        assert_eq!(code(&nested(49)), Some(ErrorCode::QueryTooComplex));
        assert_eq!(code(&nested(8_000)), Some(ErrorCode::QueryTooComplex));
        let hidden = "[".repeat(100);
        assert_eq!(code(&format!("{{ a(b: \"{hidden}\\\"\") }} # {hidden}")), None);
        assert_eq!(code(&format!("{{ a(b: \"\"\"{hidden}\\\"\"\"{hidden}\"\"\") }}")), None);
    }

    #[test]
    fn a_string_that_does_not_end_hides_nothing() {
        let deep = "[".repeat(2_000);
        for document in ["{ a(b: \"x\n", "{ a(b: \"\"\"x\"\" ", "{ a(b: \"x\\"] {
            assert_eq!(code(&format!("{document}{deep}")), Some(ErrorCode::GraphqlParseFailed), "{document}");
        }
    }

    #[test]
    fn tokens_and_bytes_are_bounded() {
        assert_eq!(code(&format!("{{ {} }}", "a ".repeat(3_998))), None);
        assert_eq!(code(&format!("{{ {} }}", "a ".repeat(3_999))), Some(ErrorCode::QueryTooComplex));
        assert_eq!(code(&"#".repeat(Limits::USUAL.document_bytes + 1)), Some(ErrorCode::QueryTooComplex));
    }
}
