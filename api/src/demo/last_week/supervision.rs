//! An inspection with one finding put right and one overdue (S29), and an issued circular that most have received (S30).

use entity::enums::{CircularRate, RecheckResult};

use super::desk::{Desk, Seat, head, officer};
use crate::error::Stop;
use crate::scope::profiles::Operation;
use crate::supervision::circular::store as circular;
use crate::supervision::inspection::store as inspection;

const INSPECTOR: Seat<'static> = officer("SUPERVISION_OFFICE");
const INSPECTED: &str = "LH_TOWN";
/// Who has not acknowledged the circular.
const UNREAD: [&str; 3] = ["LH_TOWN", "TX_STREET", "CULTURE_TOURISM"];

pub(super) async fn inspection(desk: &Desk<'_>) -> Result<(), Stop> {
    let tx = desk.open(INSPECTOR, &[Operation::InspectionRecord]).await?;
    let new = inspection::New {
        campaign: desk.campaign,
        inspected: desk.department(INSPECTED)?,
        on: desk.day(17),
        summary: "抽查入户台账和征集表".to_owned(),
        findings: vec![
            ("三户无走访记录".to_owned(), desk.day(14)),
            ("一个村入户进度明显滞后，未制定补访计划".to_owned(), desk.day(10)),
        ],
    };
    let id = inspection::record(&tx, desk.app, new, desk.at(17, 17)).await?;
    tx.commit().await?;
    let may = [Operation::RectificationReport];
    let tx = desk.open(officer(INSPECTED), &may).await?;
    let words = ("已补访补录".to_owned(), desk.day(15));
    inspection::report(&tx, desk.app, (id, 1), words, desk.at(15, 16)).await?;
    tx.commit().await?;
    let tx = desk.open(INSPECTOR, &[Operation::FindingRecheck]).await?;
    let recheck = inspection::Recheck {
        position: 1,
        expected: 1,
        result: RecheckResult::Passed,
        on: desk.day(14),
        note: String::new(),
    };
    inspection::recheck(&tx, desk.app, id, recheck, desk.at(14, 11)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn circular(desk: &Desk<'_>) -> Result<(), Stop> {
    let may = [Operation::CircularDraft, Operation::CircularIssue];
    let tx = desk.open(INSPECTOR, &may).await?;
    let new = circular::New {
        campaign: desk.campaign,
        title: "征集活动开展情况通报（第一期）".to_owned(),
        text: "各单位意见建议归类情况通报如下，进度靠后的单位要加快梳理。".to_owned(),
        period: (desk.day(31), desk.day(12)),
        rate: CircularRate::Classified,
    };
    let id = circular::draft(&tx, desk.app, new, desk.at(11, 10)).await?;
    tx.commit().await?;
    let director = head(INSPECTOR.0);
    let tx = desk.open(director, &[Operation::CircularApprove]).await?;
    circular::approve(&tx, desk.app, id, 1, desk.at(11, 16)).await?;
    tx.commit().await?;
    let tx = desk.open(INSPECTOR, &may).await?;
    circular::issue(&tx, desk.app, id, 2, desk.at(10, 9)).await?;
    tx.commit().await?;
    let received = [Operation::CircularAcknowledge];
    for department in desk.owing().filter(|code| !UNREAD.contains(code)) {
        let tx = desk.open(officer(department), &received).await?;
        circular::acknowledge(&tx, desk.app, id, desk.at(9, 10)).await?;
        tx.commit().await?;
    }
    Ok(())
}
