//! Where the headings of a ledger stand: below a title and a line of who fills it in, and often not on the first sheet.

use super::error::{OpenError, Place};
use super::line::Line;
use super::raw::Header;
use crate::intake::import::mapping::{Fit, Mapping};

/// Rows with text among which the headings are looked for.
const SEARCHED: usize = 20;

/// Fewer known headings in one row are chance: a title line may say 单位 too.
const FEWEST: usize = 2;

/// What is known of a ledger before it is opened. What is left out is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The headings that are known: the usual ones, and those that the operator names.
    pub mapping: Mapping,
    /// The sheet of a workbook (工作表).
    pub sheet: Option<String>,
    /// The row of the headings (表头行), as a spreadsheet counts rows; in a CSV file the line.
    pub header_row: Option<u64>,
}

/// The headings of a ledger with the place at which they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) header: Header,
    pub(super) place: Place,
    /// The other sheets that a reader of the workbook sees; they are not read.
    pub(super) unread: Vec<String>,
}

/// The line that is taken for the headings.
pub(super) struct Found {
    pub(super) line: Line,
    pub(super) fit: Fit,
    /// Lines below it that were read in the search.
    pub(super) below: Vec<Line>,
}

/// Finds the headings of one sheet: the first line that names all that an entry needs, else the one that names most.
///
/// `None` where there is nothing to take for headings. In headings of two rows the lower one counts, since cells merged
/// over both stand in each.
pub(super) fn find(
    lines: &mut impl Iterator<Item = Line>,
    wanted: &Wanted,
) -> Result<Option<Found>, OpenError> {
    let mut seen = match wanted.header_row {
        Some(row) => lines.find(|line| line.number >= row || line.end().is_some()).into_iter().collect(),
        None => first_lines(lines, &wanted.mapping),
    };
    if let Some(error) = seen.first().and_then(Line::end) {
        return Err(OpenError::BrokenOff(error));
    }
    let fits: Vec<Fit> = seen.iter().map(|line| wanted.mapping.fit(&line.cells)).collect();
    let Some(at) = choose(&seen, &fits) else {
        return Ok(None);
    };
    let below = seen.split_off(at + 1);
    let line = seen.pop().filter(|line| wanted.header_row.is_none_or(|row| row == line.number));
    Ok(line.map(|line| Found { line, fit: fits[at], below }))
}

/// The lines to choose from, and the first below the headings.
fn first_lines(lines: &mut impl Iterator<Item = Line>, mapping: &Mapping) -> Vec<Line> {
    let mut seen = Vec::new();
    let mut is_found = false;
    while seen.len() < SEARCHED {
        let Some(line) = lines.find(|line| line.has_text() || line.fault.is_some()) else { break };
        let is_complete = mapping.fit(&line.cells).is_complete;
        let is_last = line.end().is_some() || (is_found && !is_complete);
        seen.push(line);
        if is_last {
            break;
        }
        is_found |= is_complete;
    }
    seen
}

fn choose(seen: &[Line], fits: &[Fit]) -> Option<usize> {
    let with_text = || (0..seen.len()).filter(|&at| seen[at].has_text() && seen[at].end().is_none());
    let Some(first) = with_text().find(|&at| fits[at].is_complete) else {
        // Of equals the first.
        let most = with_text().rev().max_by_key(|&at| fits[at].fields);
        return most.filter(|&at| fits[at].fields >= FEWEST).or_else(|| with_text().next());
    };
    let lower = (first + 1..seen.len()).take_while(|&at| fits[at].is_complete && is_header(&seen[at]));
    lower.last().or(Some(first))
}

fn is_header(line: &Line) -> bool {
    Header::new(&Place { sheet: None, line: line.number }, line.cells.clone()).is_ok()
}

/// The error where no line of the file can be taken for headings.
pub(super) fn nothing(sheet: Option<&str>, wanted: &Wanted) -> OpenError {
    match wanted.header_row {
        Some(line) => OpenError::EmptyHeaderRow(Place { sheet: sheet.map(str::to_owned), line }),
        None => OpenError::NoHeader,
    }
}

impl Found {
    /// Whether this is better than what another sheet has.
    pub(super) fn is_better_than(&self, other: &Self) -> bool {
        let rank = |found: &Self| {
            (found.fit.is_complete, if found.fit.fields < FEWEST { 0 } else { found.fit.fields })
        };
        rank(self) > rank(other)
    }

    /// The headings checked, and the lines below them.
    pub(super) fn open(
        self,
        sheet: Option<String>,
        unread: Vec<String>,
    ) -> Result<(Heading, Vec<Line>), OpenError> {
        let place = Place { sheet, line: self.line.number };
        let header = Header::new(&place, self.line.cells)?;
        Ok((Heading { header, place, unread }, self.below))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::import::fault::Fault;

    fn lines(rows: &[&str]) -> impl Iterator<Item = Line> {
        let cells = |row: &str| row.split(',').map(str::to_owned).collect();
        let line = |(at, row): (usize, &&str)| Line { number: at as u64 + 1, cells: cells(row), fault: None };
        rows.iter().enumerate().map(line).collect::<Vec<_>>().into_iter()
    }

    fn found(rows: &[&str], wanted: &Wanted) -> Option<u64> {
        find(&mut lines(rows), wanted).unwrap().map(|found| found.line.number)
    }

    fn looked_for(rows: &[&str]) -> Option<u64> {
        found(rows, &Wanted::default())
    }

    #[test]
    fn headings_below_a_title_are_found() {
        assert_eq!(looked_for(&["编号,内容", "1,x"]), Some(1));
        assert_eq!(looked_for(&["台账,", ",", "填报单位：示例镇,2022.3.15", "编号,内容", "1,x"]), Some(4));
        // Two known words in a line of who fills it in are no headings yet.
        assert_eq!(
            looked_for(&["联系人,居民甲,联系电话,199", "单位,时间", "编号,内容,电话", "1,x"]),
            Some(3)
        );
    }

    #[test]
    fn without_all_that_is_needed_the_line_with_most_headings_is_taken() {
        assert_eq!(looked_for(&["台账", "标题,内容,电话", "x,y"]), Some(2));
        assert_eq!(looked_for(&["台账", "标题,题目", "x,y"]), Some(1));
        assert_eq!(looked_for(&["", ","]), None);
    }

    #[test]
    fn of_headings_in_two_rows_the_lower_counts() {
        assert_eq!(looked_for(&["编号,内容,反映人,", "编号,内容,姓名,电话", "1,x,y,z"]), Some(2));
        assert_eq!(looked_for(&["编号,内容", "编号,内容,电话,电话", "1,x"]), Some(1));
    }

    #[test]
    fn headings_are_not_looked_for_further_down_than_twenty_rows() {
        let at = |before: usize| {
            let rows: Vec<&str> = std::iter::repeat_n("说明", before).chain(["编号,内容"]).collect();
            looked_for(&rows)
        };
        assert_eq!((at(19), at(20)), (Some(20), Some(1)));
    }

    #[test]
    fn a_row_that_is_named_is_taken() {
        let wanted = |row| Wanted { header_row: Some(row), ..Wanted::default() };
        let rows = ["编号,内容", "a,b", "", "1,2"];
        assert_eq!(found(&rows, &wanted(2)), Some(2));
        assert_eq!((found(&rows, &wanted(3)), found(&rows, &wanted(9))), (None, None));
        assert_eq!(
            nothing(Some("表"), &wanted(3)).to_string(),
            "sheet `表`, row 3, which was named as the header row, has no text"
        );
    }

    #[test]
    fn headings_that_the_operator_names_are_known() {
        let mapping = Mapping::parse("external_ref=序号,content=群众原话").unwrap();
        let wanted = Wanted { mapping, ..Wanted::default() };
        assert_eq!(found(&["编号,内容", "序号,群众原话", "1,x"], &wanted), Some(2));
    }

    #[test]
    fn what_was_read_below_the_headings_is_kept() {
        let mut rows = lines(&["台账", "编号,内容", "1,x", "2,y"]);
        let found = find(&mut rows, &Wanted::default()).unwrap().unwrap();
        assert_eq!(
            found.below.iter().chain(&rows.collect::<Vec<_>>()).map(|line| line.number).collect::<Vec<_>>(),
            [3, 4]
        );
    }

    #[test]
    fn a_file_that_breaks_off_first_says_so() {
        let broken = Line::faulty(1, Fault::OpenQuote);
        let error = find(&mut [broken].into_iter(), &Wanted::default()).err().unwrap();
        assert_eq!(error.code(), "OPEN_QUOTE");
    }
}
