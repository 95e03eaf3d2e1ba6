//! What the schema says beyond types: who may ask for a field, and what is null only beside an error.

use async_graphql::TypeDirective;
use entity::enums::{Position, RightsProfile};

use crate::scope::profiles::{Operation, allows};

/// Who may ask for the field: any post or portal of one of the profiles, and whoever heads a department of one of the
/// others. Everybody else who is signed in gets FORBIDDEN, whatever the row. 权限
#[TypeDirective(name = "access", location = "FieldDefinition")]
pub(crate) fn open_to(profiles: Vec<RightsProfile>, heads: Option<Vec<RightsProfile>>) {}

/// For anybody, signed in or not: a person's token that does not hold is then as none. 无须登录
#[TypeDirective(name = "public", location = "FieldDefinition")]
pub(crate) fn open_to_all() {}

/// Null only where an error with this path says why. 仅出错时为空
#[TypeDirective(name = "semanticNonNull", location = "FieldDefinition")]
pub(crate) fn semantic_non_null(#[graphql(default_with = "vec![0]")] levels: Vec<i32>) {}

/// What the arguments mean: the library prints no description of a directive's arguments.
const ARGUMENTS: [(&str, &str); 3] = [
    ("profiles:", "Any post, or a portal, of these. 权限类别"),
    ("heads:", "Of these, whoever heads the department. 限主要负责人"),
    ("levels:", "Depths of lists that are meant; 0 is the field itself. 列表层次"),
];

/// The schema's text with the arguments of its directives described.
pub(crate) fn described(sdl: &str) -> String {
    let line = |line: &str| {
        if !line.starts_with("directive @") {
            return line.to_owned();
        }
        ARGUMENTS.iter().fold(line.to_owned(), |line, (argument, description)| {
            line.replacen(argument, &format!("\"{description}\" {argument}"), 1)
        })
    };
    sdl.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Profiles every post of which may call one of the operations, as the rights table says.
pub(crate) fn profiles(operations: &[Operation]) -> Vec<RightsProfile> {
    of_rank(Position::Officer, operations)
}

/// Profiles of which only a department's head may; nothing when there are none.
pub(crate) fn heads(operations: &[Operation]) -> Option<Vec<RightsProfile>> {
    let everybody = profiles(operations);
    let heads = of_rank(Position::Head, operations);
    let only = heads.into_iter().filter(|profile| !everybody.contains(profile)).collect::<Vec<_>>();
    (!only.is_empty()).then_some(only)
}

/// Profiles that people have: whatever concerns a session of an account.
pub(crate) fn people() -> Vec<RightsProfile> {
    let all = RightsProfile::ALL.iter().copied();
    all.filter(|profile| *profile != RightsProfile::Portal).collect()
}

fn of_rank(rank: Position, operations: &[Operation]) -> Vec<RightsProfile> {
    let may = |profile: &RightsProfile| operations.iter().any(|operation| allows(*profile, rank, *operation));
    RightsProfile::ALL.iter().copied().filter(may).collect()
}
