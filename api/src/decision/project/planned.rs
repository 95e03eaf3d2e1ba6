//! What a department planned in a line of its summary table, and how a project of the county is made from it. No SQL, no
//! clock, no async.

use chrono::NaiveDate;
use entity::enums::{ProjectStatus, SummaryStatus};
use serde::{Deserialize, Serialize};

use super::rules::Draft;
use crate::fate::rules::Projects;
use crate::refusal::{Refusal, UserErrorCode};
use crate::text::{beginning, line};

/// Largest estimate, in yuan.
const MOST_COST: i64 = 1_000_000_000_000;
/// Characters of a title at most.
const TITLE: usize = 200;

/// What suggestions were turned into (S22). 拟谋划项目
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// What is to be done. 建设内容
    pub content: String,
    /// Estimated cost in yuan. 投资估算
    pub cost: Option<i64>,
    /// Where the money comes from. 资金来源
    pub funding: Option<String>,
    /// Who does it. 责任单位
    pub owner: Option<String>,
    /// First day. 开工日期
    pub start: Option<NaiveDate>,
    /// Last day. 完成日期
    pub finish: Option<NaiveDate>,
    /// How many people it would benefit. 受益人数
    pub beneficiaries: Option<i64>,
}

impl Project {
    /// What is wrong with its figures and days.
    #[must_use]
    pub fn refusals(&self) -> Vec<Refusal> {
        let outside = |figure: Option<i64>| figure.is_some_and(|figure| !(0..=MOST_COST).contains(&figure));
        let backward = matches!((self.start, self.finish), (Some(start), Some(finish)) if finish < start);
        let found = [
            (
                outside(self.cost),
                "project.estimatedCost",
                "金额应为 0 至 1 万亿元",
                "Must be from 0 to 10^12 yuan",
            ),
            (outside(self.beneficiaries), "project.beneficiaries", "人数不合理", "Not a number of people"),
            (backward, "project.finishOn", "完成日期早于开工日期", "It would end before it begins"),
        ];
        let held = found.into_iter().filter(|(held, ..)| *held);
        held.map(|(_, field, zh, en)| Refusal::invalid(field, zh, en)).collect()
    }
}

/// What a form says of a project; what it leaves out is taken from a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Name.
    pub title: Option<String>,
    /// What is built or done.
    pub content: Option<String>,
    /// Whole yuan.
    pub cost: Option<i64>,
    /// Where the money comes from.
    pub funding: Option<String>,
    /// First day planned.
    pub schedule_start: Option<NaiveDate>,
    /// Last day planned.
    pub schedule_finish: Option<NaiveDate>,
    /// How many would benefit.
    pub beneficiaries: Option<i32>,
}

impl Given {
    /// The whole project; the title of one that has none is the beginning of its content.
    pub fn over(self, planned: Option<&Project>) -> Result<Draft, Refusal> {
        let beneficiaries = match (self.beneficiaries, planned.and_then(|planned| planned.beneficiaries)) {
            (None, Some(people)) => Some(people_of(people)?),
            (given, _) => given,
        };
        let content = self.content.or_else(|| planned.map(|planned| planned.content.clone()));
        let content = content.unwrap_or_default();
        let title = self.title.or_else(|| planned.map(|_| beginning(&line(&content), TITLE).to_owned()));
        let funding = self.funding.or_else(|| planned.and_then(|planned| planned.funding.clone()));
        Ok(Draft {
            title: title.unwrap_or_default(),
            content,
            cost: self.cost.or_else(|| planned.and_then(|planned| planned.cost)),
            funding: funding.unwrap_or_default(),
            schedule_start: self.schedule_start.or_else(|| planned.and_then(|planned| planned.start)),
            schedule_finish: self.schedule_finish.or_else(|| planned.and_then(|planned| planned.finish)),
            beneficiaries,
        })
    }
}

fn people_of(people: i64) -> Result<i32, Refusal> {
    let (zh, en) = ("汇总行的受益人数过大，请另填", "The line names too many people; give a number");
    i32::try_from(people).map_err(|_| Refusal::invalid("beneficiaries", zh, en))
}

/// Whether a project may be made from a line: its table was accepted, so that the line stays as it is, and no other project
/// that was made from it still stands.
pub fn offered(table: SummaryStatus, made: &[ProjectStatus]) -> Result<(), Refusal> {
    if table != SummaryStatus::Accepted {
        let (zh, en) = ("汇总表尚未接收，接收后才能据此立项", "Its table is not accepted yet");
        return Err(Refusal::of(UserErrorCode::WrongStage, "summaryLineId", zh, en));
    }
    if made.iter().any(|status| Projects::of(*status) != Projects::Rejected) {
        let (zh, en) = ("已据此汇总行立项", "A project was made from this line already");
        return Err(Refusal::of(UserErrorCode::Duplicate, "summaryLineId", zh, en));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 3, n).unwrap()
    }

    fn planned() -> Project {
        Project {
            content: "更换路灯 120 盏".to_owned(),
            cost: Some(240_000),
            funding: Some("区财政".to_owned()),
            owner: Some("区城管局".to_owned()),
            start: Some(day(1)),
            finish: Some(day(30)),
            beneficiaries: Some(3_000),
        }
    }

    #[test]
    fn what_the_form_leaves_out_comes_from_the_line_and_what_it_says_stands() {
        let taken = Given::default().over(Some(&planned())).unwrap();
        let whole = Draft {
            title: "更换路灯 120 盏".to_owned(),
            content: "更换路灯 120 盏".to_owned(),
            cost: Some(240_000),
            funding: "区财政".to_owned(),
            schedule_start: Some(day(1)),
            schedule_finish: Some(day(30)),
            beneficiaries: Some(3_000),
        };
        assert_eq!(taken, whole);
        assert_eq!(taken.refusals(), []);
        let given = Given {
            title: Some("路灯改造".to_owned()),
            content: Some("更换路灯 100 盏".to_owned()),
            cost: Some(200_000),
            funding: Some(String::new()),
            schedule_start: Some(day(2)),
            schedule_finish: Some(day(20)),
            beneficiaries: Some(2_000),
        };
        let said = given.clone().over(Some(&planned())).unwrap();
        assert_eq!(said, given.over(None).unwrap());
        assert_eq!((&*said.title, &*said.funding, said.cost), ("路灯改造", "", Some(200_000)));
    }

    #[test]
    fn without_a_line_title_and_content_are_missing_and_too_many_people_are_refused() {
        let fields: Vec<String> = Given::default()
            .over(None)
            .unwrap()
            .refusals()
            .into_iter()
            .map(|refusal| refusal.field.join("."))
            .collect();
        assert_eq!(fields, ["title", "content"]);
        let crowd = Project { beneficiaries: Some(i64::from(i32::MAX) + 1), ..planned() };
        let refused = Given::default().over(Some(&crowd)).unwrap_err();
        assert_eq!(
            (refused.code, refused.field.join(".")),
            (UserErrorCode::Invalid, "beneficiaries".to_owned())
        );
        let given = Given { beneficiaries: Some(9), ..Given::default() };
        assert_eq!(given.over(Some(&crowd)).unwrap().beneficiaries, Some(9));
    }

    #[test]
    fn a_title_is_cut_where_the_content_is_longer() {
        let long = Project { content: "改".repeat(900), ..planned() };
        let draft = Given::default().over(Some(&long)).unwrap();
        assert_eq!((draft.title.chars().count(), draft.content.chars().count()), (200, 900));
    }

    #[test]
    fn a_line_of_an_accepted_table_becomes_one_project_that_stands() {
        use {ProjectStatus as P, SummaryStatus as S};
        let code = |table, made: &[P]| offered(table, made).map_err(|refusal| refusal.code);
        for status in S::ALL.iter().copied() {
            let wanted = if status == S::Accepted { Ok(()) } else { Err(UserErrorCode::WrongStage) };
            assert_eq!(code(status, &[]), wanted, "{status:?}");
        }
        assert_eq!(code(S::Accepted, &[P::Rejected]), Ok(()));
        for made in [P::Proposed, P::Studied, P::Deferred, P::Adopted] {
            assert_eq!(code(S::Accepted, &[P::Rejected, made]), Err(UserErrorCode::Duplicate), "{made:?}");
        }
    }
}
