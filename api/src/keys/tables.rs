//! The rows that hold sealed texts, table by table: read a page at a time, opened, sealed anew, written back.

use entity::id::County;
use entity::{constituent, person, roster_line};
use sea_orm::Value;
use uuid::Uuid;

use crate::db::{Direction, Fault, Predicate, Scoped, Side, Tx};
use crate::secrets::entropy;
use crate::secrets::seal::{SealFault, Sealer};

/// Rows of one page, and of one transaction.
pub(super) const PAGE: u64 = 500;

/// What a person's name is sealed under.
const NAME: &str = "name";

/// A table with sealed texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// The people behind suggestions.
    Persons,
    /// The rosters of constituencies.
    Constituents,
    /// The telephones of responsible persons.
    Contacts,
}

/// One row's sealed texts by the names that they are sealed under, and the blind indexes beside them.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) texts: Vec<(&'static str, String)>,
    /// Of a telephone, or of a constituent's certificate.
    index: Option<String>,
    /// Of a person's name.
    name_index: Option<String>,
}

impl Table {
    pub(super) const ALL: [Self; 3] = [Self::Persons, Self::Constituents, Self::Contacts];

    /// The next rows with sealed texts behind a key, in the order of their keys.
    pub(super) async fn page(self, tx: &Tx, after: Option<Uuid>) -> Result<Vec<Row>, Fault> {
        Ok(match self {
            Self::Persons => {
                let rows = behind::<person::Entity>(tx, person::Column::Id, after).await?;
                rows.into_iter().map(of_person).collect()
            }
            Self::Constituents => {
                let rows = behind::<constituent::Entity>(tx, constituent::Column::Id, after).await?;
                rows.into_iter().map(of_constituent).collect()
            }
            Self::Contacts => {
                let rows = behind::<roster_line::Entity>(tx, roster_line::Column::Id, after).await?;
                rows.into_iter().map(of_contact).collect()
            }
        })
    }

    /// How many rows there are.
    pub(super) async fn count(self, tx: &Tx) -> Result<u64, Fault> {
        match self {
            Self::Persons => tx.from::<person::Entity>().count().await,
            Self::Constituents => tx.from::<constituent::Entity>().count().await,
            Self::Contacts => tx.from::<roster_line::Entity>().count().await,
        }
    }

    /// The row with sealed texts that was made last.
    pub(super) async fn last(self, tx: &Tx) -> Result<Option<Row>, Fault> {
        use Direction::Descending;
        Ok(match self {
            Self::Persons => {
                use person::Column as C;
                let sealed = [C::NameSealed, C::PhoneSealed, C::AddressSealed];
                let rows = tx.from::<person::Entity>();
                let rows = rows.filter(Predicate::Any(sealed.map(Predicate::Present).to_vec()));
                rows.order(C::Id, Descending).one().await?.map(of_person)
            }
            Self::Constituents => {
                let rows = tx.from::<constituent::Entity>();
                let rows = rows.order(constituent::Column::Id, Descending);
                rows.one().await?.map(of_constituent)
            }
            Self::Contacts => {
                use roster_line::Column as C;
                let rows = tx.from::<roster_line::Entity>();
                let rows = rows.filter(Predicate::Present(C::ContactSealed));
                rows.order(C::Id, Descending).one().await?.map(of_contact)
            }
        })
    }

    /// Writes a row's texts back; says whether the row was still there to be written.
    pub(super) async fn write(self, tx: &Tx, row: &Row) -> Result<bool, Fault> {
        let written = match self {
            Self::Persons => {
                use person::Column as C;
                // Who was erased meanwhile stays erased.
                let this = Predicate::is(C::Id, row.id).and(Predicate::Empty(C::ErasedAt));
                let changes = vec![
                    (C::NameSealed, row.text(NAME)),
                    (C::PhoneSealed, row.text("phone")),
                    (C::AddressSealed, row.text("address")),
                    (C::PhoneIndex, Value::from(row.index.clone())),
                    (C::NameIndex, Value::from(row.name_index.clone())),
                ];
                tx.update::<person::Entity>(this, changes).await?
            }
            Self::Constituents => {
                use constituent::Column as C;
                let changes = vec![
                    (C::NameSealed, row.text("constituent")),
                    (C::PersonIndex, Value::from(row.index.clone())),
                ];
                let this = Predicate::is(C::Id, row.id);
                tx.update::<constituent::Entity>(this, changes).await?
            }
            Self::Contacts => {
                use roster_line::Column as C;
                let changes = vec![(C::ContactSealed, row.text("roster"))];
                let this = Predicate::is(C::Id, row.id);
                tx.update::<roster_line::Entity>(this, changes).await?
            }
        };
        Ok(written > 0)
    }
}

impl Row {
    /// Whether the present key sealed all of it, and its name can be found: rows of former releases have no index of it.
    pub(super) fn is_current(&self, sealer: &Sealer) -> bool {
        let named = self.texts.iter().any(|(name, _)| *name == NAME);
        self.texts.iter().all(|(_, text)| sealer.is_current(text)) && named == self.name_index.is_some()
    }

    /// Whether every text opens in its place.
    pub(super) fn opens(&self, sealer: &Sealer, county: &County) -> Result<(), SealFault> {
        for (name, text) in &self.texts {
            sealer.open(county.as_str(), self.id, name, text)?;
        }
        Ok(())
    }

    /// The same texts sealed with the present key, and the index hashed on to it; that of a name is made of the name.
    pub(super) fn anew(&self, sealer: &Sealer, county: &County) -> Result<Self, SealFault> {
        let code = county.as_str();
        let mut texts = Vec::with_capacity(self.texts.len());
        let mut name_index = None;
        for (name, text) in &self.texts {
            let plain = sealer.open(code, self.id, name, text)?;
            if *name == NAME {
                name_index = Some(sealer.name_index(code, &plain));
            }
            let nonce = entropy::random();
            texts.push((*name, sealer.seal(code, self.id, name, &plain, nonce)?));
        }
        let beside = self.beside_index();
        let index = self.index.as_deref().zip(beside);
        Ok(Self {
            id: self.id,
            texts,
            index: index.map(|(index, beside)| sealer.comparable(code, beside, index)),
            name_index,
        })
    }

    /// The text that was sealed together with the index: a telephone, or a constituent's name.
    fn beside_index(&self) -> Option<&str> {
        let mut texts = self.texts.iter();
        let found = texts.find(|(name, _)| matches!(*name, "phone" | "constituent"));
        found.map(|(_, text)| text.as_str())
    }

    fn text(&self, name: &str) -> Value {
        let mut texts = self.texts.iter();
        let found = texts.find(|(known, _)| *known == name);
        found.map(|(_, text)| text.clone()).into()
    }
}

async fn behind<E: Scoped>(tx: &Tx, id: E::Column, after: Option<Uuid>) -> Result<Vec<E::Model>, Fault> {
    let rows = tx.from::<E>();
    let rows = match after {
        None => rows,
        Some(after) => rows.filter(Predicate::Past(vec![id], vec![after.into()], Side::Above)),
    };
    rows.order(id, Direction::Ascending).limit(PAGE).all().await
}

fn of_person(row: person::Model) -> Row {
    let texts = [(NAME, row.name_sealed), ("phone", row.phone_sealed), ("address", row.address_sealed)];
    Row {
        id: row.id.0,
        texts: texts.into_iter().filter_map(|(name, text)| Some((name, text?))).collect(),
        index: row.phone_index,
        name_index: row.name_index,
    }
}

fn of_constituent(row: constituent::Model) -> Row {
    let texts = vec![("constituent", row.name_sealed)];
    Row { id: row.id.0, texts, index: Some(row.person_index), name_index: None }
}

fn of_contact(row: roster_line::Model) -> Row {
    let text = row.contact_sealed.map(|text| ("roster", text));
    Row { id: row.id.0, texts: text.into_iter().collect(), index: None, name_index: None }
}
