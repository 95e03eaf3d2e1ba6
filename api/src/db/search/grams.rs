//! Texts as single characters and pairs of neighbours, each a number.

use std::collections::BTreeSet;

/// One character, or two neighbours: first × 2²¹ + second, exact, for a code point has at most 21 bits.
pub(super) type Gram = i64;

/// The distinct grams of both texts; no pair spans them.
pub(super) fn of_texts(title: &str, content: &str) -> Vec<Gram> {
    let mut distinct = BTreeSet::new();
    for text in [title, content] {
        let chars: Vec<char> = text.chars().collect();
        distinct.extend(chars.iter().copied().map(single));
        distinct.extend(pairs(&chars));
    }
    distinct.into_iter().collect()
}

/// The distinct grams that a text with these words has: the pairs of each, or its only character.
pub(super) fn of_words(words: &[String]) -> Vec<Gram> {
    let mut distinct = BTreeSet::new();
    for word in words {
        match word.chars().collect::<Vec<_>>().as_slice() {
            [one] => drop(distinct.insert(single(*one))),
            more => distinct.extend(pairs(more)),
        }
    }
    distinct.into_iter().collect()
}

fn single(c: char) -> Gram {
    Gram::from(u32::from(c))
}

fn pairs(chars: &[char]) -> impl Iterator<Item = Gram> {
    chars.windows(2).map(|pair| pair.iter().fold(0, |gram, c| (gram << 21) | single(*c)))
}

/// Grams as PostgreSQL reads an array.
pub(super) fn array(grams: &[Gram]) -> String {
    let numbers: Vec<String> = grams.iter().map(ToString::to_string).collect();
    format!("{{{}}}", numbers.join(","))
}

/// Grams as FTS5 words; plain text would lose punctuation and emoji to the tokenizer.
pub(super) fn tokens(grams: &[Gram], separator: &str) -> String {
    let tokens: Vec<String> = grams.iter().map(|gram| format!("x{gram:x}")).collect();
    tokens.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_are_distinct_and_do_not_span_title_and_content() {
        assert_eq!(of_texts("灯灯", "灯"), of_texts("灯", "灯灯"));
        assert_eq!(of_texts("路", "灯").len(), 2);
        assert_eq!(tokens(&of_texts("路", ""), " "), "x8def");
    }

    #[test]
    fn a_text_has_the_grams_of_its_words() {
        let text = of_texts("东沟村路灯", "请维修");
        let of = |words: &[&str]| of_words(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert!(of(&["维修", "沟村路", "灯"]).iter().all(|gram| text.contains(gram)));
        assert_eq!(of(&["灯"]), [single('灯')]);
        assert_eq!(of(&["路灯", "路灯"]).len(), 1);
        assert!(!of(&["灯请"]).iter().all(|gram| text.contains(gram)));
    }
}
