//! The cells of one row as what they mean: texts, numbers, times, choices.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::choice::{Choices, YES_NO};
use super::fault::{Fault, RowError, excerpt};
use super::field::Field;
use super::mapping::Binding;
use super::meaning::{count_of, is_no_entry, is_rounded};
use super::reader::RawRow;
use super::received::parse_received_at;
use crate::export::looks_like_formula;
use crate::intake::draft::{ADDRESS, CONTENT, MOST_BENEFICIARIES, NAME};
use crate::intake::unsaid::{is_no_number, names_nobody, says_nothing};
use crate::secrets::seal::whole_number;
use crate::text::{line, passage, reference};

/// Most characters of a source's reference.
pub const MAX_EXTERNAL_REF_CHARACTERS: usize = 64;

/// Most characters of the text; the longest in a real ledger of some 4,300 messages had 6,999.
pub const MAX_CONTENT_CHARACTERS: usize = CONTENT;

/// Most characters of a code or name that the plan is searched for, and of a person's name.
const MAX_NAME_CHARACTERS: usize = NAME;

pub(super) const MAX_PHONE_CHARACTERS: usize = 40;

const MAX_ADDRESS_CHARACTERS: usize = ADDRESS;

const MAX_EXTRA_CHARACTERS: usize = 1_000;

/// Reads the fields of one row and keeps what is wrong with them.
pub(super) struct Cells<'a> {
    row: &'a RawRow,
    binding: &'a Binding,
    errors: Vec<RowError>,
}

impl<'a> Cells<'a> {
    pub(super) const fn of(row: &'a RawRow, binding: &'a Binding) -> Self {
        Self { row, binding, errors: Vec::new() }
    }

    /// What was read, if nothing was wrong.
    pub(super) fn end<T>(self, read: T) -> Result<T, Vec<RowError>> {
        if self.errors.is_empty() { Ok(read) } else { Err(self.errors) }
    }

    /// A sum or a signature below the ledger.
    pub(super) fn no_entry(&self) -> Option<RowError> {
        let text = self.text(&Field::ExternalRef).filter(|text| is_no_entry(text))?;
        let fault = Fault::NotAnEntry { text: excerpt(&text) };
        Some(RowError::in_field(self.row.line, Field::ExternalRef.to_string(), fault))
    }

    fn refuse(&mut self, field: &Field, fault: Fault) {
        self.errors.push(RowError::in_field(self.row.line, field.to_string(), fault));
    }

    /// What a cell shows, as it is stored; `None` when that is nothing.
    fn text(&self, field: &Field) -> Option<String> {
        let mut cells = self.binding.columns(field).iter().filter_map(|column| self.row.cells.get(*column));
        cells.find_map(|cell| {
            let shown = passage(cell);
            let text = bare(&shown);
            (!text.is_empty()).then(|| text.to_owned())
        })
    }

    fn limited(&mut self, field: &Field, text: String, limit: usize) -> Option<String> {
        let length = text.chars().count();
        if length <= limit {
            return Some(text);
        }
        self.refuse(field, Fault::TooLong { length, limit });
        None
    }

    /// What a field that may be left out says, on one line: words for nothing are nothing.
    pub(super) fn said(&self, field: &Field) -> Option<String> {
        self.text(field).map(|text| line(&text)).filter(|text| !says_nothing(text))
    }

    pub(super) fn line(&mut self, field: &Field, limit: usize) -> Option<String> {
        let text = self.said(field)?;
        self.limited(field, text, limit)
    }

    /// A code or a name.
    pub(super) fn short(&mut self, field: &Field) -> Option<String> {
        self.line(field, MAX_NAME_CHARACTERS)
    }

    pub(super) fn address(&mut self) -> Option<String> {
        self.line(&Field::Address, MAX_ADDRESS_CHARACTERS)
    }

    pub(super) fn truth(&mut self, field: &Field) -> Option<bool> {
        self.choice(field, &YES_NO).map(|code| code == "TRUE")
    }

    /// What a spreadsheet made of a number is mended where nothing is lost, and refused where digits are.
    pub(super) fn external_ref(&mut self) -> String {
        let field = Field::ExternalRef;
        let Some(text) = self.text(&field).map(|text| reference(&text)) else {
            self.refuse(&field, Fault::Required);
            return String::new();
        };
        if is_rounded(&text) {
            self.refuse(&field, Fault::NumberCut { text: Some(excerpt(&text)) });
        }
        let text = whole_number(&text).to_owned();
        self.limited(&field, text, MAX_EXTERNAL_REF_CHARACTERS).unwrap_or_default()
    }

    /// Whether the reference is taken from the column that stands in where the source gave none.
    pub(super) fn is_case_number(&self) -> bool {
        let columns = self.binding.columns(&Field::ExternalRef);
        let cell = |column: &usize| self.row.cells.get(*column).map_or("", |cell| cell.trim());
        columns.len() > 1 && columns.first().is_some_and(|first| cell(first).is_empty())
    }

    /// A name that an export has masked is nobody's.
    pub(super) fn name(&mut self) -> Option<String> {
        let name = self.short(&Field::Name)?;
        Some(name).filter(|name| !names_nobody(name) && !is_masked(name))
    }

    pub(super) fn phone(&mut self) -> Option<String> {
        let text = self.line(&Field::Phone, MAX_PHONE_CHARACTERS).filter(|phone| !is_masked(phone))?;
        if is_rounded(&text) {
            self.refuse(&Field::Phone, Fault::NumberCut { text: None });
        }
        Some(whole_number(&text).to_owned()).filter(|phone| !is_no_number(phone))
    }

    pub(super) fn content(&mut self) -> String {
        let Some(text) = self.text(&Field::Content) else {
            self.refuse(&Field::Content, Fault::Required);
            return String::new();
        };
        self.limited(&Field::Content, text, MAX_CONTENT_CHARACTERS).unwrap_or_default()
    }

    pub(super) fn received_at(&mut self) -> Option<DateTime<Utc>> {
        let text = self.said(&Field::ReceivedAt)?;
        let instant = parse_received_at(&text);
        if instant.is_none() {
            self.refuse(&Field::ReceivedAt, Fault::BadTime { text: excerpt(&text) });
        }
        instant
    }

    pub(super) fn choice(&mut self, field: &Field, choices: &Choices) -> Option<&'static str> {
        let text = self.said(field)?;
        let code = choices.code_of(&text);
        if code.is_none() {
            self.refuse(field, Fault::BadChoice { text: excerpt(&text), allowed: choices.offered });
        }
        code
    }

    pub(super) fn beneficiaries(&mut self) -> Option<u32> {
        let text = self.said(&Field::Beneficiaries)?;
        let number = count_of(&text).filter(|&number| number <= MOST_BENEFICIARIES);
        if number.is_none() {
            let fault = Fault::BadNumber { text: excerpt(&text), limit: MOST_BENEFICIARIES };
            self.refuse(&Field::Beneficiaries, fault);
        }
        number
    }

    pub(super) fn extra(&mut self) -> BTreeMap<String, String> {
        let mut extra = BTreeMap::new();
        let binding = self.binding;
        for (field, key) in binding.extra_columns() {
            if let Some(text) = self.text(field)
                && let Some(text) = self.limited(field, text, MAX_EXTRA_CHARACTERS)
            {
                extra.insert(key.to_owned(), text);
            }
        }
        extra
    }
}

/// Without the apostrophe that an export sets before a text which a spreadsheet would calculate.
fn bare(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| looks_like_formula(rest)).unwrap_or(text)
}

fn is_masked(text: &str) -> bool {
    text.contains("**") || text.ends_with('*')
}
