//! One operation of a socket, in a task of its own: its failure or panic ends itself alone.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::error::{ApiError, ErrorCode};
use crate::http::answer::{self, Sent};
use crate::http::counts::{Counted, Holder};
use crate::http::door::Door;
use crate::http::pipeline::{self, Asked, Events, Outcome};
use crate::http::refused::Refused;
use crate::refusal::Language;

/// What an operation tells its socket.
#[derive(Debug)]
pub(super) enum Told {
    /// A result, as JSON.
    Next(String),
    /// The errors for which it never began, as JSON; it has ended.
    Error(String),
    /// It has ended.
    Complete,
    /// Its caller may not go on.
    Revoked,
}

/// What an operation tells, and which it is: an id may be used again, a number is not.
pub(super) type Letter = (u64, Told);

/// A running operation; it ends with this.
pub(super) struct Operation {
    pub(super) number: u64,
    task: JoinHandle<()>,
    _room: Counted<Holder>,
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Operation {
    pub(super) fn start(
        door: Arc<Door>,
        asked: Asked,
        number: u64,
        letters: mpsc::Sender<Letter>,
        room: Counted<Holder>,
    ) -> Self {
        let language = asked.language;
        let task = tokio::spawn(async move {
            let last = Box::pin(guarded(work(door, asked, number, &letters), language)).await;
            // Fails only when the socket is gone.
            let _ = letters.send((number, last)).await;
        });
        Self { number, task, _room: room }
    }
}

/// A panic ends the operation alone, with an error.
async fn guarded(work: impl Future<Output = Told>, language: Language) -> Told {
    let settled = AssertUnwindSafe(work).catch_unwind().await;
    settled.unwrap_or_else(|_| {
        let error = ApiError::internal("an operation panicked");
        Told::Error(answer::errors(error.into(), language))
    })
}

/// Does it, and gives the last that there is to tell.
async fn work(door: Arc<Door>, asked: Asked, number: u64, letters: &mpsc::Sender<Letter>) -> Told {
    let language = asked.language;
    match pipeline::perform(door, asked).await {
        Ok(Outcome::Answer(executed)) => match answer::sent_over(executed, language) {
            Sent::Errors(errors) => Told::Error(errors),
            Sent::Result(result) => {
                let _ = letters.send((number, Told::Next(result))).await;
                Told::Complete
            }
        },
        Ok(Outcome::Events(events)) => follow(events, language, number, letters).await,
        Err(refused) => over(refused, language),
    }
}

/// A token that does not hold any more ends the socket and not the operation alone.
fn over(refused: Refused, language: Language) -> Told {
    if refused.error.code() == ErrorCode::Unauthenticated {
        return Told::Revoked;
    }
    Told::Error(answer::errors(refused, language))
}

async fn follow(mut events: Events, language: Language, number: u64, letters: &mpsc::Sender<Letter>) -> Told {
    loop {
        let next = tokio::select! {
            biased;
            () = events.subscriber.over() => return Told::Revoked,
            next = events.stream.next() => next,
        };
        let told = match next.map(|executed| answer::sent_over(executed, language)) {
            None => return Told::Complete,
            Some(Sent::Errors(errors)) => return Told::Error(errors),
            Some(Sent::Result(result)) => Told::Next(result),
        };
        if letters.send((number, told)).await.is_err() {
            return Told::Complete;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_the_last_that_an_operation_tells() {
        let told = guarded(async { panic!("a defect") }, Language::English).await;
        let Told::Error(errors) = told else { panic!("{told:?}") };
        assert!(errors.contains(ErrorCode::Internal.as_str()), "{errors}");
        assert!(!errors.contains("defect"), "{errors}");
    }
}
