//! The walk over an operation that adds up its price.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::Variables;
use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};

use super::fields::{Fields, Rows};
use super::given::{Arguments, Given};
use super::lists::INTROSPECTION;
use super::work::{self, Filtered};
use crate::graphql::connection::{DEFAULT_PAGE, MAX_PAGE};
use crate::schema::definitions;

pub(super) static SCHEMA: LazyLock<Fields> =
    LazyLock::new(|| Fields::of(&format!("{}\n{INTROSPECTION}", definitions())));

/// What one operation costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// Units of work: objects, multiplied by the lists that they stand in, and what is dear of itself.
    pub units: usize,
    /// Scalars and enums, multiplied alike.
    pub values: usize,
    /// Fields that are asked about the schema, multiplied alike.
    pub introspection: usize,
}

impl Price {
    const VALUE: Self = Self { units: 0, values: 1, introspection: 0 };

    const fn units(units: usize) -> Self {
        Self { units, values: 0, introspection: 0 }
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            units: self.units.saturating_add(other.units),
            values: self.values.saturating_add(other.values),
            introspection: self.introspection.saturating_add(other.introspection),
        }
    }

    const fn times(self, rows: usize) -> Self {
        Self {
            units: self.units.saturating_mul(rows),
            values: self.values.saturating_mul(rows),
            introspection: self.introspection.saturating_mul(rows),
        }
    }
}

pub(super) const fn root(operation: &OperationDefinition) -> &'static str {
    match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// What the field around a selection hands to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Around {
    /// Rows of the connection.
    page: usize,
    /// The suggestions that it counts.
    filtered: Filtered,
}

impl Default for Around {
    fn default() -> Self {
        Self { page: 1, filtered: Filtered::default() }
    }
}

/// A field, without what stands below it.
pub(super) struct Alone {
    /// The type of what stands below.
    pub(super) ty: &'static str,
    /// How often that is answered.
    pub(super) times: usize,
    /// What it costs itself, its rows included.
    own: Price,
    /// What it hands to what stands below.
    pub(super) inside: Around,
}

pub(super) struct Count<'d> {
    pub(super) document: &'d ExecutableDocument,
    arguments: Arguments<'d>,
    /// By fragment and what stands around it; what is being counted is nothing until it is known.
    known: HashMap<(&'d str, Around), Price>,
}

impl<'d> Count<'d> {
    pub(super) fn new(
        document: &'d ExecutableDocument,
        operation: &'d OperationDefinition,
        variables: &'d Variables,
    ) -> Self {
        Self { document, arguments: Arguments { operation, variables }, known: HashMap::new() }
    }

    pub(super) fn set(&mut self, set: &'d SelectionSet, parent: &str, around: Around) -> Price {
        let items = set.items.iter();
        items.fold(Price::default(), |price, item| price.plus(self.selection(&item.node, parent, around)))
    }

    fn selection(&mut self, selection: &'d Selection, parent: &str, around: Around) -> Price {
        match selection {
            Selection::Field(field) => self.field(&field.node, parent, around),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                let ty = condition.map_or(parent, |condition| condition.node.on.node.as_str());
                self.set(&fragment.node.selection_set.node, ty, around)
            }
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, around),
        }
    }

    fn fragment(&mut self, name: &str, around: Around) -> Price {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Price::default();
        };
        if let Some(known) = self.known.get(&(name.as_str(), around)) {
            return *known;
        }
        self.known.insert((name, around), Price::default());
        let ty = fragment.node.type_condition.node.on.node.as_str();
        let price = self.set(&fragment.node.selection_set.node, ty, around);
        self.known.insert((name, around), price);
        price
    }

    pub(super) fn field(&mut self, field: &'d Field, parent: &str, around: Around) -> Price {
        let name = field.name.node.as_str();
        if name == "__schema" || name == "__type" || parent.starts_with("__") {
            return self.about_the_schema(field, parent);
        }
        let alone = self.alone(field, parent, around);
        let below = self.set(&field.selection_set.node, alone.ty, alone.inside);
        below.times(alone.times).plus(alone.own)
    }

    pub(super) fn alone(&self, field: &'d Field, parent: &str, around: Around) -> Alone {
        let name = field.name.node.as_str();
        let (ty, rows, filters) = SCHEMA.find(parent, name);
        let by = self.arguments.of(field, "by");
        let filtered =
            if filters { Filtered::by(self.arguments.of(field, "filter")) } else { Filtered::default() };
        let counted = if filters { filtered } else { around.filtered };
        let work = work::work(parent, name, counted, by);
        let inside = |page| Around { page, filtered };
        let object = |times, rows, page| {
            let own = Price::units(work.unwrap_or(1).saturating_add(rows));
            Alone { ty, times, own, inside: inside(page) }
        };
        match rows {
            Rows::Leaf => Alone {
                ty,
                times: 1,
                own: Price::VALUE.plus(Price::units(work.unwrap_or(0))),
                inside: inside(1),
            },
            Rows::One => object(1, 0, 1),
            Rows::Fixed(usual) if (parent, name) == ("Overview", "rows") => {
                let rows = work::groups(usual, counted, by);
                object(rows, rows, 1)
            }
            // What comes with its row comes with all of its own.
            Rows::Fixed(rows) if work == Some(0) => object(rows, 0, 1),
            Rows::Fixed(rows) => object(rows, rows, 1),
            Rows::Connection => {
                // The rows are read, whether anything of them is selected or not.
                let page = self.asked(field);
                object(1, work::PAGE + filtered.page() + page, page)
            }
            Rows::OfPage => object(around.page, 0, 1),
            Rows::Asked => {
                let rows = self.asked(field);
                object(rows, rows, 1)
            }
            Rows::Ids => {
                let rows = self.length(field);
                object(rows, rows, 1)
            }
        }
    }

    /// What is asked about the schema: each field costs one, so that types of types of types are refused.
    fn about_the_schema(&mut self, field: &'d Field, parent: &str) -> Price {
        let name = field.name.node.as_str();
        let (ty, rows, _) = SCHEMA.find(parent, name);
        let times = if let Rows::Fixed(rows) = rows { rows } else { 1 };
        let below = self.set(&field.selection_set.node, ty, Around::default()).introspection;
        // Many types are of no other, and few of those that are lead on: the standard query asks nine deep.
        let below = if (parent, name) == ("__Type", "ofType") { below.div_ceil(2) } else { below };
        let introspection = below.saturating_mul(times).saturating_add(1);
        let units = usize::from(!parent.starts_with("__"));
        Price { units, values: 0, introspection }
    }

    /// The size of a page: clamped, for whether it may be so large is looked at later.
    fn asked(&self, field: &'d Field) -> usize {
        let size = ["first", "last"].iter().find_map(|name| {
            let asked = self.arguments.of(field, name)?.number()?;
            Some(u64::try_from(asked).unwrap_or(1).clamp(1, MAX_PAGE))
        });
        usize::try_from(size.unwrap_or(DEFAULT_PAGE)).unwrap_or(usize::MAX)
    }

    fn length(&self, field: &'d Field) -> usize {
        let ids = self.arguments.of(field, "ids");
        let length = ids.map_or(1, Given::length);
        length.clamp(1, usize::try_from(MAX_PAGE).unwrap_or(usize::MAX))
    }
}
