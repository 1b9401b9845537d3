//! The host's evidence of a strong authentication.

use super::device_label::DeviceLabel;
use crate::id::{Generation, InvitationId, PersonId};
use crate::people::AuthenticationMethod;
use crate::secret::DeviceToken;

/// Remembers when a strong authentication began, so that one begun before a log-out from all
/// devices is void after it (E13). Get it before sending the person to the bank or the identity
/// provider, keep it on the server, and hand it back with the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct AuthenticationStart {
    person: PersonId,
    generation: Generation,
}

impl AuthenticationStart {
    pub(in crate::account) const fn new(person: PersonId, generation: Generation) -> Self {
        Self { person, generation }
    }

    /// Who is to be authenticated.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    pub(in crate::account) const fn generation(&self) -> Generation {
        self.generation
    }
}

/// The host's statement that a strong authentication succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrongAuthentication {
    start: AuthenticationStart,
    method: AuthenticationMethod,
}

impl StrongAuthentication {
    /// **You assert that the bank, the mobile operator or the identity provider authenticated
    /// exactly the person of `start`**, that you verified its proof (signature, audience, nonce,
    /// time), and, for an identity-provider account, that a second factor was used. The crate
    /// cannot check it; everything else rests on it.
    #[must_use]
    pub const fn verified_by_host(start: AuthenticationStart, method: AuthenticationMethod) -> Self {
        Self { start, method }
    }

    /// Who was authenticated.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.start.person
    }

    pub(in crate::account) const fn start(&self) -> AuthenticationStart {
        self.start
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
    pub invitation: Option<InvitationId>,
}
