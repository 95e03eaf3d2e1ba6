//! The division of labour as rows: one piece of work for each department that the plan gives it to (H21, H40). 责任分工

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::department;
use entity::duty_task::{ActiveModel, Column, Entity};
use entity::enums::TaskState;
use entity::id::{CampaignId, DepartmentId, TaskId};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::compare::Difference;
use crate::db::{Fault, Predicate, Tx};
use crate::plan::Plan;

/// Adds what the plan gives anew, and words anew what it words otherwise. What it no longer gives goes if nobody has
/// touched it; otherwise it stays as the department's own record.
pub(super) async fn follow(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    now: DateTime<Utc>,
    new_key: &mut (impl FnMut() -> Uuid + Send),
) -> Result<(), Fault> {
    let departments = tx.from::<department::Entity>().all().await?;
    let ids: HashMap<&str, DepartmentId> =
        departments.iter().map(|row| (row.code.as_str(), row.id)).collect();
    let of_plan = Predicate::is(Column::Campaign, campaign).and(Predicate::Present(Column::Code));
    let mut known: HashMap<(String, DepartmentId), (TaskId, String, i32)> = HashMap::new();
    for row in tx.from::<Entity>().filter(of_plan).all().await? {
        let key = (row.code.unwrap_or_default(), row.department);
        known.insert(key, (row.id, row.text, row.version));
    }
    let mut added = Vec::new();
    for task in &plan.tasks {
        let given = task.departments.iter();
        for department in given.filter_map(|code| ids.get(code.as_str()).copied()) {
            match known.remove(&(task.code.clone(), department)) {
                Some((_, text, _)) if text == task.text => {}
                Some((id, ..)) => {
                    let words = vec![(Column::Text, task.text.clone().into())];
                    tx.update::<Entity>(Predicate::is(Column::Id, id), words).await?;
                }
                None => added.push(ActiveModel {
                    county: Set(tx.viewer().county().clone()),
                    id: Set(TaskId(new_key())),
                    department: Set(department),
                    campaign: Set(campaign),
                    code: Set(Some(task.code.clone())),
                    text: Set(task.text.clone()),
                    owner: Set(String::new()),
                    due_on: Set(plan.campaign.closes_on),
                    progress: Set(0),
                    state: Set(TaskState::Open),
                    note: Set(String::new()),
                    created_at: Set(now),
                    updated_at: Set(now),
                    version: Set(1),
                }),
            }
        }
    }
    let untouched = known.into_values().filter(|(.., version)| *version == 1);
    let untouched: Vec<TaskId> = untouched.map(|(id, ..)| id).collect();
    if !untouched.is_empty() {
        tx.delete::<Entity>(Predicate::among(Column::Id, untouched)).await?;
    }
    tx.insert_many(added).await
}

/// Untouched work of departments that the plan no longer names goes with them.
pub(super) async fn forget(tx: &Tx, departments: &Difference<department::Entity>) -> Result<(), Fault> {
    if departments.gone.is_empty() {
        return Ok(());
    }
    let gone = departments.gone.iter().map(|row| row.id);
    let untouched = Predicate::among(Column::Department, gone)
        .and(Predicate::is(Column::Version, 1))
        .and(Predicate::Present(Column::Code));
    tx.delete::<Entity>(untouched).await.map(|_| ())
}
