//! Finding the cases of somebody who telephones, for a reason that is kept.

use entity::enums::AuditAction;
use entity::id::SubmissionId;
use entity::submission;
use serde_json::json;

use super::shared::reason;
use crate::db::{Trail, Tx};
use crate::error::{ApiError, Stop};
use crate::graphql::context::Request;
use crate::intake::draft::NAME;
use crate::intake::graphql::inputs::{PersonFindInput, PersonMarkInput};
use crate::intake::store::{self, Who};
use crate::intake::unsaid::names_nobody;
use crate::refusal::Refusal;
use crate::scope::profiles::Operation;
use crate::secrets::seal::{Telephone, mask_in_text, mask_names};
use crate::shares::names::names_of;

/// What was found, and whether there is more.
pub(super) type Found = (Vec<submission::Model>, bool);

pub(super) async fn find(request: &Request, input: &PersonFindInput) -> Result<Found, Stop> {
    let tx = request.begin_write(Operation::PersonFind).await?;
    let who = who(&input.by)?;
    let reason = reason(&input.reason)?;
    let found = store::of_person(&tx, &request.app, &who).await?;
    let reason = lasting(request, &tx, &who, &found.0, &reason).await?;
    write_down(request, &tx, &who, &found.0, &reason).await?;
    tx.commit().await?;
    Ok(found)
}

/// A line for each case that was found, so that who found it is told by its own trail; one where none was. None says the
/// telephone or the name, nor their index: an erasure would not reach it.
async fn write_down(
    request: &Request,
    tx: &Tx,
    who: &Who,
    found: &[submission::Model],
    reason: &str,
) -> Result<(), ApiError> {
    let by = match who {
        Who::Phone(_) => "PHONE",
        Who::Name(_) => "NAME",
    };
    let subjects = found.iter().map(|row| format!("submission:{}", row.id.0));
    let subjects: Vec<String> = if found.is_empty() { vec!["nobody".to_owned()] } else { subjects.collect() };
    let line = |subject| Trail {
        id: request.new_key(),
        at: request.now,
        action: AuditAction::PersonFind,
        subject,
        detail: json!({ "by": by, "found": found.len(), "reason": reason }),
    };
    Ok(tx.audit_all(subjects.into_iter().map(line)).await?)
}

/// The reason as it is kept for good: without the name that was looked for, those of the people found, and any number.
async fn lasting(
    request: &Request,
    tx: &Tx,
    who: &Who,
    found: &[submission::Model],
    reason: &str,
) -> Result<String, ApiError> {
    let cases: Vec<SubmissionId> = found.iter().map(|row| row.id).collect();
    let mut names = if cases.is_empty() { Vec::new() } else { names_of(tx, &request.app, &cases).await? };
    if let Who::Name(name) = who {
        names.push(name.clone());
    }
    Ok(mask_in_text(&names.iter().fold(reason.to_owned(), |reason, name| mask_names(&reason, name))))
}

fn who(by: &PersonMarkInput) -> Result<Who, Refusal> {
    match by {
        PersonMarkInput::Phone(typed) => Telephone::parse(typed)
            .map(Who::Phone)
            .map_err(|_| Refusal::invalid("by.phone", "电话号码格式不对", "Not a telephone number")),
        PersonMarkInput::Name(typed) if !names_nobody(typed) && typed.chars().count() <= NAME => {
            Ok(Who::Name(typed.clone()))
        }
        PersonMarkInput::Name(_) => {
            let zh = format!("请填写完整姓名，1 至 {NAME} 个字");
            Err(Refusal::invalid("by.name", zh, format!("Give the whole name, 1 to {NAME} characters")))
        }
    }
}
