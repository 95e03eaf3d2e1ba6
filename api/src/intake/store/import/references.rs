//! Which references the channels have already (来源编号, H08), and with what text: the same text again is a repetition,
//! another text under it a conflict that somebody has to settle.

use std::collections::{HashMap, HashSet};

use entity::enums::RecordAction;
use entity::id::{ChannelId, SubmissionId};
use entity::{record, submission};
use serde_json::Value as Json;

use super::catalogue::Catalogue;
use crate::app::App;
use crate::db::{Fault, Predicate, Tx};
use crate::intake::import::{Fault as RowFault, Field, ImportRow, RowError, excerpt};
use crate::intake::store::entry::{TEXT_MARK, text_mark};

/// References by channel, each with what stands under it.
#[derive(Debug, Default)]
pub struct References(HashMap<Key, Holder>);

pub(super) type Key = (ChannelId, String);

/// What stands under a reference.
#[derive(Debug)]
struct Holder {
    place: Place,
    /// Marks of its texts: as it is, and as it was taken in.
    texts: Vec<String>,
}

#[derive(Debug)]
enum Place {
    /// The number of a case.
    Case(String),
    /// An earlier line of the same file.
    Line(u64),
}

/// A row with the channel that it came by, and the mark of its text.
pub(super) struct Marked<'r> {
    pub(super) channel: ChannelId,
    pub(super) row: &'r ImportRow,
    mark: String,
}

impl<'r> Marked<'r> {
    pub(super) fn of(tx: &Tx, app: &App, channel: ChannelId, row: &'r ImportRow) -> Self {
        Self { channel, row, mark: text_mark(app, tx, &row.content) }
    }

    fn key(&self) -> Key {
        (self.channel, self.row.external_ref.clone())
    }
}

/// What a row is beside those that are known.
pub(super) enum Standing {
    /// Nothing has its reference.
    New,
    /// It is there already, with the same text.
    Repeated(RowError),
    /// Another text has its reference.
    Conflict(RowError),
}

impl References {
    /// Looks up the references of rows, whichever department they went to: a plan that sends them elsewhere since then
    /// must not make them twice. What is found with another text is asked for the text that it was taken in with.
    pub(super) async fn learn(
        &mut self,
        tx: &Tx,
        app: &App,
        catalogue: &Catalogue,
        rows: &[Marked<'_>],
    ) -> Result<(), Fault> {
        let mut marks: HashMap<Key, Vec<&str>> = HashMap::new();
        for row in rows {
            marks.entry(row.key()).or_default().push(&row.mark);
        }
        let mut edited = HashMap::new();
        for case in held(tx, catalogue, rows).await? {
            let key = (case.channel, case.external_ref.unwrap_or_else(|| case.number.clone()));
            let mark = text_mark(app, tx, &case.content);
            if marks.get(&key).is_some_and(|marks| marks.iter().any(|wanted| *wanted != mark)) {
                edited.insert(case.id, key.clone());
            }
            self.0.insert(key, Holder { place: Place::Case(case.number), texts: vec![mark] });
        }
        for (case, mark) in first_marks(tx, edited.keys().copied()).await? {
            let holder = edited.get(&case).and_then(|key| self.0.get_mut(key));
            if let Some(holder) = holder {
                holder.texts.push(mark);
            }
        }
        Ok(())
    }

    pub(super) fn standing(&self, row: &Marked<'_>) -> Standing {
        let Some(holder) = self.0.get(&row.key()) else {
            return Standing::New;
        };
        if holder.texts.contains(&row.mark) {
            return Standing::Repeated(repeated(row.row, &holder.place));
        }
        Standing::Conflict(conflict(row.row, &holder.place))
    }

    /// Remembers a row that is taken, for those behind it.
    pub(super) fn take(&mut self, row: Marked<'_>) {
        let place = Place::Line(row.row.line);
        self.0.insert(row.key(), Holder { place, texts: vec![row.mark] });
    }
}

/// The cases that have one of the rows' references.
async fn held(tx: &Tx, catalogue: &Catalogue, rows: &[Marked<'_>]) -> Result<Vec<submission::Model>, Fault> {
    use submission::Column as C;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let channels: HashSet<ChannelId> = rows.iter().map(|row| row.channel).collect();
    // All three, in the order of the index.
    let these = Predicate::All(vec![
        Predicate::among(C::Department, catalogue.owners()),
        Predicate::among(C::Channel, channels),
        Predicate::among(C::ExternalRef, rows.iter().map(|row| row.row.external_ref.as_str())),
    ]);
    let mut cases = tx.from::<submission::Entity>().filter(these).all().await?;
    cases.extend(numbered(tx, catalogue, rows).await?);
    Ok(cases)
}

/// The cases without a reference whose numbers an exported ledger has in its place.
async fn numbered(
    tx: &Tx,
    catalogue: &Catalogue,
    rows: &[Marked<'_>],
) -> Result<Vec<submission::Model>, Fault> {
    use submission::Column as C;
    let numbers = rows.iter().filter(|row| row.row.is_case_number).map(|row| row.row.external_ref.as_str());
    let numbers: Vec<&str> = numbers.collect();
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let these = Predicate::All(vec![
        Predicate::among(C::Department, catalogue.owners()),
        Predicate::among(C::Number, numbers),
        Predicate::Empty(C::ExternalRef),
    ]);
    tx.from::<submission::Entity>().filter(these).all().await
}

/// The marks that cases were taken in with. One that has none was taken in before there were marks.
async fn first_marks(
    tx: &Tx,
    cases: impl ExactSizeIterator<Item = SubmissionId>,
) -> Result<Vec<(SubmissionId, String)>, Fault> {
    use record::Column as C;
    if cases.len() == 0 {
        return Ok(Vec::new());
    }
    let these = Predicate::among(C::Submission, cases)
        .and(Predicate::among(C::Action, [RecordAction::Imported, RecordAction::Recorded]));
    let lines = tx.from::<record::Entity>().filter(these).all().await?;
    let mark = |line: record::Model| {
        let mark = line.detail.get(TEXT_MARK).and_then(Json::as_str)?.to_owned();
        Some((line.submission, mark))
    };
    Ok(lines.into_iter().filter_map(mark).collect())
}

impl Place {
    /// In Chinese and in English.
    fn told(&self) -> (String, String) {
        match self {
            Self::Case(number) => (format!("建议 {number}"), format!("case {number}")),
            Self::Line(line) => (format!("本文件第 {line} 行"), format!("line {line} of this file")),
        }
    }
}

fn repeated(row: &ImportRow, place: &Place) -> RowError {
    let reference = excerpt(&row.external_ref);
    let (zh, en) = place.told();
    let fault = RowFault::Refused {
        code: "REPEATED",
        reason: format!("{en} has the reference `{reference}` with the same text; nothing is done"),
        reason_zh: format!("来源编号“{reference}”已用于{zh}，内容相同，不再录入"),
    };
    RowError::in_field(row.line, Field::ExternalRef.to_string(), fault)
}

fn conflict(row: &ImportRow, place: &Place) -> RowError {
    let reference = excerpt(&row.external_ref);
    let (zh, en) = place.told();
    let fault = RowFault::Refused {
        code: "REFERENCE_CONFLICT",
        reason: format!(
            "{en} has the reference `{reference}` with another text; give this row a reference of its own, \
             for instance the month before a running number"
        ),
        reason_zh: format!(
            "来源编号“{reference}”已用于{zh}，内容不同；请为本行另编来源编号（如在序号前加年月）"
        ),
    };
    RowError::in_field(row.line, Field::ExternalRef.to_string(), fault)
}
