//! The request body, bounded in type, size and time before anybody looks into it.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use futures::StreamExt as _;

use super::HttpSettings;
use super::refused::Refused;

/// How long the rest of a body that is too large is read and thrown away.
const LINGER: Duration = Duration::from_millis(500);

/// Only `application/json` in UTF-8, uncompressed: a form or plain text could be sent by another site's page without
/// the browser asking first.
pub(super) fn check_type(headers: &HeaderMap) -> Result<(), Refused> {
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = declared.split(';').map(str::trim);
    let json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|part| match part.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if json && utf8 && !headers.contains_key(CONTENT_ENCODING) {
        return Ok(());
    }
    Err(Refused::http(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "请以 Content-Type: application/json（UTF-8，未压缩）发送",
        "Send it as Content-Type: application/json (UTF-8, not compressed)",
    ))
}

/// The whole body, bounded in bytes and time.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    settings: &HttpSettings,
) -> Result<Vec<u8>, Refused> {
    let (limit, patience) = (settings.body_limit, settings.body_timeout);
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        discard(body.into_data_stream()).await;
        return Err(too_large(limit));
    }
    tokio::time::timeout(patience, collect(body, limit)).await.unwrap_or_else(|_| {
        let seconds = patience.as_secs();
        Err(Refused::http(
            StatusCode::REQUEST_TIMEOUT,
            format!("请求体未在 {seconds} 秒内送达"),
            format!("The body did not arrive within {seconds} s"),
        ))
    })
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Refused> {
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk
            .map_err(|_| Refused::http(StatusCode::BAD_REQUEST, "请求体传输中断", "The body broke off"))?;
        if bytes.len() + chunk.len() > limit {
            discard(chunks).await;
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Hanging up on what is still being sent would reset the connection, and the client would not hear why.
async fn discard(chunks: BodyDataStream) {
    let rest = chunks.for_each(|_| std::future::ready(()));
    // Whoever sends for longer has to be hung up on.
    let _ = tokio::time::timeout(LINGER, rest).await;
}

fn too_large(limit: usize) -> Refused {
    Refused::http(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("请求体不得超过 {limit} 字节"),
        format!("The body may have at most {limit} bytes"),
    )
}
