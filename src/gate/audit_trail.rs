//! Events that wait for the journal, handed over without waiting for the account's next change.

use super::builder::Gate;
use super::command::Command;
use super::error::GateError;
use super::writing::Start;
use crate::account::{Account, Context};
use crate::host::{Host, Store};
use crate::id::PersonId;

impl<H: Host> Gate<H> {
    /// Hands the events that wait in a person's record to the journal, and takes them out of the
    /// record. Answers how many the journal did not take: 0 or all of them.
    ///
    /// Every command hands over by itself, after its write. After a crash, a dropped request or an outage
    /// of the journal, events wait for the account's next change, however long the person stays away:
    /// call this for the accounts that you keep, after a restart or from time to time. An account with
    /// nothing waiting costs one load. Where the store [takes events](crate::host::Store::takes_events),
    /// they go from the record into the store.
    ///
    /// # Errors
    /// A failed part of the host, or a record that cannot be used. Nothing is lost: what was handed over
    /// stays in the record and is handed over again.
    pub async fn deliver_events(&self, person: PersonId) -> Result<usize, GateError> {
        let command = Command::bare(person, "deliver_events");
        let (looked, mut held) = self.settle(command, Start::Load, |_, _| Ok(())).await?;
        looked?;
        let Some(last) = held.account.outbox().last().map(|event| event.id) else {
            return Ok(0);
        };
        let waiting = held.account.outbox().len();
        if !self.host.store().takes_events() && self.hand_over(&mut held.account).await.is_none() {
            return Ok(waiting);
        }
        let forget = |account: &mut Account, _: &Context<'_>| {
            account.forget_through(last);
            Ok(())
        };
        let (forgotten, _) = self.settle(command, Start::Written(held), forget).await?;
        forgotten?;
        Ok(0)
    }
}
