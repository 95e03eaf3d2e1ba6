//! What is said about a clause: its status, the figure, and what proves it.

use chrono::NaiveDate;

use super::facts::{Evidence, Facts};
use super::judge::{ClauseStatus, Measure, Need, judge};
use crate::refusal::Message;

/// What is said about a clause.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How far it is carried out.
    pub status: ClauseStatus,
    /// The last day for it; none where neither notice nor plan sets one.
    pub due_on: Option<NaiveDate>,
    /// How much is done; none where nothing is counted.
    pub numerator: Option<i64>,
    /// Of how much; none where there is nothing to hold it against.
    pub denominator: Option<i64>,
    /// The figure in words.
    pub note: Message,
    /// What proves it; where it is not met, what is lacking, if that can be named.
    pub evidence: Vec<Evidence>,
    /// How much of that there is altogether.
    pub evidence_count: usize,
    measure: Option<Measure>,
}

/// One of several things that a clause asks for.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Whether it is done.
    pub done: bool,
    /// What proves that it is, or is lacking.
    pub evidence: Evidence,
}

impl Item {
    /// One thing.
    #[must_use]
    pub const fn new(done: bool, evidence: Evidence) -> Self {
        Self { done, evidence }
    }
}

/// So many as a figure.
#[must_use]
pub fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Answer {
    /// Nothing to hold the clause against, and why.
    #[must_use]
    pub fn not_applicable(zh: &str, en: &str) -> Self {
        Self {
            status: ClauseStatus::NotApplicable,
            due_on: None,
            numerator: None,
            denominator: None,
            note: Message::new(zh, en),
            evidence: Vec::new(),
            evidence_count: 0,
            measure: None,
        }
    }

    /// By a measure.
    #[must_use]
    pub fn of(facts: &Facts, measure: &Measure, note: Message, evidence: Vec<Evidence>) -> Self {
        Self {
            status: judge(measure, facts.today),
            due_on: measure.due,
            numerator: Some(measure.numerator),
            denominator: measure.denominator,
            note,
            evidence_count: evidence.len(),
            evidence,
            measure: Some(*measure),
        }
    }

    /// All of several things are asked for by a day. The note is given numerator and denominator.
    #[must_use]
    pub fn each(
        facts: &Facts,
        items: &[Item],
        due: Option<NaiveDate>,
        broken: bool,
        note: impl FnOnce(i64, i64) -> Message,
    ) -> Self {
        let done = number(items.iter().filter(|item| item.done).count());
        let all = number(items.len());
        let measure = Measure { numerator: done, denominator: Some(all), need: Need::All, due, broken };
        let met = judge(&measure, facts.today) == ClauseStatus::Met;
        let mut evidence: Vec<Evidence> = Vec::new();
        for item in items.iter().filter(|item| item.done == met) {
            if !evidence.contains(&item.evidence) {
                evidence.push(item.evidence);
            }
        }
        Self::of(facts, &measure, note(done, all), evidence)
    }

    /// Something is asked for by a day; how much is not said.
    #[must_use]
    pub fn some(
        facts: &Facts,
        (numerator, denominator): (i64, Option<i64>),
        due: Option<NaiveDate>,
        note: Message,
        evidence: Vec<Evidence>,
    ) -> Self {
        let measure = Measure { numerator, denominator, need: Need::Some, due, broken: false };
        Self::of(facts, &measure, note, evidence)
    }

    /// The same by the day that the clause itself sets, if it sets one. Whether it is met does not hang on the day.
    #[must_use]
    pub fn by(mut self, day: Option<NaiveDate>, today: NaiveDate) -> Self {
        if let (Some(measure), Some(day)) = (self.measure.as_mut(), day) {
            measure.due = Some(day);
            self.status = judge(measure, today);
            self.due_on = Some(day);
        }
        self
    }
}
