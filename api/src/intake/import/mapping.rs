//! Which column of a ledger is which field of an entry (列对应关系).

use std::collections::{BTreeMap, BTreeSet};

use super::field::{Field, REQUIRED};
use super::mapping_error::MappingError;
use super::reader::raw::Header;

/// How columns are found: those named by the operator first, the others by the template's names and their aliases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    columns: BTreeMap<Field, String>,
}

/// A mapping applied to one header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Columns of a field; where the first of them is empty, the next one counts.
    fields: BTreeMap<Field, Vec<usize>>,
    /// Columns that are not imported, in the order of the file: to be told once.
    pub ignored: Vec<String>,
}

/// How much a row reads like the headings that a mapping knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    /// Fields that it names.
    pub(super) fields: usize,
    /// Whether the fields that every entry needs are among them.
    pub(super) is_complete: bool,
}

impl Mapping {
    /// Reads the command line's `field=column` pairs, separated by commas: `title=标题,content=内容`.
    pub fn parse(flag: &str) -> Result<Self, MappingError> {
        Self::parse_all([flag])
    }

    /// Reads several such flags as one.
    pub fn parse_all<'a>(flags: impl IntoIterator<Item = &'a str>) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        for part in flags.into_iter().flat_map(|flag| flag.split(',')) {
            mapping.add(part)?;
        }
        Ok(mapping)
    }

    /// Takes fields with their columns one by one, where a column may have any name.
    pub fn of_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        for (field, column) in pairs {
            mapping.add_pair(field.trim(), column.trim())?;
        }
        Ok(mapping)
    }

    fn add(&mut self, part: &str) -> Result<(), MappingError> {
        let pair = part.split_once('=').map(|(field, column)| (field.trim(), column.trim()));
        let Some((name, column)) = pair.filter(|(field, column)| !field.is_empty() && !column.is_empty())
        else {
            return Err(MappingError::NotAPair { part: part.trim().to_owned() });
        };
        self.add_pair(name, column)
    }

    fn add_pair(&mut self, name: &str, column: &str) -> Result<(), MappingError> {
        let field =
            Field::parse(name).ok_or_else(|| MappingError::UnknownField { field: name.to_owned() })?;
        if self.columns.contains_key(&field) {
            return Err(MappingError::FieldTwice { field });
        }
        if let Some((first, _)) = self.columns.iter().find(|(_, mapped)| *mapped == column) {
            return Err(MappingError::ColumnTwice {
                column: column.to_owned(),
                first: first.clone(),
                second: field,
            });
        }
        self.columns.insert(field, column.to_owned());
        Ok(())
    }

    /// How much a row reads like headings.
    pub(super) fn fit(&self, cells: &[String]) -> Fit {
        let fields: BTreeSet<Field> = cells.iter().filter_map(|cell| self.field_of(cell.trim())).collect();
        Fit { fields: fields.len(), is_complete: REQUIRED.iter().all(|field| fields.contains(field)) }
    }

    /// The field that a heading means: named by the operator, or by itself where its field has no named column.
    fn field_of(&self, heading: &str) -> Option<Field> {
        let named =
            self.columns.iter().find(|(_, column)| *column == heading).map(|(field, _)| field.clone());
        let by_itself = || Field::of_heading(heading).map(|(field, _)| field);
        named.or_else(|| by_itself().filter(|field| !self.columns.contains_key(field)))
    }

    /// Finds the columns of one header; all that does not fit is told at once.
    pub fn bind(&self, header: &Header) -> Result<Binding, Vec<MappingError>> {
        let mut errors = Vec::new();
        let named = self.named_columns(header, &mut errors);
        let (mut first, mut instead) = (named.clone(), BTreeMap::new());
        let mut ignored = Vec::new();
        for (index, column) in header.names().iter().enumerate() {
            if named.values().any(|&named| named == index) {
                continue;
            }
            let meant = Field::of_heading(column).filter(|(field, _)| !self.columns.contains_key(field));
            let Some((field, is_instead)) = meant else {
                ignored.push(column.clone());
                continue;
            };
            let fields = if is_instead { &mut instead } else { &mut first };
            if let Some(&other) = fields.get(&field) {
                let other = header.names()[other].clone();
                errors.push(MappingError::Ambiguous { field, first: other, second: column.clone() });
            } else {
                fields.insert(field, index);
            }
        }
        let mut fields: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
        for (field, index) in first.into_iter().chain(instead) {
            fields.entry(field).or_default().push(index);
        }
        let missing =
            REQUIRED.iter().filter(|field| !fields.contains_key(field) && !self.columns.contains_key(field));
        errors.extend(missing.map(|field| MappingError::Missing { field: field.clone() }));
        if errors.is_empty() { Ok(Binding { fields, ignored }) } else { Err(errors) }
    }

    fn named_columns(&self, header: &Header, errors: &mut Vec<MappingError>) -> BTreeMap<Field, usize> {
        let mut fields = BTreeMap::new();
        for (field, column) in &self.columns {
            match header.position(column) {
                Some(index) => drop(fields.insert(field.clone(), index)),
                None => {
                    errors.push(MappingError::NoSuchColumn { field: field.clone(), column: column.clone() });
                }
            }
        }
        fields
    }
}

impl Binding {
    /// Position of a field's column, counted from 0.
    #[must_use]
    pub fn column(&self, field: &Field) -> Option<usize> {
        self.columns(field).first().copied()
    }

    /// Positions of all columns of a field: the first of them whose cell is not empty counts.
    pub(super) fn columns(&self, field: &Field) -> &[usize] {
        self.fields.get(field).map_or(&[], Vec::as_slice)
    }

    /// The extra fields with their columns.
    pub(super) fn extra_columns(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.fields.keys().filter_map(|field| match field {
            Field::Extra(key) => Some((field, key.as_str())),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::reader::{Format, Wanted, open_source};
    use super::*;

    fn header(columns: &str) -> Header {
        let source = Cursor::new(columns.as_bytes().to_vec());
        open_source(source, Format::Csv, &Wanted::default()).unwrap().header().clone()
    }

    #[test]
    fn chinese_and_english_headings_are_recognised() {
        let chinese = Mapping::default()
            .bind(&header("来源编号（必填）,标题*,内容 (必填),收到时间,村（社区）,联系电话,likes"))
            .unwrap();
        let english = Mapping::default()
            .bind(&header("Message ID,title,content,submitted_at,village,phone,likes"))
            .unwrap();
        assert_eq!(chinese, english);
        assert_eq!(chinese.column(&Field::ReceivedAt), Some(3));
        assert_eq!(chinese.ignored, ["likes"]);
    }

    #[test]
    fn the_author_is_ignored_unless_mapped() {
        let header = header("message_id,author,title,submitted_at,content");
        let by_default = Mapping::default().bind(&header).unwrap();
        assert_eq!(by_default.ignored, ["author"]);
        let mapped = Mapping::parse("name=author").unwrap().bind(&header).unwrap();
        assert_eq!(mapped.column(&Field::Name), Some(1));
        assert!(mapped.ignored.is_empty());
    }

    #[test]
    fn a_named_column_wins_over_a_recognised_one() {
        let header = header("编号,内容,反映内容,extra.road");
        let errors = Mapping::default().bind(&header).unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "field `content`: `内容` and `反映内容` both fit; say which with --map content=COLUMN"
        );
        let binding = Mapping::parse("content=反映内容").unwrap().bind(&header).unwrap();
        assert_eq!(binding.column(&Field::Content), Some(2));
        assert_eq!(binding.column(&Field::Extra("road".to_owned())), Some(3));
        assert_eq!(binding.ignored, ["内容"]);
    }

    #[test]
    fn an_exported_ledger_has_two_columns_for_one_field() {
        let both = Mapping::default().bind(&header("编号,内容,征集单位,征集流,来源编号")).unwrap();
        assert_eq!(
            (both.columns(&Field::ExternalRef), both.columns(&Field::Stream)),
            (&[4, 0][..], &[3, 2][..])
        );
        let one = Mapping::default().bind(&header("编号,内容,征集单位")).unwrap();
        assert_eq!((one.columns(&Field::ExternalRef), one.columns(&Field::Stream)), (&[0][..], &[2][..]));
        let named = Mapping::parse("external_ref=编号").unwrap().bind(&header("编号,内容,来源编号")).unwrap();
        assert_eq!(
            (named.columns(&Field::ExternalRef), &*named.ignored),
            (&[0][..], &["来源编号".to_owned()][..])
        );
    }

    #[test]
    fn missing_and_unknown_columns_are_told_together() {
        let mapping = Mapping::parse("title=题目, kind=种类").unwrap();
        let errors: Vec<String> =
            mapping.bind(&header("内容")).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "field `title`: the file has no column `题目`",
                "field `kind`: the file has no column `种类`",
                "field `external_ref`: no column fits; name one with --map external_ref=COLUMN",
            ]
        );
    }

    #[test]
    fn a_bad_flag_names_the_field() {
        let error = |flag| Mapping::parse(flag).unwrap_err().to_string();
        assert_eq!(error("title"), "`title` is not of the form field=column");
        assert_eq!(error("title="), "`title=` is not of the form field=column");
        assert!(
            error("titel=标题").starts_with("there is no field `titel`; the fields are external_ref, title")
        );
        assert_eq!(error("title=标题,title=题目"), "field `title` is mapped twice");
        assert_eq!(error("title=标题,content=标题"), "column `标题` is mapped to `title` and to `content`");
        assert!(error("extra.坏=x").starts_with("there is no field `extra.坏`"));
    }

    #[test]
    fn a_row_reads_like_headings_by_the_fields_that_it_names() {
        let fit = |mapping: &str, cells: [&str; 3]| {
            let mapping =
                if mapping.is_empty() { Mapping::default() } else { Mapping::parse(mapping).unwrap() };
            let Fit { fields, is_complete } = mapping.fit(&cells.map(str::to_owned));
            (fields, is_complete)
        };
        assert_eq!(fit("", [" 编号（必填）", "内容", "电话"]), (3, true));
        assert_eq!(fit("", ["内容", "反映内容", "电话"]), (2, false));
        assert_eq!(fit("external_ref=号", ["编号", "内容", "x"]), (1, false));
        assert_eq!(fit("external_ref=号,content=话", ["号", "话", "内容"]), (2, true));
    }

    #[test]
    fn several_flags_count_as_one() {
        let one = Mapping::parse("title=标题,content=内容").unwrap();
        assert_eq!(Mapping::parse_all(["title=标题", "content=内容"]).unwrap(), one);
    }
}
