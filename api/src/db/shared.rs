//! The suggestions behind shares, in one statement with them.

use entity::{share, submission};
use sea_orm::sea_query::{Alias, Cond, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{FromQueryResult as _, IntoSimpleExpr as _, Iterable as _};

use super::binding::Scoped;
use super::fault::Fault;
use super::page::{Direction, Page, PageRequest};
use super::rows::Rows;
use super::search::Needle;
use crate::scope::viewer::Viewer;

/// The order of a list of suggestions by time, which every other order ends in.
const BY_TIME: [share::Column; 2] = [share::Column::ReceivedAt, share::Column::Submission];

impl Rows<'_, share::Entity> {
    /// One page of the suggestions behind these shares. Whoever reaches a share reaches its suggestion, so the first wall
    /// around the shares is the one around both; the second one asks for itself. Their order is by time, after a rank of the
    /// share where there is one.
    pub async fn suggestions(
        self,
        rank: Option<share::Column>,
        request: &PageRequest,
    ) -> Result<Page<submission::Model>, Fault> {
        let tx = self.tx();
        let keys: Vec<share::Column> = rank.into_iter().chain(BY_TIME).collect();
        let statement = behind(tx.viewer(), self.cut(&keys, request), &keys, request.walked());
        let rows = tx.query_all(&statement).await?;
        let rows = rows.iter().map(|row| submission::Model::from_query_result(row, ""));
        Ok(Page::of(rows.collect::<Result<_, _>>()?, request))
    }

    /// The page of the newest or oldest suggestions that hold the needle, out of all that the viewer sees: no other
    /// filter may stand beside it, for the index cuts the page before that filter would be asked.
    pub async fn suggestions_mentioning(
        self,
        needle: &Needle,
        request: &PageRequest,
    ) -> Result<Page<submission::Model>, Fault> {
        self.of_search(share::Column::Submission, needle, request).suggestions(None, request).await
    }
}

/// The page is cut before its suggestions are read: as a plain join, PostgreSQL would read those of all pages.
fn behind(
    viewer: &Viewer,
    shares: Rows<'_, share::Entity>,
    order: &[share::Column],
    walked: Direction,
) -> SelectStatement {
    use submission::Column as C;
    let page = Alias::new("page");
    let of_page = |column: share::Column| Expr::col((page.clone(), column));
    let mut keys = shares.statement();
    keys.clear_selects();
    for column in std::iter::once(&share::Column::County).chain(order) {
        keys.expr(column.into_simple_expr());
    }
    let named = Cond::all()
        .add(C::County.into_simple_expr().eq(of_page(share::Column::County)))
        .add(C::Id.into_simple_expr().eq(of_page(share::Column::Submission)));
    let mut whole = Query::select();
    whole.exprs(C::iter().map(sea_orm::IntoSimpleExpr::into_simple_expr));
    whole.from_subquery(keys, page.clone()).inner_join(submission::Entity, named);
    // Compared with the setting once, as the second wall does for every table.
    whole.and_where(submission::Entity::county().into_simple_expr().eq(viewer.county().clone()));
    for column in order {
        whole.order_by_expr(of_page(*column), walked.into());
    }
    whole
}
