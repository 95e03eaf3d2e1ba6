//! A run from its first batch to its last: kept by channel and file, so that it can go on where it broke off.

use chrono::{DateTime, Utc};
use entity::enums::ImportStatus;
use entity::id::{County, ImportBatchId};
use entity::import_batch::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::batch::{Outcome, look_over, run_batch};
use super::catalogue::Catalogue;
use super::references::References;
use crate::app::App;
use crate::campaign::channels::{channel_of_codes, unknown_channel};
use crate::db::{Fault, Predicate, Tx};
use crate::error::Stop;
use crate::intake::import::{Batch, Position};
use crate::intake::store::entry::Untaken;
use crate::refusal::{Refusal, UserErrorCode};
use crate::scope::system;
use crate::scope::viewer::Viewer;

/// How often a batch is tried while other writers are quicker.
pub(crate) const ATTEMPTS: usize = 3;

/// The file of a run.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// What it is called. 文件名
    pub name: &'a str,
    /// SHA-256 of its bytes, hexadecimal.
    pub hash: &'a str,
}

/// Whether anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Takes rows in.
    Write,
    /// Only says what would come of it. 试导入
    DryRun,
}

/// What came of all rows of a file, earlier sittings of the same run included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows taken in. 导入行数
    pub accepted: u64,
    /// Rows that were there already. 重复行数
    pub repeated: u64,
    /// Rows with errors. 错误行数
    pub refused: u64,
}

/// The county's operator importing a file, batch by batch (全县导入).
pub struct CountyImport<'app> {
    app: &'app App,
    writer: Viewer,
    catalogue: Catalogue,
    /// The run as it was committed last; none in a dry run.
    run: Option<Model>,
    totals: Totals,
    /// References of the batches before, for a dry run.
    earlier: References,
}

impl<'app> CountyImport<'app> {
    /// Finds campaign and channel by code, and the run of this file: a new one, or where an earlier sitting ended.
    pub async fn begin(
        app: &'app App,
        county: County,
        (campaign, channel): (&str, &str),
        file: File<'_>,
        mode: Mode,
    ) -> Result<Self, Stop> {
        let writer = system::operator(county);
        let tx = match mode {
            Mode::Write => app.db.begin_write(&writer).await?,
            Mode::DryRun => app.db.begin_read(&writer).await?,
        };
        let found = channel_of_codes(&tx, campaign, channel).await?;
        let Some(found) = found else {
            let message = unknown_channel(&tx, campaign, channel).await?;
            return Err(Refusal::of(UserErrorCode::NotFound, "channel", message.zh, message.en).into());
        };
        let catalogue = Catalogue::load(&tx, app, found.id).await?;
        let run = match mode {
            Mode::Write => {
                let run = open(&tx, app, &catalogue, file, true).await?;
                tx.commit().await?;
                Some(run)
            }
            Mode::DryRun => None,
        };
        let totals = run.as_ref().map(Totals::from).unwrap_or_default();
        let earlier = References::default();
        Ok(Self { app, writer, catalogue, run, totals, earlier })
    }

    /// Where to go on; the beginning for a new file, and for one that was done before.
    #[must_use]
    pub fn position(&self) -> Position {
        let rows = self.totals.rows();
        let next_line = self.run.as_ref().map_or(1, |run| run.next_line);
        Position { rows, line: next_line.cast_unsigned().saturating_sub(1) }
    }

    /// What came of all rows so far.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// Takes one batch in, or looks it over; it lasts when this returns.
    pub async fn take(&mut self, batch: &Batch) -> Result<Outcome, Stop> {
        let now = self.app.clock.now();
        let Some(run) = &self.run else {
            let tx = self.app.db.begin_read(&self.writer).await?;
            let seen = &mut self.earlier;
            let outcome = look_over(&tx, self.app, &self.catalogue, batch, seen, now).await?;
            self.totals.add(&outcome);
            return Ok(outcome);
        };
        for _ in 0..ATTEMPTS {
            let tx = self.app.db.begin_write(&self.writer).await?;
            match run_batch(&tx, self.app, &self.catalogue, run, batch, now).await {
                Ok((run, outcome)) => {
                    tx.commit().await?;
                    self.totals = Totals::from(&run);
                    self.run = Some(run);
                    return Ok(outcome);
                }
                Err(Untaken::Reference) => {}
                Err(Untaken::Failed(error)) => return Err(error.into()),
            }
        }
        Err(raced().into())
    }

    /// Says that every row was read.
    pub async fn finish(self) -> Result<Totals, Stop> {
        if let Some(run) = &self.run {
            let tx = self.app.db.begin_write(&self.writer).await?;
            finish(&tx, run, self.app.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(self.totals)
    }
}

/// The run of a file in a channel. One that was done starts anew, for its rows are told by their references and what was
/// refused may fit by now; one that broke off goes on where `resume` allows it.
pub async fn open(
    tx: &Tx,
    app: &App,
    catalogue: &Catalogue,
    file: File<'_>,
    resume: bool,
) -> Result<Model, Stop> {
    let now = app.clock.now();
    let keeper = catalogue.keeper().ok_or_else(no_keeper)?;
    let channel = catalogue.channel().id;
    let this = Predicate::All(vec![
        Predicate::is(Column::Department, keeper),
        Predicate::is(Column::Channel, channel),
        Predicate::is(Column::FileHash, file.hash),
    ]);
    match tx.from::<Entity>().filter(this).one().await? {
        Some(run) if resume && run.status == ImportStatus::Running => Ok(run),
        Some(run) => Ok(start_over(tx, run, file, now).await?),
        None => {
            let run = Model {
                county: tx.viewer().county().clone(),
                id: ImportBatchId(app.new_key(now)),
                department: keeper,
                campaign: catalogue.campaign().id,
                channel,
                file_name: file.name.to_owned(),
                file_hash: file.hash.to_owned(),
                status: ImportStatus::Running,
                next_line: 1,
                accepted: 0,
                repeated: 0,
                refused: 0,
                failures: json!([]),
                created_at: now,
                updated_at: now,
            };
            tx.insert(row_of(run.clone())).await?;
            Ok(run)
        }
    }
}

/// Marks a run as done.
pub async fn finish(tx: &Tx, run: &Model, now: DateTime<Utc>) -> Result<(), Fault> {
    let changes = vec![(Column::Status, ImportStatus::Done.into()), (Column::UpdatedAt, now.into())];
    tx.update::<Entity>(Predicate::is(Column::Id, run.id), changes).await.map(|_| ())
}

/// Somebody else imports the same file, or the same entries.
pub(crate) fn raced() -> Refusal {
    let (zh, en) = (
        "同一文件或同一批来源编号正由他人导入，请稍后重新执行",
        "Somebody else is importing the same file or the same entries; run it again later",
    );
    Refusal::of(UserErrorCode::Duplicate, "", zh, en)
}

async fn start_over(tx: &Tx, run: Model, file: File<'_>, now: DateTime<Utc>) -> Result<Model, Fault> {
    let run = Model {
        file_name: file.name.to_owned(),
        status: ImportStatus::Running,
        next_line: 1,
        accepted: 0,
        repeated: 0,
        refused: 0,
        failures: json!([]),
        updated_at: now,
        ..run
    };
    let changes = vec![
        (Column::FileName, run.file_name.clone().into()),
        (Column::Status, run.status.into()),
        (Column::NextLine, run.next_line.into()),
        (Column::Accepted, run.accepted.into()),
        (Column::Repeated, run.repeated.into()),
        (Column::Refused, run.refused.into()),
        (Column::Failures, run.failures.clone().into()),
        (Column::UpdatedAt, now.into()),
    ];
    tx.update::<Entity>(Predicate::is(Column::Id, run.id), changes).await?;
    Ok(run)
}

fn row_of(run: Model) -> ActiveModel {
    ActiveModel {
        county: Set(run.county),
        id: Set(run.id),
        department: Set(run.department),
        campaign: Set(run.campaign),
        channel: Set(run.channel),
        file_name: Set(run.file_name),
        file_hash: Set(run.file_hash),
        status: Set(run.status),
        next_line: Set(run.next_line),
        accepted: Set(run.accepted),
        repeated: Set(run.repeated),
        refused: Set(run.refused),
        failures: Set(run.failures),
        created_at: Set(run.created_at),
        updated_at: Set(run.updated_at),
    }
}

fn no_keeper() -> Refusal {
    let (zh, en) = ("该渠道没有责任单位", "No department answers for this channel");
    Refusal::invalid("channel", zh, en)
}

impl Totals {
    /// Rows read.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.accepted + self.repeated + self.refused
    }

    fn add(&mut self, outcome: &Outcome) {
        self.accepted += outcome.accepted;
        self.repeated += outcome.repeated;
        self.refused += outcome.refused;
    }
}

impl From<&Model> for Totals {
    fn from(run: &Model) -> Self {
        Self {
            accepted: run.accepted.unsigned_abs(),
            repeated: run.repeated.unsigned_abs(),
            refused: run.refused.unsigned_abs(),
        }
    }
}
