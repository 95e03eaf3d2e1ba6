//! Workbooks that unpack to too much.

use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::super::{Format, OpenError, Wanted, open_source};

const MIB: usize = 1024 * 1024;

/// A sound workbook of one entry, one part of which is replaced.
fn workbook(part: &str, text: impl FnOnce(&mut dyn Write)) -> Vec<u8> {
    let mut sound = Workbook::new();
    let sheet = sound.add_worksheet();
    sheet.write_row_matrix(0, 0, [["编号", "内容"], ["1", "x"]]).unwrap();
    let mut sound = ZipArchive::new(Cursor::new(sound.save_to_buffer().unwrap())).unwrap();
    let mut made = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..sound.len() {
        let mut entry = sound.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        if name != part {
            made.start_file(name, SimpleFileOptions::default()).unwrap();
            std::io::copy(&mut entry, &mut made).unwrap();
        }
    }
    made.start_file(part, SimpleFileOptions::default()).unwrap();
    text(&mut made);
    made.finish().unwrap().into_inner()
}

fn opened(bytes: Vec<u8>) -> Result<usize, OpenError> {
    open_source(Cursor::new(bytes), Format::Xlsx, &Wanted::default()).map(Iterator::count)
}

fn refused(bytes: Vec<u8>) -> String {
    let error = opened(bytes).err().unwrap();
    assert_eq!(error.code(), "WORKBOOK_TOO_LARGE");
    error.reason_zh()
}

fn repeat(out: &mut dyn Write, text: &str, bytes: usize) {
    let block = text.repeat(MIB / text.len());
    for _ in 0..bytes / block.len() {
        out.write_all(block.as_bytes()).unwrap();
    }
}

fn shared(count: &str, middle: impl FnOnce(&mut dyn Write)) -> Vec<u8> {
    workbook("xl/sharedStrings.xml", |out| {
        write!(out, "<sst uniqueCount=\"{count}\">").unwrap();
        for text in ["编号", "内容", "1", "x"] {
            write!(out, "<si><t>{text}</t></si>").unwrap();
        }
        middle(out);
        write!(out, "</sst>").unwrap();
    })
}

fn sheet(middle: impl FnOnce(&mut dyn Write)) -> Vec<u8> {
    workbook("xl/worksheets/sheet1.xml", |out| {
        let inline = |text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
        write!(out, "<worksheet><sheetData><row>{}{}</row>", inline("编号"), inline("内容")).unwrap();
        middle(out);
        write!(out, "</sheetData></worksheet>").unwrap();
    })
}

#[test]
fn a_table_of_texts_is_bounded() {
    assert_eq!(opened(shared("4", |_| ())).unwrap(), 1);
    let many = shared("4", |out| repeat(out, "<si><t>一二三四五六七八九十</t></si>", 65 * MIB));
    assert_eq!(refused(many), "工作簿的共享文字表解压后超过64 MiB，请将所需内容另存为较小的文件");
    let one = shared("5", |out| {
        write!(out, "<si><t>").unwrap();
        repeat(out, "a", 2 * MIB);
        write!(out, "</t></si>").unwrap();
    });
    assert_eq!(refused(one), "工作簿中的一个单元格解压后超过1 MiB，请将所需内容另存为较小的文件");
}

#[test]
fn more_texts_than_can_be_are_not_made_room_for() {
    assert!(refused(shared("99999999999", |_| ())).contains("共享文字表"));
    assert_eq!(opened(shared("9999", |_| ())).unwrap(), 1);
}

#[test]
fn a_cell_is_bounded_and_a_row_of_the_longest_cells_is_not() {
    let row = "<row><c t=\"inlineStr\"><is><t>2</t></is></c>";
    let cell = |out: &mut dyn Write, part: &str, bytes: usize| {
        write!(out, "{row}<c t=\"inlineStr\"><is>").unwrap();
        repeat(out, part, bytes);
        write!(out, "</is></c></row>").unwrap();
    };
    assert!(refused(sheet(|out| cell(out, "<r><t>文字</t></r>", 2 * MIB))).contains("单元格"));
    let longest = format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", "&#x6587;".repeat(32_767));
    let lawful = sheet(|out| write!(out, "{row}{longest}{longest}{longest}</row>").unwrap());
    assert_eq!(opened(lawful).unwrap(), 1);
}

#[test]
fn a_workbook_as_a_whole_is_bounded() {
    let row = format!("<row spans=\"{}\"></row>", "1".repeat(10_000));
    let bytes = sheet(|out| repeat(out, &row, 260 * MIB));
    assert!(bytes.len() < 2 * MIB);
    assert!(refused(bytes).starts_with("工作簿解压后超过256 MiB"));
}

#[test]
fn a_directory_that_lies_about_sizes_is_not_believed() {
    let table =
        |middle: usize| shared("4", |out| repeat(out, "<si><t>一二三四五六七八九十</t></si>", middle));
    let lie = |mut bytes: Vec<u8>, size: u32| {
        // The table of texts is the last part. Its size stands in front of it and in the directory.
        for (mark, behind) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
            let at = bytes.windows(4).rposition(|four| four == mark).unwrap() + behind;
            bytes[at..at + 4].copy_from_slice(&size.to_le_bytes());
        }
        opened(bytes).err().unwrap().code()
    };
    // One is larger than it says: it is damaged, and read no further than it says. One says that it is larger than it is.
    assert_eq!(lie(table(65 * MIB), 100), "BAD_WORKBOOK");
    assert_eq!(lie(table(MIB), 0xFFFF_FFF0), "WORKBOOK_TOO_LARGE");
}

#[test]
fn pictures_do_not_count_beyond_their_size_in_the_file() {
    // Bytes that cannot be packed, as those of a photograph.
    let mut state = 1u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let picture: Vec<u8> = (0..3 * MIB).map(|_| noise()).collect();
    assert_eq!(opened(workbook("xl/media/image1.jpeg", |out| out.write_all(&picture).unwrap())).unwrap(), 1);
}

#[test]
fn the_file_is_read_from_its_start_after_the_check() {
    let mut source = Cursor::new(shared("4", |_| ()));
    source.seek(SeekFrom::Start(7)).unwrap();
    super::super::size::check(&mut source).unwrap();
    let mut start = [0; 2];
    source.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"PK");
}
