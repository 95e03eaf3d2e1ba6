//! One row of text made into a typed entry, or refused with every reason at once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::choice::{Choices, KINDS, URGENCIES, YES_NO};
use super::fault::{Fault, RowError, excerpt};
use super::mapping::{Binding, Field};
use super::meaning::{count_of, is_no_entry, is_rounded};
use super::reader::RawRow;
use super::received::parse_received_at;
use crate::intake::draft::{ADDRESS, CONTENT, MOST_BENEFICIARIES, NAME, TITLE};
use crate::intake::unsaid::{is_no_number, names_nobody, says_nothing};
use crate::secrets::seal::whole_number;

/// Most characters of a source's reference.
pub const MAX_EXTERNAL_REF_CHARACTERS: usize = 64;

/// Most characters of a title.
pub const MAX_TITLE_CHARACTERS: usize = TITLE;

/// Most characters of the text; the longest in a real ledger of some 4,300 messages had 6,999.
pub const MAX_CONTENT_CHARACTERS: usize = CONTENT;

/// An entry without a title is given this many characters of its text.
pub const TITLE_FROM_CONTENT_CHARACTERS: usize = 50;

/// Most characters of a code or name that the plan is searched for, and of a person's name.
const MAX_NAME_CHARACTERS: usize = NAME;

const MAX_PHONE_CHARACTERS: usize = 40;

const MAX_ADDRESS_CHARACTERS: usize = ADDRESS;

const MAX_EXTRA_CHARACTERS: usize = 1_000;

/// One entry of a ledger (台账条目), ready to be recorded. Codes and names are not yet looked up in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Line of the file on which the row starts, counted from 1.
    pub line: u64,
    /// Reference of the source (来源编号), 1 to 64 characters, unique per channel.
    pub external_ref: String,
    /// Title (标题), 1 to 200 characters on one line.
    pub title: String,
    /// Text (内容), 1 to 10,000 characters.
    pub content: String,
    /// When it was received (收到时间), in microseconds; `None` where the ledger does not say.
    pub received_at: Option<DateTime<Utc>>,
    /// Stream (征集单位): code or name.
    pub stream: Option<String>,
    /// Channel (渠道): code or name.
    pub channel: Option<String>,
    /// Class (类别): code or name.
    pub category: Option<String>,
    /// Kind (诉求类型) as its stored code: SUGGESTION, COMPLAINT, REQUEST, CONSULTATION or PRAISE.
    pub kind: Option<&'static str>,
    /// Village or community (村社区): code or name.
    pub village: Option<String>,
    /// Name of the person (姓名): never to be logged.
    pub name: Option<String>,
    /// Telephone (电话) as written: never to be logged.
    pub phone: Option<String>,
    /// Address (住址): never to be logged.
    pub address: Option<String>,
    /// Urgency (紧急程度) as its stored code: NORMAL, URGENT or CRITICAL.
    pub urgency: Option<&'static str>,
    /// How many people benefit (受益人数).
    pub beneficiaries: Option<u32>,
    /// Constituency (界别): code or name.
    pub constituency: Option<String>,
    /// Whether the identity is confidential (是否保密); `None` where the ledger does not say.
    pub confidential: Option<bool>,
    /// Extra fields of the stream's form (扩展字段) by key; empty cells left out.
    pub extra: BTreeMap<String, String>,
}

/// Reads the fields of one row and keeps what is wrong with them.
struct Cells<'a> {
    row: &'a RawRow,
    binding: &'a Binding,
    errors: Vec<RowError>,
}

impl ImportRow {
    /// Reads one row. All that is wrong with it is told, in the order of the template.
    pub fn read(row: &RawRow, binding: &Binding) -> Result<Self, Vec<RowError>> {
        let mut cells = Cells { row, binding, errors: Vec::new() };
        // What is no entry is not asked for anything else.
        if let Some(text) = cells.text(&Field::ExternalRef).filter(|text| is_no_entry(text)) {
            cells.refuse(&Field::ExternalRef, Fault::NotAnEntry { text: excerpt(&text) });
            return Err(cells.errors);
        }
        let external_ref = cells.external_ref();
        let title = cells.line(&Field::Title, MAX_TITLE_CHARACTERS);
        let content = cells.content();
        let title = title.unwrap_or_else(|| title_of(&content));
        let read = Self {
            line: row.line,
            external_ref,
            title,
            content,
            received_at: cells.received_at(),
            stream: cells.line(&Field::Stream, MAX_NAME_CHARACTERS),
            channel: cells.line(&Field::Channel, MAX_NAME_CHARACTERS),
            category: cells.line(&Field::Category, MAX_NAME_CHARACTERS),
            kind: cells.choice(&Field::Kind, &KINDS),
            village: cells.line(&Field::Village, MAX_NAME_CHARACTERS),
            name: cells.line(&Field::Name, MAX_NAME_CHARACTERS).filter(|name| !names_nobody(name)),
            phone: cells.phone(),
            address: cells.line(&Field::Address, MAX_ADDRESS_CHARACTERS),
            urgency: cells.choice(&Field::Urgency, &URGENCIES),
            beneficiaries: cells.beneficiaries(),
            constituency: cells.line(&Field::Constituency, MAX_NAME_CHARACTERS),
            confidential: cells.choice(&Field::Confidential, &YES_NO).map(|code| code == "TRUE"),
            extra: cells.extra(),
        };
        if cells.errors.is_empty() { Ok(read) } else { Err(cells.errors) }
    }
}

impl Cells<'_> {
    fn refuse(&mut self, field: &Field, fault: Fault) {
        self.errors.push(RowError::in_field(self.row.line, field.to_string(), fault));
    }

    /// The text of a field without surrounding space and control characters; `None` when nothing is left.
    fn text(&self, field: &Field) -> Option<String> {
        let cell = self.row.cells.get(self.binding.column(field)?)?;
        let clean = plain(cell);
        let trimmed = clean.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    fn limited(&mut self, field: &Field, text: String, limit: usize) -> Option<String> {
        let length = text.chars().count();
        if length <= limit {
            return Some(text);
        }
        self.refuse(field, Fault::TooLong { length, limit });
        None
    }

    /// The text of a field that may be left out: words for nothing are nothing.
    fn said(&self, field: &Field) -> Option<String> {
        self.text(field).filter(|text| !says_nothing(text))
    }

    /// A field that stands on one line: line ends inside it become spaces.
    fn line(&mut self, field: &Field, limit: usize) -> Option<String> {
        let text = self.said(field)?.replace('\n', " ");
        self.limited(field, text, limit)
    }

    /// What a spreadsheet made of a number is mended where nothing is lost, and refused where digits are.
    fn external_ref(&mut self) -> String {
        let field = Field::ExternalRef;
        let Some(text) = self.text(&field) else {
            self.refuse(&field, Fault::Required);
            return String::new();
        };
        if is_rounded(&text) {
            self.refuse(&field, Fault::NumberCut { text: Some(excerpt(&text)) });
        }
        let text = whole_number(&text).replace('\n', " ");
        self.limited(&field, text, MAX_EXTERNAL_REF_CHARACTERS).unwrap_or_default()
    }

    fn phone(&mut self) -> Option<String> {
        let text = self.line(&Field::Phone, MAX_PHONE_CHARACTERS)?;
        if is_rounded(&text) {
            self.refuse(&Field::Phone, Fault::NumberCut { text: None });
        }
        Some(whole_number(&text).to_owned()).filter(|phone| !is_no_number(phone))
    }

    fn content(&mut self) -> String {
        let Some(text) = self.text(&Field::Content) else {
            self.refuse(&Field::Content, Fault::Required);
            return String::new();
        };
        self.limited(&Field::Content, text, MAX_CONTENT_CHARACTERS).unwrap_or_default()
    }

    fn received_at(&mut self) -> Option<DateTime<Utc>> {
        let text = self.said(&Field::ReceivedAt)?;
        let instant = parse_received_at(&text);
        if instant.is_none() {
            self.refuse(&Field::ReceivedAt, Fault::BadTime { text: excerpt(&text) });
        }
        instant
    }

    fn choice(&mut self, field: &Field, choices: &Choices) -> Option<&'static str> {
        let text = self.said(field)?;
        let code = choices.code_of(&text);
        if code.is_none() {
            self.refuse(field, Fault::BadChoice { text: excerpt(&text), allowed: choices.offered });
        }
        code
    }

    fn beneficiaries(&mut self) -> Option<u32> {
        let text = self.said(&Field::Beneficiaries)?;
        let number = count_of(&text).filter(|&number| number <= MOST_BENEFICIARIES);
        if number.is_none() {
            let fault = Fault::BadNumber { text: excerpt(&text), limit: MOST_BENEFICIARIES };
            self.refuse(&Field::Beneficiaries, fault);
        }
        number
    }

    fn extra(&mut self) -> BTreeMap<String, String> {
        let mut extra = BTreeMap::new();
        let binding = self.binding;
        for (field, key, _) in binding.extra_columns() {
            if let Some(text) = self.text(field)
                && let Some(text) = self.limited(field, text, MAX_EXTRA_CHARACTERS)
            {
                extra.insert(key.to_owned(), text);
            }
        }
        extra
    }
}

/// Text as a database takes it: line feeds and tabs stay, other control characters go, and so does the mark that some
/// exports leave at the start of a cell. The words of the citizen are not touched.
fn plain(text: &str) -> String {
    const BYTE_ORDER_MARK: char = '\u{feff}';
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|&c| matches!(c, '\n' | '\t') || !(c.is_control() || c == BYTE_ORDER_MARK)).collect()
}

fn title_of(content: &str) -> String {
    let start: String = content.chars().take(TITLE_FROM_CONTENT_CHARACTERS).collect();
    start.replace('\n', " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::mapping::Mapping;
    use super::super::reader::{Format, Wanted, open_source};
    use super::*;

    fn read(text: &str) -> Result<ImportRow, Vec<RowError>> {
        let mut ledger =
            open_source(Cursor::new(text.as_bytes().to_vec()), Format::Csv, &Wanted::default()).unwrap();
        let binding = Mapping::default().bind(ledger.header()).unwrap();
        ImportRow::read(&ledger.next().unwrap().unwrap(), &binding)
    }

    #[test]
    fn a_full_row_is_read_into_its_types() {
        let row = read(
            "来源编号,标题,内容,收到时间,征集单位,渠道,类别,诉求类型,村社区,姓名,电话,住址,紧急程度,受益人数,界别,是否保密,extra.road\n\
             R-1,路灯不亮,村口路灯坏了,2019/10/15 9:30,T01,微信,道路交通,投诉,柳林村,村民乙,000-0000-0001,柳林村一组,紧急,\"约1,200人\",,是,柳林路\n"
                .replace("约", "")
                .as_str(),
        )
        .unwrap();
        let expected = ImportRow {
            line: 2,
            external_ref: "R-1".to_owned(),
            title: "路灯不亮".to_owned(),
            content: "村口路灯坏了".to_owned(),
            received_at: parse_received_at("2019-10-15T09:30:00+08:00"),
            stream: Some("T01".to_owned()),
            channel: Some("微信".to_owned()),
            category: Some("道路交通".to_owned()),
            kind: Some("COMPLAINT"),
            village: Some("柳林村".to_owned()),
            name: Some("村民乙".to_owned()),
            phone: Some("000-0000-0001".to_owned()),
            address: Some("柳林村一组".to_owned()),
            urgency: Some("URGENT"),
            beneficiaries: Some(1_200),
            constituency: None,
            confidential: Some(true),
            extra: BTreeMap::from([("road".to_owned(), "柳林路".to_owned())]),
        };
        assert_eq!(row, expected);
    }

    #[test]
    fn an_entry_without_a_title_takes_the_start_of_its_text() {
        let row = read(&format!("id,title,content\n1, ,\"一\n{}\"\n", "字".repeat(100))).unwrap();
        assert_eq!(row.title, format!("一 {}", "字".repeat(TITLE_FROM_CONTENT_CHARACTERS - 2)));
        let bare = read("id,content\n1,地铁何时开通\n").unwrap();
        assert_eq!(bare.title, "地铁何时开通");
    }

    #[test]
    fn control_characters_go_and_the_words_stay() {
        let row =
            read("id,title,content\n1,\"a\nb\",\"\u{feff}甲\u{0}\t乙\u{7}\r\n丙\u{200b}　\"\n").unwrap();
        assert_eq!((row.title.as_str(), row.content.as_str()), ("a b", "甲\t乙\n丙\u{200b}"));
    }

    #[test]
    fn every_reason_is_told_at_once() {
        let errors = read("id,title,content,submitted_at,kind,urgency,beneficiaries,confidential\n ,t,,昨天,抱怨,很急,一些,也许\n")
            .unwrap_err();
        let told: Vec<(&str, &str)> =
            errors.iter().map(|error| (error.field.as_deref().unwrap(), error.code())).collect();
        assert_eq!(
            told,
            [
                ("external_ref", "REQUIRED"),
                ("content", "REQUIRED"),
                ("received_at", "BAD_TIME"),
                ("kind", "BAD_CHOICE"),
                ("urgency", "BAD_CHOICE"),
                ("beneficiaries", "BAD_NUMBER"),
                ("confidential", "BAD_CHOICE"),
            ]
        );
        assert!(errors.iter().all(|error| error.line == 2));
    }

    #[test]
    fn lengths_are_counted_in_characters_up_to_the_limit() {
        let row = |reference: usize, title: usize, content: usize| {
            let [reference, title, content] = [reference, title, content].map(|count| "字".repeat(count));
            read(&format!("id,title,content\n{reference},{title},{content}\n"))
        };
        assert!(row(64, 200, 10_000).is_ok());
        let codes: Vec<String> = row(65, 201, 10_001).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            codes,
            [
                "line 2, external_ref: has 65 characters, at most 64 are taken",
                "line 2, title: has 201 characters, at most 200 are taken",
                "line 2, content: has 10001 characters, at most 10000 are taken",
            ]
        );
    }

    #[test]
    fn a_reason_never_repeats_a_name_or_a_number_of_a_person() {
        let phone = "0".repeat(MAX_PHONE_CHARACTERS + 1);
        let errors = read(&format!("id,content,phone\n1,x,{phone}\n")).unwrap_err();
        assert!(!errors[0].reason().contains("000000") && !errors[0].reason_zh().contains("000000"));
        let errors = read("id,content,phone\n1,x,1.0000001E+10\n").unwrap_err();
        assert!(!errors[0].reason().contains("0000") && !errors[0].reason_zh().contains("0000"));
    }

    #[test]
    fn a_number_of_people_may_be_written_in_several_ways() {
        for (text, number) in [
            ("0", 0),
            ("12人", 12),
            ("\"1,200\"", 1_200),
            ("1，200", 1_200),
            ("300 人", 300),
            ("120.0", 120),
            ("２００", 200),
            ("约200人", 200),
            ("200余人", 200),
            ("近300多人", 300),
        ] {
            let row = read(&format!("id,content,受益人数\n1,x,{text}\n")).unwrap();
            assert_eq!(row.beneficiaries, Some(number), "{text}");
        }
        for text in ["5000001", "200户", "120.5", "约", "二百", "-1", "1e3"] {
            let errors = read(&format!("id,content,受益人数\n1,x,{text}\n")).unwrap_err();
            assert_eq!(errors[0].code(), "BAD_NUMBER", "{text}");
        }
    }

    #[test]
    fn words_for_nothing_are_no_values() {
        let row = read(
            "id,content,title,姓名,电话,住址,村社区,诉求类型,受益人数,收到时间,是否保密\n1,x,/,匿名,无,-,不详,—,无,/,/\n",
        );
        let row = row.unwrap();
        assert_eq!((row.title.as_str(), row.content.as_str()), ("x", "x"));
        assert_eq!((row.name, row.phone, row.address, row.village), (None, None, None, None));
        assert_eq!(
            (row.kind, row.beneficiaries, row.received_at, row.confidential),
            (None, None, None, None)
        );
        // What the ledger must say is what it says.
        assert_eq!(read("id,content\n1,无\n").unwrap().content, "无");
    }

    #[test]
    fn what_a_spreadsheet_made_of_a_number_is_mended_or_refused() {
        let row = read("id,content,phone\n1001.0,x,10000000001.0\n").unwrap();
        assert_eq!((row.external_ref.as_str(), row.phone.as_deref()), ("1001", Some("10000000001")));
        for text in ["2.02203E+17", "2.02203150930001E17", "1E15", "2E+17"] {
            let errors = read(&format!("id,content,phone\n{text},x,{text}\n")).unwrap_err();
            assert_eq!(
                errors.iter().map(RowError::code).collect::<Vec<_>>(),
                ["NUMBER_CUT", "NUMBER_CUT"],
                "{text}"
            );
        }
        for text in ["12E", "E12", "R1E5", "1e5", "2022E12", "20220315E17", "2019.10"] {
            assert_eq!(read(&format!("id,content\n{text},x\n")).unwrap().external_ref, text);
        }
    }

    #[test]
    fn sums_and_signatures_are_no_suggestions() {
        for text in [
            "合计",
            "合 计",
            "总计：2件",
            "填表人：村民甲",
            "审核人: 村民乙",
            "填报单位（盖章）：河口镇",
            "注：以上",
        ] {
            let errors = read(&format!("id,content\n{text},2件\n")).unwrap_err();
            assert_eq!(errors.iter().map(RowError::code).collect::<Vec<_>>(), ["NOT_AN_ENTRY"], "{text}");
        }
        assert_eq!(read("id,content\n注：本表每周报送,\n").unwrap_err().len(), 1);
        for text in ["合计-1", "注1", "负责人", "T-1"] {
            assert_eq!(read(&format!("id,content\n{text},x\n")).unwrap().external_ref, text);
        }
    }
}
