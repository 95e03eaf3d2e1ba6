//! Every table read through a transaction of a viewer, in a form that can be compared with the truth.

use std::collections::{BTreeMap, BTreeSet};

use minsheng::db::{Db, Fault, Predicate, Scoped, Tx};
use minsheng::scope::viewer::Viewer;
use sea_orm::sea_query::ColumnType;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait, IdenStatic as _, IntoActiveModel, Iterable as _,
    ModelTrait, Value,
};

use super::truth::{Row, Truth};

/// Rows of a table, each as the text of its comparable columns.
pub(crate) type Seen = BTreeMap<&'static str, BTreeSet<String>>;

macro_rules! every_table {
    ($($table:ident: $binding:ident $(($($column:ident),*))? $(, $id:ident $(as $kind:ident = $number:literal)?, $doc:literal)?;)*) => {
        /// What the transaction's viewer reads of every table.
        pub(crate) async fn read_all(tx: &Tx) -> Seen {
            let mut seen = Seen::new();
            $(seen.insert(stringify!($table), read::<entity::$table::Entity>(tx).await);)*
            seen
        }

        /// How many rows of every table a change by the transaction's viewer would reach; refused counts as none.
        pub(crate) async fn changeable(db: &Db, viewer: &Viewer) -> BTreeMap<&'static str, u64> {
            let mut reached = BTreeMap::new();
            $({
                let tx = db.begin_write(viewer).await.unwrap();
                let same = vec![(<entity::$table::Entity as Scoped>::county(), viewer.county().clone().into())];
                let changed = tx.update::<entity::$table::Entity>(Predicate::everything(), same).await;
                reached.insert(stringify!($table), changed.unwrap_or(0));
            })*
            reached
        }

        /// Adds a row of a table as it stands but for some columns, as the transaction's viewer; the row is the one that
        /// somebody else reads with these comparable columns.
        pub(crate) async fn add(db: &Db, reader: &Viewer, viewer: &Viewer, table: &str, candidate: &Candidate<'_>) -> Result<(), Fault> {
            match table {
                $(stringify!($table) => add_one::<entity::$table::Entity>(db, reader, viewer, candidate).await,)*
                other => panic!("no table {other}"),
            }
        }

        /// What somebody ought to read of every table.
        pub(crate) fn expected(truth: &Truth, visible: impl Fn(&str, &Row) -> bool) -> Seen {
            let mut seen = Seen::new();
            $({
                let rows = truth.rows(stringify!($table)).iter();
                let rows = rows.filter(|row| visible(stringify!($table), row));
                let columns = columns::<entity::$table::Entity>();
                seen.insert(stringify!($table), rows.map(|row| of_row(row, &columns)).collect());
            })*
            seen
        }
    };
}

entity::entities!(every_table);

/// A row that somebody may try to add.
#[derive(Clone, Debug)]
pub(crate) struct Candidate<'t> {
    /// The row that is there.
    pub(crate) row: &'t Row,
    /// Columns with another key.
    pub(crate) replaced: Vec<(&'static str, String)>,
}

async fn add_one<E: Scoped>(
    db: &Db,
    reader: &Viewer,
    viewer: &Viewer,
    candidate: &Candidate<'_>,
) -> Result<(), Fault>
where
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let wanted = of_row(candidate.row, &columns::<E>());
    let rows = db.begin_read(reader).await?.from::<E>().all().await?;
    let mut rows = rows.into_iter();
    let model = rows.find(|model| of_model::<E>(model) == wanted).unwrap();
    let mut row = model.into_active_model();
    for (name, key) in &candidate.replaced {
        let mut columns = E::Column::iter();
        let column = columns.find(|column| column.as_str() == *name).unwrap();
        row.set(column, uuid::Uuid::parse_str(key).unwrap().into());
    }
    db.begin_write(viewer).await?.insert(row).await
}

async fn read<E: Scoped>(tx: &Tx) -> BTreeSet<String>
where
    E::Model: ModelTrait<Entity = E>,
{
    let rows = tx.from::<E>().all().await.unwrap();
    rows.iter().map(of_model::<E>).collect()
}

fn of_model<E: EntityTrait>(model: &E::Model) -> String
where
    E::Model: ModelTrait<Entity = E>,
{
    let cells = comparable::<E>().map(|column| format!("{}={}", column.as_str(), shown(&model.get(column))));
    cells.collect::<Vec<_>>().join(" ")
}

/// The same text of a row of the truth.
fn of_row(row: &Row, columns: &[String]) -> String {
    let cell = |column: &String| {
        let value = match row.get(column) {
            None | Some(serde_json::Value::Null) => String::new(),
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        format!("{column}={value}")
    };
    columns.iter().map(cell).collect::<Vec<_>>().join(" ")
}

fn columns<E: EntityTrait>() -> Vec<String> {
    comparable::<E>().map(|column| column.as_str().to_owned()).collect()
}

/// Keys, texts, numbers and days print alike everywhere; instants, booleans and JSON do not.
fn comparable<E: EntityTrait>() -> impl Iterator<Item = E::Column> {
    let table = E::default();
    let table = table.table_name().to_owned();
    E::Column::iter().filter(move |column| {
        use ColumnType as T;
        let alike = matches!(
            column.def().get_column_type(),
            T::String(_) | T::Text | T::Uuid | T::Integer | T::BigInteger | T::Date
        );
        // A session's row moves with every use.
        alike && !(table == "session" && column.as_str() != "id" && column.as_str() != "account")
    })
}

fn shown(value: &Value) -> String {
    match value {
        Value::Uuid(Some(id)) => id.simple().to_string(),
        Value::String(Some(text)) => text.clone(),
        Value::Int(Some(number)) => number.to_string(),
        Value::BigInt(Some(number)) => number.to_string(),
        Value::ChronoDate(Some(day)) => day.to_string(),
        _ => String::new(),
    }
}
