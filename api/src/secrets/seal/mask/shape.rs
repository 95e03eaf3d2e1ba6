//! How a number is broken into pieces, and what looks like a day or a year: what tells a telephone from a list.

use super::runs::Gap;

/// The lengths of the pieces of a number, and what parts them.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    lengths: Vec<usize>,
    line: bool,
    dot: bool,
    word: bool,
}

/// How mobile numbers are usually broken.
const USUAL: &[&[usize]] = &[
    &[3, 4, 4],
    &[3, 8],
    &[7, 4],
    &[4, 4, 3],
    &[4, 3, 4],
    &[3, 3, 5],
    &[3, 5, 3],
    &[5, 6],
    &[6, 5],
    &[1; 11],
    &[1, 10],
    &[1, 3, 3, 4],
];

/// How local numbers are usually broken.
const LOCAL: &[&[usize]] = &[&[3, 4], &[4, 4], &[4, 3], &[3, 5], &[2, 2, 3], &[3, 2, 2], &[2, 2, 2, 2]];

impl Shape {
    pub(super) fn of(length: usize) -> Self {
        Self { lengths: vec![length], line: false, dot: false, word: false }
    }

    /// A further piece; what touches the piece before is one with it.
    pub(super) fn add(&mut self, gap: Gap, length: usize) {
        match self.lengths.last_mut().filter(|_| gap.touching) {
            Some(last) => *last += length,
            None => self.lengths.push(length),
        }
        self.line |= gap.line;
        self.dot |= gap.dot;
        self.word |= gap.word;
    }

    pub(super) fn lengths(&self) -> &[usize] {
        &self.lengths
    }

    pub(super) fn first(&self) -> usize {
        self.lengths.first().copied().unwrap_or_default()
    }

    pub(super) const fn has_dot(&self) -> bool {
        self.dot
    }

    pub(super) const fn has_word(&self) -> bool {
        self.word
    }

    /// The rest without so many digits in front.
    pub(super) fn without(&self, mut digits: usize) -> Self {
        let mut rest = self.clone();
        rest.lengths.retain_mut(|length| {
            let taken = digits.min(*length);
            digits -= taken;
            *length -= taken;
            *length > 0
        });
        rest
    }

    /// Broken as people break telephones. In an unusual way only where a telephone was announced, or where nothing else
    /// stands beside and no decimal or line of a list looks the same.
    pub(super) fn may_be_mobile(&self, digits: &str, alone: bool, announced: impl Fn() -> bool) -> bool {
        let lengths = self.lengths.as_slice();
        let listed = self.is_list(digits);
        if lengths.len() == 1 || (USUAL.contains(&lengths) && !listed) {
            return !(self.word && lengths.len() > 4);
        }
        let (plain, many) = (!self.dot && !self.line, lengths.len() >= 5);
        let friendly = !self.dot && self.first() >= 3 && lengths.iter().all(|length| *length >= 2);
        !self.word && !listed && (friendly || (alone && (plain || many)) || announced())
    }

    pub(super) fn may_be_landline(&self) -> bool {
        let whole = self.lengths.len() == 1;
        let area = matches!(self.first(), 3 | 4) && self.lengths.iter().all(|length| *length >= 2);
        let joined = self.first() >= 5 && !self.dot && !self.word;
        whole || area || joined
    }

    pub(super) fn may_be_local(&self) -> bool {
        let lengths = self.lengths.as_slice();
        (lengths.len() == 1 || LOCAL.contains(&lengths)) && !self.dot && !self.word
    }

    /// Pieces of at least three digits, but the last.
    pub(super) fn may_be_card(&self) -> bool {
        let but_last = self.lengths.len().saturating_sub(1);
        let long = self.lengths[..but_last].iter().all(|length| *length >= 3);
        let single = self.lengths.iter().all(|length| *length == 1);
        !self.dot && (long || single)
    }

    /// Whether the pieces only grow, as 1 3 5 7 9 do, or begin with years.
    fn is_list(&self, digits: &str) -> bool {
        let mut from = 0;
        let pieces: Vec<&str> = self
            .lengths
            .iter()
            .filter_map(|length| {
                let piece = digits.get(from..from + length);
                from += length;
                piece
            })
            .collect();
        let counted = pieces.iter().all(|piece| !piece.starts_with('0'));
        let grows = pieces.windows(2).all(|pair| (pair[0].len(), pair[0]) < (pair[1].len(), pair[1]));
        let years = pieces.iter().take(2).filter(|piece| is_year(piece)).count() == 2;
        (counted && grows && pieces.len() > 3) || years
    }
}

/// 1900 to 2099.
pub(super) fn is_year(digits: &str) -> bool {
    digits.len() == 4 && matches!(&digits[..2], "19" | "20")
}

fn two(digits: &str, from: usize) -> u32 {
    digits.get(from..from + 2).and_then(|part| part.parse().ok()).unwrap_or(u32::MAX)
}

/// Eight digits that are a day on which somebody may have been born.
pub(super) fn is_birth(digits: &str) -> bool {
    let century = matches!(digits.get(..2), Some("18" | "19" | "20"));
    century && (1..=12).contains(&two(digits, 4)) && (1..=31).contains(&two(digits, 6))
}

/// A day, with hours and minutes or without: 20191115, 201911151730.
pub(super) fn is_moment(digits: &str) -> bool {
    let hour = digits.len() < 10 || two(digits, 8) < 25;
    let minute = digits.len() < 12 || two(digits, 10) < 60;
    let second = digits.len() < 14 || two(digits, 12) < 60;
    digits.len() >= 8 && is_birth(&digits[..8]) && hour && minute && second
}
