//! WebSocket on `/graphql`, protocol graphql-transport-ws.

mod connection;
mod operation;
mod protocol;

use std::sync::Arc;

use axum::extract::FromRequestParts as _;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::http::header::UPGRADE;
use axum::http::request::Parts;
use axum::response::Response;

use super::door::Door;
use super::refused::Refused;
use super::{client, origin};
use crate::refusal::Language;
use connection::Connection;

/// The protocol's name.
const PROTOCOL: &str = "graphql-transport-ws";
/// Most bytes of a message.
const MAX_MESSAGE: usize = 64 * 1024;
/// Bytes that are read at once; the library's own default would be 128 KiB for every idle socket.
const READ_BUFFER: usize = 4 * 1024;

/// Whether a request wants to become a socket.
pub(super) fn asked_for(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// Makes it one, if its page may and a place is free.
pub(super) async fn upgrade(
    door: Arc<Door>,
    mut parts: Parts,
    language: Language,
) -> Result<Response, Refused> {
    if !origin::allowed(&parts.headers, &door.settings.allowed_origins) {
        return Err(Refused::foreign_origin());
    }
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|rejection| Refused::handshake(rejection.status()))?;
    let address = client::address_of(&parts, &door.settings.trusted_proxies);
    let citizen = client::mark_of_citizen(&parts.headers)?;
    let place = door.places.take(address).ok_or_else(Refused::busy)?;
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0);
    Ok(upgrade.on_upgrade(move |socket| {
        let connection = Connection::new(door, place, language, address).for_citizen(citizen);
        connection.run(socket)
    }))
}
