//! Strong authentication, and browser sign-in.

use alloc::vec::Vec;

use super::builder::Gate;
use super::command::Unreadable;
use super::error::GateError;
use crate::access::{self, Channel, Eligibility};
use crate::account::{Account, AuthenticationStart, RequestContext, SignIn};
use crate::host::Host;
use crate::id::{DeviceId, PersonId};
use crate::people::AuthenticationMethod;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::DeviceToken;

/// How a person may authenticate, and the start to hand back with the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticationOffer {
    /// Keep it on the server until the bank or identity provider has answered.
    pub start: AuthenticationStart,
    /// The methods that this person has (R01); for an unknown person an identity-provider account, as
    /// for a foreign one. **Whoever sees them learns whether somebody of this id has bank
    /// credentials**: limit who may begin for whom, and how often.
    pub methods: Vec<AuthenticationMethod>,
}

/// How a strong authentication came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedAuthentication {
    /// The proof was refused.
    Failed,
    /// The person gave up.
    Cancelled,
}

/// A device that is signed in and waits for its PIN.
#[derive(Debug)]
pub struct SignedIn {
    /// The device session.
    pub device: DeviceId,
    /// Hand it to the device, into its key store: it proves the device until log-out.
    pub token: DeviceToken,
}

impl<H: Host> Gate<H> {
    /// Begins a strong authentication: which methods to offer, and what to remember meanwhile.
    ///
    /// # Errors
    /// A failed part of the host.
    pub async fn begin_authentication(&self, person: PersonId) -> Result<AuthenticationOffer, GateError> {
        let command = self.command(person, "begin_authentication");
        let known = self.know(command).await?;
        let methods = known.facts().person.map_or_else(
            || Vec::from([AuthenticationMethod::IdentityProviderAccount]),
            |person| person.methods().collect(),
        );
        let start = self.settle(command, None, |account| Ok(account.begin_authentication())).await;
        match start {
            Ok((Ok(start), _)) => Ok(AuthenticationOffer { start, methods }),
            Ok((Err(refusal), _)) => Err(refusal.into()),
            // Told apart only once the person has proved who it is: see `authenticate`.
            Err(GateError::Record(_)) => {
                Ok(AuthenticationOffer { start: Account::new(person).begin_authentication(), methods })
            }
            Err(error) => Err(error),
        }
    }

    /// Signs a device in after a successful strong authentication: it waits for its PIN (R05).
    ///
    /// # Errors
    /// [`GateError::Refused`] in the order of the guards: `UnsupportedDevice`,
    /// `DeviceIntegrityUnknown`, `AlreadyEnrolled`, `AcknowledgementRequired`,
    /// `ReinvitationRequired`, `InvitationRequired`, `AuthenticationRequired` (begun before a
    /// log-out from all devices), `NoChargeableService`, `NotEligible`, `MethodNotAvailable`; or a
    /// failed part of the host.
    pub async fn authenticate(
        &self,
        sign_in: SignIn<'_>,
        request: &RequestContext,
    ) -> Result<SignedIn, GateError> {
        let person = sign_in.evidence.person();
        let mut command = self.raising_command(person, "authenticate").noting(request);
        command.unreadable = Unreadable::NeedsInvitation;
        let known = self.know(command).await?;
        let (facts, context) = (known.facts(), self.context(command, request));
        self.guard_other_person(&sign_in, person, request).await?;
        let device = DeviceId::from_bytes(self.draw()?);
        let token = DeviceToken::from_secret(person, &mut self.draw()?);
        let decide = |account: &mut Account| account.authenticate(&sign_in, device, &token, &facts, &context);
        let device = self.run(command, decide).await?;
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
        let command = self.command(token.person(), "authenticate").noting(request);
        let context = self.context(command, request);
        match self.run(command, |account| account.guard_vacant(token, &context)).await {
            // Nothing can be opened by a record that cannot be read.
            Err(GateError::Record(_)) => Ok(()),
            other => other,
        }
    }

    /// Reports a strong authentication that failed or was cancelled. Nothing changes (E10); the
    /// journal learns of it, and the refusal to show comes back.
    pub async fn authentication_failed(
        &self,
        start: &AuthenticationStart,
        how: FailedAuthentication,
    ) -> Refusal {
        let refusal = match how {
            FailedAuthentication::Failed => Refusal::new(RefusalCode::AuthenticationFailed),
            FailedAuthentication::Cancelled => {
                Refusal::because(RefusalCode::AuthenticationFailed, Cause::Cancelled)
            }
        };
        self.report(self.command(start.person(), "authenticate"), refusal).await;
        refusal
    }

    /// Whether a person may sign in to the browser version (R18, R19). Browser sessions are the
    /// host's web framework's; ask again with every request that must not outlive a user access.
    ///
    /// # Errors
    /// `NotAUser`; or a failed part of the host.
    pub async fn browser_access(&self, person: PersonId) -> Result<Eligibility, GateError> {
        let command = self.command(person, "browser_access");
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
