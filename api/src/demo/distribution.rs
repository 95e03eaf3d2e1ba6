//! The fixed distribution of `generate` (测试数据分布): which department, day, class, channel, stage, kind and village
//! the `i`-th of any number of submissions has.
//!
//! The overview reads rollup cells of department × one dimension × stage, by month. Measurements at 10,000 and at
//! 1,000,000 rows are comparable only if both fill nearly all of these cells, and drawing at random would leave many
//! empty at 10,000. So department, stage and the rest are counted through in turn: within a pair of department and
//! stage every class, channel and part of the period comes up before any comes up again. Where each count starts is
//! drawn per pair and round, so that the dimensions stay independent of each other.
//!
//! 10,000 rows give each of 40 departments × 11 stages 22 turns, so a dimension of up to 20 values is filled. The months
//! that the period only touches fill slowly: a period that starts on the first of a month has one of these at most.

use super::splitmix::Splitmix;

/// How many values each dimension has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimensions {
    /// Departments with a stream of their own (征集单位).
    pub departments: usize,
    /// Days of the period.
    pub days: usize,
    /// Classes (类别).
    pub classes: usize,
    /// Channels (渠道).
    pub channels: usize,
    /// Stages (办理环节).
    pub stages: usize,
    /// Kinds (诉求类型).
    pub kinds: usize,
    /// Villages and communities (村社区) of each department.
    pub villages: usize,
}

/// The place of one submission: an index into the caller's list for each dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cell {
    /// Department.
    pub department: usize,
    /// Whole days after the first day.
    pub day: usize,
    /// Class.
    pub class: usize,
    /// Channel.
    pub channel: usize,
    /// Stage.
    pub stage: usize,
    /// Kind; the first ones are the more frequent.
    pub kind: usize,
    /// Village or community, counted within the department.
    pub village: usize,
}

/// A distribution over checked dimensions.
#[derive(Debug, Clone)]
pub struct Distribution {
    dimensions: Dimensions,
    day_stride: usize,
    /// Kinds in the order in which they are counted through, the frequent ones several times.
    kind_turns: Vec<usize>,
}

/// A dimension without values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{dimension}` must be at least 1")]
pub struct DistributionError {
    /// Name of the dimension.
    pub dimension: &'static str,
}

/// Keeps the draws of one dimension apart from those of another.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Class = 1,
    Channel = 2,
    Day = 3,
    Kind = 4,
    Village = 5,
}

impl Distribution {
    /// A distribution over the dimensions given.
    pub fn new(dimensions: Dimensions) -> Result<Self, DistributionError> {
        let Dimensions { departments, days, classes, channels, stages, kinds, villages } = dimensions;
        let named = [
            ("departments", departments),
            ("days", days),
            ("classes", classes),
            ("channels", channels),
            ("stages", stages),
            ("kinds", kinds),
            ("villages", villages),
        ];
        if let Some((dimension, _)) = named.into_iter().find(|(_, count)| *count == 0) {
            return Err(DistributionError { dimension });
        }
        // Suggestions outnumber complaints, and these the rest.
        let kind_turns =
            (0..kinds).flat_map(|kind| std::iter::repeat_n(kind, 4usize.saturating_sub(kind).max(1)));
        let kind_turns = kind_turns.collect();
        Ok(Self { dimensions, day_stride: golden_stride(days), kind_turns })
    }

    /// The place of the `index`-th submission, counted from 0. Depends on nothing else, so that a longer set starts
    /// with the shorter one.
    #[must_use]
    pub fn cell(&self, index: u64) -> Cell {
        let Dimensions { departments, days, classes, channels, stages, villages, .. } = self.dimensions;
        let (rest, department) = split(index, departments);
        let (turn, stage) = split(rest, stages);
        let pair = (department * stages + stage) as u64;
        let kind_turn = rotated(turn, self.kind_turns.len(), pair, Purpose::Kind);
        Cell {
            department,
            stage,
            class: rotated(turn, classes, pair, Purpose::Class),
            channel: rotated(turn, channels, pair, Purpose::Channel),
            // Neighbouring turns lie a golden section of the period apart, so that a few turns reach every month.
            day: rotated_by(turn, days, self.day_stride, pair, Purpose::Day),
            kind: self.kind_turns[kind_turn],
            village: rotated(turn, villages, pair, Purpose::Village),
        }
    }
}

/// Quotient, and remainder as an index.
fn split(number: u64, count: usize) -> (u64, usize) {
    let count = count as u64;
    #[expect(clippy::cast_possible_truncation, reason = "a remainder of a usize fits a usize")]
    let remainder = (number % count) as usize;
    (number / count, remainder)
}

fn rotated(turn: u64, count: usize, pair: u64, purpose: Purpose) -> usize {
    rotated_by(turn, count, 1, pair, purpose)
}

/// Counts through all values in steps of `stride`, which shares no divisor with `count`; each round starts elsewhere.
fn rotated_by(turn: u64, count: usize, stride: usize, pair: u64, purpose: Purpose) -> usize {
    let (round, position) = split(turn, count);
    let mut draw = Splitmix::of_row((purpose as u64) << 32 | round, pair);
    (position * stride + draw.below(count)) % count
}

/// The number nearest above `count` divided by the golden ratio that shares no divisor with it.
fn golden_stride(count: usize) -> usize {
    let start = count * 618 / 1_000;
    (start..start + count).find(|&stride| divisor(stride, count) == 1).unwrap_or(1)
}

fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::Hash;

    use chrono::{Datelike, Days, NaiveDate};

    use super::*;

    const SMALL: u64 = 10_000;
    const LARGE: u64 = 1_000_000;

    const DIMENSIONS: Dimensions = Dimensions {
        departments: 40,
        days: 400,
        classes: 10,
        channels: 12,
        stages: 11,
        kinds: 5,
        villages: 12,
    };

    /// Share, in percent, of the cells of the large set that the small set fills already.
    fn filled<K: Eq + Hash>(dimensions: Dimensions, key: impl Fn(Cell) -> K) -> usize {
        let distribution = Distribution::new(dimensions).unwrap();
        let count = |rows| (0..rows).map(|index| key(distribution.cell(index))).collect::<HashSet<K>>().len();
        count(SMALL) * 100 / count(LARGE)
    }

    fn months(first: NaiveDate) -> Vec<(i32, u32)> {
        let days = (0..DIMENSIONS.days as u64).map(|day| first.checked_add_days(Days::new(day)).unwrap());
        days.map(|day| (day.year(), day.month())).collect()
    }

    #[test]
    fn ten_thousand_rows_fill_the_cells_of_a_million() {
        assert_eq!(filled(DIMENSIONS, |cell| (cell.department, cell.class, cell.stage)), 100);
        assert_eq!(filled(DIMENSIONS, |cell| (cell.department, cell.channel, cell.stage)), 100);
        for first in ["2022-01-01", "2022-02-01", "2021-11-16"] {
            let months = months(first.parse().unwrap());
            let share = filled(DIMENSIONS, |cell| (cell.department, months[cell.day], cell.stage));
            assert!(share >= 90, "{first}: {share} %");
        }
    }

    #[test]
    fn the_other_rollups_are_nearly_full_as_well() {
        assert_eq!(filled(DIMENSIONS, |cell| (cell.department, cell.kind, cell.stage)), 100);
        assert_eq!(filled(DIMENSIONS, |cell| (cell.department, cell.village, cell.stage)), 100);
        let sixty = Dimensions { departments: 60, ..DIMENSIONS };
        assert_eq!(filled(sixty, |cell| (cell.department, cell.class, cell.stage)), 100);
        let channels = filled(sixty, |cell| (cell.department, cell.channel, cell.stage));
        assert!(channels >= 90, "{channels} %");
    }

    #[test]
    fn all_values_come_up_about_equally_often() {
        let distribution = Distribution::new(DIMENSIONS).unwrap();
        let mut days = vec![0usize; DIMENSIONS.days];
        let mut pairs = vec![0usize; DIMENSIONS.classes * DIMENSIONS.channels];
        for index in 0..120_000 {
            let cell = distribution.cell(index);
            days[cell.day] += 1;
            pairs[cell.class * DIMENSIONS.channels + cell.channel] += 1;
        }
        assert!(days.iter().all(|count| (200..400).contains(count)), "{days:?}");
        assert!(pairs.iter().all(|count| (800..1_200).contains(count)), "{pairs:?}");
    }

    #[test]
    fn indexes_stay_within_their_dimensions_whatever_these_are() {
        for dimensions in [
            DIMENSIONS,
            Dimensions { departments: 1, days: 1, classes: 1, channels: 1, stages: 1, kinds: 1, villages: 1 },
            Dimensions {
                departments: 7,
                days: 365,
                classes: 3,
                channels: 2,
                stages: 5,
                kinds: 9,
                villages: 4,
            },
        ] {
            let distribution = Distribution::new(dimensions).unwrap();
            for index in (0..5_000).chain([u64::MAX]) {
                let cell = distribution.cell(index);
                assert!(cell.department < dimensions.departments && cell.day < dimensions.days);
                assert!(cell.class < dimensions.classes && cell.channel < dimensions.channels);
                assert!(cell.stage < dimensions.stages && cell.kind < dimensions.kinds);
                assert!(cell.village < dimensions.villages);
            }
        }
    }

    #[test]
    fn an_empty_dimension_is_refused_by_name() {
        let error = Distribution::new(Dimensions { channels: 0, ..DIMENSIONS }).err().unwrap();
        assert_eq!(error.to_string(), "`channels` must be at least 1");
    }

    #[test]
    fn a_stride_shares_no_divisor_with_its_period() {
        for count in 1..500 {
            assert_eq!(divisor(golden_stride(count), count), 1, "{count}");
        }
    }
}
