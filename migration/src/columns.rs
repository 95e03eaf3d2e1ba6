//! Short words for the columns that the tables are made of.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, Expr, ForeignKey, ForeignKeyAction, Index, IndexOrder, SchemaManager, Table,
    TableCreateStatement,
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
    pub(crate) rules: &'a [Rule<'a>],
}

/// What a row must keep to beside its references.
pub(crate) enum Rule<'a> {
    /// No two rows with the same values, so that others can refer to all of them at once.
    Unique(&'a [&'a str]),
    /// (county, row, owner) stands in that table as (county, id, department): the owner is the true one.
    Owner { row: &'a str, owner: &'a str, table: &'a str },
    /// An SQL condition that both databases read.
    Check(&'a str),
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
    if !spec.key.is_empty() {
        table.primary_key(&mut key);
    }
    for (column, parent) in spec.references {
        table.foreign_key(
            ForeignKey::create()
                .from(Alias::new(spec.name), (Alias::new("county"), Alias::new(*column)))
                .to(Alias::new(*parent), (Alias::new("county"), Alias::new("id")))
                .on_delete(ForeignKeyAction::Restrict),
        );
    }
    for rule in spec.rules {
        add_rule(&mut table, spec.name, rule);
    }
    manager.create_table(table).await
}

fn add_rule(table: &mut TableCreateStatement, name: &str, rule: &Rule<'_>) {
    match rule {
        Rule::Unique(columns) => {
            let mut unique = Index::create();
            for column in *columns {
                unique.col(Alias::new(*column));
            }
            table.index(unique.unique());
        }
        Rule::Owner { row, owner, table: parent } => {
            table.foreign_key(
                ForeignKey::create()
                    .from(Alias::new(name), (Alias::new("county"), Alias::new(*row), Alias::new(*owner)))
                    .to(
                        Alias::new(*parent),
                        (Alias::new("county"), Alias::new("id"), Alias::new("department")),
                    ),
            );
        }
        Rule::Check(condition) => {
            table.check(Expr::cust(condition.to_string()));
        }
    }
}

/// An index named after its table and columns; a column written `-name` is descending.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
    unique: bool,
) -> Result<(), DbErr> {
    let plain: Vec<&str> = columns.iter().map(|column| column.trim_start_matches('-')).collect();
    let mut index = Index::create();
    index.name(format!("{table}_by_{}", plain.join("_"))).table(Alias::new(table));
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
