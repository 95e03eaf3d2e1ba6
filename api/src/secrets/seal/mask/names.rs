//! Names: of a person's own field, and the same name where it stands in a text.

use super::text::{is_blank, is_invisible};

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

/// Longer names are searched by this many of their first characters.
const LONGEST: usize = 40;

/// Blanks and dots that may stand between two characters of a name.
const WIDEST_GAP: usize = 3;

/// Masks a person's name wherever it stands in a text, also with blanks between its characters. The field of the name
/// may hold several, each of which is searched; a single character, which is a surname, is not.
#[must_use]
pub fn mask_names(text: &str, field: &str) -> String {
    let names: Vec<Vec<char>> = names(field);
    if names.is_empty() {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut masked = String::with_capacity(text.len());
    let mut place = 0;
    while place < chars.len() {
        let found = names.iter().find_map(|name| Some((end_of(&chars, place, name)?, name.len())));
        if let Some((end, length)) = found {
            masked.push(chars[place]);
            masked.push_str(if length == 2 { "*" } else { "**" });
            place = end;
        } else {
            masked.push(chars[place]);
            place += 1;
        }
    }
    masked
}

/// Whether a text holds a person's name.
#[must_use]
pub fn names_in(text: &str, field: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let names = names(field);
    (0..chars.len()).any(|place| names.iter().any(|name| end_of(&chars, place, name).is_some()))
}

/// The names in a field, the longest first, without the blanks and dots inside them.
fn names(field: &str) -> Vec<Vec<char>> {
    let between = ['、', '，', ',', '；', ';', '/', '\\', '(', ')', '（', '）'];
    let name = |part: &str| part.chars().filter(|c| !is_gap(*c)).map(lower).take(LONGEST).collect();
    let mut names: Vec<Vec<char>> =
        field.split(between).map(name).filter(|name: &Vec<_>| name.len() > 1).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}

/// Where a name that begins at a place ends.
fn end_of(chars: &[char], place: usize, name: &[char]) -> Option<usize> {
    let mut end = place;
    for (index, wanted) in name.iter().enumerate() {
        let gap = chars[end..].iter().take_while(|c| is_gap(**c)).count();
        if gap > if index == 0 { 0 } else { WIDEST_GAP } {
            return None;
        }
        end += gap;
        if lower(*chars.get(end)?) != *wanted {
            return None;
        }
        end += 1;
    }
    Some(end)
}

fn is_gap(c: char) -> bool {
    is_blank(c) || is_invisible(c) || matches!(c, '·' | '•' | '.' | '．' | '-' | '_')
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_just_enough_to_be_recognised() {
        assert_eq!(mask_name("居民甲"), "居**");
        assert_eq!(mask_name("居民"), "居*");
        assert_eq!(mask_name("居"), "*");
        assert_eq!(mask_name("居民甲乙丙丁"), "居**");
        assert_eq!(mask_name(" "), "");
    }

    #[test]
    fn a_name_is_masked_wherever_it_stands() {
        for (text, field, masked) in [
            ("我叫居民甲，住东沟村", "居民甲", "我叫居**，住东沟村"),
            ("居民甲居民甲", "居民甲", "居**居**"),
            ("居 民 甲与居\u{3000}民\n甲", "居民甲", "居**与居**"),
            ("居\u{200B}民甲", "居 民 甲", "居**"),
            ("阿依·居民和阿依居民", "阿依·居民", "阿**和阿**"),
            ("居民甲、村民乙来访", "居民甲、村民乙", "居**、村**来访"),
            ("居民甲（代村民乙）", "居民甲（代）", "居**（代村民乙）"),
            ("Ju Min Jia说", "JU MINJIA", "J**说"),
            ("居民甲民甲", "居民甲", "居**民甲"),
            ("欧阳居民", "欧阳和平", "欧阳居民"),
            ("居家的居字", "居", "居家的居字"),
            ("居民乙", "居民甲", "居民乙"),
            ("居    民甲", "居民甲", "居    民甲"),
            ("", "居民甲", ""),
            ("居民甲", "", "居民甲"),
        ] {
            let shown = mask_names(text, field);
            assert_eq!(shown, masked, "{text}");
            assert_eq!(names_in(text, field), shown != text, "{text}");
            assert_eq!(mask_names(&shown, field), shown, "{text}");
        }
    }
}
