//! An account on its way into the store: decided, stamped, recognised after a lost reply.

use alloc::vec::Vec;

use super::builder::Gate;
use super::command::Command;
use super::error::GateError;
use super::versioned_account::VersionedAccount;
use crate::account::{Account, Context, RememberedWrite};
use crate::host::{
    Decision, Expect, GivenUp, Host, LOWERING_CONFLICTS, Loaded, RAISING_CONFLICTS, Swapping, Version,
};
use crate::id::{EventId, WriteId};
use crate::refusal::{Cause, Refusal, RefusalCode};

/// What a command came to.
pub(super) struct Settled<T> {
    pub(super) answer: Result<T, Refusal>,
    pub(super) held: VersionedAccount,
    /// Whether it wrote, so that there may be events to hand over.
    pub(super) is_written: bool,
}

/// What a command starts from.
pub(super) enum Start {
    /// The record, which is loaded first.
    Load,
    /// The record as it was loaded for this command just now, beside the facts.
    Loaded(Option<Loaded>),
    /// An account that was loaded some time ago: a write proves that it is still the one, and without a write
    /// nothing is answered from it.
    Held(VersionedAccount),
    /// The account as the command's own first write left it.
    Written(VersionedAccount),
}

impl Start {
    /// From what a handle holds, if it holds anything.
    pub(super) fn from_held(held: Option<VersionedAccount>) -> Self {
        held.map_or(Self::Load, Self::Held)
    }
}

/// A decision about one account, until it is written.
pub(super) struct Writing<'g, H: Host, D, T> {
    gate: &'g Gate<H>,
    command: Command,
    held: Option<VersionedAccount>,
    /// Whether what is held was loaded some time ago.
    is_old: bool,
    decide: D,
    /// Every write that was sent, with what it answers: an earlier one may land after a later one was
    /// decided. None is drawn for a command that writes nothing.
    sent: Vec<(RememberedWrite, Result<T, Refusal>)>,
    /// What was sent last, until the store has answered.
    sending: Option<VersionedAccount>,
    /// The last event that the journal took before the decision, since the outbox was full.
    taken: Option<EventId>,
    /// Whether it took none then.
    is_journal_away: bool,
}

impl<'g, H: Host, D, T> Writing<'g, H, D, T> {
    pub(super) fn new(
        gate: &'g Gate<H>,
        command: Command,
        start: Start,
        decide: D,
    ) -> Result<Self, GateError> {
        let is_old = matches!(start, Start::Held(_));
        let held = match start {
            Start::Load => None,
            Start::Loaded(loaded) => Some(gate.held(command, loaded)?),
            Start::Held(held) | Start::Written(held) => Some(held),
        };
        let sent = Vec::new();
        Ok(Self {
            gate,
            command,
            held,
            is_old,
            decide,
            sent,
            sending: None,
            taken: None,
            is_journal_away: false,
        })
    }

    /// A write id of its own for each swap that is sent (E39).
    fn fresh_write(&self) -> Result<WriteId, GateError> {
        let write = WriteId::from_bytes(self.gate.draw()?);
        if self.sent.iter().any(|(sent, _)| sent.id == write) {
            return Err(Refusal::because(RefusalCode::Unavailable, Cause::DrawRepeated).into());
        }
        Ok(write)
    }

    fn held(&mut self) -> Result<VersionedAccount, GateError> {
        // There is one whenever the loop asks: it was taken, or given, just before.
        self.held.take().ok_or(GateError::Contended)
    }

    fn needs_room(&self, account: &Account) -> bool {
        self.command.raises && account.outbox().len() >= self.gate.policy.outbox_limit()
    }

    /// Nothing is raised while the outbox is full: see whether the journal is back. The one case in which
    /// handing over comes first, since without it nothing is effected (E36). A journal that takes nothing
    /// is asked once, however often the command is decided: each time may cost its time-out.
    async fn make_room(&mut self, account: &mut Account) {
        if self.needs_room(account) && !self.is_journal_away {
            self.taken = self.gate.hand_over(account).await;
            self.is_journal_away = self.taken.is_none();
        }
    }
}

impl<H, D, T> Swapping for Writing<'_, H, D, T>
where
    H: Host,
    D: FnMut(&mut Account, &Context<'_>) -> Result<T, Refusal> + Send,
    T: Send,
{
    type Answer = Settled<T>;
    type Error = GateError;

    fn patience(&self) -> usize {
        if self.command.raises { RAISING_CONFLICTS } else { LOWERING_CONFLICTS }
    }

    fn holds_a_record(&self) -> bool {
        self.held.is_some()
    }

    fn take(&mut self, loaded: Option<Loaded>) -> Result<(), GateError> {
        let mut held = self.gate.held(self.command, loaded)?;
        if let Some(taken) = self.taken {
            held.account.delivered_through(taken);
        }
        self.held = Some(held);
        Ok(())
    }

    fn landed(&mut self) -> Option<Settled<T>> {
        let account = &self.held.as_ref()?.account;
        let landed = self.sent.iter().position(|(write, _)| account.has_written_so(*write))?;
        let (_, answer) = self.sent.swap_remove(landed);
        Some(Settled { answer, held: self.held.take()?, is_written: true })
    }

    async fn decide(&mut self) -> Result<Decision<Settled<T>>, GateError> {
        let VersionedAccount { mut account, expect } = self.held()?;
        let is_old = core::mem::take(&mut self.is_old);
        if is_old && self.needs_room(&account) {
            // What waited then may have been told, merged or erased since: it is not told from here.
            return Ok(Decision::LookAgain);
        }
        let mut events = self.gate.events_for_the_store(&mut account);
        self.make_room(&mut account).await;
        let context = self.gate.context(self.command);
        let answer = (self.decide)(&mut account, &context)
            .map_err(|refusal| account.lead(refusal, &self.gate.peppers, &context));
        if !account.is_changed() && is_old {
            return Ok(Decision::LookAgain);
        }
        if !account.is_changed() {
            account.put_back(events);
            let held = VersionedAccount { account, expect };
            return Ok(Decision::Answer(Settled { answer, held, is_written: false }));
        }
        let write = RememberedWrite { id: self.fresh_write()?, checksum: account.checksum() };
        account.stamp_so(write)?;
        events.extend(self.gate.events_for_the_store(&mut account));
        let bytes = account.encode_as(self.gate.writes)?;
        self.sent.push((write, answer));
        self.sending = Some(VersionedAccount { account, expect });
        Ok(Decision::Write { expect, bytes, events })
    }

    fn written(&mut self, version: Version) -> Result<Settled<T>, GateError> {
        let sent = self.sending.take().zip(self.sent.pop());
        let (VersionedAccount { account, .. }, (_, answer)) = sent.ok_or(GateError::Contended)?;
        let held = VersionedAccount { account, expect: Expect::At(version) };
        Ok(Settled { answer, held, is_written: true })
    }

    fn store_failed(error: impl core::error::Error + Send + Sync + 'static) -> GateError {
        GateError::store(error)
    }

    fn given_up(why: GivenUp) -> GateError {
        match why {
            GivenUp::Contended => GateError::Contended,
            GivenUp::Unanswered => GateError::Unanswered,
        }
    }
}
