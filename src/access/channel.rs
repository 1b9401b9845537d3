//! The two ways into the service.

/// Where a person signs in or acts.
///
/// With the feature `serde` it is its name, as in `"Browser"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Channel {
    /// The mobile app: for employees with a chargeable service (R17), and for users by policy (D12).
    MobileApp,
    /// The browser version: for users only (R18, R19), and the only place to administer (R36).
    Browser,
}
