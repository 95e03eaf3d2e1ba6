//! Whole ledgers, from a file to rows.

mod bombs;
mod random;
mod workbooks;

use std::path::Path;

use super::Format;

#[test]
fn the_name_of_a_file_tells_its_format() {
    assert_eq!(Format::of_path(Path::new("a/B.CSV")).unwrap(), Format::Csv);
    assert_eq!(Format::of_path(Path::new("b.xlsx")).unwrap(), Format::Xlsx);
    assert_eq!(Format::of_path(Path::new("b.xls")).unwrap_err().code(), "UNKNOWN_FORMAT");
}
