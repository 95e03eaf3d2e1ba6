//! Every Friday's reports (S19): with the last one a street was late, and another left it out.

use super::desk::{Desk, officer};
use crate::error::Stop;
use crate::reporting::weekly::store::{Draft, submit};
use crate::scope::profiles::Operation;

const LATE: (&str, u64) = ("NS_STREET", 7);
const MISSING: (&str, u64) = ("TX_STREET", 7);

/// What is told in turn.
const WORDS: [&str; 3] = [
    "本周组织干部入户走访，发放意见建议征集表，收集的意见已登记归类。",
    "本周召开座谈会听取意见，对上周收集的建议进行梳理，重点问题已与有关部门沟通。",
    "本周对未走访住户逐户补访，汇总本单位意见建议，着手谋划项目。",
];

pub(super) async fn friday(desk: &Desk<'_>, days: u64) -> Result<(), Stop> {
    for (place, department) in desk.owing().enumerate() {
        if (department, days) == MISSING {
            continue;
        }
        let late = (department, days) == LATE;
        let at = if late { desk.at(days - 1, 9) } else { desk.at(days, 17) };
        let draft = Draft {
            campaign: desk.campaign,
            due_key: None,
            period_end: desk.day(days),
            narrative: WORDS[place % WORDS.len()].to_owned(),
        };
        let seat = officer(department);
        let tx = desk.open(seat, &[Operation::WeeklyReportSubmit]).await?;
        submit(&tx, desk.app, draft, at).await?;
        tx.commit().await?;
    }
    Ok(())
}
