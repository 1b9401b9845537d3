//! The host's policy: limits and windows, checked when it is built.

use core::num::NonZeroU8;
use core::time::Duration;

use crate::access::AccessPolicy;
use crate::pin::{HashParams, PinPolicy};

/// The largest device table a record may carry.
pub const DEVICE_LIMIT_MAX: u8 = 64;

/// The largest number of waiting events after which a policy may stop raising privilege.
pub const OUTBOX_LIMIT_MAX: usize = 256;
/// The most by which hosts' clocks may differ.
pub const SKEW_MAX: Duration = Duration::from_secs(60 * 60);

/// Who needs a re-invitation after a log-out from all devices (D13).
///
/// With the feature `serde` it is its name, as in `"Everyone"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ReinvitationScope {
    /// Everyone. What the product's page says, and the default.
    #[default]
    Everyone,
    /// Only who once came in by an invitation, or has no bank credentials; others authenticate.
    InvitedIdentitiesOnly,
}

/// Why a policy is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A limit or window of zero. Zero never means "no limit"; leave an optional window unset.
    #[error("a limit or window is zero: give a positive one, or leave an optional one unset")]
    Zero,
    /// A window with a fraction of a millisecond. Time is counted in whole ones: rounding would make it
    /// another window than was asked for, or none at all.
    #[error("a window is not a whole number of milliseconds: round it")]
    NotWholeMilliseconds,
    /// More devices than a record may carry.
    #[error("the device limit is above 64")]
    TooManyDevices,
    /// More waiting events than a record may carry.
    #[error("the outbox limit is above 256 events")]
    OutboxTooLarge,
    /// Clocks that may differ by more than an hour: starts and windows would be judged by nothing.
    #[error("the skew is above an hour: set the hosts' clocks")]
    SkewTooLarge,
    /// The idle window or the PIN window is longer than the absolute lifetime around it (D22).
    #[error("an inner window is longer than the absolute lifetime around it: shorten it")]
    InnerOutlivesOuter,
}

/// Limits and windows of one host. Build it with [`Policy::builder`]; the default is the product's.
///
/// With the feature `serde` every window is a whole number of milliseconds, under a name that says so
/// (`pin_window_milliseconds`), and what the builder refuses is refused when read. Nothing may be left out: a
/// window that is unset is `null` (E40).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    device_limit: NonZeroU8,
    invitation_lifetime: Duration,
    pin_window: Duration,
    idle_window: Option<Duration>,
    absolute_lifetime: Option<Duration>,
    authentication_window: Duration,
    answer_window: Duration,
    skew: Duration,
    outbox_limit: usize,
    reinvitation: ReinvitationScope,
    access: AccessPolicy,
    pin: PinPolicy,
    hash_params: HashParams,
}

impl Policy {
    /// A builder, starting from the defaults.
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder(Draft::default())
    }

    /// How many device sessions an account may have.
    #[must_use]
    pub const fn device_limit(&self) -> NonZeroU8 {
        self.device_limit
    }

    /// How long an invitation is valid.
    #[must_use]
    pub const fn invitation_lifetime(&self) -> Duration {
        self.invitation_lifetime
    }

    /// How long a device may wait for its PIN.
    #[must_use]
    pub const fn pin_window(&self) -> Duration {
        self.pin_window
    }

    /// How long the app may stay unused before it locks; `None` if it does not lock by itself.
    #[must_use]
    #[doc(alias = "idle timeout")]
    #[doc(alias = "session timeout")]
    pub const fn idle_window(&self) -> Option<Duration> {
        self.idle_window
    }

    /// How long after its strong authentication a device is logged out; `None` for never.
    #[must_use]
    pub const fn absolute_lifetime(&self) -> Option<Duration> {
        self.absolute_lifetime
    }

    /// How long after it was begun a strong authentication may sign in (D34).
    #[must_use]
    pub const fn authentication_window(&self) -> Duration {
        self.authentication_window
    }

    /// How long after it was charged a guess may be answered; the skew comes on top (D24).
    #[must_use]
    pub const fn answer_window(&self) -> Duration {
        self.answer_window
    }

    /// By how much the clocks of any two hosts may differ (D23).
    #[must_use]
    pub const fn skew(&self) -> Duration {
        self.skew
    }

    /// After how long a guess without an answer is void (D24).
    pub(crate) const fn void_after(&self) -> Duration {
        self.answer_window.saturating_add(self.skew)
    }

    /// Who needs a re-invitation after a log-out from all devices.
    #[must_use]
    pub const fn reinvitation(&self) -> ReinvitationScope {
        self.reinvitation
    }

    /// Who may sign in, and who may invite.
    #[must_use]
    pub const fn access(&self) -> &AccessPolicy {
        &self.access
    }

    /// What may be a PIN.
    #[must_use]
    pub const fn pin(&self) -> &PinPolicy {
        &self.pin
    }

    /// How many events may wait for the journal before nothing is raised any more.
    #[must_use]
    pub const fn outbox_limit(&self) -> usize {
        self.outbox_limit
    }

    /// How new PINs are hashed.
    #[must_use]
    pub const fn hash_params(&self) -> HashParams {
        self.hash_params
    }
}

impl Default for Policy {
    fn default() -> Self {
        Draft::default().into_policy(NonZeroU8::MIN.saturating_add(DEVICES_BEYOND_THE_FIRST))
    }
}

const NANOSECONDS_PER_MILLISECOND: u32 = 1_000_000;

/// Sixteen devices: more than a person carries, few enough that a record stays small.
const DEVICES_BEYOND_THE_FIRST: u8 = 15;

#[derive(Clone, Debug)]
struct Draft {
    device_limit: u8,
    invitation_lifetime: Duration,
    pin_window: Duration,
    idle_window: Option<Duration>,
    absolute_lifetime: Option<Duration>,
    authentication_window: Duration,
    answer_window: Duration,
    skew: Duration,
    outbox_limit: usize,
    reinvitation: ReinvitationScope,
    access: AccessPolicy,
    pin: PinPolicy,
    hash_params: HashParams,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            device_limit: DEVICES_BEYOND_THE_FIRST.saturating_add(1),
            // The product's own figure (D20).
            invitation_lifetime: Duration::from_secs(24 * 60 * 60),
            // Long enough to think of a PIN and to be interrupted once.
            pin_window: Duration::from_secs(15 * 60),
            idle_window: None,
            absolute_lifetime: None,
            // As long as the person may take for the PIN after it.
            authentication_window: Duration::from_secs(15 * 60),
            // Argon2id takes milliseconds; a queue of a minute is a host that is down.
            answer_window: Duration::from_secs(60),
            // Hosts that ask a time server differ by milliseconds; this allows for one that lost it for days.
            skew: Duration::from_secs(2 * 60),
            outbox_limit: 64,
            reinvitation: ReinvitationScope::default(),
            access: AccessPolicy::default(),
            pin: PinPolicy::default(),
            hash_params: HashParams::DEFAULT,
        }
    }
}

impl Draft {
    fn into_policy(self, device_limit: NonZeroU8) -> Policy {
        Policy {
            device_limit,
            invitation_lifetime: self.invitation_lifetime,
            pin_window: self.pin_window,
            idle_window: self.idle_window,
            absolute_lifetime: self.absolute_lifetime,
            authentication_window: self.authentication_window,
            answer_window: self.answer_window,
            skew: self.skew,
            outbox_limit: self.outbox_limit,
            reinvitation: self.reinvitation,
            access: self.access,
            pin: self.pin,
            hash_params: self.hash_params,
        }
    }
}

/// Builds a [`Policy`] and refuses nonsense. Every window is a whole number of milliseconds, at least
/// one.
#[derive(Clone, Debug)]
#[must_use]
pub struct PolicyBuilder(Draft);

impl PolicyBuilder {
    /// How many device sessions an account may have: 1 to 64, default 16. When the table is full,
    /// one makes room: a dead one, else an exhausted one, else one without a PIN, else the one unused for the
    /// longest time (D33), so the owner can always get in.
    pub const fn device_limit(mut self, devices: u8) -> Self {
        self.0.device_limit = devices;
        self
    }

    /// How long an invitation is valid; default 24 hours (D20).
    pub const fn invitation_lifetime(mut self, span: Duration) -> Self {
        self.0.invitation_lifetime = span;
        self
    }

    /// How long a device may wait for its PIN after authentication; default 15 minutes. After it,
    /// the device is logged out (E11).
    pub const fn pin_window(mut self, span: Duration) -> Self {
        self.0.pin_window = span;
        self
    }

    /// Locks the app when it was not used for so long (D22). Off by default. The last use is
    /// recorded at most once per tenth of the window, so the app locks up to a tenth early.
    pub const fn idle_lock(mut self, span: Duration) -> Self {
        self.0.idle_window = Some(span);
        self
    }

    /// Logs a device out so long after its strong authentication, used or not (D22). Off by default.
    pub const fn absolute_lifetime(mut self, span: Duration) -> Self {
        self.0.absolute_lifetime = Some(span);
        self
    }

    /// How long after it was begun a strong authentication may sign in; default 15 minutes (D34).
    pub const fn authentication_window(mut self, span: Duration) -> Self {
        self.0.authentication_window = span;
        self
    }

    /// How long after it was charged a guess may be answered, beside the skew; default 60 seconds (D24).
    /// After that it is void: it counts nothing, and its place is free.
    pub const fn answer_window(mut self, span: Duration) -> Self {
        self.0.answer_window = span;
        self
    }

    /// By how much the clocks of any two hosts may differ; at most an hour, default 2 minutes (D23). A reading
    /// that is behind the account's by more is taken for a clock that was set back, and reported. Hosts further
    /// apart than this make windows pass too early, never too late.
    pub const fn skew(mut self, span: Duration) -> Self {
        self.0.skew = span;
        self
    }

    /// How many events may wait for the journal before nothing is raised any more: 1 to 256,
    /// default 64. Commands that lower privilege go on.
    pub const fn outbox_limit(mut self, events: usize) -> Self {
        self.0.outbox_limit = events;
        self
    }

    /// Who needs a re-invitation after a log-out from all devices; default everyone (D13).
    pub const fn reinvitation(mut self, scope: ReinvitationScope) -> Self {
        self.0.reinvitation = scope;
        self
    }

    /// Who may sign in, and who may invite.
    pub fn access(mut self, access: AccessPolicy) -> Self {
        self.0.access = access;
        self
    }

    /// What may be a PIN.
    pub fn pin(mut self, pin: PinPolicy) -> Self {
        self.0.pin = pin;
        self
    }

    /// How new PINs are hashed; default Argon2id with 19 MiB and 2 passes.
    pub const fn hash_params(mut self, params: HashParams) -> Self {
        self.0.hash_params = params;
        self
    }

    /// The policy.
    ///
    /// # Errors
    /// [`PolicyError`] if a limit or window is zero, a window has a fraction of a millisecond, the
    /// table or the skew is too large, or an inner window is longer than the outer one.
    pub fn build(self) -> Result<Policy, PolicyError> {
        let draft = self.0;
        let windows = [
            draft.invitation_lifetime,
            draft.pin_window,
            draft.authentication_window,
            draft.answer_window,
            draft.skew,
        ]
        .map(Some);
        let optional = [draft.idle_window, draft.absolute_lifetime];
        let mut spans = windows.iter().chain(&optional).flatten();
        if spans.clone().any(Duration::is_zero) || draft.outbox_limit == 0 {
            return Err(PolicyError::Zero);
        }
        if spans.any(|span| span.subsec_nanos() % NANOSECONDS_PER_MILLISECOND != 0) {
            return Err(PolicyError::NotWholeMilliseconds);
        }
        if draft.skew > SKEW_MAX {
            return Err(PolicyError::SkewTooLarge);
        }
        let devices = NonZeroU8::new(draft.device_limit).ok_or(PolicyError::Zero)?;
        if draft.device_limit > DEVICE_LIMIT_MAX {
            return Err(PolicyError::TooManyDevices);
        }
        if draft.outbox_limit > OUTBOX_LIMIT_MAX {
            return Err(PolicyError::OutboxTooLarge);
        }
        let inner = [draft.idle_window, Some(draft.pin_window)];
        if let Some(outer) = draft.absolute_lifetime
            && inner.iter().flatten().any(|span| *span > outer)
        {
            return Err(PolicyError::InnerOutlivesOuter);
        }
        Ok(draft.into_policy(devices))
    }
}
