//! Names of those who did something, for whoever may know them: the auditor, and colleagues; and who of the department is there
//! to be given work. Nobody reads another's account for that: on PostgreSQL functions give out names or keys alone, and bind
//! them to the settings of the transaction.

use std::collections::{HashMap, HashSet};

use entity::id::AccountId;
use entity::{account, post};
use sea_orm::sea_query::{Cond, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, DbBackend, IntoSimpleExpr as _, QueryResult};

use super::fault::Fault;
use super::tx::Tx;
use crate::scope::viewer::Viewer;

impl Tx {
    /// The names of those of these accounts that the viewer may know: that it audits, or has posts in common with.
    pub async fn staff_names(&self, accounts: &[AccountId]) -> Result<HashMap<AccountId, String>, Fault> {
        let sql = "SELECT holder, called FROM staff_names($1::uuid[])";
        let rows = self.staff(sql, accounts, known_to).await?;
        let named = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)));
        named.collect()
    }

    /// Those of these accounts that work in the viewer's department now: they hold a post there and are not disabled.
    pub async fn staff_serving(&self, accounts: &[AccountId]) -> Result<HashSet<AccountId>, Fault> {
        let sql = "SELECT holder FROM staff_serving($1::uuid[])";
        let rows = self.staff(sql, accounts, serving_beside).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    /// What a function of `sql/anew/staff.pg.sql` gives, or the statement that says the same on SQLite.
    async fn staff(
        &self,
        function: &str,
        accounts: &[AccountId],
        statement: fn(&Viewer, &[AccountId]) -> SelectStatement,
    ) -> Result<Vec<QueryResult>, Fault> {
        if self.backend() != DbBackend::Postgres {
            return self.query_all(&statement(self.viewer(), accounts)).await;
        }
        let keys: Vec<String> = accounts.iter().map(|id| id.0.to_string()).collect();
        self.query_kernel(function, vec![format!("{{{}}}", keys.join(",")).into()]).await
    }
}

/// What `staff_names` of `sql/anew/staff.pg.sql` says, for SQLite.
fn known_to(viewer: &Viewer, accounts: &[AccountId]) -> SelectStatement {
    let mut names = of_county(viewer, accounts);
    names.expr(account::Column::DisplayName.into_simple_expr());
    if !viewer.scope().audit {
        let own = account::Column::Department.eq(viewer.department());
        names.cond_where(Cond::any().add(own).add(has_post_beside(viewer)));
    }
    names
}

/// What `staff_serving` of the same file says, for SQLite.
fn serving_beside(viewer: &Viewer, accounts: &[AccountId]) -> SelectStatement {
    let mut serving = of_county(viewer, accounts);
    serving.and_where(account::Column::DisabledAt.is_null()).and_where(has_post_beside(viewer));
    serving
}

/// The keys of those of these accounts that are of the viewer's county.
fn of_county(viewer: &Viewer, accounts: &[AccountId]) -> SelectStatement {
    use account::Column as A;
    let mut found = Query::select();
    found
        .expr(A::Id.into_simple_expr())
        .from(account::Entity)
        .and_where(A::County.eq(viewer.county().clone()))
        .and_where(A::Id.is_in(accounts.iter().copied()));
    found
}

/// Whether an account holds a post in the viewer's department.
fn has_post_beside(viewer: &Viewer) -> Expr {
    use post::Column as P;
    let mut posts = Query::select();
    posts
        .expr(Expr::val(1))
        .from(post::Entity)
        .and_where(P::County.eq(viewer.county().clone()))
        .and_where(P::Department.eq(viewer.department()))
        .and_where(P::Account.into_simple_expr().eq(account::Column::Id.into_simple_expr()));
    Expr::exists(posts)
}
