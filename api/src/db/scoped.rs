//! Which rows of each table a viewer reaches: the first wall. Which table has which binding stands in [`entity::entities!`].

use entity::enums::Capability;
use entity::id::AccountId;
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, IdenStatic, IntoSimpleExpr, Value};

use super::binding::{Access, Binding, Scoped, never};
use super::public::public;
use crate::scope::profiles::{Accounts, Reach, Visits, Writes};
use crate::scope::viewer::Viewer;

/// The county's own table is keyed by its code, every other by the county that a row belongs to.
macro_rules! county_of {
    (county) => {
        entity::county::Column::Code
    };
    ($table:ident) => {
        entity::$table::Column::County
    };
}

macro_rules! scoped {
    ($($table:ident: $binding:ident $(($($column:ident),*))? $(, $id:ident $(as $kind:ident = $number:literal)?, $doc:literal)?;)*) => {$(
        impl Scoped for entity::$table::Entity {
            fn county() -> Self::Column {
                county_of!($table)
            }
            fn binding() -> Binding<Self::Column> {
                Binding::$binding $(($(entity::$table::Column::$column),*))?
            }
        }
    )*};
}

entity::entities!(scoped);

/// The viewer's scope over a table, as the condition that every statement carries.
#[expect(clippy::too_many_lines, reason = "one arm per binding, to be read as a table")]
pub(super) fn within<E: Scoped>(viewer: &Viewer, access: Access) -> Condition {
    let scope = viewer.scope();
    let county = E::county().eq(viewer.county().clone());
    let everything = match access {
        Access::Read => scope.reads == Reach::County,
        Access::Change => scope.writes == Writes::County,
    };
    let nothing = access == Access::Change && matches!(scope.writes, Writes::Nothing | Writes::Papers);
    let by_department = |column: E::Column| {
        if nothing { never() } else { unless(everything, column.eq(viewer.department())) }
    };
    let through_share = |column: E::Column| {
        if nothing { never() } else { unless(everything, share_exists(viewer, column, access)) }
    };
    let bound = match E::binding() {
        Binding::County | Binding::Lookup | Binding::Keys if scope.lookup && access == Access::Read => {
            return Cond::all();
        }
        // What was kept stays as it was.
        Binding::Lookup | Binding::Reach(..) | Binding::Former(..) if access == Access::Change => never(),
        Binding::Directory | Binding::Issued(..) | Binding::Lookup if scope.reads == Reach::Public => {
            public::<E>(viewer, access)
        }
        Binding::Lookup => Cond::all(),
        Binding::County | Binding::Directory => plan_only(access, scope.writes, Cond::all()),
        Binding::Department(column) => plan_only(
            access,
            scope.writes,
            unless(scope.reads == Reach::County, column.eq(viewer.department())),
        ),
        Binding::Figures(column) | Binding::Pending(column) | Binding::Share(column, ..) => {
            by_department(column)
        }
        Binding::FormerText(column, ..) if access == Access::Change => {
            through_share(column).add(person_erased(viewer, column))
        }
        Binding::Submission(column, _) | Binding::Child(column) | Binding::FormerText(column, ..) => {
            through_share(column)
        }
        Binding::Account(department, holder) => accounts(viewer, department, holder, access),
        Binding::Own(holder) => unless(scope.accounts == Accounts::County, holder.eq(viewer.actor())),
        Binding::Keys if access == Access::Read => unless_all(scope.audit, never()),
        Binding::Keys => unless_all(keeps_keys(viewer), never()),
        // The trail grows and never changes, whoever reads it.
        Binding::Audit | Binding::Seal => {
            if scope.audit && access == Access::Read {
                Cond::all()
            } else {
                never()
            }
        }
        Binding::Visit(..) if everything => Cond::all(),
        Binding::Visit(owner, township, committee, _) => match access {
            Access::Read => one_of_mine(viewer, &[owner, township, committee]),
            Access::Change => own_visits(viewer, owner, committee),
        },
        Binding::Reach(township, committee) => {
            unless_all(everything, one_of_mine(viewer, &[township, committee]))
        }
        Binding::Decided(project) => plan_only(
            access,
            scope.writes,
            unless(scope.reads == Reach::County, view_exists(viewer, project)),
        ),
        Binding::Carried(project, department) => {
            let seen = unless(everything, view_exists(viewer, project));
            match access {
                Access::Read => seen,
                Access::Change => seen.add(by_department(department)),
            }
        }
        Binding::Former(..) if everything => Cond::all(),
        Binding::Former(project, department, concerned) => {
            one_of_mine(viewer, &[department, concerned]).add(view_exists(viewer, project))
        }
        Binding::Inspected(author, further) => {
            papers(viewer, access, author, further.eq(viewer.department()))
        }
        Binding::Issued(author, issued) => papers(viewer, access, author, issued.is_not_null()),
        Binding::Filed(_) if access == Access::Change && scope.writes == Writes::Nothing => never(),
        Binding::Filed(column) => unless(everything, column.eq(viewer.department())),
    };
    Cond::all().add(county).add(bound)
}

fn unless_all(everything: bool, condition: Condition) -> Condition {
    if everything { Cond::all() } else { condition }
}

/// Any of the columns names the viewer's department.
fn one_of_mine<C: ColumnTrait>(viewer: &Viewer, columns: &[C]) -> Condition {
    let mine = columns.iter();
    mine.fold(Cond::any(), |any, column| any.add(column.eq(viewer.department())))
}

/// What the viewer itself visited; a village account its own village alone.
fn own_visits<C: ColumnTrait>(viewer: &Viewer, owner: C, committee: C) -> Condition {
    let own = Cond::all().add(owner.eq(viewer.department()));
    match viewer.scope().visits {
        Visits::Nowhere => never(),
        Visits::Anywhere => own,
        Visits::OwnVillage => own.add(committee.eq(viewer.department())),
    }
}

/// The operator of the county: no profile both writes all of it and reads its trail.
pub(super) fn keeps_keys(viewer: &Viewer) -> bool {
    viewer.scope().writes == Writes::County && viewer.scope().audit
}

fn unless(everything: bool, condition: Expr) -> Condition {
    if everything { Cond::all() } else { Cond::all().add(condition) }
}

fn plan_only(access: Access, writes: Writes, read: Condition) -> Condition {
    match access {
        Access::Read => read,
        Access::Change if writes == Writes::County => Cond::all(),
        Access::Change => never(),
    }
}

/// Oneself changes one's account, where the holder is the row itself, but grants and takes oneself no post.
fn accounts<C: ColumnTrait>(viewer: &Viewer, department: C, holder: C, access: Access) -> Condition {
    let may = access == Access::Read || holder.as_str() == "id";
    let oneself = if may { Cond::all().add(holder.eq(AccountId(viewer.actor()))) } else { never() };
    match viewer.scope().accounts {
        Accounts::County => Cond::all(),
        Accounts::Own => Cond::any().add(department.eq(viewer.department())).add(oneself),
        Accounts::Oneself => oneself,
    }
}

/// What an author wrote: changed by its department alone, read beside it by whomever `further` lets in.
fn papers<C: ColumnTrait>(viewer: &Viewer, access: Access, author: C, further: Expr) -> Condition {
    let scope = viewer.scope();
    let own = author.eq(viewer.department());
    match (access, scope.reads, scope.writes) {
        (Access::Read, Reach::County, _) | (Access::Change, _, Writes::County) => Cond::all(),
        (Access::Read, Reach::Own | Reach::Public, _) => Cond::any().add(own).add(further),
        (Access::Change, _, Writes::Papers) => Cond::all().add(own),
        (Access::Change, _, Writes::Nothing | Writes::Own) => never(),
    }
}

/// A view of the viewer's department of the project that `column` names.
fn view_exists<C: ColumnTrait>(viewer: &Viewer, column: C) -> Expr {
    use entity::project_view::Column as View;
    let mut views = Query::select();
    views
        .expr(Expr::val(1))
        .from(entity::project_view::Entity)
        .and_where(View::County.eq(viewer.county().clone()))
        .and_where(View::Department.eq(viewer.department()))
        .and_where(Expr::col((entity::project_view::Entity, View::Project)).eq(column.into_simple_expr()));
    fenced(views)
}

/// A share of the viewer's department in the suggestion that `column` names.
fn share_exists<C: ColumnTrait>(viewer: &Viewer, column: C, access: Access) -> Expr {
    use entity::share::Column as Share;
    let mut shares = Query::select();
    shares
        .expr(Expr::val(1))
        .from(entity::share::Entity)
        .and_where(Share::County.eq(viewer.county().clone()))
        .and_where(Share::Department.eq(viewer.department()))
        .and_where(Expr::col((entity::share::Entity, Share::Submission)).eq(column.into_simple_expr()));
    if access == Access::Change {
        shares.and_where(Share::Capability.is_in([Capability::Collect, Capability::Handle]));
    }
    fenced(shares)
}

/// The person behind the suggestion that `column` names was erased.
fn person_erased<C: ColumnTrait>(viewer: &Viewer, column: C) -> Expr {
    use entity::person::Column as Person;
    let mut persons = Query::select();
    persons
        .expr(Expr::val(1))
        .from(entity::person::Entity)
        .and_where(Person::County.eq(viewer.county().clone()))
        .and_where(Person::ErasedAt.is_not_null())
        .and_where(Expr::col((entity::person::Entity, Person::Submission)).eq(column.into_simple_expr()));
    fenced(persons)
}

/// Whether there is such a row, looked up for each row that asks. PostgreSQL would otherwise join with all shares of the
/// department, which grow with the years; it leaves a subquery with an offset alone, and SQLite takes none without a limit.
fn fenced(mut rows: SelectStatement) -> Expr {
    rows.limit(1).offset(0);
    Expr::exists(rows)
}

/// Whether a change would say anew whose a row is, or what a trigger alone says: county and owner are given once, at the
/// insert. The viewer's own county is what every row in scope has already.
pub(super) fn frozen<E: Scoped>(viewer: &Viewer, column: &E::Column, value: &Value) -> bool {
    let same = |other: E::Column| other.as_str() == column.as_str();
    let owner = match E::binding() {
        Binding::Department(owner)
        | Binding::Figures(owner)
        | Binding::Pending(owner)
        | Binding::Submission(_, owner)
        | Binding::Carried(_, owner)
        | Binding::Former(_, owner, _)
        | Binding::Inspected(owner, _)
        | Binding::Issued(owner, _)
        | Binding::Filed(owner) => same(owner),
        Binding::Visit(owner, township, committee, _) => same(owner) || same(township) || same(committee),
        // The rest of a share follows its suggestion by a trigger.
        Binding::Share(.., changed) => !same(changed) && !same(E::county()),
        Binding::FormerText(_, title, content, extra) => {
            ![title, content, extra].into_iter().any(same) && !same(E::county())
        }
        _ => false,
    };
    owner || same(E::county()) && *value != viewer.county().clone().into()
}

/// The column that names the suggestion which a row belongs to: whoever writes such a row changes that suggestion.
pub(super) fn suggestion<E: Scoped>() -> Option<E::Column> {
    match E::binding() {
        Binding::Submission(column, _)
        | Binding::Child(column)
        | Binding::FormerText(column, ..)
        | Binding::Share(_, column, ..) => Some(column),
        _ => None,
    }
}

/// Whether people work by the rows of a table, other than suggestions: what a department writes or has to read, what visits
/// reach, what the plan says. Not what the program keeps for itself, nor accounts.
pub(super) fn is_work<E: Scoped>() -> bool {
    match E::binding() {
        Binding::Directory
        | Binding::Department(_)
        | Binding::Figures(_)
        | Binding::Visit(..)
        | Binding::Reach(..)
        | Binding::Decided(_)
        | Binding::Carried(..)
        | Binding::Former(..)
        | Binding::Inspected(..)
        | Binding::Issued(..)
        | Binding::Filed(_) => true,
        Binding::County
        | Binding::Share(..)
        | Binding::Submission(..)
        | Binding::Child(_)
        | Binding::FormerText(..)
        | Binding::Account(..)
        | Binding::Own(_)
        | Binding::Pending(_)
        | Binding::Lookup
        | Binding::Audit
        | Binding::Seal
        | Binding::Keys => false,
    }
}

/// County and department as an insert stamps them. Whoever writes all of a county names the department, which the
/// plan gave; anyone else's rows are its own department's, whatever the row said.
pub(super) fn stamps<E: Scoped>(viewer: &Viewer) -> Vec<(E::Column, Value)> {
    let mut stamps = vec![(E::county(), viewer.county().clone().into())];
    let owner = match E::binding() {
        Binding::Department(column)
        | Binding::Figures(column)
        | Binding::Share(column, ..)
        | Binding::Submission(_, column)
        | Binding::Visit(column, ..)
        | Binding::Carried(_, column)
        | Binding::Former(_, column, _)
        | Binding::Inspected(column, _)
        | Binding::Issued(column, _)
        | Binding::Filed(column) => Some(column),
        _ => None,
    };
    if let Some(column) = owner.filter(|_| viewer.scope().writes != Writes::County) {
        stamps.push((column, viewer.department().into()));
    }
    stamps
}
