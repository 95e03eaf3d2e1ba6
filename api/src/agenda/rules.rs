//! What is owed, in which order it is listed, and which button does it. No SQL, no clock, no async.

use async_graphql::Enum;
use chrono::NaiveDate;
use entity::id::CampaignId;
use uuid::Uuid;

use crate::ids::Kind;
use crate::refusal::Message;
use crate::scope::profiles::Operation;

/// Things of one list at most.
pub const MOST: usize = 100;

/// Characters of somebody's text that a title repeats.
const SHORT: usize = 60;

/// What sort of thing is owed; grows with the capabilities, so keep a default branch. 待办类型
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enum)]
pub enum OwedKind {
    /// The founding document is to be acknowledged (S01). 待确认收文
    AcknowledgementDue,
    /// The roster of responsible persons is to be handed in (S16). 待报名单
    RosterDue,
    /// The department's own plan is to be handed in, or once more after it was returned (H37). 待报实施方案
    UnitPlanDue,
    /// A department's plan waits for the office's decision (H37). 待审实施方案
    UnitPlanToReview,
    /// A report of a period is to be handed in (S19). 待报周报
    ReportDue,
    /// The summary table is to be begun, written, reviewed, signed or revised, whichever is the caller's turn (S20). 待报汇总表
    TableDue,
    /// A signed table waits for the office to accept or return it (S23). 待接收汇总表
    TableToAccept,
    /// Something that was not adopted is to be explained, or an explanation to be delivered (S28). 待说明
    ExplanationDue,
    /// The results of a meeting that was held are to be recorded (S25). 待登记会议结论
    MeetingResultDue,
    /// A piece of work is neither done nor given up (H40). 待办任务
    TaskDue,
    /// Something that an inspection found is to be put right and reported (S29). 待整改
    FindingOpen,
    /// A report of rectification waits for the recheck (S29). 待复查
    FindingToRecheck,
    /// An issued circular is to be read and acknowledged (S30). 待签收通报
    CircularToAcknowledge,
    /// A drafted circular waits for approval (S30). 待审批通报
    CircularToApprove,
    /// An approved circular is to be issued (S30). 待印发通报
    CircularToIssue,
    /// Villages of the department are below their target (S05, S06). 未达标村
    VillagesBehind,
    /// Suggestions are in no class yet (S11). 待归类
    ToClassify,
    /// Its collector proposed not to accept a suggestion; the office rules. 待裁定不予受理
    InvalidToRule,
    /// Suggestions wait for somebody who left the department or whose account was disabled. 待转交
    ToReassign,
}

/// One thing that somebody owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// What sort of thing.
    pub kind: OwedKind,
    /// Campaign that it belongs to.
    pub campaign: CampaignId,
    /// What it is, fit to show.
    pub title: Message,
    /// The last day on which it is in time; none where no day is set.
    pub due_on: Option<NaiveDate>,
    /// What does it.
    pub operation: Operation,
    /// What that is done to: the campaign, until something of its own is there.
    pub object: (Kind, Uuid),
    /// How many, of a pile; otherwise 1.
    pub count: u64,
    /// Key of the plan's due date that asks for it.
    pub due_key: Option<String>,
    /// Why it can't be done yet.
    pub obstacles: Vec<Message>,
    /// What to look at before it is done.
    pub warnings: Vec<Message>,
}

impl Owed {
    /// One thing without a day, done to the campaign.
    #[must_use]
    pub fn new(kind: OwedKind, operation: Operation, campaign: CampaignId, title: Message) -> Self {
        Self {
            kind,
            campaign,
            title,
            due_on: None,
            operation,
            object: (Kind::Campaign, campaign.0),
            count: 1,
            due_key: None,
            obstacles: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The same, due on a day.
    #[must_use]
    pub fn due(self, due_on: Option<NaiveDate>) -> Self {
        Self { due_on, ..self }
    }

    /// The same, done to an object.
    #[must_use]
    pub fn about(self, kind: Kind, key: impl Into<Uuid>) -> Self {
        Self { object: (kind, key.into()), ..self }
    }

    /// The same, a pile of so many.
    #[must_use]
    pub fn many(self, count: u64) -> Self {
        Self { count, ..self }
    }

    /// Whether its day is over.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.due_on.is_some_and(|due| due < today)
    }

    /// Name of the mutation that does it, such as `weeklyReportSubmit`.
    #[must_use]
    pub fn action(&self) -> String {
        let mut words = self.operation.name().split('_').map(str::to_lowercase);
        let first = words.next().unwrap_or_default();
        words.fold(first, |name, word| {
            let (head, tail) = word.split_at(word.len().min(1));
            name + &head.to_uppercase() + tail
        })
    }
}

/// What of all that is owed is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// By day, so that what is overdue stands in front and what has no day behind.
    pub owed: Vec<Owed>,
    /// Whether more is owed than is listed.
    pub more: bool,
}

impl Listed {
    /// The first of them by day.
    #[must_use]
    pub fn of(mut owed: Vec<Owed>) -> Self {
        owed.sort_by(|one, other| place(one).cmp(&place(other)));
        let more = owed.len() > MOST;
        owed.truncate(MOST);
        Self { owed, more }
    }
}

/// The order: days first, then kinds, then whatever keeps it the same each time.
fn place(owed: &Owed) -> impl Ord + '_ {
    (owed.due_on.is_none(), owed.due_on, owed.kind, &owed.title.zh, owed.object.1)
}

/// The beginning of somebody's text, as a title repeats it.
#[must_use]
pub fn short(text: &str) -> String {
    match text.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 10, n).unwrap()
    }

    fn owed(kind: OwedKind, due_on: Option<NaiveDate>) -> Owed {
        let campaign = CampaignId(Uuid::from_u128(7));
        Owed::new(kind, Operation::TaskProgress, campaign, Message::new("甲", "a")).due(due_on)
    }

    #[test]
    fn the_button_is_the_mutation_of_the_operation() {
        let named = |operation| Owed { operation, ..owed(OwedKind::TaskDue, None) }.action();
        assert_eq!(named(Operation::WeeklyReportSubmit), "weeklyReportSubmit");
        assert_eq!(named(Operation::CampaignAcknowledge), "campaignAcknowledge");
    }

    #[test]
    fn a_long_text_is_cut_between_characters_and_a_short_one_is_left() {
        assert_eq!(short("入户"), "入户");
        assert_eq!(short(&"户".repeat(61)), format!("{}…", "户".repeat(60)));
    }

    #[test]
    fn the_last_day_is_in_time() {
        let due = owed(OwedKind::ReportDue, Some(day(18)));
        assert!(!due.is_overdue(day(18)) && due.is_overdue(day(19)));
        assert!(!owed(OwedKind::ReportDue, None).is_overdue(day(19)));
    }

    proptest! {
        #[test]
        fn a_list_runs_by_day_ends_with_what_has_none_and_says_when_it_is_cut(
            days in prop::collection::vec(prop::option::of(1..31_u32), 0..120),
        ) {
            let all = days.iter().map(|n| owed(OwedKind::TaskDue, n.map(day))).collect();
            let listed = Listed::of(all);
            prop_assert_eq!(listed.owed.len(), days.len().min(MOST));
            prop_assert_eq!(listed.more, days.len() > MOST);
            for pair in listed.owed.windows(2) {
                let fits = match (pair[0].due_on, pair[1].due_on) {
                    (Some(one), Some(other)) => one <= other,
                    (None, Some(_)) => false,
                    (_, None) => true,
                };
                prop_assert!(fits);
            }
        }
    }
}
