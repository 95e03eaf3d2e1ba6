//! What the program knows is what the papers said, and counting forth and back agree.

use chrono::Days;
use proptest::prelude::*;

use super::*;
use crate::refusal::Message;

/// Without a plan's own years.
const CALENDAR: Calendar<'static> = Calendar::of(&[]);

/// Of each year: days off and days worked by its paper, and the working days of its months.
const FIGURES: [(i32, usize, usize, [i32; 12]); 8] = [
    (2019, 22, 6, [22, 17, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22]),
    (2020, 30, 6, [17, 20, 22, 22, 19, 21, 23, 21, 23, 17, 21, 23]),
    (2021, 31, 7, [20, 17, 23, 22, 19, 21, 22, 22, 22, 17, 22, 23]),
    (2022, 32, 7, [21, 16, 23, 21, 20, 21, 21, 23, 21, 18, 22, 22]),
    (2023, 26, 7, [18, 20, 23, 20, 21, 21, 21, 23, 20, 19, 22, 21]),
    (2024, 28, 8, [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22]),
    (2025, 28, 5, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]),
    (2026, 33, 6, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]),
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// One made-up year, as a plan states it.
fn made_up(more: &str) -> Vec<Year> {
    let holiday = r#"{ name = "元旦", from = 2027-01-01, to = 2027-01-03, worked = [2027-01-09] }"#;
    years(&format!("[[calendar]]\nyear = 2027\nholidays = [{holiday}]\n{more}")).unwrap()
}

#[test]
fn the_file_of_the_program_is_read_and_has_every_year_once() {
    let years = years(CHINA).unwrap();
    let known: Vec<u16> = years.iter().map(|year| year.year).collect();
    assert_eq!(known, (2019..=2026).collect::<Vec<u16>>());
    assert!(years.iter().all(|year| year.paper.is_some()));
}

#[test]
fn every_month_has_the_working_days_that_its_paper_left_it() {
    for (year, off, worked, months) in FIGURES {
        let special = CALENDAR.year(year).unwrap().special_days();
        assert_eq!(special.iter().filter(|special| !special.is_worked).count(), off, "{year}");
        assert_eq!(special.iter().filter(|special| special.is_worked).count(), worked, "{year}");
        for (month, expected) in (1..).zip(months) {
            let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap();
            let days = first.iter_days().take_while(|day| day.month() == month);
            let count = days.filter(|day| CALENDAR.is_working_day(*day).unwrap()).count();
            assert_eq!(i32::try_from(count).unwrap(), expected, "{year}-{month}");
        }
    }
}

#[test]
fn all_days_but_the_special_ones_are_worked_from_monday_to_friday() {
    let days = day("2019-01-01").iter_days().take_while(|day| day.year() < 2027);
    let mut count = 0;
    for day in days {
        let special = CALENDAR.year(day.year()).unwrap().special(day).map(|special| special.is_worked);
        let weekday = day.weekday().num_days_from_monday() < 5;
        assert_eq!(CALENDAR.is_working_day(day).unwrap(), special.unwrap_or(weekday), "{day}");
        // A paper takes days from the week and gives days of the weekend, never the other way.
        assert!(special != Some(true) || !weekday, "{day}");
        count += 1;
    }
    assert_eq!(count, 2922);
}

#[test]
fn a_special_day_is_told_with_its_holiday() {
    let year = CALENDAR.year(2026).unwrap();
    let special = |text: &str| year.special(day(text)).map(|special| (special.is_worked, special.name));
    assert_eq!(special("2026-02-14"), Some((true, "春节")));
    assert_eq!(special("2026-02-15"), Some((false, "春节")));
    assert_eq!(special("2026-02-23"), Some((false, "春节")));
    assert_eq!(special("2026-02-24"), None);
    assert!(year.special_days().is_sorted_by_key(|special| special.day));
}

#[test]
fn a_limit_does_not_count_the_day_of_its_event_and_ends_with_a_working_day() {
    for (from, n, to) in [
        ("2022-03-18", 0, "2022-03-18"),
        ("2022-03-18", 1, "2022-03-21"),
        ("2022-03-19", 1, "2022-03-21"),
        ("2022-03-20", 5, "2022-03-25"),
        // The week of National Day, and the weekend behind it is worked.
        ("2022-09-30", 1, "2022-10-08"),
        ("2022-09-30", 3, "2022-10-10"),
        // Over the turn of a year, whose first holiday begins in the old one.
        ("2022-12-30", 1, "2023-01-03"),
        // The eve of what is known: only the days that are counted need be.
        ("2018-12-31", 1, "2019-01-02"),
    ] {
        assert_eq!(CALENDAR.add_working_days(day(from), n), Ok(day(to)), "{n} from {from}");
    }
}

#[test]
fn what_is_left_is_counted_and_what_is_exceeded_is_negative() {
    let between = |from: &str, to: &str| CALENDAR.working_days_between(day(from), day(to)).unwrap();
    assert_eq!(between("2022-03-18", "2022-03-18"), 0);
    assert_eq!(between("2022-03-18", "2022-03-20"), 0);
    assert_eq!(between("2022-03-18", "2022-03-21"), 1);
    assert_eq!(between("2022-03-21", "2022-03-18"), -1);
    assert_eq!(between("2022-10-10", "2022-09-30"), -3);
    assert_eq!(between("2022-09-30", "2022-10-10"), 3);
    let all: i32 = FIGURES.iter().flat_map(|figures| figures.3).sum();
    assert_eq!(between("2018-12-31", "2026-12-31"), all);
}

#[test]
fn a_year_of_which_nothing_is_known_is_told_with_what_to_do() {
    let last = day("2026-12-31");
    for refusal in [
        CALENDAR.year(2027).unwrap_err(),
        CALENDAR.is_working_day(day("2027-01-04")).unwrap_err(),
        CALENDAR.add_working_days(last, 1).unwrap_err(),
        CALENDAR.working_days_between(last, day("2027-06-01")).unwrap_err(),
        CALENDAR.working_days_between(day("2027-06-01"), last).unwrap_err(),
    ] {
        assert_eq!(refusal.code, UserErrorCode::Invalid);
        let Message { zh, en } = refusal.message;
        assert!(zh.contains("没有 2027 年的放假安排") && zh.contains("minsheng plan apply FILE"), "{zh}");
        assert!(en.contains("the holidays of 2027 are not known"), "{en}");
        assert!(en.contains("[[calendar]] with year = 2027"), "{en}");
    }
    assert_eq!(CALENDAR.add_working_days(last, 0), Ok(last));
    assert_eq!(CALENDAR.working_days_between(day("2026-12-30"), last), Ok(1));
    assert!(CALENDAR.is_working_day(day("2018-12-31")).is_err());
}

#[test]
fn far_days_are_errors_and_nothing_worse() {
    for far in [NaiveDate::MIN, NaiveDate::MAX, day("0001-01-01"), day("9999-12-31")] {
        assert!(CALENDAR.is_working_day(far).is_err(), "{far}");
        assert!(CALENDAR.add_working_days(far, 1).is_err(), "{far}");
        assert_eq!(CALENDAR.add_working_days(far, 0), Ok(far));
        assert!(CALENDAR.working_days_between(far, day("2022-03-18")).is_err(), "{far}");
        assert!(CALENDAR.working_days_between(day("2022-03-18"), far).is_err(), "{far}");
        assert_eq!(CALENDAR.working_days_between(far, far), Ok(0));
    }
    assert!(CALENDAR.add_working_days(day("2022-03-18"), u32::MAX).is_err());
    for far in [i32::MIN, -1, 0, 2018, 2027, 70_000, i32::MAX] {
        assert!(CALENDAR.year(far).is_err(), "{far}");
    }
}

#[test]
fn a_plan_states_the_years_that_came_later() {
    let own = made_up("");
    let calendar = Calendar::of(&own);
    assert_eq!(calendar.add_working_days(day("2026-12-31"), 5), Ok(day("2027-01-08")));
    assert_eq!(calendar.add_working_days(day("2026-12-31"), 6), Ok(day("2027-01-09")));
    assert_eq!(calendar.is_working_day(day("2027-01-01")), Ok(false));
    // What the program knows is known all the same, and nothing beyond.
    assert_eq!(calendar.is_working_day(day("2026-01-04")), Ok(true));
    assert!(calendar.is_working_day(day("2028-01-04")).is_err());
}

#[test]
fn a_plan_s_year_stands_instead_of_the_program_s() {
    let text = r#"[[calendar]]
        year = 2026
        holidays = [{ name = "三月三", from = 2026-04-20, to = 2026-04-20 }]"#;
    let own = years(text).unwrap();
    assert_eq!(CALENDAR.is_working_day(day("2026-04-20")), Ok(true));
    assert_eq!(Calendar::of(&own).is_working_day(day("2026-04-20")), Ok(false));
    // The whole year is the plan's.
    assert_eq!(Calendar::of(&own).is_working_day(day("2026-10-01")), Ok(true));
}

#[test]
fn outside_of_its_validity_a_year_says_nothing() {
    let own = made_up("valid_from = 2027-01-01\nvalid_to = 2027-06-30");
    let calendar = Calendar::of(&own);
    assert_eq!(calendar.is_working_day(day("2027-06-30")), Ok(true));
    let refusal = calendar.is_working_day(day("2027-07-01")).unwrap_err();
    assert!(refusal.message.en.starts_with("2027-07-01: the holidays of 2027"), "{}", refusal.message.en);
    assert_eq!(own[0].period(), (day("2027-01-01"), day("2027-06-30")));
    assert_eq!(made_up("")[0].period(), (day("2027-01-01"), day("2027-12-31")));
    let late = made_up("valid_from = 2027-01-02");
    assert!(late[0].special_days().iter().all(|special| special.day > day("2027-01-01")));
    assert!(Calendar::of(&late).is_working_day(day("2027-01-01")).is_err());
}

#[test]
fn a_day_is_written_as_a_day() {
    for wrong in ["\"2027-01-01\"", "2027-02-30", "2027-01-01T08:00:00"] {
        let text = format!(
            "[[calendar]]\nyear = 2027\nholidays = [{{ name = \"元旦\", from = {wrong}, to = 2027-01-03 }}]"
        );
        assert!(years(&text).is_err(), "{wrong}");
        let text = format!(
            "[[calendar]]\nyear = 2027\nholidays = [{{ name = \"元旦\", from = 2027-01-01, to = 2027-01-03, worked = [{wrong}] }}]"
        );
        assert!(years(&text).is_err(), "{wrong}");
    }
}

/// Any day of which the program knows whether it is worked.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..2922_u64).prop_map(|days| day("2019-01-01") + Days::new(days))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn counting_finds_the_limit_that_was_added(from in any_day(), n in 0..200_u32) {
        if let Ok(to) = CALENDAR.add_working_days(from, n) {
            prop_assert_eq!(CALENDAR.working_days_between(from, to), Ok(i32::try_from(n).unwrap()));
            prop_assert!(n == 0 || CALENDAR.is_working_day(to).unwrap());
        } else {
            // It runs out of what is known: fewer days than that are left.
            let left = CALENDAR.working_days_between(from, day("2026-12-31")).unwrap();
            prop_assert!(left < i32::try_from(n).unwrap());
        }
    }

    #[test]
    fn adding_finds_the_day_that_was_counted_to(from in any_day(), days in 0..300_u64) {
        let to = day("2026-12-31").min(from + Days::new(days));
        let count = CALENDAR.working_days_between(from, to).unwrap();
        let reached = CALENDAR.add_working_days(from, u32::try_from(count).unwrap()).unwrap();
        // The last working day up to there, and that very day where it is one.
        prop_assert!(reached <= to);
        prop_assert_eq!(CALENDAR.working_days_between(reached, to), Ok(0));
        prop_assert!(reached == to || from == reached || !CALENDAR.is_working_day(to).unwrap());
    }

    #[test]
    fn a_limit_is_the_sum_of_its_parts(from in any_day(), one in 0..60_u32, other in 0..60_u32) {
        let parts = CALENDAR.add_working_days(from, one).and_then(|day| CALENDAR.add_working_days(day, other));
        if let Ok(parts) = parts {
            prop_assert_eq!(CALENDAR.add_working_days(from, one + other), Ok(parts));
        }
    }
}
