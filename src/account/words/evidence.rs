//! The host's evidence of a strong authentication.

use super::device_label::DeviceLabel;
use super::start::AuthenticationStart;
use crate::id::PersonId;
use crate::people::AuthenticationMethod;
use crate::secret::{DeviceToken, InvitationToken};

/// The host's statement that a strong authentication succeeded, and for whom.
#[doc(alias = "MFA")]
#[doc(alias = "2FA")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrongAuthentication {
    start: AuthenticationStart,
    person: PersonId,
    method: AuthenticationMethod,
}

impl StrongAuthentication {
    /// **You assert that the bank, the mobile operator or the identity provider answered for exactly this
    /// `person`**, to the authentication of `start`; that you verified its proof (signature, audience, nonce,
    /// time), and, for an identity-provider account, that a second factor was used. Take the person from the
    /// proof's subject, never from what the phone says. The crate cannot check it; everything else rests on
    /// it.
    #[must_use]
    pub const fn verified_by_host(
        start: AuthenticationStart,
        person: PersonId,
        method: AuthenticationMethod,
    ) -> Self {
        Self { start, person, method }
    }

    /// Who was authenticated.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    pub(crate) const fn start(&self) -> &AuthenticationStart {
        &self.start
    }

    pub(in crate::account) const fn method(&self) -> AuthenticationMethod {
        self.method
    }
}

/// A device that asks to be signed in.
#[derive(Debug)]
pub struct SignIn<'a> {
    /// The host's evidence.
    pub evidence: StrongAuthentication,
    /// What the person calls the device.
    pub label: DeviceLabel,
    /// The device's token, if it still has one.
    pub known: Option<&'a DeviceToken>,
    /// The invitation that the person presents, if any.
    pub invitation: Option<&'a InvitationToken>,
}
