//! What somebody who can't sign in says of an account.

use sea_orm_migration::prelude::{
    Alias, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

use crate::columns::may;

/// A column of the account, behind the walls of the account.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut forgot_at = may("forgot_at").timestamp_with_time_zone().take();
        let mut change = Table::alter();
        change.table(Alias::new("account")).add_column(&mut forgot_at);
        manager.alter_table(change).await
    }
}
