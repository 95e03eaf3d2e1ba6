//! What a document says for an argument, read where it stands: a large variable that is used a thousand times is copied
//! nowhere.

use async_graphql::parser::types::{Field, OperationDefinition};
use async_graphql::{Value, Variables};
use async_graphql_value::Value as Written;

/// The arguments of one operation's fields.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'d> {
    pub(super) operation: &'d OperationDefinition,
    pub(super) variables: &'d Variables,
}

/// A value that is there and is not null.
#[derive(Clone, Copy)]
pub(super) enum Given<'d> {
    /// Written in the document.
    Written(&'d Written, Arguments<'d>),
    /// Of a variable.
    Known(&'d Value),
}

impl<'d> Arguments<'d> {
    /// The value of an argument.
    pub(super) fn of(self, field: &'d Field, name: &str) -> Option<Given<'d>> {
        self.given(&field.get_argument(name)?.node)
    }

    fn given(self, value: &'d Written) -> Option<Given<'d>> {
        match value {
            Written::Null => None,
            Written::Variable(name) => known(self.variable(name)?),
            written => Some(Given::Written(written, self)),
        }
    }

    /// A variable without a value has that of its definition.
    fn variable(self, name: &str) -> Option<&'d Value> {
        let default = || {
            let definitions = self.operation.variable_definitions.iter();
            let mut named = definitions.filter(|own| own.node.name.node == name);
            named.next()?.node.default_value()
        };
        self.variables.get(name).or_else(default)
    }
}

fn known(value: &Value) -> Option<Given<'_>> {
    (*value != Value::Null).then_some(Given::Known(value))
}

impl<'d> Given<'d> {
    /// A member of an object.
    pub(super) fn member(self, name: &str) -> Option<Self> {
        match self {
            Self::Written(Written::Object(members), arguments) => arguments.given(members.get(name)?),
            Self::Known(Value::Object(members)) => known(members.get(name)?),
            _ => None,
        }
    }

    /// A number; one too large for it is the largest.
    pub(super) fn number(self) -> Option<i64> {
        match self {
            Self::Written(Written::Number(number), _) | Self::Known(Value::Number(number)) => {
                Some(number.as_i64().unwrap_or(i64::MAX))
            }
            _ => None,
        }
    }

    /// A text.
    pub(super) fn text(self) -> Option<&'d str> {
        match self {
            Self::Written(Written::String(text), _) | Self::Known(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// How many values it has; one that is no list is one.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Written(Written::List(items), _) => items.len(),
            Self::Known(Value::List(items)) => items.len(),
            _ => 1,
        }
    }

    /// The names of an enum that it holds, alone or in a list.
    pub(super) fn words(self) -> Vec<&'d str> {
        match self {
            Self::Written(Written::Enum(name), _) | Self::Known(Value::Enum(name)) => vec![name],
            Self::Known(Value::String(text)) => vec![text],
            Self::Written(Written::List(items), arguments) => {
                let given = items.iter().filter_map(|item| arguments.given(item));
                given.filter_map(Self::word).collect()
            }
            Self::Known(Value::List(items)) => {
                items.iter().filter_map(known).filter_map(Self::word).collect()
            }
            _ => Vec::new(),
        }
    }

    fn word(self) -> Option<&'d str> {
        match self {
            Self::Written(Written::Enum(name), _) | Self::Known(Value::Enum(name)) => Some(name),
            Self::Known(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}
