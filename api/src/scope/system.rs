//! The named actors of the system, minted here and nowhere else; what they do is in the audit trail under their name.

use entity::id::{County, DepartmentId};
use uuid::Uuid;

use super::profiles::{Accounts, Reach, Visits, Writes};
use super::viewer::{Credential, NOTHING, OPERATOR, Scope, Viewer};

const EVERYTHING: Scope = Scope {
    reads: Reach::County,
    writes: Writes::County,
    visits: Visits::Anywhere,
    accounts: Accounts::County,
    audit: true,
    lookup: false,
};

const INTAKE: Scope = Scope { reads: Reach::County, writes: Writes::County, ..NOTHING };

fn actor(name: &'static str, county: County, department: DepartmentId, scope: Scope) -> Viewer {
    Viewer { county, department, profile: None, credential: Credential::System(name), scope, kept_out: false }
}

fn no_department() -> DepartmentId {
    DepartmentId(Uuid::nil())
}

/// Reads the index tables before a viewer exists: login names, receipt codes, and which counties there are. Belongs to
/// no county.
#[must_use]
pub(crate) fn doorkeeper() -> Option<Viewer> {
    let nowhere = County::parse("000000")?;
    Some(actor("doorkeeper", nowhere, no_department(), Scope { lookup: true, ..NOTHING }))
}

/// Checks credentials and writes sessions of one county.
#[must_use]
pub(crate) fn gatekeeper(county: County) -> Viewer {
    actor("gatekeeper", county, no_department(), Scope { accounts: Accounts::County, ..NOTHING })
}

/// Takes in for the department that the plan's channel map names, in the name of the caller: a portal or a village.
#[must_use]
pub(crate) fn intake(caller: &Viewer) -> Viewer {
    Viewer { scope: INTAKE, ..caller.clone() }
}

/// Takes in from the public, where the plan allows it without a portal of its own.
#[must_use]
pub(crate) fn public_intake(county: County) -> Viewer {
    actor("public", county, no_department(), INTAKE)
}

/// Shows anybody what a county's plans say and whether a campaign is closed: the directories, and no department's rows.
#[must_use]
pub(crate) fn public_desk(county: County) -> Viewer {
    actor("public-desk", county, no_department(), NOTHING)
}

/// Shows a citizen the case of a receipt code, as its collector's department sees it.
#[must_use]
pub(crate) fn receipt_desk(county: County, department: DepartmentId) -> Viewer {
    actor("receipt-desk", county, department, NOTHING)
}

/// Tells apart whom a change concerns before each of them reads it in a scope of its own; changes nothing.
#[must_use]
pub(crate) fn herald(county: County) -> Viewer {
    let scope = Scope { reads: Reach::County, ..NOTHING };
    actor("herald", county, no_department(), scope)
}

/// Applies plans, folds rollups, seals the audit trail: the operator of one county, at the command line or by a timer.
#[must_use]
pub fn operator(county: County) -> Viewer {
    actor(OPERATOR, county, no_department(), EVERYTHING)
}
