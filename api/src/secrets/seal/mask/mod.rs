//! What those see who may see the case but not the person (脱敏): a telephone, a name, and whatever of the kind
//! citizens write into the text itself.
//!
//! Written out rather than as regular expressions: the shapes span several groups of digits with separators between
//! them, in every script, and each scan is linear in the text. Each kind covers what it recognises, and the next one
//! reads what is left.

mod digits;
mod documents;
mod names;
mod numbers;
mod online;
mod runs;
mod shape;
#[cfg(test)]
mod tests;
mod text;

pub use names::{mask_name, mask_names, names_in};
pub use numbers::mask_phone;

/// Masks whatever a text says of persons: telephones however they are broken or spelt, identity and bank cards,
/// passports, number plates, mail addresses, QQ numbers and WeChat ids. At most the last four digits of a telephone stay
/// visible. Everything else stays, character by character.
#[must_use]
pub fn mask_in_text(text: &str) -> String {
    /// What is masked may part what stood beside it, which then is read anew. Few texts need a second reading.
    const READINGS: usize = 4;
    let mut shown = text.to_owned();
    for _ in 0..READINGS {
        match masked(&shown) {
            Some(masked) => shown = masked,
            None => break,
        }
    }
    shown
}

/// A text with its masks; none where there is nothing to mask.
fn masked(text: &str) -> Option<String> {
    let mut text = text::Text::new(text);
    online::mask(&mut text);
    documents::mask(&mut text);
    numbers::mask(&mut text);
    text.finish()
}

/// The same, and the name of the person who speaks, wherever it stands in the text.
#[must_use]
pub fn mask_of_person(text: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => mask_in_text(&mask_names(text, name)),
        None => mask_in_text(text),
    }
}
