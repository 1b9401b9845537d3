//! Which versions of the stored form there are.

use super::envelope::RecordError;

/// A version of the stored form, of accounts and of people.
///
/// This crate reads every version in [`READ`](Self::READ) and writes the one it is told
/// ([`GateBuilder::writes_version`](crate::gate::GateBuilder::writes_version)), [`WRITTEN`](Self::WRITTEN) unless
/// told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StoredVersion {
    /// Version 1.
    V1,
    /// Version 1 and a number behind it: there for the tests of an upgrade only.
    #[cfg(pinlatch_version_2_for_tests)]
    V2,
}

impl StoredVersion {
    /// The versions that this crate reads, and can be told to write, the oldest first.
    pub const READ: &[Self] = &[
        Self::V1,
        #[cfg(pinlatch_version_2_for_tests)]
        Self::V2,
    ];

    /// The newest that hosts of the release before this one read too: what is written unless a host says
    /// otherwise.
    pub const WRITTEN: Self = Self::V1;

    /// The number in the record's envelope.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::V1 => 1,
            #[cfg(pinlatch_version_2_for_tests)]
            Self::V2 => 2,
        }
    }

    /// The version of this number, in an envelope whose checksum is right.
    pub(super) fn of_number(found: u16) -> Result<Self, RecordError> {
        let known = Self::READ.iter().find(|version| version.number() == found);
        // Nobody writes version 0.
        let unknown = if found == 0 { RecordError::Corrupted } else { RecordError::NewerVersion { found } };
        known.copied().ok_or(unknown)
    }
}
