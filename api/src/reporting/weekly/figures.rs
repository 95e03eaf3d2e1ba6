//! The figures of a report, as they are frozen in it.

use std::collections::BTreeMap;

use entity::category;
use entity::enums::Stage;
use serde::{Deserialize, Serialize};

use crate::shares::figures::{Cell, Key};

/// What a department had received when it reported. 统计
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// In the period.
    pub received: i64,
    /// Since the campaign began.
    pub received_in_all: i64,
    /// Of all, how many are in no class yet.
    pub unclassified: i64,
    /// By class, in the plan's order; those without any are left out.
    pub classes: Vec<ClassFigure>,
    /// All by stage.
    pub stages: Vec<StageFigure>,
}

/// Suggestions of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassFigure {
    /// Code of the class; none for those that are in no class.
    pub code: Option<String>,
    /// Name of the class, as it was.
    pub name: String,
    /// In the period.
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

impl Figures {
    /// Of cells by class: those of the period, and those since the campaign began.
    #[must_use]
    pub fn of(period: &[Cell], whole: &[Cell], classes: &[category::Model]) -> Self {
        let sum = |cells: &[Cell]| cells.iter().map(|cell| cell.count).sum();
        let in_class = |cells: &[Cell], key: Key| -> i64 {
            let found = cells.iter().filter(|cell| cell.keys.contains(&key));
            found.map(|cell| cell.count).sum()
        };
        let line = |code: Option<String>, name: &str, key: Key| ClassFigure {
            code,
            name: name.to_owned(),
            received: in_class(period, key),
            received_in_all: in_class(whole, key),
        };
        let known = classes.iter().map(|class| {
            let key = Key::Category(Some(class.id));
            line(Some(class.code.clone()), &class.name, key)
        });
        let lines = known.chain([line(None, "未归类", Key::Category(None))]);
        let mut stages: BTreeMap<Stage, i64> = BTreeMap::new();
        for cell in whole {
            *stages.entry(cell.stage).or_default() += cell.count;
        }
        Self {
            received: sum(period),
            received_in_all: sum(whole),
            unclassified: stages.get(&Stage::Received).copied().unwrap_or(0),
            classes: lines.filter(|line| line.received_in_all + line.received > 0).collect(),
            stages: stages.into_iter().map(|(stage, count)| StageFigure { stage, count }).collect(),
        }
    }
}
