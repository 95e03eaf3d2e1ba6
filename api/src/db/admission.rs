//! Which rows a viewer may add: the first wall's side of every insert, with the conditions of the second wall. What only
//! the database can tell is looked up before the insert, as one query for each kind of proof.

use std::collections::BTreeSet;
use std::sync::MutexGuard;

use entity::enums::Capability;
use entity::{project_view, share, village};
use sea_orm::{ActiveModelTrait, Value};
use uuid::Uuid;

use super::binding::{Binding, Scoped};
use super::fault::Fault;
use super::lock::locked;
use super::predicate::Predicate;
use super::scoped::keeps_keys;
use super::search::Document;
use super::tx::Tx;
use crate::scope::profiles::{Accounts, Visits, Writes};
use crate::scope::viewer::Viewer;

/// Whether a row may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// Not by this viewer.
    Never,
    /// Whatever else stands in the database.
    Always,
    /// If this stands there.
    If(Proof),
}

/// What has to stand in the database for a row to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// A share by which the viewer's department works on this suggestion.
    Share(Uuid),
    /// A view by the viewer's department of this project.
    View(Uuid),
    /// A village of this township and this committee.
    Village(Uuid, Option<Uuid>, Option<Uuid>),
}

/// Whether a stamped row may be added by this viewer.
pub(super) fn admission<A>(viewer: &Viewer, row: &A) -> Admission
where
    A: ActiveModelTrait,
    A::Entity: Scoped,
{
    let scope = viewer.scope();
    let county = scope.writes == Writes::County;
    let own = |column| key(row, column) == Some(viewer.department().0);
    let writes_own = |column| scope.writes == Writes::Own && own(column);
    let papers = |column| scope.writes == Writes::Papers && own(column);
    match A::Entity::binding() {
        // Triggers alone write these.
        Binding::Reach(..) | Binding::Pending(_) => Admission::Never,
        Binding::Lookup | Binding::Audit => Admission::Always,
        Binding::Seal | Binding::Keys => when(keeps_keys(viewer)),
        Binding::County | Binding::Directory | Binding::Department(_) | Binding::Decided(_) => when(county),
        Binding::Figures(column) | Binding::Submission(_, column) => when(county || writes_own(column)),
        Binding::Share(department, _, owner, capability, _) => {
            let collects = row.get(capability).into_value() == Some(Capability::Collect.into());
            when(county || (writes_own(department) && own(owner) && collects))
        }
        Binding::Child(submission) | Binding::FormerText(submission, ..) => {
            shared(viewer, key(row, submission))
        }
        Binding::Account(department, _) => when(match scope.accounts {
            Accounts::County => true,
            Accounts::Own => own(department),
            Accounts::Oneself => false,
        }),
        Binding::Own(holder) => {
            when(scope.accounts == Accounts::County || key(row, holder) == Some(viewer.actor()))
        }
        Binding::Visit(owner, township, committee, village) => {
            let visits = match scope.visits {
                Visits::Nowhere => false,
                Visits::Anywhere => own(owner),
                Visits::OwnVillage => own(owner) && own(committee),
            };
            if county || visits {
                placed(key(row, village), key(row, township), key(row, committee))
            } else {
                Admission::Never
            }
        }
        Binding::Carried(project, department) => match key(row, project) {
            _ if county => Admission::Always,
            Some(project) if writes_own(department) => Admission::If(Proof::View(project)),
            _ => Admission::Never,
        },
        Binding::Former(project, department, _) => match key(row, project) {
            _ if county => Admission::Always,
            _ if !writes_own(department) && !papers(department) => Admission::Never,
            Some(project) => Admission::If(Proof::View(project)),
            None => Admission::Always,
        },
        Binding::Inspected(author, _) | Binding::Issued(author, _) => when(county || papers(author)),
        Binding::Filed(column) => when(county || writes_own(column) || papers(column)),
    }
}

/// The suggestion that a row of `share` lets the viewer's department work on.
pub(super) fn worked_on<A>(viewer: &Viewer, row: &A) -> Option<Uuid>
where
    A: ActiveModelTrait,
    A::Entity: Scoped,
{
    let Binding::Share(department, submission, _, capability, _) = A::Entity::binding() else {
        return None;
    };
    let capability = row.get(capability).into_value();
    let works =
        [Capability::Collect, Capability::Handle].into_iter().any(|works| capability == Some(works.into()));
    let own = key(row, department) == Some(viewer.department().0);
    key(row, submission).filter(|_| own && works)
}

/// What hangs on a suggestion is added by whoever works on it.
fn shared(viewer: &Viewer, submission: Option<Uuid>) -> Admission {
    match (viewer.scope().writes, submission) {
        (Writes::County, _) => Admission::Always,
        (Writes::Own, Some(submission)) => Admission::If(Proof::Share(submission)),
        _ => Admission::Never,
    }
}

/// Nobody shows a row to others than the register says.
fn placed(village: Option<Uuid>, township: Option<Uuid>, committee: Option<Uuid>) -> Admission {
    match (village, township, committee) {
        (None, None, None) => Admission::Always,
        (None, _, _) => Admission::Never,
        (Some(village), _, _) => Admission::If(Proof::Village(village, township, committee)),
    }
}

fn when(admitted: bool) -> Admission {
    if admitted { Admission::Always } else { Admission::Never }
}

/// The key in a column; none where there is no value.
fn key<A>(row: &A, column: <A::Entity as sea_orm::EntityTrait>::Column) -> Option<Uuid>
where
    A: ActiveModelTrait,
{
    match row.get(column).into_value() {
        Some(Value::Uuid(key)) => key,
        _ => None,
    }
}

fn refused() -> Fault {
    Fault::Broken("a row that its writer may not add".to_owned())
}

impl Tx {
    /// Refuses unless every row may be added.
    pub(super) async fn admit(&self, rows: Vec<Admission>) -> Result<(), Fault> {
        let mut proofs = BTreeSet::new();
        for admission in rows {
            match admission {
                Admission::Never => return Err(refused()),
                Admission::Always => {}
                Admission::If(proof) => {
                    proofs.insert(proof);
                }
            }
        }
        // Boxed: every write of the program holds this future, and few of them need it.
        if proofs.is_empty() || Box::pin(self.stands(&proofs)).await? { Ok(()) } else { Err(refused()) }
    }

    /// Refuses unless the viewer works on every one of the suggestions: for what is kept of them outside the entities.
    pub(super) async fn admit_texts(&self, texts: &[Document]) -> Result<(), Fault> {
        let rows = texts.iter().map(|text| shared(self.viewer(), Some(text.submission.0)));
        self.admit(rows.collect()).await
    }

    async fn stands(&self, proofs: &BTreeSet<Proof>) -> Result<bool, Fault> {
        let shares = keys(proofs, |proof| match proof {
            Proof::Share(submission) => Some(*submission),
            _ => None,
        });
        let views = keys(proofs, |proof| match proof {
            Proof::View(project) => Some(*project),
            _ => None,
        });
        let villages = keys(proofs, |proof| match proof {
            Proof::Village(village, ..) => Some(*village),
            _ => None,
        });
        Ok(self.shares_stand(shares).await?
            && self.views_stand(views).await?
            && self.villages_stand(villages, proofs).await?)
    }

    async fn shares_stand(&self, mut submissions: BTreeSet<Uuid>) -> Result<bool, Fault> {
        use share::Column;
        let proven = self.proven().clone();
        submissions.retain(|submission| !proven.contains(submission));
        if submissions.is_empty() {
            return Ok(true);
        }
        let wanted = submissions.len();
        let asked = submissions.clone();
        let rows = self
            .from::<share::Entity>()
            .filter(Predicate::among(Column::Submission, submissions))
            .filter(Predicate::is(Column::Department, self.viewer().department()))
            .filter(Predicate::among(Column::Capability, [Capability::Collect, Capability::Handle]));
        let stand = usize::try_from(rows.count().await?) == Ok(wanted);
        if stand {
            self.proven().extend(asked);
        }
        Ok(stand)
    }

    /// Found once, it is not asked again in this transaction; PostgreSQL's policies look at each row all the same.
    fn proven(&self) -> MutexGuard<'_, BTreeSet<Uuid>> {
        locked(&self.proven)
    }

    /// Notes the shares that were added: whoever collects a suggestion works on it.
    pub(super) fn shares_added(&self, added: Vec<Uuid>) {
        self.proven().extend(added);
    }

    /// Forgets what was found, once shares are removed; what a share lets one do is never changed.
    pub(super) fn shares_removed<E: Scoped>(&self) {
        if matches!(E::binding(), Binding::Share(..)) {
            self.proven().clear();
        }
    }

    async fn views_stand(&self, projects: BTreeSet<Uuid>) -> Result<bool, Fault> {
        use project_view::Column;
        if projects.is_empty() {
            return Ok(true);
        }
        let wanted = projects.len();
        let rows = self
            .from::<project_view::Entity>()
            .filter(Predicate::among(Column::Project, projects))
            .filter(Predicate::is(Column::Department, self.viewer().department()));
        Ok(usize::try_from(rows.count().await?) == Ok(wanted))
    }

    async fn villages_stand(
        &self,
        villages: BTreeSet<Uuid>,
        proofs: &BTreeSet<Proof>,
    ) -> Result<bool, Fault> {
        if villages.is_empty() {
            return Ok(true);
        }
        let rows = self.from::<village::Entity>().filter(Predicate::among(village::Column::Id, villages));
        let registered: BTreeSet<Proof> = rows.all().await?.iter().map(registered).collect();
        let mut wanted = proofs.iter().filter(|proof| matches!(proof, Proof::Village(..)));
        Ok(wanted.all(|proof| registered.contains(proof)))
    }
}

fn registered(village: &village::Model) -> Proof {
    let committee = village.committee.map(|committee| committee.0);
    Proof::Village(village.id.0, Some(village.department.0), committee)
}

fn keys(proofs: &BTreeSet<Proof>, of: impl Fn(&Proof) -> Option<Uuid>) -> BTreeSet<Uuid> {
    proofs.iter().filter_map(of).collect()
}
