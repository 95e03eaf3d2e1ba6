//! `minsheng plan conformance`: every clause of a plan with how far it is carried out (条款落实情况).

use std::io::Write;

use entity::id::County;
use unicode_width::UnicodeWidthStr as _;

use super::county::county;
use super::words::told;
use crate::app::App;
use crate::campaign::channels::unknown_campaign;
use crate::campaign::store;
use crate::cli::error::{CliError, failure};
use crate::conformance::rules::{Answer, ClauseStatus};
use crate::conformance::store::conformance;
use crate::plan::Clause;
use crate::refusal::{Message, message};
use crate::scope::system;

/// 逐条列出方案条款的落实情况。 Every clause of a plan, with how far it is carried out.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 行政区划代码。 County code.
    #[arg(long, value_name = "CODE", value_parser = county)]
    county: County,
    /// 活动代码。 Code of the campaign.
    #[arg(long, value_name = "CODE")]
    campaign: String,
    /// 有未落实条款时以 1 退出。 Exit with 1 when a clause is breached.
    #[arg(long)]
    strict: bool,
}

/// Prints the table.
///
/// # Errors
///
/// No such campaign; with `--strict`, a clause that is breached.
pub(super) async fn run(app: &App, args: &Args, out: &mut (impl Write + Send)) -> Result<(), CliError> {
    let tx = app.db.begin_read(&system::operator(args.county.clone())).await?;
    let campaign = store::campaign_by_code(&tx, &args.campaign).await?;
    let Some(campaign) = campaign else {
        return Err(unknown_campaign(&tx, &args.campaign).await?.into());
    };
    let found = conformance(&tx, app, &campaign, app.clock.now());
    let found = found.await.map_err(failure)?;
    write!(out, "{}", table(&found)).map_err(CliError::of)?;
    let breached: Vec<&str> = found
        .iter()
        .filter(|(_, answer)| answer.status == ClauseStatus::Breached)
        .map(|(clause, _)| clause.code.as_str())
        .collect();
    if args.strict && !breached.is_empty() {
        let codes = breached.join(" ");
        return Err(message!("未落实条款：{codes}", "clauses breached: {codes}").into());
    }
    Ok(())
}

fn named(status: ClauseStatus) -> Message {
    match status {
        ClauseStatus::Met => message!("已落实", "MET"),
        ClauseStatus::Due => message!("推进中", "DUE"),
        ClauseStatus::Breached => message!("未落实", "BREACHED"),
        ClauseStatus::NotApplicable => message!("不适用", "N/A"),
    }
}

fn figure(answer: &Answer) -> String {
    match (answer.numerator, answer.denominator) {
        (Some(part), Some(all)) => format!("{part}/{all}"),
        (Some(part), None) => part.to_string(),
        _ => "-".to_owned(),
    }
}

/// A line for each clause; a Chinese character is as wide as two others.
fn table(found: &[(Clause, Answer)]) -> String {
    let heads = [
        message!("条款", "clause"),
        message!("落实情况", "status"),
        message!("数据", "figure"),
        message!("要求", "what it asks"),
        message!("说明", "note"),
    ]
    .map(told);
    let line = |(clause, answer): &(Clause, Answer)| {
        [
            clause.code.clone(),
            told(named(answer.status)),
            figure(answer),
            clause.text.clone(),
            told(answer.note.clone()),
        ]
    };
    let lines: Vec<[String; 5]> = std::iter::once(heads).chain(found.iter().map(line)).collect();
    let mut widths = [0; 5];
    for cells in &lines {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = String::new();
    for cells in &lines {
        let mut row = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            row.push_str(cell);
            row.push_str(&" ".repeat(width - cell.width() + 2));
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use crate::plan::ClauseState;

    #[test]
    fn columns_stand_below_each_other_whatever_the_width_of_their_characters() {
        let clause = |code: &str, text: &str| Clause {
            code: code.to_owned(),
            text: text.to_owned(),
            check: "none".to_owned(),
            state: ClauseState::Measured,
            due_on: None,
            class: None,
            channels: Vec::new(),
            roles: Vec::new(),
            groups: Vec::new(),
        };
        let answer = || Answer::not_applicable("尚未核验", "Not measured yet");
        let found = [(clause("S01", "收文"), answer()), (clause("S02", "plain text"), answer())];
        let text = table(&found);
        let places: Vec<usize> = text
            .lines()
            .skip(1)
            .map(|line| line.split("尚未核验").next().unwrap_or_default().width())
            .collect();
        assert_eq!(places[0], places[1], "{text}");
        assert_eq!(text.lines().count(), 3);
    }
}
