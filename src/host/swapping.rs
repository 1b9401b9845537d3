//! The one loop around compare-and-swap: load, decide, write, until it is written or nothing is left
//! to write.

use alloc::vec::Vec;

use super::store::{Expect, Key, Loaded, Store, Swap, Version};
use crate::account::Event;

/// How often a command is decided before it gives up. A conflict means that another write succeeded,
/// so a handful is usual; a store that never applies ends here.
const RETRY_LIMIT: usize = 64;

/// What was decided on a record as it is.
pub(crate) enum Decision<T> {
    /// There is nothing to write.
    Answer(T),
    /// To be written in place of what was found.
    Write { expect: Expect, bytes: Vec<u8>, events: Vec<Event> },
}

/// A command over one record, decided anew whenever somebody else's write came first.
pub(crate) trait Swapping: Send {
    type Answer: Send;
    type Error: Send;

    /// Whether a record is at hand that need not be loaded: the one that an earlier write left.
    fn holds_a_record(&self) -> bool;

    /// Takes the record as it was loaded.
    fn take(&mut self, loaded: Option<Loaded>) -> Result<(), Self::Error>;

    /// Decides on the record taken last. After a write whose fate is unknown it looks for that first.
    fn decide(&mut self) -> impl Future<Output = Result<Decision<Self::Answer>, Self::Error>> + Send;

    /// What was decided last is written, as this version.
    fn written(&mut self, version: Version)
    -> impl Future<Output = Result<Self::Answer, Self::Error>> + Send;

    /// The store could not be asked.
    fn store_failed(error: impl core::error::Error + Send + Sync + 'static) -> Self::Error;

    /// Every try met somebody else's write.
    fn contended() -> Self::Error;
}

/// Runs a command to its answer.
pub(crate) async fn swap_until_written<S: Store, C: Swapping>(
    store: &S,
    key: &Key,
    command: &mut C,
) -> Result<C::Answer, C::Error> {
    for _ in 0..RETRY_LIMIT {
        if !command.holds_a_record() {
            let loaded = store.load(key).await.map_err(C::store_failed)?;
            command.take(loaded)?;
        }
        let (expect, bytes, events) = match command.decide().await? {
            Decision::Answer(answer) => return Ok(answer),
            Decision::Write { expect, bytes, events } => (expect, bytes, events),
        };
        let swap = store.compare_and_swap(key, expect, bytes, &events).await.map_err(C::store_failed)?;
        if let Swap::Applied(version) = swap {
            return command.written(version).await;
        }
        // Somebody else's write came first, or this one's reply was lost: look again.
    }
    Err(C::contended())
}
