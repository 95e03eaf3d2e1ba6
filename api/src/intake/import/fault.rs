//! What can be wrong with one row of a ledger, said in English and Chinese with a stable code.

use std::fmt;

/// One refused row or cell (未导入行): where, which field, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Line of the file on which the row starts, counted from 1; the row number in a workbook.
    pub line: u64,
    /// Name of the import field, or of the column where no field is concerned; `None` for the row as a whole.
    pub field: Option<String>,
    /// What is wrong.
    pub fault: Fault,
}

/// The reason for which a row was refused (原因). Codes are stable: scripts read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A field that every row needs is empty.
    Required,
    /// More characters than the field takes.
    TooLong {
        /// Characters found.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// Not a time in any accepted form.
    BadTime {
        /// Start of the text found.
        text: String,
    },
    /// Not a whole number within the limits.
    BadNumber {
        /// Start of the text found.
        text: String,
        /// Largest number accepted.
        limit: u32,
    },
    /// A number that a spreadsheet has rounded: its digits are lost.
    NumberCut {
        /// Start of the text found; nothing of a person's number.
        text: Option<String>,
    },
    /// A sum or a signature below the ledger, which is no suggestion.
    NotAnEntry {
        /// Start of the text found.
        text: String,
    },
    /// Not one of a closed list of words.
    BadChoice {
        /// Start of the text found.
        text: String,
        /// The Chinese words accepted, separated by `/`.
        allowed: &'static str,
    },
    /// No such code or name in the campaign's plan (stream, channel, class, village, constituency).
    NotInPlan {
        /// Start of the text found.
        text: String,
    },
    /// A single cell larger than any field; often a quotation mark left open.
    CellTooLong {
        /// Characters found.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// The row has text beyond the last column of the header.
    WrongWidth {
        /// Columns of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// Bytes that are text neither in UTF-8 nor in GB18030.
    NotText,
    /// A workbook cell that shows an error such as `#N/A`.
    CellError {
        /// The error as the workbook shows it.
        text: String,
    },
    /// A quotation mark opened in this row is never closed, so where the row ends is unknown; nothing more was read.
    OpenQuote,
    /// The file breaks off or is damaged here; nothing after this line was read.
    Unreadable {
        /// What the reader met.
        detail: String,
    },
    /// Refused by a rule outside this module, for instance of the campaign.
    Refused {
        /// Stable code in SCREAMING_SNAKE.
        code: &'static str,
        /// Reason in English.
        reason: String,
        /// Reason in Chinese.
        reason_zh: String,
    },
}

impl RowError {
    /// An error of one field.
    #[must_use]
    pub fn in_field(line: u64, field: impl Into<String>, fault: Fault) -> Self {
        Self { line, field: Some(field.into()), fault }
    }

    /// An error of the row as a whole.
    #[must_use]
    pub fn in_row(line: u64, fault: Fault) -> Self {
        Self { line, field: None, fault }
    }

    /// The stable code, for instance `TOO_LONG`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// The reason in English.
    #[must_use]
    pub fn reason(&self) -> String {
        self.fault.reason()
    }

    /// The reason in Chinese (原因), fit to show to a clerk.
    #[must_use]
    pub fn reason_zh(&self) -> String {
        self.fault.reason_zh()
    }

    /// Whether reading ended here: the rows behind this line are unknown, not refused.
    #[must_use]
    pub fn ends_reading(&self) -> bool {
        matches!(self.fault, Fault::OpenQuote | Fault::Unreadable { .. })
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "line {}, {field}: {}", self.line, self.reason()),
            None => write!(f, "line {}: {}", self.line, self.reason()),
        }
    }
}

impl std::error::Error for RowError {}

impl Fault {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::TooLong { .. } => "TOO_LONG",
            Self::BadTime { .. } => "BAD_TIME",
            Self::BadNumber { .. } => "BAD_NUMBER",
            Self::NumberCut { .. } => "NUMBER_CUT",
            Self::NotAnEntry { .. } => "NOT_AN_ENTRY",
            Self::BadChoice { .. } => "BAD_CHOICE",
            Self::NotInPlan { .. } => "NOT_IN_PLAN",
            Self::CellTooLong { .. } => "CELL_TOO_LONG",
            Self::WrongWidth { .. } => "WRONG_WIDTH",
            Self::NotText => "NOT_TEXT",
            Self::CellError { .. } => "CELL_ERROR",
            Self::OpenQuote => "OPEN_QUOTE",
            Self::Unreadable { .. } => "UNREADABLE",
            Self::Refused { code, .. } => code,
        }
    }

    fn reason(&self) -> String {
        match self {
            Self::Required => "must not be empty".to_owned(),
            Self::TooLong { length, limit } => {
                format!("has {length} characters, at most {limit} are taken")
            }
            Self::BadTime { text } => {
                format!("`{text}` is not a time such as 2019-10-15 09:30 between 1990 and 2099")
            }
            Self::BadNumber { text, limit } => {
                format!("`{text}` is not a whole number from 0 to {limit}")
            }
            Self::NumberCut { text } => format!(
                "{} a number of which the spreadsheet has kept 15 digits at most; set the column to text and enter it again",
                text.as_ref().map_or_else(|| "is".to_owned(), |text| format!("`{text}` is"))
            ),
            Self::NotAnEntry { text } => {
                format!("`{text}` is a sum or a signature, no suggestion; passed over")
            }
            Self::BadChoice { text, allowed } => format!("`{text}` is not one of {allowed}"),
            Self::NotInPlan { text } => {
                format!("`{text}` is neither a code nor a name in the campaign's plan")
            }
            Self::CellTooLong { length, limit } => {
                format!(
                    "the cell has {length} characters, at most {limit} are read; a quotation mark may be left open"
                )
            }
            Self::WrongWidth { expected, found } => {
                format!("the row has {found} cells, the header has {expected}")
            }
            Self::NotText => "not readable as text in UTF-8 or GB18030".to_owned(),
            Self::CellError { text } => format!("the cell shows the error {text}"),
            Self::OpenQuote => "a quotation mark is opened here and never closed".to_owned(),
            Self::Unreadable { detail } => format!("the file cannot be read further: {detail}"),
            Self::Refused { reason, .. } => reason.clone(),
        }
    }

    fn reason_zh(&self) -> String {
        match self {
            Self::Required => "不能为空".to_owned(),
            Self::TooLong { length, limit } => format!("共{length}字，最多{limit}字"),
            Self::BadTime { text } => {
                format!("“{text}”不是有效时间，应如2019-10-15 09:30，且在1990年至2099年之间")
            }
            Self::BadNumber { text, limit } => format!("“{text}”不是0至{limit}的整数"),
            Self::NumberCut { text } => {
                let text = text.as_ref().map_or_else(String::new, |text| format!("“{text}”"));
                format!("{text}是被电子表格舍入的数字（最多保留15位），请把该列设为文本格式后重新填写")
            }
            Self::NotAnEntry { text } => format!("“{text}”是合计或签字行，不是建议，未录入"),
            Self::BadChoice { text, allowed } => format!("“{text}”不在可选范围内：{allowed}"),
            Self::NotInPlan { text } => format!("方案中没有代码或名称为“{text}”的条目"),
            Self::CellTooLong { length, limit } => {
                format!("单元格共{length}字，最多读取{limit}字；可能有引号未成对")
            }
            Self::WrongWidth { expected, found } => format!("本行{found}列，表头{expected}列"),
            Self::NotText => "不是UTF-8或GB18030编码的文字".to_owned(),
            Self::CellError { text } => format!("单元格为错误值{text}"),
            Self::OpenQuote => "此处的引号没有成对".to_owned(),
            Self::Unreadable { detail } => format!("文件自此无法继续读取：{detail}"),
            Self::Refused { reason_zh, .. } => reason_zh.clone(),
        }
    }
}

/// The first characters of a cell, for a message: long enough to find it, too short to flood a report.
pub(in crate::intake) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 20;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_says_the_same_in_both_languages() {
        let error = RowError::in_field(7, "title", Fault::TooLong { length: 201, limit: 200 });
        assert_eq!(error.code(), "TOO_LONG");
        assert_eq!(error.to_string(), "line 7, title: has 201 characters, at most 200 are taken");
        assert_eq!(error.reason_zh(), "共201字，最多200字");
        assert!(!error.ends_reading());
    }

    #[test]
    fn a_broken_file_ends_reading() {
        let error = RowError::in_row(3, Fault::Unreadable { detail: "eof".to_owned() });
        assert!(error.ends_reading());
        assert_eq!(error.to_string(), "line 3: the file cannot be read further: eof");
    }

    #[test]
    fn an_excerpt_is_cut_by_characters() {
        assert_eq!(excerpt("短"), "短");
        assert_eq!(excerpt(&"长".repeat(21)).chars().count(), 21);
    }
}
