//! Years that a plan states: read, checked, compared, and counted by.

use super::*;

const CHINA: &str = include_str!("../../../calendars/china.toml");

const YEAR: &str = r#"
[[calendar]]
year = 2027
paper = "国办发明电〔2026〕0号"
valid_from = 2027-01-01
valid_to = 2027-12-31
holidays = [
    { name = "元旦", from = 2027-01-01, to = 2027-01-03 },
    { name = "春节", from = 2027-02-05, to = 2027-02-11, worked = [2027-01-30, 2027-02-20] },
]
"#;

fn stated(year: &str) -> Plan {
    sound(&format!("{THIRD}{year}"))
}

/// What is wrong with the made-up year after a change.
fn wrong(old: &str, new: &str) -> Vec<(String, &'static str)> {
    let text = format!("{THIRD}{}", with(YEAR, old, new));
    let errors = Plan::parse("plan.toml", &text).unwrap_err();
    assert!(errors.iter().all(|error| error.line > THIRD.lines().count()), "{errors:?}");
    assert!(errors.iter().all(|error| !error.reason.is_empty() && !error.reason_zh.is_empty()));
    errors.into_iter().map(|error| (error.field, error.code.as_str())).collect()
}

fn one(old: &str, new: &str, field: &str, code: &'static str) {
    assert_eq!(wrong(old, new), [(format!("calendar[0].{field}"), code)], "{new}");
}

#[test]
fn what_the_program_knows_is_sound_as_a_section_of_a_plan() {
    let years = stated(CHINA).calendar;
    assert_eq!(years.len(), 8);
    let calendar = Calendar::of(&[]);
    assert!(years.iter().all(|year| calendar.year(i32::from(year.year)) == Ok(year)));
}

#[test]
fn a_stated_year_is_counted_by() {
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let (before, after) = (sound(THIRD), stated(YEAR));
    let eve = day("2027-02-04");
    assert!(before.calendar().add_working_days(eve, 1).is_err());
    assert_eq!(after.calendar().add_working_days(eve, 1), Ok(day("2027-02-12")));
    assert_eq!(after.calendar().is_working_day(day("2027-01-30")), Ok(true));
}

#[test]
fn days_lie_in_their_year_and_in_their_order() {
    one("to = 2027-01-03", "to = 2028-01-03", "holidays[0].to", "OUT_OF_RANGE");
    one(", from = 2027-01-01", ", from = 2026-12-31", "holidays[0].from", "OUT_OF_RANGE");
    one("2027-01-30, ", "2026-12-27, ", "holidays[1].worked[0]", "OUT_OF_RANGE");
    one("valid_to = 2027-12-31", "valid_to = 2028-12-31", "valid_to", "OUT_OF_RANGE");
    one("to = 2027-02-11", "to = 2027-02-04", "holidays[1].to", "DATES_REVERSED");
    let late = "valid_from = 2027-07-01\nvalid_to = 2027-06-30";
    one("valid_from = 2027-01-01\nvalid_to = 2027-12-31", late, "valid_to", "DATES_REVERSED");
    assert!(wrong("year = 2027", "year = 2207").contains(&("calendar[0].year".into(), "OUT_OF_RANGE")));
    one("year = 2027", "year = -2027", "year", "WRONG_VALUE");
}

#[test]
fn no_day_is_said_twice_and_no_year() {
    one("2027-02-20", "2027-01-30", "holidays[1].worked[1]", "DUPLICATE");
    one("worked = [2027-01-30", "worked = [2027-01-02", "holidays[1].worked[0]", "DUPLICATE");
    let again = "2027-01-03 },\n    { name = \"元旦\", from = 2027-01-03, to = 2027-01-03 }";
    one("2027-01-03 }", again, "holidays[1].from", "DUPLICATE");
    let twice = format!("{THIRD}{YEAR}{YEAR}");
    let errors = Plan::parse("plan.toml", &twice).unwrap_err();
    let found: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
    assert_eq!(found, [("calendar[1].year", "DUPLICATE")]);
}

#[test]
fn only_weekend_days_are_worked_instead_and_a_holiday_has_a_name() {
    one("2027-02-20", "2027-02-19", "holidays[1].worked[1]", "WRONG_VALUE");
    one("name = \"元旦\"", "name = \" \"", "holidays[0].name", "EMPTY");
    one("国办发明电〔2026〕0号", "", "paper", "EMPTY");
    one("name = \"元旦\", ", "", "holidays[0].name", "MISSING_FIELD");
    one("to = 2027-01-03", "to = 2027-01-03, off = 3", "holidays[0].off", "UNKNOWN_FIELD");
    let (head, _) = YEAR.split_once("holidays").unwrap();
    let errors = Plan::parse("plan.toml", &format!("{THIRD}{head}holidays = []\n")).unwrap_err();
    assert_eq!((errors[0].field.as_str(), errors[0].code.as_str()), ("calendar[0].holidays", "EMPTY"));
}

#[test]
fn a_year_that_comes_changes_or_goes_is_a_difference_and_without_one_a_plan_is_what_it_was() {
    let (before, after) = (sound(THIRD), stated(YEAR));
    let moved = stated(&with(YEAR, "2027-02-20", "2027-02-21"));
    let changes = |old: &Plan, new: &Plan| -> Vec<(String, ChangeKind)> {
        diff(old, new)
            .into_iter()
            .map(|change| (format!("{}.{}", change.section, change.code), change.kind))
            .collect()
    };
    let year = || "calendar.2027".to_owned();
    assert_eq!(changes(&before, &after), [(year(), ChangeKind::Added)]);
    assert_eq!(changes(&after, &moved), [(year(), ChangeKind::Changed)]);
    assert_eq!(changes(&after, &before), [(year(), ChangeKind::Removed)]);
    assert_ne!(before.digest(), after.digest());
    // Plans of former releases keep their digest: they say nothing of years.
    assert!(!serde_json::to_string(&before).unwrap().contains("calendar"));
}

#[test]
fn of_a_stored_plan_a_year_that_does_not_fit_is_left_out_and_told() {
    let text = format!("{THIRD}{}", with(YEAR, "year = 2027", "year = \"2027\""));
    let stored = Plan::stored("plan.toml", &text).unwrap();
    assert!(stored.plan.calendar.is_empty());
    assert_eq!(stored.errors.len(), 1);
    assert_eq!(stored.errors[0].field, "calendar[0].year");
}
