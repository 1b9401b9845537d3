//! Strong authentication, and browser sign-in.

use alloc::vec::Vec;

use futures_util::future::join;

use super::builder::Gate;
use super::command::Command;
use super::driver::Stopped;
use super::error::GateError;
use super::writing::Start;
use crate::access::{self, Channel, Eligibility};
use crate::account::{Account, AuthenticationStart, BeginFor, Context, RequestContext, SignIn};
use crate::host::{Clock, Host};
use crate::id::{DeviceId, PersonId, StartId};
use crate::people::AuthenticationMethod;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::DeviceToken;

/// How to authenticate, and the start to hand back with the result.
///
/// With the feature `serde` only what may leave the server is written: `{"methods":["BankCredentials",…]}`. The
/// start is written and read by itself, for the server's own session store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AuthenticationOffer {
    /// Keep it on the server until it has expired, which is after the policy's
    /// [authentication window](crate::account::PolicyBuilder::authentication_window), 15 minutes by default; and not
    /// only until the bank or identity provider has answered: after a lost reply the same evidence, and with it this
    /// start, may have to be handed in again.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub start: AuthenticationStart,
    /// What to offer. To who already proved to be somebody, by a live device or a valid invitation, that
    /// person's own methods (R01); to everybody else every method, so that nobody learns who exists and what
    /// they have (D34). A person's own methods are enforced at the sign-in.
    pub methods: Vec<AuthenticationMethod>,
}

/// How a strong authentication came to nothing.
///
/// With the feature `serde` it is its name, as in `"Cancelled"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum FailedAuthentication {
    /// The proof was refused.
    Failed,
    /// The person gave up.
    Cancelled,
}

/// A device that is signed in and waits for its PIN.
#[derive(Debug)]
#[non_exhaustive]
pub struct SignedIn {
    /// The device session.
    pub device: DeviceId,
    /// Hand it to the device, into its key store: it proves the device until log-out, and
    /// afterwards tells why that was.
    pub token: DeviceToken,
}

impl<H: Host> Gate<H> {
    /// Begins a strong authentication: which methods to offer, and what to remember meanwhile.
    ///
    /// # Errors
    /// `ClockUnavailable`; or a failed part of the host.
    #[doc(alias = "login")]
    pub async fn begin_authentication(
        &self,
        whom: BeginFor<'_>,
        request: &RequestContext,
    ) -> Result<AuthenticationOffer, GateError> {
        let id = StartId::from_bytes(self.draw()?);
        let person = match whom {
            BeginFor::Nobody => None,
            BeginFor::Device(token) => Some(token.person()),
            BeginFor::Invitation(token) => Some(token.person()),
        };
        let Some(person) = person else {
            let start = self.begin_for_nobody(id, request).await?;
            return Ok(AuthenticationOffer { start, methods: AuthenticationMethod::ALL.to_vec() });
        };
        // Both are reads: one turn of waiting.
        let (start, known) = join(self.begin_for(person, whom, id, request), self.ask(person)).await;
        let start = start?;
        if start.person().is_none() {
            return Ok(AuthenticationOffer { start, methods: AuthenticationMethod::ALL.to_vec() });
        }
        let known = match known {
            Ok(known) => known,
            Err(error) => {
                let command = Command::noted(person, "begin_authentication", request);
                return Err(self.reported(command, error).await);
            }
        };
        let methods = known.facts().person.map_or_else(
            || Vec::from([AuthenticationMethod::IdentityProviderAccount]),
            |person| person.methods().collect(),
        );
        Ok(AuthenticationOffer { start, methods })
    }

    /// Touches no record: there is none to name.
    async fn begin_for_nobody(
        &self,
        id: StartId,
        request: &RequestContext,
    ) -> Result<AuthenticationStart, GateError> {
        if let Some(now) = self.host.clock().now().filter(|now| now.is_a_reading()) {
            return Ok(AuthenticationStart::for_nobody(id, now));
        }
        let refusal = Refusal::new(RefusalCode::ClockUnavailable);
        self.report_of(None, "begin_authentication", refusal, request.note).await;
        Err(refusal.into())
    }

    /// The record is only looked at. One that is damaged names nobody: that is told apart only once the
    /// person has proved who it is, see [`authenticate`](Self::authenticate).
    async fn begin_for(
        &self,
        person: PersonId,
        whom: BeginFor<'_>,
        id: StartId,
        request: &RequestContext,
    ) -> Result<AuthenticationStart, GateError> {
        let command = Command::noted(person, "begin_authentication", request);
        match self.look(command, |account, context| account.begin_authentication(whom, id, context)).await {
            Ok(Ok(start)) => Ok(start),
            Ok(Err(refusal)) => Err(self.reported(command, refusal.into()).await),
            Err(GateError::Record(error)) if error.is_damage() => self.begin_for_nobody(id, request).await,
            Err(error) => Err(self.reported(command, error).await),
        }
    }

    /// Signs a device in after a successful strong authentication: it waits for its PIN (R05).
    ///
    /// # Errors
    /// [`GateError::Refused`] in the order of the guards: `UnsupportedDevice`,
    /// `DeviceIntegrityUnknown`, `DeviceInUse`, `AcknowledgementRequired`,
    /// `ReinvitationRequired`, `InvitationRequired`, `AuthenticationRequired` (begun before a
    /// log-out from all devices or within the policy's skew after it, too long ago, or used before), `NoChargeableService`, `NotEligible`, `MethodNotAvailable`; or a
    /// failed part of the host.
    #[doc(alias = "login")]
    #[doc(alias = "log in")]
    pub async fn authenticate(
        &self,
        sign_in: SignIn<'_>,
        request: &RequestContext,
    ) -> Result<SignedIn, GateError> {
        Ok(self.authenticate_from(Start::Load, sign_in, request).await?)
    }

    pub(super) async fn authenticate_from(
        &self,
        start: Start,
        sign_in: SignIn<'_>,
        request: &RequestContext,
    ) -> Result<SignedIn, Stopped> {
        let person = sign_in.evidence.person();
        let command = Command::raising(person, "authenticate", request);
        let (known, start) = self.know_from(command, start).await?;
        let facts = known.facts();
        self.guard_other_person(&sign_in, person, request).await?;
        let device = DeviceId::from_bytes(self.draw()?);
        let token = DeviceToken::from_secret(person, &mut self.draw()?);
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.authenticate(&sign_in, device, &token, &facts, context)
        };
        let device = self.run_from(command, start, decide).await?;
        Ok(SignedIn { device, token })
    }

    /// A device that belongs to somebody else has to be logged out first (E09).
    async fn guard_other_person(
        &self,
        sign_in: &SignIn<'_>,
        person: PersonId,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        let Some(token) = sign_in.known.filter(|token| token.person() != person) else {
            return Ok(());
        };
        let command = Command::new(token.person(), "authenticate", request);
        // Nothing can be opened by a damaged record.
        self.run_unless_damaged(command, (), |account, context| account.guard_vacant(token, context)).await
    }

    /// Reports a strong authentication that failed or was cancelled. Nothing changes (E10); the
    /// journal learns of it, and the refusal to show comes back.
    pub async fn authentication_failed(
        &self,
        start: &AuthenticationStart,
        how: FailedAuthentication,
        request: &RequestContext,
    ) -> Refusal {
        let refusal = match how {
            FailedAuthentication::Failed => Refusal::new(RefusalCode::AuthenticationFailed),
            FailedAuthentication::Cancelled => {
                Refusal::because(RefusalCode::AuthenticationFailed, Cause::Cancelled)
            }
        };
        self.report_of(start.person(), "authenticate", refusal, request.note).await;
        refusal
    }

    /// Whether a person may sign in to the browser version (R18, R19). Browser sessions are the
    /// host's web framework's; ask again with every request that must not outlive a user access.
    ///
    /// # Errors
    /// `NotAUser`; or a failed part of the host.
    pub async fn browser_access(&self, person: PersonId) -> Result<Eligibility, GateError> {
        let command = Command::bare(person, "browser_access");
        let known = self.know(command).await?;
        let (facts, access) = (known.facts(), self.policy.access());
        match access::eligibility(facts.person, Channel::Browser, facts.dates, access) {
            Ok(eligibility) => Ok(eligibility),
            Err(ineligible) => {
                self.report(command, ineligible.refusal()).await;
                Err(ineligible.refusal().into())
            }
        }
    }
}
