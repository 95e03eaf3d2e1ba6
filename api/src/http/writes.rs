//! How many writes a request asks for, and whether its caller may write so often.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;

use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};

use super::refused::Refused;
use crate::access::rates::{RateKey, Rates};
use crate::access::viewer::{Credential, Viewer};
use crate::graphql::error::{ApiError, ErrorCode};

/// Most writes of one request by somebody who has not signed in.
const MOST_OF_STRANGERS: u32 = 1;

/// The writes of an operation: the fields at a mutation's root, fragments expanded, whatever they are called. Each
/// fragment is counted once and remembered. Nothing for a query.
pub(super) fn asked(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Option<NonZeroU32> {
    if operation.ty != OperationType::Mutation {
        return None;
    }
    let mut count = Count {
        document,
        known: HashMap::new(),
    };
    NonZeroU32::new(count.set(&operation.selection_set.node))
}

/// Counts writes against their caller's rate, and refuses what comes too soon before any of it is executed.
pub(super) fn charge(
    rates: &Rates,
    caller: Option<&Viewer>,
    address: IpAddr,
    writes: NonZeroU32,
) -> Result<(), Refused> {
    let key = match caller {
        None if writes.get() > MOST_OF_STRANGERS => return Err(one_at_a_time()),
        None => RateKey::Address(address),
        Some(viewer) => match viewer.credential() {
            Credential::Portal { client, .. } => RateKey::Portal(client.0),
            Credential::Post { .. } | Credential::System(_) => RateKey::Account(viewer.actor()),
        },
    };
    let charged = rates.charge_many(key, writes);
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
}

impl<'d> Count<'d> {
    fn set(&mut self, set: &'d SelectionSet) -> u32 {
        set.items.iter().fold(0, |count: u32, item| {
            count.saturating_add(self.selection(&item.node))
        })
    }

    fn selection(&mut self, selection: &'d Selection) -> u32 {
        match selection {
            Selection::Field(field) => u32::from(field.node.name.node != "__typename"),
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
        asked(&document, &operation.node).map_or(0, NonZeroU32::get)
    }

    #[test]
    fn each_field_of_the_root_is_a_write_however_it_is_reached() {
        assert_eq!(count("{ a b c }"), 0);
        assert_eq!(count("mutation { __typename }"), 0);
        assert_eq!(count("mutation { a { b c d } }"), 1);
        assert_eq!(
            count("mutation { a x: a ... { y: a } ...f ...f } fragment f on Mutation { z: a }"),
            5
        );
        assert_eq!(count("mutation { ...none }"), 0);
    }

    #[test]
    fn fragments_that_double_are_counted_without_expanding_them() {
        let mut text = String::from("mutation { ...f0 }");
        for step in 0..60 {
            let next = step + 1;
            write!(
                text,
                " fragment f{step} on Mutation {{ ...f{next} ...f{next} }}"
            )
            .unwrap();
        }
        text.push_str(" fragment f60 on Mutation { a }");
        assert_eq!(count(&text), u32::MAX);
    }
}
