//! Which sheet of a workbook is the ledger.

use std::io::{Read, Seek};

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx};

use super::cells::SheetLines;
use super::error::OpenError;
use super::heading::{Found, Wanted, find, nothing};
use super::merged::Merged;
use crate::text::folded;

/// The sheet that is read, with the other sheets that can be seen.
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) unread: Vec<String>,
}

/// The sheet that was named, or the first that has all headings, or else the one that has most of them.
///
/// Hidden sheets are not looked at unless they are named: nobody who fills in the workbook sees what stands there.
pub(super) fn choose<RS: Read + Seek>(workbook: &mut Xlsx<RS>, wanted: &Wanted) -> Result<Chosen, OpenError> {
    let sheets: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    let name = match &wanted.sheet {
        Some(name) => named(name, &sheets)?,
        None => searched(workbook, &sheets, wanted)?,
    };
    let others = sheets.into_iter().filter(|(other, is_visible)| *is_visible && *other != name);
    let unread = others.map(|(other, _)| other).collect();
    Ok(Chosen { name, unread })
}

fn named(name: &str, sheets: &[(String, bool)]) -> Result<String, OpenError> {
    // Excel takes no two sheets that differ in case alone.
    let found = sheets.iter().find(|(sheet, _)| folded(sheet) == folded(name));
    found
        .map(|(sheet, _)| sheet.clone())
        .ok_or_else(|| OpenError::NoSuchSheet { name: name.to_owned(), sheets: sheets.to_vec() })
}

fn searched<RS: Read + Seek>(
    workbook: &mut Xlsx<RS>,
    sheets: &[(String, bool)],
    wanted: &Wanted,
) -> Result<String, OpenError> {
    let mut best: Option<(&String, Found)> = None;
    let visible = || sheets.iter().filter(|(_, is_visible)| *is_visible).map(|(sheet, _)| sheet);
    for sheet in visible() {
        let Some(found) = find(&mut lines(workbook, sheet)?, wanted)? else { continue };
        if found.fit.is_complete {
            return Ok(sheet.clone());
        }
        if best.as_ref().is_none_or(|(_, earlier)| found.is_better_than(earlier)) {
            best = Some((sheet, found));
        }
    }
    let first = visible().next().map(String::as_str);
    best.map(|(sheet, _)| sheet.clone()).ok_or_else(|| nothing(first, wanted))
}

/// The lines of one sheet from its top.
pub(super) fn lines<'a, RS: Read + Seek>(
    workbook: &'a mut Xlsx<RS>,
    sheet: &str,
) -> Result<SheetLines<'a, RS>, OpenError> {
    let damaged = |error: calamine::XlsxError| OpenError::Workbook(format!("sheet `{sheet}`: {error}"));
    let merged = Merged::new(workbook.merge_cells_by_sheet_name(sheet).map_err(damaged)?);
    let epoch_1904 = workbook.has_1904_epoch();
    let cells = workbook.worksheet_cells_reader(sheet).map_err(damaged)?;
    Ok(SheetLines::new(cells, merged, epoch_1904))
}
