//! The words of a text of Rust: names, `::`, and single signs; comments and what stands in quotes are left out.

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word(pub String);

impl Word {
    /// Whether it is this one.
    pub fn is(&self, text: &str) -> bool {
        self.0 == text
    }

    /// Whether it is a name, or a keyword.
    pub fn is_name(&self) -> bool {
        self.0.starts_with(|first: char| first.is_alphabetic() || first == '_')
    }
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = quoted(rest) {
            length
        } else {
            let length = word(rest, first);
            if !first.is_whitespace() {
                words.push(Word(rest[..length].to_owned()));
            }
            length
        };
        rest = &rest[length..];
    }
    words
}

fn word(text: &str, first: char) -> usize {
    let of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    if of_name(first) {
        text.find(|letter| !of_name(letter)).unwrap_or(text.len())
    } else if text.starts_with("::") {
        2
    } else {
        first.len_utf8()
    }
}

/// How long the quotation is with which a text begins: a string, a raw one, or a character.
fn quoted(text: &str) -> Option<usize> {
    let plain = text.strip_prefix('b').or_else(|| text.strip_prefix('c')).unwrap_or(text);
    let marks = text.len() - plain.len();
    if let Some(raw) = plain.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inner = raw[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(marks + 1 + hashes + 1 + inner.find(&end)? + end.len());
    }
    let quote = plain.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let mut escaped = false;
    for (place, letter) in plain.char_indices().skip(1) {
        if quote == '\'' && place > 1 && !escaped && letter != '\'' && !plain[1..].starts_with('\\') {
            // `'a` is a lifetime; `'a'` a character.
            return Some(marks + 1);
        }
        if !escaped && letter == quote {
            return Some(marks + place + 1);
        }
        escaped = !escaped && letter == '\\';
    }
    None
}
