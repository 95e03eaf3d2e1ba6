//! The schema, merged at one level.

mod agenda;
mod campaign;
pub mod campaign_permissions;
pub mod capabilities;
pub mod coordinates;
pub mod introspection;
pub mod labels;
mod measured;
pub mod names;
pub mod node;
pub mod price;
pub mod public;
mod viewer;

use std::sync::LazyLock;

use async_graphql::{Context, MergedSubscription, Object, SDLExportOptions, Schema, SchemaBuilder};

pub use self::capabilities::{Mutation, Query};
use self::measured::Measured;
use super::error::ApiError;
use crate::events::PerEvent;
use crate::events::graphql::EventSubscription;
use crate::graphql::context::RequestOf as _;
use crate::graphql::directives::{described, open_to_all};
use crate::graphql::scalars::DateTime;
use crate::limits::request::Limits;

/// What is served.
pub type MinshengSchema = Schema<Query, Mutation, Subscription>;

/// News, over WebSocket (graphql-transport-ws) or as server-sent events; each event is read anew in the caller's scope.
/// The first event of each has the kind READY: read your list after it. One of the kind LAGGED says that something may have
/// been missed: read the list anew; the subscription goes on. 订阅
#[derive(Default, MergedSubscription)]
pub struct Subscription(EventSubscription);

/// What concerns the service itself.
#[derive(Default)]
pub struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// The instant that this request is decided at; periods and deadlines are counted from it. 服务器时间
    #[graphql(directive = open_to_all::apply())]
    async fn server_time(&self, ctx: &Context<'_>) -> Result<DateTime, ApiError> {
        Ok(DateTime(ctx.request()?.now))
    }
}

/// The schema twice, made once: an extension sends every field a longer way, so what needs none has none.
pub struct Schemas {
    /// For queries whose answer can't get large.
    pub plain: MinshengSchema,
    /// For all others, the bytes of whose answers are counted while it is made, and for events.
    pub measured: MinshengSchema,
}

/// Both schemas.
pub static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas {
    plain: builder().finish(),
    measured: builder().extension(Measured).extension(PerEvent).finish(),
});

/// Depth, aliases, expanded fields and price are counted before execution by the HTTP layer: the library's own count takes
/// an omitted variable for a mistake, and visits each fragment anew.
fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).disable_suggestions()
}

/// The schema as text: sorted, so that the same schema is the same bytes, and ending in a line break.
#[must_use]
pub fn sdl() -> String {
    with_limits(&definitions())
}

/// The same without the description of the whole, which the library's own parser does not know.
#[must_use]
pub fn definitions() -> String {
    // Unit tests take the committed text, which a test compares with what is served: their binary is then built without the
    // schema and its resolvers, which are most of the program.
    if cfg!(test) {
        return committed();
    }
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .prefer_single_line_descriptions()
        .use_space_ident();
    let text = SCHEMAS.plain.sdl_with_options(options);
    format!("{}\n", described(&without_built_in_directives(&text)).trim_end())
}

/// `schema.graphql` without the description of the whole. Read when it is asked for, so that a new text is no new build.
fn committed() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let undescribed = text.split_once("\nschema {").and_then(|(before, after)| {
        let (before, _) = before.strip_suffix("\"\"\"")?.rsplit_once("\"\"\"")?;
        Some(format!("{before}schema {{{after}"))
    });
    undescribed.unwrap_or(text)
}

/// The limits that a client should know, as the schema's own description.
fn with_limits(sdl: &str) -> String {
    let limits = Limits::USUAL;
    let description = format!(
        "Public suggestions of a county: intake, queues and figures. One request, unless the server is configured \
         otherwise: at most {bytes} bytes, {tokens} tokens and {nesting} levels of nesting of the document; depth \
         {depth}, {fields} fields and fragments and {aliases} aliases with fragments expanded; a price of {price}, which \
         is fields times the rows of the lists that they stand in, long texts, searches and counts costing more; an \
         answer of {answer} bytes; pages of 1 to {page}; no batches. Send \
         {{\"cost\": true}} in `extensions` to be told what a request cost. 县级公众意见征集：征集、办件、统计；\
         请求限额见上，可由服务配置调整",
        bytes = limits.document_bytes,
        tokens = limits.tokens,
        nesting = limits.nesting,
        depth = limits.depth,
        fields = limits.fields,
        aliases = limits.aliases,
        price = limits.price,
        answer = limits.answer_bytes,
        page = crate::graphql::connection::MAX_PAGE,
    );
    let described = format!("\"\"\"\n{description}\n\"\"\"\nschema {{");
    sdl.replacen("\nschema {", &format!("\n{described}"), 1)
}

/// The export also defines the directives that every GraphQL tool knows already, and some tools stumble over that.
fn without_built_in_directives(sdl: &str) -> String {
    let built_in = |line: &str| {
        let name = line.strip_prefix("directive @").and_then(|rest| rest.split(['(', ' ']).next());
        name.is_some_and(|name| ["deprecated", "include", "oneOf", "skip", "specifiedBy"].contains(&name))
    };
    let lines: Vec<&str> = sdl.lines().collect();
    let kept = lines.iter().enumerate().filter(|(place, line)| {
        let describes_one = line.starts_with('"') && lines.get(place + 1).is_some_and(|next| built_in(next));
        !built_in(line) && !describes_one
    });
    kept.map(|(_, line)| *line).collect::<Vec<_>>().join("\n")
}
