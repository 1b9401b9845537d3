//! Which versions of the stored form there are.

/// A version of the stored form, of accounts and of people.
///
/// This crate reads every version in [`READ`](Self::READ) and writes the one it is told
/// ([`GateBuilder::writes_version`](crate::gate::GateBuilder::writes_version)), [`WRITTEN`](Self::WRITTEN) unless
/// told.
///
/// With the feature `serde` it is its name, `"V1"`, so that a host's configuration can say which one is written.
/// A name that this release does not know is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum StoredVersion {
    /// Version 1.
    V1,
    /// Version 1 of a person; of an account, version 1 and the device sessions that ended last, with their reasons
    /// ([`DeviceView::ended`](crate::account::DeviceView::ended)).
    V2,
    /// Version 2 and a number behind it: there for the tests of an upgrade only.
    #[cfg(pinlatch_version_3_for_tests)]
    V3,
}

impl StoredVersion {
    /// The versions that this crate reads, and can be told to write, the oldest first.
    pub const READ: &[Self] = &[
        Self::V1,
        Self::V2,
        #[cfg(pinlatch_version_3_for_tests)]
        Self::V3,
    ];

    /// The newest that hosts of the release before this one read too: what is written unless a host says
    /// otherwise.
    pub const WRITTEN: Self = if cfg!(pinlatch_version_3_for_tests) { Self::V2 } else { Self::V1 };

    /// The number in the record's envelope.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::V1 => 1,
            Self::V2 => 2,
            #[cfg(pinlatch_version_3_for_tests)]
            Self::V3 => 3,
        }
    }

    /// The version of this number, if this crate knows it.
    pub(super) fn of_number(number: u16) -> Option<Self> {
        Self::READ.iter().find(|version| version.number() == number).copied()
    }
}
