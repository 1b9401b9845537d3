//! The PIN: created, entered, changed. Every guess is charged before it is compared.

use alloc::sync::Arc;

use futures_util::future::join;

use super::builder::Gate;
use super::command::Command;
use super::driver::{PersonFacts, Stopped};
use super::error::GateError;
use super::versioned_account::VersionedAccount;
use super::writing::Start;
use crate::account::{Account, Context, PinChange, PinEntries, RequestContext, UnlockAttempt};
use crate::host::{Host, Offload};
use crate::id::{AttemptId, CredentialId};
use crate::pin::{
    Charge, HashParams, HasherError, Hashing, PepperRing, Permit, PersonalWords, Pin, PinDraw, PinHasher,
    PinPlan, Settlement,
};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::{DeviceToken, SessionToken};

impl<H: Host> Gate<H> {
    /// Creates the PIN of a device that waits for one; the app is open at once (R07, R09).
    ///
    /// # Errors
    /// [`GateError::Refused`] in the order of the guards; then `PinMalformed`, `PinMismatch` or
    /// `PinTooWeak`, after which the device still waits (R08); or a failed part of the host.
    pub async fn create_pin(
        &self,
        token: &DeviceToken,
        entries: &PinEntries,
        personal: &PersonalWords,
        request: &RequestContext,
    ) -> Result<SessionToken, GateError> {
        Ok(self.create_pin_from(Start::Load, token, entries, personal, request).await?)
    }

    pub(super) async fn create_pin_from(
        &self,
        start: Start,
        token: &DeviceToken,
        entries: &PinEntries,
        personal: &PersonalWords,
        request: &RequestContext,
    ) -> Result<SessionToken, Stopped> {
        let person = token.person();
        let command = Command::raising(person, "create_pin", request);
        let (known, start) = self.know_from(command, start).await?;
        let draw = PinDraw {
            attempt: AttemptId::from_bytes(self.draw()?),
            credential: CredentialId::from_bytes(self.draw()?),
            salt: self.draw()?,
        };
        let session = SessionToken::from_secret(person, &mut self.draw()?);
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.claim_pin(token, entries, personal, draw.again(), &facts, context)
        };
        let (claim, mut held) = self.run_first(command, start, decide).await?;
        let hashing = self.hash(command, claim.assert_written(), PinPlan::make);
        let (pin, known) = self.beside(&mut held.account, hashing).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.create_pin(token, &pin, &session, &facts, context)
        };
        self.run_from(command, Start::Written(held), decide).await?;
        Ok(session)
    }

    /// Opens the lock by PIN (R11), or the open app anew (D26): what a phone does that lost its session
    /// token. The session token is new, and an old one is dead.
    ///
    /// # Errors
    /// [`GateError::Refused`] in the order of the guards; `IncorrectPin` (R12); `PinExhausted`, and
    /// PIN and biometric are gone (R13); `PinMalformed`, `CredentialUnusable`, `GuessesInFlight` or
    /// `GuessOvertaken`, which cost no try. Or a failed part of the host: a guess that was charged and is not
    /// answered is void after the answer window and the skew, and has cost nothing then. So it is if this
    /// future is dropped: where clients can hang up, run it in a task of its own, as
    /// `examples/async_host.rs` does, and nobody has to wait.
    pub async fn unlock_with_pin(
        &self,
        token: &DeviceToken,
        entry: &Pin,
        request: &RequestContext,
    ) -> Result<SessionToken, GateError> {
        Ok(self.unlock_with_pin_from(Start::Load, token, entry, request).await?)
    }

    pub(super) async fn unlock_with_pin_from(
        &self,
        start: Start,
        token: &DeviceToken,
        entry: &Pin,
        request: &RequestContext,
    ) -> Result<SessionToken, Stopped> {
        let person = token.person();
        let command = Command::raising(person, "unlock_with_pin", request);
        let (known, start) = self.know_from(command, start).await?;
        let facts = known.facts();
        let draw = UnlockAttempt { attempt: AttemptId::from_bytes(self.draw()?), salt: self.draw()? };
        let session = SessionToken::from_secret(person, &mut self.draw()?);
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.charge_unlock(token, entry, draw.again(), &self.peppers, &facts, context)
        };
        let (charge, mut held) = self.run_first(command, start, decide).await?;
        let comparing = self.compare(command, charge);
        let (settlement, known) = self.beside(&mut held.account, comparing).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.settle_unlock(&settlement, &session, &facts, context)
        };
        self.settle_attempt(command, held, decide).await?;
        Ok(session)
    }

    /// Changes the PIN. The current one is entered and counts as an attempt; the session goes on
    /// (E29). The same request again, after a lost reply, is done already (D27).
    ///
    /// # Errors
    /// `SessionRequired`; [`GateError::Refused`] in the order of the guards; `PinMalformed`,
    /// `PinMismatch`, `PinTooWeak` or `PinUnchanged` of the new PIN, which cost no try; then as for
    /// [`unlock_with_pin`](Self::unlock_with_pin), a dropped future included. The fifth wrong PIN ends
    /// the session.
    pub async fn change_pin(
        &self,
        session: &SessionToken,
        current: &Pin,
        new: &PinEntries,
        personal: &PersonalWords,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        Ok(self.change_pin_from(Start::Load, session, current, new, personal, request).await?)
    }

    pub(super) async fn change_pin_from(
        &self,
        start: Start,
        session: &SessionToken,
        current: &Pin,
        new: &PinEntries,
        personal: &PersonalWords,
        request: &RequestContext,
    ) -> Result<(), Stopped> {
        let command = Command::raising(session.person(), "change_pin", request);
        let (known, start) = self.know_from(command, start).await?;
        let facts = known.facts();
        let change = PinChange {
            current: current.duplicate(),
            new: PinEntries { pin: new.pin.duplicate(), confirmation: new.confirmation.duplicate() },
            attempt: AttemptId::from_bytes(self.draw()?),
            credential: CredentialId::from_bytes(self.draw()?),
            salt: self.draw()?,
        };
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.charge_change(session, &change, personal, &self.peppers, &facts, context)
        };
        let (charge, mut held) = self.run_first(command, start, decide).await?;
        let Some(charge) = charge else {
            // Done before; what waits may have been written all the same (I11).
            self.hand_over_written(&mut held).await;
            return Ok(());
        };
        let comparing = self.compare(command, charge);
        let (settlement, known) = self.beside(&mut held.account, comparing).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.settle_change(&settlement, &facts, context)
        };
        self.settle_attempt(command, held, decide).await
    }

    /// The charge is written: compare, where CPU-heavy work belongs.
    async fn compare(
        &self,
        command: Command,
        charge: Charge,
    ) -> Result<(Settlement, PersonFacts), GateError> {
        let (verdict, known) = self.hash(command, charge.assert_written(), Permit::compare).await?;
        Ok((verdict.into_settlement(), known))
    }

    /// Runs hashing through the host's `Offload`, and meanwhile asks the directory anew. However much of it
    /// fails, the journal hears of one refusal (I11).
    async fn hash<I: Send + 'static, T: Send + 'static>(
        &self,
        command: Command,
        input: I,
        work: Work<I, T>,
    ) -> Result<(T, PersonFacts), GateError> {
        let hasher = Arc::clone(&self.hasher);
        let job = job(hasher, self.peppers.clone(), self.policy.hash_params(), input, work);
        let (hashed, known) = join(self.host.offload().run(job), self.ask(command.person)).await;
        let error = match (hashed, known) {
            (Ok(Ok(hashed)), Ok(known)) => return Ok((hashed, known)),
            (Ok(Err(error)), _) => error.into(),
            (Err(error), _) => error.into(),
            (_, Err(error)) => error,
        };
        Err(self.reported(command, error).await)
    }

    /// Writes a settlement. A counted wrong PIN is in the audit trail as a transition already, so
    /// it is not reported as a refusal besides (I11).
    async fn settle_attempt(
        &self,
        command: Command,
        held: VersionedAccount,
        decide: impl FnMut(&mut Account, &Context<'_>) -> Result<(), Refusal> + Send,
    ) -> Result<(), Stopped> {
        let stopped = match self.settle(command, Start::Written(held), decide).await {
            Ok((Ok(()), _)) => return Ok(()),
            Ok((Err(refusal), held)) => Stopped::refused(refusal, held),
            Err(error) => error.into(),
        };
        let refusal = stopped.error.refusal();
        let counted = matches!(refusal.code(), RefusalCode::IncorrectPin | RefusalCode::PinExhausted);
        if !(counted && refusal.cause() == Cause::AsCoded) {
            self.report(command, refusal).await;
        }
        Err(stopped)
    }
}

/// What is hashed from an input.
type Work<I, T> = fn(I, &Hashing<'_>) -> Result<T, HasherError>;

/// The closure to offload. It is made outside the gate's methods on purpose: a closure made in an
/// `async fn` takes part in the lifetimes of its arguments, and then the compiler cannot prove that
/// a spawned future of the gate is `Send`.
fn job<I: Send + 'static, T>(
    hasher: Arc<dyn PinHasher>,
    peppers: PepperRing,
    params: HashParams,
    input: I,
    work: Work<I, T>,
) -> impl FnOnce() -> Result<T, HasherError> + Send + 'static
where
    T: Send + 'static,
{
    move || work(input, &Hashing { hasher: &*hasher, params, peppers: &peppers })
}
