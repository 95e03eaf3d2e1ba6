//! Why a file cannot be opened as a ledger at all, said in English and Chinese with a stable code.

use std::fmt;
use std::io;

use crate::intake::import::fault::RowError;

/// A row of a ledger, named so that it is found again in a spreadsheet (表头位置).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The sheet of a workbook; `None` in a CSV file.
    pub sheet: Option<String>,
    /// Line of the file, counted from 1; the row number in a workbook.
    pub line: u64,
}

/// What of a workbook is too large once it is unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everything together, beyond the size of the file itself.
    Workbook,
    /// The table of shared texts.
    SharedTexts,
    /// The table of formats.
    Formats,
    /// One cell.
    Cell,
}

/// Why a file cannot be opened as a ledger at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The operating system refuses.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The file's name ends in something else than `.csv` or `.xlsx`.
    #[error("`{0}` is neither .csv nor .xlsx")]
    UnknownFormat(String),
    /// Text in UTF-16, as Excel's "Unicode text" is.
    #[error("the file is UTF-16 text; save it as CSV UTF-8 or XLSX")]
    Utf16,
    /// Not a workbook, or a damaged or protected one.
    #[error("the workbook cannot be read: {0}")]
    Workbook(String),
    /// A workbook that unpacks to more than is taken.
    #[error("{} unpacks to more than {limit} MiB; save what is needed of it as a smaller file", part.name())]
    TooLarge {
        /// What of it is too large.
        part: Part,
        /// The limit in MiB.
        limit: u64,
    },
    /// A sheet is named, and a CSV file has none.
    #[error("a CSV file has no sheets; leave the sheet out")]
    NoSheets,
    /// The workbook has no sheet of the name asked for.
    #[error("the workbook has no sheet `{name}`; its sheets are {}", listed(sheets, " (hidden)", ", "))]
    NoSuchSheet {
        /// The name asked for.
        name: String,
        /// The sheets that there are, and whether each can be seen.
        sheets: Vec<(String, bool)>,
    },
    /// No row with any text.
    #[error("the file has no header row")]
    NoHeader,
    /// The row named as header has no text.
    #[error("{0}, which was named as the header row, has no text")]
    EmptyHeaderRow(Place),
    /// The file breaks off before its header was found.
    #[error("{0}")]
    BrokenOff(RowError),
    /// More columns than are taken.
    #[error("{place}: {found} columns, at most {limit} are read")]
    TooManyColumns {
        /// The header.
        place: Place,
        /// Columns found.
        found: usize,
        /// Columns allowed.
        limit: usize,
    },
    /// A column without a name.
    #[error("{place}: column {column} has no name")]
    EmptyColumnName {
        /// The header.
        place: Place,
        /// Number of the column, counted from 1.
        column: usize,
    },
    /// Two columns of one name.
    #[error("{place}: two columns are named `{name}`")]
    DuplicateColumnName {
        /// The header.
        place: Place,
        /// The name.
        name: String,
    },
}

impl Place {
    /// The place in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let sheet = self.sheet.as_ref().map_or_else(String::new, |sheet| format!("工作表“{sheet}”"));
        format!("{sheet}第{}行", self.line)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            Some(sheet) => write!(f, "sheet `{sheet}`, row {}", self.line),
            None => write!(f, "line {}", self.line),
        }
    }
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Workbook => "the workbook",
            Self::SharedTexts => "the workbook's table of texts",
            Self::Formats => "the workbook's table of formats",
            Self::Cell => "a cell of the workbook",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Workbook => "工作簿",
            Self::SharedTexts => "工作簿的共享文字表",
            Self::Formats => "工作簿的格式表",
            Self::Cell => "工作簿中的一个单元格",
        }
    }
}

/// Sheets by name, with a mark behind those that are hidden.
fn listed(sheets: &[(String, bool)], hidden: &str, between: &str) -> String {
    let told =
        |(name, is_visible): &(String, bool)| format!("{name}{}", if *is_visible { "" } else { hidden });
    sheets.iter().map(told).collect::<Vec<_>>().join(between)
}

impl OpenError {
    /// The stable code, for instance `DUPLICATE_COLUMN_NAME`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "IO",
            Self::UnknownFormat(_) => "UNKNOWN_FORMAT",
            Self::Utf16 => "UTF16",
            Self::Workbook(_) => "BAD_WORKBOOK",
            Self::TooLarge { .. } => "WORKBOOK_TOO_LARGE",
            Self::NoSheets => "NO_SHEETS",
            Self::NoSuchSheet { .. } => "NO_SUCH_SHEET",
            Self::NoHeader => "NO_HEADER",
            Self::EmptyHeaderRow(_) => "EMPTY_HEADER_ROW",
            Self::BrokenOff(error) => error.code(),
            Self::TooManyColumns { .. } => "TOO_MANY_COLUMNS",
            Self::EmptyColumnName { .. } => "EMPTY_COLUMN_NAME",
            Self::DuplicateColumnName { .. } => "DUPLICATE_COLUMN_NAME",
        }
    }

    /// Whether another row or sheet, named as the header's, may help.
    #[must_use]
    pub fn is_of_header(&self) -> bool {
        match self {
            Self::NoHeader
            | Self::EmptyHeaderRow(_)
            | Self::TooManyColumns { .. }
            | Self::EmptyColumnName { .. }
            | Self::DuplicateColumnName { .. } => true,
            Self::Io(_)
            | Self::UnknownFormat(_)
            | Self::Utf16
            | Self::Workbook(_)
            | Self::TooLarge { .. }
            | Self::NoSheets
            | Self::NoSuchSheet { .. }
            | Self::BrokenOff(_) => false,
        }
    }

    /// The reason in Chinese (原因), fit to show to a clerk.
    #[must_use]
    pub fn reason_zh(&self) -> String {
        match self {
            Self::Io(_) => "文件无法读取".to_owned(),
            Self::UnknownFormat(name) => format!("“{name}”既不是.csv也不是.xlsx文件"),
            Self::Utf16 => "文件为UTF-16编码，请另存为“CSV UTF-8”或XLSX".to_owned(),
            Self::Workbook(_) => "工作簿无法读取，可能已损坏或加密".to_owned(),
            Self::TooLarge { part, limit } => {
                format!("{}解压后超过{limit} MiB，请将所需内容另存为较小的文件", part.zh())
            }
            Self::NoSheets => "CSV文件没有工作表，请勿指定".to_owned(),
            Self::NoSuchSheet { name, sheets } => {
                let sheets = listed(sheets, "（隐藏）", "、");
                format!("工作簿中没有工作表“{name}”，现有：{sheets}")
            }
            Self::NoHeader => "文件没有表头".to_owned(),
            Self::EmptyHeaderRow(place) => format!("指定为表头的{}没有文字", place.zh()),
            Self::BrokenOff(error) => format!("第{}行：{}", error.line, error.reason_zh()),
            Self::TooManyColumns { place, found, limit } => {
                format!("{}：共{found}列，最多{limit}列", place.zh())
            }
            Self::EmptyColumnName { place, column } => format!("{}：第{column}列没有列名", place.zh()),
            Self::DuplicateColumnName { place, name } => format!("{}：列名“{name}”重复", place.zh()),
        }
    }
}
