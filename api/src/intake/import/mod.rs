//! Bulk import of CSV and XLSX ledgers (批量导入, H08 H10 H11; batch entry of paper forms S12).
//!
//! ```text
//! file ── reader ──> RawRow ── mapping + row ──> ImportRow ── batch ──> Batch (one transaction each, by the caller)
//!                       └────────── RowError ──────────────────────────> report
//! ```
//!
//! Nothing here knows a database, a clock or a campaign: streams, channels, classes and villages stay the text that
//! stands in the file, and the caller looks them up in the plan.

mod batch;
mod cells;
mod choice;
mod fault;
mod field;
mod fingerprint;
mod mapping;
mod mapping_error;
mod meaning;
mod reader;
mod received;
mod report;
mod row;
mod template;
mod written;

pub use batch::{Batch, Batches, DEFAULT_BATCH_SIZE, Position, ResumeError};
pub use cells::{MAX_CONTENT_CHARACTERS, MAX_EXTERNAL_REF_CHARACTERS};
pub(super) use choice::truth_of;
pub(super) use fault::excerpt;
pub use fault::{Fault, RowError};
pub use field::Field;
pub use fingerprint::fingerprint;
pub use mapping::{Binding, Mapping};
pub use mapping_error::MappingError;
pub use reader::{
    Format, Header, Ledger, MAX_CELL_CHARACTERS, MAX_COLUMNS, OpenError, Part, Place, Progress, RawRow,
    Wanted, open, open_source,
};
pub(super) use received::day_text;
pub use report::ErrorReport;
pub use row::{ImportRow, MAX_TITLE_CHARACTERS, TITLE_FROM_CONTENT_CHARACTERS};
pub use template::{TemplateError, write_csv_template, write_xlsx_template};
