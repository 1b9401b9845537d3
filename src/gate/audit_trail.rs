//! Events that wait for the journal, handed over without waiting for the account's next change.

use super::builder::Gate;
use super::driver::TRIES;
use super::error::GateError;
use crate::host::{Clock, Directory, Journal, Offload, Randomness, Store, Swap};
use crate::id::{PersonId, WriteId};

impl<S: Store, C: Clock, D: Directory, J: Journal, O: Offload, R: Randomness> Gate<S, C, D, J, O, R> {
    /// Hands the events that wait in a person's record to the journal, and takes them out of the
    /// record. Answers how many still wait: 0, or all of them if the journal does not take them.
    ///
    /// Every command hands over by itself. After a crash, a dropped request or an outage of the
    /// journal, events wait for the account's next change, however long the person stays away: call
    /// this for the accounts that you keep, after a restart or from time to time. An account with
    /// nothing waiting costs one load.
    ///
    /// # Errors
    /// A failed part of the host, or an unreadable record. Nothing is lost: what was handed over
    /// stays in the record and is handed over again.
    pub async fn deliver_events(&self, person: PersonId) -> Result<usize, GateError> {
        let command = self.command(person, "deliver_events");
        let write = WriteId::from_bytes(self.draw()?);
        for _ in 0..TRIES {
            let mut held = self.load(command).await?;
            if held.account.outbox().is_empty() {
                return Ok(0);
            }
            self.hand_over(&mut held.account, usize::MAX).await;
            if !held.account.outbox().is_empty() {
                return Ok(held.account.outbox().len());
            }
            held.account.stamp(write);
            if let Swap::Applied(_) = self.swap(command, held.expect, &held.account).await? {
                return Ok(0);
            }
            // Somebody else's write came first, or this one's reply was lost: look again.
        }
        Err(GateError::Contended)
    }
}
