//! What a field costs beside its rows: long texts by their length, pages, counts and searches by what the database does
//! for them. One unit is about 0.1 ms of a core, or 2 kB of an answer.

use async_graphql::Value;
use chrono::NaiveDate;

use super::given::Given;
use crate::intake::graphql::FilterToken;
use crate::shares::figures::MOST_ROWS;

/// What fields cost that are more than a short value.
const FIELDS: &[(&str, &str, usize)] = &[
    // Texts of up to 10,000 characters.
    ("Circular", "text", 10),
    ("Explanation", "text", 10),
    ("FormerExplanation", "text", 10),
    ("FormerText", "content", 10),
    ("Project", "content", 10),
    ("Receipt", "explanation", 10),
    ("Submission", "content", 10),
    ("UnitPlan", "content", 10),
    ("WeeklyReport", "narrative", 10),
    // Texts of up to 2,000, and what is searched through.
    ("AuditEntry", "detail", 3),
    ("CampaignClosing", "remark", 3),
    ("ClauseFigure", "note", 3),
    ("ClauseFinding", "text", 3),
    ("Explanation", "proof", 3),
    ("ExtraValue", "value", 3),
    ("Invalidation", "note", 3),
    ("Finding", "recheckNote", 3),
    ("Finding", "text", 3),
    ("Inspection", "summary", 3),
    ("Progress", "text", 3),
    ("Record", "note", 3),
    ("Rectification", "text", 3),
    ("SubmissionEdge", "highlights", 5),
    ("SummaryLine", "remark", 3),
    ("SummaryLine", "text", 3),
    ("SummaryProject", "content", 3),
    ("SummaryTable", "returnReason", 3),
    ("Task", "note", 3),
    ("Task", "text", 3),
    ("UnitPlan", "reason", 3),
    ("Visit", "note", 3),
    // Whole files.
    ("Query", "importTemplate", 50),
    ("SummaryScan", "content", 200),
    ("SummaryTable", "document", 100),
    ("SummaryTable", "exported", 100),
    // Shown with their object.
    ("OverviewRow", "figures", 0),
    ("OverviewRow", "keys", 0),
    // Figures over a whole county or campaign, and some thirty statements.
    ("Viewer", "agenda", 100),
    ("Campaign", "conformance", 1_000),
    ("ConstituencyCoverage", "streams", 20),
    ("Coverage", "townships", 50),
    ("Query", "dispositionCounts", 100),
    ("Query", "publicCampaign", 10),
    ("Query", "rosterStatus", 50),
    ("Query", "summaryTableStatus", 100),
    ("Query", "weeklyReportPreview", 100),
    ("Query", "weeklyReportStatus", 100),
];

/// A page: the statement that finds its rows; the rows themselves are added.
pub(super) const PAGE: usize = 10;
/// A count that an index or a rollup answers.
const COUNT: usize = 20;
/// A count over the suggestions in scope that no rollup covers, such as of those that hold a text.
const WIDE_COUNT: usize = 350;
/// A count of late ones, of which there are few.
const LATE_COUNT: usize = 300;
/// A page of what holds a text.
const TEXT_PAGE: usize = 250;
/// Any operation that writes.
const WRITE: usize = 50;

/// Which of the dimensions of a rollup a filter names; each rollup has one of them.
const DIMENSIONS: &[(&[&str], u8)] = &[
    (&["streamIds"], 1),
    (&["categoryIds", "isClassified"], 2),
    (&["channelIds"], 4),
    (&["kinds"], 8),
    (&["villageIds", "hasVillage"], 16),
];

/// What a filter names that is in no rollup.
const FURTHER: &[&str] = &[
    "urgencies",
    "beneficiariesFrom",
    "isProposed",
    "isEnteredByMe",
    "assigneeIds",
    "isAssigned",
    "isMine",
    "isMerged",
    "enteredFrom",
    "enteredTo",
];

/// The same dimensions as a grouping names them.
const GROUPS: &[(&str, u8)] = &[("STREAM", 1), ("CATEGORY", 2), ("CHANNEL", 4), ("KIND", 8), ("VILLAGE", 16)];

/// Rows of a cut by one dimension, as in a county of forty departments and two thousand villages at most.
const VALUES: &[(&str, usize)] = &[
    ("CATEGORY", 15),
    ("CHANNEL", 30),
    ("DEPARTMENT", 40),
    ("KIND", 5),
    ("STAGE", 11),
    ("STREAM", 40),
    ("VILLAGE", 400),
];
/// Days of a period that is not said.
const USUAL_PERIOD: usize = 366;
/// Days of each value of a dimension of time, at least.
const TIMES: &[(&str, usize)] = &[("DAY", 1), ("MONTH", 28), ("WEEK", 7)];

/// How the suggestions are filtered that a field is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Filtered {
    text: bool,
    /// By lateness, which no rollup knows.
    late: bool,
    /// By what else no rollup knows.
    further: bool,
    /// Bits of `DIMENSIONS`.
    dimensions: u8,
    /// Days of the period, where both ends are said.
    days: Option<usize>,
}

impl Filtered {
    /// What a `SubmissionFilter` says, by itself and by its token.
    pub(super) fn by(filter: Option<Given<'_>>) -> Self {
        let Some(filter) = filter else {
            return Self::default();
        };
        let said = Self::said(filter);
        let token = filter.member("token").and_then(Given::text).and_then(FilterToken::written);
        token.map_or(said, |written: Value| said.and(Self::said(Given::Known(&written))))
    }

    fn said(filter: Given<'_>) -> Self {
        let says = |member: &str| filter.member(member).is_some();
        let of = |(members, bit): &(&[&str], u8)| {
            if members.iter().any(|member| says(member)) { *bit } else { 0 }
        };
        let queue = filter.member("queue");
        let day = |member: &str| {
            let text = filter.member(member)?.text()?;
            text.parse::<NaiveDate>().ok()
        };
        let days = day("receivedFrom").zip(day("receivedTo")).map(|(from, to)| {
            let nights = (to - from).num_days();
            usize::try_from(nights).map_or(1, |nights| nights + 1)
        });
        Self {
            text: says("text"),
            late: says("isLate") || queue.is_some_and(|queue| queue.words().contains(&"LATE")),
            further: FURTHER.iter().any(|member| says(member)),
            dimensions: DIMENSIONS.iter().map(of).fold(0, |all, bit| all | bit),
            days,
        }
    }

    fn and(self, other: Self) -> Self {
        let days = match (self.days, other.days) {
            (Some(own), Some(others)) => Some(own.min(others)),
            (own, others) => own.or(others),
        };
        Self {
            text: self.text || other.text,
            late: self.late || other.late,
            further: self.further || other.further,
            dimensions: self.dimensions | other.dimensions,
            days,
        }
    }

    /// What finding a page of them adds.
    pub(super) const fn page(self) -> usize {
        if self.text { TEXT_PAGE } else { 0 }
    }

    /// What counting them costs.
    const fn count(self) -> usize {
        if self.text || self.late || self.further || self.dimensions.count_ones() > 1 {
            WIDE_COUNT
        } else {
            COUNT
        }
    }

    fn grouped(self, by: Option<Given<'_>>) -> Self {
        let words = by.map(Given::words).unwrap_or_default();
        let bits = GROUPS.iter().filter(|(word, _)| words.contains(word)).fold(0, |all, (_, bit)| all | bit);
        Self { dimensions: self.dimensions | bits, ..self }
    }
}

/// What a field costs beside its rows and what stands below it; nothing for a field of which nothing is said.
pub(super) fn work(parent: &str, name: &str, filtered: Filtered, by: Option<Given<'_>>) -> Option<usize> {
    match (parent, name) {
        ("Mutation", _) => Some(WRITE),
        ("Overview", "total") | (_, "totalCount") => Some(filtered.count()),
        // Two periods each.
        ("Overview", "previousPeriod" | "previousYear") => Some(2 * filtered.count()),
        // The rows, and those of an earlier period where it is asked for.
        ("Overview", "rows") => Some(2 * filtered.grouped(by).count()),
        // Four piles, one of them of late ones.
        ("Query", "queueCounts") => Some(3 * filtered.count() + filtered.count().max(LATE_COUNT)),
        _ => FIELDS.iter().find(|(of, field, _)| *of == parent && *field == name).map(|(_, _, cost)| *cost),
    }
}

/// How many rows a cut has: the values of its dimensions, every pair of them where there are two; the usual number where it
/// does not say which.
pub(super) fn groups(usual: usize, filtered: Filtered, by: Option<Given<'_>>) -> usize {
    let days = filtered.days.unwrap_or(USUAL_PERIOD);
    let values = |dimension: &&str| {
        let of_time = TIMES.iter().find(|(name, _)| name == dimension);
        match of_time {
            // A period touches one more at each end.
            Some((_, each)) => days / each + if *each > 1 { 2 } else { 0 },
            None => {
                VALUES.iter().find(|(name, _)| name == dimension).map_or(MOST_ROWS, |(_, values)| *values)
            }
        }
    };
    let words = by.map(Given::words).unwrap_or_default();
    if words.is_empty() {
        return usual;
    }
    words.iter().map(values).fold(1, usize::saturating_mul).min(MOST_ROWS)
}

#[cfg(test)]
pub(super) const fn listed_fields() -> &'static [(&'static str, &'static str, usize)] {
    FIELDS
}
