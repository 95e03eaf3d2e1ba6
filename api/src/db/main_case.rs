//! What became of the cases that suggestions were merged into, for whoever sees the merged ones: the outcome, and neither
//! which case it is nor whose (S24). On PostgreSQL a function gives out that much, and binds it to the settings of the
//! transaction.

use std::collections::HashMap;

use entity::enums::{ProjectStatus, Stage};
use entity::id::SubmissionId;
use entity::{merger, project, project_source, share, submission};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, DbBackend, IntoSimpleExpr as _};

use super::fault::Fault;
use super::tx::Tx;
use crate::scope::profiles::Reach;
use crate::scope::viewer::Viewer;

/// What is told of the case that a suggestion was merged into.
#[derive(Clone, Copy, Debug)]
pub struct MainCase {
    /// Where it stands.
    pub stage: Stage,
    /// Whether it is part of an adopted project.
    pub adopted: bool,
    /// Whether it is one of those that were named beside the merged one.
    pub beside: bool,
}

impl Tx {
    /// What is known of the cases that these suggestions were merged into, as far as the viewer sees the merged ones.
    /// `beside` are suggestions that are looked at together with them: whether the other is one of these.
    pub async fn main_cases(
        &self,
        merged: &[SubmissionId],
        beside: &[SubmissionId],
    ) -> Result<HashMap<SubmissionId, MainCase>, Fault> {
        if merged.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = if self.backend() == DbBackend::Postgres {
            let sql = "SELECT merged_one, stands, taken, near FROM main_cases($1::uuid[], $2::uuid[])";
            self.query_kernel(sql, vec![array(merged).into(), array(beside).into()]).await?
        } else {
            self.query_all(&known_of(self.viewer(), merged, beside)).await?
        };
        let known = rows.iter().map(|row| {
            let main = MainCase {
                stage: row.try_get_by_index(1)?,
                adopted: row.try_get_by_index(2)?,
                beside: row.try_get_by_index(3)?,
            };
            Ok((row.try_get_by_index(0)?, main))
        });
        known.collect()
    }
}

/// A list of keys as PostgreSQL reads it.
fn array(ids: &[SubmissionId]) -> String {
    let keys: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    format!("{{{}}}", keys.join(","))
}

/// What `main_cases` of `sql/anew/main_case.pg.sql` says, for SQLite.
fn known_of(viewer: &Viewer, merged: &[SubmissionId], beside: &[SubmissionId]) -> SelectStatement {
    use merger::Column as M;
    use submission::Column as S;
    let county = viewer.county();
    let mut rows = Query::select();
    rows.expr(M::Merged.into_simple_expr())
        .expr(S::Stage.into_simple_expr())
        .expr(Expr::exists(adopted(viewer)))
        .expr(M::Target.is_in(beside.iter().copied()))
        .from(merger::Entity)
        .from(submission::Entity)
        .and_where(M::County.eq(county.clone()))
        .and_where(M::Merged.is_in(merged.iter().copied()))
        .and_where(M::UndoneAt.is_null())
        .and_where(S::County.eq(county.clone()))
        .and_where(S::Id.into_simple_expr().eq(M::Target.into_simple_expr()));
    if viewer.scope().reads != Reach::County {
        rows.and_where(Expr::exists(seen(viewer)));
    }
    rows
}

/// An adopted project that the other case is a source of.
fn adopted(viewer: &Viewer) -> SelectStatement {
    use project::Column as P;
    use project_source::Column as Source;
    let mut rows = Query::select();
    rows.expr(Expr::val(1))
        .from(project_source::Entity)
        .from(project::Entity)
        .and_where(Source::County.eq(viewer.county().clone()))
        .and_where(Source::Submission.into_simple_expr().eq(merger::Column::Target.into_simple_expr()))
        .and_where(P::County.eq(viewer.county().clone()))
        .and_where(P::Id.into_simple_expr().eq(Source::Project.into_simple_expr()))
        .and_where(P::Status.is_in([ProjectStatus::Adopted, ProjectStatus::Changed]));
    rows
}

/// A share of the viewer's department in the merged one.
fn seen(viewer: &Viewer) -> SelectStatement {
    use share::Column as Share;
    let mut rows = Query::select();
    rows.expr(Expr::val(1))
        .from(share::Entity)
        .and_where(Share::County.eq(viewer.county().clone()))
        .and_where(Share::Department.eq(viewer.department()))
        .and_where(Share::Submission.into_simple_expr().eq(merger::Column::Merged.into_simple_expr()));
    rows
}
