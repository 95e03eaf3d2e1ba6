//! The list of accounts, for whoever manages them.

use async_graphql::{Context, Object, SimpleObject};
use entity::account;
use entity::enums::AuditAction;

use super::account::Account;
use crate::access::rules::{MANAGING, Mandate};
use crate::access::store::{self, Holder};
use crate::db::Page;
use crate::error::ApiError;
use crate::graphql::connection::{Cursors, PageArgs, PageInfo};
use crate::graphql::context::RequestOf;
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};

/// Page of accounts, by login. 账号分页
pub struct AccountConnection {
    holders: Vec<(String, Holder)>,
    has_next: bool,
    has_previous: bool,
}

/// An account with its cursor. 账号与游标
#[derive(Clone, Debug, SimpleObject)]
pub struct AccountEdge {
    /// Where it stands; for `after` and `before`. 游标
    pub cursor: String,
    /// The account itself. 账号
    pub node: Account,
}

impl AccountConnection {
    async fn read(ctx: &Context<'_>, args: PageArgs) -> Result<Self, ApiError> {
        let request = ctx.request()?;
        Mandate::of(request.viewer()?).ok_or_else(ApiError::forbidden)?;
        let cursors = Cursors::new(request, "accounts")?;
        let wanted = cursors.page_by_code(&args)?;
        let snapshot = request.read().await?;
        let page = snapshot.tx.from::<account::Entity>().page(&[account::Column::Login], &wanted).await?;
        let Page { rows, has_next, has_previous } = page;
        let holders = store::holders(&snapshot.tx, rows).await?;
        request.reads.saw(AuditAction::AccountRead, "accounts");
        let with_cursor = |holder: Holder| (cursors.encode_code(&holder.account.login), holder);
        Ok(Self { holders: holders.into_iter().map(with_cursor).collect(), has_next, has_previous })
    }
}

/// Page of accounts, by login. 账号分页
#[Object]
impl AccountConnection {
    /// Accounts with their cursors. 条目与游标
    async fn edges(&self) -> Vec<AccountEdge> {
        let edge = |(cursor, holder): (String, Holder)| AccountEdge { cursor, node: Account(holder) };
        self.holders.iter().cloned().map(edge).collect()
    }

    /// Accounts, in the order of their logins. 条目
    async fn nodes(&self) -> Vec<Account> {
        self.holders.iter().map(|(_, holder)| Account(holder.clone())).collect()
    }

    /// Where the page lies. 分页信息
    async fn page_info(&self) -> PageInfo {
        let cursor = |place: Option<&(String, Holder)>| place.map(|(cursor, _)| cursor.clone());
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: cursor(self.holders.first()),
            end_cursor: cursor(self.holders.last()),
        }
    }

    /// Accounts on all pages, as far as the caller manages them; counted only when asked for. 总数
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let total = snapshot.tx.from::<account::Entity>().count().await?;
        Ok(i32::try_from(total).unwrap_or(i32::MAX))
    }
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
    ) -> Option<Result<AccountConnection, ApiError>> {
        Some(AccountConnection::read(ctx, PageArgs { first, after, last, before }).await)
    }
}
