//! What stands above a printed ledger: whose it is, of which period, who printed it and when.

use super::filter::SubmissionFilter;
use crate::error::ApiError;
use crate::export::printed_by;
use crate::graphql::context::Request;
use crate::graphql::scalars::Date;
use crate::refusal::Language;
use crate::shares::filter::Filter;
use crate::snapshot::Snapshot;
use crate::snapshot::loaders::{must, one};

/// Heading and lines above the table.
pub(super) struct Head {
    pub(super) heading: String,
    pub(super) preface: Vec<String>,
}

impl Head {
    /// Of the one department that the filter names, otherwise of the caller's own.
    pub(super) async fn of(
        request: &Request,
        snapshot: &Snapshot,
        asked: &SubmissionFilter,
        filter: &Filter,
    ) -> Result<Self, ApiError> {
        let named = match filter.departments.as_deref() {
            Some([id]) => one(&snapshot.load.department, *id).await?,
            _ => None,
        };
        let is_narrowed = {
            let departments = filter.departments.clone().filter(|_| named.is_none());
            let rest = Filter { departments, received_from: None, received_before: None, ..filter.clone() };
            rest != Filter::default()
        };
        let department = match named {
            Some(row) => row.name,
            None => must(&snapshot.load.department, request.viewer()?.department()).await?.name,
        };
        let days = days(asked, request.language);
        let narrowed = if is_narrowed {
            request.language.pick("（另有筛选条件）", " (narrowed by a filter as well)")
        } else {
            ""
        };
        let printed = printed_by(request, snapshot).await?;
        Ok(match request.language {
            Language::Chinese => Self {
                preface: vec![format!("单位：{department}　　收到日期：{days}{narrowed}"), printed],
                heading: format!("{department}意见建议台账"),
            },
            Language::English => Self {
                preface: vec![format!("Department: {department}    Received: {days}{narrowed}"), printed],
                heading: format!("Suggestions of {department}"),
            },
        })
    }
}

/// The days of receipt that the filter leaves.
fn days(asked: &SubmissionFilter, language: Language) -> String {
    let (from, to) = (asked.received_from.map(|Date(day)| day), asked.received_to.map(|Date(day)| day));
    match (language, from, to) {
        (Language::Chinese, Some(from), Some(to)) => format!("{from} 至 {to}"),
        (Language::Chinese, Some(from), None) => format!("{from} 起"),
        (Language::Chinese, None, Some(to)) => format!("截至 {to}"),
        (Language::Chinese, None, None) => "不限".to_owned(),
        (Language::English, Some(from), Some(to)) => format!("{from} to {to}"),
        (Language::English, Some(from), None) => format!("from {from} on"),
        (Language::English, None, Some(to)) => format!("up to {to}"),
        (Language::English, None, None) => "at any time".to_owned(),
    }
}
