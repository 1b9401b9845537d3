//! Dropping a request at any point at which it waits.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Polls a future at most so many times. `None` if it is not done by then; it is dropped, as by a
/// client that has hung up.
pub fn poll_times<T>(future: impl Future<Output = T>, times: usize) -> Option<T> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..times).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    })
}
