//! Names of those who did something, for whoever may know them: the auditor, and colleagues. Nobody reads another's account
//! for that: on PostgreSQL a function gives out names alone, and binds them to the settings of the transaction.

use std::collections::HashMap;

use entity::id::AccountId;
use entity::{account, post};
use sea_orm::sea_query::{Cond, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, DbBackend, IntoSimpleExpr as _};

use super::fault::Fault;
use super::tx::Tx;
use crate::scope::viewer::Viewer;

impl Tx {
    /// The names of those of these accounts that the viewer may know: that it audits, or has posts in common with.
    pub async fn staff_names(&self, accounts: &[AccountId]) -> Result<HashMap<AccountId, String>, Fault> {
        let rows = if self.backend() == DbBackend::Postgres {
            let keys: Vec<String> = accounts.iter().map(|id| id.0.to_string()).collect();
            let sql = "SELECT holder, called FROM staff_names($1::uuid[])";
            self.query_kernel(sql, vec![format!("{{{}}}", keys.join(",")).into()]).await?
        } else {
            self.query_all(&known_to(self.viewer(), accounts)).await?
        };
        let named = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)));
        named.collect()
    }
}

/// What `staff_names` of `sql/anew/staff.pg.sql` says, for SQLite.
fn known_to(viewer: &Viewer, accounts: &[AccountId]) -> SelectStatement {
    use account::Column as A;
    use post::Column as P;
    let mut posts = Query::select();
    posts
        .expr(Expr::val(1))
        .from(post::Entity)
        .and_where(P::County.eq(viewer.county().clone()))
        .and_where(P::Department.eq(viewer.department()))
        .and_where(P::Account.into_simple_expr().eq(A::Id.into_simple_expr()));
    let mut names = Query::select();
    names
        .expr(A::Id.into_simple_expr())
        .expr(A::DisplayName.into_simple_expr())
        .from(account::Entity)
        .and_where(A::County.eq(viewer.county().clone()))
        .and_where(A::Id.is_in(accounts.iter().copied()));
    if !viewer.scope().audit {
        let own = A::Department.eq(viewer.department());
        names.cond_where(Cond::any().add(own).add(Expr::exists(posts)));
    }
    names
}
