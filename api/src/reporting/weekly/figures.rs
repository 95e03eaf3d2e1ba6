//! The figures of a report, as they are frozen in it.

use std::collections::BTreeMap;

use entity::category;
use entity::enums::Stage;
use entity::id::CategoryId;
use serde::{Deserialize, Serialize};

use super::work::Work;
use crate::shares::figures::{Cell, Key};

/// What a department had received when it reported. 统计
///
/// All that it has received is what it had with the report before, and `received`, and `moved`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Entered since the last report, whenever it was received; in reports of former releases received in the period.
    pub received: i64,
    /// Since the campaign began, those withdrawn since too.
    pub received_in_all: i64,
    /// Came to the department since the last report other than by being entered, less what left it: moved between streams,
    /// or still being written when the last report was handed in. None in reports of former releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<i64>,
    /// Of all, how many were withdrawn since the last report. None in reports of former releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<i64>,
    /// Of all, how many are in no class yet.
    pub unclassified: i64,
    /// By class, in the plan's order; those without any are left out.
    pub classes: Vec<ClassFigure>,
    /// All by stage.
    pub stages: Vec<StageFigure>,
    /// Visits, symposiums and coverage. None in reports of former releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
}

/// Suggestions of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassFigure {
    /// Code of the class; none for those that are in no class.
    pub code: Option<String>,
    /// Name of the class, as it was.
    pub name: String,
    /// Entered since the last report.
    pub received: i64,
    /// Since the campaign began.
    pub received_in_all: i64,
}

/// Suggestions that stood at one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageFigure {
    /// Stage.
    pub stage: Stage,
    /// How many.
    pub count: i64,
}

/// How many suggestions are in each class.
pub type ByClass = BTreeMap<Option<CategoryId>, i64>;

/// Cells by class, whatever their stage.
#[must_use]
pub fn by_class(cells: &[Cell]) -> ByClass {
    let mut sums = ByClass::new();
    for cell in cells {
        if let [Key::Category(class)] = cell.keys[..] {
            *sums.entry(class).or_default() += cell.count;
        }
    }
    sums
}

impl Figures {
    /// Of all that stands there now, cut by class, of what was entered since the report before, and of the figures of that
    /// one. Without one, everything was entered since.
    #[must_use]
    pub fn of(
        whole: &[Cell],
        since: Option<(ByClass, &Self)>,
        classes: &[category::Model],
        work: Work,
    ) -> Self {
        let all = by_class(whole);
        let (entered, before) = since.map_or_else(|| (all.clone(), None), |(new, old)| (new, Some(old)));
        let mut stages: BTreeMap<Stage, i64> = BTreeMap::new();
        for cell in whole {
            *stages.entry(cell.stage).or_default() += cell.count;
        }
        let stages: Vec<StageFigure> =
            stages.into_iter().map(|(stage, count)| StageFigure { stage, count }).collect();
        let (received, received_in_all) = (entered.values().sum(), all.values().sum());
        let had = before.map_or(0, |before| before.received_in_all);
        let gone = before.map_or(0, |before| before.at(Stage::Withdrawn));
        let mut figures = Self {
            received,
            received_in_all,
            moved: Some(received_in_all - had - received),
            withdrawn: None,
            unclassified: 0,
            classes: lines(&entered, &all, classes),
            stages,
            work: Some(work),
        };
        figures.withdrawn = Some(figures.at(Stage::Withdrawn) - gone);
        figures.unclassified = figures.at(Stage::Received);
        figures
    }

    /// How many stood at a stage.
    fn at(&self, stage: Stage) -> i64 {
        self.stages.iter().filter(|line| line.stage == stage).map(|line| line.count).sum()
    }
}

/// Each class of the plan, and behind them what is in none.
fn lines(entered: &ByClass, all: &ByClass, classes: &[category::Model]) -> Vec<ClassFigure> {
    let line = |code: Option<String>, name: &str, key: Option<CategoryId>| ClassFigure {
        code,
        name: name.to_owned(),
        received: entered.get(&key).copied().unwrap_or(0),
        received_in_all: all.get(&key).copied().unwrap_or(0),
    };
    let known = classes.iter().map(|class| line(Some(class.code.clone()), &class.name, Some(class.id)));
    let lines = known.chain([line(None, "未归类", None)]);
    lines.filter(|line| line.received_in_all + line.received > 0).collect()
}

#[cfg(test)]
mod tests;
