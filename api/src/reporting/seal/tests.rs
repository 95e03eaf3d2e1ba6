//! The same rows give the same bytes; one changed byte is found, and where.

use std::sync::LazyLock;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::DateTime;
use entity::enums::{SummaryKind, SummaryStatus, Urgency};
use entity::id::{CampaignId, CategoryId, County, DepartmentId, SummaryLineId, SummaryTableId};
use entity::{summary_line, summary_table};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::plan::{ColumnSource, SummaryColumn};
use crate::reporting::summary::document::{Frame, FrozenLine, Named, canonical};
use crate::secrets::token::{KeyRing, PublicKeys};

static RING: LazyLock<KeyRing> = LazyLock::new(|| {
    let seed: [u8; 32] = std::array::from_fn(|place| u8::try_from(place * 37 % 251).unwrap());
    KeyRing::from_seeds(&BASE64_STANDARD.encode(seed), &[]).unwrap()
});

fn table() -> summary_table::Model {
    let named = |code: &str, name: &str| Named { code: code.to_owned(), name: name.to_owned() };
    let column = |key: &str, source| SummaryColumn { key: key.to_owned(), name: key.to_owned(), source };
    let frame = Frame {
        county: named("999999", "某县"),
        campaign: named("C-1", "某活动"),
        document_number: "某办〔2019〕1号".to_owned(),
        department: named("D-1", "某镇"),
        columns: vec![
            column("NO", ColumnSource::LineNumber),
            column("COST", ColumnSource::EstimatedCost),
            column("VILLAGES", ColumnSource::Villages),
        ],
    };
    let at = DateTime::from_timestamp_micros(1_573_804_800_000_001);
    summary_table::Model {
        county: County::parse("999999").unwrap(),
        id: SummaryTableId(Uuid::from_u128(1)),
        department: DepartmentId(Uuid::from_u128(2)),
        campaign: CampaignId(Uuid::from_u128(3)),
        kind: SummaryKind::Main,
        number: 1,
        edition: 1,
        version: 5,
        status: SummaryStatus::Signed,
        former: None,
        return_reason: None,
        frame: Some(serde_json::to_value(frame).unwrap()),
        reviewed_by: Some("甲（分管负责人）".to_owned()),
        reviewed_at: at,
        signed_by: Some("乙（主要负责人）".to_owned()),
        signed_at: at,
        decided_at: None,
        created_at: at.unwrap(),
    }
}

fn line(n: i32) -> FrozenLine {
    let project = (n % 2 == 0).then(|| json!({ "owner": null, "content": "修路", "cost": 120_000, "funding": "财政", "start": null, "finish": "2020-06-30", "beneficiaries": 40 }));
    let row = summary_line::Model {
        county: County::parse("999999").unwrap(),
        id: SummaryLineId(Uuid::from_u128(u128::from(n.unsigned_abs()))),
        department: DepartmentId(Uuid::from_u128(2)),
        summary: SummaryTableId(Uuid::from_u128(1)),
        position: n,
        category: CategoryId(Uuid::from_u128(9)),
        category_code: "ROAD".to_owned(),
        category_name: "道路交通".to_owned(),
        text: format!("第{n}条：修路"),
        count: n,
        proposers: n,
        beneficiaries: (n % 3 == 0).then_some(70),
        urgency: Urgency::Urgent,
        villages: json!(["东沟村", "西沟村"]),
        project,
        remark: String::new(),
        written_by: None,
    };
    FrozenLine { row, numbers: (1..=n).map(|case| format!("D-1-2019-{case:05}")).collect() }
}

fn sealed(lines: &[FrozenLine]) -> Sealed {
    let text = canonical(&table(), lines).unwrap();
    Sealed::sign(text, |message| RING.sign(message)).unwrap()
}

fn lines(how_many: i32) -> Vec<FrozenLine> {
    (1..=how_many).map(line).collect()
}

fn public() -> PublicKeys {
    PublicKeys::from_jwks(&RING.jwks().to_string()).unwrap()
}

#[test]
fn a_file_is_sound_as_it_was_written_with_keys_and_without() {
    let file = sealed(&lines(4)).file().unwrap();
    assert_eq!(examine(file.as_bytes(), None), []);
    assert_eq!(examine(file.as_bytes(), Some(&public())), []);
    assert!(file.contains("120000元"), "{file}");
    assert_eq!(sealed(&[]).findings(Some(&public())), []);
}

#[test]
fn it_is_said_which_part_was_changed() {
    let file = sealed(&lines(4)).file().unwrap();
    let found = |from: &str, to: &str| {
        assert!(file.contains(from), "{from}");
        examine(file.replacen(from, to, 1).as_bytes(), None)
    };
    assert!(found("第3条", "第9条").contains(&Finding::Line(3)));
    assert!(found("乙（主要", "丙（主要").contains(&Finding::Head));
    assert!(found("2020-06-30", "2020-06-31").contains(&Finding::Line(2)));
    assert_eq!(found("\"kid\":\"", "\"kid\":\"x"), [Finding::Envelope]);
    assert_eq!(found("{\"document\"", "{ \"document\""), [Finding::Rewritten]);
    assert_eq!(examine(b"{}", None), [Finding::Unreadable]);
    assert_eq!(examine(b"\xff", None), [Finding::Unreadable]);
}

#[test]
fn a_file_made_anew_without_the_servers_key_is_told_by_the_public_one() {
    let mut other = sealed(&lines(2));
    other.canonical = other.canonical.replace("第2条", "第9条");
    other.sha256 = sha256_hex(other.canonical.as_bytes());
    let file = other.file().unwrap();
    assert_eq!(examine(file.as_bytes(), None), []);
    assert_eq!(examine(file.as_bytes(), Some(&public())), [Finding::Signature]);
    other.signature.kid = "nobody".to_owned();
    let file = other.file().unwrap();
    assert_eq!(examine(file.as_bytes(), Some(&public())), [Finding::UnknownKey("nobody".to_owned())]);
}

#[test]
fn every_byte_of_a_file_counts() {
    let file = sealed(&lines(2)).file().unwrap().into_bytes();
    for place in 0..file.len() {
        for flip in [1, 2, 0x20, 0x80] {
            let mut changed = file.clone();
            changed[place] ^= flip;
            assert_ne!(examine(&changed, None), [], "byte {place}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_single_byte_can_be_changed_added_or_removed(how_many in 0..5_i32, place in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0..3) {
        let file = sealed(&lines(how_many)).file().unwrap().into_bytes();
        let mut changed = file.clone();
        let place = place.index(file.len());
        match how {
            0 => changed[place] = byte,
            1 => changed.insert(place, byte),
            _ => { changed.remove(place); }
        }
        prop_assert_eq!(examine(&changed, Some(&public())).is_empty(), changed == file);
    }

    #[test]
    fn the_bytes_do_not_depend_on_the_order_of_rows(shuffled in Just(lines(6)).prop_shuffle(), turn in 0..6_usize) {
        let mut shuffled = shuffled;
        let of_line = &mut shuffled[turn].numbers;
        of_line.reverse();
        prop_assert_eq!(sealed(&shuffled), sealed(&lines(6)));
    }

    #[test]
    fn what_happens_to_a_signed_table_later_changes_no_byte(version in any::<i32>(), reason in ".{0,20}") {
        let later = summary_table::Model {
            version,
            status: SummaryStatus::Returned,
            return_reason: Some(reason),
            decided_at: DateTime::from_timestamp(1_600_000_000, 0),
            ..table()
        };
        prop_assert_eq!(canonical(&later, &lines(3)), canonical(&table(), &lines(3)));
    }
}
