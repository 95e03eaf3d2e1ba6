//! The messages of graphql-transport-ws, and why a socket is closed.

use axum::extract::ws::CloseFrame;
use serde_json::{Map, Value, json};

use crate::error::ErrorCode;
use crate::http::payload::Payload;

/// Longest id of an operation.
const LONGEST_ID: usize = 128;
/// Most bytes of a close frame's reason; the standard allows 123.
const LONGEST_REASON: usize = 123;

/// What a client says.
#[derive(Debug)]
pub(super) enum Incoming {
    /// Who it is; its token stands in the payload.
    Init(Map<String, Value>),
    /// Are you there?
    Ping(Option<Value>),
    /// I am.
    Pong,
    /// An operation begins.
    Subscribe(String, Payload),
    /// An operation is not wanted any more.
    Complete(String),
}

/// Why a socket is closed, by the protocol's codes and the standard's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// The server ends.
    GoingAway,
    /// The account has as many sockets as it may.
    TooMany,
    /// A message that the protocol does not have.
    Invalid(String),
    /// An operation before the first message.
    Unauthorized,
    /// The token does not hold, or no longer.
    Forbidden,
    /// The client does not speak the protocol.
    Subprotocol,
    /// The first message did not come in time.
    InitTimeout,
    /// An id that is in use.
    Duplicate(String),
    /// A second first message.
    TooManyInits,
    /// Nothing was heard for too long.
    Silent,
}

impl Close {
    pub(super) fn frame(&self) -> CloseFrame {
        let (code, reason) = match self {
            Self::GoingAway => (1001, "Going away".to_owned()),
            Self::TooMany => (1013, "Too many connections of this account".to_owned()),
            Self::Silent => (1001, "No answer".to_owned()),
            Self::Invalid(what) => (4400, what.clone()),
            Self::Unauthorized => (4401, "Unauthorized".to_owned()),
            Self::Forbidden => (4403, "Forbidden".to_owned()),
            Self::Subprotocol => (4406, "Subprotocol not acceptable".to_owned()),
            Self::InitTimeout => (4408, "Connection initialisation timeout".to_owned()),
            Self::Duplicate(id) => (4409, format!("Subscriber for {id} already exists")),
            Self::TooManyInits => (4429, "Too many initialisation requests".to_owned()),
        };
        CloseFrame { code, reason: cut(&reason).into() }
    }
}

/// A text within the bytes of a reason, whole characters of it.
fn cut(reason: &str) -> &str {
    let mut end = reason.len().min(LONGEST_REASON);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    &reason[..end]
}

/// Reads a message; anything else closes the socket.
pub(super) fn read(text: &str) -> Result<Incoming, Close> {
    let invalid = |what: &str| Close::Invalid(what.to_owned());
    let Ok(Value::Object(mut message)) = serde_json::from_str(text) else {
        return Err(invalid("A message must be a JSON object"));
    };
    let Some(Value::String(kind)) = message.remove("type") else {
        return Err(invalid("A message must have a type"));
    };
    let payload = message.remove("payload");
    match kind.as_str() {
        "connection_init" => Ok(Incoming::Init(members(payload)?)),
        "ping" => Ok(Incoming::Ping(payload)),
        "pong" => Ok(Incoming::Pong),
        "complete" => Ok(Incoming::Complete(id(&mut message)?)),
        "subscribe" => {
            let id = id(&mut message)?;
            let payload = Payload::of(members(payload)?);
            payload
                .map(|payload| Incoming::Subscribe(id, payload))
                .map_err(|refused| match refused.error.code() {
                    ErrorCode::QueryTooComplex => invalid("QUERY_TOO_COMPLEX: too many values in variables"),
                    _ => invalid("The payload of subscribe must have a query, and objects for variables and extensions"),
                })
        }
        _ => Err(invalid("Unknown type of message")),
    }
}

fn members(payload: Option<Value>) -> Result<Map<String, Value>, Close> {
    match payload {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(Close::Invalid("A payload must be an object".to_owned())),
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if (1..=LONGEST_ID).contains(&id.len()) => Ok(id),
        _ => Err(Close::Invalid(format!("An id must be a text of 1 to {LONGEST_ID} bytes"))),
    }
}

/// The bearer token of the first message: `{"authorization": "Bearer …"}`; nothing without one.
pub(super) fn bearer(mut payload: Map<String, Value>) -> Result<Option<String>, Close> {
    let name = ["authorization", "Authorization"];
    let Some(value) = name.into_iter().find_map(|name| payload.remove(name)) else {
        return Ok(None);
    };
    let token = value.as_str().and_then(|text| text.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim().to_owned())),
        _ => Err(Close::Forbidden),
    }
}

/// The first message was taken.
pub(super) fn ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

/// I am there.
pub(super) fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }),
        None => json!({ "type": "pong" }),
    }
    .to_string()
}

/// `next` or `error` with a payload that is JSON already.
pub(super) fn with_payload(kind: &str, id: &str, payload: &str) -> String {
    let id = Value::from(id);
    format!(r#"{{"type":"{kind}","id":{id},"payload":{payload}}}"#)
}

/// The operation has ended.
pub(super) fn complete(id: &str) -> String {
    json!({ "type": "complete", "id": id }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_fits_into_a_close_frame_whatever_the_client_wrote() {
        let reason = Close::Duplicate("件".repeat(42)).frame().reason;
        assert!((100..=LONGEST_REASON).contains(&reason.as_str().len()));
    }

    #[test]
    fn what_is_no_message_closes_with_4400() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"type":"start"}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"connection_init","payload":"x"}"#,
        ] {
            let close = read(text).unwrap_err();
            assert_eq!(close.frame().code, 4400, "{text}");
        }
        let right = r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null}}"#;
        assert!(matches!(read(right), Ok(Incoming::Subscribe(id, _)) if id == "1"));
    }

    #[test]
    fn a_token_stands_behind_bearer() {
        let read = |payload: Value| bearer(payload.as_object().unwrap().clone());
        assert_eq!(read(json!({})), Ok(None));
        assert_eq!(read(json!({ "Authorization": "bearer x" })), Ok(Some("x".to_owned())));
        for wrong in [json!("x"), json!("Basic x"), json!(7), json!(null)] {
            assert_eq!(read(json!({ "authorization": wrong })), Err(Close::Forbidden));
        }
    }
}
