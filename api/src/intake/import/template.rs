//! The template that a department fills in (导入模板): the same columns as CSV and as a workbook.

use std::io::{self, Write};

use rust_xlsxwriter::{DataValidation, Format, Workbook, Worksheet, XlsxError};

use super::choice::{Choices, KINDS, URGENCIES, YES_NO};
use super::field::Field;
use super::reader::NOTE_MARK;

/// Why a template could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The target refuses.
    #[error("the template cannot be written: {0}")]
    Io(#[from] io::Error),
    /// The workbook could not be made.
    #[error("the workbook cannot be made: {0}")]
    Workbook(#[from] XlsxError),
}

/// Rows of the sheet that are prepared with lists to choose from.
const PREPARED_ROWS: u32 = 10_000;

/// Writes the template as CSV with byte order mark: headings, and a row of explanations that the import passes over.
pub fn write_csv_template(mut target: impl Write) -> Result<(), TemplateError> {
    target.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(target);
    let fields = Field::all();
    let headings = fields.iter().map(Field::heading);
    let notes = fields.iter().enumerate().map(|(column, field)| match column {
        0 => format!("{NOTE_MARK}（导入时跳过本行）：{}", note(field)),
        _ => note(field),
    });
    writer.write_record(headings).and_then(|()| writer.write_record(notes)).map_err(io::Error::from)?;
    Ok(writer.flush()?)
}

/// Writes the template as a workbook: a sheet to fill in with lists to choose from, and a sheet of explanations.
pub fn write_xlsx_template(target: impl Write + io::Seek + Send) -> Result<(), TemplateError> {
    let mut workbook = Workbook::new();
    fill_entries(workbook.add_worksheet())?;
    fill_notes(workbook.add_worksheet())?;
    Ok(workbook.save_to_writer(target)?)
}

fn fill_entries(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("导入")?.set_freeze_panes(1, 0)?;
    let heading = Format::new().set_bold();
    // Text columns keep leading zeros and long numbers as they are typed.
    let text = Format::new().set_num_format("@");
    for (column, field) in (0u16..).zip(Field::all()) {
        sheet.set_column_format(column, &text)?.set_column_width(column, width(&field))?;
        sheet.write_with_format(0, column, field.heading(), &heading)?;
        if let Some(choices) = choices(&field) {
            let words: Vec<&str> = choices.offered.split('/').collect();
            let list = DataValidation::new().allow_list_strings(&words)?;
            sheet.add_data_validation(1, column, PREPARED_ROWS, column, &list)?;
        }
    }
    Ok(())
}

fn fill_notes(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("填写说明")?.set_column_width(0, 14)?.set_column_width(2, 70)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0u16..).zip(["列名", "是否必填", "说明"]) {
        sheet.write_with_format(0, column, heading, &bold)?;
    }
    for (row, field) in (1u32..).zip(Field::all()) {
        sheet.write(row, 0, field.heading())?;
        sheet.write(row, 1, if field.is_required() { "必填" } else { "选填" })?;
        sheet.write(row, 2, note(&field))?;
    }
    Ok(())
}

fn choices(field: &Field) -> Option<Choices> {
    match field {
        Field::Kind => Some(KINDS),
        Field::Urgency => Some(URGENCIES),
        Field::Confidential => Some(YES_NO),
        _ => None,
    }
}

/// Width of a column in characters.
fn width(field: &Field) -> f64 {
    match field {
        Field::Content => 60.0,
        Field::Title | Field::Address => 30.0,
        Field::ReceivedAt => 20.0,
        _ => 14.0,
    }
}

/// What to fill in, in one sentence.
fn note(field: &Field) -> String {
    let text = match field {
        Field::ExternalRef => "必填，1至64字；同一渠道内不得重复，再次导入时据此识别",
        Field::Title => "最多200字；不填则取内容前50字",
        Field::Content => "必填，1至10000字",
        Field::ReceivedAt => "如2019-10-15 09:30或2019/10/15；不填按导入时间",
        Field::Stream => "征集单位的代码或名称",
        Field::Channel => "渠道的代码或名称",
        Field::Category => "类别的代码或名称；不填则待归类",
        Field::Village => "村或社区的代码或名称",
        Field::Name => "最多100字；可不填（匿名）",
        Field::Phone => "5至20位数字；可写区号、分机和第二个号码，共最多40字；没有则不填",
        Field::Address => "最多200字",
        Field::Beneficiaries => "0至5000000的整数",
        Field::Constituency => "界别的代码或名称",
        Field::Kind
        | Field::Urgency
        | Field::Confidential
        | Field::OnBehalf
        | Field::Further
        | Field::Extra(_) => {
            return choices(field).map(|choices| format!("可选：{}", choices.offered)).unwrap_or_default();
        }
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Reader, Xlsx};

    use super::super::mapping::Mapping;
    use super::super::reader::{Format as FileFormat, Wanted, open_source};
    use super::*;

    fn xlsx() -> Vec<u8> {
        let mut target = Cursor::new(Vec::new());
        write_xlsx_template(&mut target).unwrap();
        target.into_inner()
    }

    fn csv() -> Vec<u8> {
        let mut target = Vec::new();
        write_csv_template(&mut target).unwrap();
        target
    }

    #[test]
    fn both_templates_bind_every_field_and_hold_no_entry() {
        for (bytes, format) in [(csv(), FileFormat::Csv), (xlsx(), FileFormat::Xlsx)] {
            let ledger = open_source(Cursor::new(bytes), format, &Wanted::default()).unwrap();
            let binding = Mapping::default().bind(ledger.header()).unwrap();
            assert!(binding.ignored.is_empty());
            assert!(Field::all().iter().all(|field| binding.column(field).is_some()));
            assert_eq!(ledger.count(), 0, "{format:?}");
        }
    }

    #[test]
    fn the_csv_opens_in_a_spreadsheet_as_utf8() {
        let text = String::from_utf8(csv()).unwrap();
        assert!(text.starts_with("\u{feff}来源编号,标题,内容,收到时间"));
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn the_workbook_explains_every_column_on_its_second_sheet() {
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(xlsx())).unwrap();
        assert_eq!(workbook.sheet_names(), ["导入", "填写说明"]);
        let notes = workbook.worksheet_range("填写说明").unwrap();
        assert_eq!(notes.height(), Field::all().len() + 1);
        assert!(notes.rows().all(|row| row.iter().all(|cell| !cell.to_string().is_empty())));
    }
}
