//! What keeps a table from being signed, and what its readers are only told.

use async_graphql::Enum;

use crate::refusal::{Message, Refusal, UserErrorCode};

/// What a table has to cover, and whether it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Suggestions of the department in the campaign that are in no class.
    pub unclassified: u64,
    /// Suggestions that the table must hold and that are in no line.
    pub uncovered: u64,
    /// Suggestions in lines that were withdrawn or put into another class since.
    pub misplaced: u64,
}

impl Coverage {
    /// Why a table may not be signed as it is; empty when it may (S20). A department that heard nothing signs an empty
    /// table.
    #[must_use]
    pub fn obstacles(self) -> Vec<Refusal> {
        let Self { unclassified, uncovered, misplaced } = self;
        let found = [
            (
                unclassified,
                UserErrorCode::Unclassified,
                format!("还有 {unclassified} 件意见未归类"),
                format!("{unclassified} suggestions are not classified yet"),
            ),
            (
                uncovered,
                UserErrorCode::NotCovered,
                format!("还有 {uncovered} 件意见未列入汇总表"),
                format!("{uncovered} suggestions are in no line"),
            ),
            (
                misplaced,
                UserErrorCode::NotCovered,
                format!("有 {misplaced} 件意见已撤回或改类，请更新所在行"),
                format!("{misplaced} suggestions were withdrawn or reclassified; write their lines anew"),
            ),
        ];
        let held = found.into_iter().filter(|(count, ..)| *count > 0);
        held.map(|(_, code, zh, en)| Refusal::of(code, "", zh, en)).collect()
    }
}

/// What a table's readers should look at; it stops nobody. Grows, so keep a default branch. 汇总表提醒
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SummaryWarningCode {
    /// No line has a project: suggestions should not simply be listed (S21, S22). 简单罗列
    BareList,
}

/// Something that a table's reviewer, signer and the office are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub code: SummaryWarningCode,
    /// Text fit to show.
    pub message: Message,
}

/// What is told about a table with so many lines, so many of them with a project. Praise and late items may well lead to
/// no project: whoever reviews, signs or accepts the table decides.
#[must_use]
pub fn warnings(lines: u64, projects: u64) -> Vec<Warning> {
    if lines == 0 || projects > 0 {
        return Vec::new();
    }
    let message = Message::new(
        format!("{lines} 行均未谋划为项目，请核对是否简单罗列"),
        format!("None of the {lines} lines was turned into a project; see that it is no bare list"),
    );
    vec![Warning { code: SummaryWarningCode::BareList, message }]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_table_is_signed_exactly_when_nothing_is_left_out(
            unclassified in 0_u64..3, uncovered in 0_u64..3, misplaced in 0_u64..3,
        ) {
            let obstacles = Coverage { unclassified, uncovered, misplaced }.obstacles();
            prop_assert_eq!(obstacles.is_empty(), unclassified + uncovered + misplaced == 0);
            for (count, code) in [(unclassified, UserErrorCode::Unclassified), (uncovered + misplaced, UserErrorCode::NotCovered)] {
                let told = obstacles.iter().any(|refusal| refusal.code == code);
                prop_assert_eq!(told, count > 0);
            }
        }
    }

    #[test]
    fn lines_without_any_project_are_told_and_an_empty_table_is_not() {
        let codes = |lines, projects| -> Vec<SummaryWarningCode> {
            warnings(lines, projects).into_iter().map(|warning| warning.code).collect()
        };
        assert_eq!(codes(0, 0), []);
        assert_eq!(codes(1, 0), [SummaryWarningCode::BareList]);
        assert_eq!(codes(5, 0), [SummaryWarningCode::BareList]);
        assert_eq!(codes(5, 1), []);
        assert!(warnings(5, 0)[0].message.zh.contains("5 行"));
    }
}
