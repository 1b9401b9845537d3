//! What the host does of itself: apply changed facts, erase an account.

use super::builder::Gate;
use super::command::{Command, Damaged};
use super::error::GateError;
use super::writing::Start;
use crate::account::{Account, Context};
use crate::host::Host;
use crate::id::PersonId;
use crate::refusal::RefusalCode;

impl<H: Host> Gate<H> {
    /// Applies what the directory says of a person today to the account, without any device: whoever stands
    /// nowhere any more is logged out and wiped on every device (E22, E23). Every command of the person's own
    /// does the same; call this after a change of the facts, and nightly, so that a leaver who is hired again
    /// is not found open. What the [gate itself](Self::hire) changed it has reassessed.
    ///
    /// # Errors
    /// A failed part of the host. An account that cannot be read has nobody signed in, and is left alone.
    pub async fn reassess(&self, person: PersonId) -> Result<(), GateError> {
        let command = Command::bare(person, "reassess");
        let (known, start) = self.know_from(command, Start::Load).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.reassess(&facts, context);
            Ok(())
        };
        Ok(self.run_from_unless_damaged(command, start, (), decide).await?)
    }

    /// Erases a person's account (GDPR, article 17): a tombstone without personal data stays, so that erasing
    /// lifts no bar and repeats no event (D30). Who is still eligible, and not barred, signs in afresh once the
    /// policy's skew is over. It is the host's call, without an actor. Events that wait for
    /// the journal are handed over first, and those of the erasing after it. What the journal keeps, and the
    /// person's facts in the directory, are the host's to erase.
    ///
    /// # Errors
    /// `AuditTrailFull` if the journal does not take the waiting events: erase again when it does; or a failed
    /// part of the host.
    pub async fn erase(&self, person: PersonId) -> Result<(), GateError> {
        let damaged = Damaged::ReadsAsBarred;
        let command = Command { damaged, ..Command::bare(person, "erase") };
        match self.deliver_events(person).await {
            Ok(0) => {}
            Err(GateError::Record(error)) if error.is_damage() => {}
            Ok(_) => return Err(self.reported(command, RefusalCode::AuditTrailFull.into()).await),
            Err(error) => return Err(self.reported(command, error).await),
        }
        self.run(command, Account::erase).await?;
        let _handed_over_with_the_next_write_if_not_now = self.deliver_events(person).await;
        Ok(())
    }
}
