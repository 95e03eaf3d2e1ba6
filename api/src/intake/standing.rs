//! Where a suggestion stands, from its row, as the rules are told of it.

use entity::submission::Model;

use super::rules::{Case, Facts};

/// What a step consumes.
#[must_use]
pub const fn case(row: &Model) -> Case {
    Case { stage: row.stage, category: row.category, version: row.version }
}

/// What decides about a step, and whether somebody stands behind it; steps that don't concern the person need not know.
#[must_use]
pub const fn facts(row: &Model, person: bool) -> Facts {
    Facts {
        owner: row.department,
        stage: row.stage,
        confidential: row.confidential,
        person,
        by_citizen: by_citizen(row),
    }
}

/// Whether its citizen wrote it, by a portal or a form: whoever takes something in for somebody is named as having entered it,
/// and what came from a ledger has the ledger's number.
#[must_use]
pub const fn by_citizen(row: &Model) -> bool {
    row.entered_by.is_none() && row.external_ref.is_none()
}
