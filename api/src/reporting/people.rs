//! How the people who sign and those who owe are named in documents.

use std::collections::HashMap;

use entity::labels::Labelled as _;
use entity::{account, department};

use crate::db::{Fault, Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::plan::Plan;
use crate::scope::viewer::Credential;

/// Name and rank of the person who acts, as a document prints them: the name may change later, the document does not.
pub(super) async fn signature_name(tx: &Tx) -> Result<String, Stop> {
    let Credential::Post { account, position, .. } = tx.viewer().credential() else {
        return Err(ApiError::forbidden().into());
    };
    let named = Predicate::is(account::Column::Id, *account);
    let row = tx.from::<account::Entity>().filter(named).one().await?;
    let row = row.ok_or_else(|| ApiError::internal("an account does not see itself"))?;
    Ok(format!("{}（{}）", row.display_name, position.chinese()))
}

/// Rows of the departments with these codes, in that order; whoever sees only its own gets at most that one.
pub(super) async fn departments(tx: &Tx, codes: &[&str]) -> Result<Vec<department::Model>, ApiError> {
    let named = Predicate::among(department::Column::Code, codes.iter().copied());
    let rows = tx.from::<department::Entity>().filter(named).all().await?;
    let viewer = tx.viewer();
    let mut found: HashMap<String, department::Model> = rows
        .into_iter()
        .filter(|row| viewer.sees_county() || row.id == viewer.department())
        .map(|row| (row.code.clone(), row))
        .collect();
    Ok(codes.iter().filter_map(|code| found.remove(*code)).collect())
}

/// The code of the viewer's own department, if it is one of the plan's.
pub(super) async fn own_code<'p>(tx: &Tx, plan: &'p Plan) -> Result<Option<&'p str>, Fault> {
    let this = Predicate::is(department::Column::Id, tx.viewer().department());
    let row = tx.from::<department::Entity>().filter(this).one().await?;
    let known = row.and_then(|row| plan.department(&row.code));
    Ok(known.map(|known| known.code.as_str()))
}
