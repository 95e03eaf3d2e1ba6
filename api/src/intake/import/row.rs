//! One row of text made into a typed entry, or refused with every reason at once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::cells::Cells;
use super::choice::{KINDS, URGENCIES};
use super::fault::RowError;
use super::field::Field;
use super::mapping::Binding;
use super::reader::RawRow;
use crate::intake::draft::TITLE;
use crate::text::{beginning, line};

/// Most characters of a title.
pub const MAX_TITLE_CHARACTERS: usize = TITLE;

/// An entry without a title is given this many characters of its text.
pub const TITLE_FROM_CONTENT_CHARACTERS: usize = 50;

/// One entry of a ledger (台账条目), ready to be recorded. Codes and names are not yet looked up in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Line of the file on which the row starts, counted from 1.
    pub line: u64,
    /// Reference of the source (来源编号), 1 to 64 characters, unique per channel.
    pub external_ref: String,
    /// Whether that is the number of a case, from an exported ledger in which the source gave it no reference.
    pub is_case_number: bool,
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
    /// Whether it was entered for somebody who was met (代录).
    pub on_behalf: bool,
    /// Extra fields of the stream's form (扩展字段) by key; empty cells left out.
    pub extra: BTreeMap<String, String>,
    /// The same as an export writes them, each behind its label (附加项).
    pub further: Option<String>,
}

impl ImportRow {
    /// Reads one row. All that is wrong with it is told, in the order of the template.
    pub fn read(row: &RawRow, binding: &Binding) -> Result<Self, Vec<RowError>> {
        let mut cells = Cells::of(row, binding);
        // What is no entry is not asked for anything else.
        if let Some(error) = cells.no_entry() {
            return Err(vec![error]);
        }
        let external_ref = cells.external_ref();
        let title = cells.line(&Field::Title, MAX_TITLE_CHARACTERS);
        let content = cells.content();
        let title = title.unwrap_or_else(|| title_of(&content));
        let read = Self {
            line: row.line,
            external_ref,
            is_case_number: cells.is_case_number(),
            title,
            content,
            received_at: cells.received_at(),
            stream: cells.short(&Field::Stream),
            channel: cells.short(&Field::Channel),
            category: cells.short(&Field::Category),
            kind: cells.choice(&Field::Kind, &KINDS),
            village: cells.short(&Field::Village),
            name: cells.name(),
            phone: cells.phone(),
            address: cells.address(),
            urgency: cells.choice(&Field::Urgency, &URGENCIES),
            beneficiaries: cells.beneficiaries(),
            constituency: cells.short(&Field::Constituency),
            confidential: cells.truth(&Field::Confidential),
            on_behalf: cells.truth(&Field::OnBehalf).unwrap_or(false),
            extra: cells.extra(),
            further: cells.said(&Field::Further),
        };
        cells.end(read)
    }
}

fn title_of(content: &str) -> String {
    line(beginning(content, TITLE_FROM_CONTENT_CHARACTERS))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::cells::MAX_PHONE_CHARACTERS;
    use super::super::mapping::Mapping;
    use super::super::reader::{Format, Wanted, open_source};
    use super::super::received::parse_received_at;
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
            is_case_number: false,
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
            on_behalf: false,
            extra: BTreeMap::from([("road".to_owned(), "柳林路".to_owned())]),
            further: None,
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
    fn what_an_export_writes_is_read_back() {
        let row = read(
            "编号,内容,征集单位,征集流,来源编号,代录,附加项,提出人,联系电话\n\
             T-2022-00007,'=1+1处,甲镇,甲镇意见,,是,行业：农；备注：甲；乙,居**,****0123\n",
        )
        .unwrap();
        assert_eq!(
            (&*row.external_ref, &*row.content, row.stream.as_deref()),
            ("T-2022-00007", "=1+1处", Some("甲镇意见"))
        );
        assert!(row.is_case_number);
        assert_eq!((row.on_behalf, row.further.as_deref()), (true, Some("行业：农；备注：甲；乙")));
        assert_eq!((row.name, row.phone), (None, None), "masks are no values");
        let plain = read("编号,内容\n1,'引号开头\n").unwrap();
        assert_eq!((&*plain.content, plain.is_case_number), ("'引号开头", false));
    }

    #[test]
    fn control_characters_go_and_the_words_stay() {
        let row =
            read("id,title,content\n1,\"a\nb\",\"\u{feff}甲\u{0}\t乙\u{7}\r\n丙\u{200b}丁　\"\n").unwrap();
        assert_eq!((row.title.as_str(), row.content.as_str()), ("a b", "甲\t乙\n丙\u{200b}丁"));
    }

    #[test]
    fn what_nobody_sees_is_no_value_and_no_difference() {
        let row = read("id,title,content,village,name,时间\n\u{200b}T45-2\u{feff},\u{200b},\u{202e}甲,陈郢\u{200b}村,居民\u{2060}甲,2022-10-15\u{200b} 9:30\n").unwrap();
        assert_eq!(
            (row.external_ref.as_str(), row.title.as_str(), row.content.as_str()),
            ("T45-2", "甲", "甲")
        );
        assert_eq!((row.village.as_deref(), row.name.as_deref()), (Some("陈郢村"), Some("居民甲")));
        assert_eq!(row.received_at, parse_received_at("2022-10-15 09:30"));
        let errors = read("id,content\n\u{200b},\u{3164}\u{200d}\n").unwrap_err();
        assert_eq!(errors.iter().map(RowError::code).collect::<Vec<_>>(), ["REQUIRED", "REQUIRED"]);
    }

    #[test]
    fn a_title_made_of_the_text_does_not_end_inside_an_emoji() {
        let family = "👨\u{200d}👩\u{200d}👧";
        let row =
            |before: usize| read(&format!("id,content\n1,{}{family}灯\n", "字".repeat(before))).unwrap();
        assert_eq!(row(47).title, "字".repeat(47));
        assert_eq!(row(45).title, format!("{}{family}", "字".repeat(45)));
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
            ("約200\u{200b}人", 200),
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
            "合\u{200b}計",
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
