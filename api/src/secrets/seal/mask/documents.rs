//! Papers: passports and travel permits, number plates. Identity cards are numbers and stand with them.

use super::text::{STARS, Text, is_blank, is_invisible};

/// Masks passports, travel permits and number plates.
pub(super) fn mask(text: &mut Text) {
    let mut place = 0;
    while place < text.len() {
        let found = plate_end(text, place).or_else(|| permit_end(text, place));
        if let Some((start, end, mask)) = found {
            text.cover(start, end, mask);
            place = end;
        } else {
            place += 1;
        }
    }
}

type Found = Option<(usize, usize, String)>;

/// The provinces as plates name them, and the embassies.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领";

/// What ends the plates of trailers, driving schools, the police, and of cars from Hong Kong and Macao.
const ENDINGS: &str = "挂学警港澳";

/// A province, a letter, and 5 or 6 letters and digits, of which at least three are digits. The province stays.
fn plate_end(text: &Text, place: usize) -> Found {
    text.at(place).filter(|c| PROVINCES.contains(*c))?;
    let mut at = after_gap(text, place + 1);
    text.at(at).filter(char::is_ascii_uppercase)?;
    at += 1;
    let (mut signs, mut digits, mut end) = (0, 0, at);
    while signs < 6 {
        let next = after_gap(text, at);
        let Some(c) = text.at(next) else { break };
        if c.is_ascii_alphanumeric() {
            digits += usize::from(c.is_ascii_digit());
        } else if !(signs >= 4 && ENDINGS.contains(c)) {
            break;
        }
        signs += 1;
        at = next + 1;
        end = at;
        if ENDINGS.contains(c) {
            break;
        }
    }
    let goes_on = text.at(end).is_some_and(|c| c.is_ascii_alphanumeric());
    ((5..=6).contains(&signs) && digits >= 3 && !goes_on).then(|| (place + 1, end, STARS.to_owned()))
}

/// At most two blanks, dots or hyphens.
fn after_gap(text: &Text, place: usize) -> usize {
    let is_gap = |c: char| {
        (is_blank(c) && c != '\n') || is_invisible(c) || matches!(c, '·' | '•' | '・' | '.' | '-' | '—')
    };
    place + (0..2).take_while(|offset| text.at(place + offset).is_some_and(is_gap)).count()
}

/// What names a paper; a number behind it may be broken, and may be of another country.
const PAPERS: &[&str] = &["护照", "通行证", "回乡证", "台胞证", "PASSPORT"];

const CONNECTING: &[&str] =
    &["号码", "编号", "证号", "号", "NO.", "NO", "：", ":", "，", ",", "是", "为", "（", "(", "本"];

/// One or two letters and their digits: what the country's own papers look like, anywhere; others where a paper is named.
fn permit_end(text: &Text, place: usize) -> Found {
    let alone = !text.before(place).is_some_and(|c| c.is_ascii_alphanumeric());
    text.at(place).filter(|c| alone && c.is_ascii_alphanumeric())?;
    let named = text.follows(place, PAPERS, CONNECTING);
    let letters =
        (place..text.len()).take(3).take_while(|at| text.at(*at).is_some_and(|c| c.is_ascii_uppercase()));
    let digits_from = place + letters.count();
    let (digits, end) = digits(text, digits_from, named);
    let letters: String = text.plain(place, digits_from).iter().collect();
    let own = match letters.as_str() {
        "E" | "G" | "C" | "W" | "L" | "T" => digits == 8,
        "D" | "P" | "S" => matches!(digits, 7 | 8),
        "H" | "M" => matches!(digits, 8 | 10),
        two if two.len() == 2 => digits == 7 && matches!(two.as_bytes()[0], b'C' | b'D' | b'E' | b'P' | b'S'),
        _ => false,
    };
    let goes_on = text.at(end).is_some_and(|c| c.is_ascii_alphanumeric());
    let foreign = named && letters.len() <= 2 && (6..=10).contains(&digits);
    ((own || foreign) && !goes_on).then(|| (place, end, STARS.to_owned()))
}

/// How many digits follow, and where they end; with gaps only where a paper is named.
fn digits(text: &Text, from: usize, with_gaps: bool) -> (usize, usize) {
    const MOST: usize = 12;
    let (mut count, mut end) = (0, from);
    while count < MOST {
        let next = if with_gaps { after_gap(text, end) } else { end };
        if text.digit(next).is_none() {
            break;
        }
        count += 1;
        end = next + 1;
    }
    (count, end)
}
