//! The host's audit trail.

use crate::account::{Event, RefusalEvent};

/// Takes audit events.
pub trait Journal: Send + Sync {
    /// Why the journal could not take them.
    type Error: core::error::Error + Send + Sync + 'static;

    /// Takes accepted transitions, in order. They are written already, and every other request sees what
    /// they tell of: whatever is answered here, or whether anything is, takes nothing back.
    ///
    /// **Each is handed over at least once**, again after a crash, and regularly once more with the
    /// account's next change (or by [`Gate::deliver_events`](crate::gate::Gate::deliver_events)): store
    /// them under the unique key `id` and ignore the ones that are there. No other key is unique: a
    /// record that was restored from a backup gives (`history`, `sequence`) again to other events, and
    /// both are true. Keep both.
    ///
    /// **The order of a person's events** is that in which the journal took them first. Until a record is restored or
    /// replaced it is that of `sequence`. A restored record gives numbers again under the same `history`, a replaced
    /// one begins another `history`. `at` orders nothing: it is what the clock said.
    ///
    /// **It answers within a time-out of its own**, of seconds at most. The caller waits for it, though
    /// nothing that was done does; a journal that hangs makes every change of every account hang after
    /// the fact. The future may be dropped half-way: its events are handed over again.
    ///
    /// Dangerous: `Ok` for events that were not kept; they are not handed over again.
    ///
    /// # Errors
    /// The events stay in the account's record and are handed over again. The command that caused
    /// them has succeeded all the same, and its caller is not told of this error: log it here. When as
    /// many wait as the policy's [limit](crate::account::PolicyBuilder::outbox_limit), nothing is raised
    /// any more until they are taken.
    fn record(&self, events: &[Event]) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Takes one refusal, within the same time-out, an outage of the host's own parts included (`Unavailable`). Refusals are not
    /// stored in the record, so one that the journal does not take is lost.
    ///
    /// # Errors
    /// The refusal is given to the caller all the same, and this error to nobody: log it here.
    fn refused(&self, refusal: &RefusalEvent) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
