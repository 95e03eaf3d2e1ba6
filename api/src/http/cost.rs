//! What a parsed document costs before anything is executed: depth, expanded fields and aliases, each fragment counted
//! once and remembered, so that fragments which double thirty times are refused in no time, whatever stands at their end.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, FragmentSpread, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value as Answered};
use async_graphql_value::Value;

use super::refused::Refused;
use crate::error::ErrorCode;
use crate::limits::request::Limits;
use crate::schema::price::Price;

/// Most logins in one operation: each is one attempt for the throttle and one hash for a core.
pub(super) const MAX_LOGINS: usize = 1;

/// Most fragments on one way from the operation to a field, spread or written in place.
const MAX_SPREADS: usize = 20;

/// Deepest question about the schema: the standard query, whose types of lists of types are followed, has 15 levels.
const MAX_SCHEMA_DEPTH: usize = 16;

/// Most of `SCHEMA_LISTS` inside each other: the standard query has one. Fields of types of fields multiply.
const MAX_SCHEMA_LISTS: usize = 2;

/// Most questions about the schema in one operation, fragments expanded: each is answered anew, and tools ask one or two.
const MAX_SCHEMA_QUESTIONS: usize = 4;

/// The lists of introspection that lead from a type to types.
const SCHEMA_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// Most characters of a name that an error repeats.
const LONGEST_NAME: usize = 100;

/// Refuses an operation that costs too much, and a document with a fragment that is not there or contains itself.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    limits: &Limits,
) -> Result<Cost, Refused> {
    let mut count = Count { document, known: HashMap::new() };
    let mut cost = count.operation(operation)?;
    // The library also validates what is not executed: other operations, and fragments that none of them uses.
    let mut every = Cost::default();
    for (_, operation) in document.operations.iter() {
        every = every.beside(count.operation(&operation.node)?);
    }
    for name in document.fragments.keys() {
        if !count.known.contains_key(name.as_str()) {
            every = every.beside(count.fragment(name, 0)?);
        }
    }
    (cost.fields, cost.values) = (every.fields, every.values);
    cost.within(limits)?;
    Ok(cost)
}

/// What an operation costs, fragments expanded.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    /// Depth of the fields; what is asked about the schema is one level.
    pub(super) depth: usize,
    /// Fields and fragments.
    pub(super) fields: usize,
    pub(super) aliases: usize,
    logins: usize,
    /// Arguments, directives and the values in them.
    values: usize,
    /// Fragments on the longest way.
    spreads: usize,
    /// Depth, whatever the fields are about.
    levels: usize,
    /// `SCHEMA_LISTS` inside each other, whatever type they stand in.
    lists: usize,
    /// `__schema` and `__type`.
    schema_questions: usize,
    /// Depth of what is asked about the schema.
    schema_depth: usize,
    /// `SCHEMA_LISTS` inside each other in what is asked about the schema.
    schema_lists: usize,
}

impl Cost {
    /// What a request cost and what was left, as its answer tells it.
    pub(super) fn told(self, price: Price, limits: &Limits) -> Answered {
        let members = [
            ("price", price.units),
            ("priceLimit", limits.price),
            ("remaining", limits.price.saturating_sub(price.units)),
            ("depth", self.depth),
            ("depthLimit", limits.depth),
            ("fields", self.fields),
            ("fieldLimit", limits.fields),
            ("aliases", self.aliases),
            ("aliasLimit", limits.aliases),
        ];
        let pairs = members.map(|(name, number)| (Name::new(name), Answered::from(number)));
        Answered::Object(pairs.into_iter().collect())
    }

    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            logins: self.logins.saturating_add(other.logins),
            values: self.values.saturating_add(other.values),
            spreads: self.spreads.max(other.spreads),
            levels: self.levels.max(other.levels),
            lists: self.lists.max(other.lists),
            schema_questions: self.schema_questions.saturating_add(other.schema_questions),
            schema_depth: self.schema_depth.max(other.schema_depth),
            schema_lists: self.schema_lists.max(other.schema_lists),
        }
    }

    /// One more field above what it selects.
    fn below(self, field: &Field) -> Self {
        let name = field.name.node.as_str();
        let (levels, lists) = (self.levels + 1, self.lists + usize::from(SCHEMA_LISTS.contains(&name)));
        let cost = Self {
            depth: self.depth + 1,
            fields: self.fields.saturating_add(1),
            aliases: self.aliases.saturating_add(usize::from(field.alias.is_some())),
            logins: self.logins.saturating_add(usize::from(name == "sessionLogin")),
            levels,
            lists,
            ..self
        };
        if !name.starts_with("__") {
            return cost;
        }
        let asks = ["__schema", "__type"].contains(&name);
        Self {
            depth: 1,
            schema_questions: self.schema_questions.saturating_add(usize::from(asks)),
            schema_depth: levels,
            schema_lists: lists,
            ..cost
        }
    }

    /// One more fragment around it.
    fn spread(self) -> Self {
        Self { fields: self.fields.saturating_add(1), spreads: self.spreads + 1, ..self }
    }

    fn within(&self, limits: &Limits) -> Result<(), Refused> {
        for (found, limit, zh, en) in [
            (self.depth, limits.depth, "层", "levels"),
            (self.fields, limits.fields, "个字段和片段", "fields and fragments"),
            (self.aliases, limits.aliases, "个别名", "aliases"),
            (self.logins, MAX_LOGINS, "次登录", "login"),
            (self.values, limits.tokens, "个参数、指令和值", "arguments, directives and values"),
            (self.schema_questions, MAX_SCHEMA_QUESTIONS, "次接口自省", "questions about the schema"),
            (self.schema_depth, MAX_SCHEMA_DEPTH, "层接口自省", "levels of introspection"),
            (self.schema_lists, MAX_SCHEMA_LISTS, "层自省列表", "lists of introspection inside each other"),
        ] {
            if found > limit {
                return Err(too_much(limit, zh, en));
            }
        }
        Ok(())
    }
}

fn too_much(limit: usize, zh: &str, en: &str) -> Refused {
    Refused::document(
        ErrorCode::QueryTooComplex,
        format!("查询过于复杂：展开片段后最多 {limit} {zh}"),
        format!("The query costs too much: at most {limit} {en}, fragments expanded"),
    )
}

/// Recursion is bounded: nesting by the scan, chains of fragments by `MAX_SPREADS`.
struct Count<'d> {
    document: &'d ExecutableDocument,
    /// Nothing while the fragment is being counted.
    known: HashMap<&'d str, Option<Cost>>,
}

impl<'d> Count<'d> {
    fn operation(&mut self, operation: &'d OperationDefinition) -> Result<Cost, Refused> {
        let mut cost = self.set(&operation.selection_set.node, 0)?;
        cost.values = cost.values.saturating_add(in_directives(&operation.directives));
        Ok(cost)
    }

    /// `spreads` fragments stand around the set.
    fn set(&mut self, set: &'d SelectionSet, spreads: usize) -> Result<Cost, Refused> {
        set.items
            .iter()
            .try_fold(Cost::default(), |cost, item| Ok(cost.beside(self.selection(&item.node, spreads)?)))
    }

    fn selection(&mut self, selection: &'d Selection, spreads: usize) -> Result<Cost, Refused> {
        let (mut cost, values) = match selection {
            Selection::Field(field) => {
                let below = self.set(&field.node.selection_set.node, spreads)?;
                (below.below(&field.node), in_field(&field.node))
            }
            Selection::InlineFragment(fragment) => {
                let below = self.set(&fragment.node.selection_set.node, spreads + 1)?;
                (below.spread(), in_directives(&fragment.node.directives))
            }
            Selection::FragmentSpread(spread) => {
                let below = self.spread(spread, spreads + 1)?;
                (below.spread(), in_directives(&spread.node.directives))
            }
        };
        if spreads + cost.spreads > MAX_SPREADS {
            return Err(too_much(MAX_SPREADS, "层片段", "fragments inside each other"));
        }
        cost.values = cost.values.saturating_add(values);
        Ok(cost)
    }

    fn spread(&mut self, spread: &'d Positioned<FragmentSpread>, spreads: usize) -> Result<Cost, Refused> {
        let name = &spread.node.fragment_name.node;
        if self.document.fragments.contains_key(name) {
            return self.fragment(name, spreads);
        }
        let shown: String = name.chars().take(LONGEST_NAME).collect();
        let refused = Refused::document(
            ErrorCode::GraphqlValidationFailed,
            format!("文档中没有片段 {shown}"),
            format!("The document has no fragment {shown}"),
        );
        Err(Refused { locations: vec![spread.pos], ..refused })
    }

    /// What a fragment costs that is there.
    fn fragment(&mut self, name: &'d Name, spreads: usize) -> Result<Cost, Refused> {
        match self.known.get(name.as_str()) {
            Some(Some(known)) => return Ok(*known),
            Some(None) => return Err(circular()),
            None if spreads > MAX_SPREADS => {
                return Err(too_much(MAX_SPREADS, "层片段", "fragments inside each other"));
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Cost::default());
        };
        self.known.insert(name, None);
        let mut cost = self.set(&fragment.node.selection_set.node, spreads)?;
        let directives = in_directives(&fragment.node.directives);
        cost.values = cost.values.saturating_add(directives);
        self.known.insert(name, Some(cost));
        Ok(cost)
    }
}

fn circular() -> Refused {
    Refused::document(
        ErrorCode::GraphqlValidationFailed,
        "片段不得包含自身",
        "A fragment may not contain itself",
    )
}

fn in_field(field: &Field) -> usize {
    in_arguments(&field.arguments) + in_directives(&field.directives)
}

fn in_directives(directives: &[Positioned<Directive>]) -> usize {
    directives.iter().map(|directive| 1 + in_arguments(&directive.node.arguments)).sum()
}

fn in_arguments(arguments: &[(Positioned<Name>, Positioned<Value>)]) -> usize {
    arguments.iter().map(|(_, value)| 1 + in_value(&value.node)).sum()
}

fn in_value(value: &Value) -> usize {
    let inside: usize = match value {
        Value::List(items) => items.iter().map(in_value).sum(),
        Value::Object(members) => members.values().map(in_value).sum(),
        _ => 0,
    };
    1 + inside
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::time::{Duration, Instant};

    use async_graphql::parser::parse_query;

    use super::*;

    fn code(text: &str) -> Option<ErrorCode> {
        let document = parse_query(text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let refused = check(&document, &operation.node, &Limits::USUAL).err();
        refused.map(|refused| refused.error.code())
    }

    fn refused(text: &str) -> bool {
        code(text) == Some(ErrorCode::QueryTooComplex)
    }

    /// Each fragment selects the next twice; the last one holds `leaf`.
    fn doubling(steps: usize, leaf: &str) -> String {
        let mut text = String::from("{ ...f0 }");
        for step in 0..steps {
            let next = step + 1;
            write!(text, " fragment f{step} on Query {{ ...f{next} ...f{next} }}").unwrap();
        }
        write!(text, " fragment f{steps} on Query {{ {leaf} }}").unwrap();
        text
    }

    #[test]
    fn what_doubles_is_refused_at_once_whatever_stands_at_its_end() {
        let shapes = [
            ("a", ErrorCode::QueryTooComplex),
            ("...nope", ErrorCode::GraphqlValidationFailed),
            ("...f0", ErrorCode::GraphqlValidationFailed),
            ("... on Village { id }", ErrorCode::QueryTooComplex),
            ("... { ... @skip(if: true) { ... { a } } }", ErrorCode::QueryTooComplex),
        ];
        for steps in (11..=60).step_by(7) {
            for (leaf, expected) in shapes {
                let begun = Instant::now();
                let found = code(&doubling(steps, leaf)).unwrap();
                let deep = steps > MAX_SPREADS && found == ErrorCode::QueryTooComplex;
                assert!(found == expected || deep, "{leaf}, {steps}: {found:?}");
                let took = begun.elapsed();
                assert!(took < Duration::from_millis(50), "{leaf}, {steps}: {took:?}");
            }
        }
        assert_eq!(code(&doubling(5, "a")), None);
    }

    #[test]
    fn a_fragment_that_is_not_there_is_refused_wherever_it_is_spread() {
        for text in [
            "{ ...nope }",
            "{ a { ... { ...nope } } }",
            "{ a } fragment unused on Query { ...nope }",
            "query A { a } query B { ...nope }",
        ] {
            assert_eq!(code(text), Some(ErrorCode::GraphqlValidationFailed), "{text}");
        }
        assert_eq!(code("{ ...f } fragment f on Query { a }"), None);
    }

    #[test]
    fn spreads_and_inline_fragments_count_as_fields_do() {
        let inline = |count: usize| format!("{{ {} }}", "... { a } ".repeat(count));
        assert_eq!(code(&inline(1_000)), None);
        assert!(refused(&inline(1_001)));
        let spread = |count: usize| format!("{{ {} }} fragment f on Query {{ a }}", "...f ".repeat(count));
        assert_eq!(code(&spread(1_000)), None);
        assert!(refused(&spread(1_001)));
    }

    #[test]
    fn fragments_inside_each_other_are_bounded() {
        let chain = |links: usize| {
            let link = |n: usize| format!(" fragment f{n} on Query {{ ...f{} }}", n + 1);
            let links: String = (1..links).map(link).collect();
            format!("{{ ...f1 }}{links}")
        };
        let ended = |links: usize| format!("{} fragment f{links} on Query {{ a }}", chain(links));
        assert_eq!(code(&ended(20)), None);
        assert!(refused(&ended(21)));
        let inline = |levels: usize| format!("{{ {}a{} }}", "...{".repeat(levels), "}".repeat(levels));
        assert_eq!(code(&inline(20)), None);
        assert!(refused(&inline(21)));
        // A fragment that is known already may still stand too deep.
        let known = format!(
            "{{ ...g {} }} fragment g on Query {{ ... {{ ... {{ a }} }} }}",
            format_args!("{}...g{}", "...{".repeat(18), "}".repeat(18))
        );
        assert!(refused(&known));
    }

    #[test]
    fn arguments_and_directives_count_with_fragments_expanded() {
        let text = |spreads: usize| {
            let fields = "a @skip(if: true) b(c: [1, {d: 2}]) ";
            format!("{{ {} }} fragment f on Query {{ {} }}", "...f ".repeat(spreads), fields.repeat(20))
        };
        // A directive, its argument and value; an argument, a list, a number, an object, a number.
        let values = 20 * (3 + 5);
        assert_eq!(code(&text(4_000 / values)), None);
        assert!(refused(&text(4_000 / values + 1)));
    }

    #[test]
    fn what_is_not_executed_is_counted_too() {
        for text in [
            "query A { a } query B { ...b } fragment b on Query { ...c ...c } fragment c on Query { ...b }",
            "query A { a } fragment b on Query { ...c } fragment c on Query { ...b }",
        ] {
            assert_eq!(code(text), Some(ErrorCode::GraphqlValidationFailed), "{text}");
        }
        let unused = doubling(15, "a").replacen("{ ...f0 }", "{ a }", 1);
        assert!(refused(&unused));
    }

    #[test]
    fn depth_and_aliases_are_bounded() {
        let deep = |levels: usize| format!("{}{}", "{ a ".repeat(levels), "}".repeat(levels));
        assert_eq!(code(&deep(12)), None);
        assert!(refused(&deep(13)));
        let aliases =
            |count: usize| (0..count).fold("{ ".to_owned(), |text, n| text + &format!("a{n}: b ")) + "}";
        assert_eq!(code(&aliases(30)), None);
        assert!(refused(&aliases(31)));
    }

    #[test]
    fn introspection_has_a_depth_of_its_own() {
        let types = |levels: usize| format!("{}kind{}", "ofType { ".repeat(levels), " }".repeat(levels));
        let asked = |levels: usize| format!("{{ __type(name: \"A\") {{ {} }} }}", types(levels));
        assert_eq!(code(&asked(14)), None);
        assert!(refused(&asked(15)));
        assert!(refused(&format!(
            "{{ __type(name: \"A\") {{ ...f }} }} fragment f on __Type {{ {} }}",
            types(15)
        )));
        let fields = |lists: usize| {
            format!(
                "{{ __schema {{ types {{ {}name{} }} }} }}",
                "fields { type { ".repeat(lists),
                " } }".repeat(lists)
            )
        };
        assert_eq!(code(&fields(2)), None);
        assert!(refused(&fields(3)));
        let again = |times: usize| {
            let spreads = "...f ".repeat(times);
            format!("{{ {spreads} }} fragment f on Query {{ __schema {{ queryType {{ name }} }} }}")
        };
        assert_eq!(code(&again(4)), None);
        assert!(refused(&again(5)));
        // A form's own fields are no introspection.
        assert_eq!(code("{ forms { fields { fields { fields { id } } } } }"), None);
    }

    #[test]
    fn one_operation_signs_in_once_however_it_is_written() {
        let login = "sessionLogin(input: {}) { accessToken }";
        assert_eq!(code(&format!("mutation {{ {login} }}")), None);
        assert!(refused(&format!("mutation {{ {login} b: {login} }}")));
        assert!(refused(&format!("mutation {{ {login} ...f }} fragment f on Mutation {{ c: {login} }}")));
    }

    #[test]
    fn a_fragment_within_itself_is_refused_and_one_used_twice_is_not() {
        assert_eq!(
            code("{ ...a } fragment a on Query { b ...c } fragment c on Query { ...a }"),
            Some(ErrorCode::GraphqlValidationFailed)
        );
        assert_eq!(code("{ ...a ...a } fragment a on Query { b }"), None);
    }
}
