//! Panics of the host's parts: answered and logged, and not a connection that breaks off.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use pinlatch::refusal::RefusalCode;

use crate::asked::Languages;
use crate::problem::Problem;

/// Something panicked. What it said is not here: it may have quoted a secret. The panic hook has it.
#[derive(Debug, thiserror::Error)]
#[error("a part of the host panicked: see what the panic hook has written")]
pub(crate) struct Panicked;

/// Polls to the end, or to a panic.
pub(crate) async fn caught<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut work = pin!(work);
    // Unwind safe: what panicked is not polled again, and the gate keeps nothing between commands.
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(Err(Panicked)),
    })
    .await
}

/// Answers `Unavailable` where a request panics before its command runs in a task of its own: in a part that reads the
/// request, for example.
pub(crate) async fn answer_panics(request: Request, next: Next) -> Response {
    let languages = Languages::of(request.headers());
    match caught(next.run(request)).await {
        Ok(response) => response,
        Err(panicked) => {
            super::log_error("request", &panicked);
            // In the crate's own words: the host's may be what panicked.
            let refusal = RefusalCode::Unavailable.into();
            Problem::of_refusal(refusal, |wording| wording.built_in(&languages)).into_response()
        }
    }
}
