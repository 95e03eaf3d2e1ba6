//! Which column of a ledger is which field of an entry (列对应关系).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::choice::folded;
use super::reader::Header;

/// A field of an imported entry. Order is that of the template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Reference of the source (来源编号), unique per channel (H10): the entry's identity, however often it is imported.
    ExternalRef,
    /// Title (标题).
    Title,
    /// Text of the entry (内容).
    Content,
    /// When it was received (收到时间).
    ReceivedAt,
    /// Stream that it belongs to (征集单位): code or name.
    Stream,
    /// Channel by which it came (渠道): code or name.
    Channel,
    /// Class (类别): code or name.
    Category,
    /// Kind (诉求类型).
    Kind,
    /// Village or community (村社区): code or name.
    Village,
    /// Name of the person (姓名); sealed at rest by the caller.
    Name,
    /// Telephone (电话); sealed at rest by the caller.
    Phone,
    /// Address (住址); sealed at rest by the caller.
    Address,
    /// Urgency (紧急程度, S10).
    Urgency,
    /// How many people benefit (受益人数, S10).
    Beneficiaries,
    /// Constituency (界别), code or name (S08).
    Constituency,
    /// Whether the identity is confidential (是否保密).
    Confidential,
    /// An extra field of the stream's form (扩展字段, S26) by its key: letters, digits and `_`.
    Extra(String),
}

/// How columns are found: those named by the operator first, the others by the template's names and their aliases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    columns: BTreeMap<Field, String>,
}

/// A mapping applied to one header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    fields: BTreeMap<Field, usize>,
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

/// A field with its name, its heading in the template, and other headings by which it is known.
struct Known {
    field: Field,
    name: &'static str,
    heading: &'static str,
    aliases: &'static [&'static str],
}

static REQUIRED: [Field; 2] = [Field::ExternalRef, Field::Content];

const EXTRA_PREFIX: &str = "extra.";

#[rustfmt::skip] // One field a line.
static KNOWN: [Known; 16] = [
    known(Field::ExternalRef, "external_ref", "来源编号", &["message_id", "id", "编号", "工单号", "工单编号", "留言编号", "外部编号"]),
    known(Field::Title, "title", "标题", &["subject", "主题", "留言主题", "诉求标题"]),
    known(Field::Content, "content", "内容", &["body", "text", "诉求内容", "留言详情", "建议内容", "意见建议", "反映内容"]),
    known(Field::ReceivedAt, "received_at", "收到时间", &["submitted_at", "created_at", "时间", "留言时间", "提交时间", "受理时间", "收到日期"]),
    known(Field::Stream, "stream", "征集单位", &["department", "单位", "归属单位"]),
    known(Field::Channel, "channel", "渠道", &["source", "来源渠道", "反映渠道"]),
    known(Field::Category, "category", "类别", &["class", "分类", "建议类别", "一级标签", "问题类别"]),
    known(Field::Kind, "kind", "诉求类型", &["type", "类型", "性质"]),
    known(Field::Village, "village", "村社区", &["community", "村(社区)", "村/社区", "村、社区", "村（居）", "所在村社区"]),
    known(Field::Name, "name", "姓名", &["反映人", "联系人", "群众姓名"]),
    known(Field::Phone, "phone", "电话", &["telephone", "mobile", "tel", "联系电话", "手机", "手机号", "手机号码"]),
    known(Field::Address, "address", "住址", &["地址", "联系地址", "家庭住址"]),
    known(Field::Urgency, "urgency", "紧急程度", &["紧急度", "缓急"]),
    known(Field::Beneficiaries, "beneficiaries", "受益人数", &["受益人口", "涉及人数"]),
    known(Field::Constituency, "constituency", "界别", &["界别选区", "代表团", "选区"]),
    known(Field::Confidential, "confidential", "是否保密", &["保密", "要求保密"]),
];

const fn known(
    field: Field,
    name: &'static str,
    heading: &'static str,
    aliases: &'static [&'static str],
) -> Known {
    Known { field, name, heading, aliases }
}

fn field_names() -> String {
    let names: Vec<&str> = KNOWN.iter().map(|known| known.name).collect();
    format!("{}, extra.KEY", names.join(", "))
}

impl Field {
    /// The field of a name as the command line has it, for instance `received_at` or `extra.road`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        match name.strip_prefix(EXTRA_PREFIX) {
            Some(key) => is_key(key).then(|| Self::Extra(key.to_owned())),
            None => KNOWN.iter().find(|known| known.name == name).map(|known| known.field.clone()),
        }
    }

    /// The fields with a heading in the template, in its order.
    #[must_use]
    pub fn all() -> Vec<Self> {
        KNOWN.iter().map(|known| known.field.clone()).collect()
    }

    /// The Chinese heading of the column in the template; an extra field has its name for a heading.
    #[must_use]
    pub fn heading(&self) -> String {
        self.known().map_or_else(|| self.to_string(), |known| known.heading.to_owned())
    }

    /// Whether every entry needs this field.
    #[must_use]
    pub fn is_required(&self) -> bool {
        REQUIRED.contains(self)
    }

    fn known(&self) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.field == *self)
    }

    /// The field that a heading means by itself.
    fn of_heading(heading: &str) -> Option<Self> {
        let wanted = compared(heading);
        let known = KNOWN.iter().find(|known| {
            let mut names = [known.name, known.heading].into_iter().chain(known.aliases.iter().copied());
            names.any(|name| compared(name) == wanted)
        });
        known
            .map(|known| known.field.clone())
            .or_else(|| Self::parse(heading).filter(|field| field.known().is_none()))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.known()) {
            (Self::Extra(key), _) => write!(f, "{EXTRA_PREFIX}{key}"),
            (_, Some(known)) => f.write_str(known.name),
            (_, None) => Ok(()),
        }
    }
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
        named.or_else(|| Field::of_heading(heading).filter(|field| !self.columns.contains_key(field)))
    }

    /// Finds the columns of one header; all that does not fit is told at once.
    pub fn bind(&self, header: &Header) -> Result<Binding, Vec<MappingError>> {
        let mut errors = Vec::new();
        let mut fields = self.named_columns(header, &mut errors);
        let mut ignored = Vec::new();
        for (index, column) in header.names().iter().enumerate() {
            if fields.values().any(|&named| named == index) {
                continue;
            }
            match Field::of_heading(column) {
                None => ignored.push(column.clone()),
                Some(field) if self.columns.contains_key(&field) => ignored.push(column.clone()),
                Some(field) => match fields.get(&field) {
                    None => drop(fields.insert(field, index)),
                    Some(&first) => {
                        let first = header.names()[first].clone();
                        errors.push(MappingError::Ambiguous { field, first, second: column.clone() });
                    }
                },
            }
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
        self.fields.get(field).copied()
    }

    /// The extra fields with their columns.
    pub(super) fn extra_columns(&self) -> impl Iterator<Item = (&Field, &str, usize)> {
        self.fields.iter().filter_map(|(field, &index)| match field {
            Field::Extra(key) => Some((field, key.as_str(), index)),
            _ => None,
        })
    }
}

/// How headings are compared: marks of required columns, spaces, `_` and `-` do not matter.
fn compared(heading: &str) -> String {
    const MARKS: [&str; 6] = ["(必填)", "(选填)", "(可选)", "[必填]", "[选填]", "(必填项)"];
    let plain: String =
        folded(heading).chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '_' | '-')).collect();
    MARKS.iter().fold(plain, |plain, mark| plain.replace(mark, ""))
}

fn is_key(key: &str) -> bool {
    const LONGEST: usize = 40;
    (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
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

    #[test]
    fn no_heading_stands_for_two_fields() {
        for known in &KNOWN {
            for heading in [known.name, known.heading].iter().chain(known.aliases) {
                assert_eq!(Field::of_heading(heading), Some(known.field.clone()), "{heading}");
            }
            assert_eq!(Field::parse(known.name), Some(known.field.clone()));
            assert_eq!(known.field.to_string(), known.name);
        }
    }
}
