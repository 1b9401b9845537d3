//! An account on its way into the store: decided, handed over, stamped, recognised after a lost reply.

use super::builder::Gate;
use super::command::{Command, Damaged};
use super::error::GateError;
use crate::account::{Account, Context, Standing};
use crate::host::{Decision, Expect, Host, Loaded, Swapping, Version};
use crate::id::WriteId;
use crate::refusal::Refusal;

/// An account together with the version that the next swap expects.
pub(super) struct VersionedAccount {
    pub(super) account: Account,
    pub(super) expect: Expect,
}

/// A decision about one account, until it is written.
pub(super) struct Writing<'g, H: Host, D, T> {
    gate: &'g Gate<H>,
    command: Command,
    /// Drawn with the first write: a command that writes nothing needs no randomness.
    write: Option<WriteId>,
    held: Option<VersionedAccount>,
    decide: D,
    /// What was decided in the write that was sent last.
    decided: Option<Result<T, Refusal>>,
}

impl<'g, H: Host, D, T> Writing<'g, H, D, T> {
    pub(super) const fn new(
        gate: &'g Gate<H>,
        command: Command,
        held: Option<VersionedAccount>,
        decide: D,
    ) -> Self {
        Self { gate, command, write: None, held, decide, decided: None }
    }

    fn write(&mut self) -> Result<WriteId, GateError> {
        let write = match self.write {
            Some(write) => write,
            None => WriteId::from_bytes(self.gate.draw()?),
        };
        self.write = Some(write);
        Ok(write)
    }

    fn held(&mut self) -> Result<VersionedAccount, GateError> {
        // There is one whenever the loop asks: it was taken, or sent, just before.
        self.held.take().ok_or(GateError::Contended)
    }
}

impl<H, D, T> Swapping for Writing<'_, H, D, T>
where
    H: Host,
    D: FnMut(&mut Account, &Context<'_>) -> Result<T, Refusal> + Send,
    T: Send,
{
    type Answer = (Result<T, Refusal>, VersionedAccount);
    type Error = GateError;

    fn holds_a_record(&self) -> bool {
        self.held.is_some() && self.decided.is_none()
    }

    fn take(&mut self, loaded: Option<Loaded>) -> Result<(), GateError> {
        self.held = Some(self.gate.held(self.command, loaded)?);
        Ok(())
    }

    async fn decide(&mut self) -> Result<Decision<Self::Answer>, GateError> {
        let VersionedAccount { mut account, expect } = self.held()?;
        let landed = self.write.is_some_and(|write| account.has_written(write));
        if let Some(answer) = self.decided.take_if(|_| landed) {
            // The reply was lost, or the store retried: this very write is in the record.
            self.gate.hand_over(&mut account, usize::MAX).await;
            return Ok(Decision::Answer((answer, VersionedAccount { account, expect })));
        }
        let mut events = self.gate.events_for_the_store(&mut account);
        let mut waiting = account.outbox().len();
        if self.command.raises && waiting >= self.gate.policy.outbox_limit() {
            // Nothing is raised while the outbox is full: see whether the journal is back.
            waiting = self.gate.hand_over(&mut account, waiting).await;
        }
        let context = self.gate.context(self.command);
        let answer = (self.decide)(&mut account, &context)
            .map_err(|refusal| account.lead(refusal, &self.gate.peppers, &context));
        if !account.is_changed() {
            account.put_back(events);
            return Ok(Decision::Answer((answer, VersionedAccount { account, expect })));
        }
        // Only what was written before: what this command adds is not true yet.
        self.gate.hand_over(&mut account, waiting).await;
        account.stamp(self.write()?);
        events.extend(self.gate.events_for_the_store(&mut account));
        let bytes = account.encode_as(self.gate.writes)?;
        self.decided = Some(answer);
        self.held = Some(VersionedAccount { account, expect });
        Ok(Decision::Write { expect, bytes, events })
    }

    async fn written(&mut self, version: Version) -> Result<Self::Answer, GateError> {
        let VersionedAccount { mut account, .. } = self.held()?;
        self.gate.hand_over(&mut account, usize::MAX).await;
        let answer = self.decided.take().ok_or(GateError::Contended)?;
        Ok((answer, VersionedAccount { account, expect: Expect::At(version) }))
    }

    fn store_failed(error: impl core::error::Error + Send + Sync + 'static) -> GateError {
        GateError::store(error)
    }

    fn contended() -> GateError {
        GateError::Contended
    }
}

impl<H: Host> Gate<H> {
    /// The account in what was loaded.
    pub(super) fn held(
        &self,
        command: Command,
        loaded: Option<Loaded>,
    ) -> Result<VersionedAccount, GateError> {
        let Command { person, damaged, .. } = command;
        let Some(Loaded { bytes, version }) = loaded else {
            return Ok(VersionedAccount { account: Account::new(person), expect: Expect::Absent });
        };
        let account = match (Account::decode(&bytes, person), damaged) {
            (Ok(account), _) => account,
            (Err(error), Damaged::ReadsAsBarred) if error.is_damage() => {
                Account::replacing_unreadable(person, self.draw()?, Standing::RevokedAll)
            }
            (Err(error), Damaged::IsBarred) if error.is_damage() => {
                Account::replacing_unreadable(person, self.draw()?, Standing::Good)
            }
            // Damaged, and not this command's to replace; or whole, and never overwritten (E32).
            (Err(error), _) => return Err(error.into()),
        };
        Ok(VersionedAccount { account, expect: Expect::At(version) })
    }
}
