//! Short words for the columns that the tables are made of.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, ForeignKey, ForeignKeyAction, Index, IndexOrder, SchemaManager, Table,
};

/// A column that must have a value.
pub(crate) fn must(name: &str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.not_null();
    column
}

/// A column that may be empty.
pub(crate) fn may(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
}

/// A table, its primary key, and its references by (county, column) to (county, id) of another table.
pub(crate) struct TableSpec<'a> {
    pub(crate) name: &'a str,
    pub(crate) columns: Vec<ColumnDef>,
    pub(crate) key: &'a [&'a str],
    pub(crate) references: &'a [(&'a str, &'a str)],
}

/// Makes the table; references carry the county, so that a row can't hang below another county's parent.
pub(crate) async fn create(manager: &SchemaManager<'_>, spec: TableSpec<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table(Alias::new(spec.name));
    for mut column in spec.columns {
        table.col(&mut column);
    }
    let mut key = Index::create();
    for column in spec.key {
        key.col(Alias::new(*column));
    }
    table.primary_key(&mut key);
    for (column, parent) in spec.references {
        table.foreign_key(
            ForeignKey::create()
                .from(
                    Alias::new(spec.name),
                    (Alias::new("county"), Alias::new(*column)),
                )
                .to(
                    Alias::new(*parent),
                    (Alias::new("county"), Alias::new("id")),
                )
                .on_delete(ForeignKeyAction::Restrict),
        );
    }
    manager.create_table(table).await
}

/// An index named after its table and columns; a column written `-name` is descending.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
    unique: bool,
) -> Result<(), DbErr> {
    let plain: Vec<&str> = columns
        .iter()
        .map(|column| column.trim_start_matches('-'))
        .collect();
    let mut index = Index::create();
    index
        .name(format!("{table}_by_{}", plain.join("_")))
        .table(Alias::new(table));
    if unique {
        index.unique();
    }
    for column in columns {
        match column.strip_prefix('-') {
            Some(name) => index.col((Alias::new(name), IndexOrder::Desc)),
            None => index.col(Alias::new(*column)),
        };
    }
    manager.create_index(index).await
}
