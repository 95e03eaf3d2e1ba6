//! One list of the campaign, to be found by what a clerk writes: the code, or else the name.

use std::collections::HashMap;

use crate::text::folded;

/// Rows of a list under their codes and names (字典).
pub(super) struct Names<T> {
    rows: Vec<T>,
    by_code: HashMap<String, usize>,
    /// None where several rows have the name.
    by_name: HashMap<String, Option<usize>>,
}

/// Why a text names no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unnamed {
    /// Nothing is called so.
    Nothing,
    /// Several are: only the code tells them apart.
    Several,
}

impl<T> Names<T> {
    /// The rows with the code and the name of each.
    pub(super) fn new(rows: Vec<T>, names: impl Fn(&T) -> (&str, &str)) -> Self {
        let (mut by_code, mut by_name) = (HashMap::new(), HashMap::new());
        for (place, row) in rows.iter().enumerate() {
            let (code, name) = names(row);
            by_code.insert(folded(code), place);
            by_name.entry(folded(name)).and_modify(|known| *known = None).or_insert(Some(place));
        }
        Self { rows, by_code, by_name }
    }

    /// The row of a code, else of a name; what people read is compared.
    pub(super) fn find(&self, text: &str) -> Result<&T, Unnamed> {
        let text = folded(text);
        let place = match (self.by_code.get(&text), self.by_name.get(&text)) {
            (Some(&place), _) | (None, Some(&Some(place))) => place,
            (None, Some(None)) => return Err(Unnamed::Several),
            (None, None) => return Err(Unnamed::Nothing),
        };
        self.rows.get(place).ok_or(Unnamed::Nothing)
    }

    /// All of them.
    pub(super) fn rows(&self) -> &[T] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_goes_before_a_name_and_a_shared_name_says_nothing() {
        let rows = vec![("V1", "东村"), ("V2", "西村"), ("V3", "西村"), ("东村", "别名")];
        let names = Names::new(rows, |row| *row);
        assert_eq!(names.find(" ｖ1 ").map(|row| row.0), Ok("V1"));
        assert_eq!(names.find("东村").map(|row| row.0), Ok("东村"));
        assert_eq!(names.find("東\u{200B} 村").map(|row| row.0), Ok("东村"));
        assert_eq!(names.find("西村"), Err(Unnamed::Several));
        assert_eq!(names.find("南村"), Err(Unnamed::Nothing));
    }
}
