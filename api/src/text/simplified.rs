//! Each Chinese character in the one form by which it is compared: simplified, and no radical.

use std::sync::LazyLock;

/// Pairs of a character and its form, in the order of the characters: traditional and variant characters with their
/// simplified one, and the radicals of U+2E80 to U+2EFF that the compatibility form leaves alone. Taken from Unicode's data
/// files: `Unihan_Variants.txt` (the simplified variant; where a standard has none of its own, its form of the same meaning)
/// and `EquivalentUnifiedIdeograph.txt`, and some hundred variants that are abolished in the mainland and missing there.
///
/// A few characters are in use both for themselves and as the traditional form of another (乾 and 干, 著 and 着): they are
/// one, so that nothing is missed.
const PAIRS: &str = include_str!("simplified.txt");

/// Characters of one page.
const PAGE: usize = 256;

/// By the code point without its last eight bits: 256 characters and their forms, where one of them has another form.
static PAGES: LazyLock<Vec<Option<Box<[char; PAGE]>>>> = LazyLock::new(|| {
    let mut pages: Vec<Option<Box<[char; PAGE]>>> = Vec::new();
    for (from, to) in pairs() {
        let (page, place) = split(from);
        if pages.len() <= page {
            pages.resize(page + 1, None);
        }
        if let Some(page) = pages.get_mut(page) {
            page.get_or_insert_with(|| Box::new(['\0'; PAGE]))[place] = to;
        }
    }
    pages
});

fn pairs() -> impl Iterator<Item = (char, char)> {
    PAIRS.split_ascii_whitespace().filter_map(|pair| {
        let mut chars = pair.chars();
        Some((chars.next()?, chars.next()?))
    })
}

const fn split(c: char) -> (usize, usize) {
    let code = c as usize;
    (code / PAGE, code % PAGE)
}

/// The form by which a character is compared; itself for most.
pub(super) fn simplified(c: char) -> char {
    let (page, place) = split(c);
    match PAGES.get(page) {
        Some(Some(page)) if page[place] != '\0' => page[place],
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_forms_variants_and_radicals_have_one_form() {
        for (from, to) in [
            ("東溝村路燈不亮，請維修", "东沟村路灯不亮，请维修"),
            ("臺灣籍村民戶口辦理", "台湾籍村民户口办理"),
            ("⻓江路⻋站⻔口", "长江路车站门口"),
            ("裏裡後於眾衆為爲說説沒別內黃強綠緑", "里里后于众众为为说说没别内黄强绿绿"),
            ("徵集答覆週遊佈昇溼綫乾淨瞭解看著", "征集答复周游布升湿线干净了解看着"),
        ] {
            assert_eq!(from.chars().map(simplified).collect::<String>(), to);
        }
        for same in ["路灯不亮，请维修abc", "葛洲坝堤边"] {
            assert_eq!(same.chars().map(simplified).collect::<String>(), same);
        }
    }

    #[test]
    fn a_form_has_no_other_form_and_each_character_stands_once_in_order() {
        let all: Vec<(char, char)> = pairs().collect();
        assert!(all.len() > 5_000, "{}", all.len());
        assert!(all.windows(2).all(|two| two[0].0 < two[1].0));
        for (from, to) in all {
            assert_eq!((simplified(from), simplified(to)), (to, to), "{from}");
        }
        assert!(PAIRS.split_ascii_whitespace().all(|pair| pair.chars().count() == 2));
    }
}
