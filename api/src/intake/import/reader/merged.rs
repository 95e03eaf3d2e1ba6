//! Cells merged into one: what they show stands in each row of the merge.

use std::collections::BTreeMap;

use calamine::Dimensions;

use super::raw::MAX_COLUMNS;
use super::sheet_row::{SheetRow, Text};

/// The merges of a sheet. Only those of the row at hand hold a text, at most one for each column.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// By their first row.
    regions: Vec<Region>,
    next: usize,
    /// By their first column.
    open: BTreeMap<usize, Open>,
}

/// Rows counted from 1, columns from 0; the last ones included.
#[derive(Debug, Clone, Copy)]
struct Region {
    top: u64,
    bottom: u64,
    left: usize,
    right: usize,
}

/// A merge that reaches into the row at hand.
#[derive(Debug)]
struct Open {
    region: Region,
    /// What its first cell shows.
    text: Option<Text>,
}

impl Merged {
    /// Merges as a workbook lists them; those outside the columns that are read are left out.
    pub(super) fn new(regions: Vec<Dimensions>) -> Self {
        let mut regions: Vec<Region> = regions.into_iter().filter_map(Region::of).collect();
        regions.sort_by_key(|region| region.top);
        Self { regions, ..Self::default() }
    }

    /// Gives the row what the merges show that began above it, and takes away what stands hidden behind any.
    ///
    /// False when the row shows nothing else: it is a blank row beside a merged cell. Rows come from top to bottom.
    pub(super) fn fill(&mut self, row: &mut SheetRow) -> bool {
        self.open.retain(|_, open| open.region.bottom >= row.number);
        while let Some(&region) = self.regions.get(self.next).filter(|region| region.top <= row.number) {
            self.next += 1;
            if region.bottom >= row.number {
                let text = row.get(region.left).filter(|_| region.top == row.number).cloned();
                self.open.insert(region.left, Open { region, text });
            }
        }
        for Region { top, left, right, .. } in self.open.values().map(|open| open.region) {
            row.hide(if top == row.number { left + 1 } else { left }, right);
        }
        let has_own = row.shows_anything();
        let number = row.number;
        for (&left, open) in self.open.iter().filter(|(_, open)| open.region.top < number) {
            if let Some(text) = &open.text {
                row.put(left, text.clone());
            }
        }
        has_own
    }
}

impl Region {
    fn of(Dimensions { start, end }: Dimensions) -> Option<Self> {
        let row = |row: u32| u64::from(row) + 1;
        let (left, right) = (start.1 as usize, (end.1 as usize).min(MAX_COLUMNS - 1));
        let is_sound = start.0 <= end.0 && left <= right;
        is_sound.then(|| Self { top: row(start.0), bottom: row(end.0), left, right })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(regions: &[(u32, u32, u32, u32)]) -> Merged {
        let region = |&(top, left, bottom, right)| Dimensions::new((top, left), (bottom, right));
        Merged::new(regions.iter().map(region).collect())
    }

    fn filled(merged: &mut Merged, number: u64, cells: &[&str]) -> (bool, Vec<String>) {
        let mut row = SheetRow::new(number);
        for (column, &cell) in cells.iter().enumerate() {
            row.put(column, Ok(cell.to_owned()));
        }
        (merged.fill(&mut row), row.into_line().cells)
    }

    fn owned(has_own: bool, cells: &[&str]) -> (bool, Vec<String>) {
        (has_own, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn a_cell_merged_downwards_stands_in_each_row() {
        let mut merged = merged(&[(3, 0, 4, 0), (1, 0, 2, 0)]);
        assert_eq!(filled(&mut merged, 1, &["单位", "编号"]), owned(true, &["单位", "编号"]));
        assert_eq!(filled(&mut merged, 2, &["甲镇", "1"]), owned(true, &["甲镇", "1"]));
        assert_eq!(filled(&mut merged, 3, &["", "2"]), owned(true, &["甲镇", "2"]));
        assert_eq!(filled(&mut merged, 4, &["乙镇", "3"]), owned(true, &["乙镇", "3"]));
        assert_eq!(filled(&mut merged, 5, &["", "4"]), owned(true, &["乙镇", "4"]));
        assert_eq!(filled(&mut merged, 6, &["", "5"]), owned(true, &["", "5"]));
    }

    #[test]
    fn what_stands_hidden_behind_a_merge_is_not_read() {
        let mut merged = merged(&[(0, 0, 1, 1)]);
        assert_eq!(filled(&mut merged, 1, &["甲", "藏", "x"]), owned(true, &["甲", "", "x"]));
        assert_eq!(filled(&mut merged, 2, &["藏", "藏", "y"]), owned(true, &["甲", "", "y"]));
        assert_eq!(filled(&mut merged, 3, &["见", "见"]), owned(true, &["见", "见"]));
    }

    #[test]
    fn a_row_that_shows_nothing_else_is_blank() {
        let mut merged = merged(&[(0, 0, 1_048_575, 0)]);
        assert!(filled(&mut merged, 1, &["甲镇", "1"]).0);
        assert!(!filled(&mut merged, 2, &["藏", " "]).0);
        assert_eq!(filled(&mut merged, 1_000_000, &["", "2"]), owned(true, &["甲镇", "2"]));
    }

    #[test]
    fn an_empty_first_cell_or_a_missing_first_row_gives_nothing() {
        let mut merged = merged(&[(0, 0, 2, 0), (1, 1, 2, 1)]);
        assert_eq!(filled(&mut merged, 1, &["", "x"]), owned(true, &["", "x"]));
        assert_eq!(filled(&mut merged, 3, &["藏", "藏", "y"]), owned(true, &["", "", "y"]));
    }

    #[test]
    fn an_error_is_carried_too() {
        let mut merged = merged(&[(0, 0, 1, 0)]);
        let mut first = SheetRow::new(1);
        first.put(0, Err("#N/A".to_owned()));
        assert!(merged.fill(&mut first));
        let mut second = SheetRow::new(2);
        second.put(1, Ok("x".to_owned()));
        assert!(merged.fill(&mut second));
        assert_eq!(second.into_line().fault.unwrap().0, Some(0));
    }

    #[test]
    fn merges_that_make_no_sense_do_no_harm() {
        let mut merged =
            merged(&[(5, 5, 1, 1), (0, 9_000, 9, 9_000), (0, 0, 9, 16_383), (0, 0, 3, 0), (1, 0, 4, 3)]);
        for number in 1..=12 {
            filled(&mut merged, number, &["a", "b", "c"]);
        }
    }
}
