//! Finding a case by what its citizen says at the telephone: a number, or who it is.

use entity::id::{DepartmentId, PersonId, SubmissionId};
use entity::submission::{Column, Entity, Model};
use entity::{person, receipt_index};

use crate::app::App;
use crate::db::{Direction, Fault, Predicate, Side, Tx};
use crate::intake::number;
use crate::secrets::receipt::ReceiptCode;
use crate::secrets::seal::Telephone;

/// Most cases that one search shows.
pub const MOST_FOUND: usize = 50;

/// Persons that are looked at in one statement: a telephone has a few, a usual name has more.
const PAGE: u64 = 200;

/// What a case carries that leads to it.
#[derive(Clone, Debug)]
pub enum Mark {
    /// The case number among those who work on it.
    CaseNumber(String),
    /// The channel's own number.
    ExternalRef(String),
    /// The number on the citizen's receipt.
    ReceiptNumber(String),
    /// The code on the citizen's receipt.
    ReceiptCode(String),
}

/// What tells a person from others. Never logged: it has no `Debug`.
pub enum Who {
    /// The telephone.
    Phone(Telephone),
    /// The whole name.
    Name(String),
}

/// The cases in scope that carry a mark exactly: one, or one of each channel that gave the number. What is hidden and what is
/// not there are one answer.
pub async fn by_mark(tx: &Tx, app: &App, mark: &Mark) -> Result<Vec<Model>, Fault> {
    let carries = match mark {
        Mark::CaseNumber(typed) => {
            let typed = typed.trim();
            Predicate::among(Column::Number, [typed.to_owned(), typed.to_uppercase()])
        }
        Mark::ExternalRef(typed) => Predicate::is(Column::ExternalRef, typed.trim()),
        Mark::ReceiptNumber(typed) => match number::parse(typed) {
            Some(number) => Predicate::is(Column::ReceiptNumber, number),
            None => return Ok(Vec::new()),
        },
        Mark::ReceiptCode(typed) => Predicate::among(Column::Id, of_code(tx, app, typed).await?),
    };
    let found = tx.from::<Entity>().filter(carries);
    found.order(Column::Id, Direction::Descending).limit(MOST_FOUND as u64).all().await
}

/// The suggestion of a code, under whichever version of the key it was given.
async fn of_code(tx: &Tx, app: &App, typed: &str) -> Result<Option<SubmissionId>, Fault> {
    let Ok(code) = ReceiptCode::parse(typed) else {
        return Ok(None);
    };
    let versions = app.lookups.versions();
    let hashes = versions.iter().map(|keys| code.hash(&keys.receipts));
    let named = Predicate::among(receipt_index::Column::ReceiptHash, hashes);
    let row = tx.from::<receipt_index::Entity>().filter(named).one().await?;
    Ok(row.map(|row| row.submission))
}

/// The cases of the viewer's own stream behind which somebody stands, those that were entered last first; and whether there are
/// more than are shown. A confidential case is nobody's: that its person made it is what it hides.
pub async fn of_person(tx: &Tx, app: &App, who: &Who) -> Result<(Vec<Model>, bool), Fault> {
    let county = tx.viewer().county().as_str();
    let is_who = match who {
        Who::Phone(phone) => {
            Predicate::among(person::Column::PhoneIndex, app.sealer.every_phone_index(county, phone))
        }
        Who::Name(name) => {
            Predicate::among(person::Column::NameIndex, app.sealer.every_name_index(county, name))
        }
    };
    let (mut found, mut before): (Vec<Model>, Option<PersonId>) = (Vec::new(), None);
    loop {
        let persons = persons(tx, is_who.clone(), before).await?;
        let of_persons = persons.iter().map(|person| person.submission).collect();
        found.extend(own_cases(tx, of_persons).await?);
        before = persons.last().map(|person| person.id);
        if (persons.len() as u64) < PAGE || found.len() > MOST_FOUND {
            break;
        }
    }
    found.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.id)));
    let more = found.len() > MOST_FOUND;
    found.truncate(MOST_FOUND);
    Ok((found, more))
}

/// The next persons before a key, the last ones first.
async fn persons(
    tx: &Tx,
    is_who: Predicate<person::Column>,
    before: Option<PersonId>,
) -> Result<Vec<person::Model>, Fault> {
    use person::Column as C;
    let rows = tx.from::<person::Entity>().filter(is_who);
    let rows = match before {
        None => rows,
        Some(before) => rows.filter(Predicate::Past(vec![C::Id], vec![before.into()], Side::Below)),
    };
    rows.order(C::Id, Direction::Descending).limit(PAGE).all().await
}

async fn own_cases(tx: &Tx, ids: Vec<SubmissionId>) -> Result<Vec<Model>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let own: DepartmentId = tx.viewer().department();
    let shown = Predicate::All(vec![
        Predicate::among(Column::Id, ids),
        Predicate::is(Column::Department, own),
        Predicate::is(Column::Confidential, false),
    ]);
    tx.from::<Entity>().filter(shown).all().await
}
