//! A strong authentication that was begun.

use crate::id::{Generation, HistoryId, PersonId, StartId};
use crate::secret::{DeviceToken, InvitationToken};
use crate::time::{Moment, Timestamp};

/// Remembers that a strong authentication was begun, when, and for whom, so that one begun before a log-out
/// from all devices is void after it (E13), and that one makes one device session (D34). Get it before
/// sending the person to the bank or the identity provider, keep it **on the server** until the policy's authentication
/// window is over, and hand it back with the result, after a lost reply once more.
///
/// That one which names its account makes one session, and is void after a log-out from all devices, holds always;
/// of one for nobody it holds while all clocks differ by at most the policy's skew and none was set back since: with
/// a set-back of more, one that was used and is forgotten (nine sign-ins ago) may be good once more.
///
/// With the feature `serde` it is written and read as a whole, for the server's own session store. Whoever
/// can write there can forge one, so it never comes back from a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct AuthenticationStart {
    pub(crate) id: StartId,
    pub(crate) begun: BegunFor,
}

/// For whom it was begun, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) enum BegunFor {
    /// For nobody in particular, when the clock read this.
    Nobody { reading: Timestamp },
    /// For the person whom a live device or a valid invitation named.
    Named(Named),
}

/// The account that a start names, as it was then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Named {
    pub(crate) person: PersonId,
    pub(crate) history: HistoryId,
    pub(crate) generation: Generation,
    pub(crate) at: Moment,
    pub(crate) by: NamedBy,
}

/// What named the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) enum NamedBy {
    /// The token of a live device.
    Device,
    /// A valid invitation.
    Invitation,
}

impl AuthenticationStart {
    /// A start for nobody in particular; `id` is drawn at random.
    #[must_use]
    pub const fn for_nobody(id: StartId, now: Timestamp) -> Self {
        Self { id, begun: BegunFor::Nobody { reading: now } }
    }

    /// Which start.
    #[must_use]
    pub const fn id(&self) -> StartId {
        self.id
    }

    /// Whom it names, if a live device or a valid invitation named somebody.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match &self.begun {
            BegunFor::Nobody { .. } => None,
            BegunFor::Named(named) => Some(named.person),
        }
    }
}

/// For whom a strong authentication is begun, as far as the one who asks can show it.
#[derive(Clone, Copy, Debug)]
pub enum BeginFor<'a> {
    /// Nobody in particular: who it is, the bank or identity provider will say.
    Nobody,
    /// The person signed in on the device with this token.
    Device(&'a DeviceToken),
    /// The person whom this invitation was sent.
    Invitation(&'a InvitationToken),
}
