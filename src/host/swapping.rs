//! The one loop around compare-and-swap: load, decide, write, until it is written or nothing is left
//! to write.

use alloc::vec::Vec;

use super::store::{Expect, Key, Loaded, Store, Swap, Version};
use crate::account::Event;

/// How often a command that raises privilege meets another's write before it gives up. A conflict means
/// that another write succeeded, so a handful is usual; a store that never applies ends here.
pub(crate) const RAISING_CONFLICTS: usize = 64;

/// The same for a command that only lowers: it wins over anything that a crowd of requests for the same
/// record can bring up (E37).
pub(crate) const LOWERING_CONFLICTS: usize = 1_024;

/// How often a write is sent again whose fate the store did not tell (E37). Each may have waited for the
/// store's time-out, and a record that is held by somebody else stays held: trying on would only tie up
/// more of the store.
const UNKNOWN_ANSWERS: usize = 4;

/// What was decided on a record as it is.
pub(crate) enum Decision<T> {
    /// There is nothing to write.
    Answer(T),
    /// The record at hand was held for a while, and only a write would show that it is still so: load it, and
    /// decide again.
    LookAgain,
    /// To be written in place of what was found.
    Write { expect: Expect, bytes: Vec<u8>, events: Vec<Event> },
}

/// Why a command ends without an answer.
#[derive(Clone, Copy)]
pub(crate) enum GivenUp {
    /// Every try met somebody else's write.
    Contended,
    /// The store did not say whether it wrote.
    Unanswered,
}

/// A command over one record, decided anew whenever somebody else's write came first.
pub(crate) trait Swapping: Send {
    type Answer: Send;
    type Error: Send;

    /// How many conflicts it meets before it gives up.
    fn patience(&self) -> usize;

    /// Whether a record is at hand that need not be loaded: the one that an earlier write left.
    fn holds_a_record(&self) -> bool;

    /// Takes the record as it was loaded.
    fn take(&mut self, loaded: Option<Loaded>) -> Result<(), Self::Error>;

    /// The answer, if the record taken last shows that a write of this command landed, whichever of those
    /// that were sent.
    fn landed(&mut self) -> Option<Self::Answer>;

    /// Decides on the record taken last.
    fn decide(&mut self) -> impl Future<Output = Result<Decision<Self::Answer>, Self::Error>> + Send;

    /// What was decided last is written, as this version.
    fn written(&mut self, version: Version) -> Result<Self::Answer, Self::Error>;

    /// The store could not be asked.
    fn store_failed(error: impl core::error::Error + Send + Sync + 'static) -> Self::Error;

    /// It was tried often enough.
    fn given_up(why: GivenUp) -> Self::Error;
}

/// Runs a command to its answer.
pub(crate) async fn swap_until_written<S: Store, C: Swapping>(
    store: &S,
    key: &Key,
    command: &mut C,
) -> Result<C::Answer, C::Error> {
    let (mut conflicts, mut unknown) = (0_usize, 0_usize);
    loop {
        if !command.holds_a_record() {
            let loaded = store.load(key).await.map_err(C::store_failed)?;
            command.take(loaded)?;
            // The reply was lost, or the store retried by itself: look before trying, or giving up.
            if let Some(answer) = command.landed() {
                return Ok(answer);
            }
        }
        if unknown >= UNKNOWN_ANSWERS {
            return Err(C::given_up(GivenUp::Unanswered));
        }
        if conflicts >= command.patience() {
            return Err(C::given_up(GivenUp::Contended));
        }
        let (expect, bytes, events) = match command.decide().await? {
            Decision::Answer(answer) => return Ok(answer),
            Decision::LookAgain => continue,
            Decision::Write { expect, bytes, events } => (expect, bytes, events),
        };
        match store.compare_and_swap(key, expect, bytes, &events).await.map_err(C::store_failed)? {
            Swap::Applied(version) => return command.written(version),
            Swap::Conflict => conflicts = conflicts.saturating_add(1),
            Swap::Unknown => unknown = unknown.saturating_add(1),
        }
    }
}
