//! Server-sent events: graphql-sse in distinct connections mode, one operation a request.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{ACCEPT, CACHE_CONTROL};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::{FutureExt as _, Stream, StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use super::answer::{self, Sent};
use super::door::Door;
use super::pipeline::{self, Asked, Events, Outcome};
use super::places::Place;
use super::refused::{Refused, Status};
use super::vigil::Vigil;
use crate::error::ApiError;
use crate::limits::throttle::RetryAfter;
use crate::refusal::Language;

/// Time between two comments that keep proxies from closing a quiet connection.
const KEEP_ALIVE: Duration = Duration::from_secs(12);
/// Time between two looks at the caller.
const TICK: Duration = Duration::from_secs(1);
/// Results that wait for the client.
const WAITING: usize = 16;
/// Time for one result to be taken by the client's side.
const SEND: Duration = Duration::from_secs(10);

/// Whether a request prefers events to one answer.
pub(super) fn asked_for(headers: &HeaderMap) -> bool {
    let known = |range: &str| {
        ["text/event-stream", "application/json", "application/graphql-response+json"]
            .into_iter()
            .find(|known| range.eq_ignore_ascii_case(known))
    };
    let preferred = answer::weighed(headers, &ACCEPT).into_iter().find_map(|(range, _)| known(range));
    preferred == Some("text/event-stream")
}

/// Answers with events. What concerns HTTP is refused as HTTP, what concerns the document is an event.
pub(super) async fn answer(door: Arc<Door>, asked: Result<Asked, Refused>) -> Result<Response, Refused> {
    let asked = asked?;
    let language = asked.language;
    let (bearer, address) = (asked.bearer.clone(), asked.address);
    let outcome = match pipeline::perform(Arc::clone(&door), asked).await {
        Ok(outcome) => outcome,
        Err(refused) if refused.status == Status::Document => {
            let errors = format!(r#"{{"errors":{}}}"#, answer::errors(refused, language));
            return Ok(sent(stream::iter([next(&errors), complete()])));
        }
        Err(refused) => return Err(refused),
    };
    match outcome {
        Outcome::Answer(executed) => {
            let result = answer::sent_over(executed, language).into_result();
            Ok(sent(stream::iter([next(&result), complete()])))
        }
        Outcome::Events(events) => {
            let mut place = door.places.take(address).ok_or_else(Refused::busy)?;
            let vigil = Vigil::begin(&door, bearer, address).await?;
            if !vigil.belongs(&mut place) {
                return Err(ApiError::rate_limited(RetryAfter { seconds: 60 }).into());
            }
            let (tell, told) = mpsc::channel(WAITING);
            tokio::spawn(follow(door, place, vigil, events, language, tell));
            let told = stream::unfold(told, |mut told| async {
                let event = told.recv().await?;
                Some((event, told))
            });
            Ok(sent(told))
        }
    }
}

/// Runs beside the response, so that a client that reads nothing is let go in time.
async fn follow(
    door: Arc<Door>,
    place: Place,
    mut vigil: Vigil,
    mut events: Events,
    language: Language,
    tell: mpsc::Sender<Event>,
) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let next_result = tokio::select! {
            biased;
            () = door.closed() => break,
            () = tell.closed() => break,
            () = events.subscriber.over() => Err(ApiError::unauthenticated()),
            _ = ticks.tick() => {
                if vigil.may_stay(&door.app).await {
                    continue;
                }
                Err(ApiError::unauthenticated())
            }
            result = AssertUnwindSafe(events.stream.next()).catch_unwind() => {
                result.map_err(|_| ApiError::internal("a subscription panicked"))
            }
        };
        let (event, last) = match next_result {
            Ok(Some(executed)) => {
                let told = answer::sent_over(executed, language);
                let last = matches!(told, Sent::Errors(_));
                (next(&told.into_result()), last)
            }
            Ok(None) => break,
            Err(error) => {
                let errors = answer::errors(error.into(), language);
                (next(&format!(r#"{{"errors":{errors}}}"#)), true)
            }
        };
        let taken = tokio::time::timeout(SEND, tell.send(event)).await;
        if last || !matches!(taken, Ok(Ok(()))) {
            break;
        }
    }
    let _ = tell.try_send(complete());
    drop(place);
}

fn next(result: &str) -> Event {
    Event::default().event("next").data(result)
}

fn complete() -> Event {
    Event::default().event("complete").data("")
}

fn sent(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let events = events.map(Ok::<_, Infallible>);
    let keep = KeepAlive::new().interval(KEEP_ALIVE);
    let mut response = (StatusCode::OK, Sse::new(events).keep_alive(keep)).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // What nginx would otherwise hold back until its buffer is full.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}
