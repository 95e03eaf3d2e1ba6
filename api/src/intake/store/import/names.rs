//! One list of the campaign, to be found by what a clerk writes: the code, or else the name, or else an alias.

use std::collections::HashMap;

use crate::text::folded;

/// Rows of a list under their codes and names (字典).
pub(super) struct Names<T> {
    rows: Vec<T>,
    by_code: HashMap<String, usize>,
    /// None where several rows have the name.
    by_name: HashMap<String, Option<usize>>,
    /// The same for what rows are called besides.
    by_alias: HashMap<String, Option<usize>>,
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
        Self { rows, by_code, by_name, by_alias: HashMap::new() }
    }

    /// The same list, with further words for its rows.
    pub(super) fn also<'a>(mut self, aliases: impl Fn(&T) -> Vec<&'a str>) -> Self {
        for (place, row) in self.rows.iter().enumerate() {
            for alias in aliases(row) {
                let known = self.by_alias.entry(folded(alias)).or_insert(Some(place));
                *known = known.filter(|known| *known == place);
            }
        }
        self
    }

    /// The row of a code, else of a name, else of an alias; what people read is compared.
    pub(super) fn find(&self, text: &str) -> Result<&T, Unnamed> {
        let text = folded(text);
        let code = self.by_code.get(&text).map(|place| Some(*place));
        let named = code.or_else(|| self.by_name.get(&text).or_else(|| self.by_alias.get(&text)).copied());
        let place = named.ok_or(Unnamed::Nothing)?.ok_or(Unnamed::Several)?;
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

    #[test]
    fn an_alias_comes_last_and_that_of_several_says_nothing() {
        let rows = vec![
            ("S1", "甲流", "甲镇"),
            ("S2", "乙流", "乙镇"),
            ("S3", "丙流", "乙镇"),
            ("S4", "甲镇", "丁镇"),
        ];
        let names = Names::new(rows, |row| (row.0, row.1)).also(|row| vec![row.2, row.2]);
        assert_eq!(names.find("丁镇").map(|row| row.0), Ok("S4"));
        assert_eq!(names.find("甲镇").map(|row| row.0), Ok("S4"));
        assert_eq!(names.find("乙镇"), Err(Unnamed::Several));
    }
}
