//! `/graphql`: one handler for GET and POST.

use std::net::IpAddr;
use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::parser::{self, parse_query};
use async_graphql::{PathSegment, Request as Execution, Response as Executed, ServerError, Value};
use axum::extract::{Request as HttpRequest, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;

use super::answer::{self, Media};
use super::door::Door;
use super::payload::Payload;
use super::refused::Refused;
use super::{body, client, cost, credential, language, scan};
use crate::access::authenticate::viewer_of_bearer;
use crate::audit;
use crate::graphql::context::Request;
use crate::graphql::error::{ApiError, ErrorCode, Language};
use crate::graphql::price;

/// A request that passed every check which needs neither its caller nor a parser.
struct Asked {
    payload: Payload,
    bearer: Option<String>,
    read_only: bool,
    language: Language,
    address: IpAddr,
}

/// Answers a GraphQL request, whatever becomes of it.
pub(super) async fn handle(State(door): State<Arc<Door>>, request: HttpRequest) -> Response {
    let (parts, body) = request.into_parts();
    let language = language::preferred(&parts.headers);
    let Some(media) = Media::accepted(&parts.headers) else {
        return answer::refused(not_acceptable(), None, language);
    };
    let outcome = match admit(&door, parts, body, language).await {
        Ok(asked) => execute(door, asked).await,
        Err(refused) => Err(refused),
    };
    match outcome {
        Ok(executed) => answer::executed(executed, media, language),
        Err(refused) => answer::refused(refused, Some(media), language),
    }
}

/// Method, content type, bounded body, shape, scan: in this order.
async fn admit(
    door: &Door,
    parts: Parts,
    body: axum::body::Body,
    language: Language,
) -> Result<Asked, Refused> {
    let payload = match parts.method {
        Method::POST => {
            body::check_type(&parts.headers)?;
            Payload::from_json(&body::read(&parts.headers, body, door.settings.body_limit).await?)?
        }
        Method::GET => Payload::from_address(&parts.uri)?,
        _ => {
            return Err(Refused::method(
                "GET, POST",
                "请用 POST，查询也可用 GET",
                "Use POST, or GET for queries",
            ));
        }
    };
    scan::check(&payload.query)?;
    Ok(Asked {
        payload,
        bearer: credential::bearer(&parts.headers)?,
        read_only: parts.method == Method::GET,
        language,
        address: client::address_of(&parts, &door.settings.trusted_proxies),
    })
}

/// Runs in a task of its own: a client that hangs up, or the deadline, must not drop a transaction half way.
async fn execute(door: Arc<Door>, asked: Asked) -> Result<Executed, Refused> {
    let slot = door.slot().ok_or_else(Refused::busy)?;
    let deadline = door.settings.request_timeout;
    let task = tokio::spawn(async move {
        let outcome = run(&door, asked).await;
        drop(slot);
        outcome
    });
    match tokio::time::timeout(deadline, task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(ApiError::internal("a resolver panicked").into()),
        Err(_) => Err(Refused::timeout()),
    }
}

async fn run(door: &Door, asked: Asked) -> Result<Executed, Refused> {
    let Asked {
        payload,
        bearer,
        read_only,
        language,
        address,
    } = asked;
    let Payload {
        query,
        variables,
        operation_name,
    } = payload;
    let document = parse_query(&query).map_err(|error| syntax_error(&error))?;
    let operation = operation(&document, operation_name.as_deref())?;
    if read_only && operation.ty != OperationType::Query {
        return Err(Refused::method(
            "POST",
            "GET 只能用于查询，操作请用 POST",
            "GET is for queries; use POST",
        ));
    }
    cost::check(&document, operation)?;
    let price = price::check(&document, operation, &variables)?;
    let caller = match bearer {
        Some(token) => Some(viewer_of_bearer(&door.app, &token, door.app.clock.now()).await?),
        None => None,
    };
    door.settings.introspection.check(price, caller.is_some())?;
    let request = Request::new(Arc::clone(&door.app), caller.clone(), language, address);
    let mut execution = Execution::new(query).variables(variables).data(request);
    execution.operation_name = operation_name;
    execution.set_parsed_query(document);
    let executed = door.schema.execute(execution).await;
    if let (Some(caller), Some(what)) = (caller, forbidden(&executed)) {
        audit::note_refusal(&door.app, &caller, &what).await;
    }
    Ok(executed)
}

/// What the rights table refused: the path of the field.
fn forbidden(executed: &Executed) -> Option<String> {
    let code = |error: &&ServerError| {
        let code = error
            .extensions
            .as_ref()
            .and_then(|extensions| extensions.get("code"));
        code == Some(&Value::from(ErrorCode::Forbidden.as_str()))
    };
    let error = executed.errors.iter().find(code)?;
    let step = |step: &PathSegment| match step {
        PathSegment::Field(name) => name.clone(),
        PathSegment::Index(place) => place.to_string(),
    };
    Some(error.path.iter().map(step).collect::<Vec<_>>().join("."))
}

fn operation<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Result<&'d OperationDefinition, Refused> {
    let mut named = document.operations.iter().filter(|(own, _)| match name {
        Some(name) => own.is_some_and(|own| own == name),
        None => true,
    });
    match (named.next(), named.next()) {
        (Some((_, operation)), None) => Ok(&operation.node),
        _ => Err(Refused::document(
            ErrorCode::GraphqlValidationFailed,
            "请以 operationName 指明文档中的一个操作",
            "Name one operation of the document in operationName",
        )),
    }
}

fn syntax_error(error: &parser::Error) -> Refused {
    let refused = Refused::document(
        ErrorCode::GraphqlParseFailed,
        format!("查询文档有语法错误：{error}"),
        format!("Syntax error: {error}"),
    );
    Refused {
        locations: error.positions().collect(),
        ..refused
    }
}

fn not_acceptable() -> Refused {
    Refused::http(
        StatusCode::NOT_ACCEPTABLE,
        "Accept 须含 application/graphql-response+json 或 application/json",
        "Accept must allow application/graphql-response+json or application/json",
    )
}
