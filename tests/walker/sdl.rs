//! The schema as the walker needs it: types, fields, arguments.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};

/// Every type by name.
pub(crate) struct Sdl {
    types: BTreeMap<String, Def>,
}

/// What a type is.
#[derive(Clone, Debug)]
pub(crate) enum Def {
    /// A leaf.
    Scalar,
    /// A leaf of these values.
    Enum(Vec<String>),
    /// Fields, and the interfaces that it implements.
    Object(Vec<Field>, Vec<String>),
    /// Something that one of several objects is.
    Interface,
    /// Input fields, and whether exactly one is given.
    Input(Vec<Arg>, bool),
}

/// A field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// Its arguments.
    pub(crate) args: Vec<Arg>,
    /// What it gives.
    pub(crate) ty: Ref,
}

/// An argument or an input field.
#[derive(Clone, Debug)]
pub(crate) struct Arg {
    /// Its name.
    pub(crate) name: String,
    /// What it takes.
    pub(crate) ty: Ref,
    /// Whether it must be given.
    pub(crate) required: bool,
}

/// A type as it is referred to.
#[derive(Clone, Debug)]
pub(crate) struct Ref {
    /// Its name, without lists.
    pub(crate) name: String,
    /// Whether it is a list.
    pub(crate) list: bool,
    /// As it is written.
    pub(crate) text: String,
}

impl Sdl {
    /// Reads a schema.
    pub(crate) fn parse(text: &str) -> Self {
        let mut types: BTreeMap<String, Def> =
            ["ID", "String", "Int", "Float", "Boolean"].map(|name| (name.to_owned(), Def::Scalar)).into();
        for definition in parse_schema(text).unwrap().definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let one_of =
                definition.node.directives.iter().any(|directive| directive.node.name.node == "oneOf");
            let def = match definition.node.kind {
                TypeKind::Scalar => Def::Scalar,
                TypeKind::Enum(values) => {
                    Def::Enum(values.values.iter().map(|value| value.node.value.node.to_string()).collect())
                }
                TypeKind::Object(object) => Def::Object(
                    object.fields.iter().map(|field| Field::of(&field.node)).collect(),
                    object.implements.iter().map(|name| name.node.to_string()).collect(),
                ),
                TypeKind::Interface(_) | TypeKind::Union(_) => Def::Interface,
                TypeKind::InputObject(input) => {
                    Def::Input(input.fields.iter().map(|field| Arg::of(&field.node)).collect(), one_of)
                }
            };
            types.insert(definition.node.name.node.to_string(), def);
        }
        Self { types }
    }

    /// What a type is.
    pub(crate) fn def(&self, name: &str) -> &Def {
        &self.types[name]
    }

    /// Fields of an object; none of anything else.
    pub(crate) fn fields(&self, name: &str) -> &[Field] {
        match self.def(name) {
            Def::Object(fields, _) => fields,
            _ => &[],
        }
    }

    /// One field.
    pub(crate) fn field(&self, ty: &str, name: &str) -> &Field {
        let found = self.fields(ty).iter().find(|field| field.name == name);
        found.unwrap_or_else(|| panic!("{ty} has no field {name}"))
    }

    /// Whether values of the type have no fields.
    pub(crate) fn is_leaf(&self, name: &str) -> bool {
        matches!(self.def(name), Def::Scalar | Def::Enum(_))
    }

    /// The objects of an interface.
    pub(crate) fn members(&self, interface: &str) -> Vec<&str> {
        let implements =
            |def: &Def| matches!(def, Def::Object(_, of) if of.iter().any(|name| name == interface));
        let members = self.types.iter().filter(|(_, def)| implements(def));
        members.map(|(name, _)| name.as_str()).collect()
    }
}

impl Field {
    fn of(field: &FieldDefinition) -> Self {
        Self {
            name: field.name.node.to_string(),
            args: field.arguments.iter().map(|arg| Arg::of(&arg.node)).collect(),
            ty: Ref::of(&field.ty.node),
        }
    }
}

impl Arg {
    fn of(arg: &InputValueDefinition) -> Self {
        Self {
            name: arg.name.node.to_string(),
            required: !arg.ty.node.nullable && arg.default_value.is_none(),
            ty: Ref::of(&arg.ty.node),
        }
    }
}

impl Ref {
    fn of(ty: &Type) -> Self {
        let mut list = false;
        let mut base = &ty.base;
        loop {
            match base {
                BaseType::Named(name) => {
                    return Self { name: name.to_string(), list, text: ty.to_string() };
                }
                BaseType::List(inner) => {
                    list = true;
                    base = &inner.base;
                }
            }
        }
    }
}
