//! How many writes a request asks for, and whether its caller may write so often.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;

use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};

use super::refused::Refused;
use crate::error::{ApiError, ErrorCode};
use crate::limits::rates::{RateKey, Rates};
use crate::scope::viewer::{Credential, Viewer};

/// Most writes of one request by somebody who has not signed in.
const MOST_OF_STRANGERS: u32 = 1;

/// What a mutation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Writes {
    /// How many.
    count: NonZeroU32,
    /// Whether it is one sign-in with a password and nothing else.
    pub(super) sign_in: bool,
}

/// The writes of an operation: the fields at a mutation's root, fragments expanded, whatever they are called. Each
/// fragment is counted once and remembered. Nothing for a query.
pub(super) fn asked(document: &ExecutableDocument, operation: &OperationDefinition) -> Option<Writes> {
    if operation.ty != OperationType::Mutation {
        return None;
    }
    let mut count = Count { document, known: HashMap::new(), sign_in: false };
    let writes = NonZeroU32::new(count.set(&operation.selection_set.node))?;
    Some(Writes { count: writes, sign_in: count.sign_in && writes == NonZeroU32::MIN })
}

/// Counts writes against their caller's rate, and refuses what comes too soon before any of it is executed.
pub(super) fn charge(
    rates: &Rates,
    caller: Option<&Viewer>,
    address: IpAddr,
    writes: Writes,
) -> Result<(), Refused> {
    let key = match caller {
        None if writes.count.get() > MOST_OF_STRANGERS => return Err(one_at_a_time()),
        None => RateKey::Address(address),
        Some(viewer) => match viewer.credential() {
            Credential::Portal { client, .. } => RateKey::Portal(client.0),
            Credential::Post { .. } | Credential::System(_) => RateKey::Account(viewer.actor()),
        },
    };
    let charged = rates.charge_many(key, writes.count);
    Ok(charged.map_err(ApiError::rate_limited)?)
}

fn one_at_a_time() -> Refused {
    Refused::document(
        ErrorCode::QueryTooComplex,
        "未登录时每次请求只能有一个操作",
        "Without signing in a request may have one mutation field",
    )
}

struct Count<'d> {
    document: &'d ExecutableDocument,
    /// Zero while a fragment is being counted; one within itself is refused elsewhere.
    known: HashMap<&'d str, u32>,
    sign_in: bool,
}

impl<'d> Count<'d> {
    fn set(&mut self, set: &'d SelectionSet) -> u32 {
        set.items.iter().fold(0, |count: u32, item| count.saturating_add(self.selection(&item.node)))
    }

    fn selection(&mut self, selection: &'d Selection) -> u32 {
        match selection {
            Selection::Field(field) => {
                let name = field.node.name.node.as_str();
                self.sign_in |= name == "sessionLogin";
                u32::from(name != "__typename")
            }
            Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
        }
    }

    fn fragment(&mut self, name: &str) -> u32 {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return 0;
        };
        if let Some(known) = self.known.get(name.as_str()) {
            return *known;
        }
        self.known.insert(name, 0);
        let count = self.set(&fragment.node.selection_set.node);
        self.known.insert(name, count);
        count
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use async_graphql::parser::parse_query;

    use super::*;

    fn count(text: &str) -> u32 {
        let document = parse_query(text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        asked(&document, &operation.node).map_or(0, |writes| writes.count.get())
    }

    #[test]
    fn signing_in_is_seen_however_it_is_written() {
        let signs_in = |text: &str| {
            let document = parse_query(text).unwrap();
            let (_, operation) = document.operations.iter().next().unwrap();
            asked(&document, &operation.node).is_some_and(|writes| writes.sign_in)
        };
        assert!(signs_in("mutation { x: sessionLogin { a } }"));
        assert!(signs_in("mutation { ...f } fragment f on Mutation { sessionLogin { a } }"));
        assert!(!signs_in("mutation { sessionRefresh { a } }"));
        assert!(!signs_in("mutation { sessionLogin { a } other { a } }"));
        assert!(!signs_in("{ sessionLogin { a } }"));
    }

    #[test]
    fn each_field_of_the_root_is_a_write_however_it_is_reached() {
        assert_eq!(count("{ a b c }"), 0);
        assert_eq!(count("mutation { __typename }"), 0);
        assert_eq!(count("mutation { a { b c d } }"), 1);
        assert_eq!(count("mutation { a x: a ... { y: a } ...f ...f } fragment f on Mutation { z: a }"), 5);
        assert_eq!(count("mutation { ...none }"), 0);
    }

    #[test]
    fn fragments_that_double_are_counted_without_expanding_them() {
        let mut text = String::from("mutation { ...f0 }");
        for step in 0..60 {
            let next = step + 1;
            write!(text, " fragment f{step} on Mutation {{ ...f{next} ...f{next} }}").unwrap();
        }
        text.push_str(" fragment f60 on Mutation { a }");
        assert_eq!(count(&text), u32::MAX);
    }
}
