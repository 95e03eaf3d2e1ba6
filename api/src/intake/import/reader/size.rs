//! What a workbook unpacks to, counted before anything of it is held.
//!
//! A file of a megabyte can unpack to a gigabyte, and what its directory says of that may be a lie. So every part is
//! unpacked once in small blocks and counted, and given up at the limit. The reader of the workbook holds the table of
//! texts, the formats and one cell at a time; a sheet as a whole is never held.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::error::{OpenError, Part};

const MIB: u64 = 1024 * 1024;

/// All parts together, in MiB beyond the size of the file: pictures are as large packed as unpacked.
const WORKBOOK: u64 = 256;

/// The table of shared texts, in MiB.
const SHARED_TEXTS: u64 = 64;

/// The table of formats, in MiB; each of its letters may cost fifty bytes when it is held.
const FORMATS: u64 = 16;

/// One cell, in MiB. Excel takes 32,767 characters, which are less than this however they are written.
const CELL: u64 = 1;

/// Bytes that a shared text needs at least, `<si/>`: how many there are is believed no further.
const LEAST_TEXT: u64 = 5;

/// One part of a workbook as it is unpacked: no more of it than its limit, and of one cell no more than a cell's.
struct Bounded<R> {
    source: R,
    part: Part,
    limit: u64,
    total: u64,
    /// Bytes since the last cell was over; `None` where cells do not count.
    cell: Option<u64>,
    exceeded: Option<Part>,
}

/// Refuses a workbook that unpacks to too much. What is no zip file passes: opening it tells what is wrong.
pub(super) fn check(source: &mut (impl Read + Seek)) -> Result<(), OpenError> {
    let size = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let checked = ZipArchive::new(&mut *source).map_or(Ok(()), |zip| parts(zip, size));
    source.rewind()?;
    checked.map_err(|part| OpenError::TooLarge { part, limit: mib(part) })
}

fn mib(part: Part) -> u64 {
    match part {
        Part::Workbook => WORKBOOK,
        Part::SharedTexts => SHARED_TEXTS,
        Part::Formats => FORMATS,
        Part::Cell => CELL,
    }
}

fn parts<R: Read + Seek>(mut zip: ZipArchive<R>, size: u64) -> Result<(), Part> {
    let mut left = WORKBOOK * MIB + size;
    for index in 0..zip.len() {
        // What cannot be unpacked here cannot be read later either.
        let Ok(entry) = zip.by_index(index) else { continue };
        let name = entry.name().map(|name| name.replace('\\', "/").to_ascii_lowercase()).unwrap_or_default();
        let (part, limit) = limit_of(&name, left);
        if entry.size() > limit {
            return Err(part);
        }
        let bounded = Bounded { source: entry, part, limit, total: 0, cell: None, exceeded: None };
        left -= count(bounded, is_of_cells(&name))?.min(left);
    }
    Ok(())
}

fn limit_of(name: &str, left: u64) -> (Part, u64) {
    let part = match name.rsplit('/').next() {
        Some("sharedstrings.xml") => Part::SharedTexts,
        Some("styles.xml") => Part::Formats,
        _ => Part::Workbook,
    };
    let own = mib(part) * MIB;
    if part == Part::Workbook || own > left { (Part::Workbook, left) } else { (part, own) }
}

fn is_of_cells(name: &str) -> bool {
    name.contains("worksheets/") || name.ends_with("sharedstrings.xml")
}

/// Bytes that a part unpacks to.
fn count<R: Read>(mut bounded: Bounded<R>, has_cells: bool) -> Result<u64, Part> {
    if has_cells {
        bounded.cell = Some(0);
        let mut xml = Reader::from_reader(BufReader::new(bounded));
        let is_sound = pass_cells(&mut xml);
        bounded = xml.into_inner().into_inner();
        bounded.cell = None;
        if !is_sound {
            return Err(Part::SharedTexts);
        }
    }
    // Behind an error the workbook's reader gives up as well.
    let _ = io::copy(&mut bounded, &mut io::sink());
    bounded.exceeded.map_or(Ok(bounded.total), Err)
}

/// Goes from cell to cell as the workbook's reader will. False where more shared texts are announced than can be.
fn pass_cells<R: Read>(xml: &mut Reader<BufReader<Bounded<R>>>) -> bool {
    let config = xml.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let (mut buffer, mut is_inside) = (Vec::new(), false);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if is_cell(tag.local_name().as_ref()) => is_inside = true,
            Ok(Event::End(tag)) if is_cell(tag.local_name().as_ref()) => is_inside = false,
            Ok(Event::Start(tag)) if announces_too_many(&tag) => return false,
            Ok(Event::Eof) | Err(_) => return true,
            Ok(_) => {}
        }
        if !is_inside {
            xml.get_mut().get_mut().cell = Some(0);
        }
    }
}

fn is_cell(tag: &str) -> bool {
    matches!(tag, "c" | "si")
}

/// The workbook's reader makes room for as many texts as the table says that it has.
fn announces_too_many(tag: &BytesStart<'_>) -> bool {
    let is_too_many =
        |count: &str| count.parse().is_ok_and(|count: u64| count > SHARED_TEXTS * MIB / LEAST_TEXT);
    tag.local_name().as_ref() == "sst"
        && tag.attributes().with_checks(false).flatten().any(|attribute| {
            attribute.key.local_name().as_ref() == "uniqueCount" && is_too_many(&attribute.value)
        })
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.total += count as u64;
        if let Some(cell) = &mut self.cell {
            *cell += count as u64;
        }
        if self.total > self.limit {
            self.exceeded = Some(self.part);
        } else if self.cell.is_some_and(|cell| cell > CELL * MIB) {
            self.exceeded = Some(Part::Cell);
        }
        if self.exceeded.is_some() { Err(io::Error::other("too large")) } else { Ok(count) }
    }
}
