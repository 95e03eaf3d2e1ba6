//! `/exports/…`: a file, streamed to whoever shows the ticket for it.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request as HttpRequest, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use entity::enums::AuditAction;
use futures::{FutureExt as _, stream};
use tracing::Instrument as _;

use super::door::Door;
use super::refused::Refused;
use super::shares::Who;
use super::{answer, client, credential, language};
use crate::access::authenticate::admit;
use crate::error::{ApiError, ErrorCode};
use crate::export::graphql::note;
use crate::export::{Job, Outflow, Ticket, begin};
use crate::schema::capabilities::EXPORTS;
use crate::scope::viewer::Viewer;

pub(super) use crate::export::graphql::PATH;

/// Answers a fetch. The request's deadline does not bind it: the client's pace does, and the session.
pub(super) async fn handle(
    State(door): State<Arc<Door>>,
    Path(ticket): Path<String>,
    request: HttpRequest,
) -> Response {
    let (parts, _) = request.into_parts();
    let language = language::preferred(&parts.headers);
    match fetch(door, ticket, parts).await {
        Ok(response) => response,
        Err(refused) => answer::refused(refused, None, language),
    }
}

async fn fetch(door: Arc<Door>, ticket: String, parts: Parts) -> Result<Response, Refused> {
    if parts.method != Method::GET {
        return Err(Refused::method("GET", "请用 GET", "Use GET"));
    }
    if !door.is_open() {
        return Err(Refused::busy());
    }
    let bearer = credential::bearer(&parts.headers)?;
    let address = client::address_of(&parts, &door.settings.trusted_proxies);
    // In a task of its own: a client that hangs up must not drop a transaction half way.
    let opening = async move {
        let (ticket, viewer) = shown(&door, &ticket, bearer).await?;
        let seat = door.exports.take(viewer.actor(), viewer.county())?;
        let app = Arc::clone(&door.app);
        note(&app, &viewer, &ticket, AuditAction::ExportDownload).await?;
        let head = ticket.clone();
        let job = Job { app, viewer, ticket, address };
        let who = Who::of_pass(&head.pass);
        let shares = Arc::clone(&door);
        let turn = move || {
            let (door, who) = (Arc::clone(&shares), who.clone());
            async move { door.shares.wait_for(&who).await }.boxed()
        };
        let closing = async move { door.closed().await };
        Ok::<_, ApiError>((head, begin(job, closing, seat, turn).await?))
    };
    let opened = tokio::spawn(opening.in_current_span()).await;
    let opened = opened.unwrap_or_else(|_| Err(ApiError::internal("an export panicked")));
    let (ticket, mut outflow) = opened.map_err(refusal)?;
    // A workbook's first byte comes after its last row: what fails until then is told by the status.
    let first = outflow.next().await.transpose().map_err(refusal)?;
    Ok(streamed(&ticket, first, outflow))
}

/// Errors that no GraphQL client reads are statuses.
fn refusal(error: ApiError) -> Refused {
    match error.code() {
        ErrorCode::BadUserInput => Refused::with_status(StatusCode::UNPROCESSABLE_ENTITY, error),
        _ => error.into(),
    }
}

/// Ticket and bearer, if both hold now: whatever is wrong, one answer.
async fn shown(door: &Door, text: &str, bearer: Option<String>) -> Result<(Ticket, Viewer), ApiError> {
    let app = &door.app;
    let now = app.clock.now();
    let ticket = Ticket::open(app, EXPORTS, text, now).ok_or_else(worthless)?;
    let _share = door.shares.take_both(&Who::of_pass(&ticket.pass)).await?;
    let viewer = ticket.pass.viewer(app, now).await?.ok_or_else(worthless)?;
    if !viewer.may(ticket.subject.operation()) {
        return Err(worthless());
    }
    // A header is not asked for; whoever sends one all the same must be the ticket's own bearer.
    if let Some(bearer) = bearer {
        let admission = admit(app, &bearer, now).await.map_err(|_| worthless())?;
        if admission.viewer != viewer {
            return Err(worthless());
        }
    }
    Ok((ticket, viewer))
}

fn worthless() -> ApiError {
    ApiError::new(
        ErrorCode::Unauthenticated,
        "下载地址无效或已过期，请重新导出",
        "This address does not hold, or no longer; export again",
    )
}

fn streamed(ticket: &Ticket, first: Option<Bytes>, outflow: Outflow) -> Response {
    let rest = stream::unfold(Some(outflow), |outflow| async {
        let mut outflow = outflow?;
        match outflow.next().await? {
            Ok(chunk) => Some((Ok(chunk), Some(outflow))),
            // The connection breaks off without the last chunk, so that nobody takes the part for the whole.
            Err(_) => Some((Err(std::io::Error::other("cut short")), None)),
        }
    });
    let first = stream::iter(first.map(Ok));
    let mut response = Response::new(Body::from_stream(futures::StreamExt::chain(first, rest)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(ticket.format.content_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&disposition(ticket)) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// RFC 6266: a plain name for old clients, the true one beside it.
fn disposition(ticket: &Ticket) -> String {
    let plain = ticket.format.extension();
    let name: String = ticket
        .file_name()
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("attachment; filename=\"export.{plain}\"; filename*=UTF-8''{name}")
}
