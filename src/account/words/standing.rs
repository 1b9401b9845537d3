//! Whether an account is barred.

/// Whether the account is barred by a log-out from all devices.
///
/// With the feature `serde` it is its name, as in `"Good"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Standing {
    /// Strong authentication opens a device session.
    Good,
    /// Logged out from all devices; the first sign-in after it needs an invitation (R33, D18).
    RevokedAll,
}
