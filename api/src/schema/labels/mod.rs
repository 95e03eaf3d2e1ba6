//! What a client needs of the schema as data and can't ask the schema for: what the values of its enums are called in both
//! languages, and which of its objects have no id. Served as `/labels.json`, and committed as `api/labels.json`.

mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use async_graphql::InputType;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeDefinition, TypeKind, TypeSystemDefinition};
use async_graphql::resolver_utils::EnumType;
use entity::enums::{
    AccountRequestKind, AccountRequestStatus, AuditAction, CircularRate, CircularStatus, DecisionResult,
    DueState, ExplanationChannel, ImportStatus, InvalidReason, InvalidationStatus, MeetingKind,
    MeetingStatus, PaperKind, Position, ProgressKind, ProjectStatus, RecheckResult, RecordAction,
    RightsProfile, Stage, SubmissionKind, SummaryKind, SummaryStatus, TaskState, UnitPlanState, Urgency,
    VillageClass, VillageKind, VisitKind,
};
use entity::labels::{Label, Labelled};
use serde::Serialize;

use super::definitions;
use crate::access::graphql::ActorKind;
use crate::agenda::OwedKind;
use crate::campaign::graphql::FormFieldKind;
use crate::conformance::rules::ClauseStatus;
use crate::coverage::graphql::CoverageNumerator;
use crate::events::ChangeKind;
use crate::export::Format;
use crate::fate::rules::{Disposition, WaitsFor, WaitsForWhom};
use crate::intake::graphql::{HighlightField, OrderDirection, PublicClosure};
use crate::refusal::UserErrorCode;
use crate::reporting::summary::rules::SummaryWarningCode;
use crate::scope::profiles::Operation;
use crate::shares::figures::Dimension;
use crate::shares::filter::Queue;
use crate::shares::find::Order;

/// The whole as JSON, ending in a line break; the same bytes each time.
pub static LABELS: LazyLock<String> = LazyLock::new(|| {
    let labels = Labels { enums: enums(), types_without_id: types_without_id() };
    // Maps of texts: this can't fail.
    format!("{}\n", serde_json::to_string_pretty(&labels).unwrap_or_default())
});

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Labels {
    /// By enum, by value.
    enums: BTreeMap<String, Words>,
    /// Objects that a client's cache can't keep by id.
    types_without_id: Vec<String>,
}

type Words = BTreeMap<&'static str, Label>;

/// The words of every enum of the schema; a test compares this list with the schema.
fn enums() -> BTreeMap<String, Words> {
    macro_rules! words {
        ($($name:ident),* $(,)?) => { BTreeMap::from([$(words_of::<$name>()),*]) };
    }
    words!(
        AccountRequestKind,
        AccountRequestStatus,
        ActorKind,
        AuditAction,
        ChangeKind,
        CircularRate,
        CircularStatus,
        ClauseStatus,
        CoverageNumerator,
        DecisionResult,
        Dimension,
        Disposition,
        DueState,
        ExplanationChannel,
        FormFieldKind,
        Format,
        HighlightField,
        ImportStatus,
        InvalidReason,
        InvalidationStatus,
        MeetingKind,
        MeetingStatus,
        PaperKind,
        Operation,
        Order,
        OrderDirection,
        OwedKind,
        Position,
        ProgressKind,
        ProjectStatus,
        PublicClosure,
        Queue,
        RecheckResult,
        RecordAction,
        RightsProfile,
        Stage,
        SubmissionKind,
        SummaryKind,
        SummaryStatus,
        SummaryWarningCode,
        TaskState,
        UnitPlanState,
        Urgency,
        UserErrorCode,
        VillageClass,
        VillageKind,
        VisitKind,
        WaitsFor,
        WaitsForWhom,
    )
}

/// Name of an enum in the schema, and what its values are called.
fn words_of<T: EnumType + InputType + Labelled>() -> (String, Words) {
    let values = T::items().iter().map(|item| (item.name, item.value.label()));
    (<T as InputType>::type_name().into_owned(), values.collect())
}

/// Objects without an id, by name; the three roots are no objects that a cache keeps.
fn types_without_id() -> Vec<String> {
    // The text is made by this program; an unreadable one lists nothing and fails the tests.
    let definitions = parse_schema(definitions()).map(|document| document.definitions).unwrap_or_default();
    let mut names: Vec<String> = definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        })
        .filter(lacks_id)
        .map(|definition| definition.name.node.to_string())
        .filter(|name| !["Query", "Mutation", "Subscription"].contains(&name.as_str()))
        .collect();
    names.sort();
    names
}

fn lacks_id(definition: &TypeDefinition) -> bool {
    match &definition.kind {
        TypeKind::Object(object) => !object.fields.iter().any(|field| field.node.name.node == "id"),
        _ => false,
    }
}
