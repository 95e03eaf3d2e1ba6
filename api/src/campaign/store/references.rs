//! What still hangs on rows that a plan no longer names: such rows stay, and the plan is refused with the list.

use std::collections::BTreeMap;

use entity::{
    account, category, channel, constituent, counter, department, duty_task, import_batch, portal_client,
    post, record, roster, share, stream, submission, symposium, unit_plan, village, visit,
};
use sea_orm::Value;
use uuid::Uuid;

use super::Coded;
use super::compare::Difference;
use crate::db::{Fault, Predicate, Scoped, Tx};
use crate::refusal::Refusal;

/// Names of a table for people, Chinese and English.
type Words = (&'static str, &'static str);

const SUBMISSIONS: Words = ("意见建议", "suggestions");
const VISITS: Words = ("走访", "visits");
const MEETINGS: Words = ("座谈会", "meetings");

/// The rows of one table that are about to be removed, and how many rows of which other table name each.
pub(super) struct Leaving<'a, E: Coded> {
    tx: &'a Tx,
    section: &'static str,
    rows: &'a [E::Model],
    found: BTreeMap<Uuid, Vec<String>>,
    found_zh: BTreeMap<Uuid, Vec<String>>,
}

impl<'a, E: Coded<Id: Into<Uuid>>> Leaving<'a, E> {
    fn new(tx: &'a Tx, section: &'static str, difference: &'a Difference<E>) -> Self {
        let (found, found_zh) = (BTreeMap::new(), BTreeMap::new());
        Self { tx, section, rows: &difference.gone, found, found_zh }
    }

    /// Counts the rows of `R` that name one of them; no query where nothing leaves.
    async fn count<R: Scoped>(&mut self, column: R::Column, (zh, en): Words) -> Result<(), Fault> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let ids = self.rows.iter().map(|row| Value::from(E::id_of(row).into()));
        let naming = self.tx.from::<R>().filter(Predicate::among(column, ids));
        for group in naming.count_by(&[column], None).await? {
            let (id, count): (Uuid, i64) = (group.key(0)?, group.figure()?);
            self.found.entry(id).or_default().push(format!("{count} {en}"));
            self.found_zh.entry(id).or_default().push(format!("{zh} {count} 条"));
        }
        Ok(())
    }

    fn refusals(self) -> Vec<Refusal> {
        let Self { section, rows, found, found_zh, .. } = self;
        let refusal = |row: &E::Model| {
            let id: Uuid = E::id_of(row).into();
            let (zh, en) = (found_zh.get(&id)?.join("、"), found.get(&id)?.join(", "));
            let code = E::code_of(row);
            Some(Refusal::invalid(
                &format!("{section}.{code}"),
                format!("新方案中没有 {code}，但仍有{zh}与其关联，不能删除"),
                format!("{code} is gone from the plan, but {en} still hang on it"),
            ))
        };
        rows.iter().filter_map(refusal).collect()
    }
}

pub(super) async fn of_departments(
    tx: &Tx,
    difference: &Difference<department::Entity>,
) -> Result<Vec<Refusal>, Fault> {
    let mut leaving = Leaving::new(tx, "departments", difference);
    leaving.count::<submission::Entity>(submission::Column::Department, SUBMISSIONS).await?;
    leaving.count::<share::Entity>(share::Column::Department, ("份额", "shares")).await?;
    leaving.count::<record::Entity>(record::Column::Department, ("办理记录", "records")).await?;
    leaving.count::<counter::Entity>(counter::Column::Department, ("编号", "number series")).await?;
    leaving.count::<import_batch::Entity>(import_batch::Column::Department, ("导入批次", "imports")).await?;
    leaving.count::<account::Entity>(account::Column::Department, ("账号", "accounts")).await?;
    leaving.count::<post::Entity>(post::Column::Department, ("岗位", "posts")).await?;
    duties_of(&mut leaving).await?;
    Ok(leaving.refusals())
}

/// What departments visited, whom they hear, what they handed in.
async fn duties_of(leaving: &mut Leaving<'_, department::Entity>) -> Result<(), Fault> {
    leaving.count::<visit::Entity>(visit::Column::Department, VISITS).await?;
    leaving.count::<visit::Entity>(visit::Column::Township, ("辖区走访", "visits to its villages")).await?;
    leaving.count::<symposium::Entity>(symposium::Column::Department, MEETINGS).await?;
    leaving.count::<roster::Entity>(roster::Column::Department, ("责任人名单", "rosters")).await?;
    leaving.count::<unit_plan::Entity>(unit_plan::Column::Department, ("实施方案", "unit plans")).await?;
    leaving.count::<duty_task::Entity>(duty_task::Column::Department, ("任务", "tasks")).await
}

pub(super) async fn of_streams(
    tx: &Tx,
    difference: &Difference<stream::Entity>,
) -> Result<Vec<Refusal>, Fault> {
    let mut leaving = Leaving::new(tx, "streams", difference);
    leaving.count::<submission::Entity>(submission::Column::Stream, SUBMISSIONS).await?;
    leaving
        .count::<constituent::Entity>(constituent::Column::Stream, ("征集对象人员", "constituents"))
        .await?;
    Ok(leaving.refusals())
}

pub(super) async fn of_channels(
    tx: &Tx,
    difference: &Difference<channel::Entity>,
) -> Result<Vec<Refusal>, Fault> {
    let mut leaving = Leaving::new(tx, "channels", difference);
    leaving.count::<submission::Entity>(submission::Column::Channel, SUBMISSIONS).await?;
    leaving.count::<import_batch::Entity>(import_batch::Column::Channel, ("导入批次", "imports")).await?;
    leaving
        .count::<portal_client::Entity>(portal_client::Column::Channel, ("门户凭据", "portal clients"))
        .await?;
    Ok(leaving.refusals())
}

pub(super) async fn of_categories(
    tx: &Tx,
    difference: &Difference<category::Entity>,
) -> Result<Vec<Refusal>, Fault> {
    let mut leaving = Leaving::new(tx, "categories", difference);
    leaving.count::<submission::Entity>(submission::Column::Category, SUBMISSIONS).await?;
    Ok(leaving.refusals())
}

pub(super) async fn of_villages(
    tx: &Tx,
    difference: &Difference<village::Entity>,
) -> Result<Vec<Refusal>, Fault> {
    let mut leaving = Leaving::new(tx, "villages", difference);
    leaving.count::<submission::Entity>(submission::Column::Village, SUBMISSIONS).await?;
    leaving.count::<visit::Entity>(visit::Column::Village, VISITS).await?;
    leaving.count::<symposium::Entity>(symposium::Column::Village, MEETINGS).await?;
    Ok(leaving.refusals())
}
