//! What those see who may see the case but not the person (脱敏): a telephone, a name, and whatever of the kind
//! citizens write into the text itself.
//!
//! Written out rather than as regular expressions: the shapes span several groups of digits with separators between
//! them, in full width too, and the scan is linear in the text.

use unicode_normalization::UnicodeNormalization as _;

use super::telephone::{Telephone, is_separator};

/// The number of stars does not tell how many digits they stand for.
const STARS: &str = "****";

/// From this many digits in one piece on, a number is taken for personal whatever it is (identity card, bank card,
/// mobile with prefix): a date has 8, and sums of money in suggestions stay below.
const LONG_RUN: usize = 11;

/// Digits in an identity card number (身份证号).
const ID_LENGTH: usize = 18;

/// More separators than this part two numbers.
const WIDEST_GAP: usize = 3;

/// `138****0000`; short numbers show two digits or none. Of two numbers it is the first; anything but digits is dropped.
#[must_use]
pub fn mask_phone(telephone: &str) -> String {
    let all = || telephone.nfkc().filter(char::is_ascii_digit).collect();
    let digits: String =
        Telephone::parse(telephone).map_or_else(|_| all(), |first| first.digits().to_owned());
    match digits.len() {
        11.. => format!("{}{STARS}{}", &digits[..3], &digits[digits.len() - 4..]),
        7..11 => format!("{STARS}{}", &digits[digits.len() - 2..]),
        _ => STARS.to_owned(),
    }
}

/// `张*`, `张**`: the first character and at most two stars; a single character is not shown.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let mut chars = name.trim().chars();
    match (chars.next(), chars.count()) {
        (None, _) => String::new(),
        (Some(_), 0) => "*".to_owned(),
        (Some(first), 1) => format!("{first}*"),
        (Some(first), _) => format!("{first}**"),
    }
}

/// Masks mobile numbers, landlines with area code and identity card numbers in free text, also in full width and
/// with blanks or hyphens inside. Everything else stays, character by character.
#[must_use]
pub fn mask_in_text(text: &str) -> String {
    // Landlines last: their shape is the loosest and must not bite off the beginning of a mobile number.
    replace(&replace(text, personal_number), landline)
}

/// A run of digits and its place in the text.
struct Run {
    start: usize,
    end: usize,
    digits: String,
    /// The `X` that ends some identity card numbers follows directly.
    x_follows: bool,
}

/// Some runs in a row, with only separators between them, read as one number.
struct Joined<'a> {
    digits: &'a str,
    first_run: usize,
    in_one_piece: bool,
    x_follows: bool,
}

/// What to write instead of a number, and whether it ends with the `X`.
struct Mask {
    text: String,
    takes_x: bool,
}

fn replace(text: &str, recognise: fn(&Joined<'_>) -> Option<Mask>) -> String {
    let chars: Vec<char> = text.chars().collect();
    let runs = runs(&chars);
    let mut masked = String::with_capacity(text.len());
    let (mut copied, mut index) = (0, 0);
    while index < runs.len() {
        let Some((count, mask)) = longest(&chars, &runs[index..], recognise) else {
            index += 1;
            continue;
        };
        masked.extend(&chars[copied..runs[index].start]);
        masked.push_str(&mask.text);
        copied = runs[index + count - 1].end + usize::from(mask.takes_x);
        index += count;
    }
    masked.extend(&chars[copied..]);
    masked
}

/// The longest number that begins with the first run, and of how many runs it consists.
fn longest(
    chars: &[char],
    runs: &[Run],
    recognise: fn(&Joined<'_>) -> Option<Mask>,
) -> Option<(usize, Mask)> {
    let first = runs.first()?;
    let mut digits = String::new();
    let mut found = None;
    for (index, run) in runs.iter().enumerate() {
        if index > 0 && !close(chars, &runs[index - 1], run) {
            break;
        }
        digits.push_str(&run.digits);
        if index > 0 && digits.len() > ID_LENGTH {
            break;
        }
        let joined = Joined {
            digits: &digits,
            first_run: first.digits.len(),
            in_one_piece: index == 0,
            x_follows: run.x_follows,
        };
        found = recognise(&joined).map(|mask| (index + 1, mask)).or(found);
    }
    found
}

fn close(chars: &[char], before: &Run, after: &Run) -> bool {
    let gap = &chars[before.end..after.start];
    gap.len() <= WIDEST_GAP && gap.iter().all(|c| is_separator(*c) && *c != '\n')
}

fn runs(chars: &[char]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut start = 0;
    while start < chars.len() {
        let digits: String = chars[start..].iter().map_while(|c| digit(*c)).collect();
        if digits.is_empty() {
            start += 1;
            continue;
        }
        let end = start + digits.len();
        let x_follows = matches!(chars.get(end), Some('X' | 'x' | 'Ｘ' | 'ｘ'));
        runs.push(Run { start, end, digits, x_follows });
        start = end;
    }
    runs
}

/// ASCII and full-width digits, as ASCII.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

fn personal_number(number: &Joined<'_>) -> Option<Mask> {
    if is_mobile(number.digits) {
        return Some(Mask { text: mask_phone(number.digits), takes_x: false });
    }
    if is_identity_card(number) {
        let takes_x = number.x_follows && number.digits.len() < ID_LENGTH;
        return Some(Mask { text: STARS.to_owned(), takes_x });
    }
    if !number.in_one_piece || number.digits.len() < LONG_RUN {
        return None;
    }
    landline(number).or_else(|| Some(Mask { text: STARS.to_owned(), takes_x: false }))
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// In one piece by its length; in several only with a plausible year of birth, since lists of years look alike.
fn is_identity_card(number: &Joined<'_>) -> bool {
    let length = number.digits.len();
    let complete = length == ID_LENGTH || (length == ID_LENGTH - 1 && number.x_follows);
    complete && (number.in_one_piece || matches!(&number.digits[6..8], "18" | "19" | "20"))
}

/// Area code of 3 or 4 digits and 7 or 8 of the line, or a country prefix of `00` before all of it.
fn landline(number: &Joined<'_>) -> Option<Mask> {
    let longest = match number.digits.as_bytes() {
        [b'0', b'0', ..] => 16,
        [b'0', ..] => 12,
        _ => return None,
    };
    let fits = (10..=longest).contains(&number.digits.len()) && number.first_run >= 3;
    fits.then(|| Mask { text: mask_landline(number.digits), takes_x: false })
}

fn mask_landline(digits: &str) -> String {
    format!("{}{STARS}{}", &digits[..3], &digits[digits.len() - 4..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The longest run of digits, in either width.
    fn longest_run(text: &str) -> usize {
        let chars: Vec<char> = text.chars().collect();
        runs(&chars).iter().map(|run| run.digits.len()).max().unwrap_or_default()
    }

    #[test]
    fn telephones_and_names_keep_just_enough_to_be_recognised() {
        assert_eq!(mask_phone("13800000000"), "138****0000");
        assert_eq!(mask_phone("138 0000-0000"), "138****0000");
        assert_eq!(mask_phone("13800000000/13900000001 李某"), "138****0000");
        assert_eq!(mask_phone("1234567"), "****67");
        assert_eq!(mask_phone("12345"), "****");
        assert_eq!(mask_name("居民甲"), "居**");
        assert_eq!(mask_name("居民"), "居*");
        assert_eq!(mask_name("居"), "*");
        assert_eq!(mask_name("居民甲乙丙丁"), "居**");
        assert_eq!(mask_name(" "), "");
    }

    #[test]
    fn mobile_numbers_are_masked_however_they_are_typed() {
        for typed in [
            "13800000000",
            "138 0000 0000",
            "138-0000-0000",
            "138 00000000",
            "1380000 0000",
            "１３８００００００００",
            "138.0000.0000",
            "1 3 8 0 0 0 0 0 0 0 0",
            "138\u{200B}0000\u{200B}0000",
        ] {
            let text = format!("请致电{typed}，谢谢");
            assert_eq!(mask_in_text(&text), "请致电138****0000，谢谢", "{typed}");
        }
        assert_eq!(
            mask_in_text("+86 138 0000 0000或0086 138 0000 0000"),
            "+86 138****0000或0086 138****0000"
        );
        assert_eq!(mask_in_text("13800000000 13900000001"), "138****0000 139****0001");
        assert_eq!(mask_in_text("微信8613800000000"), "微信****");
    }

    #[test]
    fn landlines_with_area_code_are_masked() {
        assert_eq!(mask_in_text("电话0314-0000001"), "电话031****0001");
        assert_eq!(mask_in_text("电话（0314）0000001。"), "电话（031****0001。");
        assert_eq!(mask_in_text("电话03140000001转8"), "电话031****0001转8");
        assert_eq!(mask_in_text("010 00000001"), "010****0001");
        assert_eq!(mask_in_text("0086 10 0000 0001"), "008****0001");
        assert_eq!(mask_in_text("00000 20220 301"), "000****0301");
    }

    #[test]
    fn identity_card_numbers_are_masked_with_their_x() {
        for typed in [
            "000000190001010000",
            "00000019000101000X",
            "00000019000101000x",
            "０００００0１９０００１０１０００Ｘ",
        ] {
            assert_eq!(mask_in_text(&format!("证件{typed}号")), "证件****号", "{typed}");
        }
        assert_eq!(mask_in_text("000000 19000101 0000"), "****");
        assert_eq!(mask_in_text("000000 19000101 000X"), "****");
    }

    #[test]
    fn ordinary_numbers_stay() {
        for text in [
            "2019-11-15 17:30",
            "20191115路灯不亮",
            "12345热线，2020 2021 2022年三年",
            "投资1200000元，3.5米，第13页",
            "民声-2022-000123",
            "1路、3路、\n13路",
            "",
        ] {
            assert_eq!(mask_in_text(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_masked_telephone_never_shows_seven_digits_in_a_row(text in "[0-9０-９ -]{0,30}") {
            prop_assert!(longest_run(&mask_phone(&text)) < 7);
        }

        #[test]
        fn a_personal_number_in_a_text_never_keeps_seven_digits_in_a_row(
            before in "[^0-9０-９]{0,10}",
            number in "1[3-9][ -]?[0-9][ -]?[0-9]{4}[ -]?[0-9]{4}|0[1-9][0-9]{1,2}-?[0-9]{7,8}|[1-9][0-9]{16}[0-9Xx]",
            after in "[^0-9０-９Xx]{0,10}",
        ) {
            let masked = mask_in_text(&format!("{before}{number}{after}"));
            prop_assert!(longest_run(&masked) < 7, "{}", masked);
            prop_assert!(masked.contains(STARS));
        }

        #[test]
        fn no_text_keeps_a_long_run_and_none_panics(text in "[0-9０-９Xx路 .\n-]{0,60}") {
            prop_assert!(longest_run(&mask_in_text(&text)) < LONG_RUN);
        }

        #[test]
        fn a_text_without_digits_stays(text in "[^0-9０-９]*") {
            prop_assert_eq!(mask_in_text(&text), text);
        }
    }
}
