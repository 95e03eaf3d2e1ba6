//! From suggestions to decisions (S24, S25, S28): a merger, five projects, two meetings held and one to come, and what
//! those are told whose suggestion was turned down.

use entity::enums::{DecisionResult, ExplanationChannel, MeetingKind};
use entity::id::{MeetingId, ProjectId, SubmissionId};

use super::desk::{Desk, OFFICE, officer};
use super::matters::{BUSES, DRAINS, FUMES, LAMPS, Matters, PARKING};
use crate::db::Tx;
use crate::decision::explanation::store as explanation;
use crate::decision::meeting::store::{self as meeting, Decision};
use crate::decision::merge::store::{Merge, merge};
use crate::decision::project::rules::Draft;
use crate::decision::project::store as project;
use crate::error::Stop;
use crate::intake;
use crate::scope::profiles::Operation;

/// Matter, title, who carries it out, whole yuan, people.
const PROJECTS: [(&str, &str, &str, i64, i32); 5] = [
    (LAMPS, "农村路灯新建和改造", "URBAN_MANAGEMENT", 860_000, 5_200),
    (DRAINS, "村庄排水设施改造", "HOUSING", 2_400_000, 3_600),
    (BUSES, "开通乡村校车线路", "EDUCATION_SPORTS", 1_500_000, 480),
    (PARKING, "居民小区停车位挖潜", "HOUSING", 1_900_000, 7_400),
    (FUMES, "餐饮油烟集中治理", "ENVIRONMENT", 320_000, 2_100),
];

pub(super) async fn play(desk: &Desk<'_>, matters: &Matters) -> Result<(), Stop> {
    merged(desk, matters.of(LAMPS)).await?;
    let [lamps, drains, buses, parking, _] = proposed(desk, matters).await?;
    let agenda = [lamps, drains, buses];
    let executive = convened(desk, MeetingKind::GovernmentExecutive, 9, &agenda).await?;
    let results = [
        adopted(lamps),
        adopted(drains),
        Decision {
            project: buses,
            result: DecisionResult::Reject,
            reason: "线路客流不足，与现有公交线路重复".to_owned(),
            changes: String::new(),
            deferred_to: String::new(),
        },
    ];
    concluded(desk, executive, (9, "政府常务会议纪要第11号"), results.into()).await?;
    let committee = convened(desk, MeetingKind::PartyStanding, 8, &[lamps]).await?;
    let result = vec![adopted(lamps)];
    concluded(desk, committee, (8, "区委常委会会议纪要第15号"), result).await?;
    ahead(desk, parking).await?;
    explained(desk, matters.of(BUSES)).await
}

/// The office puts together what two townships heard of.
async fn merged(desk: &Desk<'_>, heard: &[SubmissionId]) -> Result<(), Stop> {
    let Some((target, duplicates)) = heard.split_first() else {
        return Ok(());
    };
    let tx = desk.open(OFFICE, &[Operation::SubmissionMerge]).await?;
    let merger = Merge {
        target: *target,
        expected: intake::store::find(&tx, *target).await?.version,
        duplicates: duplicates.to_vec(),
        reason: "反映同一问题".to_owned(),
    };
    merge(&tx, desk.app, merger, desk.at(12, 10)).await?;
    Ok(tx.commit().await?)
}

/// A project of each matter; of a merger the one that goes on is its source.
async fn proposed(desk: &Desk<'_>, matters: &Matters) -> Result<[ProjectId; 5], Stop> {
    let tx = desk.open(OFFICE, &[Operation::ProjectCreate]).await?;
    let mut made = Vec::new();
    for (matter, title, owner, cost, people) in PROJECTS {
        let heard = matters.of(matter);
        let new = project::New {
            campaign: desk.campaign,
            owner: desk.department(owner)?,
            draft: Draft {
                title: title.to_owned(),
                content: format!("汇总群众关于{matter}的意见建议，统一实施，当年见效。"),
                cost: Some(cost),
                funding: "区级财政".to_owned(),
                schedule_start: Some(desk.day_after(120)),
                schedule_finish: Some(desk.day_after(330)),
                beneficiaries: Some(people),
            },
            sources: if matter == LAMPS { heard.iter().take(1).copied().collect() } else { heard.to_vec() },
        };
        made.push(project::create(&tx, desk.app, new, desk.at(11, 15)).await?);
    }
    tx.commit().await?;
    let made: Result<[ProjectId; 5], _> = made.try_into();
    made.map_err(|_| super::desk::missing("a project").into())
}

const PLANNING: [Operation; 2] = [Operation::MeetingPlan, Operation::AgendaPut];

/// Plans a meeting for a day on the afternoon before, with its agenda.
async fn convened(
    desk: &Desk<'_>,
    kind: MeetingKind,
    days: u64,
    agenda: &[ProjectId],
) -> Result<MeetingId, Stop> {
    let tx = desk.open(OFFICE, &PLANNING).await?;
    let at = desk.at(days + 1, 16);
    let planned = (kind, desk.day(days));
    let id = meeting::plan(&tx, desk.app, desk.campaign, planned, at).await?;
    for project in agenda {
        listed(desk, &tx, id, *project, at).await?;
    }
    tx.commit().await?;
    Ok(id)
}

async fn listed(
    desk: &Desk<'_>,
    tx: &Tx,
    id: MeetingId,
    project: ProjectId,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<(), Stop> {
    let version = meeting::find(tx, id).await?.version;
    meeting::put(tx, desk.app, (id, version), project, at).await
}

fn adopted(project: ProjectId) -> Decision {
    Decision {
        project,
        result: DecisionResult::Adopt,
        reason: String::new(),
        changes: String::new(),
        deferred_to: String::new(),
    }
}

async fn concluded(
    desk: &Desk<'_>,
    id: MeetingId,
    (days, minutes): (u64, &str),
    results: Vec<Decision>,
) -> Result<(), Stop> {
    let tx = desk.open(OFFICE, &[Operation::MeetingResultRecord]).await?;
    let version = meeting::find(&tx, id).await?.version;
    let at = desk.at(days, 18);
    meeting::record(&tx, desk.app, (id, version), minutes, results, at).await?;
    Ok(tx.commit().await?)
}

/// The meeting after the last day, to which one project goes already.
async fn ahead(desk: &Desk<'_>, project: ProjectId) -> Result<(), Stop> {
    let tx = desk.open(OFFICE, &PLANNING).await?;
    let at = desk.at(7, 16);
    let planned = (MeetingKind::GovernmentExecutive, desk.day_after(6));
    let id = meeting::plan(&tx, desk.app, desk.campaign, planned, at).await?;
    listed(desk, &tx, id, project, at).await?;
    Ok(tx.commit().await?)
}

/// The township has told its people; the congress office has written its letter and not delivered it.
async fn explained(desk: &Desk<'_>, heard: &[SubmissionId]) -> Result<(), Stop> {
    let may = [Operation::ExplanationRecord, Operation::ExplanationDeliver];
    for (department, submission) in ["XD_TOWNSHIP", "NPC_OFFICE"].into_iter().zip(heard) {
        let tx = desk.open(officer(department), &may).await?;
        let told = department == "XD_TOWNSHIP";
        let new = explanation::New {
            campaign: desk.campaign,
            text: "经研究，现有公交线路已覆盖该区域，暂不单设校车；将调整公交班次，方便学生上下学。"
                .to_owned(),
            channel: if told { ExplanationChannel::VillageMeeting } else { ExplanationChannel::Reply },
            submissions: vec![*submission],
        };
        let id = explanation::record(&tx, desk.app, new, desk.at(8, 20)).await?;
        if told {
            let delivery = explanation::Delivery {
                expected: 1,
                on: desk.day(7),
                proof: "村民会议记录，到会42人".to_owned(),
            };
            explanation::deliver(&tx, desk.app, id, delivery, desk.at(7, 20)).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
