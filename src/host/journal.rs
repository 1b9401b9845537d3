//! The host's audit trail.

use crate::account::{Event, RefusalEvent};

/// Takes audit events.
pub trait Journal: Send + Sync {
    /// Why the journal could not take them.
    type Error: core::error::Error + Send + Sync + 'static;

    /// Takes accepted transitions, in order. **Each is handed over at least once**, again after a
    /// crash, and regularly once more with the account's next change (or by
    /// [`Gate::deliver_events`](crate::gate::Gate::deliver_events)): store them under the unique key
    /// (`person`, `sequence`) and ignore the ones that are there.
    ///
    /// Dangerous: `Ok` for events that were not kept; they are not handed over again.
    ///
    /// # Errors
    /// The events stay in the account's record and are handed over again. The command that caused
    /// them has succeeded all the same, and its caller is not told of this error: log it here. When
    /// too many events wait, nothing is raised any more.
    fn record(&self, events: &[Event]) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Takes one refusal, an outage of the host's own parts included (`Unavailable`). Refusals are not
    /// stored in the record, so one that the journal does not take is lost.
    ///
    /// # Errors
    /// The refusal is given to the caller all the same, and this error to nobody: log it here.
    fn refused(&self, refusal: &RefusalEvent) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
