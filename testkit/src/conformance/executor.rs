//! Running a future to its end, by whatever executor the author of a store has.

use std::pin::{Pin, pin};
use std::task::{Context, Waker};

use super::probe::Stop;

/// A future that the kit wants run to its end.
pub type Task<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Runs the future of a blocking store, which is ready at once. One that is not is dropped, and the
/// kit reports that the executor did not run it.
pub fn at_once(task: Task<'_>) {
    let _ready = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
}

/// Runs a future through the given executor and gives its result.
pub(super) fn finish<T: Send>(
    block_on: &impl Fn(Task<'_>),
    future: impl Future<Output = T> + Send,
) -> Result<T, Stop> {
    let mut result = None;
    block_on(Box::pin(async { result = Some(future.await) }));
    result.ok_or(Stop::Failed(
        "the executor did not run a future to its end: an async store needs one, the third \
             argument of `store_conformance!`"
            .into(),
    ))
}
