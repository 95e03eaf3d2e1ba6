//! What a parsed document costs before anything is executed: depth, expanded fields and aliases, each fragment counted
//! once and remembered, so that fragments which double thirty times are refused in no time.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};

use super::limits::Limits;
use super::refused::Refused;
use crate::graphql::error::ErrorCode;

/// Most logins in one operation: each is one attempt for the throttle and one hash for a core.
pub(super) const MAX_LOGINS: usize = 1;

/// Refuses an operation that costs too much.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    limits: &Limits,
) -> Result<Cost, Refused> {
    let mut count = Count {
        document,
        known: HashMap::new(),
        circular: false,
    };
    let mut cost = count.set(&operation.selection_set.node);
    // The library validates, fragment by fragment, the operations that are not executed as well.
    let every = document.operations.iter();
    cost.fields = every.fold(0, |fields: usize, (_, operation)| {
        fields.saturating_add(count.set(&operation.node.selection_set.node).fields)
    });
    if count.circular {
        let (zh, en) = ("片段不得包含自身", "A fragment may not contain itself");
        return Err(Refused::document(
            ErrorCode::GraphqlValidationFailed,
            zh,
            en,
        ));
    }
    for (found, limit, zh, en) in [
        (cost.depth, limits.depth, "层", "levels"),
        (cost.fields, limits.fields, "个字段", "fields"),
        (cost.aliases, limits.aliases, "个别名", "aliases"),
        (cost.logins, MAX_LOGINS, "次登录", "login"),
    ] {
        if found > limit {
            return Err(Refused::document(
                ErrorCode::QueryTooComplex,
                format!("查询过于复杂：展开片段后最多 {limit} {zh}"),
                format!("The query costs too much: at most {limit} {en}, fragments expanded"),
            ));
        }
    }
    Ok(cost)
}

/// What an operation costs, fragments expanded.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) depth: usize,
    pub(super) fields: usize,
    pub(super) aliases: usize,
    logins: usize,
}

impl Cost {
    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            logins: self.logins.saturating_add(other.logins),
        }
    }
}

/// Recursion is bounded: nesting by the scan, chains of fragments by its tokens.
struct Count<'d> {
    document: &'d ExecutableDocument,
    /// Nothing while the fragment is being counted.
    known: HashMap<&'d str, Option<Cost>>,
    circular: bool,
}

impl<'d> Count<'d> {
    fn set(&mut self, set: &'d SelectionSet) -> Cost {
        set.items.iter().fold(Cost::default(), |cost, item| {
            cost.beside(self.selection(&item.node))
        })
    }

    fn selection(&mut self, selection: &'d Selection) -> Cost {
        match selection {
            Selection::Field(field) => {
                let below = self.set(&field.node.selection_set.node);
                let name = field.node.name.node.as_str();
                let introspection = name.starts_with("__");
                Cost {
                    depth: if introspection { 1 } else { below.depth + 1 },
                    fields: below.fields.saturating_add(1),
                    aliases: below
                        .aliases
                        .saturating_add(usize::from(field.node.alias.is_some())),
                    logins: below
                        .logins
                        .saturating_add(usize::from(name == "sessionLogin")),
                }
            }
            Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
        }
    }

    fn fragment(&mut self, name: &str) -> Cost {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Cost::default();
        };
        if let Some(known) = self.known.get(name.as_str()) {
            self.circular |= known.is_none();
            return known.unwrap_or_default();
        }
        self.known.insert(name, None);
        let cost = self.set(&fragment.node.selection_set.node);
        self.known.insert(name, Some(cost));
        cost
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use async_graphql::parser::parse_query;

    use super::*;

    fn refused(text: &str) -> bool {
        let document = parse_query(text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        check(&document, &operation.node, &Limits::USUAL).is_err()
    }

    #[test]
    fn fragments_that_double_are_counted_without_expanding_them() {
        let mut text = String::from("{ ...f0 }");
        for step in 0..60 {
            write!(
                text,
                " fragment f{step} on Query {{ ...f{next} ...f{next} }}",
                next = step + 1
            )
            .unwrap();
        }
        text.push_str(" fragment f60 on Query { a }");
        assert!(refused(&text));
    }

    #[test]
    fn an_operation_that_is_not_executed_is_counted_too() {
        let document = parse_query(
            "query A { a } query B { ...b } fragment b on Query { ...c ...c } fragment c on Query { ...b }",
        )
        .unwrap();
        let (_, operation) = document
            .operations
            .iter()
            .find(|(name, _)| name.is_some_and(|name| name == "A"))
            .unwrap();
        assert!(check(&document, &operation.node, &Limits::USUAL).is_err());
    }

    #[test]
    fn depth_and_aliases_are_bounded_and_introspection_is_deep() {
        let deep = |levels: usize| format!("{}{}", "{ a ".repeat(levels), "}".repeat(levels));
        assert!(!refused(&deep(12)));
        assert!(refused(&deep(13)));
        assert!(!refused(&format!("{{ __schema {} }}", deep(16))));
        let aliases = |count: usize| {
            (0..count).fold("{ ".to_owned(), |text, n| text + &format!("a{n}: b ")) + "}"
        };
        assert!(!refused(&aliases(30)));
        assert!(refused(&aliases(31)));
    }

    #[test]
    fn one_operation_signs_in_once_however_it_is_written() {
        let login = "sessionLogin(input: {}) { accessToken }";
        assert!(!refused(&format!("mutation {{ {login} }}")));
        assert!(refused(&format!("mutation {{ {login} b: {login} }}")));
        assert!(refused(&format!(
            "mutation {{ {login} ...f }} fragment f on Mutation {{ c: {login} }}"
        )));
    }

    #[test]
    fn a_fragment_within_itself_is_refused_and_one_used_twice_is_not() {
        assert!(refused(
            "{ ...a } fragment a on Query { b ...c } fragment c on Query { ...a }"
        ));
        assert!(!refused("{ ...a ...a } fragment a on Query { b }"));
    }
}
