//! What a portal is shown of the dictionaries: what its citizens need in order to write, and no more.

use entity::village;
use sea_orm::ColumnTrait as _;
use sea_orm::sea_query::{Alias, Cond, Condition, Expr, ExprTrait as _, Query};

use super::binding::{Access, Scoped, never};
use crate::scope::viewer::{Credential, Viewer};

/// The rows of one table that a portal reads. It changes nothing, and a table that is not named is closed to it.
pub(super) fn public<E: Scoped>(viewer: &Viewer, access: Access) -> Condition {
    let Credential::Portal { campaign, channel, .. } = viewer.credential() else {
        return never();
    };
    if access == Access::Change {
        return never();
    }
    let column = |name: &'static str| Expr::col((Alias::new(E::default().table_name()), Alias::new(name)));
    let only = |condition: Expr| Cond::all().add(condition);
    match E::default().table_name() {
        "village" => Cond::all(),
        "campaign" => only(column("id").eq(*campaign)),
        "category" => only(column("campaign").eq(*campaign)),
        "channel" => only(column("id").eq(*channel)),
        "department" => only(has_villages(viewer, column("id"))),
        _ => never(),
    }
}

/// Whether the department is a township: villages of the same name are told apart by it.
fn has_villages(viewer: &Viewer, department: Expr) -> Expr {
    let mut villages = Query::select();
    villages
        .expr(Expr::val(1))
        .from(village::Entity)
        .and_where(village::Column::County.eq(viewer.county().clone()))
        .and_where(Expr::col((village::Entity, village::Column::Department)).eq(department));
    Expr::exists(villages)
}
