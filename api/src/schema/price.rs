//! What an operation may cost: its fields, each multiplied by the lists that it stands in, counted before anything is
//! executed. The schema itself says what is a list, so that a new one can't be forgotten; what a field costs beside its
//! rows stands in `work`.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::Variables;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, FieldDefinition, OperationDefinition, OperationType, Selection,
    SelectionSet, Type, TypeKind, TypeSystemDefinition,
};

use super::given::{Arguments, Given};
use super::work::{self, Filtered};
use crate::error::{ApiError, ErrorCode};
use crate::graphql::connection::{DEFAULT_PAGE, MAX_PAGE};
use crate::schema::definitions;

/// Most that introspection may cost: the standard query fits once, and neither a second one nor the types of types of
/// types do.
const MAX_INTROSPECTION: usize = 75_000;

/// Rows of a list of objects that is not listed below.
const USUAL_LIST: usize = 20;

/// How long the lists get that are no connections: as in a county of forty departments, or the most that there can be.
const LISTS: &[(&str, &str, usize)] = &[
    ("Account", "posts", 5),
    ("Agenda", "items", 100),
    ("Campaign", "channels", 30),
    ("Campaign", "forms", 30),
    ("Campaign", "streams", 30),
    ("ImportBatch", "failures", 200),
    ("IntakeStream", "fields", 5),
    ("Overview", "rows", 100),
    ("OverviewRow", "keys", 2),
    ("Query", "campaigns", 4),
    ("PersonFindPayload", "submissions", 50),
    ("Query", "queueCounts", 10),
    ("Query", "streams", 30),
    ("Query", "submissionFind", 2),
    ("StreamForm", "fields", 5),
    ("SubmissionEdge", "highlights", 2),
    ("SubmissionImportPayload", "failures", 200),
    ("Viewer", "posts", 5),
    ("Circular", "figures", 30),
    ("Circular", "receipts", 30),
    ("Finding", "rectifications", 3),
    ("Inspection", "findings", 10),
    ("Project", "agendaItems", 3),
    ("Project", "evaluations", 3),
    ("Project", "milestones", 10),
    ("Query", "dispositionCounts", 6),
    ("__Schema", "types", 150),
    ("__Schema", "directives", 10),
    ("__Directive", "args", 2),
    ("__Type", "fields", 6),
    ("__Type", "interfaces", 1),
    ("__Type", "possibleTypes", 1),
    ("__Type", "enumValues", 6),
    ("__Type", "inputFields", 6),
    ("__Field", "args", 2),
    ("Coverage", "classes", 2),
    ("Coverage", "townships", 15),
    ("TownshipCoverage", "classes", 2),
    ("TownshipCoverage", "villages", 8),
    ("Visit", "submissions", 2),
    ("SubmissionsAssignPayload", "outcomes", 100),
    ("SubmissionsClassifyPayload", "outcomes", 100),
    ("SubmissionsWithdrawPayload", "outcomes", 100),
    ("SubmissionRowOutcome", "userErrors", 2),
    ("VisitBatchRecordPayload", "outcomes", 200),
    ("VisitRowOutcome", "userErrors", 2),
    ("ConstituencyCoverage", "streams", 10),
    ("StreamConstituencies", "constituencies", 3),
    ("Query", "weeklyReportStatus", 40),
    ("Query", "summaryTableStatus", 40),
    ("WeeklyFigures", "classes", 11),
    ("WeeklyFigures", "stages", 5),
    ("SummaryTable", "obstacles", 4),
    ("Query", "rosterStatus", 60),
    ("Query", "rosters", 10),
    ("Roster", "lines", 5),
    ("Campaign", "conformance", 45),
    ("PublicCampaign", "channels", 5),
    ("PublicCampaign", "fields", 12),
    ("PublicCampaign", "forms", 30),
    ("PublicCampaign", "kinds", 5),
    ("PublicCampaign", "notices", 2),
    ("PublicCampaign", "stages", 11),
    ("PublicCampaign", "townships", 30),
    ("Query", "weeklyReportPreview", 2),
];

/// The lists of introspection, which no schema prints.
const INTROSPECTION: &str = "
    type __Schema { types: [__Type!]! queryType: __Type! mutationType: __Type subscriptionType: __Type directives: [__Directive!]! }
    type __Type { fields: [__Field!] interfaces: [__Type!] possibleTypes: [__Type!] enumValues: [__EnumValue!]
        inputFields: [__InputValue!] ofType: __Type }
    type __Field { args: [__InputValue!]! type: __Type! }
    type __InputValue { type: __Type! }
    type __EnumValue { name: String! }
    type __Directive { args: [__InputValue!]! }
";

static SCHEMA: LazyLock<Priced> =
    LazyLock::new(|| Priced::of(&format!("{}\n{INTROSPECTION}", definitions())));

/// What one operation costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// Fields, multiplied by the lists that they stand in.
    pub fields: usize,
    /// The same of what is asked about the schema.
    pub introspection: usize,
}

impl Price {
    const fn plus(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            introspection: self.introspection.saturating_add(other.introspection),
        }
    }

    const fn halved(self) -> Self {
        Self { fields: self.fields.div_ceil(2), introspection: self.introspection.div_ceil(2) }
    }

    const fn times(self, rows: usize) -> Self {
        Self {
            fields: self.fields.saturating_mul(rows),
            introspection: self.introspection.saturating_mul(rows),
        }
    }
}

/// The price of an operation, or QUERY_TOO_COMPLEX beyond `most`. Its fragments may not be circular.
pub fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    most: usize,
) -> Result<Price, ApiError> {
    let price = price(document, operation, variables);
    for (cost, limit) in [(price.fields, most), (price.introspection, MAX_INTROSPECTION)] {
        if cost > limit {
            return Err(ApiError::new(
                ErrorCode::QueryTooComplex,
                format!(
                    "查询过于复杂：字段数乘以每页条数（长文本、检索和计数另加）为 {cost}，最多 {limit}；请减少字段、检索或每页条数"
                ),
                format!(
                    "The query costs {cost}, fields times rows with long texts, searches and counts costing more, and at \
                     most {limit}: ask for fewer fields, searches or rows"
                ),
            ));
        }
    }
    Ok(price)
}

/// The price of an operation.
#[must_use]
pub fn price(document: &ExecutableDocument, operation: &OperationDefinition, variables: &Variables) -> Price {
    let mut count = Count { document, arguments: Arguments { operation, variables }, known: HashMap::new() };
    let root = match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    count.set(&operation.selection_set.node, root, Around::default())
}

/// How many times the fields below a field are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    /// Once at most.
    One,
    /// So many, as a rule.
    Fixed(usize),
    /// A connection, which hands the size of its page to its lists.
    Connection,
    /// A list in a connection.
    OfPage,
    /// A list as long as `first` or `last` says.
    Asked,
    /// A list as long as `ids`.
    Ids,
}

struct PricedField {
    ty: String,
    rows: Rows,
    /// Whether it takes the filter of suggestions.
    filters: bool,
}

/// Types, their fields, and how many rows each brings.
struct Priced(HashMap<String, HashMap<String, PricedField>>);

impl Priced {
    fn of(sdl: &str) -> Self {
        // The text is made by this program; an unreadable one prices every field at one and fails the tests.
        let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        let types = definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        });
        let objects = types.filter_map(|definition| match definition.kind {
            TypeKind::Object(object) => {
                let name = definition.name.node.to_string();
                let fields = object.fields.into_iter().map(|field| Self::field(&name, &field.node));
                Some((name.clone(), fields.collect()))
            }
            _ => None,
        });
        Self(objects.collect())
    }

    fn field(parent: &str, field: &FieldDefinition) -> (String, PricedField) {
        let name = field.name.node.to_string();
        let (ty, list) = base(&field.ty.node);
        let takes = |name: &str| field.arguments.iter().any(|argument| argument.node.name.node == name);
        let rows = if ty.ends_with("Connection") {
            Rows::Connection
        } else if !list {
            Rows::One
        } else if parent.ends_with("Connection") {
            Rows::OfPage
        } else if takes("first") || takes("last") {
            Rows::Asked
        } else if takes("ids") {
            Rows::Ids
        } else {
            let listed = LISTS.iter().find(|(of, field, _)| *of == parent && *field == name);
            Rows::Fixed(listed.map_or(USUAL_LIST, |(_, _, rows)| *rows))
        };
        let filters =
            field.arguments.iter().any(|argument| base(&argument.node.ty.node).0 == "SubmissionFilter");
        (name, PricedField { ty, rows, filters })
    }

    /// Type, rows, and whether it takes the filter of suggestions.
    fn find(&self, parent: &str, name: &str) -> Option<(&str, Rows, bool)> {
        match name {
            "__schema" => Some(("__Schema", Rows::One, false)),
            "__type" => Some(("__Type", Rows::One, false)),
            _ => {
                let field = self.0.get(parent)?.get(name)?;
                Some((&field.ty, field.rows, field.filters))
            }
        }
    }
}

fn base(ty: &Type) -> (String, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(inner) => (base(inner).0, true),
    }
}

/// What the field around a selection hands to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Around {
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

struct Count<'d> {
    document: &'d ExecutableDocument,
    arguments: Arguments<'d>,
    /// By fragment and what stands around it; what is being counted is nothing until it is known.
    known: HashMap<(&'d str, Around), Price>,
}

impl<'d> Count<'d> {
    fn set(&mut self, set: &'d SelectionSet, parent: &str, around: Around) -> Price {
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

    fn field(&mut self, field: &'d Field, parent: &str, around: Around) -> Price {
        let name = field.name.node.as_str();
        let (ty, rows, filters) = SCHEMA.find(parent, name).unwrap_or(("", Rows::One, false));
        let by = self.arguments.of(field, "by");
        let own = filters.then(|| Filtered::by(self.arguments.of(field, "filter")));
        let (times, page) = match rows {
            Rows::One => (1, 1),
            Rows::Fixed(rows) if (parent, name) == ("Overview", "rows") => (work::groups(rows, by), 1),
            Rows::Fixed(rows) => (rows, 1),
            Rows::Connection => (1, self.asked(field)),
            Rows::OfPage => (around.page, 1),
            Rows::Asked => (self.asked(field), 1),
            Rows::Ids => (self.length(field), 1),
        };
        let inside = Around { page, filtered: own.unwrap_or_default() };
        let below = self.set(&field.selection_set.node, ty, inside);
        let mut work = work::work(parent, name, own.unwrap_or(around.filtered), by);
        if rows == Rows::Connection {
            // The rows are read, whether anything of them is selected or not.
            work += work::PAGE + inside.filtered.page() + page;
        }
        // Many types are of no other, and few of those that are lead on: the standard query asks nine deep.
        let below = if (parent, name) == ("__Type", "ofType") { below.halved() } else { below };
        let price = below.times(times).plus(Price { fields: work, introspection: 0 });
        if ["__schema", "__type"].contains(&name) {
            return Price { fields: 1, introspection: price.fields };
        }
        price
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

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn priced(text: &str, variables: serde_json::Value) -> Price {
        let document = parse_query(text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        price(&document, &operation.node, &Variables::from_json(variables))
    }

    fn cost(text: &str) -> usize {
        priced(text, json!({})).fields
    }

    /// Whether it is refused although fields may cost what they like.
    fn asks_too_much_of_the_schema(text: &str) -> bool {
        let document = parse_query(text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let checked = check(&document, &operation.node, &Variables::default(), usize::MAX);
        checked.is_err_and(|error| error.code() == ErrorCode::QueryTooComplex)
    }

    /// Each field of an object that gives objects, with what a caller must write to ask for one leaf below it.
    fn objects() -> Vec<(String, String, Rows, String)> {
        let mut found = Vec::new();
        for (parent, fields) in SCHEMA.0.iter().filter(|(name, _)| !name.starts_with("__")) {
            for (name, field) in fields {
                if SCHEMA.0.contains_key(&field.ty) || field.ty == "Node" {
                    found.push((parent.clone(), name.clone(), field.rows, field.ty.clone()));
                }
            }
        }
        found
    }

    /// Walks the schema: whatever is written as a list of objects multiplies what stands below it.
    #[test]
    fn every_list_of_objects_multiplies() {
        let (mut lists, printed) = (0, declared());
        for (parent, name, rows, ty) in objects() {
            let below = |leaves: &str| match rows {
                Rows::Connection => format!("{name}(first: 50) {{ nodes {{ {leaves} }} }}"),
                _ => format!("{name} {{ {leaves} }}"),
            };
            let ask =
                |leaves: &str| cost(&format!("{{ ...a }} fragment a on {parent} {{ {} }}", below(leaves)));
            let more = ask("__typename __typename") - ask("__typename");
            let printed = &printed[&(parent.clone(), name.clone())];
            let list = printed.contains('[') || ty.ends_with("Connection");
            // Lists of a connection take its page, and the list of ids its ids.
            let many = !matches!(rows, Rows::One | Rows::OfPage | Rows::Ids);
            assert_eq!(
                many,
                list && !parent.ends_with("Connection") && name != "nodes",
                "{parent}.{name}: {printed}"
            );
            assert!(more > 1 || !many, "{parent}.{name} brings rows at the price of one");
            lists += usize::from(many);
        }
        assert!(lists > 25, "only {lists} lists were found");
    }

    /// The types of all fields as the schema prints them.
    fn declared() -> HashMap<(String, String), String> {
        let mut printed = HashMap::new();
        for definition in parse_schema(definitions()).unwrap().definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let TypeKind::Object(object) = definition.node.kind else {
                continue;
            };
            for field in object.fields {
                let place = (definition.node.name.node.to_string(), field.node.name.node.to_string());
                printed.insert(place, field.node.ty.node.to_string());
            }
        }
        printed
    }

    #[test]
    fn every_listed_length_is_of_a_list_that_is_there() {
        for (parent, name, rows) in LISTS {
            let field = SCHEMA.find(parent, name);
            assert_eq!(field.map(|(_, found, _)| found), Some(Rows::Fixed(*rows)), "{parent}.{name}");
        }
    }

    #[test]
    fn lists_in_lists_multiply_and_four_deep_are_refused() {
        let streams = "{ streams { campaign { streams { campaign { streams { id } } } } } }";
        assert_eq!(cost(streams), 1 + 30 * (2 + 30 * (2 + 30)));
        let pages =
            "{ submissions(first: 100) { nodes { campaign { villages(first: 100) { nodes { id } } } } } }";
        assert!(cost(pages) > crate::limits::request::MAX_COMPLEXITY);
        let page = |rows: usize| 1 + work::PAGE + rows;
        let nodes =
            "{ nodes(ids: [1, 2, 3]) { id ... on Campaign { villages(first: 7) { nodes { id name } } } } }";
        assert_eq!(cost(nodes), 1 + 3 * (1 + page(7) + 1 + 7 * 2));
        assert_eq!(
            cost("{ submissions { pageInfo { endCursor } nodes { records(last: 5) { id } } } }"),
            page(20) + 2 + 1 + 20 * (1 + 5)
        );
        // Fragments and mutations multiply too, and a fragment costs by the page that it stands in.
        let fragment = "{ submissions(first: 50) { ...p } a: submissions(first: 3) { ...p } } fragment p on SubmissionConnection { nodes { id } }";
        assert_eq!(cost(fragment), (page(50) + 1 + 50) + (page(3) + 1 + 3));
        assert!(
            cost("mutation { submissionEdit(input: {}) { submission { campaign { streams { id } } } } }")
                > 30
        );
    }

    #[test]
    fn a_search_a_count_and_a_long_text_cost_what_they_are() {
        let total =
            |filter: &str| cost(&format!("{{ submissions(filter: {{ {filter} }}) {{ totalCount }} }}"));
        let plain = total("stages: [RECEIVED], kinds: [HELP]");
        assert!(plain < 100, "{plain}");
        for wide in [
            "isLate: false",
            "queue: LATE",
            "kinds: [HELP], channelIds: [1]",
            "isClassified: true, hasVillage: false",
        ] {
            assert!(total(wide) > plain + 300, "{wide}");
        }
        assert_eq!(total("isLate: null, text: null"), total(""));
        assert!(total("text: \"的\"") > total("isLate: false") + 200);
        let page =
            |filter: &str| cost(&format!("{{ submissions(filter: {{ {filter} }}) {{ nodes {{ id }} }} }}"));
        assert!(page("text: \"的\"") > page("isLate: true") + 200);
        let nodes = |leaf: &str| cost(&format!("{{ submissions(first: 100) {{ nodes {{ {leaf} }} }} }}"));
        assert_eq!(nodes("content") - nodes("isLate"), 100 * 9);
    }

    #[test]
    fn figures_that_no_rollup_covers_cost_more_and_a_filter_counts_in_variables_and_fragments() {
        let rows = |filter: &str, by: &str| {
            cost(&format!(
                "{{ overview(filter: {{ {filter} }}) {{ rows(by: [{by}]) {{ figures {{ open }} }} }} }}"
            ))
        };
        let covered = rows("kinds: [HELP]", "DEPARTMENT, MONTH");
        assert!(rows("", "MONTH") < rows("", "VILLAGE") && rows("", "DAY") == rows("", "WEEK"));
        for (filter, by) in [
            ("kinds: [HELP]", "CHANNEL, MONTH"),
            ("", "CATEGORY, VILLAGE"),
            ("isLate: true", "DEPARTMENT, MONTH"),
        ] {
            assert!(rows(filter, by) > covered + 500, "{filter}, {by}");
        }
        let asked = "query ($f: SubmissionFilter, $late: Boolean = true) {
            submissions(filter: $f) { ...t } a: submissions(filter: { isLate: $late }) { ...t } b: submissions { ...t } }
            fragment t on SubmissionConnection { totalCount }";
        let by = |variables| priced(asked, variables).fields;
        let plain = by(json!({ "late": null }));
        assert!(by(json!({})) > plain + 300);
        assert!(by(json!({ "f": { "text": "的" }, "late": null })) > plain + 500);
        assert!(by(json!({ "f": { "queue": "LATE" }, "late": null })) > plain + 300);
    }

    #[test]
    fn searches_and_long_texts_by_thirty_aliases_are_refused() {
        let aliases =
            |field: &str| (0..30).fold(String::from("{ "), |text, n| text + &format!("a{n}: {field} ")) + "}";
        for field in [
            "submissions(first: 1, filter: { text: \"的\", isLate: false }) { totalCount }",
            "submissions(first: 1, filter: { isLate: false }) { totalCount }",
            "submissions(first: 100) { nodes { title content } }",
            "submissions(first: 1, filter: { text: \"的\" }) { totalCount }",
            "overview(filter: { isLate: true }) { total { received } }",
            "queueCounts { count }",
            "summaryTables(campaignId: 1, first: 10) { nodes { scan { content } } }",
        ] {
            let cost = cost(&aliases(field));
            assert!(cost > crate::limits::request::MAX_COMPLEXITY, "{field}: {cost}");
        }
        // Nor by writing the same field again, which needs no alias.
        let again = "submissions(first: 100) { totalCount } ".repeat(300);
        assert!(cost(&format!("{{ {again} }}")) > crate::limits::request::MAX_COMPLEXITY);
    }

    /// Names of fields that hold what somebody wrote at length: a new one is listed, or refused here.
    #[test]
    fn every_long_text_is_priced_and_every_priced_field_is_there() {
        const LONG: &[&str] =
            &["content", "detail", "explanation", "narrative", "note", "proof", "remark", "summary", "text"];
        let listed = work::listed_fields();
        for (parent, field, _) in listed {
            assert!(SCHEMA.find(parent, field).is_some(), "{parent}.{field}");
        }
        for (parent, fields) in SCHEMA.0.iter().filter(|(name, _)| *name != "SubmissionFilterValue") {
            for (name, _) in
                fields.iter().filter(|(name, field)| LONG.contains(&name.as_str()) && field.ty == "String")
            {
                let found = listed.iter().any(|(of, field, _)| of == parent && field == name);
                assert!(found, "{parent}.{name} may be long and costs one");
            }
        }
    }

    #[test]
    fn the_size_of_a_page_is_read_wherever_it_stands_and_clamped() {
        let query = |definition: &str, argument: &str| {
            format!("query ({definition}) {{ submissions({argument}) {{ nodes {{ id }} }} }}")
        };
        // Twice: the rows that are read, and the field of each.
        let page = |text: &str, variables| (priced(text, variables).fields - 2 - work::PAGE) / 2;
        for (argument, size) in [
            ("first: 7", 7),
            ("last: 8", 8),
            ("first: null", 20),
            ("first: null, last: 9", 9),
            ("first: 0", 1),
            ("first: -1", 1),
            ("first: 101", 100),
            ("first: 99999999999999999999", 100),
            ("first: \"7\"", 20),
        ] {
            assert_eq!(page(&query("$a: Int", argument), json!({})), size, "{argument}");
        }
        let by_variable = query("$n: Int = 30", "first: $n");
        for (variables, size) in [
            (json!({}), 30),
            (json!({ "n": 5 }), 5),
            (json!({ "n": null }), 20),
            (json!({ "n": -3 }), 1),
            (json!({ "n": 1e30 }), 100),
        ] {
            assert_eq!(page(&by_variable, variables.clone()), size, "{variables}");
        }
    }

    #[test]
    fn the_standard_introspection_fits_and_types_of_types_do_not() {
        let of_type = format!("{} {}", "ofType { kind name ".repeat(9), "}".repeat(9));
        let value = format!(
            "name description type {{ kind name {of_type} }} defaultValue isDeprecated deprecationReason"
        );
        let standard = format!(
            "{{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
                types {{ kind name description specifiedByURL isOneOf fields(includeDeprecated: true) {{ name description
                    args(includeDeprecated: true) {{ {value} }} type {{ kind name {of_type} }} isDeprecated deprecationReason }}
                  inputFields(includeDeprecated: true) {{ {value} }} interfaces {{ kind name {of_type} }}
                  enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} possibleTypes {{ kind name {of_type} }} }}
                directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ {value} }} }} }} }}"
        );
        let once = priced(&standard, json!({}));
        assert!(
            once.introspection <= MAX_INTROSPECTION && once.introspection > MAX_INTROSPECTION / 2,
            "{once:?}"
        );
        let nested = format!(
            "{{ __schema {{ types {{ {} name {} }} }} }}",
            "fields { type { ".repeat(5),
            "} }".repeat(5)
        );
        assert!(!asks_too_much_of_the_schema(&standard));
        assert!(asks_too_much_of_the_schema(&nested));
        let twice = standard.replacen("{ __schema", "{ ...f ...f } fragment f on Query { __schema", 1);
        assert!(asks_too_much_of_the_schema(&twice));
    }

    #[test]
    fn introspection_is_priced_each_time_that_its_fragment_is_spread() {
        let text = |spreads: usize| {
            format!(
                "{{ {} }} fragment f on Query {{ __schema {{ types {{ name }} }} }}",
                "...f ".repeat(spreads)
            )
        };
        let once = priced(&text(1), json!({})).introspection;
        assert!(once > 100);
        assert_eq!(priced(&text(40), json!({})).introspection, 40 * once);
        let doubled = "{ ...a ...a } fragment a on Query { ...f ...f } fragment f on Query { __schema { types { name } } serverTime }";
        assert_eq!(priced(doubled, json!({})), Price { fields: 4 * 2, introspection: 4 * once });
    }

    proptest! {
        #[test]
        fn no_page_costs_more_than_the_largest(first in any::<i64>()) {
            let price = cost(&format!("{{ submissions(first: {first}) {{ nodes {{ id }} }} }}"));
            prop_assert!((4..=202).contains(&(price - work::PAGE)));
        }
    }
}
