//! What a table says of itself for the first wall: whose its rows are.

use sea_orm::EntityTrait;
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait as _};

/// How the rows of a table are bound to a viewer. The columns named are those that the scope compares.
#[derive(Clone, Copy, Debug)]
pub enum Binding<C> {
    /// The county itself: everyone in it reads, the doorkeeper sees which there are; only the plan writes.
    County,
    /// Everyone of the county reads; only the plan writes.
    Directory,
    /// Read with its department, written by the plan.
    Department(C),
    /// Figures and numbers: read and written with their department.
    Figures(C),
    /// Who sees a suggestion: columns of the department, the suggestion, its owner, what the share lets one do, and the only one
    /// that is changed, by the department.
    Share(C, C, C, C, C),
    /// The suggestion itself: id column and owner's department.
    Submission(C, C),
    /// What hangs on a suggestion, by the column that names it.
    Child(C),
    /// What stood in a suggestion before, by the column that names it: added with it, and of the columns behind it changed
    /// once its person is erased.
    FormerText(C, C, C, C),
    /// Accounts and posts: department column and holder column.
    Account(C, C),
    /// Rows of one account.
    Own(C),
    /// Changes of figures that are not folded yet: triggers add them, the fold takes them away.
    Pending(C),
    /// Index tables: a name or a code is added and never given to another.
    Lookup,
    /// The audit trail.
    Audit,
    /// The chain over the audit trail: the operator appends.
    Seal,
    /// Visits and symposiums: who held them, then the township and the committee of the village, which read them too, and
    /// the village.
    Visit(C, C, C, C),
    /// Which households were reached: township and committee of the village. Triggers keep it.
    Reach(C, C),
    /// What is decided about a project, by the column that names it: seen through a view, written by the office.
    Decided(C),
    /// What a department does about a project that it sees: column that names the project, and the department's.
    Carried(C, C),
    /// What stood in a paper before: column that names the project which it is about, if any, the department that replaced
    /// it, and the one that it concerns beside.
    Former(C, C, C),
    /// What one department wrote about another: author's column and the other's. Written by the author alone.
    Inspected(C, C),
    /// What one department wrote for all: author's column, and the one that has a value once all may read it.
    Issued(C, C),
    /// What a department writes down of itself, by its column: also one that writes papers and no suggestions.
    Filed(C),
    /// Which master keys are in use: read before a viewer exists and by the auditor, written by the operator alone.
    Keys,
}

/// What a statement is about to do with the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read them.
    Read,
    /// Change or remove them.
    Change,
}

/// A table that belongs to somebody. Without this impl no statement over it compiles.
pub trait Scoped: EntityTrait {
    /// The column with the county's code.
    fn county() -> Self::Column;
    /// How its rows are bound.
    fn binding() -> Binding<Self::Column>;
}

/// No row at all.
pub(super) fn never() -> Condition {
    Cond::all().add(Expr::val(1).eq(0))
}
