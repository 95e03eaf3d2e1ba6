//! Why a mapping of columns to fields can't be read, or does not fit a file.

use super::field::{Field, field_names};

/// Why a mapping cannot be read or does not fit a header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// A part of the flag without `=`, or with nothing on one side of it.
    #[error("`{part}` is not of the form field=column")]
    NotAPair {
        /// The part.
        part: String,
    },
    /// No such field.
    #[error("there is no field `{field}`; the fields are {}", field_names())]
    UnknownField {
        /// What was given as the field.
        field: String,
    },
    /// A field named twice.
    #[error("field `{field}` is mapped twice")]
    FieldTwice {
        /// The field.
        field: Field,
    },
    /// One column for two fields.
    #[error("column `{column}` is mapped to `{first}` and to `{second}`")]
    ColumnTwice {
        /// The column.
        column: String,
        /// One field.
        first: Field,
        /// The other field.
        second: Field,
    },
    /// The file has no such column.
    #[error("field `{field}`: the file has no column `{column}`")]
    NoSuchColumn {
        /// The field.
        field: Field,
        /// The column asked for.
        column: String,
    },
    /// Several columns would fit a field.
    #[error("field `{field}`: `{first}` and `{second}` both fit; say which with --map {field}=COLUMN")]
    Ambiguous {
        /// The field.
        field: Field,
        /// A column that fits.
        first: String,
        /// Another column that fits.
        second: String,
    },
    /// No column for a field that every entry needs.
    #[error("field `{field}`: no column fits; name one with --map {field}=COLUMN")]
    Missing {
        /// The field.
        field: Field,
    },
}

impl MappingError {
    /// The reason in Chinese (原因), fit to show to a clerk.
    #[must_use]
    pub fn reason_zh(&self) -> String {
        match self {
            Self::NotAPair { part } => format!("“{part}”应为“字段=列名”"),
            Self::UnknownField { field } => format!("没有字段“{field}”"),
            Self::FieldTwice { field } => format!("字段“{field}”重复指定"),
            Self::ColumnTwice { column, first, second } => {
                format!("列“{column}”同时对应“{first}”和“{second}”")
            }
            Self::NoSuchColumn { field, column } => {
                format!("字段“{field}”：文件中没有列“{column}”")
            }
            Self::Ambiguous { field, first, second } => {
                format!("字段“{field}”：列“{first}”和“{second}”均符合，请指定其一")
            }
            Self::Missing { field } => {
                format!("缺少“{}”列（字段“{field}”），请指定对应的列", field.heading())
            }
        }
    }
}
