//! Summary tables (S20 to S23): two accepted before the day, one returned and under revision, one in hand.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::enums::SummaryKind;
use entity::id::{CategoryId, SummaryTableId};
use entity::{submission, summary_table};

use super::desk::{Desk, OFFICE, deputy, head, missing, officer};
use crate::db::{Predicate, Tx};
use crate::decision::project::planned::Project;
use crate::error::Stop;
use crate::intake::store::classify;
use crate::reporting::summary::line::Words;
use crate::reporting::summary::rules::counts;
use crate::reporting::summary::store::{
    LineDraft, accept, draft, find, give_back, put, review, revise, sign,
};
use crate::scope::profiles::Operation;

const ACCEPTED: [&str; 2] = ["STS_TOWN", "NPC_OFFICE"];
const RETURNED: &str = "LH_TOWN";
const IN_HAND: &str = "DM_TOWN";

const WRITING: [Operation; 3] =
    [Operation::SubmissionClassify, Operation::SummaryTableDraft, Operation::SummaryLinePut];

/// Three departments are a week ahead of the day.
pub(super) async fn signing(desk: &Desk<'_>) -> Result<(), Stop> {
    for department in ACCEPTED.into_iter().chain([RETURNED]) {
        let at = desk.at(8, 15);
        let table = written(desk, department, at).await?;
        let tx = desk.open(deputy(department), &[Operation::SummaryTableReview]).await?;
        review(&tx, desk.app, table, version(&tx, table).await?, at).await?;
        tx.commit().await?;
        let tx = desk.open(head(department), &[Operation::SummaryTableSign]).await?;
        sign(&tx, desk.app, table, version(&tx, table).await?, at).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The office's answers, and the next edition of the one that came back.
pub(super) async fn decided(desk: &Desk<'_>) -> Result<(), Stop> {
    let may = [Operation::SummaryTableAccept, Operation::SummaryTableReturn];
    let tx = desk.open(OFFICE, &may).await?;
    let at = desk.at(7, 18);
    for department in ACCEPTED {
        let table = main_of(desk, &tx, department).await?;
        accept(&tx, desk.app, table.id, table.version, at).await?;
    }
    let table = main_of(desk, &tx, RETURNED).await?;
    let reason = "道路、供水两类请与本单位明年重点工作结合，谋划为具体项目";
    give_back(&tx, desk.app, table.id, table.version, reason, at).await?;
    tx.commit().await?;
    let tx = desk.open(officer(RETURNED), &[Operation::SummaryTableRevise]).await?;
    let expected = version(&tx, table.id).await?;
    revise(&tx, desk.app, table.id, expected, desk.at(7, 20)).await?;
    Ok(tx.commit().await?)
}

/// What one more department wrote last evening: nothing is missing but the deputy's and the head's look at it.
pub(super) async fn in_hand(desk: &Desk<'_>) -> Result<(), Stop> {
    let at = desk.last_evening();
    written(desk, IN_HAND, at).await.map(|_| ())
}

/// A table with a line and a project for every class of which its department has something.
async fn written(desk: &Desk<'_>, department: &str, at: DateTime<Utc>) -> Result<SummaryTableId, Stop> {
    let tx = desk.open(officer(department), &WRITING).await?;
    let classes = classified(desk, &tx, at).await?;
    let table = draft(&tx, desk.app, desk.campaign, SummaryKind::Main, at).await?;
    for category in classes {
        let line = LineDraft {
            table,
            expected: version(&tx, table).await?,
            line: None,
            category,
            words: words(desk),
            sources: Vec::new(),
            remaining: true,
        };
        put(&tx, desk.app, line, at).await?;
    }
    tx.commit().await?;
    Ok(table)
}

/// The classes of what a department has, once whatever waits is in the class for everything else.
async fn classified(desk: &Desk<'_>, tx: &Tx, at: DateTime<Utc>) -> Result<BTreeSet<CategoryId>, Stop> {
    use submission::Column as C;
    let other = desk.plan.categories.iter().find(|class| class.other);
    let other = desk.category(&other.ok_or_else(|| missing("a class for the rest"))?.name)?;
    let own =
        Predicate::is(C::Campaign, desk.campaign).and(Predicate::is(C::Department, tx.viewer().department()));
    let mut classes = BTreeSet::new();
    for row in tx.from::<submission::Entity>().filter(own).all().await? {
        if !counts(row.stage) {
            continue;
        }
        if row.category.is_none() {
            classify(tx, desk.app, row.id, row.version, other, "", at).await?;
        }
        classes.insert(row.category.unwrap_or(other));
    }
    Ok(classes)
}

fn words(desk: &Desk<'_>) -> Words {
    Words {
        text: "群众反映同类问题较为集中，经梳理分析合并为一项。".to_owned(),
        project: Some(Project {
            content: "结合本单位明年重点工作，分步实施，当年完成。".to_owned(),
            cost: Some(240_000),
            funding: Some("区级财政".to_owned()),
            owner: Some("本单位".to_owned()),
            start: Some(desk.day_after(120)),
            finish: Some(desk.day_after(330)),
            beneficiaries: Some(1_200),
        }),
        remark: String::new(),
    }
}

async fn version(tx: &Tx, table: SummaryTableId) -> Result<i32, Stop> {
    let row = find(tx, table).await?;
    Ok(row.ok_or_else(|| missing("a table"))?.version)
}

async fn main_of(desk: &Desk<'_>, tx: &Tx, department: &str) -> Result<summary_table::Model, Stop> {
    use summary_table::Column as C;
    let this = Predicate::is(C::Campaign, desk.campaign)
        .and(Predicate::is(C::Department, desk.department(department)?));
    let row = tx.from::<summary_table::Entity>().filter(this).one().await?;
    row.ok_or_else(|| missing("a table").into())
}
