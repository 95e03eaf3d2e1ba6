//! Everything in the schema says what it is, in English and with the Chinese term, and never by its own name.

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use minsheng::schema::definitions;

/// What is wrong with the descriptions of a schema.
#[derive(Default)]
struct Flaws(Vec<String>);

impl Flaws {
    fn of(schema: &str) -> Self {
        let mut flaws = Self::default();
        for definition in parse_schema(schema).unwrap().definitions {
            match definition {
                TypeSystemDefinition::Type(definition) => flaws.of_type(&definition.node),
                TypeSystemDefinition::Directive(definition) => {
                    let directive = &definition.node;
                    let name = format!("@{}", directive.name.node);
                    flaws.check(&name, &directive.name.node, directive.description.as_ref());
                    flaws.of_inputs(&name, &directive.arguments);
                }
                TypeSystemDefinition::Schema(_) => {}
            }
        }
        flaws
    }

    fn of_type(&mut self, ty: &TypeDefinition) {
        let name = ty.name.node.as_str();
        self.check(name, name, ty.description.as_ref());
        match &ty.kind {
            TypeKind::Object(object) => self.of_fields(name, &object.fields),
            TypeKind::Interface(interface) => self.of_fields(name, &interface.fields),
            TypeKind::InputObject(input) => self.of_inputs(name, &input.fields),
            TypeKind::Enum(values) => {
                for value in &values.values {
                    let value = &value.node;
                    let path = format!("{name}.{}", value.value.node);
                    self.check(&path, &value.value.node, value.description.as_ref());
                }
            }
            TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }

    fn of_fields(&mut self, ty: &str, fields: &[Positioned<FieldDefinition>]) {
        for field in fields {
            let field = &field.node;
            let path = format!("{ty}.{}", field.name.node);
            self.check(&path, &field.name.node, field.description.as_ref());
            self.of_inputs(&path, &field.arguments);
        }
    }

    fn of_inputs(&mut self, of: &str, inputs: &[Positioned<InputValueDefinition>]) {
        for input in inputs {
            let input = &input.node;
            let path = format!("{of}({})", input.name.node);
            self.check(&path, &input.name.node, input.description.as_ref());
        }
    }

    fn check(&mut self, path: &str, name: &str, description: Option<&Positioned<String>>) {
        let text = description.map_or("", |description| description.node.as_str());
        let flaw = if text.trim().is_empty() {
            "is not described"
        } else if !text.chars().any(is_chinese) {
            "has no Chinese term"
        } else if letters(text) == letters(name) {
            "is described by its own name"
        } else {
            return;
        };
        self.0.push(format!("{path} {flaw}: {text}"));
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Latin letters and digits in lower case: `QUEUE_COUNT`, `queueCount` and `Queue count.` are one name.
fn letters(text: &str) -> String {
    let alphanumeric = text.chars().filter(char::is_ascii_alphanumeric);
    alphanumeric.map(|c| c.to_ascii_lowercase()).collect()
}

#[test]
fn everything_in_the_schema_is_described_in_both_languages_and_nothing_by_its_name() {
    let Flaws(flaws) = Flaws::of(&definitions());
    assert!(flaws.is_empty(), "{flaws:#?}");
}

#[test]
fn a_schema_without_descriptions_is_found_out() {
    let bare = r#"
        type Bare { "Number. 编号" id: ID! field("Bare. 参数" bare: Int, silent: Int): Int }
        "Colour. 颜色" enum Colour { "Red." RED "Blue. 蓝" BLUE }
        "Input. 输入" input Input { field: Int }
    "#;
    let Flaws(flaws) = Flaws::of(bare);
    let paths: Vec<&str> = flaws.iter().filter_map(|flaw| flaw.split(' ').next()).collect();
    let wanted = [
        "Bare",
        "Bare.field",
        "Bare.field(bare)",
        "Bare.field(silent)",
        "Colour",
        "Colour.RED",
        "Colour.BLUE",
        "Input",
        "Input(field)",
    ];
    assert_eq!(paths, wanted);
}
