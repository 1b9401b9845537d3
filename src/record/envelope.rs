//! Magic, version, length, checksum: the part of a record that never changes, whatever its version.

use alloc::vec::Vec;

use super::version::StoredVersion;

/// The largest record there is, in bytes: 64 devices with the longest labels, and every event that
/// can wait for a journal that takes nothing, come to less.
pub const MAX_RECORD_BYTES: usize = 192 * 1024;

/// Magic, version and length.
const DESCRIPTION_BYTES: usize = 10;
/// The description, and the checksum behind it.
const HEADER_BYTES: usize = 14;

/// Why bytes are no record that can be used. None of them reads as a fresh account (E32).
///
/// [`is_damage`](Self::is_damage) tells the two kinds apart: damage reads as "be re-invited", and an
/// administrator may replace it; everything else reads as "try again later", and is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A whole record, but of another kind. Look for a mix-up of keys or tables.
    #[error("not a record of this kind: look for a mix-up of keys or tables")]
    NotARecord,
    /// The bytes end before the record does. Look for a column or value that is too short.
    #[error("the record is cut off: look for a column or value that is too short")]
    Truncated,
    /// More than [`MAX_RECORD_BYTES`].
    #[error("the record is larger than any record can be")]
    TooLarge,
    /// The checksum does not fit, or the content contradicts itself. Have the account's person re-invited, which
    /// replaces it; remove a person's facts and write them anew ([the manual](crate::guide::operating#damaged-records)).
    #[error(
        "the record is damaged: have its person re-invited, or a person's facts removed and written anew"
    )]
    Corrupted,
    /// Written by a newer version of this crate. Update this host; do not overwrite the record.
    #[error("the record has version {found}, newer than this crate knows: update this host")]
    NewerVersion {
        /// The version found.
        found: u16,
    },
    /// The record of somebody else. Look for keys that were cut, folded or shared.
    #[error("the record belongs to another account: look for keys that were cut, folded or shared")]
    AnotherAccount,
}

impl RecordError {
    /// Whether the record is lost: cut off or damaged. An administrator's invitation or log-out from all
    /// devices replaces such a record, and so does [`Gate::erase`](crate::gate::Gate::erase) (E32). Any other that
    /// cannot be used is whole, and somebody's.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::Truncated | Self::Corrupted)
    }
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Account,
    Person,
}

impl Kind {
    const fn magic(self) -> [u8; 4] {
        match self {
            Self::Account => *b"PLAC",
            Self::Person => *b"PLPE",
        }
    }
}

/// Of all that the record is made of but the checksum itself.
fn checksum(description: &[u8; DESCRIPTION_BYTES], body: &[u8]) -> [u8; 4] {
    let mut crc = crc32fast::Hasher::new();
    crc.update(description);
    crc.update(body);
    crc.finalize().to_le_bytes()
}

/// The record with the body that `write` appends.
pub(super) fn seal(
    kind: Kind,
    version: StoredVersion,
    write: impl FnOnce(&mut Vec<u8>),
) -> Result<Vec<u8>, RecordError> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&[0; HEADER_BYTES]);
    write(&mut bytes);
    if bytes.len() > MAX_RECORD_BYTES {
        return Err(RecordError::TooLarge);
    }
    if let Some((header, body)) = bytes.split_first_chunk_mut() {
        *header = header_of(kind, version, body)?;
    }
    Ok(bytes)
}

fn header_of(kind: Kind, version: StoredVersion, body: &[u8]) -> Result<[u8; HEADER_BYTES], RecordError> {
    let length = u32::try_from(body.len()).map_err(|_| RecordError::TooLarge)?.to_le_bytes();
    let ([m0, m1, m2, m3], [v0, v1]) = (kind.magic(), version.number().to_le_bytes());
    let [l0, l1, l2, l3] = length;
    let description = [m0, m1, m2, m3, v0, v1, l0, l1, l2, l3];
    let [c0, c1, c2, c3] = checksum(&description, body);
    Ok([m0, m1, m2, m3, v0, v1, l0, l1, l2, l3, c0, c1, c2, c3])
}

/// The version and the body of a record whose envelope is whole.
///
/// The checksum is believed before anything that it covers (E32): whatever else a damaged record says of
/// itself, it is damaged. It covers exactly the length that the header says, which has to be all that is
/// there, in every version: what lies behind it has no checksum, so a record with more is damaged too.
pub(super) fn open(kind: Kind, bytes: &[u8]) -> Result<(StoredVersion, &[u8]), RecordError> {
    let (description, rest) = bytes.split_first_chunk().ok_or(RecordError::Truncated)?;
    let (crc, body) = rest.split_first_chunk::<4>().ok_or(RecordError::Truncated)?;
    let [m0, m1, m2, m3, v0, v1, l0, l1, l2, l3] = *description;
    let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).unwrap_or(usize::MAX);
    if body.len() < length {
        return Err(RecordError::Truncated);
    }
    if body.len() > length || checksum(description, body) != *crc {
        return Err(RecordError::Corrupted);
    }
    if [m0, m1, m2, m3] != kind.magic() {
        return Err(RecordError::NotARecord);
    }
    let found = u16::from_le_bytes([v0, v1]);
    // Nobody writes version 0.
    let unknown = if found == 0 { RecordError::Corrupted } else { RecordError::NewerVersion { found } };
    let version = StoredVersion::of_number(found).ok_or(unknown)?;
    // A newer version may have another limit: it is asked for last.
    if bytes.len() > MAX_RECORD_BYTES {
        return Err(RecordError::TooLarge);
    }
    Ok((version, body))
}
