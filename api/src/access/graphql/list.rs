//! The list of accounts, for whoever manages them.

use std::collections::HashMap;

use async_graphql::{Context, Object};
use entity::account;
use entity::enums::AuditAction;
use entity::id::AccountId;

use super::account::Account;
use crate::access::rules::{MANAGING, Mandate};
use crate::access::store::{self, Holder};
use crate::db::Predicate;
use crate::error::ApiError;
use crate::graphql::connection::PageArgs;
use crate::graphql::context::RequestOf;
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::listing::{Listed, Order, connection};

connection! {
    /// Page of accounts, by login. 账号分页
    AccountConnection, AccountEdge: account as Account(Holder)
}

async fn list(
    ctx: &Context<'_>,
    only_forgotten: bool,
    args: PageArgs,
) -> Result<AccountConnection, ApiError> {
    let request = ctx.request()?;
    Mandate::of(request.viewer()?).ok_or_else(ApiError::forbidden)?;
    let order = Order::by_code(account::Column::Login, |row: &account::Model| &row.login);
    let filter =
        if only_forgotten { Predicate::Present(account::Column::ForgotAt) } else { Predicate::everything() };
    let page = Listed::read(request, "accounts", filter, &order, &args).await?;
    let snapshot = request.read().await?;
    let holders = store::holders(&snapshot.tx, page.nodes.clone()).await?;
    request.reads.saw(AuditAction::AccountRead, "accounts");
    let mut holders: HashMap<AccountId, Holder> =
        holders.into_iter().map(|holder| (holder.account.id, holder)).collect();
    Ok(AccountConnection(page.map(|row: account::Model| holders.remove(&row.id))))
}

/// Accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// Accounts that the caller manages: the county's for the administrator, the own department's for its head. 账号
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 20 unless told. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 此游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 此游标之前")] before: Option<String>,
        #[graphql(desc = "Only those whose password was forgotten. 仅忘记口令者", default)]
        only_forgotten: bool,
    ) -> Option<Result<AccountConnection, ApiError>> {
        Some(list(ctx, only_forgotten, PageArgs { first, after, last, before }).await)
    }
}
