//! What a file is.

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// What kind of file is made. 文件格式
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
#[graphql(name = "ExportFormat")]
pub enum Format {
    /// Text with commas, UTF-8 with byte order mark, any number of rows. 逗号分隔文本
    Csv,
    /// Workbook with typed cells, any number of rows, over several sheets where one is full. 电子表格
    Xlsx,
    /// Document to print, at most 5,000 rows. 打印文档
    Docx,
}

impl Format {
    /// End of a file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
        }
    }

    /// Media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    /// Its name in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Xlsx => "XLSX",
            Self::Docx => "DOCX",
        }
    }
}
