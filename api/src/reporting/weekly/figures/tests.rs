//! Whatever happens in between, and in whatever order reports are handed in, they add up to the whole.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::reporting::weekly::rules::{Counted, Handed, counted, cut};

const UNITS: usize = 3;

/// What happens in a county.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A department enters a suggestion; on whatever earlier day it was received.
    Enters(usize, Option<u128>),
    /// A suggestion is put into a class.
    Classified(usize, u128),
    /// It is withdrawn.
    Withdrawn(usize),
    /// It moves to another department's stream.
    Moves(usize, usize),
    /// A department hands a period's report in, for the first time or once more.
    HandsIn(usize, u32),
}

fn event(moves: bool) -> impl Strategy<Value = Event> {
    let (unit, case) = (0..UNITS, 0_usize..60);
    let entered =
        (unit.clone(), prop::option::of(1_u128..4)).prop_map(|(unit, class)| Event::Enters(unit, class));
    let classified = (case.clone(), 1_u128..4).prop_map(|(case, class)| Event::Classified(case, class));
    let shifted = (case.clone(), unit.clone()).prop_map(|(case, unit)| Event::Moves(case, unit));
    let handed = (unit, 0_u32..4).prop_map(|(unit, period)| Event::HandsIn(unit, period));
    prop_oneof![
        4 => entered,
        1 => classified,
        1 => case.prop_map(Event::Withdrawn),
        u32::from(moves) => shifted,
        3 => handed,
    ]
}

#[derive(Clone, Debug)]
struct Case {
    unit: usize,
    created_at: DateTime<Utc>,
    class: Option<CategoryId>,
    stage: Stage,
}

#[derive(Default)]
struct County {
    cases: Vec<Case>,
    reports: [Vec<Handed<Figures>>; UNITS],
    second: i64,
}

impl County {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.second, 0).unwrap()
    }

    /// After so many seconds.
    fn then(&mut self, later: i64, event: Event) {
        self.second += later;
        let class = |n: u128| CategoryId(Uuid::from_u128(n));
        let now = self.now();
        match event {
            Event::Enters(unit, of) => {
                let case = Case { unit, created_at: now, class: of.map(class), stage: Stage::Received };
                self.cases.push(case);
            }
            Event::Classified(case, into) => {
                if let Some(case) = self.cases.get_mut(case) {
                    (case.class, case.stage) = (Some(class(into)), Stage::Classified);
                }
            }
            Event::Withdrawn(case) => {
                if let Some(case) = self.cases.get_mut(case) {
                    case.stage = Stage::Withdrawn;
                }
            }
            Event::Moves(case, unit) => {
                if let Some(case) = self.cases.get_mut(case) {
                    case.unit = unit;
                }
            }
            Event::HandsIn(unit, period) => self.hand_in(unit, period),
        }
    }

    fn of(&self, unit: usize) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(move |case| case.unit == unit)
    }

    fn whole(&self, unit: usize) -> i64 {
        i64::try_from(self.of(unit).count()).unwrap()
    }

    fn hand_in(&mut self, unit: usize, period: u32) {
        let handed = &self.reports[unit];
        let period_end = NaiveDate::from_ymd_opt(2019, 11, 1 + period).unwrap();
        let cell = |case: &Case| Cell { keys: vec![Key::Category(case.class)], stage: case.stage, count: 1 };
        let (until, figures) = match counted(handed, period_end) {
            Counted::As(former) => (former.until, former.report.clone()),
            Counted::Since(before) => {
                let until = cut(handed, self.now());
                let whole: Vec<Cell> = self.of(unit).map(cell).collect();
                let since = before.map(|one| {
                    let new =
                        self.of(unit).filter(|case| one.until < case.created_at && case.created_at <= until);
                    (by_class(&new.map(cell).collect::<Vec<_>>()), &one.report)
                });
                (until, Figures::of(&whole, since, &[], Work::default()))
            }
        };
        let editions = handed.iter().filter(|one| one.period_end == period_end).count();
        let edition = i32::try_from(editions).unwrap() + 1;
        self.reports[unit].push(Handed { period_end, edition, until, report: figures });
    }

    /// The reports of a department that count: the latest edition of each period.
    fn live(&self, unit: usize) -> impl Iterator<Item = &Figures> {
        let all = &self.reports[unit];
        let last = |one: &&Handed<Figures>| {
            all.iter().all(|other| other.period_end != one.period_end || other.edition <= one.edition)
        };
        all.iter().filter(last).map(|one| &one.report)
    }
}

fn run(events: &[(i64, Event)]) -> County {
    let mut county = County::default();
    for (later, event) in events {
        county.then(*later, *event);
    }
    for unit in 0..UNITS {
        county.then(1, Event::HandsIn(unit, 20));
    }
    county
}

proptest! {
    #[test]
    fn the_weeks_of_every_unit_and_of_the_county_add_up_to_the_whole(
        events in prop::collection::vec((1_i64..4, event(false)), 0..80),
    ) {
        let county = run(&events);
        let mut sum = 0;
        for unit in 0..UNITS {
            let received: i64 = county.live(unit).map(|figures| figures.received).sum();
            prop_assert_eq!(received, county.whole(unit));
            prop_assert!(county.live(unit).all(|figures| figures.moved == Some(0)));
            let gone = county.of(unit).filter(|case| case.stage == Stage::Withdrawn).count();
            let told: i64 = county.live(unit).filter_map(|figures| figures.withdrawn).sum();
            prop_assert_eq!(told, i64::try_from(gone).unwrap());
            sum += received;
        }
        prop_assert_eq!(sum, i64::try_from(county.cases.len()).unwrap());
    }

    #[test]
    fn they_add_up_too_where_cases_move_and_much_happens_at_one_instant(
        events in prop::collection::vec((0_i64..2, event(true)), 0..80),
    ) {
        let county = run(&events);
        for unit in 0..UNITS {
            let told: i64 = county.live(unit).map(|figures| figures.received + figures.moved.unwrap_or(0)).sum();
            prop_assert_eq!(told, county.whole(unit));
        }
    }

    #[test]
    fn the_stages_of_a_report_add_up_to_all_that_it_received(
        events in prop::collection::vec((0_i64..3, event(false)), 0..80),
    ) {
        let county = run(&events);
        for handed in county.reports.iter().flatten() {
            let stages: i64 = handed.report.stages.iter().map(|line| line.count).sum();
            prop_assert_eq!(stages, handed.report.received_in_all);
        }
    }
}

#[test]
fn a_report_of_a_former_release_says_what_it_said() {
    let stored = json!({ "received": 3, "received_in_all": 9, "unclassified": 1,
        "classes": [{ "code": "ROAD", "name": "道路交通", "received": 3, "received_in_all": 9 }],
        "stages": [{ "stage": "WITHDRAWN", "count": 2 }, { "stage": "CLASSIFIED", "count": 7 }] });
    let figures: Figures = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!((figures.moved, figures.withdrawn, &figures.work), (None, None, &None));
    assert_eq!(serde_json::to_value(&figures).unwrap(), stored);
    // The next one goes on from it: eleven now, of which one was entered since its cut, and three are withdrawn.
    let cell = |stage, count| Cell { keys: vec![Key::Category(None)], stage, count };
    let whole = [cell(Stage::Classified, 8), cell(Stage::Withdrawn, 3)];
    let next = Figures::of(&whole, Some((ByClass::from([(None, 1)]), &figures)), &[], Work::default());
    assert_eq!((next.received, next.received_in_all, next.moved, next.withdrawn), (1, 11, Some(1), Some(1)));
    assert_eq!(next.classes[0].received_in_all, 11);
}
