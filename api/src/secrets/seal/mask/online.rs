//! How people are reached on line: mail addresses, QQ numbers, WeChat ids.

use super::numbers::number_at;
use super::text::{STARS, Text, is_blank, is_invisible};

/// Words between the name of a service and the number or id there.
const CONNECTING: &[&str] = &[
    "号码", "账号", "帐号", "同号", "同步", "号", "群", "ID", "：", ":", "，", ",", "是", "为", "加", "也是",
    "即", "=", "→", "-", "－", "、", "（", "(", "【", "[",
];

/// How QQ is called.
const QQ: &[&str] = &["QQ", "扣扣", "企鹅", "球球", "Q号", "Q"];

/// How WeChat is called.
const WECHAT: &[&str] = &["微信", "薇信", "徽信", "威信号", "微X", "V信", "WX", "VX", "WEIXIN", "WECHAT"];

/// Masks mail addresses, QQ numbers and WeChat ids.
pub(super) fn mask(text: &mut Text) {
    mail(text);
    wechat(text);
    qq(text);
}

fn mail(text: &mut Text) {
    let is_local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-' | '%');
    let mut free = 0;
    for place in 0..text.len() {
        if text.at(place) != Some('@') {
            continue;
        }
        let mut start = back_over_blanks(text, place);
        let local_end = start;
        while start > free && text.before(start).is_some_and(is_local) {
            start -= 1;
        }
        let Some(end) = domain_end(text, place + 1).filter(|_| start < local_end) else {
            continue;
        };
        text.cover(start, end, STARS.to_owned());
        free = end;
    }
}

/// At most two blanks may stand before the `@`.
fn back_over_blanks(text: &Text, place: usize) -> usize {
    let blanks = (1..=2).take_while(|back| place.checked_sub(*back).and_then(|at| text.at(at)) == Some(' '));
    place - blanks.count()
}

/// Where a domain with at least one dot ends; blanks may follow the `@`.
fn domain_end(text: &Text, from: usize) -> Option<usize> {
    let mut place = from + (0..2).take_while(|offset| text.at(from + offset) == Some(' ')).count();
    let mut end = None;
    loop {
        let label = |place: &usize| text.at(*place).is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
        let length = (place..text.len()).take_while(label).count();
        if length == 0 {
            return end;
        }
        place += length;
        if end.is_some() {
            end = Some(place);
        }
        match text.at(place) {
            Some('.' | '。') if text.at(place + 1).is_some_and(|c| c.is_ascii_alphabetic()) => {
                place += 1;
                end = Some(place);
            }
            _ => return end,
        }
    }
}

fn qq(text: &mut Text) {
    const LENGTHS: std::ops::RangeInclusive<usize> = 5..=11;
    let mut place = 0;
    while place < text.len() {
        let begins = text.digit(place).is_some() && text.digit(place.wrapping_sub(1)).is_none();
        let named = || [QQ, WECHAT].iter().any(|words| text.follows(place, words, CONNECTING));
        if begins
            && named()
            && let Some(end) = number_at(text, place, LENGTHS)
        {
            text.cover(place, end, STARS.to_owned());
            place = end;
        } else {
            place += 1;
        }
    }
}

fn wechat(text: &mut Text) {
    let mut place = 0;
    while place < text.len() {
        match id_end(text, place) {
            Some(end) => {
                text.cover(place, end, STARS.to_owned());
                place = end;
            }
            None => place += 1,
        }
    }
}

/// Where a WeChat id that begins at a place ends: `wxid_…` anywhere, any other where WeChat is named before it.
fn id_end(text: &Text, place: usize) -> Option<usize> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 6..=28;
    let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let first = text.at(place).filter(char::is_ascii_alphanumeric)?;
    if text.before(place).is_some_and(is_id) && !text.follows(place, WECHAT, &[]) {
        return None;
    }
    let length = (place..text.len()).take_while(|at| text.at(*at).is_some_and(is_id)).take(40).count();
    let id = text.plain(place, place + length);
    if text.says(place, "WXID_") && length > 8 {
        return Some(place + length);
    }
    if !LENGTHS.contains(&length) || first.is_ascii_digit() {
        return None;
    }
    let odd = id.iter().any(|c| !c.is_ascii_alphabetic());
    let named = text.follows(place, WECHAT, CONNECTING);
    let latin_before = text.before(place).is_some_and(|c| c.is_ascii_alphabetic());
    let told = told(text, place);
    (named && (told || (odd && !latin_before))).then_some(place + length)
}

/// Whether what stands right before says that an id follows.
fn told(text: &Text, place: usize) -> bool {
    let mut end = place;
    while text.before(end).is_some_and(|c| is_blank(c) || is_invisible(c)) {
        end -= 1;
    }
    text.before(end).is_some_and(|c| matches!(c, ':' | '：' | '号' | '码' | '是' | '为' | '=' | 'D'))
}
