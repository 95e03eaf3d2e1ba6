//! What stands around the rows of a page that people sign and file: who printed it, and where to sign and to seal.

use crate::clock::shanghai;
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::refusal::Language;
use crate::snapshot::Snapshot;
use crate::snapshot::loaders::{must, one};

/// The line that says who printed it, of which department, and when to the minute.
pub async fn printed_by(request: &Request, snapshot: &Snapshot) -> Result<String, ApiError> {
    let viewer = request.viewer()?;
    let account = match viewer.account() {
        Some(account) => one(&snapshot.load.account, account).await?,
        None => None,
    };
    let name = account.map(|row| row.display_name).unwrap_or_default();
    let department = must(&snapshot.load.department, viewer.department()).await?.name;
    let at = request.now.with_timezone(&shanghai()).format("%Y-%m-%d %H:%M");
    Ok(match request.language {
        Language::Chinese => format!("打印人：{name}（{department}）　　打印时间：{at}"),
        Language::English => format!("Printed by {name} ({department}), {at}"),
    })
}

/// Lines to sign and to date by hand, one for each of these in Chinese and English, and one for the seal.
#[must_use]
pub fn to_sign(language: Language, hands: &[(&str, &str)]) -> Vec<String> {
    let line = |(zh, en): &(&str, &str)| match language {
        Language::Chinese => format!("{zh}（签字）：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日"),
        Language::English => format!("{en} (signature): ________________    Date: ____________"),
    };
    let seal = language.pick("单位（盖章）：", "Seal of the department:");
    hands.iter().map(line).chain([seal.to_owned()]).collect()
}
